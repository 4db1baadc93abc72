"""A setting's scales and funding streams."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.fields import Lines

from .eligible import streams_for
from .enums import StreamKind
from .models import ScaleVersion


class LabelsForm(forms.Form):
    """The words for each level of a scale, lowest first."""

    def __init__(self, *args: Any, scale: ScaleVersion, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"scale-{scale.pk}-%s", **kwargs)
        for value, label in zip(scale.values, scale.labels, strict=True):
            self.fields[f"level_{value}"] = Lines(
                label=_("Level %(value)s") % {"value": value}, max_length=60, initial=label
            )

    @property
    def labels(self) -> list[str]:
        return [self.cleaned_data[name] for name in self.fields]


class StreamForm(forms.Form):
    """A stream of a setting, of a kind that its phase may have."""

    kind = forms.ChoiceField(label=_lazy("Kind of funding"), choices=StreamKind.choices)
    name = Lines(label=_lazy("What you call it"), max_length=100)

    def __init__(self, *args: Any, phase: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.value, kind.label) for kind in streams_for(phase)]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
