"""Changes to a setting that its SENCO makes: its policies and its terms. Classes are in `pupils.circle`."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Setting, Term, User

from . import audit, policy
from .services import save_version

POLICIES = [
    "name",
    "urn",
    "laestab",
    "ukprn",
    "ofsted_urn",
    "control_trigger",
    "working_view_before_post16",
    "working_view_in_post16",
    "parents_keep_versions",
    "capacity_needs_medical",
    "review_every_weeks",
]


def require_senco(by: User, setting: Setting, at: datetime) -> None:
    """Pass, or raise PermissionDenied."""
    if not policy.coordinates(by, setting, at):
        raise PermissionDenied(_("Only a SENCO of this setting can do this."))


@transaction.atomic
def edit_setting(*, setting: Setting, version: int, by: User, at: datetime, **fields: Any) -> None:
    """Change who a setting is or its policies; a policy counts from the next request on.

    Raises Stale or ValidationError by field.
    """
    require_senco(by, setting, at)
    if not 1 <= fields.get("review_every_weeks", setting.review_every_weeks) <= 52:
        raise ValidationError({"review_every_weeks": _("Choose a number of weeks from 1 to 52.")})
    changed = save_version(setting, version, {name: fields[name] for name in POLICIES if name in fields})
    if changed:
        audit.record("setting changed", by=by, at=at, setting=setting, of=setting, fields=changed)


@transaction.atomic
def add_term(
    *,
    setting: Setting,
    name: str,
    starts_on: date,
    ends_on: date,
    by: User,
    at: datetime,
    half_term_from: date | None = None,
    half_term_until: date | None = None,
) -> Term:
    """A term on [starts_on, ends_on). Terms of a setting do not overlap. Raises ValidationError by field."""
    require_senco(by, setting, at)
    if ends_on <= starts_on:
        raise ValidationError({"ends_on": _("The first day after the term comes later than its first day.")})
    if (half_term_from is None) != (half_term_until is None):
        raise ValidationError({"half_term_until": _("Give both days of half term, or neither.")})
    if half_term_from and half_term_until and not starts_on <= half_term_from < half_term_until <= ends_on:
        raise ValidationError({"half_term_from": _("Half term lies inside its term.")})
    if setting.terms.filter(starts_on__lt=ends_on, ends_on__gt=starts_on).exists():
        raise ValidationError({"starts_on": _("Another term has some of these days.")})
    term = Term(
        setting=setting,
        name=name,
        starts_on=starts_on,
        ends_on=ends_on,
        half_term_from=half_term_from,
        half_term_until=half_term_until,
    )
    term.full_clean()
    term.save()
    audit.record("term added", by=by, at=at, setting=setting, of=term)
    return term


@transaction.atomic
def remove_term(*, term: Term, by: User, at: datetime) -> None:
    require_senco(by, term.setting, at)
    audit.record("term removed", by=by, at=at, setting=term.setting, of=term)
    term.delete()
