"""What waits in the record as it is at an instant, whoever it waits for: one query for all kinds of it.

Whose it is to do, and whether they may know, is `notifications.wanted`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest, TruncDate
from django.utils import timezone

from accounts.enums import Phase
from accounts.models import Term, User
from accounts.open_days import is_working_day
from apdr import funding_shared
from apdr.enums import Perspective, ScaleKind, Stage, StepStatus
from apdr.models import (
    Allocation,
    Cycle,
    CycleStage,
    FundingDecision,
    FundingEvaluation,
    FundingUse,
    NextStep,
    PlanVersion,
    Progress,
    View,
)
from pupils import choices, policy
from pupils.clocks import midnight
from pupils.enums import Answer, Section, Voice, Way
from pupils.models import AccessLog, Capacity, Choice, Enrolment, Override, Pupil, SharingRequest
from reviews import duties, invitations, selectors_we_did
from reviews.enums import Duty, ReviewState
from reviews.models import (
    Contribution,
    Decision,
    Judgement,
    Review,
    ReviewInvitation,
    ReviewReply,
    TakingPart,
    WhoComes,
)

from .enums import OF_SETTINGS, Kind
from .enums_updates import UpdateKind
from .models import Call, Talk, Update

#: So many days before a review those are reminded whose part is not done.
REVIEW_WITHIN = (14, 2)
#: Whoever has not read what was decided at a review is told of it for this long.
TOLD_UNTIL = timedelta(days=28)
#: A step is due this long before its day.
STEP_WITHIN = timedelta(days=7)
#: Without a note of any step for this long, a plan in its `do` stage is quiet.
QUIET_AFTER = timedelta(weeks=3)
#: A choice, or a capacity record, ends soon this long before it does; a record is looked at this long after, too.
ENDS_WITHIN, LOOKED_AT_UNTIL = timedelta(days=14), timedelta(days=28)
#: A request has waited for this long before whoever answers it is reminded; they were told of it at once.
ANSWER_WITHIN = timedelta(days=3)
#: The family is asked what they think of money for this long after its time is over.
ASKED_OF_MONEY_UNTIL = timedelta(weeks=8)
#: From this time on somebody is reminded of a daily form, in London.
DAILY_FROM = time(14)

_IDS = ArrayField(UUIDField())
_COLUMNS = ("kind_", "about", "subject_", "day_", "number_", "owner_", "done_", "role_", "of_")


@dataclass(frozen=True)
class Fact:
    """Something that waits, whoever it waits for. `owner`: whose it is alone; `done`: who did their part; `role`: as
    whom somebody was asked to a review, or whether staff, the family or all are asked; `of`: which review.
    """

    kind: Kind
    pupil_id: UUID
    subject: UUID
    occasion: str
    owner: UUID | None
    done: frozenset[UUID]
    role: str = ""
    of: UUID | None = None


#: Which kind is about what of an annual review.
DUTIES = {Kind.ADVICE_DUE: Duty.ADVICE, Kind.PAPERS_DUE: Duty.PAPERS, Kind.REPORT_DUE: Duty.REPORT}
#: Those are told once before the day, and once after it.
_SOON_OR_LATE = frozenset({Kind.ANNUAL_DUE, *DUTIES})


def facts(
    at: datetime, pupils: Iterable[UUID] | QuerySet[Pupil] | None = None, kinds: Iterable[Kind] = Kind
) -> list[Fact]:
    """What waits at an instant, of some pupils or of all: 1 query. Events and surveys are no pupil's (`OF_SETTINGS`)."""
    today = timezone.localdate(at)
    made = {kind: _FIND[kind](at, today) for kind in kinds if kind not in OF_SETTINGS}
    if pupils is not None:
        of = pupils if isinstance(pupils, QuerySet) else list(pupils)
        made = {kind: found.filter(about__in=of) for kind, found in made.items()}
    rows = [found.order_by().values_list(*_COLUMNS) for found in made.values()]
    if not rows:
        return []
    return [
        Fact(
            Kind(kind),
            pupil,
            subject,
            _occasion(Kind(kind), day, number, today),
            owner,
            frozenset(done),
            role,
            of,
        )
        for kind, pupil, subject, day, number, owner, done, role, of in rows[0].union(*rows[1:])
    ]


