"""The code that was texted to a number."""

from django import forms
from django.utils.translation import gettext_lazy as _lazy


class CodeForm(forms.Form):
    code = forms.RegexField(
        r"^\s*[0-9]{3} ?[0-9]{3}\s*$",
        label=_lazy("The code from the text"),
        help_text=_lazy("Six numbers"),
        error_messages={
            "required": _lazy("Type the six numbers from the text."),
            "invalid": _lazy("Type the six numbers from the text."),
        },
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "class": "govuk-input--width-10",
            }
        ),
    )

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).replace(" ", "")
