"""A setting's library of strategies: reading it, writing in it, and using it in a plan."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import conflict
from accounts import policy as people_policy
from accounts.enums import Phase
from accounts.models import Setting
from accounts.views import SignedInRequest
from apdr import selectors, selectors_library
from apdr import selectors_staff as staff
from apdr.enums import AtHome, Perspective, Place
from apdr.forms_library import AtHomeForm, LibraryFilters, LibraryForm, RetireForm, UseForm
from apdr.library_files import as_file
from apdr.models import Strategy
from apdr.selectors_library import PHASE_OF
from apdr.services import items, library
from apdr.services.common import speaks_as
from apdr.views import strategies as plan_pages
from apdr.views import writing
from pupils import pages, policy
from pupils.access import open_record
from pupils.enums import Section
from pupils.errors import NotNow, Stale
from pupils.forms import attempt

from .tried import tried
from .worked import beside


def strategies(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    """What helps, with what worked in one place and could be tried in the other."""
    return plan_pages.strategies(request, pupil_id, beside=beside)


# The library itself -------------------------------------------------------------------------------------------


def _read_here(request: SignedInRequest, setting_id: UUID) -> Setting:
    mine = people_policy.settings_of(request.user, request.at, library.READERS)
    return get_object_or_404(mine, pk=setting_id)


def _kept_here(request: SignedInRequest, setting_id: UUID) -> Setting:
    return get_object_or_404(policy.settings_coordinated(request.user, request.at), pk=setting_id)


@require_safe
@login_required
def my_library(request: SignedInRequest) -> HttpResponse:
    """Straight to the library of the only setting that somebody writes plans in; else which of them."""
    mine = list(people_policy.settings_of(request.user, request.at, library.READERS).order_by("name"))
    if len(mine) == 1:
        return redirect("library", mine[0].pk)
    return render(request, "reviews/libraries.html", {"settings": mine})


@require_safe
@login_required
def show_library(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    setting = _read_here(request, setting_id)
    keeps = policy.coordinates(request.user, setting, request.at)
    form = LibraryFilters(request.GET, keeps=keeps)
    context = {"setting": setting, "keeps": keeps, **_searched(request, setting, form, {})}
    return render(request, "reviews/library.html", context)


def _searched(
    request: SignedInRequest, setting: Setting, form: LibraryFilters, kept: dict[str, str]
) -> dict[str, Any]:
    """What a search finds, each with how often it was tried, and the addresses of the page after and the first."""
    asked = form.asked
    page = selectors_library.page(selectors_library.found(setting, **asked), request.GET.get("after", ""))
    counted = tried(setting, request.at)
    query = {**{name: request.GET[name] for name in asked if name in request.GET}, **kept}
    return {
        "filters": form,
        "rows": [
            (row, counted[row.pk].words if row.pk in counted else "", RetireForm(initial={"version": row.version}))
            for row in page.rows
        ],
        "empty": not page.rows and selectors_library.is_empty(setting),
        "next": f"?{urlencode({**query, 'after': page.after})}" if page.after else "",
        "first": f"?{urlencode(query)}" if page.earlier else "",
        "clear": f"?{urlencode({'phase': '', **kept})}",
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add_to_library(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    setting = _kept_here(request, setting_id)
    form = LibraryForm(request.POST if request.method == "POST" else None)
    who: dict[str, Any] = {"by": request.user, "at": request.at}
    made = attempt(form, lambda: library.add(setting=setting, **who, **form.typed)) if form.is_bound else None
    if made:
        messages.success(request, _("It is in the library."))
        return redirect("library", setting_id)
    return _form(request, setting, form)


def _form(request: SignedInRequest, setting: Setting, form: LibraryForm, row: Any = None) -> HttpResponse:
    page = {"setting": setting, "form": form, "row": row}
    return render(request, "reviews/library_form.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit_library(request: SignedInRequest, strategy_id: UUID) -> HttpResponse:
    row = selectors_library.strategy(strategy_id)
    setting = _kept_here(request, row.setting_id)
    form = LibraryForm(conflict.settled(request.POST) if request.method == "POST" else None, row=row)
    if request.method == "POST" and form.is_valid():
        who: dict[str, Any] = {"by": request.user, "at": request.at}
        try:
            done = attempt(form, lambda: library.edit(strategy=row, **who, **form.typed) or True)
        except Stale as stale:
            return writing.beside(request, form, stale, reverse("library", args=[setting.pk]))
        if done:
            messages.success(request, _("Saved. Plans that use it keep the words they have."))
            return redirect("library", setting.pk)
    return _form(request, setting, form, row)


@require_POST
@login_required
def retire_library(request: SignedInRequest, strategy_id: UUID) -> HttpResponse:
    """Offer it no more, or again; both can be undone by the other."""
    row = selectors_library.strategy(strategy_id)
    setting = _kept_here(request, row.setting_id)
    form = RetireForm(request.POST)
    who: dict[str, Any] = {"by": request.user, "at": request.at}
    try:
        done = attempt(form, lambda: library.retire(strategy=row, **who, **form.cleaned_data) or True)
    except Stale:
        form.add_error(None, _("Somebody changed it while you were looking. Look at it again."))
        done = None
    if done:
        back = form.cleaned_data["back"]
        messages.success(request, _("It is offered again.") if back else _("It is not offered any more."))
    else:
        messages.warning(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
    return redirect("library", setting.pk)


@require_POST
@login_required
def fill_library(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    setting = _kept_here(request, setting_id)
    added = library.fill(setting=setting, by=request.user, at=request.at)
    told = ngettext("%(n)s strategy was put in.", "%(n)s strategies were put in.", added) % {"n": added}
    messages.success(request, told if added else _("You have all of ours already."))
    return redirect("library", setting_id)


@require_safe
@login_required
def library_file(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    setting = _kept_here(request, setting_id)
    answer = HttpResponse(as_file(selectors_library.found(setting)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="strategies.csv"'
    return answer


# In a plan ----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def choose_strategy(request: SignedInRequest, cycle_id: UUID) -> HttpResponse:
    """Look for something in the library; one press puts it in the draft, where it is made to fit."""
    cycle = selectors.cycle(cycle_id)
    sight = open_record(request, cycle.pupil, "write_strategies")
    form = UseForm(request.POST if request.method == "POST" else None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        row = selectors_library.strategy(asked["strategy"])
        if row.setting_id != cycle.setting_id:
            raise Http404
        made = attempt(
            form,
            lambda: items.add(
                Strategy,
                cycle=cycle,
                by=request.user,
                at=request.at,
                key=asked["key"],
                place=Place(asked["place"]),
                words=row.words,
                how=row.how,
                library=row,
                perspective=Perspective.STAFF,
            ),
        )
        if made:
            messages.success(
                request, _("It is in the draft. Make it fit %(pupil)s.") % {"pupil": sight.pupil.called}
            )
            return redirect("edit_item", "strategy", made.pk)
    if form.errors:
        refused = " ".join(str(e) for errors in form.errors.values() for e in errors)
    place = request.GET.get("place", "")
    place = place if place in Place else Place.SETTING.value
    known = PHASE_OF.get(Phase(cycle.setting.phase), "")
    filters = LibraryFilters({"phase": known, **request.GET.dict(), "place": place})
    not_now = writing.not_now("write_strategies", cycle)
    return pages.show(
        request,
        sight,
        "reviews/choose_strategy.html",
        Section.STRATEGIES,
        status=(409 if not_now else 422) if refused else 200,
        cycle=cycle,
        place=Place(place),
        keeps=policy.coordinates(request.user, cycle.setting, request.at),
        key=uuid4,
        refused=refused,
        back=reverse("strategies", args=[cycle.pupil_id]),
        not_now=not_now,
        **_searched(request, cycle.setting, filters, {"place": place}),
    )  # fmt: skip


@require_POST
@login_required
def try_here(request: SignedInRequest, strategy_id: UUID) -> HttpResponse:
    row = staff.item(Strategy, strategy_id)
    open_record(request, row.cycle.pupil, "write_strategies")
    try:
        library.try_here(strategy=row, by=request.user, at=request.at)
    except NotNow as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(
            request, _("It is in the draft, to try at school. Share the plan so that the family has it.")
        )
    return redirect("strategies", row.cycle.pupil_id)


@require_POST
@login_required
def offer_home(request: SignedInRequest, strategy_id: UUID) -> HttpResponse:
    row = staff.item(Strategy, strategy_id)
    open_record(request, row.cycle.pupil, "write_strategies")
    try:
        library.offer_home(strategy=row, by=request.user, at=request.at)
    except NotNow as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("It is offered to the family. They say if they want to try it."))
    return redirect("strategies", row.cycle.pupil_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def answer_home(request: SignedInRequest, offer_id: UUID) -> HttpResponse:
    row = selectors_library.offer(offer_id)
    sight = open_record(request, row.cycle.pupil, "answer_strategy")
    if speaks_as(sight, Section.STRATEGIES) not in (Perspective.PARENT, Perspective.CHILD):
        raise Http404

    def save(answer: str, **typed: Any) -> None:
        library.answer_offer(offer=row, by=request.user, at=request.at, answer=AtHome(answer), **typed)

    told: dict[str, Any] = {
        "title": _("Would you like to try this at home?"),
        "done": _("Thank you for telling us."),
    }
    return writing.answer(
        request,
        sight,
        Section.STRATEGIES,
        AtHomeForm(writing.posted(request), initial={"answer": request.GET.get("answer")}),
        save,
        back=reverse("strategies", args=[row.cycle.pupil_id]),
        quote=row.words,
        quote_why=row.how,
        quote_by=_("Offered by %(name)s") % {"name": row.by.called},
        button=_("Save my answer"),
        **told,
    )  # fmt: skip
