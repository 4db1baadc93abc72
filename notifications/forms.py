"""Writing between home and school."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.fields import Lines, Words
from accounts.words import LIMIT
from pupils.models import Household

from . import photos
from .services import NO_ALT

EVERY = "every"
CALL = _lazy("Nothing is sent. “Ring home” waits for you on your first page until you say how it went")


PHOTO_TYPES = "image/jpeg,image/png,image/webp"


class PhotoFields(forms.Form):
    """A photo, and what can be seen in it. A browser cannot keep a file in a form that is refused: it is chosen again."""

    photo = forms.FileField(
        label=_lazy("A photo"),
        required=False,
        max_length=255,
        help_text=format_lazy(
            _lazy("JPEG, PNG or WebP, up to {most} MB. Where it was taken is taken out of it"),
            most=photos.LARGEST // 1024 // 1024,
        ),
        widget=forms.FileInput({"accept": PHOTO_TYPES}),
        error_messages={"empty": _lazy("This file is empty. Choose another")},
    )
    photo_alt = Lines(
        label=_lazy("What can be seen in the photo?"),
        max_length=300,
        required=False,
        help_text=_lazy("For those who cannot see it"),
    )

    def clean_photo(self) -> bytes | None:
        """What was sent, as bytes: what kind of file it is, is found out from these alone."""
        file = self.cleaned_data["photo"]
        if file is None:
            return None
        if file.size > photos.LARGEST:
            raise forms.ValidationError(photos.TOO_LARGE)
        content: bytes = file.read()
        return content

    def clean(self) -> dict[str, Any]:
        """A photo says what can be seen in it; whatever else is wrong, the photo is to be chosen again."""
        typed = super().clean() or {}
        if typed.get("photo") and not typed.get("photo_alt") and "photo_alt" not in self.errors:
            self.add_error("photo_alt", NO_ALT)
        elif typed.get("photo_alt") and not typed.get("photo") and "photo" not in self.errors:
            self.add_error("photo", _("Choose the photo, or take out the words about it"))
        if self.errors and typed.get("photo") and "photo" not in self.errors:
            self.add_error("photo", _("Choose the photo again"))
        return typed


RING = _lazy("Is it serious, or sad news? Ring instead of writing.")


class UpdateForm(PhotoFields):
    """One good thing first. Staff choose a home where there are several; a family writes from its own, and says what
    worked there.
    """

    field_order = ["good_thing", "worked", "words", "call", "household", "photo", "photo_alt"]

    good_thing = Words(max_length=LIMIT, rows=2, required=False, label=_lazy("One good thing"))
    worked = Words(
        max_length=LIMIT,
        rows=2,
        required=False,
        label=_lazy("What worked at home"),
        help_text=_lazy("School can put it on the plan, as your idea"),
    )
    words = Words(max_length=LIMIT, rows=4, required=False, label=_lazy("Anything else"))
    call = forms.BooleanField(required=False, label=_lazy("This needs a call"), help_text=CALL)
    household = forms.TypedChoiceField(widget=forms.RadioSelect, label=_lazy("Who is it for?"), initial=EVERY)
    sent_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, homes: list[Household], staff: bool, family: bool, **kwargs: Any) -> None:
        super().__init__(*args, initial={"sent_key": uuid4(), "household": EVERY}, **kwargs)
        if staff:
            self.fields["words"].help_text = RING
        else:
            del self.fields["call"]
        if not family:
            del self.fields["worked"]
        if len(homes) < 2:
            del self.fields["household"]
            return
        by_id = {str(home.pk): home for home in homes}
        field = self.fields["household"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(EVERY, _("Every home")), *((pk, home.name) for pk, home in by_id.items())]
        field.coerce = by_id.get

    def clean(self) -> dict[str, Any]:
        """An update says something; a call takes no photo."""
        typed = super().clean()
        said = any(typed.get(name) for name in ("good_thing", "words", "worked"))
        if not self.errors and not said and not typed.get("call"):
            self.add_error("good_thing", _("Write something first"))
        if typed.get("call") and typed.get("photo"):
            self.add_error("photo", _("A call takes no photo. Take out the photo, or the tick"))
        return typed


def about(typed: dict[str, Any]) -> str:
    """What was typed of a call, in one piece."""
    return "\n\n".join(part for part in (typed.get("good_thing"), typed.get("words")) if part)
