"""Getting ready for the day on which a young person begins to decide: what was talked about, and an early start."""

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User

from . import audit, policy
from .errors import NotNow
from .models import Competence, HandOverTalk, Pupil

OUT_OF_DATE = "This form is out of date. Open the page again."


@transaction.atomic
def record_talk(
    *, pupil: Pupil, on: date, with_whom: str, how: str, key: UUID, by: User, at: datetime
) -> HandOverTalk:
    """Write down a talk about what changes on the day, with `key` as its id: a form sent twice is one talk.

    Raises ValidationError by field.
    """
    policy.require(by, "prepare_hand_over", pupil, at)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    if before := HandOverTalk.objects.filter(pk=key).first():
        if before.recorded_by_id != by.pk or before.pupil_id != pupil.pk:
            raise ValidationError(OUT_OF_DATE)
        return before
    if on > timezone.localdate(at):
        raise ValidationError({"on": "Choose today or a day before it."})
    if on < pupil.date_of_birth:
        raise ValidationError({"on": "Choose a day in their lifetime."})
    talk = HandOverTalk(
        pk=key, pupil=pupil, on=on, with_whom=with_whom.strip(), how=how.strip(), recorded_by=by, at=at
    )
    talk.full_clean()
    talk.save(force_insert=True)
    audit.record("hand-over talked about", by=by, at=at, pupil=pupil, of=talk)
    return talk


@transaction.atomic
def record_competence(
    *,
    pupil: Pupil,
    from_on: date | None,
    assessor: str,
    assessor_role: str,
    findings: str,
    key: UUID,
    by: User,
    at: datetime,
) -> Competence:
    """Write down whether a young person is competent to decide before the day they would anyway, and from when.

    The last record counts; `from_on` None says "not yet". It begins today or later, so that nobody's sight is changed
    backwards. Raises NotNow where they decide anyway, and ValidationError by field.
    """
    policy.require(by, "prepare_hand_over", pupil, at)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    if before := Competence.objects.filter(pk=key).first():
        if before.recorded_by_id != by.pk or before.pupil_id != pupil.pk:
            raise ValidationError(OUT_OF_DATE)
        return before
    pupil.refresh_from_db(fields=["competent_from"])
    today = timezone.localdate(at)
    early = pupil.competent_from is not None and pupil.competent_from <= today
    if policy.decides(pupil, at) and not early:
        raise NotNow("They decide already. There is nothing to write down here.")
    if from_on is not None and from_on < today:
        raise ValidationError({"from_on": "Choose today or a later day."})
    row = Competence(
        pk=key,
        pupil=pupil,
        from_on=from_on,
        assessor=assessor.strip(),
        assessor_role=assessor_role.strip(),
        findings=findings.strip(),
        recorded_by=by,
        at=at,
    )
    row.full_clean()
    row.save(force_insert=True)
    Pupil.objects.filter(pk=pupil.pk).update(competent_from=from_on)
    pupil.competent_from = from_on
    told = from_on.isoformat() if from_on else ""
    audit.record("competence recorded", by=by, at=at, pupil=pupil, of=row, from_on=told)
    return row
