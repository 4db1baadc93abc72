"""What a shared plan shows to its family, and to the child: a version's content, and the words they may hear.

Nothing here reads the draft. Notes of progress are live, for the steps of the version alone.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404

from pupils import policy
from pupils.enums import Section
from pupils.models import Profile, Pupil

from . import plain
from .enums import Answer, Place
from .models import Comment, Cycle, CycleStage, PlanAnswer, PlanVersion, Progress, Proposal, StrategyAnswer
from .selectors import latest_reactions, note_of, notes_heard, shared_version, with_ways
from .selectors_teacher import Saved
from .services import sharing
from .services.common import proposals_heard
from .services.family import ids_in

#: The sections that the page of a shared plan shows.
SHOWN = [Section.PROFILE, Section.STRATEGIES]


@dataclass(frozen=True)
class Step:
    """A next step as it was shared, with how it is going since."""

    id: str
    words: str
    child_words: str
    criterion: str
    baseline: str
    owner: str
    by_when: date | None
    status: str
    picture: str
    going: plain.Ladder
    comments: list[Comment] = field(default_factory=list)

    @property
    def said(self) -> str:
        """The step in the child's own words, where there are any."""
        return self.child_words or self.words


@dataclass(frozen=True)
class Outcome:
    id: str
    words: str
    why: str
    by_when: date | None
    steps: list[Step]


@dataclass(frozen=True)
class Helps:
    """Something that helps, as it was shared: who thought of it, the time and people it takes, who agreed."""

    id: str
    words: str
    how: str
    works_best: bool
    proposed_by: str
    time_and_people: list[str]
    agreed: list[str] = field(default_factory=list)
    disagreed: list[StrategyAnswer] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """Everything on the page of one version. `latest` says whether it is the one in force."""

    version: PlanVersion
    latest: bool
    note: str
    stage: str
    newer_cycle: bool
    draft_cycle: UUID | None
    review_on: date | None
    responsibilities: str
    outcomes: list[Outcome]
    at_school: list[Helps]
    at_home: list[Helps]
    changed: plain.Told | None
    versions: list[dict[str, Any]]
    important: str  #: in the child's own words, of their one-page profile as it is now
    comments: list[Comment]
    my_answer: Any
    answers: list[Any]
    proposals: list[Proposal]

    @property
    def steps(self) -> list[Step]:
        return [step for outcome in self.outcomes for step in outcome.steps]

    def saved(self, progress_id: str, called: str) -> Saved | None:
        """A note that was saved this moment, found among those that are read anyway."""
        for step in self.steps:
            for entry in step.going.entries:
                if entry["id"] == progress_id:
                    return Saved(progress_id, called, step.going.name(entry), entry["words"])
        return None

    def item(self, pk: UUID) -> Step | Helps:
        """One step, or one thing that helps, of this version. Raises Http404."""
        every: list[Step | Helps] = [*self.steps, *self.at_school, *self.at_home]
        for one in every:
            if one.id == str(pk):
                return one
        raise Http404


def _versions(pupil: Pupil) -> Any:
    """A pupil's versions, newest first, each with the one before it, the stage we are in, and all the others."""
    before = PlanVersion.objects.filter(cycle=OuterRef("cycle"), number__lt=OuterRef("number"))
    stages = CycleStage.objects.filter(cycle__pupil=OuterRef("cycle__pupil")).order_by(
        "-cycle__number", "-number"
    )
    cycles = Cycle.objects.filter(pupil=OuterRef("cycle__pupil")).order_by("-number")
    every = PlanVersion.objects.filter(cycle__pupil=OuterRef("cycle__pupil"))
    profiles = Profile.objects.filter(pupil=OuterRef("cycle__pupil")).order_by("-number")
    return (
        PlanVersion.objects.filter(cycle__pupil=pupil)
        .select_related("cycle__setting", "shared_by")
        .annotate(
            before=Subquery(before.order_by("-number").values("content")[:1]),
            before_at=Subquery(before.order_by("-number").values("shared_at")[:1]),
            stage=Subquery(stages.values("stage")[:1]),
            newest_cycle=Subquery(cycles.values("pk")[:1]),
            important=Subquery(profiles.values("important")[:1]),
            every=ArraySubquery(
                every.order_by("-cycle__number", "-number").values(
                    json=JSONObject(id="pk", number="number", at="shared_at", cycle="cycle__number")
                )
            ),
        )
        .order_by("-cycle__number", "-number")
    )


def plan(sight: policy.Sight, version_id: UUID | None = None) -> Plan | None:
    """The latest shared version, or one of the earlier ones, as this person may read it: 7 queries.

    None when nothing has been shared. Raises Http404 for a version of anybody else's.
    """
    found = _versions(sight.pupil)
    version = found.filter(pk=version_id).first() if version_id else found.first()
    if version is None:
        if version_id:
            raise Http404
        return None
    latest = version.every[0]["id"] == str(version.pk)
    return _told(sight, version, latest)


