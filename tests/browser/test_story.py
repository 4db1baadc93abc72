"""One child's cycle from end to end, in a real browser: by mouse and phone, by keyboard alone, without JavaScript."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.cast import AT, PASSWORD, Cast
from tests.sample import WHOLE

from .conftest import DESK, PHONE, Door
from .hands import Finger, Hands, Keys

NEED = "Long instructions get lost after the first part."
STRENGTH = "Remembers every bus route in town."
ADAS_WORDS = "I like it when the board tells me what to do."
OUTCOME = "Starts work alone because the task makes sense."
STEP = "Uses the task board to start within two minutes."
AT_SCHOOL = "One instruction at a time."
AT_HOME = "A list on the fridge."
SENTENCE = "Started before I had finished handing out."
COMMENT = "The board sounds good. Could it have pictures?"
WHY_NOT = "She hears two things at once if the first is fun."
IDEA = "Packing her bag with her the evening before."

WAYS: dict[str, dict[str, Any]] = {
    "with mouse and finger": {"desk": (Hands, DESK), "phone": (Finger, PHONE)},
    "by keyboard alone": {"desk": (Keys, DESK), "phone": (Keys, {"viewport": PHONE["viewport"]})},
    "without JavaScript": {
        "desk": (Hands, {**DESK, "java_script_enabled": False}),
        "phone": (Finger, {**PHONE, "java_script_enabled": False}),
    },
}


@pytest.mark.tables
@pytest.mark.parametrize("way", list(WAYS) if WHOLE else list(WAYS)[:1])
def test_a_need_becomes_a_shared_plan_a_review_and_the_next_cycle(
    way: str, school: Cast, door: Door, clock: time_machine.Traveller
) -> None:
    story = Story(school, door, clock, WAYS[way])

    story.when_the_senco_opens_a_cycle()
    story.and_writes_down_what_goes_well_what_is_hard_and_what_ada_says()
    story.and_plans_an_outcome_a_step_and_what_helps_at_school_and_at_home()
    story.then_the_preview_shows_what_the_family_will_read()
    story.when_the_senco_shares_it()

    story.when_the_teacher_notes_the_step_on_a_phone()
    story.then_that_took_two_taps_and_a_sentence()

    story.when_the_parent_signs_in()
    story.then_the_plan_is_one_press_away_with_what_the_teacher_noted()
    story.when_the_parent_comments_disagrees_with_a_strategy_and_proposes_another()

    story.when_the_senco_accepts_the_proposal_and_shares_version_2()
    story.then_the_parent_sees_what_changed()

    story.when_the_review_starts()
    story.and_child_parent_teacher_and_therapist_say_how_it_went()
    story.then_the_senco_sees_each_of_them_beside_the_others()
    story.when_the_senco_decides_and_closes_the_cycle()
    story.then_the_next_cycle_has_the_unfinished_step()
    story.and_the_parent_reads_what_was_decided()


class Story:
    """Each visit is a new browser and a real sign-in; days pass in between."""

    def __init__(self, cast: Cast, door: Door, clock: time_machine.Traveller, way: dict[str, Any]) -> None:
        self.cast, self.door, self.clock, self.way = cast, door, clock, way
        self.hands = Hands(door.page())

    @property
    def page(self) -> Page:
        return self.hands.page

    def days_later(self, days: int) -> None:
        self.clock.move_to(AT + timedelta(days=days))

    def visit(self, person: User, device: str = "desk") -> Hands:
        """Sign in on a device of one's own; presses are counted from the page that follows."""
        self.door.close()
        kind, how = self.way[device]
        page = self.door.page(**how)
        page.goto("/sign-in/")
        me = kind(page)
        me.write("E-mail address", person.email)
        me.write("Password", PASSWORD)
        me.press("Sign in")
        page.wait_for_url(lambda url: "sign-in" not in url)
        me.presses = 0
        self.hands = me
        return me

    def is_on(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def reads(self, *words: str) -> None:
        for one in words:
            expect(self.page.locator("main")).to_contain_text(one)

    # assess

    def when_the_senco_opens_a_cycle(self) -> None:
        me = self.visit(self.cast.senco)
        self.is_on("Caseload")
        me.follow("Ada Lovelace")
        me.press("Open a cycle")
        me.press("Open the cycle")
        self.is_on("Ada’s cycle 1")

    def and_writes_down_what_goes_well_what_is_hard_and_what_ada_says(self) -> None:
        me = self.hands
        me.follow("Add a strength or need")
        me.choose("Strength")
        me.choose("Cognition and learning")
        me.write("What we notice", STRENGTH)
        me.press("Save")
        me.follow("Add a need")
        me.choose("Need")
        me.choose("Communication and interaction")
        me.write("What we notice", NEED)
        me.write("How we know", "Watched in three lessons.")
        me.press("Save")
        self.is_on("Ada’s strengths and needs")
        self.reads(STRENGTH, NEED)
        me.follow("What we said")
        me.follow("Write down what somebody said")
        me.choose("Child or young person")
        me.choose("We talked")
        me.write("What they said", ADAS_WORDS)
        me.press("Save")
        self.reads(ADAS_WORDS, "We talked")
        self.to_the_draft()
        me.press("Move on to Plan")

    def to_the_draft(self) -> None:
        self.hands.follow("Ada Lovelace")
        self.hands.follow("Open the plan we are working on")

    # plan

    def and_plans_an_outcome_a_step_and_what_helps_at_school_and_at_home(self) -> None:
        me = self.hands
        me.follow("Write the first outcome")
        me.write("The difference we want", OUTCOME)
        me.choose("Communication and interaction")
        me.press("Save")
        me.follow("Add a next step")
        me.write("The step", STEP)
        me.write("The step in the child’s words", "I look at my board and start.")
        me.write("How we will know", "In four lessons out of five.")
        me.write("Where they are now", "Waits to be told again each time.")
        me.choose("Not yet to independently")
        me.pick("Where are they on it now?", "Not yet")
        me.pick("Who looks after this step?", "Tom Teal")
        me.press("Save")
        self.is_on("Ada’s cycle 1")
        me.follow("What helps")
        me.follow("Add something that helps at school")
        me.write("What we do", AT_SCHOOL)
        me.pick("Which next step it helps", STEP)
        me.press("Save")
        me.follow("Add something that helps at home")
        me.write("What we do", AT_HOME)
        me.pick("Whose idea was it?", "Parent carer")
        me.write("Their name", "Pam Lovelace")
        me.press("Save")
        me.follow("Add time and people", near=AT_SCHOOL)
        me.write("Who does it", "Teaching assistant")
        me.write("Times a week", "3")
        me.write("Minutes each time", "20")
        me.write("Children in the group", "4")
        me.write("For how many weeks", "10")
        me.press("Save")
        self.reads("Teaching assistant: 3 times a week, 20 minutes each, in a group of 4, for 10 weeks")

    def then_the_preview_shows_what_the_family_will_read(self) -> None:
        self.to_the_draft()
        self.hands.follow("Look it over and share")
        self.reads(
            "This is the first version that the family gets.", "Pam Lovelace", OUTCOME, STEP, AT_SCHOOL
        )

    def when_the_senco_shares_it(self) -> None:
        self.hands.write("A word to the family", "Our first plan together.")
        self.hands.press("Share with the family")
        self.reads("Version 1 is shared. The family can read it now.")

    # do

    def when_the_teacher_notes_the_step_on_a_phone(self) -> None:
        self.days_later(3)
        me = self.visit(self.cast.teacher, "phone")
        self.is_on("Hello, Tom Teal")
        me.follow(f"Log for Ada: {STEP}")
        me.write("What happened, in a sentence", SENTENCE)
        me.press("Sometimes")

    def then_that_took_two_taps_and_a_sentence(self) -> None:
        self.reads("Saved", f"Ada: Sometimes. “{SENTENCE}”")
        assert self.hands.presses == 2
        assert self.page.evaluate("document.documentElement.scrollWidth") <= 390

    def when_the_parent_signs_in(self) -> None:
        self.days_later(4)
        self.visit(self.cast.parent, "phone")
        self.is_on("Hello, Pam Lovelace")

    def then_the_plan_is_one_press_away_with_what_the_teacher_noted(self) -> None:
        self.hands.follow("Ada’s plan")
        assert self.hands.presses == 1
        self.is_on("Ada’s support plan")
        self.reads("Our first plan together.", OUTCOME, STEP, AT_SCHOOL, AT_HOME, "Sometimes", SENTENCE)

    def when_the_parent_comments_disagrees_with_a_strategy_and_proposes_another(self) -> None:
        me = self.hands
        me.follow("Say something about the plan")
        me.write("What would you like to say?", COMMENT)
        me.press("Send")
        self.reads(COMMENT)
        me.follow("Say if you agree with each of these")
        me.follow("I do not agree", near=AT_SCHOOL)
        me.write("Why", WHY_NOT)
        me.press("Save my answer")
        self.reads("Thank you. It is on the plan.", WHY_NOT)
        me.follow("Plan")
        me.follow("Suggest something")
        me.choose("Something that helps at home")
        me.write("Your idea", IDEA)
        me.press("Send my idea")
        self.reads(IDEA, "Waiting for an answer")

    def when_the_senco_accepts_the_proposal_and_shares_version_2(self) -> None:
        self.days_later(6)
        me = self.visit(self.cast.senco)
        me.follow("1 with a proposal that waits for an answer")
        me.follow("Ada Lovelace")
        me.follow("Read it and answer")
        me.follow("Put it in the plan", near=IDEA)
        me.write("Your reply", "Thank you. Let us try it.")
        me.press("Send")
        me.follow("Look it over and share")
        expect(self.page.locator(".al-changes")).to_contain_text(IDEA)
        me.press("Share the next version with the family")
        self.reads("Version 2 is shared. The family can read it now.")

    def then_the_parent_sees_what_changed(self) -> None:
        self.days_later(7)
        me = self.visit(self.cast.parent, "phone")
        me.follow("Ada’s plan")
        self.reads("Version 2", "What changed since", IDEA, "Thank you. Let us try it.", WHY_NOT, COMMENT)
        expect(self.page.locator(".al-changes")).to_contain_text(IDEA)

    # review

    def when_the_review_starts(self) -> None:
        self.days_later(80)
        me = self.visit(self.cast.senco)
        me.follow("Ada Lovelace")  # what she said a month ago waits for an answer
        me.follow("Ada Lovelace")
        me.follow("Open the plan we are working on")
        me.follow("Plan the review")
        me.press("Start the review")
        self.reads("The review has started. Everybody can say how it went.")

    def and_child_parent_teacher_and_therapist_say_how_it_went(self) -> None:
        me = self.visit(self.cast.child, "phone")
        me.follow("Open my page")
        me.follow("Say how it went")
        self.say("I look at my board and start.", "Helped a lot", "I start on my own now.")

        me = self.visit(self.cast.parent, "phone")
        me.follow("We are looking back at the plan. Say how it went")
        me.follow("Say how it went")
        self.say(IDEA, "Helped a bit", "Mornings are calmer.")

        me = self.visit(self.cast.teacher)
        self.reads("We are looking back at the plan. Say how it went")
        me.follow("Ada Lovelace")
        self.say(STEP, "Helped a bit", "In English, not yet in science.")

        me = self.visit(self.cast.senco)
        me.follow("Ada Lovelace")
        me.follow("Ada Lovelace")
        me.follow("Open the plan we are working on")
        me.follow("Go to the review")
        me.follow("Somebody else", near=STEP)
        me.choose("Not helping yet")
        me.write("In words", "The pictures on it are too small.")
        me.choose("Visiting professional")
        me.write("Their name", "Priya Therapist")
        me.press("Save")

    def say(self, of: str, rating: str, words: str) -> None:
        self.is_on("How did it go?")
        self.hands.choose(rating, near=of)
        self.hands.write("In your words", words, near=of)
        self.hands.press("Send what I think")
        self.reads("Thank you. What you think is part of the review.")

    def then_the_senco_sees_each_of_them_beside_the_others(self) -> None:
        self.is_on("Review of cycle 1")
        judged = self.page.locator("article").filter(has_text=STEP).locator(".al-judged__one")
        assert sorted(" ".join(one.split()) for one in judged.all_inner_texts()) == [
            "Ada Helped a lot I start on my own now.",
            "Priya Therapist Not helping yet The pictures on it are too small.",
            "Tom Teal Helped a bit In English, not yet in science.",
        ]
        self.reads("Mornings are calmer.")

    def when_the_senco_decides_and_closes_the_cycle(self) -> None:
        me = self.hands
        me.press("Go on to close the cycle")
        me.choose("Carried on into the next cycle", near=STEP)
        me.choose("Carry on with the support")
        me.write("Why", "It helps, and science comes next.")
        me.press("Close the cycle")

    def then_the_next_cycle_has_the_unfinished_step(self) -> None:
        self.is_on("Ada’s cycle 2")
        self.reads(STEP)

    def and_the_parent_reads_what_was_decided(self) -> None:
        me = self.visit(self.cast.parent)
        me.follow("Ada’s plan")
        me.follow("Reviews")
        self.reads("Carry on with the support", "It helps, and science comes next.", "Mornings are calmer.")
