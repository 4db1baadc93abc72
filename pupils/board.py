"""The board of choices: for each person near a pupil, what they can see, why, until when, and what was answered."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Invitation, User

from . import choices, policy, second_thoughts
from .choices import Speaking
from .enums import Answer, Ground, Section, To, Voice
from .models import Capacity, Choice, Pupil
from .policy import Reason
from .second_thoughts import Whom, WrittenDown

#: What the group of all teachers is called in an address.
TEACHERS = "teachers"


@dataclass(frozen=True)
class Line:
    """One section for one recipient. `state`: yes, kept (open without a choice), ask, no, over, or "" for no answer."""

    section: Section
    state: str
    choice: Choice | None = None
    group: bool = False  #: open as one of all who teach them
    told: bool = True  #: whether this reader may read what a choice was for
    role: str = ""  #: for what is kept other than by work: what it is that opens it

    @property
    def until(self) -> date | None:
        """The last day, of a yes that has one."""
        ends_at = self.choice.ends_at if self.choice else None
        return choices.last_day(ends_at) if ends_at else None

    @property
    def purpose(self) -> str:
        return self.choice.purpose if self.choice and self.told else ""


@dataclass(frozen=True)
class Card:
    """A recipient and their lines, one for each section that the reader's choices are about."""

    key: str
    whom: Whom
    name: str
    role: str
    kinds: frozenset[str]
    lines: list[Line]

    def of(self, *states: str) -> list[Line]:
        return [line for line in self.lines if line.state in states]

    @property
    def yes(self) -> list[Line]:
        return self.of("yes")

    @property
    def kept(self) -> list[Line]:
        return self.of("kept")

    @property
    def at_work(self) -> list[Line]:
        """What is kept because of their work."""
        return [line for line in self.kept if not line.role]

    @property
    def otherwise(self) -> list[Line]:
        """What is open without a choice and not because of their work, such as to who decides."""
        return [line for line in self.kept if line.role]

    @property
    def ask(self) -> list[Line]:
        return self.of("ask")

    @property
    def no(self) -> list[Line]:
        return self.of("no", "over")

    @property
    def kind(self) -> To:
        return To.PERSON if self.whom.person else To.INVITED if self.whom.invitation else To.TEACHERS

    @property
    def needs_an_end(self) -> bool:
        """Whether a yes must say until when: to somebody who is only a visiting professional."""
        return self.kinds == {"professional"}


@dataclass(frozen=True)
class Board:
    """`begins` is the day from which this counts, where it is still to come. `known` are the numbers of the sheets that its
    reader can know of, in turn; None where that is all of them, up to `last`.
    """

    sight: policy.Sight
    voice: Voice
    speaks: Speaking | None
    begins: date | None
    last: int
    known: list[int] | None
    cards: list[Card]
    kept: list[Section] = field(default_factory=list)
    sencos: list[str] = field(default_factory=list)
    to_confirm: list[WrittenDown] = field(default_factory=list)
    decided: list[Capacity] = field(default_factory=list)

    @property
    def pupil(self) -> Pupil:
        return self.sight.pupil

    @property
    def number(self) -> int:
        """What its reader is told of how far the sheets have come: for `after`."""
        return self.last if self.known is None else len(self.known)

    def after(self, number: int) -> int:
        """The sheet that a form was built on, by the number that its reader was told."""
        if self.known is None:
            return number
        return self.known[min(number, len(self.known)) - 1] if number and self.known else 0

    def told(self, sheet: int) -> int:
        """What its reader is told of a sheet that was made since."""
        return sheet if self.known is None else bisect_left(self.known, sheet) + 1

    @property
    def groups(self) -> list[tuple[str, list[Card]]]:
        """The cards as a page shows them: family, teachers and helpers from outside."""
        alone = [c for c in self.cards if c.kind is To.PERSON]
        family = [c for c in alone if Ground.PARENT.value in c.kinds]
        teaching = [c for c in alone if Ground.TEACHES.value in c.kinds and c not in family]
        outside = [
            c for c in self.cards if c not in family and c not in teaching and c.kind is not To.TEACHERS
        ]
        return [("family", family), ("teaching", teaching), ("outside", outside)]

    @property
    def everyone_who_teaches(self) -> Card | None:
        return self.card(TEACHERS)

    @property
    def anything_open(self) -> bool:
        return any(card.yes for card in self.cards)

    def card(self, key: str) -> Card | None:
        return next((card for card in self.cards if card.key == key), None)


