"""A cycle as staff run it: opened, moved on, looked over, read back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views import SignedInRequest
from pupils import pages
from pupils.access import open_record
from pupils.enums import Section
from pupils.errors import NotNow

from .. import forms, selectors
from .. import selectors_staff as staff
from ..enums import Stage
from ..services import cycles
from . import writing


@require_safe
@login_required
def cycle(request: SignedInRequest, cycle_id: UUID) -> HttpResponse:
    found = selectors.cycle(cycle_id)
    sight = open_record(request, found.pupil, "see_drafts")
    return pages.show(request, sight, "apdr/cycle.html", Section.PLAN, **staff.workspace(found, sight))


@require_safe
@login_required
def history(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    sight = open_record(request, pupil_id, "see_drafts")
    page = staff.history(sight.pupil) | {"may_run": sight.may("coordinate")}
    return pages.show(request, sight, "apdr/cycles.html", Section.PLAN, **page)


@require_http_methods(["GET", "POST"])
@login_required
def open_cycle(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    sight = open_record(request, pupil_id, "coordinate")
    now = staff.before_opening(sight.pupil, timezone.localdate(request.at))
    form = forms.OpenForm(writing.posted(request), initial={"review_on": now["review_on"]})
    made: list[Any] = []

    def save(**typed: Any) -> None:
        made.append(cycles.open_cycle(pupil=sight.pupil, by=request.user, at=request.at, **typed))

    told: dict[str, Any] = {
        "title": _("Open a cycle"),
        "done": _("The cycle is open. Start with what goes well."),
        "back": reverse("cycles", args=[pupil_id]),
    }
    answer = writing.answer(
        request, sight, Section.PLAN, form, save, template="apdr/open_cycle.html", **told, **now
    )
    return redirect("cycle", made[0].pk) if made else answer


@require_POST
@login_required
def move(request: SignedInRequest, cycle_id: UUID, stage: str) -> HttpResponse:
    """Move a cycle on or back. A second press of the same button changes nothing."""
    found = selectors.cycle(cycle_id)
    sight = open_record(request, found.pupil, "coordinate")
    if stage not in Stage.values:
        raise Http404
    try:
        if selectors.stage(found) != stage:
            cycles.move_to(cycle=found, stage=Stage(stage), by=request.user, at=request.at)
            messages.success(request, _("The cycle is now at “%(stage)s”.") % {"stage": Stage(stage).label})
    except NotNow as error:
        page = staff.workspace(found, sight) | {"refused": str(error)}
        return pages.show(request, sight, "apdr/cycle.html", Section.PLAN, status=409, **page)
    return redirect("cycle", cycle_id)


@require_http_methods(["GET", "POST"])
@login_required
def edit_cycle(request: SignedInRequest, cycle_id: UUID) -> HttpResponse:
    found = selectors.cycle(cycle_id)
    sight = open_record(request, found.pupil, "write_plan")
    form = forms.CycleForm(writing.posted(request), row=found)

    def save(**typed: Any) -> None:
        cycles.edit_cycle(cycle=found, by=request.user, at=request.at, **typed)

    told: dict[str, Any] = {
        "title": _("Review day and who does what"),
        "done": _("Saved in the draft."),
        "back": reverse("cycle", args=[cycle_id]),
    }
    return writing.answer(request, sight, Section.PLAN, form, save, act="write_plan", cycle=found, **told)
