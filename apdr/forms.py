"""What staff type into a cycle. Rules are the services'; a form asks, and keeps what was typed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _lazy

from accounts.fields import BigChoices, Lines, SplitDate, Words
from pupils import policy
from pupils.enums import Area
from pupils.forms import as_read, put_beside

from .enums import NeedKind, Perspective
from .models import Cycle

OUT_OF_DATE = {
    "required": _lazy("This form is out of date. Open the page again."),
    "invalid": _lazy("This form is out of date. Open the page again."),
}
SHORT = {"class": "govuk-input--width-5", "inputmode": "decimal"}


class Asking(forms.Form):
    """A form whose post a service may refuse."""

    @property
    def typed(self) -> dict[str, Any]:
        """What a service takes."""
        return dict(self.cleaned_data)

    def refuse(self, error: ValidationError) -> None:
        """`put_beside`, for a form whose fields are called as a service calls them."""
        put_beside(self, error)


class OneOf(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among rows of the plan, each in all of its words."""

    def label_from_instance(self, obj: Any) -> str:
        return str(getattr(obj, "words", obj))


class Writing(Asking):
    """A form for one row of a cycle: a new one brings the id it will have, an old one the version it was read at."""

    def __init__(
        self,
        data: Any = None,
        *,
        cycle: Cycle | None = None,
        sight: policy.Sight | None = None,
        row: models.Model | None = None,
        initial: dict[str, Any] | None = None,
        files: Any = None,
    ) -> None:
        stored = self.now(row) if row is not None else {}
        super().__init__(data, files, initial={**(initial or {}), **stored})
        self.cycle, self.sight, self.row = cycle, sight, row
        self.fill()
        as_read(self, getattr(row, "version", None))

    def fill(self) -> None:
        """Give fields the choices that depend on whose plan it is."""

    def now(self, row: models.Model) -> dict[str, Any]:
        """What is stored, by field name."""
        return {name: getattr(row, name) for name in self.base_fields}


class NeedForm(Writing):
    kind = forms.ChoiceField(
        label=_lazy("What is this?"),
        choices=NeedKind.choices,
        widget=BigChoices(
            descriptions={
                NeedKind.STRENGTH: _lazy("Something that goes well, to build on"),
                NeedKind.NEED: _lazy("Something that is hard"),
            }
        ),
    )
    area = forms.ChoiceField(label=_lazy("Area"), choices=Area.choices, widget=forms.RadioSelect)
    words = Words(
        label=_lazy("What we notice"),
        rows=3,
        help_text=_lazy("What somebody would see or hear, without labels"),
    )
    evidence = Words(
        label=_lazy("How we know"),
        required=False,
        rows=3,
        help_text=_lazy("Such as a piece of work, an assessment, or what was seen and when"),
    )
    source = forms.ChoiceField(
        label=_lazy("Who told us?"), choices=Perspective.choices, initial=Perspective.STAFF
    )
    source_name = Lines(
        label=_lazy("Their name or role"),
        required=False,
        max_length=150,
        help_text=_lazy("Such as Mrs Khan, or Ada’s mum"),
    )


class MeasureForm(Writing):
    name = Lines(
        label=_lazy("What was measured"),
        max_length=150,
        help_text=_lazy("Such as reading speed, or days at school"),
    )
    unit = Lines(
        label=_lazy("Counted in"),
        max_length=60,
        required=False,
        help_text=_lazy("Such as words a minute, or standard score"),
    )
    need = OneOf(
        label=_lazy("Which need it is about"),
        queryset=None,
        required=False,
        empty_label=_lazy("None in particular"),
    )
    entry = forms.DecimalField(
        label=_lazy("At the start"),
        required=False,
        max_digits=9,
        decimal_places=2,
        help_text=_lazy("Leave empty if it was not measured. Empty is never counted as 0"),
        widget=forms.TextInput(SHORT),
    )
    entry_on = SplitDate(label=_lazy("Day of the first measure"), required=False)
    exit = forms.DecimalField(
        label=_lazy("At the end"),
        required=False,
        max_digits=9,
        decimal_places=2,
        help_text=_lazy("The same measure again, before the review"),
        widget=forms.TextInput(SHORT),
    )
    exit_on = SplitDate(label=_lazy("Day of the second measure"), required=False)

    def fill(self) -> None:
        assert self.cycle is not None
        self.fields["need"].queryset = self.cycle.needs.filter(removed_at=None)  # type: ignore[attr-defined]


class OutcomeForm(Writing):
    words = Words(
        label=_lazy("The difference we want"),
        rows=3,
        help_text=_lazy(
            "What will be different for them, such as “Starts work alone because the task makes sense”. "
            "Hours and sessions go under What helps"
        ),
    )
    why = Words(
        label=_lazy("Why it matters to them"),
        required=False,
        rows=3,
        help_text=_lazy("Best in their own words"),
    )
    area = forms.ChoiceField(label=_lazy("Area"), choices=Area.choices, widget=forms.RadioSelect)
    by_when = SplitDate(
        label=_lazy("By when"), required=False, help_text=_lazy("Often the end of a school year")
    )


class CycleForm(Writing):
    review_on = SplitDate(
        label=_lazy("Review day"), help_text=_lazy("The plan is looked at together by this day")
    )
    responsibilities = Words(
        label=_lazy("Who does what"),
        required=False,
        rows=6,
        help_text=_lazy("One line each for school, home and child. Everybody who has the plan reads this"),
    )


class OpenForm(Asking):
    review_on = SplitDate(
        label=_lazy("Review day"), help_text=_lazy("The plan is looked at together by this day")
    )


class ShareForm(forms.Form):
    """`after` is the number of the version that the sharer knows; `looked_at` the mark of the draft they see."""

    note = Words(
        label=_lazy("A word to the family"),
        required=False,
        rows=3,
        help_text=_lazy("What is new and why, in everyday words. It stands at the top of the plan"),
    )
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0, error_messages=OUT_OF_DATE)
    looked_at = forms.CharField(widget=forms.HiddenInput, max_length=64, error_messages=OUT_OF_DATE)


class TakeOffForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages=OUT_OF_DATE)
