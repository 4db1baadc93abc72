"""Which review is owed, by which day, and the days on which a setting is open: dates alone, no record."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Term
from accounts.open_days import bank_holidays, is_open, last_open_day, open_days
from reviews.enums import Kind
from reviews.owed import Known, Owed, clocks, owed, transfer

#: What GOV.UK lists for England and Wales (gov.uk/bank-holidays.json, and its own history of earlier years).
LISTED = """
2012-01-02 2012-04-06 2012-04-09 2012-05-07 2012-06-04 2012-06-05 2012-08-27 2012-12-25 2012-12-26 2013-01-01
2013-03-29 2013-04-01 2013-05-06 2013-05-27 2013-08-26 2013-12-25 2013-12-26 2014-01-01 2014-04-18 2014-04-21
2014-05-05 2014-05-26 2014-08-25 2014-12-25 2014-12-26 2015-01-01 2015-04-03 2015-04-06 2015-05-04 2015-05-25
2015-08-31 2015-12-25 2015-12-28 2016-01-01 2016-03-25 2016-03-28 2016-05-02 2016-05-30 2016-08-29 2016-12-26
2016-12-27 2017-01-02 2017-04-14 2017-04-17 2017-05-01 2017-05-29 2017-08-28 2017-12-25 2017-12-26 2018-01-01
2018-03-30 2018-04-02 2018-05-07 2018-05-28 2018-08-27 2018-12-25 2018-12-26 2019-01-01 2019-04-19 2019-04-22
2019-05-06 2019-05-27 2019-08-26 2019-12-25 2019-12-26 2020-01-01 2020-04-10 2020-04-13 2020-05-08 2020-05-25
2020-08-31 2020-12-25 2020-12-28 2021-01-01 2021-04-02 2021-04-05 2021-05-03 2021-05-31 2021-08-30 2021-12-27
2021-12-28 2022-01-03 2022-04-15 2022-04-18 2022-05-02 2022-06-02 2022-06-03 2022-08-29 2022-09-19 2022-12-26
2022-12-27 2023-01-02 2023-04-07 2023-04-10 2023-05-01 2023-05-08 2023-05-29 2023-08-28 2023-12-25 2023-12-26
2024-01-01 2024-03-29 2024-04-01 2024-05-06 2024-05-27 2024-08-26 2024-12-25 2024-12-26 2025-01-01 2025-04-18
2025-04-21 2025-05-05 2025-05-26 2025-08-25 2025-12-25 2025-12-26 2026-01-01 2026-04-03 2026-04-06 2026-05-04
2026-05-25 2026-08-31 2026-12-25 2026-12-28 2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30
2027-12-27 2027-12-28 2028-01-03 2028-04-14 2028-04-17 2028-05-01 2028-05-29 2028-08-28 2028-12-25 2028-12-26
"""


def term(starts: str, ends: str, away: str = "", back: str = "") -> Term:
    day = date.fromisoformat
    half = {"half_term_from": day(away), "half_term_until": day(back)} if away else {}
    return Term(name="Term", starts_on=day(starts), ends_on=day(ends), **half)


AUTUMN = term("2026-09-02", "2026-12-19", "2026-10-26", "2026-11-02")
SPRING = term("2027-01-04", "2027-03-27", "2027-02-15", "2027-02-22")
SUMMER = term("2027-04-12", "2027-07-22", "2027-05-31", "2027-06-07")
YEAR = [SUMMER, AUTUMN, SPRING]


def test_bank_holidays_are_those_that_are_published() -> None:
    listed = {date.fromisoformat(day) for day in LISTED.split()}
    assert set().union(*(bank_holidays(year) for year in range(2012, 2029))) == listed


@given(st.integers(1980, 2099))
def test_every_year_has_its_bank_holidays_on_working_days(year: int) -> None:
    days = sorted(bank_holidays(year))
    assert len(days) in (8, 9, 10)
    assert all(day.weekday() < 5 and day.year == year for day in days)
    assert all(one < other for one, other in pairwise(days))


@pytest.mark.parametrize(
    ("day", "is_it"),
    [
        ("2026-10-23", True),
        ("2026-10-24", False),  # a Saturday
        ("2026-10-26", False),  # the first day of half term, the day after the clocks went back
        ("2026-10-30", False),
        ("2026-11-02", True),
        ("2026-12-18", True),
        ("2026-12-21", False),
        ("2027-03-26", False),  # Good Friday, in term
        ("2027-03-29", False),  # the day after the clocks went forward
        ("2027-05-03", False),  # the first Monday of May, in term
        ("2027-05-04", True),
        ("2028-02-29", False),  # no term is written down
    ],
)
def test_the_days_on_which_a_setting_is_open(day: str, is_it: bool) -> None:
    assert is_open(date.fromisoformat(day), YEAR) is is_it


def test_without_terms_every_working_day_counts() -> None:
    assert open_days(date(2028, 2, 25), date(2028, 3, 1), []) == [
        date(2028, 2, 25), date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1),
    ]  # fmt: skip
    assert open_days(date(2028, 3, 1), date(2028, 2, 25), []) == []


def test_the_last_day_of_a_term_is_one_on_which_somebody_is_in() -> None:
    assert [last_open_day(one) for one in (AUTUMN, SPRING, SUMMER)] == [
        date(2026, 12, 18), date(2027, 3, 25), date(2027, 7, 21),
    ]  # fmt: skip
    assert last_open_day(term("2026-12-26", "2026-12-29")) is None


# What is owed -----------------------------------------------------------------------------------------------

PLAN = Known(
    phase="secondary",
    every_weeks=12,
    terms=YEAR,
    born=date(2014, 2, 28),
    sen_provision="K",
    year_group="8",
    enrolled_on=date(2025, 9, 2),
    first_opened_on=date(2026, 9, 15),
    opened_on=date(2026, 9, 15),
    review_on=date(2027, 5, 1),
)
TODAY = date(2026, 11, 28)


def by(known: Known, today: date = TODAY) -> Owed:
    found = owed(known, today)
    assert found is not None
    return found


def test_a_school_meets_each_family_in_each_term() -> None:
    assert by(PLAN) == Owed(Kind.PLAN, date(2027, 3, 25))
    assert by(replace(PLAN, review_on=date(2027, 2, 1))).by == date(2027, 2, 1)
    met = replace(PLAN, met_on=date(2027, 3, 1))
    assert by(met).by == date(2027, 5, 1)
    assert by(replace(met, review_on=date(2027, 9, 1))).by == date(2027, 7, 21)
    assert by(replace(PLAN, opened_on=date(2026, 12, 28))).by == date(2027, 3, 25)  # opened in the holidays


def test_three_reviews_a_year_are_owed_where_each_is_held_on_its_last_day() -> None:
    days, known = [], replace(PLAN, opened_on=date(2026, 7, 1), review_on=date(2028, 1, 1))
    for _ in range(3):
        days.append(by(known).by)
        known = replace(known, met_on=days[-1])
    assert days == [date(2026, 12, 18), date(2027, 3, 25), date(2027, 7, 21)]


def test_a_term_that_moves_moves_what_is_owed() -> None:
    moved = term("2027-01-04", "2027-03-20", "2027-02-15", "2027-02-22")
    assert by(replace(PLAN, terms=[AUTUMN, moved, SUMMER])).by == date(2027, 3, 19)


def test_without_terms_and_outside_schools_the_plans_own_day_counts() -> None:
    assert by(replace(PLAN, terms=[])).by == date(2027, 5, 1)
    for phase in ("early_years", "sixth_form", "college"):
        college = replace(PLAN, phase=phase)
        assert by(college).by == date(2027, 5, 1)
        over = replace(college, met_on=date(2027, 5, 1))
        assert by(over).by == date(2027, 7, 24)  # no new plan yet: as many weeks later as the setting has it


def test_nothing_is_owed_where_there_is_no_plan_to_review() -> None:
    assert owed(replace(PLAN, opened_on=None, review_on=None), TODAY) is None


EHC = replace(PLAN, sen_provision="E", annual_on=date(2026, 3, 1))


def test_an_ehc_plan_is_reviewed_within_twelve_months() -> None:
    assert by(EHC) == Owed(Kind.ANNUAL, date(2027, 3, 1), date(2027, 3, 1))
    assert by(replace(EHC, annual_on=date(2028, 2, 29), opened_on=None, review_on=None)).by == date(
        2029, 2, 28
    )
    assert by(replace(EHC, annual_on=None)) == Owed(
        Kind.PLAN, date(2027, 3, 25), date(2027, 9, 15), counted_from=date(2026, 9, 15)
    )
    assert by(replace(EHC, annual_on=date(2026, 7, 1))).kind is Kind.PLAN
    soon = replace(EHC, annual_on=date(2026, 5, 1))  # the review after this one would come too late
    assert by(soon) == Owed(Kind.ANNUAL, date(2027, 3, 25), date(2027, 5, 1))


def test_without_an_open_plan_an_annual_review_is_owed_all_the_same() -> None:
    bare = replace(EHC, opened_on=None, review_on=None, first_opened_on=None, annual_on=None)
    assert by(bare) == Owed(Kind.ANNUAL, date(2026, 9, 2), date(2026, 9, 2), counted_from=date(2025, 9, 2))


@pytest.mark.parametrize(
    ("born", "wanted"),
    [
        (date(2022, 3, 1), date(2026, 9, 1)),
        (date(2021, 9, 2), date(2026, 9, 1)),  # five on the day after six months
        (date(2021, 9, 1), date(2027, 3, 1)),  # five on that very day
        (date(2020, 2, 29), date(2027, 3, 1)),
    ],
)
def test_an_under_five_is_reviewed_within_six_months(born: date, wanted: date) -> None:
    known = replace(EHC, phase="early_years", year_group="N1", born=born, review_on=date(2027, 9, 1))
    assert by(known).annual_by == wanted


@pytest.mark.parametrize(
    ("year_group", "day"),
    [
        ("6", date(2027, 2, 15)),
        ("N2", date(2027, 2, 15)),
        ("11", date(2027, 3, 31)),
        ("8", None),
        ("", None),
    ],
)
def test_a_change_of_phase_has_its_day(year_group: str, day: date | None) -> None:
    for today in (date(2026, 9, 1), TODAY, date(2027, 8, 31)):
        assert transfer(year_group, today) == day


def test_a_change_of_phase_comes_before_the_year_is_over() -> None:
    leaving = replace(EHC, year_group="6", annual_on=date(2026, 7, 1))
    assert by(leaving) == Owed(Kind.ANNUAL, date(2026, 11, 23), date(2026, 11, 23), date(2027, 2, 15))
    reviewed = replace(leaving, annual_on=date(2026, 10, 1))
    assert by(reviewed).transfer_on is None
    assert by(reviewed).annual_by == date(2027, 10, 1)


def test_the_clocks_are_calendar_days_over_february_and_the_clock_changes() -> None:
    assert clocks(Kind.PLAN, date(2028, 3, 10)) == []
    assert clocks(Kind.ANNUAL, date(2028, 3, 10), date(2028, 3, 31)) == [
        ("Ask for advice by", date(2028, 2, 11)),
        ("Send the papers by", date(2028, 2, 25)),
        ("Send the report by", date(2028, 3, 24)),
        ("The local authority decides by", date(2028, 4, 7)),
        ("If it changes the plan, the new one comes by", date(2028, 6, 2)),
        ("The plan names the next place by", date(2028, 3, 31)),
    ]


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.dates(date(2020, 1, 1), date(2035, 1, 1)))
def test_an_annual_review_is_never_owed_later_than_a_year_after_the_last(
    annual: date, review_on: date
) -> None:
    known = replace(EHC, annual_on=annual, review_on=review_on, opened_on=annual, terms=[])
    assert by(known).by <= annual + timedelta(days=366)
