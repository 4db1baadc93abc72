"""Asking for a part, answering who asks, and sharing with a professional."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.fields import BigChoices, Email, Lines, SplitDate, Words
from accounts.words import StrOrPromise

from . import forms_choices, requests
from .enums import Answer, Section
from .professionals import latest_end

#: What each part is, in words for whoever chooses about it.
ABOUT: dict[Section, StrOrPromise] = {
    Section.PROFILE: _lazy("Who they are, and how to talk with them"),
    Section.NEEDS: _lazy("What goes well, what is hard, and what was measured"),
    Section.PLAN: _lazy("The plan, the next steps, and how they go"),
    Section.STRATEGIES: _lazy("What helps, at school and at home"),
    Section.FUNDING: _lazy("The money for the plan"),
    Section.VIEWS: _lazy("What people think and said"),
    Section.REVIEWS: _lazy("What was said and decided at reviews"),
    Section.UPDATES: _lazy("What home and school write to each other"),
}


def _parts(sections: list[Section]) -> list[tuple[str, str]]:
    return [(section.value, section.label) for section in sections]


def _with_end(one: requests.Held) -> str:
    """The name of a part that is open already, and until when."""
    if one.until:
        return _("%(part)s (open to them already, until %(until)s)") % {
            "part": one.section.label,
            "until": date_format(one.until, "j E Y"),
        }
    return _("%(part)s (open to them already)") % {"part": one.section.label}


class AskForm(forms.Form):
    section = forms.ChoiceField(
        label=_lazy("Which part do you want to see?"),
        widget=BigChoices(descriptions={s.value: words for s, words in ABOUT.items()}),
        error_messages={
            "required": _lazy("Choose a part"),
            "invalid_choice": _lazy("Choose one of these parts"),
        },
    )
    reason = Words(
        max_length=500,
        rows=3,
        label=_lazy("Why would it help?"),
        help_text=_lazy("They read this before they answer"),
        error_messages={"required": _lazy("Say why it would help")},
    )

    def __init__(self, *args: Any, sections: list[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"].choices = _parts(sections)  # type: ignore[attr-defined]

    def clean_section(self) -> Section:
        return Section(self.cleaned_data["section"])


class Parts(forms.MultipleChoiceField):
    """Sections, each with a box to tick."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> list[Section]:
        return [Section(each) for each in super().clean(value)]


#: How long a yes lasts: a key, and its words.
LONG: dict[str, StrOrPromise] = {
    "day": _lazy("Today only"),
    **{key: forms_choices.LONG[key][0] for key in ("week", "month")},
    "date": _lazy("Until a day I choose"),
    "open": _lazy("Until I change my mind"),
}


class AnswerRequestForm(forms.Form):
    """Yes or no, to what was asked or to something else. `at` is the instant from which a time is counted."""

    answer = forms.ChoiceField(
        label=_lazy("What is your answer?"),
        choices=[(Answer.YES.value, _lazy("Yes")), (Answer.NO.value, _lazy("No"))],
        widget=BigChoices(
            descriptions={
                "yes": _lazy("Then choose what and for how long"),
                "no": _lazy("They are told no, and no reason"),
            }
        ),
        error_messages={"required": _lazy("Choose yes or no")},
    )
    sections = Parts(
        label=_lazy("What may they see?"),
        help_text=_lazy("It can be something else than they asked for. You need not choose if you say no."),
        required=False,
    )
    long = forms.ChoiceField(label=_lazy("For how long?"), widget=forms.RadioSelect, required=False)
    until = SplitDate(label=_lazy("The last day"), required=False, help_text=_lazy("If you choose a day"))
    purpose = Lines(
        label=_lazy("What for?"),
        max_length=300,
        required=False,
        help_text=_lazy("If you want to say. It is kept with your answer."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(
        self,
        *args: Any,
        sections: list[Section],
        at: datetime,
        may_stay: bool,
        held: Sequence[requests.Held] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.at, self.held = at, held
        open_now = {one.section: one for one in held}
        self.fields["sections"].choices = [  # type: ignore[attr-defined]
            (s.value, _with_end(open_now[s]) if s in open_now else s.label) for s in sections
        ]
        if any(one.choice for one in held):
            self.fields["long"].help_text = _(
                "What they can see for longer already stays open. To end it sooner, use Stop."
            )
        lengths = [(key, text) for key, text in LONG.items() if may_stay or key != "open"]
        self.fields["long"].choices = lengths  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A yes says to what and for how long; what goes with a no is left out."""
        typed = super().clean() or {}
        if typed.get("answer") != Answer.YES:
            self.errors.pop("until", None)
            return typed
        if not typed.get("sections") and "sections" not in self.errors:
            self.add_error("sections", _("Choose at least one part, or say no"))
        if not typed.get("long") and "long" not in self.errors:
            self.add_error("long", _("Choose for how long"))
        today = timezone.localdate(self.at)
        if typed.get("long") == "date" and "until" not in self.errors:
            if typed.get("until") is None:
                self.add_error("until", _("Write the last day"))
            elif typed["until"] < today:
                self.add_error("until", _("Choose a day that is still to come"))
        return typed

    @property
    def staying(self) -> list[Section]:
        """What a valid form would have ended sooner than it does already: it stays as it is."""
        given = self.given
        ends_at = given.get("ends_at")
        return [one.section for one in self.held if one.section in given["give"] and one.outlasts(ends_at)]

    @property
    def given(self) -> dict[str, Any]:
        """What a valid form amounts to for `requests.answer`."""
        typed = self.cleaned_data
        if typed["answer"] == Answer.NO:
            return {"give": [], "key": typed["key"]}
        today = timezone.localdate(self.at)
        last: dict[str, date | None] = {
            "day": today,
            **{key: today + timedelta(days=forms_choices.LONG[key][1]) for key in ("week", "month")},
            "date": typed["until"],
        }
        day = last.get(typed["long"])
        return {
            "give": typed["sections"],
            "ends_at": requests.end_of(day) if day else None,
            "purpose": typed["purpose"],
            "key": typed["key"],
        }


class ShareForm(forms.Form):
    name = Lines(
        label=_lazy("Their name"), max_length=150, error_messages={"required": _lazy("Write their name")}
    )
    email = Email(
        label=_lazy("Their own e-mail address"),
        max_length=254,
        help_text=_lazy("They sign in with a code that we send there"),
        error_messages={"required": _lazy("Write their e-mail address")},
    )
    sections = Parts(
        label=_lazy("What may they see?"),
        choices=_parts(list(Section)),
        error_messages={"required": _lazy("Choose at least one part")},
    )
    until = SplitDate(
        label=_lazy("The last day"),
        help_text=_lazy("It closes by itself after this day. It can be up to 12 months from now"),
        error_messages={"required": _lazy("Write the last day")},
    )
    purpose = Lines(
        label=_lazy("What for?"),
        max_length=300,
        help_text=_lazy("Such as: help with my speech"),
        error_messages={"required": _lazy("Say what it is for")},
    )
    key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages=dict.fromkeys(
            ["required", "invalid"], _lazy("This form is out of date. Open the page again.")
        ),
    )

    def __init__(self, *args: Any, sections: list[Section], at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sections"].choices = _parts(sections)  # type: ignore[attr-defined]
        self.at = at

    def clean_until(self) -> date:
        day: date = self.cleaned_data["until"]
        if day < timezone.localdate(self.at):
            raise forms.ValidationError(_("Choose a day that is still to come"))
        if day > latest_end(self.at):
            raise forms.ValidationError(_("Choose a day within 12 months. You can share again after that"))
        return day
