"""What the planner shows: reviews that are owed, those to come, who is free, and the load of each week."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    CharField,
    DateField,
    DateTimeField,
    F,
    FilteredRelation,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
)
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone

from accounts import policy as accounts_policy
from accounts.models import Membership, Setting, Term, User
from accounts.open_days import is_open
from apdr.models import Cycle
from pupils import policy
from pupils.enums import YEAR_GROUPS, Ground
from pupils.models import ClassGroup, Enrolment, Pupil

from .enums import Kind, ReviewState
from .models import Attendee, Review, ReviewChange, ReviewInvitation
from .owed import Known, Owed, clocks, owed
from .slots import LONDON, Taken

ACTION = "hold_review"
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Row:
    """One pupil whose review is owed: by when, and the time that is set for it, where one is."""

    pupil: Pupil
    setting: Setting
    year_group: str
    cycle_id: UUID | None
    owed: Owed
    review: Review | None
    today: date

    @property
    def late(self) -> bool:
        return self.owed.by < self.today

    @property
    def too_late(self) -> bool:
        """Whether the time that is set comes after the day by which the review is owed."""
        return self.review is not None and _day(self.review.starts_at) > self.owed.by

    @property
    def clocks(self) -> list[tuple[str, date]]:
        day = _day(self.review.starts_at) if self.review else self.owed.by
        return clocks(self.owed.kind, day, self.owed.transfer_on)

    @property
    def kind(self) -> Kind:
        return self.owed.kind


def _day(at: datetime) -> date:
    return timezone.localdate(at, LONDON)


def settings_of(person: User, at: datetime) -> list[Setting]:
    """The settings whose reviews a person plans, by name, each with its terms: 2 queries."""
    found = policy.settings_coordinated(person, at).order_by("name")
    return list(found.prefetch_related(Prefetch("terms", Term.objects.order_by("starts_on"))))


def held_by(person: User, at: datetime) -> QuerySet[Pupil]:
    """The pupils whose reviews a person holds at an instant: the policy's answer, in 1 query."""
    return policy.pupils_for(person, ACTION, at)


def rows(
    held: QuerySet[Pupil],
    at: datetime,
    *,
    settings: Sequence[Setting],
    class_id: UUID | None = None,
    year_group: str = "",
    cycles: Collection[UUID] | None = None,
) -> list[Row]:
    """The reviews that are owed of some pupils of these settings, the one that is due first first: 2 queries.

    Narrowed to a class, to a year group, or to some open cycles. A pupil with neither a plan nor an EHC plan is not
    among them: there is nothing to review yet.
    """
    found = _pupils(held, at)
    if class_id is not None:
        found = found.filter(pk__in=_in_class(class_id, at))
    if year_group:
        found = found.filter(year_group=year_group)
    if cycles is not None:
        found = found.filter(cycle_id__in=cycles)
    return _rows(found, settings, at)


def row_of(cycle: Cycle, at: datetime) -> Row | None:
    """What is owed of one open cycle; who may know it was asked of the policy before: 4 queries."""
    here = Enrolment.objects.on(timezone.localdate(at)).filter(pupil=cycle.pupil_id)
    settings = Setting.objects.filter(pk__in=here.values("setting")).prefetch_related("terms")
    found = _rows(_pupils(Pupil.objects.filter(pk=cycle.pupil_id), at), list(settings), at)
    return found[0] if found else None


def _rows(found: QuerySet[Any], settings: Sequence[Setting], at: datetime) -> list[Row]:
    today, by_id = timezone.localdate(at), {setting.pk: setting for setting in settings}
    pupils = [pupil for pupil in found if pupil.setting_id in by_id]
    times = {
        review.cycle_id: review
        for review in Review.objects.filter(
            cycle__in=[p.cycle_id for p in pupils if p.cycle_id], state=ReviewState.SCHEDULED
        )
    }
    told = []
    for pupil in pupils:
        setting = by_id[pupil.setting_id]
        review = owed(_known(pupil, setting), today)
        if review is not None:
            of = times.get(pupil.cycle_id)
            told.append(Row(pupil, setting, pupil.year_group or "", pupil.cycle_id, review, of, today))
    return sorted(
        told, key=lambda row: (row.owed.by, row.pupil.family_name, row.pupil.given_name, row.pupil.pk)
    )


