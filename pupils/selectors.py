"""What pages about pupils and their classes show."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import Setting
from .enums import Section
from .models import ClassGroup, Profile, Pupil
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
