"""The demo loaded on days on which dates go wrong."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from accounts.models import Setting
from accounts.open_days import is_open, is_working_day
from apdr.enums import Perspective
from apdr.models import Cycle, Progress
from apdr.services.common import stage_of
from apdr.states import require
from config.demo.days import Days
from config.demo.load import load
from pupils.models import Pupil
from reviews.models import Review
from tests.sample import in_sample

from .anchors import LONDON, ORDINARY, open_cycle, pupil

AWKWARD = {
    "an ordinary Tuesday": ORDINARY,
    "29 February": datetime(2028, 2, 29, 8, 0, tzinfo=LONDON),
    "three weeks before 29 February": datetime(2028, 2, 8, 8, 0, tzinfo=LONDON),
    "31 August": datetime(2026, 8, 31, 23, 30, tzinfo=LONDON),
    "1 September": datetime(2027, 9, 1, 0, 5, tzinfo=LONDON),
    "the Sunday the clocks go forward": datetime(2027, 3, 28, 1, 30, tzinfo=ZoneInfo("UTC")),
    "the Sunday the clocks go back": datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=1),
    "a Saturday": datetime(2027, 5, 15, 12, 0, tzinfo=LONDON),
    "a month before Christmas": datetime(2026, 11, 29, 13, 0, tzinfo=LONDON),
    "New Year's Day": datetime(2027, 1, 1, 0, 0, tzinfo=LONDON),
}


def test_a_review_to_come_is_on_no_holiday() -> None:
    days = Days(AWKWARD["a month before Christmas"])
    found = {days.review(offset) for offset in range(7, 300)}
    assert {day for day in found if not is_working_day(day)} == set()
    assert date(2026, 12, 18) in found  # the last of the autumn term
    assert days.plain(26) == date(2026, 12, 25)  # the fifth weekday of the holiday
    assert [days.review(offset) for offset in (22, 26, -2)] == [
        date(2027, 1, 4),
        date(2027, 1, 8),
        date(2026, 11, 27),
    ]


def test_it_is_refused_in_production(db: None) -> None:
    with override_settings(PRODUCTION=True), pytest.raises(CommandError, match="never loaded in production"):
        call_command("demo")
    assert not Setting.objects.exists()


@pytest.mark.tables
@pytest.mark.parametrize("day", [day for day in AWKWARD if in_sample(day, one_in=8)])
def test_it_can_be_loaded_on_any_day_and_its_days_make_sense(day: str, db: None) -> None:
    now = AWKWARD[day]
    with time_machine.travel(now, tick=False):
        assert load(now) is True
        connection.check_constraints()
        today = Days(now).today
        turning, just = pupil("turning_16"), pupil("just_16")
        turning.refresh_from_db(), just.refresh_from_db()
        assert turning.turns_16_on - today in {timedelta(days=20), timedelta(days=21)}
        assert just.turns_16_on == today - timedelta(days=6)
        assert today <= open_cycle("review_this_week").review_on <= today + timedelta(days=6)
        assert open_cycle("review_overdue").review_on < today
        assert not Progress.objects.filter(at__gt=now).exists()
        for note in Progress.objects.select_related("step__cycle"):
            first = note.step.cycle.plan_versions.last()
            assert first.shared_at <= note.at, note
            if note.perspective == Perspective.STAFF:
                assert note.on.weekday() < 5
        for review in Review.objects.select_related("cycle"):
            assert review.starts_at.astimezone(LONDON).date() == review.cycle.review_on
            assert review.cycle.review_on.weekday() < 5
            if review.cycle.review_on > today + timedelta(days=6):
                assert is_open(review.cycle.review_on, review.cycle.setting.terms.all()), review
        to_come = Review.objects.filter(state="scheduled").values_list("scheduled_by", "starts_at")
        assert len(to_come) == len(set(to_come)) > 9  # nobody is to be at two of them
        for cycle in Cycle.objects.filter(closed_at=None):
            require("schedule_review", stage_of(cycle))
        for one in Pupil.objects.all():
            assert date(today.year - 24, 1, 1) < one.date_of_birth < today - timedelta(days=2 * 365 - 1)
            assert one.enrolments.get().starts_on <= one.cycles.last().opened_at.date()