def board(sight: policy.Sight, voice: Voice | None = None) -> Board:
    """What somebody who makes or reads choices is shown: at most 10 queries, 11 for whoever reads a part, however many
    are near.

    Before the day it is what will hold on the day, by the same rule. Raises NotThisSection for anybody else.
    """
    pupil, at = sight.pupil, sight.at
    speaks = choices.speaking(sight, voice)
    if speaks is None and not choices.reads_all(sight):
        raise policy.NotThisSection(pupil)
    spoken = speaks.voice if speaks else voice or Voice.YOUNG_PERSON
    begins = None
    if spoken is Voice.YOUNG_PERSON:
        begins = speaks.begins if speaks else policy.decides_from(pupil, at)
    begins = begins if begins and begins > timezone.localdate(at) else None
    then = timezone.make_aware(datetime.combine(begins, time())) if begins else at
    scope = sorted(speaks.sections | speaks.closes if speaks else set(Section), key=list(Section).index)
    latest = choices.in_force(pupil, spoken, then)
    seen = policy.people_by_section(pupil, list(Section), then)
    open_now = {
        (person.pk, section): reason
        for section, people in seen.items()
        for person, reason in policy.told_of(people)
    }
    day = timezone.localdate(then)
    records = [record for record in (speaks.records if speaks else ()) if record.review_on > day]
    whole = choices.reads_all(sight)
    kept = [s for s in Section if any(_kept_by_school(r) for __, r in seen[s])]

    def lines(whom: Whom, kinds: set[str]) -> list[Line]:
        return [
            _line(section, whom, kinds, latest, open_now, records, sight, then, whole, kept)
            for section in scope
        ]

    cards = [
        Card(key, whom, name, role, frozenset(kinds), lines(whom, kinds))
        for key, whom, name, role, kinds in _recipients(
            pupil, spoken, at, sight.may("choose"), _invited(sight, speaks, latest, scope)
        )
    ]
    near = {pk: card.kinds for card in cards if (pk := _key(card.whom))}
    return Board(
        sight=sight,
        voice=spoken,
        speaks=speaks,
        begins=begins,
        last=max((row.number for row in latest.values()), default=0),
        known=None if whole else _known(sight, spoken, scope),
        cards=cards,
        kept=kept,
        sencos=sorted(p.called for p, r in seen[Section.PROFILE] if r.ground is Ground.COORDINATES),
        to_confirm=second_thoughts.to_confirm(latest.values(), speaks, near, then)
        if sight.may("choose")
        else [],
        decided=records if sight.may("choose") else [],
    )


def _known(sight: policy.Sight, voice: Voice, scope: list[Section]) -> list[int]:
    about = sight.pupil.choices.filter(voice=voice, section__in=scope).order_by("number")
    return list(about.values_list("number", flat=True).distinct())


def _kept_by_school(reason: Reason) -> bool:
    return reason.ground is Ground.TEACHES and not reason.chosen


def _key(whom: Whom) -> UUID | None:
    return whom.person.pk if whom.person else whom.invitation.pk if whom.invitation else None


def _recipients(
    pupil: Pupil, voice: Voice, at: datetime, own: bool, invited: Iterable[Invitation]
) -> Iterator[tuple[str, Whom, str, str, set[str]]]:
    """Whom choices with this voice can name: key, recipient, name, what they are, and the grounds behind that."""
    ours = voice is Voice.YOUNG_PERSON
    near = choices.recipients(pupil, at)
    if ours and any(Ground.TEACHES.value in kinds for __, kinds in near):
        all_of_them = _("Everybody who teaches me") if own else _("Everybody who teaches them")
        yield TEACHERS, Whom(), all_of_them, "", {Ground.TEACHES.value}
    for person, kinds in near:
        if ours or "professional" in kinds:
            yield str(person.pk), Whom(person), person.name, _role(kinds), kinds
    for invitation in invited:
        name = invitation.name or invitation.email
        yield str(invitation.pk), Whom(None, invitation), name, _("invited, not here yet"), {"professional"}


