"""The review in the room: saved as people talk, nothing lost, and read afterwards by whoever may hear it."""

from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apdr.enums import HowObtained, StepStatus
from apdr.models import View
from apdr.services import family
from pupils.models import AccessLog, AuditEvent
from reviews import services
from reviews.enums import DecisionKind, Rating
from reviews.models import Deciding, Judgement, WhatWeDid

from ..apdr.pages import address, as_, errors, words
from ..apdr.plans import Plan
from ..api.asking import ask
from ..api.record import token_of
from ..cast import AT, Cast
from .test_review_pages import reviewing

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


def close(cast: Cast, plan: Plan, **more: Any) -> None:
    services.close_cycle(
        cycle=plan.cycle, kind=DecisionKind.CONTINUE, why="It helps.", by=cast.senco, at=AT,
        statuses={plan.step: StepStatus.CARRIED}, review_on=date(2026, 6, 20), **more,
    )  # fmt: skip


def say_in_the_room(client: Client, plan: Plan, voice: str, **more: str) -> Any:
    prefix = str(plan.step.pk)
    post = {"voice": voice, "rating": "lot", "words": "", "key": str(uuid4()), **more}
    href = address("said_at_review", plan.cycle.pk, "step", plan.step.pk)
    return client.post(href, {f"{prefix}-{name}": value for name, value in post.items()}, **JSON)


def test_each_in_turn_the_child_first(cast: Cast, at_ten: datetime) -> None:
    plan = reviewing(cast)
    senco = as_(cast.senco)
    page = senco.get(address("review", plan.cycle.pk))
    form = next(s["form"] for o in page.context["outcomes"] for s in o["steps"])
    names = [label for _, label in form.fields["voice"].choices]
    assert (form.initial["voice"], names[0], names[-1]) == ("child", "Ada", "Me")
    carers = {str(c.pk): c.name for c in cast.ada.parent_carers.all()}
    assert {value for value, _ in form.fields["voice"].choices} - {"child", "me"} < set(carers)
    turns, answer = ["child"], page
    while len(turns) <= len(names):
        answer = say_in_the_room(senco, plan, turns[-1], words=f"Said by {turns[-1]}.")
        assert answer.status_code == 200
        turns.append(answer.json()["voice"])
    assert turns == [*(value for value, _ in form.fields["voice"].choices), "me"]
    assert "Said by child." in answer.json()["html"]
    homes = set(Judgement.objects.filter(perspective="parent").values_list("household", flat=True))
    assert homes == {cast.home.pk, cast.other_home.pk}
    assert Judgement.objects.get(perspective="staff").said_by == cast.senco


def test_somebody_who_is_shut_out_is_no_voice_in_the_room(cast: Cast, at_ten: datetime) -> None:
    plan = reviewing(cast)
    shut = cast.ada.parent_carers.get(person=cast.restricted_parent)
    answer = say_in_the_room(as_(cast.senco), plan, str(shut.pk))
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [f"{plan.step.pk}-voice"])
    assert Judgement.objects.count() == 0


def test_a_judgement_sent_again_after_a_lost_answer_is_one(cast: Cast, at_ten: datetime) -> None:
    plan = reviewing(cast)
    key = str(uuid4())
    answers = [say_in_the_room(as_(cast.senco), plan, "child", key=key) for _ in range(2)]
    assert [a.status_code for a in answers] == [200, 200]
    assert Judgement.objects.count() == 1


def test_a_refused_judgement_stands_on_the_page_with_what_was_typed(cast: Cast, at_ten: datetime) -> None:
    plan = reviewing(cast)
    href = address("said_at_review", plan.cycle.pk, "step", plan.step.pk)
    post = {"voice": "child", "words": "I can do it.", "key": str(uuid4())}
    answer = as_(cast.senco).post(href, {f"{plan.step.pk}-{name}": value for name, value in post.items()})
    assert (answer.status_code, errors(answer)) == (422, ["Choose what it did. “Not sure” is fine"])
    assert "I can do it." in answer.content.decode()


