"""Looking a draft over, sharing it with the family, and answering what they propose."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from accounts.views import SignedInRequest
from pupils import pages, policy
from pupils.access import open_record
from pupils.enums import Section
from pupils.errors import NotNow, Stale

from .. import forms, forms_plan, selectors
from .. import selectors_staff as staff
from ..enums import ProposalKind
from ..services import family, sharing
from ..services.common import require_proposal
from . import writing

LOOK_AGAIN = _lazy(
    "The plan was changed or shared by somebody else while you were looking. "
    "Your words are kept. Look it over again."
)


@require_http_methods(["GET", "POST"])
@login_required
def share(request: SignedInRequest, cycle_id: UUID) -> HttpResponse:
    """What the family will see, then Share. Whoever looked at an older draft or version looks again first."""
    cycle = selectors.cycle(cycle_id)
    sight = open_record(request, cycle.pupil, "coordinate")
    form = forms.ShareForm(request.POST if request.method == "POST" else None)
    status, refused = 200, ""
    if request.method == "POST":
        status = 422
        if {"after", "looked_at"} & set(form.errors):
            refused = str(LOOK_AGAIN)
        elif form.is_valid():
            try:
                made = sharing.share(cycle=cycle, by=request.user, at=request.at, **form.cleaned_data)
            except (Stale, NotNow) as error:
                status, refused = 409, _said(error)
            else:
                messages.success(
                    request,
                    _("Version %(made)s is shared. The family can read it now.") % {"made": made.number},
                )
                return redirect("cycle", cycle_id)
    page = staff.preview(cycle, sight)
    form = forms.ShareForm(_again(form, page) if request.method == "POST" else None, initial=_known(page))
    return pages.show(
        request, sight, "apdr/share.html", Section.PLAN, status=status, form=form, refused=refused, **page
    )


def _known(page: dict[str, Any]) -> dict[str, Any]:
    return {"after": page["latest"].number if page["latest"] else 0, "looked_at": page["mark"]}


def _again(form: forms.ShareForm, page: dict[str, Any]) -> dict[str, Any]:
    """What was typed, over what is shown now."""
    return {"note": form.data.get("note", ""), **_known(page)}


def _said(error: Stale | NotNow) -> str:
    if isinstance(error, NotNow):
        return str(error)
    return str(LOOK_AGAIN)


@require_http_methods(["GET", "POST"])
@login_required
def accept(request: SignedInRequest, proposal_id: UUID) -> HttpResponse:
    row = staff.proposal(proposal_id)
    sight = open_record(request, row.cycle.pupil, "answer_proposal")
    is_step = row.kind == ProposalKind.STEP
    if not is_step:
        policy.passed(sight, "write_strategies")
    kind = forms_plan.AcceptStepForm if is_step else forms_plan.AcceptForm
    initial = {"words": row.words, "by_when": row.cycle.review_on}
    form = kind(writing.posted(request), cycle=row.cycle, sight=sight, initial=initial)

    def save(**typed: Any) -> None:
        family.accept_proposal(proposal=row, by=request.user, at=request.at, **typed)

    return _answer(
        request,
        sight,
        row,
        form,
        save,
        title=_("Put it in the plan"),
        done=_("It is in the draft. Share the plan again so that the family has it."),
        template="apdr/write_step.html" if is_step else writing.PAGE,
    )


@require_http_methods(["GET", "POST"])
@login_required
def decline(request: SignedInRequest, proposal_id: UUID) -> HttpResponse:
    row = staff.proposal(proposal_id)
    sight = open_record(request, row.cycle.pupil, "answer_proposal")
    form = forms_plan.DeclineForm(writing.posted(request))

    def save(reply: str) -> None:
        family.decline_proposal(proposal=row, by=request.user, at=request.at, reply=reply)

    return _answer(
        request, sight, row, form, save, title=_("Not for now"), done=_("Your reply is with them.")
    )


def _answer(
    request: SignedInRequest, sight: Any, row: Any, form: Any, save: Any, **told: Any
) -> HttpResponse:
    require_proposal(row, sight)
    back = reverse("cycle", args=[row.cycle_id])
    more = {
        "quote": row.words,
        "quote_by": f"{row.by.called}, {row.get_kind_display().lower()}",
        "quote_why": row.why,
    }
    return writing.answer(
        request, sight, Section.PLAN, form, save, back=back, button=_("Send"), **more, **told
    )
