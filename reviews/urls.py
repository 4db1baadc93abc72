from django.urls import path

from . import views, views_duties, views_planner, views_room, views_we_did
from . import views_invitations as asked

urlpatterns = [
    path("reviews/", views_planner.owed, name="review_planner"),
    path("reviews/plan/", views_planner.ask, name="plan_reviews"),
    path("reviews/plan/times/", views_planner.times, name="review_times"),
    path("reviews/to-come/", views_planner.to_come, name="reviews_to_come"),
    path("reviews/<uuid:review_id>/cancel/", views_planner.cancel, name="cancel_review"),
    path("cycles/<uuid:cycle_id>/review/not-needed/", views_planner.exempt, name="exempt_review"),
    path("pupils/<uuid:pupil_id>/reviews/", views.reviews, name="reviews"),
    path("cycles/<uuid:cycle_id>/review/", views.review, name="review"),
    path("cycles/<uuid:cycle_id>/review/start/", views.start, name="start_review"),
    path("cycles/<uuid:cycle_id>/review/schedule/", views.schedule, name="schedule_review"),
    path("cycles/<uuid:cycle_id>/review/<str:kind>/<uuid:thing_id>/", views.judge_one, name="judge_one"),
    path(
        "cycles/<uuid:cycle_id>/review/<str:kind>/<uuid:thing_id>/said/",
        views_room.said,
        name="said_at_review",
    ),
    path("cycles/<uuid:cycle_id>/review/so-far/", views_room.decide_so_far, name="decide_so_far"),
    path("cycles/<uuid:cycle_id>/review/minutes/", views_room.minutes, name="minutes"),
    path("pupils/<uuid:pupil_id>/we-did/", views_we_did.we_did, name="we_did"),
    path("cycles/<uuid:cycle_id>/review/we-did/", views_room.what_we_did, name="what_we_did"),
    path("cycles/<uuid:cycle_id>/judge/", views.judge, name="judge"),
    path("cycles/<uuid:cycle_id>/close/", views.close, name="close_cycle"),
    path("reviews/<uuid:review_id>/time/", views.move_review, name="move_review"),
    path("reviews/<uuid:review_id>/", views.write_review, name="write_review"),
    path("reviews/<uuid:review_id>/around/<str:duty>/", views_duties.write_duty, name="write_duty"),
    path("reviews/ask/", asked.ask_to_reviews, name="ask_to_reviews"),
    path("reviews/<uuid:review_id>/who-comes/", asked.who_comes, name="who_comes"),
    path("reviews/<uuid:review_id>/who-comes/ask/", asked.ask_to_review, name="ask_to_review"),
    path("reviews/<uuid:review_id>/who-comes/move/", asked.move_to_slot, name="move_to_slot"),
    path("reviews/<uuid:review_id>/who-comes/choose/", asked.choose_who_comes, name="choose_who_comes"),
    path(
        "reviews/<uuid:review_id>/asked/<uuid:invitation_id>/take-back/",
        asked.take_back_ask,
        name="take_back_ask",
    ),
    path("reviews/<uuid:review_id>/asked/<uuid:invitation_id>/reply/", asked.write_reply, name="write_reply"),
    path("reviews/<uuid:review_id>/reply/", asked.reply, name="reply_to_review"),
    path("reviews/<uuid:review_id>/taking-part/", asked.take_part, name="take_part"),
    path("reviews/<uuid:review_id>/taking-part/write-down/", asked.write_part, name="write_part"),
    path("reviews/<uuid:review_id>/say/", asked.say_before, name="say_before"),
    path("reviews/<uuid:review_id>/say/write-down/", asked.write_before, name="write_before"),
    path(
        "reviews/<uuid:review_id>/say/pictures/<int:step>/", asked.say_with_pictures, name="say_with_pictures"
    ),
    path(
        "answer/<uuid:invitation_id>/<int:sequence>/<str:answer>/<str:signature>/",
        asked.answer_invitation,
        name="answer_invitation",
    ),
]
