"""Choosing a file to bring in."""

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.models import Setting

from .enums import ImportKind
from .imports.reading import LARGEST, MOST_ROWS


class FileForm(forms.Form):
    """A file for one setting; the setting is asked only of somebody who coordinates more than one."""

    setting = forms.ModelChoiceField(
        queryset=Setting.objects.none(), label="For which setting?", empty_label=None
    )
    file = forms.FileField(
        label="The CSV file",
        help_text=f"Up to {LARGEST // 1024 // 1024} MB and {MOST_ROWS:,} rows.",
        widget=forms.FileInput({"accept": ".csv,.txt,text/csv"}),
        error_messages={"required": "Choose a file", "empty": "This file is empty. Choose another"},
        max_length=255,
    )
    leaves_other_classes = forms.BooleanField(
        required=False,
        label="Take pupils out of the classes that the file does not name for them",
        help_text=(
            "Good at the start of a year. Their old teachers then no longer see them. "
            "A pupil with no class in the file stays where they are."
        ),
    )

    def __init__(self, *args: Any, kind: ImportKind, settings: Sequence[Setting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(settings) == 1:
            del self.fields["setting"]
        else:
            choice = self.fields["setting"]
            assert isinstance(choice, forms.ModelChoiceField)
            choice.queryset = Setting.objects.filter(pk__in=[s.pk for s in settings]).order_by("name")
        if kind != ImportKind.PUPILS:
            del self.fields["leaves_other_classes"]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                f"This file is larger than {LARGEST // 1024 // 1024} MB. Split it into smaller files"
            )
        return file
