"""Every provision of a setting in one table: who, what, how much, what came of it; and what is missing. For its SENCO.

All of a setting's open plans are read at once, since sums, groups' shares and gaps need them all; a page shows some.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    CharField,
    Count,
    Exists,
    OuterRef,
    Q,
    Subquery,
    Sum,
    UUIDField,
    prefetch_related_objects,
)
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone

from accounts.models import Setting, User
from apdr import costing, selectors_money
from apdr.enums import Held, NeedKind, Place, Stage, Unit
from apdr.models import Cycle, CycleStage, Delivered, FundingUse, Need, Progress, Provision, Strategy
from apdr.services.scales import label_of
from pupils import policy
from pupils.enums import YEAR_GROUPS, Area, Section
from pupils.models import Enrolment, Pupil

from .enums import Rating
from .models import Judgement

#: Rows of a page.
PAGE = 25
#: A pupil comes near the threshold from this part of it on.
NEAR = Decimal("0.8")
#: What a row shows of a pupil.
SECTIONS = [Section.STRATEGIES, Section.PLAN, Section.NEEDS, Section.FUNDING, Section.REVIEWS]
_HELPED = {Rating.LOT, Rating.BIT}
_WORKING = {Stage.DO, Stage.REVIEW}


class Look(StrEnum):
    """What a SENCO looks for: pupils by what their plan costs, and three kinds of gap."""

    OVER = "over"
    NEAR = "near"
    NO_STRATEGY = "no_strategy"
    NO_EVIDENCE = "no_evidence"
    NOT_HELPING = "not_helping"


GAPS = (Look.NO_STRATEGY, Look.NO_EVIDENCE, Look.NOT_HELPING)


@dataclass(frozen=True)
class Asked:
    """What the map is narrowed to; empty is everything."""

    year: str = ""
    area: str = ""
    stream: str = ""
    role: str = ""
    look: str = ""


@dataclass(frozen=True)
class Said:
    """What was judged of a strategy where it was judged last: how many say that it helped, and that it does not yet."""

    helped: int
    not_yet: int


@dataclass(frozen=True)
class OnePlan:
    """The open cycle of a pupil, with its needs and strategies as JSON."""

    pupil: Pupil
    year: str
    stage: Stage
    needs: list[dict[str, Any]]
    strategies: list[dict[str, Any]]

    def area_of(self, strategy: dict[str, Any]) -> Area | None:
        """The area of the outcome that a strategy works on; else that of the needs, where they have one alone."""
        areas = {need["area"] for need in self.needs}
        found = strategy["area"] or (areas.pop() if len(areas) == 1 else None)
        return Area(found) if found else None


@dataclass(frozen=True)
class Row:
    """One provision of one pupil."""

    plan: OnePlan
    provision: Provision
    cost: selectors_money.Costed
    area: Area | None
    streams: list[tuple[str, str]]
    said: Said | None
    standing: Look | None = None  #: of the pupil, by what is known of what their open plan costs

    @property
    def id(self) -> str:
        return str(self.provision.pk)

    @property
    def pupil(self) -> Pupil:
        return self.plan.pupil

    @property
    def what(self) -> str:
        return self.provision.strategy.words

    @property
    def planned(self) -> int:
        """Minutes, in the weeks that count."""
        return costing.minutes_planned(self.cost.dose, self.cost.weeks)

    @property
    def delivered(self) -> int | None:
        """Minutes; None where nothing was written down."""
        noted = self.provision.noted  # type: ignore[attr-defined]
        return noted["minutes"] if noted else None

    @property
    def missed(self) -> int:
        noted = self.provision.noted  # type: ignore[attr-defined]
        return noted["missed"] if noted else 0

    @property
    def over(self) -> bool:
        return self.standing is Look.OVER

    @property
    def near(self) -> bool:
        return self.standing is Look.NEAR

    @property
    def step(self) -> str:
        step = self.provision.strategy.step
        return step.words if step is not None and step.removed_at is None else ""

    @property
    def level(self) -> str:
        """The last level of the step, in words; empty where none was noted."""
        step = self.provision.strategy.step
        if not self.step or step is None:
            return ""
        return label_of(step.scale, self.provision.level, step.goal_levels)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Gap:
    """Something that is missing in a pupil's plan: a need without a strategy, or a strategy."""

    id: str
    plan: OnePlan
    area: Area | None
    words: str

    @property
    def pupil(self) -> Pupil:
        return self.plan.pupil