def _occasion(kind: Kind, day: date | None, number: int | None, today: date) -> str:
    if kind is Kind.REVIEW_COMING:
        assert day is not None
        return f"{day} {min(days for days in REVIEW_WITHIN if (day - today).days <= days)}"
    if kind in _SOON_OR_LATE:
        assert day is not None
        return f"{day} {'late' if day < today else 'soon'}"
    return str(day if number is None else number)


def _as(
    found: QuerySet[Any],
    kind: Kind,
    *,
    pupil: str,
    subject: str = "pk",
    day: Any = None,
    number: Any = None,
    owner: Any = None,
    done: Any = None,
    role: Any = None,
    of: Any = None,
) -> QuerySet[Any]:
    """Rows in the shape that all kinds share. `done` is a query of people, or several."""
    did = [ArraySubquery(each) for each in (done if isinstance(done, tuple) else (done,)) if each is not None]
    return found.annotate(
        kind_=Value(kind.value, CharField()),
        about=F(pupil),
        subject_=F(subject),
        day_=Cast(Value(None) if day is None else day, DateField()),
        number_=Cast(Value(None) if number is None else number, IntegerField()),
        owner_=Cast(Value(None) if owner is None else owner, UUIDField()),
        done_=_Both(*did) if len(did) > 1 else did[0] if did else Cast(Value([], _IDS), _IDS),
        role_=Value("", CharField()) if role is None else role,
        of_=Cast(Value(None) if of is None else of, UUIDField()),
    )


class _Both(Func):
    """Two arrays of ids as one."""

    function = "array_cat"
    output_field = _IDS


def in_stage(*stages: Stage) -> QuerySet[Cycle]:
    """The open cycles that are in one of these stages, each with its latest stage's number and day."""
    latest = CycleStage.objects.filter(cycle=OuterRef("pk")).order_by("-number")
    found = Cycle.objects.filter(closed_at=None).annotate(
        stage=Subquery(latest.values("stage")[:1]),
        stage_number=Subquery(latest.values("number")[:1]),
        stage_on=Subquery(latest.values("at__date")[:1]),
    )
    return found.filter(stage__in=stages)


def _unanswered(at: datetime) -> QuerySet[ReviewInvitation]:
    """The invitations that stand and have no answer to the time that the review has."""
    now = {"sequence": OuterRef("review__sequence")}
    replied = Exists(ReviewReply.objects.filter(invitation=OuterRef("pk"), **now))
    took_part = Exists(TakingPart.objects.filter(review=OuterRef("review"), **now))
    child = Q(perspective=Perspective.CHILD)
    return invitations.standing(at).filter(~child & ~Q(replied) | child & ~Q(took_part))


def _invited(at: datetime, today: date) -> QuerySet[Any]:
    return _as(
        _unanswered(at),
        Kind.INVITED,
        pupil="review__cycle__pupil",
        number=F("review__sequence"),
        owner=F("person"),
        role=F("perspective"),
        of=F("review"),
    )


def _who_comes(at: datetime, today: date) -> QuerySet[Any]:
    """A review that has a time, of a young person who decides, while nothing holds that was said of who comes.

    It is the decider's (`owner`) under a capacity record about reviews, or else the young person's: who is asked how they
    take part as well, by an invitation that waits, is told of both by that alone.
    """
    said = WhoComes.objects.filter(review=OuterRef("pk")).order_by("-number")
    holds = Exists(choices.capacity_holding(at).filter(pk=OuterRef("said_under")))
    theirs = choices.capacity_holding(at).filter(
        pupil=OuterRef("cycle__pupil"), sections__contains=[Section.REVIEWS.value]
    )
    asked = _unanswered(at).filter(review=OuterRef("pk"), perspective=Perspective.CHILD)
    found = (
        Review.objects.filter(
            Exists(policy.deciding(at).filter(pk=OuterRef("cycle__pupil"))),
            state=ReviewState.SCHEDULED,
            starts_at__gt=at,
        )
        .annotate(
            said=Coalesce(Subquery(said.values("number")[:1]), 0),
            said_under=Subquery(said.values("capacity")[:1]),
            decider=Subquery(theirs.order_by("-starts_at", "pk").values("decider")[:1]),
        )
        .filter(Q(said=0) | Q(~Q(holds), said_under__isnull=False))
        .filter(Q(decider__isnull=False) | ~Exists(asked))
    )
    return _as(found, Kind.WHO_COMES, pupil="cycle__pupil", number=F("said"), owner=F("decider"))


