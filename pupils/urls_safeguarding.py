from django.urls import path

from . import views_capacity as capacity
from . import views_safeguarding as views

ONE = "safeguarding/<uuid:override_id>"
PUPIL = "pupils/<uuid:pupil_id>"

urlpatterns = [
    path("safeguarding/", views.board, name="safeguarding"),
    path(f"{ONE}/", views.disclosure, name="disclosure"),
    path(f"{ONE}/confirm/", views.confirm, name="confirm_disclosure"),
    path(f"{ONE}/end/", views.end, name="end_disclosure"),
    path(f"{ONE}/tell/", views.tell, name="tell_disclosure"),
    path(f"{ONE}/look-again/", views.look_again, name="look_again_disclosure"),
    path(f"{PUPIL}/safeguarding/", views.of_pupil, name="pupil_safeguarding"),
    path(f"{PUPIL}/safeguarding/ask/", views.ask, name="ask_disclosure"),
    path(f"{PUPIL}/disclosures/", views.told, name="disclosures"),
    path(f"{PUPIL}/capacity/", capacity.show, name="capacity"),
    path(f"{PUPIL}/capacity/record/", capacity.record, name="record_capacity"),
    path(f"{PUPIL}/capacity/<uuid:capacity_id>/end/", capacity.end, name="end_capacity"),
    path(f"{PUPIL}/competence/", capacity.competence, name="competence"),
]
