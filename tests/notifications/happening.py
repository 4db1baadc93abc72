"""Events as tests arrange them, and who is told what of them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from accounts.models import Setting, User
from notifications import events, events_wanted
from notifications.models import Event, EventPlace

from ..cast import AT, LONDON, Cast

#: A Thursday, nine days after tests look on.
STARTS = datetime(2026, 3, 19, 9, 0, tzinfo=LONDON)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

FIELDS: dict[str, Any] = {
    "title": "Coffee morning",
    "kind": "coffee",
    "where": "Library",
    "what": "Come and have a cup of tea.",
    "contact": "Sunita Rao, 01632 960100",
}


def event_of(
    cast: Cast, *, setting: Setting | None = None, starts_at: datetime = STARTS, **more: Any
) -> Event:
    """An event that is an hour long, for all parent carers of Hazelmere unless other things are said."""
    typed = {**FIELDS, "whom": ["parents"], "starts_at": starts_at, "ends_at": starts_at + HOUR, **more}
    return events.add(setting=setting or cast.hazelmere, by=cast.senco, at=AT, **typed)


def come(
    event: Event, person: User, at: datetime = AT, adults: int = 1, version: int = 0, **more: Any
) -> EventPlace:
    who = {"by": person, **more}
    return events.sign_up(event=event, person=person, at=at, adults=adults, version=version, **who)


def leave(event: Event, person: User, at: datetime = AT) -> None:
    events.take_back(event=event, person=person, by=person, at=at)


def states(event: Event) -> dict[str, str]:
    rows = EventPlace.objects.filter(event=event).select_related("person")
    return {row.person.name: row.state for row in rows}


def told(at: datetime) -> set[tuple[str, str]]:
    """Who is told what of events."""
    return {(one.kind.value, one.person.name) for one in events_wanted.wanted(at)}


def asked_of(client_typed: dict[str, Any] | None = None) -> dict[str, Any]:
    """A form of an event as a browser posts it."""
    return {
        **FIELDS, "day_0": "19", "day_1": "3", "day_2": "2026", "start": "09:00", "end": "10:00", "whom": ["parents"],
        "key": uuid4(), **(client_typed or {}),
    }  # fmt: skip
