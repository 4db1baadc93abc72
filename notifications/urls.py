from django.urls import path

from . import views, views_printing

urlpatterns = [
    path("letters-to-print/", views_printing.letters, name="letters_to_print"),
    path("letters-to-print/<uuid:person_id>/", views_printing.letter, name="print_letter"),
    path("pupils/<uuid:pupil_id>/updates/", views.updates, name="updates"),
]
