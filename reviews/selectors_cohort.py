"""What a setting's support comes to, in numbers that tell of no pupil: for its SENCO and leader, governors and everybody.

Each pupil with an open plan counts once in each table, in the row of their main area of need. There is nothing to narrow
it by: two reports that differ by one pupil would tell of that pupil.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Setting
from accounts.words import StrOrPromise
from apdr.enums import StepStatus
from apdr.models import NextStep
from pupils.enums import AREA_OF, Area, NeedType
from pupils.models import Enrolment, PupilNeedType

from .selectors_map import OnePlan, Row, plans_of, rows_of
from .suppress import Published, publish, rows_left_out

#: What is spent is told to the nearest so many pounds.
NEAREST = Decimal(100)

PROVISION: list[StrOrPromise] = [
    _lazy("Some of it one to one"),
    _lazy("In groups"),
    _lazy("Without set times"),
]
COST: list[StrOrPromise] = [_lazy("Cost known"), _lazy("Cost not known")]
OUTCOME: list[StrOrPromise] = [
    _lazy("A next step done this school year"),
    _lazy("Notes of progress, no step done yet"),
    _lazy("Nothing noted yet"),
]


@dataclass(frozen=True)
class Table:
    """Pupils by area of need and something else; None is left out."""

    name: str
    title: StrOrPromise
    columns: list[StrOrPromise]
    rows: list[tuple[str, list[int | None], int | None]]
    sums: list[int | None]
    in_all: int | None


@dataclass(frozen=True)
class Cohort:
    """A report: its tables, and what is spent by area of need. `costs` has None where a number of pupils is left out."""

    setting: Setting
    on: date
    tables: list[Table]
    costs: list[tuple[str, Decimal | None]]
    cost: Decimal | None

    @property
    def too_few(self) -> bool:
        return self.tables[0].in_all is None


def cohort(setting: Setting, at: datetime) -> Cohort:
    """The report of a setting on a day: 9 queries."""
    today = timezone.localdate(at)
    here = {
        row.pupil_id: row
        for row in Enrolment.objects.on(today).filter(setting=setting).select_related("pupil")
    }
    plans = plans_of(setting, here)
    rows: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows_of(setting, plans):
        rows[row.pupil.pk].append(row)
    areas = _areas(plans)
    done = _done(setting, plans, today)
    order = [area for area in Area if area in areas.values()]
    left_out = rows_left_out([list(areas.values()).count(area) for area in order])

    def table(
        name: str, title: StrOrPromise, columns: list[StrOrPromise], of: Callable[[UUID], int]
    ) -> Table:
        cells = [[0] * len(columns) for _ in order]
        for pupil, area in areas.items():
            cells[order.index(area)][of(pupil)] += 1
        told = publish(cells, left_out) if cells else Published([], [], [None] * len(columns), None)
        named = [str(area.label) for area in order]
        return Table(
            name,
            title,
            columns,
            list(zip(named, told.cells, told.rows, strict=True)),
            told.columns,
            told.in_all,
        )

    def known(pupil: UUID) -> bool:
        return any(row.cost.share is not None for row in rows[pupil])

    def how(pupil: UUID) -> int:
        return 2 if not rows[pupil] else int(all(row.cost.places > 1 for row in rows[pupil]))

    tables = [
        table("provision", _lazy("How support is given"), PROVISION, how),
        table("outcome", _lazy("What came of it"), OUTCOME, lambda pupil: done.get(pupil, 2)),
        table("cost", _lazy("For how many we know what it costs"), COST, lambda pupil: int(not known(pupil))),
    ]
    spent: dict[Area, Decimal] = defaultdict(Decimal)
    for pupil, area in areas.items():
        spent[area] += sum((row.cost.share or Decimal(0) for row in rows[pupil]), Decimal(0))
    costs = [
        (name, _rounded(spent[area]) if cells[0] is not None else None)
        for area, (name, cells, _) in zip(order, tables[2].rows, strict=True)
    ]
    in_all = _rounded(sum(spent.values(), Decimal(0))) if tables[2].sums[0] is not None else None
    return Cohort(setting, today, tables, costs, in_all)


def _rounded(amount: Decimal) -> Decimal:
    """To the nearest hundred pounds, so that no sum tells what an hour of somebody costs."""
    return (amount / NEAREST).quantize(Decimal(1), ROUND_HALF_UP) * NEAREST


def _areas(plans: list[OnePlan]) -> dict[UUID, Area]:
    """The main area of need: of the first type of need written down; else of the needs in the plan, where they have one
    alone; else none. 1 query.
    """
    first: dict[Any, str] = dict(
        PupilNeedType.objects.filter(pupil__in=[plan.pupil.pk for plan in plans])
        .order_by("-rank")
        .values_list("pupil", "type")
    )
    found = {}
    for plan in plans:
        areas = {need["area"] for need in plan.needs}
        alone = Area(areas.pop()) if len(areas) == 1 else Area.OTHER
        of_type = AREA_OF[NeedType(first[plan.pupil.pk])] if plan.pupil.pk in first else None
        found[plan.pupil.pk] = of_type or alone
    return found


def _done(setting: Setting, plans: list[OnePlan], today: date) -> dict[UUID, int]:
    """The place in `OUTCOME` of each pupil with next steps in this school year, which begins in September: 1 query."""
    since = date(today.year if today.month >= 9 else today.year - 1, 9, 1)
    steps = (
        NextStep.objects.filter(
            Q(cycle__closed_at=None) | Q(cycle__closed_at__date__gte=since),
            cycle__setting=setting,
            cycle__pupil__in=[plan.pupil.pk for plan in plans],
            removed_at=None,
        )
        .order_by()
        .values("cycle__pupil")
        .annotate(
            met=Count("pk", filter=Q(status=StepStatus.MET)),
            noted=Count("progress", filter=Q(progress__withdrawn_at=None, progress__on__gte=since)),
        )
    )
    return {row["cycle__pupil"]: 0 if row["met"] else 1 if row["noted"] else 2 for row in steps}
