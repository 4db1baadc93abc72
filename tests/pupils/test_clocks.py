"""The clocks of the law, in Python and in the database, at the instant and a second either side."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from accounts.enums import ControlTrigger
from pupils import access, choices, policy
from pupils.clocks import (
    Clocks,
    HandOver,
    birthday,
    clocks,
    hand_over,
    midnight,
    months_later,
    school_leaving_day,
)
from pupils.enums import Answer, Section
from pupils.models import Pupil
from tests.cast import AT, LONDON, Cast

from ..apdr.pages import address, as_

SECOND = timedelta(seconds=1)


def either_side(what: Callable[[datetime], bool], at: datetime) -> list[bool]:
    return [what(at - SECOND), what(at), what(at + SECOND)]


@pytest.mark.parametrize(
    ("born", "last_day"),
    [
        (date(2008, 8, 31), date(2024, 6, 28)),
        (date(2008, 9, 1), date(2025, 6, 27)),
        (date(2010, 6, 27), date(2026, 6, 26)),
        (date(2011, 2, 3), date(2027, 6, 25)),
    ],
)
def test_school_age_ends_at_the_end_of_the_last_friday_of_june(born: date, last_day: date) -> None:
    clock = Clocks(born, None, birthday(born, 16))
    assert (clock.school_leaving_on, last_day.strftime("%A")) == (last_day, "Friday")
    after = midnight(last_day + timedelta(days=1))
    assert either_side(clock.rights_are_theirs, after) == [False, True, True]


@pytest.mark.django_db
def test_python_and_the_database_agree_about_every_day_of_ten_years() -> None:
    days = [date(2003, 12, 20) + timedelta(days=n) for n in range(3660)]
    Pupil.objects.bulk_create(Pupil(given_name="A", family_name="B", date_of_birth=day) for day in days)
    found = Pupil.objects.order_by("date_of_birth")
    assert list(found.values_list("turns_16_on", "turns_18_on", "school_leaving_on")) == [
        (birthday(day, 16), birthday(day, 18), school_leaving_day(day)) for day in days
    ]


@pytest.mark.parametrize(
    ("born", "sixteenth", "eighteenth", "twenty_fifth"),
    [
        (date(2010, 3, 28), date(2026, 3, 28), date(2028, 3, 28), date(2035, 3, 28)),
        (date(2010, 3, 29), date(2026, 3, 29), date(2028, 3, 29), date(2035, 3, 29)),  # clocks go forward
        (date(2010, 10, 25), date(2026, 10, 25), date(2028, 10, 25), date(2035, 10, 25)),  # and back
        (date(2008, 2, 29), date(2024, 2, 29), date(2026, 2, 28), date(2033, 2, 28)),
        (date(2010, 7, 1), date(2026, 7, 1), date(2028, 7, 1), date(2035, 7, 1)),
    ],
)
def test_a_birthday_begins_at_midnight_in_london(
    born: date, sixteenth: date, eighteenth: date, twenty_fifth: date
) -> None:
    clock = Clocks(born, None, sixteenth)
    assert (clock.sixteenth, clock.eighteenth, clock.rights_until) == (sixteenth, eighteenth, twenty_fifth)
    assert either_side(clock.capacity_presumed, midnight(sixteenth)) == [False, True, True]
    assert either_side(clock.adult, midnight(eighteenth)) == [False, True, True]
    assert either_side(clock.rights_are_theirs, midnight(twenty_fifth)) == [True, False, False]


def test_in_summer_midnight_in_london_is_an_hour_earlier_than_in_greenwich() -> None:
    assert midnight(date(2026, 7, 1)) == datetime(2026, 6, 30, 23, tzinfo=UTC)
    assert midnight(date(2026, 3, 29)) == datetime(2026, 3, 29, 0, tzinfo=UTC)
    assert midnight(date(2026, 3, 30)) == datetime(2026, 3, 29, 23, tzinfo=UTC)
    assert midnight(date(2026, 10, 25)) == datetime(2026, 10, 24, 23, tzinfo=UTC)
    assert midnight(date(2026, 10, 26)) == datetime(2026, 10, 26, 0, tzinfo=UTC)


def test_entering_post_16_counts_from_its_day_and_unrecorded_from_the_day_after_school_age() -> None:
    born = date(2010, 1, 2)
    entered = Clocks(born, date(2026, 9, 1), birthday(born, 16))
    assert either_side(entered.in_post16, midnight(date(2026, 9, 1))) == [False, True, True]
    unrecorded = Clocks(born, None, birthday(born, 16))
    assert either_side(unrecorded.in_post16, midnight(date(2026, 6, 27))) == [False, True, True]


@pytest.mark.django_db
@pytest.mark.parametrize("trigger", ControlTrigger)
@pytest.mark.parametrize(
    ("born", "post16"),
    [
        (date(2010, 3, 29), date(2026, 9, 1)),
        (date(2010, 10, 25), date(2026, 9, 1)),
        (date(2012, 2, 29), None),
        (date(2011, 8, 31), date(2027, 9, 1)),
    ],
)
def test_access_and_the_clock_change_at_the_same_second_whatever_the_setting_chose(
    cast: Cast, trigger: ControlTrigger, born: date, post16: date | None
) -> None:
    Pupil.objects.filter(pk=cast.ada.pk).update(date_of_birth=born, post16_from=post16)
    ada = Pupil.objects.get(pk=cast.ada.pk)
    cast.hazelmere.control_trigger = trigger
    cast.hazelmere.save()
    clock = clocks(ada, AT)
    after_school_age = clock.rights_from
    assert (
        clock.decides_from
        == {
            ControlTrigger.EARLIEST: min(clock.sixteenth, after_school_age, post16 or after_school_age),
            ControlTrigger.SIXTEENTH: clock.sixteenth,
            ControlTrigger.SCHOOL_LEAVING: after_school_age,
            ControlTrigger.POST16: post16 or after_school_age,
        }[trigger]
    )
    at = midnight(clock.decides_from)
    assert either_side(clock.decides, at) == [False, True, True]
    assert either_side(lambda t: policy.decides(ada, t), at) == [False, True, True]
    assert either_side(lambda t: policy.can(cast.parent, Section.PLAN, ada, t), at) == [True, False, False]
    assert policy.decide_from([ada, cast.sam], AT) == {
        ada.pk: clock.decides_from,
        cast.sam.pk: policy.decides_from(cast.sam, AT),
    }


@pytest.mark.django_db
def test_a_choice_ends_at_its_second(cast: Cast) -> None:
    ends = datetime(2026, 3, 29, 1, tzinfo=UTC)  # the very instant at which clocks go forward
    choices.choose(
        pupil=cast.sam,
        wanted=[choices.Wanted(Section.NEEDS, Answer.YES, person=cast.parent, ends_at=ends)],
        by=cast.young_person,
        at=AT,
        key=uuid4(),
        wording="1",
    )
    assert either_side(lambda t: policy.can(cast.parent, Section.NEEDS, cast.sam, t), ends) == [
        True,
        False,
        False,
    ]


@pytest.mark.django_db
def test_nothing_has_to_run_for_a_page_to_close_at_midnight(cast: Cast) -> None:
    Pupil.objects.filter(pk=cast.ada.pk).update(date_of_birth=date(2010, 3, 29))
    day, path = datetime(2026, 3, 29, tzinfo=LONDON), address("needs", cast.ada.pk)
    asked = []
    for at in (day - SECOND, day, day + SECOND):
        with time_machine.travel(at, tick=False):
            asked.append(
                [as_(cast.people[who]).get(path).status_code for who in ("parent", "teacher", "child")]
            )
    assert asked == [[200, 200, 200], [403, 403, 200], [403, 403, 200]]


def test_a_month_before_is_the_same_day_or_the_last_of_a_shorter_month() -> None:
    assert [months_later(date(2026, 3, 31), -n) for n in (1, 3, 6, 12)] == [
        date(2026, 2, 28),
        date(2025, 12, 31),
        date(2025, 9, 30),
        date(2025, 3, 31),
    ]
    assert months_later(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_later(date(2025, 11, 30), 3) == date(2026, 2, 28)


def test_people_are_told_from_twelve_six_three_and_one_months_before() -> None:
    day = date(2027, 5, 14)
    told = {
        today: (HandOver(day, today).within, HandOver(day, today).words)
        for today in (
            date(2026, 5, 13),
            date(2026, 5, 14),
            date(2026, 11, 14),
            date(2027, 2, 14),
            date(2027, 4, 13),
            date(2027, 4, 14),
            date(2027, 5, 13),
            date(2027, 5, 14),
        )
    }
    assert list(told.values()) == [
        (None, ""),
        (12, "in less than 12 months"),
        (6, "in less than 6 months"),
        (3, "in less than 3 months"),
        (3, "in less than 3 months"),
        (1, "in less than a month"),
        (1, "tomorrow"),
        (None, ""),
    ]


@pytest.mark.django_db
def test_the_day_is_the_rules_own(cast: Cast) -> None:
    for read in (access.find(cast.parent, cast.ada.pk, AT), policy.why(cast.parent, cast.ada, AT)):
        assert hand_over(read).day == policy.decides_from(cast.ada, AT) == date(2028, 5, 14)
    assert hand_over(policy.why(cast.parent, cast.sam, AT)).begun