def _pupils(pupils: QuerySet[Pupil], at: datetime) -> QuerySet[Any]:
    enrolled = Enrolment.objects.on(timezone.localdate(at)).filter(pupil=OuterRef("pk"))
    cycles = Cycle.objects.filter(pupil=OuterRef("pk")).order_by().values("pupil")
    reviews = Review.objects.filter(cycle__pupil=OuterRef("pk")).order_by().values("cycle__pupil")
    held = reviews.filter(state=ReviewState.HELD)
    over = reviews.filter(state__in=[ReviewState.HELD, ReviewState.EXEMPT])
    met = Max(Coalesce("held_at", "starts_at"))

    def one(rows: QuerySet[Any], what: Any) -> Subquery:
        return Subquery(rows.annotate(found=what).values("found"), output_field=DateTimeField())

    return pupils.annotate(open=FilteredRelation("cycles", condition=Q(cycles__closed_at=None))).annotate(
        cycle_id=F("open__id"),
        opened_at=F("open__opened_at"),
        review_on=F("open__review_on"),
        setting_id=Subquery(enrolled.values("setting")[:1], output_field=UUIDField()),
        year_group=Subquery(enrolled.values("year_group")[:1], output_field=CharField()),
        enrolled_on=Subquery(enrolled.values("starts_on")[:1], output_field=DateField()),
        first_opened_at=one(cycles, Min("opened_at")),
        met_at=one(over, met),
        annual_at=one(held.filter(kind=Kind.ANNUAL), met),
    )


def _known(pupil: Any, setting: Setting) -> Known:
    def day(at: datetime | None) -> date | None:
        return _day(at) if at is not None else None

    return Known(
        phase=setting.phase,
        every_weeks=setting.review_every_weeks,
        terms=list(setting.terms.all()),
        born=pupil.date_of_birth,
        sen_provision=pupil.sen_provision,
        year_group=pupil.year_group or "",
        enrolled_on=pupil.enrolled_on,
        first_opened_on=day(pupil.first_opened_at),
        opened_on=day(pupil.opened_at),
        review_on=pupil.review_on,
        met_on=day(pupil.met_at),
        annual_on=max(filter(None, [day(pupil.annual_at), pupil.ehc_reviewed_on]), default=None),
        ehc_plan_from=pupil.ehc_plan_from,
    )


def _in_class(class_id: UUID, at: datetime) -> QuerySet[Any]:
    placed = "group__pupilgrouppermission"
    live = Q(**{f"{placed}__ends_at": None}) | Q(**{f"{placed}__ends_at__gt": at})
    found = ClassGroup.objects.filter(live, pk=class_id, closed_at=None, **{f"{placed}__starts_at__lte": at})
    return found.values(f"{placed}__content_object")


def year_groups(settings: Sequence[Setting], at: datetime) -> list[str]:
    """The year groups that somebody is in at these settings, youngest first: 1 query."""
    here = Enrolment.objects.on(timezone.localdate(at)).filter(setting__in=settings)
    found = set(here.values_list("year_group", flat=True))
    return [year for year in YEAR_GROUPS if year in found]


def staff_of(settings: Iterable[Setting], at: datetime) -> QuerySet[User]:
    """Everybody with a role in one of these settings, by name."""
    held = Membership.objects.filter(accounts_policy.live(at), setting__in=list(settings))
    return User.objects.filter(pk__in=held.values("person"), is_active=True).order_by("name", "pk")


@dataclass(frozen=True)
class Around:
    """Who teaches a pupil, and which times suit whoever is to be asked: the family, or whoever decides themselves."""

    adults: dict[UUID, str]
    good_times: list[tuple[str, str]]


