from django.urls import path

from . import views_hand_over as views

urlpatterns = [
    path("hand-over/", views.coming, name="hand_over"),
    path("pupils/<uuid:pupil_id>/hand-over/", views.prepare, name="prepare_hand_over"),
    path("pupils/<uuid:pupil_id>/when-they-decide/", views.when_they_decide, name="when_they_decide"),
]
