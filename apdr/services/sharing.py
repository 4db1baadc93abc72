"""Sharing a plan with the family as a version, and what changed between two versions.

The content of a version is a key per section, each a part that stands alone:
`needs` (strengths, needs, measures), `plan` (review day, responsibilities, outcomes with their steps),
`strategies` (at the setting and at home, with provision) and `funding` (allocations with their use).
Nobody's answers are in it: who hears whose words is asked at the moment of reading.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Max, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from accounts.words import RECORD, english
from pupils import audit
from pupils.enums import Section
from pupils.errors import NotNow, Stale

from ..enums import NeedKind, Place, Stage, StepStatus
from ..models import Allocation, Cycle, FundingUse, NextStep, PlanVersion, Provision
from .common import begin, stage_of
from .cycles import enter


@transaction.atomic
def share(
    *,
    cycle: Cycle,
    by: User,
    at: datetime,
    after: int,
    note: str = "",
    start: bool = True,
    looked_at: str | None = None,
) -> PlanVersion:
    """Share the draft as it stands as the next version; from `plan`, the cycle moves on to `do` unless told not to.

    `after` is the number of the version the sharer had seen (0 for none), and `looked_at` the mark (`seen`) of the
    draft they looked over. Raises Stale when another version was shared or the draft was changed meanwhile, and
    NotNow when there is nothing to share or nothing has changed.
    """
    begin(cycle=cycle, action="coordinate", act="share", by=by, at=at)
    cycle.refresh_from_db(fields=["review_on", "responsibilities"])  # as they are now that nobody else writes
    latest = cycle.plan_versions.first()
    if (latest.number if latest else 0) != after:
        raise Stale(latest, {"note": note})
    content = draft(cycle)
    if looked_at is not None and looked_at != seen(content):
        raise Stale(latest, {"note": note})
    if not content["plan"]["outcomes"]:
        raise NotNow(_("Write at least one outcome with a next step before you share the plan."))
    if not any(outcome["steps"] for outcome in content["plan"]["outcomes"]):
        raise NotNow(_("Write at least one next step before you share the plan."))
    if latest is not None and latest.content == content:
        raise NotNow(_("Nothing has changed since the last version."))
    number = (cycle.plan_versions.aggregate(n=Max("number"))["n"] or 0) + 1
    version = PlanVersion(cycle=cycle, number=number, content=content, note=note, shared_by=by, shared_at=at)
    version.full_clean()
    version.save()
    audit.record(
        "plan shared",
        by=by,
        at=at,
        pupil=cycle.pupil,
        setting=cycle.setting,
        section=Section.PLAN,
        of=version,
        number=number,
    )
    if start and stage_of(cycle) is Stage.PLAN:
        enter(cycle=cycle, stage=Stage.DO, by=by, at=at)
    return version


@translation.override(RECORD)
def draft(cycle: Cycle) -> dict[str, Any]:
    """The content a version of this cycle would have now."""
    return {
        "needs": needs_part(cycle),
        "plan": plan_part(cycle),
        "strategies": strategies_part(cycle),
        "funding": funding_part(cycle),
    }


def seen(content: dict[str, Any]) -> str:
    """A short mark of a version's content: another content has another mark."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]


def needs_part(cycle: Cycle) -> dict[str, Any]:
    """Strengths, needs and measures as they stand in the draft, in two queries."""
    needs = list(cycle.needs.filter(removed_at=None))
    return {
        "strengths": [_need(n) for n in needs if n.kind == NeedKind.STRENGTH],
        "needs": [_need(n) for n in needs if n.kind == NeedKind.NEED],
        "measures": measures(cycle),
    }


def measures(cycle: Cycle) -> list[dict[str, Any]]:
    """What is measured, as it stands in the draft, in one query."""
    return [
        {
            "id": str(m.pk),
            "name": m.name,
            "unit": m.unit,
            "entry": _plain(m.entry),
            "entry_on": _plain(m.entry_on),
            "exit": _plain(m.exit),
            "exit_on": _plain(m.exit_on),
        }
        for m in cycle.measures.filter(removed_at=None)
    ]


