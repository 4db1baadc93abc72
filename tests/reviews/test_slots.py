"""Free times for many reviews, and what clashes: instants alone, no record."""

from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from reviews import good_times
from reviews.slots import LONDON, Offer, Taken, Wanted, clashes, exists, propose

SETTING, OTHER = UUID(int=1), UUID(int=2)
SUNITA, TOM = UUID(int=11), UUID(int=12)
LONG_AGO = datetime(2020, 1, 1, tzinfo=LONDON)


def at(day: int, month: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LONDON)


def taken(
    when: datetime, where: str = "", *people: UUID, setting: UUID = SETTING, minutes: int = 30
) -> Taken:
    return Taken(when, minutes, setting, where, frozenset(people))


def test_a_room_and_a_person_are_in_one_place_at_a_time() -> None:
    one = taken(at(7, 12, 9), "Room 4", SUNITA)
    assert clashes(one, [taken(at(7, 12, 9, 30), "Room 4", SUNITA), taken(at(7, 12, 8, 30), "Room 4")]) == []
    room = taken(at(7, 12, 9, 29), " room  4 ")
    person = taken(at(7, 12, 8, 45), "Room 5", SUNITA, TOM)
    [first, second] = clashes(one, [room, person])
    assert (first.other, first.room, first.people) == (person, False, frozenset({SUNITA}))
    assert (second.other, second.room, second.people) == (room, True, frozenset())


def test_no_room_clashes_with_no_room_and_another_schools_room_is_another() -> None:
    assert clashes(taken(at(7, 12, 9)), [taken(at(7, 12, 9))]) == []
    assert clashes(taken(at(7, 12, 9), "Hall"), [taken(at(7, 12, 9), "Hall", setting=OTHER)]) == []


def test_a_clash_is_the_same_in_whatever_zone_an_instant_is_written() -> None:
    utc = at(1, 6, 9).astimezone(ZoneInfo("UTC"))
    assert len(clashes(taken(at(1, 6, 9), "Hall"), [taken(utc, "Hall")])) == 1


def test_the_times_of_a_day_are_londons_on_both_sides_of_a_change_of_the_clocks() -> None:
    offer = Offer(time(9), time(10), 30, ["Hall"], 10)
    for day in (date(2026, 3, 27), date(2026, 3, 30), date(2026, 10, 23), date(2026, 10, 26)):
        assert [f"{start:%H:%M}" for start in offer.times(day)] == ["09:00", "09:30"]
    utc = [
        offer.times(day)[0].astimezone(ZoneInfo("UTC")).hour for day in (date(2026, 3, 27), date(2026, 3, 30))
    ]
    assert utc == [9, 8]
    night = Offer(time(0), time(3), 60, [], 10)
    assert [start.hour for start in night.times(date(2026, 3, 29))] == [0, 2]
    assert [start.hour for start in night.times(date(2026, 10, 25))] == [0, 1, 2]
    assert not exists(at(29, 3, 1, 30))


DAYS = [date(2026, 12, 7), date(2026, 12, 8)]


def wanted(n: int, by: date = date(2026, 12, 18), *people: UUID) -> Wanted:
    return Wanted(UUID(int=100 + n), SETTING, DAYS, frozenset(people or [SUNITA]), by)


def shown(found: dict[UUID, Taken]) -> list[tuple[int, str, str]]:
    return [(pk.int - 100, f"{slot.starts_at:%a %H:%M}", slot.where) for pk, slot in found.items()]


def test_what_is_due_first_has_the_first_free_time() -> None:
    offer = Offer(time(9), time(10, 30), 30, ["Hall"], 2)
    reviews = [wanted(1), wanted(2), wanted(3, date(2026, 12, 9))]
    there_is = [taken(at(7, 12, 9), "hall")]
    assert shown(propose(reviews, offer, there_is, LONG_AGO)) == [
        (3, "Mon 09:30", "Hall"), (1, "Mon 10:00", "Hall"), (2, "Tue 09:00", "Hall"),
    ]  # fmt: skip


def test_two_rooms_hold_two_at_a_time_unless_somebody_would_be_at_both() -> None:
    offer = Offer(time(9), time(10), 30, ["Hall", "Snug"], 9)
    apart = [wanted(1, DAYS[1], SUNITA), wanted(2, DAYS[1], TOM)]
    assert shown(propose(apart, offer, [], LONG_AGO)) == [(1, "Mon 09:00", "Hall"), (2, "Mon 09:00", "Snug")]
    both = [wanted(1, DAYS[1], SUNITA), wanted(2, DAYS[1], SUNITA, TOM)]
    assert shown(propose(both, offer, [], LONG_AGO)) == [(1, "Mon 09:00", "Hall"), (2, "Mon 09:30", "Hall")]


