"""See it as they do, in a browser: one looks around in somebody else's view, and sends nothing from it."""

from datetime import timedelta
from uuid import uuid4

from pupils import choices
from pupils.enums import Answer, Section
from tests.apdr.pages import address
from tests.api.record import write_record
from tests.cast import AT, Cast

from .conftest import Door
from .hands import Hands


def test_links_lead_on_in_the_preview_buttons_do_nothing_and_the_way_back_is_there(
    school: Cast, door: Door
) -> None:
    write_record(school, school.sam, family_speaks=False)
    choices.choose(
        pupil=school.sam,
        wanted=[
            choices.Wanted(section, Answer.YES, person=school.parent)
            for section in Section
            if section is not Section.NEEDS
        ],
        by=school.young_person,
        at=AT - timedelta(days=1),
        key=uuid4(),
        wording="1",
    )
    tab = door.sign_in(school.young_person)
    hands, sam, pam = Hands(tab), school.sam.pk, school.parent.pk
    tab.goto(address("mine", sam))
    hands.follow("See it as they do")
    hands.follow("Plan", near="Pam Lovelace")
    assert tab.url.endswith(address("preview_page", sam, pam, "plan"))

    posted: list[str] = []
    tab.on("request", lambda asked: posted.append(asked.url) if asked.method == "POST" else None)
    hands.press("I agree")
    assert tab.url.endswith(address("preview_page", sam, pam, "plan"))
    hands.follow("Suggest something")  # no part of the preview: nothing happens
    assert tab.url.endswith(address("preview_page", sam, pam, "plan"))
    hands.follow("Say if you agree with each of these")
    tab.wait_for_url("**" + address("preview_page", sam, pam, "strategies"))
    hands.follow("Profile")
    tab.wait_for_url("**" + address("preview_page", sam, pam, "profile"))
    hands.follow("Stop looking as Pam")
    assert tab.url.endswith(address("see_as", sam))

    tab.goto(address("preview_page", sam, pam, "plan"))
    tab.evaluate("document.querySelector('main form').submit()")  # round the page's own script
    tab.wait_for_timeout(500)
    assert tab.url.endswith(address("preview_page", sam, pam, "plan"))
    assert posted == []