def plan_part(cycle: Cycle) -> dict[str, Any]:
    """The review day, who does what, and outcomes with their steps as they stand in the draft, in one query."""
    steps = NextStep.objects.filter(outcome=OuterRef("pk"), removed_at=None).values(json=_STEP)
    outcomes = cycle.outcomes.filter(removed_at=None).annotate(inside=ArraySubquery(steps))
    return {
        "review_on": _plain(cycle.review_on),
        "responsibilities": cycle.responsibilities,
        "outcomes": [
            {
                "id": str(o.pk),
                "words": o.words,
                "why": o.why,
                "area": o.get_area_display(),
                "by_when": _plain(o.by_when),
                "steps": [_step(s) for s in o.inside],
            }
            for o in outcomes
        ],
    }


def strategies_part(cycle: Cycle) -> dict[str, Any]:
    """What adults do, by place, with its provision, as it stands in the draft, in one query."""
    provision = Provision.objects.filter(strategy=OuterRef("pk"), removed_at=None).values(json=_PROVISION)
    found = cycle.strategies.filter(removed_at=None).select_related("proposed_by")
    strategies = list(found.annotate(inside=ArraySubquery(provision)))
    return {place.value: [_strategy(s) for s in strategies if s.place == place] for place in Place}


def funding_part(cycle: Cycle) -> dict[str, Any]:
    """What there is of money from this setting since the cycle was opened, and what it is for, in one query."""
    here = cycle.pupil.allocations.filter(
        stream__setting=cycle.setting_id, ends_on__gt=timezone.localdate(cycle.opened_at)
    )
    return {"allocations": allocations(here)}


def allocations(found: QuerySet[Allocation]) -> list[dict[str, Any]]:
    """Some allocations in the shape that a version has them, in one query."""
    uses = FundingUse.objects.filter(allocation=OuterRef("pk")).values(json=_USE)
    rows: Any = found.select_related("stream").annotate(inside=ArraySubquery(uses))
    return [
        {
            "id": str(a.pk),
            "stream": a.stream.name,
            "amount": _plain(a.amount),
            "purpose": a.purpose,
            # where nobody wrote it down, a version is as it was before there was a place for it
            **({"difference": a.difference} if a.difference else {}),
            "starts_on": _plain(a.starts_on),
            "ends_on": _plain(a.ends_on),
            "uses": a.inside,
        }
        for a in rows
    ]


def _text(name: str) -> Cast:
    """A number as its own digits: JSON would make it a float."""
    return Cast(name, TextField())


# What stands inside an outcome, a strategy and an allocation, read with it.
_STEP: Any = JSONObject(
    id="pk",
    words="words",
    child_words="child_words",
    criterion="criterion",
    baseline="baseline",
    baseline_value="baseline_value",
    owner_name="owner_name",
    owner_known_as="owner__known_as",
    owner_full_name="owner__name",
    by_when="by_when",
    status="status",
    picture="picture",
    scale="scale__scale__name",
    kind="scale__scale__kind",
    values="scale__values",
    labels="scale__labels",
    goal_levels="goal_levels",
)
_PROVISION: Any = JSONObject(
    id="pk",
    who="who",
    where="where",
    times_a_week=_text("times_a_week"),
    minutes="minutes",
    group_size="group_size",
    weeks="weeks",
)
_USE: Any = JSONObject(
    id="pk", words="strategy__words", planned=_text("planned"), used=_text("used"), note="note"
)


def _plain(value: date | Decimal | None) -> str | None:
    if value is None:
        return None
    return f"{value:f}" if isinstance(value, Decimal) else value.isoformat()


def _need(need: Any) -> dict[str, Any]:
    return {
        "id": str(need.pk),
        "area": need.get_area_display(),
        "words": need.words,
        "evidence": need.evidence,
        "source": need.source_name or need.get_source_display(),
    }


