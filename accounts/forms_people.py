"""Inviting somebody to work in a setting."""

from collections.abc import Collection

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from .enums import Role
from .fields import Email

ROLE_WORDS = {
    Role.SENCO: _lazy("sees and looks after every pupil’s record here"),
    Role.KEY_ADULT: _lazy("sees the pupils they teach or support, once you put them in a class"),
    Role.DSL: _lazy("sees no pupil’s record by this alone"),
    Role.DEPUTY_DSL: _lazy("the same, for the deputy"),
    Role.LEADER: _lazy("sees numbers for the whole setting, and no pupil’s record"),
}


class InviteStaffForm(forms.Form):
    name = forms.CharField(label=_lazy("Their name"), max_length=150)
    email = Email(
        label=_lazy("Their e-mail address"),
        help_text=_lazy("The invitation works for this address alone."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_lazy("What they will be here"), widget=forms.RadioSelect)

    def __init__(self, *args: object, may_give: Collection[Role], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.value, f"{role.label}: {ROLE_WORDS[role]}") for role in Role if role in may_give
        ]
