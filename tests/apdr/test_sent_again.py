"""Whatever somebody sends twice is there once, and with other words, or after it was taken back, once more."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from apdr.enums import Answer, ProposalKind
from apdr.models import Comment, PlanAnswer, Progress, Proposal, View
from apdr.services import family, progress
from notifications.models import Update
from notifications.services import write_update

from ..cast import AT, Cast
from .plans import Plan, write_plan

pytestmark = pytest.mark.django_db

Send = Callable[..., Any]

#: What is sent, its words and other words, by the kind of row that it makes.
SENT: dict[
    type[Any], tuple[Callable[[Plan], tuple[Send, dict[str, Any]]], dict[str, Any], dict[str, Any]]
] = {
    Comment: (
        lambda p: (family.comment, {"plan_version": p.version}),
        {"words": "Thank you."},
        {"words": "Thank you both."},
    ),
    PlanAnswer: (
        lambda p: (family.answer_plan, {"plan_version": p.version}),
        {"answer": Answer.AGREE},
        {"answer": Answer.DISAGREE, "why": "Not the Friday."},
    ),
    Proposal: (
        lambda p: (family.propose, {"cycle": p.cycle, "kind": ProposalKind.STEP}),
        {"words": "A list."},
        {"words": "A list", "why": "It helps."},
    ),
    View: (
        lambda p: (family.say_views, {"pupil": p.cycle.pupil}),
        {"words": "Calmer."},
        {"words": "Calmer.", "hopes": "More of it."},
    ),
    Update: (
        lambda p: (write_update, {"pupil": p.cycle.pupil}),
        {"words": "A good day."},
        {"words": "A good day.", "good_thing": "Swimming."},
    ),
    Progress: (
        lambda p: (progress.log_progress, {"step": p.step}),
        {"note": "Tried."},
        {"note": "Tried twice."},
    ),
}


@pytest.mark.parametrize("kind", SENT, ids=lambda kind: kind.__name__)
def test_the_same_words_are_one_row_and_other_words_another(cast: Cast, kind: type[Any]) -> None:
    arrange, words, others = SENT[kind]
    send, about = arrange(write_plan(cast.ada, by=cast.senco, at=AT))
    said = {**about, "by": cast.parent, "at": AT, "sent_key": uuid4()}
    first, again = send(**said, **words), send(**said, **words)
    other, other_again = send(**said, **others), send(**said, **others)
    assert first == again != other == other_again
    assert kind.objects.count() == 2


def test_a_note_sent_again_after_midnight_since_a_line_dropped_is_one(cast: Cast) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    said: dict[str, Any] = {"step": plan.step, "by": cast.teacher, "sent_key": uuid4(), "note": "Tried."}
    rows = [progress.log_progress(at=AT + timedelta(days=n), **said) for n in range(2)]
    assert rows[0] == rows[1]
    assert Progress.objects.get().on == AT.date()
