"""Invitations: a single-use, expiring way in, tied to one address and worthless to anybody else.

What a family's or a professional's invitation leads to is applied by `pupils.invitations`.
"""

import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from . import policy
from .enums import InvitationKind, Role
from .errors import InvitationClosed
from .models import Invitation, Membership, Setting, User
from .services import begin, create_person
from .tokens import hashed

LASTS = timedelta(days=14)


def _secret() -> str:
    return secrets.token_urlsafe(32)


def addresses(person: User) -> list[str]:
    """The e-mail addresses that a person has shown to be theirs, in lower case."""
    shown = EmailAddress.objects.filter(user=person, verified=True)
    return list(shown.annotate(lower=Lower("email")).values_list("lower", flat=True))


def open_invitations(at: datetime) -> QuerySet[Invitation]:
    """Those that can still be accepted at an instant."""
    return Invitation.objects.filter(accepted_at=None, closed_at=None, expires_at__gt=at)


def find(secret: str, at: datetime) -> Invitation | None:
    """The open invitation with this secret."""
    found = open_invitations(at).filter(secret_hash=hashed(secret))
    return found.select_related("setting", "invited_by").first()


def owner(invitation: Invitation) -> User | None:
    """The person who has shown that the invitation's address is theirs, if they are here already."""
    shown = EmailAddress.objects.filter(email__iexact=invitation.email, verified=True)
    return User.objects.filter(pk__in=shown.values("user")).first() or (
        User.objects.filter(email=invitation.email).first()
    )


@transaction.atomic
def invite(
    *,
    kind: InvitationKind | str,
    email: str,
    setting: Setting,
    by: User | None,
    at: datetime,
    name: str = "",
    role: Role | str = "",
) -> tuple[Invitation, str]:
    """A new invitation and its secret, which is kept nowhere.

    For staff this asks whether `by` may give the role. For everybody else the caller has asked about the pupils.
    Raises PermissionDenied, and ValidationError by field for bad input.
    """
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise ValidationError({"email": _("Write an e-mail address, such as sam@example.com.")}) from error
    if by is not None and (address == by.email or address in addresses(by)):
        raise PermissionDenied(_("Nobody can invite themselves. Ask somebody else to do it."))
    if kind == InvitationKind.STAFF:
        if role not in Role:
            raise ValidationError({"role": _("Choose what they will be here.")})
        policy.require_give(by, setting, role, at)
        _once(address, setting, role, at)
    secret = _secret()
    invitation = Invitation(
        kind=kind,
        email=address,
        name=name.strip(),
        setting=setting,
        role=role,
        secret_hash=hashed(secret),
        invited_by=by,
        invited_at=at,
        expires_at=at + LASTS,
    )
    invitation.full_clean()
    invitation.save(force_insert=True)
    return invitation, secret


def _once(address: str, setting: Setting, role: Role | str, at: datetime) -> None:
    if Membership.objects.filter(policy.live(at), setting=setting, role=role, person__email=address).exists():
        raise ValidationError({"email": _("This person has that role here already.")})
    if open_invitations(at).filter(email=address, setting=setting, role=role).exists():
        raise ValidationError(
            {"email": _("This person has been invited already. You can send the invitation again.")}
        )


@transaction.atomic
def renew(*, invitation: Invitation, at: datetime) -> str:
    """A new secret for an invitation that waits, and 14 more days; the link sent before is then worth nothing.

    The caller has asked who may. Raises ValidationError when it was accepted or closed.
    """
    secret = _secret()
    waiting = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, closed_at=None)
    if not waiting.update(secret_hash=hashed(secret), invited_at=at, expires_at=at + LASTS):
        raise ValidationError(_("This invitation has been accepted or closed already."))
    invitation.invited_at, invitation.expires_at = at, at + LASTS
    return secret


@transaction.atomic
def withdraw(*, invitation: Invitation, at: datetime) -> None:
    """Take back an invitation that waits. The caller has asked who may.

    Raises ValidationError when it was accepted or closed.
    """
    waiting = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, closed_at=None)
    if not waiting.update(closed_at=at):
        raise ValidationError(_("This invitation has been accepted or closed already."))
    invitation.closed_at = at


@transaction.atomic
def claim(*, secret: str, person: User, at: datetime) -> Invitation:
    """Accept for the person whose shown address it is; of two at once, one conditional UPDATE lets one win.

    A staff invitation's role begins in the same transaction. Raises InvitationClosed otherwise.
    """
    mine = open_invitations(at).filter(secret_hash=hashed(secret), email__in=addresses(person))
    if not person.is_active or not mine.update(accepted_at=at, accepted_by=person):
        raise InvitationClosed
    invitation = Invitation.objects.select_related("setting", "invited_by").get(secret_hash=hashed(secret))
    if invitation.kind == InvitationKind.STAFF:
        begin(person, invitation.setting, invitation.role, at)
    return invitation


@transaction.atomic
def claim_as_new(
    *,
    secret: str,
    name: str,
    known_as: str = "",
    password: str | None = None,
    at: datetime,
    known: User | None = None,
) -> tuple[Invitation, User]:
    """Accept for somebody who is not here yet: the link in the e-mail has shown that the address is theirs.

    `known` is who they are, where they have been here without an address until now. Raises InvitationClosed, and
    ValidationError by field for bad input.
    """
    invitation = find(secret, at)
    if invitation is None or owner(invitation) is not None:
        raise InvitationClosed
    try:
        person = create_person(
            email=invitation.email, name=name, known_as=known_as, password=password, at=at, known=known
        )
    except ValidationError as error:
        if "email" in error.message_dict:  # somebody else was quicker with the same link
            raise InvitationClosed from error
        raise
    return claim(secret=secret, person=person, at=at), person


def close_expired(at: datetime) -> int:
    """Close invitations whose time is over; how many there were."""
    waiting = Invitation.objects.filter(accepted_at=None, closed_at=None, expires_at__lte=at)
    return waiting.update(closed_at=at)
