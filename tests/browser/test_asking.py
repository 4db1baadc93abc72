"""A parent asks on a phone for a part that is closed, the young person answers, and it closes by itself."""

from datetime import timedelta

import time_machine
from playwright.sync_api import expect

from tests.apdr.plans import write_plan
from tests.cast import SEPTEMBER, Cast

from .conftest import PHONE, Door
from .hands import Finger


def test_a_yes_for_one_week_opens_with_the_next_click_and_closes_by_itself(
    school: Cast, door: Door, clock: time_machine.Traveller
) -> None:
    write_plan(school.sam, school.senco, SEPTEMBER)
    needs = f"/pupils/{school.sam.pk}/needs/"
    mum = door.sign_in(school.parent, **PHONE)
    hers = Finger(mum)
    mum.goto(needs)
    expect(mum.locator("main")).to_contain_text("Sam is over 16 and decides who sees this part.")
    hers.follow("Ask to see this")
    expect(mum.get_by_role("radio", name="Strengths and needs")).to_be_checked()
    hers.write("Why would it help?", "So that I can help with homework.")
    hers.press("Ask")
    expect(mum.locator("main")).to_contain_text("Strengths and needs: asked on 10 March 2026. Waiting")
    assert mum.evaluate("document.documentElement.scrollWidth") <= 390

    sam = door.sign_in(school.young_person, **PHONE)
    his = Finger(sam)
    expect(sam.locator("main")).to_contain_text("Pam Lovelace asks to see “Strengths and needs”")
    his.follow("Answer")
    expect(sam.locator("main")).to_contain_text("So that I can help with homework.")
    his.press("Yes, for one week")
    expect(sam.locator("main")).to_contain_text("Nobody waits for an answer")

    mum.goto("/")
    expect(mum.locator("main")).to_contain_text("Strengths and needs: Sam, until 17 March 2026")
    hers.follow("Strengths and needs")
    expect(mum.locator("main")).to_contain_text("Long instructions get lost after the first part.")

    clock.shift(timedelta(days=8))
    mum.context.clear_cookies()  # their sign-in has ended by then; only the part itself is asked about here
    mum = door.sign_in(school.parent, **PHONE)
    mum.goto(needs)
    expect(mum.locator("main")).to_contain_text("Sam is over 16 and decides who sees this part.")
    expect(mum.locator("main")).not_to_contain_text("Long instructions")
    mum.goto("/")
    expect(mum.locator("main")).to_contain_text("It was open for a time and is closed now.")
