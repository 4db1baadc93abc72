"""A review that is held on a train: the connection goes, the answer is lost, the session ends, and nothing typed is."""

from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, Route, expect

from apdr.enums import Stage
from apdr.services.common import stage_of
from reviews import services
from reviews.models import Deciding, Judgement, Review
from tests.apdr.plans import Plan, write_plan
from tests.cast import AT, PASSWORD, Cast

from .conftest import DESK, PHONE, Door
from .hands import Hands
from .test_every_page import axe


def held(school: Cast) -> Plan:
    plan = write_plan(school.ada, by=school.senco, at=AT - timedelta(days=2))
    services.start_review(cycle=plan.cycle, by=school.senco, at=AT - timedelta(days=1))
    return plan


def room(door: Door, school: Cast, plan: Plan, **how: Any) -> Page:
    page = door.sign_in(school.senco, **how)
    page.goto(f"/cycles/{plan.cycle.pk}/review/")
    page.wait_for_function("document.body.classList.contains('govuk-frontend-supported')")
    return page


def test_a_connection_that_breaks_loses_nothing(school: Cast, door: Door) -> None:
    plan = held(school)
    page = room(door, school, plan, **DESK)
    saving, step = page.locator("#saving"), page.locator(f"#t-{plan.step.pk}")
    assert axe(page) == []

    page.context.set_offline(True)
    page.get_by_label("What is working").fill("Reading at the start of the day.")
    step.get_by_label("Helped a lot").check()
    step.get_by_label("In their words").fill("I know the words now.")
    step.get_by_role("button", name="Write it down").click()
    page.get_by_label("Carry on with the support").check()
    expect(saving).to_contain_text("No connection. What you typed is kept here")
    expect(saving).to_be_in_viewport()
    assert (Judgement.objects.count(), Deciding.objects.count()) == (0, 0)

    page.context.set_offline(False)
    expect(saving).to_contain_text("Saved at", timeout=30_000)
    expect(step.locator("[data-said]")).to_contain_text("I know the words now.")
    expect(step.get_by_label("Who says it?")).not_to_have_value("child")
    assert Review.objects.get().working == "Reading at the start of the day."
    assert (Judgement.objects.get().words, Deciding.objects.get().kind) == (
        "I know the words now.",
        "continue",
    )
    assert axe(page) == []

    lost: list[str] = []

    def loses_the_answer(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.request.url)
        route.fetch()
        route.abort()

    page.route("**/review/so-far/", loses_the_answer)
    page.get_by_label("Why").first.fill("It helps her to begin.")
    page.get_by_label("Who was told").fill("Pam, in the room")
    expect(saving).to_contain_text("Saved at", timeout=30_000)
    assert lost
    assert Deciding.objects.get().who_was_told == "Pam, in the room"

    page.reload()
    expect(page.get_by_label("Who was told")).to_have_value("Pam, in the room")
    Hands(page).press("Go on to close the cycle")
    expect(page.get_by_label("Why")).to_have_value("It helps her to begin.")
    Hands(page).choose("Done it")
    Hands(page).press("Close the cycle")
    assert stage_of(plan.cycle) is Stage.CLOSED


def test_a_session_that_ends_loses_nothing(school: Cast, door: Door) -> None:
    plan = held(school)
    page = room(door, school, plan, viewport=PHONE["viewport"])
    page.context.clear_cookies()
    page.get_by_label("What we do next").fill("Swimming on Fridays.")
    expect(page.locator("#saving")).to_contain_text("You are signed out. What you typed is still here.")
    other = page.context.new_page()
    other.goto("/sign-in/")
    other.get_by_label("E-mail address").fill(school.senco.email)
    other.get_by_label("Password", exact=True).fill(PASSWORD)
    other.get_by_role("button", name="Sign in", exact=True).click()
    other.wait_for_url(lambda url: "sign-in" not in url)
    expect(page.locator("#saving")).to_contain_text("Saved at", timeout=40_000)
    assert Review.objects.get().what_next == "Swimming on Fridays."
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
