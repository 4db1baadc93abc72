from django.urls import path

from . import views_imports as views

urlpatterns = [
    path("", views.imports, name="imports"),
    path("<uuid:import_id>/", views.import_one, name="import"),
    path("<uuid:import_id>/progress/", views.import_progress, name="import_progress"),
    path("<uuid:import_id>/start/", views.import_start, name="import_start"),
    path("<uuid:import_id>/check/", views.import_check, name="import_check"),
    path("<uuid:import_id>/cancel/", views.import_cancel, name="import_cancel"),
    path("<uuid:import_id>/to-put-right.csv", views.import_report, name="import_report"),
    path("invite/<uuid:setting_id>/", views.import_invite, name="import_invite"),
    path("<str:kind>/", views.import_new, name="import_new"),
    path("<str:kind>/template.csv", views.import_template, name="import_template"),
]
