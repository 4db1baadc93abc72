"""A language in which every message that is marked for translation stands in brackets, and what of a page does not."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

import pytest
from django.utils import translation
from django.utils.safestring import SafeData, mark_safe

OPEN, CLOSE = "⟦", "⟧"
#: Nobody translates into this; dates and numbers are as in English.
LANGUAGE = "en"
READ = {"alt", "title", "placeholder", "aria-label", "aria-description", "label"}
NOT_READ = {"script", "style"}
#: Between these, words without a bracket are looked up in the record one by one.
_BETWEEN = re.compile(r"[^\w’'&@.+-]+|\s-\s|\.(?=\s|$)")


def pieces_of(text: str) -> list[str]:
    """Its words, without what stands around them."""
    return [piece.strip(".+-’' ") for piece in _BETWEEN.split(text) if re.search(r"[^\W\d_]", piece)]


@contextmanager
def every_message_in_brackets() -> Iterator[None]:
    """Everything that goes through a catalogue comes out in brackets, but what is put in the language of the record."""
    real = translation._trans

    def put(said: Any, *, original: Any) -> Any:
        if translation.get_language() != LANGUAGE or not original:
            return said
        words = f"{OPEN}{said}{CLOSE}"
        return mark_safe(words) if isinstance(original, SafeData) else words

    one, many, of, many_of = real.gettext, real.ngettext, real.pgettext, real.npgettext
    with pytest.MonkeyPatch.context() as patch, translation.override(LANGUAGE):
        patch.setattr(real, "gettext", lambda m: put(one(m), original=m))
        patch.setattr(real, "ngettext", lambda s, p, n: put(many(s, p, n), original=s))
        patch.setattr(real, "pgettext", lambda c, m: put(of(c, m), original=m))
        patch.setattr(real, "npgettext", lambda c, s, p, n: put(many_of(c, s, p, n), original=s))
        yield


class Outside(HTMLParser):
    """The pieces of a page that stand outside brackets, in its text and in its attributes that are read."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.depth, self.within = 0, ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.within = tag if tag in NOT_READ else ""
        told = dict(attrs)
        for name, value in attrs:
            button = name == "value" and tag == "input" and told.get("type") in {"submit", "button"}
            if value and (name in READ or button):
                self._read(value, 0)

    def handle_endtag(self, tag: str) -> None:
        self.within = ""

    def handle_data(self, text: str) -> None:
        if not self.within:
            self.depth = self._read(text, self.depth)

    def _read(self, text: str, depth: int) -> int:
        outside = ""
        for letter in text:
            depth += (letter == OPEN) - (letter == CLOSE)
            outside += letter if depth == 0 and letter != CLOSE else "\n"
        self.pieces += pieces_of(outside)
        return depth
