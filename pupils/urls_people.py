from django.urls import path

from . import views_people as views

urlpatterns = [
    path("people/", views.settings_of_people, name="people"),
    path("people/<uuid:setting_id>/", views.people_of, name="people_of"),
    path("people/<uuid:setting_id>/invite/", views.invite, name="invite_staff"),
    path("people/<uuid:setting_id>/roles/<uuid:membership_id>/end/", views.end_role, name="end_role"),
    path(
        "people/<uuid:setting_id>/invitations/<uuid:invitation_id>/send-again/",
        views.send_again,
        name="send_staff_invitation_again",
    ),
    path(
        "people/<uuid:setting_id>/invitations/<uuid:invitation_id>/withdraw/",
        views.withdraw,
        name="withdraw_staff_invitation",
    ),
]
