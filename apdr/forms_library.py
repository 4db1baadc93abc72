"""Searching a library of strategies, and writing in it."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.fields import BigChoices, Lines, Words
from pupils.enums import Area
from pupils.forms import as_read

from .enums import AtHome, LibrarySource, SchoolPhase
from .forms import OUT_OF_DATE, Asking
from .models import LibraryStrategy
from .selectors_library import RETIRED


class LibraryFilters(forms.Form):
    """Narrowing a library; whatever does not fit is left out rather than refused."""

    q = forms.CharField(label=_lazy("Words"), required=False, max_length=80)
    area = forms.ChoiceField(label=_lazy("Area"), required=False)
    phase = forms.ChoiceField(label=_lazy("Phase"), required=False)
    source = forms.ChoiceField(label=_lazy("Whose"), required=False)
    place = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, *args: Any, keeps: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        retired = [(RETIRED, _("Not offered any more"))] if keeps else []
        for name, every, choices in (
            ("area", _("Every area"), Area.choices),
            ("phase", _("Every phase"), SchoolPhase.choices),
            ("source", _("Everybody’s"), [*LibrarySource.choices, *retired]),
        ):
            self.fields[name].choices = [("", every), *choices]  # type: ignore[attr-defined]

    @property
    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("q", "area", "phase", "source")}


class LibraryForm(Asking):
    """A strategy of a library: a new one brings the id it will have, an old one the version it was read at."""

    words = Lines(
        label=_lazy("What we do"),
        max_length=300,
        help_text=_lazy("What an adult does or says, such as “One instruction at a time”"),
    )
    how = Words(
        label=_lazy("How to do it"),
        required=False,
        rows=4,
        help_text=_lazy("Enough for somebody who has never met the pupil"),
    )
    area = forms.ChoiceField(label=_lazy("Area"), choices=Area.choices, widget=forms.RadioSelect)
    phases = forms.MultipleChoiceField(
        label=_lazy("For which phases"), choices=SchoolPhase.choices, widget=forms.CheckboxSelectMultiple
    )
    source = forms.ChoiceField(
        label=_lazy("Whose is it?"), choices=LibrarySource.choices[:2], widget=forms.RadioSelect
    )

    def __init__(self, data: Any = None, *, row: LibraryStrategy | None = None) -> None:
        super().__init__(data, initial=self.now(row) if row else {"source": LibrarySource.SETTING})
        as_read(self, row.version if row else None)
        if row is not None and row.source == LibrarySource.ALONGSIDE:
            self.fields["source"].choices = LibrarySource.choices  # type: ignore[attr-defined]

    def now(self, row: LibraryStrategy) -> dict[str, Any]:
        return {name: getattr(row, name) for name in self.base_fields}


class RetireForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages=OUT_OF_DATE)
    back = forms.BooleanField(widget=forms.HiddenInput, required=False)


class UseForm(Asking):
    """One press: which strategy, where it is to be used, and the id that it will have in the draft."""

    strategy = forms.UUIDField(widget=forms.HiddenInput, error_messages=OUT_OF_DATE)
    place = forms.ChoiceField(
        widget=forms.HiddenInput, choices=[("setting", ""), ("home", "")], error_messages=OUT_OF_DATE
    )
    key = forms.UUIDField(widget=forms.HiddenInput, error_messages=OUT_OF_DATE)


class AtHomeForm(Asking):
    answer = forms.ChoiceField(
        label=_lazy("Would you like to try it at home?"),
        choices=AtHome.choices,
        widget=BigChoices(pictures={AtHome.TRY: "home", AtHome.NOT_US: "thinking"}),
        error_messages={"required": _lazy("Choose one")},
    )
    why = Words(
        label=_lazy("Do you want to say more?"),
        required=False,
        rows=3,
        help_text=_lazy("The school reads this, and the child can. Another home does not"),
    )
    sent_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, error_messages=OUT_OF_DATE)