def test_who_finds_no_time_is_left_out_and_no_time_is_past() -> None:
    offer = Offer(time(9), time(9, 30), 30, ["Hall"], 9)
    reviews = [wanted(1), wanted(2), wanted(3)]
    assert [n for n, *_ in shown(propose(reviews, offer, [], LONG_AGO))] == [1, 2]
    assert shown(propose(reviews, offer, [], at(7, 12, 9))) == [(1, "Tue 09:00", "Hall")]


@given(
    st.lists(st.sets(st.integers(1, 4), max_size=3), max_size=12),
    st.integers(5, 90),
    st.integers(0, 2),
    st.integers(1, 8),
    st.lists(st.tuples(st.integers(8, 12), st.integers(1, 4)), max_size=5),
)
def test_nothing_that_is_proposed_clashes(
    people: list[set[int]], minutes: int, rooms: int, most: int, there: list[tuple[int, int]]
) -> None:
    offer = Offer(time(9), time(13), minutes, [f"Room {n}" for n in range(rooms)], most)
    reviews = [
        Wanted(uuid4(), SETTING, DAYS, frozenset(UUID(int=n) for n in each), DAYS[0]) for each in people
    ]
    there_is = [taken(at(7, 12, hour), "Room 0", UUID(int=who)) for hour, who in there]
    found = list(propose(reviews, offer, there_is, LONG_AGO).values())
    for n, slot in enumerate(found):
        assert clashes(slot, [*there_is, *found[:n]]) == []
        assert time(9) <= slot.starts_at.time()
        assert slot.ends_at <= datetime.combine(slot.starts_at.date(), time(13), tzinfo=LONDON)
    for day in DAYS:
        assert sum(slot.starts_at.date() == day for slot in found) <= most
    assert timedelta(0) < offer.times(DAYS[0])[0] - LONG_AGO


# Good times ----------------------------------------------------------------------------------------------------------

WEEK_ = [date(2026, 12, day) for day in range(7, 12)]  # Monday to Friday


def liking(*words: str, by: date = date(2026, 12, 31), days: list[date] = WEEK_) -> Wanted:
    read = [good_times.read(each) for each in words]
    return Wanted(uuid4(), SETTING, days, frozenset({SUNITA}), by, read)


def proposed(one: Wanted, *others: Taken, rooms: tuple[str, ...] = ("Hall",)) -> str:
    offer = Offer(time(9), time(17), 30, rooms, 40)
    slot = propose([one], offer, others, LONG_AGO).get(one.cycle)
    return f"{slot.starts_at:%a %H:%M}" if slot else ""


def test_a_time_that_suits_is_preferred_and_a_clash_is_none() -> None:
    assert proposed(liking("")) == "Mon 09:00"
    assert proposed(liking("Tuesday afternoons")) == "Tue 12:00"
    assert proposed(liking("Tuesday afternoons", "after 4")) == "Tue 16:00"
    busy = [taken(at(8, 12, 12, minutes_), "Hall", SUNITA) for minutes_ in (0, 30)]
    assert proposed(liking("Tuesday afternoons"), *busy) == "Tue 13:00"
    assert proposed(liking("Tuesday 12:00 to 13:00"), *busy) == "Mon 09:00"  # soft: a clash is not
    assert proposed(liking("Saturdays")) == "Mon 09:00"
    assert proposed(liking("Fridays", by=date(2026, 12, 8))) == "Mon 09:00"  # due before
    assert proposed(liking("Fridays", by=date(2026, 12, 1))) == "Fri 09:00"  # late anyway


def test_what_suits_is_read_only_where_it_is_certain() -> None:
    def read(words: str) -> list[tuple[str, str, str]]:
        return [
            ("".join(map(str, sorted(one.days))), f"{one.start:%H:%M}", f"{one.end:%H:%M}")
            for one in good_times.read(words)
        ]

    assert read("Tuesday mornings, or after 4") == [("1", "00:00", "12:00"), ("0123456", "16:00", "23:59")]
    assert read("Mon-Thu before 10") == [("0123", "00:00", "10:00")]
    assert read("from 9.30am to 2pm on Weds") == [("2", "09:30", "14:00")]
    assert read("weekdays after 15:30") == [("01234", "15:30", "23:59")]
    for unclear in (
        "",
        "not Mondays",
        "after school",
        "After six",
        "Mondays except the first",
        "after 25",
        "Any time",
    ):
        assert read(unclear) == [], unclear
