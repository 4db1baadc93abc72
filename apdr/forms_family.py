"""What families, young people and teachers answer with."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.fields import BigChoices, SplitDate, Words
from accounts.words import LIMIT

from .enums import Answer, Audience, ProposalKind


class SentForm(forms.Form):
    """A form with a key of its own, so that one posted twice is one thing said."""

    sent_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"sent_key": uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)


class LogForm(SentForm):
    """A level, a sentence, or both. The level is the button that is pressed, or a number for counting."""

    value = forms.IntegerField(
        required=False, label=_lazy("How many?"), error_messages={"invalid": _lazy("Use a number, like 3")}
    )
    note = Words(
        max_length=LIMIT,
        rows=2,
        required=False,
        label=_lazy("What happened, in a sentence"),
        help_text=_lazy("Or just press a button below."),
    )
    on = SplitDate(required=False, label=_lazy("The day"))


class ChildLogForm(LogForm):
    note = Words(max_length=LIMIT, rows=2, required=False, label=_lazy("Do you want to say more?"))
    on = None  # type: ignore[assignment]


class AnswerForm(SentForm):
    answer = forms.ChoiceField(
        choices=Answer.choices,
        widget=BigChoices(pictures={Answer.AGREE: "thumbs-up", Answer.DISAGREE: "thinking"}),
        label=_lazy("Do you agree with this plan?"),
        error_messages={"required": _lazy("Choose one")},
    )
    why = Words(
        max_length=LIMIT,
        required=False,
        label=_lazy("Tell us more"),
        help_text=_lazy("If you do not agree, say what should be different. Your words stay with the plan."),
    )


class CommentForm(SentForm):
    words = Words(
        max_length=LIMIT,
        label=_lazy("What would you like to say?"),
        error_messages={"required": _lazy("Write something first")},
    )
    about = forms.UUIDField(required=False, widget=forms.HiddenInput)


class WriteBackForm(SentForm):
    words = Words(
        max_length=LIMIT,
        label=_lazy("What would you like to say?"),
        help_text=_lazy("Such as: what you saw, what you advise, or a question"),
        error_messages={"required": _lazy("Write something first")},
    )


class ProposeForm(SentForm):
    kind = forms.ChoiceField(
        choices=[
            (ProposalKind.HOME_STRATEGY, _lazy("Something that helps at home")),
            (ProposalKind.SETTING_STRATEGY, _lazy("Something that could help at school")),
            (ProposalKind.STEP, _lazy("A next step")),
        ],
        widget=BigChoices(
            pictures={
                ProposalKind.HOME_STRATEGY: "home",
                ProposalKind.SETTING_STRATEGY: "school",
                ProposalKind.STEP: "footsteps",
            }
        ),
        label=_lazy("What is your idea?"),
        error_messages={"required": _lazy("Choose one")},
    )
    words = Words(
        max_length=LIMIT,
        rows=3,
        label=_lazy("Your idea"),
        error_messages={"required": _lazy("Write your idea first")},
    )
    why = Words(max_length=LIMIT, rows=3, required=False, label=_lazy("Why it would help"))


RATHER_NOT = "rather_not"


class SayForm(SentForm):
    """What a parent carer or a young person thinks. To choose not to say is an answer."""

    words = Words(
        max_length=LIMIT, rows=5, required=False, label=_lazy("What is going well, and what is hard?")
    )
    helps = Words(max_length=LIMIT, rows=3, required=False, label=_lazy("What helps?"))
    hopes = Words(max_length=LIMIT, rows=3, required=False, label=_lazy("What do you hope for?"))
    audience = forms.ChoiceField(
        choices=[
            (Audience.EVERYONE, _lazy("Everyone who can see “What we said”")),
            (Audience.COORDINATOR, _lazy("Only the SENCO, and me")),
        ],
        initial=Audience.EVERYONE,
        widget=forms.RadioSelect,
        label=_lazy("Who can read this?"),
    )
    rather_not = forms.BooleanField(required=False, label=_lazy("I would rather not say this time"))

    def clean(self) -> dict[str, Any]:
        """Words, or the answer that there are none this time."""
        said = super().clean() or {}
        if not said.get("rather_not") and "words" in said and not said["words"].strip():
            self.add_error("words", _("Write something, or choose “I would rather not say this time”"))
        return said


class ParentSayForm(SayForm):
    """What a parent carer thinks: no other home reads it."""

    audience = forms.ChoiceField(
        choices=[
            (Audience.EVERYONE, _lazy("The school, my child and the people I live with")),
            (Audience.COORDINATOR, _lazy("Only the SENCO, and me")),
        ],
        initial=Audience.EVERYONE,
        widget=forms.RadioSelect,
        label=_lazy("Who can read this?"),
    )


class ChildSayForm(SentForm):
    """A feeling, words, or neither: one press is enough."""

    feeling = forms.ChoiceField(
        choices=[
            ("good", _lazy("Good")),
            ("ok", "OK"),
            ("hard", _lazy("Hard")),
            (RATHER_NOT, _lazy("I’d rather not say today")),
        ],
        widget=BigChoices(pictures={"good": "grin", "ok": "smile", "hard": "sad", RATHER_NOT: "quiet"}),
        label=_lazy("How is it going?"),
        error_messages={"required": _lazy("Choose one")},
    )
    words = Words(max_length=LIMIT, rows=3, required=False, label=_lazy("Do you want to say more?"))
    audience = forms.ChoiceField(
        choices=[
            (Audience.EVERYONE, _lazy("The people who help me, and my family")),
            (Audience.COORDINATOR, _lazy("Only the SENCO")),
        ],
        initial=Audience.EVERYONE,
        widget=forms.RadioSelect,
        label=_lazy("Who can read it?"),
    )
