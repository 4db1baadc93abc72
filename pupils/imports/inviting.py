"""Inviting the parent carers that files have brought: those with parental responsibility and an address.

A link to a child comes only of an invitation that its reader accepts, whoever else has that address.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import invitations, mail
from accounts.models import Setting, User
from accounts.policy import live

from .. import policy
from ..invitations import enrolled, invite_parent
from ..models import InvitedTo, ParentCarer, Restriction


@dataclass(frozen=True)
class Ready:
    """One adult and the rows that say whose parent carer they are: one household, one name, one address."""

    name: str
    email: str
    carers: tuple[ParentCarer, ...]

    @property
    def children(self) -> str:
        return ", ".join(sorted(c.pupil.called for c in self.carers))


def ready(setting: Setting, at: datetime) -> list[Ready]:
    """Whom a setting can invite, by name: not who signs in or is invited already, nor anybody a restriction names."""
    here = enrolled(at).filter(setting=setting).values("pupil")
    waiting = InvitedTo.objects.filter(
        invitation__in=invitations.open_invitations(at), closed_at=None
    ).exclude(parent_carer=None)
    found = (
        ParentCarer.objects.filter(pupil__in=here, person=None, has_parental_responsibility=True)
        .exclude(email="")
        .exclude(pk__in=waiting.values("parent_carer"))
        .select_related("pupil")
        .order_by("name", "pk")
    )
    holding = Restriction.objects.filter(live(at), pupil__in=here)
    shut_out = {
        (pupil, email)
        for pupil, *emails in holding.values_list("pupil", "person__email", "parent_carer__email")
        for email in emails
    }
    named = set(holding.values_list("parent_carer", flat=True))
    groups: dict[tuple[object, str, str], list[ParentCarer]] = {}
    for carer in found:
        if carer.pk not in named and (carer.pupil_id, carer.email) not in shut_out:
            groups.setdefault((carer.household_id, carer.name, carer.email), []).append(carer)
    return [Ready(name, email, tuple(rows)) for (__, name, email), rows in groups.items()]


def invite_ready(*, setting: Setting, by: User, at: datetime) -> tuple[int, int]:
    """Invite them all and send the e-mails; how many were invited, and how many e-mails did not go.

    May run twice, or again after it was stopped: each adult is invited in a transaction of their own and is then no
    longer ready. Raises PermissionDenied.
    """
    if not policy.coordinates(by, setting, at):
        raise PermissionDenied(_("Only the SENCO can invite families. Ask them if it needs doing."))
    invited = lost = 0
    for one in ready(setting, at):
        try:
            with transaction.atomic():
                rows = [c.pk for c in one.carers]
                held = ParentCarer.objects.select_for_update().filter(
                    pk__in=rows, person=None, email=one.email
                )
                invitation, secret = invite_parent(
                    carers=list(held.order_by("pk")), email=one.email, by=by, at=at
                )
        except (ValidationError, PermissionDenied):  # invited meanwhile, or the SENCO's own address
            continue
        invited += 1
        lost += not mail.send_invitation(invitation, secret)
    return invited, lost
