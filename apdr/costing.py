"""What support costs, in pounds and to the penny: arithmetic alone. Nothing is read here and nothing is stored.

What goes in and comes out is Decimal; between, thirds and halves are kept whole as fractions and rounded once, half-up.
`docs/money.md` has worked examples, which a test works out again.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

WEEK = timedelta(days=7)
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Rate:
    """What an hour costs, in pounds, from the first week that begins on or after a day."""

    starts_on: date
    hourly: Decimal


@dataclass(frozen=True)
class Dose:
    """How often, how long and for how many weeks something is done, and with how many at once."""

    times_a_week: Decimal
    minutes: int
    weeks: int
    group_size: int = 1

    @property
    def hours_a_week(self) -> Fraction:
        return Fraction(self.times_a_week) * self.minutes / 60


@dataclass(frozen=True)
class Whole:
    """What a group costs as a whole, in pounds: the adults' time, and what is bought for it."""

    staff: Fraction
    resources: Fraction

    @property
    def total(self) -> Fraction:
        return self.staff + self.resources


Span = tuple[date, date]


def _pennies(amount: Fraction) -> int:
    """An amount in pounds as whole pennies, half a penny up. Amounts are never below nothing."""
    return int(amount * 100 + Fraction(1, 2))


def pounds(amount: Fraction | Decimal) -> Decimal:
    """An amount to the penny, half a penny up."""
    return Decimal(_pennies(Fraction(amount))).scaleb(-2)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _open(week: date, spans: Sequence[Span]) -> bool:
    """Whether a setting is open on a school day of a week; a week outside all that is written down counts."""
    if not spans or week < monday(min(first for first, _ in spans)) or week >= max(last for _, last in spans):
        return True
    return any(first < week + timedelta(days=5) and last > week for first, last in spans)


def weeks_from(
    starts_on: date, count: int, spans: Sequence[Span] = (), a_year: int | None = None
) -> list[date]:
    """The Mondays of the weeks in which something is done, from the week of a day: only those in which the setting is
    open, and no more of them than it is open in a year, where that is known. `spans` are [first day, first day after).
    """
    wanted = count if a_year is None else min(count, a_year)
    found: list[date] = []
    week = monday(starts_on)
    while len(found) < wanted:
        if _open(week, spans):
            found.append(week)
        week += WEEK
    return found


def weeks_in(spans: Sequence[Span], first: date, last: date) -> int:
    """In how many weeks of [first, last) a setting is open by what is written down."""
    count, week = 0, monday(first)
    while week < last:
        count += any(a < week + timedelta(days=5) and b > week for a, b in spans)
        week += WEEK
    return count


def hourly_on(rates: Iterable[Rate], day: date) -> Decimal | None:
    """The rate of the latest row that has begun by a day; of two that begin together the last given. None before all."""
    begun = [rate for rate in rates if rate.starts_on <= day]
    latest = max((rate.starts_on for rate in begun), default=None)
    return next((rate.hourly for rate in reversed(begun) if rate.starts_on == latest), None)


def whole_cost(dose: Dose, weeks: Sequence[date], rates: Sequence[Rate], resources: Decimal) -> Whole | None:
    """What a group costs: each week at the rate of that week, and what is bought. None where a week has no rate: what is
    not known is never £0.
    """
    hourly = Decimal(0)
    for week in weeks:
        found = hourly_on(rates, week)
        if found is None:
            return None
        hourly += found
    return Whole(Fraction(hourly) * dose.hours_a_week, Fraction(resources))


def shares(wholes: Sequence[Whole], places: int) -> list[Decimal]:
    """What each pupil of one group costs, in the order given: the whole cost as their own weeks have it, divided by the
    places (or by how many they are, where that is more).

    The first is rounded half-up; each next one is what the sum so far, rounded half-up, grew by. So the shares differ
    by a penny at most from what they would be, and never come to more than the group costs.
    """
    divide, so_far, given, found = max(places, len(wholes), 1), Fraction(0), 0, []
    for whole in wholes:
        so_far += whole.total / divide
        found.append(Decimal(_pennies(so_far) - given).scaleb(-2))
        given = _pennies(so_far)
    return found


def share_alone(whole: Whole, places: int) -> Decimal:
    """What one pupil costs in a group whose others are not known: rounded down, so that whoever they are, all shares
    together never come to more than the group costs.
    """
    return Decimal(_pennies(whole.total) // max(places, 1)).scaleb(-2)


def staff_part(whole: Whole, share: Decimal) -> Decimal:
    """How much of a share is for adults' time; the rest of it is for what is bought."""
    if not whole.total:
        return Decimal(0)
    return min(pounds(Fraction(share) * whole.staff / whole.total), share)


@dataclass(frozen=True)
class Line:
    """A part of a cost that has one pupil, one provision, one staff rate (None: what is bought) and one stream (None:
    no money is planned for it).
    """

    pupil: Any
    provision: Any
    role: Any
    stream: Any
    amount: Decimal


def lines(
    pupil: Any, costs: Sequence[tuple[Any, Any, Decimal, Decimal]], planned: Sequence[tuple[Any, Decimal]]
) -> list[Line]:
    """The cost of one strategy's provisions (provision, role, staff part, resources) laid beside the money that is
    planned for the strategy (stream, amount), each in turn: what is planned pays first, the rest has no stream.
    """
    left = [[stream, amount] for stream, amount in planned]
    found: list[Line] = []
    for provision, role, staff, resources in costs:
        for who, cost in ((role, staff), (None, resources)):
            while cost > 0:
                while left and left[0][1] <= 0:
                    left.pop(0)
                part = min(cost, left[0][1]) if left else cost
                found.append(Line(pupil, provision, who, left[0][0] if left else None, part))
                cost -= part
                if left:
                    left[0][1] -= part
    return found


def totals(found: Iterable[Line], by: Callable[[Line], K]) -> dict[K, Decimal]:
    """The amounts of some lines by pupil, provision, role or stream. Whatever they are added by, they come to the same."""
    sums: dict[K, Decimal] = {}
    for line in found:
        sums[by(line)] = sums.get(by(line), Decimal(0)) + line.amount
    return sums


def minutes_planned(dose: Dose, weeks: int) -> int:
    """Minutes in so many weeks, to the minute."""
    return int(dose.hours_a_week * 60 * weeks + Fraction(1, 2))
