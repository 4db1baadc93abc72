"""Writing down when what is owed around an annual review was done."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.views import SignedInRequest
from apdr.views import writing
from pupils.access import open_record
from pupils.enums import Section

from . import duties, forms, selectors
from .enums import Duty


@require_http_methods(["GET", "POST"])
@login_required
def write_duty(request: SignedInRequest, review_id: UUID, duty: str) -> HttpResponse:
    row = selectors.review(review_id)
    sight = open_record(request, row.cycle.pupil, "hold_review")
    if duty not in Duty.values:
        raise Http404
    asked, today = Duty(duty), timezone.localdate(request.at)
    owing = next((one for one in duties.around(row, today) if one.duty == asked), None)
    said = owing.said if owing else None
    day = min(today, owing.by) if owing else None
    initial = {"on": said.on if said else day, "version": said.number if said else 0}
    form = forms.DutyForm(writing.posted(request), initial=initial)

    def save(**typed: Any) -> None:
        duties.write_duty(review=row, duty=asked, by=request.user, at=request.at, **typed)

    back = f"{reverse('review', args=[row.cycle_id])}#around"
    told: dict[str, Any] = {"title": asked.label, "done": _("Written down."), "back": back}
    not_now = "" if owing else duties.NOT_ANNUAL
    return writing.answer(request, sight, Section.REVIEWS, form, save, not_now=not_now, **told)
