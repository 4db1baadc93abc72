"""What is wanted of whom, computed from the record; and the same on everybody's first page as what needs them."""

from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Channel, Role
from accounts.models import Membership, Preferences, User
from apdr.enums import HowObtained, Perspective
from apdr.models import Cycle, NextStep
from apdr.services import family, progress
from notifications import caseload, wanted
from notifications.enums import OF_SETTINGS, Kind
from pupils import choices, circle, policy, requests
from pupils.choices import Wanted as Chosen
from pupils.enums import Answer, Authority, Relation, RestrictionKind, Section
from pupils.models import Capacity, Override, Pupil
from reviews import invitations
from reviews import services as reviews
from reviews.enums import Rating
from reviews.models import Review

from ..apdr.pages import as_, words
from ..apdr.plans import Plan, write_plan
from ..cast import AT, LONDON, Cast, member
from ..record import Record
from .reviewing import (
    DAY,
    FAMILY,
    HOUR,
    SECOND,
    TEACHING,
    WEEK,
    chosen,
    comes,
    decided,
    in_review,
    is_wanted,
    of,
    schedule,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


# What is wanted ----------------------------------------------------------------------------------------------


def test_nothing_is_wanted_of_anybody_while_a_plan_goes_well(cast: Cast, plan: Plan) -> None:
    assert is_wanted() == set()


@pytest.mark.parametrize("days", wanted.REVIEW_WITHIN)
@pytest.mark.parametrize("day", [date(2026, 3, 31), date(2026, 10, 27), date(2028, 2, 29)])
def test_a_review_comes_from_midnight_in_london(cast: Cast, plan: Plan, days: int, day: date) -> None:
    starts = datetime(day.year, day.month, day.day, 9, tzinfo=LONDON)
    Review.objects.create(cycle=plan.cycle, starts_at=starts, scheduled_by=cast.senco)
    first = datetime.combine(day - days * DAY, datetime.min.time(), tzinfo=LONDON)
    occasion = f"{day} {days}"
    found = [
        {fact.occasion for fact in wanted.facts(at) if fact.kind is Kind.REVIEW_COMING}
        for at in (first - SECOND, first, starts - SECOND, starts)
    ]
    assert [occasion in here for here in found] == [False, True, days == 2, False]


def test_before_a_review_those_are_asked_whose_part_is_not_done(cast: Cast, plan: Plan) -> None:
    schedule(cast, plan, AT + 10 * DAY)
    assert is_wanted() == of(Kind.REVIEW_COMING, FAMILY)
    family.say_views(pupil=cast.ada, by=cast.parent, at=AT, words="She likes it.")
    assert is_wanted() == of(Kind.REVIEW_COMING, {"Ada Lovelace", "Oscar Lovelace"})


def test_a_teacher_hears_that_a_review_comes_only_where_they_may_see_reviews(cast: Cast) -> None:
    """Teaching opens no reviews: that there is one is not theirs to know, until the young person shares them."""
    plan = write_plan(cast.sam, cast.senco, AT - 2 * WEEK)
    schedule(cast, plan, AT + 10 * DAY)

    def told() -> set[tuple[str, str]]:
        return {one for one in is_wanted() if one[1] in TEACHING}

    assert told() == set()
    for sections in ({Section.VIEWS}, {Section.REVIEWS}):
        choices.choose(
            pupil=cast.sam, wanted=[Chosen(one, Answer.YES, person=cast.teacher) for one in sections],
            by=cast.young_person, at=AT, key=uuid4(), wording="test-1",
        )  # fmt: skip
        opened = policy.why(cast.teacher, cast.sam, AT)
        assert told() == (of(Kind.REVIEW_COMING, {"Tom Teal"}) if opened.sees("reviews") else set())
    family.record_views(
        pupil=cast.sam, by=cast.teacher, at=AT, perspective=Perspective.STAFF, how=HowObtained.OBSERVED,
        words="It goes well.", said_by_name="Tom",
    )  # fmt: skip
    assert told() == set()


def test_once_a_review_has_started_those_are_asked_who_have_not_judged(cast: Cast, plan: Plan) -> None:
    schedule(cast, plan, AT + 10 * DAY)
    in_review(cast, plan)
    assert is_wanted() == of(Kind.VIEWS_WANTED, FAMILY | TEACHING)
    for who in (cast.parent, cast.teacher):
        reviews.judge(cycle=plan.cycle, of=plan.step, rating=Rating.LOT, by=who, at=AT)
    assert is_wanted() == of(Kind.VIEWS_WANTED, {"Ada Lovelace", "Oscar Lovelace", "Kim Adeyemi"})


def test_what_was_decided_is_the_familys_to_read_until_they_have(cast: Cast, plan: Plan) -> None:
    in_review(cast, plan)
    decided(cast, plan)
    told = of(Kind.REVIEW_TOLD, FAMILY)
    assert is_wanted() == told
    as_(cast.parent).get(reverse("minutes", args=[plan.cycle.pk]))
    as_(cast.other_parent).get(reverse("plan", args=[cast.ada.pk]))  # another part
    assert is_wanted(AT + HOUR) == told - of(Kind.REVIEW_TOLD, {"Pam Lovelace"})
    assert is_wanted(AT + 28 * DAY - SECOND) == told - of(Kind.REVIEW_TOLD, {"Pam Lovelace"})
    assert is_wanted(AT + 28 * DAY) == set()


def test_an_overdue_review_is_the_sencos_from_the_day_after(cast: Cast, plan: Plan) -> None:
    Cycle.objects.filter(pk=plan.cycle.pk).update(review_on=AT.date())
    assert is_wanted() == set()
    Cycle.objects.filter(pk=plan.cycle.pk).update(review_on=AT.date() - DAY)
    assert is_wanted() == of(Kind.REVIEW_OVERDUE, {"Sunita Rao"})


def test_a_step_is_its_owners_from_a_week_before_until_a_note_ends_it(cast: Cast, plan: Plan) -> None:
    steps = NextStep.objects.filter(pk=plan.step.pk)
    steps.update(by_when=AT.date() + 8 * DAY)
    assert is_wanted() == set()
    steps.update(by_when=AT.date() + WEEK)
    assert is_wanted() == of(Kind.STEP_DUE, {"Tom Teal"})
    note = {"step": plan.step, "by": cast.teacher, "at": AT}
    progress.log_progress(**note, value=2, sent_key=uuid4())
    assert is_wanted() == of(Kind.STEP_DUE, {"Tom Teal"})
    progress.log_progress(**note, value=max(plan.step.scale.values), sent_key=uuid4())
    assert is_wanted() == set()


def test_a_step_is_wanted_of_nobody_once_its_owner_has_left(cast: Cast, plan: Plan) -> None:
    NextStep.objects.filter(pk=plan.step.pk).update(by_when=AT.date(), owner=cast.left)
    assert is_wanted() == set()


def test_a_plan_without_a_note_for_three_weeks_is_for_those_who_teach_or_else_the_senco(
    cast: Cast, plan: Plan
) -> None:
    at = AT + 8 * DAY
    assert is_wanted(at - DAY) == set()
    assert is_wanted(at) == of(Kind.QUIET, TEACHING)
    Membership.objects.filter(person__in=[cast.teacher, cast.key_adult]).update(ends_at=AT)
    assert is_wanted(at) == of(Kind.QUIET, {"Sunita Rao"})
    progress.log_progress(step=plan.step, by=cast.parent, at=AT, sent_key=uuid4(), value=1)
    assert is_wanted(at) == set()


def test_a_choice_that_ends_soon_is_the_young_persons_once_however_many_parts_it_opened(cast: Cast) -> None:
    chosen(cast, AT + 20 * DAY, Section.PLAN, Section.VIEWS)
    assert wanted.facts(AT) == []
    assert is_wanted(AT + 6 * DAY) == of(Kind.CHOICE_ENDING, {"Noor Haddad"})
    assert len(wanted.facts(AT + 6 * DAY)) == 1
    assert is_wanted(AT + 20 * DAY) == set()
    chosen(cast, AT + 200 * DAY, Section.PLAN, Section.VIEWS)  # they went on sharing
    assert is_wanted(AT + 6 * DAY) == set()


def test_whether_telling_is_safe_is_looked_at_again_by_the_lead_alone(cast: Cast) -> None:
    override = Override.objects.create(
        pupil=cast.sam, person=cast.parent, recipient="Pam", sections=["plan"], reason="A worry.",
        asked_by=cast.dsl, asked_at=AT - WEEK, confirmed_by=cast.leader, confirmed_at=AT - WEEK,
        ends_at=AT + WEEK, not_told_why="Not safe yet.", look_again_on=AT.date(),
    )  # fmt: skip
    assert is_wanted(AT - DAY) == set()
    assert is_wanted() == of(Kind.LOOK_AGAIN, {"Dora Safe"})
    circle.restrict(
        pupil=cast.sam, person=cast.dsl, kind=RestrictionKind.UNSAFE, reason="No.", by=cast.senco, at=AT
    )
    assert is_wanted() == set()
    Override.objects.filter(pk=override.pk).update(told_at=AT, told_how="In a talk.")
    assert wanted.facts(AT) == []


def test_who_looks_after_safeguarding_is_the_rules_answer_for_each_of_them(cast: Cast) -> None:
    everybody = [pupil.pk for pupil in cast.pupils.values()]
    found = policy.safeguarding_each(everybody, AT)
    assert found == {
        pupil.pk: sorted(
            (who for who in cast.people.values() if policy.safeguards(who, pupil, AT)), key=lambda one: one.pk
        )
        for pupil in cast.pupils.values()
    }
    assert [[one.name for one in who] for who in found.values()] == [["Dora Safe"]] * 3


def test_what_everybody_near_sees_is_what_each_of_them_sees(cast: Cast) -> None:
    for pupil, found in policy.sights_each([one.pk for one in cast.pupils.values()], AT).items():
        assert found == [sight for sight in _sights(cast, pupil) if sight.near]


def _sights(cast: Cast, pupil_id: Any) -> list[policy.Sight]:
    people = sorted(cast.people.values(), key=lambda one: one.pk)
    return [policy.why(who, Pupil.objects.get(pk=pupil_id), AT) for who in people]


def test_a_capacity_record_is_the_sencos_to_look_at_before_it_holds_no_longer(cast: Cast) -> None:
    record = Capacity.objects.create(
        pupil=cast.sam, decision="Who sees the plan", sections=["plan"], assessor="Dr Ito", assessor_role="Doctor",
        assessed_on=AT.date() - DAY, support="Pictures.", findings="Not now.", wishes="Home.", decider=cast.parent,
        authority=Authority.PARENT, starts_at=AT - DAY, review_on=AT.date() + 15 * DAY, recorded_by=cast.senco,
    )  # fmt: skip
    assert is_wanted() == set()
    assert is_wanted(AT + DAY) == of(Kind.CAPACITY, {"Sunita Rao"})
    assert is_wanted(AT + 20 * DAY) == of(Kind.CAPACITY, {"Sunita Rao"})
    Capacity.objects.filter(pk=record.pk).update(ended_at=AT, ended_by=cast.senco)
    assert is_wanted(AT + DAY) == set()


def test_a_request_that_waits_is_the_young_persons_until_it_is_answered_or_needs_no_answer(
    cast: Cast,
) -> None:
    requests.ask(
        pupil=cast.noor, section=Section.PLAN, reason="To help.", by=cast.parent, at=AT, send=lambda pk: None
    )
    assert is_wanted(AT + 2 * DAY) == set()
    assert is_wanted(AT + 3 * DAY) == of(Kind.REQUEST, {"Noor Haddad"})
    circle.end_relation(
        relation=Relation.PARENT_CARER, person=cast.parent, pupil=cast.noor, by=cast.senco, at=AT
    )
    assert is_wanted(AT + 3 * DAY) == set()


def test_where_the_young_person_decides_only_those_are_asked_to_whom_they_opened_it(cast: Cast) -> None:
    theirs = write_plan(cast.noor, cast.senco, AT - 2 * WEEK)
    in_review(cast, theirs)
    assert is_wanted() == of(Kind.VIEWS_WANTED, {"Noor Haddad"})
    chosen(cast, AT + 200 * DAY, Section.PLAN)
    assert is_wanted() == of(Kind.VIEWS_WANTED, {"Noor Haddad"})  # reviews are not open to her mother
    chosen(cast, AT + 200 * DAY, Section.REVIEWS)
    assert is_wanted() == of(Kind.VIEWS_WANTED, {"Noor Haddad"})  # nor is she wanted at this one
    comes(theirs.cycle, cast.student, cast.parent)
    assert is_wanted() == of(Kind.VIEWS_WANTED, {"Noor Haddad", "Pam Lovelace"})


def test_what_waits_is_found_by_one_query_and_the_rule_and_who_comes_asked_by_four(
    cast: Cast, plan: Plan
) -> None:
    in_review(cast, plan)
    with CaptureQueriesContext(connection) as asked:
        found = wanted.facts(AT)
    assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        assert len([one for some in wanted.wanted(found, AT) for one in some]) == 5
    assert len(asked) == 4


# What needs me -----------------------------------------------------------------------------------------------


def needs(who: User) -> str:
    return words(as_(who).get("/", follow=True)).partition("What needs me")[2][:150]


def test_the_same_is_on_everybodys_first_page_whether_or_not_they_want_e_mail(cast: Cast, plan: Plan) -> None:
    in_review(cast, plan)
    Preferences.objects.create(person=cast.teacher, channel=Channel.IN_APP)
    said = "We are looking back at the plan. Say how it went"
    assert needs(cast.teacher).startswith(f" {said}: Ada Lovelace")
    assert needs(cast.child).startswith(f" {said} ")
    assert said in words(as_(cast.parent).get("/"))
    reviews.judge(cycle=plan.cycle, of=plan.step, rating=Rating.LOT, by=cast.teacher, at=AT)
    assert needs(cast.teacher) == ""
    assert needs(cast.colleague) == ""


def test_what_is_on_a_page_is_what_there_would_be_a_reminder_of(record: Record) -> None:
    """For everybody, about everything in a full record; the SENCO's caseload counts the rest."""
    cast = record.cast
    Cycle.objects.filter(pupil=cast.ada, closed_at=None).update(review_on=AT.date() - DAY)
    for at in (AT, AT + 60 * DAY):
        by_mail = {one.key for some in wanted.wanted(wanted.facts(at), at) for one in some}
        kinds = {Kind(key[0]) for key in by_mail} - {Kind.LOOK_AGAIN}
        on_pages = {
            one.key
            for who in cast.people.values()
            for one in wanted.of_person(who, policy.pupils_for(who, None, at), at, Kind)
        }
        sencos = {key for key in on_pages if key[0] == Kind.QUIET and key[2] == cast.senco.pk}
        assert {key for key in by_mail if Kind(key[0]) in kinds} == on_pages - (sencos - by_mail)
        counted = caseload.counts(policy.pupils_for(cast.senco, "coordinate", at), at)
        for kind, flag in ((Kind.REVIEW_OVERDUE, "overdue"), (Kind.QUIET, "quiet")):
            near = policy.pupils_for(cast.senco, None, at)
            found = wanted.of_person(cast.senco, near, at, [kind])
            assert len(found) == counted[flag], (at, flag)


def test_a_page_leads_to_where_it_is_done(cast: Cast, plan: Plan) -> None:
    review = schedule(cast, plan, AT + 10 * DAY)
    invitations.ask(review=review, by=cast.senco, at=AT)
    NextStep.objects.filter(pk=plan.step.pk).update(by_when=AT.date())
    Cycle.objects.filter(pk=plan.cycle.pk).update(review_on=AT.date() - DAY)
    chosen(cast, AT + 5 * DAY, Section.PLAN)
    schedule(cast, write_plan(cast.noor, cast.senco, AT - 2 * WEEK), AT + 10 * DAY)
    requests.ask(
        pupil=cast.noor, section=Section.PLAN, reason="To help.", by=cast.other_parent, at=AT - 4 * DAY,
        send=lambda pk: None,
    )  # fmt: skip
    family.say_views(pupil=cast.ada, words="It is loud.", by=cast.parent, at=AT - 40 * DAY)
    found = [one for some in wanted.wanted(wanted.facts(AT + 8 * DAY), AT + 8 * DAY) for one in some]
    found += [one for some in wanted.wanted(wanted.facts(AT), AT) for one in some]
    in_review(cast, plan)
    found += [one for some in wanted.wanted(wanted.facts(AT), AT) for one in some]
    at_home = {Kind.CALL, Kind.TALK, Kind.TALK_SET, Kind.DAILY}  # test_talking.py, test_daily.py
    later = {Kind.LOOK_AGAIN, Kind.CAPACITY, Kind.REVIEW_TOLD}
    of_the_year = {Kind.ANNUAL_DUE, Kind.ADVICE_DUE, Kind.PAPERS_DUE, Kind.REPORT_DUE, Kind.FUNDING_DUE}
    assert {one.kind for one in found} == set(
        Kind
    ) - later - at_home - of_the_year - OF_SETTINGS  # test_annual.py
    for one in found:
        assert as_(one.person).get(one.href).status_code == 200, (one.kind, one.person.name)
    decided(cast, plan, AT + HOUR)  # after all these pages were read
    told = [one for some in wanted.wanted(wanted.facts(AT + HOUR), AT + HOUR) for one in some]
    assert Kind.REVIEW_TOLD in {one.kind for one in told}
    for one in told:
        assert as_(one.person).get(one.href).status_code == 200, (one.kind, one.person.name)


def test_a_senco_who_also_teaches_reads_both(cast: Cast, plan: Plan) -> None:
    in_review(cast, plan)
    member(cast.teacher, cast.hazelmere, Role.SENCO)
    assert "We are looking back at the plan" in words(as_(cast.teacher).get(reverse("caseload")))
