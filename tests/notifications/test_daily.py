"""How the day went, in early years: one form a child a day, changed in sight, and asked for on open days alone."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from accounts.enums import Phase
from accounts.models import Setting, Term
from notifications.daily import write_daily
from notifications.enums import Kind
from notifications.models import Daily, Photo
from notifications.photos import Sent
from pupils.errors import NotNow, Stale
from pupils.models import AuditEvent, Enrolment

from ..apdr.pages import address, as_, errors, hidden, send, words
from ..cast import AT, LONDON, Cast
from .pictures import photo
from .reviewing import is_wanted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]

AFTERNOON = datetime(2026, 3, 10, 14, 0, tzinfo=LONDON)


@pytest.fixture
def nursery(cast: Cast, settings: Any, tmp_path: Any) -> Cast:
    """Hazelmere is a nursery."""
    settings.MEDIA_ROOT = tmp_path
    Setting.objects.filter(pk=cast.hazelmere.pk).update(phase=Phase.EARLY_YEARS)
    return cast


def wrote(cast: Cast, **more: Any) -> Daily:
    who: dict[str, Any] = {"pupil": cast.ada, "by": cast.teacher, "at": AT, "sent_key": uuid4()} | more
    return write_daily(**who)


def test_a_day_is_a_few_taps_and_is_in_the_thread_of_every_home(nursery: Cast) -> None:
    cast, path = nursery, address("daily", nursery.ada.pk)
    teacher = as_(cast.teacher)
    assert "How the day went" in words(teacher.get(address("updates", cast.ada.pk)))
    assert errors(send(teacher, path, here="yes")) == ["Say something of the day first"]
    typed = {**hidden(teacher.get(path)), "here": "yes", "mood": "happy", "ate": "most", "slept": "short",
             "enjoyed": "Mud.", "tried": "A peach."}  # fmt: skip
    assert [teacher.post(path, typed).status_code for _ in range(2)] == [302, 302]
    for name in ("parent", "other_parent", "child", "senco"):
        page = words(as_(cast.people[name]).get(address("updates", cast.ada.pk)))
        assert "Happy Ate most of it Slept a little Tried: A peach. Enjoyed: Mud." in page, name
    assert Daily.objects.count() == 1
    assert {as_(cast.people[name]).get(path).status_code for name in ("parent", "child")} == {403}


def test_it_is_changed_on_the_same_day_and_the_second_of_two_is_shown_both(nursery: Cast) -> None:
    cast, path = nursery, address("daily", nursery.ada.pk)
    tom, kim = as_(cast.teacher), as_(cast.key_adult)
    typed = {**hidden(kim.get(path)), "here": "yes", "mood": "calm", "enjoyed": "The swing."}
    wrote(cast, mood="happy", enjoyed="Mud.")
    both = kim.post(path, typed)
    assert (both.status_code, "Mud." in words(both), "The swing." in words(both)) == (409, True, True)
    opened = hidden(tom.get(path))
    assert tom.post(path, {**opened, "here": "yes", "mood": "tired", "enjoyed": "Mud."}).status_code == 302
    row = Daily.objects.get()
    assert (row.mood, row.version, row.edited_by, row.update.edited_at) == ("tired", 2, cast.teacher, AT)
    event = AuditEvent.objects.get(verb="daily form changed")
    assert event.detail == {"fields": ["mood"]}
    assert kim.post(path, {**opened, "here": "yes", "mood": "upset"}).status_code == 409
    assert "Changed at 10:30" in words(as_(cast.parent).get(address("updates", cast.ada.pk)))
    with pytest.raises(Stale):
        wrote(cast, by=cast.key_adult, mood="calm")
    tomorrow = wrote(cast, at=AT + timedelta(days=1), mood="calm")
    assert (tomorrow.version, Daily.objects.count()) == (1, 2)


def test_a_photo_comes_with_it_or_later_and_not_here_says_nothing_else(nursery: Cast) -> None:
    cast = nursery
    row = wrote(cast, mood="happy")
    wrote(
        cast, version=1, mood="happy", sent=[Sent(photo(), "Ada in the mud"), Sent(photo("PNG"), "The mud")]
    )
    assert [(one.update, one.number) for one in Photo.objects.all()] == [(row.update, 1), (row.update, 2)]
    with pytest.raises(ValidationError):
        wrote(cast, version=2, mood="happy", sent=[Sent(photo(size=(9, 9)), "Another")])
    with pytest.raises(ValidationError):
        wrote(cast, at=AT + timedelta(days=1), here=False, mood="happy")
    assert (Daily.objects.count(), Photo.objects.count()) == (1, 2)


def test_it_is_for_early_years_and_nursery_years_alone(cast: Cast) -> None:
    with pytest.raises(NotNow):
        wrote(cast, mood="happy")
    assert "for early years" in words(as_(cast.teacher).get(address("daily", cast.ada.pk)))
    assert "How the day went" not in words(as_(cast.teacher).get(address("updates", cast.ada.pk)))
    Enrolment.objects.filter(pupil=cast.ada).update(year_group="N2")
    assert wrote(cast, mood="happy").pk
    assert is_wanted(AFTERNOON) == set()


MISSING = {(Kind.DAILY.value, name) for name in ("Tom Teal", "Kim Adeyemi")}


def test_on_an_open_afternoon_key_adults_are_reminded_until_it_is_written(nursery: Cast) -> None:
    cast = nursery
    assert is_wanted(AFTERNOON - timedelta(seconds=1)) == set()
    assert is_wanted(AFTERNOON) == MISSING  # of Sam and Noor, who decide, teachers are told nothing
    wrote(cast, here=False)
    assert is_wanted(AFTERNOON) == set()
    assert "Not here that day" in words(as_(cast.parent).get(address("updates", cast.ada.pk)))


def test_no_day_that_is_closed_is_asked_for(nursery: Cast) -> None:
    def asked(day: date) -> bool:
        return is_wanted(datetime(day.year, day.month, day.day, 15, tzinfo=LONDON)) == MISSING

    good_friday, saturday, half_term, term, after = (
        date(2026, 4, 3), date(2026, 3, 14), date(2026, 2, 18), date(2026, 3, 11), date(2026, 4, 8)
    )  # fmt: skip
    days = (good_friday, saturday, half_term, term, after)
    assert [asked(day) for day in days] == [False, False, True, True, True]
    Term.objects.create(
        setting=nursery.hazelmere, name="Spring", starts_on=date(2026, 1, 5), ends_on=date(2026, 3, 28),
        half_term_from=date(2026, 2, 16), half_term_until=date(2026, 2, 23),
    )  # fmt: skip
    assert [asked(day) for day in days] == [False, False, False, True, False]
