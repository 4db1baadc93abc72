"""The review: scheduled in London's time, judged from each side, decided, and read back by each."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from apdr.enums import Perspective, Stage, StepStatus
from apdr.models import Cycle, NextStep, Strategy
from apdr.services import cycles, items
from apdr.services.common import stage_of
from reviews import services
from reviews.enums import DecisionKind, Rating
from reviews.models import Decision, Judgement, Review

from ..apdr.pages import address, as_, errors, hidden, send, words
from ..apdr.plans import Plan, write_plan
from ..cast import AT, Cast

pytestmark = pytest.mark.django_db
WHEN = {"day": "2026-05-20", "time": "15:30", "minutes": "30", "where": "Room 4"}


def reviewing(cast: Cast) -> Plan:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    services.start_review(cycle=plan.cycle, by=cast.senco, at=AT)
    return plan


@pytest.mark.parametrize(
    ("person", "reads", "holds"),
    [
        ("senco", 200, 200),
        ("parent", 200, 403),
        ("child", 200, 403),
        ("teacher", 403, 403),
        ("restricted_parent", 404, 404),
        ("stranger", 404, 404),
    ],
)
def test_who_reads_and_who_holds_reviews(
    cast: Cast, at_ten: datetime, person: str, reads: int, holds: int
) -> None:
    plan = reviewing(cast)
    review = plan.cycle.reviews.get()
    client = as_(cast.people[person])
    assert client.get(address("reviews", cast.ada.pk)).status_code == reads
    for href in (
        address("review", plan.cycle.pk),
        address("schedule_review", plan.cycle.pk),
        address("close_cycle", plan.cycle.pk),
        address("write_review", review.pk),
        address("move_review", review.pk),
        address("judge_one", plan.cycle.pk, "step", plan.step.pk),
    ):
        assert client.get(href).status_code == holds


def test_a_review_has_its_time_in_london(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    senco, href = as_(cast.senco), address("schedule_review", plan.cycle.pk)
    assert send(senco, href, **WHEN).status_code == 302
    assert Review.objects.get().starts_at.isoformat() == "2026-05-20T14:30:00+00:00"
    assert "Wednesday 20 May 2026 at 15:30" in words(senco.get(address("review", plan.cycle.pk)))
    again = send(senco, href, **WHEN)
    assert (again.status_code, errors(again)) == (
        409,
        ["A review is scheduled already. Change its time instead."],
    )


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"day": "2026-03-09"}, ["Choose a time to come."]),
        (
            {"day": "2026-03-29", "time": "01:30"},
            ["The clocks go forward then, so this time does not exist. Choose another"],
        ),
        ({"time": "half past"}, ["Enter a time, like 15:30"]),
    ],
)
def test_a_time_that_cannot_be_is_refused(
    cast: Cast, at_ten: datetime, changed: dict[str, str], told: list[str]
) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    answer = send(as_(cast.senco), address("schedule_review", plan.cycle.pk), **{**WHEN, **changed})
    assert (answer.status_code, errors(answer)) == (422, told)
    assert "Room 4" in answer.content.decode()
    assert Review.objects.count() == 0


def test_two_people_moving_a_review_are_shown_both(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    review = services.schedule_review(
        cycle=plan.cycle, starts_at=AT + timedelta(weeks=9), by=cast.senco, at=AT
    )
    senco, href = as_(cast.senco), address("move_review", review.pk)
    opened = hidden(senco.get(href))
    services.edit_review(review=review, version=1, by=cast.senco, at=AT, where="The hall")
    answer = senco.post(href, {**opened, **WHEN})
    text = words(answer)
    assert (answer.status_code, "The hall" in text, "Room 4" in text) == (409, True, True)


def test_a_review_starts_once_and_only_from_do(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT, share=False)
    senco, href = as_(cast.senco), address("start_review", plan.cycle.pk)
    early = senco.post(href)
    assert early.status_code == 409
    assert "A cycle cannot go from “Plan” to “Review”." in words(early)
    cycles._enter(plan.cycle, Stage.DO, cast.senco, AT)
    assert [senco.post(href).status_code for _ in range(2)] == [302, 302]
    assert stage_of(plan.cycle) is Stage.REVIEW
    assert Review.objects.count() == 1


def test_each_side_is_heard_beside_the_others(cast: Cast, at_ten: datetime) -> None:
    plan = reviewing(cast)
    senco, href = as_(cast.senco), address("judge_one", plan.cycle.pk, "step", plan.step.pk)
    assert send(senco, href, rating="bit", words="Getting there.").status_code == 302
    nameless = send(senco, href, rating="lot", perspective="child")
    assert (nameless.status_code, errors(nameless)) == (422, ["Say whose words these are."])
    homeless = send(senco, href, rating="lot", perspective="parent", said_by_name="Pam")
    assert (homeless.status_code, errors(homeless)) == (422, ["Say whose words these are."])
    assert (
        send(
            senco, href, rating="lot", perspective="child", said_by_name="Ada", words="It is fun."
        ).status_code
        == 302
    )
    text = words(senco.get(address("review", plan.cycle.pk)))
    assert "Ada Helped a lot It is fun. You Helped a bit Getting there." in text
    assert "Not heard yet: a parent carer." in text


def test_a_judgement_sent_twice_is_one(cast: Cast, at_ten: datetime) -> None:
    plan = reviewing(cast)
    senco, href = as_(cast.senco), address("judge_one", plan.cycle.pk, "step", plan.step.pk)
    post = {**hidden(senco.get(href)), "rating": "lot"}
    assert [senco.post(href, post).status_code for _ in range(2)] == [302, 302]
    assert Judgement.objects.count() == 1


def test_only_what_is_in_this_plan_is_judged(cast: Cast, at_ten: datetime) -> None:
    plan = reviewing(cast)
    sam = write_plan(cast.sam, by=cast.senco, at=AT)
    senco = as_(cast.senco)
    for kind, pk in (
        ("step", sam.step.pk),
        ("strategy", sam.strategy.pk),
        ("step", uuid4()),
        ("need", plan.need.pk),
    ):
        assert senco.get(address("judge_one", plan.cycle.pk, kind, pk)).status_code == 404


def test_everybody_says_how_it_went_on_a_page_of_their_own(cast: Cast, at_ten: datetime) -> None:
    plan = reviewing(cast)
    items_asked = {
        name: {
            row["id"] for row in as_(cast.people[name]).get(address("judge", plan.cycle.pk)).context["asked"]
        }
        for name in ("teacher", "parent", "child")
    }
    assert items_asked["parent"] == {str(plan.step.pk), str(plan.strategy.pk), str(plan.home_strategy.pk)}
    assert items_asked["teacher"] == items_asked["child"] == items_asked["parent"]
    parent, href = as_(cast.parent), address("judge", plan.cycle.pk)
    nothing = send(parent, href)
    assert (nothing.status_code, errors(nothing)) == (422, ["Choose an answer for at least one of them."])
    half = send(parent, href, **{f"{plan.step.pk}-words": "She starts alone."})
    assert half.status_code == 422
    assert "She starts alone." in half.content.decode()
    assert Judgement.objects.count() == 0
    said = {f"{plan.step.pk}-rating": "lot", f"{plan.home_strategy.pk}-rating": "bit"}
    post = {**hidden(parent.get(href)), **said}
    assert [parent.post(href, post).status_code for _ in range(2)] == [302, 302]
    assert sorted(Judgement.objects.values_list("rating", "perspective", "household")) == [
        ("bit", "parent", cast.home.pk),
        ("lot", "parent", cast.home.pk),
    ]
    for person, status in ((cast.stranger, 404), (cast.professional, 403)):
        assert as_(person).get(href).status_code == status


def test_a_family_is_asked_only_of_what_was_shared(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    new = items.add(Strategy, cycle=plan.cycle, place="setting", words="Not shared.", by=cast.senco, at=AT)
    items.edit(plan.step, version=1, by=cast.senco, at=AT, words="The draft's words.")
    services.start_review(cycle=plan.cycle, by=cast.senco, at=AT)
    parent, href = as_(cast.parent), address("judge", plan.cycle.pk)
    text = words(parent.get(href))
    assert ("Not shared." in text, "The draft's words." in text) == (False, False)
    smuggled = send(parent, href, **{f"{new.pk}-rating": "lot", f"{new.pk}-key": str(uuid4())})
    assert smuggled.status_code == 422
    assert Judgement.objects.count() == 0


def test_before_the_review_nothing_is_judged(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    parent, href = as_(cast.parent), address("judge", plan.cycle.pk)
    opened = parent.get(href)
    assert "The review has not started yet." in words(opened)
    post = {f"{plan.step.pk}-rating": "lot", f"{plan.step.pk}-key": str(uuid4())}
    post |= {f"{row['id']}-key": str(uuid4()) for row in opened.context["asked"]}
    early = parent.post(href, post)
    assert early.status_code == 409
    assert "Judgements are made at the review." in words(early)


def judge_all_round(cast: Cast, plan: Plan) -> None:
    for by, said in (
        (cast.senco, "Sunita’s judgement."),
        (cast.parent, "Pam’s judgement."),
        (cast.other_parent, "Oscar’s judgement."),
        (cast.child, "Ada’s judgement."),
    ):
        services.judge(cycle=plan.cycle, of=plan.step, rating=Rating.BIT, by=by, at=AT, words=said)
    services.judge(
        cycle=plan.cycle,
        of=plan.step,
        rating=Rating.LOT,
        by=cast.senco,
        at=AT,
        words="Oscar, by phone.",
        perspective=Perspective.PARENT,
        said_by_name="Oscar L",
        household=cast.other_home,
    )


ALL = {
    "Sunita’s judgement.",
    "Pam’s judgement.",
    "Oscar’s judgement.",
    "Ada’s judgement.",
    "Oscar, by phone.",
}


@pytest.mark.parametrize(
    ("person", "during", "after"),
    [
        ("senco", ALL, ALL),
        ("child", {"Ada’s judgement."}, ALL),
        ("parent", {"Pam’s judgement."}, ALL - {"Oscar’s judgement.", "Oscar, by phone."}),
        ("other_parent", {"Oscar’s judgement."}, ALL - {"Pam’s judgement."}),
    ],
)
def test_who_hears_whose_judgement_and_when(
    cast: Cast, at_ten: datetime, person: str, during: set[str], after: set[str]
) -> None:
    plan = reviewing(cast)
    judge_all_round(cast, plan)
    page, client = address("reviews", cast.ada.pk), as_(cast.people[person])
    text = words(client.get(page))
    assert {said for said in ALL if said in text} == during
    services.close_cycle(
        cycle=plan.cycle,
        kind=DecisionKind.CONTINUE,
        why="It helps.",
        by=cast.senco,
        at=AT,
        statuses={plan.step: StepStatus.CARRIED},
    )
    text = words(client.get(page))
    assert {said for said in ALL if said in text} == after
    assert "It helps." in text


def test_a_family_reads_steps_in_the_words_that_were_shared(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    items.edit(plan.step, version=1, by=cast.senco, at=AT, words="The draft's words.")
    items.add(
        NextStep,
        cycle=plan.cycle,
        outcome=plan.outcome,
        words="Never shared.",
        criterion="x",
        baseline="x",
        scale=plan.step.scale,
        owner_name="x",
        by_when=plan.cycle.review_on,
        by=cast.senco,
        at=AT,
    )
    services.start_review(cycle=plan.cycle, by=cast.senco, at=AT)
    services.close_cycle(
        cycle=plan.cycle,
        kind=DecisionKind.END,
        why="Done.",
        by=cast.senco,
        at=AT,
        statuses=dict.fromkeys(plan.cycle.steps.all(), StepStatus.MET),
    )
    text = words(as_(cast.parent).get(address("reviews", cast.ada.pk)))
    assert "Uses the task board to start within two minutes." in text
    assert ("Never shared." in text, "The draft's words." in text) == (False, False)


def test_a_cycle_closes_with_each_step_told_and_opens_the_next(cast: Cast, at_ten: datetime) -> None:
    plan = reviewing(cast)
    senco, href = as_(cast.senco), address("close_cycle", plan.cycle.pk)
    untold = send(senco, href, kind="change", why="Something else.", open_next="on")
    assert (untold.status_code, errors(untold)) == (
        422,
        ["Say whether “Uses the task board to start within two minutes.” is done, carried on or stopped"],
    )
    assert "Something else." in untold.content.decode()
    typed = {"kind": "change", "why": "Something else.", f"step_{plan.step.pk}": "carried"}
    past = send(senco, href, **typed, open_next="on", review_on="2026-01-01")
    assert past.status_code == 422
    assert Decision.objects.count() == 0
    assert stage_of(plan.cycle) is Stage.REVIEW
    done = send(senco, href, **typed, open_next="on", review_on="2026-09-01")
    following = Cycle.objects.get(previous=plan.cycle)
    assert done["Location"] == address("cycle", following.pk)
    assert following.steps.get().words == plan.step.words
    twice = send(senco, href, **typed)
    assert (twice.status_code, errors(twice)) == (409, ["This cycle is closed. Open the next one to go on."])
    assert Decision.objects.count() == 1


def test_ending_support_opens_no_cycle(cast: Cast, at_ten: datetime) -> None:
    plan = reviewing(cast)
    typed = {"kind": "end", "why": "Not needed now.", f"step_{plan.step.pk}": "met", "open_next": "on"}
    assert send(as_(cast.senco), address("close_cycle", plan.cycle.pk), **typed).status_code == 302
    assert Cycle.objects.count() == 1
    text = words(as_(cast.child).get(address("reviews", cast.ada.pk)))
    assert "End SEN support Not needed now." in text


def test_what_was_said_at_the_meeting_is_told_when_it_was_held(cast: Cast, at_ten: datetime) -> None:
    plan = reviewing(cast)
    review = plan.cycle.reviews.get()
    senco, href = as_(cast.senco), address("write_review", review.pk)
    assert send(senco, href, who_came="Ada and Pam", working="The board works.").status_code == 302
    parent = as_(cast.parent)
    assert "The board works." not in words(parent.get(address("reviews", cast.ada.pk)))
    long = send(senco, href, who_came="x" * 2001)
    assert long.status_code == 422
    assert "x" * 2001 in long.content.decode()
