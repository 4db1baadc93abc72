"""From the bytes of an uploaded file to rows of text, refusing what cannot be read for certain."""

import codecs
import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ..enums import ImportKind
from .columns import COLUMNS, Column, plain, spelled

#: bytes and rows; what fits a large college, and is read in seconds.
LARGEST = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 200

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
#: An é that was written as UTF-8: in a file that is otherwise Windows-1252, one of the two is wrong.
_HALF_UTF8 = re.compile(rb"\xc3[\x80-\xbf]")
_SAVE_AS = _lazy("In Excel choose Save As, then “CSV UTF-8 (Comma delimited)”, and choose that file.")


@dataclass(frozen=True)
class Row:
    """One row of a file: its number as Excel shows it, and its cells by column key."""

    number: int
    cells: dict[str, str]
    too_many: bool = False


@dataclass(frozen=True)
class Reading:
    """A file as it was read. `ignored` are headings that no column here is called."""

    encoding: str
    separator: str
    rows: list[Row]
    ignored: list[str] = field(default_factory=list)


def read(content: bytes, kind: ImportKind) -> Reading:
    """The rows of a file. Raises ValidationError, with what to do, for one that cannot be read."""
    text, encoding = decode(content)
    said = re.match(r'"?sep=(.)"?\r?\n?', text)
    if said:
        text = text[said.end() :]
    separator = said[1] if said else _separator(text, kind)
    if separator not in SEPARATORS:
        raise ValidationError(_("Separate the cells by commas, semicolons or tabs."))
    table = _table(text, separator)
    heading_at = next((n for n, row in enumerate(table) if any(c.strip() for c in row)), None)
    if heading_at is None:
        raise ValidationError(_("The file is empty. It needs a row of headings and a row for each entry."))
    places, ignored = _places(table[heading_at], kind)
    rows: list[Row] = []
    for number, line in enumerate(table[heading_at + 1 :], start=heading_at + 2):
        cells = [tidy(cell) for cell in line]
        if not any(cells):
            continue
        if len(rows) == MOST_ROWS:
            raise ValidationError(
                _("The file has more than %(number)s rows. Split it into smaller files.")
                % {"number": f"{MOST_ROWS:,}"}
            )
        kept = {key: cells[place] if place < len(cells) else "" for key, place in places.items()}
        rows.append(Row(number, kept, any(cells[len(table[heading_at]) :])))
    if not rows:
        raise ValidationError(_("The file has headings and no rows under them."))
    return Reading(encoding, SEPARATORS[separator], rows, ignored)


def decode(content: bytes) -> tuple[str, str]:
    """The text of a file and the name of its encoding, in words. Raises ValidationError."""
    if len(content) > LARGEST:
        raise ValidationError(
            _("The file is larger than %(number)s MB. Split it into smaller files.")
            % {"number": LARGEST // 1024 // 1024}
        )
    if content.startswith(_WORKBOOKS):
        raise ValidationError(_("This is an Excel workbook, not a CSV file. %(hint)s") % {"hint": _SAVE_AS})
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise ValidationError(
            _("This file is in UTF-32, which we do not read. %(hint)s") % {"hint": _SAVE_AS}
        )
    if content.startswith(codecs.BOM_UTF8):
        ways = [("utf-8-sig", _("UTF-8 with a mark"))]
    elif content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        ways = [("utf-16", "UTF-16")]
    else:
        ways = [("utf-8", "UTF-8"), ("cp1252", "Windows-1252")]
    for codec, name in ways:
        try:
            text = content.decode(codec, "strict")
        except UnicodeDecodeError:
            continue
        if codec == "cp1252" and _HALF_UTF8.search(content):
            break
        if not any(unicodedata.category(c) == "Cc" and c not in "\t\r\n" for c in set(text)):
            return text, name
    raise ValidationError(
        _("We cannot tell which characters this file is written in. %(hint)s") % {"hint": _SAVE_AS}
    )


def tidy(cell: str) -> str:
    """A cell without outer spaces, with one way to write each letter, and one kind of line end."""
    text = unicodedata.normalize("NFC", cell.replace("\r\n", "\n").replace("\r", "\n"))
    return text.replace("\u00a0", " ").replace("\ufeff", "").strip()


def _separator(text: str, kind: ImportKind) -> str:
    """Whichever separator makes the most known headings of the first line."""
    first = next((line for line in text.splitlines() if line.strip(" \t,;")), "")
    known = spelled(kind)
    found = {s: sum(plain(h) in known for h in first.split(s)) for s in SEPARATORS}
    best = max(found, key=lambda s: found[s])
    return best if found[best] else max(SEPARATORS, key=first.count)


def _table(text: str, separator: str) -> list[list[str]]:
    table: list[list[str]] = []
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for line in lines:
            table.append(line)
            if len(table) > MOST_ROWS * 2:
                raise ValidationError(
                    _("The file has more than %(number)s rows. Split it into smaller files.")
                    % {"number": f"{MOST_ROWS:,}"}
                )
            if len(line) > MOST_COLUMNS:
                raise ValidationError(
                    _("Row %(row)s has more than %(number)s cells.")
                    % {"row": len(table), "number": MOST_COLUMNS}
                )
    except csv.Error:
        raise ValidationError(
            _(
                "Row %(row)s is broken: a quotation mark is open or in the wrong place, or a cell is far too long. Put it right and choose the file again."
            )
            % {"row": len(table) + 1}
        ) from None
    return table


def _places(headings: list[str], kind: ImportKind) -> tuple[dict[str, int], list[str]]:
    known = spelled(kind)
    places: dict[str, int] = {}
    ignored: list[str] = []
    twice: list[Column] = []
    for place, heading in enumerate(headings):
        found = known.get(plain(heading))
        if found is None:
            if heading.strip():
                ignored.append(tidy(heading)[:60])
        elif found.key in places:
            twice.append(found)
        else:
            places[found.key] = place
    missing = [c.label for c in COLUMNS[kind] if c.needed and c.key not in places]
    if missing:
        raise ValidationError(
            _(
                "The first row must name the columns. We did not find: %(columns)s. The template has every heading."
            )
            % {"columns": ", ".join(missing)}
        )
    if twice:
        raise ValidationError(
            _("Two columns both mean “%(twice)s”. Keep the right one and take the other out.")
            % {"twice": twice[0].label}
        )
    return places, ignored
