"""Choices through the API: what holds, what was given, and making them."""

from typing import Any
from uuid import uuid4

import pytest

from accounts.models import User
from pupils import policy
from pupils.enums import Section
from pupils.models import ChoiceSheet

from ..api.asking import ask
from ..api.record import token_of
from ..cast import AT, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


def call(person: User, method: str, pupil: Any, body: Any = None, query: str = "") -> Any:
    return ask(token_of(person), method, f"/api/v1/pupils/{pupil.pk}/choices/{query}", body)


def body(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"sent_key": str(uuid4()), "wording": "young-1", "choices": list(rows), **more}


def to(person: User, section: str, answer: str, **more: Any) -> dict[str, Any]:
    return {"to": "person", "person": str(person.pk), "section": section, "answer": answer, **more}


def open_to(cast: Cast, person: str, pupil: str = "sam") -> list[str]:
    return [s.value for s in policy.why(cast.people[person], cast.pupils[pupil], AT).sections]


def test_a_young_person_chooses_and_reads_what_holds(cast: Cast) -> None:
    sent = body(
        to(cast.parent, "needs", "yes", until="2026-07-17", purpose="My review"),
        {"to": "teachers", "section": "views", "answer": "ask"},
    )
    made = call(cast.young_person, "POST", cast.sam, sent)
    row = {"section": "needs", "answer": "yes", "until": "2026-07-17", "purpose": "My review"}
    assert (made.status_code, made.json()) == (
        201,
        {
            "id": sent["sent_key"],
            "number": 1,
            "at": "2026-03-10T10:30:00Z",
            "voice": "young_person",
            "how": "themselves",
            "how_words": "",
            "wording": "young-1",
            "format": "standard",
            "language": "en-GB",
            "given_by": "Sam Okafor",
            "recorded_by": "Sam Okafor",
            "confirms": None,
            "choices": [
                {"to": "person", "name": "Pam Lovelace", **row},
                {
                    "to": "teachers",
                    "name": "",
                    "section": "views",
                    "answer": "ask",
                    "until": None,
                    "purpose": "",
                },
            ],
        },
    )
    again = call(cast.young_person, "POST", cast.sam, sent)
    assert (again.status_code, again.json()["number"], ChoiceSheet.objects.count()) == (201, 1, 1)
    told = call(cast.young_person, "GET", cast.sam).json()
    assert {key: told[key] for key in ("voice", "begins", "number", "may_open", "before", "to_confirm")} == {
        "voice": "young_person",
        "begins": None,
        "number": 1,
        "may_open": [s.value for s in Section],
        "before": None,
        "to_confirm": [],
    }
    [pam] = [one for one in told["people"] if one["name"] == "Pam Lovelace"]
    assert (pam["to"], pam["person"], pam["invitation"], pam["role"]) == (
        "person", str(cast.parent.pk), None, "parent carer",
    )  # fmt: skip
    assert [line for line in pam["lines"] if line["state"]] == [
        {"section": "needs", "state": "yes", "until": "2026-07-17", "purpose": "My review"}
    ]
    assert [sheet["id"] for sheet in told["sheets"]] == [sent["sent_key"]]
    assert call(cast.senco, "GET", cast.sam).json()["sheets"] == told["sheets"]


def test_who_is_answered(cast: Cast) -> None:
    answers = {
        who: call(person, "GET", cast.sam).status_code
        for who, person in cast.people.items()
        if person.is_active
    }
    inside = dict.fromkeys(["teacher", "key_adult", "parent", "other_parent", "professional"], 403)
    assert answers == {**dict.fromkeys(answers, 404), **inside, "senco": 200, "young_person": 200}
    sent = body(to(cast.parent, "needs", "yes"))
    assert call(cast.parent, "POST", cast.sam, sent).status_code == 403
    assert call(cast.stranger, "POST", cast.sam, sent).status_code == 404
    assert call(cast.child, "POST", cast.ada, sent).status_code == 403
    assert not ChoiceSheet.objects.exists()


def test_one_home_reads_nothing_of_what_the_other_gave(cast: Cast) -> None:
    priya = to(cast.professional, "needs", "yes", until="2026-07-17", purpose="~pam~")
    made = call(cast.parent, "POST", cast.ada, body(priya, wording="family-1"))
    assert made.status_code == 201
    assert open_to(cast, "professional", "ada") == ["needs"]
    told = call(cast.other_parent, "GET", cast.ada)
    assert (told.json()["sheets"], "~pam~" in told.content.decode()) == ([], False)
    assert "~pam~" in call(cast.parent, "GET", cast.ada).content.decode()
    assert [one["name"] for one in told.json()["people"]] == ["Priya Therapist"]


