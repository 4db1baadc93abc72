"""What is wanted of whom, computed from the record as it is at an instant: the reminders, and what needs me.

`facts` finds what waits, in one query. Whose it is to do, and whether they may see the section it is about, is asked
of the policy each time: a fact that nobody may know of is wanted of nobody. Nothing here is stored.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
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
)
from django.db.models.functions import Cast, Coalesce, Greatest, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from accounts.enums import Phase
from accounts.models import Term, User
from accounts.open_days import is_working_day
from accounts.words import StrOrPromise
from apdr.enums import Perspective, ScaleKind, Stage, StepStatus
from apdr.models import Cycle, CycleStage, NextStep, PlanVersion, Progress, View
from pupils import policy
from pupils.clocks import midnight
from pupils.enums import Answer, Ground, Section, Voice, Way
from pupils.models import AccessLog, Capacity, Choice, Enrolment, Override, Pupil, SharingRequest
from pupils.policy import Sight
from reviews import invitations
from reviews.enums import ReviewState
from reviews.models import Contribution, Decision, Judgement, Review, ReviewReply, TakingPart, WhoComes

from .enums import Kind
from .enums_updates import UpdateKind
from .models import Call, Talk, Update
from .services import as_staff

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
#: From this time on somebody is reminded of a daily form, in London.
DAILY_FROM = time(14)
#: What pages show as what needs me, but for what has a place of its own there: who asks, and safeguarding.
ON_PAGES = tuple(kind for kind in Kind if kind not in {Kind.REQUEST, Kind.LOOK_AGAIN})
#: Of so many pupils the rule is asked at once.
AT_ONCE = 500

_IDS = ArrayField(UUIDField())
_COLUMNS = ("kind_", "about", "subject_", "day_", "number_", "owner_", "done_", "role_", "of_")


@dataclass(frozen=True)
class Fact:
    """Something that waits, whoever it waits for. `owner`: whose it is alone; `done`: who did their part; `role`: as
    whom somebody was asked to a review, and `of`: which.
    """

    kind: Kind
    pupil_id: UUID
    subject: UUID
    occasion: str
    owner: UUID | None
    done: frozenset[UUID]
    role: str = ""
    of: UUID | None = None


@dataclass(frozen=True)
class Wanted:
    """One thing that is wanted of one person about one pupil at an instant."""

    fact: Fact
    sight: Sight

    @property
    def person(self) -> User:
        return self.sight.person

    @property
    def pupil(self) -> Pupil:
        return self.sight.pupil

    @property
    def kind(self) -> Kind:
        return self.fact.kind

    @property
    def key(self) -> tuple[str, UUID, UUID, UUID, str]:
        """What no two reminders share: kind, pupil, person, subject, occasion."""
        fact = self.fact
        return fact.kind.value, fact.pupil_id, self.person.pk, fact.subject, fact.occasion

    @property
    def words(self) -> str:
        """What is wanted, to whoever it is wanted of. It names nobody and nothing of a record."""
        if self.fact.role == Perspective.CHILD:
            return str(_TELLS_CHILD)
        staff = _TELLS_STAFF.get(self.kind) if not _family(self.sight) else None
        return str(staff or WORDS[self.kind])

    @property
    def href(self) -> str:
        """The page on which it is done."""
        pupil, subject = self.fact.pupil_id, self.fact.subject
        match self.kind:
            case Kind.INVITED:
                child = self.fact.role == Perspective.CHILD
                return reverse("take_part" if child else "reply_to_review", args=[self.fact.of])
            case Kind.REVIEW_COMING if _family(self.sight):
                return reverse("say_before", args=[subject])
            case Kind.REVIEW_COMING:
                return reverse("record_views", args=[pupil])
            case Kind.VIEWS_WANTED if Ground.PARENT in self.sight.grounds(Section.PLAN):
                return reverse("reviews", args=[pupil])
            case Kind.VIEWS_WANTED:
                return reverse("judge", args=[subject])
            case Kind.REVIEW_OVERDUE:
                return reverse("review", args=[subject])
            case Kind.REVIEW_TOLD:
                return reverse("minutes", args=[subject])
            case Kind.STEP_DUE:
                return reverse("log_step", args=[subject])
            case Kind.QUIET:
                return reverse("pupil", args=[pupil])
            case Kind.CHOICE_ENDING:
                return reverse("choices", args=[pupil])
            case Kind.LOOK_AGAIN:
                return reverse("disclosure", args=[subject])
            case Kind.CAPACITY:
                return reverse("capacity", args=[pupil])
            case Kind.REQUEST:
                return reverse("requests", args=[pupil])
            case Kind.CALL:
                return reverse("rang", args=[subject])
            case Kind.TALK | Kind.TALK_SET:
                return reverse("talk", args=[subject])
            case Kind.DAILY:
                return reverse("daily", args=[pupil])


#: What people read, on their own pages and in e-mails.
WORDS: dict[Kind, StrOrPromise] = {
    Kind.INVITED: _lazy("You are invited to talk about a plan. Say if you come"),
    Kind.REVIEW_COMING: _lazy("We look at the plan soon. Say what you think"),
    Kind.VIEWS_WANTED: _lazy("We are looking back at the plan. Say how it went"),
    Kind.REVIEW_OVERDUE: _lazy("A review is late. Set a day for it, or hold it"),
    Kind.REVIEW_TOLD: _lazy(
        "We looked back at the plan. Read what we decided, and what we do about what you said"
    ),
    Kind.STEP_DUE: _lazy("A step of yours is nearly due. Say how it goes"),
    Kind.QUIET: _lazy("No step was noted for three weeks. Say how it goes"),
    Kind.CHOICE_ENDING: _lazy("Something you share ends soon. Look if you want to go on"),
    Kind.LOOK_AGAIN: _lazy("Something in safeguarding waits for you"),
    Kind.CAPACITY: _lazy("A record of who decides is to be looked at again"),
    Kind.REQUEST: _lazy("Somebody asks to see a part. Say yes or no"),
    Kind.CALL: _lazy("Ring home, and say how it went"),
    Kind.TALK: _lazy("Somebody asks to talk with you. Say when"),
    Kind.TALK_SET: _lazy("Your talk has a time"),
    Kind.DAILY: _lazy("How the day went is not written yet"),
}
_TELLS_STAFF = {
    Kind.REVIEW_COMING: _lazy("A review is coming. Write down what was said"),
    Kind.INVITED: _lazy("You are asked to a review. Say if you come"),
}
_TELLS_CHILD = _lazy("We talk about your plan soon. Choose who comes, and how you take part")


def facts(
    at: datetime, pupils: Iterable[UUID] | QuerySet[Pupil] | None = None, kinds: Iterable[Kind] = Kind
) -> list[Fact]:
    """What waits at an instant, of some pupils or of all: 1 query."""
    today = timezone.localdate(at)
    made = {kind: _FIND[kind](at, today) for kind in kinds}
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
    return str(day if number is None else number)


def wanted(found: Iterable[Fact], at: datetime) -> Iterator[list[Wanted]]:
    """What is wanted of everybody whom these facts wait for, some hundred pupils at a time.

    3 queries for each, 1 where somebody asks, 1 where a review comes, and for safeguarding as many as there are leads.
    """
    by_pupil: dict[UUID, list[Fact]] = {}
    for fact in found:
        by_pupil.setdefault(fact.pupil_id, []).append(fact)
    pupils = sorted(by_pupil)
    for first in range(0, len(pupils), AT_ONCE):
        here = {pk: by_pupil[pk] for pk in pupils[first : first + AT_ONCE]}
        sights = policy.sights_each(here, at)
        standing = _standing(here, at)
        yield [
            *(one for pk in here for one in _of_pupil(here[pk], sights[pk], standing)),
            *_safeguarding(here, at),
        ]


def of_sights(sights: Iterable[Sight], at: datetime, kinds: Iterable[Kind]) -> list[Wanted]:
    """What is wanted of one person about the pupils whom these sights are of: 1 query, 1 where somebody asks, and 1 where
    a review comes.
    """
    by_pupil = {sight.pupil.pk: sight for sight in sights}
    return _of(by_pupil, facts(at, by_pupil, kinds), at) if by_pupil else []


def of_person(person: User, pupils: QuerySet[Pupil], at: datetime, kinds: Iterable[Kind]) -> list[Wanted]:
    """What is wanted of one person about some pupils: 1 query, and 2 to 4 more where something waits."""
    found = facts(at, pupils, kinds)
    waits = Pupil.objects.filter(pk__in={fact.pupil_id for fact in found})
    return _of(policy.sights(person, waits, at), found, at) if found else []


def _of(sights: dict[UUID, Sight], found: list[Fact], at: datetime) -> list[Wanted]:
    """By kind, by when, and by name."""
    here: dict[UUID, list[Fact]] = {}
    for fact in found:
        here.setdefault(fact.pupil_id, []).append(fact)
    standing, order = _standing(here, at), list(Kind)
    everybody = _others(here, sights, at)
    told = [
        one
        for pk in here
        for one in _of_pupil(here[pk], everybody.get(pk, [sights[pk]]), standing)
        if one.person == sights[pk].person
    ]
    return sorted(told, key=lambda one: (order.index(one.kind), one.fact.occasion, one.pupil.called))


@dataclass(frozen=True)
class _Standing:
    """What of some facts holds at the instant besides anybody's sight: the requests that wait still for a young person
    who decides, and whom such a young person chose for each review that comes.
    """

    requests: set[UUID]
    chosen: dict[UUID, frozenset[UUID]]

    def hears(self, fact: Fact, sight: Sight) -> bool:
        """Whether somebody hears from us that a review comes: from hand-over the young person chose them, or they work
        there.
        """
        chosen = self.chosen.get(fact.subject)
        if chosen is None or sight.person.pk in chosen:
            return True
        grounds = sight.grounds(Section.REVIEWS) | sight.grounds(Section.VIEWS)
        return Ground.OWN in grounds or (Ground.TEACHES in grounds and Ground.PARENT not in grounds)


def _of_pupil(found: list[Fact], sights: list[Sight], standing: _Standing) -> Iterator[Wanted]:
    for fact in found:
        if fact.kind is Kind.REQUEST and fact.subject not in standing.requests:
            continue
        told = [sight for sight in sights if _asked(fact, sight)]
        if fact.kind is Kind.REVIEW_COMING:
            told = [sight for sight in told if standing.hears(fact, sight)]
        if fact.kind in _ELSE_THE_SENCO and not told:
            told = [one for one in sights if one.may("coordinate") and one.person.pk not in fact.done]
        yield from (Wanted(fact, sight) for sight in told)


def _others(here: dict[UUID, list[Fact]], sights: dict[UUID, Sight], at: datetime) -> dict[UUID, list[Sight]]:
    """Everybody's sights of the pupils about whom something is a colleague's of this SENCO to do, while they can."""
    theirs = {
        pk
        for pk, found in here.items()
        if sights[pk].may("coordinate")
        and any(fact.kind in (Kind.CALL, Kind.TALK) and fact.owner != sights[pk].person.pk for fact in found)
    }
    return policy.sights_each(theirs, at) if theirs else {}


#: Where nobody else can do it, the SENCO is who can notice.
_ELSE_THE_SENCO = frozenset({Kind.QUIET, Kind.CALL, Kind.TALK})


def _standing(here: dict[UUID, list[Fact]], at: datetime) -> _Standing:
    pupils = [pk for pk, found in here.items() if any(fact.kind is Kind.REQUEST for fact in found)]
    asked = policy.asked_each(pupils, at) if pupils else {}
    requests = {pk for decides, waits in asked.values() if decides for pk, *_ in waits}
    come = {fact.subject for found in here.values() for fact in found if fact.kind is Kind.REVIEW_COMING}
    return _Standing(requests, invitations.chosen_each(come, at) if come else {})


def _safeguarding(here: dict[UUID, list[Fact]], at: datetime) -> Iterator[Wanted]:
    """Whoever looks after safeguarding stands in no circle: which disclosures they read is the policy's all the same."""
    waits = [fact for found in here.values() for fact in found if fact.kind is Kind.LOOK_AGAIN]
    if not waits:
        return
    leads = policy.safeguarding_each({fact.pupil_id for fact in waits}, at)
    pupils = Pupil.objects.in_bulk(leads)
    for fact in waits:
        for person in leads[fact.pupil_id]:
            yield Wanted(fact, Sight(person, pupils[fact.pupil_id], at, near=False))


