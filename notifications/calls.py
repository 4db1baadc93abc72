"""What is too serious for a message: a home is to be rung, until it was. For staff alone."""

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from apdr.services.common import sent_before
from pupils import audit, policy
from pupils.enums import Section
from pupils.errors import NotNow
from pupils.models import Household, Pupil

from .models import Call
from .services import as_staff


@transaction.atomic
def need_call(
    *,
    pupil: Pupil,
    by: User,
    at: datetime,
    sent_key: UUID,
    words: str = "",
    household: Household | None = None,
) -> Call:
    """Write down that a home (without one: every home) is to be rung; nothing is sent. Twice is once."""
    sight = policy.require(by, "write_update", pupil, at)
    if not as_staff(sight):
        raise policy.NotThisSection(pupil)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    if household is not None and not pupil.parent_carers.filter(household=household).exists():
        raise ValidationError({"household": _("Choose a household of this family.")})
    said = {
        "pupil_id": pupil.pk,
        "household_id": household.pk if household else None,
        "words": words.strip(),
    }
    before, sent_key = sent_before(Call, sent_key, by, said)
    if before is not None:
        return before
    row = Call(**said, by=by, at=at, sent_key=sent_key)
    row.full_clean()
    row.save()
    audit.record("call needed", by=by, at=at, pupil=pupil, section=Section.UPDATES, of=row)
    return row


@transaction.atomic
def rang(*, call: Call, by: User, at: datetime, on: date, outcome: str) -> Call:
    """Write down when a home was rung and how it went. The same again changes nothing.

    Raises NotNow where it was written down otherwise, and ValidationError by field.
    """
    sight = policy.require(by, "write_update", call.pupil, at)
    if not as_staff(sight):
        raise Http404
    row = Call.objects.select_for_update().get(pk=call.pk)
    if row.rang_at is not None:
        if (row.rang_by_id, row.rang_on, row.outcome) == (by.pk, on, outcome.strip()):
            return row
        raise NotNow(_("Somebody has written down already how this call went."))
    if on > timezone.localdate(at):
        raise ValidationError({"on": _("The day of the call cannot be in the future")})
    if on < timezone.localdate(row.at):
        raise ValidationError({"on": _("The day cannot be before you wrote that a call is needed")})
    if not outcome.strip():
        raise ValidationError({"outcome": _("Say how it went")})
    row.rang_on, row.outcome, row.rang_by, row.rang_at = on, outcome.strip(), by, at
    row.full_clean()
    row.save()
    audit.record("call made", by=by, at=at, pupil=call.pupil, section=Section.UPDATES, of=row)
    return row