def test_notes_are_saved_as_people_talk_and_a_lost_answer_is_no_conflict(
    cast: Cast, at_ten: datetime
) -> None:
    plan = reviewing(cast)
    senco, row = as_(cast.senco), plan.cycle.reviews.get()
    href = address("write_review", row.pk)
    first = {"version": row.version, "who_came": "All of us", "working": "Reading.\r\nMaths."}
    answers = [senco.post(href, first, **JSON) for _ in range(2)]  # the first answer was lost on its way
    assert [(a.status_code, a.json()["version"]) for a in answers] == [(200, row.version + 1)] * 2
    assert answers[0].json()["saved"] == "10:30"
    other = senco.post(href, {**first, "working": "Something else."}, **JSON)
    assert (other.status_code, other.json()) == (409, {"stale": True})
    long = senco.post(href, {"version": row.version + 1, "what_next": "x" * 2001}, **JSON)
    assert (long.status_code, list(long.json()["errors"])) == (422, ["what_next"])
    row.refresh_from_db()
    assert (row.working, row.what_next) == ("Reading.\nMaths.", "")


def test_a_decision_is_kept_while_it_is_thought_of_and_gone_once_it_is_made(
    cast: Cast, at_ten: datetime
) -> None:
    plan = reviewing(cast)
    senco, href = as_(cast.senco), address("decide_so_far", plan.cycle.pk)
    half = {"version": 0, "why": "It helps.", f"step_{plan.step.pk}": "carried"}
    answers = [senco.post(href, half, **JSON) for _ in range(2)]
    assert [(a.status_code, a.json()["version"]) for a in answers] == [(200, 1)] * 2
    stale = senco.post(href, {**half, "why": "Other."}, **JSON)
    assert (stale.status_code, stale.json()) == (409, {"stale": True})
    beside = words(senco.post(href, {**half, "why": "Other."}))
    assert "It helps." in beside
    assert "Other." in beside
    shown = words(senco.get(address("review", plan.cycle.pk)))
    assert "It helps." in shown
    closing = senco.get(address("close_cycle", plan.cycle.pk))
    assert closing.context["form"].initial["why"] == "It helps."
    assert closing.context["form"].initial[f"step_{plan.step.pk}"] == "carried"
    on = senco.post(href, {**half, "version": 1, "then": "close"})
    assert (on.status_code, on.url) == (302, address("close_cycle", plan.cycle.pk))
    close(cast, plan)
    assert Deciding.objects.count() == 0
    over = senco.post(href, half, **JSON)
    assert (over.status_code, over.json()) == (
        409,
        {"refused": "This cycle is closed. Open the next one to go on."},
    )


@pytest.mark.parametrize(
    ("person", "status"),
    [("parent", 403), ("child", 403), ("teacher", 403), ("restricted_parent", 404), ("stranger", 404)],
)
def test_only_whoever_holds_it_writes_in_the_room(
    cast: Cast, at_ten: datetime, person: str, status: int
) -> None:
    plan = reviewing(cast)
    client = as_(cast.people[person])
    assert say_in_the_room(client, plan, "child").status_code == status
    assert client.post(address("decide_so_far", plan.cycle.pk), {"version": 0}, **JSON).status_code == status
    assert client.get(address("what_we_did", plan.cycle.pk)).status_code == status
    assert (Judgement.objects.count(), Deciding.objects.count()) == (0, 0)


def spoken(cast: Cast) -> tuple[Plan, View, View]:
    """Two homes said what they think, each in words."""
    plan = reviewing(cast)
    told: dict[str, Any] = {"pupil": cast.ada, "how": HowObtained.ONLINE, "at": AT}
    pam = family.say_views(**told, by=cast.parent, words="Pam asks for a quiet place.")
    oscar = family.say_views(**told, by=cast.other_parent, words="Oscar asks for swimming.")
    return plan, pam, oscar


def test_each_reads_what_we_do_about_what_they_said_and_no_other_home(cast: Cast, at_ten: datetime) -> None:
    plan, pam, oscar = spoken(cast)
    senco, href = as_(cast.senco), address("what_we_did", plan.cycle.pk)
    answers = {f"{pam.pk}-words": "The library at lunch.", f"{oscar.pk}-words": "We ask the pool."}
    assert [senco.post(href, answers).status_code for _ in range(2)] == [302, 302]
    assert WhatWeDid.objects.count() == 2
    minutes = address("minutes", plan.cycle.pk)
    for person in (cast.parent, cast.child):
        assert as_(person).get(minutes).status_code == 404  # the review is not over
    close(cast, plan)
    for person, own, other in (
        (cast.parent, ("Pam asks", "The library"), ("Oscar asks", "the pool")),
        (cast.other_parent, ("Oscar asks", "the pool"), ("Pam asks", "The library")),
    ):
        text = words(as_(person).get(minutes))
        assert all(part in text for part in own)
        assert not any(part in text for part in other)
    for person, status in (("restricted_parent", 404), ("stranger", 404), ("teacher", 403)):
        assert as_(cast.people[person]).get(minutes).status_code == status


