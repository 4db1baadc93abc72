"""Every page in a real browser: for everybody's eyes and hands, at each width, from this server alone."""

from pathlib import Path as File
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.test import Client
from playwright.sync_api import ConsoleMessage, Request, expect
from playwright.sync_api import Page as Tab
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.accounts.conftest import add_totp
from tests.cast import PASSWORD, Cast
from tests.once import once
from tests.sample import in_sample

from ..sessions import sign_in
from .conftest import Door, build_school
from .pages import NO_PAGE, ONLY_POSTED, VISITS, WALKED, Page, World, build_world, routes

pytestmark = pytest.mark.tables
AXE = (File(settings.ROOT) / "node_modules" / "axe-core" / "axe.min.js").read_text()
LARGEST = 60 * 1024
WIDE, PHONE, ZOOMED = 1280, 390, 320  # 320 is 1280 at 400 %


@pytest.fixture
def world(empty_school: None) -> World:
    return once("browser world", lambda: build_world(build_school()))


class Looker:
    """Opens pages in one tab and keeps what is wrong with each."""

    def __init__(self, tab: Tab, address: str) -> None:
        self.tab, self.address = tab, address
        self.faults: dict[str, list[str]] = {}
        self.heard: list[str] = []
        tab.on("console", self.hear)
        tab.on("pageerror", lambda error: self.heard.append(f"script: {error}"))
        tab.on("request", self.asked)

    def hear(self, message: ConsoleMessage) -> None:
        # Chromium also says aloud that a page was refused on purpose.
        if message.type == "error" and "the server responded with a status of 4" not in message.text:
            self.heard.append(f"console: {message.text}")

    def asked(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.heard.append(f"asks another host: {request.url}")

    def open(self, page: Page, world: World) -> None:
        self.tab.set_viewport_size({"width": WIDE, "height": 900})
        response = self.tab.goto(page.address(world))
        assert response is not None
        wrong = [] if response.status == page.status else [f"status {response.status}"]
        if (size := len(response.body())) > LARGEST:
            wrong.append(f"{size} bytes of HTML")
        if self.tab.url.removeprefix(self.address) != page.address(world):
            wrong.append(f"leads to {self.tab.url}")
        self.keep(str(page), wrong + self.look())

    def look(self, error: bool = False) -> list[str]:
        """What is wrong with the page that is open."""
        wrong = self.heard[:]
        self.heard.clear()
        title = self.tab.title()
        if not title.endswith(" – Alongside") or title.startswith("Error: ") != error:
            wrong.append(f"title “{title}”")
        if self.tab.locator("html").get_attribute("lang") != "en-GB":
            wrong.append("no language")
        if (count := self.tab.locator("h1").count()) != 1:
            wrong.append(f"{count} first headings")
        for width in (WIDE, PHONE):
            self.tab.set_viewport_size({"width": width, "height": 900})
            wrong += [f"{width}: {fault}" for fault in axe(self.tab)]
        for width in (PHONE, ZOOMED):
            self.tab.set_viewport_size({"width": width, "height": 900})
            if (wide := self.tab.evaluate("document.documentElement.scrollWidth")) > width:
                wrong.append(f"{wide} wide at {width}")
        return wrong

    def keep(self, name: str, wrong: list[str]) -> None:
        if wrong:
            self.faults[name] = wrong


def axe(tab: Tab) -> list[str]:
    """axe is put into the page by the test, so the page's own policy for scripts stays on."""
    tab.evaluate(AXE)
    found = tab.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{fault['id']}: {node['html'][:200]}" for fault in found for node in fault["nodes"]]


def opened(door: Door, person: User | None, **how: Any) -> Tab:
    """A tab in which somebody is signed in; the page for signing in has tests of its own."""
    tab = door.page(**how)
    if person is not None:
        client = Client()
        sign_in(client, person)
        value = client.cookies["sessionid"].value
        tab.context.add_cookies([{"name": "sessionid", "value": value, "url": door.address}])
    return tab


def test_every_route_is_in_one_list() -> None:
    listed = {page.route for _, pages in VISITS.values() for page in pages}
    assert listed | WALKED | ONLY_POSTED | set(NO_PAGE) == routes()
    assert listed & (ONLY_POSTED | set(NO_PAGE) | WALKED) == set()


@pytest.mark.parametrize(
    "visit", [v for v, (_, pages) in VISITS.items() if any(in_sample(v, str(p), one_in=48) for p in pages)]
)
def test_every_page_is_sound(visit: str, world: World, door: Door) -> None:
    who, pages = VISITS[visit]
    looker = Looker(opened(door, world.person(who) if who else None), door.address)
    for page in pages:
        if in_sample(visit, str(page), one_in=48):
            looker.open(page, world)
    assert looker.faults == {}


def test_the_pages_on_the_way_in_are_sound(school: Cast, door: Door, live_server: LiveServer) -> None:
    secret = add_totp(school.dsl)
    RecoveryCodes.activate(school.dsl)
    looker = Looker(door.page(), door.address)
    tab = looker.tab

    def see(name: str, address: str = "") -> None:
        tab.set_viewport_size({"width": WIDE, "height": 900})
        if address:
            tab.goto(address)
            if "reauthenticate" in tab.url and "reauthenticate" not in address:
                tab.get_by_label("Password", exact=True).fill(PASSWORD)
                tab.get_by_role("button", name="Confirm").click()
            expect(tab).to_have_url(door.address + address)
        if in_sample("the way in", name):
            looker.keep(name, looker.look())

    tab.goto("/account/login/code/")
    tab.get_by_label("E-mail address").fill(school.parent.email)
    tab.locator("main form button").first.click()
    expect(tab).to_have_url(f"{door.address}/account/login/code/confirm/")
    see("account_confirm_login_code")
    tab.context.clear_cookies()

    tab.goto("/sign-in/")
    tab.get_by_label("E-mail address").fill(school.dsl.email)
    tab.get_by_label("Password", exact=True).fill(PASSWORD)
    tab.get_by_role("button", name="Sign in", exact=True).click()
    expect(tab).to_have_url(f"{door.address}/account/2fa/authenticate/")
    see("mfa_authenticate")
    counter = next(iter(yield_hotp_counters_from_time()))
    tab.locator("[name=code]").fill(format_hotp_value(hotp_value(secret, counter)))
    tab.get_by_role("button", name="Sign in", exact=True).click()
    expect(tab).to_have_url(f"{door.address}/")
    see("mfa_add_webauthn", "/account/2fa/webauthn/add/")
    tab.get_by_label("Name").fill("My phone")
    with_fingerprint_reader(tab)
    tab.locator("main").get_by_role("button").last.click()
    expect(tab).not_to_have_url(f"{door.address}/account/2fa/webauthn/add/")
    key = Authenticator.objects.get(user=school.dsl, type="webauthn")
    for name, address in (
        ("mfa_index", "/account/2fa/"),
        ("mfa_reauthenticate", "/account/2fa/reauthenticate/"),
        ("mfa_list_webauthn", "/account/2fa/webauthn/"),
        ("mfa_edit_webauthn", f"/account/2fa/webauthn/keys/{key.pk}/edit/"),
        ("mfa_remove_webauthn", f"/account/2fa/webauthn/keys/{key.pk}/remove/"),
        ("mfa_view_recovery_codes", "/account/2fa/recovery-codes/"),
        ("mfa_generate_recovery_codes", "/account/2fa/recovery-codes/generate/"),
        ("mfa_deactivate_totp", "/account/2fa/totp/deactivate/"),
    ):
        see(name, address)
    tab = looker.tab = door.sign_in(school.leader)
    see("mfa_activate_totp", "/account/2fa/totp/activate/")
    assert looker.faults == {}


def with_fingerprint_reader(tab: Tab) -> None:
    """From now on the device of this tab has a reader, and its owner always touches it."""
    wire = tab.context.new_cdp_session(tab)
    wire.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})


