"""What pages about pupils and their classes show."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import policy as accounts_policy
from accounts.models import Setting, User

from . import policy
from .enums import Relation, Section
from .models import ClassGroup, Enrolment, Household, ParentCarer, Profile, Pupil, PupilUserPermission
from .policy import Sight


def classes_of_settings(settings: Iterable[Setting]) -> QuerySet[ClassGroup]:
    """The open classes of some settings, by name."""
    return ClassGroup.objects.filter(setting__in=list(settings), closed_at=None).order_by("name")


def classes_of(pupil: Pupil, at: datetime) -> QuerySet[ClassGroup]:
    """The classes a pupil is in at an instant."""
    live = Q(group__pupilgrouppermission__starts_at__lte=at) & (
        Q(group__pupilgrouppermission__ends_at=None) | Q(group__pupilgrouppermission__ends_at__gt=at)
    )
    return ClassGroup.objects.filter(live, group__pupilgrouppermission__content_object=pupil, closed_at=None)


def latest_profile(sight: Sight) -> Profile | None:
    """The one-page profile as it is now, where this person may see it."""
    return sight.pupil.profiles.first() if sight.sees(Section.PROFILE) else None


def around(sight: Sight) -> dict[str, Any]:
    """Everybody around a pupil, for the SENCO who keeps the circle."""
    at, pupil = sight.at, sight.pupil
    live = Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))
    rows = PupilUserPermission.objects.filter(live, content_object=pupil).select_related("user", "permission")
    near: dict[str, list[User]] = {}
    for row in rows.order_by("user__name"):
        near.setdefault(row.permission.codename, []).append(row.user)
    carers = list(
        pupil.parent_carers.select_related("household", "person").order_by("household__name", "name")
    )
    homes: dict[Household, list[ParentCarer]] = {}
    for carer in carers:
        homes.setdefault(carer.household, []).append(carer)
    who = policy.told_of(policy.people_for(pupil, Section.PLAN, at), sight)
    return {
        "key_adults": near.get(Relation.KEY_ADULT, []),
        "professionals": near.get(Relation.PROFESSIONAL, []),
        "itself": near.get(Relation.SELF, []),
        "linked": {person.pk for person in near.get(Relation.PARENT_CARER, [])},
        "homes": list(homes.items()),
        "classes": list(classes_of(pupil, at)),
        "restrictions": list(
            pupil.restrictions.filter(Q(ends_at=None) | Q(ends_at__gt=at)).select_related(
                "person", "recorded_by"
            )
        ),
        "enrolment": current_enrolment(pupil, at),
        "who": who,
        "sees": {person.pk for person, _ in who},
    }


def current_enrolment(pupil: Pupil, at: datetime) -> Enrolment | None:
    today = timezone.localdate(at)
    here = pupil.enrolments.filter(starts_on__lte=today).exclude(ends_on__lte=today)
    return here.select_related("setting").first()


def staff_of(setting: Setting, at: datetime) -> QuerySet[User]:
    """The people who work in a setting at an instant, by name."""
    memberships = setting.memberships.filter(accounts_policy.live(at))
    return User.objects.filter(pk__in=memberships.values("person"), is_active=True).order_by("name")


def may_be_restricted(pupil: Pupil) -> QuerySet[User]:
    """The people near a pupil, in whatever way, whom a restriction could name: never the pupil themselves."""
    near = PupilUserPermission.objects.filter(content_object=pupil)
    return (
        User.objects.filter(
            Q(pk__in=near.exclude(permission__codename=Relation.SELF).values("user"))
            | Q(pk__in=pupil.parent_carers.exclude(person=None).values("person"))
            | Q(classes__class_group__group__pupilgrouppermission__content_object=pupil)
        )
        .distinct()
        .order_by("name")
    )
