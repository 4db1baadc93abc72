"""The pupils that the demo promises to have, by what is special about them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from apdr.models import Cycle
from config.demo.load import SETTINGS, read
from pupils.models import Pupil

LONDON = ZoneInfo("Europe/London")
ORDINARY = datetime(2026, 11, 24, 10, 15, tzinfo=LONDON)


def pupil(anchor: str) -> Pupil:
    for name in SETTINGS:
        anchors = read(name)["anchors"]
        if anchor in anchors:
            found = next(p["name"] for p in read(name)["pupils"] if p["key"] == anchors[anchor])
            given, _, family = found.partition(" ")
            return Pupil.objects.get(given_name=given, family_name=family)
    raise KeyError(anchor)


def open_cycle(anchor: str) -> Cycle:
    return pupil(anchor).cycles.get(closed_at=None)
