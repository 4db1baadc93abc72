"""Changes to pupils: who they are, where they are enrolled, and what they say of themselves.

Who stands near them is in `pupils.circle`.
"""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Setting, User
from accounts.pictures import Ready

from . import audit, overrides, policy, profile_pictures
from .dates import check_born, check_ehc, check_post16
from .enums import Ground, Relation, Section
from .errors import NotNow, Stale
from .models import (
    AuditEvent,
    Enrolment,
    Profile,
    ProfilePicture,
    Pupil,
    PupilGroupPermission,
    PupilNeedType,
    PupilUserPermission,
)

A_YEAR = timedelta(days=366)
PUPIL_FIELDS = [
    "given_name",
    "family_name",
    "known_as",
    "date_of_birth",
    "upn",
    "uln",
    "sen_provision",
    "ehc_plan_from",
    "ehc_reviewed_on",
    "home_language",
    "post16_from",
]


def save_version(row: models.Model, version: int, typed: dict[str, Any]) -> list[str]:
    """Save `typed` on a row with a version, if nobody saved it since `version`; give the changed field names.

    The check and the save are one conditional UPDATE. Raises Stale with the row as it is now, and
    ValidationError by field; a form that changes nothing saves nothing.
    """
    current = type(row)._default_manager.get(pk=row.pk)
    if current.version != version:  # type: ignore[attr-defined]
        raise Stale(current, typed)
    changed = [name for name, value in typed.items() if getattr(current, name) != value]
    if not changed:
        return []
    for name in changed:
        setattr(current, name, typed[name])
    current.full_clean()
    columns = {name: getattr(current, name) for name in changed}
    saved = (
        type(row)._default_manager.filter(pk=row.pk, version=version).update(**columns, version=version + 1)
    )
    if not saved:
        raise Stale(type(row)._default_manager.get(pk=row.pk), typed)
    row.refresh_from_db()
    return changed


@transaction.atomic
def create_pupil(
    *,
    setting: Setting,
    by: User,
    at: datetime,
    year_group: str = "",
    starts_on: date | None = None,
    key: UUID | None = None,
    **fields: Any,
) -> Pupil:
    """Take a new pupil into a setting, whose SENCO `by` is, with `key` as their id where a form brings one.

    The same form sent twice gives the first pupil; its key with somebody else's name is refused. Raises
    ValidationError by field.
    """
    if not policy.coordinates(by, setting, at):
        raise policy.PermissionDenied(_("Only a SENCO of this setting can add a pupil to it."))
    if key is not None:
        Setting.objects.select_for_update(no_key=True).get(pk=setting.pk)
        if before := Pupil.objects.filter(pk=key).first():
            theirs = AuditEvent.objects.filter(verb="pupil added", by=by, setting=setting, object_id=key)
            who = ("given_name", "family_name", "date_of_birth")
            if not theirs.exists() or any(getattr(before, name) != fields[name] for name in who):
                raise ValidationError(_("This form is out of date. Open the page again."))
            return before
    need_types = fields.pop("need_types", [])
    today = timezone.localdate(at)
    starts_on = starts_on or today
    _check_days(fields["date_of_birth"], fields.get("post16_from"), starts_on, today)
    _check_ehc(Pupil(**fields), today)
    pupil = Pupil(**fields, **({"pk": key} if key else {}))
    pupil.full_clean()
    pupil.save()
    enrolment = Enrolment(pupil=pupil, setting=setting, year_group=year_group, starts_on=starts_on)
    enrolment.full_clean()
    enrolment.save()
    PupilNeedType.objects.bulk_create(
        PupilNeedType(pupil=pupil, type=kind, rank=rank) for rank, kind in enumerate(need_types, start=1)
    )
    audit.record("pupil added", by=by, at=at, pupil=pupil, setting=setting, section=Section.PROFILE, of=pupil)
    return pupil


@transaction.atomic
def edit_pupil(*, pupil: Pupil, version: int, by: User, at: datetime, **fields: Any) -> Pupil:
    """Change who a pupil is. Raises Stale or ValidationError by field."""
    policy.require(by, "edit_pupil", pupil, at)
    first = pupil.enrolments.aggregate(n=Min("starts_on"))["n"]
    _check_days(
        fields.get("date_of_birth", pupil.date_of_birth),
        fields.get("post16_from", pupil.post16_from),
        first,
        timezone.localdate(at),
    )
    typed = {name: fields[name] for name in PUPIL_FIELDS if name in fields}
    if typed.keys() & {"date_of_birth", "ehc_plan_from", "ehc_reviewed_on"}:
        now = Pupil.objects.get(pk=pupil.pk)
        for name, value in typed.items():
            setattr(now, name, value)
        _check_ehc(now, timezone.localdate(at))
    changed = save_version(pupil, version, typed)
    if changed:
        audit.record(
            "pupil changed", by=by, at=at, pupil=pupil, section=Section.PROFILE, of=pupil, fields=changed
        )
    return pupil


def _check_days(born: date, post16_from: date | None, starts_on: date | None, today: date) -> None:
    """Refuse days that no pupil has, each at its field."""
    errors: dict[str, Any] = {}
    try:
        check_born(born, today)
    except ValidationError as refused:
        errors["date_of_birth"] = refused
    else:
        if starts_on is not None and starts_on < born:
            errors["date_of_birth"] = _("They cannot start here before they were born. Check the year.")
    if starts_on is not None and starts_on > today + A_YEAR:
        errors["starts_on"] = _("Choose a first day within a year.")
    if post16_from is not None and not errors:
        try:
            check_post16(post16_from, born)
        except ValidationError as refused:
            errors["post16_from"] = refused
    if errors:
        raise ValidationError(errors)


