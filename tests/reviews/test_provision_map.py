"""The provision map for its SENCO alone, its files, and the report of its numbers that tells of no pupil."""

import csv
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from uuid import uuid4

import pytest
from openpyxl import load_workbook

from apdr.enums import NeedKind, Place
from apdr.models import Need, NextStep, Provision, Strategy
from apdr.services import items, money, progress
from pupils.models import AccessLog, Enrolment, Pupil
from reviews import exports, selectors_cohort
from reviews.models import Judgement
from reviews.selectors_map import Look, provision_map

from ..apdr.pages import address, as_, count, words
from ..apdr.plans import write_plan
from ..apdr.test_money import group_of, priced
from ..apdr.test_money import money as funded
from ..cast import AT, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
WHO = ("teacher", "key_adult", "parent", "child", "professional", "leader", "dsl", "stranger")


def files(response: object) -> list[list[str]]:
    return list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))


def test_a_senco_finds_every_provision_with_its_cost_dose_progress_and_what_people_say(cast: Cast) -> None:
    ada, sam = (write_plan(p, by=cast.senco, at=AT - timedelta(days=30)) for p in (cast.ada, cast.sam))
    group_of(cast, ada, sam)
    for plan in (ada, sam):
        priced(cast, plan)
    funded(cast, ada)
    step = NextStep.objects.select_related("scale").get(pk=ada.step.pk)
    for value, days in ((0, 9), (2, 2)):
        progress.log_progress(
            step=step,
            on=AT.date() - timedelta(days=days),
            value=value,
            by=cast.senco,
            at=AT,
            sent_key=uuid4(),
        )
    for person, rating in ((cast.parent, "lot"), (cast.other_parent, "not_yet")):
        Judgement.objects.create(
            cycle=ada.cycle, strategy=ada.strategy, perspective="parent", rating=rating, said_by=person,
            said_by_name=person.name, recorded_by=person, at=AT,
        )  # fmt: skip
    senco, href = as_(cast.senco), address("provision_map", cast.hazelmere.pk)
    seen = AccessLog.objects.count()
    text = words(senco.get(href))
    label = step.scale.labels[step.scale.values.index(2)]
    for told in (
        "2 provisions", "£43.38", "10 hours planned nothing written down", label, "1 says it helped 1 says not yet",
        "Top-up", "not judged yet", "no level noted", "shared by 4", "Communication and interaction",
    ):  # fmt: skip
        assert told in text, told
    looks = AccessLog.objects.order_by("-at", "-pk")[: AccessLog.objects.count() - seen]
    assert {(row.pupil_id, row.way, row.person_id) for row in looks} == {
        (p.pk, "page", cast.senco.pk) for p in (cast.ada, cast.sam)
    }
    stream = cast.hazelmere.streams.get().pk
    for query, number in (
        ("?area=communication", 2), ("?area=semh", 0), (f"?stream={stream}", 1), ("?look=over", 0),
        (f"?role={cast.hazelmere.staff_roles.get().pk}", 2), ("?area=none", 0), ("?area=nonsense", 2),
    ):  # fmt: skip
        found = words(senco.get(href + query))
        assert (f"{number} provision" in found, "Nothing here" in found) == (number > 0, number == 0), query
    for name in ("provision_map", "provision_map_csv", "provision_map_xlsx"):
        for who in WHO:
            assert as_(cast.people[who]).get(address(name, cast.hazelmere.pk)).status_code == 404, (name, who)
        assert senco.get(address(name, cast.westfield.pk)).status_code == 404


def test_a_pupil_who_moved_on_is_not_on_the_map_and_costs_their_group_no_less(cast: Cast) -> None:
    ada, sam = (write_plan(p, by=cast.senco, at=AT) for p in (cast.ada, cast.sam))
    group_of(cast, ada, sam)
    for plan in (ada, sam):
        priced(cast, plan)
    before = {row.pupil.pk: row.cost.share for row in provision_map(cast.hazelmere, cast.senco, AT).every}
    Enrolment.objects.filter(pupil=cast.ada).update(ends_on=AT.date())
    Enrolment.objects.create(pupil=cast.ada, setting=cast.westfield, starts_on=AT.date())
    after = {row.pupil.pk: row.cost.share for row in provision_map(cast.hazelmere, cast.senco, AT).every}
    assert after == {cast.sam.pk: before[cast.sam.pk]}
    assert provision_map(cast.westfield, cast.stranger, AT).every == []