#: Forms that are sent as they are first shown: the visit they belong to, their page, and the button.
SENT_EMPTY: dict[str, list[tuple[str, str]]] = {
    "the door": [("account_login", "Sign in"), ("account_request_login_code", "")],
    "a setting and its files": [("invite_staff", ""), ("import_new", "Check this file")],
    "a pupil and the circle": [
        ("add_pupil", ""),
        ("record_capacity", "Record this decision"),
        ("competence", "Record this"),
    ],
    "a plan as it is written": [
        ("record_views", "Save"),
        *[(f"add_item {kind}", "Save") for kind in ("need", "measure", "outcome", "step", "strategy")],
        ("add_item provision", "Save"),
    ],
    "a plan as it is changed": [
        ("decline_proposal", "Send"),
        ("answer_strategy", "Save my answer"),
        ("allocate", "Save"),
        ("plan_use", "Save"),
    ],
    "a review": [
        ("schedule_review", "Save"),
        ("judge_one", "Save"),
        ("judge", "Send what I think"),
        ("close_cycle", "Close the cycle"),
    ],
    "what a parent opens": [
        ("answer_plan", "Send my answer"),
        ("comment_plan", "Send"),
        ("propose", "Send my idea"),
        ("log_step", "Save the sentence alone"),
        ("say_views", ""),
        ("updates", "Send"),
    ],
    "what a professional opens": [("write_back", "Send")],
    "what a child opens": [("say_views", "Tell them")],
    "what a young person chooses": [("choose", "Save"), ("choose in easy read", "Save")],
    "what others see of choices": [("record_choice", "Save what they said")],
    "what a safeguarding lead opens": [
        ("ask_disclosure", "Ask for a second person"),
        ("disclosure", "Write down that they were told"),
    ],
}