def _invited(
    sight: policy.Sight, speaks: Speaking | None, latest: dict[tuple[Any, str], Choice], scope: list[Section]
) -> Iterator[Invitation]:
    """Who was invited and has not come yet. Whoever decides about some parts alone is told of those whom they invited, or
    to whom something was chosen about these parts.
    """
    for invitation in choices.invited(sight.pupil, sight.at).order_by("name", "email"):
        chosen = any((invitation.pk, section.value) in latest for section in scope)
        if not (speaks and speaks.capacity) or chosen or invitation.invited_by_id == sight.person.pk:
            yield invitation


def _role(kinds: set[str]) -> str:
    words = {
        Ground.PARENT.value: _("parent carer"),
        Ground.TEACHES.value: _("teacher"),
        "professional": _("helper from outside"),
    }
    return _(" and ").join(word for kind, word in words.items() if kind in kinds)


def _line(
    section: Section,
    whom: Whom,
    kinds: set[str],
    latest: dict[tuple[Any, str], Choice],
    open_now: dict[tuple[UUID, Section], Reason],
    records: list[Capacity],
    sight: policy.Sight,
    then: datetime,
    whole: bool,
    kept: list[Section],
) -> Line:
    """What the rule says of a person; what was answered, of a group or of somebody who is not here yet."""
    named = latest.get((_key(whom), section.value))
    to_all = latest.get((None, section.value)) if Ground.TEACHES.value in kinds else None

    def told(choice: Choice | None) -> bool:
        return whole or choice is None or choice.sheet.given_by_id == sight.person.pk

    if whom.person is None:
        holds = named is not None and choices.lasts(named, then) and _still_decides(named, records)
        if not holds and whom.invitation is None and section in kept:
            return Line(section, "kept")
        return Line(section, "yes" if holds else _answered(named), named, told=told(named))
    reason = open_now.get((whom.person.pk, section))
    if reason is None:
        closed = named if named is not None else to_all
        return Line(section, _answered(closed), closed, told=told(closed))
    if not reason.chosen:
        return Line(section, "kept", role="" if reason.ground is Ground.TEACHES else reason.role)
    by_name = named is not None and choices.lasts(named, then)
    choice = named if by_name else to_all
    return Line(section, "yes", choice, group=not by_name, told=told(choice))


def _still_decides(choice: Choice, records: list[Capacity]) -> bool:
    return choice.capacity_id is None or any(
        record.pk == choice.capacity_id and choice.section in record.sections for record in records
    )


def _answered(choice: Choice | None) -> str:
    """The answer that stands where nothing is open: a yes is over, or was taken back with that to all."""
    if choice is None:
        return ""
    return "over" if choice.answer == Answer.YES else str(choice.answer)


PAGE = 25


@dataclass(frozen=True)
class Sheets:
    """A page of sheets, newest first; `before` is where the next page goes on, or nothing."""

    rows: list[Any]
    before: int | None


def sheets(sight: policy.Sight, before: int | None = None) -> Sheets:
    """The sheets this person may read, with their choices: 2 queries."""
    found = choices.sheets_shown(sight).select_related(
        "given_by", "recorded_by", "confirms", "capacity__decider"
    )
    if before is not None:
        found = found.filter(counted__lt=before)
    rows: list[Any] = list(
        found.prefetch_related("choices__person", "choices__invitation").order_by("-number")[: PAGE + 1]
    )
    shown = rows[:PAGE]
    return Sheets(shown, shown[-1].counted if len(rows) > PAGE else None)


def user_of(pupil: Pupil, at: datetime) -> User | None:
    """The young person themselves, where they have a sign-in."""
    return next((person for person, __ in policy.near(pupil, {Ground.OWN.value}, at)), None)


def parents_of(sight: policy.Sight) -> QuerySet[User]:
    """The parent carers who can have said something before hand-over, by name."""
    near = policy.near(sight.pupil, {Ground.PARENT.value}, sight.at)
    return User.objects.filter(pk__in=[person.pk for person, __ in near]).order_by("name")
