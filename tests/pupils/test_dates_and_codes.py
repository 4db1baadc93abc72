"""The law's dates and the numbers a pupil carries, each with the examples they are documented with."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import ControlTrigger
from pupils import policy
from pupils.codes import check_uln, check_upn, upn_check_letter
from pupils.enums import Section
from pupils.models import Pupil
from tests.cast import LONDON, Cast

from . import naive

SECOND = timedelta(seconds=1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("born", "last_day"),
    [
        (date(2008, 8, 31), date(2024, 6, 28)),
        (date(2008, 9, 1), date(2025, 6, 27)),
        (date(2010, 6, 27), date(2026, 6, 26)),
        (date(2011, 2, 3), date(2027, 6, 25)),
    ],
)
def test_compulsory_school_age_ends_on_the_last_friday_of_june(born: date, last_day: date) -> None:
    assert (
        Pupil.objects.create(given_name="A", family_name="B", date_of_birth=born).school_leaving_on
        == last_day
    )
    assert naive.school_leaving_day(born) == last_day


@pytest.mark.django_db
def test_every_date_of_birth_gives_the_same_dates_in_the_database_and_by_hand() -> None:
    days = [date(2003, 1, 1) + timedelta(days=n) for n in range(366 * 9)]
    Pupil.objects.bulk_create(Pupil(given_name="A", family_name="B", date_of_birth=day) for day in days)
    assert list(
        Pupil.objects.order_by("date_of_birth").values_list(
            "date_of_birth", "turns_16_on", "turns_18_on", "school_leaving_on"
        )
    ) == [
        (day, naive.birthday(day, 16), naive.birthday(day, 18), naive.school_leaving_day(day)) for day in days
    ]


@pytest.mark.django_db
def test_somebody_born_on_29_february_turns_16_on_29_february() -> None:
    born = Pupil.objects.create(given_name="A", family_name="B", date_of_birth=date(2008, 2, 29))
    assert (born.turns_16_on, born.turns_18_on) == (date(2024, 2, 29), date(2026, 2, 28))


#: Zoe was born on 2 January 2010: 16 on 2 January 2026, school age ends on 26 June 2026. She starts in the sixth form
#: on 1 September 2026, and turns 18 on 2 January 2028.
DECIDES_FROM = {
    ControlTrigger.EARLIEST: date(2026, 1, 2),
    ControlTrigger.SIXTEENTH: date(2026, 1, 2),
    ControlTrigger.SCHOOL_LEAVING: date(2026, 6, 27),
    ControlTrigger.POST16: date(2026, 9, 1),
}


def become_zoe(cast: Cast, post16: date | None) -> Pupil:
    Pupil.objects.filter(pk=cast.ada.pk).update(date_of_birth=date(2010, 1, 2), post16_from=post16)
    return Pupil.objects.get(pk=cast.ada.pk)


@pytest.mark.parametrize("trigger", ControlTrigger)
def test_the_young_person_decides_from_midnight_in_london_on_the_day_the_setting_chose(
    cast: Cast, trigger: ControlTrigger
) -> None:
    zoe, day = become_zoe(cast, date(2026, 9, 1)), DECIDES_FROM[trigger]
    cast.hazelmere.control_trigger = trigger
    cast.hazelmere.save()
    midnight = datetime(day.year, day.month, day.day, tzinfo=LONDON)
    assert [
        (policy.can(cast.parent, Section.PLAN, zoe, at), policy.can(cast.teacher, Section.NEEDS, zoe, at))
        for at in (midnight - SECOND, midnight, midnight + SECOND)
    ] == [(True, True), (False, False), (False, False)]


@pytest.mark.parametrize("trigger", ControlTrigger)
def test_whatever_a_setting_chose_an_adult_of_18_decides(cast: Cast, trigger: ControlTrigger) -> None:
    zoe = become_zoe(cast, date(2029, 1, 1))
    cast.hazelmere.control_trigger = trigger
    cast.hazelmere.save()
    assert policy.can(cast.parent, Section.PLAN, zoe, datetime(2028, 1, 2, tzinfo=LONDON)) is False


def test_post16_before_16_counts_where_the_earliest_day_does(cast: Cast) -> None:
    zoe = become_zoe(cast, date(2025, 9, 1))
    midnight = datetime(2025, 9, 9, tzinfo=LONDON)
    assert policy.can(cast.parent, Section.PLAN, zoe, midnight) is False


def test_the_end_of_school_age_before_16_counts_where_the_earliest_day_does(cast: Cast) -> None:
    Pupil.objects.filter(pk=cast.ada.pk).update(date_of_birth=date(2011, 8, 31))
    ada = Pupil.objects.get(pk=cast.ada.pk)
    after = datetime(2027, 6, 26, tzinfo=LONDON)
    assert ada.turns_16_on == date(2027, 8, 31)
    assert policy.can(cast.parent, Section.PLAN, ada, after - SECOND) is True
    assert policy.can(cast.parent, Section.PLAN, ada, after) is False


def test_where_nobody_wrote_down_when_post16_began_it_began_after_school_age(cast: Cast) -> None:
    """Unrecorded means no: neither the parents' sight nor the working view outlives a forgotten date."""
    zoe = become_zoe(cast, None)
    cast.hazelmere.control_trigger = ControlTrigger.POST16
    cast.hazelmere.save()
    after = datetime(2026, 6, 27, tzinfo=LONDON)
    for at, expected in ((after - SECOND, True), (after, False)):
        assert policy.can(cast.parent, Section.PLAN, zoe, at) is expected
        assert policy.can(cast.teacher, Section.PLAN, zoe, at) is expected


