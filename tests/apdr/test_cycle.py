"""A cycle, from a need to the next cycle, through its services."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from apdr.enums import MOVES, Answer, ProposalKind, Stage, StepStatus
from apdr.models import Progress, Strategy
from apdr.services import cycles, family, items, progress, sharing
from apdr.services.common import stage_of
from pupils.enums import Section
from pupils.errors import NotNow, Stale
from pupils.models import AuditEvent
from reviews import services as reviews
from reviews.enums import DecisionKind, Rating

from ..cast import AT, Cast
from .plans import write_plan


@pytest.mark.django_db
def test_a_cycle_goes_from_a_need_to_the_next_cycle(cast: Cast) -> None:
    who = {"by": cast.senco, "at": AT}
    plan = write_plan(cast.ada, **who)
    assert plan.version is not None
    assert stage_of(plan.cycle) is Stage.DO

    key = uuid4()
    first = progress.log_progress(
        step=plan.step, by=cast.teacher, at=AT, sent_key=key, value=1, note="With a nudge."
    )
    again = progress.log_progress(
        step=plan.step, by=cast.teacher, at=AT, sent_key=key, value=1, note="With a nudge."
    )
    assert first == again
    assert Progress.objects.count() == 1

    family.comment(
        plan_version=plan.version, by=cast.parent, at=AT, sent_key=uuid4(), words="The board helps."
    )
    family.answer_plan(
        plan_version=plan.version, by=cast.parent, at=AT, sent_key=uuid4(), answer=Answer.AGREE
    )
    proposal = family.propose(
        cycle=plan.cycle,
        by=cast.parent,
        at=AT,
        sent_key=uuid4(),
        kind=ProposalKind.HOME_STRATEGY,
        words="We count to ten together.",
    )
    made = family.accept_proposal(proposal=proposal, **who)
    made.refresh_from_db()
    assert isinstance(made, Strategy)
    assert (made.proposed_by, made.place) == (cast.parent, "home")
    second = sharing.share(cycle=plan.cycle, after=1, **who)
    assert [
        (c.kind, c.what, c.words)
        for c in sharing.changes(plan.version.content, second.content, list(Section))
    ] == [("added", "what helps at home", "We count to ten together.")]

    reviews.start_review(cycle=plan.cycle, **who)
    reviews.judge(
        cycle=plan.cycle, of=plan.step, rating=Rating.LOT, by=cast.parent, at=AT, words="He starts alone."
    )
    following = reviews.close_cycle(
        cycle=plan.cycle,
        kind=DecisionKind.CONTINUE,
        why="It helps and is not finished.",
        statuses={plan.step: StepStatus.CARRIED},
        **who,
    )
    assert following is not None
    assert stage_of(plan.cycle) is Stage.CLOSED
    assert stage_of(following) is Stage.ASSESS
    carried = following.steps.get()
    assert (carried.carried_from, carried.status, carried.outcome.cycle) == (
        plan.step,
        StepStatus.CURRENT,
        following,
    )
    assert following.strategies.count() == 3
    assert following.strategies.filter(step=carried).get().provisions.count() == 1
    assert AuditEvent.objects.filter(pupil=cast.ada, verb="cycle closed").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("now", Stage)
@pytest.mark.parametrize("then", Stage)
def test_a_cycle_moves_only_where_the_table_says(cast: Cast, now: Stage, then: Stage) -> None:
    who = {"by": cast.senco, "at": AT}
    cycle = write_plan(cast.ada, **who).cycle
    cycles._enter(cycle, now, cast.senco, AT)
    if then in MOVES[now]:
        cycles.enter(cycle=cycle, stage=then, **who)
        assert stage_of(cycle) is then
    else:
        with pytest.raises(NotNow):
            cycles.enter(cycle=cycle, stage=then, **who)
        assert stage_of(cycle) is now


@pytest.mark.django_db
def test_a_second_person_saving_the_same_item_is_told(cast: Cast) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    items.edit(plan.need, version=1, by=cast.senco, at=AT, words="Mine.")
    with pytest.raises(Stale) as told:
        items.edit(plan.need, version=1, by=cast.teacher, at=AT, words="Hers.")
    assert (told.value.now.words, told.value.typed) == ("Mine.", {"words": "Hers."})


@pytest.mark.django_db
def test_another_pupils_items_cannot_be_smuggled_in(cast: Cast) -> None:
    ada = write_plan(cast.ada, by=cast.senco, at=AT)
    sam = write_plan(cast.sam, by=cast.senco, at=AT)
    with pytest.raises(ValidationError):
        items.add(Strategy, cycle=ada.cycle, place="home", words="x", step=sam.step, by=cast.senco, at=AT)
    with pytest.raises(ValidationError):
        family.comment(
            plan_version=ada.version, by=cast.parent, at=AT, sent_key=uuid4(), words="x", about=sam.step.pk
        )
