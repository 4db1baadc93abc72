"""What the child, the family and staff said."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views import SignedInRequest
from pupils import pages
from pupils.access import open_record
from pupils.enums import Section

from .. import forms_views
from .. import selectors_staff as staff
from ..services import family
from . import writing


@require_safe
@login_required
def views(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    sight = open_record(request, pupil_id, Section.VIEWS)
    page = staff.views_page(sight, _before(request.GET.get("before", "")))
    who = pages.who_sees(sight, Section.VIEWS)
    return pages.show(request, sight, "apdr/views.html", Section.VIEWS, who=who, **page)


def _before(words: str) -> tuple[datetime, UUID] | None:
    """The row in an address that the page before ended with, or None for anything else."""
    instant, __, pk = words.partition("|")
    try:
        at, last = parse_datetime(instant), UUID(pk)
    except ValueError:
        return None
    return (at, last) if at is not None and at.tzinfo is not None else None


@require_http_methods(["GET", "POST"])
@login_required
def record_views(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    sight = open_record(request, pupil_id, "record_views")
    initial = {"perspective": request.GET.get("who")}
    files = request.FILES if request.method == "POST" else None
    form = forms_views.ViewForm(writing.posted(request), sight=sight, initial=initial, files=files)

    def save(**typed: Any) -> None:
        family.record_views(pupil=sight.pupil, by=request.user, at=request.at, **typed)

    told: dict[str, Any] = {
        "title": _("Write down what somebody said"),
        "done": _("Written down."),
        "back": reverse("views", args=[pupil_id]),
        "template": "apdr/record_views.html",
    }
    return writing.answer(request, sight, Section.VIEWS, form, save, **told)
