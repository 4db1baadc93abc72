"""What homes hear, for a SENCO: how much, with a good thing or without, and whether a home writes back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from apdr.enums import Perspective
from pupils import access, policy, restrictions
from pupils.enums import Section, Way
from pupils.models import Pupil

from .models import Update

PAGE = 25
#: What is counted: so long back, and about a term.
LATELY, TERM = timedelta(weeks=4), timedelta(weeks=12)

#: What a list can be narrowed to, in words for some number of pupils.
FLAGS = {
    "nothing": _lazy("with a home that heard nothing in 4 weeks"),
    "hard": _lazy("with a home that heard no good thing in 12 weeks"),
}


@dataclass(frozen=True)
class Home:
    """What one home of a pupil heard and wrote: numbers of updates, in 4 weeks and in 12."""

    name: str
    lately: int
    good: int
    without: int
    wrote: int

    @property
    def heard(self) -> int:
        return self.good + self.without

    @property
    def nothing(self) -> bool:
        return self.lately == 0

    @property
    def hard(self) -> bool:
        """Whether all that it heard was without a good thing."""
        return self.good == 0 and self.without > 0

    @property
    def bar(self) -> list[dict[str, Any]]:
        """The picture: a part for each kind, `x` and `width` in a hundred parts; all of it at most 24 updates."""
        parts, x = [], 0.0
        scale = 100 / max(24, self.heard + self.wrote)
        for kind, number in (("good", self.good), ("without", self.without), ("wrote", self.wrote)):
            if number:
                parts.append({"kind": kind, "x": round(x, 2), "width": round(number * scale - 0.6, 2)})
                x += number * scale
        return parts


@dataclass(frozen=True)
class Row:
    """A pupil and their homes. `decides`: what homes read is the young person's choice, and they are not counted."""

    pupil: Pupil
    homes: list[Home]
    decides: bool


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    after: str
    earlier: bool


def _days(at: datetime) -> tuple[date, date]:
    today = timezone.localdate(at)
    return today - LATELY, today - TERM


def _flagged(person: User, at: datetime) -> QuerySet[Any]:
    """Everybody whom this person coordinates, with whether a home heard nothing, or no good thing."""
    lately, term = _days(at)
    told = Update.objects.filter(
        Q(household=None) | Q(household=OuterRef("household")),
        pupil=OuterRef("pupil"),
        perspective=Perspective.STAFF,
        on__gt=term,
    )
    carers = restrictions.let_in(at).filter(pupil=OuterRef("pk"))
    return (
        policy.pupils_for(person, "coordinate", at)
        .annotate(decides=Exists(policy.deciding(at).filter(pk=OuterRef("pk"))))
        .annotate(
            hears_nothing=Exists(carers.exclude(Exists(told.filter(on__gt=lately)))),
            hears_hard=Exists(carers.filter(Exists(told)).exclude(Exists(told.exclude(good_thing="")))),
        )
    )


def _where(flag: str) -> Q:
    return Q(decides=False, **{f"hears_{flag}": True})


def counts(person: User, at: datetime) -> dict[str, int]:
    """How many pupils there are, as `all`, and how many each flag is true of: 2 queries."""
    told: dict[str, int] = _flagged(person, at).aggregate(
        all=Count("pk"), **{flag: Count("pk", filter=_where(flag)) for flag in FLAGS}
    )
    return told


def page(person: User, at: datetime, *, flag: str = "", after: str = "", way: Way = Way.PAGE) -> Page:
    """The next pupils by family name, 25 at a time, each with their homes: 6 queries, and 1 after the first page.

    That this person saw what is counted of each is written down. Raises ValueError for an `after` that no page gave.
    """
    everybody = found = _flagged(person, at)
    if flag:
        found = found.filter(_where(flag))
    if after:
        # Only from one's own list: another's id would tell where in the alphabet that pupil stands.
        key = everybody.filter(pk=UUID(after)).values_list("family_name", "given_name", "pk").first()
        if key is None:
            raise ValueError("not a page of this list")
        family, given, pk = key
        found = found.filter(
            Q(family_name__gt=family)
            | Q(family_name=family, given_name__gt=given)
            | Q(family_name=family, given_name=given, pk__gt=pk)
        )
    pupils = list(found.order_by("family_name", "given_name", "pk")[: PAGE + 1])
    shown = pupils[:PAGE]
    homes = _homes([one.pk for one in shown if not one.decides], at)
    sights = policy.sights(person, [one for one in shown if not one.decides], at)
    access.write_down_each(((sight, [Section.UPDATES]) for sight in sights.values()), way)
    rows = [Row(one, homes.get(one.pk, []), one.decides) for one in shown]
    return Page(rows, str(shown[-1].pk) if len(pupils) > PAGE else "", bool(after))


def _homes(pupils: Iterable[UUID], at: datetime) -> dict[UUID, list[Home]]:
    """The homes of these pupils by name, each with its numbers: 2 queries."""
    ids = list(pupils)
    lately, term = _days(at)
    named = (
        restrictions.let_in(at)
        .filter(pupil__in=ids, household__isnull=False)
        .values_list("pupil", "household", "household__name")
        .order_by("household__name", "household")
        .distinct()
    )
    staff, good = Q(perspective=Perspective.STAFF), ~Q(good_thing="")
    counted = (
        Update.objects.filter(pupil__in=ids, on__gt=term)
        .values("pupil", "household")
        .order_by()
        .annotate(
            lately=Count("pk", filter=staff & Q(on__gt=lately)),
            good=Count("pk", filter=staff & good),
            without=Count("pk", filter=staff & ~good),
            wrote=Count("pk", filter=Q(perspective=Perspective.PARENT)),
        )
    )
    numbers: dict[tuple[UUID, UUID | None], dict[str, int]] = {
        (one["pupil"], one["household"]): one for one in counted
    }
    found: dict[UUID, list[Home]] = {}
    for pupil, household, name in named:
        both = [numbers.get((pupil, key), {}) for key in (household, None)]
        total = {key: sum(part.get(key, 0) for part in both) for key in ("lately", "good", "without")}
        wrote = both[0].get("wrote", 0)
        found.setdefault(pupil, []).append(Home(name, wrote=wrote, **total))
    return found
