"""Events of a setting: made, changed and called off by its SENCO, and who has a place.

Places are counted in people. Whoever signs up holds the event until it is saved, so that nobody is given a place that is
not there. What comes free goes to whoever has waited longest and fits in: a family of five does not keep one person
waiting for whom there is room. Who comes is told to nobody who signs up.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Sum
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import Asked
from accounts.models import Setting, User
from apdr.services.common import made_before
from pupils import audit, policy
from pupils.errors import NotNow, Stale
from pupils.models import ClassGroup
from pupils.services import save_version
from reviews.invitations import check_told

from . import selectors_events as selectors
from .enums_events import PlaceState
from .models import Event, EventPlace

#: What changes of these, everybody who signed up is told.
_MOVES = frozenset({"starts_at", "ends_at", "where"})
LONGEST = timedelta(hours=24)


def _require(by: User, setting: Setting, at: datetime) -> None:
    if not policy.coordinates(by, setting, at):
        raise PermissionDenied(_("Only a SENCO of this setting can change its events."))


def _hold(event: Event) -> Event:
    return (
        Event.objects.select_for_update(of=("self",), no_key=True).select_related("setting").get(pk=event.pk)
    )


def _as_kept(fields: dict[str, Any]) -> dict[str, Any]:
    """Instants as UTC: two that London's clocks show alike are told apart."""
    for name in ("starts_at", "ends_at"):
        if name in fields:
            fields[name] = fields[name].astimezone(UTC)
    for name in ("phases", "classes", "whom"):
        if name in fields:
            fields[name] = sorted(set(fields[name]))
    return fields


def _check(row: Event, at: datetime) -> None:
    """Raises ValidationError by field for what an event cannot be."""
    wrong: dict[str, Any] = {}
    if row.starts_at <= at:
        wrong["starts_at"] = _("Choose a time to come.")
    elif row.starts_at > at + timedelta(days=366):
        wrong["starts_at"] = _("Choose a day within a year.")
    elif row.ends_at > row.starts_at + LONGEST:
        wrong["ends_at"] = _("An event is a day long at most.")
    if row.sign_up_until is not None and row.sign_up_until > timezone.localdate(row.starts_at):
        wrong["sign_up_until"] = _("This is after the event. Choose its day or an earlier one.")
    known = (
        ClassGroup.objects.filter(pk__in=row.classes, setting=row.setting_id).count() if row.classes else 0
    )
    if known != len(row.classes):
        wrong["classes"] = _("Choose classes of this setting.")
    if row.host_id is not None and not selectors.staff_of(row.setting, at).filter(pk=row.host_id).exists():
        wrong["host"] = _("Choose somebody who works here.")
    if wrong:
        raise ValidationError(wrong)


@transaction.atomic
def add(*, setting: Setting, by: User, at: datetime, key: UUID | None = None, **fields: Any) -> Event:
    """One more event; the same form sent twice makes one. Raises ValidationError by field."""
    _require(by, setting, at)
    before = made_before(Event, key, created_by=by, setting=setting)
    if before is not None:
        return before
    row = Event(
        setting=setting, created_by=by, created_at=at, **_as_kept(fields), **({"pk": key} if key else {})
    )
    row.full_clean()
    _check(row, at)
    row.save()
    audit.record("event added", by=by, at=at, setting=setting, of=row)
    return row


@transaction.atomic
def edit(*, event: Event, version: int, by: User, at: datetime, **fields: Any) -> Event:
    """Change an event that is to come. Whoever signed up is told where its time or place is another.

    Where there are more places than before, whoever waits gets them. Raises Stale, NotNow, or ValidationError by field.
    """
    _require(by, event.setting, at)
    row = _hold(event)
    _still_to_come(row, at)
    fields = _as_kept(fields)
    places = fields.get("places", row.places)
    coming = _coming(row)
    if places is not None and places < coming:
        told = ngettext(
            "%(number)s person comes already. There cannot be fewer places than that.",
            "%(number)s people come already. There cannot be fewer places than that.",
            coming,
        )
        if places != row.places:
            raise ValidationError({"places": told % {"number": coming}})
    now = Event.objects.select_related("setting").get(pk=row.pk)
    for name, value in fields.items():
        setattr(now, name, value)
    if version == row.version:
        now.clean_fields(exclude=["setting", "created_by"])
        _check(now, at)
    if any(name in fields and fields[name] != getattr(row, name) for name in _MOVES):
        fields |= {"moved": row.moved + 1, "moved_at": at}
    try:
        changed = save_version(row, version, fields)
    except Stale as stale:
        raise Stale(
            stale.now, {k: v for k, v in stale.typed.items() if k not in ("moved", "moved_at")}
        ) from None
    if changed:
        audit.record("event changed", by=by, at=at, setting=row.setting, of=row, fields=changed)
        _give_out(row, at)
    return row


