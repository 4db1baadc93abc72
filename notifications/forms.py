"""Writing between home and school."""

from typing import Any
from uuid import uuid4

from django import forms

from accounts.fields import Words
from accounts.words import LIMIT
from pupils.models import Household

EVERY = "every"


class UpdateForm(forms.Form):
    """One good thing first. Staff choose a home where there are several; a family writes from its own."""

    good_thing = Words(max_length=LIMIT, rows=2, required=False, label="One good thing")
    words = Words(max_length=LIMIT, rows=4, required=False, label="Anything else")
    household = forms.TypedChoiceField(widget=forms.RadioSelect, label="Who is it for?", initial=EVERY)
    sent_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, homes: list[Household], **kwargs: Any) -> None:
        super().__init__(*args, initial={"sent_key": uuid4(), "household": EVERY}, **kwargs)
        if len(homes) < 2:
            del self.fields["household"]
            return
        by_id = {str(home.pk): home for home in homes}
        field = self.fields["household"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(EVERY, "Every home"), *((pk, home.name) for pk, home in by_id.items())]
        field.coerce = by_id.get

    def clean(self) -> dict[str, Any]:
        """An update says something."""
        typed = super().clean() or {}
        if not self.errors and not typed.get("good_thing") and not typed.get("words"):
            self.add_error("good_thing", "Write something first")
        return typed
