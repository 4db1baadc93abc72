"""The dates that follow from a date of birth, as PostgreSQL computes them (domain: when the young person decides)."""

from calendar import monthrange
from datetime import date

from django.db.models import DateField, Func


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
