"""Who looked at a record, in words: who and what they were then, which parts, why they could, and by which way."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User

from . import policy
from .access import KEPT
from .enums import Ground, Section, Way
from .models import AccessLog

PAGE = 40

#: The parts of a record as they stand in a sentence.
PARTS = {
    Section.PROFILE: _lazy("the profile"),
    Section.NEEDS: _lazy("strengths and needs"),
    Section.PLAN: _lazy("the plan"),
    Section.STRATEGIES: _lazy("what helps"),
    Section.FUNDING: _lazy("the funding"),
    Section.VIEWS: _lazy("what was said"),
    Section.REVIEWS: _lazy("the reviews"),
    Section.UPDATES: _lazy("home and school"),
}

#: What each way out did, around the parts it showed; and the word that marks it, but for a page opened by hand.
_DID = {
    Way.PAGE: (_lazy("opened {parts}"), ""),
    Way.API: (_lazy("opened {parts} through another program"), _lazy("Program")),
    Way.PRINT: (_lazy("printed {parts}"), _lazy("On paper")),
    Way.PREVIEW: (_lazy("looked at {parts} as {other} sees it"), _lazy("Preview")),
    Way.FILE: (_lazy("took {parts} as a file"), _lazy("File")),
    Way.SENT: (_lazy("was sent {parts}"), _lazy("Sent")),
    Way.CALENDAR: (_lazy("had {parts} read by their calendar, and did not look"), _lazy("By itself")),
    Way.AUTOMATIC: (_lazy("had {parts} read by a program, and did not look"), _lazy("By itself")),
}


@dataclass(frozen=True)
class Looked:
    """Looks of one person at the same parts by the same way on one day, in words."""

    name: str
    role: str
    did: str
    label: str
    why: str
    last: datetime
    times: int


@dataclass(frozen=True)
class Looks:
    rows: list[Looked]
    after: str
    earlier: bool


def shown(sight: policy.Sight) -> QuerySet[AccessLog]:
    """The looks that this person may read, of those that showed a part; whose they are is the policy's."""
    return policy.looks_shown(sight).exclude(sections=[]).select_related("person", "seen_as")


def as_told(sight: policy.Sight, rows: list[AccessLog]) -> list[AccessLog]:
    """Looks as this person reads them. That somebody decides for the young person is told to whoever reads the record of
    that (`policy.capacity_shown`); to others it was shared with them. A disclosure is in none of these rows.
    """
    if not sight.grounds(Section.PROFILE) & {Ground.OWN, Ground.COORDINATES}:
        for row in rows:
            if row.person_id != sight.person.pk:
                row.grounds = [Ground.SHARED if one == Ground.OVERRIDE else one for one in row.grounds]
    return rows


def people(sight: policy.Sight) -> QuerySet[User]:
    """Whose looks this person may read of, by name."""
    return User.objects.filter(pk__in=shown(sight).order_by().values("person")).order_by("name", "pk")


def looks(
    sight: policy.Sight,
    after: str = "",
    person: User | None = None,
    part: Section | str = "",
    *,
    own: bool = True,
) -> Looks:
    """Who looked at a pupil's record, newest first: 1 query a page; `after` is what the page before gave.

    Without `own`, and where nobody is asked for by name, the reader's own looks are left out: they bury the others.
    """
    found = shown(sight)
    if person is not None:
        found = found.filter(person=person)
    elif not own:
        found = found.exclude(person=sight.person)
    if part:
        found = found.filter(sections__contains=[part])
    if start := _start(after):
        at, pk = start
        found = found.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
    rows = list(found.order_by("-at", "-pk")[: PAGE + 1])
    more, here = len(rows) > PAGE, rows[:PAGE]
    last = f"{here[-1].at.isoformat()}_{here[-1].pk}" if more else ""
    return Looks(_folded(as_told(sight, here), sight.pupil.called), last, bool(start))


def _start(after: str) -> tuple[datetime, UUID] | None:
    """Where the page before ended; nothing for an address that no page gave."""
    at, __, pk = after.partition("_")
    try:
        found = datetime.fromisoformat(at), UUID(pk)
    except ValueError:
        return None
    return found if timezone.is_aware(found[0]) else None


def _folded(rows: Iterable[AccessLog], name: str) -> list[Looked]:
    """Looks that follow each other, by the same person, at the same parts, on the same day, as one line."""
    told: list[tuple[tuple[Any, ...], Looked]] = []
    for row in rows:
        key = (row.person_id, tuple(row.sections), row.way, row.seen_as_id, timezone.localdate(row.at))
        if told and told[-1][0] == key:
            told[-1] = key, replace(told[-1][1], times=told[-1][1].times + 1)
            continue
        told.append((key, in_words(row, name)))
    return [looked for __, looked in told]


def in_words(row: AccessLog, name: str) -> Looked:
    """One look, in words; `name` is what the pupil is called."""
    did, label = (str(words) for words in _DID[Way(row.way)])
    other = row.seen_as.called if row.seen_as else _("somebody else")
    parts = _and([str(PARTS[Section(section)]) for section in row.sections])
    said = did.format(parts=parts, other=other)
    return Looked(row.person.called, role(row), said, label, why(row, name), row.at, 1)


def _reasons(row: AccessLog) -> list[tuple[Ground, str, bool]]:
    """Each ground that counted, through what, and whether only a choice opened it; each once."""
    via = row.via or [""] * len(row.grounds)
    chosen = row.by_choice or [False] * len(row.grounds)
    found = zip(map(Ground, row.grounds), via, chosen, strict=True)
    return list(dict.fromkeys(found))


def role(row: AccessLog) -> str:
    """What somebody was, then: such as "SENCO" or "teacher of 9B"; nothing where it was their own record."""
    return _and(list(dict.fromkeys(filter(None, (_role(ground, via) for ground, via, __ in _reasons(row))))))


def _role(ground: Ground, via: str) -> str:
    match ground:
        case Ground.OWN:
            return ""
        case Ground.COORDINATES:
            return "SENCO"
        case Ground.TEACHES:
            return _("teacher of %(via)s") % {"via": via} if via else _("key adult")
        case Ground.PARENT:
            return _("parent carer")
        case Ground.SHARED:
            return _("helper it was shared with")
        case Ground.OVERRIDE:
            return _("named in a recorded decision")


def why(row: AccessLog, name: str) -> str:
    """Why they could, as words after "They could because"."""
    return _and([_why(*reason, name) for reason in _reasons(row)])


def _why(ground: Ground, via: str, chosen: bool, name: str) -> str:
    told = {
        Ground.OWN: _("it is their own record"),
        Ground.COORDINATES: (
            _("they are the SENCO at %(setting)s") % {"setting": via} if via else _("they are the SENCO")
        ),
        Ground.TEACHES: (
            _("they teach %(name)s in %(group)s") % {"name": name, "group": via}
            if via
            else _("they teach %(name)s") % {"name": name}
        ),
        Ground.PARENT: _("they are %(name)s’s parent carer") % {"name": name},
        Ground.SHARED: _("it was shared with them"),
        Ground.OVERRIDE: _("a recorded decision names them"),
    }[ground]
    if ground is Ground.PARENT and via == KEPT:
        return _("they keep the plans that they had before")
    return (
        _("%(told)s and it was shared with them") % {"told": told}
        if chosen and ground is not Ground.SHARED
        else told
    )


def _and(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return _("%(most)s and %(last)s") % {"most": ", ".join(parts[:-1]), "last": parts[-1]}
