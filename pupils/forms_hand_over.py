"""Forms about the day on which a young person begins to decide; the services hold the rules."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from accounts.fields import Lines, SplitDate, Words

from .errors import OUT_OF_DATE


class KeyedForm(forms.Form):
    """A form that is one row however often it is sent."""

    key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages=dict.fromkeys(["required", "invalid"], OUT_OF_DATE),
    )


class TalkForm(KeyedForm):
    on = SplitDate(label=_lazy("When you talked"))
    with_whom = Lines(
        label=_lazy("Who was there"),
        max_length=300,
        help_text=_lazy("Such as: the young person, their mother, you"),
    )
    how = Words(
        label=_lazy("How you explained it"),
        max_length=2000,
        rows=4,
        help_text=_lazy("Such as: with the easy words, with pictures, with an interpreter"),
    )
