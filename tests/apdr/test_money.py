"""Money planned, delivered and looked back at together; and what it costs, for the SENCO alone."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from accounts.enums import Phase
from apdr import eligible, selectors_money
from apdr.enums import AskAbout, Place, StreamKind
from apdr.models import (
    Allocation,
    Costing,
    Delivered,
    FundingAgreement,
    FundingDecision,
    FundingEvaluation,
    FundingStream,
    Provision,
    StaffRate,
    StreamRate,
)
from apdr.services import evaluating, funding, items, sharing
from apdr.services import money as services
from pupils import services as pupils
from pupils.enums import SenProvision
from pupils.models import Enrolment

from ..cast import AT, Cast
from .pages import address, as_, count, errors, hidden, send, words
from .plans import Plan, write_plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
TODAY = AT.date()
GROUP = "Talk group"


def group_of(cast: Cast, *plans: Plan) -> None:
    """These plans' provisions are one group's: 4 places, three times 20 minutes a week, 10 weeks."""
    for plan in plans:
        plan.provision.refresh_from_db()
        who = {"version": plan.provision.version, "by": cast.senco, "at": AT}
        items.edit(plan.provision, group=GROUP, starts_on=date(2026, 3, 9), **who)


def priced(cast: Cast, plan: Plan, hourly: str = "17.35", resources: str = "0") -> Costing:
    rate = services.set_hourly(
        setting=cast.hazelmere, name="Teaching assistant", hourly=Decimal(hourly),
        starts_on=date(2026, 1, 1), by=cast.senco, at=AT,
    )  # fmt: skip
    return services.cost(
        provision=plan.provision, role=rate.role, resources=Decimal(resources), by=cast.senco, at=AT
    )


def money(cast: Cast, plan: Plan, *, ends_on: date = date(2026, 8, 1), share: bool = True) -> Allocation:
    stream = cast.hazelmere.streams.first() or FundingStream.objects.create(
        setting=cast.hazelmere, kind="top_up", name="Top-up"
    )
    made = funding.allocate(
        pupil=plan.cycle.pupil, stream=stream, amount=Decimal(1200), purpose="A helper in class.",
        difference="Starts work alone.", starts_on=date(2026, 2, 1), ends_on=ends_on, by=cast.senco, at=AT,
    )  # fmt: skip
    who = {"by": cast.senco, "at": AT}
    funding.plan_use(allocation=made, strategy=plan.strategy, planned=Decimal(100), **who)
    if share:
        sharing.share(cycle=plan.cycle, after=1, **who)
    return made


def test_each_says_what_they_think_and_no_home_reads_another(cast: Cast) -> None:
    row = money(cast, write_plan(cast.ada, by=cast.senco, at=AT))
    say, page = address("say_funding", row.pk), address("funding", cast.ada.pk)
    parent, other, child = as_(cast.parent), as_(cast.other_parent), as_(cast.child)
    opened = parent.get(say)
    assert "We hoped for this: Starts work alone." in words(opened)
    post = {**hidden(opened), "rating": "bit", "words": "She reads at home now."}
    assert [parent.post(say, post).status_code for _ in range(2)] == [302, 302]  # sent twice
    assert FundingEvaluation.objects.count() == 1
    assert send(other, say, rating="no", words="Nothing changed here.").status_code == 302
    assert send(child, say, rating="yes", words="I like my helper.").status_code == 302
    refused = send(parent, say, rating="rather_not", words="Keep me.")
    assert (refused.status_code, "Keep me." in refused.content.decode()) == (422, True)
    assert errors(send(parent, say, words="x")) == ["Choose one"]
    pams, oscars, adas, all_ = (words(c.get(page)) for c in (parent, other, child, as_(cast.senco)))
    heard = [
        [w in text for w in ("She reads at home", "Nothing changed", "my helper")]
        for text in (pams, oscars, adas, all_)
    ]
    assert heard == [[True, False, True], [False, True, True], [True] * 3, [True] * 3]
    assert send(parent, say, rating="yes", words="Now she reads.").status_code == 302
    pams = words(parent.get(page))
    assert ("Now she reads." in pams, "She reads at home now." in pams) == (True, False)  # the latest counts
    for who, status in (
        (cast.teacher, 403),
        (cast.professional, 403),
        (cast.restricted_parent, 404),
        (cast.stranger, 404),
    ):
        assert as_(who).get(say).status_code == status


def test_what_was_not_shared_is_not_there_to_be_said_about(cast: Cast) -> None:
    row = money(cast, write_plan(cast.ada, by=cast.senco, at=AT), share=False)
    for name in ("say_funding", "agree_funding"):
        assert as_(cast.parent).get(address(name, row.pk)).status_code == 404
    said: dict[str, Any] = {"allocation": row, "sent_key": uuid4(), "rating": "yes", "at": AT}
    with pytest.raises(Exception, match="not been shared"):
        evaluating.evaluate(by=cast.parent, **said)


def test_a_senco_writes_down_who_said_what_and_decides_and_the_second_is_shown_both(cast: Cast) -> None:
    row = money(cast, write_plan(cast.ada, by=cast.senco, at=AT))
    senco, say, decide = as_(cast.senco), address("say_funding", row.pk), address("decide_funding", row.pk)
    typed = {"rating": "yes", "words": "A calmer child.", "how": "phone", "on": TODAY.isoformat()}
    nameless = send(senco, say, perspective="parent", **typed)
    assert errors(nameless) == ["Say whose words these are."]
    named = {"household": cast.home.pk, "said_by_name": "Gran"}
    assert send(senco, say, perspective="parent", **named, **typed).status_code == 302
    assert send(senco, say, perspective="staff", **{**typed, "words": "Fewer prompts."}).status_code == 302
    agreed = {"perspective": "parent", **named, "answer": "agree", "how": "talked", "on": "2026-03-03"}
    assert send(senco, address("agree_funding", row.pk), **agreed).status_code == 302
    assert FundingAgreement.objects.get().on == date(2026, 3, 3)
    pams, oscars = (
        words(as_(p).get(address("funding", cast.ada.pk))) for p in (cast.parent, cast.other_parent)
    )
    assert ["A calmer child." in t for t in (pams, oscars)] == [True, False]
    assert ["Gran" in t for t in (pams, oscars)] == [True, False]  # who agreed is no other home's either
    assert ["Fewer prompts." in t for t in (pams, oscars)] == [True, True]
    opened = hidden(senco.get(decide))
    assert send(senco, decide, decision="continue", why="It helps.").status_code == 302
    late = senco.post(decide, {**opened, "decision": "stop", "why": "Keep me."})
    assert (late.status_code, "It helps." in words(late), "Keep me." in words(late)) == (409, True, True)
    assert FundingDecision.objects.count() == 1
    assert "What comes next: Go on with it. It helps." in words(
        as_(cast.parent).get(address("funding", cast.ada.pk))
    )


def test_a_register_is_ticked_in_one_go_by_who_teaches_and_shows_no_money(cast: Cast) -> None:
    ada, sam = (write_plan(p, by=cast.senco, at=AT - timedelta(days=30)) for p in (cast.ada, cast.sam))
    group_of(cast, ada, sam)
    money(cast, ada)
    href = address("register", query="?group=talk+GROUP&on=2026-03-09")
    teacher = as_(cast.teacher)
    opened = teacher.get(href)
    text = words(opened)
    assert ("Ada" in text, "Sam" in text, "£" in text) == (True, True, False)
    a, s = ada.provision.pk, sam.provision.pk
    both = {**hidden(opened), f"{a}-had": "on", f"{a}-why": "room", f"{s}-words": "He was tired."}
    refused = teacher.post(href, both)
    assert (refused.status_code, len(errors(refused)), "He was tired." in refused.content.decode()) == (
        422,
        2,
        True,
    )
    post = {**hidden(opened), f"{a}-had": "on", f"{s}-why": "adult_away"}
    assert [teacher.post(href, post).status_code for _ in range(2)] == [302, 302]
    rows = {(row.provision_id, row.held, row.minutes, row.why) for row in Delivered.objects.all()}
    assert rows == {(a, "done", 20, ""), (s, "missed", 0, "adult_away")}
    stale = as_(cast.key_adult).post(href, {**hidden(opened), f"{a}-why": "event", f"{s}-why": "adult_away"})
    assert (stale.status_code, "wrote meanwhile" in words(stale)) == (422, True)
    now = hidden(teacher.get(href))
    assert teacher.post(href, {**now, f"{a}-had": "on", f"{s}-had": "on", "minutes": "30"}).status_code == 302
    assert [r.minutes for r in selectors_money.latest_delivered([a, s])] == [30, 30]
    assert Delivered.objects.count() == 4  # corrections stand beside what was said before
    family = words(as_(cast.parent).get(address("funding", cast.ada.pk)))
    assert "Planned 10 hours Given so far 30 minutes" in family
    assert as_(cast.parent).get(href).status_code == 200
    assert "Ada" not in words(as_(cast.parent).get(href))
    assert as_(cast.stranger).post(href, post).status_code == 422
    future = teacher.get(address("register", query="?group=Talk+group&on=2027-01-01"))
    assert "Choose today or a day before it." in words(future)
    assert count(teacher, href) == REGISTER


REGISTER = 10


def test_what_support_costs_is_shared_by_a_group_and_read_by_its_senco_alone(cast: Cast) -> None:
    ada, sam = (write_plan(p, by=cast.senco, at=AT) for p in (cast.ada, cast.sam))
    group_of(cast, ada, sam)
    for plan in (ada, sam):
        priced(cast, plan)
    money(cast, ada)
    services.set_hourly(
        setting=cast.hazelmere, name="teaching ASSISTANT", hourly=Decimal("18.00"), starts_on=date(2026, 3, 16),
        by=cast.senco, at=AT,
    )  # fmt: skip
    assert StaffRate.objects.count() == 2
    # one week at 17.35, nine at 18.00, an hour a week, four places
    whole = Decimal("17.35") + 9 * Decimal(18)
    found = {one.pupil.pk: one for one in selectors_money.costs(cast.hazelmere)}
    assert [found[p.pk].whole for p in (cast.ada, cast.sam)] == [whole] * 2
    assert [found[p.pk].share for p in (cast.ada, cast.sam)] == [Decimal("44.84"), Decimal("44.84")]
    lines = selectors_money.cost_lines(found.values())
    sums = selectors_money.totals(lines)
    assert {str(k): v for k, v in sums["by_stream"]} == {"Top-up": Decimal("44.84"), "None": Decimal("44.84")}
    assert sums["in_all"] == sum(amount for _, amount in sums["by_role"]) == Decimal("89.68")
    senco, costs = as_(cast.senco), address("costs", cast.ada.pk)
    text = words(senco.get(costs))
    assert ("£179.35" in text, "£44.84" in text, "shared by 4" in text) == (True, True, True)
    rates = address("money_settings", cast.hazelmere.pk)
    assert "Teaching assistant : £17.35" in words(senco.get(rates))
    change = address("cost_provision", ada.provision.pk)
    stale = hidden(senco.get(change))
    role = Costing.objects.first().role_id  # type: ignore[union-attr]
    assert send(senco, change, role=role, resources="£15", resources_for="Books").status_code == 302
    late = senco.post(change, {**stale, "role": role, "resources": "3", "resources_for": "Keep me."})
    assert (late.status_code, "Keep me." in words(late)) == (409, True)
    for who, status in (
        ("teacher", 403), ("parent", 403), ("child", 403), ("professional", 403), ("stranger", 404), ("leader", 404),
    ):  # fmt: skip
        client = as_(cast.people[who])
        assert [client.get(href).status_code for href in (costs, change, rates)] == [status, status, 404], who
    for who in ("parent", "child", "teacher"):
        for name in ("funding", "strategies", "plan"):
            told = as_(cast.people[who]).get(address(name, cast.ada.pk)).content.decode()
            assert not any(
                secret in told for secret in ("17.35", "18.00", "179.35", "44.84", "Teaching ASS")
            ), name
    # the next setting's SENCO coordinates Ada, and learns nothing of what an hour costs here
    pupils.move(pupil=cast.ada, to=None, on=TODAY, by=cast.senco, at=AT)
    Enrolment.objects.create(pupil=cast.ada, setting=cast.westfield, starts_on=TODAY)
    there = as_(cast.stranger)
    assert "£" not in words(there.get(costs))
    assert [there.get(href).status_code for href in (change, rates)] == [404, 404]


def test_the_pages_ask_as_often_for_three_as_for_one(cast: Cast) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    priced(cast, plan)
    row = money(cast, plan)
    pages = [
        ("senco", address("funding", cast.ada.pk)),
        ("parent", address("funding", cast.ada.pk)),
        ("senco", address("costs", cast.ada.pk)),
        ("senco", address("worth_asking", cast.ada.pk)),
        ("parent", address("say_funding", row.pk)),
        ("senco", address("decide_funding", row.pk)),
        ("senco", address("money_settings", cast.hazelmere.pk)),
    ]
    asked = [count(as_(cast.people[who]), href) for who, href in pages]
    for n in range(2):
        who = {"by": cast.senco, "at": AT}
        strategy = items.add(  # type: ignore[misc]
            plan.strategy.__class__, cycle=plan.cycle, place=Place.SETTING, words=f"Way {n}.", **who
        )
        one = items.add(
            Provision, cycle=plan.cycle, strategy=strategy, who="TA", times_a_week=1, minutes=30, group_size=1,
            weeks=5, **who,
        )  # fmt: skip
        rate = services.set_hourly(
            setting=cast.hazelmere, name=f"Role {n}", hourly=Decimal(9), starts_on=date(2026, 1, 1), **who
        )
        services.cost(provision=one, role=rate.role, resources=Decimal(1), **who)
        funding.plan_use(allocation=row, strategy=strategy, planned=Decimal(5), **who)
        evaluating.evaluate(
            allocation=row, by=cast.other_parent, at=AT, sent_key=uuid4(), rating="yes", words=f"{n}"
        )  # type: ignore[arg-type]
        evaluating.tell_of(pupil=cast.ada, about=[AskAbout.DLA, AskAbout.PUPIL_PREMIUM][n], **who)
    sharing.share(cycle=plan.cycle, after=2, by=cast.senco, at=AT)
    assert [count(as_(cast.people[who]), href) for who, href in pages] == asked == QUERIES
    assert max(asked) <= 15


QUERIES = [14, 11, 14, 10, 10, 13, 12]


def test_rates_hold_from_their_day_and_say_where_they_are_written(cast: Cast) -> None:
    shipped = {(r.kind, r.band): r for r in selectors_money.rates_on(cast.hazelmere, date(2026, 5, 1))}
    eypp = shipped["eypp", ""]
    assert (eypp.amount * eypp.most_hours, eypp.checked_on) == (Decimal("655.50"), None)  # type: ignore[operator]
    senco, href = as_(cast.senco), address("money_settings", cast.hazelmere.pk)
    typed = {
        "kind": "pupil_premium", "band": "secondary", "amount": "1100", "unit": "year", "starts_on": "2026-04-01",
        "source": "The authority's letter", "checked_on": "2026-03-10",
    }  # fmt: skip
    post = address("set_stream_rate", cast.hazelmere.pk)
    for _ in range(2):
        assert senco.post(post, typed).status_code == 302
    assert StreamRate.objects.filter(setting=cast.hazelmere).count() == 1
    before, after = (
        {
            r.band.lower(): r.amount
            for r in selectors_money.rates_on(cast.hazelmere, day)
            if r.kind == "pupil_premium"
        }
        for day in (date(2026, 3, 31), date(2026, 4, 1))
    )
    assert [int(each) for each in (before["secondary"], after["secondary"], after["primary"])] == [
        1075,
        1100,
        1515,
    ]
    wrong = senco.post(post, {**typed, "source": "", "amount": "-3"})
    assert (wrong.status_code, len(errors(wrong))) == (422, 2)
    assert "Nobody here has checked it yet." in words(senco.get(href))


@pytest.mark.parametrize(
    ("born", "phase", "group", "sen", "asked"),
    [
        ((2024, 1, 5), Phase.EARLY_YEARS, "E2", "K", "two_year_offer eypp daf dla"),
        ((2022, 6, 1), Phase.PRIMARY, "N2", "K", "eypp daf dla"),
        ((2016, 6, 1), Phase.PRIMARY, "5", "E", "pupil_premium personal_budget dla"),
        ((2009, 6, 1), Phase.SIXTH_FORM, "12", "K", "bursary pip"),
        ((2004, 6, 1), Phase.COLLEGE, "14", "K", "pip"),
        ((2004, 6, 1), Phase.COLLEGE, "14", "E", "bursary personal_budget pip"),
    ],
)
def test_what_is_worth_asking_about_goes_by_age_and_phase(
    born: tuple[int, int, int], phase: Phase, group: str, sen: str, asked: str
) -> None:
    known = eligible.Facts(date(*born), phase, group, SenProvision(sen))
    assert [a.value for a in eligible.worth_asking(known, date(2026, 3, 10))] == asked.split()
    assert set(eligible.STREAMS) == set(StreamKind)


def test_a_senco_writes_down_that_the_family_was_told_and_nobody_else_reads_it(cast: Cast) -> None:
    href = address("worth_asking", cast.ada.pk)
    senco = as_(cast.senco)
    assert "Nobody has written down that they were told." in words(senco.get(href))
    assert [senco.post(href, {"about": "dla"}).status_code for _ in range(2)] == [302, 302]
    assert cast.ada.told_of.count() == 1
    assert "told them on 10 March 2026" in words(senco.get(href))
    assert senco.post(href, {"about": "lottery"}).status_code == 404
    assert [as_(p).get(href).status_code for p in (cast.parent, cast.teacher, cast.stranger)] == [
        403,
        403,
        404,
    ]
