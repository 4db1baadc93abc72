"""Recording where money for a pupil comes from, and what of it is planned and used, in pounds."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import Setting, User
from pupils import audit, policy
from pupils.enums import Section
from pupils.models import Pupil
from pupils.services import save_version

from ..eligible import streams_for
from ..enums import StreamKind
from ..models import Allocation, FundingStream, FundingUse, Strategy
from .common import made_before


@transaction.atomic
def add_stream(*, setting: Setting, kind: StreamKind, name: str, by: User, at: datetime) -> FundingStream:
    """A stream of a setting, whose SENCO `by` is. Raises ValidationError for a name that another stream has."""
    if not policy.coordinates(by, setting, at):
        raise policy.PermissionDenied(_("Only a SENCO of this setting can do this."))
    Setting.objects.select_for_update(no_key=True).get(pk=setting.pk)
    if setting.streams.filter(name=name, retired_at=None).exists():
        raise ValidationError({"name": _("There is a stream with this name already.")})
    if kind not in streams_for(setting.phase):
        raise ValidationError({"kind": _("A setting like yours has no funding of this kind.")})
    stream = FundingStream(setting=setting, kind=kind, name=name)
    stream.full_clean()
    stream.save()
    audit.record("funding stream added", by=by, at=at, setting=setting, of=stream)
    return stream


@transaction.atomic
def allocate(
    *,
    pupil: Pupil,
    stream: FundingStream,
    amount: Decimal,
    purpose: str,
    starts_on: date,
    ends_on: date,
    by: User,
    at: datetime,
    difference: str = "",
    key: UUID | None = None,
) -> Allocation:
    """An amount for one pupil from a stream of the setting that `by` coordinates; the same form twice makes one."""
    policy.require(by, "write_funding", pupil, at)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    before = made_before(Allocation, key, created_by=by, pupil=pupil)
    if before is not None:
        return before
    if not policy.coordinates(by, stream.setting, at):
        raise ValidationError({"stream": _("Choose one of your own streams.")})
    if ends_on <= starts_on:
        raise ValidationError({"ends_on": _("Choose a day after the first.")})
    row = Allocation(
        pupil=pupil,
        stream=stream,
        amount=amount,
        purpose=purpose,
        difference=difference,
        starts_on=starts_on,
        ends_on=ends_on,
        created_by=by,
        created_at=at,
        **({"pk": key} if key else {}),
    )
    row.full_clean()
    row.save()
    audit.record("funding allocated", by=by, at=at, pupil=pupil, section=Section.FUNDING, of=row)
    return row


@transaction.atomic
def edit_allocation(*, allocation: Allocation, version: int, by: User, at: datetime, **fields: Any) -> None:
    """Change an amount, what it is for or its days. Raises Stale, or ValidationError by field.

    Its stream stays: money from elsewhere is another allocation.
    """
    policy.require(by, "write_funding", allocation.pupil, at)
    held = _held(allocation.pk)
    planned = held.uses.aggregate(n=Sum("planned"))["n"] or Decimal(0)
    if fields.get("amount", held.amount) < planned:
        raise ValidationError(
            {
                "amount": _("£%(planned)s of this is planned already. Change that first.")
                % {"planned": f"{planned:,.2f}"}
            }
        )
    if fields.get("ends_on", held.ends_on) <= fields.get("starts_on", held.starts_on):
        raise ValidationError({"ends_on": _("Choose a day after the first.")})
    changed = save_version(allocation, version, fields)
    if changed:
        audit.record(
            "funding allocation changed",
            by=by,
            at=at,
            pupil=allocation.pupil,
            section=Section.FUNDING,
            of=allocation,
            fields=changed,
        )


@transaction.atomic
def plan_use(
    *,
    allocation: Allocation,
    strategy: Strategy,
    planned: Decimal,
    by: User,
    at: datetime,
    used: Decimal | None = None,
    note: str = "",
    key: UUID | None = None,
) -> FundingUse:
    """Plan a part of an allocation for a strategy of the same pupil; together never more than the allocation."""
    policy.require(by, "write_funding", allocation.pupil, at)
    allocation = _held(allocation.pk)
    before = made_before(FundingUse, key, created_by=by, allocation=allocation)
    if before is not None:
        return before
    if strategy.cycle.pupil_id != allocation.pupil_id or strategy.removed_at is not None:
        raise ValidationError({"strategy": _("Choose a strategy from this plan.")})
    if allocation.uses.filter(strategy=strategy).exists():
        raise ValidationError(
            {"strategy": _("This money is planned for it already. Change what is planned.")}
        )
    _check_within(allocation, planned, None)
    row = FundingUse(
        allocation=allocation,
        strategy=strategy,
        planned=planned,
        used=used,
        note=note,
        created_by=by,
        created_at=at,
        **({"pk": key} if key else {}),
    )
    row.full_clean()
    row.save()
    audit.record("funding use planned", by=by, at=at, pupil=allocation.pupil, section=Section.FUNDING, of=row)
    return row


@transaction.atomic
def edit_use(*, use: FundingUse, version: int, by: User, at: datetime, **fields: Any) -> None:
    """Change what is planned or used, or the note. Raises Stale or ValidationError by field."""
    policy.require(by, "write_funding", use.allocation.pupil, at)
    _check_within(_held(use.allocation_id), fields.get("planned", use.planned), use)
    changed = save_version(use, version, fields)
    if changed:
        audit.record(
            "funding use changed",
            by=by,
            at=at,
            pupil=use.allocation.pupil,
            section=Section.FUNDING,
            of=use,
            fields=changed,
        )


def _held(allocation_id: UUID) -> Allocation:
    """An allocation as it is now, held until the transaction ends."""
    return Allocation.objects.select_for_update(of=("self",)).select_related("pupil").get(pk=allocation_id)


def _check_within(allocation: Allocation, planned: Decimal, apart_from: FundingUse | None) -> None:
    others = allocation.uses.exclude(pk=apart_from.pk if apart_from else None)
    left = allocation.amount - (others.aggregate(n=Sum("planned"))["n"] or Decimal(0))
    if planned > left:
        raise ValidationError(
            {"planned": _("There is £%(left)s left of this allocation.") % {"left": f"{left:,.2f}"}}
        )
