"""When a young person's rights and choices begin (domain: when the young person decides).

Three clocks of the law, and the day on which they decide who sees what. They are days in London, and each begins at
its midnight: nothing has to run for it. Nothing here opens anything; the rule (`pupils.policy`) reads the same days.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import policy
from .models import Pupil

LONDON = ZoneInfo("Europe/London")

#: How long before the day everybody is told, in months.
WARN_BEFORE = (12, 6, 3, 1)


def birthday(born: date, age: int) -> date:
    """The day somebody reaches an age; 28 February for whoever was born on a 29th, where the year has none."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 2, 28)


def school_leaving_day(born: date) -> date:
    """The last day of compulsory school age: a last Friday of June (Education Act 1996 s.8)."""
    year = born.year + 16 + (born.month > 8)
    last = date(year, 6, 30)
    return last - timedelta(days=(last.weekday() - 4) % 7)


def midnight(day: date) -> datetime:
    """The instant at which a day begins in London."""
    return datetime.combine(day, time(), tzinfo=LONDON)


def months_later(day: date, months: int) -> date:
    """The same day so many months on, or before where `months` is negative; the last of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise ValueError(day)


@dataclass(frozen=True)
class Clocks:
    """The days that count for one young person. `decides_from` is the rule's, as their setting of an instant has it."""

    born: date
    post16_from: date | None
    decides_from: date

    @property
    def sixteenth(self) -> date:
        """From this day capacity to decide is presumed (Mental Capacity Act 2005 s.1(2), s.2(5))."""
        return birthday(self.born, 16)

    @property
    def school_leaving_on(self) -> date:
        """The last day of compulsory school age."""
        return school_leaving_day(self.born)

    @property
    def rights_from(self) -> date:
        """From this day the rights of the Children and Families Act 2014 are the young person's own."""
        return self.school_leaving_on + timedelta(days=1)

    @property
    def rights_until(self) -> date:
        """Until before this day, the 25th birthday, they are (s.83)."""
        return birthday(self.born, 25)

    @property
    def eighteenth(self) -> date:
        """From this day nobody has parental responsibility (Children Act 1989 s.105)."""
        return birthday(self.born, 18)

    def capacity_presumed(self, at: datetime) -> bool:
        return timezone.localdate(at, LONDON) >= self.sixteenth

    def rights_are_theirs(self, at: datetime) -> bool:
        return self.rights_from <= timezone.localdate(at, LONDON) < self.rights_until

    def adult(self, at: datetime) -> bool:
        return timezone.localdate(at, LONDON) >= self.eighteenth

    def in_post16(self, at: datetime) -> bool:
        """Where nobody wrote a day down, staying on after compulsory school age is entering."""
        return timezone.localdate(at, LONDON) >= (self.post16_from or self.rights_from)

    def decides(self, at: datetime) -> bool:
        return timezone.localdate(at, LONDON) >= self.decides_from


def clocks(pupil: Pupil, at: datetime) -> Clocks:
    """The days of a pupil, with the day they decide from as their setting of an instant has it."""
    decides_from = policy.decides_from(pupil, at)
    assert decides_from is not None  # everybody turns 18
    return Clocks(pupil.date_of_birth, pupil.post16_from, decides_from)


@dataclass(frozen=True)
class HandOver:
    """How near the day is on which a young person begins to decide, for whoever is to be told of it."""

    day: date
    today: date

    @property
    def begun(self) -> bool:
        return self.day <= self.today

    @property
    def within(self) -> int | None:
        """The shortest of `WARN_BEFORE` that has come, in months; None earlier than all of them, and after the day."""
        if self.begun:
            return None
        return min((m for m in WARN_BEFORE if months_later(self.day, -m) <= self.today), default=None)

    @property
    def near(self) -> bool:
        return self.within is not None

    @property
    def words(self) -> str:
        """How long there is, such as "in less than 3 months"."""
        if self.within is None:
            return ""
        days = (self.day - self.today).days
        if days == 1:
            return _("tomorrow")
        return (
            _("in less than a month")
            if self.within == 1
            else ngettext("in less than %(months)s month", "in less than %(months)s months", self.within)
            % {"months": self.within}
        )


def hand_over(sight: policy.Sight) -> HandOver:
    """How near the hand-over of a pupil who is looked at is."""
    return HandOver(policy.day_of(sight), timezone.localdate(sight.at))
