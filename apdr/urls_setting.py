from django.urls import path

from .views import setting as views

urlpatterns = [
    path("settings/<uuid:setting_id>/scales/", views.scales, name="scales"),
    path("settings/<uuid:setting_id>/scales/<uuid:scale_id>/", views.relabel, name="relabel_scale"),
    path("settings/<uuid:setting_id>/streams/", views.add_stream, name="add_stream"),
]
