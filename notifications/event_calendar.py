"""Events in somebody's own calendar, and one event as a file.

As reviews (`reviews.feeds`): asked anew at each reading, and what was given and is theirs no longer is called off once. An
entry says what an event is, when and where, in words that name no child and do not say why somebody comes
(`selectors_events.said_each`).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import icalendar
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from reviews import feeds, ics
from reviews.models import CalendarFeed

from . import selectors_events as selectors
from .enums_events import PlaceState
from .models import Event, EventEntry

SUMMARY = _lazy("Event")
DESCRIPTION = _lazy("Sign in to Alongside to see more.")
#: Stands behind an event's id in the uid of its entry, for good.
DOMAIN = "events.alongside.invalid"


def of_feed(feed: CalendarFeed, at: datetime) -> Iterable[icalendar.Event]:
    """The entries of an address, of the events that its person comes to and is asked to still: 3 to 5 queries.

    Runs inside the reading of the address, which holds it.
    """
    known = {row.event_id: row for row in feed.event_entries.select_related("event")}
    now = _comes_to(feed.person, at)
    news = [
        row for pk in {*known, *now} if (row := _change(feed, pk, known.get(pk), now.get(pk), at)) is not None
    ]
    EventEntry.objects.bulk_create(
        news,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["starts_at", "ends_at", "told", "cancelled", "sequence", "changed_at"],
    )
    known |= {row.event_id: row for row in news}
    shown = [row for row in known.values() if row.starts_at > at - feeds.KEPT]
    said = selectors.said_each([now[row.event_id] for row in shown if not row.cancelled], at)
    for row in sorted(shown, key=lambda row: (row.starts_at, row.event_id)):
        more: dict[str, Any] = {"summary": SUMMARY}
        if not row.cancelled:
            told = said[row.event_id]
            more = {"summary": told.name, "where": told.where, "href": _page(row.event_id)}
        yield _entry(row, row.sequence, row.changed_at, cancelled=row.cancelled, **more)


def _comes_to(person: User, at: datetime) -> dict[UUID, Event]:
    asked = selectors.asked_to(person, at)
    mine = {"taken__person": person, "taken__state": PlaceState.COMING}
    rows = Event.objects.filter(asked, starts_at__gt=at - feeds.KEPT, called_off_at=None, **mine)
    return {row.pk: row for row in rows}


def _change(
    feed: CalendarFeed, pk: UUID, row: EventEntry | None, event: Event | None, at: datetime
) -> EventEntry | None:
    """The entry of an event as it is to be kept now, where that is another than before."""
    if event is None:
        if row is None or row.cancelled:
            return None
        row.cancelled, row.sequence, row.changed_at = True, row.sequence + 1, at
        return row
    now = {"starts_at": event.starts_at, "ends_at": event.ends_at, "told": event.version, "cancelled": False}
    if row is None:
        return EventEntry(feed=feed, event=event, changed_at=at, **now)
    if all(getattr(row, name) == value for name, value in now.items()):
        return None
    for name, value in now.items():
        setattr(row, name, value)
    row.sequence, row.changed_at = row.sequence + 1, at
    return row


def _page(event_id: UUID) -> str:
    return reverse("event", args=[event_id])


def _entry(row: EventEntry | Event, sequence: int, changed_at: datetime, **more: Any) -> icalendar.Event:
    minutes = (row.ends_at - row.starts_at).total_seconds() // 60
    return ics.entry(
        row.event_id if isinstance(row, EventEntry) else row.pk,
        starts_at=row.starts_at,
        minutes=int(minutes),
        sequence=sequence,
        changed_at=changed_at,
        description=DESCRIPTION,
        domain=DOMAIN,
        **more,
    )


def file(event: Event, at: datetime) -> bytes:
    """A file that adds an event to whatever calendar opens it: 1 query."""
    said = selectors.said_each([event], at)[event.pk]
    more = {"summary": said.name, "where": said.where, "href": _page(event.pk)}
    entry = _entry(event, event.version, at, cancelled=event.called_off_at is not None, **more)
    return ics.calendar([entry], ics.Method.PUBLISH)