def _family(sight: Sight) -> bool:
    return bool(sight.grounds(Section.PLAN) & {Ground.OWN, Ground.PARENT}) or sight.may("say_views")


def _asked(fact: Fact, sight: Sight) -> bool:
    """Whether something that waits is this person's to do, and they may see what it is about."""
    if sight.person.pk in fact.done or (fact.owner is not None and fact.owner != sight.person.pk):
        return False
    match fact.kind:
        case Kind.INVITED:
            return invitations.part_of(sight) == fact.role
        case Kind.REVIEW_COMING:
            adds = sight.may("say_views") or Ground.TEACHES in sight.grounds(Section.VIEWS)
            return adds and sight.sees(Section.REVIEWS)
        case Kind.VIEWS_WANTED:
            if sight.grounds(Section.PLAN) & {Ground.OWN, Ground.PARENT}:
                return sight.may("judge") and sight.sees(Section.REVIEWS)
            return Ground.TEACHES in sight.grounds(Section.PLAN)
        case Kind.REVIEW_OVERDUE:
            return sight.may("hold_review")
        case Kind.REVIEW_TOLD:
            return bool(sight.grounds(Section.REVIEWS) & {Ground.OWN, Ground.PARENT, Ground.SHARED})
        case Kind.STEP_DUE:
            return sight.may("log_progress")
        case Kind.QUIET:
            return sight.may("log_progress") and Ground.TEACHES in sight.grounds(Section.PLAN)
        case Kind.CHOICE_ENDING | Kind.REQUEST:
            return sight.may("choose")
        case Kind.CAPACITY:
            return sight.may("record_capacity")
        case Kind.LOOK_AGAIN:
            return False
        case Kind.CALL:
            return fact.owner is not None and sight.may("write_update") and as_staff(sight)
        case Kind.TALK:
            if fact.owner is None:
                return sight.may("write_update") and Ground.COORDINATES in sight.grounds(Section.UPDATES)
            return sight.may("write_update") and as_staff(sight)
        case Kind.TALK_SET:
            return sight.sees(Section.UPDATES)
        case Kind.DAILY:
            teaches = Ground.TEACHES in sight.grounds(Section.UPDATES)
            return teaches and sight.may("write_update") and as_staff(sight)


