"""Pictures that people send: read by what they are, and made anew as small plain JPEGs.

What somebody sends is never kept. It is decoded by a reader of JPEG, PNG or WebP, turned upright, made smaller, and
its pixels are written anew as a JPEG: where it was taken, and whatever else a file can carry, stays behind.
"""

import struct
import zlib
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from threading import BoundedSemaphore

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _lazy
from PIL import Image, ImageOps, UnidentifiedImageError

from .words import StrOrPromise

#: What is taken at most: of a file in bytes, of a picture in pixels. A JPEG is decoded at a part of its size.
LARGEST, MOST_PIXELS, MOST_PIXELS_WHOLE = 12 * 1024 * 1024, 60_000_000, 30_000_000
#: What is kept: the longer side in pixels.
SIDE = 1600
#: The reader of JPEG also reads MPO, which some phones make: a JPEG with a second picture in it.
FORMATS = ("JPEG", "PNG", "WEBP")
Image.init()  # else a reader that was not needed before is not known by its name

TOO_LARGE = format_lazy(
    _lazy("This photo is larger than {most} MB. Choose a smaller one"), most=LARGEST // 1024 // 1024
)
TOO_MANY = _lazy("This photo has too many pixels. Choose a smaller one")
NO_PHOTO = _lazy("This is not a photo that we can read. Choose a JPEG, PNG or WebP photo")

#: What iPhones and iPads keep photos in, by the first words of the file (ISO base media, HEIF brands).
_OF_APPLE = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
HEIC = _lazy(
    "This photo is in the HEIC format of iPhones and iPads, which we cannot read. Open Settings, then Camera, then "
    "Formats, choose “Most Compatible” and take the photo again. Or take a screenshot of it and send that"
)

_AT_ONCE = BoundedSemaphore(2)  # so many are decoded at once in one process
_TOO_MANY = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_UNREADABLE = (
    UnidentifiedImageError,
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
class Ready:
    """A picture as it will be kept, and the mark of the file that it was made from."""

    content: bytes
    width: int
    height: int
    digest: str


def make_ready(content: bytes, field: str = "photo", unreadable: StrOrPromise = NO_PHOTO) -> Ready:
    """What is kept of a picture that somebody sent. Raises ValidationError at `field`, with what to do instead."""
    if len(content) > LARGEST:
        raise ValidationError({field: TOO_LARGE})
    try:
        with _AT_ONCE:
            picture = _plain(content, field)
    except _TOO_MANY as error:
        raise ValidationError({field: TOO_MANY}) from error
    except _UNREADABLE as error:
        raise ValidationError({field: HEIC if _is_heic(content) else unreadable}) from error
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=82, optimize=True)
    return Ready(kept.getvalue(), picture.width, picture.height, sha256(content).hexdigest())


def _is_heic(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in _OF_APPLE


def _plain(content: bytes, field: str) -> Image.Image:
    """The first picture of a file: upright, no larger than is kept, its pixels alone."""
    with Image.open(BytesIO(content), formats=FORMATS) as image:
        pixels = image.width * image.height
        of_jpeg = image.format in ("JPEG", "MPO")
        if pixels > (MOST_PIXELS if of_jpeg else MOST_PIXELS_WHOLE):
            raise ValidationError({field: TOO_MANY})
        if of_jpeg:
            image.draft("RGB", (SIDE, SIDE))
        image.load()
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((SIDE, SIDE))
        shown = upright.convert("RGBA")
        picture = Image.new("RGB", shown.size, "white")
        picture.paste(shown, mask=shown)
    return picture
