"""Safeguarding disclosures without the young person's permission: asked for, confirmed by a second person, ended, told.

Whom one opens which sections to, and until when, is the rule's (`pupils.policy`). The safeguarding file itself stays
out of Alongside: here is only what was opened, to whom, why, until when, and whether the young person knows.
"""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, Setting, User
from accounts.policy import live

from . import audit, policy
from .dates import months_later
from .enums import Ground, Section
from .errors import NotNow, require_same
from .models import Enrolment, Override, Pupil, Restriction

#: A disclosure holds no longer than this, and telling is looked at again no later.
MONTHS = 3


def recipients(pupil: Pupil, at: datetime) -> QuerySet[User]:
    """To whom a disclosure can open something: those near a pupil, and whoever works in their setting, by name.

    Never the young person, nor anybody whom a restriction shuts out.
    """
    today = timezone.localdate(at)
    near = policy.near(pupil, {Ground.PARENT.value, Ground.TEACHES.value, "professional"}, at)
    here = pupil.enrolments.filter(starts_on__lte=today).exclude(ends_on__lte=today)
    staff = Membership.objects.filter(live(at), setting__in=here.values("setting")).values("person")
    shut_out = Restriction.objects.filter(live(at), pupil=pupil, person=OuterRef("pk"))
    itself = [person.pk for person, __ in policy.near(pupil, {Ground.OWN.value}, at)]
    return (
        User.objects.filter(Q(pk__in=[person.pk for person, __ in near]) | Q(pk__in=staff), is_active=True)
        .exclude(pk__in=itself)
        .exclude(Exists(shut_out))
        .order_by("name", "pk")
    )


@transaction.atomic
def ask(
    *,
    pupil: Pupil,
    key: UUID,
    sections: Collection[Section | str],
    reason: str,
    until: date,
    by: User,
    at: datetime,
    person: User | None = None,
    outside: str = "",
    organisation: str = "",
    told_on: date | None = None,
    told_how: str = "",
    not_told_why: str = "",
    look_again_on: date | None = None,
) -> Override:
    """Ask for a disclosure, with `key` as its id; the same form sent twice is one. It opens nothing yet.

    To a `person` with a sign-in, or to somebody `outside`, of an `organisation`: then it is on record and opens
    nothing. It ends by itself as the day `until` begins. Either the young person was told, when and how, or not, why,
    and when to look at that again. Raises Http404 for whoever does not look after safeguarding here, and
    ValidationError by field.
    """
    if not policy.safeguards(by, pupil, at):
        raise Http404
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    said: dict[str, Any] = {
        "person": person,
        "recipient": person.name if person is not None else f"{outside.strip()}, {organisation.strip()}",
        "sections": [s.value for s in Section if s in sections],
        "reason": reason.strip(),
        "ends_at": _midnight(until),
    }
    if before := Override.objects.filter(pk=key).first():
        why = {"told_how": told_how.strip()} if told_on else {"not_told_why": not_told_why.strip()}
        require_same(before, {"asked_by": by, "pupil": pupil}, said | why)
        return before
    if (person is None) == (not outside.strip()):
        raise ValidationError({"person": _("Choose one person, or write who it is outside this setting.")})
    if person is not None and not recipients(pupil, at).filter(pk=person.pk).exists():
        raise ValidationError({"person": _("Choose somebody who is near this pupil or works here.")})
    if person is None and not organisation.strip():
        raise ValidationError({"organisation": _("Write which organisation they are from.")})
    today = timezone.localdate(at)
    if not today < until <= months_later(today, MONTHS):
        raise ValidationError(
            {"until": _("Choose a day after today, at most %(months)s months ahead.") % {"months": MONTHS}}
        )
    last = _midnight(until) - timedelta(seconds=1)
    if person is not None and not recipients(pupil, last).filter(pk=person.pk).exists():
        raise ValidationError(
            {"until": _("They or the pupil will have left by then. Choose an earlier day.")}
        )
    if told_on is not None:
        knows: dict[str, Any] = _told(told_on, told_how, at)
    else:
        knows = _not_told(not_told_why, look_again_on, at)
    row = Override(
        pk=key,
        pupil=pupil,
        asked_by=by,
        asked_at=at,
        **said,
        **knows,
    )
    _check(row)
    row.save(force_insert=True)
    _audit("disclosure asked for", row, by=by, at=at, sections=row.sections, opens=person is not None)
    return row


@transaction.atomic
def confirm(*, override: Override, by: User, at: datetime) -> Override:
    """Be the second person: from now on, until it ends, it opens what it names. A second press changes nothing.

    Never by whoever asked, nor by whom it opens something to. Raises Http404, NotThisSection and NotNow.
    """
    row = _held(override)
    if not policy.confirms(by, row.pupil, at):
        raise Http404
    if row.confirmed_by_id == by.pk:
        return row
    if row.confirmed_at is not None:
        raise NotNow(_("Somebody else has confirmed this already."))
    if by.pk == row.asked_by_id:
        raise NotNow(_("You asked for this. Somebody else has to confirm it."))
    if by.pk == row.person_id:
        raise NotNow(_("This opens something to you. Somebody else has to confirm it."))
    if row.ended_at is not None or row.ends_at <= at:
        raise NotNow(_("This has ended. Ask for a new one if it is still needed."))
    row.confirmed_by, row.confirmed_at = by, at
    row.save()
    _audit("disclosure confirmed", row, by=by, at=at, sections=row.sections)
    return row


