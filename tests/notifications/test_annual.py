"""Annual reviews of EHC plans: counted from the day the plan was made, and what is owed around each; and money whose
time is over.
"""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from apdr.enums import Difference, FundingNext
from apdr.models import Cycle, FundingStream, FundingUse
from apdr.services import evaluating, funding, sharing
from notifications import wanted
from notifications.enums import Kind
from notifications.models import Reminder
from pupils import policy, services
from pupils.errors import NotNow, Stale
from pupils.models import AuditEvent, Enrolment, Pupil
from reviews import duties
from reviews import selectors_planner as planner
from reviews.enums import Duty, ReviewState
from reviews.enums import Kind as ReviewKind
from reviews.models import DutyDone, Review

from ..apdr.pages import as_, errors, hidden, words
from ..apdr.plans import Plan, write_plan
from ..cast import AT, Cast
from .reviewing import DAY, WEEK, decided, in_review, is_wanted, of, run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]

SENCO = {"Sunita Rao"}
TODAY = AT.date()  # 10 March 2026


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return write_plan(cast.ada, cast.senco, AT - 2 * WEEK)


def with_plan_from(pupil: Pupil, day: date | None, reviewed: date | None = None) -> None:
    Pupil.objects.filter(pk=pupil.pk).update(sen_provision="E", ehc_plan_from=day, ehc_reviewed_on=reviewed)


def annual(cast: Cast, plan: Plan, day: timedelta, **more: Any) -> Review:
    return Review.objects.create(
        cycle=plan.cycle, kind=ReviewKind.ANNUAL, starts_at=AT + day, scheduled_by=cast.senco, **more
    )


def owed(cast: Cast, at: datetime = AT) -> dict[Any, date | None]:
    held, settings = planner.held_by(cast.senco, at), planner.settings_of(cast.senco, at)
    return {row.pupil.pk: row.owed.annual_by for row in planner.rows(held, at, settings=settings)}


# The day that is counted from ----------------------------------------------------------------------------------


def test_the_year_runs_from_the_day_the_plan_was_made_and_from_each_review(cast: Cast, plan: Plan) -> None:
    with_plan_from(cast.ada, date(2025, 5, 12))
    assert owed(cast) == {cast.ada.pk: date(2026, 4, 14)}  # a year, less four weeks for the decision
    with_plan_from(cast.ada, date(2021, 5, 12), date(2025, 6, 1))
    assert owed(cast) == {cast.ada.pk: date(2026, 6, 1)}
    annual(cast, plan, -30 * DAY, state=ReviewState.HELD, held_at=AT - 30 * DAY)
    assert owed(cast) == {cast.ada.pk: date(2027, 2, 8)}
    with_plan_from(cast.ada, date(2026, 3, 1))  # another plan was made since
    assert owed(cast) == {cast.ada.pk: date(2027, 2, 1)}


def test_a_query_and_the_pure_functions_count_alike(cast: Cast) -> None:
    """Some hundred pupils of all ages and years, with and without plans, reviews and days."""
    chance = random.Random(20260310)

    def day(*span: int) -> date:
        return TODAY - timedelta(days=chance.randrange(*span))

    def maybe(made: Any) -> Any:
        return made if chance.random() < 0.6 else None

    pupils = Pupil.objects.bulk_create(
        Pupil(
            given_name=f"P{n}", family_name="Many", date_of_birth=chance.choice([day(900, 2200), day(2200, 7000)]),
            sen_provision="E", ehc_plan_from=maybe(day(0, 500)), ehc_reviewed_on=maybe(day(0, 500)),
        )
        for n in range(300)
    )  # fmt: skip
    Enrolment.objects.bulk_create(
        Enrolment(
            pupil=pupil, setting=cast.hazelmere, starts_on=day(300, 600),
            year_group=chance.choice(["N2", "6", "11", "8", ""]),
        )
        for pupil in pupils
    )  # fmt: skip
    cycles = Cycle.objects.bulk_create(
        Cycle(
            pupil=pupil, setting=cast.hazelmere, number=1, review_on=TODAY, opened_by=cast.senco,
            opened_at=AT - timedelta(days=chance.randrange(1, 500)),
        )
        for pupil in pupils
        if chance.random() < 0.6
    )  # fmt: skip
    Review.objects.bulk_create(
        Review(
            cycle=cycle, kind=chance.choice(list(ReviewKind)), scheduled_by=cast.senco, state=ReviewState.HELD,
            starts_at=AT - timedelta(days=chance.randrange(1, 500)),
        )
        for cycle in cycles
        if chance.random() < 0.6
    )  # fmt: skip
    by = owed(cast)
    assert len(by) == 300
    due = {pk: on for pk, on in by.items() if on is not None and on <= TODAY + duties.SET_BEFORE}
    assert 50 < len(due) < 290
    assert dict(duties.without_a_day(AT).values_list("pk", "by")) == due


