"""A SENCO's caseload: who is due, overdue, unheard and quiet, in one query a page."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    Count,
    DateField,
    Exists,
    F,
    FilteredRelation,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.words import StrOrPromise
from apdr.enums import Perspective, Stage
from apdr.models import Comment, CycleStage, PlanAnswer, Progress, Proposal, View
from pupils import policy
from pupils.models import Enrolment, Pupil, PupilGroupPermission

from .enums import Kind
from .facts import QUIET_AFTER
from .wanted import ON_PAGES

PAGE = 25
#: A review is "due" this many days before its day.
DUE_WITHIN = timedelta(days=21)

#: How each flag is shown beside a pupil: the kind of tag and its words.
TAGS: dict[str, tuple[str, StrOrPromise]] = {
    "overdue": ("overdue", _lazy("Review overdue")),
    "due": ("due", _lazy("Review due")),
    "child": ("unheard", _lazy("Child not heard")),
    "parent": ("noview", _lazy("Parent not heard")),
    "quiet": ("nolog", _lazy("No note for three weeks")),
    "proposal": ("waiting", _lazy("Proposal to answer")),
    "no_plan": ("new", _lazy("No open plan")),
}

#: What the list can be narrowed to: a key, its words on a filter, and its sentence for some number of pupils.
FLAGS: list[tuple[str, StrOrPromise, StrOrPromise]] = [
    ("overdue", _lazy("Review overdue"), _lazy("whose review is overdue")),
    ("due", _lazy("Review due within three weeks"), _lazy("with a review due within three weeks")),
    ("child", _lazy("Not heard from the child"), _lazy("whose own voice is not in this plan yet")),
    ("parent", _lazy("Not heard from a parent"), _lazy("without a word from a parent carer in this plan")),
    ("quiet", _lazy("No note for three weeks"), _lazy("without a note of a step for three weeks")),
    ("proposal", _lazy("A proposal waits for an answer"), _lazy("with a proposal that waits for an answer")),
    ("no_plan", _lazy("No open plan"), _lazy("without an open plan")),
]

#: What needs a SENCO besides what the flags count: an overdue review and a quiet plan are the same by either.
NOT_FLAGGED = tuple(kind for kind in ON_PAGES if kind not in {Kind.REVIEW_OVERDUE, Kind.QUIET})


@dataclass(frozen=True)
class Row:
    """One pupil on the list."""

    pupil: Pupil
    year_group: str
    classes: str
    stage: Stage | None
    cycle_id: UUID | None
    review_on: date | None
    flags: list[str]

    @property
    def tags(self) -> list[tuple[str, str]]:
        return [TAGS[flag] for flag in self.flags]

    @property
    def group(self) -> str:
        year = (
            _("Year %(year_group)s") % {"year_group": self.year_group}
            if self.year_group.isdigit()
            else self.year_group
        )
        return ", ".join(part for part in (year, self.classes) if part)


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    after: str
    earlier: bool


def flagged(coordinated: QuerySet[Pupil], at: datetime) -> QuerySet[Any]:
    """Everybody whose plan somebody coordinates (`policy.pupils_for`), with what is to notice about each.

    Nobody waits for a parent's words where the young person decides: what the family may say then is theirs to choose.
    """
    today = timezone.localdate(at)
    open_cycle = OuterRef("open__id")
    from_family = {"cycle": open_cycle, "perspective": Perspective.PARENT}
    on_version = {"plan_version__cycle": open_cycle, "perspective": Perspective.PARENT}
    enrolled = Enrolment.objects.on(today).filter(pupil=OuterRef("pk"))
    last_note = (
        Progress.objects.filter(step__cycle=open_cycle, withdrawn_at=None)
        .values("step__cycle")
        .annotate(last=Max("on"))
        .values("last")
    )
    latest_stage = CycleStage.objects.filter(cycle=open_cycle).order_by("-number")
    return (
        coordinated.annotate(open=FilteredRelation("cycles", condition=Q(cycles__closed_at=None)))
        .annotate(
            cycle_id=F("open__id"),
            review_on=F("open__review_on"),
            year_group=Subquery(enrolled.values("year_group")[:1]),
            stage=Subquery(latest_stage.values("stage")[:1]),
            stage_at=Subquery(latest_stage.values("at__date")[:1]),
            last_note=Subquery(last_note, output_field=DateField()),
            child_heard=Exists(View.objects.filter(cycle=open_cycle, perspective=Perspective.CHILD)),
            parent_heard=Exists(View.objects.filter(**from_family))
            | Exists(Proposal.objects.filter(**from_family))
            | Exists(Comment.objects.filter(**on_version))
            | Exists(PlanAnswer.objects.filter(**on_version)),
            decides=Exists(policy.deciding(at).filter(pk=OuterRef("pk"))),
            proposal_waits=Exists(Proposal.objects.filter(cycle=open_cycle, answered_at=None)),
        )
        .annotate(quiet_since=Greatest("last_note", "stage_at"))
    )


def _where(today: date) -> dict[str, Q]:
    planned = Q(cycle_id__isnull=False)
    return {
        "overdue": planned & Q(review_on__lt=today),
        "due": planned & Q(review_on__gte=today, review_on__lte=today + DUE_WITHIN),
        "child": planned & Q(child_heard=False),
        "parent": planned & Q(parent_heard=False, decides=False),
        "quiet": Q(stage=Stage.DO, quiet_since__lt=today - QUIET_AFTER),
        "proposal": planned & Q(proposal_waits=True),
        "no_plan": Q(cycle_id=None),
    }


def counts(coordinated: QuerySet[Pupil], at: datetime) -> dict[str, int]:
    """How many pupils each flag is true of, and `all`, in one query."""
    where = _where(timezone.localdate(at))
    told: dict[str, int] = flagged(coordinated, at).aggregate(
        all=Count("pk"), **{name: Count("pk", filter=q) for name, q in where.items()}
    )
    return told


def page(
    coordinated: QuerySet[Pupil],
    at: datetime,
    *,
    words: str = "",
    flag: str = "",
    stage: str = "",
    class_id: UUID | None = None,
    after: str = "",
) -> Page:
    """The next pupils by family name, 25 at a time; `after` is what the page before gave.

    `words` are beginnings of a given, family or preferred name. Raises ValueError for an `after` that no page gave.
    """
    today = timezone.localdate(at)
    where = _where(today)
    found = everybody = flagged(coordinated, at)
    for word in words.split():
        starts = (
            Q(family_name__istartswith=word) | Q(given_name__istartswith=word) | Q(known_as__istartswith=word)
        )
        found = found.filter(starts)
    if flag in where:
        found = found.filter(where[flag])
    if stage in Stage:
        found = found.filter(stage=stage)
    if class_id is not None:
        found = found.filter(
            Exists(_in_class(at).filter(content_object=OuterRef("pk"), group__class_group=class_id))
        )
    if after:
        # Only from one's own list: another's id would tell where in the alphabet that pupil stands.
        key = everybody.filter(pk=UUID(after)).values_list("family_name", "given_name", "pk").first()
        if key is None:
            raise ValueError("not a page of this list")
        family, given, pk = key
        found = found.filter(
            Q(family_name__gt=family)
            | Q(family_name=family, given_name__gt=given)
            | Q(family_name=family, given_name=given, pk__gt=pk)
        )
    pupils = list(found.order_by("family_name", "given_name", "pk")[: PAGE + 1])
    more = len(pupils) > PAGE
    shown = pupils[:PAGE]
    classes = _classes(shown, at)
    rows = [
        Row(
            pupil=pupil,
            year_group=pupil.year_group or "",
            classes=", ".join(classes.get(pupil.pk, [])),
            stage=Stage(pupil.stage) if pupil.stage else None,
            cycle_id=pupil.cycle_id,
            review_on=pupil.review_on,
            flags=_flags(pupil, today),
        )
        for pupil in shown
    ]
    return Page(rows, str(shown[-1].pk) if more else "", bool(after))


def _flags(pupil: Any, today: date) -> list[str]:
    """The same as `_where`, of a row already read."""
    if pupil.cycle_id is None:
        return ["no_plan"]
    quiet = pupil.stage == Stage.DO and pupil.quiet_since < today - QUIET_AFTER
    told = {
        "overdue": pupil.review_on < today,
        "due": today <= pupil.review_on <= today + DUE_WITHIN,
        "child": not pupil.child_heard,
        "parent": not pupil.parent_heard and not pupil.decides,
        "quiet": quiet,
        "proposal": pupil.proposal_waits,
    }
    return [name for name, true in told.items() if true]


def _in_class(at: datetime) -> QuerySet[PupilGroupPermission]:
    live = Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))
    return PupilGroupPermission.objects.filter(live, group__class_group__closed_at=None)


def _classes(pupils: list[Any], at: datetime) -> dict[UUID, list[str]]:
    told: dict[UUID, list[str]] = {}
    rows = _in_class(at).filter(content_object__in=[p.pk for p in pupils])
    for pupil_id, name in rows.order_by("group__class_group__name").values_list(
        "content_object_id", "group__class_group__name"
    ):
        told.setdefault(pupil_id, []).append(name)
    return told
