"""What support costs: the worked examples of `docs/money.md`, and what holds for every group, rate and stream."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apdr import costing
from apdr.costing import Dose, Rate, Whole

DOC = (Path(__file__).parents[2] / "docs" / "money.md").read_text()
MONDAY = date(2026, 4, 20)


def table(first: str) -> list[list[str]]:
    """The rows of the table whose head begins so."""
    below = DOC.split(f"| {first} |", 1)[1].splitlines()[2:]
    rows = []
    for line in below:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def whole(hourly: str, dose: Dose, bought: str = "0") -> Whole:
    weeks = costing.weeks_from(MONDAY, dose.weeks)
    found = costing.whole_cost(dose, weeks, [Rate(date(2026, 1, 1), Decimal(hourly))], Decimal(bought))
    assert found is not None
    return found


def bought(amount: str) -> Whole:
    return Whole(Fraction(0), Fraction(amount))


def test_the_worked_examples_are_right() -> None:
    costs = table("hourly | times a week")
    for hourly, times, minutes, weeks, group, resources, told in costs:
        dose = Dose(Decimal(times), int(minutes), int(weeks), int(group))
        all_of_it = whole(hourly, dose, resources)
        # whether the others are known or not, in these to the penny
        assert costing.shares([all_of_it], dose.group_size) == [Decimal(told)]
        assert costing.share_alone(all_of_it, dose.group_size) == Decimal(told)
    groups = table("group costs | places | shares of those who come")
    for cost, places, told in groups:
        each = told.split()
        found = costing.shares([bought(cost)] * len(each), int(places))
        assert found == [Decimal(one) for one in each]
    unknown = table("group costs | places | share")
    for cost, places, told in unknown:
        assert costing.share_alone(bought(cost), int(places)) == Decimal(told)
    changing = table("from | hourly")
    for first, old, then, start, times, minutes, weeks, told in changing:
        words = then.split()
        rates = [
            Rate(date.fromisoformat(first), Decimal(old)),
            Rate(date.fromisoformat(words[3]), Decimal(words[1])),
        ]
        dose = Dose(Decimal(times), int(minutes), int(weeks))
        over = costing.weeks_from(date.fromisoformat(start), dose.weeks)
        found_whole = costing.whole_cost(dose, over, rates, Decimal(0))
        assert found_whole is not None
        assert costing.pounds(found_whole.total) == Decimal(told)
    assert [len(rows) for rows in (costs, groups, unknown, changing)] == [6, 4, 2, 2]


def test_weeks_are_those_in_which_the_setting_is_open() -> None:
    terms = [(date(2026, 4, 13), date(2026, 5, 23)), (date(2026, 6, 1), date(2026, 7, 22))]
    weeks = costing.weeks_from(date(2026, 5, 20), 3, terms)
    assert weeks == [date(2026, 5, 18), date(2026, 6, 1), date(2026, 6, 8)]
    assert costing.weeks_in(terms, date(2025, 9, 1), date(2026, 9, 1)) == 14
    beyond = costing.weeks_from(date(2026, 7, 20), 2, terms)  # nobody wrote down when September begins
    assert beyond == [date(2026, 7, 20), date(2026, 7, 27)]
    assert len(costing.weeks_from(MONDAY, 45, a_year=38)) == 38


def test_what_has_no_rate_has_no_cost() -> None:
    dose = Dose(Decimal(1), 60, 2)
    weeks = costing.weeks_from(MONDAY, 2)
    assert costing.whole_cost(dose, weeks, [Rate(MONDAY + timedelta(days=1), Decimal(9))], Decimal(5)) is None
    assert costing.whole_cost(dose, weeks, [], Decimal(5)) is None


MONEY = st.decimals(0, 99999, places=2)
DOSES = st.builds(
    Dose,
    st.decimals("0.1", 25, places=1),
    st.integers(1, 400),
    st.integers(1, 52),
    st.integers(1, 60),
)
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
WHOLES = st.builds(Whole, st.fractions(0, 50_000), st.fractions(0, 5_000))


@given(st.lists(WHOLES, min_size=1, max_size=12), st.integers(1, 12))
def test_shares_of_a_group_never_come_to_more_than_it_costs(wholes: list[Whole], places: int) -> None:
    cost = max(costing.pounds(one.total) for one in wholes)
    known = costing.shares(wholes, places)
    assert sum(known) <= cost
    divide = max(places, len(wholes))
    assert all(
        abs(Fraction(s) - w.total / divide) < Fraction(1, 100) for s, w in zip(known, wholes, strict=True)
    )
    same = [wholes[0]] * places
    assert sum(costing.shares(same, places)) == costing.pounds(wholes[0].total)
    assert places * costing.share_alone(wholes[0], places) <= costing.pounds(wholes[0].total)
    assert costing.shares(wholes[:1], places)[0] == costing.pounds(wholes[0].total / places)


@given(DOSES, st.lists(st.builds(Rate, DAYS, MONEY), max_size=5), DAYS, MONEY, DAYS, MONEY)
def test_a_change_of_rate_changes_nothing_before_its_day(
    dose: Dose, rates: list[Rate], start: date, resources: Decimal, changed_on: date, hourly: Decimal
) -> None:
    weeks = costing.weeks_from(start, dose.weeks)
    after = [*rates, Rate(changed_on, hourly)]
    before_it = [week for week in weeks if week < changed_on]
    assert [costing.hourly_on(after, w) for w in before_it] == [
        costing.hourly_on(rates, w) for w in before_it
    ]
    then, now = (costing.whole_cost(dose, before_it, known, resources) for known in (rates, after))
    assert then == now
    if len(before_it) < len(weeks):
        assert costing.hourly_on(after, changed_on) == hourly


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.integers(0, 3),  # whose
            st.lists(
                st.tuples(WHOLES, st.sampled_from(["TA", "HLTA", "SENCO"]), st.integers(1, 6)), max_size=3
            ),
            st.lists(st.tuples(st.sampled_from(["top-up", "notional"]), MONEY), max_size=3),
        ),
        max_size=5,
    )
)
def test_totals_agree_to_the_penny_whatever_they_are_added_by(
    strategies: list[tuple[int, list[tuple[Whole, str, int]], list[tuple[str, Decimal]]]],
) -> None:
    found, cost, paid = [], Decimal(0), Decimal(0)
    for number, (pupil, provisions, planned) in enumerate(strategies):
        costs = []
        for order, (all_of_it, role, places) in enumerate(provisions):
            share = costing.share_alone(all_of_it, places)
            staff = costing.staff_part(all_of_it, share)
            assert 0 <= staff <= share
            costs.append(((number, order), role, staff, share - staff))
        here = sum((staff + rest for _, _, staff, rest in costs), Decimal(0))
        cost += here
        paid += min(here, sum((amount for _, amount in planned), Decimal(0)))
        found += costing.lines(pupil, costs, planned)
    for by in ("pupil", "provision", "role", "stream"):
        sums = costing.totals(found, lambda line: getattr(line, by))  # noqa: B023
        assert sum(sums.values(), Decimal(0)) == cost, by
    streams = costing.totals(found, lambda line: line.stream)
    assert sum((amount for stream, amount in streams.items() if stream is not None), Decimal(0)) == paid