def _told(sight: policy.Sight, version: Any, latest: bool) -> Plan:
    content = version.content
    helps_open = sight.sees(Section.STRATEGIES)
    parts = [s for s in sight.sections if s in sharing.SECTIONS]
    changes = sharing.changes(version.before, content, parts)
    comments = _comments(sight, version)
    answers = _answers(sight, version)
    reactions = _reactions(sight, content) if helps_open else {}
    return Plan(
        version=version,
        latest=latest,
        note=note_of(version, sight),
        stage=version.stage,
        newer_cycle=version.newest_cycle != version.cycle_id,
        draft_cycle=version.newest_cycle,
        review_on=plain.day(content["plan"]["review_on"]),
        responsibilities=content["plan"]["responsibilities"],
        outcomes=_outcomes(sight, content, comments),
        at_school=_helps(content, Place.SETTING, reactions, comments) if helps_open else [],
        at_home=_helps(content, Place.HOME, reactions, comments) if helps_open else [],
        changed=plain.told(changes, [Section.PLAN, Section.STRATEGIES]) if version.before else None,
        versions=[
            {**v, "at": datetime.fromisoformat(v["at"])} for v in version.every if v["id"] != str(version.pk)
        ],
        important=version.important or "" if sight.sees(Section.PROFILE) else "",
        comments=comments[None],
        my_answer=next((a for a in answers if a.by_id == sight.person.pk), None),
        answers=[a for a in answers if a.by_id != sight.person.pk],
        proposals=list(
            Proposal.objects.filter(proposals_heard(sight), cycle=version.cycle)
            .select_related("by", "answered_by")
            .order_by("-at", "pk")
        ),
    )


def _comments(sight: policy.Sight, version: PlanVersion) -> dict[str | None, list[Comment]]:
    """Comments on any version of this cycle that this person hears, by the item they are about."""
    found: dict[str | None, list[Comment]] = defaultdict(list)
    heard = Comment.objects.filter(sight.heard(Section.PLAN), plan_version__cycle=version.cycle)
    for comment in heard.select_related("by").order_by("at", "pk"):
        found[str(comment.about) if comment.about else None].append(comment)
    return found


def comments_on(version: PlanVersion, sight: policy.Sight) -> QuerySet[Comment]:
    """Comments on one version that this person hears: on all of it, and about what is in the parts open to them."""
    parts = [version.content.get(section.value) for section in sight.sections]
    about = Q(about=None) | Q(about__in=set(ids_in(parts)))
    return version.comments.filter(sight.heard(Section.PLAN), about).select_related("by")


def _answers(sight: policy.Sight, version: PlanVersion) -> list[Any]:
    """Everybody's latest answer to this version, of those this person hears."""
    heard = PlanAnswer.objects.filter(sight.heard(Section.PLAN), plan_version=version)
    return with_ways(heard.order_by("by_id", "-at").distinct("by_id"), "plan")


def _reactions(sight: policy.Sight, content: dict[str, Any]) -> dict[str, list[Any]]:
    """Everybody's latest answer to each strategy, of those this person hears."""
    ids = [s["id"] for place in Place for s in content["strategies"][place]]
    return latest_reactions(StrategyAnswer.objects.filter(sight.heard(Section.STRATEGIES), strategy__in=ids))


def notes(sight: policy.Sight, step_ids: Iterable[str]) -> dict[str, list[Progress]]:
    """The notes on steps that this person reads, by step, oldest first: 1 query."""
    found: dict[str, list[Progress]] = defaultdict(list)
    heard = Progress.objects.filter(notes_heard(sight), step__in=list(step_ids), withdrawn_at=None)
    for note in heard.select_related("by").order_by("on", "at", "pk"):
        found[str(note.step_id)].append(note)
    return found


def _outcomes(
    sight: policy.Sight, content: dict[str, Any], comments: dict[str | None, list[Comment]]
) -> list[Outcome]:
    noted = notes(sight, sharing.step_ids(content))
    return [
        Outcome(
            o["id"],
            o["words"],
            o["why"],
            plain.day(o["by_when"]),
            [step(s, noted[s["id"]], comments[s["id"]]) for s in o["steps"]],
        )
        for o in content["plan"]["outcomes"]
    ]


def step(shared: dict[str, Any], noted: list[Progress], comments: list[Comment]) -> Step:
    return Step(
        id=shared["id"],
        words=shared["words"],
        child_words=shared["child_words"],
        criterion=shared["criterion"],
        baseline=shared["baseline"],
        owner=shared["owner"],
        by_when=plain.day(shared["by_when"]),
        status=shared["status"],
        picture=shared["picture"],
        going=plain.ladder(shared["scale"], shared["baseline_value"], noted),
        comments=comments,
    )


def _helps(
    content: dict[str, Any],
    place: Place,
    reactions: dict[str, list[StrategyAnswer]],
    comments: dict[str | None, list[Comment]],
) -> list[Helps]:
    return [
        Helps(
            id=s["id"],
            words=s["words"],
            how=s["how"],
            works_best=s["works_best"],
            proposed_by=s["proposed_by"],
            time_and_people=[plain.time_and_people(p) for p in s["provision"]],
            agreed=[a.by.called for a in reactions.get(s["id"], []) if a.answer == Answer.AGREE],
            disagreed=[a for a in reactions.get(s["id"], []) if a.answer == Answer.DISAGREE],
            comments=comments[s["id"]],
        )
        for s in content["strategies"][place]
    ]


def drafted(content: dict[str, Any]) -> dict[str, Any]:
    """A version's content as a family would read it, before anybody has said anything about it."""
    nothing: dict[str | None, list[Comment]] = defaultdict(list)
    return {
        "outcomes": [
            Outcome(
                o["id"], o["words"], o["why"], plain.day(o["by_when"]), [step(s, [], []) for s in o["steps"]]
            )
            for o in content["plan"]["outcomes"]
        ],
        "at_school": _helps(content, Place.SETTING, {}, nothing),
        "at_home": _helps(content, Place.HOME, {}, nothing),
    }


def shared_step(step_id: UUID, pupil: Pupil) -> dict[str, Any]:
    """A step as the latest version has it. Raises Http404 for one that was not shared."""
    version = shared_version(pupil)
    for outcome in version.content["plan"]["outcomes"] if version else ():
        for one in outcome["steps"]:
            if one["id"] == str(step_id):
                return dict(one)
    raise Http404
