"""Free times for many reviews at once, and what clashes with what. Nothing here reads the record.

A clash is a room, or somebody who must be there, at two reviews at the same time: no time that clashes is proposed.
What suits a family is preferred where there is such a time, and else passed over. Times are instants; the times of
day that somebody offers are London's, on whichever side of a change of the clocks a day lies.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from .good_times import Windows, outside

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
    """A review that wants a time: on the open days of its setting, with these people, by a day if it can be.

    `liked` are the times that suit each of those who are asked to it and said so.
    """

    cycle: UUID
    setting: UUID
    days: Sequence[date]
    people: frozenset[UUID]
    by: date
    liked: Sequence[Windows] = ()

    def suits(self, slot: Taken) -> bool:
        """Whether a time suits everybody who said what does."""
        start, end = (at.astimezone(LONDON) for at in (slot.starts_at, slot.ends_at))
        return not any(outside(windows, start, end) for windows in self.liked)


def propose(
    wanted: Sequence[Wanted], offer: Offer, taken: Collection[Taken], now: datetime
) -> dict[UUID, Taken]:
    """A free time for each, the one that is due first first and else as they stand; who finds none is left out.

    The first that suits everybody, where there is one by the day on which the review is due, or, for one that cannot be
    by then, on any day; else the first.
    """
    by_day: dict[date, list[Taken]] = {}
    for other in taken:
        by_day.setdefault(other.starts_at.astimezone(LONDON).date(), []).append(other)
    given: Counter[date] = Counter()
    found: dict[UUID, Taken] = {}
    for one in sorted(wanted, key=lambda w: w.by):
        open_ones = [day for day in one.days if given[day] < offer.most_a_day]
        slot = _first(one, open_ones, offer, by_day, now)
        if slot is not None:
            day = slot.starts_at.astimezone(LONDON).date()
            found[one.cycle] = slot
            by_day.setdefault(day, []).append(slot)
            given[day] += 1
    return found


def _first(
    one: Wanted, days: Sequence[date], offer: Offer, by_day: dict[date, list[Taken]], now: datetime
) -> Taken | None:
    in_time = [day for day in days if day <= one.by] or days
    for some, only_liked in ((in_time, True), (days, False)):
        if only_liked and not any(one.liked):
            continue
        for day in some:
            slot = _free(one, day, offer, by_day.get(day, []), now, only_liked)
            if slot is not None:
                return slot
    return None


def _free(
    one: Wanted, day: date, offer: Offer, taken: list[Taken], now: datetime, only_liked: bool
) -> Taken | None:
    for start in offer.times(day):
        for room in offer.rooms or [""]:
            slot = Taken(start, offer.minutes, one.setting, room, one.people)
            if start <= now or (only_liked and not one.suits(slot)):
                break
            if not clashes(slot, taken):
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
