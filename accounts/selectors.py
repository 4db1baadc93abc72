"""What the pages about people show, each in a fixed number of queries."""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

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


def staff_of(setting: Setting, at: datetime) -> QuerySet[Membership]:
    """Everybody with a role in a setting at an instant, by name; the inactive too, who have nothing by it."""
    return (
        Membership.objects.filter(policy.live(at), setting=setting)
        .select_related("person")
        .order_by("person__name", "person_id", "role")
    )


def staff_invitations_of(setting: Setting) -> QuerySet[Invitation]:
    """Invitations to work in a setting that wait to be accepted, newest first."""
    return (
        Invitation.objects.filter(setting=setting, kind="staff", accepted_at=None, closed_at=None)
        .select_related("invited_by")
        .order_by("-invited_at")
    )
