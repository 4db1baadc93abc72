"""Plans that a parent carer was given before the young person decided: kept only where the setting has it so."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.http import HttpResponse

from accounts.models import Setting, User
from apdr.enums import Answer as Agree
from apdr.enums import HowObtained, Perspective
from apdr.models import NextStep, PlanVersion
from apdr.services import family, items, progress, sharing
from pupils import choices, circle, policy, services
from pupils.clocks import midnight
from pupils.enums import Answer, Relation, RestrictionKind, Section, Way
from pupils.models import AccessLog, Pupil, Restriction

from ..cast import AT, LONDON, SEPTEMBER, Cast
from .pages import address, as_, count, words
from .plans import Plan, write_plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]

BEFORE = datetime(2026, 2, 20, 9, 0, tzinfo=LONDON)
#: Ada becomes 16 and decides.
DAY = date(2026, 3, 1)
AFTER = datetime(2026, 3, 5, 9, 0, tzinfo=LONDON)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """Ada's plan: shared in September, and again after she began to decide; each time somebody said something."""
    plan = write_plan(cast.ada, cast.senco, SEPTEMBER)
    say(cast, plan, BEFORE, "BEFORE")
    Pupil.objects.filter(pk=cast.ada.pk).update(date_of_birth=date(2010, 3, 1))
    step = NextStep.objects.get(pk=plan.step.pk)
    items.edit(step, version=step.version, words="AFTER-step", by=cast.senco, at=AFTER)
    sharing.share(cycle=plan.cycle, after=1, note="AFTER-version", by=cast.senco, at=AFTER)
    progress.log_progress(
        step=plan.step, by=cast.child, at=AFTER, sent_key=uuid4(), value=1, note="AFTER-note"
    )
    assert plan.version is not None
    family.comment(
        plan_version=plan.version, by=cast.child, at=AFTER, sent_key=uuid4(), words="AFTER-comment"
    )
    Setting.objects.filter(pk=cast.hazelmere.pk).update(parents_keep_versions=True)
    return plan


def say(cast: Cast, plan: Plan, at: datetime, mark: str) -> None:
    assert plan.version is not None
    key = {"at": at, "sent_key": uuid4()}
    services.write_profile(
        pupil=cast.ada, number=0, important=f"{mark}-profile", how_made="x", by=cast.senco, at=at
    )
    progress.log_progress(step=plan.step, by=cast.teacher, value=1, note=f"{mark}-note", **key)
    family.comment(plan_version=plan.version, by=cast.parent, words=f"{mark}-comment", **key)
    family.answer_plan(
        plan_version=plan.version, by=cast.parent, answer=Agree.DISAGREE, why=f"{mark}-answer", **key
    )
    family.answer_strategy(
        strategy=plan.strategy, by=cast.parent, at=at, answer=Agree.DISAGREE, why=f"{mark}-strategy"
    )
    family.record_views(
        pupil=cast.ada,
        perspective=Perspective.CHILD,
        how=HowObtained.TALKED,
        words=f"{mark}-view",
        by=cast.senco,
        at=at,
    )


def kept(cast: Cast, person: User, at: datetime = AT) -> policy.Kept | None:
    return policy.kept(person, cast.ada, at)


def read(person: User, pupil: Pupil) -> HttpResponse:
    return as_(person).get(address("kept_plan", pupil.pk))


def answer(cast: Cast, section: Section, said: Answer, person: User, until: datetime | None = None) -> None:
    choices.choose(
        pupil=cast.ada,
        wanted=[choices.Wanted(section, said, person=person, ends_at=until)],
        by=cast.child,
        at=AT - timedelta(days=2),
        key=uuid4(),
        wording="1",
    )


