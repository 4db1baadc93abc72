"""A child's and a young person's own page."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from apdr.enums import Audience
from apdr.models import NextStep, Progress, View
from apdr.services import family, items, progress, sharing
from pupils import services

from ..cast import AT, Cast
from .pages import address, as_, count, errors, hidden, send, words
from .plans import Plan, write_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(cast: Cast, at_ten: datetime) -> Plan:
    return write_plan(cast.ada, cast.senco, AT)


def test_a_childs_page_has_their_steps_words_and_what_went_well_and_no_table(cast: Cast, plan: Plan) -> None:
    for value in (0, 1, 2):
        noted = AT - timedelta(minutes=3 - value)
        progress.log_progress(step=plan.step, by=cast.teacher, at=noted, sent_key=uuid4(), value=value)
    family.say_views(pupil=cast.ada, by=cast.child, at=AT, words="I like the board.")
    services.write_profile(
        pupil=cast.ada,
        number=0,
        by=cast.child,
        at=AT,
        important="My dog.",
        helps="Show me.",
        how_made="I drew.",
    )
    page = as_(cast.child).get(address("mine", cast.ada.pk))
    told = words(page)
    for said in (
        "My dog.",
        "Well done You tried 3 times in three weeks.",
        "“I look at my board and start.” is now: Sometimes.",
        "I look at my board and start. Now: Sometimes I tried it",
        "I like the board.",
        "Show me.",
        "One instruction at a time.",
        "Sunita Rao SENCO",
        "When you are about 16, you decide who can see.",
    ):
        assert said in told
    assert "<table" not in page.content.decode()
    assert "al-child" in page.content.decode()
    assert "Long instructions" not in told  # a need
    assert "Waits to be told" not in told  # where she was before


def test_a_child_says_how_a_step_went_with_one_press_and_can_take_it_back(cast: Cast, plan: Plan) -> None:
    child, path = as_(cast.child), address("log_step", plan.step.pk)
    asked = child.get(path)
    assert "On my own" in words(asked)  # for "Independently"
    saved = child.post(path, {**hidden(asked), "value": "3"})
    note = Progress.objects.get()
    assert (note.perspective, note.value, note.by) == ("child", 3, cast.child)
    page = child.get(saved["Location"])
    assert "Thank you You tried, and you told us." in words(page)
    child.post(address("undo_note", note.pk))
    assert not Progress.objects.filter(withdrawn_at=None).exists()


def test_a_step_that_is_only_in_the_draft_is_not_there_for_the_child(cast: Cast, plan: Plan) -> None:
    drafted = items.add(
        NextStep,
        cycle=plan.cycle,
        outcome=plan.outcome,
        words="LEAK",
        criterion="x",
        baseline="x",
        scale=plan.step.scale,
        owner=cast.teacher,
        by_when=plan.cycle.review_on,
        by=cast.senco,
        at=AT,
    )
    items.edit(plan.step, version=1, child_words="LEAK", by=cast.senco, at=AT)
    child = as_(cast.child)
    for path in ("/", address("mine", cast.ada.pk), address("log_step", plan.step.pk)):
        assert "LEAK" not in child.get(path).content.decode()
    assert child.get(address("log_step", drafted.pk)).status_code == 404


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"feeling": "good"}, ("symbols", "I feel good about it.", "everyone")),
        ({"feeling": "hard", "words": "Maths."}, ("online", "It is hard. Maths.", "everyone")),
        ({"feeling": "rather_not"}, ("declined", "", "everyone")),
        ({"feeling": "ok", "audience": "coordinator"}, ("symbols", "It is OK.", "coordinator")),
    ],
)
def test_a_child_says_what_they_think_in_their_own_way(
    cast: Cast, plan: Plan, typed: dict[str, str], kept: tuple[str, str, str]
) -> None:
    child, path = as_(cast.child), address("say_views", cast.ada.pk)
    typed = {**hidden(child.get(path)), "audience": "everyone", **typed}
    assert [child.post(path, typed)["Location"] for _ in range(2)] == [address("mine", cast.ada.pk)] * 2
    assert list(View.objects.values_list("how", "words", "audience")) == [kept]
    assert View.objects.get().perspective == "child"


def test_a_child_who_presses_nothing_is_asked_again_and_keeps_their_words(cast: Cast, plan: Plan) -> None:
    refused = send(
        as_(cast.child), address("say_views", cast.ada.pk), audience="everyone", words="I like swimming."
    )
    assert (refused.status_code, errors(refused)) == (422, ["Choose one"])
    assert "I like swimming." in refused.content.decode()
    assert View.objects.count() == 0


def test_what_a_child_told_the_senco_alone_is_on_their_own_page(cast: Cast, plan: Plan) -> None:
    family.say_views(
        pupil=cast.ada, by=cast.child, at=AT, words="I am scared.", audience=Audience.COORDINATOR
    )
    assert "I am scared." in words(as_(cast.child).get(address("mine", cast.ada.pk)))


def test_a_young_person_who_decides_is_told_who_sees_each_part_and_nothing_that_is_not_so(
    cast: Cast, at_ten: datetime
) -> None:
    write_plan(cast.sam, cast.senco, AT)
    page = words(as_(cast.young_person).get(address("mine", cast.sam.pk)))
    assert "You decide who sees this." in page
    assert "Anyone who is not named can see nothing. That goes for your family too." in page
    assert "Funding Sunita Rao (SENCO) What we said" in page
    assert "Support plan Sunita Rao (SENCO), Kim Adeyemi (key adult), Tom Teal (teaches 11C)" in page
    assert "Pam Lovelace" not in page
    written = as_(cast.young_person).get(address("say_views", cast.sam.pk))
    assert "What is going well, and what is hard?" in words(written)  # words, not faces


def test_the_page_is_for_whose_it_is(cast: Cast, plan: Plan) -> None:
    for name in ("parent", "teacher", "senco"):
        answer = as_(cast.people[name]).get(address("mine", cast.ada.pk))
        assert (answer.status_code, answer["Location"]) == (302, address("plan", cast.ada.pk))
    assert as_(cast.young_person).get(address("mine", cast.ada.pk)).status_code == 404


@pytest.mark.parametrize(("where", "queries"), [("home", 15), ("mine", 14), ("log", 9), ("say", 7)])
def test_a_childs_pages_ask_the_same_of_one_row_and_three(
    cast: Cast, plan: Plan, where: str, queries: int
) -> None:
    path = {
        "home": "/",
        "mine": address("mine", cast.ada.pk),
        "log": address("log_step", plan.step.pk),
        "say": address("say_views", cast.ada.pk),
    }[where]
    child = as_(cast.child)
    family.say_views(pupil=cast.ada, by=cast.child, at=AT, words="Hello.")
    progress.log_progress(step=plan.step, by=cast.child, at=AT, sent_key=uuid4(), value=1)
    assert count(child, path) == queries
    for number in range(2):
        items.add(
            NextStep,
            cycle=plan.cycle,
            outcome=plan.outcome,
            words=f"Step {number}.",
            criterion="x",
            baseline="x",
            scale=plan.step.scale,
            owner=cast.teacher,
            by_when=plan.cycle.review_on,
            by=cast.senco,
            at=AT,
        )
        family.say_views(pupil=cast.ada, by=cast.child, at=AT, words="Hello again.")
        progress.log_progress(step=plan.step, by=cast.child, at=AT, sent_key=uuid4(), value=2)
    sharing.share(cycle=plan.cycle, after=1, by=cast.senco, at=AT)
    assert count(child, path) == queries
