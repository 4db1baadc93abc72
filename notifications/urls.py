from django.urls import path

from . import views

urlpatterns = [
    path("pupils/<uuid:pupil_id>/updates/", views.updates, name="updates"),
]
