"""What a SENCO types about money, in pounds."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from accounts.fields import SplitDate, Words

from . import selectors_staff as staff
from .forms import OneOf, Writing

_POUNDS = {"class": "govuk-input--width-5", "inputmode": "decimal"}


class Pounds(forms.DecimalField):
    """An amount in pounds; a pound sign and commas are let through."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(_POUNDS))
        super().__init__(min_value=0, max_digits=9, decimal_places=2, **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.replace("£", "").replace(",", "").strip()
        return super().to_python(value)


class AllocationForm(Writing):
    stream: Any = forms.ModelChoiceField(
        label=_lazy("Where the money comes from"), queryset=None, empty_label=None, widget=forms.RadioSelect
    )
    amount = Pounds(label=_lazy("How much, in pounds"))
    purpose = Words(
        label=_lazy("What it is for"), rows=3, help_text=_lazy("In words that the family can follow")
    )
    difference = Words(
        label=_lazy("The difference we hope for"),
        rows=2,
        required=False,
        help_text=_lazy("What will be different for them. At the end each says if it was"),
    )
    starts_on = SplitDate(label=_lazy("From"))
    ends_on = SplitDate(label=_lazy("Until"), help_text=_lazy("The first day on which it is no longer there"))

    def fill(self) -> None:
        assert self.sight is not None
        if self.row is not None:
            del self.fields["stream"]
            return
        self.fields["stream"].queryset = staff.streams(self.sight.pupil, self.sight.at)  # type: ignore[attr-defined]


class UseForm(Writing):
    strategy = OneOf(label=_lazy("For what?"), queryset=None, empty_label=None, widget=forms.RadioSelect)
    planned = Pounds(label=_lazy("Planned, in pounds"))
    used = Pounds(
        label=_lazy("Used so far, in pounds"),
        required=False,
        help_text=_lazy("Leave empty until you know. Empty is shown as “not recorded yet”, never as £0"),
    )
    note = Words(label=_lazy("A note"), required=False, rows=2)

    def fill(self) -> None:
        assert self.sight is not None
        if self.row is not None:
            del self.fields["strategy"]
            return
        self.fields["strategy"].queryset = staff.open_strategies(self.sight.pupil)  # type: ignore[attr-defined]