def _review_coming(at: datetime, today: date) -> QuerySet[Any]:
    last = midnight(today + timedelta(days=max(REVIEW_WITHIN) + 1))
    before = in_stage(Stage.ASSESS, Stage.PLAN, Stage.DO).filter(pk=OuterRef("cycle"))
    found = Review.objects.filter(
        Exists(before), state=ReviewState.SCHEDULED, starts_at__gt=at, starts_at__lt=last
    )
    views = View.objects.filter(cycle=OuterRef("cycle")).order_by().values("recorded_by")
    said = (
        Contribution.objects.filter(review=OuterRef("pk"), said_by__isnull=False).order_by().values("said_by")
    )
    return _as(
        found, Kind.REVIEW_COMING, pupil="cycle__pupil", day=TruncDate("starts_at"), done=(views, said)
    )


def _views_wanted(at: datetime, today: date) -> QuerySet[Any]:
    shared = PlanVersion.objects.filter(cycle=OuterRef("pk"))
    said = Judgement.objects.filter(cycle=OuterRef("pk"), said_by__isnull=False).order_by().values("said_by")
    found = in_stage(Stage.REVIEW).filter(Exists(shared))
    return _as(found, Kind.VIEWS_WANTED, pupil="pupil", number=F("stage_number"), done=said)


def _review_overdue(at: datetime, today: date) -> QuerySet[Any]:
    found = Cycle.objects.filter(closed_at=None, review_on__lt=today)
    return _as(found, Kind.REVIEW_OVERDUE, pupil="pupil", day=F("review_on"))


def _annual_due(at: datetime, today: date) -> QuerySet[Any]:
    return _as(duties.without_a_day(at), Kind.ANNUAL_DUE, pupil="pk", day=F("by"))


def _owed_around(kind: Kind, at: datetime) -> QuerySet[Any]:
    return _as(duties.undone(DUTIES[kind], at), kind, pupil="cycle__pupil", day=F("by"))


def _review_told(at: datetime, today: date) -> QuerySet[Any]:
    """Until they have looked at what was decided since: a calendar that reads by itself, or the
    link in an e-mail, does not count.
    """
    looks = AccessLog.objects.filter(
        pupil=OuterRef("cycle__pupil"), at__gte=OuterRef("at"), sections__contains=[Section.REVIEWS.value]
    ).exclude(way__in=[Way.CALENDAR, Way.SENT])
    read = looks.order_by().values("person").distinct()
    found = Decision.objects.filter(at__lte=at, at__gt=at - TOLD_UNTIL)
    return _as(found, Kind.REVIEW_TOLD, pupil="cycle__pupil", subject="cycle", day=TruncDate("at"), done=read)


class _Highest(Func):
    """The highest level of a scale, which lists them lowest first."""

    template = "(%(expressions)s)[cardinality(%(expressions)s)]"
    output_field = IntegerField()


def _step_due(at: datetime, today: date) -> QuerySet[Any]:
    """Of a step that has an owner, but for those noted at a level that ends it: the highest, or of a goal the expected."""
    noted = Progress.objects.filter(step=OuterRef("pk"), withdrawn_at=None)
    ended = noted.filter(value__gte=_Highest(F("step__scale__values"))) | noted.filter(
        step__scale__scale__kind=ScaleKind.GOAL, value__gte=0
    )
    found = NextStep.objects.filter(
        Exists(in_stage(Stage.DO, Stage.REVIEW).filter(pk=OuterRef("cycle"))),
        ~Exists(ended),
        owner__isnull=False,
        removed_at=None,
        outcome__removed_at=None,
        status=StepStatus.CURRENT,
        by_when__lte=today + STEP_WITHIN,
    )
    return _as(found, Kind.STEP_DUE, pupil="cycle__pupil", day=F("by_when"), owner=F("owner"))


