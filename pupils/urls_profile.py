from django.urls import path

from . import views_profile

urlpatterns = [
    path("pupils/<uuid:pupil_id>/profile/", views_profile.profile, name="profile"),
    path("pupils/<uuid:pupil_id>/profile/write/", views_profile.edit_profile, name="edit_profile"),
    path(
        "pupils/<uuid:pupil_id>/profile/versions/<int:number>/", views_profile.profile, name="profile_version"
    ),
    path("profile-pictures/<uuid:picture_id>/", views_profile.profile_picture, name="profile_picture"),
    path("pupils/<uuid:pupil_id>/who-looked/", views_profile.who_looked, name="who_looked"),
]
