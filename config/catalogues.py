"""The catalogues of translations: gathered from the source, checked, and compiled into what Django reads.

    python -m config.catalogues            compile what is older than its catalogue
    python -m config.catalogues gather     bring the catalogues up to date with the source (make messages)
    python -m config.catalogues check      say what is wrong with them

Without GNU gettext, which a bare machine has not. A catalogue holds every message; what has no translation is read in
English. The compiled files are in no commit: they are made wherever they are needed.
"""

import os
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "config" / "locale"
#: Into these we translate what goes out to people; the interface is in English.
LANGUAGES = sorted(path.name for path in CATALOGUES.iterdir())
APPS = ("accounts", "pupils", "apdr", "reviews", "notifications", "config")
#: Demo stories, and what whoever runs an installation reads, are English and stay so.
LEFT_OUT = re.compile(r"/migrations/|^config/demo/|/management/")

#: What marks a message, and which of its arguments are the message.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(("_", "_lazy", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|(?<!\{)\{(\w*)\}(?!\})|%[sd]")


def _sources() -> Iterator[Path]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            words = path.suffix == ".py" or (path.suffix in (".html", ".txt") and "/templates/" in name)
            if words and not LEFT_OUT.search(name):
                yield path


def gathered() -> Catalog:
    """Every message of the source, in the order in which it stands there."""
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure()
    found = Catalog(fuzzy=False)
    for path in _sources():
        name, text = path.relative_to(ROOT).as_posix(), path.read_text()
        kind = "python"
        if path.suffix != ".py":
            kind, text = "javascript", templatize(text, origin=name)
        for _line, said, _comments, context in extract(
            kind, BytesIO(text.encode()), KEYWORDS, options={"encoding": "utf-8"}
        ):
            found.add(said, locations=[(name, 1)], context=context)
    return found


def _path(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    with _path(language).open("rb") as file:
        return read_po(file, locale=language)


def gather() -> None:
    """Bring every catalogue up to date: new messages without a translation, and none that the source has not."""
    source = gathered()
    for language in LANGUAGES:
        found = read(language)
        source.creation_date = found.creation_date
        found.update(source, no_fuzzy_matching=True, keep_user_comments=True)
        found.obsolete.clear()
        with _path(language).open("wb") as file:
            write_po(file, found, width=110, include_lineno=False, omit_header=False, ignore_obsolete=True)


def faults() -> list[str]:
    """What is wrong with the catalogues, a sentence each: with a message more or less than the source, one that fits its
    original not, one that is half done.
    """
    source, told = gathered(), []
    wanted = {_key(message) for message in source if message.id}
    for language in LANGUAGES:
        found = read(language)
        here = {_key(message) for message in found if message.id}
        told += [f"{language}: not in the catalogue: {key}" for key in sorted(wanted - here)]
        told += [f"{language}: not in the source: {key}" for key in sorted(here - wanted)]
        told += [
            f"{language}: {words}" for message in found if message.id for words in _faults(message, found)
        ]
    return told


def _key(message: Message) -> str:
    said = message.id if isinstance(message.id, str) else " | ".join(message.id)
    return f"{message.context}: {said}" if message.context else said


def _faults(message: Message, of: Catalog) -> Iterator[str]:
    originals = [message.id] if isinstance(message.id, str) else list(message.id)
    said = [message.string] if isinstance(message.string, str) else list(message.string or [])
    if message.fuzzy:
        yield f"not sure: {originals[0]}"
    if not any(said):
        return
    if len(originals) > 1 and (len(said) != of.num_plurals or not all(said)):
        yield f"not in every number: {originals[0]}"
    names = _placeholders(originals[-1])
    for each in said:
        # A form for exactly one may leave the number out.
        if (_placeholders(each) - names) or (names - _placeholders(each) and len(originals) == 1):
            yield f"other placeholders: {originals[0]} → {each}"
        if (
            each[:1].isspace() != originals[0][:1].isspace()
            or each[-1:].isspace() != originals[0][-1:].isspace()
        ):
            yield f"other space around it: {originals[0]}"


def _placeholders(words: str) -> set[str]:
    return {found[0] for found in _PLACEHOLDER.finditer(words)}


def compiled(language: str) -> Path:
    return _path(language).with_suffix(".mo")


def _translated(language: str) -> Catalog:
    """A catalogue without what has no translation: an empty one would be shown as nothing."""
    found = read(language)
    for message in list(found):
        said = [message.string] if isinstance(message.string, str) else list(message.string or [])
        if message.id and not (said and all(said)):
            found.delete(message.id, message.context)
    return found


def compile_all() -> None:
    """Compile each catalogue that is not compiled as it is: the compiled file has the time of its catalogue."""
    for language in LANGUAGES:
        source, target = _path(language), compiled(language)
        if target.exists() and target.stat().st_mtime_ns == source.stat().st_mtime_ns:
            continue
        own = target.with_suffix(f".{os.getpid()}")  # others may compile at the same time
        with own.open("wb") as file:
            write_mo(file, _translated(language))
        os.utime(own, ns=(source.stat().st_atime_ns, source.stat().st_mtime_ns))
        own.replace(target)


def begin(language: str) -> None:
    """Write an empty catalogue of a language."""
    _path(language).parent.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    made = Catalog(
        locale=language,
        project="Alongside",
        version="1",
        msgid_bugs_address="-",
        last_translator="Written by the makers; not checked by a translator yet",
        language_team="-",
        creation_date=now,
        revision_date=now,
        fuzzy=False,
        header_comment="# What Alongside says in this language. Not checked by a translator yet.",
    )
    with _path(language).open("wb") as file:
        write_po(file, made)


def main(asked: list[str]) -> int:
    match asked:
        case []:
            compile_all()
        case ["gather"]:
            gather()
            compile_all()
        case ["check"]:
            found = faults()
            print("\n".join(found))
            return 1 if found else 0
        case ["begin", language]:
            begin(language)
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
