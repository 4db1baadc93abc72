from django.urls import path

from . import views_choices as views

PUPIL = "pupils/<uuid:pupil_id>/choices/"

urlpatterns = [
    path(PUPIL, views.choices, name="choices"),
    path(f"{PUPIL}stop/", views.stop_all, name="stop_all_choices"),
    path(f"{PUPIL}history/", views.history, name="choice_history"),
    path(f"{PUPIL}for/<str:whom>/", views.choose, name="choose"),
    path(f"{PUPIL}for/<str:whom>/stop/", views.stop, name="stop_choices"),
    path(f"{PUPIL}record/<str:whom>/", views.record, name="record_choice"),
    path(f"{PUPIL}<uuid:sheet_id>/", views.sheet, name="choice_sheet"),
    path(f"{PUPIL}<uuid:sheet_id>/receipt.pdf", views.receipt, name="choice_receipt"),
    path(f"{PUPIL}<uuid:sheet_id>/confirm/", views.confirm, name="confirm_choices"),
]
