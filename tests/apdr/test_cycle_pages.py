"""A cycle as staff run it: opened, moved on, written, looked over and shared."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from accounts.models import User
from apdr.enums import ProposalKind, ScaleKind, Stage, StreamKind
from apdr.models import Cycle, NextStep, Outcome, PlanVersion
from apdr.services import cycles, family, funding, items, sharing
from apdr.services.common import stage_of
from apdr.wording import reads_like_provision
from pupils import choices
from pupils.choices import Wanted
from pupils.enums import Answer, Section

from ..cast import AT, Cast
from .pages import address, as_, errors, hidden, send, words
from .plans import Plan, steps_scale, write_plan

pytestmark = pytest.mark.django_db


def step_of(plan: Plan, **changed: object) -> dict[str, object]:
    return {
        "outcome": plan.outcome.pk,
        "words": "Asks for help.",
        "criterion": "Twice a day.",
        "baseline": "Waits.",
        "scale": steps_scale(plan.cycle).versions.get().pk,
        "owner_name": "Pam",
        "by_when": "2026-05-01",
        **changed,
    }


@pytest.mark.parametrize(
    ("pupil", "person", "status"),
    [
        ("ada", "senco", 200),
        ("ada", "teacher", 200),
        ("ada", "parent", 403),
        ("ada", "child", 403),
        ("ada", "stranger", 404),
        ("ada", "left", 404),
        ("sam", "teacher", 200),
        ("noor", "teacher", 403),
    ],
)
def test_who_sees_the_draft(cast: Cast, at_ten: datetime, pupil: str, person: str, status: int) -> None:
    plan = write_plan(cast.pupils[pupil], by=cast.senco, at=AT)
    client = as_(cast.people[person])
    assert client.get(address("cycle", plan.cycle.pk)).status_code == status
    assert client.get(address("cycles", plan.cycle.pupil_id)).status_code == status


def test_a_working_view_says_nothing_of_needs_views_or_reviews(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.sam, by=cast.senco, at=AT, share=False)
    family.say_views(pupil=cast.sam, by=cast.young_person, at=AT, words="x")
    page = as_(cast.teacher).get(address("cycle", plan.cycle.pk))
    assert {t["page"] for t in page.context["todo"]} <= {"", "strategies", "edit_cycle"}
    assert page.context["reviews"] == []
    assert "heard" not in words(page)


def test_a_cycle_is_opened_once(cast: Cast, at_ten: datetime) -> None:
    senco, href = as_(cast.senco), address("open_cycle", cast.ada.pk)
    past = senco.post(href, {"review_on": "2026-03-09"})
    assert (past.status_code, errors(past)) == (422, ["Choose a day from today on."])
    answers = [senco.post(href, {"review_on": "2026-06-01"}) for _ in range(2)]
    assert [a.status_code for a in answers] == [302, 409]
    assert "already has an open cycle" in words(answers[1])
    assert Cycle.objects.count() == 1
    assert as_(cast.teacher).get(href).status_code == 403


def test_a_cycle_moves_when_it_may_and_a_second_press_changes_nothing(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT, share=False)
    senco = as_(cast.senco)

    def to(stage: str) -> str:
        return address("move_cycle", plan.cycle.pk, stage)

    early = senco.post(to("do"))
    assert early.status_code == 409
    assert "Share the plan with the family first." in words(early)
    assert [senco.post(to("assess")).status_code for _ in range(2)] == [302, 302]
    assert stage_of(plan.cycle) is Stage.ASSESS
    assert plan.cycle.stages.count() == 3
    assert senco.post(to("closed")).status_code == 409
    assert senco.post(to("elsewhere")).status_code == 404
    assert senco.get(to("plan")).status_code == 405
    for person, status in ((cast.teacher, 403), (cast.parent, 403), (cast.stranger, 404)):
        assert as_(person).post(to("plan")).status_code == status


@pytest.mark.parametrize(
    ("said", "like_provision"),
    [
        ("5 hours of TA", True),
        ("Have 1:1 support in maths", True),
        ("Access to the sensory room", True),
        ("30 minutes of phonics daily", True),
        ("Starts work alone because the task makes sense", False),
        ("Reads a page of a book they chose for fun", False),
        ("Eats lunch with two friends", False),
    ],
)
def test_an_outcome_that_reads_like_provision_is_noticed(said: str, like_provision: bool) -> None:
    assert reads_like_provision(said) is like_provision


def test_a_warned_outcome_is_saved_all_the_same(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    href = address("add_item", plan.cycle.pk, "outcome")
    assert send(as_(cast.senco), href, words="10 hours of support", area="semh").status_code == 302
    assert Outcome.objects.filter(words="10 hours of support").count() == 1
    text = words(as_(cast.senco).get(address("cycle", plan.cycle.pk)))
    assert "This reads like support that is given." in text


def test_a_goal_asks_its_five_levels(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    goal = plan.cycle.setting.scales.get(kind=ScaleKind.GOAL).versions.get()
    levels = {f"level_{n}": f"Level {n}" for n in range(5)}
    senco, href = as_(cast.senco), address("add_item", plan.cycle.pk, "step")
    typed = step_of(plan, scale=goal.pk, **levels, **{f"now_{goal.pk}": "-1"})
    missing = send(senco, href, **{**typed, "level_4": ""})
    assert (missing.status_code, errors(missing)) == (
        422,
        ["Write what “+2 Much more than hoped” would look like"],
    )
    assert "Level 3" in missing.content.decode()
    assert send(senco, href, **typed).status_code == 302
    step = NextStep.objects.get(words="Asks for help.")
    assert (step.goal_levels, step.baseline_value) == (list(levels.values()), -1)
    changed = senco.get(address("edit_item", "step", step.pk))
    assert 'value="Level 4"' in changed.content.decode()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"owner_name": ""}, ["Say who looks after this step"]),
        (
            {"by_when": None, "by_when_0": "31", "by_when_1": "2", "by_when_2": "2026"},
            ["Enter a real date, like 27 3 2027"],
        ),
        ({"by_when": "2026-03-09"}, ["This day is over. Choose a day to come."]),
        ({"criterion": ""}, 1),
        ({"words": "x" * 2001}, 1),
    ],
)
def test_a_step_that_is_not_smart_is_refused_with_its_words(
    cast: Cast, at_ten: datetime, changed: dict[str, str | None], told: list[str] | int
) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    answer = send(as_(cast.teacher), address("add_item", plan.cycle.pk, "step"), **step_of(plan, **changed))
    said = errors(answer)
    assert (answer.status_code, said if isinstance(told, list) else len(said)) == (422, told)
    assert "Twice a day." in answer.content.decode() or "criterion" in changed
    assert NextStep.objects.count() == 1


@pytest.mark.parametrize("picture", ["1F31F", "1F9F8"])
def test_a_step_changed_keeps_everything_that_was_not_changed(
    cast: Cast, at_ten: datetime, picture: str
) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    items.edit(plan.step, version=1, by=cast.senco, at=AT, picture=picture)
    senco, href = as_(cast.senco), address("edit_item", "step", plan.step.pk)
    form = senco.get(href).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    typed = {name: "" if value is None else value for name, value in shown.items()}
    before = NextStep.objects.values().get(pk=plan.step.pk)
    assert senco.post(href, typed).status_code == 302
    assert NextStep.objects.values().get(pk=plan.step.pk) == before


def test_nothing_of_another_pupil_or_setting_fits_into_a_step(cast: Cast, at_ten: datetime) -> None:
    ada, sam = (write_plan(p, by=cast.senco, at=AT) for p in (cast.ada, cast.sam))
    cycles.scales.ensure(cast.westfield)
    theirs = cast.westfield.scales.get(kind=ScaleKind.STEPS).versions.get()
    senco, href = as_(cast.senco), address("add_item", ada.cycle.pk, "step")
    for smuggled in (
        {"outcome": sam.outcome.pk},
        {"scale": theirs.pk},
        {"owner": cast.stranger.pk},
        {"owner": cast.parent.pk},
    ):
        assert send(senco, href, **step_of(ada, **smuggled)).status_code == 422
    assert NextStep.objects.count() == 2


def test_two_people_changing_a_step_are_shown_both(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    teacher, href = as_(cast.teacher), address("edit_item", "step", plan.step.pk)
    opened = hidden(teacher.get(href))
    items.edit(plan.step, version=1, by=cast.senco, at=AT, criterion="The SENCO's criterion.")
    answer = teacher.post(href, {**opened, **step_of(plan, criterion="The teacher's criterion.")})
    text = words(answer)
    assert answer.status_code == 409
    assert "The SENCO's criterion." in text
    assert "The teacher's criterion." in text


def test_it_says_whose_change_it_was_where_it_was_ones_own(cast: Cast, at_ten: datetime) -> None:
    """Two tabs of one person are no second person: a step, a pupil, a profile, choices and how to talk with me."""
    plan = write_plan(cast.ada, by=cast.senco, at=AT - timedelta(days=1))
    senco, sam, pam = as_(cast.senco), as_(cast.young_person), as_(cast.parent)
    step, pupil = address("edit_item", "step", plan.step.pk), address("edit_pupil", cast.ada.pk)
    profile, choice = (
        address("edit_profile", cast.sam.pk),
        address("choose", cast.sam.pk, str(cast.parent.pk)),
    )
    who = {"given_name": "Ada", "family_name": "Byron", "sen_provision": "K"} | {
        f"date_of_birth_{n}": part for n, part in enumerate(("14", "5", "2012"))
    }
    me = {"spoken_language": "en-GB", "written_language": "en-GB", "format": "standard", "channel": "email",
          "quiet_from": "18:00", "quiet_until": "07:30"}  # fmt: skip
    for client, href, first, second in (
        (senco, step, step_of(plan, criterion="One."), step_of(plan, criterion="Two.")),
        (senco, pupil, who, who | {"family_name": "Lovelace"}),
        (
            sam,
            profile,
            {"important": "One.", "how_made": "I wrote it."},
            {"important": "Two.", "how_made": "We."},
        ),
        (sam, choice, {"plan": "yes"}, {"plan": "no"}),
        (pam, address("preferences"), me | {"notes": "One."}, me | {"notes": "Two."}),
    ):
        opened = hidden(client.get(href))
        assert client.post(href, {**opened, **first}).status_code == 302, href
        answer = client.post(href, {**opened, **second})
        assert (answer.status_code, "You changed this somewhere else too" in words(answer)) == (409, True), (
            href
        )
        assert "Someone else" not in words(answer)
    opened = hidden(as_(cast.teacher).get(step))
    assert "Someone else changed this too" in words(
        as_(cast.teacher).post(step, {**opened, **step_of(plan, criterion="Three."), "version": "1"})
    )


def test_the_review_day_and_who_does_what_are_versioned(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    senco, href = as_(cast.senco), address("edit_cycle", plan.cycle.pk)
    opened = hidden(senco.get(href))
    typed = {"review_on": "2026-06-05", "responsibilities": "School: the board."}
    assert senco.post(href, {**opened, **typed}).status_code == 302
    assert senco.post(href, {**opened, **typed, "responsibilities": "Mine."}).status_code == 409
    late = send(senco, href, review_on="2028-01-01", responsibilities="Kept.")
    assert late.status_code == 422
    assert "Kept." in late.content.decode()


def test_two_sharers_are_detected_and_the_note_is_kept(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT, share=False)
    senco, href = as_(cast.senco), address("share", plan.cycle.pk)
    opened = hidden(senco.get(href))
    sharing.share(cycle=plan.cycle, after=0, by=cast.senco, at=AT)
    answer = senco.post(href, {**opened, "note": "My note."})
    assert answer.status_code == 409
    assert "My note." in answer.content.decode()
    assert "changed or shared by somebody else" in words(answer)
    assert PlanVersion.objects.count() == 1


def test_a_draft_that_changed_since_it_was_looked_over_is_not_shared(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    items.edit(plan.need, version=1, by=cast.senco, at=AT, words="Looked at.")
    senco, href = as_(cast.senco), address("share", plan.cycle.pk)
    opened = hidden(senco.get(href))
    items.edit(plan.need, version=2, by=cast.teacher, at=AT, words="Not looked at.")
    assert senco.post(href, {**opened, "note": ""}).status_code == 409
    assert PlanVersion.objects.count() == 1
    assert senco.post(href, {**hidden(senco.get(href)), "note": ""}).status_code == 302


def test_sharing_says_what_is_missing_or_the_same(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    same = send(as_(cast.senco), address("share", plan.cycle.pk), note="Again.")
    assert same.status_code == 409
    assert "Nothing has changed since the last version." in words(same)
    empty = cycles.open_cycle(pupil=cast.sam, by=cast.senco, at=AT)
    early = send(as_(cast.senco), address("share", empty.pk), note="Too early.")
    assert early.status_code == 409
    assert "Too early." in early.content.decode()
    long = send(as_(cast.senco), address("share", plan.cycle.pk), note="n" * 2001)
    assert long.status_code == 422
    assert "n" * 2001 in long.content.decode()
    for person, status in ((cast.teacher, 403), (cast.parent, 403), (cast.stranger, 404)):
        assert as_(person).get(address("share", plan.cycle.pk)).status_code == status


def test_a_proposal_is_answered_once(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    proposal = family.propose(
        cycle=plan.cycle,
        by=cast.parent,
        at=AT,
        sent_key=uuid4(),
        kind=ProposalKind.STEP,
        words="Packs her bag.",
    )
    teacher = as_(cast.teacher)
    accept, decline = (address(n, proposal.pk) for n in ("accept_proposal", "decline_proposal"))
    assert "Packs her bag." in teacher.get(accept).content.decode()
    silent = teacher.post(decline, {"reply": ""})
    assert (silent.status_code, errors(silent)) == (422, ["Say why not for now, so that they know"])
    opened = hidden(teacher.get(accept))
    assert teacher.post(decline, {"reply": "After half-term."}).status_code == 302
    late = teacher.post(accept, {**opened, **step_of(plan, words="Packs her bag.", reply="Yes!")})
    assert (late.status_code, errors(late)) == (409, ["Somebody has answered this already."])
    assert "Yes!" in late.content.decode()
    assert NextStep.objects.count() == 1
    for person, status in ((cast.parent, 403), (cast.child, 403), (cast.stranger, 404)):
        assert as_(person).get(accept).status_code == status
        assert as_(person).post(decline, {"reply": "x"}).status_code == status


def test_whoever_may_not_write_what_helps_is_not_offered_to_put_it_in_the_plan(
    cast: Cast, at_ten: datetime
) -> None:
    plan = write_plan(cast.noor, by=cast.senco, at=AT)
    kinds = (ProposalKind.HOME_STRATEGY, ProposalKind.STEP)
    ideas = {
        kind: family.propose(
            cycle=plan.cycle, by=cast.student, at=AT, sent_key=uuid4(), kind=kind, words=f"An idea: {kind}"
        )
        for kind in kinds
    }
    choices.choose(
        pupil=cast.noor,
        wanted=[Wanted(Section.PLAN, Answer.YES, person=cast.teacher, ends_at=AT + timedelta(days=7))],
        by=cast.student,
        at=AT,
        key=uuid4(),
        wording="young-1",
    )

    def offered(person: User) -> dict[str, tuple[bool, int]]:
        page = as_(person).get(address("cycle", plan.cycle.pk)).content.decode()
        there = {kind: address("accept_proposal", idea.pk) for kind, idea in ideas.items()}
        return {kind: (href in page, as_(person).get(href).status_code) for kind, href in there.items()}

    assert offered(cast.senco) == dict.fromkeys(kinds, (True, 200))
    assert offered(cast.teacher) == {kinds[0]: (False, 403), kinds[1]: (True, 200)}


def test_that_the_draft_has_changed_is_told_of_the_parts_that_are_open_alone(
    cast: Cast, at_ten: datetime
) -> None:
    """A teacher does not see the funding, and so does not see that something of it is new."""
    who: dict[str, Any] = {"by": cast.senco, "at": AT - timedelta(days=1)}
    plan = write_plan(cast.ada, **who)
    stream = funding.add_stream(setting=cast.hazelmere, kind=StreamKind.TOP_UP, name="High needs", **who)
    changed = "The draft has changed since version 1"

    def told() -> list[bool]:
        path = address("cycle", plan.cycle.pk)
        return [changed in words(as_(person).get(path)) for person in (cast.senco, cast.teacher)]

    assert told() == [False, False]
    funding.allocate(
        pupil=cast.ada,
        stream=stream,
        amount=Decimal(500),
        purpose="A teaching assistant.",
        starts_on=date(2025, 9, 1),
        ends_on=date(2026, 8, 31),
        by=cast.senco,
        at=AT,
    )
    assert told() == [True, False]
    items.edit(plan.step, version=plan.step.version, words="Asks for help once.", by=cast.senco, at=AT)
    assert told() == [True, True]
