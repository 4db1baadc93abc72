"""What a young person may look at through somebody else's eyes, and from which instant (issue: see it as they do)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User

from . import choices, policy
from .access import Preview, find
from .clocks import midnight
from .enums import Ground, Section
from .pages import TABS

#: The pages that can be looked at, by the names of their routes: the way in, each part, and the plans that are kept.
PAGES = ["pupil", *(name for _section, name, _text in TABS), "kept_plan"]


@dataclass(frozen=True)
class Looking:
    """A young person who looks at what others see: as it is now, or as it will be on the day they begin to decide."""

    sight: policy.Sight
    at: datetime

    @property
    def rehearses(self) -> bool:
        return self.at > self.sight.at


def looking(person: User, pupil_id: UUID, at: datetime) -> Looking:
    """For the young person who decides, or will within a year: 1 query.

    Raises NotThisSection for everybody else near, a parent carer and a SENCO too, and Http404 outside the circle.
    """
    own = policy.own_record(person, pupil_id, at)
    if own is None:
        raise policy.NotThisSection(find(person, pupil_id, at).pupil)
    sight, begins = own
    if begins > timezone.localdate(at + choices.REHEARSE):
        raise policy.NotThisSection(sight.pupil)
    return Looking(sight, max(at, midnight(begins)))


@dataclass(frozen=True)
class Near:
    """Somebody whom choices can name, what they are, and what is open to them: each part with the name of its page."""

    person: User
    role: str
    open: list[tuple[str, str]]
    closed: list[str]


def near(found: Looking) -> list[Near]:
    """Everybody whom choices can name, parent carers first, with what is open to each then, of what the young person is
    told: 4 queries.
    """
    pupil = found.sight.pupil
    people = choices.recipients(pupil, found.at)
    sees: dict[UUID, dict[Section, policy.Reason]] = {person.pk: {} for person, __ in people}
    for section, rows in policy.people_by_section(pupil, Section, found.at).items():
        for person, reason in policy.told_of(rows):
            if person.pk in sees:
                sees[person.pk][section] = reason
    return [
        Near(
            person,
            _role(kinds),
            [(page, text) for section, page, text in TABS if section in sees[person.pk]],
            [text for section, __, text in TABS if section not in sees[person.pk]],
        )
        for person, kinds in sorted(people, key=lambda one: Ground.PARENT.value not in one[1])
    ]


def _role(kinds: set[str]) -> str:
    words = {
        Ground.PARENT.value: _("parent carer"),
        Ground.TEACHES.value: _("teaches you"),
        "professional": _("helper from outside"),
    }
    return _(" and ").join(text for kind, text in words.items() if kind in kinds)


def preview(found: Looking, person_id: UUID) -> Preview:
    """What one of them sees then: 2 queries. Raises Http404 for anybody else."""
    person = policy.one_near(found.sight.pupil, person_id, choices.NAMED, found.at)
    if person is None:
        raise Http404
    return Preview(policy.through(person, found.sight, found.at), found.sight)
