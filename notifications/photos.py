"""Photos of updates: read by what they are, made small and plain, kept under the id of their row, and found again.

What somebody sends is never kept. It is decoded by a reader of JPEG, PNG or WebP, turned upright, made smaller, and
its pixels are written anew as a JPEG: where it was taken, and whatever else a file can carry, stays behind.

The file is written first, under an id of its own, and its row in the transaction of the update. Where that fails the
file belongs to nobody, and `sweep` removes it a day later.
"""

import os
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _lazy
from PIL import Image, ImageOps, UnidentifiedImageError

from .models import Photo
from .models_updates import MOST_PHOTOS

#: What is taken at most: of a file in bytes, of a picture in pixels. A JPEG is decoded at a part of its size.
LARGEST, MOST_PIXELS, MOST_PIXELS_WHOLE = 12 * 1024 * 1024, 60_000_000, 30_000_000
#: What is kept: the longer side in pixels.
SIDE = 1600
#: The reader of JPEG also reads MPO, which some phones make: a JPEG with a second picture in it.
FORMATS = ("JPEG", "PNG", "WEBP")
Image.init()  # else a reader that was not needed before is not known by its name
#: A file that belongs to no update may be one that is just being sent; after this long it is not.
FORGOTTEN_AFTER = timedelta(days=1)

TOO_LARGE = format_lazy(
    _lazy("This photo is larger than {most} MB. Choose a smaller one"), most=LARGEST // 1024 // 1024
)
TOO_MANY = _lazy("This photo has too many pixels. Choose a smaller one")
TOO_MANY_PHOTOS = format_lazy(_lazy("Choose {most} photos or fewer"), most=MOST_PHOTOS)
NO_ALT = _lazy("Say what can be seen in the photo, for those who cannot see it")
NO_PHOTO = _lazy("This is not a photo that we can read. Choose a JPEG, PNG or WebP photo")

#: What iPhones and iPads keep photos in, by the first words of the file (ISO base media, HEIF brands).
_OF_APPLE = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
HEIC = _lazy(
    "This photo is in the HEIC format of iPhones and iPads, which we cannot read. Open Settings, then Camera, then "
    "Formats, choose “Most Compatible” and take the photo again. Or take a screenshot of it and send that"
)

_AT_ONCE = BoundedSemaphore(2)  # so many are decoded at once in one process
_UNREADABLE = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    EOFError,
    MemoryError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True)
class Sent:
    """A photo as somebody sent it: the file, what can be seen in it, and beside which fields a refusal is said."""

    content: bytes
    alt: str
    field: str = "photo"
    alt_field: str = "photo_alt"


@dataclass(frozen=True)
class Ready:
    """A photo as it will be kept, what can be seen in it, and the mark of the file that it was made from."""

    content: bytes
    width: int
    height: int
    digest: str
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
            made.append(_ready(one))
        except ValidationError as error:
            wrong.setdefault(one.field, []).append(error)
    if wrong:
        raise ValidationError(wrong)
    return made


def digest_of(ready: Sequence[Ready]) -> str:
    """The mark of the files that photos were made from, in their order; nothing for none."""
    marks = [one.digest for one in ready]
    return marks[0] if len(marks) == 1 else sha256("\n".join(marks).encode()).hexdigest() if marks else ""


def _ready(sent: Sent) -> Ready:
    content = sent.content
    if len(content) > LARGEST:
        raise ValidationError(TOO_LARGE)
    try:
        with _AT_ONCE:
            picture = _plain(content)
    except _UNREADABLE as error:
        raise ValidationError(HEIC if _is_heic(content) else NO_PHOTO) from error
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=82, optimize=True)
    digest = sha256(content).hexdigest()
    return Ready(kept.getvalue(), picture.width, picture.height, digest, sent.alt.strip())


def _is_heic(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in _OF_APPLE


def _plain(content: bytes) -> Image.Image:
    """The first picture of a file: upright, no larger than is kept, its pixels alone."""
    with Image.open(BytesIO(content), formats=FORMATS) as image:
        pixels = image.width * image.height
        of_jpeg = image.format in ("JPEG", "MPO")
        if pixels > (MOST_PIXELS if of_jpeg else MOST_PIXELS_WHOLE):
            raise ValidationError(TOO_MANY)
        if of_jpeg:
            image.draft("RGB", (SIDE, SIDE))
        image.load()
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((SIDE, SIDE))
        shown = upright.convert("RGBA")
        picture = Image.new("RGB", shown.size, "white")
        picture.paste(shown, mask=shown)
    return picture


def keep(ready: Ready) -> UUID:
    """Write the file of a photo whose row is made next; gives the id of that row."""
    pk = uuid4()
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(_path(pk), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(ready.content)
        file.flush()
        os.fsync(file.fileno())
    return pk


def content_of(photo: Photo) -> bytes | None:
    """The JPEG of a photo; None where its file is not there, as after a backup of the database alone."""
    try:
        return _path(photo.pk).read_bytes()
    except FileNotFoundError:
        return None


def sweep(*, at: datetime) -> int:
    """Remove the files that belong to no update; gives how many. May run twice, also at once."""
    before = (at - FORGOTTEN_AFTER).timestamp()
    old = [path for path in _folder().glob("*.jpg") if _written(path) < before]
    gone = 0
    for first in range(0, len(old), 500):
        some = {path.stem: path for path in old[first : first + 500]}
        kept = {str(pk) for pk in Photo.objects.filter(pk__in=_ids(some)).values_list("pk", flat=True)}
        for name, path in some.items():
            if name not in kept:
                path.unlink(missing_ok=True)
                gone += 1
    return gone


def _ids(names: dict[str, Path]) -> list[UUID]:
    found = []
    for name in names:
        try:
            found.append(UUID(name))
        except ValueError:
            continue
    return found


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # somebody else swept it
        return float("inf")


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "photos"


def _path(pk: UUID) -> Path:
    return _folder() / f"{pk}.jpg"
