from django.urls import path

from . import views_map as views

urlpatterns = [
    path("settings/<uuid:setting_id>/provision-map/", views.show_map, name="provision_map"),
    path("settings/<uuid:setting_id>/provision-map/csv/", views.map_csv, name="provision_map_csv"),
    path("settings/<uuid:setting_id>/provision-map/xlsx/", views.map_xlsx, name="provision_map_xlsx"),
    path("settings/<uuid:setting_id>/cohort-report/", views.cohort_report, name="cohort_report"),
    path("settings/<uuid:setting_id>/cohort-report/csv/", views.cohort_csv, name="cohort_csv"),
]
