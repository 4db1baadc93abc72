"""The thread between home and school, and what a parent carer's home page asks of them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from apdr import plain
from apdr.enums import Perspective, Stage
from apdr.models import Cycle, CycleStage, PlanAnswer, PlanVersion, Proposal, View
from pupils import policy, restrictions
from pupils.clocks import HandOver
from pupils.enums import Ground, Section
from pupils.models import AccessLog, Household, ParentCarer, Pupil, SharingRequest
from pupils.requests import families_asked
from pupils.selectors_sharing import Open, ends_of, open_parts

from .enums import Kind
from .models import Update
from .wanted import ON_PAGES, Wanted, of_sights

PAGE = 20


@dataclass(frozen=True)
class Thread:
    updates: list[Update]
    after: str
    earlier: bool


def thread(sight: policy.Sight, after: str = "") -> Thread:
    """Updates this person may read, newest first: 1 query a page. A parent carer reads their own home's alone."""
    found = Update.objects.filter(sight.heard(Section.UPDATES), pupil=sight.pupil)
    if start := _start(after):
        at, pk = start
        found = found.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
    joined = found.select_related("by", "household", "daily", "proposal").prefetch_related("photos")
    rows = list(joined.order_by("-at", "-pk")[: PAGE + 1])
    shown = rows[:PAGE]
    last = f"{shown[-1].at.isoformat()}_{shown[-1].pk}" if len(rows) > PAGE else ""
    return Thread(shown, last, bool(start))


def _start(after: str) -> tuple[datetime, UUID] | None:
    at, __, pk = after.partition("_")
    try:
        found = datetime.fromisoformat(at), UUID(pk)
    except ValueError:
        return None
    return found if timezone.is_aware(found[0]) else None


def homes(sight: policy.Sight) -> list[Household]:
    """The homes that staff may write to: those where somebody is not shut out and, once the young person decides,
    where a parent carer reads it by their choice. None for a family: 2 to 5 queries.
    """
    if not sight.grounds(Section.UPDATES) & {Ground.COORDINATES, Ground.TEACHES}:
        return []
    if policy.decides(sight.pupil, sight.at):
        carers = sight.pupil.parent_carers.filter(person__in=_family_that_reads(sight))
    else:
        carers = restrictions.let_in(sight.at).filter(pupil=sight.pupil)
    return list(Household.objects.filter(pk__in=carers.values("household")).order_by("name"))


def _family_that_reads(sight: policy.Sight) -> list[UUID]:
    """The people who read the updates of somebody who decides themselves, besides them: those of the family among
    them are who write and are written to from a home.
    """
    people = policy.people_for(sight.pupil, Section.UPDATES, sight.at)
    return [person.pk for person, reason in policy.told_of(people) if reason.ground is not Ground.OWN]


def home_reads(sight: policy.Sight) -> bool:
    """Whether a parent carer reads the updates of a young person who decides: 3 queries."""
    return sight.pupil.parent_carers.filter(person__in=_family_that_reads(sight)).exists()


@dataclass(frozen=True)
class Ask:
    """One thing that waits for a parent carer: its words, and the address and place that answer it."""

    words: str
    href: str
    place: str = ""


@dataclass(frozen=True)
class ChildCard:
    """One child on a parent carer's home page. Closed: their plan is not open, and nothing of it is said.

    `parts` are what is open where not everything is, and `may_ask` says that more can be asked for. `over` says when
    the child begins to decide, or since when.
    """

    pupil: Pupil
    closed: bool
    over: HandOver
    parts: tuple[Open, ...] = ()
    may_ask: bool = False
    updates: bool = False
    stage: str = ""
    version: int | None = None
    shared_on: date | None = None
    review_on: date | None = None
    asks: tuple[Ask, ...] = ()


def parent_home(person: User, children: list[Pupil], at: datetime) -> list[ChildCard]:
    """Of whom somebody is a parent carer, and what is asked of them for each: 5 queries, 7 where somebody asks to see
    a part, none of nobody.
    """
    rows = list(_with_news(children, person, at)) if children else []
    if not rows:
        return []
    sights = policy.sights(person, rows, at)
    ends = ends_of(sights.values())
    days, today = policy.decide_from(rows, at), timezone.localdate(at)
    asked = families_asked([sights[row.pk] for row in rows if row.somebody_asks], at)
    needs: dict[UUID, list[Wanted]] = {}
    for one in of_sights(sights.values(), at, ON_PAGES):
        needs.setdefault(one.pupil.pk, []).append(one)
    return [
        _card(
            row, sights[row.pk], ends, HandOver(days[row.pk], today), needs.get(row.pk, []), row.pk in asked
        )
        for row in rows
        if sights[row.pk].near
    ]


