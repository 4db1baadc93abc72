"""In a real browser: a passkey is made and signs its owner in, and every page here passes axe."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.enums import Role
from accounts.models import User
from pupils import people
from tests.cast import PASSWORD, Cast, build
from tests.sample import WHOLE

from .conftest import show_addresses

AXE = Path(django_settings.ROOT) / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"wide": (1280, 900), "phone": (390, 844)}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def school(live_server: LiveServer) -> Cast:
    cast = build()
    show_addresses(cast)
    return cast


@pytest.fixture
def authenticator(page: Page) -> Iterator[None]:
    """A device with a fingerprint reader whose owner always touches it."""
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    wire.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    yield
    wire.detach()


def sign_in(page: Page, live_server: LiveServer, person: User) -> None:
    page.goto(f"{live_server.url}/sign-in/")
    page.locator("[name=login]").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_staff_make_a_passkey_first_and_sign_in_with_it_alone(
    school: Cast, page: Page, live_server: LiveServer, authenticator: None, settings: Settings
) -> None:
    page.set_default_timeout(8000)
    settings.MFA_REQUIRED_OF_STAFF = True
    sign_in(page, live_server, school.senco)
    page.goto(f"{live_server.url}/me/")
    expect(page.get_by_role("heading", level=1)).to_have_text("One more thing before you start")
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button").last.click()
    page.get_by_label("Name").fill("My laptop")
    page.get_by_label("Passwordless").check()
    page.locator("main").get_by_role("button").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery Codes")
    page.goto(f"{live_server.url}/me/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sunita Rao")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto(f"{live_server.url}/sign-in/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{live_server.url}/caseload/")
    page.goto(f"{live_server.url}/me/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sunita Rao")


def faults(page: Page) -> list[Any]:
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run()")["violations"]
    return [(f["id"], [n["target"] for n in f["nodes"]]) for f in found]


@pytest.mark.tables
@pytest.mark.parametrize("size", SIZES if WHOLE else ["phone"])
def test_every_page_of_ones_own_and_of_people_passes_axe(
    school: Cast, page: Page, live_server: LiveServer, size: str
) -> None:
    page.set_default_timeout(8000)
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    at = timezone.now()
    _, secret = people.invite_staff(
        email="new@x.example", name="Nia", role=Role.DSL, setting=school.hazelmere, by=school.senco, at=at
    )
    found: dict[str, Any] = {}

    def look(path: str, act: Callable[[], None] | None = None) -> None:
        page.goto(f"{live_server.url}{path}")
        if act:
            act()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        found[path + (" with errors" if act else "")] = faults(page)

    def empty() -> None:
        page.locator("main form button").last.click()
        expect(page.locator(".govuk-error-summary")).to_be_visible()

    def nameless() -> None:
        page.get_by_label("Your name").fill("")
        empty()

    look("/sign-in/")
    look("/account/login/code/")
    look(f"/invitation/{secret}/")

    look(f"/invitation/{secret}/", nameless)
    look("/invitation/guess/")
    sign_in(page, live_server, school.senco)
    place = f"/people/{school.hazelmere.pk}/"
    role = school.senco.memberships.get()
    for path in (
        "/me/",
        "/me/talking-with-me/",
        "/me/second-step/",
        "/me/keys/",
        "/account/email/",
        "/account/2fa/",
        "/account/password/change/",
        place,
        f"{place}invite/",
        f"{place}roles/{role.pk}/end/",
    ):
        look(path)
    look(f"{place}invite/", empty)
    look("/me/keys/", empty)
    assert {path: faults for path, faults in found.items() if faults} == {}
