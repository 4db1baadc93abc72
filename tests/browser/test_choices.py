"""A young person says who sees what: by mouse, by keyboard alone, on a phone, and without scripts."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from playwright.sync_api import Page, expect

from pupils import choices
from pupils.choices import Wanted
from pupils.enums import Answer, Section
from pupils.models import Choice, ChoiceSheet
from tests.apdr.plans import write_plan
from tests.cast import AT, FEBRUARY, Cast

from .conftest import DESK, PHONE
from .hands import Finger, Hands, Keys

SignIn = Callable[..., Page]


def opened(school: Cast, *sections: Section) -> None:
    """Sam let Pam see some parts, an hour ago."""
    choices.choose(
        pupil=school.sam,
        wanted=[Wanted(section, Answer.YES, person=school.parent) for section in sections],
        by=school.young_person,
        at=AT - timedelta(hours=1),
        key=uuid4(),
        wording="young-1",
    )


def test_a_parent_whose_page_is_open_sees_nothing_of_what_is_closed_at_their_next_press(
    school: Cast, sign_in: SignIn
) -> None:
    plan = write_plan(school.sam, school.senco, FEBRUARY)
    opened(school, Section.NEEDS, Section.PLAN)
    parent, sam = sign_in(school.parent), sign_in(school.young_person)
    parent.goto(f"/pupils/{school.sam.pk}/needs/")
    expect(parent.locator("main")).to_contain_text(plan.need.words)

    sam.goto(f"/pupils/{school.sam.pk}/choices/")
    Hands(sam).press("Stop Pam Lovelace seeing Strengths and needs")
    expect(sam.get_by_role("heading", level=1)).to_have_text("What you chose")

    parent.get_by_role("link", name="Strengths and needs").click()
    expect(parent.get_by_role("heading", level=1)).to_have_text("You cannot see this")
    assert plan.need.words not in parent.content()
    parent.go_back()
    assert plan.need.words not in parent.content()
    parent.goto(f"/pupils/{school.sam.pk}/plan/")
    expect(parent.locator("main")).to_contain_text(plan.step.words)
    assert plan.need.words not in parent.content()


def walk(hands: Hands, school: Cast) -> None:
    """From the first page to a choice, its receipt, and back to stop it."""
    page = hands.page
    page.goto(f"/pupils/{school.sam.pk}/choices/")
    hands.follow("Choose for Pam Lovelace")
    hands.choose("Yes", near="Strengths and needs")
    hands.choose("No", near="Funding")
    hands.write("Day", "17")
    hands.write("Month", "7")
    hands.write("Year", "2026")
    hands.press("Save")
    expect(page.locator("main")).to_contain_text("Strengths and needs: yes, until 17 July 2026")
    assert sorted(Choice.objects.values_list("section", "answer")) == [("funding", "no"), ("needs", "yes")]
    hands.follow("All choices")
    hands.press("Stop all of it now")
    expect(page.locator("main")).to_contain_text("Strengths and needs: no")
    assert ChoiceSheet.objects.count() == 2


def test_choosing_and_stopping_by_keyboard_alone(school: Cast, sign_in: SignIn) -> None:
    walk(Keys(sign_in(school.young_person)), school)


def test_choosing_and_stopping_on_a_phone(school: Cast, sign_in: SignIn) -> None:
    page = sign_in(school.young_person, **PHONE)
    walk(Finger(page), school)
    for address in (f"/pupils/{school.sam.pk}/choices/", f"/pupils/{school.sam.pk}/choices/for/teachers/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_choosing_and_stopping_without_scripts(school: Cast, sign_in: SignIn) -> None:
    page = sign_in(school.young_person, **DESK, java_script_enabled=False)
    walk(Hands(page), school)
    page.goto(f"/pupils/{school.sam.pk}/choices/")
    expect(page.get_by_role("heading", level=1)).to_have_text("My choices")
    expect(page.get_by_role("button", name="Read this to me")).to_have_count(0)


SPEAKS = """
const said = [];
window.said = said;
const voices = [%s];
Object.defineProperty(window, 'speechSynthesis', {value: {
    getVoices: () => voices, speak: one => said.push(one.text), cancel() {}, addEventListener() {},
}});
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""


def test_the_words_are_read_by_a_voice_of_the_device_alone_and_that_is_kept(
    school: Cast, sign_in: SignIn
) -> None:
    far, near = "{lang: 'en-GB', localService: false}", "{lang: 'en-US', localService: true}"
    address = f"/pupils/{school.sam.pk}/choices/for/{school.parent.pk}/"
    page = sign_in(school.young_person)
    page.context.add_init_script(SPEAKS % far)
    page.goto(address)
    expect(page.get_by_role("button", name="Read this to me")).to_have_count(0)

    page = sign_in(school.young_person)
    page.context.add_init_script(SPEAKS % near)
    page.goto(address)
    page.get_by_role("button", name="Read this to me").click()
    expect(page.get_by_role("button", name="Stop reading")).to_be_visible()
    assert page.evaluate("said[0]") == "You choose who can see each part of your plan."
    Hands(page).choose("No", near="Funding")
    Hands(page).press("Save")
    expect(page.get_by_role("heading", level=1)).to_have_text("What you chose")
    assert ChoiceSheet.objects.get().format == "audio"
