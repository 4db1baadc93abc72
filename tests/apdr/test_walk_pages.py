"""A SENCO's walk from opening a cycle to the next one, page by page."""

from datetime import datetime

import pytest

from apdr.enums import Audience, HowObtained, NeedKind, Place, ProposalKind, StepStatus
from apdr.models import Cycle, FundingStream, NextStep, Outcome, Strategy, View
from apdr.services import family
from apdr.services.common import stage_of
from pupils.enums import Area

from ..cast import AT, Cast
from .pages import address, as_, errors, send, words
from .plans import steps_scale

pytestmark = pytest.mark.django_db


def test_a_senco_walks_a_cycle_from_a_need_to_the_next_cycle(cast: Cast, at_ten: datetime) -> None:
    senco, ada = as_(cast.senco), cast.ada
    opened = senco.get(address("open_cycle", ada.pk))
    assert opened.context["form"].initial["review_on"].isoformat() == "2026-06-02"  # 12 weeks on
    made = senco.post(address("open_cycle", ada.pk), {"review_on": "2026-06-02"})
    cycle = Cycle.objects.get(pupil=ada)
    assert (made.status_code, made["Location"]) == (302, address("cycle", cycle.pk))

    # assess
    add = address("add_item", cycle.pk, "need")
    assert (
        send(
            senco,
            add,
            kind=NeedKind.STRENGTH,
            area=Area.COGNITION,
            words="Remembers every bus route.",
            source="staff",
        ).status_code
        == 302
    )
    assert (
        send(
            senco,
            add,
            kind=NeedKind.NEED,
            area=Area.COMMUNICATION,
            words="Long instructions get lost.",
            evidence="Seen in three lessons.",
            source="parent",
            source_name="Pam",
        ).status_code
        == 302
    )
    assert (
        send(
            senco,
            address("add_item", cycle.pk, "measure"),
            name="Reading speed",
            unit="words a minute",
            entry="62",
            entry_on="2026-03-09",
        ).status_code
        == 302
    )
    record = address("record_views", ada.pk)
    assert (
        send(
            senco,
            record,
            perspective="child",
            how=HowObtained.DREW,
            words="I like the board.",
            audience=Audience.EVERYONE,
        ).status_code
        == 302
    )
    assert (
        send(
            senco,
            record,
            perspective="parent",
            household=str(cast.home.pk),
            said_by_name="Pam",
            how=HowObtained.DECLINED,
            audience=Audience.EVERYONE,
        ).status_code
        == 302
    )
    assert View.objects.filter(cycle=cycle).count() == 2

    # plan
    assert senco.post(address("move_cycle", cycle.pk, "plan")).status_code == 302
    warned = senco.post(
        address("add_item", cycle.pk, "outcome"),
        {"words": "5 hours of TA", "area": Area.COMMUNICATION, "key": "6f2f0d0c-7d0b-4f53-9c8b-0d5f6e1d2a10"},
        follow=True,
    )
    assert "reads like support that is given" in words(warned)
    outcome = Outcome.objects.get(cycle=cycle)
    scale = steps_scale(cycle).versions.get()
    step = send(
        senco,
        address("add_item", cycle.pk, "step", query=f"?outcome={outcome.pk}"),
        outcome=outcome.pk,
        words="Uses the task board.",
        criterion="Four lessons of five.",
        baseline="Waits to be told.",
        scale=scale.pk,
        owner=cast.teacher.pk,
        by_when="2026-06-02",
        **{f"now_{scale.pk}": "0"},
    )
    assert step.status_code == 302
    made_step = NextStep.objects.get(cycle=cycle)
    assert (made_step.owner, made_step.baseline_value) == (cast.teacher, 0)
    assert (
        send(
            senco,
            address("add_item", cycle.pk, "strategy"),
            place=Place.SETTING,
            words="One instruction at a time.",
            perspective="staff",
            step=made_step.pk,
            works_best="on",
        ).status_code
        == 302
    )
    strategy = Strategy.objects.get(cycle=cycle)
    assert (
        send(
            senco,
            address("add_item", cycle.pk, "provision"),
            strategy=strategy.pk,
            who="Teaching assistant",
            times_a_week="3",
            minutes="20",
            group_size="4",
            weeks="10",
        ).status_code
        == 302
    )
    assert (
        send(
            senco,
            address("edit_cycle", cycle.pk),
            review_on="2026-06-05",
            responsibilities="School: the board.",
        ).status_code
        == 302
    )

    # funding
    stream = FundingStream.objects.create(setting=cast.hazelmere, kind="notional", name="Notional SEN budget")
    assert (
        send(
            senco,
            address("allocate", ada.pk),
            stream=stream.pk,
            amount="£1,200",
            purpose="Adult time.",
            starts_on="2026-03-10",
            ends_on="2026-06-10",
        ).status_code
        == 302
    )
    allocation = ada.allocations.get()
    assert (
        send(senco, address("plan_use", allocation.pk), strategy=strategy.pk, planned="600").status_code
        == 302
    )
    money = words(senco.get(address("funding", ada.pk)))
    assert "£1,200" in money
    assert "not recorded yet" in money
    assert "£0" not in money

    # share, and the family answers
    looked = words(senco.get(address("share", cycle.pk)))
    assert "This is the first version" in looked
    shared = send(senco, address("share", cycle.pk), note="Our first plan.")
    assert shared.status_code == 302
    assert stage_of(cycle) == "do"
    proposals = [
        family.propose(cycle=cycle, by=cast.parent, at=AT, sent_key=key, kind=kind, words=said)
        for key, kind, said in (
            ("11f2f0d0-7d0b-4f53-9c8b-0d5f6e1d2a11", ProposalKind.STEP, "Packs her bag."),
            ("11f2f0d0-7d0b-4f53-9c8b-0d5f6e1d2a12", ProposalKind.HOME_STRATEGY, "A list on the fridge."),
            ("11f2f0d0-7d0b-4f53-9c8b-0d5f6e1d2a13", ProposalKind.HOME_STRATEGY, "No screens."),
        )
    ]
    assert "Packs her bag." in words(senco.get(address("cycle", cycle.pk)))
    accepted = send(
        senco,
        address("accept_proposal", proposals[0].pk),
        outcome=outcome.pk,
        words="Packs her bag.",
        criterion="Every school day.",
        baseline="Pam packs it.",
        scale=scale.pk,
        owner_name="Pam",
        by_when="2026-06-02",
        reply="Thank you.",
    )
    assert accepted.status_code == 302
    assert send(senco, address("accept_proposal", proposals[1].pk), reply="Lovely.").status_code == 302
    assert (
        send(
            senco, address("decline_proposal", proposals[2].pk), reply="Let us try one thing first."
        ).status_code
        == 302
    )
    preview = senco.get(address("share", cycle.pk))
    assert [(c["kind"], c["after"]) for c in preview.context["changes"]] == [
        ("added", "Packs her bag."),
        ("added", "A list on the fridge."),
    ]
    assert send(senco, address("share", cycle.pk)).status_code == 302
    assert cycle.plan_versions.count() == 2

    # review
    assert (
        send(
            senco,
            address("schedule_review", cycle.pk),
            day="2026-06-04",
            time="15:30",
            minutes="30",
            where="Room 4",
        ).status_code
        == 302
    )
    review = cycle.reviews.get()
    assert review.starts_at.isoformat() == "2026-06-04T14:30:00+00:00"
    assert (
        send(
            senco, address("move_review", review.pk), day="2026-06-05", time="09:00", minutes="45", where=""
        ).status_code
        == 302
    )
    assert senco.post(address("start_review", cycle.pk)).status_code == 302
    assert (
        send(
            senco, address("judge_one", cycle.pk, "step", made_step.pk), rating="bit", words="Getting there."
        ).status_code
        == 302
    )
    assert (
        send(
            senco,
            address("judge_one", cycle.pk, "step", made_step.pk),
            rating="lot",
            perspective="parent",
            said_by_name="Pam",
            household=str(cast.home.pk),
        ).status_code
        == 302
    )
    assert (
        send(senco, address("write_review", review.pk), who_came="Ada, Pam", working="The board.").status_code
        == 302
    )
    parent = as_(cast.parent)
    assert (
        send(
            parent,
            address("judge", cycle.pk),
            **{f"{made_step.pk}-rating": "lot", f"{made_step.pk}-words": "He starts alone."},
        ).status_code
        == 302
    )
    held = words(senco.get(address("review", cycle.pk)))
    assert "Getting there." in held
    assert "not measured" in held
    steps = NextStep.objects.filter(cycle=cycle)
    closing = {f"step_{s.pk}": StepStatus.CARRIED if s == made_step else StepStatus.MET for s in steps}
    refused = send(senco, address("close_cycle", cycle.pk), kind="continue", why="", **closing)
    assert (refused.status_code, errors(refused)) == (422, ["Enter why"]) or refused.status_code == 422
    closed = send(
        senco,
        address("close_cycle", cycle.pk),
        kind="continue",
        why="It helps.",
        who_was_told="Pam, in the meeting",
        open_next="on",
        review_on="2026-09-25",
        **closing,
    )
    following = cycle.next
    assert closed["Location"] == address("cycle", following.pk)
    assert [s.words for s in following.steps.all()] == ["Uses the task board."]
    read = words(parent.get(address("reviews", ada.pk)))
    assert "It helps." in read
    assert "Getting there." in read
    assert "Cycle 1" in words(senco.get(address("cycles", ada.pk)))
    assert senco.get(address("cycle", cycle.pk)).status_code == 200
    assert senco.get(address("review", cycle.pk)).status_code == 200
