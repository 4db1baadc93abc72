"""Writing a setting's documents, and talking about them."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from accounts.fields import Lines, Words

from .enums import DocumentKind
from .errors import OUT_OF_DATE as OLD
from .forms import as_read
from .models.documents import LONGEST

OUT_OF_DATE = {"required": OLD, "invalid": OLD}


class DocumentForm(forms.Form):
    """A new document brings the id it will have, one that is there the version it was read at."""

    title = Lines(label=_lazy("Title"), max_length=150)
    kind = forms.ChoiceField(
        label=_lazy("What it is"), choices=DocumentKind.choices, widget=forms.RadioSelect
    )
    text = Words(
        label=_lazy("The text"),
        max_length=LONGEST,
        rows=20,
        help_text=_lazy(
            "Begin a line with # for a heading, ## for a smaller one, and - for a point of a list. "
            "An empty line begins a new paragraph. Name no pupil"
        ),
    )
    open_to_families = forms.BooleanField(
        label=_lazy("Ask families what they think of it"),
        required=False,
        help_text=_lazy("Parent carers and pupils read it here, also before it is published"),
    )

    def __init__(self, data: Any = None, *, initial: Any = None, version: int | None = None) -> None:
        super().__init__(data, initial=initial)
        as_read(self, version)


class PublishForm(forms.Form):
    """With a version, that is published; without, nothing is any more."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=1, required=False, error_messages=OUT_OF_DATE
    )


class DocumentCommentForm(forms.Form):
    words = Words(
        label=_lazy("What do you think of it?"),
        rows=4,
        help_text=_lazy("Only the SENCO reads this. They answer you here"),
        error_messages={"required": _lazy("Write something first")},
    )
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages=OUT_OF_DATE)
    sent_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, error_messages=OUT_OF_DATE)


class DocumentReplyForm(forms.Form):
    you_said = Words(
        label=_lazy("You said"),
        max_length=500,
        rows=2,
        help_text=_lazy("In a sentence of your own, so that nobody can tell who said it"),
    )
    we_did = Words(label=_lazy("We did"), rows=3, help_text=_lazy("Or why not"))
    shown = forms.BooleanField(
        label=_lazy("Show this beneath the document, to everybody who reads it"), required=False
    )
    sent_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, error_messages=OUT_OF_DATE)
