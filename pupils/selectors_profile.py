"""One-page profiles with their versions, and who looked at a record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from . import policy
from .enums import Ground, Section, Way
from .models import Profile

PAGE = 40


@dataclass(frozen=True)
class Profiles:
    """The profile that is read, and the numbers and days of the others."""

    profile: Profile | None
    others: list[Profile]
    latest: bool


def profiles(sight: policy.Sight, number: int | None = None) -> Profiles:
    """The latest one-page profile, or an earlier version of it: 1 query. Raises Http404 for one that is not."""
    every = list(sight.pupil.profiles.select_related("written_by"))
    chosen = next((p for p in every if p.number == number), None) if number else next(iter(every), None)
    if number and chosen is None:
        raise Http404
    return Profiles(chosen, [p for p in every if p is not chosen], chosen is None or chosen is every[0])


@dataclass(frozen=True)
class Looked:
    """Looks of one person at the same parts on one day, in words."""

    name: str
    why: str
    parts: str
    how: str
    last: datetime
    times: int


@dataclass(frozen=True)
class Looks:
    rows: list[Looked]
    after: str
    earlier: bool


_WHY = {
    Ground.OWN: "it is their own record",
    Ground.COORDINATES: "they are the SENCO",
    Ground.TEACHES: "they teach {name}",
    Ground.PARENT: "they are {name}’s parent carer",
    Ground.SHARED: "it was shared with them",
    Ground.OVERRIDE: "a recorded decision names them",
}
_PARTS = {
    Section.PROFILE: "the profile",
    Section.NEEDS: "strengths and needs",
    Section.PLAN: "the plan",
    Section.STRATEGIES: "what helps",
    Section.FUNDING: "the funding",
    Section.VIEWS: "what was said",
    Section.REVIEWS: "the reviews",
    Section.UPDATES: "home and school",
}
_HOW = {
    Way.PAGE: "",
    Way.API: "through another program",
    Way.PRINT: "to print it",
    Way.PREVIEW: "to see what somebody else sees",
    Way.FILE: "as a file",
    Way.SENT: "in a message that was sent",
    Way.AUTOMATIC: "automatically",
}


def looks(sight: policy.Sight, after: str = "") -> Looks:
    """Who looked at a pupil's record, newest first: 1 query a page; `after` is what the page before gave.

    Whose looks somebody reads of is the policy's.
    """
    found = policy.looks_shown(sight).exclude(sections=[]).select_related("person")
    if start := _start(after):
        at, pk = start
        found = found.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
    rows = list(found.order_by("-at", "-pk")[: PAGE + 1])
    more, shown = len(rows) > PAGE, rows[:PAGE]
    last = f"{shown[-1].at.isoformat()}_{shown[-1].pk}" if more else ""
    return Looks(_folded(shown, sight.pupil.called), last, bool(start))


def _start(after: str) -> tuple[datetime, UUID] | None:
    """Where the page before ended; nothing for an address that no page gave."""
    at, _, pk = after.partition("_")
    try:
        found = datetime.fromisoformat(at), UUID(pk)
    except ValueError:
        return None
    return found if timezone.is_aware(found[0]) else None


def _folded(rows: list[Any], name: str) -> list[Looked]:
    """Looks that follow each other, by the same person, at the same parts, on the same day, as one line."""
    told: list[tuple[tuple[Any, ...], Looked]] = []
    for row in rows:
        key = (row.person_id, tuple(row.sections), row.way, timezone.localdate(row.at))
        if told and told[-1][0] == key:
            first = told[-1][1]
            told[-1] = key, Looked(first.name, first.why, first.parts, first.how, first.last, first.times + 1)
            continue
        parts = [_PARTS[Section(s)] for s in row.sections]
        why = _WHY[Ground(row.grounds[0])].format(name=name)
        told.append((key, Looked(row.person.called, why, _and(parts), _HOW[Way(row.way)], row.at, 1)))
    return [looked for _, looked in told]


def _and(parts: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
