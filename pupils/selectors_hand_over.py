"""Who comes up to deciding, who has just begun, and how it is prepared."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User

from . import policy
from .clocks import Clocks, HandOver, hand_over, months_later
from .enums import Ground, Voice
from .models import ChoiceSheet, Competence, HandOverTalk, Pupil
from .selectors import current_enrolment

PAGE = 30
#: How long somebody is among those who have just begun.
JUST_BEGUN = timedelta(days=92)

_GROUPS = {
    0: _lazy("Just begun"),
    1: _lazy("In less than a month"),
    3: _lazy("In less than 3 months"),
    6: _lazy("In less than 6 months"),
    12: _lazy("In less than 12 months"),
}


@dataclass(frozen=True)
class Row:
    """One young person: the day, whether they chose or rehearsed, and when somebody last talked with them of it."""

    pupil: Pupil
    day: date
    group: str
    begun: bool
    rehearsed: bool
    talked_on: date | None

    @property
    def tags(self) -> list[tuple[str, str]]:
        chosen = _("Has chosen") if self.begun else _("Has rehearsed")
        not_chosen = _("Nothing chosen yet") if self.begun else _("Not rehearsed yet")
        return [
            ("done", _("Talked about")) if self.talked_on else ("unheard", _("Not talked about yet")),
            ("done", chosen) if self.rehearsed else ("waiting", not_chosen),
        ]


@dataclass(frozen=True)
class Coming:
    rows: list[Row]
    after: str
    earlier: bool


def coming(person: User, at: datetime, after: str = "") -> Coming:
    """Those this person prepares it for: just begun, and within a year, by day. 2 queries a page."""
    today = timezone.localdate(at)
    found = policy.by_day_of_deciding(
        policy.pupils_for(person, "prepare_hand_over", at), today - JUST_BEGUN, months_later(today, 12), at
    ).annotate(
        talked_on=Subquery(
            HandOverTalk.objects.filter(pupil=OuterRef("pk")).order_by("-on", "-at").values("on")[:1]
        ),
        rehearsed=Exists(ChoiceSheet.objects.filter(pupil=OuterRef("pk"), voice=Voice.YOUNG_PERSON)),
    )
    if start := _start(after):
        day, pk = start
        found = found.filter(Q(decides_on__gt=day) | Q(decides_on=day, pk__gt=pk))
    rows = list(found.order_by("decides_on", "pk")[: PAGE + 1])
    shown = rows[:PAGE]
    last = f"{shown[-1].decides_on.isoformat()}_{shown[-1].pk}" if len(rows) > PAGE else ""
    return Coming([_row(row, today) for row in shown], last, bool(start))


def _start(after: str) -> tuple[date, UUID] | None:
    """Where the page before ended; nothing for an address that no page gave."""
    day, __, pk = after.partition("_")
    try:
        return date.fromisoformat(day), UUID(pk)
    except ValueError:
        return None


def _row(pupil: Any, today: date) -> Row:
    near = HandOver(pupil.decides_on, today)
    group = str(_GROUPS[0 if near.begun else near.within or 12])
    return Row(pupil, pupil.decides_on, group, near.begun, pupil.rehearsed, pupil.talked_on)


@dataclass(frozen=True)
class Prepared:
    """One young person's hand-over, as the SENCO prepares it."""

    clocks: Clocks
    hand_over: HandOver
    trigger: str
    talks: list[HandOverTalk]
    competence: Competence | None
    rehearsed: bool
    may_start_early: bool


def prepared(sight: policy.Sight) -> Prepared:
    """What one young person's page says: 5 queries."""
    pupil, at = sight.pupil, sight.at
    day = policy.decides_from(pupil, at)
    assert day is not None  # everybody turns 18
    here = current_enrolment(pupil, at)
    near = HandOver(day, timezone.localdate(at))
    competence = pupil.competence_records.select_related("recorded_by").first()
    early = pupil.competent_from is not None and pupil.competent_from <= near.today
    return Prepared(
        clocks=Clocks(pupil.date_of_birth, pupil.post16_from, day),
        hand_over=near,
        trigger=here.setting.get_control_trigger_display() if here else "",
        talks=list(pupil.hand_over_talks.select_related("recorded_by")),
        competence=competence,
        rehearsed=pupil.choice_sheets.filter(voice=Voice.YOUNG_PERSON).exists(),
        may_start_early=not near.begun or early,
    )


@dataclass(frozen=True)
class Told:
    """What a family member is told of the day: as the young person, or as a parent carer."""

    hand_over: HandOver
    own: bool
    keeps: bool


def told(sight: policy.Sight) -> Told:
    """For the young person, their parent carers and the SENCO: at most 7 queries.

    Raises NotThisSection for others in the circle: the day says how old somebody is.
    """
    grounds = set().union(*(sight.grounds(section) for section in sight.sections))
    family = bool(grounds & {Ground.OWN, Ground.COORDINATES, Ground.PARENT})
    if not family:
        parents = policy.near(sight.pupil, {Ground.PARENT.value}, sight.at)
        family = any(person.pk == sight.person.pk for person, __ in parents)
    if not family:
        raise policy.NotThisSection(sight.pupil)
    keeps = policy.kept(sight.person, sight.pupil, sight.at) is not None
    return Told(hand_over(sight), Ground.OWN in grounds, keeps)
