"""What is owed around an annual review: advice, papers and a report. Whether it is done, by when, and what is due."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import (
    Case,
    DateField,
    DateTimeField,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest, Least, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from apdr.models import Cycle
from pupils import audit, policy
from pupils.enums import Section, SenProvision
from pupils.errors import NotNow, Stale
from pupils.models import Enrolment, Pupil

from .enums import Duty, Kind, ReviewState
from .models import DutyDone, Review
from .owed import CHANGED, DECISION, DUE, SEPTEMBER, TRANSFERS, transfer
from .slots import LONDON

#: This long before something is due around an annual review, whoever holds it is told.
TOLD_BEFORE = timedelta(days=7)
#: So early a day is wanted for an annual review: advice is asked for four weeks before it.
SET_BEFORE = timedelta(weeks=8)


NOT_ANNUAL = _lazy("This is owed around an annual review that has a time, or was held.")


@dataclass(frozen=True)
class Owing:
    """One duty around a review: by when, and the last that was said of it."""

    duty: Duty
    by: date
    said: DutyDone | None
    today: date

    @property
    def done(self) -> bool:
        return self.said is not None and self.said.on is not None

    @property
    def late(self) -> bool:
        return not self.done and self.by < self.today


def day_of(review: Review) -> date:
    """The day of a review in London: on which it was held, or for which it is set."""
    return timezone.localdate(review.held_at or review.starts_at, LONDON)


def around(review: Review, today: date) -> list[Owing]:
    """What is owed around an annual review, in order: 1 query; nothing around another."""
    if review.kind != Kind.ANNUAL:
        return []
    said: dict[str, DutyDone] = {}
    for row in review.duties.select_related("by").order_by("number"):
        said[row.duty] = row
    day = day_of(review)
    return [Owing(duty, day + after, said.get(duty), today) for duty, after in DUE.items()]


@transaction.atomic
def write_duty(
    *, review: Review, duty: Duty, on: date | None, number: int, by: User, at: datetime
) -> DutyDone:
    """Say on which day something was done around an annual review, or with None that it is not done.

    `number` is the row that this is written over, 0 for none. The same sent twice is one row. Raises Stale when
    somebody else wrote meanwhile, NotNow where nothing is owed, and ValidationError by field.
    """
    policy.require(by, "hold_review", review.cycle.pupil, at)
    now = Review.objects.select_for_update(no_key=True).get(pk=review.pk)
    if now.kind != Kind.ANNUAL or now.state not in (ReviewState.SCHEDULED, ReviewState.HELD):
        raise NotNow(NOT_ANNUAL)
    if duty is Duty.REPORT and now.state != ReviewState.HELD:
        raise NotNow(_("The report is sent once the review was held."))
    if on is not None and on > timezone.localdate(at, LONDON):
        raise ValidationError({"on": _("This day is still to come. Write it down once it is done.")})
    if on is not None and duty is Duty.REPORT and on < day_of(now):
        raise ValidationError({"on": _("The report is sent after the review.")})
    last = now.duties.filter(duty=duty).first()
    if (last.number if last else 0) != number:
        if last is None:
            raise ValidationError(_("This form is out of date. Open the page again."))
        if last.number == number + 1 and last.by_id == by.pk and last.on == on:
            return last
        raise Stale(last, {"on": on}, by=last.by_id)
    if last is not None and last.on == on:
        return last
    row = DutyDone(review=now, duty=duty, number=number + 1, on=on, by=by, at=at)
    row.full_clean()
    row.save()
    audit.record(
        "annual review duty",
        by=by,
        at=at,
        pupil=review.cycle.pupil,
        section=Section.REVIEWS,
        of=row,
        duty=duty.value,
        on=on.isoformat() if on else None,
    )
    return row


# What is due, as queries ---------------------------------------------------------------------------------------


def undone(duty: Duty, at: datetime) -> QuerySet[Any]:
    """The annual reviews around which this is due within a week or late, each with `by`, the day it is due.

    Before a meeting it is wanted until that begins; a report, until the local authority must have changed the plan.
    """
    today = timezone.localdate(at, LONDON)
    said = DutyDone.objects.filter(review=OuterRef("pk"), duty=duty).order_by("-number").values("on")
    found = Review.objects.filter(kind=Kind.ANNUAL).annotate(
        held_on=TruncDate(Coalesce("held_at", "starts_at"), tzinfo=LONDON), done_on=Subquery(said[:1])
    )
    found = found.annotate(by=_later(F("held_on"), DUE[duty])).filter(
        done_on=None, by__lte=today + TOLD_BEFORE
    )
    if duty is Duty.REPORT:
        return found.filter(state=ReviewState.HELD, held_on__gt=today - CHANGED)
    return found.filter(state=ReviewState.SCHEDULED, starts_at__gt=at)


def without_a_day(at: datetime) -> QuerySet[Any]:
    """The pupils whose annual review is owed within eight weeks, or late, and has no day; each with `by`.

    The day is that of `owed.owed`, as a query; a test holds the two together.
    """
    today = timezone.localdate(at, LONDON)
    enrolled = Enrolment.objects.on(today).filter(pupil=OuterRef("pk"))
    cycles = Cycle.objects.filter(pupil=OuterRef("pk")).order_by().values("pupil")
    annual = Review.objects.filter(cycle__pupil=OuterRef("pk"), kind=Kind.ANNUAL).order_by()
    held = annual.filter(state=ReviewState.HELD).values("cycle__pupil")
    held_at = Subquery(
        held.annotate(last=Max(Coalesce("held_at", "starts_at"))).values("last"), output_field=DateTimeField()
    )
    opened_at = Subquery(
        cycles.annotate(first=Min("opened_at")).values("first"), output_field=DateTimeField()
    )
    found = Pupil.objects.filter(
        Exists(enrolled),
        ~Exists(annual.filter(state=ReviewState.SCHEDULED)),
        sen_provision=SenProvision.EHC_PLAN,
    ).annotate(
        reviewed=Greatest(TruncDate(held_at, tzinfo=LONDON), _plain("ehc_reviewed_on")),
        began=Coalesce(
            TruncDate(opened_at, tzinfo=LONDON),
            Subquery(enrolled.values("starts_on")[:1], output_field=DateField()),
        ),
        made=_plain("ehc_plan_from"),
        year_group=Subquery(enrolled.values("year_group")[:1]),
    )
    of_plan = Q(made__isnull=False) & (Q(reviewed=None) | Q(reviewed__lt=F("made")))
    found = found.annotate(start=Case(When(of_plan, then=F("made")), default=Coalesce("reviewed", "began")))
    found = found.annotate(
        year=Case(
            When(of_plan, then=_later(_months(F("start"), 12), -DECISION)), default=_months(F("start"), 12)
        ),
        half=_months(F("start"), 6),
        turns_5_on=_months(F("date_of_birth"), 60),
    )
    found = found.annotate(
        by=Least(
            Case(When(half__lt=F("turns_5_on"), then=Least("half", "year")), default=F("year")),
            *(_changing(year, transfer(year, today)) for year in TRANSFERS),
        )
    )
    return found.filter(by__lte=today + SET_BEFORE)


def _changing(year_group: str, on: date | None) -> Case:
    """The day by which a review must be held for a change of phase, of a year group that changes and was not reviewed
    in this school year; else nothing, which Least leaves out.
    """
    assert on is not None
    due = Q(year_group=year_group) & ~Q(reviewed__isnull=False, reviewed__gte=date(on.year - 1, SEPTEMBER, 1))
    return Case(
        When(due, then=Value(on - CHANGED, DateField())),
        default=Cast(Value(None), DateField()),
        output_field=DateField(),
    )


def _plain(day: str) -> Cast:
    """A column of days as a date, as the other parts of an expression are."""
    return Cast(day, DateField())


class _Months(Func):
    """A day some months later, as `pupils.dates.months_later` has it."""

    template = "(%(expressions)s + interval '%(months)s months')::date"
    output_field = DateField()


def _months(day: Any, months: int) -> Func:
    return _Months(day, months=int(months))


class _Days(Func):
    """A day some days later."""

    arg_joiner = " + "
    template = "(%(expressions)s)"
    output_field = DateField()


def _later(day: Any, by: timedelta) -> Func:
    return _Days(day, Value(by.days, IntegerField()))
