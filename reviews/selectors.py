"""What the pages of a review show, each in a fixed number of queries."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet, Value
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from apdr import selectors
from apdr.enums import Perspective, Stage
from apdr.models import Cycle, NextStep, PlanVersion, Strategy
from apdr.selectors import by_staff, stage, told
from apdr.services import sharing
from pupils import policy
from pupils.enums import Section

from . import duties, invitations
from . import selectors_invitations as asked
from .enums import ReviewState
from .models import Judgement, Review


def review(review_id: UUID) -> Review:
    """A review with its cycle and pupil. Raises Http404."""
    found = Review.objects.select_related("cycle__pupil").filter(pk=review_id).first()
    if found is None:
        raise Http404
    return found


def _judged(cycles: Any, sight: policy.Sight, section: Section) -> dict[str, list[Judgement]]:
    """The latest judgement of each voice on each step and strategy, of those this person hears, by its id."""
    rows = (
        Judgement.objects.filter(heard(sight, section), cycle__in=cycles)
        .select_related("recorded_by")
        .order_by("at")
    )
    latest: dict[tuple[Any, ...], Judgement] = {}
    for row in rows:
        whose = row.said_by_id or (row.said_by_name, row.household_id)  # two homes may have a name in common
        latest[(row.step_id or row.strategy_id, row.perspective, whose)] = row
    order = list(Perspective)
    found: dict[str, list[Judgement]] = defaultdict(list)
    for key, row in sorted(latest.items(), key=lambda pair: order.index(Perspective(pair[1].perspective))):
        found[str(key[0])].append(row)
    return found


def heard(sight: policy.Sight, section: Section) -> Q:
    """Whose judgements this person hears: a family, until a cycle is closed, their own alone."""
    both = sight.heard(section, by="said_by")
    if not by_staff(sight, section):
        for one in sight.eyes:
            both &= Q(cycle__closed_at__isnull=False) | Q(said_by=one.person.pk)
    return both


def audible(sight: policy.Sight) -> Q:
    """Whose judgements this person hears, with or without sight of reviews (`judgements`)."""
    if sight.sees(Section.REVIEWS):
        return heard(sight, Section.REVIEWS)
    own = Q(said_by=sight.person.pk) | Q(recorded_by=sight.person.pk)
    return heard(sight, Section.PLAN) & own


def judgements(cycle: Cycle, sight: policy.Sight) -> QuerySet[Judgement]:
    """Every judgement this person hears, oldest first: a family's of what was shared with them alone.

    Whoever sees no reviews, as a teacher, has what they said or wrote down themselves.
    """
    section = Section.REVIEWS if sight.sees(Section.REVIEWS) else Section.PLAN
    found = cycle.judgements.filter(audible(sight))
    if not sight.sees(Section.STRATEGIES):
        found = found.filter(strategy=None)
    if not by_staff(sight, section):
        found = found.filter(of_shared(cycle))
    return found


def of_shared(cycle: Cycle) -> Q:
    """Judgements of what has been shared with the family: 1 query."""
    shared = sharing.shared_ids(cycle)
    return Q(step__in=shared) | Q(strategy__in=shared)


def meetings(sight: policy.Sight) -> QuerySet[Review]:
    """The reviews of a pupil's cycles, newest first, each with whether its notes are told to this person."""
    staff = by_staff(sight, Section.REVIEWS)
    told = Value(True) if staff else Q(cycle__closed_at__isnull=False)
    return Review.objects.filter(cycle__pupil=sight.pupil).annotate(
        told=ExpressionWrapper(told, BooleanField())
    )


def meeting(cycle: Cycle, sight: policy.Sight) -> dict[str, Any]:
    """A review as the SENCO runs it: each step and strategy, its progress and what each of us judges."""
    plan = told(sharing.plan_part(cycle))
    helps = told(sharing.strategies_part(cycle))
    measured = told({"measures": sharing.measures(cycle)})
    noted = selectors.notes(cycle, sight)
    judged = judged_of(cycle, sight)
    for outcome in plan["outcomes"]:
        for step in outcome["steps"]:
            step["line"] = selectors.line(step, noted[step["id"]])
            step["notes"] = [note for note in noted[step["id"]] if note["note"]][-2:]
            step["judged"] = judged[step["id"]]
    strategies = [*helps["setting"], *helps["home"]]
    for row in strategies:
        row["judged"] = judged[row["id"]]
    return {
        "cycle": cycle,
        "stage": stage(cycle),
        "outcomes": plan["outcomes"],
        "strategies": strategies,
        "measures": measured["measures"],
        "meeting": (found := held(cycle)),
        "around": duties.around(found, timezone.localdate(sight.at)) if found else [],
        "may_start": stage(cycle) is Stage.DO,
        "may_judge": stage(cycle) is Stage.REVIEW,
        "open": cycle.closed_at is None,
        "may_measure": cycle.closed_at is None and sight.may("write_needs"),
        "silent": _silent(plan, strategies),
    }


