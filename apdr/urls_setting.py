from django.urls import path

from .views import money
from .views import setting as views

urlpatterns = [
    path("settings/<uuid:setting_id>/scales/", views.scales, name="scales"),
    path("settings/<uuid:setting_id>/scales/<uuid:scale_id>/", views.relabel, name="relabel_scale"),
    path("settings/<uuid:setting_id>/streams/", views.add_stream, name="add_stream"),
    path("settings/<uuid:setting_id>/money/", money.money_settings, name="money_settings"),
    path("settings/<uuid:setting_id>/money/hourly/", money.set_hourly, name="set_hourly"),
    path("settings/<uuid:setting_id>/money/weeks/", money.set_weeks, name="set_weeks"),
    path("settings/<uuid:setting_id>/money/rate/", money.set_stream_rate, name="set_stream_rate"),
]