def test_parents_keep_only_the_versions_they_had_and_nothing_that_anybody_said(
    cast: Cast, plan: Plan
) -> None:
    page = as_(cast.parent).get(address("plan", cast.ada.pk), follow=True)
    assert page.redirect_chain == [(address("kept_plan", cast.ada.pk), 302)]
    text = page.content.decode()
    assert "This is an old plan. You had it before 1 March 2026." in words(page)
    for there in (
        "Uses the task board",
        "One instruction at a time",
        "A list on the fridge",
        "Long instructions",
    ):
        assert there in text
    assert "AFTER" not in text
    assert "BEFORE" not in text
    later = PlanVersion.objects.get(number=2)
    assert as_(cast.parent).get(address("kept_version", cast.ada.pk, later.pk)).status_code == 404
    assert plan.version is not None
    assert as_(cast.parent).get(address("kept_version", cast.ada.pk, plan.version.pk)).status_code == 200
    assert as_(cast.parent).get(address("plan_version", cast.ada.pk, later.pk))["Location"] == address(
        "kept_plan", cast.ada.pk
    )


def test_every_other_page_stays_closed_to_them(cast: Cast, plan: Plan) -> None:
    parent = as_(cast.parent)
    for name in ("profile", "needs", "strategies", "funding", "views", "reviews", "updates", "who_looked"):
        assert parent.get(address(name, cast.ada.pk)).status_code == 403, name
    assert plan.version is not None
    for name in ("answer_plan", "comment_plan"):
        assert parent.get(address(name, cast.ada.pk, plan.version.pk)).status_code == 403, name
    assert policy.why(cast.parent, cast.ada, AT).sections == []


def test_they_are_kept_only_where_the_setting_has_it_so_and_that_is_not_how_it_begins(
    cast: Cast, plan: Plan
) -> None:
    assert Setting().parents_keep_versions is False
    Setting.objects.filter(pk=cast.hazelmere.pk).update(parents_keep_versions=False)
    assert (kept(cast, cast.parent), read(cast.parent, cast.ada).status_code) == (None, 403)
    assert as_(cast.parent).get(address("plan", cast.ada.pk)).status_code == 403


def test_they_are_kept_from_the_second_at_which_the_young_person_decides(cast: Cast, plan: Plan) -> None:
    day = midnight(DAY)
    sections = frozenset({Section.PLAN, Section.STRATEGIES, Section.NEEDS, Section.FUNDING})
    assert [kept(cast, cast.parent, day + n * timedelta(seconds=1)) for n in (-1, 0, 1)] == [
        None,
        policy.Kept(sections, day),
        policy.Kept(sections, day),
    ]


def test_nobody_but_a_parent_who_had_them_keeps_them(cast: Cast, plan: Plan) -> None:
    expected = {"parent", "other_parent"}
    assert {who for who, person in cast.people.items() if kept(cast, person)} == expected
    for who, status in {
        "restricted_parent": 404,
        "stranger": 404,
        "teacher": 403,
        "professional": 403,
        "senco": 403,
        "child": 403,
    }.items():
        assert read(cast.people[who], cast.ada).status_code == status, who


def test_who_was_shut_out_on_the_day_or_came_later_was_not_given_them(cast: Cast, plan: Plan) -> None:
    Restriction.objects.filter(pupil=cast.ada).update(ends_at=AFTER)
    circle.add_parent_carer(
        pupil=cast.ada,
        household=cast.home,
        person=cast.colleague,
        name="Col Ives",
        relationship="aunt",
        has_parental_responsibility=False,
        by=cast.senco,
        at=AFTER,
    )
    assert (kept(cast, cast.restricted_parent), kept(cast, cast.colleague)) == (None, None)
    circle.restrict(
        pupil=cast.ada,
        person=cast.parent,
        kind=RestrictionKind.UNSAFE,
        reason="x",
        by=cast.senco,
        at=AFTER,
    )
    assert kept(cast, cast.parent) is None


def test_a_no_goes_before_the_settings_policy(cast: Cast, plan: Plan) -> None:
    answer(cast, Section.NEEDS, Answer.NO, cast.parent)
    answer(cast, Section.STRATEGIES, Answer.ASK, cast.parent)
    text = read(cast.parent, cast.ada).content.decode()
    assert "Uses the task board" in text
    for closed in ("Long instructions", "One instruction at a time", "A list on the fridge"):
        assert closed not in text
    assert "Long instructions" in read(cast.other_parent, cast.ada).content.decode()
    answer(cast, Section.PLAN, Answer.NO, cast.parent)
    assert read(cast.parent, cast.ada).status_code == 403