@transaction.atomic
def call_off(*, event: Event, by: User, at: datetime, why: str) -> None:
    """Call an event off. Whoever signed up is told, and reads why on its page. Twice is once.

    Raises NotNow for one that has begun, ValidationError without a reason.
    """
    _require(by, event.setting, at)
    row = _hold(event)
    if row.called_off_at is not None:
        return
    _still_to_come(row, at)
    if not why.strip():
        raise ValidationError({"why": _("Say why, in a sentence that families can read.")})
    row.called_off_at, row.why_off = at, why.strip()
    row.version += 1
    row.full_clean()
    row.save(update_fields=["called_off_at", "why_off", "version"])
    audit.record("event called off", by=by, at=at, setting=row.setting, of=row)


def _still_to_come(row: Event, at: datetime) -> None:
    if row.called_off_at is not None:
        raise NotNow(_("This event is called off. Make another one."))
    if row.starts_at <= at:
        raise NotNow(_("This event has begun. It cannot be changed any more."))


# Places ------------------------------------------------------------------------------------------------------


def _coming(event: Event) -> int:
    rows = EventPlace.objects.filter(event=event, state=PlaceState.COMING)
    return rows.aggregate(n=Sum(F("adults") + F("children")))["n"] or 0


def _room(event: Event, besides: EventPlace | None) -> int | None:
    """How many people more have room; what `besides` holds already is theirs."""
    if event.places is None:
        return None
    mine = besides.people if besides is not None and besides.state == PlaceState.COMING else 0
    return event.places - _coming(event) + mine


@transaction.atomic
def sign_up(
    *,
    event: Event,
    person: User,
    version: int,
    by: User,
    at: datetime,
    adults: int,
    children: int = 0,
    know: str = "",
    wait: bool = False,
    told_how: Asked | str = "",
    told_on: date | None = None,
) -> EventPlace:
    """Somebody who is asked says with how many they come, or changes that. Twice is once.

    `version` is that of the place as it was read, 0 where there was none. Where there is too little room they wait for
    it, if they said so (`wait`). A SENCO writes it down for somebody, with how and when they told us, until the event
    begins; everybody else until sign-up ends. Raises Http404 for whoever is not asked, NotNow, Stale, and
    ValidationError by field.
    """
    kept = by != person
    if kept:
        _require(by, event.setting, at)
        if not told_how or told_on is None:
            raise ValidationError({"told_how": _("Say how they told you, and when.")})
        check_told(told_on, at)
    row = _hold(event)
    if person.pk not in selectors.asked(row, at):
        raise Http404
    place = EventPlace.objects.filter(event=row, person=person).first()
    said: dict[str, Any] = {"adults": adults, "children": children, "know": know.strip()}
    told: dict[str, Any] = {"told_how": str(told_how) if kept else "", "told_on": told_on if kept else None}
    there = place is not None and place.state != PlaceState.TAKEN_BACK
    if there and all(getattr(place, name) == value for name, value in said.items()):
        assert place is not None
        return place
    if (place.version if place is not None else 0) != version:
        raise Stale(place, said)
    if kept:
        _still_to_come(row, at)
    elif not selectors.may_sign_up(row, at) and not (there and _asks_for_less(place, said, row, at)):
        raise NotNow(_why_closed(row, at))
    was = place.state if place is not None else ""
    if place is None:
        place = EventPlace(event=row, person=person, at=at, state=PlaceState.TAKEN_BACK, **said)
    room = _room(row, place)
    fits = room is None or adults + children <= room
    state = _next_state(PlaceState(place.state), fits, wait, room)
    for name, value in {**said, **told, "by": by, "state": state, "seen_at": at}.items():
        setattr(place, name, value)
    if state == PlaceState.WAITING:
        place.waits_since = place.waits_since or at
    else:
        place.waits_since, place.came_free_at = None, None
    place.version = version + 1
    place.full_clean()
    place.save()
    audit.record(
        "event signed up for" if was in ("", PlaceState.TAKEN_BACK) else "event place changed",
        by=by, at=at, setting=row.setting, of=place, state=place.state, to=str(person.pk),
    )  # fmt: skip
    _give_out(row, at)
    place.refresh_from_db()
    return place


