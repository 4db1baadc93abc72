"""What was open on a screen when something changed elsewhere: another's save, a court order, the end of a job."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from accounts import services as accounts
from apdr.models import Comment, NextStep, Progress
from pupils import circle
from pupils.enums import RestrictionKind
from tests.apdr.plans import write_plan
from tests.cast import AT, FEBRUARY, Cast

SignIn = Callable[..., Page]


def test_the_second_of_two_people_is_shown_both_texts_and_chooses(school: Cast, sign_in: SignIn) -> None:
    step = write_plan(school.ada, school.senco, FEBRUARY, share=False).step
    address = f"/items/step/{step.pk}/"
    first, second = sign_in(school.senco), sign_in(school.teacher)
    for page in (first, second):
        page.goto(address)

    first.get_by_label("The step", exact=True).fill("Starts from the board within one minute.")
    first.get_by_label("How we will know").fill("In all lessons.")
    first.get_by_role("button", name="Save").click()
    expect(first.locator("main")).to_contain_text("Saved in the draft.")

    second.get_by_label("The step", exact=True).fill("Uses the board without being reminded.")
    second.get_by_label("How we will know").fill("In English, four times out of five.")
    second.get_by_label("Where they are now").first.fill("Looks at it when asked.")
    second.get_by_role("button", name="Save").click()
    expect(second.get_by_role("heading", level=1)).to_have_text("Someone else changed this too")
    for words in (
        "Uses the board without being reminded.",
        "Starts from the board within one minute.",
        "In English, four times out of five.",
        "In all lessons.",
    ):
        expect(second.locator("main")).to_contain_text(words)
    assert side_by_side(second)
    assert NextStep.objects.get().words == "Starts from the board within one minute."

    second.get_by_role("group", name="The step", exact=True).get_by_label("What is there now").check()
    second.get_by_role("group", name="How we will know").get_by_label("What you typed").check()
    second.get_by_role("button", name="Save what I chose").click()
    expect(second.locator("main")).to_contain_text("Saved in the draft.")
    saved = NextStep.objects.get()
    assert (saved.words, saved.criterion, saved.baseline) == (
        "Starts from the board within one minute.",
        "In English, four times out of five.",
        "Looks at it when asked.",
    )


def side_by_side(page: Page) -> bool:
    """Whether each pair of texts stands on one line of the page."""
    return page.evaluate(
        """() => [...document.querySelectorAll('.al-sides')].every(sides => {
            const tops = [...sides.children].map(side => side.getBoundingClientRect().top);
            return tops.length === 2 && tops[0] === tops[1];
        })"""
    )


def test_a_parent_who_is_restricted_sees_nothing_at_the_next_press_of_an_open_page(
    school: Cast, sign_in: SignIn
) -> None:
    plan = write_plan(school.ada, school.senco, FEBRUARY)
    page, typing = sign_in(school.parent), sign_in(school.parent)
    page.get_by_role("link", name="Ada’s plan").click()
    expect(page.locator("main")).to_contain_text(plan.step.words)
    typing.goto(f"/pupils/{school.ada.pk}/plan/versions/{plan.version.pk}/comment/")
    typing.get_by_label("What would you like to say?").fill("I want to know where she is.")

    circle.restrict(
        pupil=school.ada,
        person=school.parent,
        kind=RestrictionKind.COURT_ORDER,
        reason="An order of the family court.",
        by=school.senco,
        at=AT,
    )

    page.get_by_role("navigation", name="About Ada").get_by_role("link", name="What helps").click()
    typing.get_by_role("button", name="Send").click()
    for shown in (page, typing):
        expect(shown.get_by_role("heading", level=1)).to_have_text("There is no such page for you")
        assert "Ada" not in shown.content()
    assert not Comment.objects.exists()
    page.get_by_role("link", name="Go to your first page").click()
    expect(page.locator("main")).not_to_contain_text("Ada")


def test_what_a_deactivated_teacher_types_is_not_saved(school: Cast, sign_in: SignIn) -> None:
    plan = write_plan(school.ada, school.senco, FEBRUARY)
    page = sign_in(school.teacher)
    page.get_by_role("link", name=f"Log for Ada: {plan.step.words}").click()
    page.get_by_label("What happened, in a sentence").fill("Started alone.")

    accounts.deactivate(person=school.teacher, by=school.installer, at=AT)

    page.get_by_role("button", name="Sometimes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello. Come in.")
    assert "Ada" not in page.locator("main").inner_text()
    assert not Progress.objects.exists()