def held(cycle: Cycle) -> Review | None:
    """The review of a cycle that is to come, or else the last that was held: 1 query."""
    every = asked.with_child(cycle.reviews.all())
    found = [r for r in every if r.state in (ReviewState.SCHEDULED, ReviewState.HELD)]
    return next((r for r in found if r.state == ReviewState.SCHEDULED), found[0] if found else None)


def judged_of(cycle: Cycle, sight: policy.Sight) -> dict[str, list[Judgement]]:
    """What each voice thinks of each step and strategy of one cycle, by its id: 1 query."""
    return _judged([cycle], sight, Section.REVIEWS)


def _silent(plan: dict[str, Any], strategies: list[dict[str, Any]]) -> list[str]:
    """The perspectives that have judged nothing yet."""
    rows = [step for outcome in plan["outcomes"] for step in outcome["steps"]] + strategies
    heard = {j.perspective for row in rows for j in row["judged"]}
    asked = {
        Perspective.CHILD: _("the child"),
        Perspective.PARENT: _("a parent carer"),
        Perspective.STAFF: _("staff"),
    }
    return [words for perspective, words in asked.items() if perspective not in heard]


def steps_of(cycle: Cycle) -> list[NextStep]:
    return list(cycle.steps.filter(removed_at=None).select_related("cycle"))


def judged_thing(cycle: Cycle, kind: str, thing_id: UUID) -> NextStep | Strategy:
    """A step or strategy of a cycle. Raises Http404 for anything else."""
    rows: Any = {"step": cycle.steps, "strategy": cycle.strategies}.get(kind)
    found = rows.filter(pk=thing_id, removed_at=None).first() if rows is not None else None
    if found is None:
        raise Http404
    return found


def to_judge(cycle: Cycle, sight: policy.Sight) -> list[dict[str, Any]]:
    """What this person is asked to judge, in the words they know it by, with what they said of it last.

    Staff are asked of the draft, a family of what was shared with them; strategies only where those are open.
    """
    version = None if by_staff(sight, Section.PLAN) else cycle.plan_versions.first()
    if version is None and not by_staff(sight, Section.PLAN):
        return []
    plan = version.content["plan"] if version else sharing.plan_part(cycle)
    rows = [
        (s["id"], "step", s["child_words"] if _own(sight) and s["child_words"] else s["words"])
        for o in plan["outcomes"]
        for s in o["steps"]
    ]
    if sight.sees(Section.STRATEGIES):
        helps = version.content["strategies"] if version else sharing.strategies_part(cycle)
        rows += [(s["id"], "strategy", s["words"]) for place in ("setting", "home") for s in helps[place]]
    live = set(cycle.steps.filter(removed_at=None).values_list("pk", flat=True))
    live |= set(cycle.strategies.filter(removed_at=None).values_list("pk", flat=True))
    mine = {
        str(j.step_id or j.strategy_id): j
        for j in Judgement.objects.filter(cycle=cycle, said_by=sight.person).order_by("at")
    }
    return [
        {"id": pk, "kind": kind, "words": words, "mine": mine.get(pk)}
        for pk, kind, words in rows
        if UUID(pk) in live
    ]


def _own(sight: policy.Sight) -> bool:
    return sight.person.pk is not None and policy.Ground.OWN in sight.grounds(Section.PLAN)


REVIEWS_A_PAGE = 5


