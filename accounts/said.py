"""Who said how to talk with somebody: they themselves, or a SENCO after asking them.

Read from the events of the account, which are written with each change and never altered.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from .enums import Asked
from .models import AccountEvent, User
from .services import PREFERENCES

#: What each preference is about, in words for a sentence.
ABOUT = {
    "spoken_language": _lazy("the language to speak"),
    "written_language": _lazy("the language to read"),
    "needs_interpreter": _lazy("an interpreter"),
    "format": _lazy("how to read things"),
    "channel": _lazy("how to be reached"),
    "phone": _lazy("the mobile number"),
    "postal_address": _lazy("the address"),
    "good_times": _lazy("good times"),
    "quiet_from": _lazy("quiet hours"),
    "quiet_until": _lazy("quiet hours"),
    "quiet_weekends": _lazy("quiet weekends"),
    "daily_digest": _lazy("messages together or one by one"),
    "trusted_person": _lazy("somebody to talk to as well"),
    "notes": _lazy("what else helps"),
}


@dataclass(frozen=True)
class Said:
    """One time at which preferences were set that hold still: which, by whom, and how they were asked."""

    by: User
    own: bool
    at: datetime
    how: str
    asked_on: date | None
    fields: list[str]

    @property
    def about(self) -> str:
        """What was said, once each."""
        return ", ".join(dict.fromkeys(str(ABOUT[name]) for name in self.fields))

    @property
    def asked(self) -> str:
        """How they were asked, in the middle of a sentence."""
        label = Asked(self.how).label if self.how else ""
        return label[:1].lower() + label[1:]


def said_of(person: User) -> list[Said]:
    """Where each preference of somebody that was ever set comes from, the latest first: 1 query."""
    events = AccountEvent.objects.filter(person=person, verb="preferences changed").select_related("by")
    known: set[str] = set()
    found = []
    for event in events.order_by("-at", "-pk"):
        new = [name for name in PREFERENCES if name in event.detail["fields"] and name not in known]
        known.update(new)
        if new and event.by is not None:
            day = event.detail.get("asked_on")
            found.append(
                Said(
                    event.by,
                    event.by_id == person.pk,
                    event.at,
                    event.detail.get("how", ""),
                    date.fromisoformat(day) if day else None,
                    new,
                )
            )
    return found


def own_since(person: User, day: date) -> dict[str, date]:
    """The preferences that somebody set themself after a day, each with when: 1 query."""
    return {
        name: timezone.localdate(said.at)
        for said in said_of(person)
        if said.own and timezone.localdate(said.at) > day
        for name in said.fields
    }


def by_others(person: User) -> list[Said]:
    """What holds of what others wrote down for somebody, the latest first: 1 query."""
    return [said for said in said_of(person) if not said.own]


def names_shown(found: list[Said], colleagues: set[UUID]) -> list[tuple[Said, str]]:
    """Each with who wrote it down, for a SENCO: somebody who works elsewhere is not named, nor is where."""
    return [(said, said.by.name if said.by.pk in colleagues else "") for said in found]
