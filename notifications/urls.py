from django.urls import path

from . import views, views_phone, views_printing, views_signposts, views_updates

urlpatterns = [
    path("me/mobile-number/", views_phone.confirm_phone, name="confirm_phone"),
    path("me/mobile-number/code/", views_phone.send_phone_code, name="send_phone_code"),
    path("letters-to-print/", views_printing.letters, name="letters_to_print"),
    path("letters-to-print/<uuid:person_id>/", views_printing.letter, name="print_letter"),
    path("pupils/<uuid:pupil_id>/updates/", views.updates, name="updates"),
    path("pupils/<uuid:pupil_id>/daily/", views_updates.write_daily, name="daily"),
    path("pupils/<uuid:pupil_id>/talk/", views_updates.ask_to_talk, name="ask_to_talk"),
    path("talks/<uuid:talk_id>/", views_updates.talk, name="talk"),
    path("calls/<uuid:call_id>/", views_updates.rang, name="rang"),
    path("photos/<uuid:photo_id>/", views_updates.photo, name="photo"),
    path("updates/<uuid:update_id>/on-the-plan/", views_updates.put_on_plan, name="put_on_plan"),
    path("write-home/", views_updates.write_home, name="write_home"),
    path("what-homes-hear/", views_updates.balance, name="balance"),
    path("settings/<uuid:setting_id>/signposts/", views_signposts.show_signposts, name="signposts"),
    path("settings/<uuid:setting_id>/signposts/add/", views_signposts.add_signpost, name="add_signpost"),
    path("settings/<uuid:setting_id>/signposts/fill/", views_signposts.fill_signposts, name="fill_signposts"),
    path("signposts/<uuid:signpost_id>/", views_signposts.edit_signpost, name="edit_signpost"),
    path("signposts/<uuid:signpost_id>/mark/", views_signposts.mark_signpost, name="mark_signpost"),
    path("pupils/<uuid:pupil_id>/signposts/", views_signposts.pupil_signposts, name="pupil_signposts"),
    path("signpost-offers/<uuid:offer_id>/answer/", views_signposts.answer_signpost, name="answer_signpost"),
]
