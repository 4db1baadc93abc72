"""Recordings to send, of every kind that somebody can send, each with a secret in it that is not sound."""

import math
import struct

SECRET = b"SECRET 50.836,-0.779 Ada's phone"


def wav(secret: bytes = SECRET) -> bytes:
    """A tenth of a second of a tone, and where it was recorded."""
    data = b"".join(struct.pack("<h", int(9000 * math.sin(n / 8))) for n in range(800))
    form = struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)
    told = b"INFOICMT" + struct.pack("<I", len(secret)) + secret + b"\0" * (len(secret) % 2)
    chunks = [(b"fmt ", form), (b"LIST", told), (b"data", data)]
    body = b"".join(name + struct.pack("<I", len(part)) + part for name, part in chunks)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body


def mp3(frames: int = 6, secret: bytes = SECRET) -> bytes:
    """Silent frames of layer III between what tells of them."""
    frame = b"\xff\xfb\x90\x00".ljust(417, b"\0")
    size = bytes([0, 0, len(secret) >> 7, len(secret) & 0x7F])
    return b"ID3\x04\0\0" + size + secret + frame * frames + b"TAG" + secret.ljust(125, b"\0")


def _page(serial: int, number: int, packets: list[bytes], kind: int = 0) -> bytes:
    sizes = b"".join(b"\xff" * (len(p) // 255) + bytes([len(p) % 255]) for p in packets)
    head = b"OggS\0" + bytes([kind]) + b"\0" * 8 + struct.pack("<II", serial, number)
    page = bytearray(head + b"\0\0\0\0" + bytes([len(sizes)]) + sizes + b"".join(packets))
    page[22:26] = struct.pack("<I", checksum(bytes(page)))
    return bytes(page)


def checksum(page: bytes) -> int:
    """The mark of an Ogg page (RFC 3533), counted bit by bit."""
    register = 0
    for byte in page:
        register ^= byte << 24
        for _ in range(8):
            register = (register << 1 ^ 0x04C11DB7 if register & 0x80000000 else register << 1) & 0xFFFFFFFF
    return register


def ogg(secret: bytes = SECRET) -> bytes:
    """One stream of Opus whose comments say where it was recorded."""
    head = b"OpusHead\x01\x01\x38\x01\x80\xbb\0\0\0\0\0"
    said = b"OpusTags" + struct.pack("<I", 4) + b"test" + struct.pack("<I", 1)
    tags = said + struct.pack("<I", len(secret)) + secret
    return _page(7, 0, [head], 2) + _page(7, 1, [tags]) + _page(7, 2, [b"\xfc" * 40, b"\xfc" * 40], 4)


def _element(name: int, body: bytes, size: int | None = None) -> bytes:
    head = name.to_bytes((name.bit_length() + 7) // 8, "big")
    length = len(body) if size is None else size
    return head + (1 << 56 | length).to_bytes(8, "big") + body


UNKNOWN = (1 << 56) - 1


def webm(track: int = 2, codec: bytes = b"A_OPUS", secret: bytes = SECRET) -> bytes:
    """What a browser records, sizes unknown as there, with a title, a name and an attachment."""
    head = _element(0x1A45DFA3, _element(0x4282, b"webm"))
    info = _element(0x1549A966, _element(0x2AD7B1, b"\x0f\x42\x40") + _element(0x7BA9, secret))
    entry = _element(0xD7, b"\x01") + _element(0x83, bytes([track])) + _element(0x86, codec)
    tracks = _element(0x1654AE6B, _element(0xAE, entry + _element(0x536E, secret)))
    told = _element(0x1254C367, _element(0x7373, secret)) + _element(0x1941A469, secret)
    cluster = _element(0x1F43B675, _element(0xE7, b"\0") + _element(0xA3, b"\x81\0\0\x80sound"), UNKNOWN)
    return head + _element(0x18538067, info + tracks + told + cluster, UNKNOWN)


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + name + body


def m4a(handler: bytes = b"soun", secret: bytes = SECRET) -> bytes:
    """A track of sound, with the place and the name of the phone where phones put them."""
    hdlr = _box(b"hdlr", b"\0" * 8 + handler + b"\0" * 12 + secret + b"\0")
    mvhd = _box(b"mvhd", b"\0\0\0\0" + b"SECRET!!" + b"\0" * 88)
    trak = _box(b"trak", _box(b"mdia", hdlr + _box(b"minf", b"")))
    moov = _box(b"moov", mvhd + trak + _box(b"udta", _box(b"\xa9xyz", secret)) + _box(b"meta", secret))
    return _box(b"ftyp", b"M4A \0\0\0\0isom") + moov + _box(b"mdat", b"sound" * 9) + _box(b"uuid", secret)


def nested(depth: int) -> bytes:
    """Boxes in boxes."""
    return b"".join(struct.pack(">I4s", 8 * (depth - n), b"moov") for n in range(depth))


EVERY = {"wav": wav(), "mp3": mp3(), "ogg": ogg(), "webm": webm(), "m4a": m4a()}
