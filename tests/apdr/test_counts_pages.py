"""Each page of a cycle: how many queries it takes, whatever the number of rows, and how heavy it is."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apdr.enums import Answer, HowObtained, NeedKind, Perspective, Place, ProposalKind, Stage
from apdr.models import FundingStream, Measure, Need, NextStep, Outcome, Provision, Strategy
from apdr.services import cycles, family, funding, items, progress, sharing
from pupils.enums import Area
from reviews import services as reviews
from reviews.enums import Rating

from ..cast import AT, SEPTEMBER, Cast
from .pages import address, as_
from .plans import Plan, steps_scale, write_plan

pytestmark = pytest.mark.django_db
BEFORE = AT - timedelta(hours=2)


def one_more(cast: Cast, plan: Plan, stream: FundingStream, n: int) -> None:
    """One more of everything that a list shows."""
    who = {"by": cast.senco, "at": BEFORE}
    cycle = plan.cycle
    items.add(Need, cycle=cycle, kind=NeedKind.STRENGTH, area=Area.SEMH, words=f"Strength {n}.", **who)
    items.add(Measure, cycle=cycle, name=f"Measure {n}", entry=Decimal(n), entry_on=date(2026, 3, 1), **who)
    outcome = items.add(Outcome, cycle=cycle, words=f"Outcome {n}.", area=Area.SEMH, **who)
    step = items.add(
        NextStep,
        cycle=cycle,
        outcome=outcome,
        words=f"Step {n}.",
        criterion="Often.",
        baseline="Never.",
        scale=steps_scale(cycle).versions.get(),
        owner_name="Pam",
        by_when=cycle.review_on,
        **who,
    )
    strategy = items.add(Strategy, cycle=cycle, place=Place.SETTING, words=f"Strategy {n}.", **who)
    items.add(Provision, cycle=cycle, strategy=strategy, who="TA", times_a_week=1, minutes=10, weeks=6, **who)
    family.answer_strategy(strategy=strategy, by=cast.teacher, at=BEFORE, answer=Answer.AGREE)
    progress.log_progress(step=step, by=cast.teacher, at=BEFORE, sent_key=uuid4(), value=1, note="Tried.")
    allocation = funding.allocate(
        pupil=cast.ada,
        stream=stream,
        amount=Decimal(100),
        purpose="Time.",
        starts_on=date(2026, 3, 1),
        ends_on=date(2026, 9, 1),
        **who,
    )
    funding.plan_use(allocation=allocation, strategy=strategy, planned=Decimal(60), **who)
    family.record_views(
        pupil=cast.ada, perspective=Perspective.CHILD, how=HowObtained.TALKED, words=f"Words {n}.", **who
    )
    family.propose(
        cycle=cycle, by=cast.parent, at=BEFORE, sent_key=uuid4(), kind=ProposalKind.STEP, words=f"Idea {n}."
    )


def arrange(cast: Cast, rows: int) -> Plan:
    plan = write_plan(cast.ada, by=cast.senco, at=SEPTEMBER.replace(month=12))
    cycles.edit_cycle(
        cycle=plan.cycle, version=1, by=cast.senco, at=BEFORE, review_on=AT.date() + timedelta(weeks=6)
    )
    stream = FundingStream.objects.create(setting=cast.hazelmere, kind="notional", name="Notional")
    for n in range(rows):
        one_more(cast, plan, stream, n)
    sharing.share(cycle=plan.cycle, after=1, by=cast.senco, at=BEFORE)
    reviews.schedule_review(cycle=plan.cycle, starts_at=AT + timedelta(weeks=4), by=cast.senco, at=BEFORE)
    return plan


def in_review(cast: Cast, plan: Plan) -> None:
    cycles.move_to(cycle=plan.cycle, stage=Stage.REVIEW, by=cast.senco, at=BEFORE)
    for of in [*plan.cycle.steps.all(), *plan.cycle.strategies.all()]:
        reviews.judge(cycle=plan.cycle, of=of, rating=Rating.BIT, by=cast.senco, at=BEFORE, words="So so.")
        reviews.judge(cycle=plan.cycle, of=of, rating=Rating.LOT, by=cast.parent, at=BEFORE)


#: The page, who reads it, its address, and its queries.
PAGES: list[tuple[str, str, Callable[[Plan], str], int]] = [
    ("cycle", "senco", lambda p: address("cycle", p.cycle.pk), 11),
    ("cycle", "teacher", lambda p: address("cycle", p.cycle.pk), 10),
    ("cycles", "senco", lambda p: address("cycles", p.cycle.pupil_id), 7),
    ("share", "senco", lambda p: address("share", p.cycle.pk), 13),
    ("needs", "senco", lambda p: address("needs", p.cycle.pupil_id), 10),
    ("needs", "parent", lambda p: address("needs", p.cycle.pupil_id), 8),
    ("strategies", "senco", lambda p: address("strategies", p.cycle.pupil_id), 11),
    ("strategies", "parent", lambda p: address("strategies", p.cycle.pupil_id), 10),
    ("funding", "senco", lambda p: address("funding", p.cycle.pupil_id), 14),
    ("funding", "parent", lambda p: address("funding", p.cycle.pupil_id), 11),
    ("views", "senco", lambda p: address("views", p.cycle.pupil_id), 10),
    ("views", "child", lambda p: address("views", p.cycle.pupil_id), 10),
    ("reviews", "senco", lambda p: address("reviews", p.cycle.pupil_id), 13),
    ("reviews", "parent", lambda p: address("reviews", p.cycle.pupil_id), 14),
    ("review", "senco", lambda p: address("review", p.cycle.pk), 15),
    ("judge", "parent", lambda p: address("judge", p.cycle.pk), 10),
    ("judge", "teacher", lambda p: address("judge", p.cycle.pk), 11),
    ("close", "senco", lambda p: address("close_cycle", p.cycle.pk), 11),
    ("write a step", "senco", lambda p: address("add_item", p.cycle.pk, "step"), 11),
    ("change a step", "senco", lambda p: address("edit_item", "step", p.step.pk), 11),
    ("write a strategy", "senco", lambda p: address("add_item", p.cycle.pk, "strategy"), 9),
    ("record views", "senco", lambda p: address("record_views", p.cycle.pupil_id), 7),
    ("add money", "senco", lambda p: address("allocate", p.cycle.pupil_id), 8),
]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_takes_as_many_queries_with_one_row_as_with_three(
    cast: Cast, at_ten: datetime, rows: int
) -> None:
    plan = arrange(cast, rows)
    in_review(cast, plan)
    counted = {}
    for name, person, where, _ in PAGES:
        client = as_(cast.people[person])
        with CaptureQueriesContext(connection) as asked:
            response = client.get(where(plan))
        assert response.status_code == 200, (name, person)
        assert len(response.content) <= 60_000, (name, len(response.content))
        counted[(name, person)] = len(asked)
    assert counted == {(name, person): count for name, person, _, count in PAGES}
