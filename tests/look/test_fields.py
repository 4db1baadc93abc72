"""What people type into forms, and what they are told when it will not do."""

from datetime import date
from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string

from accounts import conflict
from accounts.fields import BigChoices, Lines, SplitDate, Words


class Form(forms.Form):
    words = Words(label="What helps?", max_length=10, help_text="In your own words.")
    on = SplitDate(label="By when?", min_date=date(2026, 1, 1), max_date=date(2027, 12, 31))
    level = forms.ChoiceField(
        label="How was it?", choices=[("n", "Not yet"), ("i", "Alone")], widget=BigChoices
    )
    minutes = forms.IntegerField(label="Minutes a week", min_value=0)


def posted(**values: Any) -> Form:
    return Form(
        {"words": "Calm", "on_0": "3", "on_1": "9", "on_2": "2026", "level": "i", "minutes": "20"} | values
    )


@pytest.mark.parametrize(
    ("parts", "answer"),
    [
        (("27", "3", "2027"), date(2027, 3, 27)),
        (("27", "March", "2027"), date(2027, 3, 27)),
        (("27", "mar", "2027"), date(2027, 3, 27)),
        ((" 29 ", "2", "2027"), "Enter a real date, like 27 3 2027"),
        (("1", "13", "2027"), "Enter a real date, like 27 3 2027"),
        (("one", "3", "2027"), "Enter a real date, like 27 3 2027"),
        (("1", "3", "27"), "Enter the year as four figures, like 2027"),
        (("1", "", "2027"), "The date must include a month"),
        (("", "", "2027"), "The date must include a day and a month"),
        (("", "", ""), "Enter a date"),
        (("31", "12", "2025"), "The date must be 1 January 2026 or later"),
        (("1", "1", "2028"), "The date must be 31 December 2027 or earlier"),
        (("٣", "3", "2027"), date(2027, 3, 3)),
        (("1" * 5000, "3", "2027"), "Enter a real date, like 27 3 2027"),
    ],
)
def test_a_date_in_three_boxes_is_read_or_refused_clearly(parts: tuple[str, str, str], answer: Any) -> None:
    form = posted(on_0=parts[0], on_1=parts[1], on_2=parts[2])
    said = form.cleaned_data["on"] if form.is_valid() else form.errors["on"][0]
    assert said == answer


def test_a_date_may_come_as_one_value() -> None:
    form = Form({"words": "Calm", "on": "2026-09-03", "level": "i", "minutes": "20"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["on"] == date(2026, 9, 3)


def test_text_too_long_is_refused_and_all_of_it_stays() -> None:
    form = posted(words="x" * 11)
    assert form.errors == {"words": ["That is 11 characters. Shorten it to 10; all of it is still here"]}
    html = str(form["words"].as_field_group())
    assert "x" * 11 in html
    assert "maxlength=" not in html.replace("data-maxlength=", "")
    assert posted(words="12345\r\n890").is_valid()


def test_a_line_is_refused_when_too_long_and_never_cut_by_the_browser() -> None:
    class OneLine(forms.Form):
        name = Lines(label="Name", max_length=3)

    assert "maxlength" not in str(OneLine())
    assert OneLine({"name": "Adam"}).errors == {
        "name": ["That is 4 characters. Shorten it to 3; all of it is still here"]
    }


def test_a_number_that_is_not_one_stays_where_it_was_typed() -> None:
    html = str(posted(minutes="lots")["minutes"].as_field_group())
    assert 'type="text" inputmode="numeric" name="minutes" value="lots"' in html


def test_every_error_leads_to_the_first_control_of_its_question() -> None:
    html = render_to_string("parts/error_summary.html", {"form": Form({"on_0": "1"})})
    lines = [line.split(">")[0:2] for line in html.split('<a href="')[1:]]
    assert [(target.rstrip('"'), said.removesuffix("</a")) for target, said in lines] == [
        ("#id_words", "Please answer “What helps?”"),
        ("#id_on_0", "The date must include a month and a year"),
        ("#id_level_0", "Please answer “How was it?”"),
        ("#id_minutes", "Please answer “Minutes a week”"),
    ]


def test_a_control_names_its_hint_and_its_error() -> None:
    html = str(Form({})["words"].as_field_group())
    assert 'aria-describedby="id_words_helptext id_words_error"' in html
    assert 'id="id_words_helptext"' in html
    assert 'id="id_words_error"' in html
    assert 'aria-invalid="true"' in html


def test_a_page_without_errors_has_no_summary() -> None:
    assert render_to_string("parts/error_summary.html", {"form": Form()}).strip() == ""


class Plan(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    helps = Words(label="What helps")
    on = SplitDate(label="By when")
    who = forms.MultipleChoiceField(
        label="Who", choices=[("m", "Mum"), ("o", "Mr Okoro")], widget=forms.CheckboxSelectMultiple
    )
    told = forms.BooleanField(label="Ada was told", required=False)


TYPED = "version=1&helps=A+quiet+corner.%0D%0AThen+back.&on_0=1&on_1=2&on_2=2027&who=m&told=on"
NOW = {"helps": "A red card", "on": date(2027, 1, 30), "who": ["o", "m"], "told": False}


def test_both_sides_of_a_conflict_are_shown_in_words() -> None:
    rows = conflict.rows(Plan(QueryDict(TYPED)), NOW)
    assert [(row.label, row.yours, row.theirs, row.differs) for row in rows] == [
        ("What helps", "A quiet corner.\nThen back.", "A red card", True),
        ("By when", "1 February 2027", "30 January 2027", True),
        ("Who", "Mum", "Mr Okoro, Mum", True),
        ("Ada was told", "Yes", "No", True),
    ]


def test_what_is_the_same_on_both_sides_is_not_asked() -> None:
    now = {"helps": "A quiet corner.\nThen back.", "on": date(2027, 2, 1), "who": ["m"], "told": True}
    assert [row.differs for row in conflict.rows(Plan(QueryDict(TYPED)), now)] == [False] * 4


@pytest.mark.parametrize("side", ["yours", "theirs"])
def test_a_choice_between_two_sides_posts_the_whole_of_that_side(side: str) -> None:
    rows = conflict.rows(Plan(QueryDict(TYPED)), NOW)
    post = QueryDict("settling=yes&version=2", mutable=True)
    for row in rows:
        post[f"keep-{row.name}"] = side
        for each, inputs in (("yours", row.yours_inputs), ("theirs", row.theirs_inputs)):
            for name, value in inputs:
                post.appendlist(f"{each}-{row.name}:{name}", value)
    form = Plan(conflict.settled(post))
    assert form.is_valid(), form.errors
    assert (
        form.cleaned_data
        == {
            "yours": {
                "version": 2,
                "helps": "A quiet corner.\nThen back.",
                "on": date(2027, 2, 1),
                "who": ["m"],
                "told": True,
            },
            "theirs": {
                "version": 2,
                "helps": "A red card",
                "on": date(2027, 1, 30),
                "who": ["m", "o"],
                "told": False,
            },
        }[side]
    )


def test_a_post_without_a_conflict_is_taken_as_it_is() -> None:
    post = QueryDict(TYPED)
    assert conflict.settled(post) is post
