"""Sharing with a visiting professional for a time: invited by e-mail, named sections, an end, stopped with one press.

The young person does it where they decide, whoever decides for them under a capacity record for its sections, and
before hand-over the family. It ends by itself: nothing has to run.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import invitations as ways_in
from accounts.enums import Format
from accounts.models import Invitation, User

from . import choices, policy
from .choices import Speaking, Wanted
from .enums import Answer, Section
from .invitations import ASK_THE_SENCO, invite_to_share
from .models import ChoiceSheet, Pupil
from .requests import answering, last_day, may_answer

#: The version of the words of the page on which this is chosen (`pupils/share_out.html`).
WORDING = "share-1"


@dataclass(frozen=True)
class Shared:
    """What came of it: an invitation with the secret for its e-mail, or somebody who is here already; neither, the
    second time that a form is sent.
    """

    invitation: Invitation | None = None
    secret: str = ""
    person: User | None = None


@transaction.atomic
def share(
    *,
    pupil: Pupil,
    name: str,
    email: str,
    sections: Iterable[Section],
    ends_at: datetime,
    purpose: str,
    by: User,
    at: datetime,
    key: UUID,
    format: Format | str = Format.STANDARD,  # noqa: A002
    language: str = "en-GB",
) -> Shared:
    """Open sections to a professional at this address until `ends_at`, at most 12 months on.

    Whoever is a professional near this pupil already sees them at once, and everybody else from when they accept the
    invitation. `key` is the id of the sheet: the same form sent twice is one. Raises Http404, NotThisSection where
    this person does not choose, and ValidationError by field.
    """
    sight = policy.require(by, None, pupil, at)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    if ChoiceSheet.objects.filter(pk=key, pupil=pupil, recorded_by=by).exists():
        return Shared()
    if answering(sight) is None:
        raise policy.NotThisSection(pupil)
    wanted = list(dict.fromkeys(sections))
    if not wanted:
        raise ValidationError({"sections": _("Choose at least one part.")})
    if not name.strip():
        raise ValidationError({"name": _("Write their name.")})
    _require_end(ends_at, at)
    address = email.strip().lower()
    shared = _recipient(pupil, name=name, address=address, by=by, at=at)
    choices.choose(
        pupil=pupil,
        wanted=[
            Wanted(
                section,
                Answer.YES,
                person=shared.person,
                invitation=shared.invitation,
                ends_at=ends_at,
                purpose=purpose,
            )
            for section in wanted
        ],
        by=by,
        at=at,
        key=key,
        wording=WORDING,
        format=format,
        language=language,
    )
    return shared


def latest_end(at: datetime) -> date:
    """The last day that sharing with a professional can be for: 12 months on."""
    today = timezone.localdate(at)
    try:
        return today.replace(year=today.year + 1)
    except ValueError:  # 29 February
        return today.replace(year=today.year + 1, day=28)


def _require_end(ends_at: datetime, at: datetime) -> None:
    if ends_at <= at:
        raise ValidationError({"until": _("Choose a day that is still to come.")})
    if last_day(ends_at) > latest_end(at):
        raise ValidationError({"until": _("Choose a day within 12 months. You can share again after that.")})


def _recipient(pupil: Pupil, *, name: str, address: str, by: User, at: datetime) -> Shared:
    """Who is at an address: somebody near this pupil, somebody who was invited already, or somebody to invite."""
    if address == by.email or address in ways_in.addresses(by):
        raise ValidationError({"email": _("This is your own address.")})
    near = {person.pk: (person, kinds) for person, kinds in choices.recipients(pupil, at)}
    owners = EmailAddress.objects.filter(email__iexact=address, verified=True).values("user")
    for owner in User.objects.filter(pk__in=owners) or User.objects.filter(email=address):
        person, kinds = near.get(owner.pk, (owner, set()))
        if "professional" in kinds:
            return Shared(person=person)
        if kinds:
            raise ValidationError({"email": ASK_THE_SENCO})
    waiting = choices.invited(pupil, at).filter(email=address).first()
    if waiting is not None:
        return Shared(invitation=waiting)
    invitation, secret = invite_to_share(pupil=pupil, email=address, name=name, by=by, at=at)
    return Shared(invitation, secret)


@transaction.atomic
def stop(*, pupil: Pupil, recipient_id: UUID, by: User, at: datetime) -> None:
    """Close at once all that is open to a professional, by the id of the person or of their invitation.

    An invitation to this pupil alone is taken back too. A second press changes nothing. Raises Http404,
    NotThisSection where this person does not choose.
    """
    sight = policy.require(by, None, pupil, at)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    speaks = answering(sight)
    if speaks is None:
        raise policy.NotThisSection(pupil)
    given = [
        row
        for (who, __), row in choices.in_force(pupil, speaks.voice, at).items()
        if who == recipient_id and choices.lasts(row, at) and may_answer(speaks, row.section)
    ]
    wanted = [
        Wanted(Section(row.section), Answer.NO, person=row.person, invitation=row.invitation) for row in given
    ]
    if not wanted:
        return
    choices.choose(pupil=pupil, wanted=wanted, by=by, at=at, key=uuid4(), wording=WORDING)


@dataclass
class With:
    """A professional to whom something is open, or will be when they accept."""

    pk: UUID
    name: str
    email: str
    waiting_until: datetime | None
    parts: list[tuple[Section, datetime | None]] = field(default_factory=list)


def shared_with(sight: policy.Sight, speaks: Speaking) -> list[With]:
    """The professionals to whom something is opened about which this person chooses: a fixed number of queries."""
    pupil, at = sight.pupil, sight.at
    professionals = {p.pk for p, kinds in choices.recipients(pupil, at) if "professional" in kinds}
    waiting = {invitation.pk for invitation in choices.invited(pupil, at)}
    found: dict[UUID, With] = {}
    records = {record.pk for record in speaks.records}
    for row in choices.in_force(pupil, speaks.voice, at).values():
        if not (choices.lasts(row, at) and may_answer(speaks, row.section)):
            continue
        if row.capacity_id is not None and row.capacity_id not in records:
            continue  # it was opened under a record that is over
        if row.person is not None and row.person.pk in professionals:
            one = With(row.person.pk, row.person.name, "", None)
        elif row.invitation is not None and row.invitation.pk in waiting:
            invitation = row.invitation
            one = With(invitation.pk, invitation.name, invitation.email, invitation.expires_at)
        else:
            continue
        found.setdefault(one.pk, one).parts.append((Section(row.section), row.ends_at))
    order = list(Section)
    for one in found.values():
        one.parts.sort(key=lambda part: order.index(part[0]))
    return sorted(found.values(), key=lambda one: (one.name, str(one.pk)))
