"""The days of the demo, all of them relative to one instant."""

from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from accounts.open_days import is_working_day

LONDON = ZoneInfo("Europe/London")
#: A day before (negative) or after today, or the last school day of this week.
Offset = int | str
YEARS = {"N1": -2, "N2": -1, "R": 0, **{str(n): n for n in range(1, 15)}}


class Days:
    """Turns the offsets of the content into dates. Staff write, meet and review on weekdays only."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.today = now.astimezone(LONDON).date()

    @cached_property
    def school_year(self) -> int:
        """The calendar year in which the present school year began, on 1 September."""
        return self.today.year - (self.today.month < 9)

    def plain(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def weekday(self, offset: Offset) -> date:
        """A past weekend becomes the Friday before it, one to come the Monday after.

        "this-week" is this week's Friday; from Saturday on, the Monday that follows.
        """
        if offset == "this-week":
            left = 4 - self.today.weekday()
            return self.today + timedelta(days=left if left >= 0 else left + 3)
        day = self.plain(int(offset))
        beyond = day.weekday() - 4
        if beyond <= 0:
            return day
        return day - timedelta(days=beyond) if int(offset) <= 0 else day + timedelta(days=3 - beyond)

    def review(self, offset: Offset) -> date:
        """The day of a review; one that is further to come than this week is on a day on which schools are open.

        The first that would fall into a holiday is on the first day after it, the second on the second.
        """
        day = self.weekday(offset)
        if offset == "this-week" or int(offset) <= 0 or self._open(day):
            return day
        closed, last = 0, day
        while not self._open(last):
            closed += last.weekday() < 5
            last -= timedelta(days=1)
        while closed:
            day += timedelta(days=1)
            closed -= self._open(day)
        return day

    def _open(self, day: date) -> bool:
        return is_working_day(day) and any(
            first <= day < last and not half <= day < back for _, first, last, half, back in self.terms()
        )

    def moment(self, offset: Offset, at: str, *, any_day: bool = False) -> datetime:
        """A time of day in London, never later than now for a day that is not to come."""
        return self.at(self.plain(int(offset)) if any_day else self.weekday(offset), at)

    def at(self, day: date, at: str) -> datetime:
        """`moment`, of a day that is known."""
        found = datetime.combine(day, time.fromisoformat(at), LONDON)
        return min(found, self.now) if day <= self.today else found

    def born(self, birthday: str, year_group: str) -> date:
        """The date of birth of somebody who is in a year group now, from "month-day"."""
        month, day = map(int, birthday.split("-"))
        start = self.school_year - 5 - YEARS[year_group]
        return date(start if month >= 9 else start + 1, month, day)

    def born_for_age(self, birthday: str, age: int) -> date:
        month, day = map(int, birthday.split("-"))
        had_it = (month, day) <= (self.today.month, self.today.day)
        return date(self.today.year - age - (not had_it), month, day)

    def turning(self, years: int, offset: int) -> date:
        """The date of birth of somebody whose birthday is so many days away."""
        day = self.plain(offset)
        try:
            return day.replace(year=day.year - years)
        except ValueError:  # 29 February, of a year that has none
            return date(day.year - years, 3, 1)

    def entry(self, born: date, year_group: int) -> date:
        """The 1 September on which somebody born then starts a year group (0 is Reception)."""
        return date(born.year - (born.month < 9) + 5 + year_group, 9, 1)

    def year_group(self, born: date) -> str:
        number = self.school_year - self.entry(born, 0).year
        return {-2: "N1", -1: "N2", 0: "R"}.get(number, str(number) if 1 <= number <= 14 else "X")

    def terms(self) -> list[tuple[str, date, date, date, date]]:
        """Name, first day, first day after, and the same of half term: last school year, this one and the next."""
        found = []
        for year in range(self.school_year - 1, self.school_year + 2):
            autumn, spring = _monday(date(year, 9, 2)), _monday(date(year + 1, 1, 2))
            summer = _monday(date(year + 1, 4, 12))
            for name, first, week, last in (
                ("Autumn", autumn, 8, _monday(date(year, 12, 14)) + timedelta(days=5)),
                ("Spring", spring, 7, summer - timedelta(days=16)),
                ("Summer", summer, 7, _monday(date(year + 1, 7, 16)) + timedelta(days=3)),
            ):
                half = first + timedelta(weeks=week - 1)
                found.append((f"{name} {first.year}", first, last, half, half + timedelta(days=7)))
        return found


def _monday(day: date) -> date:
    """The first Monday from a day on."""
    return day + timedelta(days=-day.weekday() % 7)
