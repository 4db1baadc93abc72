"""Home–school updates."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from apdr.enums import Perspective
from apdr.services.common import household_of, sent_before, speaks_as
from pupils import audit, policy
from pupils.enums import Section
from pupils.models import Household, Pupil

from .models import Update


@transaction.atomic
def write_update(
    *,
    pupil: Pupil,
    by: User,
    at: datetime,
    sent_key: UUID,
    words: str = "",
    good_thing: str = "",
    household: Household | None = None,
) -> Update:
    """Staff write to one household or (without one) to all; a parent carer writes from their own.

    The same form sent twice is one update. Raises ValidationError by field.
    """
    sight = policy.require(by, "write_update", pupil, at)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    perspective = speaks_as(sight, Section.UPDATES)
    if perspective is Perspective.PARENT:
        household = household_of(sight)
        if household is None:
            raise ValidationError("Ask the SENCO to write down which home you are in.")
    elif household is not None and not pupil.parent_carers.filter(household=household).exists():
        raise ValidationError({"household": "Choose a household of this family."})
    said: dict[str, Any] = {
        "pupil_id": pupil.pk,
        "household_id": household.pk if household else None,
        "words": words.strip(),
        "good_thing": good_thing.strip(),
    }
    before, sent_key = sent_before(Update, sent_key, by, said)
    if before is not None:
        return before
    if not (words.strip() or good_thing.strip()):
        raise ValidationError({"words": "Write something first."})
    row = Update(
        **said,
        perspective=perspective,
        by=by,
        on=timezone.localdate(at),
        at=at,
        sent_key=sent_key,
    )
    row.full_clean()
    row.save()
    audit.record("update written", by=by, at=at, pupil=pupil, section=Section.UPDATES, of=row)
    return row
