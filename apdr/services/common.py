"""What every change to a cycle begins with."""

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from pupils import policy
from pupils.enums import Ground, Section
from pupils.models import Household

from .. import states
from ..enums import Perspective, ProposalKind, Stage
from ..models import Cycle, CycleStage, Proposal


def stage_of(cycle: Cycle) -> Stage:
    """The stage a cycle is in: its latest row."""
    latest = CycleStage.objects.filter(cycle=cycle).order_by("-number").first()
    if latest is None:
        raise ValueError("A cycle has a stage from the moment it is opened.")
    return Stage(latest.stage)


def begin(*, cycle: Cycle, action: str, act: str, by: User, at: datetime) -> policy.Sight:
    """Ask the policy, hold the cycle until the transaction ends, and ask whether it is in a state for `act`.

    Raises Http404, NotThisSection or NotNow. Runs inside the caller's transaction.
    """
    sight = policy.require(by, action, cycle.pupil, at)
    Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
    states.require(act, stage_of(cycle))
    return sight


def speaks_as(sight: policy.Sight, section: Section) -> Perspective:
    """From which perspective a person's words in a section are heard: on their strongest ground."""
    match sight.reasons[section][0].ground:
        case Ground.OWN:
            return Perspective.CHILD
        case Ground.PARENT:
            return Perspective.PARENT
        case Ground.COORDINATES | Ground.TEACHES:
            return Perspective.STAFF
        case _:
            return Perspective.PROFESSIONAL


def household_of(sight: policy.Sight) -> Household | None:
    """The household that a parent carer of this pupil speaks from; None for everybody else."""
    return Household.objects.filter(
        parent_carers__pupil=sight.pupil, parent_carers__person=sight.person
    ).first()


M = TypeVar("M", bound=models.Model)


def require_heard(row: models.Model, sight: policy.Sight, section: Section) -> None:
    """Pass where the person hears whoever's words these are; raise Http404 where they do not.

    A teacher who is also a parent carer of the child hears no other household, here either.
    """
    if not type(row)._default_manager.filter(sight.heard(section), pk=row.pk).exists():
        raise Http404


def views_heard(sight: policy.Sight) -> Q:
    """Which views a person who may see views hears: of themselves all, whoever wrote it down."""
    heard = sight.heard(Section.VIEWS, by="said_by", audience=True)
    if Ground.OWN in sight.grounds(Section.VIEWS):
        heard |= Q(perspective=Perspective.CHILD)
    return heard


def proposals_heard(sight: policy.Sight) -> Q:
    """Which ideas a person reads: of what helps only where what helps is open to them, or the idea is their own."""
    both = sight.heard(Section.PLAN)
    for one in sight.eyes:
        if not one.sees(Section.STRATEGIES):
            both &= Q(kind=ProposalKind.STEP) | Q(by=one.person.pk)
    return both


def require_proposal(row: Proposal, sight: policy.Sight) -> None:
    """Pass where a person reads this idea; raise Http404 where they do not."""
    if not Proposal.objects.filter(proposals_heard(sight), pk=row.pk).exists():
        raise Http404


def sent_before(
    model: type[M], sent_key: UUID, by: User, said: dict[str, Any], wrote: str = "by_id"
) -> tuple[M | None, UUID]:
    """The row that this very form made already, so that a form posted twice makes one row; and the key of the row.

    Whoever goes back and sends the form again with something else in `said`, or after taking the first row back, has
    said something new: that has a key of its own, which again is the same for the same words.
    Raises ValidationError when the key is somebody else's.
    """
    rows = model._default_manager
    row = rows.filter(sent_key=sent_key).first()
    if row is None:
        return None, sent_key
    if getattr(row, wrote) != by.pk:
        raise ValidationError(_("This form is out of date. Open the page again."))
    same = all(getattr(row, name) == value for name, value in said.items())
    if same and getattr(row, "withdrawn_at", None) is None:
        return row, sent_key
    return sent_before(model, uuid5(sent_key, "\n".join(map(str, said.values()))), by, said, wrote)


def made_before(model: type[M], key: UUID | None, **same: Any) -> M | None:
    """The row with this id that the very same form made already, so that a form posted twice makes one row.

    Raises ValidationError when a row with this id differs in `same`: it is somebody else's, or about something else.
    """
    row = model._default_manager.filter(pk=key).first() if key is not None else None
    if row is not None and any(getattr(row, name) != value for name, value in same.items()):
        raise ValidationError(_("This form is out of date. Open the page again."))
    return row