@dataclass(frozen=True)
class InArea:
    """What is planned, given and spent for an area of need. No cost is known: None."""

    area: Area | None
    pupils: int
    planned: int
    delivered: int
    cost: Decimal | None

    @property
    def name(self) -> Any:
        return self.area.label if self.area else ""


T = TypeVar("T", bound=Row | Gap)


@dataclass(frozen=True)
class Map:
    """Everything of a setting that this person may read, and what it was narrowed to."""

    setting: Setting
    person: User
    at: datetime
    asked: Asked
    plans: list[OnePlan]
    every: list[Row]
    threshold: Decimal | None
    gaps: dict[Look, list[Gap]] = field(default_factory=dict)

    @cached_property
    def counts(self) -> dict[Look, int]:
        standing = list({row.pupil.pk: row.standing for row in self.every}.values())
        return {look: standing.count(look) for look in (Look.OVER, Look.NEAR)} | {
            look: len(self.gaps[look]) for look in GAPS
        }

    def _fits(self, one: Row | Gap) -> bool:
        asked = self.asked
        return (not asked.year or one.plan.year == asked.year) and (
            not asked.area or (one.area or "none") == asked.area
        )

    @cached_property
    def rows(self) -> list[Row]:
        """Those that are asked for."""
        asked = self.asked
        return [
            row
            for row in self.every
            if self._fits(row)
            and (not asked.stream or any(pk == asked.stream for pk, _ in row.streams))
            and (not asked.role or (row.cost.costing and str(row.cost.costing.role_id) == asked.role))
            and (asked.look not in (Look.OVER, Look.NEAR) or row.standing == asked.look)
        ]

    @cached_property
    def missing(self) -> list[Gap]:
        """The gaps that are asked for; none where provision is."""
        return (
            [one for one in self.gaps[Look(self.asked.look)] if self._fits(one)]
            if self.asked.look in GAPS
            else []
        )

    @cached_property
    def areas(self) -> list[InArea]:
        """The rows that are asked for, by area of need."""
        found: dict[Area | None, list[Row]] = defaultdict(list)
        for row in self.rows:
            found[row.area].append(row)
        order = [*Area, None]
        return [
            InArea(
                area,
                len({row.pupil.pk for row in rows}),
                sum(row.planned for row in rows),
                sum(row.delivered or 0 for row in rows),
                _sum(row.cost.share for row in rows),
            )
            for area, rows in sorted(found.items(), key=lambda pair: order.index(pair[0]))
        ]

    @property
    def years(self) -> list[str]:
        return sorted({plan.year for plan in self.plans if plan.year}, key=YEAR_GROUPS.index)

    @property
    def streams(self) -> list[tuple[str, str]]:
        return sorted({one for row in self.every for one in row.streams}, key=lambda one: one[1].casefold())

    @property
    def roles(self) -> list[tuple[str, str]]:
        there = {row.cost.costing.role for row in self.every if row.cost.costing}
        return sorted(((str(role.pk), role.name) for role in there), key=lambda one: one[1].casefold())

    def sights(self, shown: Iterable[Row | Gap]) -> list[policy.Sight]:
        """How this person sees the pupils of what is shown, for the access log: 1 query."""
        return list(policy.sights(self.person, {one.pupil for one in shown}, self.at).values())


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def page_of(found: Sequence[T], after: str) -> tuple[list[T], str]:
    """The next rows, and the key of the page after them. Raises ValueError for an `after` that no page gave."""
    start = 0
    if after:
        places = [place for place, one in enumerate(found) if one.id == after]
        if not places:
            raise ValueError("not a page of this map")
        start = places[0] + 1
    shown = list(found[start : start + PAGE])
    return shown, shown[-1].id if shown and start + PAGE < len(found) else ""