# What waits --------------------------------------------------------------------------------------------------


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


def _invited(at: datetime, today: date) -> QuerySet[Any]:
    """Who is asked and has not answered the time that the review has; of a young person who decides, also who comes."""
    now = {"sequence": OuterRef("review__sequence")}
    replied = Exists(ReviewReply.objects.filter(invitation=OuterRef("pk"), **now))
    took_part = Exists(TakingPart.objects.filter(review=OuterRef("review"), **now))
    chose = Exists(WhoComes.objects.filter(review=OuterRef("review")))
    decides = Exists(policy.deciding(at).filter(pk=OuterRef("review__cycle__pupil")))
    child = Q(perspective=Perspective.CHILD)
    found = invitations.standing(at).filter(
        ~child & ~Q(replied) | child & (~Q(took_part) | Q(decides) & ~Q(chose))
    )
    return _as(
        found,
        Kind.INVITED,
        pupil="review__cycle__pupil",
        number=F("review__sequence"),
        owner=F("person"),
        role=F("perspective"),
        of=F("review"),
    )


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
    Kind.REVIEW_COMING: _review_coming,
    Kind.VIEWS_WANTED: _views_wanted,
    Kind.REVIEW_OVERDUE: _review_overdue,
    Kind.REVIEW_TOLD: _review_told,
    Kind.STEP_DUE: _step_due,
    Kind.QUIET: _quiet,
    Kind.CHOICE_ENDING: _choice_ending,
    Kind.LOOK_AGAIN: _look_again,
    Kind.CAPACITY: _capacity,
    Kind.REQUEST: _request,
    Kind.CALL: _call,
    Kind.TALK: _talk,
    Kind.TALK_SET: _talk_set,
    Kind.DAILY: _daily,
}