def _quiet(at: datetime, today: date) -> QuerySet[Any]:
    noted = Progress.objects.filter(step__cycle=OuterRef("pk"), withdrawn_at=None).order_by()
    last = noted.values("step__cycle").annotate(last=Max("on")).values("last")
    since = Greatest(Subquery(last, output_field=DateField()), F("stage_on"))
    found = in_stage(Stage.DO).annotate(since=since).filter(since__lt=today - QUIET_AFTER)
    return _as(found, Kind.QUIET, pupil="pupil", day=F("since"))


def _choice_ending(at: datetime, today: date) -> QuerySet[Any]:
    """What a young person opened, to each of whom and on which day it ends: one thing, however many parts it was."""
    later = Choice.objects.filter(
        pupil=OuterRef("pupil"),
        voice=Voice.YOUNG_PERSON,
        section=OuterRef("section"),
        kind=OuterRef("kind"),
        number__gt=OuterRef("number"),
        starts_at__lte=at,
    )
    same = Q(person=OuterRef("person")) | Q(person=None)
    found = Choice.objects.filter(
        Exists(policy.deciding(at).filter(pk=OuterRef("pupil"))),
        ~Exists(later.filter(same)),
        invitation=None,
        voice=Voice.YOUNG_PERSON,
        answer=Answer.YES,
        starts_at__lte=at,
        ends_at__gt=at,
        ends_at__lte=at + ENDS_WITHIN,
    ).annotate(to=Coalesce("person", "pupil"))
    return _as(found, Kind.CHOICE_ENDING, pupil="pupil", subject="to", day=TruncDate("ends_at"))


def _look_again(at: datetime, today: date) -> QuerySet[Any]:
    found = Override.objects.filter(told_at=None, confirmed_at__lte=at, look_again_on__lte=today)
    return _as(found, Kind.LOOK_AGAIN, pupil="pupil", day=F("look_again_on"))


def _capacity(at: datetime, today: date) -> QuerySet[Any]:
    """Until it is ended, or another record is made."""
    later = Capacity.objects.filter(pupil=OuterRef("pupil"), assessed_on__gt=OuterRef("assessed_on"))
    found = Capacity.objects.filter(
        ~Exists(later),
        ended_at=None,
        starts_at__lte=at,
        review_on__lte=today + ENDS_WITHIN,
        review_on__gt=today - LOOKED_AT_UNTIL,
    )
    return _as(found, Kind.CAPACITY, pupil="pupil", day=F("review_on"))


def _request(at: datetime, today: date) -> QuerySet[Any]:
    found = SharingRequest.objects.filter(answered_at=None, asked_at__lte=at - ANSWER_WITHIN)
    return _as(found, Kind.REQUEST, pupil="pupil", day=TruncDate("asked_at"))


def _funding_due(at: datetime, today: date) -> QuerySet[Any]:
    """Money whose time is over, of the setting that the pupil is in. `role` says who is asked still: staff, until it is
    said of all of it what was used, and decided what comes next; the family, for a while, where it was shared with them,
    but for those of them who said what they think.
    """
    here = Enrolment.objects.on(today).filter(pupil=OuterRef("pupil"), setting=OuterRef("stream__setting"))
    uses = FundingUse.objects.filter(allocation=OuterRef("pk"))
    decided = Exists(FundingDecision.objects.filter(allocation=OuterRef("pk")))
    staff = Exists(uses.filter(used=None)) | ~Exists(uses) | ~decided
    family = Q(funding_shared.SHARED, ends_on__gt=today - ASKED_OF_MONEY_UNTIL)
    said = FundingEvaluation.objects.filter(allocation=OuterRef("pk"), said_by__isnull=False).order_by()
    found = Allocation.objects.filter(Exists(here), staff | family, ends_on__lte=today)
    asked = Case(
        When(staff & family, then=Value("all")), When(staff, then=Value("staff")), default=Value("family"),
        output_field=CharField(),
    )  # fmt: skip
    by_family = said.exclude(perspective=Perspective.STAFF).values("said_by")
    return _as(found, Kind.FUNDING_DUE, pupil="pupil", day=F("ends_on"), done=by_family, role=asked)


