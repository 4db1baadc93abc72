"""Home–school updates."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from apdr.enums import Perspective
from apdr.models import Cycle, Proposal
from apdr.services.common import household_of, require_heard, sent_before, speaks_as
from apdr.services.family import propose_for
from pupils import audit, policy
from pupils.enums import Ground, Section
from pupils.errors import NotNow
from pupils.models import Household, Pupil

from . import photos
from .models import Photo, Update


def as_staff(sight: policy.Sight) -> bool:
    """Whether a person reads the thread as staff, and as nobody's family: what is for staff alone is for them."""
    grounds = sight.grounds(Section.UPDATES)
    teaches = Ground.TEACHES in grounds and Ground.PARENT not in grounds and not sight.family
    return Ground.COORDINATES in grounds or teaches


@transaction.atomic
def write_update(
    *,
    pupil: Pupil,
    by: User,
    at: datetime,
    sent_key: UUID,
    words: str = "",
    good_thing: str = "",
    worked: str = "",
    household: Household | None = None,
    sent: Sequence[photos.Sent] = (),
) -> Update:
    """Staff write to one household or (without one) to all; a parent carer writes from their own.

    `worked` is what worked at home, as the family has it; `sent` are its photos, all of them or none. The same form sent
    twice is one update. Raises ValidationError by field.
    """
    sight = policy.require(by, "write_update", pupil, at)
    ready = photos.make_ready(sent)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    perspective = speaks_as(sight, Section.UPDATES)
    if perspective is Perspective.PARENT:
        household = household_of(sight)
        if household is None:
            raise ValidationError(_("Ask the SENCO to write down which home you are in."))
    elif household is not None and not pupil.parent_carers.filter(household=household).exists():
        raise ValidationError({"household": _("Choose a household of this family.")})
    if worked.strip() and perspective not in (Perspective.PARENT, Perspective.CHILD):
        raise ValidationError({"worked": _("What worked at home is for the family to say.")})
    said: dict[str, Any] = {
        "pupil_id": pupil.pk,
        "household_id": household.pk if household else None,
        "words": words.strip(),
        "good_thing": good_thing.strip(),
        "worked": worked.strip(),
        "photo_digest": photos.digest_of(ready),
    }
    before, sent_key = sent_before(Update, sent_key, by, said)
    if before is not None:
        return before
    if not (said["words"] or said["good_thing"] or said["worked"]):
        raise ValidationError({"words": _("Write something first.")})
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
    add_photos(row, ready)
    audit.record("update written", by=by, at=at, pupil=pupil, section=Section.UPDATES, of=row)
    return row


def add_photos(update: Update, ready: Sequence[photos.Ready]) -> None:
    """The rows of photos, once everything else that can be refused was; each file is written before its row."""
    rows = [
        Photo(
            update=update,
            number=number,
            alt=one.alt,
            width=one.width,
            height=one.height,
            size=len(one.content),
        )
        for number, one in enumerate(ready, 1)
    ]
    for row in rows:
        row.full_clean(exclude=["update"])
    for row, one in zip(rows, ready, strict=True):
        row.pk = photos.keep(one)
        row.save(force_insert=True)


@transaction.atomic
def put_on_plan(*, update: Update, by: User, at: datetime) -> Proposal:
    """Make what worked at home a proposed home strategy of the plan, as said by whoever wrote it. Twice is once.

    Raises Http404 where these words do not reach whoever asks, NotThisSection where the plan is not theirs to work on,
    and NotNow where there is no plan, or it is at a stage that takes no proposal.
    """
    pupil = update.pupil
    sight = policy.require(by, "answer_proposal", pupil, at)
    require_heard(update, policy.passed(sight, "write_update"), Section.UPDATES)
    update = (
        Update.objects.select_for_update(of=("self",), no_key=True).select_related("by").get(pk=update.pk)
    )
    if update.proposal is not None:
        return update.proposal
    if not update.worked:
        raise NotNow(_("Nothing in this says what worked at home."))
    cycle = Cycle.objects.filter(pupil=pupil, closed_at=None).first()
    if cycle is None:
        raise NotNow(_("%(pupil)s has no open plan. Open one first.") % {"pupil": pupil.called})
    row = propose_for(
        cycle=cycle,
        said_by=update.by,
        perspective=Perspective(update.perspective),
        household=update.household,
        words=update.worked,
        sent_key=update.pk,
        by=by,
        at=at,
    )
    update.proposal = row
    update.save(update_fields=["proposal"])
    return row
