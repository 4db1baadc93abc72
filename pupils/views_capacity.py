"""Capacity for one decision, and competence before 16: the SENCO's, the young person's and the decider's pages."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.views import SignedInRequest

from . import access, capacity, pages, policy
from . import selectors_safeguarding as selectors
from .enums import Ground, Section, Way
from .forms import attempt
from .forms_safeguarding import CapacityForm, CompetenceForm

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _page(
    request: SignedInRequest, sight: policy.Sight, name: str, form: Any = None, **more: Any
) -> HttpResponse:
    """A page about a pupil that lies in none of the parts that are on the tabs."""
    more |= {"form": form} if form else {}
    return pages.show(
        request,
        sight,
        f"pupils/{name}.html",
        Section.PROFILE,
        status=422 if form and form.errors else 200,
        tabs=pages.tabs(sight),
        **more,
    )


@require_safe
@login_required
def show(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    """The decisions that somebody else makes for now: for the SENCO, the young person, and whoever decides."""
    sight = access.find(request.user, pupil_id, request.at)
    rows = selectors.decisions(sight)
    if sight.may("record_capacity"):
        access.write_down(sight, [Section.PROFILE], Way.PAGE)
        return _page(request, sight, "capacity", rows=rows)
    if sight.may("choose"):
        capacity.read(records=[one.row for one in rows if one.now], by=request.user, at=request.at)
        return _page(request, sight, "capacity_own", rows=rows)
    if not rows:
        raise policy.NotThisSection(sight.pupil)
    return _page(request, sight, "capacity_decider", rows=rows)


@form_page
@login_required
def record(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    sight = access.open_record(request, pupil_id, "record_capacity")
    near = capacity.deciders(sight.pupil, sight.at)
    kinds = {p.pk: _("parent carer") if Ground.PARENT in on else _("visiting professional") for p, on in near}
    people = User.objects.filter(pk__in=kinds).order_by("name", "pk")
    form = CapacityForm(request.POST if request.method == "POST" else None, people=people, kinds=kinds)
    who: dict[str, Any] = {"pupil": sight.pupil, "by": request.user, "at": request.at}
    if request.method == "POST":
        made = attempt(form, lambda: capacity.record(**form.cleaned_data, **who))
        if made is not None:
            messages.success(request, _("Recorded. It is about this decision alone, and ends by itself."))
            return redirect("capacity", pupil_id)
    return _page(request, sight, "record_capacity", form=form)


@require_POST
@login_required
def end(request: SignedInRequest, pupil_id: UUID, capacity_id: UUID) -> HttpResponse:
    sight = access.open_record(request, pupil_id, "record_capacity")
    row = get_object_or_404(sight.pupil.capacity_records, pk=capacity_id)
    capacity.end(capacity=row, by=request.user, at=request.at)
    messages.success(
        request, _("It has ended. %(pupil)s decides about this again.") % {"pupil": sight.pupil.called}
    )
    return redirect("capacity", pupil_id)


@form_page
@login_required
def competence(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    """Whether somebody under 16 decides who sees their record: recorded by the SENCO, read by themselves."""
    sight = access.find(request.user, pupil_id, request.at)
    if request.method != "POST" and sight.may("choose"):
        own = selectors.competence(sight)
        return _page(request, sight, "competence_own", rows=own)
    if not sight.may("record_capacity"):
        raise policy.NotThisSection(sight.pupil)
    access.write_down(sight, [Section.PROFILE], Way.PAGE)
    form = CompetenceForm(request.POST if request.method == "POST" else None)
    who: dict[str, Any] = {"pupil": sight.pupil, "by": request.user, "at": request.at}
    if request.method == "POST":
        made = attempt(form, lambda: capacity.record_competence(**form.cleaned_data, **who))
        if made is not None:
            messages.success(request, _("Recorded."))
            return redirect("competence", pupil_id)
    return _page(request, sight, "competence", form=form, rows=selectors.competence(sight))
