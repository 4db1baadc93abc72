"""In which language somebody is written to: the one they like to read, where there is a catalogue of it, else English.

Pages are in English, whoever reads them (docs/decisions/0013-how-words-are-translated.md).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from . import quiet
from .models import User
from .words import RECORD

NOT_CHECKED = gettext_noop("This translation has not been checked by a translator yet.")


def of(person: User) -> str:
    """No query where their preferences were read with the person."""
    return known(quiet.reads(person))


def known(tag: str) -> str:
    """The language of a BCP 47 tag, if we write in it."""
    language = tag.split("-")[0].lower()
    return language if language in settings.MESSAGE_LANGUAGES else RECORD


@contextmanager
def writing_to(person: User | None) -> Iterator[None]:
    """What is put into words within is in this person's language: sentences, dates and the names of things."""
    with translation.override(of(person) if person else RECORD):
        yield


def not_checked() -> str:
    """What every message in another language than English says of itself, in both; nothing in English."""
    if (translation.get_language() or RECORD) == RECORD:
        return ""
    return f"{_(NOT_CHECKED)} {NOT_CHECKED}"


def tag() -> str:
    """The language in which words are put now, as HTML and PDF name it."""
    now = translation.get_language() or RECORD
    return "en-GB" if now == RECORD else now
