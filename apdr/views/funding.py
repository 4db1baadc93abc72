"""What money there is for a pupil, what it is for, what is planned and what is used."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views import SignedInRequest
from pupils import pages
from pupils.access import open_record
from pupils.enums import Section

from .. import forms_funding, selectors_money
from .. import selectors_staff as staff
from ..services import funding as services
from . import writing


@require_safe
@login_required
def funding(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    sight = open_record(request, pupil_id, Section.FUNDING, also=[Section.STRATEGIES, Section.NEEDS])
    page = selectors_money.money(sight)
    who = pages.who_sees(sight, Section.FUNDING)
    return pages.show(request, sight, "apdr/funding.html", Section.FUNDING, who=who, **page)


def _answer(
    request: SignedInRequest, sight: Any, form: Any, save: Any, title: str, done: str = "", **context: Any
) -> HttpResponse:
    back = reverse("funding", args=[sight.pupil.pk])
    told: dict[str, Any] = {
        "title": title,
        "back": back,
        "done": done or _("Saved. The family sees it with the next shared version."),
    }
    return writing.answer(request, sight, Section.FUNDING, form, save, **told, **context)


@require_http_methods(["GET", "POST"])
@login_required
def allocate(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    sight = open_record(request, pupil_id, "write_funding")
    form = forms_funding.AllocationForm(writing.posted(request), sight=sight)

    def save(**typed: Any) -> None:
        services.allocate(pupil=sight.pupil, by=request.user, at=request.at, **typed)

    settings = {} if form.fields["stream"].queryset else {"streamless": reverse("settings")}  # type: ignore[attr-defined]
    return _answer(request, sight, form, save, _("Add money for this plan"), **settings)


@require_http_methods(["GET", "POST"])
@login_required
def edit_allocation(request: SignedInRequest, allocation_id: UUID) -> HttpResponse:
    row = staff.allocation(allocation_id)
    sight = open_record(request, row.pupil, "write_funding")
    form = forms_funding.AllocationForm(writing.posted(request), sight=sight, row=row)

    def save(**typed: Any) -> None:
        services.edit_allocation(allocation=row, by=request.user, at=request.at, **typed)

    return _answer(request, sight, form, save, _("Change %(stream)s") % {"stream": row.stream})


@require_http_methods(["GET", "POST"])
@login_required
def plan_use(request: SignedInRequest, allocation_id: UUID) -> HttpResponse:
    row = staff.allocation(allocation_id)
    sight = open_record(request, row.pupil, "write_funding")
    initial = {"strategy": request.GET.get("strategy")}
    form = forms_funding.UseForm(writing.posted(request), sight=sight, initial=initial)

    def save(**typed: Any) -> None:
        services.plan_use(allocation=row, by=request.user, at=request.at, **typed)

    return _answer(request, sight, form, save, _("Plan what %(stream)s pays for") % {"stream": row.stream})


@require_http_methods(["GET", "POST"])
@login_required
def edit_use(request: SignedInRequest, use_id: UUID) -> HttpResponse:
    row = staff.use(use_id)
    sight = open_record(request, row.allocation.pupil, "write_funding")
    form = forms_funding.UseForm(writing.posted(request), sight=sight, row=row)

    def save(**typed: Any) -> None:
        services.edit_use(use=row, by=request.user, at=request.at, **typed)

    done = _("Saved. The family sees what was used now, and what is planned with the next shared version.")
    title = _("Change what is planned and used")
    return _answer(request, sight, form, save, title, done, quote=row.strategy.words)
