"""Who may do what about people in a setting. What anybody sees of a pupil is `pupils.policy`."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from .enums import Role
from .models import Membership, Setting, User

Person = User | AnonymousUser

#: Which roles each role may give to somebody else, and may end. A role that is not named gives nothing.
#: A leader sees aggregates only, so they cannot hand out a role that opens every record.
GIVES: dict[Role, frozenset[Role]] = {
    Role.SENCO: frozenset(Role),
    Role.LEADER: frozenset({Role.KEY_ADULT}),
    Role.KEY_ADULT: frozenset(),
    Role.DSL: frozenset(),
    Role.DEPUTY_DSL: frozenset(),
}

#: The second steps that count. Recovery codes alone do not: they are for the day a phone is lost.
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def live(at: datetime, prefix: str = "") -> Q:
    """A membership holds at an instant: [starts_at, ends_at)."""
    return Q(**{f"{prefix}starts_at__lte": at}) & (
        Q(**{f"{prefix}ends_at": None}) | Q(**{f"{prefix}ends_at__gt": at})
    )


def roles(person: Person, at: datetime) -> dict[UUID, set[Role]]:
    """A person's roles at an instant, by setting id, in one query. Inactive people have none."""
    found: dict[UUID, set[Role]] = {}
    if person.is_authenticated:
        rows = Membership.objects.filter(live(at), person=person.pk, person__is_active=True)
        for setting_id, role in rows.values_list("setting_id", "role"):
            found.setdefault(setting_id, set()).add(Role(role))
    return found


def settings_of(person: Person, at: datetime, among: Iterable[Role] = Role) -> QuerySet[Setting]:
    """The settings in which a person holds one of these roles at an instant. Inactive people hold none."""
    if not (person.is_authenticated and person.is_active):
        return Setting.objects.none()
    held = Membership.objects.filter(live(at), person=person.pk, role__in=list(among))
    return Setting.objects.filter(Exists(held.filter(setting=OuterRef("pk"))))


def _gives(held: Iterable[Role]) -> frozenset[Role]:
    return frozenset().union(*(GIVES[role] for role in held))


def may_give(person: Person, setting: Setting, at: datetime) -> frozenset[Role]:
    """The roles that a person may give and end in a setting."""
    return _gives(roles(person, at).get(setting.pk, set()))


def manages_people(person: Person, setting: Setting, at: datetime) -> bool:
    return bool(may_give(person, setting, at))


def settings_managed(person: Person, at: datetime) -> QuerySet[Setting]:
    """The settings whose people a person looks after, by name."""
    held = roles(person, at)
    return Setting.objects.filter(pk__in=[pk for pk, here in held.items() if _gives(here)]).order_by("name")


def require_give(by: User | None, setting: Setting, role: str, at: datetime) -> None:
    """Pass, or raise PermissionDenied. Nobody (`None`) is whoever runs commands on the installation itself."""
    if by is not None and role not in may_give(by, setting, at):
        raise PermissionDenied(_("Only the SENCO can do this. Ask them if it needs doing."))


def require_manages(by: User | None, setting: Setting, at: datetime) -> None:
    if by is not None and not manages_people(by, setting, at):
        raise PermissionDenied(_("Only the SENCO or a leader can do this. Ask them if it needs doing."))


def lacks_second_factor(person: Person, at: datetime) -> bool:
    """Whether somebody who works in a setting, or looks after the installation, has yet to set up a second step."""
    if not settings.MFA_REQUIRED_OF_STAFF or not person.is_authenticated:
        return False
    here: dict[str, Any] = {"person": OuterRef("pk")}
    return (
        User.objects.filter(pk=person.pk)
        .filter(Q(is_staff=True) | Exists(Membership.objects.filter(live(at), **here)))
        .exclude(Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)))
        .exists()
    )
