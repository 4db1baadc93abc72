"""Asking to talk privately, with times that suit, and answering with a time and how."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from apdr.enums import Perspective
from apdr.services.common import household_of, sent_before, speaks_as
from pupils import audit, policy
from pupils.enums import Ground, Section
from pupils.errors import NotNow
from pupils.models import Pupil

from .enums_updates import HowWeTalk, Suits
from .models import Talk
from .services import as_staff


def heard(sight: policy.Sight) -> Q:
    """Which talks this person reads of: a SENCO all, who was asked for their own, a family those of its own home.

    Nobody reads them through somebody else's eyes.
    """
    grounds = sight.grounds(Section.UPDATES)
    if sight.looker is not None or not grounds:
        return Q(pk=None)
    if Ground.COORDINATES in grounds:
        return Q()
    mine = Q(by=sight.person.pk)
    if as_staff(sight):
        mine |= Q(to=sight.person.pk)
    if Ground.PARENT in grounds:
        mine |= Q(household__in=sight.person.children.filter(pupil=sight.pupil).values("household"))
    return mine


def answers(sight: policy.Sight, talk: Talk) -> bool:
    """Whether it is this person's to answer: whom they asked for, or the SENCO; never who asked."""
    coordinates = Ground.COORDINATES in sight.grounds(Section.UPDATES)
    return (
        as_staff(sight) and sight.person.pk != talk.by_id and (coordinates or talk.to_id == sight.person.pk)
    )


def may_ask(sight: policy.Sight) -> bool:
    """Whether this person may ask to talk: as family, or as the young person."""
    family = (Perspective.PARENT, Perspective.CHILD)
    return sight.may("write_update") and speaks_as(sight, Section.UPDATES) in family


def adults(sight: policy.Sight) -> list[User]:
    """Whom somebody can ask for by name besides the SENCO: the staff who read this part. 2 queries."""
    people = policy.told_of(policy.people_for(sight.pupil, Section.UPDATES, sight.at), sight)
    return [person for person, reason in people if reason.ground is Ground.TEACHES and person != sight.person]


@transaction.atomic
def ask(
    *,
    pupil: Pupil,
    by: User,
    at: datetime,
    sent_key: UUID,
    suits: Iterable[str] = (),
    times: str = "",
    reason: str = "",
    to: User | None = None,
) -> Talk:
    """A parent carer or the young person asks to talk, with the SENCO or with `to`. Twice is once."""
    sight = policy.require(by, "write_update", pupil, at)
    if not may_ask(sight):
        raise policy.NotThisSection(pupil)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    perspective = speaks_as(sight, Section.UPDATES)
    household = household_of(sight) if perspective is Perspective.PARENT else None
    if perspective is Perspective.PARENT and household is None:
        raise ValidationError(_("Ask the SENCO to write down which home you are in."))
    if to is not None and to not in adults(sight):
        raise ValidationError({"to": _("Choose somebody from the list")})
    asked = set(suits)
    said: dict[str, Any] = {
        "pupil_id": pupil.pk,
        "to_id": to.pk if to else None,
        "suits": [one.value for one in Suits if one in asked],
        "times": times.strip(),
        "reason": reason.strip(),
    }
    before, sent_key = sent_before(Talk, sent_key, by, said)
    if before is not None:
        return before
    if not (said["suits"] or said["times"]):
        raise ValidationError({"suits": _("Tick when it suits you, or write other times")})
    row = Talk(**said, by=by, perspective=perspective, household=household, at=at, sent_key=sent_key)
    row.full_clean()
    row.save()
    audit.record("talk asked for", by=by, at=at, pupil=pupil, section=Section.UPDATES, of=row)
    return row


@transaction.atomic
def answer(
    *, talk: Talk, by: User, at: datetime, starts_at: datetime, how: HowWeTalk | str, where: str = ""
) -> Talk:
    """Say when and how to talk. The same again changes nothing.

    Raises Http404 where it is not theirs to answer, NotNow where it was answered otherwise, ValidationError by field.
    """
    sight = policy.require(by, "write_update", talk.pupil, at)
    if not answers(sight, talk):
        raise Http404
    row = Talk.objects.select_for_update().get(pk=talk.pk)
    typed = (by.pk, starts_at, str(HowWeTalk(how)), where.strip())
    if row.answered_at is not None:
        if (row.answered_by_id, row.starts_at, row.how, row.where) == typed:
            return row
        raise NotNow(_("Somebody has answered this already."))
    if starts_at <= at:
        raise ValidationError({"starts_at": _("Choose a time that is still to come")})
    row.answered_by, row.answered_at = by, at
    row.starts_at, row.how, row.where = starts_at, HowWeTalk(how), where.strip()
    row.full_clean()
    row.save()
    audit.record("talk answered", by=by, at=at, pupil=talk.pupil, section=Section.UPDATES, of=row)
    return row
