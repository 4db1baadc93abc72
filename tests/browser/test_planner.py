"""A SENCO sets the times of thirty reviews in one sitting, in a real browser: counted, by keyboard, without scripts."""

from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Term
from apdr.services import cycles
from pupils import circle, services
from reviews.models import Attendee, Review
from tests.cast import AT, Cast
from tests.sample import WHOLE

from .conftest import DESK, PHONE, Door
from .hands import Hands, Keys
from .test_every_page import axe

WAYS: dict[str, tuple[type[Hands], dict[str, Any]]] = {
    "with a mouse": (Hands, DESK),
    "by keyboard alone on a small screen": (Keys, {"viewport": PHONE["viewport"]}),
    "without JavaScript": (Hands, {**DESK, "java_script_enabled": False}),
}


def thirty(school: Cast) -> None:
    """Thirty pupils of 9B with an open plan, in a term with a half term."""
    Term.objects.create(
        setting=school.hazelmere, name="Spring", starts_on=date(2026, 1, 5), ends_on=date(2026, 3, 28),
        half_term_from=date(2026, 2, 16), half_term_until=date(2026, 2, 23),
    )  # fmt: skip
    who: dict[str, Any] = {"by": school.senco, "at": AT - timedelta(days=1)}
    pupils = [school.ada]
    for number in range(1, 30):
        pupils.append(
            services.create_pupil(
                setting=school.hazelmere, given_name=f"Pupil {number:02}", family_name="Ninth", year_group="9",
                date_of_birth=date(2012, 3, 1), starts_on=date(2025, 9, 2), **who,
            )
        )  # fmt: skip
        circle.place_in_class(pupil=pupils[-1], class_group=school.class_9b, **who)
    for pupil in pupils:
        cycles.open_cycle(pupil=pupil, review_on=date(2026, 3, 27), **who)


def sound(page: Page, scripts: bool) -> None:
    """Nothing for axe to find, and nothing wider than the screen."""
    if scripts:
        assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.tables
@pytest.mark.parametrize("way", list(WAYS) if WHOLE else list(WAYS)[:1])
def test_thirty_reviews_have_their_times_in_fewer_than_ten_interactions(
    way: str, school: Cast, door: Door
) -> None:
    thirty(school)
    kind, how = WAYS[way]
    page = door.sign_in(school.senco, **how)
    hands, scripts = kind(page), how.get("java_script_enabled", True)

    hands.follow("Reviews")
    expect(page.get_by_text("30 have no time yet.")).to_be_visible()
    sound(page, scripts)
    hands.follow("Set times for many")
    expect(page.get_by_role("heading", level=1)).to_have_text("Set times for reviews")
    sound(page, scripts)
    hands.choose("A class")
    hands.pick("Which class?", "9B")
    hands.press("Find times")
    expect(page.get_by_role("heading", level=1)).to_have_text("Times for 30 reviews")
    sound(page, scripts)
    assert len(page.content()) < 60 * 1024
    assert Review.objects.count() == 0
    hands.press("Confirm what is ticked")
    expect(page.get_by_text("30 reviews have their times.")).to_be_visible()
    sound(page, scripts)

    assert hands.presses < 10
    times = sorted(Review.objects.values_list("starts_at", flat=True))
    assert len(set(times)) == 30
    assert {at.weekday() for at in times} <= set(range(5))
    assert Attendee.objects.filter(person=school.senco).count() == 30


@pytest.mark.tables
def test_a_clash_is_shown_beside_its_review_and_what_was_typed_is_there(school: Cast, door: Door) -> None:
    thirty(school)
    page = door.sign_in(school.senco, **DESK)
    page.goto(
        "/reviews/plan/times/?whom=class&group="
        f"{school.class_9b.pk}&first=2026-03-11&last=2026-03-27&start=09:00&end=15:00&minutes=30&most=6&me=on"
    )
    one = page.get_by_role("row", name="Confirm Ada Lovelace").first
    if not one.count():
        one = page.get_by_role("row").filter(has_text="Ada Lovelace")
    other = page.get_by_role("row").filter(has_text="Pupil 07 Ninth")
    for label in ("Day", "Time"):
        typed = one.get_by_label(label).input_value()
        other.get_by_label(label).fill(typed)
    other.get_by_label("Room").fill("The snug")
    page.get_by_role("button", name="Confirm what is ticked").first.click()
    page.wait_for_load_state()
    other = page.get_by_role("row").filter(has_text="Pupil 07 Ninth")
    expect(other.get_by_text("Sunita Rao is at another review")).to_be_visible()
    expect(other.get_by_label("Room")).to_have_value("The snug")
    assert axe(page) == []
    assert Review.objects.count() == 0
    other.get_by_role("checkbox", name="Pupil 07").uncheck()
    page.get_by_role("button", name="Confirm what is ticked").first.click()
    expect(page.get_by_text("29 reviews have their times.")).to_be_visible()