def _asks_for_less(place: EventPlace | None, said: dict[str, Any], event: Event, at: datetime) -> bool:
    """Fewer of them come, or they tell something more: this is taken until the event begins."""
    if place is None or event.called_off_at is not None or event.starts_at <= at:
        return False
    return bool(said["adults"] + said["children"] <= place.people)


def _next_state(was: PlaceState, fits: bool, wait: bool, room: int | None) -> PlaceState:
    """Raises ValidationError where there is too little room, and they do not want to wait."""
    if fits:
        return PlaceState.COMING
    if was == PlaceState.WAITING or (wait and was == PlaceState.TAKEN_BACK):
        return PlaceState.WAITING
    assert room is not None
    if room > 0:
        told = ngettext(
            "There is %(room)s place left. Choose fewer people",
            "There are %(room)s places left. Choose fewer people",
            room,
        ) % {"room": room}
    else:
        told = _("All places are taken")
    if was == PlaceState.COMING:
        raise ValidationError({"adults": f"{told}."})
    raise ValidationError({"wait": _("%(told)s, or tick this to wait for a place.") % {"told": told}})


def _why_closed(event: Event, at: datetime) -> str:
    if event.called_off_at is not None:
        return _("This event is called off.")
    if event.starts_at <= at:
        return _("This event has begun.")
    return _("Sign-up is over. Ask the school if there is still room.")


@transaction.atomic
def take_back(*, event: Event, person: User, by: User, at: datetime) -> None:
    """Somebody does not come after all, or a SENCO writes that down; what comes free goes to who waits. Twice is once.

    Raises Http404 where there is no place, NotNow once the event has begun.
    """
    if by != person:
        _require(by, event.setting, at)
    row = _hold(event)
    place = EventPlace.objects.filter(event=row, person=person).first()
    if place is None:
        raise Http404
    if place.state == PlaceState.TAKEN_BACK:
        return
    if row.starts_at <= at:
        raise NotNow(_("This event has begun."))
    place.state, place.waits_since, place.came_free_at, place.by = PlaceState.TAKEN_BACK, None, None, by
    if by == person:
        place.told_how, place.told_on = "", None
    place.version += 1
    place.save()
    audit.record("event place taken back", by=by, at=at, setting=row.setting, of=place, to=str(person.pk))
    _give_out(row, at)


def _give_out(event: Event, at: datetime) -> None:
    """Give what is free to those who wait and are still asked, the longest first, each if all of them fit in."""
    if event.called_off_at is not None or event.starts_at <= at:
        return
    waiting = list(
        EventPlace.objects.filter(event=event, state=PlaceState.WAITING).order_by("waits_since", "pk")
    )
    if not waiting:
        return
    room, asked = _room(event, None), selectors.asked(event, at)
    for place in waiting:
        if place.person_id not in asked or (room is not None and place.people > room):
            continue
        place.state, place.waits_since, place.came_free_at = PlaceState.COMING, None, at
        place.version += 1
        place.save(update_fields=["state", "waits_since", "came_free_at", "version"])
        audit.record(
            "event place came free", by=None, at=at, setting=event.setting, of=place, to=str(place.person_id)
        )
        room = None if room is None else room - place.people


def saw(event: Event, person: User, at: datetime) -> None:
    """Somebody looked at an event: what is new of it needs them no more. 1 query."""
    EventPlace.objects.filter(event=event, person=person, seen_at__lt=at).update(seen_at=at)


@transaction.atomic
def issue(*, event: Event, by: User, at: datetime, form: str) -> list[EventPlace]:
    """The list for the door, as a file of this form; that it was given out, and to whom, is written down.

    Raises Http404 for whoever does not read who comes.
    """
    if not selectors.hosts(by, event, at):
        raise Http404
    found = selectors.at_the_door(event, at)
    audit.record(
        "event list given out", by=by, at=at, setting=event.setting, of=event, form=form, people=len(found)
    )
    return found