IN_SUMMARY = "document.activeElement && document.activeElement.closest('.govuk-error-summary') !== null"
IN_FIELD = "['INPUT', 'TEXTAREA', 'SELECT', 'BUTTON'].includes(document.activeElement.tagName)"


@pytest.mark.parametrize(
    "visit", [v for v, forms in SENT_EMPTY.items() if any(in_sample(v, n, one_in=48) for n, _ in forms)]
)
def test_a_form_sent_empty_says_so_first_and_leads_to_the_field(visit: str, world: World, door: Door) -> None:
    who, pages = VISITS[visit]
    named = {str(page): page for page in pages}
    looker = Looker(opened(door, world.person(who) if who else None), door.address)
    tab = looker.tab
    for name, button in SENT_EMPTY[visit]:
        if not in_sample(visit, name, one_in=48):
            continue
        tab.set_viewport_size({"width": WIDE, "height": 900})
        tab.goto(named[name].address(world))
        buttons = tab.locator("main form").get_by_role("button", name=button, exact=bool(button))
        buttons.last.click() if button else tab.locator("main form button:not([type=button])").first.click()
        expect(tab.locator(".govuk-error-summary")).to_be_focused()
        wrong = [] if tab.evaluate(IN_SUMMARY) else ["the summary has no focus"]
        wrong += looker.look(error=True)
        links = tab.locator(".govuk-error-summary a")
        if links.count():
            links.first.click()
            if not tab.evaluate(IN_FIELD):
                wrong.append("the first line leads to no field")
        looker.keep(name, wrong)
    assert looker.faults == {}


DARK = {
    "the door": ["account_login"],
    "a setting and its files": ["caseload", "import"],
    "a plan as it is written": ["cycle", "share", "add_item step"],
    "what a teacher opens": ["home", "log_step"],
    "what a parent opens": ["home", "plan", "strategies"],
    "what a child opens": ["mine", "say_views"],
    "what a young person chooses": ["choices", "choose in easy read"],
}


def test_a_dark_screen_is_as_readable(world: World, door: Door) -> None:
    found: dict[str, list[str]] = {}
    for visit, names in DARK.items():
        who, pages = VISITS[visit]
        asked = [page for page in pages if str(page) in names and in_sample(visit, str(page), one_in=8)]
        if not asked:
            continue
        tab = opened(door, world.person(who) if who else None, color_scheme="dark")
        for page in asked:
            tab.goto(page.address(world))
            assert tab.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
            found[str(page)] = axe(tab)
        door.close()
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_what_only_takes_a_form_refuses_to_be_opened(world: World) -> None:
    client = Client()
    sign_in(client, world.cast.senco)
    answers: dict[str, int] = {}
    for name, address in posted_addresses(world).items():
        answers[name] = client.get(address).status_code
    assert answers == dict.fromkeys(ONLY_POSTED, 405)


def posted_addresses(world: World) -> dict[str, str]:
    """An address of each route that only takes a form; the method is refused before any row is looked for."""
    from django.urls import reverse
    from django.urls.resolvers import get_resolver

    nobody = "00000000-0000-0000-0000-000000000000"
    found = {}
    for name in ONLY_POSTED:
        [(_, wanted)] = get_resolver().reverse_dict.getlist(name)[0][0][:1]
        words = {"stage": "plan", "relation": "is_parent_carer", "whom": "teachers"}
        found[name] = reverse(name, kwargs={key: words.get(key, nobody) for key in wanted})
    return found
