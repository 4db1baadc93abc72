"""What a setting knows of money: what an hour costs, how many weeks it is open, and what its streams give.

Every row holds from a day on and stays as it was: a later one changes nothing before its day, and to put one right is
another row for the same day. What an hour costs is the setting's alone.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Setting, User
from pupils import audit, policy
from pupils.enums import Section
from pupils.services import save_version

from ..enums import StreamKind, Unit
from ..models import Costing, OpenWeeks, Provision, StaffRate, StaffRole, StreamRate
from .common import begin


@transaction.atomic
def set_hourly(
    *, setting: Setting, name: str, hourly: Decimal, starts_on: date, by: User, at: datetime
) -> StaffRate:
    """What an hour of a role costs, in pounds, from a day on; a role of another name is a new one.

    The same again is no new row. Raises PermissionDenied, or ValidationError by field.
    """
    _require_senco(setting, by, at)
    called = " ".join(name.split())
    if not called:
        raise ValidationError({"name": _("Say who it is, such as teaching assistant.")})
    role = setting.staff_roles.filter(name__iexact=called).first()
    if role is None:
        role = StaffRole(setting=setting, name=called)
        role.full_clean()
        role.save()
    same = role.rates.filter(starts_on=starts_on).order_by("-at", "-pk").first()
    if same is not None and same.hourly == hourly:
        return same
    row = StaffRate(role=role, hourly=hourly, starts_on=starts_on, by=by, at=at)
    _save(row, "staff rate set", setting, by, at)
    return row


@transaction.atomic
def set_weeks(*, setting: Setting, weeks: int, starts_on: date, by: User, at: datetime) -> OpenWeeks:
    """In how many weeks of a year a setting is open, from a day on. The same again is no new row."""
    _require_senco(setting, by, at)
    same = setting.open_weeks.filter(starts_on=starts_on).order_by("-at", "-pk").first()
    if same is not None and same.weeks == weeks:
        return same
    row = OpenWeeks(setting=setting, weeks=weeks, starts_on=starts_on, by=by, at=at)
    _save(row, "open weeks set", setting, by, at)
    return row


@transaction.atomic
def set_stream_rate(
    *,
    setting: Setting,
    kind: StreamKind,
    amount: Decimal,
    unit: Unit,
    source: str,
    starts_on: date,
    by: User,
    at: datetime,
    band: str = "",
    most_hours: int | None = None,
    ends_on: date | None = None,
    checked_on: date | None = None,
) -> StreamRate:
    """What a kind of funding gives, in pounds, from a day on, as this setting found it. The same again is no new row.

    Raises PermissionDenied, or ValidationError by field.
    """
    _require_senco(setting, by, at)
    said: dict[str, Any] = {
        "kind": kind,
        "band": " ".join(band.split()),
        "amount": amount,
        "unit": unit,
        "most_hours": most_hours,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "source": source.strip(),
        "checked_on": checked_on,
    }
    if not said["source"]:
        raise ValidationError({"source": _("Say where this is written, so that somebody can look.")})
    if ends_on is not None and ends_on <= starts_on:
        raise ValidationError({"ends_on": _("Choose a day after the first.")})
    if most_hours is not None and unit != Unit.HOUR:
        raise ValidationError({"most_hours": _("Only an amount for an hour has hours.")})
    ways = {"kind": kind, "band": said["band"], "starts_on": starts_on}
    same = setting.stream_rates.filter(**ways).order_by("-at", "-pk").first()
    if same is not None and all(getattr(same, field) == value for field, value in said.items()):
        return same
    row = StreamRate(setting=setting, by=by, at=at, **said)
    _save(row, "funding rate set", setting, by, at)
    return row


def _require_senco(setting: Setting, by: User, at: datetime) -> None:
    """Pass for a SENCO of the setting, whose row is then held, so that two saves come one after the other."""
    if not policy.coordinates(by, setting, at):
        raise policy.PermissionDenied(_("Only a SENCO of this setting can do this."))
    Setting.objects.select_for_update(no_key=True).get(pk=setting.pk)


def _save(
    row: StaffRate | OpenWeeks | StreamRate, verb: str, setting: Setting, by: User, at: datetime
) -> None:
    row.full_clean()
    row.save()
    audit.record(verb, by=by, at=at, setting=setting, of=row)


@transaction.atomic
def cost(
    *,
    provision: Provision,
    role: StaffRole,
    resources: Decimal,
    by: User,
    at: datetime,
    resources_for: str = "",
    version: int = 0,
    key: UUID | None = None,
) -> Costing:
    """Say whose time a provision takes and what is bought for it, for the whole group, in pounds.

    `version` is the one that was read; 0 where there was none. Raises Stale, or ValidationError by field. Only of a
    setting that `by` coordinates: what an hour costs stays there when a pupil moves on.
    """
    cycle = provision.strategy.cycle
    begin(cycle=cycle, action="write_funding", act="write_funding", by=by, at=at)
    if not policy.coordinates(by, cycle.setting, at):
        raise policy.NotThisSection(cycle.pupil, Section.FUNDING)
    if role.setting_id != cycle.setting_id:
        raise ValidationError({"role": _("Choose one of your own staff rates.")})
    typed = {"role": role, "resources": resources, "resources_for": resources_for.strip()}
    row = Costing.objects.filter(provision=provision).first()
    if row is not None:
        if version == 0 and all(getattr(row, field) == value for field, value in typed.items()):
            return row
        changed = save_version(row, version, typed)
        if changed:
            _costed(row, by, at, changed)
        return row
    row = Costing(provision=provision, created_by=by, created_at=at, **typed, **({"pk": key} if key else {}))
    row.full_clean()
    row.save()
    _costed(row, by, at, sorted(typed))
    return row


def _costed(row: Costing, by: User, at: datetime, fields: list[str]) -> None:
    pupil = row.provision.strategy.cycle.pupil
    audit.record(
        "provision costed", by=by, at=at, pupil=pupil, section=Section.FUNDING, of=row, fields=fields
    )
