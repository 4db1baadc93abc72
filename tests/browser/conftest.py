"""A school in a real database behind a real server, and people who visit it in a real browser."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import time_machine
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.accounts.conftest import show_addresses
from tests.cast import AT, PASSWORD, Cast, build

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def clock() -> time_machine.Traveller:
    """The school's clock: it starts at `AT`, ticks, and can be moved on. The browser's own is left alone."""
    with time_machine.travel(AT, tick=True) as moved:
        yield moved


@pytest.fixture
def empty_school(transactional_db: None, clock: time_machine.Traveller) -> None:
    cache.clear()  # attempts to sign in are counted there, and it outlives a test


@pytest.fixture
def school(empty_school: None) -> Cast:
    return build_school()


def build_school() -> Cast:
    cast = build()
    show_addresses(cast)
    return cast


@dataclass
class Door:
    """Where people come in: each visit is a browser of its own."""

    browser: Browser
    address: str
    open: list[BrowserContext]

    def page(self, **how: object) -> Page:
        context = self.browser.new_context(base_url=self.address, **how)
        context.set_default_timeout(15_000)
        self.open.append(context)
        return context.new_page()

    def close(self) -> None:
        while self.open:
            self.open.pop().close()

    def sign_in(self, person: User, **how: object) -> Page:
        """Through the page for it, as anybody does."""
        page = self.page(**(how or DESK))
        page.goto("/sign-in/")
        page.get_by_label("E-mail address").fill(person.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "sign-in" not in url)
        return page


@pytest.fixture
def door(browser: Browser, live_server: LiveServer) -> Door:
    door = Door(browser, live_server.url, [])
    yield door
    door.close()


@pytest.fixture
def sign_in(door: Door) -> Callable[..., Page]:
    return door.sign_in
