"""A calendar that two phones read at one moment, on connections that really commit."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from pupils import circle
from pupils.enums import RestrictionKind, Way
from pupils.models import AccessLog
from reviews import feeds
from reviews.models import CalendarEntry, CalendarFeed
from reviews.services import schedule_review

from ..apdr.plans import write_plan
from ..cast import AT, SEPTEMBER, Cast, build
from ..pupils.test_at_the_same_time import together

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return build()


def test_several_readers_at_once_are_told_the_same(cast: Cast) -> None:
    cycle = write_plan(cast.ada, cast.senco, SEPTEMBER).cycle
    schedule_review(cycle=cycle, starts_at=AT + DAY, by=cast.senco, at=AT)
    secret = feeds.make(person=cast.parent, key=uuid4(), by=cast.parent, at=AT)[1]
    read = lambda: feeds.read(secret=secret, at=AT)  # noqa: E731
    told = together(read, read, read)
    assert [b"SEQUENCE:0\r\n" in one for one in told] == [True] * 3
    circle.restrict(
        pupil=cast.ada, person=cast.parent, kind=RestrictionKind.UNSAFE, reason="-", by=cast.senco, at=AT
    )
    told = together(read, read, read)
    assert [b"SEQUENCE:1\r\n" in one for one in told] == [True] * 3
    assert CalendarEntry.objects.get().sequence == 1
    assert AccessLog.objects.filter(way=Way.CALENDAR).count() == 1


def test_a_form_pressed_twice_at_once_makes_one_address(cast: Cast) -> None:
    key = uuid4()
    press = lambda: feeds.make(person=cast.parent, key=key, by=cast.parent, at=AT)  # noqa: E731
    found = together(press, press, press)
    assert len([one for one in found if isinstance(one, ValidationError)]) == 2
    assert CalendarFeed.objects.filter(ended_at=None).count() == CalendarFeed.objects.count() == 1
