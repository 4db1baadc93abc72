"""A setting's provision map, by what its page asks and by one raw SQL statement that gives the same table.

400 pupils with three provisions each: costs by the week, hours given, the last level, who says that it helped, streams.
The raw statement knows which setting it is and who stands where; the page asks the policy, and for gaps and pupils' looks
besides. Compared is what the database does; what the page's Python adds is printed beside it.
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Setting, User
from apdr.models import (
    Allocation,
    Costing,
    Cycle,
    CycleStage,
    Delivered,
    FundingStream,
    FundingUse,
    Need,
    NextStep,
    Outcome,
    Progress,
    Provision,
    Scale,
    ScaleVersion,
    StaffRate,
    StaffRole,
    Strategy,
)
from pupils import policy
from pupils.enums import Area
from pupils.models import Enrolment
from reviews.models import Judgement
from reviews.selectors_map import page_of, provision_map

from .authority import AT

SESSIONS = 10

RAW = """
    SELECT pr.id::text, p.family_name, p.given_name, e.year_group, o.area, s.words, pr.who,
        floor(round(cost.hourly * pr.times_a_week * pr.minutes * 100 / 60 + c.resources * 100) / pr.group_size) / 100,
        floor(pr.times_a_week * pr.minutes * pr.weeks + 0.5)::int, given.minutes, given.missed,
        (SELECT g.value FROM apdr_progress g WHERE g.step_id = s.step_id AND g.withdrawn_at IS NULL
            AND g.value IS NOT NULL ORDER BY g."on" DESC, g.at DESC LIMIT 1),
        said.helped, said.not_yet,
        (SELECT array_agg(t.name::text) FROM apdr_fundinguse u JOIN apdr_allocation a ON a.id = u.allocation_id
            JOIN apdr_fundingstream t ON t.id = a.stream_id WHERE u.strategy_id = s.id)
    FROM apdr_cycle y
    JOIN pupils_pupil p ON p.id = y.pupil_id
    JOIN pupils_enrolment e ON e.pupil_id = p.id AND e.setting_id = y.setting_id
        AND e.starts_on <= date '2026-03-10' AND (e.ends_on IS NULL OR e.ends_on > date '2026-03-10')
    JOIN apdr_strategy s ON s.cycle_id = y.id AND s.removed_at IS NULL
    JOIN apdr_nextstep n ON n.id = s.step_id
    JOIN apdr_outcome o ON o.id = n.outcome_id
    JOIN apdr_provision pr ON pr.strategy_id = s.id AND pr.removed_at IS NULL
    JOIN apdr_costing c ON c.provision_id = pr.id
    CROSS JOIN LATERAL (
        SELECT sum((SELECT r.hourly FROM apdr_staffrate r WHERE r.role_id = c.role_id
            AND r.starts_on <= date_trunc('week', pr.starts_on)::date + 7 * w ORDER BY r.starts_on DESC LIMIT 1)) AS hourly
        FROM generate_series(0, pr.weeks - 1) w) cost
    CROSS JOIN LATERAL (
        SELECT sum(d.minutes) AS minutes, count(*) FILTER (WHERE d.held = 'missed') AS missed
        FROM (SELECT DISTINCT ON (d."on") d.* FROM apdr_delivered d WHERE d.provision_id = pr.id
              ORDER BY d."on", d.number DESC) d WHERE d.held <> 'not_planned') given
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE j.rating IN ('lot', 'bit')) AS helped,
            count(*) FILTER (WHERE j.rating = 'not_yet') AS not_yet
        FROM (SELECT DISTINCT ON (j.perspective, j.said_by_id) j.rating FROM reviews_judgement j
              WHERE j.strategy_id = s.id ORDER BY j.perspective, j.said_by_id, j.at DESC) j) said
    WHERE y.setting_id = %s AND y.closed_at IS NULL
    ORDER BY p.family_name, p.given_name, p.id::text, pr.created_at, pr.id::text"""


@transaction.atomic
def fill(setting: Setting, senco: User) -> None:
    """A plan for each pupil of a setting, with three provisions, unless they are there."""
    if Provision.objects.filter(strategy__cycle__setting=setting).exists():
        return
    scale = ScaleVersion.objects.create(
        scale=Scale.objects.create(setting=setting, name="Steps", kind="steps"), number=1, values=[0, 1, 2],
        labels=["Not yet", "With help", "Alone"],
    )  # fmt: skip
    role = StaffRole.objects.create(setting=setting, name="Teaching assistant")
    for day, hourly in ((date(2025, 4, 1), "16.40"), (date(2026, 2, 2), "17.35")):
        StaffRate.objects.create(role=role, starts_on=day, hourly=Decimal(hourly), at=AT)
    stream = FundingStream.objects.create(setting=setting, kind="notional", name="Notional")
    here = Enrolment.objects.on(AT.date()).filter(setting=setting).order_by("pk")
    made: dict[type, list[Any]] = {
        kind: []
        for kind in (
            Cycle, CycleStage, Need, Outcome, NextStep, Strategy, Provision, Costing, Delivered, Progress,
            Allocation, FundingUse, Judgement,
        )
    }  # fmt: skip
    by: dict[str, Any] = {"created_by": senco, "created_at": AT}
    for n, enrolment in enumerate(here):
        area = list(Area)[n % 5]
        began = AT - timedelta(days=60)
        cycle = Cycle(
            pupil_id=enrolment.pupil_id, setting=setting, number=1, review_on=date(2026, 6, 1), opened_by=senco,
            opened_at=began,
        )  # fmt: skip
        made[Cycle].append(cycle)
        made[CycleStage].append(CycleStage(cycle=cycle, number=1, stage="do", by=senco, at=began))
        made[Need].append(Need(cycle=cycle, kind="need", area=area, words=f"Need {n}", **by))
        outcome = Outcome(cycle=cycle, words=f"Outcome {n}", area=area, **by)
        step = NextStep(
            cycle=cycle, outcome=outcome, words=f"Step {n}", criterion="Seen.", baseline="Not yet.", scale=scale,
            by_when=date(2026, 6, 1), **by,
        )  # fmt: skip
        allocation = Allocation(
            pupil_id=enrolment.pupil_id, stream=stream, amount=Decimal(1000), purpose="Help.",
            starts_on=date(2025, 9, 1), ends_on=date(2026, 8, 1), **by,
        )  # fmt: skip
        made[Outcome].append(outcome)
        made[NextStep].append(step)
        made[Allocation].append(allocation)
        for days, value in ((30, 0), (3, 1)):
            made[Progress].append(
                Progress(
                    step=step,
                    perspective="staff",
                    by=senco,
                    on=AT.date() - timedelta(days=days),
                    at=AT,
                    value=value,
                    sent_key=uuid4(),
                )
            )
        for k in range(3):
            strategy = Strategy(
                cycle=cycle, place="setting", words=f"Way {n}.{k}", step=step, position=k, **by
            )
            provision = Provision(
                strategy=strategy, who="Teaching assistant", times_a_week=Decimal(k + 1), minutes=20 + 5 * k,
                group_size=1 + (n + k) % 4, weeks=10, starts_on=date(2026, 1, 12), **by,
            )  # fmt: skip
            made[Strategy].append(strategy)
            made[Provision].append(provision)
            made[Costing].append(Costing(provision=provision, role=role, resources=Decimal(k * 5), **by))
            made[FundingUse].append(
                FundingUse(allocation=allocation, strategy=strategy, planned=Decimal(50), **by)
            )
            for rating, perspective in (("lot", "staff"), ("not_yet", "parent")):
                made[Judgement].append(
                    Judgement(
                        cycle=cycle,
                        strategy=strategy,
                        perspective=perspective,
                        rating=rating,
                        said_by=senco,
                        recorded_by=senco,
                        at=AT,
                    )
                )
            for session in range(SESSIONS):
                missed = session % 5 == 4
                made[Delivered].append(
                    Delivered(
                        provision=provision,
                        on=date(2026, 1, 12) + timedelta(days=4 * session),
                        number=1,
                        held="missed" if missed else "done",
                        minutes=0 if missed else provision.minutes,
                        why="child_away" if missed else "",
                        by=senco,
                        at=AT,
                    )
                )
    for kind, rows in made.items():
        kind.objects.bulk_create(rows, batch_size=2000)  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        for kind in made:
            cursor.execute(f"ANALYZE {kind._meta.db_table}")  # type: ignore[attr-defined]


def calls(setting: Setting, senco: User) -> tuple[dict[str, Callable[[], Any]], int, int]:
    """What to time: what the page asks, the raw statement, and the page's reading with its Python; how many statements
    the page has and how many rows the table. Raises AssertionError where the two tables differ.
    """

    def read() -> Any:
        found = provision_map(setting, senco, AT)
        found.sights(page_of(found.rows, "")[0])
        return found

    def raw() -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(RAW, [setting.pk])
            return cursor.fetchall()

    read()
    with CaptureQueriesContext(connection) as asked:
        found = read()
    # The rule's own statement is sent prepared and is not among them as text: it is asked as the page asks it.
    statements = [one["sql"] for one in asked.captured_queries if one["sql"]]
    shown = page_of(found.rows, "")[0]

    def queries() -> None:
        policy.pupils_for(senco, "write_funding", AT)
        found.sights(shown)
        with connection.cursor() as cursor:
            for sql in statements:
                cursor.execute(sql)
                cursor.fetchall()

    mine = [
        (
            row.id, row.pupil.family_name, row.pupil.given_name, row.plan.year, row.area, row.what,
            row.provision.who, row.cost.share, row.planned, row.delivered, row.missed, row.provision.level,
            row.said.helped, row.said.not_yet, [name for _pk, name in row.streams],
        )
        for row in found.rows
    ]  # fmt: skip
    assert sorted(mine) == sorted(raw()), "the map and the raw SQL give different rows"
    return {"queries": queries, "raw": raw, "page": read}, len(asked.captured_queries), len(mine)


def measure(
    senco_id: UUID, timed: Callable[[dict[str, Callable[[], Any]], float], Any], seconds: float
) -> Any:
    """Fill the setting of a SENCO, and compare."""
    senco = User.objects.get(pk=senco_id)
    setting = Setting.objects.get(memberships__person=senco, memberships__role="senco")
    fill(setting, senco)
    what, statements, rows = calls(setting, senco)
    ms = timed(what, seconds)
    best = {name: times["fastest_tenth"] for name, times in ms.items()}
    of_raw = best["queries"] / best["raw"]
    print(f"{'provision map, ms':24}{'queries':>9}{'raw':>9}{'of raw':>9}{'with Python':>13}{'rows':>7}")
    print(f"{'':24}{best['queries']:9.1f}{best['raw']:9.1f}{of_raw:8.2f}×{best['page']:13.1f}{rows:7}\n")
    return {"rows": rows, "statements": statements, "ms": ms, "queries_times_raw": round(of_raw, 2)}