def _check_ehc(pupil: Pupil, today: date) -> None:
    wrong = check_ehc(pupil.ehc_plan_from, pupil.ehc_reviewed_on, pupil.date_of_birth, today)
    if wrong:
        raise ValidationError(wrong)  # type: ignore[arg-type]


@transaction.atomic
def move(*, pupil: Pupil, to: Setting | None, on: date, by: User, at: datetime, year_group: str = "") -> None:
    """End a pupil's time in their setting on a day and, where `to` is given, start it in the next the same day.

    `to` is another setting whose SENCO `by` is: nobody puts a pupil into a setting that is not theirs.

    Classes and single key adults of the old setting end with it, so that nobody stands near again when the pupil
    comes back one day, or because they work in both; and so do safeguarding disclosures to whoever works there.
    """
    policy.require(by, "edit_pupil", pupil, at)
    current = Enrolment.objects.select_for_update().filter(pupil=pupil, ends_on=None).first()
    if current is None or current.starts_on > timezone.localdate(at):
        raise NotNow(_("A day on which this pupil moves is written down already."))
    if to is not None and to.pk == current.setting_id:
        raise ValidationError({"to": _("They are there already.")})
    if to is not None and not policy.coordinates(by, to, at):
        raise ValidationError({"to": _("Choose a setting whose SENCO you are.")})
    if on < current.starts_on:
        raise ValidationError({"on": _("They cannot leave before they started.")})
    if on < timezone.localdate(at):
        raise ValidationError({"on": _("Choose today or a later day.")})
    if on > timezone.localdate(at) + A_YEAR:
        raise ValidationError({"on": _("Choose a day within a year.")})
    current.ends_on = on
    current.save()
    ends_at = max(at, timezone.make_aware(datetime.combine(on, time())))
    for table in (PupilGroupPermission, PupilUserPermission):
        table.objects.filter(
            Q(ends_at=None) | Q(ends_at__gt=ends_at),
            content_object=pupil,
            permission__codename=Relation.KEY_ADULT,
            starts_at__lte=ends_at,
        ).update(ends_at=ends_at)
    if to is not None:
        Enrolment.objects.create(pupil=pupil, setting=to, year_group=year_group, starts_on=on)
    overrides.moved(pupil=pupil, by=by, at=at, on=ends_at)
    audit.record(
        "pupil moved", by=by, at=at, pupil=pupil, setting=current.setting, of=current, on=on.isoformat()
    )


@transaction.atomic
def write_profile(
    *,
    pupil: Pupil,
    number: int,
    by: User,
    at: datetime,
    picture: bytes | None = None,
    picture_alt: str = "",
    chosen: bool = False,
    no_picture: bool = False,
    **words: str,
) -> Profile:
    """Write the next version of a one-page profile; `number` is the version it was written over (0 for none).

    A `picture` is a file as it was sent, `chosen` that the child chose it; without one, that of the version before
    stays, unless `no_picture`. Raises Stale when somebody wrote one meanwhile, and ValidationError by field.
    """
    sight = policy.require(by, "write_profile", pupil, at)
    ready = profile_pictures.make_ready(picture, "picture") if picture else None
    if ready is not None and not picture_alt.strip():
        raise ValidationError({"picture_alt": _("Say what can be seen in it, for those who cannot see it.")})
    if ready is not None and not chosen and Ground.OWN not in sight.grounds(Section.PROFILE):
        raise ValidationError({"chosen": _("Ask them first: a picture is there only if they chose it.")})
    Pupil.objects.select_for_update().get(pk=pupil.pk)
    before = pupil.profiles.first()
    if (before.number if before else 0) != number:
        raise Stale(before, words)
    profile = Profile(pupil=pupil, number=number + 1, written_by=by, written_at=at, **words)
    if ready is None and before is not None and not no_picture:
        profile.picture_id = before.picture_id
    profile.full_clean()
    if ready is not None:
        profile.picture = _add_picture(pupil, ready, picture_alt, by, at)
    profile.save()
    audit.record("profile written", by=by, at=at, pupil=pupil, section=Section.PROFILE, of=profile)
    return profile


def _add_picture(pupil: Pupil, ready: Ready, alt: str, by: User, at: datetime) -> ProfilePicture:
    """The row of a picture, once everything else that can be refused was; its file is written first."""
    row = ProfilePicture(
        pupil=pupil,
        alt=alt.strip(),
        width=ready.width,
        height=ready.height,
        size=len(ready.content),
        digest=ready.digest,
        by=by,
        at=at,
    )
    row.full_clean(exclude=["pupil", "by"])
    row.pk = profile_pictures.keep(ready)
    row.save(force_insert=True)
    return row


@transaction.atomic
def reveal_upn(*, pupil: Pupil, by: User, at: datetime) -> str:
    """A pupil's UPN, a blind number: writes that it was revealed."""
    policy.require(by, "reveal_upn", pupil, at)
    audit.record("UPN revealed", by=by, at=at, pupil=pupil, section=Section.PROFILE, of=pupil)
    return pupil.upn