def test_days_that_no_plan_has_are_refused_beside_their_fields(cast: Cast) -> None:
    senco, address = as_(cast.senco), reverse("edit_pupil", args=[cast.ada.pk])
    page = senco.get(address)
    typed = hidden(page) | {
        "given_name": "Ada", "family_name": "Lovelace", "sen_provision": "E",
        "date_of_birth_0": "14", "date_of_birth_1": "5", "date_of_birth_2": "2012",
    }  # fmt: skip

    def days(made: date, reviewed: date) -> dict[str, str]:
        return {
            f"{name}_{n}": str(part)
            for name, on in (("ehc_plan_from", made), ("ehc_reviewed_on", reviewed))
            for n, part in enumerate((on.day, on.month, on.year))
        }

    refused = senco.post(address, typed | days(date(2013, 5, 1), TODAY + DAY))
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["ehc_plan_from", "ehc_reviewed_on"]
    refused = senco.post(address, typed | days(date(2024, 5, 1), date(2023, 5, 1)))
    assert list(refused.context["form"].errors) == ["ehc_reviewed_on"]
    assert senco.post(address, typed | days(date(2021, 5, 12), date(2025, 6, 1))).status_code == 302
    assert "EHC plan, first made on 12 May 2021" in words(senco.get(reverse("circle", args=[cast.ada.pk])))
    event = AuditEvent.objects.filter(verb="pupil changed").latest("at")
    assert set(event.detail["fields"]) >= {"ehc_plan_from", "ehc_reviewed_on", "sen_provision"}


def test_only_the_senco_reads_and_writes_the_kind_of_support_through_the_api(cast: Cast) -> None:
    href = reverse("api_ehc_plan", args=[cast.ada.pk])
    for who, status in (("teacher", 403), ("parent", 403), ("child", 403), ("stranger", 404)):
        assert as_(cast.people[who]).get(href).status_code == status, who
        assert as_(cast.people[who]).patch(href, {"version": 1}, "application/json").status_code == status
    senco = as_(cast.senco)
    now = senco.get(href).json()
    saved = senco.patch(
        href,
        {"sen_provision": "E", "ehc_plan_from": "2025-05-12", "version": now["version"]},
        "application/json",
    )
    assert saved.json() == {
        "sen_provision": "E", "ehc_plan_from": "2025-05-12", "ehc_reviewed_on": None, "version": now["version"] + 1,
    }  # fmt: skip
    stale = senco.patch(href, {"sen_provision": "K", "version": now["version"]}, "application/json")
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")


# What is owed around it ----------------------------------------------------------------------------------------


def test_a_day_is_wanted_eight_weeks_before_an_annual_review_is_owed(cast: Cast, plan: Plan) -> None:
    def due(at: datetime = AT) -> set[tuple[str, str]]:
        return {one for one in is_wanted(at) if one[0] == Kind.ANNUAL_DUE}

    last = timezone.localdate(AT + duties.SET_BEFORE)
    with_plan_from(cast.ada, None, last.replace(year=2025) + DAY)
    assert due() == set()
    with_plan_from(cast.ada, None, last.replace(year=2025))
    assert due() == of(Kind.ANNUAL_DUE, SENCO)
    review = annual(cast, plan, 30 * DAY)
    assert due() == set()
    Review.objects.filter(pk=review.pk).update(state=ReviewState.CANCELLED, cancel_reason="Ill.")
    assert due() == of(Kind.ANNUAL_DUE, SENCO)
    Pupil.objects.filter(pk=cast.ada.pk).update(sen_provision="K")
    assert due() == set()


