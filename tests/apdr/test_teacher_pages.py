"""A teacher's day: from the class list to a step noted in two presses."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.template.loader import render_to_string

from apdr.models import NextStep, Progress, Strategy
from apdr.selectors_teacher import ClassList, PupilSteps
from apdr.services import items, progress, sharing
from pupils.models import AccessLog, Pupil

from ..cast import AT, Cast
from .pages import address, as_, count, errors, hidden, send, words
from .plans import Plan, write_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(cast: Cast, at_ten: datetime) -> Plan:
    return write_plan(cast.ada, cast.senco, AT)


def more_steps(plan: Plan, cast: Cast, count: int) -> None:
    for number in range(count):
        items.add(
            NextStep,
            cycle=plan.cycle,
            outcome=plan.outcome,
            words=f"Another step {number}.",
            criterion="Each day.",
            baseline="Not yet.",
            scale=plan.step.scale,
            owner=cast.teacher,
            by_when=plan.cycle.review_on,
            by=cast.senco,
            at=AT,
        )


def test_from_home_a_step_is_noted_in_two_presses_and_a_sentence(cast: Cast, plan: Plan) -> None:
    teacher = as_(cast.teacher)
    home = teacher.get("/").content.decode()
    step = address("log_step", plan.step.pk)
    assert f'href="{step}"' in home  # the first press
    asked = teacher.get(step)
    assert 'name="value" value="1"><strong>With help' in asked.content.decode()
    saved = teacher.post(step, {**hidden(asked), "note": "Needed one nudge.", "value": "1"})  # the second
    note = Progress.objects.get()
    assert (note.value, note.note, note.by, note.on) == (1, "Needed one nudge.", cast.teacher, AT.date())
    place = f"{address('class', cast.class_9b.pk)}?saved={note.pk}#pupil-{cast.ada.pk}"
    assert (saved.status_code, saved["Location"]) == (302, place)
    back = teacher.get(place)
    assert "Saved Ada: With help. “Needed one nudge.” Take this note back" in words(back)
    assert f'id="pupil-{cast.ada.pk}"' in back.content.decode()

    undone = teacher.post(address("undo_note", note.pk), follow=True)
    assert "That note is taken back." in words(undone)
    assert Progress.objects.filter(withdrawn_at=None).count() == 0
    assert "Needed one nudge." not in words(teacher.get(place))


@pytest.mark.parametrize(
    ("typed", "noted"),
    [
        ({"value": "2"}, (2, "")),
        ({"value": "", "note": "Tried it at lunch."}, (None, "Tried it at lunch.")),
    ],
)
def test_a_level_alone_or_a_sentence_alone_is_enough(
    cast: Cast, plan: Plan, typed: dict[str, str], noted: tuple[int | None, str]
) -> None:
    send(as_(cast.teacher), address("log_step", plan.step.pk), **typed)
    assert list(Progress.objects.values_list("value", "note")) == [noted]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"value": ""}, "Choose a level, or write a sentence."),
        ({"value": "7", "note": "Keep me."}, "Choose one of the levels."),
        ({"value": "seven", "note": "Keep me."}, "Use a number, like 3"),
        ({"value": "1", "note": "Keep me.", "on": "2026-03-11"}, "Choose today or a day before it."),
        ({"value": "1", "note": "Keep me." + "x" * 2000}, "That is 2008 characters."),
    ],
)
def test_what_cannot_be_noted_is_refused_and_still_there(
    cast: Cast, plan: Plan, typed: dict[str, str], told: str
) -> None:
    answer = send(as_(cast.teacher), address("log_step", plan.step.pk), **typed)
    assert answer.status_code == 422
    assert told in " ".join(errors(answer))
    assert typed.get("note", "") in answer.content.decode()
    assert Progress.objects.count() == 0


def test_a_form_posted_twice_is_one_note(cast: Cast, plan: Plan) -> None:
    teacher, step = as_(cast.teacher), address("log_step", plan.step.pk)
    typed = {**hidden(teacher.get(step)), "value": "1", "note": "Once."}
    assert [teacher.post(step, typed).status_code for _ in range(2)] == [302, 302]
    assert Progress.objects.count() == 1


def test_a_step_taken_off_meanwhile_is_said_and_the_sentence_is_still_there(cast: Cast, plan: Plan) -> None:
    teacher, step = as_(cast.teacher), address("log_step", plan.step.pk)
    typed = {**hidden(teacher.get(step)), "value": "1", "note": "He did it!"}
    items.remove(plan.step, version=1, by=cast.senco, at=AT)
    answer = teacher.post(step, typed)
    assert errors(answer) == ["This step has been taken off the plan."]
    assert "He did it!" in words(answer)
    assert Progress.objects.count() == 0


def test_only_the_writer_takes_a_note_back(cast: Cast, plan: Plan) -> None:
    note = progress.log_progress(step=plan.step, by=cast.teacher, at=AT, sent_key=uuid4(), value=1)
    answer = as_(cast.key_adult).post(address("undo_note", note.pk), follow=True)
    assert "Only the person who wrote a note can take it back." in words(answer)
    assert as_(cast.stranger).post(address("undo_note", note.pk)).status_code == 404
    assert Progress.objects.filter(withdrawn_at=None).count() == 1


def test_a_class_shows_the_plans_open_in_it_and_names_whoever_keeps_theirs_closed(
    cast: Cast, plan: Plan
) -> None:
    noor = write_plan(cast.noor, cast.senco, AT)
    NextStep.objects.filter(pk=noor.step.pk).update(words="Noor’s own step.")
    teacher = as_(cast.teacher)
    assert "Ada Lovelace" in words(teacher.get(address("class", cast.class_9b.pk)))
    sixth = words(teacher.get(address("class", cast.class_12a.pk)))
    assert (
        "Not open to you: Noor Haddad . A young person may decide who sees their plan. You can ask them."
        in sixth
    )
    assert "Noor’s own step." not in sixth + words(teacher.get("/")) + words(teacher.get(address("classes")))
    assert teacher.get(address("log_step", noor.step.pk)).status_code == 403


def test_nobody_opens_a_class_that_is_not_theirs(cast: Cast, plan: Plan) -> None:
    for name in ("left", "key_adult", "senco", "parent", "child", "stranger"):
        assert as_(cast.people[name]).get(address("class", cast.class_9b.pk)).status_code == 404, name
    assert as_(cast.teacher).get(address("class", uuid4())).status_code == 404
    assert "Ada" not in words(as_(cast.left).get(address("classes")))
    assert "Ada Lovelace" in words(as_(cast.key_adult).get(address("classes")))


def test_a_list_that_shows_steps_is_a_look_at_each_plan_on_it(cast: Cast, plan: Plan) -> None:
    as_(cast.teacher).get(address("class", cast.class_9b.pk))
    looks = AccessLog.objects.filter(pupil=cast.ada, person=cast.teacher)
    assert [(look.sections, look.grounds) for look in looks] == [(["plan"], ["teaches"])]
    assert not AccessLog.objects.filter(person=cast.teacher).exclude(pupil=cast.ada).exists()


def test_the_card_has_three_things_that_work_and_nothing_of_needs(cast: Cast, plan: Plan) -> None:
    for text, best in (("A fiddle toy.", False), ("Sit near the door.", True), ("Warn before change.", True)):
        items.add(
            Strategy, cycle=plan.cycle, place="setting", words=text, works_best=best, by=cast.senco, at=AT
        )
    page = words(as_(cast.teacher).get(address("card", cast.ada.pk)))
    assert [
        page.index(w) for w in ("Sit near the door.", "Warn before change.", "One instruction")
    ] == sorted(page.index(w) for w in ("Sit near the door.", "Warn before change.", "One instruction"))
    assert "A fiddle toy." not in page  # a fourth thing
    assert "A list on the fridge." not in page  # what helps at home
    assert "Long instructions get lost" not in page  # a need
    assert "Speech, language" not in page
    family = words(as_(cast.parent).get(address("card", cast.ada.pk)))
    assert "One instruction at a time." in family
    assert "Sit near the door." not in family  # in the draft alone


def test_a_class_of_thirty_with_three_steps_each_is_still_a_short_page(cast: Cast, plan: Plan) -> None:
    pupils = [Pupil(given_name="Wilhelmina", family_name=f"Featherstonehaugh {n}") for n in range(30)]
    steps = [
        NextStep(words="Uses the task board to start work within two minutes each lesson.") for _ in range(3)
    ]
    for step in steps:
        step.last_on, step.last_level = AT.date(), "Independently"
    full = ClassList(cast.class_9b, [PupilSteps(pupil, steps) for pupil in pupils])
    part = render_to_string("apdr/parts/class_list.html", {"list": full, "heading": True})
    base = len(as_(cast.teacher).get(address("classes")).content)
    assert len(part.encode()) + base <= 60_000


@pytest.mark.parametrize(
    ("where", "queries"), [("home", 15), ("classes", 8), ("class", 8), ("log", 9), ("card", 8)]
)
def test_a_teachers_pages_ask_the_same_of_one_row_and_three(
    cast: Cast, plan: Plan, where: str, queries: int
) -> None:
    path = {
        "home": "/",
        "classes": address("classes"),
        "class": address("class", cast.class_9b.pk),
        "log": address("log_step", plan.step.pk),
        "card": address("card", cast.ada.pk),
    }[where]
    teacher = as_(cast.teacher)
    assert count(teacher, path) == queries
    more_steps(plan, cast, 2)
    write_plan(cast.sam, cast.senco, AT)
    for _ in range(3):
        progress.log_progress(step=plan.step, by=cast.teacher, at=AT, sent_key=uuid4(), value=1, on=AT.date())
    sharing.share(cycle=plan.cycle, after=1, by=cast.senco, at=AT + timedelta(minutes=1))
    assert count(teacher, path) == queries
