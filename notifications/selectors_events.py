"""Who is asked to an event of a setting, and what pages show of it.

Nothing here is of a pupil's record: somebody is asked because they work there, are a pupil there, or stand near one as
family now, and whoever is shut out from a child is not asked because of that child (`policy.families_here`). Nobody
who signs up reads who else does.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Lower
from django.http import Http404
from django.utils import timezone

from accounts.enums import Phase
from accounts.models import Membership, Setting, User
from accounts.policy import live, settings_of
from apdr.enums import SchoolPhase
from apdr.selectors_library import PHASE_OF
from pupils import policy
from pupils.models import Enrolment

from .enums_events import ForWhom, PlaceState
from .models import Event, EventPlace

#: What is over stays on its pages for this long.
SHOWN_FOR = timedelta(days=365)
#: People of a family that a SENCO finds at once when they sign somebody up.
FOUND = 25


# Who is asked ------------------------------------------------------------------------------------------------


def phases_of(phase: str, year: str) -> set[SchoolPhase]:
    """For which phases a pupil of a year is meant: the reception year is both early years and primary."""
    if year in ("E1", "E2", "N1", "N2"):
        return {SchoolPhase.EARLY_YEARS}
    if year == "R":
        return {SchoolPhase.EARLY_YEARS, SchoolPhase.PRIMARY}
    if year.isdecimal():
        number = int(year)
        if number <= 6:
            return {SchoolPhase.PRIMARY}
        return {SchoolPhase.SECONDARY if number <= 11 else SchoolPhase.POST_16}
    found = PHASE_OF.get(Phase(phase))
    return {found} if found else set()


def _means(here: policy.Here) -> Q:
    """The events that are for somebody because of one pupil."""
    whom = ForWhom.PUPILS if here.own else ForWhom.PARENTS
    some = Q(phases=[], classes=[])
    if phases := phases_of(here.phase, here.year):
        some |= Q(phases__overlap=sorted(phases))
    if here.classes:
        some |= Q(classes__overlap=sorted(here.classes))
    return Q(some, setting=here.setting, whom__contains=[whom.value])


def asked_to(person: User, at: datetime, family: Iterable[policy.Here] | None = None) -> Q:
    """Which events somebody is asked to at an instant: 1 query, or none where `family` is known already, which is what
    `policy.families_here` says of them.
    """
    either = Q(setting__in=settings_of(person, at).values("pk"), whom__contains=[ForWhom.STAFF.value])
    for here in policy.families_here(at, person=person.pk) if family is None else family:
        either |= _means(here)
    return either


def asked(event: Event, at: datetime) -> set[UUID]:
    """Everybody who is asked to an event at an instant: 2 queries."""
    families = policy.families_here(at, setting=event.setting_id)
    found = {here.person for here in families if _meant(event, here)}
    if ForWhom.STAFF in event.whom:
        found |= set(_staff(event.setting_id, at).values_list("person", flat=True))
    return found


def _meant(event: Event, here: policy.Here) -> bool:
    """`_means`, of one event."""
    if (ForWhom.PUPILS if here.own else ForWhom.PARENTS) not in event.whom:
        return False
    if not event.phases and not event.classes:
        return True
    return bool(phases_of(here.phase, here.year) & set(event.phases) or here.classes & set(event.classes))


def _staff(setting: UUID, at: datetime) -> QuerySet[Membership]:
    return Membership.objects.filter(live(at), setting=setting, person__is_active=True)


def staff_of(setting: Setting, at: datetime) -> QuerySet[User]:
    """Whoever works in a setting now, by name: who can be the host of an event."""
    return User.objects.filter(pk__in=_staff(setting.pk, at).values("person")).order_by("name", "pk")


def keeps(person: User, event: Event, at: datetime) -> bool:
    """Whether somebody makes and changes an event, and reads all that is said about it: a SENCO of the setting."""
    return policy.coordinates(person, event.setting, at)


def hosts(person: User, event: Event, at: datetime) -> bool:
    """Whether somebody reads who comes: who keeps it, and its host for as long as they work there."""
    if keeps(person, event, at):
        return True
    host = event.host_id is not None and event.host_id == person.pk
    return host and settings_of(person, at).filter(pk=event.setting_id).exists()


# Events and places -------------------------------------------------------------------------------------------


def _with_taken(rows: QuerySet[Event]) -> QuerySet[Any]:
    """Events, each with how many people come (`coming`) and with how many sign-ups wait (`waiting`)."""
    places = EventPlace.objects.filter(event=OuterRef("pk")).order_by().values("event")
    come = places.filter(state=PlaceState.COMING).annotate(n=Sum(F("adults") + F("children"))).values("n")
    waits = places.filter(state=PlaceState.WAITING).annotate(n=Sum(F("adults") + F("children"))).values("n")
    return rows.annotate(
        coming=Coalesce(Subquery(come, output_field=IntegerField()), 0),
        waiting=Coalesce(Subquery(waits, output_field=IntegerField()), 0),
    )


def _with_mine(rows: QuerySet[Event], person: User) -> QuerySet[Any]:
    """Events, each with what somebody said to it as `my_…`, or none of that."""
    rows = rows.annotate(mine=FilteredRelation("taken", condition=Q(taken__person=person.pk)))
    names = ("pk", "state", "adults", "children", "seen_at", "came_free_at")
    return rows.annotate(**{f"my_{name}": F(f"mine__{name}") for name in names})


def open_to(person: User, at: datetime, family: Iterable[policy.Here] | None = None) -> QuerySet[Any]:
    """The events of which somebody is told, the next first: what they are asked to (`asked`), and what they keep or host.

    As many queries as `asked_to`, and 1 when it is read.
    """
    asked = asked_to(person, at, family)
    kept = Q(setting__in=policy.settings_coordinated(person, at).order_by().values("pk"))
    hosted = Q(host=person.pk, setting__in=settings_of(person, at).values("pk"))
    rows = Event.objects.filter(kept | hosted | asked, ends_at__gt=at - SHOWN_FOR).select_related("setting")
    rows = rows.annotate(asked=Case(When(asked, then=Value(True)), default=Value(False)))
    return _with_mine(_with_taken(rows), person).order_by("starts_at", "pk")


def one_for(person: User, event_id: UUID, at: datetime) -> Any:
    """An event of which somebody is told. Raises Http404."""
    row = open_to(person, at).filter(pk=event_id).first()
    if row is None:
        raise Http404
    return row


def one_kept(person: User, event_id: UUID, at: datetime) -> Event:
    """An event that somebody keeps. Raises Http404."""
    kept = policy.settings_coordinated(person, at)
    row = Event.objects.filter(pk=event_id, setting__in=kept).select_related("setting", "host").first()
    if row is None:
        raise Http404
    return row


def of_setting(setting: Setting) -> QuerySet[Any]:
    """All events of a setting, for who keeps them."""
    return _with_taken(Event.objects.filter(setting=setting)).select_related("setting", "host")


def of_settings_read(person: User, setting: Setting, at: datetime) -> QuerySet[Any]:
    """The events of one setting of which somebody is told."""
    return open_to(person, at).filter(setting=setting)


def free(row: Any) -> int | None:
    """How many more people have room; None where there is room for everybody."""
    return None if row.places is None else max(row.places - row.coming, 0)


def may_sign_up(event: Event, at: datetime) -> bool:
    """Whether whoever is asked can still sign up for an event themselves, or ask for more room."""
    if event.called_off_at is not None or event.starts_at <= at:
        return False
    return event.sign_up_until is None or timezone.localdate(at) <= event.sign_up_until


def place_of(event: Event, person: User) -> EventPlace | None:
    return EventPlace.objects.filter(event=event, person=person).first()


@dataclass(frozen=True)
class Guest:
    """One line of who comes. `asked`: they are still asked; whoever is not stands on no list for the door."""

    place: EventPlace
    asked: bool


def guests(event: Event, at: datetime) -> list[Guest]:
    """Who comes by name, then who waits by since when: 3 queries."""
    rows = EventPlace.objects.filter(
        event=event, state__in=[PlaceState.COMING, PlaceState.WAITING]
    ).select_related("person", "by")
    found = asked(event, at)
    order = Case(When(state=PlaceState.COMING, then=0), default=1, output_field=IntegerField())
    return [
        Guest(row, row.person_id in found)
        for row in rows.order_by(order, "waits_since", "person__name", "pk")
    ]


def at_the_door(event: Event, at: datetime) -> list[EventPlace]:
    """Who is let in: whoever comes and is still asked, by name. 3 queries."""
    return [one.place for one in guests(event, at) if one.asked and one.place.state == PlaceState.COMING]


def to_sign_up(event: Event, words: str, at: datetime) -> list[User]:
    """The people who are asked to an event and have no place yet, by name; those that have each of some words in it."""
    rows = User.objects.filter(pk__in=asked(event, at)).exclude(
        pk__in=EventPlace.objects.filter(event=event).exclude(state=PlaceState.TAKEN_BACK).values("person")
    )
    for word in words.split():
        rows = rows.filter(name__icontains=word)
    return list(rows.order_by("name", "pk")[: FOUND + 1])


def person_asked(event: Event, person_id: UUID, at: datetime) -> User:
    """Somebody who is asked to an event, or has a place at it. Raises Http404."""
    has = EventPlace.objects.filter(event=event, person=person_id).exists()
    row = User.objects.filter(pk=person_id).first() if has or person_id in asked(event, at) else None
    if row is None:
        raise Http404
    return row


# What a message and a calendar say ---------------------------------------------------------------------------

#: Words that would tell why somebody comes.
_TELLING = {"send", "sen", "senco", "sencos", "ehc", "ehcp", "ehcps", "sendco"}
_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)


@dataclass(frozen=True)
class Said:
    """What is said of an event where others may read it: its name and place, or only of what kind it is."""

    name: str
    where: str


def said_each(events: Iterable[Event], at: datetime) -> dict[UUID, Said]:
    """What a message or a calendar says of some events, by id: 1 query.

    Names and places are typed by hand. Where one holds a word such as SEND, or the name of a pupil who is there now, it
    stays on the page, behind signing in: the kind of the event stands for its name, and no place is said.
    """
    found = list(events)
    settings = {one.setting_id for one in found}
    typed = {word for one in found for word in _words(f"{one.title} {one.where}")}
    names = _pupils_called(settings, typed, at) if typed else {}
    told = {}
    for one in found:
        tells = _TELLING | names.get(one.setting_id, set())
        told[one.pk] = Said(
            one.get_kind_display() if _words(one.title) & tells else one.title,
            "" if _words(one.where) & tells else one.where,
        )
    return told


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}


def _pupils_called(settings: set[UUID], typed: set[str], at: datetime) -> dict[UUID, set[str]]:
    """Of some words, those that are a name of a pupil of each of these settings now."""
    here = Enrolment.objects.on(timezone.localdate(at)).filter(setting__in=settings)
    names = ("given_name", "known_as", "family_name")
    rows = here.annotate(**{f"lower_{name}": Lower(f"pupil__{name}") for name in names})
    # a name of several words is looked for by each of them
    either = Q()
    for name in names:
        either |= Q(**{f"lower_{name}__in": sorted(typed)}) | Q(**{f"lower_{name}__regex": r"[^[:alpha:]]"})
    found: dict[UUID, set[str]] = {}
    for setting, *parts in rows.filter(either).values_list("setting", *(f"lower_{name}" for name in names)):
        found.setdefault(setting, set()).update(*(_words(part) & typed for part in parts))
    return found
