"""What a child said with more than words, what came of it, what is celebrated, and how they like their page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404
from django.utils.translation import gettext as _

from pupils import access, policy
from pupils.enums import Ground, Section, Way
from pupils.models import Pupil

from .enums import Perspective, Place
from .models import (
    Celebration,
    ChildPage,
    FileWords,
    NextStep,
    Outcome,
    PlanAnswer,
    PlanVersion,
    Strategy,
    StrategyAnswer,
    View,
    ViewFile,
)
from .selectors import by_staff, shared_version
from .services.common import views_heard
from .services.voice import may_put_in_words, may_tell
from .symbols import FACES, HARD, LIKE, SYMBOLS

#: What somebody says about a plan: so many stand on a child's and a parent's page with what came of them.
LATEST = 3


def file(file_id: UUID) -> ViewFile:
    """A view's file by its id, before anybody's sight of it is asked. Raises Http404."""
    found = ViewFile.objects.select_related("view__pupil").filter(pk=file_id).first()
    if found is None:
        raise Http404
    return found


def look_at(person: policy.Person, found: ViewFile, at: datetime, way: Way = Way.PAGE) -> policy.Sight:
    """Whoever hears the view of a file at this instant; that they had it is part of their look at the page.

    Raises Http404 outside the circle and where the view does not reach them, NotThisSection where the part is closed.
    """
    pupil = found.view.pupil
    sight = policy.require(person, Section.VIEWS, pupil, at)
    if not View.objects.filter(views_heard(sight), pk=found.view_id).exists():
        raise Http404
    access.write_down_file(sight, Section.VIEWS, way)
    return sight


# You said, we did -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Did:
    """What was done about something that was said. `changed` is what it changed in the plan, where that may be told."""

    words: str
    by: str
    at: datetime
    changed: str = ""
    href: str = ""


@dataclass(frozen=True)
class Symbol:
    picture: str
    words: str


@dataclass(frozen=True)
class InWords:
    """What can be seen or heard in a file, as somebody wrote it down last."""

    words: str
    verbatim: bool
    by: str
    at: datetime


@dataclass(frozen=True)
class Said:
    """A view with everything that stands beside it on a page."""

    row: View
    did: Did | None = None
    file: ViewFile | None = None
    in_words: InWords | None = None
    may_put_in_words: bool = False

    @property
    def face(self) -> str:
        """The picture of the face that was pressed."""
        return FACES[self.row.feeling] if self.row.feeling else ""  # type: ignore[index]

    @property
    def likes(self) -> list[Symbol]:
        return _symbols(self.row, LIKE)

    @property
    def hard(self) -> list[Symbol]:
        return _symbols(self.row, HARD)

    @property
    def alt(self) -> str:
        """What a screen reader says of a drawing or photo."""
        if self.in_words:
            return self.in_words.words
        return _("A drawing or photo. Nobody has written yet what can be seen.")


def _symbols(row: View, kind: str) -> list[Symbol]:
    chosen = [one.partition(":") for one in row.symbols]
    return [Symbol(name, str(SYMBOLS[name])) for of, _sep, name in chosen if of == kind and name in SYMBOLS]


def with_all(rows: QuerySet[View, View]) -> QuerySet[Any, Any]:
    """Views with their files, what these say in words, and what was done: no query more, whatever there is."""
    seen = FileWords.objects.filter(file__view=OuterRef("pk")).order_by("-at")
    # What was done is kept in reviews, which stand above: its rows are found by the name of the relation.
    model: Any = View._meta.get_field("what_we_did").related_model
    did = model.objects.filter(view=OuterRef("pk")).order_by("-at")
    items = {
        f"{kind}_{name}": f"{kind}__{field}"
        for kind in ("outcome", "step", "strategy")
        for name, field in (("id", "pk"), ("words", "words"))
    }
    who = {"name": "by__name", "known_as": "by__known_as", "at": "at", "words": "words"}
    return rows.select_related("file", "recorded_by").annotate(
        seen=Subquery(seen.values(json=JSONObject(verbatim="verbatim", **who))[:1]),
        did=Subquery(did.values(json=JSONObject(**who, **items))[:1]),
    )


def said(rows: Iterable[Any], sight: policy.Sight, version: PlanVersion | bool | None = True) -> list[Said]:
    """`with_all` views as this person reads them. `version` is what is shared, where it was read already.

    1 query more where something in the plan was changed and somebody reads it who reads no drafts.
    """
    telling = _Telling(sight, version)
    return [
        Said(
            row,
            telling.did(row.did) if row.did else None,
            kept := getattr(row, "file", None),
            InWords(row.seen["words"], row.seen["verbatim"], _called(row.seen), _at(row.seen))
            if row.seen
            else None,
            kept is not None and sight.looker is None and may_put_in_words(row, sight),
        )
        for row in rows
    ]


def _called(row: dict[str, Any]) -> str:
    return str(row["known_as"] or row["name"])


def _at(row: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(row["at"])


class _Telling:
    """What an answer changed in the plan, in the words in which this person has it: staff the draft's, others what was shared."""

    def __init__(self, sight: policy.Sight, version: PlanVersion | bool | None) -> None:
        self.sight, self.version = sight, version

    def did(self, row: dict[str, Any]) -> Did:
        by, at = _called(row), _at(row)
        for kind, section in SECTIONS.items():
            pk = row[f"{kind}_id"]
            if pk is not None and all(eyes.sees(section) for eyes in self.sight.eyes):
                draft = by_staff(self.sight, section)
                words = row[f"{kind}_words"] if draft else self._shared().get(pk, "")
                return Did(row["words"], by, at, words)
        return Did(row["words"], by, at)

    def _shared(self) -> dict[str, str]:
        if self.version is True:
            self.version = shared_version(self.sight.pupil)
        content = self.version.content if isinstance(self.version, PlanVersion) else None
        if content is None:
            return {}
        outcomes = content["plan"]["outcomes"]
        rows = [
            *outcomes,
            *(step for outcome in outcomes for step in outcome["steps"]),
            *(one for place in Place for one in content["strategies"][place]),
        ]
        return {one["id"]: one["words"] for one in rows}


