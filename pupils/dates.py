"""Which dates a pupil can have, and those that follow from a date of birth, as PostgreSQL computes them.

Domain: when the young person decides.
"""

from calendar import monthrange
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import DateField, Func
from django.utils.translation import gettext as _

from accounts.days import EARLIEST


def check_born(born: date, today: date) -> None:
    """Refuse a date of birth that no pupil has: one to come, or one before 1980."""
    if born > today:
        raise ValidationError(_("A date of birth cannot be in the future. Check the year."))
    if born < EARLIEST:
        raise ValidationError(_("A date of birth lies between 1980 and today. Check the year."))


def check_post16(starts_on: date, born: date) -> None:
    """Refuse a first day in sixth form or college of somebody who is not 14 yet, or who is 26 already."""
    age = starts_on.year - born.year - ((starts_on.month, starts_on.day) < (born.month, born.day))
    if age < 14:
        raise ValidationError(_("Post-16 provision cannot start before they are 14. Check both dates."))
    if age >= 26:
        raise ValidationError(_("Post-16 provision starts before they are 26. Check both dates."))


#: Before this day there was no EHC plan (Children and Families Act 2014).
FIRST_EHC_PLANS = date(2014, 9, 1)


def check_ehc(plan_from: date | None, reviewed_on: date | None, born: date, today: date) -> dict[str, str]:
    """What is wrong with the day on which an EHC plan was first made, or with that of its last review, by field."""
    wrong: dict[str, str] = {}
    for name, day in (("ehc_plan_from", plan_from), ("ehc_reviewed_on", reviewed_on)):
        if day is not None and not max(FIRST_EHC_PLANS, born) <= day <= today:
            wrong[name] = _("This lies between 1 September 2014, or their birth, and today. Check the year.")
    if plan_from and reviewed_on and not wrong and reviewed_on < plan_from:
        wrong["ehc_reviewed_on"] = _("A plan is reviewed after it was first made. Check both dates.")
    return wrong


class Birthday(Func):
    """The n-th birthday, as a date."""

    output_field = DateField()

    def __init__(self, born: object, years: int) -> None:
        super().__init__(born, template=f"(%(expressions)s + interval '{int(years)} years')::date")
        self.years = years

    def deconstruct(self) -> tuple[str, tuple[object, ...], dict[str, object]]:
        return "pupils.dates.Birthday", (self.source_expressions[0], self.years), {}


class SchoolLeavingDay(Func):
    """The last day of compulsory school age: the last Friday of June.

    Of the year of the 16th birthday where that falls before September, else of the next
    (Education Act 1996 s.8 and the School Leaving Date Order 1997).
    """

    output_field = DateField()
    template = (
        "(make_date(extract(year from %(expressions)s)::int + 16"
        " + (extract(month from %(expressions)s) > 8)::int, 6, 30)"
        " - ((extract(isodow from make_date(extract(year from %(expressions)s)::int + 16"
        " + (extract(month from %(expressions)s) > 8)::int, 6, 30))::int + 2) %% 7))"
    )


def months_later(day: date, months: int) -> date:
    """The same day some months later; the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
