"""What families and children read on the pages themselves can be read at nine."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
import textstat  # type: ignore[import-untyped]

from apdr import forms_family, forms_money
from notifications.forms import UpdateForm
from notifications.forms_events import PlaceForm
from pupils.forms_asking import AnswerRequestForm, AskForm, ShareForm
from pupils.forms_profile import ProfileForm

ROOT = Path(__file__).parents[2]
PAGES = [
    *(
        f"apdr/templates/apdr/{name}.html"
        for name in (
            "plan",
            "plan_none",
            "answer",
            "comment",
            "propose",
            "say",
            "say_child",
            "mine",
            "log_step",
            "log_step_child",
            "card",
            "parts/my_answer",
            "parts/my_steps",
            "parts/plan_step",
            "parts/plan_helps",
            "parts/home_parent",
            "parts/home_child",
            "kept_plan",
            "funding",
            "parts/money",
            "say_funding",
            "agree_funding",
        )
    ),
    "notifications/templates/notifications/updates.html",
    "notifications/templates/notifications/pupil_signposts.html",
    *(
        f"notifications/templates/notifications/{name}.html"
        for name in ("events", "event", "parts/event_card")
    ),
    "apdr/templates/apdr/parts/offered.html",
    "pupils/templates/pupils/documents.html",
    "notifications/templates/notifications/parts/needs.html",
    "accounts/templates/accounts/stop_mail.html",
    *(
        f"notifications/templates/notifications/{name}.html"
        for name in (
            "ask_to_talk",
            "talk",
            "daily",
            "parts/update",
            "parts/to_talk",
            "my_surveys",
            "answer_survey",
        )
    ),
    *(
        f"reviews/templates/reviews/{name}.html"
        for name in (
            "my_calendar",
            "minutes",
            "parts/turn",
            "take_part",
            "pictures",
            "choose",
            "reply",
            "answer",
            "answer_closed",
            "say_before",
            "parts/said_before",
        )
    ),
    *(
        f"pupils/templates/pupils/{name}.html"
        for name in (
            "profile",
            "edit_profile",
            "who_looked",
            "disclosures",
            "capacity_own",
            "capacity_decider",
            "competence_own",
            "ask",
            "requests",
            "request",
            "share_out",
            "parts/asked",
            "parts/waiting",
            "see_as",
            "when_they_decide",
            "parts/coming_hand_over",
        )
    ),
    "config/templates/parts/seen_as.html",
]
FORMS = [
    forms_family.LogForm,
    forms_family.ChildLogForm,
    forms_family.AnswerForm,
    forms_family.CommentForm,
    forms_family.ProposeForm,
    forms_family.SayForm,
    forms_family.ParentSayForm,
    forms_family.ChildSayForm,
    forms_money.SayFundingForm,
    forms_money.AgreeFundingForm,
    ProfileForm,
    UpdateForm,
    PlaceForm,
    AskForm,
    AnswerRequestForm,
    ShareForm,
]
#: A child of nine is in Year 4 or 5; the fourth American grade.
GRADE = 4.0


def grade(text: str) -> float:
    """The American school grade a text is written for (Flesch and Kincaid); one or two words are no sentence."""
    return float(textstat.flesch_kincaid_grade(text))


def sentences(page: str) -> Iterator[str]:
    """The fixed words of a template, a sentence each; whatever is filled in is a short name."""
    text = re.sub(r"{#.*?#}", "", page, flags=re.S)
    text = re.sub(r"{%\s*translate\s+\"(.*?)\"[^%]*%}", r"\1", text)
    text = re.sub(r"{%\s*plural\s*%}", "\n", text)
    text = re.sub(r"{%\s*(end)?blocktranslate[^%]*%}", "", text)
    text = re.sub(r"_\(\"(.*?)\"\)", r'"\1"', text)
    text = re.sub(r"{%\s*empty_state\s+\"(.*?)\"\s+\"(.*?)\".*?%}", r" \1. \2 ", text)
    text = re.sub(r"{%\s*section_heading\s+\"(.*?)\".*?%}", r" \1. ", text)
    text = re.sub(r"{{.*?}}", "Ada", re.sub(r"{%\s*(else|elif.*?|endif|if.*?)\s*%}", "\n", text))
    text = unescape(re.sub(r"<[^>]+>|{%.*?%}", "\n", text))
    for line in text.split("\n"):
        line = " ".join(line.split()).strip(" .,:’“”")
        if len(re.findall(r"[a-z]{2,}", line)) > 1:
            yield f"{line}."


@pytest.mark.parametrize("page", PAGES)
def test_the_words_of_a_page_can_be_read_at_nine(page: str) -> None:
    text = " ".join(sentences((ROOT / page).read_text()))
    assert grade(text) <= GRADE, text


@pytest.mark.parametrize("form", FORMS)
def test_the_words_of_a_form_can_be_read_at_nine(form: type) -> None:
    said = [
        f"{str(part).strip(' .?')}."
        for field in form.base_fields.values()
        for part in (field.label, field.help_text, *(text for _, text in getattr(field, "choices", ())))
        if part
    ]
    assert grade(" ".join(said)) <= GRADE, said


def test_hard_words_would_be_noticed() -> None:
    hard = "Interdisciplinary provision necessitates considerable organisational collaboration."
    assert grade(hard) > GRADE