#: Among so many of the latest views those are looked for that were answered.
AMONG = 30


def own_views(sight: policy.Sight, version: PlanVersion | None) -> list[Said]:
    """The latest that this person said themselves, or of a child was written down, newest first: 1 query.

    Nothing where views are closed to them.
    """
    if not all(eyes.sees(Section.VIEWS) for eyes in sight.eyes):
        return []
    own = Q(said_by=sight.person.pk)
    if Ground.OWN in sight.grounds(Section.VIEWS):
        own |= Q(perspective=Perspective.CHILD)
    rows = View.objects.filter(own, views_heard(sight), pupil=sight.pupil).order_by("-at")
    return said(with_all(rows)[:AMONG], sight, version)


def you_said(found: list[Said]) -> list[Said]:
    """Of `own_views` the latest that have an answer."""
    return [one for one in found if one.did is not None][:LATEST]


# Celebrations -----------------------------------------------------------------------------------------------


def celebrations_heard(sight: policy.Sight) -> Q:
    """Which celebrations a person reads: what was told, of their own home; their own; the child and the SENCO all."""
    both = sight.heard(Section.PLAN)
    for eyes in sight.eyes:
        if not eyes.grounds(Section.PLAN) & {Ground.OWN, Ground.COORDINATES}:
            both &= Q(told_at__isnull=False) | Q(by=eyes.person.pk)
    return both


@dataclass(frozen=True)
class Celebrated:
    row: Celebration
    may_tell: bool


