"""What the page of a review shows while it is held, what is said of it afterwards, and what became of what people said."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from apdr import selectors as cycles
from apdr.enums import FileKind, HowObtained, Perspective
from apdr.models import Cycle, View
from apdr.selectors import by_staff
from apdr.services.common import views_heard
from pupils import policy, restrictions
from pupils.enums import Section
from pupils.models import Household

from . import selectors
from .models import Contribution, Deciding, Judgement, WhatWeDid
from .room import KINDS


@dataclass(frozen=True)
class Voice:
    """Somebody whose judgement can be written down in the room. The reader's own has no name."""

    value: str
    label: str
    perspective: Perspective | None = None
    name: str = ""
    household: Household | None = None


def voices(sight: policy.Sight) -> list[Voice]:
    """The child first, then each parent carer who is not shut out, then whoever writes: 1 query."""
    pupil = sight.pupil
    found = restrictions.let_in(sight.at).filter(pupil=pupil)
    carers = found.select_related("household").order_by("household__name", "name")
    return [
        Voice("child", pupil.called, Perspective.CHILD, pupil.called),
        *(Voice(str(c.pk), c.name, Perspective.PARENT, c.name, c.household) for c in carers),
        Voice("me", _("Me")),
    ]


def first_unheard(found: list[Voice], judged: list[Judgement], person: Any) -> str:
    """Whose turn it is: the first voice that has not judged a thing, in the order in which people are asked."""
    said = {(j.perspective, j.said_by_name, j.household_id) for j in judged if j.said_by_id != person.pk}
    mine = any(j.said_by_id == person.pk for j in judged)
    child = any(j.perspective == Perspective.CHILD for j in judged)
    for voice in found:
        home = voice.household.pk if voice.household is not None else None
        spoke = mine if voice.perspective is None else (voice.perspective, voice.name, home) in said
        if not (spoke or (voice.perspective is Perspective.CHILD and child)):
            return voice.value
    return found[-1].value


def cycle_in_review(cycle_id: UUID) -> Cycle:
    """A cycle with its pupil and what is decided so far. Raises Http404."""
    found = cycles.cycles().select_related("deciding").filter(pk=cycle_id).first()
    if found is None:
        raise Http404
    return found


def deciding(cycle: Cycle) -> dict[str, Any]:
    """What is decided so far, as its form has it: no query for a cycle read by `cycle_in_review`, 1 for others."""
    kept: Deciding | None = getattr(cycle, "deciding", None)
    if kept is None:
        return {"version": 0}
    told = {name: getattr(kept, name) for name in ("kind", "why", "who_was_told", "open_next", "review_on")}
    return told | {f"step_{pk}": status for pk, status in kept.statuses.items()} | {"version": kept.version}


@dataclass(frozen=True)
class Said:
    """Something one person said, and what is done about it. `mine`: whoever reads it said it."""

    kind: str
    row: View | Judgement | Contribution
    who: str
    words: list[tuple[str, str]]
    at: datetime
    mine: bool
    answer: WhatWeDid | None


def said(cycle: Cycle, sight: policy.Sight, turn: dict[str, Any] | None = None) -> list[Said]:
    """What people said in a cycle, in words, as far as this person hears it: their own first, then the child's.

    Views where those are open, the latest that each said before the review, and the judgements that count. `turn` is
    `selectors.turn`, where it was read already: 2 queries besides.
    """
    turn = turn or selectors.turn(cycle, sight)
    found: list[View | Judgement | Contribution] = [*turn["said_before"]]
    found += [judged for thing in turn["things"] for judged in thing["judged"] if judged.words]
    if sight.sees(Section.VIEWS):
        told = View.objects.filter(views_heard(sight), cycle=cycle).exclude(how=HowObtained.DECLINED)
        found += told.select_related("file").order_by("at")
    answers: dict[UUID | None, WhatWeDid] = {}
    ids = [row.pk for row in found]
    for answer in WhatWeDid.objects.filter(
        Q(view__in=ids) | Q(judgement__in=ids) | Q(contribution__in=ids)
    ).order_by("at"):
        answers[answer.about_id] = answer
    rows = [said_row(row, sight, answers.get(row.pk)) for row in found]
    order = list(Perspective)
    return sorted(rows, key=lambda one: (not one.mine, order.index(Perspective(one.row.perspective)), one.at))


def said_row(row: View | Judgement | Contribution, sight: policy.Sight, answer: WhatWeDid | None) -> Said:
    """One thing that was said, in words, with its answer. What was drawn or recorded says that it was."""
    mine = row.said_by_id == sight.person.pk
    if isinstance(row, View):
        parts = [
            ("", row.words or _drawn(row)),
            (_("What helps"), row.helps),
            (_("What we hope for"), row.hopes),
        ]
    elif isinstance(row, Contribution):
        parts = row.answers
    else:
        parts = [("", f"{row.get_rating_display()}. {row.words}")]
    who = (
        _("You") if mine else sight.pupil.called if row.perspective == Perspective.CHILD else row.said_by_name
    )
    words = [(label, text) for label, text in parts if text]
    return Said(KINDS[type(row)], row, who or row.get_perspective_display(), words, row.at, mine, answer)


def _drawn(row: View) -> str:
    kept = getattr(row, "file", None)
    if kept is None:
        return ""
    return _("(a drawing or photo)") if kept.kind == FileKind.PICTURE else _("(a recording)")


def reviewed(cycle_id: UUID) -> Cycle:
    """A cycle with its pupil, its decision and the cycle after it. Raises Http404."""
    found = cycles.cycles().select_related("decision", "next").filter(pk=cycle_id).first()
    if found is None:
        raise Http404
    return found


def require_told(cycle: Cycle, sight: policy.Sight) -> None:
    """Pass where this person is told of the review of a cycle; raise Http404 for a family before it is closed."""
    if cycle.closed_at is None and not by_staff(sight, Section.REVIEWS):
        raise Http404


def minutes(cycle: Cycle, sight: policy.Sight) -> dict[str, Any]:
    """What was said and decided at the review of one cycle, which is `reviewed`. Raises Http404 for a family before the cycle is closed."""
    require_told(cycle, sight)
    turn = selectors.turn(cycle, sight)
    return {
        "cycle": cycle,
        "turn": {**turn, "said_before": []},  # it stands below, with what is done about it
        "said": said(cycle, sight, turn),
        "following": getattr(cycle, "next", None),
        "may_answer": sight.may("hold_review") and sight.sees(Section.VIEWS),
    }
