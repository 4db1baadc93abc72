"""What people said: who hears whose words."""

from datetime import datetime, timedelta

import pytest

from apdr.enums import Audience, HowObtained, Perspective
from apdr.models import View
from apdr.services import family

from ..cast import AT, Cast
from .pages import address, as_, errors, hidden, send, words
from .plans import write_plan

pytestmark = pytest.mark.django_db

SECRET = "Only the SENCO should know this."


def say_everything(cast: Cast) -> None:
    """Words of each, some of them for the SENCO alone."""
    staff = {"pupil": cast.ada, "by": cast.senco, "at": AT - timedelta(hours=3)}
    family.say_views(pupil=cast.ada, by=cast.parent, at=AT - timedelta(hours=2), words="Pam speaks.")
    family.say_views(pupil=cast.ada, by=cast.other_parent, at=AT - timedelta(hours=2), words="Oscar speaks.")
    family.say_views(pupil=cast.ada, by=cast.child, at=AT - timedelta(hours=2), words="Ada speaks.")
    family.record_views(
        perspective=Perspective.STAFF,
        said_by_name="Tom",
        how=HowObtained.TALKED,
        words="Tom speaks.",
        **staff,
    )
    family.say_views(
        pupil=cast.ada,
        by=cast.child,
        at=AT - timedelta(hours=2),
        words=SECRET,
        audience=Audience.COORDINATOR,
    )
    family.record_views(
        perspective=Perspective.PARENT,
        household=cast.other_home,
        said_by_name="Oscar",
        how=HowObtained.TALKED,
        words="Oscar, on the phone.",
        **staff,
    )


EVERYTHING = {"Pam speaks.", "Oscar speaks.", "Ada speaks.", "Tom speaks.", "Oscar, on the phone.", SECRET}


@pytest.mark.parametrize(
    ("person", "hears"),
    [
        ("senco", EVERYTHING),
        ("child", EVERYTHING),
        ("teacher", EVERYTHING - {SECRET}),
        ("parent", {"Pam speaks.", "Ada speaks.", "Tom speaks."}),
        ("other_parent", {"Oscar speaks.", "Oscar, on the phone.", "Ada speaks.", "Tom speaks."}),
    ],
)
def test_who_hears_whose_words(cast: Cast, at_ten: datetime, person: str, hears: set[str]) -> None:
    write_plan(cast.ada, by=cast.senco, at=AT - timedelta(days=1))
    say_everything(cast)
    text = words(as_(cast.people[person]).get(address("views", cast.ada.pk)))
    assert {said for said in EVERYTHING if said in text} == hears


def test_a_working_view_holds_no_views(cast: Cast, at_ten: datetime) -> None:
    write_plan(cast.sam, by=cast.senco, at=AT)
    family.say_views(pupil=cast.sam, by=cast.young_person, at=AT, words="Sam speaks.")
    teacher = as_(cast.teacher)
    for href in (address("views", cast.sam.pk), address("record_views", cast.sam.pk)):
        answer = teacher.get(href)
        assert answer.status_code == 403
        assert "Sam speaks." not in answer.content.decode()


def test_choosing_not_to_say_is_an_answer(cast: Cast, at_ten: datetime) -> None:
    write_plan(cast.ada, by=cast.senco, at=AT)
    teacher, href = as_(cast.teacher), address("record_views", cast.ada.pk)
    post = {"perspective": "child", "how": "declined", "audience": "everyone"}
    assert send(teacher, href, **post).status_code == 302
    assert "Ada chose not to say." in words(teacher.get(address("views", cast.ada.pk)))
    said_too = send(teacher, href, **post, words="But she said this.")
    assert (said_too.status_code, errors(said_too)) == (
        422,
        ["You wrote down words as well. Take them out, or say how you found out."],
    )
    assert "But she said this." in said_too.content.decode()


def test_a_parents_words_say_from_which_home(cast: Cast, at_ten: datetime) -> None:
    write_plan(cast.ada, by=cast.senco, at=AT)
    href = address("record_views", cast.ada.pk)
    post = {"perspective": "parent", "how": "talked", "audience": "everyone", "words": "Mornings are calm."}
    answer = send(as_(cast.teacher), href, **post)
    assert (answer.status_code, errors(answer)) == (422, ["Say whose words these are."])
    assert "Mornings are calm." in answer.content.decode()
    elsewhere = send(as_(cast.teacher), href, **post, household="0b0f6f6e-7d0b-4f53-9c8b-0d5f6e1d2a99")
    assert elsewhere.status_code == 422
    assert View.objects.count() == 0


def test_views_sent_twice_are_written_down_once(cast: Cast, at_ten: datetime) -> None:
    write_plan(cast.ada, by=cast.senco, at=AT)
    teacher, href = as_(cast.teacher), address("record_views", cast.ada.pk)
    typed = {"perspective": "child", "how": "drew", "audience": "everyone", "words": "A sun."}
    post = {**hidden(teacher.get(href)), **typed}
    assert [teacher.post(href, post).status_code for _ in range(2)] == [302, 302]
    assert View.objects.count() == 1


def test_older_words_are_a_page_away(cast: Cast, at_ten: datetime) -> None:
    write_plan(cast.ada, by=cast.senco, at=AT)
    for n in range(17):
        family.say_views(pupil=cast.ada, by=cast.child, at=AT - timedelta(minutes=n), words=f"Thought {n}.")
    senco, href = as_(cast.senco), address("views", cast.ada.pk)
    first = senco.get(href)
    assert ("Thought 14." in words(first), "Thought 15." in words(first)) == (True, False)
    older = senco.get(href, {"before": first.context["older"]})
    assert ("Thought 14." in words(older), "Thought 15." in words(older)) == (False, True)
    assert senco.get(href, {"before": "not a day"}).status_code == 200
    assert senco.get(href, {"before": "2026-13-45T10:00:00+00:00"}).status_code == 200
