"""The days on which a setting is open: bank holidays of England, weekends, terms and half terms.

Bank holidays follow from the year (Banking and Financial Dealings Act 1971, and the proclamations for New Year's Day
and the first Monday in May); those proclaimed once stand in `ONCE`. GOV.UK's own list ends two years ahead, and a
calendar here may not.
"""

from collections.abc import Collection
from datetime import date, timedelta
from functools import cache

from .models import Term

DAY = timedelta(days=1)

#: What a proclamation changed in one year: the days that were none, and the days that were added.
ONCE: dict[int, tuple[set[date], set[date]]] = {
    2012: ({date(2012, 5, 28)}, {date(2012, 6, 4), date(2012, 6, 5)}),
    2020: ({date(2020, 5, 4)}, {date(2020, 5, 8)}),
    2022: ({date(2022, 5, 30)}, {date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19)}),
    2023: (set(), {date(2023, 5, 8)}),
}


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """The bank holidays of England in a year, each on the day it is kept."""
    easter = _easter(year)
    found = {
        easter - 2 * DAY,
        easter + DAY,
        _monday_from(date(year, 5, 1)),
        _monday_from(date(year, 5, 25)),
        _monday_from(date(year, 8, 25)),
    }
    for day in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        while day.weekday() > 4 or day in found:
            day += DAY
        found.add(day)
    dropped, added = ONCE.get(year, (set(), set()))
    return frozenset(found - dropped | added)


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous computation that Meeus prints)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def is_working_day(day: date) -> bool:
    """Whether a day is neither a weekend nor a bank holiday."""
    return day.weekday() < 5 and day not in bank_holidays(day.year)


def in_term(day: date, term: Term) -> bool:
    """Whether a day lies in a term, and not in its half-term break."""
    if not term.starts_on <= day < term.ends_on:
        return False
    away = term.half_term_from, term.half_term_until
    return not (away[0] and away[1] and away[0] <= day < away[1])


def is_open(day: date, terms: Collection[Term]) -> bool:
    """Whether a setting with these terms is open; where nobody wrote any down, every working day counts."""
    return is_working_day(day) and (not terms or any(in_term(day, term) for term in terms))


def open_days(first: date, last: date, terms: Collection[Term]) -> list[date]:
    """The open days from `first` to `last`, both included."""
    days = (first + n * DAY for n in range((last - first).days + 1))
    return [day for day in days if is_open(day, terms)]


def last_open_day(term: Term) -> date | None:
    """The last day of a term on which its setting is open."""
    days = open_days(term.starts_on, term.ends_on - DAY, [term])
    return days[-1] if days else None
