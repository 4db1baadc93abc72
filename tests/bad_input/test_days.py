"""Days that no pupil has are refused by the services themselves, so by every page, file and program."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from apdr.enums import Stage, StreamKind
from apdr.models import Outcome
from apdr.services import cycles, funding, items
from pupils import circle, services
from pupils.enums import ImportKind, RestrictionKind
from pupils.imports import services as imports
from pupils.models import ImportRow, Pupil
from reviews.services import schedule_review
from tests.apdr.pages import as_, errors
from tests.cast import AT, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]

TODAY = AT.date()
TOMORROW = TODAY + timedelta(days=1)
FUTURE = "A date of birth cannot be in the future. Check the year."
NO_YEAR = date(9999, 12, 31)


def refused(act: Any, *args: Any, **asked: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as error:
        act(*args, at=AT, **asked)
    return error.value.message_dict


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"date_of_birth": TOMORROW}, {"date_of_birth": [FUTURE]}),
        ({"date_of_birth": NO_YEAR}, {"date_of_birth": [FUTURE]}),
        (
            {"date_of_birth": date(1979, 12, 31)},
            {"date_of_birth": ["A date of birth lies between 1980 and today. Check the year."]},
        ),
        (
            {"post16_from": date(2005, 9, 1)},
            {"post16_from": ["Post-16 provision cannot start before they are 14. Check both dates."]},
        ),
        (
            {"post16_from": NO_YEAR},
            {"post16_from": ["Post-16 provision starts before they are 26. Check both dates."]},
        ),
        (
            {"date_of_birth": date(2025, 1, 1), "starts_on": date(2024, 9, 2)},
            {"date_of_birth": ["They cannot start here before they were born. Check the year."]},
        ),
        ({"starts_on": NO_YEAR}, {"starts_on": ["Choose a first day within a year."]}),
    ],
)
def test_a_pupil_with_days_that_no_pupil_has_is_not_taken_in(cast: Cast, days: Any, said: Any) -> None:
    who = {"given_name": "Ben", "family_name": "Bloom", "date_of_birth": date(2012, 1, 1)}
    assert refused(services.create_pupil, setting=cast.hazelmere, by=cast.senco, **{**who, **days}) == said
    assert not Pupil.objects.filter(given_name="Ben").exists()


@pytest.mark.parametrize("born", [TODAY, date(1980, 1, 1)])
def test_a_pupil_born_today_or_at_the_start_of_1980_is_taken_in(cast: Cast, born: date) -> None:
    made = services.create_pupil(
        setting=cast.hazelmere,
        given_name="Ben",
        family_name="Bloom",
        date_of_birth=born,
        by=cast.senco,
        at=AT,
    )
    assert Pupil.objects.get(pk=made.pk).date_of_birth == born


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"date_of_birth": TOMORROW}, "date_of_birth"),
        ({"date_of_birth": date(2025, 1, 1)}, "date_of_birth"),
        ({"post16_from": date(2020, 9, 1)}, "post16_from"),
    ],
)
def test_a_pupil_is_not_changed_to_days_that_no_pupil_has(cast: Cast, days: Any, field: str) -> None:
    found = refused(services.edit_pupil, pupil=cast.ada, version=cast.ada.version, by=cast.senco, **days)
    assert set(found) == {field}
    assert Pupil.objects.get(pk=cast.ada.pk).date_of_birth == date(2012, 5, 14)


def test_a_date_of_birth_to_come_is_refused_beside_its_field_and_stays_there(cast: Cast) -> None:
    address = reverse("edit_pupil", args=[cast.ada.pk])
    post = {
        "given_name": "Ada", "family_name": "Lovelace", "sen_provision": "K", "version": cast.ada.version,
        "date_of_birth_0": "11", "date_of_birth_1": "3", "date_of_birth_2": "2026",
    }  # fmt: skip
    answer: Any = as_(cast.senco).post(address, post)
    page = answer.content.decode()
    assert (answer.status_code, errors(answer)) == (422, [FUTURE])
    assert page.count(FUTURE) == 2
    assert 'value="2026"' in page


def test_a_file_with_days_that_no_pupil_has_says_so_in_the_row(cast: Cast) -> None:
    lines = [
        "Given name,Family name,Date of birth,SEN provision,Post-16 from",
        "Ben,Bloom,11/03/2026,K,",
        "Bea,Bloom,01/02/2012,K,01/09/2020",
        "Ada,Lovelace,14/05/2012,K,01/09/2020",
        "Bob,Bloom,01/02/2012,K,",
    ]
    batch = imports.upload(
        kind=ImportKind.PUPILS,
        setting=cast.hazelmere,
        content="\n".join(lines).encode(),
        by=cast.senco,
        at=AT,
    )
    told = [row.outcome for row in ImportRow.objects.filter(batch=batch).order_by("number")]
    assert told == ["wrong", "wrong", "wrong", "add"]


def test_other_days_that_nobody_means_are_refused_beside_their_field(cast: Cast) -> None:
    who: dict[str, Any] = {"by": cast.senco}
    moved = refused(services.move, pupil=cast.ada, to=None, on=NO_YEAR, **who)
    shut = refused(
        circle.restrict, pupil=cast.ada, person=cast.parent, kind=RestrictionKind.COURT_ORDER, reason="Told.",
        ends_at=AT - timedelta(days=1), **who,
    )  # fmt: skip
    cycle = cycles.open_cycle(pupil=cast.ada, at=AT, **who)
    review = refused(schedule_review, cycle=cycle, starts_at=AT + timedelta(days=400), **who)
    cycles.move_to(cycle=cycle, stage=Stage.PLAN, at=AT, **who)
    outcome = refused(
        items.add, Outcome, cycle=cycle, words="Reads.", area="cognition", by_when=NO_YEAR, **who
    )
    stream = funding.add_stream(setting=cast.hazelmere, kind=StreamKind.TOP_UP, name="More", at=AT, **who)
    money = refused(
        funding.allocate, pupil=cast.ada, stream=stream, amount=1, purpose="Time.",
        starts_on=date(1, 1, 1), ends_on=NO_YEAR, **who,
    )  # fmt: skip
    assert (moved, shut, review, set(outcome), set(money)) == (
        {"on": ["Choose a day within a year."]},
        {"until": ["Choose a day to come."]},
        {"starts_at": ["Choose a day within a year."]},
        {"by_when"},
        {"starts_on", "ends_on"},
    )
