"""What staff's and families' pages both read of a cycle."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf
from django.http import Http404

from pupils import policy
from pupils.enums import Ground, Section
from pupils.models import ParentCarer, Pupil

from .enums import Perspective, ScaleKind, Stage
from .models import (
    Cycle,
    CycleStage,
    NextStep,
    PlanVersion,
    Progress,
    ScaleVersion,
    StrategyAnswer,
    View,
    WayForward,
)
from .services import sharing

STAFF = frozenset({Ground.COORDINATES, Ground.TEACHES})


def cycles() -> QuerySet[Cycle]:
    """Cycles, each with its pupil, its setting and the stage it is in as `now`."""
    latest = CycleStage.objects.filter(cycle=OuterRef("pk")).order_by("-number").values("stage")[:1]
    return Cycle.objects.select_related("pupil", "setting").annotate(now=Subquery(latest))


def cycle(cycle_id: UUID) -> Cycle:
    """One cycle with its pupil and its stage as `now`. Raises Http404; who may see it is asked of the policy."""
    found = cycles().filter(pk=cycle_id).first()
    if found is None:
        raise Http404
    return found


def current_cycle(pupil: Pupil) -> Cycle | None:
    """The open cycle of a pupil, else the latest, with its stage as `now`."""
    return cycles().filter(pupil=pupil).first()


def shared_version(pupil: Pupil) -> PlanVersion | None:
    """What the family has: the latest version shared of a pupil's latest shared cycle."""
    return (
        PlanVersion.objects.filter(cycle__pupil=pupil)
        .select_related("cycle", "shared_by")
        .order_by("-cycle__number", "-number")
        .first()
    )


def written_back(sight: policy.Sight) -> list[View]:
    """What a visiting helper wrote about a pupil themself, newest first: 1 query. Nobody else's words are in it."""
    own = View.objects.filter(pupil=sight.pupil, said_by=sight.person, perspective=Perspective.PROFESSIONAL)
    return list(own.order_by("-at", "-pk")[:50])


def by_staff(sight: policy.Sight, section: Section) -> bool:
    """Whether a person reads a section as staff: the draft as it stands, rather than what was shared.

    A young person who looks through staff's eyes reads what was shared.
    """
    return sight.looker is None and bool(sight.grounds(section) & STAFF)


def part(sight: policy.Sight, section: Section) -> dict[str, Any]:
    """One section's part of a plan as this person has it.

    `content` is the live draft's part for staff and the latest shared version's for everybody else, in the same
    shape (`apdr.services.sharing`), or empty; `cycle` and `version` are where it comes from, and `stage` where the
    draft's cycle is, or None.
    """
    read = {
        Section.NEEDS: sharing.needs_part,
        Section.PLAN: sharing.plan_part,
        Section.STRATEGIES: sharing.strategies_part,
        Section.FUNDING: sharing.funding_part,
    }[section]
    if by_staff(sight, section):
        now = current_cycle(sight.pupil)
        return {
            "cycle": now,
            "version": None,
            "stage": stage(now) if now else None,
            "content": told(heard_of(sight, section, read(now))) if now else {},
        }
    version = shared_version(sight.pupil)
    return {
        "cycle": version.cycle if version else None,
        "version": version,
        "stage": None,
        "content": told(heard_of(sight, section, version.content[section.value])) if version else {},
    }


def heard_of(sight: policy.Sight, section: Section | str, content: dict[str, Any]) -> dict[str, Any]:
    """A section's part without the words of another that is closed to this person: what money pays for is told in the
    words of what helps.
    """
    if section != Section.FUNDING or sight.sees(Section.STRATEGIES):
        return content
    return {
        **content,
        "allocations": [
            {**a, "uses": [{**use, "words": ""} for use in a["uses"]]} for a in content["allocations"]
        ],
    }


def told(content: Any) -> Any:
    """A part of a version with its dates and numbers read back from JSON, ready for a page."""
    if isinstance(content, list):
        return [told(each) for each in content]
    if not isinstance(content, Mapping):
        return content
    return {name: _value(name, value) for name, value in content.items()}


_NUMBERS = {"entry", "exit", "amount", "planned", "used", "times_a_week"}


def _value(name: str, value: Any) -> Any:
    if isinstance(value, str) and (name.endswith("_on") or name == "by_when"):
        return date.fromisoformat(value)
    if isinstance(value, str) and name in _NUMBERS:
        return Decimal(value)
    return told(value)


def notes(cycle: Cycle, sight: policy.Sight) -> dict[str, list[dict[str, Any]]]:
    """The notes of progress on a cycle's steps that stand and that this person hears, oldest first, by step id.

    A parent carer hears no note of another household.
    """
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    rows = Progress.objects.filter(notes_heard(sight), step__cycle=cycle, withdrawn_at=None).select_related(
        "by"
    )
    for row in rows.order_by("on", "at"):
        found[str(row.step_id)].append(
            {"on": row.on, "value": row.value, "note": row.note, "by": row.by.called, "by_id": row.by_id}
        )
    return found


