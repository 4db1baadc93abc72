"""Events of a setting: made by its SENCO, signed up for by whoever is asked, and the list for the door."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import conflict
from accounts.models import Setting
from accounts.views import SignedInRequest
from apdr.views import writing
from pupils import policy
from pupils.errors import NotNow, Stale
from pupils.selectors import classes_of_settings
from reviews import exports

from . import door, event_calendar, events
from . import selectors_events as selectors
from .enums_events import PlaceState
from .forms_events import CallOffForm, EventForm, FindForm, PlaceForForm, PlaceForm
from .models import Event, EventPlace

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _who(request: SignedInRequest) -> dict[str, Any]:
    return {"by": request.user, "at": request.at}


def _saved(
    request: SignedInRequest,
    form: Any,
    save: Callable[[], Any],
    page: Callable[[int], HttpResponse],
    back: str,
) -> HttpResponse | None:
    """None where a form that was posted is saved; else the page that says why not, with all that was typed."""
    if not form.is_valid():
        return page(422)
    try:
        save()
    except Stale as stale:
        return writing.beside(request, form, stale, back)
    except ValidationError as error:
        form.refuse(error)
        return page(422)
    except NotNow as error:
        form.add_error(None, str(error))
        return page(409)
    return None


# For whoever is asked ----------------------------------------------------------------------------------------


@require_safe
@login_required
def show_events(request: SignedInRequest) -> HttpResponse:
    """What is coming to which somebody is asked, and what they came to."""
    told = list(selectors.open_to(request.user, request.at))
    mine = [row for row in told if row.asked or row.my_pk is not None]
    signed = (PlaceState.COMING, PlaceState.WAITING)
    coming = [
        row
        for row in mine
        if row.ends_at > request.at and (row.called_off_at is None or row.my_state in signed)
    ]
    past = [row for row in mine if row.ends_at <= request.at and row.my_state == PlaceState.COMING]
    kept = list(policy.settings_coordinated(request.user, request.at).order_by("name"))
    hosted = [
        row
        for row in told
        if row.host_id == request.user.pk and row not in coming and row.ends_at > request.at
    ]
    page = {"coming": coming, "past": past[::-1], "kept": kept, "hosted": hosted}
    return render(request, "notifications/events.html", page)


@form_page
@login_required
def show_event(request: SignedInRequest, event_id: UUID) -> HttpResponse:
    """One event; whoever is asked signs up here, or changes how many come."""
    row = selectors.one_for(request.user, event_id, request.at)
    place = selectors.place_of(row, request.user)
    has = place if place is not None and place.state != PlaceState.TAKEN_BACK else None
    open_now = row.asked and (
        selectors.may_sign_up(row, request.at) or (has is not None and _before(row, request))
    )
    data = conflict.settled(request.POST) if request.method == "POST" else None
    if data is not None and not row.asked:
        raise Http404
    form: Any = PlaceForm(data, event=row, place=place) if open_now or data is not None else None

    def page(status: int = 200) -> HttpResponse:
        context = {
            "event": row,
            "place": has,
            "form": form,
            "free": selectors.free(row),
            "keeps": selectors.keeps(request.user, row, request.at),
            "hosts": selectors.hosts(request.user, row, request.at),
            "over": row.ends_at <= request.at,
            "begun": row.starts_at <= request.at,
        }
        return render(request, "notifications/event.html", context, status=status)

    if data is None:
        if request.method == "GET":
            events.saw(row, request.user, request.at)
        return page()
    made: list[EventPlace] = []
    refused = _saved(
        request,
        form,
        lambda: made.append(events.sign_up(event=row, person=request.user, **_who(request), **form.typed)),
        page,
        reverse("event", args=[row.pk]),
    )
    if refused is not None:
        return refused
    waits = made[0].state == PlaceState.WAITING
    messages.success(
        request,
        _("You wait for a place. If one comes free, you get it and we tell you.")
        if waits
        else _("You are coming. We remind you the day before."),
    )
    return redirect("event", event_id)


def _before(row: Event, request: SignedInRequest) -> bool:
    return row.called_off_at is None and row.starts_at > request.at


@require_POST
@login_required
def leave_event(request: SignedInRequest, event_id: UUID) -> HttpResponse:
    """One press: they do not come after all."""
    row = selectors.one_for(request.user, event_id, request.at)
    try:
        events.take_back(event=row, person=request.user, **_who(request))
    except NotNow as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("Thank you for telling us. You are not on the list any more."))
    return redirect("event", event_id)


@require_safe
@login_required
def event_file(request: SignedInRequest, event_id: UUID) -> HttpResponse:
    """The event for whatever calendar opens it."""
    row = selectors.one_for(request.user, event_id, request.at)
    answer = HttpResponse(event_calendar.file(row, request.at), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="event.ics"'
    answer["Cache-Control"] = "no-store, private"
    return answer


# For its SENCO ---------------------------------------------------------------------------------------------------


@require_safe
@login_required
def setting_events(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    """All events of a setting, and apart those that are over."""
    kept = policy.settings_coordinated(request.user, request.at)
    setting = get_object_or_404(kept, pk=setting_id)
    rows = list(selectors.of_setting(setting))
    page = {
        "setting": setting,
        "coming": [row for row in rows if row.ends_at > request.at],
        "past": [row for row in reversed(rows) if row.ends_at <= request.at],
    }
    return render(request, "notifications/setting_events.html", page)


def _form(request: SignedInRequest, setting: Setting, data: Any, row: Event | None = None) -> EventForm:
    return EventForm(
        data,
        classes=classes_of_settings([setting]),
        staff=selectors.staff_of(setting, request.at),
        row=row,
    )


@form_page
@login_required
def add_event(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    kept = policy.settings_coordinated(request.user, request.at)
    setting = get_object_or_404(kept, pk=setting_id)
    form = _form(request, setting, request.POST if request.method == "POST" else None)
    back = reverse("setting_events", args=[setting.pk])

    def page(status: int = 200) -> HttpResponse:
        context = {"setting": setting, "form": form, "row": None, "back": back}
        return render(request, "notifications/event_form.html", context, status=status)

    if not form.is_bound:
        return page()
    save = lambda: events.add(setting=setting, **_who(request), **form.typed)  # noqa: E731
    refused = _saved(request, form, save, page, back)
    if refused is not None:
        return refused
    messages.success(request, _("It is saved. Whoever is asked sees it on their first page."))
    return redirect(back)


@form_page
@login_required
def edit_event(request: SignedInRequest, event_id: UUID) -> HttpResponse:
    row = selectors.one_kept(request.user, event_id, request.at)
    data = conflict.settled(request.POST) if request.method == "POST" else None
    form, back = _form(request, row.setting, data, row), reverse("event", args=[row.pk])

    def page(status: int = 200) -> HttpResponse:
        context = {"setting": row.setting, "form": form, "row": row, "back": back}
        return render(request, "notifications/event_form.html", context, status=status)

    if not form.is_bound:
        return page()
    moved: list[bool] = []

    def save() -> None:
        moved.append(events.edit(event=row, **_who(request), **form.typed).moved > row.moved)

    refused = _saved(request, form, save, page, back)
    if refused is not None:
        return refused
    told = _("Saved. Whoever signed up is told that the time or place changed.") if moved[0] else _("Saved.")
    messages.success(request, told)
    return redirect(back)


@form_page
@login_required
def call_off_event(request: SignedInRequest, event_id: UUID) -> HttpResponse:
    row = selectors.one_kept(request.user, event_id, request.at)
    form = CallOffForm(request.POST if request.method == "POST" else None)
    back = reverse("event", args=[row.pk])

    def page(status: int = 200) -> HttpResponse:
        context = {"event": row, "form": form, "back": back}
        return render(request, "notifications/call_off_event.html", context, status=status)

    if not form.is_bound:
        return page()
    refused = _saved(
        request, form, lambda: events.call_off(event=row, **_who(request), **form.typed), page, back
    )
    if refused is not None:
        return refused
    messages.success(request, _("It is called off. Whoever signed up is told."))
    return redirect(back)


# Who comes ---------------------------------------------------------------------------------------------------------


def _hosted(request: SignedInRequest, event_id: UUID) -> Any:
    row = selectors.one_for(request.user, event_id, request.at)
    if not selectors.hosts(request.user, row, request.at):
        raise Http404
    return row


@require_safe
@login_required
def event_guests(request: SignedInRequest, event_id: UUID) -> HttpResponse:
    """Who comes and who waits; its SENCO reads what each told them, and signs people up."""
    row = _hosted(request, event_id)
    found = selectors.guests(row, request.at)
    page = {
        "event": row,
        "keeps": selectors.keeps(request.user, row, request.at),
        "coming": [one for one in found if one.place.state == PlaceState.COMING],
        "waiting": [one for one in found if one.place.state == PlaceState.WAITING],
        "before": _before(row, request),
    }
    return render(request, "notifications/event_guests.html", page)


@require_safe
@login_required
def door_csv(request: SignedInRequest, event_id: UUID) -> HttpResponse:
    """The list for the door, for a spreadsheet. That it was given out is written down."""
    row = _hosted(request, event_id)
    found = events.issue(event=row, form="csv", **_who(request))
    return _attached(exports.as_csv(door.rows(row, found)), exports.CSV, "csv")


@require_safe
@login_required
def door_pdf(request: SignedInRequest, event_id: UUID) -> HttpResponse:
    """The list for the door, on paper. That it was given out is written down."""
    row = _hosted(request, event_id)
    found = events.issue(event=row, form="pdf", **_who(request))
    return _attached(door.pdf(row, found), "application/pdf", "pdf")


def _attached(content: bytes, kind: str, ending: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="who-comes.{ending}"'
    answer["Cache-Control"] = "no-store, private"
    return answer


@require_safe
@login_required
def find_for_event(request: SignedInRequest, event_id: UUID) -> HttpResponse:
    """Whom a SENCO can sign up: whoever is asked and has no place."""
    row = selectors.one_kept(request.user, event_id, request.at)
    form = FindForm(request.GET)
    form.is_valid()
    words = form.cleaned_data.get("q", "")
    found = selectors.to_sign_up(row, words, request.at)
    page = {
        "event": row,
        "form": form,
        "found": found[: selectors.FOUND],
        "more": found[selectors.FOUND :],
        "words": words,
    }
    return render(request, "notifications/find_for_event.html", page)


@form_page
@login_required
def sign_up_for(request: SignedInRequest, event_id: UUID, person_id: UUID) -> HttpResponse:
    """A SENCO writes down what somebody told them."""
    row = selectors.one_kept(request.user, event_id, request.at)
    person = selectors.person_asked(row, person_id, request.at)
    place = selectors.place_of(row, person)
    data = conflict.settled(request.POST) if request.method == "POST" else None
    form = PlaceForForm(data, event=row, place=place, at=request.at)
    back = reverse("event_guests", args=[row.pk])

    def page(status: int = 200) -> HttpResponse:
        has = place if place is not None and place.state != PlaceState.TAKEN_BACK else None
        context = {"event": row, "person": person, "place": has, "form": form, "back": back}
        return render(request, "notifications/sign_up_for.html", context, status=status)

    if not form.is_bound:
        return page()
    refused = _saved(
        request,
        form,
        lambda: events.sign_up(event=row, person=person, **_who(request), **form.typed),
        page,
        back,
    )
    if refused is not None:
        return refused
    messages.success(request, _("It is written down."))
    return redirect(back)


@require_POST
@login_required
def take_off_event(request: SignedInRequest, event_id: UUID, person_id: UUID) -> HttpResponse:
    """One press: somebody told the SENCO that they do not come, or is not asked any more."""
    row = selectors.one_kept(request.user, event_id, request.at)
    person = selectors.person_asked(row, person_id, request.at)
    try:
        events.take_back(event=row, person=person, **_who(request))
    except NotNow as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("They are not on the list any more."))
    return redirect("event_guests", event_id)