def test_advice_papers_and_report_are_wanted_until_each_is_done(cast: Cast, plan: Plan) -> None:
    with_plan_from(cast.ada, None, TODAY)
    review = annual(cast, plan, 36 * DAY)

    def due(at: datetime) -> set[str]:
        return {kind for kind, who in is_wanted(at) if kind.endswith("_due") and who == "Sunita Rao"} - {
            "step_due"
        }

    def done(duty: Duty, at: datetime, number: int = 0, on: date | None = None) -> DutyDone:
        return duties.write_duty(
            review=review, duty=duty, on=on or at.date(), number=number, by=cast.senco, at=at
        )

    assert due(AT) == set()
    assert due(AT + DAY) == {"advice_due"}
    done(Duty.ADVICE, AT + DAY)
    assert due(AT + DAY) == set()
    assert due(AT + 15 * DAY) == {"papers_due"}
    duties.write_duty(review=review, duty=Duty.ADVICE, on=None, number=1, by=cast.senco, at=AT + 15 * DAY)
    assert due(AT + 15 * DAY) == {"advice_due", "papers_due"}  # it was not done after all
    with pytest.raises(NotNow, match="once the review was held"):
        done(Duty.REPORT, AT + 15 * DAY)
    held = AT + 36 * DAY
    assert due(held) == set()  # whoever did not send the papers cannot any more
    Review.objects.filter(pk=review.pk).update(state=ReviewState.HELD, held_at=held)
    assert due(held + 6 * DAY) == set()
    assert due(held + 7 * DAY) == due(held + 80 * DAY) == {"report_due"}
    with pytest.raises(ValidationError, match="after the review"):
        done(Duty.REPORT, held + 7 * DAY, on=held.date() - DAY)
    done(Duty.REPORT, held + 7 * DAY)
    assert due(held + 7 * DAY) == set()


def test_what_is_owed_is_told_before_its_day_and_once_more_when_it_is_late(cast: Cast, plan: Plan) -> None:
    with_plan_from(cast.ada, None, TODAY)
    Cycle.objects.filter(pk=plan.cycle.pk).update(review_on=TODAY + 100 * DAY)
    held = AT - 7 * DAY
    annual(cast, plan, -7 * DAY, state=ReviewState.HELD, held_at=held)
    told = []
    for days in range(20):
        run(AT + days * DAY)
    for row in Reminder.objects.filter(kind=Kind.REPORT_DUE, state="sent").order_by("planned_at"):
        told.append((row.person.name, row.occasion, timezone.localdate(row.planned_at)))
    assert told == [
        ("Sunita Rao", "2026-03-17 soon", date(2026, 3, 10)),
        ("Sunita Rao", "2026-03-17 late", date(2026, 3, 18)),
    ]


def test_of_two_who_write_of_the_same_duty_the_second_is_shown_what_is_there(cast: Cast, plan: Plan) -> None:
    review = annual(cast, plan, 20 * DAY)
    said = {"review": review, "duty": Duty.ADVICE, "number": 0, "by": cast.senco, "at": AT}
    first = duties.write_duty(on=TODAY, **said)
    assert duties.write_duty(on=TODAY, **said) == first  # the same form posted twice
    with pytest.raises(Stale):
        duties.write_duty(on=TODAY - DAY, **said)
    assert DutyDone.objects.count() == AuditEvent.objects.filter(verb="annual review duty").count() == 1


def test_the_senco_writes_it_down_on_the_page_of_the_review(cast: Cast, plan: Plan) -> None:
    senco, review = as_(cast.senco), annual(cast, plan, 20 * DAY)
    page = senco.get(reverse("review", args=[plan.cycle.pk]))
    assert "Around this annual review Ask for advice Due by 2 March 2026. Late" in words(page)
    href = reverse("write_duty", args=[review.pk, "advice"])
    assert href in page.content.decode()
    form = senco.get(href)
    typed = hidden(form) | {"on_0": "11", "on_1": "3", "on_2": "2026"}
    assert "still to come" in str(errors(senco.post(href, typed)))
    assert senco.post(href, typed | {"on_0": "1"}).status_code == 302
    page = senco.get(reverse("review", args=[plan.cycle.pk]))
    assert "Done on 1 March 2026, written down by Sunita Rao" in words(page)
    beside = senco.post(href, typed | {"on_0": "2"})
    assert (beside.status_code, "1 March 2026" in words(beside)) == (409, True)
    for who, status in (("teacher", 403), ("parent", 403), ("stranger", 404)):
        assert as_(cast.people[who]).post(href, typed).status_code == status, who
    assert senco.get(reverse("write_duty", args=[review.pk, "nothing"])).status_code == 404
    around = senco.get(reverse("api_around_review", args=[review.pk])).json()
    assert around[:2] == [
        {"duty": "advice", "by": "2026-03-02", "on": "2026-03-01", "number": 1, "late": False},
        {"duty": "papers", "by": "2026-03-16", "on": None, "number": 0, "late": False},
    ]
    Review.objects.filter(pk=review.pk).update(kind=ReviewKind.PLAN)
    assert "This is owed around an annual review" in words(senco.get(href))
    assert senco.post(href, typed).status_code == 409
    assert "Around this" not in words(senco.get(reverse("review", args=[plan.cycle.pk])))


