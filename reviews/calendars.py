"""Pages of days: a month as weeks, reviews by day, the load of weeks as a picture. Nothing here reads the record."""

from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Setting
from accounts.open_days import bank_holidays, is_open

from .enums import Kind
from .models import Review
from .selectors_planner import Meeting, Row, Week
from .slots import LONDON

T = TypeVar("T")
PAGE = 30
#: How many weeks the picture of the load shows.
WEEKS = 13
DAY = timedelta(days=1)
#: How many reviews a day of the calendar names; the list below has all of them.
NAMED = 4


@dataclass(frozen=True)
class Page(Generic[T]):
    """A part of a list. `after` leads to what comes next, where more does; `earlier`: it is not the first part."""

    rows: list[T]
    after: str
    earlier: bool


def page_of(rows: Sequence[T], key: Callable[[T], UUID], after: str) -> Page[T]:
    """The next rows, `PAGE` at a time; `after` is what the page before gave, and anything else begins anew."""
    ids = [str(key(row)) for row in rows]
    start = ids.index(after) + 1 if after in ids else 0
    shown = list(rows[start : start + PAGE])
    more = len(rows) > start + PAGE
    return Page(shown, str(key(shown[-1])) if more else "", start > 0)


def counts(rows: Sequence[Row]) -> dict[str, int]:
    """How many are owed, late, without a time, without a plan, and set for after the day they are due."""
    return {
        "all": len(rows),
        "late": sum(row.late and row.review is None for row in rows),
        "without": sum(row.review is None and row.cycle_id is not None for row in rows),
        "no_plan": sum(row.cycle_id is None for row in rows),
        "too_late": sum(row.too_late for row in rows),
    }


def when(review: Review) -> str:
    """A review's time in words."""
    at = timezone.localtime(review.starts_at, LONDON)
    where = f", {review.where}" if review.where else ""
    return _("%(day)s at %(time)s, %(minutes)s minutes%(where)s") % {
        "day": date_format(at, "l j E Y"),
        "time": f"{at:%H:%M}",
        "minutes": review.minutes,
        "where": where,
    }


def owed_words(row: Row) -> str:
    """What is owed, in words, and the time that is set for it."""
    kind = _("An annual review") if row.kind is Kind.ANNUAL else _("A review")
    told = _("%(kind)s is owed by %(by)s") % {"kind": kind, "by": date_format(row.owed.by, "j E Y")}
    return (
        _("%(told)s. It is set for %(review)s.") % {"told": told, "review": when(row.review)}
        if row.review
        else f"{told}."
    )


@dataclass(frozen=True)
class Cell:
    """A day of the calendar. `note` says why nobody is there."""

    day: date
    inside: bool
    note: str
    meetings: list[Meeting]

    @property
    def named(self) -> list[Meeting]:
        return self.meetings[:NAMED]

    @property
    def further(self) -> int:
        return len(self.meetings) - len(self.named)


@dataclass(frozen=True)
class Month:
    first: date

    @classmethod
    def asked(cls, text: str, today: date) -> "Month":
        """The month of an address, such as 2026-12; this month where it is none."""
        try:
            asked = date.fromisoformat(f"{text}-01")
        except ValueError:
            asked = today
        return cls(asked.replace(day=1) if 1980 <= asked.year <= 2099 else today.replace(day=1))

    @property
    def last(self) -> date:
        return self.first.replace(day=monthrange(self.first.year, self.first.month)[1])

    @property
    def before(self) -> date:
        return (self.first - DAY).replace(day=1)

    @property
    def after(self) -> date:
        return self.last + DAY

    def weeks(self, meetings: Iterable[Meeting], settings: Sequence[Setting]) -> list[list[Cell]]:
        """The weeks that touch this month, Monday to Friday, and to Sunday where there is a review at a weekend."""
        found = dict(by_day(meetings))
        width = 7 if any(day.weekday() > 4 for day in found) else 5
        terms = [list(setting.terms.all()) for setting in settings]
        monday = self.first - timedelta(days=self.first.weekday())
        weeks = []
        while monday <= self.last:
            days = [monday + n * DAY for n in range(width)]
            if any(self.first <= day <= self.last for day in days):
                weeks.append([self._cell(day, found.get(day, []), terms) for day in days])
            monday += 7 * DAY
        return weeks

    def _cell(self, day: date, meetings: list[Meeting], terms: list[Any]) -> Cell:
        inside = self.first <= day <= self.last
        note = ""
        if day in bank_holidays(day.year):
            note = _("Bank holiday")
        elif day.weekday() < 5 and not any(is_open(day, each) for each in terms):
            note = _("Not in term")
        return Cell(day, inside, note if inside else "", meetings if inside else [])


def by_day(meetings: Iterable[Meeting]) -> list[tuple[date, list[Meeting]]]:
    found: dict[date, list[Meeting]] = {}
    for meeting in meetings:
        found.setdefault(meeting.day, []).append(meeting)
    return list(found.items())


ROW = 30
LEFT, RIGHT = 66, 352


def picture(weeks: Sequence[Week]) -> dict[str, Any]:
    """The load of weeks as bars: where each begins and how long it is, with the same in words."""
    most = max([week.set + week.without for week in weeks] + [1])
    unit = (RIGHT - LEFT - 24) / most
    bars = []
    for number, week in enumerate(weeks):
        total = week.set + week.without
        bars.append(
            {
                "week": week,
                "y": number * ROW + 5,
                "text_y": number * ROW + 20,
                "set": round(week.set * unit, 1),
                "without_x": round(LEFT + week.set * unit, 1),
                "without": round(week.without * unit, 1),
                "total": total,
                "total_x": round(LEFT + total * unit + 6, 1),
            }
        )
    fullest = max(weeks, key=lambda week: week.set, default=None)
    told = _("No review has a time in these weeks.")
    if fullest is not None and fullest.set:
        told = _("The fullest week begins on %(starts_on)s, with %(number)s set.") % {
            "starts_on": date_format(fullest.starts_on, "j E"),
            "number": fullest.set,
        }
    return {"bars": bars, "height": len(weeks) * ROW + 4, "left": LEFT, "desc": told}