def test_two_answers_to_one_thing_are_shown_beside_each_other(cast: Cast, at_ten: datetime) -> None:
    plan, pam, _ = spoken(cast)
    senco, href = as_(cast.senco), address("what_we_did", plan.cycle.pk)
    assert senco.post(href, {f"{pam.pk}-words": "The library."}).status_code == 302
    second = senco.post(href, {f"{pam.pk}-words": "The hall."})
    assert second.status_code == 409
    assert errors(second) == [
        "Somebody else wrote this meanwhile: “The library.”. Save again to put yours there"
    ]
    text = second.content.decode()
    assert "The hall." in text
    seen = str(WhatWeDid.objects.get().pk)
    assert seen in text
    assert senco.post(href, {f"{pam.pk}-words": "The hall.", f"{pam.pk}-seen": seen}).status_code == 302
    assert list(WhatWeDid.objects.values_list("words", flat=True)) == ["The library.", "The hall."]
    assert AuditEvent.objects.filter(verb="what we did said").count() == 2


def test_minutes_say_what_was_agreed_and_the_next_plan_leads_to_them(cast: Cast, at_ten: datetime) -> None:
    plan = reviewing(cast)
    row = plan.cycle.reviews.get()
    services.edit_review(
        review=row, version=1, by=cast.senco, at=AT, who_came="Ada, Pam", what_next="Swimming on Fridays."
    )
    services.judge(
        cycle=plan.cycle, of=plan.step, rating=Rating.LOT, words="It is fun.", by=cast.child, at=AT
    )
    close(cast, plan)
    minutes = address("minutes", plan.cycle.pk)
    for person in (cast.senco, cast.parent, cast.child):
        text = words(as_(person).get(minutes))
        assert "What we do next: Swimming on Fridays." in text
        assert "It is fun." in text
    following = plan.cycle.next
    assert minutes in as_(cast.senco).get(address("cycle", following.pk)).content.decode()
    assert minutes not in as_(cast.teacher).get(address("cycle", following.pk)).content.decode()


def test_the_room_and_the_minutes_cost_the_same_whatever_was_said(cast: Cast, at_ten: datetime) -> None:
    plan, pam, oscar = spoken(cast)
    senco = as_(cast.senco)
    room_, did = address("review", plan.cycle.pk), address("what_we_did", plan.cycle.pk)
    for view, voices in ((pam, ["child"]), (oscar, ["child", "me"])):
        assert senco.post(did, {f"{view.pk}-words": "Soon."}).status_code == 302
        for voice in voices:
            say_in_the_room(senco, plan, voice, words="More.")
        senco.get(room_)  # reads what the last press said
        counted = []
        for href in (room_, did, address("minutes", plan.cycle.pk)):
            with CaptureQueriesContext(connection) as asked:
                assert senco.get(href).status_code == 200
            counted.append(len(asked))
        assert counted == [15, 15, 14]


def test_two_carers_of_one_name_each_have_their_turn(cast: Cast, at_ten: datetime) -> None:
    plan = reviewing(cast)
    cast.ada.parent_carers.filter(person=cast.other_parent).update(name="Pam Lovelace")
    senco = as_(cast.senco)
    turns = ["child"]
    for _ in range(3):
        turns.append(say_in_the_room(senco, plan, turns[-1]).json()["voice"])
    assert len(set(turns)) == 4


def test_what_was_said_is_told_through_the_api_as_on_the_page(cast: Cast, at_ten: datetime) -> None:
    plan, pam, oscar = spoken(cast)
    path = f"/api/v1/cycles/{plan.cycle.pk}/said/"
    for view, words_ in ((pam, "The library."), (oscar, "The pool.")):
        answers = [
            ask(token_of(cast.senco), "POST", path, {"view": str(view.pk), "words": words_}) for _ in range(2)
        ]
        assert [a.status_code for a in answers] == [201, 201]
    assert WhatWeDid.objects.count() == 2
    looks = AccessLog.objects.count()
    secret = token_of(cast.parent)
    assert ask(secret, "GET", path).status_code == 404
    assert as_(cast.parent).get(address("minutes", plan.cycle.pk)).status_code == 404
    assert AccessLog.objects.count() == looks  # whoever is told nothing has looked at nothing
    close(cast, plan)
    told = ask(secret, "GET", path).json()
    assert [(row["view"], row["what_we_did"]["words"]) for row in told] == [(str(pam.pk), "The library.")]
    assert AccessLog.objects.count() == looks + 1