@transaction.atomic
def end(*, override: Override, by: User, at: datetime) -> Override:
    """End a disclosure now, or take one off that waits; it stays on record. A second press changes nothing.

    Whoever looks after safeguarding may, and while it waits whoever could confirm it. Raises Http404.
    """
    row = _held(override)
    may = policy.safeguards(by, row.pupil, at) or (
        row.confirmed_at is None and policy.confirms(by, row.pupil, at)
    )
    if not may:
        raise Http404
    if row.ended_at is None and row.ends_at > at:
        row.ended_by, row.ended_at = by, at
        row.save()
        _audit("disclosure ended", row, by=by, at=at, waited=row.confirmed_at is None)
    return row


@transaction.atomic
def tell(*, override: Override, on: date, how: str, by: User, at: datetime) -> Override:
    """Write down that the young person was told, when and how: from now on they read of it themselves.

    The same form sent twice writes once. Raises Http404, NotNow, and ValidationError by field.
    """
    row = _safeguarded(override, by, at)
    told = _told(on, how, at)
    if row.told_at is not None:
        if row.told_how == told["told_how"]:
            return row
        raise NotNow(_("It is written down already that they were told."))
    row.told_at, row.told_how, row.look_again_on = told["told_at"], told["told_how"], None
    _check(row)
    row.save()
    _audit("young person told of a disclosure", row, by=by, at=at, on=on.isoformat())
    return row


@transaction.atomic
def look_again(*, override: Override, why: str, next_on: date, by: User, at: datetime) -> Override:
    """Write down that the young person is still not told, why, and when to look at that again.

    Raises Http404, NotNow, and ValidationError by field.
    """
    row = _safeguarded(override, by, at)
    if row.told_at is not None:
        raise NotNow(_("It is written down already that they were told."))
    knows = _not_told(why, next_on, at)
    if (row.not_told_why, row.look_again_on) == (knows["not_told_why"], next_on):
        return row
    before = row.look_again_on
    row.not_told_why, row.look_again_on = knows["not_told_why"], next_on
    _check(row)
    row.save()
    _audit(
        "telling of a disclosure looked at again",
        row,
        by=by,
        at=at,
        due=before.isoformat() if before else None,
        next=next_on.isoformat(),
    )
    return row


@transaction.atomic
def opened(*, pupil: Pupil, by: User, at: datetime, page: str) -> None:
    """Write down that somebody opened a page about disclosures of a pupil. The young person's log has none of it."""
    audit.record("safeguarding page opened", by=by, at=at, pupil=pupil, page=page)


@transaction.atomic
def leave(*, setting: Setting, by: User | None, at: datetime, person: User) -> None:
    """Whoever stops working in a setting keeps nothing that was opened to them there because they did."""
    today = timezone.localdate(at)
    here = Enrolment.objects.filter(pupil=OuterRef("pupil"), setting=setting, starts_on__lte=today)
    rows = Override.objects.filter(
        Exists(here.exclude(ends_on__lte=today)),
        ended_at=None,
        ends_at__gt=at,
        asked_at__lt=at,
        person=person,
    )
    for row in rows.select_related("pupil"):
        if not recipients(row.pupil, at).filter(pk=person.pk).exists():
            Override.objects.filter(pk=row.pk).update(ends_at=at)
            _audit("disclosure ended", row, by=by, at=at, left=True)


@transaction.atomic
def moved(*, pupil: Pupil, by: User, at: datetime, on: datetime) -> None:
    """From when a pupil leaves a setting, nobody keeps what was opened to them because they work in it."""
    rows = Override.objects.filter(pupil=pupil, ended_at=None, ends_at__gt=on, asked_at__lt=on)
    still = set(recipients(pupil, on).values_list("pk", flat=True))
    for row in rows.exclude(person=None).exclude(person__in=still):
        Override.objects.filter(pk=row.pk).update(ends_at=on)
        _audit("disclosure ended", row, by=by, at=at, moved=True)


def _held(override: Override) -> Override:
    """The row as it is now, held until the transaction ends."""
    return Override.objects.select_for_update(of=("self",)).select_related("pupil").get(pk=override.pk)


def _safeguarded(override: Override, by: User, at: datetime) -> Override:
    row = _held(override)
    if not policy.safeguards(by, row.pupil, at):
        raise Http404
    return row


def _told(on: date, how: str, at: datetime) -> dict[str, Any]:
    today = timezone.localdate(at)
    if on > today:
        raise ValidationError({"told_on": _("Choose today or an earlier day.")})
    if not how.strip():
        raise ValidationError({"told_how": _("Write how they were told, and by whom.")})
    return {"told_at": at if on == today else _midnight(on), "told_how": how.strip()}


def _not_told(why: str, look_again_on: date | None, at: datetime) -> dict[str, Any]:
    today = timezone.localdate(at)
    if not why.strip():
        raise ValidationError({"not_told_why": _("Write why it is not safe to tell them now.")})
    if look_again_on is None or not today < look_again_on <= months_later(today, MONTHS):
        raise ValidationError(
            {
                "look_again_on": _("Choose a day after today, at most %(months)s months ahead.")
                % {"months": MONTHS}
            }
        )
    return {"not_told_why": why.strip(), "look_again_on": look_again_on}


def _check(row: Override) -> None:
    try:
        row.full_clean()
    except ValidationError as refused:
        if "recipient" in refused.message_dict:
            raise ValidationError({"outside": refused.message_dict["recipient"]}) from refused
        raise


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _audit(verb: str, row: Override, *, by: User | None, at: datetime, **detail: Any) -> None:
    audit.record(verb, by=by, at=at, pupil=row.pupil, of=row, **detail)
