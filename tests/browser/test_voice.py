"""A seven-year-old's page with pictures and read aloud; a drawing; and a recording made, stored and played."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from apdr.enums import StepsAs, Telling
from apdr.models import View, ViewFile
from apdr.services import voice
from pupils.models import Pupil
from tests.apdr.plans import write_plan
from tests.cast import AT, Cast

from .conftest import DESK, PHONE, Door
from .test_planner import sound

#: A voice of this device, which a browser without a screen has not; what it is told to say is kept.
A_VOICE = """
window.told = [];
const voice = { lang: "en-GB", localService: true, name: "Test", voiceURI: "test", default: true };
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => [voice], cancel: () => {}, addEventListener: () => {},
  speak: (said) => { window.told.push(said.text); said.onend?.(); },
}});
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""
PLAYED = """async (player) => { player.muted = true; await player.play(); await new Promise((r) => setTimeout(r, 400));
  return player.currentTime > 0 && player.error === null; }"""


def seven(school: Cast) -> None:
    Pupil.objects.filter(pk=school.ada.pk).update(date_of_birth=date(2018, 11, 3))
    write_plan(school.ada, by=school.senco, at=AT - timedelta(days=3))
    how: dict[str, Any] = {"steps_as": StepsAs.PICTURES, "aloud": True, "telling": Telling.ME_FIRST}
    voice.set_page(pupil=school.ada, version=0, by=school.child, at=AT, **how)


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).press("Enter")


def test_a_child_of_seven_has_pictures_hears_her_page_draws_and_says_it_with_her_voice(
    school: Cast, door: Door, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    seven(school)
    page = door.sign_in(school.child, **PHONE)
    mine = f"/pupils/{school.ada.pk}/mine/"
    page.goto(mine)
    expect(page.get_by_role("button", name="Read my page to me")).to_be_hidden()  # no voice of its own here
    page.add_init_script(A_VOICE)
    page.goto(mine)
    sound(page, True)
    page.get_by_role("button", name="Read it to me").press("Enter")
    assert page.evaluate("window.told") == ["I look at my board and start."]
    expect(page.get_by_role("button", name="Read it to me").locator("svg")).to_have_count(1)
    expect(page.locator("article.al-step img")).to_be_visible()

    page.get_by_role("link", name="Say what I think").press("Enter")
    page.get_by_role("link", name="Draw it, or send a photo").press("Enter")
    sound(page, True)
    box = page.locator("canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 90, steps=4)
    page.mouse.up()
    expect(page.get_by_text("Your drawing goes with what you send.")).to_be_visible()
    press(page, "Tell them")
    expect(page.get_by_text("Thank you for telling us.")).to_be_visible()

    page.goto(f"/pupils/{school.ada.pk}/views/say/?way=voice")
    sound(page, True)
    press(page, "Record")
    expect(page.get_by_text("Listening. Press again to stop.")).to_be_visible()
    page.wait_for_timeout(900)
    press(page, "Stop")
    expect(page.get_by_text("Done. Listen to it, or record again.")).to_be_visible()
    assert page.locator("audio").evaluate(PLAYED)
    press(page, "Tell them")
    expect(page.get_by_text("Thank you for telling us.")).to_be_visible()
    kept = ViewFile.objects.order_by("view__at")
    assert [(one.kind, one.ending) for one in kept] == [("picture", "jpg"), ("recording", "webm")]
    assert View.objects.get(how="recorded").words == ""
    expect(page.locator("audio")).to_be_visible()
    sound(page, True)

    parent = door.sign_in(school.parent, **DESK)
    parent.goto(f"/pupils/{school.ada.pk}/views/")
    assert parent.locator("audio").evaluate(PLAYED)
    expect(parent.locator(".al-photo")).to_be_visible()
    sound(parent, True)
