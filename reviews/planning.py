"""The times that are proposed for what a SENCO asks, as they stand in the forms that confirm them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from accounts.models import Setting, User
from accounts.open_days import open_days

from . import good_times
from . import selectors_planner as planner
from .forms_planner import AskForm, TimeForm
from .scheduling import AT_ONCE
from .slots import LONDON, Wanted, propose


@dataclass(frozen=True)
class Line:
    """One pupil, the form with the time of their review, and what is good to know beside it."""

    row: planner.Row
    form: TimeForm
    good_times: list[tuple[str, str]]
    found: bool

    @property
    def outside(self) -> list[str]:
        """Those for whom the time as it stands lies outside what they said suits them."""
        slot = self._slot
        if slot is None:
            return []
        return [who for who, words in self.good_times if good_times.outside(good_times.read(words), *slot)]

    @property
    def _slot(self) -> tuple[datetime, datetime] | None:
        """The time that stands in the form, in London: what was typed, where it is a time, or what is proposed."""
        form = self.form
        checked = (
            form.is_bound and form.picked and form.errors is not None
        )  # which makes what was typed clean
        values = form.cleaned_data if checked else form.initial
        day, at, minutes = (values.get(name) for name in ("day", "time", "minutes"))
        if day is None or at is None or minutes is None:
            return None
        starts_at = datetime.combine(day, at, tzinfo=LONDON)
        return starts_at, starts_at + timedelta(minutes=minutes)


@dataclass(frozen=True)
class Proposals:
    """The lines, how many pupils there are beyond them, and whose plan was closed since the page was opened."""

    lines: list[Line]
    further: int = 0
    closed: list[str] = field(default_factory=list)

    @property
    def without(self) -> int:
        return sum(not line.found for line in self.lines)

    @property
    def forms(self) -> dict[UUID, TimeForm]:
        return {line.row.cycle_id: line.form for line in self.lines if line.row.cycle_id}


def proposals(ask: AskForm, by: User, at: datetime, settings: Sequence[Setting]) -> Proposals:
    """A free time for each pupil that is asked about and whose review has none: 8 queries."""
    typed = ask.cleaned_data
    narrowed: dict[str, Any] = {
        "class": {"class_id": typed["group"]},
        "year": {"year_group": typed["year"]},
    }.get(typed["whom"], {})
    owed = planner.rows(planner.held_by(by, at), at, settings=settings, **narrowed)
    waiting = [row for row in owed if row.cycle_id and row.review is None]
    rows = waiting[:AT_ONCE]
    around = planner.around([row.pupil for row in rows], at)
    there = {row.pupil.pk: _there(ask, around[row.pupil.pk], by) for row in rows}
    days = {
        s.pk: open_days(max(typed["first"], _tomorrow(at)), typed["last"], s.terms.all()) for s in settings
    }
    wanted = [
        Wanted(
            row.cycle_id,
            row.setting.pk,
            days[row.setting.pk],
            there[row.pupil.pk],
            row.owed.by,
            [good_times.read(words) for _, words in around[row.pupil.pk].good_times],
        )
        for row in rows
        if row.cycle_id
    ]
    people = {person for one in wanted for person in one.people}
    taken = planner.taken({row.setting.pk for row in rows}, people, typed["first"], typed["last"])
    found = propose(wanted, ask.offer, taken, at)
    choices = _choices(ask, by, settings, at)
    lines = []
    for number, row in enumerate(rows):
        slot = found.get(row.cycle_id) if row.cycle_id else None
        initial: dict[str, Any] = {"minutes": typed["minutes"], "pick": slot is not None}
        if slot is not None:
            when = timezone.localtime(slot.starts_at, LONDON)
            initial |= {"day": when.date(), "time": when.time(), "where": slot.where}
        here = around[row.pupil.pk]
        form = TimeForm(
            people=_named(choices, here, ask),
            prefix=str(number),
            initial={**initial, "people": [str(person) for person in there[row.pupil.pk]]},
        )
        lines.append(Line(row, form, here.good_times, slot is not None))
    return Proposals(lines, len(waiting) - len(rows))


def confirmed(post: Any, ask: AskForm, by: User, at: datetime, settings: Sequence[Setting]) -> Proposals:
    """The same lines with what was typed in them, numbered as they were sent. Raises Http404 for a cycle that is not this person's to review."""
    ids = [_id(text) for text in post.getlist("cycle")]
    held = planner.held_by(by, at)
    rows = planner.rows(held, at, settings=settings, cycles=ids)
    missing = set(ids) - {row.cycle_id for row in rows}
    closed = planner.closed_since(held, missing) if missing else []
    around = planner.around([row.pupil for row in rows], at)
    choices = _choices(ask, by, settings, at)
    lines = []
    place = {pk: number for number, pk in enumerate(ids)}
    for number, row in sorted(
        ((place[row.cycle_id], row) for row in rows if row.cycle_id), key=lambda pair: pair[0]
    ):
        here = around[row.pupil.pk]
        form = TimeForm(post, people=_named(choices, here, ask), prefix=str(number))
        lines.append(Line(row, form, here.good_times, True))
    return Proposals(lines, closed=closed)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def _tomorrow(at: datetime) -> date:
    return date.fromordinal(timezone.localdate(at).toordinal() + 1)


def _there(ask: AskForm, here: planner.Around, by: User) -> frozenset[UUID]:
    typed = ask.cleaned_data
    people = set(here.adults) if typed["teaches"] else set()
    people |= {by.pk} if typed["me"] else set()
    return frozenset(people | ({typed["also"]} if typed["also"] else set()))


def _choices(ask: AskForm, by: User, settings: Sequence[Setting], at: datetime) -> dict[UUID, str]:
    """Whom every review can have: oneself, and who was asked for, where they work at one of the settings."""
    also = ask.cleaned_data["also"]
    asked = planner.staff_of(settings, at).filter(pk=also) if also else []
    return {by.pk: by.called} | {person.pk: person.called for person in asked}


def _named(choices: dict[UUID, str], here: planner.Around, ask: AskForm) -> list[tuple[str, str]]:
    """Whom the review of one pupil can have: those who teach them where that was asked for."""
    teach = here.adults if ask.cleaned_data["teaches"] else {}
    return [(str(pk), name) for pk, name in (choices | teach).items()]
