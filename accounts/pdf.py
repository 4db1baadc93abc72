"""Paper: a tagged PDF (PDF/UA-1) made by Typst of words that are ready to be read."""

import json
import re
import unicodedata
from itertools import count
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext as _

_NOT_SHOWN = re.compile(r"the text `(.+?)` could not be displayed", re.S)
#: From here on there are pictures in place of letters, and of them no font that comes along has any.
_PICTURES = 0x1F000
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
#: After so many signs by themselves, those that stand beside one in Unicode go with it: a page is not made for ever.
_BY_THEMSELVES = 20
#: Joins, colours or turns the sign before it, and is nothing by itself.
_WITH_OTHERS = "\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff"


def made(template: Path, name: str, told: dict[str, Any]) -> bytes:
    """What a template makes of what it is told, which is its input of that name.

    Whatever people write is printed, whichever letters it is in. A little picture becomes its name in brackets, and
    words in letters that none of the fonts has become a line that says so: they stand on the screen.
    """
    words = json.dumps(told, ensure_ascii=False)
    for tried in count():
        try:
            paper = typst.compile(
                template,
                format="pdf",
                ignore_system_fonts=True,
                sys_inputs={name: words},
                pdf_standards=["ua-1"],
            )
        except typst.TypstError as error:
            missing = _NOT_SHOWN.search(str(error))
            spelt = _spelt_out(words, missing[1], tried >= _BY_THEMSELVES) if missing else words
            if spelt == words:
                raise
            words = spelt
        else:
            assert isinstance(paper, bytes)
            return paper
    raise AssertionError


def _spelt_out(words: str, missing: str, beside: bool) -> str:
    """The words without the characters of what cannot be shown; all of its kind go at once."""
    signs = {sign for sign in _ESCAPED.sub(lambda code: chr(int(code[1], 16)), missing) if not sign.isascii()}
    near = {ord(sign) >> 7 for sign in signs} if beside else set()
    found = {sign for sign in set(words) if _like(sign, signs) or ord(sign) >> 7 in near}
    if not found:
        return words
    gone = "".join(map(re.escape, sorted(found)))
    return re.sub(f"[{gone}][{gone}{_WITH_OTHERS}]*", lambda run: _told(run[0]), words)


def _like(sign: str, missing: set[str]) -> bool:
    if sign in missing:
        return True
    if ord(sign) >= _PICTURES:
        return any(ord(one) >= _PICTURES for one in missing)
    wide = unicodedata.east_asian_width(sign) in "WF"
    return wide and any(unicodedata.east_asian_width(one) in "WF" for one in missing)


def _told(run: str) -> str:
    """Signs by their names; of letters that they are not here."""
    told = []
    for sign in re.sub(f"[{_WITH_OTHERS}]", "", run) or run:
        picture = unicodedata.category(sign).startswith("S")
        word = unicodedata.name(sign, "").lower() if picture else ""
        word = word or _("words in letters that cannot be printed here")
        if word not in told:
            told.append(word)
    return f"({', '.join(told)})"