def notes_heard(sight: policy.Sight) -> Q:
    """Which notes of progress a person reads; a parent carer, whatever else they are, none of another household."""
    both = Q()
    for one in sight.eyes:
        both &= _reads_notes(one)
    return both


def note_of(version: PlanVersion, sight: policy.Sight) -> str:
    """What was said as a version was shared, to whoever has the two parts that it is about: the plan and what helps."""
    told = all(one.sees(Section.PLAN) and one.sees(Section.STRATEGIES) for one in sight.eyes)
    return version.note if told else ""


def _reads_notes(sight: policy.Sight) -> Q:
    grounds = sight.grounds(Section.PLAN)
    family = Ground.PARENT in grounds or sight.family
    if Ground.COORDINATES in grounds or (not family and grounds & {Ground.OWN, Ground.TEACHES}):
        return Q()
    homes = sight.person.children.filter(pupil=sight.pupil).values("household")
    together = ParentCarer.objects.filter(pupil=sight.pupil, household__in=homes).values("person")
    return ~Q(perspective=Perspective.PARENT) | Q(by__in=together) | Q(by=sight.person.pk)


def line(step: Mapping[str, Any], entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What `progress_line` draws for a step of a version's plan part: levels, entries, baseline and goal.

    A counting scale has no levels of its own: its levels are the counts seen, so that nothing is invented between.
    """
    scale = step["scale"]
    entries = list(entries)
    values, labels = list(scale["values"]), list(scale["labels"])
    if scale["kind"] == ScaleKind.COUNT:
        counted = {e["value"] for e in entries} | {step["baseline_value"]}
        values = sorted(v for v in counted if v is not None)
        labels = [str(v) for v in values]
    place = {value: index for index, value in enumerate(values)}
    return {
        "levels": labels,
        "baseline": place.get(step["baseline_value"]),
        "goal": place.get(0) if scale["kind"] == ScaleKind.GOAL else None,
        "entries": [
            {
                "on": e["on"],
                "level_index": place.get(e["value"]),
                "note": f"{e['note']} ({e['by']})" if e["note"] else f"({e['by']})",
            }
            for e in entries
        ],
    }


def with_ways(answers: QuerySet[Any], kind: str) -> list[Any]:
    """Answers to a plan or a strategy (`kind`), each with who gave it and its `ways` forward, oldest first: 1 query.

    A way forward is told by `words`, `at` and `by.called`.
    """
    of = WayForward.objects.filter(**{f"{kind}_answer": OuterRef("pk")}).order_by("at")
    called = Coalesce(NullIf("by__known_as", Value("")), "by__name")
    told = of.values(json=JSONObject(words="words", at="at", by=JSONObject(called=called)))
    rows = list(answers.select_related("by").annotate(ways=ArraySubquery(told)))
    for row in rows:
        row.ways = [{**way, "at": datetime.fromisoformat(way["at"])} for way in row.ways]
    return rows


def latest_reactions(answers: QuerySet[StrategyAnswer]) -> dict[str, list[Any]]:
    """Of these answers to strategies each person's latest, by strategy id, with its `ways`: 1 query."""
    latest = answers.order_by("strategy_id", "by_id", "-at").distinct("strategy_id", "by_id")
    found: dict[str, list[Any]] = defaultdict(list)
    for row in with_ways(latest, "strategy"):
        found[str(row.strategy_id)].append(row)
    return found


def answers(cycle: Cycle, sight: policy.Sight) -> dict[str, list[Any]]:
    """Each person's latest answer to each strategy of a cycle that this person hears, by strategy id: 1 query."""
    heard = StrategyAnswer.objects.filter(sight.heard(Section.STRATEGIES), strategy__cycle=cycle)
    return latest_reactions(heard)


def stage(cycle: Cycle) -> Stage:
    """The stage of a cycle that `cycles()` gave."""
    return Stage(cycle.now)  # type: ignore[attr-defined]


def step_is_open(step: NextStep, sight: policy.Sight) -> bool:
    """Whether a person reads this step: staff any of the draft, everybody else one in a version shared with them."""
    if by_staff(sight, Section.PLAN):
        return True
    shared = (
        PlanVersion.objects.filter(cycle=step.cycle_id).order_by("-number").values_list("content", flat=True)
    )
    latest: Any = shared.first()
    return bool(latest) and any(
        each["id"] == str(step.pk) for outcome in latest["plan"]["outcomes"] for each in outcome["steps"]
    )


def notes_of(step: NextStep, sight: policy.Sight) -> QuerySet[Progress]:
    """The notes of one step that stand and that this person hears."""
    return Progress.objects.filter(notes_heard(sight), step=step, withdrawn_at=None).select_related("by")


def scales_of(pupil: Pupil) -> list[ScaleVersion]:
    """The newest version of each scale of the setting of a pupil's current cycle."""
    now = current_cycle(pupil)
    if now is None:
        return []
    versions = ScaleVersion.objects.filter(scale__setting=now.setting_id, scale__retired_at=None)
    newest = versions.select_related("scale").order_by("scale_id", "-number").distinct("scale_id")
    return sorted(newest, key=lambda version: version.scale.name)
