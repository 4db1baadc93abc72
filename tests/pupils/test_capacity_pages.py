"""The pages about capacity and competence: the SENCO records, the young person and the decider read."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from accounts.models import Setting
from pupils import choices
from pupils.choices import Wanted
from pupils.enums import Answer, Section
from pupils.models import AccessLog, AuditEvent, Capacity, Competence, Pupil

from ..apdr.pages import address, as_, count, errors, hidden, send, words
from ..cast import AT, Cast
from .decided import recorded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
SECOND = timedelta(seconds=1)
REVIEWED = datetime(2026, 9, 10, 0, 0, tzinfo=AT.tzinfo)


def typed(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "decision": "Whether the college reads his assessments",
        "sections": ["needs"],
        "assessor": "Dr Ida Asse",
        "assessor_role": "Doctor",
        "assessed_on": "2026-03-09",
        "support": "Pictures and time.",
        "findings": "He could not weigh it up.",
        "wishes": "I want Mum to.",
        "decider": str(cast.parent.pk),
        "authority": "parent",
        "review_on": "2026-09-10",
        **more,
    }


@pytest.mark.parametrize(
    ("name", "status"),
    [
        *((n, 200) for n in ("senco", "young_person", "parent")),
        *((n, 403) for n in ("teacher", "key_adult", "other_parent", "professional")),
        *(
            (n, 404)
            for n in (
                "restricted_parent",
                "student",
                "colleague",
                "dsl",
                "leader",
                "stranger",
                "left",
                "installer",
            )
        ),
    ],
)
def test_the_senco_the_young_person_and_the_decider_read_it_and_nobody_else(
    cast: Cast, name: str, status: int
) -> None:
    recorded(cast, cast.sam, cast.parent)
    page = as_(cast.people[name]).get(address("capacity", cast.sam.pk))
    assert page.status_code == status
    told = [
        mark in page.content.decode()
        for mark in ("CAPACITY-decision", "CAPACITY-wishes", "CAPACITY-findings")
    ]
    assert told == [status == 200] * 3


def test_the_senco_records_it_and_sent_twice_it_is_one(cast: Cast) -> None:
    senco, href = as_(cast.senco), address("record_capacity", cast.sam.pk)
    body = {**hidden(senco.get(href)), **typed(cast)}
    assert [senco.post(href, body).status_code for _ in range(2)] == [302, 302]
    row = Capacity.objects.get()
    assert (row.decider, row.sections, row.recorded_by) == (cast.parent, ["needs"], cast.senco)
    page = words(senco.get(address("capacity", cast.sam.pk)))
    assert "Pam Lovelace decides, until 10 September 2026." in page
    ended = senco.post(address("end_capacity", cast.sam.pk, row.pk))
    assert ended.status_code == 302
    assert senco.post(address("end_capacity", cast.noor.pk, row.pk)).status_code == 404
    assert AuditEvent.objects.filter(verb="capacity record ended").count() == 1


@pytest.mark.parametrize("name", ["teacher", "parent", "young_person"])
def test_nobody_near_but_the_senco_records_or_ends(cast: Cast, name: str) -> None:
    row = recorded(cast, cast.sam, cast.parent)
    browser = as_(cast.people[name])
    for route, args in (("record_capacity", []), ("end_capacity", [row.pk])):
        assert browser.post(address(route, cast.sam.pk, *args), typed(cast)).status_code == 403
    assert (Capacity.objects.count(), Capacity.objects.get().ended_at) == (1, None)


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(cast: Cast) -> None:
    senco, href = as_(cast.senco), address("record_capacity", cast.sam.pk)
    empty = send(senco, href)
    assert (empty.status_code, len(errors(empty))) == (422, 11)
    for wrong, field in (
        ({"review_on": "2027-03-11"}, "at most 12 months ahead"),
        ({"authority": "deputy"}, "Write where this authority is given."),
        ({"decider": str(cast.professional.pk)}, "Only a parent carer decides as a parent."),
        ({"decider": str(cast.restricted_parent.pk)}, "Select a valid choice"),
        ({"decision": "x" * 301}, "Shorten it"),
    ):
        refused = send(senco, href, **typed(cast, **wrong))
        assert refused.status_code == 422
        assert any(field in line for line in errors(refused)), errors(refused)
        assert "I want Mum to." in refused.content.decode()
    Setting.objects.filter(pk=cast.hazelmere.pk).update(capacity_needs_medical=True)
    refused = send(senco, href, **typed(cast))
    assert errors(refused) == [
        "This setting records what a medical professional has assessed. Say if they are one."
    ]
    assert Capacity.objects.count() == 0
    assert send(senco, href, **typed(cast, medical="on")).status_code == 302


def test_before_16_the_form_says_what_to_record_instead(cast: Cast) -> None:
    refused = send(as_(cast.senco), address("record_capacity", cast.ada.pk), **typed(cast))
    assert refused.status_code == 422
    assert "Ada is not 16 yet." in errors(refused)[0]
    assert "competence" in errors(refused)[0]


def test_the_young_person_reads_who_decides_and_how_to_disagree_and_then_that_they_decide(cast: Cast) -> None:
    recorded(cast, cast.sam, cast.parent)
    href = address("capacity", cast.sam.pk)
    page = words(as_(cast.young_person).get(href))
    for said in (
        "Pam Lovelace, and only this. You decide all the rest",
        "If you think this is wrong",
        "SENDIAS",
    ):
        assert said in page
    pages = {}
    for n in (-1, 0, 1):
        with time_machine.travel(REVIEWED + SECOND * n, tick=False):
            pages[n] = (
                "You do. It was Pam Lovelace for a time" in words(as_(cast.young_person).get(href)),
                as_(cast.parent).get(href).status_code,
                "Sam Okafor" in words(as_(cast.parent).get(address("home"))),
            )
    assert {n: (a, b) for n, (a, b, _) in pages.items()} == {-1: (False, 200), 0: (True, 403), 1: (True, 403)}
    assert [n for n, (_, _, there) in pages.items() if there] == [-1]


def test_the_decider_finds_it_from_home_and_reads_the_part_as_it_was_shared(cast: Cast) -> None:
    recorded(cast, cast.sam, cast.parent)
    parent = as_(cast.parent)
    assert "What you decide for Sam" in words(parent.get(address("home")))
    assert parent.get(address("funding", cast.sam.pk)).status_code == 200
    assert parent.get(address("needs", cast.sam.pk)).status_code == 403
    assert AccessLog.objects.filter(person=cast.parent).values_list("grounds", flat=True).get() == [
        "override"
    ]
    assert "Pam Lovelace opened the funding" in words(
        as_(cast.young_person).get(address("who_looked", cast.sam.pk))
    )


# Competence -------------------------------------------------------------------------------------------------


def test_the_senco_records_competence_and_the_young_person_reads_it(cast: Cast) -> None:
    senco, href = as_(cast.senco), address("competence", cast.ada.pk)
    body = {
        **hidden(senco.get(href)),
        "can": "yes",
        "from_on": "2026-03-10",
        "assessor": "Sunita Rao",
        "assessor_role": "SENCO",
        "findings": "She said what it means.",
    }
    assert [senco.post(href, body).status_code for _ in range(2)] == [302, 302]
    assert Competence.objects.count() == 1
    child = as_(cast.child)
    assert "You decide from 10 March 2026" in words(child.get(href))
    assert "Why I can decide before 16" in words(child.get(address("mine", cast.ada.pk)))
    assert as_(cast.parent).get(address("plan", cast.ada.pk)).status_code == 403
    send(
        senco,
        href,
        can="no",
        from_on="2026-03-11",
        assessor="Sunita Rao",
        assessor_role="SENCO",
        findings="Not.",
    )
    assert Pupil.objects.get(pk=cast.ada.pk).competent_from is None
    assert "Not yet" in words(child.get(href))
    assert as_(cast.parent).get(address("plan", cast.ada.pk)).status_code == 200


def test_a_form_about_competence_says_what_is_missing(cast: Cast) -> None:
    senco, href = as_(cast.senco), address("competence", cast.ada.pk)
    assert len(errors(send(senco, href))) == 4
    said = {"can": "yes", "assessor": "Sunita Rao", "assessor_role": "SENCO", "findings": "MINE"}
    assert errors(send(senco, href, **said)) == ["Enter the day from which they decide"]
    past = send(senco, href, **said, from_on="2026-03-09")
    assert errors(past) == ["Choose today or a later day before their 16th birthday."]
    assert "MINE" in past.content.decode()
    for name, status in (("teacher", 403), ("parent", 403), ("dsl", 404), ("stranger", 404)):
        assert as_(cast.people[name]).get(href).status_code == status
        assert as_(cast.people[name]).post(href, said).status_code == status
    assert as_(cast.child).post(href, said).status_code == 403
    assert Competence.objects.count() == 0


@pytest.mark.parametrize(
    ("where", "who", "queries"),
    [
        ("capacity", "senco", 7),
        ("capacity", "young_person", 9),
        ("record_capacity", "senco", 9),
        ("competence", "senco", 7),
    ],
)
def test_pages_ask_the_same_of_one_row_and_three(cast: Cast, where: str, who: str, queries: int) -> None:
    browser = as_(cast.people[who])
    for number in range(3):
        recorded(cast, cast.sam, [cast.parent, cast.other_parent, cast.parent][number])
        Competence.objects.create(
            pupil=cast.sam, assessor="x", assessor_role="x", findings="x", recorded_by=cast.senco
        )
        if number in (0, 2):
            assert count(browser, address(where, cast.sam.pk)) == queries


def test_that_somebody_decides_is_named_to_nobody_who_may_not_read_the_record(cast: Cast) -> None:
    """Neither is whom Sam's part is shared with."""
    recorded(cast, cast.sam, cast.parent, sections=[Section.NEEDS])
    readers = {"professional": cast.professional, "other_parent": cast.other_parent, "teacher": cast.teacher}
    choices.choose(
        pupil=cast.sam,
        wanted=[Wanted(Section.NEEDS, Answer.YES, person=one, ends_at=REVIEWED) for one in readers.values()],
        by=cast.parent,
        at=AT,
        key=uuid4(),
        wording="test-1",
    )
    told = {
        who: words(as_(cast.people[who]).get(address("needs", cast.sam.pk)))
        for who in (*readers, "senco", "young_person", "parent")
    }
    assert {who for who, text in told.items() if "Pam Lovelace" in text} == {
        "senco",
        "young_person",
        "parent",
    }
    knows = {who for who, text in told.items() if "decides about this" in text}
    assert knows == {"senco", "young_person", "parent"}
    assert "Priya Therapist, shared with anybody else whom Sam chooses" in told["professional"]
    assert "Oscar" not in told["professional"]  # whom Sam shares with is theirs to tell
