"""The form behind a calendar's address."""

from uuid import uuid4

from django import forms

from pupils.errors import OUT_OF_DATE


class AddressForm(forms.Form):
    """`key`: of a form that is posted twice, one address is made."""

    key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages=dict.fromkeys(("required", "invalid"), OUT_OF_DATE),
    )
