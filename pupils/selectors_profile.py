"""One-page profiles with their versions."""

from dataclasses import dataclass

from django.http import Http404

from . import policy
from .models import Profile


@dataclass(frozen=True)
class Profiles:
    """The profile that is read, and the numbers and days of the others."""

    profile: Profile | None
    others: list[Profile]
    latest: bool


def profiles(sight: policy.Sight, number: int | None = None) -> Profiles:
    """The latest one-page profile, or an earlier version of it: 1 query. Raises Http404 for one that is not."""
    every = list(sight.pupil.profiles.select_related("written_by", "picture"))
    chosen = next((p for p in every if p.number == number), None) if number else next(iter(every), None)
    if number and chosen is None:
        raise Http404
    return Profiles(chosen, [p for p in every if p is not chosen], chosen is None or chosen is every[0])
