"""How something in the plan came about, and a way forward where people do not agree."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views import SignedInRequest
from pupils import access, pages, policy
from pupils.enums import Section

from .. import selectors_story, selectors_voice
from ..forms_voice import WayForwardForm
from ..models import PlanAnswer
from ..services import voice
from . import writing


@require_safe
@login_required
def story(request: SignedInRequest, kind: str, item_id: UUID) -> HttpResponse:
    row = selectors_story.item(kind, item_id)
    section = selectors_story.SECTIONS[kind]
    sight = access.open_record(request, row.cycle.pupil, section, also=[Section.PLAN, Section.VIEWS])
    told = selectors_story.story(kind, row, sight)
    return pages.show(request, sight, "apdr/story.html", section, story=told)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def find_a_way(request: SignedInRequest, kind: str, answer_id: UUID) -> HttpResponse:
    """What happens next about a disagreement, which stays where it is."""
    if kind not in ("plan", "strategy"):
        raise Http404
    row = selectors_voice.disagreement(kind, answer_id)
    of_plan = isinstance(row, PlanAnswer)
    cycle = row.plan_version.cycle if isinstance(row, PlanAnswer) else row.strategy.cycle
    section = Section.PLAN if of_plan else Section.STRATEGIES
    sight = access.open_record(request, cycle.pupil, section)
    voice.require_reached(row, sight, section)
    if not voice.may_find_a_way(sight):
        raise policy.NotThisSection(sight.pupil)
    form = WayForwardForm(writing.posted(request))

    def save(**typed: Any) -> None:
        voice.find_a_way(about=row, by=request.user, at=request.at, **typed)

    return writing.answer(
        request,
        sight,
        section,
        form,
        save,
        back=reverse("plan" if of_plan else "strategies", args=[sight.pupil.pk]),
        title=_("A way forward"),
        done=_("Written down. It stands with what they said."),
        quote=row.why,
        quote_by=row.by.called,
    )