def celebrations(sight: policy.Sight, most: int = 50) -> list[Celebrated]:
    """What is celebrated and this person reads, newest first: 1 query, 1 where something is not told yet."""
    rows = Celebration.objects.filter(celebrations_heard(sight), pupil=sight.pupil).select_related(
        "by", "step"
    )
    found = list(rows.order_by("-at")[:most])
    asks = sight.looker is None and any(row.told_at is None for row in found)
    return [Celebrated(row, asks and row.told_at is None and may_tell(row, sight)) for row in found]


def celebration(celebration_id: UUID) -> Celebration:
    """One by its id, before anybody's sight of it is asked. Raises Http404."""
    found = Celebration.objects.select_related("pupil").filter(pk=celebration_id).first()
    if found is None:
        raise Http404
    return found


def steps_to_celebrate(sight: policy.Sight) -> list[tuple[str, str]]:
    """The steps that something can be about, as this person has them: their ids and words."""
    if by_staff(sight, Section.PLAN):
        rows = NextStep.objects.filter(
            cycle__pupil=sight.pupil, cycle__closed_at=None, removed_at=None, outcome__removed_at=None
        )
        return [(str(pk), words) for pk, words in rows.values_list("pk", "words")]
    version = shared_version(sight.pupil)
    content = version.content if version else None
    return [
        (step["id"], step["child_words"] or step["words"])
        for outcome in (content["plan"]["outcomes"] if content else [])
        for step in outcome["steps"]
    ]


def within_steps(sight: policy.Sight) -> Q:
    """Which steps something can be about, as a filter."""
    return Q(pk__in=[pk for pk, _words in steps_to_celebrate(sight)])


def step_to_celebrate(pk: str, sight: policy.Sight) -> NextStep | None:
    """A step out of `steps_to_celebrate`; None for none. Raises Http404."""
    if not pk:
        return None
    if pk not in {each for each, _words in steps_to_celebrate(sight)}:
        raise Http404
    return NextStep.objects.select_related("cycle").get(pk=pk)


def page_of(pupil: Pupil) -> ChildPage | None:
    """How a child likes their page; None where nobody asked yet. No query where the pupil was read with it."""
    return getattr(pupil, "page", None)


# Disagreements ----------------------------------------------------------------------------------------------


def disagreement(kind: str, answer_id: UUID) -> PlanAnswer | StrategyAnswer:
    """An answer by its id, before anybody's sight of it is asked. Raises Http404."""
    found: PlanAnswer | StrategyAnswer | None
    if kind == "plan":
        rows = PlanAnswer.objects.select_related("plan_version__cycle__pupil", "by")
        found = rows.filter(pk=answer_id).first()
    else:
        found = (
            StrategyAnswer.objects.select_related("strategy__cycle__pupil", "by").filter(pk=answer_id).first()
        )
    if found is None:
        raise Http404
    return found


def kinds_open(sight: policy.Sight) -> list[str]:
    """Which kinds of things in the draft somebody reads as staff."""
    return [kind for kind, section in SECTIONS.items() if by_staff(sight, section)]


def may_change(sight: policy.Sight) -> list[tuple[str, list[tuple[str, str]]]]:
    """What in the open plan an answer can say that it changed, in groups: their ids with their kind, and words.

    Nothing of a part that is closed to them. 3 queries at most.
    """
    titles = {
        "strategy": _("What helps"),
        "step": _("Next steps"),
        "outcome": _("The difference we want"),
    }
    draft: dict[str, Any] = {
        "cycle__pupil": sight.pupil,
        "cycle__closed_at": None,
        "removed_at": None,
    }
    return [
        (
            titles[kind],
            [
                (f"{kind}:{pk}", words)
                for pk, words in KINDS[kind].objects.filter(**draft).values_list("pk", "words")
            ],
        )
        for kind in kinds_open(sight)
    ]


KINDS: dict[str, Any] = {"outcome": Outcome, "step": NextStep, "strategy": Strategy}
#: In which section each kind lies.
SECTIONS = {"outcome": Section.PLAN, "step": Section.PLAN, "strategy": Section.STRATEGIES}
