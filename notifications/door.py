"""Who comes to an event, as a list for the door: names of those who signed up, and with how many they come.

Nothing of a child is in it, nor what anybody told the SENCO. Whoever asks for it is asked before (`events.issue`).
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import languages
from accounts.pdf import made
from reviews.exports import Cell

from .models import Event, EventPlace

TEMPLATE = Path(__file__).with_name("door.typ")


def _heads() -> list[str]:
    return [_("Name"), _("Adults"), _("Children"), _("Here")]


def rows(event: Event, places: Iterable[EventPlace]) -> Iterable[Sequence[Cell]]:
    """A row for each who signed up, under headings, and the sums."""
    found = list(places)
    yield _heads()
    for one in found:
        yield [one.person.name, one.adults, one.children, ""]
    yield [_("Together"), sum(one.adults for one in found), sum(one.children for one in found), ""]


def when(event: Event) -> str:
    start, end = timezone.localtime(event.starts_at), timezone.localtime(event.ends_at)
    return _("%(day)s, %(start)s to %(end)s") % {
        "day": date_format(start, "l j E Y"),
        "start": date_format(start, "G:i"),
        "end": date_format(end, "G:i"),
    }


def pdf(event: Event, places: Iterable[EventPlace]) -> bytes:
    """The same on paper, with a box to tick for each."""
    heads, *lines = rows(event, places)
    told = {
        "title": _("Who comes"),
        "event": event.title,
        "when": when(event),
        "where": event.where,
        "heads": heads,
        "lines": [[str(cell) for cell in line] for line in lines],
        "language": languages.tag().split("-")[0],
        "keep": _("Keep this list where nobody else reads it, and throw it away safely afterwards."),
    }
    return made(TEMPLATE, "door", told)