def around(pupils: Collection[Pupil], at: datetime) -> dict[UUID, Around]:
    """The people around each of some pupils: 3 queries.

    A young person who decides is asked themselves; whether the family comes is theirs to say.
    """
    ids = [pupil.pk for pupil in pupils]
    near = policy.near_each(ids, {Ground.TEACHES.value, Ground.PARENT.value, Ground.OWN.value}, at)
    deciding = set(policy.deciding(at).filter(pk__in=ids).values_list("pk", flat=True))
    everybody = User.objects.filter(pk__in={person for here in near.values() for person in here})
    people = {person.pk: person for person in everybody.select_related("preferences")}
    liked = {
        pk: person.preferences.good_times
        for pk, person in people.items()
        if hasattr(person, "preferences") and person.preferences.good_times
    }
    found = {}
    for pk, here in near.items():
        asked = {Ground.OWN.value} if pk in deciding else {Ground.OWN.value, Ground.PARENT.value}
        by_name = sorted(here.items(), key=lambda one: people[one[0]].name)
        found[pk] = Around(
            {person: people[person].called for person, grounds in by_name if Ground.TEACHES.value in grounds},
            [(people[p].called, liked[p]) for p, grounds in by_name if grounds & asked and p in liked],
        )
    return found


def taken(
    settings: Collection[UUID], people: Collection[UUID], first: date, last: date, but: UUID | None = None
) -> list[Taken]:
    """The times from one day to another that reviews to come take at these settings, or of these people: 2 queries."""
    enrolled = Enrolment.objects.on(first).filter(pupil=OuterRef("cycle__pupil")).values("setting")[:1]
    reviews = (
        Review.objects.filter(_between(first - timedelta(days=1), last))
        .annotate(setting_now=Subquery(enrolled, output_field=UUIDField()))
        .filter(
            Q(setting_now__in=settings)
            | Q(pk__in=Attendee.objects.filter(person__in=people).values("review"))
        )
        .exclude(pk=but)
    )
    found = list(reviews.values_list("pk", "starts_at", "minutes", "setting_now", "where"))
    there: dict[UUID, set[UUID]] = defaultdict(set)
    for review, person in Attendee.objects.filter(review__in=[pk for pk, *_ in found]).values_list(
        "review", "person"
    ):
        there[review].add(person)
    return [
        Taken(starts_at, minutes, setting, where, frozenset(there[pk]))
        for pk, starts_at, minutes, setting, where in found
    ]


def asked_then(pupil: Pupil, one: Taken, by: User, at: datetime) -> list[tuple[str, datetime, datetime]]:
    """The family of a pupil who are asked to another review at a time, of a child whose reviews `by` holds as well:
    the name, and from when until when. 2 queries.
    """
    near = policy.near_each([pupil.pk], {Ground.PARENT.value, Ground.OWN.value}, at)
    rows = ReviewInvitation.objects.filter(
        person__in=list(near[pupil.pk]),
        withdrawn_at=None,
        review__state=ReviewState.SCHEDULED,
        review__starts_at__lt=one.ends_at,
        review__starts_at__gt=one.starts_at - timedelta(days=1),
        review__cycle__pupil__in=held_by(by, at),
    ).exclude(review__cycle__pupil=pupil)
    found = [
        (row.person.name, row.review.starts_at, row.review.starts_at + timedelta(minutes=row.review.minutes))
        for row in rows.select_related("person", "review").order_by("review__starts_at", "person__name")
    ]
    return [(who, start, end) for who, start, end in found if end > one.starts_at]


def settings_now(pupils: Collection[UUID], at: datetime) -> dict[UUID, UUID]:
    """The setting that each of some pupils is in now: where a review of theirs takes a room. 1 query."""
    here = Enrolment.objects.on(timezone.localdate(at)).filter(pupil__in=pupils)
    return dict(here.values_list("pupil", "setting"))


