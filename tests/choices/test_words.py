"""The words in which choices are put to people can be read at nine, and those of easy read more easily still."""

from pathlib import Path
from typing import Any

import pytest

from pupils import wording
from pupils.forms_choices import RecordForm
from pupils.wording import DECIDER, DECIDER_EASY, FAMILY, FAMILY_EASY, WORDINGS, YOUNG, YOUNG_EASY, Wording

from ..apdr.test_reading_age import GRADE, grade, sentences

ROOT = Path(__file__).parents[2]
PAGES = [
    "choices",
    "choose",
    "choices_later",
    "choice_sheet",
    "choice_history",
    "parts/choice_words",
    "parts/choice_card",
    "parts/choice_answers",
    "parts/choice_honest",
]
#: Easy read is for somebody who reads little: the first years of school.
EASY = 1.0


def text(words: Wording) -> str:
    told = [one.format(name="Sam", who="Pam").strip(" .:?") for one in words.all() if one]
    return ". ".join(told) + "."


@pytest.mark.parametrize("words", [YOUNG, FAMILY, DECIDER], ids=lambda w: w.id)
def test_the_words_of_a_choice_can_be_read_at_nine(words: Wording) -> None:
    assert grade(text(words)) <= GRADE


@pytest.mark.parametrize("words", [YOUNG_EASY, FAMILY_EASY, DECIDER_EASY], ids=lambda w: w.id)
def test_easy_read_is_easier_still(words: Wording) -> None:
    assert grade(text(words)) <= EASY


@pytest.mark.parametrize(
    ("plain", "easy"),
    [(YOUNG, YOUNG_EASY), (FAMILY, FAMILY_EASY), (DECIDER, DECIDER_EASY)],
    ids=lambda w: w.id,
)
def test_easy_read_is_easier_than_the_plain_words_beside_it(plain: Wording, easy: Wording) -> None:
    assert grade(text(easy)) < grade(text(plain)) - 1


@pytest.mark.parametrize("page", PAGES)
def test_the_words_of_a_page_can_be_read_at_nine(page: str) -> None:
    found = " ".join(sentences((ROOT / f"pupils/templates/pupils/{page}.html").read_text()))
    assert not found or grade(found) <= GRADE, found


def test_the_e_mail_can_be_read_at_nine() -> None:
    found = " ".join(sentences((ROOT / "pupils/templates/pupils/email/receipt.txt").read_text()))
    assert grade(found) <= GRADE


def test_the_current_words_are_those_of_who_is_asked() -> None:
    from accounts.enums import Format
    from pupils.enums import Voice

    found: list[Any] = [
        wording.current(Voice.YOUNG_PERSON),
        wording.current(Voice.YOUNG_PERSON, Format.EASY_READ),
        wording.current(Voice.YOUNG_PERSON, Format.LARGE_PRINT),
        wording.current(Voice.PARENTS, Format.EASY_READ),
        wording.current(Voice.YOUNG_PERSON, decider=True),
    ]
    assert found == [YOUNG, YOUNG_EASY, YOUNG, FAMILY_EASY, DECIDER]
    assert all(len(one) <= 20 for one in WORDINGS)
    assert RecordForm.base_fields["format"].choices[0][0] == "standard"
