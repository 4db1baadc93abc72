"""Free times for many reviews at once, and what clashes with what. Nothing here reads the record.

A clash is a room, or somebody who must be there, at two reviews at the same time. Times are instants; the times of
day that somebody offers are London's, on whichever side of a change of the clocks a day lies.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Taken:
    """A time that a review takes: of a room of a setting, where it has one, and of people."""

    starts_at: datetime
    minutes: int
    setting: UUID
    where: str
    people: frozenset[UUID]

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def room(self) -> tuple[UUID, str] | None:
        words = " ".join(self.where.casefold().split())
        return (self.setting, words) if words else None


@dataclass(frozen=True)
class Clash:
    """Another review that takes the same room, or the same people, at the same time."""

    other: Taken
    room: bool
    people: frozenset[UUID]


def clashes(one: Taken, others: Iterable[Taken]) -> list[Clash]:
    """What stands in the way of one time, earliest first."""
    found = []
    for other in others:
        if other.starts_at < one.ends_at and one.starts_at < other.ends_at:
            room = one.room is not None and one.room == other.room
            people = one.people & other.people
            if room or people:
                found.append(Clash(other, room, people))
    return sorted(found, key=lambda clash: clash.other.starts_at)


@dataclass(frozen=True)
class Offer:
    """When and where reviews can be: days, times of day in [start, end), rooms (none: no room), most on one day."""

    start: time
    end: time
    minutes: int
    rooms: Sequence[str]
    most_a_day: int

    def times(self, day: date) -> list[datetime]:
        """The starts on one day, one after another; a time that the clocks leave out is none."""
        first = datetime.combine(day, self.start)
        last = datetime.combine(day, self.end) - timedelta(minutes=self.minutes)
        starts = []
        while first <= last:
            there = first.replace(tzinfo=LONDON)
            if exists(there):
                starts.append(there)
            first += timedelta(minutes=self.minutes)
        return starts


def exists(there: datetime) -> bool:
    """Whether a time of day exists: none does in the hour that the clocks leave out in spring."""
    back = there.astimezone(ZoneInfo("UTC")).astimezone(LONDON)
    return back.replace(tzinfo=None) == there.replace(tzinfo=None)


@dataclass(frozen=True)
class Wanted:
    """A review that wants a time: on the open days of its setting, with these people, by a day if it can be."""

    cycle: UUID
    setting: UUID
    days: Sequence[date]
    people: frozenset[UUID]
    by: date


def propose(
    wanted: Sequence[Wanted], offer: Offer, taken: Collection[Taken], now: datetime
) -> dict[UUID, Taken]:
    """A free time for each, the one that is due first first and else as they stand; who finds none is left out."""
    by_day: dict[date, list[Taken]] = {}
    for other in taken:
        by_day.setdefault(other.starts_at.astimezone(LONDON).date(), []).append(other)
    given: Counter[date] = Counter()
    found: dict[UUID, Taken] = {}
    for one in sorted(wanted, key=lambda w: w.by):
        for day in one.days:
            if given[day] >= offer.most_a_day:
                continue
            slot = _free(one, day, offer, by_day.get(day, []), now)
            if slot is not None:
                found[one.cycle] = slot
                by_day.setdefault(day, []).append(slot)
                given[day] += 1
                break
    return found


def _free(one: Wanted, day: date, offer: Offer, taken: list[Taken], now: datetime) -> Taken | None:
    for start in offer.times(day):
        for room in offer.rooms or [""]:
            slot = Taken(start, offer.minutes, one.setting, room, one.people)
            if start > now and not clashes(slot, taken):
                return slot
    return None


def several(one: Wanted, offer: Offer, taken: Collection[Taken], now: datetime, many: int) -> list[Taken]:
    """Up to `many` free times for one review, one on a day: early on one day and late on the next."""
    found: list[Taken] = []
    for day in one.days:
        if len(found) == many:
            break
        starts = offer.times(day)
        for start in starts if len(found) % 2 == 0 else reversed(starts):
            slot = Taken(start, offer.minutes, one.setting, next(iter(offer.rooms), ""), one.people)
            if start > now and not clashes(slot, taken):
                found.append(slot)
                break
    return found
