"""Who looked, in words: what they were then, which parts, why they could, by which way, and through whose eyes."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from accounts import tokens
from accounts.models import Setting, User
from pupils import access, choices, circle, policy
from pupils.enums import Answer, Authority, Section, Way
from pupils.models import AccessLog, ParentCarer, Pupil

from ..apdr.pages import address, as_, words
from ..api.asking import ask
from ..api.record import token_of
from ..cast import AT, Cast
from .decided import recorded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


def looked(pupil: Pupil, person: User, way: Way = Way.PAGE, minutes: int = 1, **more: Any) -> AccessLog:
    return AccessLog.objects.create(
        **{"sections": [Section.PLAN], "grounds": ["teaches"]}
        | more
        | {"pupil": pupil, "person": person, "way": way, "at": AT - timedelta(minutes=minutes)}
    )


def said(reader: User, pupil: Pupil, **asked: str) -> list[tuple[str, str, str, str]]:
    page = as_(reader).get(address("who_looked", pupil.pk), asked)
    return [(row.name, row.did, row.role, row.why) for row in page.context["found"].rows]


def test_staff_are_told_by_what_they_were_when_they_looked(cast: Cast) -> None:
    for who, page in (("teacher", "plan"), ("key_adult", "plan"), ("senco", "funding")):
        as_(cast.people[who]).get(address(page, cast.ada.pk))
    circle.leave_class(class_group=cast.class_9b, person=cast.teacher, by=cast.senco, at=AT)
    told = said(cast.parent, cast.ada)
    assert {name: (role, why) for name, _, role, why in told if name != "Pam Lovelace"} == {
        "Tom Teal": ("teacher of 9B", "they teach Ada in 9B"),
        "Kim Adeyemi": ("key adult", "they teach Ada"),
        "Sunita Rao": ("SENCO", "they are the SENCO at Hazelmere School"),
    }


def test_what_only_a_choice_opened_says_so(cast: Cast) -> None:
    choices.choose(
        pupil=cast.sam,
        wanted=[choices.Wanted(Section.NEEDS, Answer.YES, person=cast.parent)],
        by=cast.young_person,
        at=AT - timedelta(days=1),
        key=uuid4(),
        wording="1",
    )
    as_(cast.parent).get(address("needs", cast.sam.pk))
    told = [row for row in said(cast.young_person, cast.sam) if row[0] == "Pam Lovelace"]
    assert told == [
        (
            "Pam Lovelace",
            "opened strengths and needs",
            "parent carer",
            "they are Sam’s parent carer and it was shared with them",
        )
    ]


def test_every_way_out_has_its_own_words_and_a_mark_where_nobody_opened_a_page(cast: Cast) -> None:
    for minutes, way in enumerate(Way):
        looked(cast.ada, cast.teacher, way, minutes)
    page = as_(cast.child).get(address("who_looked", cast.ada.pk))
    rows = [row for row in page.context["found"].rows if row.name == "Tom Teal"]
    assert {(row.did, row.label) for row in rows} == {
        ("opened the plan", ""),
        ("opened the plan through another program", "Program"),
        ("printed the plan", "On paper"),
        ("looked at the plan as somebody else sees it", "Preview"),
        ("took the plan as a file", "File"),
        ("was sent the plan", "Sent"),
        ("had the plan read by a program, and did not look", "By itself"),
        ("had the plan read by their calendar, and did not look", "By itself"),
    }
    assert "By itself" in words(page)


def test_a_preview_is_in_the_list_with_whose_view_it_was(cast: Cast) -> None:
    as_(cast.young_person).get(address("preview_page", cast.sam.pk, cast.teacher.pk, "profile"))
    found = [row for row in said(cast.young_person, cast.sam, own="on") if "as Tom Teal sees it" in row[1]]
    assert found == [
        ("Sam Okafor", "looked at the profile as Tom Teal sees it", "", "it is their own record")
    ]


def test_ones_own_looks_do_not_bury_the_others_until_they_are_asked_for(cast: Cast) -> None:
    looked(cast.ada, cast.child, minutes=1)
    looked(cast.ada, cast.teacher, minutes=2)
    assert {row[0] for row in said(cast.child, cast.ada)} == {"Tom Teal"}
    assert {row[0] for row in said(cast.child, cast.ada, own="on")} == {"Ada Lovelace", "Tom Teal"}
    assert {row[0] for row in said(cast.child, cast.ada, person=str(cast.child.pk))} == {"Ada Lovelace"}
    page = as_(cast.child).get(address("who_looked", cast.ada.pk))
    assert "Your own looks are not in this list." in words(page)


def test_the_list_is_narrowed_to_a_person_and_a_part(cast: Cast) -> None:
    looked(cast.ada, cast.teacher, sections=["plan", "needs"], grounds=["teaches", "teaches"])
    looked(cast.ada, cast.teacher, minutes=2, sections=["views"])
    looked(cast.ada, cast.senco, minutes=3, sections=["needs"], grounds=["coordinates"])
    teacher = str(cast.teacher.pk)
    assert {row[0] for row in said(cast.child, cast.ada, person=teacher)} == {"Tom Teal"}
    assert [row[1] for row in said(cast.child, cast.ada, person=teacher, part="needs")] == [
        "opened the plan and strengths and needs"
    ]
    assert {row[0] for row in said(cast.child, cast.ada, part="needs")} == {"Tom Teal", "Sunita Rao"}
    assert "Nobody looked, of those you asked for." in words(
        as_(cast.child).get(address("who_looked", cast.ada.pk), {"part": "funding"})
    )


def test_the_filter_names_nobody_whose_looks_are_hidden(cast: Cast) -> None:
    looked(cast.ada, cast.other_parent, sections=["plan"], grounds=["parent"])
    looked(cast.ada, cast.teacher)
    page = as_(cast.parent).get(address("who_looked", cast.ada.pk))
    assert "Oscar" not in page.content.decode()
    hidden = as_(cast.parent).get(address("who_looked", cast.ada.pk), {"person": str(cast.other_parent.pk)})
    assert "Oscar" not in hidden.content.decode()
    for odd in ({"person": "x"}, {"part": "secrets"}, {"person": "\0"}):
        assert as_(cast.parent).get(address("who_looked", cast.ada.pk), odd).status_code == 200


def test_a_home_is_ones_own_for_the_child_who_has_it(cast: Cast) -> None:
    """Pam lives in the other home with Noor: of Ada, whose two homes are apart, she reads nothing of that home.

    Ada's teacher is family of Noor's, and to Ada a teacher.
    """
    circle.add_parent_carer(
        pupil=cast.noor, household=cast.other_home, person=cast.teacher, name="Tom Teal", relationship="uncle",
        has_parental_responsibility=False, by=cast.senco, at=AT,
    )  # fmt: skip
    ParentCarer.objects.filter(person=cast.parent, pupil=cast.noor).update(household=cast.other_home)
    circle.add_parent_carer(
        pupil=cast.ada, household=cast.home, name="Gran, who has no account", relationship="grandmother",
        has_parental_responsibility=False, by=cast.senco, at=AT,
    )  # fmt: skip
    access.look(cast.other_parent, cast.ada.pk, Section.PLAN, AT)
    access.look(cast.teacher, cast.ada.pk, Section.PLAN, AT)
    shown = policy.looks_shown(policy.why(cast.parent, cast.ada, AT))
    assert [row.person for row in shown] == [cast.teacher]


def test_after_hand_over_a_parent_with_a_chosen_profile_does_not_read_the_list(cast: Cast) -> None:
    looked(cast.sam, cast.teacher)
    assert as_(cast.parent).get(address("who_looked", cast.ada.pk)).status_code == 200
    choices.choose(
        pupil=cast.sam,
        wanted=[choices.Wanted(section, Answer.YES, person=cast.parent) for section in Section],
        by=cast.young_person,
        at=AT - timedelta(days=1),
        key=uuid4(),
        wording="1",
    )
    parent = as_(cast.parent)
    profile = parent.get(address("profile", cast.sam.pk))
    assert (profile.status_code, address("who_looked", cast.sam.pk) in profile.content.decode()) == (
        200,
        False,
    )
    closed = parent.get(address("who_looked", cast.sam.pk))
    assert (closed.status_code, "Tom Teal" in closed.content.decode()) == (403, False)
    key = tokens.issue(person=cast.parent, name="x", by=cast.parent, at=AT)[1]
    told = ask(key, "GET", f"/api/v1/pupils/{cast.sam.pk}/access-log/")
    assert (told.status_code, "Tom Teal" in told.content.decode()) == (403, False)


def test_the_api_says_the_same_and_narrows_the_same(cast: Cast) -> None:
    as_(cast.teacher).get(address("profile", cast.sam.pk))
    as_(cast.young_person).get(address("preview_page", cast.sam.pk, cast.teacher.pk, "profile"))
    key, path = (
        tokens.issue(person=cast.young_person, name="x", by=cast.young_person, at=AT)[1],
        f"/api/v1/pupils/{cast.sam.pk}/access-log/",
    )
    rows = ask(key, "GET", path).json()["results"]
    by_way = {row["way"]: row for row in rows}
    assert by_way["page"] == {
        "at": "2026-03-10T10:30:00Z",
        "who": "Tom Teal",
        "who_id": str(cast.teacher.pk),
        "role": "teacher of 11C",
        "sections": ["profile"],
        "grounds": ["teaches"],
        "why": "they teach Sam in 11C",
        "way": "page",
        "seen_as": None,
    }
    assert by_way["preview"]["seen_as"] == "Tom Teal"
    for asked, ways in {
        "?way=preview": {"preview"},
        f"?who={cast.teacher.pk}": {"page"},
        "?section=funding": set(),
    }.items():
        got = ask(key, "GET", path + asked).json()["results"]
        assert {row["way"] for row in got} == ways, asked
    assert ask(key, "GET", path + "?who=x").status_code == 400
    assert ask(key, "GET", path + "?way=x").status_code == 400


def test_a_family_does_not_read_there_that_somebody_decides_for_the_young_person(cast: Cast) -> None:
    """Sam is 16 and his parents see what they saw; who decides about one thing is for them, Sam and the SENCO."""
    Setting.objects.filter(pk=cast.hazelmere.pk).update(control_trigger="post16")
    deputy: dict[str, Any] = {"authority": Authority.DEPUTY, "authority_words": "Order of 2 March 2026"}
    recorded(cast, cast.sam, cast.professional, **deputy)
    assert as_(cast.professional).get(address("funding", cast.sam.pk)).status_code == 200
    page, path = address("who_looked", cast.sam.pk), f"/api/v1/pupils/{cast.sam.pk}/access-log/"
    told = {}
    for who in ("senco", "young_person", "parent"):
        text = words(as_(cast.people[who]).get(page))
        text += ask(token_of(cast.people[who]), "GET", path).content.decode()
        told[who] = ("Priya Therapist" in text, "recorded decision" in text, '"override"' in text)
    assert told == {"senco": (True,) * 3, "young_person": (True,) * 3, "parent": (True, False, False)}
