"""Adding, changing and taking off the parts of a draft: one way for every kind of part."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from accounts.views import SignedInRequest
from accounts.words import StrOrPromise
from pupils import pages
from pupils.access import open_record
from pupils.errors import NotNow, Stale

from .. import forms, forms_plan, selectors
from .. import selectors_staff as staff
from ..models import Cycle, Measure, Need, NextStep, Outcome, Provision, Strategy
from ..services import items
from ..wording import reads_like_provision
from . import writing


@dataclass(frozen=True)
class Kind:
    """A kind of part: its form, its everyday name, and the page it is read on."""

    model: Any
    form: type[forms.Writing]
    name: StrOrPromise
    page: str
    template: str = writing.PAGE

    def back(self, cycle: Cycle) -> str:
        return (
            reverse("cycle", args=[cycle.pk])
            if self.page == "cycle"
            else reverse(self.page, args=[cycle.pupil_id])
        )


KINDS: dict[str, Kind] = {
    "need": Kind(Need, forms.NeedForm, _lazy("strength or need"), "needs"),
    "measure": Kind(Measure, forms.MeasureForm, "measure", "needs"),
    "outcome": Kind(Outcome, forms.OutcomeForm, "outcome", "cycle"),
    "step": Kind(NextStep, forms_plan.StepForm, _lazy("next step"), "cycle", "apdr/write_step.html"),
    "strategy": Kind(Strategy, forms_plan.StrategyForm, "strategy", "strategies"),
    "provision": Kind(Provision, forms_plan.ProvisionForm, _lazy("time and people"), "strategies"),
}

#: What an address may fill in beforehand.
ASKED = ("kind", "outcome", "place", "step", "strategy", "need")


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


@require_http_methods(["GET", "POST"])
@login_required
def add_item(request: SignedInRequest, cycle_id: UUID, kind: str) -> HttpResponse:
    part, cycle = _kind(kind), selectors.cycle(cycle_id)
    rule = items.RULES[part.model]
    sight = open_record(request, cycle.pupil, rule.action)
    initial = {"by_when": cycle.review_on} if kind == "step" else {}
    initial |= {name: request.GET[name] for name in ASKED if name in request.GET}
    form = part.form(writing.posted(request), cycle=cycle, sight=sight, initial=initial)

    def save(**typed: Any) -> None:
        items.add(part.model, cycle=cycle, by=request.user, at=request.at, **typed)
        _warn(request, kind, typed)

    told = {
        "title": _("Add a %(part)s") % {"part": part.name}
        if kind != "provision"
        else _("Add time and people"),
        "done": _("Saved in the draft."),
    }
    if kind in ("outcome",):
        told["title"] = _("Add an outcome")
    return writing.answer(
        request,
        sight,
        rule.section,
        form,
        save,
        back=part.back(cycle),
        template=part.template,
        act=rule.act,
        cycle=cycle,
        **told,
    )


@require_http_methods(["GET", "POST"])
@login_required
def edit_item(request: SignedInRequest, kind: str, item_id: UUID) -> HttpResponse:
    part = _kind(kind)
    row = staff.item(part.model, item_id)
    cycle, rule = items.cycle_of(row), items.RULES[part.model]
    sight = open_record(request, cycle.pupil, rule.action)
    form = part.form(writing.posted(request), cycle=cycle, sight=sight, row=row)

    def save(**typed: Any) -> None:
        items.edit(row, by=request.user, at=request.at, **typed)
        _warn(request, kind, typed)

    return writing.answer(
        request,
        sight,
        rule.section,
        form,
        save,
        back=part.back(cycle),
        title=_("Change this %(part)s") % {"part": part.name}
        if kind != "provision"
        else _("Change time and people"),
        done=_("Saved in the draft."),
        template=part.template,
        act=rule.act,
        cycle=cycle,
        take_off=reverse("take_off", args=[kind, row.pk]),
    )


@require_http_methods(["GET", "POST"])
@login_required
def take_off(request: SignedInRequest, kind: str, item_id: UUID) -> HttpResponse:
    """Ask first; what is taken off stays in the record and in every version shared before."""
    part = _kind(kind)
    row = staff.item(part.model, item_id)
    cycle, rule = items.cycle_of(row), items.RULES[part.model]
    sight = open_record(request, cycle.pupil, rule.action)
    form = forms.TakeOffForm(request.POST or None, initial={"version": row.version})
    page = {"form": form, "row": row, "kind": part, "back": part.back(cycle), "cycle": cycle}
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        problem = _tried(lambda: items.remove(row, by=request.user, at=request.at, **form.cleaned_data))
        if not problem:
            messages.success(request, _("Taken off the draft. It stays in the record."))
            return redirect(part.back(cycle))
        form.add_error(None, problem)
        status = 409
    return pages.show(request, sight, "apdr/take_off.html", rule.section, status=status, **page)


def _tried(act: Callable[[], Any]) -> str:
    """What a service said when it would not, or nothing."""
    try:
        act()
    except NotNow as error:
        return str(error)
    except Stale:
        return _("Somebody changed this while you were reading. Open it again to see what it says now.")
    return ""


def _warn(request: SignedInRequest, kind: str, typed: dict[str, Any]) -> None:
    if kind == "outcome" and reads_like_provision(typed["words"]):
        messages.warning(
            request,
            _(
                "Saved. The outcome reads like support that is given. What will be different because of it? "
                "You can change it, or leave it as it is."
            ),
        )
