"""A parent answers a survey on a phone by keyboard alone, in two tabs, and is counted once; and how its pages look."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from notifications import surveys
from notifications.enums_surveys import Asked
from notifications.models import SurveyAnswer, SurveyResponse
from tests.cast import AT, Cast
from tests.notifications.surveying import draft, opened, over

from .conftest import DESK, PHONE, Door
from .hands import Keys
from .test_every_page import opened as opened_for
from .test_invitations import sound


@pytest.mark.tables
def test_a_survey_answered_in_two_tabs_by_keyboard_is_counted_once(school: Cast, door: Door) -> None:
    survey = opened(school)
    assert survey.opens_on == AT.date()
    page = door.sign_in(school.parent, viewport=PHONE["viewport"])
    hands = Keys(page)
    hands.follow("Your school asks what you think")
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text("How do we keep in touch?")
    sound(page)
    other = page.context.new_page()
    other.goto(page.url)

    hands.press("Send my answers")  # nothing is chosen yet
    expect(page.get_by_role("alert")).to_contain_text("Answer at least one question.")
    sound(page)
    hands.choose("Yes, a bit", near="Do you feel welcome here?")
    hands.write("What should we do better?", "Ring us.")
    hands.press("Send my answers")
    expect(page.get_by_text("Thank you. Your answers are in.")).to_be_visible()
    sound(page)

    second = Keys(other)
    second.choose("Not at all", near="Do you feel welcome here?")
    second.press("Send my answers")
    expect(other.get_by_text("You have answered already. Your answers count once.")).to_be_visible()
    sound(other)
    assert [(one.person, one.at) for one in SurveyResponse.objects.all()] == [(school.parent, None)]
    assert set(SurveyAnswer.objects.values_list("choice", "words")) == {(1, ""), (None, "Ring us.")}
    page.goto("/")
    expect(page.get_by_text("Your school asks what you think")).to_have_count(0)


@pytest.mark.tables
def test_the_pages_of_a_survey_are_sound_from_draft_to_what_came_of_it(school: Cast, door: Door) -> None:
    """With numbers in them, at 390 and 1280 px; what the tables of pages open holds none."""
    begun = draft(school, Asked.PARENT, Asked.STAFF)
    told = over(school)
    surveys.publish(survey=told, version=told.version, told="We ring on Mondays.", by=school.senco, at=AT)
    running = opened(school, Asked.PARENT, anonymous=False)
    senco, parent = opened_for(door, school.senco), opened_for(door, school.parent)
    places = [
        *((senco, name, survey) for name in ("survey", "edit_survey", "add_question") for survey in (begun,)),
        *((senco, name, survey) for name in ("survey", "survey_results") for survey in (told,)),
        (senco, "survey", running),
        *((parent, name, survey) for name, survey in (("survey_results", told), ("answer_survey", running))),
    ]
    pages = [(tab, reverse(name, args=[survey.pk])) for tab, name, survey in places]
    pages += [
        (senco, reverse("setting_surveys", args=[school.hazelmere.pk])),
        (parent, reverse("my_surveys")),
    ]
    for tab, href in pages:
        for size in (DESK, PHONE):
            tab.set_viewport_size(size["viewport"])
            tab.goto(href)
            sound(tab)
