from django.urls import path

from . import views_paper
from . import views_previews as views

urlpatterns = [
    path("pupils/<uuid:pupil_id>/as/", views.see_as, name="see_as"),
    path("pupils/<uuid:pupil_id>/as/<uuid:person_id>/", views.preview, name="preview"),
    path("pupils/<uuid:pupil_id>/as/<uuid:person_id>/<slug:page>/", views.preview, name="preview_page"),
    path("pupils/<uuid:pupil_id>/paper/<slug:page>/", views_paper.paper, name="paper"),
]
