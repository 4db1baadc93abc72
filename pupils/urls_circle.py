from django.urls import path

from . import views_circle as views
from . import views_talking

urlpatterns = [
    path("pupils/add/", views.add_pupil, name="add_pupil"),
    path("pupils/<uuid:pupil_id>/edit/", views.edit_pupil, name="edit_pupil"),
    path("pupils/<uuid:pupil_id>/upn/", views.reveal_upn, name="reveal_upn"),
    path("pupils/<uuid:pupil_id>/circle/", views.show_circle, name="circle"),
    path("pupils/<uuid:pupil_id>/circle/key-adults/", views.add_key_adult, name="add_key_adult"),
    path(
        "pupils/<uuid:pupil_id>/circle/people/<uuid:person_id>/<str:relation>/end/",
        views.end_relation,
        name="end_relation",
    ),
    path("pupils/<uuid:pupil_id>/circle/classes/", views.put_in_class, name="put_in_class"),
    path(
        "pupils/<uuid:pupil_id>/circle/classes/<uuid:class_id>/leave/",
        views.take_out_of_class,
        name="take_out_of_class",
    ),
    path("pupils/<uuid:pupil_id>/circle/family/", views.add_parent_carer, name="add_parent_carer"),
    path(
        "pupils/<uuid:pupil_id>/circle/homes/<uuid:household_id>/",
        views.edit_household,
        name="edit_household",
    ),
    path(
        "pupils/<uuid:pupil_id>/circle/people/<uuid:person_id>/talking/",
        views_talking.talking_with,
        name="talking_with",
    ),
    path(
        "pupils/<uuid:pupil_id>/circle/family/<uuid:carer_id>/on-paper/",
        views_talking.on_paper,
        name="on_paper",
    ),
    path("pupils/<uuid:pupil_id>/circle/on-paper/", views_talking.own_on_paper, name="own_on_paper"),
    path("pupils/<uuid:pupil_id>/circle/restrictions/", views.restrict, name="restrict"),
    path(
        "pupils/<uuid:pupil_id>/circle/restrictions/<uuid:restriction_id>/lift/",
        views.lift_restriction,
        name="lift_restriction",
    ),
    path("pupils/<uuid:pupil_id>/circle/move/", views.move, name="move_pupil"),
    path("pupils/<uuid:pupil_id>/circle/invite/", views.invite, name="invite_to_pupil"),
    path(
        "pupils/<uuid:pupil_id>/circle/invite/<uuid:invitation_id>/again/",
        views.invite_again,
        name="invite_again",
    ),
    path(
        "pupils/<uuid:pupil_id>/circle/invite/<uuid:invitation_id>/take-back/",
        views.take_back_invitation,
        name="take_back_invitation",
    ),
]
