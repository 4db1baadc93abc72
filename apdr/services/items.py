"""Writing the parts of a cycle: needs, measures, outcomes, next steps, strategies and provision."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from pupils import audit, policy
from pupils.enums import Ground, Section
from pupils.errors import NotNow
from pupils.services import save_version

from ..enums import ScaleKind
from ..models import Cycle, Measure, Need, NextStep, Outcome, Provision, Strategy
from .common import begin, made_before
from .scales import check_level

Item = Need | Measure | Outcome | NextStep | Strategy | Provision
I = TypeVar("I", Need, Measure, Outcome, NextStep, Strategy, Provision)  # noqa: E741


@dataclass(frozen=True)
class Rule:
    """The action and the act that writing a kind of item is, and the section it lies in."""

    action: str
    act: str
    section: Section
    fields: frozenset[str]


RULES: dict[type[models.Model], Rule] = {
    Need: Rule(
        "write_needs",
        "write_needs",
        Section.NEEDS,
        frozenset({"kind", "area", "words", "evidence", "source", "source_name", "position"}),
    ),
    Measure: Rule(
        "write_needs",
        "measure",
        Section.NEEDS,
        frozenset({"name", "unit", "entry", "entry_on", "exit", "exit_on", "need", "position"}),
    ),
    Outcome: Rule(
        "write_plan", "write_plan", Section.PLAN, frozenset({"words", "why", "area", "by_when", "position"})
    ),
    NextStep: Rule(
        "write_plan",
        "write_plan",
        Section.PLAN,
        frozenset(
            {
                "outcome",
                "words",
                "child_words",
                "criterion",
                "baseline",
                "baseline_value",
                "scale",
                "goal_levels",
                "owner",
                "owner_name",
                "by_when",
                "status",
                "picture",
                "position",
            }
        ),
    ),
    Strategy: Rule(
        "write_strategies",
        "write_strategies",
        Section.STRATEGIES,
        frozenset(
            {
                "place",
                "words",
                "how",
                "step",
                "proposed_by_name",
                "perspective",
                "works_best",
                "position",
                "library",
            }
        ),
    ),
    Provision: Rule(
        "write_strategies",
        "write_strategies",
        Section.STRATEGIES,
        frozenset(
            {
                "strategy",
                "who",
                "where",
                "times_a_week",
                "minutes",
                "group_size",
                "weeks",
                "starts_on",
                "group",
            }
        ),
    ),
}


def cycle_of(item: Item) -> Cycle:
    return item.strategy.cycle if isinstance(item, Provision) else item.cycle


@transaction.atomic
def add(
    model: type[I], /, *, cycle: Cycle, by: User, at: datetime, key: UUID | None = None, **fields: Any
) -> I:
    """Write a new item on a cycle's draft, with `key` as its id where a form brings one.

    The same form sent twice gives the first item. Raises NotNow, or ValidationError by field.
    """
    rule = RULES[model]
    begin(cycle=cycle, action=rule.action, act=rule.act, by=by, at=at)
    _refuse_unknown(rule, fields)
    same = {"strategy": fields.get("strategy")} if model is Provision else {"cycle": cycle}
    before = made_before(model, key, created_by=by, **same)
    if before is not None:
        return before
    item = model(**fields, created_by=by, created_at=at, **({"pk": key} if key else {}))
    if not isinstance(item, Provision):
        item.cycle = cycle
    if isinstance(item, Strategy):
        item.proposed_by = by if not item.proposed_by_name else None
    _check(item, cycle)
    _check_owner(fields, cycle, at)
    _check_by_when(fields.get("by_when"), at)
    item.save()
    audit.record(
        f"{model._meta.verbose_name} added", by=by, at=at, pupil=cycle.pupil, section=rule.section, of=item
    )
    return item


@transaction.atomic
def edit(item: I, /, *, version: int, by: User, at: datetime, **fields: Any) -> I:
    """Change an item of a draft. Raises Stale, NotNow, or ValidationError by field."""
    rule, cycle = RULES[type(item)], cycle_of(item)
    begin(cycle=cycle, action=rule.action, act=rule.act, by=by, at=at)
    _refuse_gone(item)
    _refuse_unknown(rule, fields)
    for name, value in fields.items():
        setattr(item, name, value)
    _check(item, cycle)
    _check_owner(fields, cycle, at)
    changed = save_version(item, version, fields)
    if "by_when" in changed:
        _check_by_when(fields["by_when"], at)
    if changed:
        audit.record(
            f"{item._meta.verbose_name} changed",
            by=by,
            at=at,
            pupil=cycle.pupil,
            section=rule.section,
            of=item,
            fields=changed,
        )
    return item


@transaction.atomic
def remove(item: I, /, *, version: int, by: User, at: datetime) -> None:
    """Take an item off the draft; it stays in the record and in every version shared before.

    An outcome takes its steps with it. Raises Stale or NotNow.
    """
    rule, cycle = RULES[type(item)], cycle_of(item)
    begin(cycle=cycle, action=rule.action, act=rule.act, by=by, at=at)
    _refuse_gone(item)
    save_version(item, version, {"removed_at": at})
    if isinstance(item, Outcome):
        item.steps.filter(removed_at=None).update(removed_at=at, version=models.F("version") + 1)
    if isinstance(item, Strategy):
        item.provisions.filter(removed_at=None).update(removed_at=at, version=models.F("version") + 1)
    audit.record(
        f"{item._meta.verbose_name} taken off", by=by, at=at, pupil=cycle.pupil, section=rule.section, of=item
    )


def _refuse_gone(item: Item) -> None:
    if not type(item)._default_manager.filter(pk=item.pk, removed_at=None).exists():
        raise NotNow(_("Somebody has taken this off the draft. Copy your words if you still need them."))


def _refuse_unknown(rule: Rule, fields: dict[str, Any]) -> None:
    unknown = set(fields) - rule.fields
    if unknown:
        raise TypeError(f"not written this way: {sorted(unknown)}")


def _check(item: Item, cycle: Cycle) -> None:
    """Refuse what belongs to another cycle, pupil or setting, and levels that are not on the scale."""
    errors: dict[str, str] = {}
    for name in ("outcome", "step", "need", "strategy"):
        other = getattr(item, name, None)
        if other is not None and (other.cycle_id != cycle.pk or other.removed_at is not None):
            errors[name] = _("Choose one from this plan.")
    if isinstance(item, Strategy) and item.library is not None:
        gone = item._state.adding and item.library.retired_at is not None
        if gone or item.library.setting_id != cycle.setting_id:
            errors["library"] = _("Choose one from the library of this setting.")
    if isinstance(item, NextStep) and item.scale_id:
        if item.scale.scale.setting_id != cycle.setting_id:
            errors["scale"] = _("Choose one of your own scales.")
        elif item.scale.scale.kind == ScaleKind.GOAL and not item.goal_levels:
            errors["goal_levels"] = _("Write the five levels before you start.")
        else:
            try:
                check_level(item.scale, item.baseline_value)
            except ValidationError:
                errors["baseline_value"] = _("Choose one of the levels of this scale.")
    if isinstance(item, NextStep) and not item.owner_id and not item.owner_name:
        errors["owner_name"] = _("Say who looks after this step.")
    if isinstance(item, Measure):
        for which in ("entry", "exit"):
            value, on = getattr(item, which), getattr(item, f"{which}_on")
            if (value is None) != (on is None):
                errors[f"{which}_on" if on is None else which] = _(
                    "A measure needs both its number and its day."
                )
    if errors:
        raise ValidationError(errors)
    item.full_clean()


def _check_owner(fields: dict[str, Any], cycle: Cycle, at: datetime) -> None:
    """Refuse to give a step to somebody who does not see the plan as staff."""
    owner = fields.get("owner")
    if owner is None:
        return
    staff = {Ground.COORDINATES, Ground.TEACHES}
    if not policy.why(owner, cycle.pupil, at).grounds(Section.PLAN) & staff:
        raise ValidationError({"owner": _("Choose somebody who works with this plan, or write a name.")})


def _check_by_when(day: date | None, at: datetime) -> None:
    """Refuse a new day by which something shall be reached that is over already."""
    if day is not None and day < timezone.localdate(at):
        raise ValidationError({"by_when": _("This day is over. Choose a day to come.")})
