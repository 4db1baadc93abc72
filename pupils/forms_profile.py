"""A one-page profile, in the words of the child or young person it is about; and narrowing who looked."""

from typing import Any

from django import forms
from django.db.models import QuerySet

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
        label="What people like about me",
        help_text="Ask people who know me well.",
    )
    important = Words(max_length=LIMIT, required=False, label="What is important to me")
    helps = Words(max_length=LIMIT, required=False, label="How best to help me")
    talk = Words(
        max_length=LIMIT,
        required=False,
        label="How to talk with me",
        help_text="Words, signs or pictures. How long to wait. What not to do.",
    )
    how_made = Lines(
        max_length=200,
        label="How was this made?",
        help_text="Such as: we talked and drew on 3 May, and Ada chose the words",
        error_messages={"required": "Say how this was made, and who was there"},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def clean(self) -> dict[str, object]:
        """A profile says something."""
        typed = super().clean() or {}
        if not any(typed.get(name) for name in WORDS) and not self.errors:
            self.add_error("important", "Write at least one thing")
        return typed


WORDS = ["people_like", "important", "helps", "talk"]


class LookFilters(forms.Form):
    """Narrowing who looked; whatever does not fit is left out rather than refused."""

    person = forms.ModelChoiceField(User.objects.none(), label="Who", required=False, empty_label="Everybody")
    part = forms.ChoiceField(label="Which part", required=False)

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        parts = [(section.value, PARTS[section].capitalize()) for section in Section]
        self.fields["part"].choices = [("", "Every part"), *parts]  # type: ignore[attr-defined]