def test_a_yes_that_is_over_closes_them_too(cast: Cast, plan: Plan) -> None:
    answer(cast, Section.PLAN, Answer.YES, cast.parent, until=AT - timedelta(days=1))
    assert kept(cast, cast.parent) is None


def test_reading_them_is_written_down_and_told_in_words(cast: Cast, plan: Plan) -> None:
    read(cast.parent, cast.ada)
    [row] = AccessLog.objects.filter(person=cast.parent)
    assert (row.sections, row.grounds, row.via, row.way) == (
        ["needs", "plan", "strategies", "funding"],
        ["parent"] * 4,
        ["kept"] * 4,
        Way.PAGE,
    )
    page = words(as_(cast.child).get(address("who_looked", cast.ada.pk)))
    assert "Pam Lovelace opened strengths and needs, the plan, what helps and the funding." in page
    assert (
        "Parent carer. 10 March 2026, 10:30. They could because they keep the plans that they had before."
        in page
    )


def test_the_young_person_sees_that_they_keep_them(cast: Cast, plan: Plan) -> None:
    shown = as_(cast.child).get(address("preview_page", cast.ada.pk, cast.parent.pk, "plan"), follow=True)
    assert "This is an old plan." in words(shown)
    [row] = AccessLog.objects.filter(way=Way.PREVIEW)
    assert (row.person, row.seen_as) == (cast.child, cast.parent)


def test_where_nothing_was_shared_before_there_is_nothing_to_keep(cast: Cast) -> None:
    Pupil.objects.filter(pk=cast.ada.pk).update(date_of_birth=date(2010, 3, 1))
    Setting.objects.filter(pk=cast.hazelmere.pk).update(parents_keep_versions=True)
    assert "No plan was shared with you before Ada began to decide." in words(read(cast.parent, cast.ada))


def test_the_page_asks_the_same_of_one_version_and_three(cast: Cast, plan: Plan) -> None:
    path = address("kept_plan", cast.ada.pk)
    one = count(as_(cast.parent), path)
    assert plan.version is not None
    for number in (7, 8):
        PlanVersion.objects.create(
            cycle=plan.cycle,
            number=number,
            content=plan.version.content,
            shared_by=cast.senco,
            shared_at=BEFORE,
        )
    assert (count(as_(cast.parent), path), one <= 15) == (one, True)


def test_only_what_the_young_person_answered_to_them_by_then_closes_what_they_keep(
    cast: Cast, plan: Plan
) -> None:
    """Not what another young person said, nor the family before, nor a yes; and nothing before it was said."""
    every = {Section.PLAN, Section.STRATEGIES, Section.NEEDS, Section.FUNDING}

    def keeps(person: User, at: datetime = AT) -> set[Section]:
        found = kept(cast, person, at)
        return set(found.sections) if found else set()

    about = choices.Wanted(Section.NEEDS, Answer.NO, person=cast.parent)
    choices.choose(pupil=cast.noor, wanted=[about], by=cast.student, at=AFTER, key=uuid4(), wording="1")
    circle.grant(
        relation=Relation.PARENT_CARER, person=cast.professional, pupil=cast.ada, by=cast.senco, at=SEPTEMBER
    )
    by_family = choices.Wanted(Section.NEEDS, Answer.NO, person=cast.professional)
    choices.choose(pupil=cast.ada, wanted=[by_family], by=cast.parent, at=BEFORE, key=uuid4(), wording="1")
    ends, second = AT + timedelta(days=9), timedelta(seconds=1)
    answer(cast, Section.STRATEGIES, Answer.YES, cast.parent, ends)
    answer(cast, Section.FUNDING, Answer.YES, cast.parent)
    assert (keeps(cast.parent), keeps(cast.professional)) == (every, every)
    over = [keeps(cast.parent, at) for at in (ends - second, ends)]
    assert over == [every, every - {Section.STRATEGIES}]
    answer(cast, Section.NEEDS, Answer.NO, cast.parent)
    said = AT - timedelta(days=2)
    days = [keeps(cast.parent, at) for at in (said - second, said)]
    assert days == [every, every - {Section.NEEDS}]