def reviews_page(sight: policy.Sight, before: int | None = None) -> dict[str, Any]:
    """Each cycle's review, newest first: when, what each of us thought, what was decided.

    Staff read what stands; a family reads what was shared with them, and what others think once the cycle is closed.
    Steps, strategies and measures are told where their own sections are open.
    """
    found = selectors.cycles().filter(pupil=sight.pupil).select_related("decision")
    if before is not None:
        found = found.filter(number__lt=before)
    cycles = list(found[: REVIEWS_A_PAGE + 1])
    more, cycles = len(cycles) > REVIEWS_A_PAGE, cycles[:REVIEWS_A_PAGE]
    turns = _turns(cycles, sight)
    coming = next((r for t in turns for r in t["meetings"] if r.state == ReviewState.SCHEDULED), None)
    return {
        "turns": [t for t in turns if t["meetings"] or t["decision"] or t["asked"] or t["open"]],
        "older": cycles[-1].number if more else None,
        "may_hold": sight.may("hold_review"),
        "newest": before is None,
        "coming": coming,
        "my_part": asked.my_part(coming, sight) if coming is not None else None,
    }


def turn(cycle: Cycle, sight: policy.Sight) -> dict[str, Any]:
    """One cycle's review, as `reviews_page` has it."""
    return _turns([cycle], sight)[0]


def _looking_back(cycles: list[Cycle], sight: policy.Sight) -> set[UUID]:
    """The cycles that are in their review and of which this person is asked how they went: 1 query, for the family from
    hand-over on.
    """
    found = [cycle.pk for cycle in cycles if stage(cycle) is Stage.REVIEW] if sight.may("judge") else []
    if invitations.always_looks_back(sight):
        return set(found)
    back = invitations.looking_back(found, sight.at) if found else {}
    return {pk for pk in found if invitations.looks_back(sight, back.get(pk))}


def _turns(cycles: list[Cycle], sight: policy.Sight) -> list[dict[str, Any]]:
    judged = _judged(cycles, sight, Section.REVIEWS)
    meetings: dict[UUID, list[Review]] = defaultdict(list)
    for row in asked.with_my_part(Review.objects.filter(cycle__in=cycles), sight):
        meetings[row.cycle_id].append(row)
    parts = _parts(cycles, sight)
    said = asked.said_before(sight, [row for rows in meetings.values() for row in rows])
    staff = by_staff(sight, Section.REVIEWS)
    looking_back = _looking_back(cycles, sight)
    turns = []
    for cycle in cycles:
        things = parts[cycle.pk]
        for thing in things:
            thing["judged"] = judged[thing["id"]]
        turns.append(
            {
                "cycle": cycle,
                "meetings": meetings[cycle.pk],
                "decision": getattr(cycle, "decision", None),
                "things": [t for t in things if t["judged"] or t["status"]],
                "open": cycle.closed_at is None,
                "set": any(m.state != ReviewState.CANCELLED for m in meetings[cycle.pk]),
                "asked": cycle.pk in looking_back,
                "told": staff or cycle.closed_at is not None,
                "said_before": [one for row in meetings[cycle.pk] for one in said[row.pk]],
            }
        )
    return turns


def _parts(cycles: list[Cycle], sight: policy.Sight) -> dict[UUID, list[dict[str, Any]]]:
    """The steps and strategies of each cycle that this person may read, with a status once the cycle is closed."""
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    kinds: list[tuple[str, Section, Any]] = [
        ("step", Section.PLAN, NextStep),
        ("strategy", Section.STRATEGIES, Strategy),
    ]
    shared: dict[UUID, dict[str, str]] = {}
    if not by_staff(sight, Section.REVIEWS):
        for version in (
            PlanVersion.objects.filter(cycle__in=cycles).order_by("cycle_id", "-number").distinct("cycle_id")
        ):
            shared[version.cycle_id] = _words(version.content)
    closed = {cycle.pk for cycle in cycles if cycle.closed_at is not None}
    for kind, section, model in kinds:
        if not sight.sees(section):
            continue
        for row in model.objects.filter(cycle__in=cycles, removed_at=None):
            words = row.words
            if not by_staff(sight, Section.REVIEWS):
                words = shared.get(row.cycle_id, {}).get(str(row.pk), "")
            if words:
                status = row.get_status_display() if kind == "step" and row.cycle_id in closed else ""
                found[row.cycle_id].append(
                    {"id": str(row.pk), "kind": kind, "words": words, "status": status}
                )
    return found


def _words(content: dict[str, Any]) -> dict[str, str]:
    steps = [step for outcome in content["plan"]["outcomes"] for step in outcome["steps"]]
    helps = [row for place in content["strategies"].values() for row in place]
    return {row["id"]: row["words"] for row in [*steps, *helps]}
