"""What the pages about people show, each in a fixed number of queries."""

from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from . import policy, services, tokens
from .models import ApiToken, Invitation, Membership, Setting, User


def me(person: User, at: datetime) -> dict[str, Any]:
    """What `person` is told of themselves: 4 queries."""
    return {
        "preferences": services.preferences_of(person),
        "memberships": list(
            Membership.objects.filter(policy.live(at), person=person)
            .select_related("setting")
            .order_by("setting__name", "role")
        ),
        "second_steps": sorted(
            Authenticator.objects.filter(user=person, type__in=policy.SECOND_FACTORS).values_list(
                "type", flat=True
            )
        ),
        "tokens_live": tokens_of(person, at).count(),
    }


def tokens_of(person: User, at: datetime) -> QuerySet[ApiToken]:
    return tokens.live(at).filter(person=person).order_by("-created_at")


def setting_managed(person: User, setting_id: UUID, at: datetime) -> Setting:
    """A setting whose people this person looks after. Raises Http404."""
    return get_object_or_404(policy.settings_managed(person, at), pk=setting_id)


def membership_in(setting: Setting, membership_id: UUID, at: datetime) -> Membership:
    """A role held in a setting at an instant. Raises Http404."""
    return get_object_or_404(staff_of(setting, at), pk=membership_id)


def staff_invitation_in(setting: Setting, invitation_id: UUID) -> Invitation:
    """A staff invitation of a setting that waits. Raises Http404."""
    return get_object_or_404(staff_invitations_of(setting), pk=invitation_id)


def staff_of(setting: Setting, at: datetime) -> QuerySet[Membership]:
    """Everybody with a role in a setting at an instant, by name; the inactive too, who have nothing by it."""
    return (
        Membership.objects.filter(policy.live(at), setting=setting)
        .select_related("person", "setting")
        .order_by("person__name", "person_id", "role")
    )


def staff_invitations_of(setting: Setting) -> QuerySet[Invitation]:
    """Invitations to work in a setting that wait to be accepted, newest first."""
    return (
        Invitation.objects.filter(setting=setting, kind="staff", accepted_at=None, closed_at=None)
        .select_related("invited_by", "setting")
        .order_by("-invited_at")
    )


def people_page(setting: Setting, by: User, at: datetime) -> dict[str, Any]:
    """Everybody with a role in a setting, each once with their roles, and who is invited: 3 queries."""
    may_give = policy.may_give(by, setting, at)
    people: dict[User, list[Membership]] = {}
    for membership in staff_of(setting, at):
        people.setdefault(membership.person, []).append(membership)
    waiting = list(staff_invitations_of(setting))
    return {
        "setting": setting,
        "may_give": may_give,
        "people": [
            {"person": person, "held": [(m, m.role in may_give) for m in held]}
            for person, held in people.items()
        ],
        "waiting": [(invitation, invitation.role in may_give) for invitation in waiting],
    }
