"""A parent answers in two taps from the e-mail itself; a child says how they take part, with pictures, by keyboard."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from notifications import reminders
from reviews import invitations, services
from reviews.models import Contribution, Review, ReviewReply, TakingPart
from tests.apdr.plans import write_plan
from tests.cast import AT, Cast

from .conftest import PHONE, Door
from .hands import Finger, Keys
from .test_every_page import axe

WEEK = timedelta(weeks=1)


def asked(school: Cast) -> Review:
    plan = write_plan(school.ada, school.senco, AT - 2 * WEEK)
    review = services.schedule_review(cycle=plan.cycle, starts_at=AT + WEEK, by=school.senco, at=AT)
    invitations.ask(review=review, by=school.senco, at=AT)
    return review


def sound(page: Page) -> None:
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


@pytest.mark.tables
def test_a_parent_answers_in_two_taps_from_the_e_mail(school: Cast, door: Door) -> None:
    asked(school)
    reminders.plan(at=AT)
    reminders.gather(at=AT)
    for pk in reminders.due(AT):
        reminders.send(message_id=pk, at=AT)
    [letter] = [message for message in mail.outbox if message.to == [school.parent.email]]
    path = re.search(r"Yes, I will come:\s+https?://[^/]+(\S+)", letter.body)[1]

    page = door.page(**PHONE)
    page.goto(path)  # the first tap
    expect(page.get_by_text("Tuesday 17 March 2026 at 10:30")).to_be_visible()
    sound(page)
    assert ReviewReply.objects.count() == 0
    hands = Finger(page)
    hands.press("Yes, tell them")  # the second
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    sound(page)
    assert hands.presses == 1
    assert [(r.answer, r.by, r.through) for r in ReviewReply.objects.all()] == [
        ("yes", school.parent, "link")
    ]


@pytest.mark.tables
def test_a_child_takes_part_with_pictures_by_keyboard_alone(school: Cast, door: Door) -> None:
    asked(school)
    page = door.sign_in(school.child, viewport=PHONE["viewport"])
    hands = Keys(page)
    hands.follow("We talk about your plan soon")
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text("My meeting")
    sound(page)
    hands.press("I say it with pictures now")
    for asked_, words, then in (
        ("What is good?", "Playtime", "Next"),
        ("What is hard?", "Noise", "Next"),
        ("What would help?", "Headphones", "Tell them"),
    ):
        expect(title).to_have_text(asked_)
        sound(page)
        hands.mark(hands.find("checkbox", words))
        hands.press(then)
    expect(title).to_have_text("My meeting")
    sound(page)
    last = Contribution.objects.latest("version")
    assert (last.working, last.not_working, last.what_next) == ("Playtime", "Noise", "Headphones")
    assert (last.how, last.said_by, TakingPart.objects.get().part) == ("symbols", school.child, "symbols")