# Money whose time is over --------------------------------------------------------------------------------------


def test_whoever_writes_funding_is_asked_what_money_was_used_for_once_its_time_is_over(
    cast: Cast, plan: Plan
) -> None:
    stream = FundingStream.objects.create(setting=cast.hazelmere, kind="top_up", name="Top-up")
    money = funding.allocate(
        pupil=cast.ada, stream=stream, amount=Decimal(100), purpose="Time.", starts_on=TODAY - 30 * DAY,
        ends_on=TODAY + DAY, by=cast.senco, at=AT,
    )  # fmt: skip

    def due(at: datetime = AT + DAY) -> set[tuple[str, str]]:
        return {one for one in is_wanted(at) if one[0] == Kind.FUNDING_DUE}

    assert due(AT) == set()
    assert due() == of(Kind.FUNDING_DUE, SENCO)
    funding.plan_use(allocation=money, strategy=plan.strategy, planned=Decimal(50), by=cast.senco, at=AT)
    assert due() == of(Kind.FUNDING_DUE, SENCO)
    FundingUse.objects.update(used=Decimal(0))  # nothing was used: that is an answer
    assert due() == of(Kind.FUNDING_DUE, SENCO)  # until it is decided what comes next
    evaluating.decide(allocation=money, decision=FundingNext.STOP, why="It is done.", by=cast.senco, at=AT)
    assert due() == set()
    sharing.share(cycle=plan.cycle, after=1, by=cast.senco, at=AT)
    family = {one.name for one in (cast.child, cast.parent, cast.other_parent)}
    assert due() == of(Kind.FUNDING_DUE, family)
    evaluating.evaluate(allocation=money, sent_key=uuid4(), rating=Difference.BIT, by=cast.parent, at=AT)
    evaluating.evaluate(allocation=money, sent_key=uuid4(), by=cast.child, at=AT)  # rather not: an answer too
    assert due() == of(Kind.FUNDING_DUE, {cast.other_parent.name})
    assert due(AT + 57 * DAY) == set()  # nobody is asked for ever
    FundingUse.objects.update(used=None)
    services.move(pupil=cast.ada, to=None, on=TODAY + DAY, by=cast.senco, at=AT)
    assert due() == set()  # it is another setting's money now, to nobody who could say


def test_each_of_these_leads_to_where_it_is_done_and_stands_on_the_first_page(cast: Cast, plan: Plan) -> None:
    stream = FundingStream.objects.create(setting=cast.hazelmere, kind="top_up", name="Top-up")
    funding.allocate(
        pupil=cast.ada, stream=stream, amount=Decimal(100), purpose="Time.", starts_on=TODAY - 30 * DAY,
        ends_on=TODAY, by=cast.senco, at=AT,
    )  # fmt: skip
    with_plan_from(cast.ada, date(2025, 1, 1))
    other = write_plan(cast.sam, cast.senco, AT - 2 * WEEK)
    annual(cast, other, 10 * DAY)
    found = {one.kind: one for some in wanted.wanted(wanted.facts(AT), AT) for one in some}
    kinds = {Kind.ANNUAL_DUE, Kind.FUNDING_DUE, Kind.ADVICE_DUE, Kind.PAPERS_DUE}
    senco = as_(cast.senco)
    in_review(cast, plan)
    decided(cast, plan)
    annual(cast, plan, -8 * DAY, state=ReviewState.HELD, held_at=AT - 8 * DAY)
    found |= {one.kind: one for some in wanted.wanted(wanted.facts(AT), AT) for one in some}
    first_page = words(senco.get("/", follow=True))
    for kind in kinds | {Kind.REPORT_DUE}:
        assert senco.get(found[kind].href).status_code == 200, kind
        if kind is not Kind.ANNUAL_DUE:  # it is not wanted any more
            assert found[kind].words in first_page, kind
    near = policy.pupils_for(cast.teacher, None, AT)
    theirs = {one.kind for one in wanted.of_person(cast.teacher, near, AT, Kind)}
    assert not theirs & (kinds | {Kind.REPORT_DUE})
