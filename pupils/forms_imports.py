"""Choosing a file to bring in."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Setting

from .enums import ImportKind
from .imports.reading import LARGEST, MOST_ROWS


class FileForm(forms.Form):
    """A file for one setting; the setting is asked only of somebody who coordinates more than one."""

    setting = forms.ModelChoiceField(
        queryset=Setting.objects.none(), label=_lazy("For which setting?"), empty_label=None
    )
    file = forms.FileField(
        label=_lazy("The CSV file"),
        help_text=format_lazy(
            _lazy("Up to {most} MB and {rows} rows."), most=LARGEST // 1024 // 1024, rows=f"{MOST_ROWS:,}"
        ),
        widget=forms.FileInput({"accept": ".csv,.txt,text/csv"}),
        error_messages={
            "required": _lazy("Choose a file"),
            "empty": _lazy("This file is empty. Choose another"),
        },
        max_length=255,
    )
    leaves_other_classes = forms.BooleanField(
        required=False,
        label=_lazy("Take pupils out of the classes that the file does not name for them"),
        help_text=(
            _lazy(
                "Good at the start of a year. Their old teachers then no longer see them. "
                "A pupil with no class in the file stays where they are."
            )
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
                _("This file is larger than %(number)s MB. Split it into smaller files")
                % {"number": LARGEST // 1024 // 1024}
            )
        return file
