"""What people say of money, and what a SENCO writes down of rates and costs."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.fields import BigChoices, Lines, SplitDate, Words
from accounts.words import LIMIT
from pupils import policy

from . import selectors_staff as staff
from .enums import Answer, Difference, FundingNext, HowObtained, Perspective, StreamKind, Unit
from .forms import OUT_OF_DATE, SHORT, Asking
from .forms_family import RATHER_NOT, SentForm
from .forms_funding import Pounds

_FACES = {"yes": "grin", "bit": "smile", "no": "sad", "too_soon": "thinking", RATHER_NOT: "quiet"}


class SayFundingForm(SentForm, Asking):
    """What a parent carer or a child thinks of what money was used for: one press is enough."""

    rating = forms.ChoiceField(
        choices=[
            (Difference.YES, _lazy("Yes, it did")),
            (Difference.BIT, _lazy("A bit")),
            (Difference.NO, _lazy("No")),
            (Difference.TOO_SOON, _lazy("Too soon to say")),
            (RATHER_NOT, _lazy("I’d rather not say")),
        ],
        widget=BigChoices(pictures=_FACES),
        label=_lazy("Did it make a difference?"),
        error_messages={"required": _lazy("Choose one")},
    )
    words = Words(max_length=LIMIT, rows=3, required=False, label=_lazy("Do you want to say more?"))

    @property
    def typed(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        rating = typed["rating"]
        return typed | {"rating": None if rating == RATHER_NOT else Difference(rating)}


class AgreeFundingForm(SentForm, Asking):
    answer = forms.ChoiceField(
        choices=Answer.choices,
        widget=BigChoices(pictures={Answer.AGREE: "thumbs-up", Answer.DISAGREE: "thinking"}),
        label=_lazy("Do you agree with what it is for?"),
        error_messages={"required": _lazy("Choose one")},
    )
    words = Words(
        max_length=LIMIT,
        rows=3,
        required=False,
        label=_lazy("Tell us more"),
        help_text=_lazy("If you do not agree, say what should be different."),
    )

    @property
    def typed(self) -> dict[str, Any]:
        return self.cleaned_data | {"answer": Answer(self.cleaned_data["answer"])}


class WrittenDown(SentForm, Asking):
    """Who said it, how and when: for words that a SENCO writes down for somebody, or says themself."""

    perspective = forms.ChoiceField(
        label=_lazy("Who said it?"),
        choices=Perspective.choices,
        initial=Perspective.STAFF,
        widget=forms.RadioSelect,
    )
    said_by_name = Lines(
        label=_lazy("Their name"),
        max_length=150,
        required=False,
        help_text=_lazy("Leave empty for the child, or where you say it yourself"),
    )
    household = forms.ChoiceField(
        label=_lazy("For a parent carer: which home?"),
        required=False,
        help_text=_lazy("Only this home, the child and the SENCO will see these words"),
    )
    how = forms.ChoiceField(
        label=_lazy("How did you find out?"), choices=HowObtained.choices, initial=HowObtained.TALKED
    )
    on = SplitDate(label=_lazy("On which day"))

    def __init__(self, *args: Any, sight: policy.Sight, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        homes = [(str(pk), names) for pk, names in staff.households(sight.pupil)]
        self.fields["household"].choices = [("", _("Not a parent carer")), *homes]  # type: ignore[attr-defined]

    @property
    def typed(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        return typed | {
            "household": staff.household(typed["household"]),
            "perspective": Perspective(typed["perspective"]),
            "how": HowObtained(typed["how"]),
        }


class WriteEvaluationForm(WrittenDown):
    rating = forms.ChoiceField(
        label=_lazy("Did it make a difference?"),
        choices=[*Difference.choices, (RATHER_NOT, _lazy("They chose not to say"))],
        widget=forms.RadioSelect,
        error_messages={"required": _lazy("Choose one")},
    )
    words = Words(
        max_length=LIMIT, rows=4, required=False, label=_lazy("In their own words, as they said them")
    )
    field_order = ["perspective", "said_by_name", "household", "rating", "words", "how", "on"]

    @property
    def typed(self) -> dict[str, Any]:
        typed = super().typed
        rating = typed["rating"]
        if rating == RATHER_NOT:
            return typed | {"rating": None, "how": HowObtained.DECLINED}
        return typed | {"rating": Difference(rating)}


class WriteAgreementForm(WrittenDown):
    answer = forms.ChoiceField(
        label=_lazy("Do they agree with what it is for?"), choices=Answer.choices, widget=forms.RadioSelect
    )
    words = Words(
        max_length=LIMIT,
        rows=3,
        required=False,
        label=_lazy("What they said"),
        help_text=_lazy("Needed where somebody does not agree. It stays"),
    )
    field_order = ["perspective", "said_by_name", "household", "answer", "words", "how", "on"]

    @property
    def typed(self) -> dict[str, Any]:
        return super().typed | {"answer": Answer(self.cleaned_data["answer"])}


class DecideFundingForm(Asking):
    decision = forms.ChoiceField(
        label=_lazy("What did you decide?"), choices=FundingNext.choices, widget=BigChoices
    )
    why = Words(label=_lazy("Why"), rows=3, help_text=_lazy("In words that the family can follow"))
    version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=32_766, error_messages=OUT_OF_DATE
    )

    @property
    def typed(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        number = typed.pop("version")
        return typed | {"decision": FundingNext(typed["decision"]), "number": number}

    def now(self, row: Any) -> dict[str, Any]:
        """What is stored, by field name."""
        return {"decision": row.decision, "why": row.why}


class CostingForm(Asking):
    role: Any = forms.ModelChoiceField(
        label=_lazy("Whose time does it take?"), queryset=None, empty_label=None, widget=forms.RadioSelect
    )
    resources = Pounds(
        label=_lazy("What is bought for it, in pounds"),
        help_text=_lazy("For the whole group. 0 where nothing is"),
        initial=0,
    )
    resources_for = Lines(
        label=_lazy("What that is"), required=False, help_text=_lazy("Such as a set of reading books")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)

    def __init__(self, *args: Any, roles: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].queryset = roles  # type: ignore[attr-defined]

    def now(self, row: Any) -> dict[str, Any]:
        """What is stored, by field name."""
        return {name: getattr(row, name) for name in ("role", "resources", "resources_for")}


class HourlyForm(forms.Form):
    name = Lines(
        label=_lazy("Who"),
        max_length=100,
        help_text=_lazy("A kind of adult, such as teaching assistant. Nobody by name"),
    )
    hourly = Pounds(
        label=_lazy("What an hour costs you, in pounds"), help_text=_lazy("Pay and all that comes on top")
    )
    starts_on = SplitDate(label=_lazy("From"), help_text=_lazy("Nothing before this day changes"))


class OpenWeeksForm(forms.Form):
    weeks = forms.IntegerField(
        label=_lazy("Weeks a year that you are open"),
        min_value=1,
        max_value=52,
        widget=forms.TextInput(SHORT),
        help_text=_lazy("38 or 39 in most schools"),
    )
    starts_on = SplitDate(label=_lazy("From"), help_text=_lazy("Nothing before this day changes"))


class StreamRateForm(forms.Form):
    kind = forms.ChoiceField(label=_lazy("Kind of funding"), choices=StreamKind.choices)
    band = Lines(
        label=_lazy("For whom"),
        required=False,
        max_length=60,
        help_text=_lazy("Such as primary. Leave empty if there is one amount for all"),
    )
    amount = Pounds(label=_lazy("How much, in pounds"))
    unit = forms.ChoiceField(label=_lazy("For what"), choices=Unit.choices)
    most_hours = forms.IntegerField(
        label=_lazy("At most so many hours a year"),
        required=False,
        min_value=1,
        max_value=9999,
        widget=forms.TextInput(SHORT),
    )
    starts_on = SplitDate(label=_lazy("From"))
    ends_on = SplitDate(
        label=_lazy("Until"),
        required=False,
        help_text=_lazy("The first day on which you do not know it any more. You may leave it empty"),
    )
    source = Lines(
        label=_lazy("Where it is written"),
        max_length=300,
        help_text=_lazy("So that somebody can look it up"),
    )
    checked_on = SplitDate(label=_lazy("Checked on"), required=False)

    @property
    def typed(self) -> dict[str, Any]:
        data = self.cleaned_data
        return data | {"kind": StreamKind(data["kind"]), "unit": Unit(data["unit"])}
