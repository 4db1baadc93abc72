from django.urls import path

from . import views_home

urlpatterns = [
    path("", views_home.home, name="home"),
    path("caseload/", views_home.show_caseload, name="caseload"),
    path("pupils/<uuid:pupil_id>/", views_home.pupil, name="pupil"),
]
