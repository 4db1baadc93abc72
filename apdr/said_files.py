"""Drawings, photos and recordings of views: made anew or cleaned, kept under the id of their row, and found again."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _lazy

from accounts import kept_files, pictures, recordings

from .enums import FileKind
from .models import ViewFile

FOLDER = "said"
Ready = pictures.Ready | recordings.Recording

#: What is taken at most, of either kind, in bytes.
LARGEST = max(pictures.LARGEST, recordings.LARGEST)
NEITHER = _lazy(
    "This is not a picture or a recording that we can read. Choose a JPEG, PNG or WebP picture, "
    "or WebM, Ogg, MP4 (M4A), WAV or MP3 sound"
)


def make_ready(content: bytes, kind: FileKind | None = None, field: str = "file") -> Ready:
    """What is kept of a file, by what is in it and not by what it is called.

    `kind` is what it has to be; without it, either. Raises ValidationError at `field`.
    """
    if kind is FileKind.RECORDING or (kind is None and recordings.kind_of(content)):
        return recordings.make_ready(content, field)
    return pictures.make_ready(content, field, pictures.NO_PHOTO if kind else NEITHER)


def kind_of(ready: Ready) -> FileKind:
    return FileKind.RECORDING if isinstance(ready, recordings.Recording) else FileKind.PICTURE


def row_of(ready: Ready, **more: Any) -> ViewFile:
    """The row of a file that is ready, without its id, which `keep` gives once everything else was accepted."""
    if isinstance(ready, recordings.Recording):
        return ViewFile(kind=FileKind.RECORDING, ending=ready.kind, size=len(ready.content), **more)
    return ViewFile(
        kind=FileKind.PICTURE,
        ending="jpg",
        size=len(ready.content),
        width=ready.width,
        height=ready.height,
        **more,
    )


def keep(ready: Ready) -> UUID:
    """Write the file of a row that is made next; gives the id of that row."""
    ending = ready.kind if isinstance(ready, recordings.Recording) else "jpg"
    return kept_files.keep(FOLDER, ready.content, ending)


def content_of(file: ViewFile) -> bytes | None:
    """What is in a view's file; None where it is not there."""
    return kept_files.content_of(FOLDER, file.pk, file.ending)


def sweep(*, at: datetime) -> int:
    """Remove the files that belong to no view; gives how many. May run twice, also at once."""

    def there_are(ids: list[UUID]) -> Iterable[UUID]:
        return ViewFile.objects.filter(pk__in=ids).values_list("pk", flat=True)

    return kept_files.sweep(FOLDER, there_are, at=at)
