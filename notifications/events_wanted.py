"""What somebody is told of an event that they signed up for: the reminders, and what needs me.

As `notifications.wanted`, of a setting and nobody's record: computed at an instant, stored nowhere. Whoever is not asked to
the event any more is told nothing of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User

from . import selectors_events as selectors
from .enums import OF_EVENTS, Kind
from .enums_events import PlaceState
from .models import Event, EventPlace
from .selectors_events import Said
from .wanted import WORDS, Key


@dataclass(frozen=True)
class EventNews:
    """One thing that one person is told of an event at an instant."""

    kind: Kind
    person: User
    event: Event
    place: UUID
    occasion: str
    said: Said
    at: datetime

    @property
    def key(self) -> Key:
        return self.kind.value, None, self.event.setting_id, self.person.pk, self.place, self.occasion

    @property
    def words(self) -> str:
        """What they are told: the day before what, when and where; of a change, only that there is one."""
        if self.kind is not Kind.EVENT_SOON:
            return str(WORDS[self.kind])
        told = {
            "event": self.said.name,
            "time": date_format(timezone.localtime(self.event.starts_at), "G:i"),
            "where": self.said.where,
        }
        today = timezone.localdate(self.event.starts_at) == timezone.localdate(self.at)
        if not self.said.where:
            return (_("Today: %(event)s, %(time)s") if today else _("Tomorrow: %(event)s, %(time)s")) % told
        if today:
            return _("Today: %(event)s, %(time)s, %(where)s") % told
        return _("Tomorrow: %(event)s, %(time)s, %(where)s") % told

    @property
    def href(self) -> str:
        return reverse("event", args=[self.event.pk])


def _kinds(
    event: Event, state: str, seen_at: datetime, came_free_at: datetime | None, at: datetime
) -> Iterable[tuple[Kind, str]]:
    """What there is to tell of one place that somebody has or waits for, each with its occasion."""
    if event.called_off_at is not None:
        if event.called_off_at > seen_at and event.ends_at > at:
            yield Kind.EVENT_OFF, "off"
        return
    if event.starts_at <= at:
        return
    if event.moved_at is not None and event.moved_at > seen_at:
        yield Kind.EVENT_MOVED, str(event.moved)
    if state != PlaceState.COMING:
        return
    if came_free_at is not None and came_free_at > seen_at:
        yield Kind.EVENT_PLACE, came_free_at.isoformat()
    day = timezone.localdate(event.starts_at)
    if day - timezone.localdate(at) <= timedelta(days=1):
        yield Kind.EVENT_SOON, day.isoformat()


def found(at: datetime, people: Iterable[UUID] | None = None) -> list[EventNews]:
    """What there is to tell of everybody's places, or of some people's, whether they are asked still or not: 2 queries."""
    rows = EventPlace.objects.filter(
        ~Q(state=PlaceState.TAKEN_BACK), event__ends_at__gt=at, person__is_active=True
    ).select_related("event", "person__preferences")
    if people is not None:
        rows = rows.filter(person__in=list(people))
    told = [
        (row, kind, occasion)
        for row in rows.order_by("event__starts_at", "pk")
        for kind, occasion in _kinds(row.event, row.state, row.seen_at, row.came_free_at, at)
    ]
    said = _said([row.event for row, kind, __ in told if kind is Kind.EVENT_SOON], at)
    return [
        EventNews(kind, row.person, row.event, row.pk, occasion, said.get(row.event_id, _NOTHING), at)
        for row, kind, occasion in told
    ]


_NOTHING = Said("", "")


def _said(events: list[Event], at: datetime) -> dict[UUID, Said]:
    return selectors.said_each(events, at) if events else {}


def open_to(news: list[EventNews], at: datetime) -> list[EventNews]:
    """Of what there is to tell, what is for people who are asked to the event still: 2 queries for each event."""
    asked = {
        pk: selectors.asked(event, at) for pk, event in {one.event.pk: one.event for one in news}.items()
    }
    return [one for one in news if one.person.pk in asked[one.event.pk]]


def wanted(at: datetime, people: Iterable[UUID] | None = None) -> list[EventNews]:
    """What everybody, or some people, are told now."""
    return open_to(found(at, people), at)


def of_rows(rows: Iterable[Any], person: User, at: datetime) -> list[EventNews]:
    """What one person is told of events that were read for them (`selectors.open_to`): at most 1 query."""
    told = [
        (row, kind, occasion)
        for row in rows
        if row.my_pk is not None and row.my_state != PlaceState.TAKEN_BACK
        for kind, occasion in _kinds(row, row.my_state, row.my_seen_at, row.my_came_free_at, at)
    ]
    said = _said([row for row, kind, __ in told if kind is Kind.EVENT_SOON], at)
    order = sorted(OF_EVENTS, key=list(Kind).index)
    news = [
        EventNews(kind, person, row, row.my_pk, occasion, said.get(row.pk, _NOTHING), at)
        for row, kind, occasion in told
    ]
    return sorted(news, key=lambda one: (order.index(one.kind), one.event.starts_at))
