"""The door every page and API answer goes through to a pupil's record."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest

from . import policy
from .enums import Section, Way
from .models import AccessLog, Pupil


def look(
    person: policy.Person,
    pupil_id: UUID | Pupil,
    wanted: Section | str,
    at: datetime,
    *,
    way: Way = Way.PAGE,
    also: Sequence[Section] = (),
) -> policy.Sight:
    """What a person sees of a pupil, when they may see or do `wanted`; writes that they looked.

    `pupil_id` may be the pupil itself, where it was read already with a row that belongs to it.
    `wanted` is a section or an action. `also` names further sections that the answer shows where they are open.
    Raises Http404 outside the circle (or where there is no such pupil), NotThisSection inside it.
    """
    sight = policy.require(person, wanted, _pupil(pupil_id), at)
    section, _ = policy.meaning(wanted)
    write_down(sight, [section, *also], way)
    return sight


def find(
    person: policy.Person, pupil_id: UUID, at: datetime, wanted: Section | str | None = None
) -> policy.Sight:
    """Somebody's sight of a pupil in whose circle they stand; nothing is written, since no section is shown.

    With `wanted` they may also do this action. Raises Http404 outside the circle, NotThisSection inside it.
    """
    return policy.require(person, wanted, _pupil(pupil_id), at)


def _pupil(pupil_id: UUID | Pupil) -> Pupil:
    if isinstance(pupil_id, Pupil):
        return pupil_id
    pupil = Pupil.objects.filter(pk=pupil_id).first()
    if pupil is None:
        raise Http404
    return pupil


def write_down(sight: policy.Sight, sections: Sequence[Section], way: Way) -> None:
    """Write one look at the sections that are open among those named."""
    _looked(sight, sections, way).save()


def write_down_all(sights: Iterable[policy.Sight], sections: Sequence[Section]) -> None:
    """`write_down` for every pupil whose record a list shows, in one query."""
    write_down_each((sight, sections) for sight in sights)


def write_down_each(looks: Iterable[tuple[policy.Sight, Sequence[Section]]], way: Way = Way.PAGE) -> None:
    """`write_down` for pupils of whom a list shows different sections, in one query."""
    AccessLog.objects.bulk_create(_looked(sight, sections, way) for sight, sections in looks)


def _looked(sight: policy.Sight, sections: Sequence[Section], way: Way) -> AccessLog:
    seen = [s for s in dict.fromkeys(sections) if sight.sees(s)]
    return AccessLog(
        pupil=sight.pupil,
        person=sight.person,
        sections=[s.value for s in seen],
        grounds=[sight.reasons[s][0].ground.value for s in seen],
        way=way,
        at=sight.at,
    )


def open_record(
    request: HttpRequest,
    pupil_id: UUID | Pupil,
    wanted: Section | str,
    *,
    way: Way = Way.PAGE,
    also: Sequence[Section] = (),
) -> policy.Sight:
    """`look`, for the person and the instant of a request."""
    return look(request.user, pupil_id, wanted, request.at, way=way, also=also)  # type: ignore[attr-defined]
