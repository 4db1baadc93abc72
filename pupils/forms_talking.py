"""How to talk with somebody of a family, as a SENCO writes it down."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.enums import Asked, Channel
from accounts.fields import SplitDate
from accounts.forms import PreferencesForm
from accounts.models import Preferences
from accounts.services import PREFERENCES

from .talking import ON_PAPER

#: The same questions that a person answers of themself, as they are asked of somebody.
LABELS = {
    "spoken_language": _lazy("The language they like to speak"),
    "written_language": _lazy("The language they like to read"),
    "needs_interpreter": _lazy("They want an interpreter at meetings"),
    "format": _lazy("How they like to read things"),
    "channel": _lazy("How we should reach them"),
    "phone": _lazy("Their mobile number"),
    "postal_address": _lazy("Their address"),
    "good_times": _lazy("Times that are good for them"),
    "daily_digest": _lazy("Put the day’s messages together in one"),
    "trusted_person": _lazy("Somebody we may talk to with them"),
    "notes": _lazy("Anything else that helps when we talk"),
}


class TalkingForm(PreferencesForm):
    """What somebody said of how to talk with them; and how, and on which day, they were asked."""

    how = forms.ChoiceField(label=_lazy("How you asked"), choices=Asked.choices, widget=forms.RadioSelect)
    asked_on = SplitDate(label=_lazy("When you asked"))
    field_order = ["how", "asked_on"]

    def __init__(self, *args: Any, signs_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in LABELS.items():
            self.fields[name].label = label
        self.fields["trusted_person"].help_text = _("A friend, relative or helper they would like there")
        self.fields["phone"].widget.attrs["autocomplete"] = "off"
        self.fields["postal_address"].widget.attrs["autocomplete"] = "off"
        field: Any = self.fields["channel"]
        theirs = {Channel.IN_APP: _lazy("Only when they sign in")}
        field.choices = [(value, theirs.get(value, label)) for value, label in field.choices]
        if not signs_in:
            field.choices = [(value, label) for value, label in field.choices if value in ON_PAPER]
            if self.instance.channel not in ON_PAPER and not self.is_bound:
                self.initial["channel"] = Channel.LETTER

    @property
    def preferences(self) -> dict[str, Any]:
        """What was typed of the preferences themselves."""
        return {name: self.cleaned_data[name] for name in PREFERENCES}

    class Meta(PreferencesForm.Meta):
        model = Preferences