def _step(step: dict[str, Any]) -> dict[str, Any]:
    same = ["id", "words", "child_words", "criterion", "baseline", "baseline_value", "by_when", "picture"]
    return {name: step[name] for name in same} | {
        "owner": step["owner_known_as"] or step["owner_full_name"] or step["owner_name"],
        "status": english(StepStatus(step["status"]).label),
        "scale": {
            "name": step["scale"],
            "kind": step["kind"],
            "values": step["values"],
            "labels": step["goal_levels"] or step["labels"],
        },
    }


def _strategy(strategy: Any) -> dict[str, Any]:
    proposer = strategy.proposed_by_name or (strategy.proposed_by.called if strategy.proposed_by else "")
    return {
        "id": str(strategy.pk),
        "words": strategy.words,
        "how": strategy.how,
        "works_best": strategy.works_best,
        "step": str(strategy.step_id) if strategy.step_id else None,
        "proposed_by": proposer,
        "provision": strategy.inside,
    }


#: The sections that a version has a part for.
SECTIONS = (Section.NEEDS, Section.PLAN, Section.STRATEGIES, Section.FUNDING)


def step_ids(content: dict[str, Any]) -> set[str]:
    """The ids of the next steps in a version."""
    return {step["id"] for outcome in content["plan"]["outcomes"] for step in outcome["steps"]}


@dataclass(frozen=True)
class Change:
    """One thing that is different: `kind` is `added`, `changed` or `gone`; `what` its everyday name."""

    kind: str
    what: str
    section: Section
    words: str
    before: str = ""
    fields: list[str] = field(default_factory=list)


_NAMES = {
    "strengths": _lazy("a strength"),
    "needs": _lazy("a need"),
    "measures": _lazy("a measure"),
    "outcomes": _lazy("the difference we want"),
    "steps": _lazy("a next step"),
    "setting": _lazy("what helps at school"),
    "home": _lazy("what helps at home"),
    "provision": _lazy("time and people"),
    "allocations": _lazy("funding"),
    "uses": _lazy("what funding pays for"),
}


def changes(old: dict[str, Any] | None, new: dict[str, Any], sections: list[Section]) -> list[Change]:
    """What changed from one version's content to another's, in the sections given; nothing for a first version."""
    if old is None:
        return []
    found: list[Change] = []
    for section in sections:
        before, after = (dict(_flat(c.get(section.value, {}))) for c in (old, new))
        for pk, (what, item) in after.items():
            if pk not in before:
                found.append(Change("added", what, section, _said(item)))
            else:
                fields = [k for k, v in item.items() if before[pk][1].get(k) != v]
                if fields:
                    found.append(Change("changed", what, section, _said(item), _said(before[pk][1]), fields))
        found += [
            Change("gone", what, section, _said(item))
            for pk, (what, item) in before.items()
            if pk not in after
        ]
        for name in ("review_on", "responsibilities"):
            was, now = (c.get(section.value, {}).get(name) for c in (old, new))
            if was != now:
                what = _("the review day") if name == "review_on" else _("who does what")
                found.append(Change("changed", what, section, now or "", was or "", [name]))
    return found


def _flat(part: Any) -> Iterator[tuple[str, tuple[str, dict[str, Any]]]]:
    """Every item with an id in a part of a version, each without the items inside it."""
    for key, value in part.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for item in value:
                yield item["id"], (_NAMES[key], {k: v for k, v in item.items() if not _nested(v)})
                yield from _flat(item)


def _nested(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _said(item: dict[str, Any]) -> str:
    return str(item.get("words") or item.get("name") or item.get("stream") or item.get("who") or "")


def shared_ids(cycle: Cycle) -> set[UUID]:
    """The ids of the steps and strategies in the version that the family has of this cycle."""
    latest = cycle.plan_versions.first()
    if latest is None:
        return set()
    content = latest.content
    steps = [step["id"] for outcome in content["plan"]["outcomes"] for step in outcome["steps"]]
    return {UUID(pk) for pk in [*steps, *(s["id"] for part in content["strategies"].values() for s in part)]}
