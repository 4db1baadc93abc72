"""The API: the same record, the same policy."""

from typing import Any
from uuid import uuid4

import pytest
import time_machine
from rest_framework.test import APIClient

from accounts.models import User
from apdr.models import Progress
from apdr.services import family, items, progress
from pupils.models import AccessLog

from ..apdr.plans import steps_scale, write_plan
from ..cast import AT, Cast

pytestmark = pytest.mark.django_db


def as_person(person: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(person)
    return client


@pytest.fixture(autouse=True)
def now() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


def test_me_names_the_person_and_their_roles(cast: Cast) -> None:
    told = as_person(cast.senco).get("/api/v1/me/").json()
    assert told == {
        "id": str(cast.senco.pk),
        "email": "senco@hazelmere.example",
        "name": "Sunita Rao",
        "known_as": "",
        "roles": [{"setting_id": str(cast.hazelmere.pk), "setting": "Hazelmere School", "role": "senco"}],
    }


def test_the_list_holds_the_circle_and_says_what_is_open_and_why(cast: Cast) -> None:
    told = as_person(cast.parent).get("/api/v1/pupils/").json()["results"]
    assert [(p["given_name"], p["sections"][:2], p["date_of_birth"]) for p in told] == [
        ("Noor", [], None),
        ("Ada", ["profile", "needs"], "2012-05-14"),
        ("Sam", [], None),
    ]
    assert told[1]["why"]["plan"] == "You can see this because you are Ada’s parent carer."


@pytest.mark.parametrize("name", ["stranger", "left", "dsl", "leader", "installer", "restricted_parent"])
def test_somebody_outside_the_circle_gets_404_for_everything(cast: Cast, name: str) -> None:
    client = as_person(cast.people[name])
    plan = write_plan(cast.ada, cast.senco, AT)
    assert client.get("/api/v1/pupils/").json()["results"] == []
    for path in (
        f"pupils/{cast.ada.pk}/",
        f"pupils/{cast.ada.pk}/needs/",
        f"pupils/{uuid4()}/needs/",
        f"next-steps/{plan.step.pk}/progress/",
        f"cycles/{plan.cycle.pk}/versions/",
    ):
        answer = client.get(f"/api/v1/{path}")
        assert (answer.status_code, answer.json()) == (
            404,
            {"code": "not_found", "detail": "There is nothing here for you."},
        )


def test_a_parent_reads_what_was_shared_and_staff_the_draft(cast: Cast) -> None:
    plan = write_plan(cast.ada, cast.senco, AT)
    items.edit(plan.step, version=1, by=cast.senco, at=AT, words="A draft nobody shared.")
    shared = as_person(cast.parent).get(f"/api/v1/pupils/{cast.ada.pk}/next-steps/").json()
    draft = as_person(cast.teacher).get(f"/api/v1/pupils/{cast.ada.pk}/next-steps/").json()
    assert (shared["version"], [s["words"] for s in shared["steps"]]) == (
        1,
        ["Uses the task board to start within two minutes."],
    )
    assert (draft["version"], [s["words"] for s in draft["steps"]]) == (None, ["A draft nobody shared."])


def test_a_teacher_is_not_told_of_funding(cast: Cast) -> None:
    answer = as_person(cast.teacher).get(f"/api/v1/pupils/{cast.ada.pk}/funding/")
    assert answer.status_code == 403
    assert answer.json()["code"] == "not_this_section"


def test_a_teacher_notes_a_step_once_however_often_it_is_sent(cast: Cast) -> None:
    plan = write_plan(cast.ada, cast.senco, AT)
    client = as_person(cast.teacher)
    body = {"sent_key": str(uuid4()), "value": 2, "note": "Started alone twice."}
    path = f"/api/v1/next-steps/{plan.step.pk}/progress/"
    first, again = client.post(path, body), client.post(path, body)
    assert (first.status_code, again.json()) == (201, first.json())
    assert [n["note"] for n in client.get(path).json()["results"]] == ["Started alone twice."]


def test_one_household_does_not_read_the_other(cast: Cast) -> None:
    plan = write_plan(cast.ada, cast.senco, AT)
    assert plan.version is not None
    family.comment(plan_version=plan.version, by=cast.parent, at=AT, sent_key=uuid4(), words="Between us.")
    path = f"/api/v1/versions/{plan.version.pk}/comments/"
    assert [c["words"] for c in as_person(cast.parent).get(path).json()] == ["Between us."]
    assert as_person(cast.other_parent).get(path).json() == []


def test_writing_a_plan_through_the_api_is_checked_like_the_pages(cast: Cast) -> None:
    plan = write_plan(cast.ada, cast.senco, AT)
    other = write_plan(cast.sam, cast.senco, AT)
    client = as_person(cast.senco)
    step = {
        "outcome": str(plan.outcome.pk),
        "words": "Asks for help by raising a card.",
        "criterion": "Three times a week.",
        "baseline": "Waits.",
        "scale": str(steps_scale(plan.cycle).versions.get().pk),
        "owner_name": "Miss Teal",
        "by_when": "2026-05-01",
    }
    path = f"/api/v1/pupils/{cast.ada.pk}/next-steps/"
    made = client.post(path, step)
    assert made.status_code == 201
    smuggled = client.post(path, {**step, "outcome": str(other.outcome.pk)})
    assert (smuggled.status_code, smuggled.json()["fields"]) == (
        400,
        {"outcome": ["Choose one from this plan."]},
    )
    long = client.patch(f"/api/v1/next-steps/{made.json()['id']}/", {"version": 1, "words": "x" * 2001})
    assert long.status_code == 400
    changed = client.patch(f"/api/v1/next-steps/{made.json()['id']}/", {"version": 1, "words": "Better."})
    stale = client.patch(f"/api/v1/next-steps/{made.json()['id']}/", {"version": 1, "words": "Late."})
    assert (changed.json()["words"], changed.json()["version"]) == ("Better.", 2)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")


def test_each_look_through_the_api_is_written_down(cast: Cast) -> None:
    as_person(cast.teacher).get(f"/api/v1/pupils/{cast.ada.pk}/needs/")
    row = AccessLog.objects.get()
    assert (row.person, row.sections, row.grounds, row.way) == (cast.teacher, ["needs"], ["teaches"], "api")


def test_other_words_with_the_same_key_are_kept_too_and_so_is_what_is_sent_after_taking_it_back(
    cast: Cast,
) -> None:
    plan = write_plan(cast.ada, cast.senco, AT)
    client, path = as_person(cast.teacher), f"/api/v1/next-steps/{plan.step.pk}/progress/"
    body = {"sent_key": str(uuid4()), "note": "Started alone."}
    other = {**body, "note": "Started alone, and asked for more."}
    first, second, again = (client.post(path, sent).json()["id"] for sent in (body, other, other))
    assert first != second == again
    progress.withdraw_progress(progress=Progress.objects.get(pk=first), by=cast.teacher, at=AT)
    third, fourth = (client.post(path, body).json()["id"] for _ in range(2))
    assert third == fourth
    assert len({first, second, third}) == Progress.objects.count() == 3
