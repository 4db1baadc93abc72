"""Forms about a setting."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _lazy

from accounts.fields import Lines, SplitDate
from accounts.models import Setting, User

from .forms import People
from .models import ClassGroup, Pupil
from .settings import POLICIES


class SettingForm(forms.ModelForm):
    """A setting and its policies. `version` is the one that was on the page when somebody began to type."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    class Meta:
        model = Setting
        fields = POLICIES
        labels = {
            "name": _lazy("Name"),
            "control_trigger": _lazy("When the young person decides who sees what"),
            "working_view_before_post16": (
                _lazy(
                    "Before post-16, key adults keep the profile, the plan and what helps when the young person decides"
                )
            ),
            "working_view_in_post16": _lazy("In post-16, key adults keep them too"),
            "parents_keep_versions": (
                _lazy(
                    "When the young person decides, parent carers keep reading the plans they were given before"
                )
            ),
            "capacity_needs_medical": (
                _lazy(
                    "From 16, that somebody cannot make a decision is recorded only if a medical professional assessed it"
                )
            ),
            "review_every_weeks": _lazy("Weeks between reviews"),
        }
        help_texts = {
            "control_trigger": _lazy(
                "It never comes later than the 18th birthday, when parental responsibility ends"
            ),
            "urn": _lazy("6 numbers"),
            "laestab": _lazy("7 numbers"),
            "ukprn": _lazy("8 numbers, for colleges"),
            "working_view_before_post16": "",
            "working_view_in_post16": "",
            "parents_keep_versions": _lazy(
                "Only those plans, marked as old, and not where the young person said no to that parent"
            ),
            "capacity_needs_medical": "",
        }


class TermForm(forms.Form):
    name = Lines(label=_lazy("Name of the term"), max_length=60)
    starts_on = SplitDate(label=_lazy("First day"))
    ends_on = SplitDate(label=_lazy("The first day after it"))
    half_term_from = SplitDate(label=_lazy("First day of half term"), required=False)
    half_term_until = SplitDate(label=_lazy("First day back"), required=False)


class ClassNameForm(forms.Form):
    name = Lines(label=_lazy("Name of a new class or group"), max_length=60)


class MoveClassForm(forms.Form):
    """Which pupils of a class go to which other."""

    pupils = forms.ModelMultipleChoiceField(
        Pupil.objects.none(),
        label=_lazy("Who moves?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _lazy("Tick who moves"),
            "invalid_choice": _lazy("Somebody you ticked is not in this class any more. Look again."),
        },
    )
    to = forms.ModelChoiceField(
        ClassGroup.objects.none(), label=_lazy("To which class?"), empty_label=_lazy("Choose a class")
    )

    def __init__(
        self, *args: Any, pupils: QuerySet[Pupil], classes: QuerySet[ClassGroup], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pupils"].queryset = pupils  # type: ignore[attr-defined]
        self.fields["pupils"].label_from_instance = lambda pupil: pupil.name  # type: ignore[attr-defined]
        self.fields["to"].queryset = classes  # type: ignore[attr-defined]


class ClassStaffForm(forms.Form):
    person = People(User.objects.none(), label=_lazy("Add an adult"), empty_label=_lazy("Choose somebody"))
    subject = Lines(label=_lazy("What they teach"), max_length=60, required=False)

    def __init__(self, *args: Any, staff: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="staff-%s", **kwargs)
        self.fields["person"].queryset = staff  # type: ignore[attr-defined]
