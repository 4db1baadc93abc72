"""Photos of updates: made anew (`accounts.pictures`), kept under the id of their row, and found again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _lazy

from accounts import kept_files, pictures
from accounts.pictures import LARGEST as LARGEST
from accounts.pictures import TOO_LARGE as TOO_LARGE

from .models import Photo
from .models_updates import MOST_PHOTOS

FOLDER = "photos"
TOO_MANY_PHOTOS = format_lazy(_lazy("Choose {most} photos or fewer"), most=MOST_PHOTOS)
NO_ALT = _lazy("Say what can be seen in the photo, for those who cannot see it")


@dataclass(frozen=True)
class Sent:
    """A photo as somebody sent it: the file, what can be seen in it, and beside which fields a refusal is said."""

    content: bytes
    alt: str
    field: str = "photo"
    alt_field: str = "photo_alt"


@dataclass(frozen=True)
class Ready(pictures.Ready):
    """A photo as it will be kept, and what can be seen in it."""

    alt: str = ""


def make_ready(sent: Sequence[Sent]) -> list[Ready]:
    """What is kept of photos that somebody sent, of all of them or of none.

    Raises ValidationError by field, with what to do instead, for each that cannot be kept.
    """
    if len(sent) > MOST_PHOTOS:
        raise ValidationError({sent[-1].field: TOO_MANY_PHOTOS})
    made: list[Ready] = []
    wrong: dict[str, list[Any]] = {}
    for one in sent:
        if not one.alt.strip():
            wrong.setdefault(one.alt_field, []).append(NO_ALT)
        try:
            plain = pictures.make_ready(one.content, one.field)
        except ValidationError as error:
            wrong.setdefault(one.field, []).extend(error.error_dict[one.field])
        else:
            made.append(Ready(plain.content, plain.width, plain.height, plain.digest, one.alt.strip()))
    if wrong:
        raise ValidationError(wrong)
    return made


def digest_of(ready: Sequence[Ready]) -> str:
    """The mark of the files that photos were made from, in their order; nothing for none."""
    marks = [one.digest for one in ready]
    return marks[0] if len(marks) == 1 else sha256("\n".join(marks).encode()).hexdigest() if marks else ""


def keep(ready: Ready) -> UUID:
    """Write the file of a photo whose row is made next; gives the id of that row."""
    return kept_files.keep(FOLDER, ready.content, "jpg")


def content_of(photo: Photo) -> bytes | None:
    """The JPEG of a photo; None where its file is not there."""
    return kept_files.content_of(FOLDER, photo.pk, "jpg")


def sweep(*, at: datetime) -> int:
    """Remove the files that belong to no update; gives how many. May run twice, also at once."""

    def there_are(ids: list[UUID]) -> Iterable[UUID]:
        return Photo.objects.filter(pk__in=ids).values_list("pk", flat=True)

    return kept_files.sweep(FOLDER, there_are, at=at)
