"""Money: what is not recorded is never £0, and only the SENCO writes it."""

from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from apdr.models import Allocation, FundingStream, FundingUse
from apdr.services import funding, sharing

from ..cast import AT, Cast
from .pages import address, as_, errors, hidden, send, words
from .plans import Plan, write_plan

pytestmark = pytest.mark.django_db


def stream(cast: Cast) -> FundingStream:
    return FundingStream.objects.create(setting=cast.hazelmere, kind="top_up", name="Top-up")


def money(cast: Cast, plan: Plan) -> tuple[Allocation, FundingUse]:
    allocation = funding.allocate(
        pupil=cast.ada,
        stream=stream(cast),
        amount=Decimal(1200),
        purpose="Adult time in class.",
        starts_on=date(2026, 3, 1),
        ends_on=date(2026, 8, 1),
        by=cast.senco,
        at=AT,
    )
    use = funding.plan_use(
        allocation=allocation, strategy=plan.strategy, planned=Decimal(600), by=cast.senco, at=AT
    )
    return allocation, use


@pytest.mark.parametrize(
    ("person", "status"), [("senco", 200), ("parent", 200), ("child", 200), ("teacher", 403), ("leader", 404)]
)
def test_who_reads_funding(cast: Cast, at_ten: datetime, person: str, status: int) -> None:
    money(cast, write_plan(cast.ada, by=cast.senco, at=AT))
    answer = as_(cast.people[person]).get(address("funding", cast.ada.pk))
    assert (answer.status_code, "1,200" in answer.content.decode()) == (status, person == "senco")


def test_a_family_reads_money_once_it_is_shared(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    money(cast, plan)
    sharing.share(cycle=plan.cycle, after=1, by=cast.senco, at=AT)
    text = words(as_(cast.parent).get(address("funding", cast.ada.pk)))
    assert "£1,200 from 1 March 2026 to 31 July 2026" in text
    assert "£600 not recorded yet" in text
    assert "£0" not in text


def test_what_was_used_is_recorded_and_may_be_nothing(cast: Cast, at_ten: datetime) -> None:
    _, use = money(cast, write_plan(cast.ada, by=cast.senco, at=AT))
    senco, href = as_(cast.senco), address("edit_use", use.pk)
    assert send(senco, href, planned="600", used="0").status_code == 302
    use.refresh_from_db()
    assert use.used == Decimal(0)
    assert "£600 £0" in words(senco.get(address("funding", cast.ada.pk)))


def test_more_than_there_is_cannot_be_planned(cast: Cast, at_ten: datetime) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    allocation, _ = money(cast, plan)
    senco = as_(cast.senco)
    typed = {"strategy": plan.home_strategy.pk, "planned": "£601", "note": "Keep me."}
    answer = send(senco, address("plan_use", allocation.pk), **typed)
    assert (answer.status_code, errors(answer)) == (422, ["There is £600.00 left of this allocation."])
    assert "Keep me." in answer.content.decode()
    again = send(
        senco, address("plan_use", allocation.pk), **{**typed, "strategy": plan.strategy.pk, "planned": "1"}
    )
    assert again.status_code == 422
    less = send(
        senco,
        address("edit_allocation", allocation.pk),
        amount="100",
        purpose="x",
        starts_on="2026-03-01",
        ends_on="2026-08-01",
    )
    assert errors(less) == ["£600.00 of this is planned already. Change that first."]


def test_two_people_changing_the_same_use_are_shown_both(cast: Cast, at_ten: datetime) -> None:
    _, use = money(cast, write_plan(cast.ada, by=cast.senco, at=AT))
    senco, href = as_(cast.senco), address("edit_use", use.pk)
    opened = hidden(senco.get(href))
    funding.edit_use(use=use, version=1, by=cast.senco, at=AT, used=Decimal(50))
    answer = senco.post(href, {**opened, "planned": "600", "used": "75", "note": ""})
    text = words(answer)
    assert (answer.status_code, "50.00" in text, "75" in text) == (409, True, True)


def test_money_sent_twice_is_there_once(cast: Cast, at_ten: datetime) -> None:
    write_plan(cast.ada, by=cast.senco, at=AT)
    made = stream(cast)
    senco, href = as_(cast.senco), address("allocate", cast.ada.pk)
    typed = {
        "stream": made.pk,
        "amount": "10",
        "purpose": "x",
        "starts_on": "2026-03-01",
        "ends_on": "2026-04-01",
    }
    post = {**hidden(senco.get(href)), **typed}
    assert [senco.post(href, post).status_code for _ in range(2)] == [302, 302]
    assert Allocation.objects.count() == 1
    backwards = send(senco, href, **{**typed, "ends_on": "2026-02-01"})
    assert (backwards.status_code, errors(backwards)) == (422, ["Choose a day after the first."])


def test_money_and_strategies_of_others_cannot_be_smuggled_in(cast: Cast, at_ten: datetime) -> None:
    ada, sam = (write_plan(p, by=cast.senco, at=AT) for p in (cast.ada, cast.sam))
    allocation, use = money(cast, ada)
    elsewhere = FundingStream.objects.create(setting=cast.westfield, kind="top_up", name="Theirs")
    senco = as_(cast.senco)
    typed = {"amount": "10", "purpose": "x", "starts_on": "2026-03-01", "ends_on": "2026-04-01"}
    assert send(senco, address("allocate", cast.ada.pk), stream=elsewhere.pk, **typed).status_code == 422
    smuggled = send(senco, address("plan_use", allocation.pk), strategy=sam.strategy.pk, planned="1")
    assert smuggled.status_code == 422
    for person, status in ((cast.teacher, 403), (cast.parent, 403), (cast.stranger, 404)):
        for href in (
            address("allocate", cast.ada.pk),
            address("edit_allocation", allocation.pk),
            address("plan_use", allocation.pk),
            address("edit_use", use.pk),
        ):
            assert as_(person).get(href).status_code == status
    for name in ("edit_allocation", "plan_use", "edit_use"):
        assert senco.get(address(name, uuid4())).status_code == 404


def test_without_a_stream_the_page_says_where_to_begin(cast: Cast, at_ten: datetime) -> None:
    write_plan(cast.ada, by=cast.senco, at=AT)
    assert "No funding streams yet" in words(as_(cast.senco).get(address("allocate", cast.ada.pk)))
