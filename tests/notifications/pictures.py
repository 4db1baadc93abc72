"""Photos to send, of every kind that somebody can send."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

#: Where a photo says it was taken: Chichester.
LATITUDE = (50.0, 50.0, 12.0)


def photo(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **more: Any) -> bytes:
    """A photo whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    kept = BytesIO()
    image.save(kept, kind, **more)
    return kept.getvalue()


def with_place(turned: int = 1, comment: bytes = b"") -> bytes:
    """A JPEG that says where and with what it was taken, and which way up it is."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Secret Phone Maker", turned
    exif.get_ifd(0x8825).update({1: "N", 2: LATITUDE, 3: "W", 4: LATITUDE})
    return photo(size=(400, 200), exif=exif, comment=comment)


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says it is 60,000 pixels wide and as high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 500))
        + chunk(b"IEND", b"")
    )


SCRIPT = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(document.cookie)</script></svg>"
