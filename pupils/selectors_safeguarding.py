"""What the pages about safeguarding disclosures, capacity and competence show. Who reads which is the policy's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policy import roles

from . import overrides, policy
from .enums import Ground, Section
from .models import Capacity, Competence, Override, Pupil

#: How many names a search gives, and how many disclosures that are over a list shows.
FOUND, OVER = 20, 20


@dataclass(frozen=True)
class Disclosure:
    """One disclosure as somebody who works with it reads it: where it stands, and what they may do to it."""

    row: Override
    state: str  #: waiting, open, over (it was open) or lapsed (it never was)
    parts: list[str]
    due: bool  #: whether telling the young person is to be looked at again by today
    safeguards: bool
    may_confirm: bool

    @property
    def untold(self) -> bool:
        """Something was opened, and the young person has not been told."""
        return self.row.told_at is None and self.state in ("open", "over")

    @property
    def may_end(self) -> bool:
        return (self.state == "open" and self.safeguards) or self.state == "waiting"

    @property
    def may_tell(self) -> bool:
        return self.safeguards and self.row.told_at is None and self.state != "lapsed"


@dataclass(frozen=True)
class Board:
    """What safeguarding asks of somebody, and what goes on. `leads` says that they lead it, not only confirm."""

    leads: bool
    waiting: list[Disclosure]
    again: list[Disclosure]
    open: list[Disclosure]
    over: list[Disclosure]
    found: list[Pupil] | None
    more: bool


def board(person: User, at: datetime, words: str = "") -> Board | None:
    """A safeguarding lead's or leader's first page; None for everybody else: 4 queries.

    What is to be looked at again stands there until it is answered, the longest overdue first.
    """
    held = set().union(*roles(person, at).values())
    if not held & policy.SECOND_PERSON:
        return None
    every = disclosures(policy.overrides_shown(person, at), person, at)
    again = [one for one in every if one.untold and one.safeguards]
    found = None
    if words:
        pupils = by_name(policy.pupils_safeguarded(person, at), words)
        found = list(pupils.order_by("family_name", "given_name", "pk")[: FOUND + 1])
    return Board(
        leads=bool(held & policy.SAFEGUARDING),
        waiting=[one for one in every if one.state == "waiting"],
        again=sorted(again, key=lambda one: (one.row.look_again_on or date.min, one.row.asked_at)),
        open=sorted((one for one in every if one.state == "open"), key=lambda one: one.row.ends_at),
        over=[one for one in every if one.state == "over"][:OVER],
        found=found[:FOUND] if found is not None else None,
        more=found is not None and len(found) > FOUND,
    )


def by_name(pupils: QuerySet[Pupil], words: str) -> QuerySet[Pupil]:
    """Those of whom each word begins a name."""
    for word in words.split():
        starts = Q(family_name__istartswith=word) | Q(given_name__istartswith=word)
        pupils = pupils.filter(starts | Q(known_as__istartswith=word))
    return pupils


def waits(person: User, at: datetime) -> int:
    """How many disclosures wait for this person: to be confirmed by them, or to be looked at again by today."""
    every = disclosures(policy.overrides_shown(person, at), person, at)
    return sum(one.may_confirm or (one.due and one.safeguards) for one in every)


def disclosures(rows: QuerySet[Override], person: User, at: datetime) -> list[Disclosure]:
    """Disclosures as this person reads them, the latest first: 1 query. Which ones are given by the policy."""
    mine = policy.pupils_safeguarded(person, at).filter(pk=OuterRef("pupil"))
    read = rows.select_related("pupil", "person", "asked_by", "confirmed_by", "ended_by")
    return [_disclosure(row, person, at) for row in read.annotate(safeguards=Exists(mine))]


def _disclosure(row: Any, person: User, at: datetime) -> Disclosure:
    gone = row.ends_at <= at or row.ended_at is not None
    if row.confirmed_at is None:
        state = "lapsed" if gone else "waiting"
    else:
        state = "over" if gone else "open"
    due = row.told_at is None and row.confirmed_at is not None and row.look_again_on <= timezone.localdate(at)
    may_confirm = state == "waiting" and person.pk not in (row.asked_by_id, row.person_id)
    return Disclosure(row, state, parts(row.sections), due, row.safeguards, may_confirm)


def parts(sections: Iterable[str]) -> list[str]:
    """Sections by the names that people read."""
    named = set(sections)
    return [section.label for section in Section if section in named]


def recipients(pupil: Pupil, at: datetime) -> tuple[QuerySet[User], dict[Any, str]]:
    """To whom a disclosure can open something, and what each is to the pupil: 5 queries."""
    kinds = {Ground.PARENT.value: _("parent carer"), Ground.TEACHES.value: _("teaches them")}
    near = policy.near(pupil, {*kinds, "professional"}, at)
    what = {p.pk: ", ".join(kinds.get(k, _("visiting professional")) for k in sorted(on)) for p, on in near}
    return overrides.recipients(pupil, at), what


@dataclass(frozen=True)
class Told:
    """A disclosure as the young person reads it, once they were told."""

    row: Override
    parts: list[str]
    now: bool


def told(sight: policy.Sight) -> list[Told]:
    """The disclosures that a young person was told of, the latest first: 1 query."""
    rows = policy.overrides_told(sight).select_related("asked_by")
    return [
        Told(row, parts(row.sections), row.ends_at > sight.at and row.ended_at is None)
        for row in rows.order_by("-confirmed_at")
    ]


@dataclass(frozen=True)
class Decision:
    """A capacity record, and whether it holds."""

    row: Capacity
    parts: list[str]
    now: bool


def decisions(sight: policy.Sight) -> list[Decision]:
    """The capacity records that this person reads, those in force first: 1 query."""
    today = timezone.localdate(sight.at)
    rows = policy.capacity_shown(sight).select_related("decider", "recorded_by", "ended_by")
    told = [
        Decision(row, parts(row.sections), row.ended_at is None and row.review_on > today) for row in rows
    ]
    return sorted(told, key=lambda one: not one.now)


def competence(sight: policy.Sight) -> list[Competence]:
    """Every record about competence, the latest first: 1 query."""
    return list(sight.pupil.competence_records.select_related("recorded_by"))


@dataclass(frozen=True)
class Named:
    """A pupil of whom a recorded decision opens something to somebody, and which parts."""

    pupil: Pupil
    parts: list[str]
    decides: bool  #: whether they make a decision for the young person


def named(person: User, at: datetime) -> list[Named]:
    """The pupils of whom a recorded decision opens something to this person now, by name: 2 queries, 1 if none."""
    today, of = timezone.localdate(at), {"pupil": OuterRef("pk")}
    opened = Override.objects.filter(**of, person=person, confirmed_at__lte=at, ends_at__gt=at)
    decided = Capacity.objects.filter(**of, decider=person, starts_at__lte=at, review_on__gt=today)
    decided = decided.exclude(ended_at__lte=at)
    rows = Pupil.objects.filter(Exists(opened.exclude(ended_at__lte=at)) | Exists(decided))
    pupils = list(rows.annotate(decided=Exists(decided)).order_by("family_name", "given_name", "pk"))
    seen = policy.sights(person, pupils, at)
    return [
        Named(pupil, parts(opened_here), bool(pupil.decided))  # type: ignore[attr-defined]
        for pupil in pupils
        if (
            opened_here := [
                s for s in seen[pupil.pk].sections if Ground.OVERRIDE in seen[pupil.pk].grounds(s)
            ]
        )
    ]
