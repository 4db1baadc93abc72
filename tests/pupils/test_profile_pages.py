"""The one-page profile, and who looked at a record."""

from datetime import datetime, timedelta

import pytest

from pupils import services
from pupils.enums import Section, Way
from pupils.models import AccessLog, Profile, Pupil

from ..apdr.pages import address, as_, count, errors, hidden, send, words
from ..cast import AT, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


def test_a_profile_is_written_in_versions_and_every_one_can_be_read(cast: Cast) -> None:
    child, write = as_(cast.child), address("edit_profile", cast.ada.pk)
    assert "Nothing here yet" in words(as_(cast.parent).get(address("profile", cast.ada.pk)))
    send(child, write, important="My dog.", talk="Slowly.", how_made="I wrote it.")
    assert child.get(write).context["form"].initial["important"] == "My dog."
    send(as_(cast.teacher), write, important="My two dogs.", talk="Slowly.", how_made="We talked.")
    page = words(as_(cast.parent).get(address("profile", cast.ada.pk)))
    assert "What is important to me My two dogs. How to talk with me Slowly." in page
    assert "Version 2, written down by Tom Teal on 10 March 2026. How it was made: We talked." in page
    old = words(as_(cast.parent).get(address("profile_version", cast.ada.pk, 1)))
    assert "My dog." in old
    assert "This is an earlier version." in old
    assert as_(cast.parent).get(address("profile_version", cast.ada.pk, 9)).status_code == 404
    assert as_(cast.parent).get(write).status_code == 403


def test_two_people_writing_at_once_are_shown_both_and_nothing_is_lost(cast: Cast) -> None:
    child, teacher = as_(cast.child), as_(cast.teacher)
    write = address("edit_profile", cast.ada.pk)
    typed = {**hidden(teacher.get(write)), "important": "Her timetable.", "how_made": "We talked."}
    send(child, write, important="My dog.", how_made="I wrote it.")
    conflict = teacher.post(write, typed)
    assert conflict.status_code == 409
    assert "Her timetable." in words(conflict)
    assert "My dog." in words(conflict)
    assert Profile.objects.count() == 1
    chosen = {**hidden(conflict), "keep-important": "yours", "keep-how_made": "yours"}
    assert teacher.post(write, chosen).status_code == 302
    assert list(Profile.objects.order_by("number").values_list("important", flat=True)) == [
        "My dog.",
        "Her timetable.",
    ]


def test_a_profile_posted_twice_is_one_and_an_empty_or_too_long_one_is_refused(cast: Cast) -> None:
    child, write = as_(cast.child), address("edit_profile", cast.ada.pk)
    typed = {**hidden(child.get(write)), "important": "My dog.", "how_made": "I wrote it."}
    assert [child.post(write, typed).status_code for _ in range(2)] == [302, 302]
    assert Profile.objects.count() == 1
    assert errors(send(child, write, important="", how_made="x")) == ["Write at least one thing"]
    assert errors(send(child, write, important="y")) == ["Say how this was made, and who was there"]
    long = "Keep me " + "z" * 2000
    refused = send(child, write, important=long, how_made="x")
    assert (refused.status_code, long in refused.content.decode()) == (422, True)


def looked(pupil: Pupil, person: object, ground: str, minutes: int, *sections: Section) -> None:
    AccessLog.objects.create(
        pupil=pupil,
        person=person,
        sections=list(sections or [Section.PLAN]),
        grounds=[ground] * len(sections or [1]),
        way=Way.PAGE,
        at=AT - timedelta(minutes=minutes),
    )


def test_who_looked_is_told_in_words_and_one_home_never_reads_of_the_other(cast: Cast) -> None:
    looked(cast.ada, cast.teacher, "teaches", 1, Section.PLAN, Section.STRATEGIES)
    looked(cast.ada, cast.teacher, "teaches", 2, Section.PLAN, Section.STRATEGIES)
    looked(cast.ada, cast.senco, "coordinates", 3, Section.FUNDING)
    looked(cast.ada, cast.professional, "shared", 4, Section.NEEDS)
    looked(cast.ada, cast.parent, "parent", 5)
    looked(cast.ada, cast.other_parent, "parent", 6)
    looked(cast.ada, cast.other_parent, "teaches", 7, Section.NEEDS)  # were he staff as well
    looked(cast.ada, cast.restricted_parent, "parent", 8)
    looked(cast.ada, cast.child, "own", 9)
    looked(cast.sam, cast.colleague, "teaches", 1)
    names = [
        "Tom Teal",
        "Sunita Rao",
        "Priya Therapist",
        "Pam Lovelace",
        "Oscar Lovelace",
        "Rob Lovelace",
        "Ada Lovelace",
    ]

    def read(name: str) -> list[str]:
        page = words(as_(cast.people[name]).get(address("who_looked", cast.ada.pk), {"own": "on"}))
        assert "Col Ives" not in page
        return [n for n in names if f"{n} opened" in page]

    assert read("parent") == ["Tom Teal", "Sunita Rao", "Priya Therapist", "Pam Lovelace"]
    assert read("child") == names
    assert read("senco") == names
    assert as_(cast.teacher).get(address("who_looked", cast.ada.pk)).status_code == 403
    assert as_(cast.restricted_parent).get(address("who_looked", cast.ada.pk)).status_code == 404
    page = words(as_(cast.parent).get(address("who_looked", cast.ada.pk)))
    assert "Tom Teal opened the plan and what helps, 2 times." in page
    assert "10 March 2026, 10:29. They could because they teach Ada." in page


def test_looks_are_read_a_page_at_a_time(cast: Cast, at_ten: datetime) -> None:
    people = [cast.teacher, cast.senco, cast.key_adult]
    for number in range(95):
        looked(cast.ada, people[number % 3], "teaches", 10 + number // 2)
    child, path, rows = as_(cast.child), address("who_looked", cast.ada.pk), []
    following: str | None = ""
    while following is not None:
        page = child.get(path + following)
        rows += page.context["found"].rows
        following = page.context["next"] or None
    assert sum(row.times for row in rows if row.name != "Ada Lovelace") == 95
    for odd in ("x", "2026-01-01_x", "%00"):
        assert child.get(address("who_looked", cast.ada.pk), {"after": odd}).status_code == 200


@pytest.mark.parametrize(("where", "queries"), [("profile", 8), ("edit", 7), ("who_looked", 8)])
def test_profile_pages_ask_the_same_of_one_row_and_three(cast: Cast, where: str, queries: int) -> None:
    name = {"edit": "edit_profile"}.get(where, where)
    child = as_(cast.child)
    for number in range(3):
        services.write_profile(
            pupil=cast.ada, number=number, by=cast.child, at=AT, important=f"Dog {number}.", how_made="x"
        )
        looked(cast.ada, cast.teacher, "teaches", number)
        if number in (0, 2):
            assert count(child, address(name, cast.ada.pk)) == queries
