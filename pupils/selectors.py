"""What pages about pupils and their classes show."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts import policy as accounts_policy
from accounts.models import Invitation, Setting, Term, User

from . import circle, invitations, policy
from .enums import Relation, Section
from .models import (
    ClassGroup,
    Enrolment,
    Household,
    ParentCarer,
    Profile,
    Pupil,
    PupilUserPermission,
    Restriction,
)
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
    restricted = list(
        pupil.restrictions.filter(Q(ends_at=None) | Q(ends_at__gt=at)).select_related(
            "person", "parent_carer", "recorded_by"
        )
    )
    shut_out = {row.person_id for row in restricted if row.starts_at <= at}
    return {
        "key_adults": near.get(Relation.KEY_ADULT, []),
        "professionals": near.get(Relation.PROFESSIONAL, []),
        "itself": near.get(Relation.SELF, []),
        "linked": {person.pk for person in near.get(Relation.PARENT_CARER, [])},
        "homes": list(homes.items()),
        "classes": list(classes_of(pupil, at)),
        "restrictions": restricted,
        "shut_out": shut_out,
        "enrolment": current_enrolment(pupil, at),
        "who": who,
        "sees": {person.pk for person, _ in who},
    }


def current_enrolment(pupil: Pupil, at: datetime) -> Enrolment | None:
    here = pupil.enrolments.on(timezone.localdate(at))
    return here.select_related("setting").first()


def person_near(pupil: Pupil, person_id: UUID) -> User:
    """Somebody to whom a relation to a pupil was ever given, whichever and however many. Raises Http404."""
    near = PupilUserPermission.objects.filter(content_object=pupil)
    return get_object_or_404(User, pk__in=near.values("user"), pk=person_id)


def class_of(pupil: Pupil, class_id: UUID) -> ClassGroup:
    """A class that a pupil was ever put in. Raises Http404."""
    return get_object_or_404(ClassGroup, pk=class_id, group__pupilgrouppermission__content_object=pupil)


def households_of(pupil: Pupil) -> QuerySet[Household]:
    """The homes of a pupil's family."""
    return Household.objects.filter(pk__in=pupil.parent_carers.values("household"))


def household_of(pupil: Pupil, household_id: UUID) -> Household:
    """One home of a pupil's family. Raises Http404."""
    return get_object_or_404(households_of(pupil), pk=household_id)


def restriction_of(pupil: Pupil, restriction_id: UUID) -> Restriction:
    """A restriction on a pupil's record. Raises Http404."""
    return get_object_or_404(pupil.restrictions, pk=restriction_id)


def invitation_to(pupil: Pupil, invitation_id: UUID) -> Invitation:
    """An invitation to a pupil that waits. Raises Http404."""
    return get_object_or_404(invitations.waiting_for(pupil), pk=invitation_id)


def setting_coordinated(person: User, setting_id: UUID, at: datetime) -> Setting:
    """A setting that a person coordinates; for anybody else there is none. Raises Http404."""
    return get_object_or_404(policy.settings_coordinated(person, at), pk=setting_id)


def term_of(setting: Setting, term_id: UUID) -> Term:
    """A term of a setting. Raises Http404."""
    return get_object_or_404(setting.terms, pk=term_id)


def class_in(setting: Setting, class_id: UUID) -> ClassGroup:
    """A class of a setting. Raises Http404."""
    return get_object_or_404(ClassGroup, setting=setting, pk=class_id)


def in_class(class_group: ClassGroup, by: policy.Person, at: datetime) -> QuerySet[Pupil]:
    """The pupils of a class around whom this SENCO can change something, by name."""
    return circle.in_class(class_group, at).filter(
        pk__in=policy.pupils_for(by, "edit_circle", at).values("pk")
    )


def other_classes(class_group: ClassGroup) -> QuerySet[ClassGroup]:
    """The other classes of its setting that are open, by name."""
    return classes_of_settings([class_group.setting]).exclude(pk=class_group.pk)


def taught(class_group: ClassGroup, person_id: UUID) -> User:
    """Somebody who ever taught a class. Raises Http404."""
    return get_object_or_404(User, pk__in=class_group.staff.values("person"), pk=person_id)


def colleagues_of(person: User, at: datetime) -> set[UUID]:
    """Who works, or worked, at the settings that a person coordinates; they themselves among them: 1 query."""
    here = policy.settings_coordinated(person, at)
    return set(User.objects.filter(memberships__setting__in=here).values_list("pk", flat=True))


def staff_of(setting: Setting, at: datetime) -> QuerySet[User]:
    """The people who work in a setting at an instant, by name."""
    memberships = setting.memberships.filter(accounts_policy.live(at))
    return User.objects.filter(pk__in=memberships.values("person"), is_active=True).order_by("name")


def not_signed_up(pupil: Pupil) -> QuerySet[ParentCarer]:
    """The adults of a pupil's family who have no sign-in, by name."""
    return pupil.parent_carers.filter(Q(person=None) | Q(person__email=None))


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
