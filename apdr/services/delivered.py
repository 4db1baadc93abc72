"""Writing down what was delivered: one press for a whole group, and why something did not happen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from pupils import audit, policy
from pupils.enums import Section
from pupils.models import Pupil

from .. import states
from ..enums import Held, WhyMissed
from ..models import CycleStage, Delivered, Provision

#: So many are written down at once.
MOST = 100


@dataclass(frozen=True)
class Mark:
    """What is said of one provision of one day; `seen` is the number of the row that was read, 0 for none."""

    provision: UUID
    held: Held
    seen: int = 0
    minutes: int | None = None
    why: WhyMissed | str = ""
    words: str = ""


@transaction.atomic
def mark(*, on: date, marks: Iterable[Mark], by: User, at: datetime) -> list[Delivered]:
    """Write down what became of these provisions on a day, for whoever may write what helps of each pupil; all or none.

    Minutes that nobody gave are those planned. What is said already makes no second row, so that a form posted twice
    makes one; a change is a row with a higher number. Raises Http404 and NotThisSection as the policy does, and
    ValidationError by provision id where somebody wrote something else down meanwhile.
    """
    wanted = {one.provision: one for one in marks}
    if len(wanted) > MOST:
        raise ValidationError(_("Write down %(most)s at a time.") % {"most": MOST})
    if on > timezone.localdate(at):
        raise ValidationError({"on": _("Choose today or a day before it.")})
    found = (
        Provision.objects.select_for_update(of=("self",), no_key=True)
        .select_related("strategy__cycle__pupil")
        .order_by("pk")
    )
    live = {"removed_at": None, "strategy__removed_at": None, "strategy__cycle__closed_at": None}
    stage = (
        CycleStage.objects.filter(cycle=OuterRef("strategy__cycle")).order_by("-number").values("stage")[:1]
    )
    provisions: dict[UUID, Any] = {
        one.pk: one for one in found.filter(pk__in=wanted, **live).annotate(now=Subquery(stage))
    }
    if set(provisions) != set(wanted):
        raise Http404
    _require(provisions.values(), by, at)
    latest: dict[UUID, Delivered] = {}
    for row in Delivered.objects.filter(provision__in=wanted, on=on).order_by("number"):
        latest[row.provision_id] = row
    refused: dict[str, str] = {}
    made = []
    for pk, provision in provisions.items():
        one, before = wanted[pk], latest.get(pk)
        said = _said(one, provision)
        if before is not None and all(getattr(before, name) == value for name, value in said.items()):
            continue
        if before is None and one.held is Held.NOT_PLANNED:
            continue
        if (before.number if before else 0) != one.seen:
            assert before is not None
            refused[str(pk)] = _(
                "%(who)s wrote meanwhile: %(what)s. Look, and save again if it is wrong."
            ) % {
                "who": before.by.called,
                "what": before.get_held_display(),
            }
            continue
        if provision.now not in states.DURING["log_progress"]:
            refused[str(pk)] = _("This plan has not been shared and started yet.")
            continue
        if on < timezone.localdate(provision.strategy.cycle.opened_at):
            refused[str(pk)] = _("This plan was not started yet on that day.")
            continue
        row = Delivered(provision=provision, on=on, number=one.seen + 1, by=by, at=at, **said)
        try:
            row.full_clean()
        except ValidationError as error:
            refused[str(pk)] = " ".join(error.messages)
            continue
        made.append(row)
    if refused:
        raise ValidationError(refused)
    for row in made:
        row.save()
        pupil = row.provision.strategy.cycle.pupil
        audit.record(
            "delivery written down",
            by=by,
            at=at,
            pupil=pupil,
            section=Section.STRATEGIES,
            of=row,
            held=row.held,
        )
    return made


def _said(one: Mark, provision: Provision) -> dict[str, Any]:
    minutes = (one.minutes or provision.minutes) if one.held is Held.DONE else 0
    why = one.why if one.held is Held.MISSED else ""
    return {"held": one.held, "minutes": minutes, "why": why, "words": one.words.strip()}


def _require(provisions: Iterable[Provision], by: User, at: datetime) -> None:
    """Pass where `by` may write what helps of every pupil; else raise as the policy does for the first."""
    pupils: dict[UUID, Pupil] = {}
    for provision in provisions:
        pupils.setdefault(provision.strategy.cycle.pupil_id, provision.strategy.cycle.pupil)
    for sight in policy.sights(by, pupils.values(), at).values():
        policy.passed(sight, "write_strategies")
