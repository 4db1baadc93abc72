"""A parent signs up for an event on a phone, by keyboard alone, and takes it back in one press."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from notifications import events
from notifications.models import EventPlace
from tests.cast import AT, Cast
from tests.notifications.happening import FIELDS

from .conftest import PHONE, Door
from .hands import Keys
from .test_invitations import sound


@pytest.mark.tables
def test_a_parent_signs_up_on_a_phone_by_keyboard_alone(school: Cast, door: Door) -> None:
    starts_at = AT + timedelta(days=9)
    event = events.add(
        setting=school.hazelmere, by=school.senco, at=AT, **FIELDS, whom=["parents"], places=4,
        starts_at=starts_at, ends_at=starts_at + timedelta(hours=1),
    )  # fmt: skip
    page = door.sign_in(school.parent, viewport=PHONE["viewport"])
    hands = Keys(page)
    title = page.get_by_role("heading", level=1)
    hands.follow("1 event is coming. See what is on")
    expect(title).to_have_text("Events")
    sound(page)
    hands.follow("Coffee morning")
    expect(title).to_have_text("Coffee morning")
    sound(page)
    hands.type(page.get_by_label("How many adults?"), "5")
    hands.press("Sign up")
    expect(page.get_by_role("alert")).to_contain_text("There are 4 places left")
    sound(page)
    hands.type(page.get_by_label("How many adults?"), "1")
    hands.type(page.get_by_label("How many children?"), "2")
    hands.type(page.get_by_label("Is there anything we should know?"), "We come with a pram.")
    hands.press("Sign up")
    expect(page.get_by_role("heading", name="You are coming")).to_be_visible()
    sound(page)
    place = EventPlace.objects.get(event=event)
    assert (place.person, place.state, place.adults, place.children) == (school.parent, "coming", 1, 2)
    hands.press("We do not come after all")
    expect(page.get_by_role("heading", name="Come along")).to_be_visible()
    sound(page)
    place.refresh_from_db()
    assert place.state == "taken_back"
