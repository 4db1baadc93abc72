"""What staff write down of what somebody said."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.fields import BigChoices, Lines, Words

from . import selectors_staff as staff
from .enums import Audience, HowObtained, Perspective
from .forms import Writing
from .forms_voice import ScribeFields, symbols_of


class ViewForm(ScribeFields, Writing):
    perspective = forms.ChoiceField(
        label=_lazy("Who said it?"), choices=Perspective.choices, widget=forms.RadioSelect
    )
    said_by_name = Lines(
        label=_lazy("Their name"),
        max_length=150,
        required=False,
        help_text=_lazy("Needed for staff and visiting professionals"),
    )
    household = forms.ChoiceField(
        label=_lazy("For a parent carer: which home?"),
        required=False,
        help_text=_lazy("Only this home, the child and staff will see these words"),
    )
    how = forms.ChoiceField(
        label=_lazy("How did you find out?"),
        choices=HowObtained.choices,
        widget=forms.RadioSelect,
        help_text=_lazy("“They chose not to say” is an answer too"),
    )
    how_words = Lines(
        label=_lazy("How, in a few words"),
        max_length=200,
        required=False,
        help_text=_lazy("Such as: drawing together, a walk round the field, three picture cards"),
    )
    words = Words(
        label=_lazy("What they said"),
        required=False,
        rows=5,
        help_text=_lazy("In their own words, as they said them"),
    )
    helps = Words(label=_lazy("What they say helps"), required=False, rows=3)
    hopes = Words(label=_lazy("What they hope for"), required=False, rows=3)
    audience = forms.ChoiceField(
        label=_lazy("Who may read this?"),
        choices=Audience.choices,
        initial=Audience.EVERYONE,
        widget=BigChoices,
    )

    def fill(self) -> None:
        assert self.sight is not None
        self.homes = staff.households(self.sight.pupil)
        choices = [("", _("Not a parent carer")), *((str(pk), names) for pk, names in self.homes)]
        self.fields["household"].choices = choices  # type: ignore[attr-defined]

    @property
    def typed(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        symbols = symbols_of(typed)
        return typed | {
            "symbols": symbols,
            "household": staff.household(typed["household"]),
            "perspective": Perspective(typed["perspective"]),
            "how": HowObtained(typed["how"]),
            "audience": Audience(typed["audience"]),
        }
