"""Who comes, where somebody else decides it under a capacity record; and whom it lets say how it went."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from notifications.enums import Kind
from pupils import capacity, policy
from pupils.enums import Gave, Section
from reviews import contributions, invitations, services
from reviews.enums import Rating
from reviews.enums_invitations import Part
from reviews.models import Review, WhoComes

from ..apdr.pages import address, as_, errors, send, words
from ..api.asking import ask as ask_api
from ..api.record import token_of
from ..cast import AT, Cast
from ..notifications.reviewing import DAY, is_wanted, of, run
from ..pupils.decided import recorded
from .test_invitations import choose, review_of, share, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


@pytest.fixture
def review(cast: Cast) -> Review:
    return review_of(cast, cast.sam)


def test_the_decider_chooses_who_comes_and_it_holds_as_long_as_they_decide(
    cast: Cast, review: Review
) -> None:
    href = address("choose_who_comes", review.pk)
    pam = as_(cast.parent)
    assert pam.get(href).status_code == 403
    share(cast, cast.other_parent, Section.REVIEWS)
    invitations.choose_who_comes(
        review=review, by=cast.young_person, at=AT, people=set(), words="~not for mum~"
    )
    record = recorded(cast, cast.sam, cast.parent, sections=[Section.REVIEWS])
    assert "Choose who comes, for Sam" in words(pam.get(address("reviews", cast.sam.pk)))
    page = words(pam.get(href))
    assert ("You decide this for Sam for now." in page, "How did they tell you?" in page) == (True, False)
    assert "~not for mum~" not in pam.get(href).content.decode()
    done = send(pam, href, people=[str(cast.other_parent.pk), str(cast.teacher.pk)])
    assert done["Location"] == address("reviews", cast.sam.pk)
    sheet = WhoComes.objects.first()
    assert sheet is not None
    assert (sheet.capacity, sheet.how, sheet.recorded_by) == (record, Gave.THEMSELVES, cast.parent)
    assert {"Oscar Lovelace", "Tom Teal"} <= told()
    # Sam himself can take away, and add nobody.
    with pytest.raises(ValidationError, match="Somebody else decides this for now"):
        choose(cast, review, cast.teacher, cast.parent)
    choose(cast, review, cast.other_parent)
    assert "Oscar Lovelace" in told()
    # The other parent, who decides nothing, and the teacher have no such page.
    assert [as_(one).get(href).status_code for one in (cast.other_parent, cast.teacher)] == [403, 403]
    # The record ends: nobody is wanted there until Sam says so.
    capacity.end(capacity=record, by=cast.senco, at=AT)
    assert pam.get(href).status_code == 403
    assert "Oscar Lovelace" not in told(AT + DAY)
    assert invitations.chosen_each([review.pk], AT + DAY) == {review.pk: frozenset()}
    choose(cast, review, cast.other_parent, at=AT + DAY)
    assert "Oscar Lovelace" in told(AT + DAY)


def test_whoever_decides_is_reminded_to_choose_until_they_have(cast: Cast, review: Review) -> None:
    """Nobody else hears of a review before that, so it is asked for as soon as there is a time."""

    def reminded(at: datetime = AT) -> set[str]:
        return {name for kind, name in is_wanted(at) if kind == Kind.WHO_COMES}

    review_of(cast, cast.ada)  # her family decides, and everybody hears of it without a choice
    assert reminded() == {"Sam Okafor"}
    invitations.ask(review=review, by=cast.senco, at=AT, people=[cast.young_person.pk])
    assert (reminded(), told()) == (set(), {"Sam Okafor"})  # the invitation says both
    contributions.take_part(review=review, by=cast.young_person, at=AT, part=Part.ALL)
    assert (reminded(), told()) == ({"Sam Okafor"}, set())
    record = recorded(cast, cast.sam, cast.parent, sections=[Section.REVIEWS])
    assert reminded() == {"Pam Lovelace"}
    page = words(as_(cast.parent).get("/"))
    assert "A review has a time. Choose who comes to it" in page
    assert cast.parent.email in run(AT)
    [letter] = [message for message in mail.outbox if message.to == [cast.parent.email]]
    assert "Choose who comes to it" in letter.body
    invitations.choose_who_comes(
        review=review, by=cast.parent, at=AT, people=set()
    )  # nobody, and that is a choice
    assert reminded() == set()
    capacity.end(capacity=record, by=cast.senco, at=AT)
    assert reminded(AT + DAY) == {"Sam Okafor"}  # what was chosen under it holds no more
    choose(cast, review, at=AT + DAY)
    assert reminded(AT + DAY) == reminded(AT + 10 * DAY) == set()


def test_a_record_about_something_else_lets_nobody_choose(cast: Cast, review: Review) -> None:
    recorded(cast, cast.sam, cast.parent, sections=[Section.PLAN])
    share(cast, cast.parent, Section.REVIEWS)
    assert as_(cast.parent).get(address("choose_who_comes", review.pk)).status_code == 403


def test_through_the_api_the_decider_chooses_as_well(cast: Cast, review: Review) -> None:
    path = f"/api/v1/pupils/{cast.sam.pk}/reviews/{review.pk}/who-comes/"
    secret, body = token_of(cast.parent), {"people": [str(cast.teacher.pk)], "after": 0}
    assert ask_api(secret, "POST", path, body).status_code == 403
    invitations.choose_who_comes(
        review=review, by=cast.young_person, at=AT, people=set(), words="~not for mum~"
    )
    recorded(cast, cast.sam, cast.parent, sections=[Section.REVIEWS])
    assert [row["words"] for row in ask_api(secret, "GET", path).json()] == [""]
    body["after"] = 1
    made = ask_api(secret, "POST", path, body)
    assert (made.status_code, made.json()["people"]) == (201, body["people"])
    assert [row["number"] for row in ask_api(secret, "GET", path).json()] == [2]


def test_from_hand_over_how_it_went_is_asked_of_whom_the_young_person_wants(
    cast: Cast, review: Review
) -> None:
    share(cast, cast.parent, Section.PLAN, Section.REVIEWS)
    services.start_review(cycle=review.cycle, by=cast.senco, at=AT)
    href, pam = address("judge", review.cycle_id), as_(cast.parent)
    step = review.cycle.steps.first()
    wanted = of(Kind.VIEWS_WANTED, {"Pam Lovelace"})
    assert (
        pam.get(href).status_code,
        wanted & is_wanted(),
        policy.why(cast.parent, cast.sam, AT).may("judge"),
    ) == (
        403,
        set(),
        True,
    )
    with pytest.raises(policy.NotThisSection):
        services.judge(cycle=review.cycle, of=step, rating=Rating.LOT, by=cast.parent, at=AT, key=uuid4())
    assert "Say how it went" not in words(pam.get(address("reviews", cast.sam.pk)))
    assert [as_(one).get(href).status_code for one in (cast.young_person, cast.teacher, cast.senco)] == [
        200
    ] * 3
    choose(cast, review, cast.parent)
    assert (pam.get(href).status_code, wanted & is_wanted()) == (200, wanted)
    assert "Say how it went" in words(pam.get(address("reviews", cast.sam.pk)))
    services.judge(cycle=review.cycle, of=step, rating=Rating.LOT, by=cast.parent, at=AT, key=uuid4())
    assert errors(pam.get(href)) == []
