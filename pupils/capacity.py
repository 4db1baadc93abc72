"""Who decides where a young person cannot, or can early: capacity for one decision from 16, competence before.

A capacity record is about one decision, holds until the day it is looked at again, and leaves no mark on the pupil.
What it opens is the rule's (`pupils.policy`), and as whom its decider chooses is `pupils.choices`'.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User

from . import audit, choices, policy
from .dates import months_later
from .enums import Authority, Ground, Section
from .errors import NotNow, require_same
from .models import AuditEvent, Capacity, Competence, Pupil

#: A capacity record holds no longer than this before it is looked at again.
MONTHS = 12


def deciders(pupil: Pupil, at: datetime) -> list[tuple[User, set[str]]]:
    """Who could make a decision for a young person: parent carers and professionals near them who have a sign-in."""
    return policy.near(pupil, {Ground.PARENT.value, "professional"}, at)


@transaction.atomic
def record(
    *,
    pupil: Pupil,
    key: UUID,
    sections: Collection[Section | str],
    decider: User,
    authority: Authority | str,
    assessed_on: date,
    review_on: date,
    by: User,
    at: datetime,
    authority_words: str = "",
    medical: bool = False,
    **words: str,
) -> Capacity:
    """Record that a young person cannot make one decision now and who makes it, with `key` as the id.

    `words` are `decision`, `assessor`, `assessor_role`, `support`, `findings` and `wishes`; `medical` says that the
    assessor is a medical professional, which a setting can require. The same form sent twice is one record. Raises
    Http404 and NotThisSection, NotNow before the 16th birthday, and ValidationError by field.
    """
    policy.require(by, "record_capacity", pupil, at)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    said: dict[str, Any] = {
        "sections": [s.value for s in Section if s in sections],
        "decider_id": decider.pk,
        "authority": authority,
        "authority_words": authority_words.strip(),
        "assessed_on": assessed_on,
        "review_on": review_on,
        **{name: text.strip() for name, text in words.items()},
    }
    if before := Capacity.objects.filter(pk=key).first():
        require_same(before, {"recorded_by": by, "pupil": pupil}, said)
        return before
    today = timezone.localdate(at)
    if today < pupil.turns_16_on:
        raise NotNow(
            _(
                "%(pupil)s is not 16 yet. Whether they can decide for themselves before then is a question of competence, which is recorded apart from this."
            )
            % {"pupil": pupil.called}
        )
    if not pupil.turns_16_on <= assessed_on <= today:
        raise ValidationError({"assessed_on": _("Choose a day from their 16th birthday up to today.")})
    if not today < review_on <= months_later(today, MONTHS):
        raise ValidationError(
            {
                "review_on": _("Choose a day after today, at most %(months)s months ahead.")
                % {"months": MONTHS}
            }
        )
    if not medical and _medical_wanted(pupil, at):
        raise ValidationError(
            {
                "medical": _(
                    "This setting records what a medical professional has assessed. Say if they are one."
                )
            }
        )
    _check_decider(pupil, decider, Authority(authority), authority_words, sections, at)
    row = Capacity(pk=key, pupil=pupil, starts_at=at, recorded_by=by, **said)
    row.full_clean()
    row.save(force_insert=True)
    detail: dict[str, Any] = {"sections": row.sections, "authority": str(row.authority), "medical": medical}
    audit.record("capacity recorded", by=by, at=at, pupil=pupil, of=row, **detail)
    return row


def _check_decider(
    pupil: Pupil,
    decider: User,
    authority: Authority,
    authority_words: str,
    sections: Collection[Section | str],
    at: datetime,
) -> None:
    kinds = dict(deciders(pupil, at)).get(decider)
    if kinds is None:
        raise ValidationError({"decider": _("Choose a parent carer or a professional near this pupil.")})
    standing = choices.capacity_in_force(pupil, at).filter(sections__overlap=[str(s) for s in sections])
    by_parent = standing.filter(authority=Authority.PARENT)
    if authority is Authority.PARENT:
        if Ground.PARENT.value not in kinds:
            raise ValidationError({"authority": _("Only a parent carer decides as a parent.")})
        if standing.exclude(authority=Authority.PARENT).exists():
            raise ValidationError(
                {
                    "authority": _(
                        "A deputy or attorney decides about some of these parts, so a parent does not."
                    )
                }
            )
    elif not authority_words.strip():
        raise ValidationError({"authority_words": _("Write where this authority is given.")})
    elif by_parent.exists():
        raise ValidationError(
            {"authority": _("A parent decides about some of these parts now. End that record first.")}
        )


def _medical_wanted(pupil: Pupil, at: datetime) -> bool:
    today = timezone.localdate(at)
    here = pupil.enrolments.filter(starts_on__lte=today, setting__capacity_needs_medical=True)
    return here.exclude(ends_on__lte=today).exists()


@transaction.atomic
def end(*, capacity: Capacity, by: User, at: datetime) -> Capacity:
    """End a capacity record now: the young person decides again. It stays on record. A second press changes nothing."""
    policy.require(by, "record_capacity", capacity.pupil, at)
    row = Capacity.objects.select_for_update().get(pk=capacity.pk)
    if row.ended_at is None and row.review_on > timezone.localdate(at):
        row.ended_by, row.ended_at = by, at
        row.save()
        audit.record("capacity record ended", by=by, at=at, pupil=capacity.pupil, of=row)
    return row


@transaction.atomic
def record_competence(
    *,
    pupil: Pupil,
    key: UUID,
    from_on: date | None,
    assessor: str,
    assessor_role: str,
    findings: str,
    by: User,
    at: datetime,
) -> Competence:
    """Record that somebody under 16 can decide who sees their record, from a day on (Gillick), or that not yet.

    The last record counts: the day from which they decide is set, or taken back, with it. The same form sent twice is
    one. Raises Http404, NotThisSection, NotNow from the 16th birthday on, and ValidationError by field.
    """
    policy.require(by, "record_capacity", pupil, at)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    said: dict[str, Any] = {
        "from_on": from_on,
        "assessor": assessor.strip(),
        "assessor_role": assessor_role.strip(),
        "findings": findings.strip(),
    }
    if before := Competence.objects.filter(pk=key).first():
        require_same(before, {"recorded_by": by, "pupil": pupil}, said)
        return before
    today = timezone.localdate(at)
    if today >= pupil.turns_16_on:
        raise NotNow(
            _("%(pupil)s is 16. From 16 on everybody is taken to be able to decide.")
            % {"pupil": pupil.called}
        )
    if from_on is not None and not today <= from_on < pupil.turns_16_on:
        raise ValidationError({"from_on": _("Choose today or a later day before their 16th birthday.")})
    row = Competence(pk=key, pupil=pupil, recorded_by=by, at=at, **said)
    row.full_clean()
    row.save(force_insert=True)
    Pupil.objects.filter(pk=pupil.pk).update(competent_from=from_on)
    pupil.competent_from = from_on
    told = from_on.isoformat() if from_on else None
    audit.record("competence recorded", by=by, at=at, pupil=pupil, of=row, from_on=told)
    return row


#: The event that somebody has read that another decides for them.
READ = "capacity read"


@transaction.atomic
def read(*, records: list[Capacity], by: User, at: datetime) -> None:
    """Note once that a young person has read the records of who decides for them."""
    known = set(
        AuditEvent.objects.filter(verb=READ, by=by, object_id__in=[row.pk for row in records]).values_list(
            "object_id", flat=True
        )
    )
    for row in records:
        if row.pk not in known:
            audit.record(READ, by=by, at=at, pupil=row.pupil, of=row)
