"""Disclosures and capacity records through the API: who reads which, and what is kept back from whom."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from pupils import overrides
from pupils.models import AuditEvent, Capacity

from ..cast import AT, Cast
from ..pupils.decided import asked, confirmed, recorded, told
from .asking import ask
from .record import token_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
SECOND = timedelta(seconds=1)


def read(cast: Cast, name: str, what: str) -> Any:
    answer = ask(token_of(cast.people[name]), "GET", f"/api/v1/pupils/{cast.sam.pk}/{what}/")
    return answer.json() if answer.status_code == 200 else answer.status_code


def test_whoever_leads_safeguarding_reads_all_of_a_disclosure_and_it_is_written_down(cast: Cast) -> None:
    row = confirmed(cast, cast.sam, cast.colleague)
    assert read(cast, "dsl", "overrides") == [
        {
            "id": str(row.pk),
            "recipient": "Col Ives",
            "opens": True,
            "sections": ["needs"],
            "reason": "OVERRIDE-reason",
            "asked_by": "Dora Safe",
            "asked_at": "2026-03-10T10:30:00Z",
            "confirmed_by": "Leo Head",
            "confirmed_at": "2026-03-10T10:30:00Z",
            "ends_at": "2026-03-24T00:00:00Z",
            "ended_by": None,
            "ended_at": None,
            "told_at": None,
            "told_how": "",
            "not_told_why": "WHY-NOT-TOLD",
            "look_again_on": "2026-03-17",
        }
    ]
    event = AuditEvent.objects.get(verb="safeguarding page opened")
    assert (event.by, event.pupil, event.detail) == (cast.dsl, cast.sam, {"page": "api"})


def test_the_young_person_reads_what_they_were_told_of_and_nothing_typed_about_it(cast: Cast) -> None:
    row = confirmed(cast, cast.sam, cast.colleague)
    asked(cast, cast.sam, cast.teacher, **told())
    assert read(cast, "young_person", "overrides") == []
    then = AT + timedelta(hours=1)
    overrides.tell(override=row, on=AT.date(), how="In person", by=cast.dsl, at=then)
    shown = []
    for n in (-1, 0, 1):
        with time_machine.travel(then + SECOND * n, tick=False):
            shown.append(read(cast, "young_person", "overrides"))
    one = {
        "id": str(row.pk),
        "recipient": "Col Ives",
        "opens": True,
        "sections": ["needs"],
        "confirmed_at": "2026-03-10T10:30:00Z",
        "ends_at": "2026-03-24T00:00:00Z",
        "ended_at": None,
        "told_at": "2026-03-10T11:30:00Z",
        "told_how": "In person",
        **dict.fromkeys(
            ["reason", "asked_by", "asked_at", "confirmed_by", "ended_by", "not_told_why", "look_again_on"]
        ),
    }
    assert shown == [[], [one], [one]]


def test_for_everybody_else_there_are_none(cast: Cast) -> None:
    confirmed(cast, cast.sam, cast.colleague, **told())
    answers = {
        n: read(cast, n, "overrides") for n in cast.people if n not in ("dsl", "young_person", "deactivated")
    }
    near = {"senco", "teacher", "key_adult", "parent", "other_parent", "professional", "colleague"}
    assert answers == {n: 403 if n in near else 404 for n in answers}


def test_capacity_records_are_read_by_the_senco_the_young_person_and_whoever_decides(cast: Cast) -> None:
    row = recorded(cast, cast.sam, cast.parent)
    answers = {n: read(cast, n, "capacity-records") for n in cast.people if n != "deactivated"}
    readers = {n: a for n, a in answers.items() if isinstance(a, list)}
    assert set(readers) == {"senco", "young_person", "parent"}
    near = {"teacher", "key_adult", "other_parent", "professional"}
    assert {n for n, a in answers.items() if a == 403} == near
    assert readers["parent"] == readers["senco"] == readers["young_person"]
    [one] = readers["parent"]
    told_of = {
        k: one[k] for k in ("id", "decision", "sections", "decider_name", "wishes", "review_on", "holds")
    }
    assert told_of == {
        "id": str(row.pk),
        "decision": "CAPACITY-decision",
        "sections": ["funding"],
        "decider_name": "Pam Lovelace",
        "wishes": "CAPACITY-wishes",
        "review_on": "2026-09-10",
        "holds": True,
    }


def test_a_record_sent_twice_is_one_and_before_16_it_is_refused_in_words(cast: Cast) -> None:
    body = {
        "sent_key": str(uuid4()),
        "decision": "Whether the college reads the assessments.",
        "sections": ["needs"],
        "wishes": "I want them to.",
        "decider": str(cast.parent.pk),
        "authority": "parent",
        "assessor": "Dr Ida Asse",
        "assessor_role": "Doctor",
        "assessed_on": "2026-03-09",
        "support": "Pictures.",
        "findings": "Not yet.",
        "review_on": "2026-09-10",
    }
    secret = token_of(cast.senco)
    answers = [ask(secret, "POST", f"/api/v1/pupils/{cast.sam.pk}/capacity-records/", body) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Capacity.objects.count() == 1
    young = ask(
        secret, "POST", f"/api/v1/pupils/{cast.ada.pk}/capacity-records/", {**body, "sent_key": str(uuid4())}
    )
    assert (young.status_code, young.json()["code"]) == (409, "not_now")
    assert "competence" in young.json()["detail"]
    wrong = ask(
        secret,
        "POST",
        f"/api/v1/pupils/{cast.sam.pk}/capacity-records/",
        {**body, "sent_key": str(uuid4()), "review_on": "2028-01-01", "sections": ["everything"]},
    )
    assert (wrong.status_code, list(wrong.json()["fields"])) == (400, ["sections"])