def _no_answer(at: datetime, today: date) -> QuerySet[Any]:
    """What a child or their family said a month ago or more and nobody answered: the oldest of each pupil."""
    waits = selectors_we_did.unanswered(at).filter(at__lte=at - selectors_we_did.ANSWER_WITHIN)
    older = waits.filter(pupil=OuterRef("pupil")).order_by("at", "pk").values("pk")[:1]
    found = waits.filter(pk=Subquery(older))
    return _as(found, Kind.UNANSWERED, pupil="pupil", day=TruncDate("at"))


def _call(at: datetime, today: date) -> QuerySet[Any]:
    found = Call.objects.filter(rang_at=None, at__lte=at)
    return _as(found, Kind.CALL, pupil="pupil", day=TruncDate("at"), owner=F("by"))


def _talk(at: datetime, today: date) -> QuerySet[Any]:
    """Whom they asked for; where they asked for nobody by name, the SENCO."""
    found = Talk.objects.filter(answered_at=None, at__lte=at)
    asker = User.objects.filter(pk=OuterRef("by")).order_by().values("pk")
    return _as(found, Kind.TALK, pupil="pupil", day=TruncDate("at"), owner=F("to"), done=asker)


def _talk_set(at: datetime, today: date) -> QuerySet[Any]:
    found = Talk.objects.filter(answered_at__lte=at, starts_at__gt=at)
    return _as(found, Kind.TALK_SET, pupil="pupil", day=TruncDate("starts_at"), owner=F("by"))


def _daily(at: datetime, today: date) -> QuerySet[Any]:
    """Of whoever is in an early-years setting that is open today, from the afternoon on."""
    if not is_working_day(today) or timezone.localtime(at).time() < DAILY_FROM:
        return _as(Enrolment.objects.none(), Kind.DAILY, pupil="pupil", subject="pupil")
    terms = Term.objects.filter(setting=OuterRef("setting"))
    in_term = terms.filter(starts_on__lte=today, ends_on__gt=today).exclude(
        half_term_from__lte=today, half_term_until__gt=today
    )
    written = Update.objects.filter(pupil=OuterRef("pupil"), kind=UpdateKind.DAILY, on=today)
    found = Enrolment.objects.on(today).filter(
        ~Exists(terms) | Exists(in_term), ~Exists(written), setting__phase=Phase.EARLY_YEARS
    )
    return _as(found, Kind.DAILY, pupil="pupil", subject="pupil", day=Value(today))


_FIND = {
    Kind.INVITED: _invited,
    Kind.WHO_COMES: _who_comes,
    Kind.REVIEW_COMING: _review_coming,
    Kind.VIEWS_WANTED: _views_wanted,
    Kind.REVIEW_OVERDUE: _review_overdue,
    Kind.ANNUAL_DUE: _annual_due,
    **{kind: (lambda at, today, kind=kind: _owed_around(kind, at)) for kind in DUTIES},
    Kind.REVIEW_TOLD: _review_told,
    Kind.STEP_DUE: _step_due,
    Kind.QUIET: _quiet,
    Kind.CHOICE_ENDING: _choice_ending,
    Kind.LOOK_AGAIN: _look_again,
    Kind.CAPACITY: _capacity,
    Kind.REQUEST: _request,
    Kind.FUNDING_DUE: _funding_due,
    Kind.UNANSWERED: _no_answer,
    Kind.CALL: _call,
    Kind.TALK: _talk,
    Kind.TALK_SET: _talk_set,
    Kind.DAILY: _daily,
}
