"""Writing between home and school."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.fields import Lines, Words
from accounts.words import LIMIT
from pupils.models import Household

from . import photos
from .models_updates import MOST_PHOTOS

EVERY = "every"
CALL = _lazy("Nothing is sent. “Ring home” waits for you on your first page until you say how it went")


PHOTO_TYPES = "image/jpeg,image/png,image/webp"
#: The fields of each photo, and of what can be seen in it.
PHOTOS = [("photo", "photo_alt")] + [(f"photo_{n}", f"photo_{n}_alt") for n in range(2, MOST_PHOTOS + 1)]


class PhotoField(forms.FileField):
    """A photo as bytes: what kind of file it is, is found out from these alone."""

    widget = forms.FileInput({"accept": PHOTO_TYPES})
    default_error_messages = {"empty": _lazy("This file is empty. Choose another")}

    def clean(self, data: Any, initial: Any = None) -> bytes | None:
        file = super().clean(data, initial)
        if not file:
            return None
        if file.size > photos.LARGEST:
            raise forms.ValidationError(photos.TOO_LARGE)
        content: bytes = file.read()
        return content


def _photo(number: int) -> PhotoField:
    hint = _("JPEG, PNG or WebP, up to %(most)s MB. Where it was taken is taken out of it")
    return PhotoField(
        label=_("A photo") if number == 1 else _("Photo %(number)s") % {"number": number},
        required=False,
        max_length=255,
        help_text=hint % {"most": photos.LARGEST // 1024 // 1024} if number == 1 else "",
    )


def _seen(number: int) -> Lines:
    return Lines(
        label=_("What can be seen in the photo?")
        if number == 1
        else _("What can be seen in photo %(number)s?") % {"number": number},
        max_length=300,
        required=False,
        help_text=_("For those who cannot see it") if number == 1 else "",
    )


class PhotoFields(forms.Form):
    """Up to four photos, and what can be seen in each. A browser cannot keep a file in a form that is refused: whatever
    is wrong, every photo is chosen again, and the words about it stay.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, (name, alt) in enumerate(PHOTOS, 1):
            self.fields[name], self.fields[alt] = _photo(number), _seen(number)
        self.order_fields(self.field_order)

    @property
    def photo_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Each photo with what can be seen in it; none where this form takes no photos."""
        return [(self[name], self[alt]) for name, alt in PHOTOS if name in self.fields]

    @property
    def more_photos(self) -> bool:
        """Whether anything stands in the fields after the first photo's: they are shown at once then."""
        return any(name.errors or alt.errors or alt.value() for name, alt in self.photo_fields[1:])

    def without_photos(self) -> None:
        """Take no photos."""
        for names in PHOTOS:
            for name in names:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Each photo says what can be seen in it. `sent` is what a service takes."""
        typed = super().clean() or {}
        sent = []
        for name, alt in PHOTOS:
            content, seen = typed.pop(name, None), typed.pop(alt, "")
            if content and not seen and alt not in self.errors:
                self.add_error(alt, photos.NO_ALT)
            elif seen and not content and name not in self.errors:
                self.add_error(name, _("Choose the photo, or take out the words about it"))
            elif content:
                sent.append(photos.Sent(content, seen, name, alt))
        return typed | {"sent": sent}

    _reading = False

    def full_clean(self) -> None:
        self._reading = True
        super().full_clean()
        self._reading = False
        self._choose_again()

    def add_error(self, field: str | None, error: Any) -> None:
        """As of any form; what a service refuses, after this form was read, asks for the photos again as well."""
        super().add_error(field, error)
        if not self._reading:
            self._choose_again()

    def _choose_again(self) -> None:
        if not self.errors:
            return
        for name, __ in PHOTOS:
            if name in self.fields and self.files.get(name) and name not in self.errors:
                super().add_error(name, _("Choose the photo again"))


RING = _lazy("Is it serious, or sad news? Ring instead of writing.")


class UpdateForm(PhotoFields):
    """One good thing first. Staff choose a home where there are several; a family writes from its own, and says what
    worked there.
    """

    field_order = ["good_thing", "worked", "words", "call", "household"]

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
        if typed.get("call") and typed["sent"]:
            self.add_error(
                typed["sent"][0].field, _("A call takes no photo. Take out the photo, or the tick")
            )
        return typed


def about(typed: dict[str, Any]) -> str:
    """What was typed of a call, in one piece."""
    return "\n\n".join(part for part in (typed.get("good_thing"), typed.get("words")) if part)
