"""Looking for help, writing a directory of it, and offering some of it."""

from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.fields import Lines, SplitDate, Words
from apdr.enums import SchoolPhase
from apdr.forms import OUT_OF_DATE, Asking
from pupils.forms import as_read

from .enums_updates import HelpKind, SaidToSignpost
from .models import Signpost
from .signposts import To

AGE = {"class": "govuk-input--width-3", "inputmode": "numeric"}


class SignpostFilters(forms.Form):
    """Narrowing a directory; whatever does not fit is left out rather than refused."""

    q = forms.CharField(label=_lazy("Words, place or language"), required=False, max_length=80)
    kind = forms.ChoiceField(label=_lazy("Kind of help"), required=False)
    phase = forms.ChoiceField(label=_lazy("Phase"), required=False)
    age = forms.IntegerField(
        label=_lazy("Age"), required=False, min_value=0, max_value=99, widget=forms.TextInput(AGE)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("Every kind")), *HelpKind.choices]  # type: ignore[attr-defined]
        self.fields["phase"].choices = [("", _("Every phase")), *SchoolPhase.choices]  # type: ignore[attr-defined]

    def of(self, rows: QuerySet[Signpost]) -> QuerySet[Signpost]:
        """Those of some signposts that fit what was asked for."""
        self.is_valid()
        asked = self.cleaned_data
        for word in asked.get("q", "").split():
            named = Q(name__icontains=word) | Q(what__icontains=word)
            rows = rows.filter(named | Q(area__icontains=word) | Q(languages__icontains=word))
        if asked.get("kind"):
            rows = rows.filter(kind=asked["kind"])
        if asked.get("phase"):
            rows = rows.filter(phases__contains=[asked["phase"]])
        if (age := asked.get("age")) is not None:
            rows = rows.filter(Q(age_from=None) | Q(age_from__lte=age), Q(age_to=None) | Q(age_to__gte=age))
        return rows


class SignpostForm(Asking):
    """One place to find help: a new one brings the id it will have, an old one the version it was read at."""

    name = Lines(label=_lazy("Name"), max_length=150)
    what = Words(
        label=_lazy("How they help"),
        max_length=500,
        rows=3,
        help_text=_lazy("In words that a family uses. For money, say whose it is"),
    )
    kind = forms.ChoiceField(label=_lazy("Kind of help"), choices=HelpKind.choices)
    phases = forms.MultipleChoiceField(
        label=_lazy("For which phases"), choices=SchoolPhase.choices, widget=forms.CheckboxSelectMultiple
    )
    age_from = forms.IntegerField(
        label=_lazy("From age"), required=False, min_value=0, max_value=99, widget=forms.TextInput(AGE)
    )
    age_to = forms.IntegerField(
        label=_lazy("To age"),
        required=False,
        min_value=0,
        max_value=99,
        help_text=_lazy("Leave both empty if it is for every age"),
        widget=forms.TextInput(AGE),
    )
    area = Lines(
        label=_lazy("Where"), max_length=80, required=False, help_text=_lazy("Empty means everywhere in England")
    )  # fmt: skip
    languages = Lines(
        label=_lazy("Languages"),
        max_length=200,
        required=False,
        help_text=_lazy("Besides English, such as Polish, Ukrainian"),
    )
    address = Lines(
        label=_lazy("Web address"),
        max_length=300,
        required=False,
        help_text=_lazy("It starts with https://. Leave it empty if you are not sure of it"),
    )
    checked_on = SplitDate(label=_lazy("Day on which somebody last looked if this is true"), required=False)

    def __init__(self, data: Any = None, *, row: Signpost | None = None) -> None:
        super().__init__(data, initial=self.now(row) if row else {})
        as_read(self, row.version if row else None)

    def now(self, row: Signpost) -> dict[str, Any]:
        return {name: getattr(row, name) for name in self.base_fields}


class MarkForm(forms.Form):
    """One press on a signpost."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages=OUT_OF_DATE)
    do = forms.ChoiceField(
        widget=forms.HiddenInput,
        choices=[("checked", ""), ("retire", ""), ("back", "")],
        error_messages=OUT_OF_DATE,
    )


class OfferForm(Asking):
    """What is offered to whom of a pupil's family."""

    signpost = forms.ModelChoiceField(
        Signpost.objects.none(), label=_lazy("What would help them?"), empty_label=None, widget=forms.RadioSelect
    )  # fmt: skip
    to = forms.ChoiceField(label=_lazy("To whom?"), widget=forms.RadioSelect)
    note = Words(
        label=_lazy("Why it could help them"),
        max_length=500,
        required=False,
        rows=2,
        help_text=_lazy("They read this, and the child can. Another home does not"),
    )
    sent_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, error_messages=OUT_OF_DATE)

    def __init__(self, data: Any = None, *, signposts: Any, recipients: list[To], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.recipients = {to.value: to for to in recipients}
        self.fields["signpost"].queryset = signposts  # type: ignore[attr-defined]
        self.fields["to"].choices = [(to.value, to.name) for to in recipients]  # type: ignore[attr-defined]
        if len(recipients) == 1:
            self.fields["to"].initial = recipients[0].value

    @property
    def typed(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        return typed | {"household": self.recipients[typed.pop("to")].household}


class ThanksForm(Asking):
    answer = forms.ChoiceField(
        choices=SaidToSignpost.choices, widget=forms.HiddenInput, error_messages=OUT_OF_DATE
    )
    sent_key = forms.UUIDField(widget=forms.HiddenInput, error_messages=OUT_OF_DATE)
