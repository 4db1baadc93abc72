"""The code that was texted to a number."""

from django import forms


class CodeForm(forms.Form):
    code = forms.RegexField(
        r"^\s*[0-9]{3} ?[0-9]{3}\s*$",
        label="The code from the text",
        help_text="Six numbers",
        error_messages={
            "required": "Type the six numbers from the text.",
            "invalid": "Type the six numbers from the text.",
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
