"""Home and school write to each other, and one home never reads the other."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from notifications.models import Update
from notifications.services import write_update

from ..apdr.pages import address, as_, count, errors, hidden, send, words
from ..cast import AT, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


def test_staff_write_to_one_home_or_all_and_each_home_writes_back_from_its_own(cast: Cast) -> None:
    teacher, path = as_(cast.teacher), address("updates", cast.ada.pk)
    form = words(teacher.get(path))
    assert form.index("One good thing") < form.index("Anything else") < form.index("Who is it for?")
    assert (
        "Every home Oscar’s home Pam’s home Add a photo" in form
    )  # not the home of somebody who is shut out
    send(teacher, path, good_thing="She drew a map.", household="every")
    send(teacher, path, words="Only for Pam.", household=str(cast.home.pk))
    send(as_(cast.parent), path, words="Thank you from Pam.")
    send(as_(cast.other_parent), path, words="Oscar says hello.")
    assert sorted(Update.objects.values_list("words", "good_thing", "perspective", "household__name")) == [
        ("", "She drew a map.", "staff", None),
        ("Only for Pam.", "", "staff", "Pam’s home"),
        ("Oscar says hello.", "", "parent", "Oscar’s home"),
        ("Thank you from Pam.", "", "parent", "Pam’s home"),
    ]
    said = {"She drew a map.", "Only for Pam.", "Thank you from Pam.", "Oscar says hello."}

    def read(name: str) -> set[str]:
        page = words(as_(cast.people[name]).get(path))
        return {one for one in said if one in page}

    assert read("parent") == said - {"Oscar says hello."}
    assert read("other_parent") == {"She drew a map.", "Oscar says hello."}
    assert read("teacher") == read("senco") == read("child") == said
    assert "Oscar" not in words(as_(cast.parent).get(path))
    assert as_(cast.restricted_parent).get(path).status_code == 404


def test_a_home_of_another_family_cannot_be_smuggled_in(cast: Cast) -> None:
    from pupils.models import Household

    other = Household.objects.create(name="Elsewhere")
    teacher, path = as_(cast.teacher), address("updates", cast.ada.pk)
    for smuggled in (other.pk, cast.restricted_home.pk, "x"):
        refused = send(teacher, path, words="Keep me.", household=str(smuggled))
        assert refused.status_code == 422
        assert "Keep me." in refused.content.decode()
    sent = send(as_(cast.parent), path, words="Mine.", household=str(cast.other_home.pk))
    assert sent.status_code == 302
    assert list(Update.objects.values_list("words", "household")) == [("Mine.", cast.home.pk)]


def test_an_update_posted_twice_is_one_and_an_empty_or_too_long_one_is_refused(cast: Cast) -> None:
    parent, path = as_(cast.parent), address("updates", cast.ada.pk)
    typed = {**hidden(parent.get(path)), "words": "Once."}
    assert [parent.post(path, typed).status_code for _ in range(2)] == [302, 302]
    assert Update.objects.count() == 1
    assert errors(send(parent, path, words="  ")) == ["Write something first"]
    long = "Keep me " + "z" * 2000
    refused = send(parent, path, words=long)
    assert (refused.status_code, long in refused.content.decode()) == (422, True)
    assert Update.objects.count() == 1


def test_where_the_young_person_decides_no_home_reads_and_staff_are_told_so(cast: Cast) -> None:
    page = words(as_(cast.senco).get(address("updates", cast.noor.pk)))
    assert "Noor and the school can read this. No home can." in page
    assert "Who is it for?" not in page
    assert as_(cast.parent).get(address("updates", cast.noor.pk)).status_code == 403


def test_the_thread_is_read_a_page_at_a_time(cast: Cast, at_ten: datetime) -> None:
    for number in range(45):
        write_update(
            pupil=cast.ada,
            by=cast.teacher,
            at=AT + timedelta(minutes=number // 2),  # some at the same instant
            sent_key=uuid4(),
            words=f"Update number {number:02}.",
        )
    parent, seen = as_(cast.parent), []
    path = address("updates", cast.ada.pk)
    following: str | None = ""
    while following is not None:
        page = parent.get(path + following)
        seen += [n for n in range(45) if f"Update number {n:02}." in words(page)]
        following = page.context["next"] or None
    assert sorted(seen) == list(range(45))
    for odd in ("x", "2026-01-01_x", "2026-01-01T00:00:00_" + str(uuid4())):
        assert parent.get(address("updates", cast.ada.pk), {"after": odd}).status_code == 200


@pytest.mark.parametrize(("name", "queries"), [("parent", 9), ("teacher", 14), ("child", 10)])
def test_the_thread_asks_the_same_of_one_row_and_three(cast: Cast, name: str, queries: int) -> None:
    path, reader = address("updates", cast.ada.pk), as_(cast.people[name])
    for number in range(3):
        write_update(pupil=cast.ada, by=cast.teacher, at=AT, sent_key=uuid4(), words=f"Hello {number}.")
        if number in (0, 2):
            assert count(reader, path) == queries
