"""A teacher writes to the homes of twelve children from a phone; a photo goes with an update; scripts or none."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from notifications.models import Call, Photo, Update
from pupils import circle, services
from tests.cast import AT, Cast
from tests.notifications.pictures import with_place

from .conftest import PHONE, Door
from .hands import Finger
from .test_planner import sound


def twelve(school: Cast) -> None:
    """Twelve pupils in 9B."""
    who: dict[str, Any] = {"by": school.senco, "at": AT - timedelta(days=1)}
    for number in range(1, 12):
        pupil = services.create_pupil(
            setting=school.hazelmere, given_name=f"Pupil {number:02}", family_name="Ninth", year_group="9",
            date_of_birth=date(2012, 3, 1), starts_on=date(2025, 9, 2), **who,
        )  # fmt: skip
        circle.place_in_class(pupil=pupil, class_group=school.class_9b, **who)


@pytest.mark.parametrize("scripts", [True, False])
def test_an_update_for_twelve_children_from_a_phone(
    scripts: bool, school: Cast, door: Door, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    twelve(school)
    page = door.sign_in(school.teacher, **PHONE, java_script_enabled=scripts)
    hands = Finger(page)
    hands.follow("Write to homes")
    expect(page.get_by_role("heading", level=1)).to_have_text("Write to homes")
    hands.follow("9B")
    expect(page.get_by_label("Everybody in 9B (12)")).to_be_visible()
    page.wait_for_load_state()
    sound(page, scripts)
    hands.presses = 0
    hands.write("One good thing", "We planted beans, and nobody ate one.")
    page.get_by_label("Everybody in 9B (12)").check()
    hands.press("Send")
    expect(page.get_by_text("Sent to the homes of 12 children.")).to_be_visible()
    assert hands.presses == 1
    assert Update.objects.filter(good_thing__startswith="We planted").count() == 12
    sound(page, scripts)

    hands.press("Send")
    expect(page.get_by_role("heading", name="Please check these")).to_be_visible()
    hands.write("Anything else", "Ada was sad at lunch.")
    page.get_by_label("Ada Lovelace").check()
    page.get_by_label("This needs a call").check()
    hands.press("Send")
    expect(page.get_by_text("Nothing was sent.")).to_be_visible()
    assert (Call.objects.get().pupil, Update.objects.count()) == (school.ada, 12)

    hands.follow("Ada Lovelace")
    file = tmp_path / "IMG_0001.jpg"
    file.write_bytes(with_place())
    hands.write("Anything else", "Her map of the stars.")
    page.get_by_text("Add a photo").tap()
    page.get_by_label("A photo").set_input_files(file)
    hands.write("What can be seen in the photo?", "Ada’s map")
    page.get_by_label("Every home").check()
    hands.press("Send")
    shown = page.get_by_role("img", name="Ada’s map")
    expect(shown).to_be_visible()
    assert Photo.objects.get().alt == "Ada’s map"
    assert page.evaluate("document.images[0].complete ? document.images[0].naturalWidth : 400") == 400
    sound(page, scripts)
