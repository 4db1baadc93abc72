"""A SENCO's caseload."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from apdr.enums import Answer, HowObtained, Perspective
from apdr.services import family, progress
from notifications import caseload
from pupils import policy, services

from ..apdr.plans import write_plan
from ..cast import AT, SEPTEMBER, Cast
from ..sessions import sign_in

pytestmark = pytest.mark.django_db


def coordinated(cast: Cast, at: Any) -> Any:
    return policy.pupils_for(cast.senco, "coordinate", at)


def flags(cast: Cast, at: Any = AT) -> dict[str, list[str]]:
    return {row.pupil.called: row.flags for row in caseload.page(coordinated(cast, at), at).rows}


def test_what_is_to_notice_goes_when_it_has_been_done(cast: Cast) -> None:
    plan = write_plan(cast.ada, cast.senco, SEPTEMBER)
    assert flags(cast) == {
        "Noor": ["no_plan"],
        "Ada": ["overdue", "child", "parent", "quiet"],
        "Sam": ["no_plan"],
    }
    progress.log_progress(step=plan.step, by=cast.teacher, at=AT, sent_key=uuid4(), value=1)
    family.record_views(
        pupil=cast.ada, by=cast.teacher, at=AT, perspective=Perspective.CHILD, how=HowObtained.DECLINED
    )
    assert plan.version is not None
    family.answer_plan(
        plan_version=plan.version, by=cast.parent, at=AT, sent_key=uuid4(), answer=Answer.AGREE
    )
    assert flags(cast)["Ada"] == ["overdue"]
    assert flags(cast, plan.cycle.opened_at + timedelta(days=60))["Ada"] == ["due"]


def test_nobody_waits_for_a_parent_where_the_young_person_decides(cast: Cast) -> None:
    write_plan(cast.sam, cast.senco, AT)
    assert flags(cast)["Sam"] == ["child"]


def test_the_sentences_count_what_the_list_shows(cast: Cast) -> None:
    write_plan(cast.ada, cast.senco, SEPTEMBER)
    counted = caseload.counts(coordinated(cast, AT), AT)
    told = {key: len(caseload.page(coordinated(cast, AT), AT, flag=key).rows) for key, *_ in caseload.FLAGS}
    assert {**told, "all": 3} == counted
    assert counted["overdue"] == 1


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"words": "ad"}, ["Ada"]),
        ({"words": "love a"}, ["Ada"]),
        ({"words": "da"}, []),
        ({"stage": "do"}, ["Ada"]),
        ({"flag": "no_plan"}, ["Noor", "Sam"]),
        ({"flag": "nonsense", "stage": "nonsense"}, ["Noor", "Ada", "Sam"]),
    ],
)
def test_the_list_is_narrowed(cast: Cast, asked: dict[str, str], found: list[str]) -> None:
    write_plan(cast.ada, cast.senco, AT)
    assert [row.pupil.called for row in caseload.page(coordinated(cast, AT), AT, **asked).rows] == found


def test_pages_follow_each_other_without_a_gap_or_a_double(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caseload, "PAGE", 2)
    first = caseload.page(coordinated(cast, AT), AT)
    second = caseload.page(coordinated(cast, AT), AT, after=first.after)
    assert [row.pupil.called for row in [*first.rows, *second.rows]] == ["Noor", "Ada", "Sam"]
    assert second.after == ""


@pytest.mark.parametrize("pupils", [1, 3])
def test_a_page_takes_the_same_queries_however_many_pupils(
    cast: Cast, client: Client, django_assert_num_queries: Any, pupils: int
) -> None:
    for one in [cast.ada, cast.sam, cast.noor][:pupils]:
        write_plan(one, cast.senco, AT)
    for one in [cast.ada, cast.sam, cast.noor][pupils:]:
        services.move(pupil=one, to=None, on=AT.date(), by=cast.senco, at=AT)
    with time_machine.travel(AT, tick=False):
        sign_in(client, cast.senco)
        client.get("/caseload/")
        with django_assert_num_queries(14):
            page = client.get("/caseload/")
    assert page.content.decode().count("<article") == pupils


@pytest.mark.parametrize("name", ["teacher", "parent", "leader", "dsl", "young_person"])
def test_only_a_senco_has_a_caseload(cast: Cast, client: Client, name: str) -> None:
    with time_machine.travel(AT, tick=False):
        sign_in(client, cast.people[name])
        assert client.get("/caseload/").status_code == 403
