"""Files of a record as a browser gets them: shown as what they are and as nothing else, and kept nowhere.

Whether somebody may have one is asked before, each time; nothing here asks.
"""

import re

from django.http import Http404, HttpRequest, HttpResponse

_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")


def jpeg(content: bytes | None, name: str = "photo") -> HttpResponse:
    """A picture. Raises Http404 for none."""
    return _safe(content, "image/jpeg", f"{name}.jpg")


def recording(request: HttpRequest, content: bytes | None, kind: str, ending: str) -> HttpResponse:
    """A recording, or the part of it that a player asks for: some play nothing that cannot be had in parts."""
    answer = _safe(content, kind, f"recording.{ending}")
    answer["Accept-Ranges"] = "bytes"
    assert content is not None
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or not any(asked.groups()):
        return answer
    first, last = _part(asked[1], asked[2], len(content))
    if first > last:
        answer.status_code, answer.content = 416, b""
        answer["Content-Range"] = f"bytes */{len(content)}"
        return answer
    answer.status_code, answer.content = 206, content[first : last + 1]
    answer["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return answer


def _part(first: str, last: str, length: int) -> tuple[int, int]:
    """The places of the first and the last byte of a part; the last alone asks for so many from the end."""
    if not first:
        return max(length - int(last), 0), length - 1 if int(last) else -1
    return int(first), min(int(last), length - 1) if last else length - 1


def _safe(content: bytes | None, kind: str, name: str) -> HttpResponse:
    if content is None:
        raise Http404
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store, private"
    return answer
