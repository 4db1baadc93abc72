"""A plan for one of the cast's pupils, arranged through the services."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.models import User
from apdr.enums import NeedKind, Place, Stage
from apdr.models import Cycle, Need, NextStep, Outcome, PlanVersion, Provision, Scale, Strategy
from apdr.services import cycles, items, sharing
from pupils.enums import Area
from pupils.models import Pupil
from tests.once import once_more


@dataclass
class Plan:
    cycle: Cycle
    need: Need
    outcome: Outcome
    step: NextStep
    strategy: Strategy
    home_strategy: Strategy
    provision: Provision
    version: PlanVersion | None


def steps_scale(cycle: Cycle) -> Scale:
    return Scale.objects.get(setting=cycle.setting, kind="steps")


def write_plan(pupil: Pupil, by: User, at: datetime, *, share: bool = True) -> Plan:
    """A cycle with one of each thing in it; shared once and so in `do`, unless told not to be."""
    return once_more(("plan", pupil.pk, by.pk, at, share), lambda: _written(pupil, by, at, share))


def _written(pupil: Pupil, by: User, at: datetime, share: bool) -> Plan:
    who = {"by": by, "at": at}
    cycle = cycles.open_cycle(pupil=pupil, review_on=at.date() + timedelta(days=80), **who)
    need = items.add(
        Need,
        cycle=cycle,
        kind=NeedKind.NEED,
        area=Area.COMMUNICATION,
        words="Long instructions get lost after the first part.",
        evidence="Watched in three lessons in September.",
        **who,
    )
    cycles.move_to(cycle=cycle, stage=Stage.PLAN, **who)
    outcome = items.add(
        Outcome,
        cycle=cycle,
        words="Starts work alone because the task makes sense.",
        area=Area.COMMUNICATION,
        **who,
    )
    step = items.add(
        NextStep,
        cycle=cycle,
        outcome=outcome,
        words="Uses the task board to start within two minutes.",
        child_words="I look at my board and start.",
        criterion="In four lessons out of five.",
        baseline="Waits to be told again each time.",
        baseline_value=0,
        scale=steps_scale(cycle).versions.get(),
        owner=by,
        by_when=cycle.review_on,
        **who,
    )
    strategy = items.add(
        Strategy, cycle=cycle, place=Place.SETTING, words="One instruction at a time.", step=step, **who
    )
    home_strategy = items.add(
        Strategy, cycle=cycle, place=Place.HOME, words="A list on the fridge.", proposed_by_name="Pam", **who
    )
    provision = items.add(
        Provision,
        cycle=cycle,
        strategy=strategy,
        who="Teaching assistant",
        where="In class",
        times_a_week=3,
        minutes=20,
        group_size=4,
        weeks=10,
        **who,
    )
    version = sharing.share(cycle=cycle, after=0, **who) if share else None
    return Plan(cycle, need, outcome, step, strategy, home_strategy, provision, version)


TODAY = date(2026, 3, 10)
