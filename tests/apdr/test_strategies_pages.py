"""What helps: the draft for staff, what was shared for a family, and who agreed."""

from datetime import datetime
from uuid import uuid4

import pytest

from apdr.enums import Answer
from apdr.models import Provision, Strategy, StrategyAnswer
from apdr.services import family, items

from ..cast import AT, Cast
from .pages import address, as_, errors, hidden, send, words
from .plans import write_plan

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("pupil", "person", "status"),
    [
        ("ada", "parent", 200),
        ("ada", "restricted_parent", 404),
        ("sam", "teacher", 200),
        ("sam", "parent", 403),
        ("sam", "young_person", 200),
        ("noor", "teacher", 403),
        ("noor", "student", 200),
    ],
)
def test_who_reads_what_helps(cast: Cast, at_ten: datetime, pupil: str, person: str, status: int) -> None:
    write_plan(cast.pupils[pupil], by=cast.senco, at=AT)
    href = address("strategies", cast.pupils[pupil].pk)
    assert as_(cast.people[person]).get(href).status_code == status


def test_a_family_reads_the_shared_words_and_answers_them(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    items.edit(plan.strategy, version=1, by=cast.senco, at=AT, words="The draft's words.")
    parent = as_(cast.parent)
    assert "The draft's words." not in words(parent.get(address("strategies", cast.ada.pk)))
    href = address("answer_strategy", plan.strategy.pk)
    opened = words(parent.get(href))
    assert "One instruction at a time." in opened
    assert "The draft's words." not in opened
    silent = parent.post(href, {"answer": "disagree", "why": ""})
    assert (silent.status_code, errors(silent)) == (422, ["Say why, so that it stays on the plan."])
    assert parent.post(href, {"answer": "disagree", "why": "She needs two."}).status_code == 302
    assert "Does not agree You: “She needs two.”" in words(parent.get(address("strategies", cast.ada.pk)))


def test_a_parent_hears_no_answer_of_another_home(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    why = "Not at my house."
    family.answer_strategy(
        strategy=plan.home_strategy, by=cast.other_parent, at=AT, answer=Answer.DISAGREE, why=why
    )
    page = address("strategies", cast.ada.pk)
    heard = {
        name: why in words(as_(cast.people[name]).get(page))
        for name in ("senco", "teacher", "child", "other_parent", "parent")
    }
    assert heard == {"senco": True, "teacher": True, "child": True, "other_parent": True, "parent": False}


def test_a_family_is_not_told_of_a_strategy_that_was_not_shared(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    new = items.add(
        Strategy, cycle=plan.cycle, place="setting", words="Not shared yet.", by=cast.senco, at=AT
    )
    parent, href = as_(cast.parent), address("answer_strategy", new.pk)
    assert parent.get(href).status_code == 404
    assert parent.post(href, {"answer": "agree"}).status_code == 404
    assert StrategyAnswer.objects.count() == 0


def test_provision_is_written_once_and_refused_with_its_reasons(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    teacher, href = as_(cast.teacher), address("add_item", plan.cycle.pk, "provision")
    typed = {"strategy": plan.strategy.pk, "who": "Mr Teal", "times_a_week": "2", "minutes": "15"}
    bad = send(teacher, href, **typed, group_size="0", weeks="99")
    assert bad.status_code == 422
    assert len(errors(bad)) == 2
    post = {**hidden(teacher.get(href)), **typed, "group_size": "1", "weeks": "10"}
    assert [teacher.post(href, post).status_code for _ in range(2)] == [302, 302]
    assert Provision.objects.filter(who="Mr Teal").count() == 1
    assert "Mr Teal: 2 times a week, 15 minutes each, just Ada, for 10 weeks" in words(
        teacher.get(address("strategies", cast.ada.pk))
    )


def test_another_pupils_step_and_strategy_cannot_be_smuggled_in(cast: Cast, at_ten: datetime) -> None:
    ada, sam = (write_plan(p, by=cast.senco, at=AT) for p in (cast.ada, cast.sam))
    senco = as_(cast.senco)
    strategy = {"place": "home", "words": "x", "perspective": "staff", "step": sam.step.pk}
    provision = {"who": "x", "times_a_week": 1, "minutes": 5, "group_size": 1, "weeks": 1}
    for kind, typed in (("strategy", strategy), ("provision", {**provision, "strategy": sam.strategy.pk})):
        assert send(senco, address("add_item", ada.cycle.pk, kind), **typed).status_code == 422
    assert (Strategy.objects.count(), Provision.objects.count()) == (4, 2)
    assert (
        send(
            senco,
            address("add_item", ada.cycle.pk, "strategy", query=f"?step={sam.step.pk}&place=x"),
            **{**strategy, "step": ""},
        ).status_code
        == 302
    )
    assert as_(cast.parent).get(address("answer_strategy", uuid4())).status_code == 404
