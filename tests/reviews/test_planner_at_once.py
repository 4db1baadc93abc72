"""Two SENCOs who set times at one moment, on connections that really commit."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Role
from apdr.services import cycles
from reviews import scheduling
from reviews.models import Attendee, Review
from reviews.scheduling import Booking
from reviews.services import edit_review

from ..cast import AT, LONDON, Cast, build, member
from ..pupils.test_at_the_same_time import together

pytestmark = pytest.mark.django_db(transaction=True)
NINE = datetime(2026, 3, 16, 9, tzinfo=LONDON)
TEN = datetime(2026, 3, 16, 10, tzinfo=LONDON)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    cast = build()
    member(cast.colleague, cast.hazelmere, Role.SENCO)
    return cast


def test_of_two_sencos_who_want_one_room_one_has_it_and_the_other_is_told(cast: Cast) -> None:
    made = [cycles.open_cycle(pupil=p, by=cast.senco, at=AT) for p in (cast.ada, cast.sam)]

    def set_time(cycle: object, who: object) -> list[Review]:
        one = Booking(cycle.pk, NINE, 30, "Room 4", frozenset({who.pk}))
        return scheduling.schedule_all(bookings=[one], key=uuid4(), by=who, at=AT)

    found = together(lambda: set_time(made[0], cast.senco), lambda: set_time(made[1], cast.colleague))
    [refused] = [one for one in found if isinstance(one, ValidationError)]
    assert refused.messages == ["Room 4 is taken from 09:00 to 09:30. Choose another room or time"]
    assert Review.objects.count() == Attendee.objects.count() == 1


def test_one_form_sent_by_two_presses_at_once_sets_its_times_once(cast: Cast) -> None:
    made = [cycles.open_cycle(pupil=p, by=cast.senco, at=AT) for p in (cast.ada, cast.sam)]
    key = uuid4()
    wanted = [
        Booking(cycle.pk, at, 30, "Room 4", frozenset()) for cycle, at in zip(made, (NINE, TEN), strict=True)
    ]
    press = lambda: len(scheduling.schedule_all(bookings=wanted, key=key, by=cast.senco, at=AT))  # noqa: E731
    assert together(press, press, press) == [2, 2, 2]
    assert Review.objects.count() == 2


def test_a_review_is_not_moved_into_a_time_that_is_set_at_that_moment(cast: Cast) -> None:
    a, s = (cycles.open_cycle(pupil=p, by=cast.senco, at=AT) for p in (cast.ada, cast.sam))
    there = Booking(a.pk, TEN, 30, "Room 4", frozenset({cast.teacher.pk}))
    [review] = scheduling.schedule_all(bookings=[there], key=uuid4(), by=cast.senco, at=AT)
    new = Booking(s.pk, NINE, 30, "Room 4", frozenset({cast.teacher.pk}))
    found = together(
        lambda: edit_review(review=review, version=1, starts_at=NINE, by=cast.senco, at=AT),
        lambda: scheduling.schedule_all(bookings=[new], key=uuid4(), by=cast.colleague, at=AT),
    )
    assert len([one for one in found if isinstance(one, ValidationError)]) == 1
    assert Review.objects.filter(starts_at=NINE).count() == 1
