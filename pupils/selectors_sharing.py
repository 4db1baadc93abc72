"""What somebody asked for and what was shared with them, for their own pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from accounts.models import User

from . import policy
from .enums import Answer, Section
from .models import Choice, Pupil, SharingRequest
from .pages import TABS
from .requests import AGAIN_AFTER, last_day


@dataclass(frozen=True)
class Asked:
    """One thing somebody asked for and what they learn of it: nothing but that they wait, yes or no."""

    id: UUID
    pupil: Pupil
    section: Section
    asked_on: date
    answer: str  #: yes, no, or nothing while they wait
    open_now: bool

    @property
    def page(self) -> str:
        return PAGES[self.section]


#: The page of each section, by the name of its route.
PAGES = {section: page for section, page, _ in TABS}


def asked_by(person: User, at: datetime, pupil: Pupil | None = None) -> list[Asked]:
    """What a person asked for that waits, and the latest answers of the last weeks, of pupils they still stand near:
    2 queries. What they took back themselves is not told.
    """
    rows = SharingRequest.objects.filter(
        Q(answered_at=None) | Q(answered_at__gt=at - 2 * AGAIN_AFTER), asker=person
    ).select_related("pupil")
    if pupil is not None:
        rows = rows.filter(pupil=pupil)
    latest: dict[tuple[UUID, str], SharingRequest] = {}
    for row in rows.exclude(answered_by=person).order_by("asked_at"):
        latest[row.pupil_id, row.section] = row
    sights = policy.sights(person, [row.pupil for row in latest.values()], at)
    return [
        Asked(
            row.pk,
            row.pupil,
            Section(row.section),
            timezone.localdate(row.asked_at),
            row.answer,
            sights[row.pupil_id].sees(row.section),
        )
        for row in sorted(latest.values(), key=lambda row: row.asked_at, reverse=True)
        if sights[row.pupil_id].near
    ]


@dataclass(frozen=True)
class Open:
    """A section that is open to somebody: its page, its words, and the last day of it where it has one."""

    page: str
    text: str
    until: date | None


@dataclass(frozen=True)
class Opened:
    """A pupil near whom a visiting professional stands, and what is open to them."""

    pupil: Pupil
    parts: list[Open]
    writes_back: bool


def shared_home(person: User, pupils: list[Pupil], at: datetime) -> list[Opened]:
    """What was shared with a visiting professional of the pupils near whom they stand, those of whom something is open
    first: 3 queries, none of nobody.
    """
    sights = policy.sights(person, pupils, at)
    ends = ends_of(sights.values())
    found = [Opened(p, open_parts(sight, ends), sight.given) for p in pupils if (sight := sights[p.pk]).near]
    return sorted(found, key=lambda one: not one.parts)


def open_parts(sight: policy.Sight, ends: dict[tuple[UUID, str], datetime | None]) -> list[Open]:
    """The sections that are open to somebody, in the order of the tabs."""
    found = []
    for section, page, text in TABS:
        if sight.sees(section):
            end = ends.get((sight.pupil.pk, section.value))
            found.append(Open(page, str(text), last_day(end) if end else None))
    return found


def ends_of(sights: Iterable[policy.Sight]) -> dict[tuple[UUID, str], datetime | None]:
    """When what only a choice has opened to a person ends, by pupil and section: 2 queries for all of them.

    The end is that of the latest choice that names the person; a choice for all teachers is left unsaid.
    """
    chosen = {
        (sight.pupil.pk, section.value): sight
        for sight in sights
        for section, reasons in sight.reasons.items()
        if all(reason.chosen for reason in reasons)
    }
    if not chosen:
        return {}
    pupils = {pk for pk, _ in chosen}
    first = next(iter(chosen.values()))
    deciding = set(policy.deciding(first.at).filter(pk__in=pupils).values_list("pk", flat=True))
    rows = Choice.objects.filter(person=first.person.pk, pupil__in=pupils, starts_at__lte=first.at)
    found: dict[tuple[UUID, str], Any] = {}
    for row in rows.order_by("number"):
        counts = (row.voice == "young_person") == (row.pupil_id in deciding)
        if counts and (row.pupil_id, row.section) in chosen:
            found[row.pupil_id, row.section] = row.ends_at if row.answer == Answer.YES else None
    return found