def test_in_summer_the_day_of_school_begins_an_hour_before_that_of_greenwich(cast: Cast) -> None:
    zoe = become_zoe(cast, None)
    cast.hazelmere.control_trigger = ControlTrigger.SCHOOL_LEAVING
    cast.hazelmere.save()
    from datetime import UTC

    assert policy.can(cast.parent, Section.PLAN, zoe, datetime(2026, 6, 26, 22, 59, 59, tzinfo=UTC)) is True
    assert policy.can(cast.parent, Section.PLAN, zoe, datetime(2026, 6, 26, 23, 0, 0, tzinfo=UTC)) is False


@pytest.mark.parametrize(
    "upn", ["B801200005001", "R674123101121", "P207000016049", "U938400126001", "T93840012601A"]
)
def test_a_right_upn_is_taken(upn: str) -> None:
    check_upn(upn)


@pytest.mark.parametrize(
    "upn",
    [
        "A801200005001",
        "Q207000016049",
        "",
        "B80120000500",
        "B8012000050011",
        "b801200005001",
        "B80120000500I",
        "B80120000500O",
        "B80120000500S",
        "I801200005001",
        "B8012 0005001",
        "B801200005٠01",
        "B80120000A001",
    ],
)
def test_a_wrong_upn_is_refused(upn: str) -> None:
    with pytest.raises(ValidationError):
        check_upn(upn)


def test_one_wrong_figure_in_a_upn_is_always_found() -> None:
    body = "801200005001"
    right = upn_check_letter(body)
    for place in range(12):
        for figure in "0123456789":
            if figure != body[place]:
                assert upn_check_letter(body[:place] + figure + body[place + 1 :]) != right


@pytest.mark.parametrize("uln", ["9276308686", "1000000019"])
def test_a_right_uln_is_taken(uln: str) -> None:
    check_uln(uln)


@pytest.mark.parametrize(
    "uln",
    ["9999999999", "0276308686", "9276308687", "927630868", "92763086866", "", "92763O8686", "927630868٦"],
)
def test_a_wrong_uln_is_refused(uln: str) -> None:
    with pytest.raises(ValidationError):
        check_uln(uln)


def test_a_uln_whose_weights_leave_no_remainder_is_refused() -> None:
    found = [
        f"{n}{check}"
        for n in range(100000000, 100000060)
        if sum(int(c) * w for c, w in zip(str(n), range(10, 1, -1), strict=True)) % 11 == 0
        for check in range(10)
    ]
    assert found
    for uln in found:
        with pytest.raises(ValidationError):
            check_uln(uln)
