"""Opening a cycle and moving it through its stages."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from pupils import audit, policy
from pupils.enums import Section
from pupils.errors import NotNow
from pupils.models import Enrolment, Pupil
from pupils.services import save_version

from ..enums import MOVES, Stage, StepStatus
from ..models import (
    Costing,
    Cycle,
    CycleStage,
    Measure,
    Need,
    NextStep,
    Outcome,
    Provision,
    Strategy,
)
from . import scales
from .common import begin, stage_of


@transaction.atomic
def open_cycle(*, pupil: Pupil, by: User, at: datetime, review_on: date | None = None) -> Cycle:
    """Open a pupil's first cycle, or the next after a closed one, in assess.

    What was unfinished in the cycle before is carried over as a draft: needs and strengths, outcomes with steps not
    yet met, those steps, the strategies in use with their provision, and exit measures as the new entry measures.
    Raises NotNow while a cycle is open, ValidationError for a review day in the past.
    """
    policy.require(by, "coordinate", pupil, at)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    today = timezone.localdate(at)
    if pupil.cycles.filter(closed_at=None).exists():
        raise NotNow(_("%(pupil)s already has an open cycle. Close it first.") % {"pupil": pupil.called})
    enrolment = Enrolment.objects.on(today).select_related("setting").get(pupil=pupil)
    review_on = review_on or today + timedelta(weeks=enrolment.setting.review_every_weeks)
    _check_review_day(review_on, today)
    previous = pupil.cycles.order_by("-number").first()
    number = (pupil.cycles.aggregate(n=Max("number"))["n"] or 0) + 1
    cycle = Cycle(
        pupil=pupil,
        setting=enrolment.setting,
        number=number,
        review_on=review_on,
        previous=previous,
        opened_by=by,
        opened_at=at,
        responsibilities=previous.responsibilities if previous else "",
    )
    cycle.full_clean()
    cycle.save()
    scales.ensure(enrolment.setting)
    _enter(cycle, Stage.ASSESS, by, at)
    if previous is not None:
        _carry_over(previous, cycle, by, at)
    audit.record(
        "cycle opened", by=by, at=at, pupil=pupil, setting=cycle.setting, section=Section.PLAN, of=cycle
    )
    return cycle


@transaction.atomic
def move_to(*, cycle: Cycle, stage: Stage, by: User, at: datetime, note: str = "") -> CycleStage:
    """Move a cycle to another stage, where `MOVES` allows it. Closing is `reviews.services.close_cycle`'s.

    Raises NotNow for a move that is not in the table, or into `do` before anything was shared.
    """
    if stage is Stage.CLOSED:
        raise NotNow(_("A cycle is closed by its review's decision."))
    return enter(cycle=cycle, stage=stage, by=by, at=at, note=note)


@transaction.atomic
def enter(*, cycle: Cycle, stage: Stage, by: User, at: datetime, note: str = "") -> CycleStage:
    """`move_to` without its refusal to close."""
    policy.require(by, "coordinate", cycle.pupil, at)
    Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
    now = stage_of(cycle)
    if stage not in MOVES[now]:
        raise NotNow(
            _("A cycle cannot go from “%(now)s” to “%(stage)s”.") % {"now": now.label, "stage": stage.label}
        )
    if stage is Stage.DO and now is Stage.PLAN and not cycle.plan_versions.exists():
        raise NotNow(_("Share the plan with the family first."))
    row = _enter(cycle, stage, by, at, note)
    audit.record(
        "cycle moved",
        by=by,
        at=at,
        pupil=cycle.pupil,
        setting=cycle.setting,
        section=Section.PLAN,
        of=cycle,
        stage=stage.value,
    )
    return row


@transaction.atomic
def edit_cycle(*, cycle: Cycle, version: int, by: User, at: datetime, **fields: Any) -> None:
    """Change the review day or who is responsible for what. Raises Stale or ValidationError by field."""
    begin(cycle=cycle, action="write_plan", act="write_plan", by=by, at=at)
    if "review_on" in fields and fields["review_on"] != cycle.review_on:
        _check_review_day(fields["review_on"], timezone.localdate(at))
    changed = save_version(cycle, version, fields)
    if changed:
        audit.record(
            "plan changed", by=by, at=at, pupil=cycle.pupil, section=Section.PLAN, of=cycle, fields=changed
        )


def _check_review_day(review_on: date, today: date) -> None:
    if review_on < today:
        raise ValidationError({"review_on": _("Choose a day from today on.")})
    if review_on > today + timedelta(days=366):
        raise ValidationError(
            {"review_on": _("Choose a day within a year. Plans are reviewed at least once a year.")}
        )


def _enter(cycle: Cycle, stage: Stage, by: User, at: datetime, note: str = "") -> CycleStage:
    number = cycle.stages.count() + 1
    row = CycleStage(cycle=cycle, number=number, stage=stage, by=by, at=at, note=note)
    row.full_clean()
    row.save()
    return row


def _carry_over(old: Cycle, new: Cycle, by: User, at: datetime) -> None:
    new_steps: dict[Any, NextStep] = {}
    needs = {need.pk: _copy(need, new, by, at) for need in old.needs.filter(removed_at=None)}
    for measure in old.measures.filter(removed_at=None):
        _copy(
            measure,
            new,
            by,
            at,
            entry=measure.exit,
            entry_on=measure.exit_on,
            exit=None,
            exit_on=None,
            need=needs.get(measure.need_id) if measure.need_id else None,
        )
    for outcome in old.outcomes.filter(removed_at=None):
        unfinished = outcome.steps.filter(removed_at=None, status=StepStatus.CARRIED)
        if not unfinished and outcome.steps.filter(removed_at=None).exists():
            continue
        copy = _copy(outcome, new, by, at)
        for step in unfinished:
            new_steps[step.pk] = _copy(
                step, new, by, at, outcome=copy, status=StepStatus.CURRENT, by_when=new.review_on
            )
    for strategy in old.strategies.filter(removed_at=None):
        copied = _copy(
            strategy, new, by, at, step=new_steps.get(strategy.step_id) if strategy.step_id else None
        )
        for provision in strategy.provisions.filter(removed_at=None):
            costing = Costing.objects.filter(provision=provision.pk).first()
            provision.pk = None
            provision._state.adding = True
            provision.strategy, provision.created_by, provision.created_at, provision.version = (
                copied,
                by,
                at,
                1,
            )
            provision.id, provision.starts_on = Provision().id, None
            if old.setting_id != new.setting_id:
                provision.group = ""  # a group, and what an hour costs, are the other setting's own
            provision.save()
            if costing is not None and old.setting_id == new.setting_id:
                Costing.objects.create(
                    provision=provision, role=costing.role, resources=costing.resources,
                    resources_for=costing.resources_for, created_by=by, created_at=at,
                )  # fmt: skip


def _copy(item: Any, cycle: Cycle, by: User, at: datetime, **changes: Any) -> Any:
    """A copy of a cycle item in another cycle, which says where it came from."""
    kind: type[Need] | type[Measure] | type[Outcome] | type[NextStep] | type[Strategy] = type(item)
    kept = {f.attname: getattr(item, f.attname) for f in kind._meta.concrete_fields if not f.primary_key}
    kept |= {
        "cycle_id": cycle.pk,
        "carried_from_id": item.pk,
        "created_by_id": by.pk,
        "created_at": at,
        "version": 1,
    }
    copy = kind(**kept)
    for name, value in changes.items():
        setattr(copy, name, value)
    copy.save()
    return copy
