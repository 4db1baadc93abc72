"""Asking to a review, answering, taking part and contributing through the API; each sees their own."""

from typing import Any
from uuid import uuid4

import pytest

from pupils.models import AuditEvent
from reviews.models import ReviewInvitation

from ..apdr.plans import write_plan
from ..cast import AT, Cast
from ..notifications.reviewing import DAY, WEEK, schedule
from .asking import ask
from .record import token_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


class Api:
    """One review of a pupil, asked of as anybody."""

    def __init__(self, cast: Cast, pupil: str) -> None:
        self.cast, self.pupil = cast, cast.pupils[pupil]
        plan = write_plan(self.pupil, cast.senco, AT - 2 * WEEK)
        self.review = schedule(cast, plan, AT + 10 * DAY)
        self.keys = {name: token_of(person) for name, person in cast.people.items()}

    def __call__(self, who: str, method: str, end: str, body: Any = None) -> Any:
        path = f"/api/v1/pupils/{self.pupil.pk}/reviews/{self.review.pk}/{end}/"
        answer = ask(self.keys[who], method, path, body)
        return answer.status_code, answer.json()

    def status(self, who: str, method: str, end: str, body: Any = None) -> int:
        return int(self(who, method, end, body)[0])


def test_a_senco_asks_and_each_answers_for_themselves(cast: Cast) -> None:
    api = Api(cast, "ada")
    status, asked = api("senco", "POST", "invitations", {})
    assert (status, {one["name"] for one in asked}) == (
        201, {"Ada Lovelace", "Pam Lovelace", "Oscar Lovelace", "Tom Teal", "Kim Adeyemi"},
    )  # fmt: skip
    assert api("senco", "POST", "invitations", {})[1] == asked
    status, mine = api("parent", "GET", "replies")
    assert (status, mine["sequence"], mine["reply"], len(mine["other_times"])) == (200, 0, None, 6)
    wish = {"sequence": 0, "answer": "other_time", "slots": mine["other_times"][:1], "words": "After three."}
    first = api("parent", "POST", "replies", wish)
    assert (first[0], first[1]["slots"]) == (201, wish["slots"])
    assert api("parent", "POST", "replies", wish) == first
    assert api.status("parent", "POST", "replies", {"sequence": 1, "answer": "yes"}) == 409
    assert api.status("parent", "POST", "replies", {"sequence": 0, "answer": "other_way"}) == 400
    of_oscar = str(ReviewInvitation.objects.get(person=cast.other_parent).pk)
    said = {"sequence": 0, "answer": "yes", "invitation": of_oscar}
    assert [api.status(who, "POST", "replies", said) for who in ("parent", "teacher", "senco")] == [
        403,
        403,
        201,
    ]
    shown = {
        one["name"]: one["reply"] and one["reply"]["answer"] for one in api("senco", "GET", "invitations")[1]
    }
    assert (shown["Pam Lovelace"], shown["Oscar Lovelace"], shown["Tom Teal"]) == ("other_time", "yes", None)
    assert [api.status(who, "GET", "invitations") for who in
            ("parent", "child", "teacher", "professional", "restricted_parent", "stranger")] == [
        403, 403, 403, 403, 404, 404,
    ]  # fmt: skip
    assert AuditEvent.objects.filter(verb="review invitation answered").count() == 2


def test_the_child_says_how_and_with_whom_and_nobody_else_reads_it(cast: Cast) -> None:
    api = Api(cast, "ada")
    wish = {"people": [str(cast.parent.pk)], "after": 0, "words": "Just Mum."}
    status, said = api("child", "POST", "who-comes", wish)
    assert (status, said["people"], said["how"]) == (201, wish["people"], "themselves")
    assert api.status("child", "POST", "who-comes", {**wish, "people": [str(cast.stranger.pk)]}) == 400
    assert api.status("senco", "POST", "who-comes", {**wish, "after": 1}) == 400  # not said how
    assert api.status("parent", "POST", "who-comes", {**wish, "how": "spoken"}) == 403
    assert api("child", "POST", "taking-part", {"part": "short"})[0] == 201
    assert api("senco", "GET", "taking-part")[1][0]["part"] == "short"
    assert api.status("teacher", "POST", "taking-part", {"part": "make", "how": "symbols"}) == 201
    for end in ("who-comes", "taking-part"):
        assert [api.status(who, "GET", end) for who in ("child", "senco", "parent", "teacher")] == [
            200, 200, 403, 403,
        ]  # fmt: skip


def test_what_is_said_before_is_read_by_whoever_hears_it(cast: Cast) -> None:
    api = Api(cast, "ada")
    for who in ("parent", "other_parent", "child", "teacher"):
        assert api.status(who, "POST", "contributions", {"version": 1, "working": f"~{who}~"}) == 201
    stale = api("parent", "POST", "contributions", {"version": 1, "working": "Other."})
    assert (stale[0], stale[1]["code"]) == (409, "stale")
    for_gran = {
        "perspective": "parent", "how": "talked", "said_by_name": "Gran", "household": str(cast.other_home.pk),
        "working": "~gran~", "sent_key": str(uuid4()),
    }  # fmt: skip
    assert [api.status("teacher", "POST", "contributions", for_gran) for _ in range(2)] == [201, 201]
    assert api.status("parent", "POST", "contributions", for_gran) == 400  # a home that is not hers
    assert api.status("parent", "POST", "contributions", {**for_gran, "household": None}) == 403
    assert api.status("senco", "POST", "contributions", {"working": "Whose?"}) == 400

    def hears(who: str) -> list[str]:
        return sorted(one["working"].strip("~") for one in api(who, "GET", "contributions")[1])

    assert {who: hears(who) for who in ("senco", "parent", "other_parent", "child", "teacher")} == {
        "senco": ["child", "gran", "other_parent", "parent", "teacher"],
        "parent": ["parent"],
        "other_parent": ["other_parent"],
        "child": ["child"],
        "teacher": ["gran", "teacher"],
    }
    assert api.status("professional", "GET", "contributions") == 403


def test_after_hand_over_nobody_is_answered_before_the_young_person_chose(cast: Cast) -> None:
    api = Api(cast, "sam")
    asked = api("senco", "POST", "invitations", {})
    assert {one["name"] for one in asked[1]} == {"Sam Okafor"}
    assert api.status("senco", "POST", "invitations", {"people": [str(cast.parent.pk)]}) == 400
    for end in ("replies", "contributions", "who-comes", "taking-part"):
        assert api.status("parent", "GET", end) == 403
    assert (
        api.status("young_person", "POST", "who-comes", {"people": [str(cast.parent.pk)], "after": 0}) == 201
    )
    assert api.status("parent", "GET", "replies") == 403  # reviews are not open to her