def test_gaps_and_thresholds_are_counted_and_each_opens_its_list(cast: Cast) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    who = {"by": cast.senco, "at": AT}
    items.add(Need, cycle=plan.cycle, kind=NeedKind.NEED, area="semh", words="Worries at noon.", **who)
    items.add(Need, cycle=plan.cycle, kind=NeedKind.STRENGTH, area="cognition", words="Kind.", **who)
    senco, href = as_(cast.senco), address("provision_map", cast.hazelmere.pk)

    def counted() -> dict[Look, int]:
        return provision_map(cast.hazelmere, cast.senco, AT).counts

    assert counted() == {
        Look.OVER: 0, Look.NEAR: 0, Look.NO_STRATEGY: 1, Look.NO_EVIDENCE: 1, Look.NOT_HELPING: 0,
    }  # fmt: skip
    assert "Worries at noon." in words(senco.get(f"{href}?look=no_strategy"))
    assert "One instruction at a time." in words(senco.get(f"{href}?look=no_evidence"))
    progress.log_progress(step=plan.step, on=AT.date(), value=0, sent_key=uuid4(), **who)
    assert counted()[Look.NO_EVIDENCE] == 0
    # the same strategy, in the cycle before and in this one
    old = Strategy.objects.create(
        cycle=write_plan(cast.sam, by=cast.senco, at=AT).cycle, place=Place.SETTING, words="Old.", created_by=cast.senco
    )  # fmt: skip
    old.cycle.__class__.objects.filter(pk=old.cycle.pk).update(number=9)
    Strategy.objects.filter(pk=plan.strategy.pk).update(carried_from=old)

    def judge(strategy: Strategy, rating: str, person: object = cast.senco) -> None:
        Judgement.objects.create(
            cycle=strategy.cycle, strategy=strategy, perspective="staff", rating=rating, said_by=person,
            recorded_by=cast.senco, at=AT + timedelta(seconds=Judgement.objects.count()),
        )  # fmt: skip

    judge(old, "not_yet")
    assert counted()[Look.NOT_HELPING] == 0  # one cycle alone
    judge(plan.strategy, "lot")
    judge(plan.strategy, "not_yet")  # thought again
    assert counted()[Look.NOT_HELPING] == 1
    assert "One instruction at a time." in words(senco.get(f"{href}?look=not_helping"))
    judge(plan.strategy, "bit", cast.teacher)
    assert counted()[Look.NOT_HELPING] == 0  # somebody says it helps
    costing = priced(cast, plan, hourly="17.35", resources="4800")
    items.edit(plan.provision, group_size=1, version=plan.provision.version, **who)
    assert counted()[Look.NEAR] == 1
    money.cost(provision=plan.provision, role=costing.role, resources=Decimal(5900), version=1, **who)
    assert (counted()[Look.OVER], counted()[Look.NEAR]) == (1, 0)
    assert "over the threshold" in words(senco.get(f"{href}?look=over"))


def test_a_file_holds_what_the_map_shows_runs_no_formula_and_is_a_look_at_each(cast: Cast) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    priced(cast, plan)
    Strategy.objects.filter(pk=plan.strategy.pk).update(words='=HYPERLINK("http://x.example";"y")')
    Provision.objects.filter(pk=plan.provision.pk).update(who="  @SUM(A1)", group="\tx")
    senco = as_(cast.senco)
    for kind in ("csv", "xlsx"):
        before = AccessLog.objects.count()
        answer = senco.get(address(f"provision_map_{kind}", cast.hazelmere.pk, query="?area=communication"))
        assert answer["Content-Disposition"] == f'attachment; filename="provision-map-2026-03-10.{kind}"'
        rows = (
            files(answer)
            if kind == "csv"
            else [list(r) for r in load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True)]
        )
        assert len(rows) == 2
        told = dict(zip(*rows, strict=True))
        assert (told["Pupil"], told["What"], told["Who"], told["Group"]) == (
            cast.ada.name, "'=HYPERLINK(\"http://x.example\";\"y\")", "'  @SUM(A1)", "'\tx",
        )  # fmt: skip
        assert Decimal(str(told["Costs for this pupil (£)"])) == Decimal("43.38")
        assert AccessLog.objects.count() == before + 1
        assert AccessLog.objects.filter(way="file", pupil=cast.ada).count() == (1 if kind == "csv" else 2)
    gaps = files(senco.get(address("provision_map_csv", cast.hazelmere.pk, query="?look=no_evidence")))
    assert [row[0] for row in gaps] == ["Pupil", cast.ada.name]
    assert [exports.safe(text) for text in ("=1", "+1", "-1", "@a", "\rx", "a=1", "")] == [
        "'=1", "'+1", "'-1", "'@a", "'\rx", "a=1", "",
    ]  # fmt: skip


