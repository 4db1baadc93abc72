"""Recordings that people send: read by what they are, and what else a file can carry is taken out.

No sound is decoded here. The container is read box by box, page by page or frame by frame, must hold sound and nothing
else, and whatever says where, with what or by whom it was recorded is written over or left behind. What is none of
WebM, Ogg, MP4, WAV and MP3 is refused, whatever it is called.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _lazy

#: What is taken at most, in bytes: ten minutes and more from a browser, one minute of the largest WAV.
LARGEST = 12 * 1024 * 1024

TOO_LARGE = format_lazy(
    _lazy("This recording is larger than {most} MB. Make a shorter one"), most=LARGEST // 1024 // 1024
)
NO_RECORDING = _lazy(
    "This is not a recording that we can play. Choose WebM, Ogg, MP4 (M4A), WAV or MP3 sound"
)

#: How each kind is called in the answer of a page, and the ending of its file.
TYPES = {
    "webm": "audio/webm",
    "ogg": "audio/ogg",
    "m4a": "audio/mp4",
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
}


@dataclass(frozen=True)
class Recording:
    """A recording as it will be kept, its kind (of `TYPES`), and the mark of the file that it was made from."""

    content: bytes
    kind: str
    digest: str


class _Wrong(Exception):
    """What was read is not what it claims to be, or holds more than sound."""


def make_ready(content: bytes, field: str = "recording") -> Recording:
    """What is kept of a recording that somebody sent. Raises ValidationError at `field`, with what to do instead."""
    if len(content) > LARGEST:
        raise ValidationError({field: TOO_LARGE})
    kind = kind_of(content)
    if kind is None:
        raise ValidationError({field: NO_RECORDING})
    try:
        kept = _CLEAN[kind](content)
    except (_Wrong, struct.error, IndexError) as error:
        raise ValidationError({field: NO_RECORDING}) from error
    return Recording(kept, kind, sha256(content).hexdigest())


def kind_of(content: bytes) -> str | None:
    """Which kind of recording a file begins like; None for none."""
    if content[:4] == b"\x1aE\xdf\xa3":
        return "webm"
    if content[:4] == b"OggS":
        return "ogg"
    if content[4:8] == b"ftyp" and content[8:12] not in _OF_PICTURES:
        return "m4a"
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return "wav"
    if content[:3] == b"ID3" or (content[:1] == b"\xff" and len(content) > 1 and content[1] & 0xE0 == 0xE0):
        return "mp3" if content[:2] != b"\xff\xd8" else None
    return None


#: Files of the same family that hold a picture.
_OF_PICTURES = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")


# WAV: the format and the samples, and nothing else. ----------------------------------------------------------


def _wav(content: bytes) -> bytes:
    found: dict[bytes, bytes] = {}
    place = 12
    while place + 8 <= len(content):
        name, size = struct.unpack_from("<4sI", content, place)
        body = content[place + 8 : place + 8 + size]
        if name in (b"fmt ", b"data"):
            if name in found:
                raise _Wrong
            found[name] = body
        place += 8 + size + size % 2
    form, data = found.get(b"fmt ", b""), found.get(b"data", b"")
    if len(form) < 16 or not data or struct.unpack_from("<H", form)[0] not in (1, 3, 6, 7, 0xFFFE):
        raise _Wrong
    form = form[:40]
    chunks = b"".join(
        name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
        for name, body in ((b"fmt ", form), (b"data", data))
    )
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


# MP3: its frames, and nothing before, between or behind them. ------------------------------------------------

_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_KBITS = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
#: So many frames make a recording; fewer can be anything.
_FEW = 4


def _mp3(content: bytes) -> bytes:
    place = 0
    while content[place : place + 3] == b"ID3":
        size = 0
        for byte in content[place + 6 : place + 10]:
            if byte & 0x80:
                raise _Wrong
            size = size << 7 | byte
        place += 10 + size + (10 if content[place + 5] & 0x10 else 0)
    frames = []
    while (length := _frame(content, place)) and place + length <= len(content):
        frames.append(content[place : place + length])
        place += length
    behind = content[place:]
    if len(frames) < _FEW or not (len(behind) < 4096 or behind[:3] == b"TAG" or behind[:8] == b"APETAGEX"):
        raise _Wrong
    return b"".join(frames)


def _frame(content: bytes, place: int) -> int:
    """The length in bytes of the frame of layer III that begins here, or 0."""
    if place + 4 > len(content):
        return 0
    (head,) = struct.unpack_from(">I", content, place)
    version, layer = head >> 19 & 3, head >> 17 & 3
    bits, rate, padding = head >> 12 & 15, head >> 10 & 3, head >> 9 & 1
    if head >> 21 != 0x7FF or version == 1 or layer != 1 or bits in (0, 15) or rate == 3:
        return 0
    kbits = _KBITS[3 if version == 3 else 2][bits]
    return (144 if version == 3 else 72) * kbits * 1000 // _RATES[version][rate] + padding


# Ogg: one stream of Opus or Vorbis, its comments written over. -----------------------------------------------


#: A picture of an album can stand in comments; more than this is written for no player.
_MOST_COMMENTS = 1024 * 1024


def _crc_table() -> list[int]:
    table = []
    for value in range(256):
        register = value << 24
        for _ in range(8):
            register = (register << 1 ^ 0x04C11DB7 if register & 0x80000000 else register << 1) & 0xFFFFFFFF
        table.append(register)
    return table


_CRC = _crc_table()


def _checksum(page: bytes | bytearray) -> int:
    register = 0
    for byte in page:
        register = (register << 8 & 0xFFFFFFFF) ^ _CRC[register >> 24 ^ byte]
    return register


def _ogg(content: bytes) -> bytes:
    kept = bytearray(content)
    stream: bytes | None = None
    packet, comments = 0, bytearray()  # which packet comes next, and the bytes of the second one
    where: list[tuple[int, int]] = []  # where those bytes stand
    touched: list[tuple[int, int]] = []
    place, codec = 0, ""
    while place < len(content):
        if content[place : place + 5] != b"OggS\0":
            raise _Wrong
        serial, count = content[place + 14 : place + 18], content[place + 26]
        sizes = content[place + 27 : place + 27 + count]
        start, end = place + 27 + count, place + 27 + count + sum(sizes)
        if end > len(content) or len(sizes) < count or (stream is not None and serial != stream):
            raise _Wrong
        if stream is None:
            first = content[start : start + 8]
            codec = "opus" if first == b"OpusHead" else "vorbis" if first[:7] == b"\x01vorbis" else ""
            if not codec:
                raise _Wrong
        stream, body = serial, start
        for size in sizes:
            if packet == 1:
                where.append((body, body + size))
                comments += content[body : body + size]
                if not touched or touched[-1] != (place, end):
                    touched.append((place, end))
            body += size
            packet += size < 255
        place = end
    head = b"OpusTags" if codec == "opus" else b"\x03vorbis"
    few = len(head) + 9
    if packet < 3 or not comments.startswith(head) or not few <= len(comments) <= _MOST_COMMENTS:
        raise _Wrong
    empty = (head + b"\0" * 8 + b"\x01" * (codec == "vorbis")).ljust(len(comments), b"\0")
    for begin, end in where:
        kept[begin:end], empty = empty[: end - begin], empty[end - begin :]
    for begin, end in touched:
        kept[begin + 22 : begin + 26] = b"\0\0\0\0"
        kept[begin + 22 : begin + 26] = struct.pack("<I", _checksum(kept[begin:end]))
    return bytes(kept)


# WebM: tracks of sound alone; names, tags and attachments become empty space. --------------------------------

_SEGMENT, _CLUSTER, _TRACKS, _ENTRY, _INFO = 0x18538067, 0x1F43B675, 0x1654AE6B, 0xAE, 0x1549A966
_DOC_TYPE, _TRACK_TYPE, _CODEC, _TRACK_NAME = 0x4282, 0x83, 0x86, 0x536E
_OF_SEGMENT = {_TRACKS, _INFO, _CLUSTER, 0x114D9B74, 0x1C53BB6B, 0xEC}
_OF_CLUSTER = {0xE7, 0xA3, 0xA0, 0xA7, 0xAB, 0xEC, 0xAF}
_TOLD = {0x1254C367, 0x1941A469, 0x1043A770}  # tags, attachments, chapters
_OF_INFO = {0x7BA9, 0x4461, 0x7384, 0x3C83AB, 0x3E83BB, 0x73A4, 0x3CB923, 0x3EB923, 0x4D80, 0x5741}


@dataclass(frozen=True)
class _Element:
    id: int
    at: int
    body: int
    end: int | None  #: None where its size is not known


def _vint(content: bytes, place: int, marker: bool) -> tuple[int, int]:
    first = content[place]
    length = 9 - first.bit_length()
    if not first or length > (4 if marker else 8) or place + length > len(content):
        raise _Wrong
    value = int.from_bytes(content[place : place + length], "big")
    if not marker:
        value &= (1 << 7 * length) - 1
        if value == (1 << 7 * length) - 1:
            value = -1
    return value, place + length


def _element(content: bytes, place: int) -> _Element:
    id_, after = _vint(content, place, True)
    size, body = _vint(content, after, False)
    if size >= 0 and body + size > len(content):
        raise _Wrong
    return _Element(id_, place, body, None if size < 0 else body + size)


def _inside(content: bytes, of: _Element) -> Iterator[_Element]:
    place = of.body
    assert of.end is not None
    while place < of.end:
        one = _element(content, place)
        if one.end is None or one.end > of.end:
            raise _Wrong
        yield one
        place = one.end


def _void(kept: bytearray, of: _Element) -> None:
    """Empty space in the place of an element."""
    assert of.end is not None
    whole = of.end - of.at
    if whole < 2:
        raise _Wrong
    wide = 1 if whole < 128 else 8
    size = whole - 1 - wide
    head = bytes([0xEC]) + (size | (1 << 7 * wide)).to_bytes(wide, "big")
    kept[of.at : of.end] = head + b"\0" * size


def _webm(content: bytes) -> bytes:
    kept = bytearray(content)
    head = _element(content, 0)
    types = [content[e.body : e.end] for e in _inside(content, head) if e.id == _DOC_TYPE]
    if types != [b"webm"]:
        raise _Wrong
    assert head.end is not None
    segment = _element(content, head.end)
    if segment.id != _SEGMENT:
        raise _Wrong
    place, end, tracks, clusters = segment.body, segment.end or len(content), 0, 0
    while place < end:
        one = _element(content, place)
        if one.id == _CLUSTER:
            clusters += 1
            place = one.end if one.end is not None else _past_cluster(content, one.body, end)
            continue
        if one.end is None or one.end > end:
            raise _Wrong
        place = one.end
        if one.id in _TOLD:
            _void(kept, one)
        elif one.id == _INFO:
            _clear(content, kept, one, _OF_INFO)
        elif one.id == _TRACKS:
            tracks += _sounds(content, kept, one)
        elif one.id not in _OF_SEGMENT:
            raise _Wrong
    if tracks != 1 or not clusters or place != len(content):
        raise _Wrong
    return bytes(kept)


def _past_cluster(content: bytes, place: int, end: int) -> int:
    """Where a cluster of unknown size ends: at the first element that does not belong into one."""
    while place < end:
        one = _element(content, place)
        if one.id not in _OF_CLUSTER or one.end is None:
            return place
        place = one.end
    return place


def _clear(content: bytes, kept: bytearray, of: _Element, ids: set[int]) -> None:
    for one in _inside(content, of):
        if one.id in ids:
            _void(kept, one)


def _sounds(content: bytes, kept: bytearray, tracks: _Element) -> int:
    count = 0
    for entry in _inside(content, tracks):
        if entry.id != _ENTRY:
            continue
        parts = {one.id: content[one.body : one.end] for one in _inside(content, entry)}
        if parts.get(_TRACK_TYPE) != b"\x02" or parts.get(_CODEC) not in (b"A_OPUS", b"A_VORBIS"):
            raise _Wrong
        _clear(content, kept, entry, {_TRACK_NAME})
        count += 1
    return count


# MP4: tracks of sound alone; what tells of them becomes free space. -------------------------------------------

_TOP = {b"ftyp", b"moov", b"moof", b"mdat", b"sidx", b"styp", b"mfra"}
_HOLD = {b"moov", b"trak", b"mdia", b"moof", b"traf", b"mfra", b"edts", b"mvex"}
_DEEP = 6  # boxes in boxes
_DATED = {b"mvhd", b"tkhd", b"mdhd"}
_TELL = {b"udta", b"meta", b"uuid", b"free", b"skip", b"wide", b"keys", b"ilst"}


def _boxes(content: bytes, place: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """The boxes between two places: name, where it begins, where its body does, and where it ends."""
    while place < end:
        size, name = struct.unpack_from(">I4s", content, place)
        body = place + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", content, body)
            body += 8
        elif size == 0:
            size = end - place
        if size < body - place or place + size > end:
            raise _Wrong
        yield name, place, body, place + size
        place += size


def _m4a(content: bytes) -> bytes:
    kept = bytearray(content)
    handlers: list[bytes] = []
    seen: set[bytes] = set()

    def walk(place: int, end: int, top: bool, depth: int = 0) -> None:
        if depth > _DEEP:
            raise _Wrong
        for name, start, body, stop in _boxes(content, place, end):
            seen.add(name)
            if name in _TELL or (top and name not in _TOP):
                kept[start + 4 : start + 8] = b"free"
                kept[body:stop] = b"\0" * (stop - body)
            elif name in _DATED:
                wide = 16 if content[body] else 8  # when it was made and changed, in 64 or 32 bits each
                kept[body + 4 : body + 4 + wide] = b"\0" * wide
            elif name == b"hdlr":
                handlers.append(content[body + 8 : body + 12])
                kept[body + 24 : stop] = b"\0" * max(stop - body - 24, 0)  # the name of what wrote it
            elif name in _HOLD:
                walk(body, stop, False, depth + 1)

    walk(0, len(content), True)
    if handlers != [b"soun"] or not {b"moov", b"mdat"} <= seen:
        raise _Wrong
    return bytes(kept)


_CLEAN: dict[str, Callable[[bytes], bytes]] = {
    "webm": _webm,
    "ogg": _ogg,
    "m4a": _m4a,
    "wav": _wav,
    "mp3": _mp3,
}