@dataclass(frozen=True)
class Meeting:
    """A review to come, as the list and the calendar show it. `closed`: the setting is not open on that day now."""

    review: Review
    pupil: Pupil
    people: list[str]
    closed: bool

    @property
    def at(self) -> datetime:
        return timezone.localtime(self.review.starts_at, LONDON)

    @property
    def day(self) -> date:
        return self.at.date()


def _between(first: date, last: date) -> Q:
    """To come, and on a day from one to another, both included, as London counts days."""
    start = datetime.combine(first, time(), tzinfo=LONDON)
    end = datetime.combine(last + timedelta(days=1), time(), tzinfo=LONDON)
    return Q(state=ReviewState.SCHEDULED, starts_at__gte=start, starts_at__lt=end)


def to_come(
    held: QuerySet[Pupil], at: datetime, first: date, last: date, settings: Sequence[Setting]
) -> list[Meeting]:
    """The reviews of some pupils that have a time from one day to another: 3 queries."""
    found = (
        Review.objects.filter(_between(first, last), cycle__pupil__in=held)
        .select_related("cycle__pupil")
        .prefetch_related(Prefetch("attendees", Attendee.objects.select_related("person")))
        .order_by("starts_at", "pk")
    )
    terms = {setting.pk: list(setting.terms.all()) for setting in settings}
    at_now = settings_now([review.cycle.pupil_id for review in found], at)
    return [
        Meeting(
            review,
            review.cycle.pupil,
            sorted(a.person.called for a in review.attendees.all()),
            not is_open(_day(review.starts_at), terms.get(at_now[review.cycle.pupil_id], [])),
        )
        for review in found
    ]


@dataclass(frozen=True)
class Week:
    """The load of one week: what is set, and what is owed by its end and has no time yet."""

    starts_on: date
    set: int
    minutes: int
    without: int


def load(
    meetings: Iterable[tuple[date, int]], owed_by: Iterable[date], first: date, weeks: int
) -> list[Week]:
    """The weeks from the Monday of `first` on: of each, reviews with a time and their minutes, and those without."""
    monday = first - timedelta(days=first.weekday())
    days = list(meetings)
    due = list(owed_by)
    told = []
    for number in range(weeks):
        start = monday + number * WEEK
        here = [minutes for day, minutes in days if start <= day < start + WEEK]
        without = sum(1 for day in due if start <= day < start + WEEK or (number == 0 and day < start))
        told.append(Week(start, len(here), sum(here), without))
    return told


def set_times(held: QuerySet[Pupil], first: date, last: date) -> list[tuple[date, int]]:
    """The day and the minutes of each review with a time from one day to another: 1 query."""
    found = Review.objects.filter(_between(first, last), cycle__pupil__in=held)
    return [(_day(starts_at), minutes) for starts_at, minutes in found.values_list("starts_at", "minutes")]


def became(held: QuerySet[Pupil], since: datetime) -> QuerySet[ReviewChange]:
    """What was moved, cancelled or found not needed since an instant, latest first, and by whom: 1 query."""
    return ReviewChange.objects.filter(review__cycle__pupil__in=held, at__gte=since).select_related(
        "review__cycle__pupil", "by"
    )


def not_held(held: QuerySet[Pupil], cycles: Collection[UUID]) -> set[UUID]:
    """Those of some ids that are no cycle of these pupils: 1 query."""
    return set(cycles) - set(Cycle.objects.filter(pk__in=cycles, pupil__in=held).values_list("pk", flat=True))


def closed_since(held: QuerySet[Pupil], cycles: Collection[UUID]) -> list[str]:
    """The names of the pupils whose cycles these are, closed meanwhile. Raises Http404 for anything else: 1 query."""
    found = Cycle.objects.filter(pk__in=cycles, pupil__in=held).select_related("pupil")
    names = {cycle.pk: cycle.pupil.name for cycle in found}
    if set(cycles) - set(names):
        raise Http404
    return sorted(names.values())