def test_what_was_chosen_since_is_a_409_and_what_is_wrong_a_400(cast: Cast) -> None:
    sam = cast.young_person
    call(sam, "POST", cast.sam, body(to(cast.parent, "needs", "no")))
    late = call(sam, "POST", cast.sam, body(to(cast.parent, "needs", "yes"), after=0))
    assert (late.status_code, late.json()["code"]) == (409, "stale")
    for wrong in (
        body(),
        body(to(cast.parent, "needs", "yes"), wording="guess"),
        body(to(cast.parent, "needs", "yes", until="2026-03-01")),
        body(to(cast.stranger, "needs", "yes")),
        body(to(cast.professional, "needs", "yes")),
        body({"to": "teachers", "person": str(cast.parent.pk), "section": "needs", "answer": "yes"}),
        body(to(cast.parent, "needs", "yes"), to(cast.parent, "needs", "no")),
        body(to(cast.parent, "needs", "yes", until="9999-12-31")),
    ):
        assert call(sam, "POST", cast.sam, wrong).status_code == 400, wrong
    assert open_to(cast, "parent") == []
    assert call(sam, "GET", cast.sam, query="?voice=x").status_code == 400
    assert call(sam, "GET", cast.sam, query="?before=x").status_code == 400


def test_what_is_wrong_in_a_list_says_in_which_of_it(cast: Cast) -> None:
    rows = to(cast.parent, "needs", "no"), {"to": "nobody", "section": "needs", "answer": "no"}
    refused = call(cast.young_person, "POST", cast.sam, body(*rows))
    assert (refused.status_code, refused.json()["fields"]) == (
        400,
        {"choices": ["1.to: Choose one of the words in the schema."]},
    )


def test_a_senco_writes_down_and_the_young_person_confirms(cast: Cast) -> None:
    said = body(
        to(cast.parent, "needs", "yes"),
        how="symbols",
        how_words="With Kim",
        given_by=str(cast.young_person.pk),
        format="easy_read",
    )
    assert call(cast.senco, "POST", cast.sam, body(to(cast.parent, "needs", "yes"))).status_code == 400
    assert call(cast.senco, "POST", cast.sam, said).status_code == 201
    assert call(cast.young_person, "GET", cast.sam).json()["to_confirm"] == [said["sent_key"]]
    confirming = {"sent_key": str(uuid4()), "wording": "young-1", "confirms": said["sent_key"]}
    done = call(cast.young_person, "POST", cast.sam, confirming)
    assert (done.status_code, done.json()["confirms"]) == (201, said["sent_key"])
    assert call(cast.young_person, "GET", cast.sam).json()["to_confirm"] == []
    assert call(cast.senco, "POST", cast.sam, confirming).status_code == 403


def test_what_a_later_no_to_all_teachers_took_back_is_not_there_to_be_confirmed(cast: Cast) -> None:
    said = body(to(cast.teacher, "needs", "yes"), how="spoken", how_words="With Kim")
    assert call(cast.senco, "POST", cast.sam, said).status_code == 201
    no = body({"to": "teachers", "section": "needs", "answer": "no"})
    assert call(cast.young_person, "POST", cast.sam, no).status_code == 201
    assert call(cast.young_person, "GET", cast.sam).json()["to_confirm"] == []
    confirming = {"sent_key": str(uuid4()), "wording": "young-1", "confirms": said["sent_key"]}
    assert call(cast.young_person, "POST", cast.sam, confirming).status_code == 409
    assert open_to(cast, "teacher") == ["profile", "plan", "strategies"]


def test_older_sheets_are_on_the_next_page(cast: Cast) -> None:
    for answer in ["yes", "no"] * 14:
        call(cast.young_person, "POST", cast.sam, body(to(cast.parent, "needs", answer)))
    first = call(cast.young_person, "GET", cast.sam).json()
    assert ([s["number"] for s in first["sheets"]], first["before"]) == (list(range(28, 3, -1)), 4)
    second = call(cast.young_person, "GET", cast.sam, query="?before=4").json()
    assert ([s["number"] for s in second["sheets"]], second["before"]) == ([3, 2, 1], None)
