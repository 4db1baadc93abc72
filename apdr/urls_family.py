from django.urls import path

from .views import family, story, teacher, voice

urlpatterns = [
    path("classes/", teacher.classes, name="classes"),
    path("classes/<uuid:class_id>/", teacher.one_class, name="class"),
    path("steps/<uuid:step_id>/log/", teacher.log_step, name="log_step"),
    path("notes/<uuid:progress_id>/undo/", teacher.undo_note, name="undo_note"),
    path("pupils/<uuid:pupil_id>/card/", teacher.card, name="card"),
    path("pupils/<uuid:pupil_id>/mine/", family.mine, name="mine"),
    path("pupils/<uuid:pupil_id>/plan/", family.plan, name="plan"),
    path("pupils/<uuid:pupil_id>/plan/suggest/", family.propose, name="propose"),
    path("pupils/<uuid:pupil_id>/plan/kept/", family.kept_plan, name="kept_plan"),
    path("pupils/<uuid:pupil_id>/plan/kept/<uuid:version_id>/", family.kept_plan, name="kept_version"),
    path("pupils/<uuid:pupil_id>/plan/versions/<uuid:version_id>/", family.plan, name="plan_version"),
    path("pupils/<uuid:pupil_id>/plan/versions/<uuid:version_id>/answer/", family.answer, name="answer_plan"),
    path(
        "pupils/<uuid:pupil_id>/plan/versions/<uuid:version_id>/comment/", family.comment, name="comment_plan"
    ),
    path("pupils/<uuid:pupil_id>/views/say/", family.say_views, name="say_views"),
    path("pupils/<uuid:pupil_id>/write-back/", family.write_back, name="write_back"),
    path("pupils/<uuid:pupil_id>/my-page/", voice.own_page, name="own_page"),
    path("pupils/<uuid:pupil_id>/celebrations/", voice.celebrations, name="celebrations"),
    path("celebrations/<uuid:celebration_id>/tell/", voice.tell, name="tell_celebration"),
    path("said/<uuid:file_id>/", voice.said_file, name="said_file"),
    path("said/<uuid:file_id>/words/", voice.file_in_words, name="file_in_words"),
    path("plan-items/<str:kind>/<uuid:item_id>/story/", story.story, name="story"),
    path("disagreements/<str:kind>/<uuid:answer_id>/", story.find_a_way, name="find_a_way"),
]
