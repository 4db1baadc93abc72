"""A one-page profile, in the words of the child or young person it is about; and narrowing who looked."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.fields import Lines, Words
from accounts.models import User
from accounts.words import LIMIT

from .enums import Section
from .selectors_looks import PARTS


class ProfileForm(forms.Form):
    """`version` is the number of the profile that was on the page when somebody began to write; 0 for none."""

    people_like = Words(
        max_length=LIMIT,
        required=False,
        label=_lazy("What people like about me"),
        help_text=_lazy("Ask people who know me well."),
    )
    important = Words(max_length=LIMIT, required=False, label=_lazy("What is important to me"))
    helps = Words(max_length=LIMIT, required=False, label=_lazy("How best to help me"))
    talk = Words(
        max_length=LIMIT,
        required=False,
        label=_lazy("How to talk with me"),
        help_text=_lazy("Words, signs or pictures. How long to wait. What not to do."),
    )
    how_made = Lines(
        max_length=200,
        label=_lazy("How was this made?"),
        help_text=_lazy("Such as: we talked and drew on 3 May, and Ada chose the words"),
        error_messages={"required": _lazy("Say how this was made, and who was there")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def clean(self) -> dict[str, object]:
        """A profile says something."""
        typed = super().clean() or {}
        if not any(typed.get(name) for name in WORDS) and not self.errors:
            self.add_error("important", _("Write at least one thing"))
        return typed


WORDS = ["people_like", "important", "helps", "talk"]


class LookFilters(forms.Form):
    """Narrowing who looked; whatever does not fit is left out rather than refused."""

    person = forms.ModelChoiceField(
        User.objects.none(), label=_lazy("Who"), required=False, empty_label=_lazy("Everybody")
    )
    part = forms.ChoiceField(label=_lazy("Which part"), required=False)

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        parts = [(section.value, PARTS[section].capitalize()) for section in Section]
        self.fields["part"].choices = [("", _("Every part")), *parts]  # type: ignore[attr-defined]