def many(cast: Cast, number: int) -> None:
    """So many pupils of Hazelmere, each with a plan."""
    for place in range(number):
        pupil = Pupil.objects.create(
            given_name=f"Given{place}", family_name=f"Family{place}", date_of_birth=date(2015, 1, 2)
        )
        Enrolment.objects.create(
            pupil=pupil, setting=cast.hazelmere, year_group="5", starts_on=date(2025, 9, 1)
        )
        write_plan(pupil, by=cast.senco, at=AT, share=False)


def test_the_map_asks_as_often_for_three_as_for_one_and_pages(cast: Cast) -> None:
    plan = write_plan(cast.ada, by=cast.senco, at=AT)
    priced(cast, plan)
    pages = [
        (cast.senco, address("provision_map", cast.hazelmere.pk)),
        (cast.senco, address("provision_map", cast.hazelmere.pk, query="?look=no_evidence")),
        (cast.senco, address("cohort_report", cast.hazelmere.pk)),
        (cast.leader, address("cohort_report", cast.hazelmere.pk)),
    ]
    asked = [count(as_(person), href) for person, href in pages]
    for n in range(26):
        strategy = items.add(
            Strategy,
            cycle=plan.cycle,
            place=Place.SETTING,
            words=f"Way {n}. " + "x" * 300,
            by=cast.senco,
            at=AT,
        )
        items.add(
            Provision, cycle=plan.cycle, strategy=strategy, who="TA", times_a_week=1, minutes=30, group_size=1,
            weeks=5, by=cast.senco, at=AT,
        )  # fmt: skip
    for pupil in (cast.sam, cast.noor):
        write_plan(pupil, by=cast.senco, at=AT)
    assert [count(as_(person), href) for person, href in pages] == asked == QUERIES
    assert max(asked) <= 15
    senco, href = as_(cast.senco), pages[0][1]
    found = provision_map(cast.hazelmere, cast.senco, AT)
    last = found.rows[24]
    assert f"after={last.id}" in senco.get(href).content.decode()
    following = words(senco.get(f"{href}?after={last.id}"))
    assert "Way 25." in following or "One instruction" in following
    assert senco.get(f"{href}?after={uuid4()}")["Location"] == href


QUERIES = [15, 15, 14, 14]


def test_the_report_tells_of_no_pupil_to_a_leader_and_has_what_was_left_out_left_out(cast: Cast) -> None:
    for pupil in (cast.ada, cast.sam):
        write_plan(pupil, by=cast.senco, at=AT)
    leader = as_(cast.leader)
    report, file = (address(name, cast.hazelmere.pk) for name in ("cohort_report", "cohort_csv"))
    assert "Too few to tell" in words(leader.get(report))
    assert {row[3] for row in files(leader.get(file))[1:]} <= {"left out"}
    for who in ("teacher", "parent", "child", "professional", "dsl", "stranger"):
        assert [as_(cast.people[who]).get(href).status_code for href in (report, file)] == [404, 404], who
    many(cast, 7)
    before = AccessLog.objects.count()
    page = leader.get(report)
    text = words(page)
    assert "9 pupils have an open plan." in text
    found = selectors_cohort.cohort(cast.hazelmere, AT)
    shown = [n for t in found.tables for _, cells, total in t.rows for n in [*cells, total] if n is not None]
    assert shown
    assert min(shown) >= 5
    assert found.cost is None  # nobody's cost is known, which is fewer than five
    assert AccessLog.objects.count() == before
    for name in (cast.ada.name, str(cast.ada.pk), "Family3", "One instruction"):
        assert name not in page.content.decode()
        assert name not in leader.get(file).content.decode()
    assert address("cohort_report", cast.hazelmere.pk) in leader.get(address("home")).content.decode()
