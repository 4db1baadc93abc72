from django.urls import path

from . import views_invitations as views

urlpatterns = [
    path("invitation/<str:secret>/", views.invitation, name="invitation"),
]
