"""Strengths, needs and measures: read by each, written by staff, refused with everything still there."""

from datetime import datetime
from uuid import uuid4

import pytest

from apdr.enums import Stage
from apdr.models import Measure, Need
from apdr.services import cycles, items
from pupils.enums import Area

from ..cast import AT, Cast
from .pages import address, as_, errors, hidden, send, words
from .plans import write_plan

pytestmark = pytest.mark.django_db

NEED = {"kind": "need", "area": Area.SEMH, "words": "Noise is hard.", "source": "staff"}


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("senco", 200),
        ("teacher", 200),
        ("key_adult", 200),
        ("parent", 200),
        ("child", 200),
        ("restricted_parent", 404),
        ("professional", 403),
        ("colleague", 404),
        ("stranger", 404),
        ("leader", 404),
    ],
)
def test_who_reads_strengths_and_needs(cast: Cast, at_ten: datetime, person: str, status: int) -> None:
    write_plan(cast.ada, by=cast.senco, at=AT)
    assert as_(cast.people[person]).get(address("needs", cast.ada.pk)).status_code == status


def test_a_key_adult_with_a_working_view_reads_no_needs(cast: Cast, at_ten: datetime) -> None:
    write_plan(cast.sam, by=cast.senco, at=AT)
    answer = as_(cast.teacher).get(address("needs", cast.sam.pk))
    assert answer.status_code == 403
    assert "Long instructions" not in answer.content.decode()


def test_a_family_reads_what_was_shared_and_staff_the_draft(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    items.edit(plan.need, version=1, by=cast.senco, at=AT, words="A later thought.")
    page = address("needs", cast.ada.pk)
    shared, draft = "Long instructions get lost after the first part.", "A later thought."
    for person, sees, does_not in (
        (cast.parent, shared, draft),
        (cast.child, shared, draft),
        (cast.teacher, draft, shared),
    ):
        text = words(as_(person).get(page))
        assert (sees in text, does_not in text) == (True, False)


def test_before_anything_is_shared_a_family_reads_nothing_of_the_draft(cast: Cast, at_ten: datetime) -> None:
    write_plan(cast.ada, by=cast.senco, at=AT, share=False)
    text = words(as_(cast.parent).get(address("needs", cast.ada.pk)))
    assert "Long instructions" not in text
    assert "Nothing here yet" in text


@pytest.mark.parametrize(("person", "status"), [("parent", 403), ("child", 403), ("stranger", 404)])
def test_only_staff_write_needs(cast: Cast, at_ten: datetime, person: str, status: int) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    client = as_(cast.people[person])
    for href in (address("add_item", plan.cycle.pk, "need"), address("edit_item", "need", plan.need.pk)):
        assert client.get(href).status_code == status
        assert client.post(href, {**NEED, "key": str(uuid4()), "version": "1"}).status_code == status
    assert Need.objects.get() == plan.need


def test_a_form_sent_twice_makes_one_need(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    teacher, href = as_(cast.teacher), address("add_item", plan.cycle.pk, "need")
    post = {**hidden(teacher.get(href)), **NEED}
    assert [teacher.post(href, post).status_code for _ in range(2)] == [302, 302]
    assert Need.objects.filter(words="Noise is hard.").count() == 1
    somebody_elses = as_(cast.key_adult).post(href, post)
    assert (somebody_elses.status_code, errors(somebody_elses)) == (
        422,
        ["This form is out of date. Open the page again."],
    )


def test_over_long_words_are_refused_and_still_there(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    long = "long words " * 300
    answer = send(as_(cast.teacher), address("add_item", plan.cycle.pk, "need"), **{**NEED, "words": long})
    assert answer.status_code == 422
    assert long.strip() in answer.content.decode()
    assert Need.objects.count() == 1


def test_two_people_saving_the_same_need_are_shown_both(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    teacher, href = as_(cast.teacher), address("edit_item", "need", plan.need.pk)
    opened = hidden(teacher.get(href))
    items.edit(plan.need, version=1, by=cast.senco, at=AT, words="The SENCO's words.")
    answer = teacher.post(href, {**opened, **NEED, "words": "The teacher's words."})
    text = words(answer)
    assert answer.status_code == 409
    assert "The SENCO's words." in text
    assert "The teacher's words." in text
    settled = {
        **hidden(answer),
        **{f"keep-{n}": "yours" for n in ("kind", "area", "words", "evidence", "source")},
    }
    assert teacher.post(href, settled).status_code == 302
    plan.need.refresh_from_db()
    assert (plan.need.words, plan.need.version) == ("The teacher's words.", 3)


def test_what_was_taken_off_meanwhile_is_said_and_the_words_kept(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    teacher, href = as_(cast.teacher), address("edit_item", "need", plan.need.pk)
    opened = hidden(teacher.get(href))
    assert send(as_(cast.senco), address("take_off", "need", plan.need.pk)).status_code == 302
    answer = teacher.post(href, {**opened, **NEED, "words": "Mine, unsaved."})
    assert answer.status_code == 409
    assert "Mine, unsaved." in answer.content.decode()
    assert errors(answer) == [
        "Somebody has taken this off the draft. Copy your words if you still need them."
    ]


def test_needs_close_with_the_review_and_measures_stay_open(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    cycles.move_to(cycle=plan.cycle, stage=Stage.REVIEW, by=cast.senco, at=AT)
    teacher = as_(cast.teacher)
    href = address("edit_item", "need", plan.need.pk)
    assert "Needs can be changed until the review starts." in words(teacher.get(href))
    answer = send(teacher, href, **{**NEED, "words": "Too late."})
    assert (answer.status_code, errors(answer)) == (409, ["Needs can be changed until the review starts."])
    assert "Too late." in answer.content.decode()
    measure = address("add_item", plan.cycle.pk, "measure")
    assert send(teacher, measure, name="Reading", exit="80", exit_on="2026-03-09").status_code == 302
    text = words(teacher.get(address("needs", cast.ada.pk)))
    assert "not measured 80 9 March 2026" in text


def test_a_measure_needs_its_number_and_its_day(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    href = address("add_item", plan.cycle.pk, "measure")
    answer = send(as_(cast.teacher), href, name="Reading", entry="62")
    assert (answer.status_code, errors(answer)) == (422, ["A measure needs both its number and its day."])
    assert 'value="62"' in answer.content.decode()


def test_another_pupils_need_cannot_be_measured(cast: Cast, at_ten: datetime) -> None:
    ada, sam = (write_plan(p, by=cast.senco, at=AT) for p in (cast.ada, cast.sam))
    href = address("add_item", ada.cycle.pk, "measure")
    answer = send(as_(cast.senco), href, name="Reading", need=sam.need.pk)
    assert answer.status_code == 422
    assert Measure.objects.count() == 0


def test_an_id_that_is_guessed_answers_like_one_that_is_not_there(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    stranger = as_(cast.stranger)
    for kind in ("need", "step", "nothing"):
        for pk in (plan.need.pk, uuid4()):
            assert stranger.get(address("edit_item", kind, pk)).status_code == 404
            assert stranger.post(address("take_off", kind, pk), {"version": "1"}).status_code == 404
    assert stranger.get(address("add_item", plan.cycle.pk, "need")).status_code == 404
    assert as_(cast.senco).get(address("add_item", plan.cycle.pk, "nothing")).status_code == 404