def _with_news(children: list[Pupil], person: User, at: datetime) -> Any:
    """Children as a home shows them to their parent carer; whether they still stand near them is the policy's."""
    of_pupil: dict[str, Any] = {"cycle__pupil": OuterRef("pk")}
    version = PlanVersion.objects.filter(**of_pupil).order_by("-cycle__number", "-number")
    stages = CycleStage.objects.filter(**of_pupil).order_by("-cycle__number", "-number")
    cycle = Cycle.objects.filter(pupil=OuterRef("pk"), closed_at=None)
    answers = PlanAnswer.objects.filter(by=person, plan_version__cycle__pupil=OuterRef("pk")).order_by("-at")
    replies = Proposal.objects.filter(by=person, answered_at__isnull=False, **of_pupil).order_by(
        "-answered_at"
    )
    homes = ParentCarer.objects.filter(person=person, pupil=OuterRef("pupil")).values("household")
    news = Update.objects.filter(Q(household=None) | Q(household__in=homes), pupil=OuterRef("pk"))
    looks = AccessLog.objects.filter(pupil=OuterRef("pk"), person=person).order_by("-at").values("at")
    return (
        Pupil.objects.filter(pk__in=[child.pk for child in children])
        .annotate(
            stage=Subquery(stages.values("stage")[:1]),
            version_id=Subquery(version.values("pk")[:1]),
            version_number=Subquery(version.values("number")[:1]),
            shared_at=Subquery(version.values("shared_at")[:1]),
            going_on=Exists(cycle),
            review_on=Subquery(version.filter(cycle__closed_at=None).values("content__plan__review_on")[:1]),
            answered=Subquery(answers.values("plan_version")[:1]),
            said=Exists(View.objects.filter(said_by=person, cycle__closed_at=None, **of_pupil)),
            replied_at=Subquery(replies.values("answered_at")[:1]),
            news_at=Subquery(news.exclude(perspective=Perspective.PARENT).order_by("-at").values("at")[:1]),
            saw_plan=Subquery(looks.filter(sections__contains=[Section.PLAN.value])[:1]),
            somebody_asks=Exists(SharingRequest.objects.filter(pupil=OuterRef("pk"), answered_at=None)),
            saw_updates=Subquery(looks.filter(sections__contains=[Section.UPDATES.value])[:1]),
        )
        .order_by("given_name", "pk")
    )


def _card(
    row: Any,
    sight: policy.Sight,
    ends: dict[tuple[UUID, str], datetime | None],
    over: HandOver,
    needs: list[Wanted],
    asked: bool,
) -> ChildCard:
    some = len(sight.sections) < len(Section)
    parts = tuple(open_parts(sight, ends)) if some else ()
    asks = [ask for ask, waits in _asks(row, sight, needs, asked) if waits]
    told: dict[str, Any] = {"parts": parts, "may_ask": some, "asks": tuple(asks), "over": over}
    if not sight.sees(Section.PLAN):
        return ChildCard(row, closed=True, **told)
    return ChildCard(
        row,
        closed=False,
        updates=sight.sees(Section.UPDATES),
        stage=row.stage or "",
        version=row.version_number,
        shared_on=timezone.localdate(row.shared_at) if row.shared_at else None,
        review_on=plain.day(row.review_on),
        **told,
    )


def _asks(row: Any, sight: policy.Sight, needs: list[Wanted], asked: bool) -> list[tuple[Ask, bool]]:
    """What may wait for this person, and whether it does; nothing that leads to a page which is closed to them.

    What they are reminded of by e-mail (`needs`) is among it.
    """
    plan = sight.sees(Section.PLAN)
    unanswered = row.going_on and row.version_id and row.answered != row.version_id
    soon = any(one.kind is Kind.REVIEW_COMING for one in needs)

    def ask(words: str, page: str, place: str = "") -> Ask:
        return Ask(words, reverse(page, args=[row.pk]), place)

    return [
        (
            ask(_("Somebody asks to see a part. Say yes or no"), "requests"),
            asked,
        ),
        *((Ask(one.words, one.href), True) for one in needs),
        (
            ask(_("Read the plan and say if you agree"), "plan", "ask"),
            bool(unanswered and row.stage != Stage.ASSESS and sight.may("answer_plan")),
        ),
        (
            ask(_("Say what you think"), "say_views"),
            row.going_on and not row.said and not soon and sight.may("say_views"),
        ),
        (ask(_("Your idea has an answer"), "plan", "ideas"), plan and _new(row.replied_at, row.saw_plan)),
        (
            ask(_("There is news from school"), "updates"),
            sight.sees(Section.UPDATES) and _new(row.news_at, row.saw_updates),
        ),
    ]


def _new(happened: datetime | None, seen: datetime | None) -> bool:
    return happened is not None and (seen is None or happened > seen)
