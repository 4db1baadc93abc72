"""What helps: read by everybody it is open to, agreed or not agreed with."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views import SignedInRequest
from pupils import pages, policy
from pupils.access import open_record
from pupils.enums import Section

from .. import forms_plan
from .. import selectors_staff as staff
from ..enums import Answer
from ..models import Strategy
from ..services import family, voice
from . import writing

Beside = Callable[[policy.Sight, dict[str, Any]], dict[str, Any]]


def _nothing(sight: policy.Sight, page: dict[str, Any]) -> dict[str, Any]:
    return {}


@require_safe
@login_required
def strategies(request: SignedInRequest, pupil_id: UUID, beside: Beside = _nothing) -> HttpResponse:
    """`beside` adds what an app above this one knows of them."""
    sight = open_record(request, pupil_id, Section.STRATEGIES)
    page = staff.strategies_page(sight)
    page |= beside(sight, page)
    who = pages.who_sees(sight, Section.STRATEGIES)
    return pages.show(
        request,
        sight,
        "apdr/strategies.html",
        Section.STRATEGIES,
        who=who,
        may_find_a_way=voice.may_find_a_way(sight),
        **page,
    )


@require_http_methods(["GET", "POST"])
@login_required
def answer_strategy(request: SignedInRequest, strategy_id: UUID) -> HttpResponse:
    """Agree or disagree; a disagreement says why and stays on the plan."""
    row = staff.item(Strategy, strategy_id)
    sight = open_record(request, row.cycle.pupil, "answer_strategy")
    words = staff.words_of(row, sight)
    form = forms_plan.AnswerForm(writing.posted(request), initial={"answer": request.GET.get("answer")})

    def save(answer: str, why: str) -> None:
        family.answer_strategy(strategy=row, by=request.user, at=request.at, answer=Answer(answer), why=why)

    told: dict[str, Any] = {
        "title": _("What do you think of this?"),
        "done": _("Thank you. It is on the plan."),
    }
    back = reverse("strategies", args=[row.cycle.pupil_id])
    return writing.answer(
        request,
        sight,
        Section.STRATEGIES,
        form,
        save,
        back=back,
        quote=words,
        button=_("Save my answer"),
        **told,
    )
