from django.urls import path

from . import views_asking as views

urlpatterns = [
    path("pupils/<uuid:pupil_id>/ask/", views.ask, name="ask"),
    path("pupils/<uuid:pupil_id>/ask/<uuid:request_id>/take-back/", views.withdraw, name="withdraw_request"),
    path("pupils/<uuid:pupil_id>/requests/", views.waiting, name="requests"),
    path("pupils/<uuid:pupil_id>/requests/<uuid:request_id>/", views.answer, name="answer_request"),
    path("pupils/<uuid:pupil_id>/share/", views.share, name="share_out"),
    path("pupils/<uuid:pupil_id>/share/<uuid:recipient_id>/stop/", views.stop, name="stop_sharing"),
]
