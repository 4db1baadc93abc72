"""What a parent carer reads of the plan that was shared, and answers to it."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from apdr.enums import Answer, Audience, NeedKind, ProposalKind
from apdr.models import Comment, Cycle, Need, NextStep, PlanAnswer, Progress, Proposal, Strategy, View
from apdr.services import family, items, progress, sharing
from apdr.services.cycles import edit_cycle
from notifications.selectors import parent_home
from notifications.services import write_update
from pupils import services
from pupils.enums import Area

from ..cast import AT, Cast
from .pages import address, as_, count, errors, hidden, send, words
from .plans import Plan, write_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(cast: Cast, at_ten: datetime) -> Plan:
    return write_plan(cast.ada, cast.senco, AT)


def version(plan: Plan, *rest: object) -> list[object]:
    assert plan.version is not None
    return [plan.cycle.pupil_id, plan.version.pk, *rest]


def test_a_parent_reads_the_plan_in_plain_words(cast: Cast, plan: Plan) -> None:
    services.write_profile(
        pupil=cast.ada, number=0, by=cast.child, at=AT, important="My dog Biscuit.", how_made="I wrote it."
    )
    progress.log_progress(step=plan.step, by=cast.teacher, at=AT, sent_key=uuid4(), value=2, note="Alone!")
    parent = as_(cast.parent)
    assert f'href="{address("plan", cast.ada.pk)}"' in parent.get("/").content.decode()  # one press from home
    page = words(parent.get(address("plan", cast.ada.pk)))
    for said in (
        "My dog Biscuit.",
        "Version 1, shared on 10 March 2026 by Sunita Rao. We look at it together by 29 May 2026 .",
        "Starts work alone because the task makes sense.",
        "Uses the task board to start within two minutes.",
        "In Ada’s words: “I look at my board and start.”",
        "Sometimes on 10 March 2026",
        "Alone! (Tom Teal)",
        "Teaching assistant, three times a week, 20 minutes each time, in a group of 4, in class, for 10 weeks.",
        "A list on the fridge. Pam thought of this.",
        "Who can see this:",
    ):
        assert said in page
    for avoided in ("target", "intervention", "provision", "deficit", "failure"):
        assert avoided not in page.lower()


def test_nothing_that_was_not_shared_and_nobody_elses_private_words_are_on_a_parents_pages(
    cast: Cast, plan: Plan
) -> None:
    who = {"by": cast.senco, "at": AT}
    leaks = {
        "a need of the draft": items.add(
            Need, cycle=plan.cycle, kind=NeedKind.NEED, area=Area.SEMH, words="LEAK draft need", **who
        ),
        "a strategy of the draft": items.add(
            Strategy, cycle=plan.cycle, place="home", words="LEAK draft strategy", **who
        ),
        "a step of the draft": items.add(
            NextStep,
            cycle=plan.cycle,
            outcome=plan.outcome,
            words="LEAK draft step",
            criterion="LEAK",
            baseline="LEAK",
            scale=plan.step.scale,
            owner=cast.teacher,
            by_when=plan.cycle.review_on,
            **who,
        ),
    }
    items.edit(plan.step, version=1, words="LEAK changed in the draft", **who)
    items.remove(plan.home_strategy, version=1, **who)
    theirs = {"by": cast.other_parent, "at": AT, "sent_key": uuid4()}
    assert plan.version is not None
    family.comment(plan_version=plan.version, words="LEAK other home’s comment", **theirs)
    family.answer_plan(
        plan_version=plan.version, answer=Answer.DISAGREE, why="LEAK other home’s why", **theirs
    )
    family.propose(cycle=plan.cycle, kind=ProposalKind.STEP, words="LEAK other home’s idea", **theirs)
    family.answer_strategy(
        strategy=plan.strategy,
        by=cast.other_parent,
        at=AT,
        answer=Answer.DISAGREE,
        why="LEAK other home’s no",
    )
    progress.log_progress(step=plan.step, note="LEAK other home’s note", **theirs)
    family.say_views(
        pupil=cast.ada, by=cast.child, at=AT, words="LEAK to the SENCO alone", audience=Audience.COORDINATOR
    )
    write_update(pupil=cast.ada, words="LEAK other home’s update", **theirs)

    parent = as_(cast.parent)
    step = leaks["a step of the draft"]
    paths = [
        "/",
        address("plan", cast.ada.pk),
        address("plan_version", *version(plan)),
        address("comment_plan", *version(plan), query=f"?about={plan.step.pk}"),
        address("answer_plan", *version(plan)),
        address("propose", cast.ada.pk),
        address("log_step", plan.step.pk),
        address("card", cast.ada.pk),
        address("updates", cast.ada.pk),
    ]
    for path in paths:
        page = parent.get(path)
        assert page.status_code == 200, path
        assert "LEAK" not in page.content.decode(), path
    assert "A list on the fridge." in words(parent.get(address("plan", cast.ada.pk)))  # as it was shared
    assert parent.get(address("log_step", step.pk)).status_code == 404
    posted = parent.post(address("log_step", step.pk), {"sent_key": uuid4(), "value": "1"})
    assert (posted.status_code, Progress.objects.count()) == (404, 1)
    # The other home reads its own words, and the adults who teach her read both.
    assert "other home’s comment" in words(as_(cast.other_parent).get(address("plan", cast.ada.pk)))
    taught = words(as_(cast.teacher).get(address("plan", cast.ada.pk)))
    for said in ("comment", "why", "idea", "no", "note"):
        assert f"LEAK other home’s {said}" in taught


def test_one_press_agrees_and_the_answer_can_be_changed(cast: Cast, plan: Plan) -> None:
    parent, path = as_(cast.parent), address("answer_plan", *version(plan))
    page = parent.get(address("plan", cast.ada.pk))
    form = hidden(page)
    assert form["answer"] == "agree"
    after = parent.post(path, form, follow=True)
    assert "Thank you. Your answer is with the plan." in words(after)
    assert "You agree You told us on 10 March 2026." in words(after)
    parent.post(path, form)  # twice
    assert PlanAnswer.objects.count() == 1
    refused = send(parent, path, answer="disagree")
    assert (refused.status_code, errors(refused)) == (422, ["Tell us what you do not agree with."])
    with time_machine.travel(AT + timedelta(minutes=1), tick=False):
        send(parent, path, answer="disagree", why="It is too much.")
    assert "You do not agree" in words(parent.get(address("plan", cast.ada.pk)))
    assert list(PlanAnswer.objects.order_by("at", "answer").values_list("answer", "by")) == [
        ("agree", cast.parent.pk),
        ("disagree", cast.parent.pk),
    ]


def test_a_comment_is_about_the_whole_or_one_thing_of_this_plan_alone(cast: Cast, plan: Plan) -> None:
    sam = write_plan(cast.sam, cast.senco, AT)
    parent, path = as_(cast.parent), address("comment_plan", *version(plan))
    about = f"?about={plan.strategy.pk}"
    assert "About: “One instruction at a time.”" in words(parent.get(path + about))
    send(parent, path + about, words="This works at home too.")
    send(parent, path, words="Thank you all.")
    assert sorted(Comment.objects.values_list("words", "about")) == [
        ("Thank you all.", None),
        ("This works at home too.", plan.strategy.pk),
    ]
    for smuggled in (sam.step.pk, uuid4(), "nonsense"):
        typed = {"sent_key": uuid4(), "words": "x", "about": smuggled}
        assert parent.post(path, typed).status_code == 404
    assert parent.get(address("comment_plan", cast.ada.pk, sam.version.pk)).status_code == 404
    long = "Keep me " + "y" * 2000
    refused = send(parent, path, words=long)
    assert refused.status_code == 422
    assert long in refused.content.decode()
    assert Comment.objects.count() == 2


def test_an_idea_is_made_answered_and_read(cast: Cast, plan: Plan) -> None:
    parent = as_(cast.parent)
    made = send(
        parent, address("propose", cast.ada.pk), kind="home_strategy", words="Count to ten.", why="Calm."
    )
    assert made["Location"] == address("plan", cast.ada.pk) + "#ideas"
    assert "Count to ten. Why: Calm." in words(parent.get(address("plan", cast.ada.pk)))
    parent.get(address("plan", cast.ada.pk))
    family.decline_proposal(
        proposal=Proposal.objects.get(),
        by=cast.senco,
        at=AT + timedelta(minutes=1),
        reply="Let us try cards first.",
    )
    assert "Your idea has an answer" in asks(cast)
    page = words(parent.get(address("plan", cast.ada.pk)))
    assert "Not for now Sunita Rao: Let us try cards first." in page
    refused = send(parent, address("propose", cast.ada.pk), kind="", words="")
    assert errors(refused) == ["Choose one", "Write your idea first"]


def asks(cast: Cast) -> list[str]:
    """What Ada’s card on her mother’s home page asks."""
    return [ask.words for ask in parent_home(cast.parent, [cast.ada], AT + timedelta(hours=1))[0].asks]


def test_a_step_is_noted_at_home_and_taken_back(cast: Cast, plan: Plan) -> None:
    parent = as_(cast.parent)
    saved = send(parent, address("log_step", plan.step.pk), value="3", note="At breakfast!")
    note = Progress.objects.get()
    assert (note.perspective, note.value) == ("parent", 3)
    assert saved["Location"] == f"{address('plan', cast.ada.pk)}?saved={note.pk}#step-{plan.step.pk}"
    page = parent.get(saved["Location"])
    assert "Saved Ada: Independently. “At breakfast!” Take this note back" in words(page)
    assert "At breakfast!" not in words(as_(cast.other_parent).get(address("plan", cast.ada.pk)))
    parent.post(address("undo_note", note.pk))
    assert "At breakfast!" not in words(parent.get(address("plan", cast.ada.pk)))


def test_what_changed_is_told_and_earlier_versions_can_always_be_read(cast: Cast, plan: Plan) -> None:
    who = {"by": cast.senco, "at": AT}
    items.edit(plan.strategy, version=1, words="One thing at a time.", **who)
    items.add(Need, cycle=plan.cycle, kind=NeedKind.STRENGTH, area=Area.OTHER, words="Kind.", **who)
    NextStep.objects.filter(pk=plan.step.pk).update(picture="1F680")
    items.remove(plan.home_strategy, version=1, **who)
    second = sharing.share(cycle=plan.cycle, after=1, by=cast.senco, at=AT + timedelta(minutes=5))
    parent = as_(cast.parent)
    page = words(parent.get(address("plan", cast.ada.pk)))
    assert "Before: One instruction at a time. Now: One thing at a time." in page
    assert "Gone What helps at home It said: A list on the fridge." in page
    assert "What changed: 2 things" in page  # that a picture changed is not worth a line
    assert "Something changed in strengths and needs too." in page
    old = words(parent.get(address("plan_version", *version(plan))))
    assert "This is an earlier version." in old
    assert "A list on the fridge." in old
    assert "One instruction at a time." in old
    assert "I agree" not in old
    assert parent.get(address("plan_version", cast.sam.pk, second.pk)).status_code == 403
    assert parent.get(address("plan_version", cast.ada.pk, uuid4())).status_code == 404


def test_before_anything_is_shared_a_family_is_asked_what_they_think(cast: Cast, at_ten: datetime) -> None:
    parent = as_(cast.parent)
    write_plan(cast.ada, cast.senco, AT, share=False)
    page = words(parent.get(address("plan", cast.ada.pk)))
    assert "The plan is not here yet" in page
    assert "Say what I think" in page
    assert "task board" not in page
    assert parent.get(address("propose", cast.ada.pk)).status_code == 302
    assert "Open the draft" in words(as_(cast.senco).get(address("plan", cast.ada.pk)))


def test_where_the_young_person_decides_a_parent_is_told_kindly_and_learns_nothing(
    cast: Cast, plan: Plan
) -> None:
    parent = as_(cast.parent)
    home_before = words(parent.get("/"))
    told = parent.get(address("plan", cast.sam.pk))
    sam = write_plan(cast.sam, cast.senco, AT)
    assert words(parent.get("/")) == home_before  # the same whether anything is there or not
    assert "Sam is old enough to decide who sees their plan." in home_before
    again = parent.get(address("plan", cast.sam.pk))
    assert (told.status_code, again.status_code) == (403, 403)
    assert words(told) == words(again)
    assert "Sam is over 16 and decides who sees this part. You can ask Sam." in words(again)
    for name, args in (("log_step", [sam.step.pk]), ("card", [cast.sam.pk]), ("updates", [cast.sam.pk])):
        assert parent.get(address(name, *args)).status_code == 403
    assert as_(cast.restricted_parent).get(address("plan", cast.ada.pk)).status_code == 404
    assert "Ada" not in words(as_(cast.restricted_parent).get("/"))


def test_a_parents_home_asks_what_waits_and_only_that(cast: Cast, plan: Plan) -> None:
    assert asks(cast) == ["Read the plan and say if you agree", "Say what you think"]
    parent = as_(cast.parent)
    parent.post(address("answer_plan", *version(plan)), {"sent_key": uuid4(), "answer": "agree"})
    send(parent, address("say_views", cast.ada.pk), words="Going well.", audience="everyone")
    assert asks(cast) == []
    write_update(pupil=cast.ada, by=cast.teacher, at=AT, sent_key=uuid4(), good_thing="She sang.")
    assert asks(cast) == ["There is news from school"]
    with time_machine.travel(AT + timedelta(minutes=1), tick=False):
        parent.get(address("updates", cast.ada.pk))
    assert asks(cast) == []


def test_a_review_day_that_is_moved_in_the_draft_is_not_told_before_it_is_shared(
    cast: Cast, plan: Plan
) -> None:
    shared = Cycle.objects.get(pk=plan.cycle.pk)
    moved = {"review_on": shared.review_on + timedelta(days=3)}
    edit_cycle(cycle=Cycle.objects.get(pk=shared.pk), version=shared.version, by=cast.senco, at=AT, **moved)
    told = [card.review_on for card in parent_home(cast.parent, [cast.ada], AT) if card.pupil == cast.ada]
    assert told == [shared.review_on]


def test_views_are_said_once_to_everyone_or_to_the_senco_alone_or_not_at_all(cast: Cast, plan: Plan) -> None:
    parent, path = as_(cast.parent), address("say_views", cast.ada.pk)
    refused = send(parent, path, words="", audience="everyone", helps="Quiet.")
    assert errors(refused) == ["Write something, or choose “I would rather not say this time”"]
    assert "Quiet." in refused.content.decode()
    typed = {**hidden(parent.get(path)), "words": "Mornings are hard.", "audience": "coordinator"}
    parent.post(path, typed)
    parent.post(path, typed)
    send(parent, path, audience="everyone", rather_not="on")
    assert sorted(View.objects.values_list("how", "words", "audience", "household")) == [
        ("declined", "", "everyone", cast.home.pk),
        ("online", "Mornings are hard.", "coordinator", cast.home.pk),
    ]


@pytest.mark.parametrize(
    ("where", "queries"),
    [("home", 13), ("plan", 15), ("saved", 15), ("old", 12), ("comment", 12), ("log", 9), ("say", 6)],
)
def test_a_familys_pages_ask_the_same_of_one_row_and_three(
    cast: Cast, plan: Plan, where: str, queries: int
) -> None:
    note = progress.log_progress(step=plan.step, by=cast.parent, at=AT, sent_key=uuid4(), value=1)
    path = {
        "home": "/",
        "plan": address("plan", cast.ada.pk),
        "saved": address("plan", cast.ada.pk, query=f"?saved={note.pk}"),
        "old": address("plan_version", *version(plan)),
        "comment": address("comment_plan", *version(plan), query=f"?about={plan.step.pk}"),
        "log": address("log_step", plan.step.pk),
        "say": address("say_views", cast.ada.pk),
    }[where]
    parent = as_(cast.parent)
    assert plan.version is not None
    items.add(Strategy, cycle=plan.cycle, place="home", words="A song.", by=cast.senco, at=AT)
    sharing.share(cycle=plan.cycle, after=1, by=cast.senco, at=AT)
    family.answer_plan(
        plan_version=plan.version, by=cast.parent, answer=Answer.AGREE, at=AT, sent_key=uuid4()
    )
    family.answer_strategy(strategy=plan.strategy, by=cast.parent, at=AT, answer=Answer.AGREE)
    assert count(parent, path) == queries
    for number in range(3):
        key = {"at": AT, "sent_key": uuid4()}
        items.add(Strategy, cycle=plan.cycle, place="home", words=f"Idea {number}.", by=cast.senco, at=AT)
        progress.log_progress(step=plan.step, by=cast.teacher, value=number, **key)
        family.comment(plan_version=plan.version, by=cast.parent, words="Yes.", about=plan.step.pk, **key)
        family.answer_plan(plan_version=plan.version, by=cast.parent, answer=Answer.AGREE, **key)
        family.answer_strategy(strategy=plan.strategy, by=cast.parent, at=AT, answer=Answer.AGREE)
        family.propose(cycle=plan.cycle, by=cast.parent, kind=ProposalKind.STEP, words="Swim.", **key)
        sharing.share(cycle=plan.cycle, after=2 + number, by=cast.senco, at=AT + timedelta(minutes=number))
    assert count(parent, path) == queries
