"""Changes to who works in a setting, each with its audit event. Who may is asked by the services of accounts."""

from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts import invitations, policy, services
from accounts.enums import InvitationKind, Role
from accounts.models import Invitation, Membership, Setting, User

from . import audit, circle, overrides
from .enums import Relation
from .models import ClassGroup, ClassStaff, Enrolment, PupilUserPermission


@transaction.atomic
def invite_staff(
    *, email: str, name: str, role: Role | str, setting: Setting, by: User | None, at: datetime
) -> tuple[Invitation, str]:
    """A new invitation to work in a setting, and its secret for the e-mail.

    Raises PermissionDenied, and ValidationError by field.
    """
    invitation, secret = invitations.invite(
        kind=InvitationKind.STAFF, email=email, name=name, role=role, setting=setting, by=by, at=at
    )
    audit.record("staff invited", by=by, at=at, setting=setting, of=invitation, role=str(role))
    return invitation, secret


@transaction.atomic
def send_again(*, invitation: Invitation, by: User | None, at: datetime) -> str:
    """A new secret for a staff invitation that waits; the old link ends. Raises ValidationError, PermissionDenied."""
    policy.require_give(by, invitation.setting, invitation.role, at)
    secret = invitations.renew(invitation=invitation, at=at)
    audit.record("invitation sent again", by=by, at=at, setting=invitation.setting, of=invitation)
    return secret


@transaction.atomic
def withdraw(*, invitation: Invitation, by: User | None, at: datetime) -> None:
    """Take back a staff invitation that waits. Raises ValidationError, PermissionDenied."""
    policy.require_give(by, invitation.setting, invitation.role, at)
    invitations.withdraw(invitation=invitation, at=at)
    audit.record("invitation withdrawn", by=by, at=at, setting=invitation.setting, of=invitation)


@transaction.atomic
def add_member(
    *, person: User, setting: Setting, role: Role | str, by: User | None, at: datetime
) -> Membership:
    """Give somebody who is here already a role. Raises PermissionDenied."""
    held = services.add_member(person=person, setting=setting, role=role, by=by, at=at)
    audit.record("role given", by=by, at=at, setting=setting, of=held, role=str(role), person=str(person.pk))
    return held


@transaction.atomic
def end_membership(*, membership: Membership, by: User | None, at: datetime) -> None:
    """End a role now; their next request finds it gone. Raises PermissionDenied, and ValidationError in words.

    Invitations to roles that they may no longer give close. With their last role in a setting, their classes and
    pupils there end too, so that nothing comes back by itself if they do.
    """
    services.end_membership(membership=membership, by=by, at=at)
    _take_back(membership.person, membership.setting, by, at)
    if not Membership.objects.filter(
        policy.live(at), person=membership.person, setting=membership.setting
    ).exists():
        _leave(membership.person, membership.setting, at)
        overrides.leave(setting=membership.setting, person=membership.person, by=by, at=at)
    audit.record(
        "role ended",
        by=by,
        at=at,
        setting=membership.setting,
        of=membership,
        role=membership.role,
        person=str(membership.person_id),
    )


def _take_back(person: User, setting: Setting, by: User | None, at: datetime) -> None:
    """Close the invitations to roles that a person made and may no longer give."""
    waiting = Invitation.objects.filter(
        invited_by=person, setting=setting, kind=InvitationKind.STAFF, accepted_at=None, closed_at=None
    )
    for invitation in waiting.exclude(role__in=policy.may_give(person, setting, at)):
        invitations.withdraw(invitation=invitation, at=at)
        audit.record("invitation withdrawn", by=by, at=at, setting=setting, of=invitation)


def _leave(person: User, setting: Setting, at: datetime) -> None:
    classes = ClassGroup.objects.filter(setting=setting)
    ClassStaff.objects.filter(class_group__in=classes, person=person, ends_at=None).update(ends_at=at)
    person.groups.remove(*Group.objects.filter(class_group__in=classes, user=person))
    here = Enrolment.objects.filter(setting=setting, pupil=OuterRef("content_object"))
    PupilUserPermission.objects.filter(
        Exists(here), user=person, permission=circle.permission(Relation.KEY_ADULT), ends_at=None
    ).update(ends_at=at)


@transaction.atomic
def deactivate(*, person: User, by: User | None, at: datetime) -> None:
    """Shut somebody out of the whole installation at once. Raises PermissionDenied, ValidationError."""
    waiting = list(Invitation.objects.filter(invited_by=person, accepted_at=None, closed_at=None))
    services.deactivate(person=person, by=by, at=at)
    audit.record("person shut out", by=by, at=at, of=person)
    for invitation in waiting:  # they closed with the person who made them
        audit.record("invitation withdrawn", by=by, at=at, setting=invitation.setting, of=invitation)


@transaction.atomic
def reset_second_factor(*, person: User, by: User | None, at: datetime) -> None:
    """Take away second steps that are lost. Raises PermissionDenied."""
    services.reset_second_factor(person=person, by=by, at=at)
    audit.record("second step reset", by=by, at=at, of=person)


@transaction.atomic
def create_setting(
    *, name: str, phase: str, senco_email: str, at: datetime, **fields: str
) -> tuple[Setting, Invitation, str]:
    """A new setting and the invitation of its first SENCO, by whoever runs commands on the installation."""
    setting = services.create_setting(name=name, phase=phase, **fields)
    audit.record("setting created", by=None, at=at, setting=setting, of=setting)
    invitation, secret = invite_staff(
        email=senco_email, name="", role=Role.SENCO, setting=setting, by=None, at=at
    )
    return setting, invitation, secret