def provision_map(setting: Setting, person: User, at: datetime, asked: Asked | None = None) -> Map:
    """The map of a setting for somebody who coordinates it: 9 queries, however much there is.

    Of the pupils who are in the setting now and whose money this person may plan, which the policy says.
    """
    today = timezone.localdate(at)
    here = {
        row.pupil_id: row
        for row in Enrolment.objects.on(today)
        .filter(setting=setting, pupil__in=policy.pupils_for(person, "write_funding", at))
        .select_related("pupil")
    }
    plans = plans_of(setting, here)
    judged = {one["id"]: _judged(one) for plan in plans for one in plan.strategies}
    rows = rows_of(setting, plans, judged)
    rates = selectors_money.rates_on(setting, today)
    threshold = next((rate.amount for rate in rates if rate.unit == Unit.FIRST), None)
    standing = _standing(rows, threshold)
    rows = [replace(row, standing=standing.get(row.pupil.pk)) for row in rows]
    gaps = _gaps(plans, {row.provision.strategy_id: row for row in rows if row.delivered}, judged)
    return Map(setting, person, at, asked or Asked(), plans, rows, threshold, gaps)


def _standing(rows: list[Row], threshold: Decimal | None) -> dict[UUID, Look]:
    """Whose open plan costs more than the setting finds first, or comes near it, by what is known of it."""
    sums: dict[UUID, Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[row.pupil.pk] += row.cost.share or 0
    if threshold is None:
        return {}
    return {
        pupil: Look.OVER if cost > threshold else Look.NEAR
        for pupil, cost in sums.items()
        if cost >= threshold * NEAR
    }


def rows_of(setting: Setting, plans: list[OnePlan], judged: dict[str, Any] | None = None) -> list[Row]:
    """The provision of these plans with what it costs, by the pupil's name: 4 queries."""
    prefetch_related_objects([setting], "terms", "open_weeks")
    strategies = {one["id"]: (plan, one) for plan in plans for one in plan.strategies}
    found = []
    for cost in selectors_money.costs_of(_provision(setting), setting):
        there = strategies.get(str(cost.provision.strategy_id))
        if there is not None:  # of a group somebody may be in it who is not here any more
            plan, one = there
            streams = [(stream["id"], stream["name"]) for stream in one["streams"]]
            said = (judged or {}).get(one["id"])
            found.append(
                Row(plan, cost.provision, cost, plan.area_of(one), streams, _said(said[0]) if said else None)
            )
    return sorted(found, key=lambda row: (*_name(row.plan), row.provision.created_at, row.id))


def _name(plan: OnePlan) -> tuple[str, str, str]:
    return plan.pupil.family_name, plan.pupil.given_name, str(plan.pupil.pk)


#: What of a provision and of what it belongs to stands in the table, or makes its cost.
_SHOWN = [
    "strategy", "who", "times_a_week", "minutes", "group_size", "weeks", "starts_on", "group", "created_at",
    "strategy__words", "strategy__step", "strategy__cycle", "strategy__cycle__opened_at",
    "strategy__step__words", "strategy__step__removed_at", "strategy__step__goal_levels",
    "strategy__step__scale__values", "strategy__step__scale__labels",
    "costing__provision", "costing__role", "costing__resources", "costing__role__name",
]  # fmt: skip


def _provision(setting: Setting) -> Any:
    """Provision with what was delivered of it, and the last level of its step."""
    later = Delivered.objects.filter(
        provision=OuterRef("provision"), on=OuterRef("on"), number__gt=OuterRef("number")
    )
    noted = (
        Delivered.objects.filter(~Exists(later), provision=OuterRef("pk"))
        .exclude(held=Held.NOT_PLANNED)
        .order_by()
        .values("provision")
        .annotate(json=JSONObject(minutes=Sum("minutes"), missed=Count("pk", filter=Q(held=Held.MISSED))))
    )
    level = (
        Progress.objects.filter(step=OuterRef("strategy__step"), withdrawn_at=None, value__isnull=False)
        .order_by("-on", "-at")
        .values("value")
    )
    return (
        selectors_money.open_provision(setting)
        .select_related(None)
        .select_related("strategy__cycle", "strategy__step__scale", "costing__role")
        .only(*_SHOWN)
        .annotate(noted=Subquery(noted.values("json")[:1]), level=Subquery(level[:1]))
    )


def plans_of(setting: Setting, here: dict[UUID, Enrolment]) -> list[OnePlan]:
    """The open plans of these pupils, with their needs and strategies: 2 queries."""
    stage = CycleStage.objects.filter(cycle=OuterRef("pk")).order_by("-number").values("stage")
    needs = Need.objects.filter(cycle=OuterRef("pk"), removed_at=None, kind=NeedKind.NEED)
    cycles = (
        Cycle.objects.filter(setting=setting, closed_at=None, pupil__in=list(here))
        .annotate(
            stage=Subquery(stage[:1]),
            needs_=ArraySubquery(
                needs.order_by("position", "created_at").values(
                    json=JSONObject(id=Cast("pk", CharField()), area="area", words="words")
                )
            ),
        )
        .values_list("pk", "pupil", "stage", "needs_")
    )
    strategies = _strategies(setting, here)
    found = [
        OnePlan(here[pupil].pupil, here[pupil].year_group, Stage(stage_), needs_, strategies[cycle])
        for cycle, pupil, stage_, needs_ in cycles
    ]
    return sorted(found, key=_name)


def _strategies(setting: Setting, pupils: Iterable[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """The strategies of these pupils' open cycles, by cycle, each with its streams and what was judged of it and of what it
    was carried from: 1 query.
    """
    noted = Progress.objects.filter(step=OuterRef("step"), withdrawn_at=None)
    streams = FundingUse.objects.filter(strategy=OuterRef("pk"), allocation__stream__setting=setting)
    stream = JSONObject(id=Cast("allocation__stream", CharField()), name="allocation__stream__name")
    itself = [OuterRef("pk"), OuterRef("carried_from"), OuterRef("carried_from__carried_from")]
    judged = Judgement.objects.alias(of=Cast("strategy", UUIDField())).filter(of__in=itself).order_by("at")
    whose = JSONObject(
        cycle="cycle", rating="rating", perspective="perspective", by="said_by", name="said_by_name",
        home="household",
    )  # fmt: skip
    rows = (
        Strategy.objects.filter(
            cycle__setting=setting, cycle__closed_at=None, cycle__pupil__in=list(pupils), removed_at=None
        )
        .order_by("position", "created_at")
        .values_list(
            "cycle",
            JSONObject(
                id=Cast("pk", CharField()),
                place="place",
                words="words",
                area="step__outcome__area",
                noted=Exists(noted),
            ),
            ArraySubquery(streams.order_by("created_at").values(json=stream)),
            ArraySubquery(judged.values(json=whose)),
        )
    )
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for cycle, one, of, said in rows:
        found[cycle].append({**one, "streams": of, "judged": said})
    return found


def _judged(strategy: dict[str, Any]) -> list[list[Rating]]:
    """What each voice judged last of a strategy, by cycle, the newest first; what it was carried from counts as it.

    A pupil's cycles follow each other, so that they stand in the order in which they were judged in.
    """
    found: dict[str, dict[Any, Rating]] = defaultdict(dict)
    for row in strategy["judged"]:
        whose = row["by"] or (row["name"], row["home"])
        found[row["cycle"]][row["perspective"], str(whose)] = Rating(row["rating"])
    return [list(each.values()) for each in reversed(found.values())]


def _said(ratings: list[Rating]) -> Said:
    return Said(sum(r in _HELPED for r in ratings), ratings.count(Rating.NOT_YET))


def _gaps(
    plans: list[OnePlan], given: dict[UUID, Row], judged: dict[str, list[list[Rating]]]
) -> dict[Look, list[Gap]]:
    """A need in whose area nothing is done; what is done at the setting and nobody wrote anything down of; and what
    somebody judged not to help, and nobody to help, in each of the last two cycles that it was judged in.
    """
    found: dict[Look, list[Gap]] = {look: [] for look in GAPS}
    for plan in plans:
        if plan.stage is not Stage.ASSESS:
            areas = {plan.area_of(one) for one in plan.strategies}
            for need in plan.needs:
                if Area(need["area"]) not in areas:
                    found[Look.NO_STRATEGY].append(Gap(need["id"], plan, Area(need["area"]), need["words"]))
        for one in plan.strategies:
            gap = Gap(one["id"], plan, plan.area_of(one), one["words"])
            here = plan.stage in _WORKING and one["place"] == Place.SETTING
            if here and not one["noted"] and UUID(one["id"]) not in given:
                found[Look.NO_EVIDENCE].append(gap)
            last = [_said(ratings) for ratings in judged[one["id"]][:2]]
            if len(last) == 2 and all(said.not_yet and not said.helped for said in last):
                found[Look.NOT_HELPING].append(gap)
    return found
