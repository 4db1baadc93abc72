"""The door every page and API answer goes through to a pupil's record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone

from . import policy
from .enums import Ground, Section, Way
from .models import AccessLog, Pupil


@dataclass(frozen=True)
class Preview:
    """A young person looks through somebody else's eyes: `sight` is that person's, `by` their own, as it is now.

    A request that carries one as `preview` reads that one record alone, and what is written down is the young
    person's own look. Nothing is done as the other person.
    """

    sight: policy.Sight
    by: policy.Sight

    def opened(
        self, pupil_id: UUID | Pupil, wanted: Section | str | None, also: Sequence[Section] = ()
    ) -> policy.Sight:
        """As `open_record`; nothing is written down where `wanted` is None, as no section is shown then."""
        if (pupil_id.pk if isinstance(pupil_id, Pupil) else pupil_id) != self.by.pupil.pk:
            raise Http404
        sight = policy.passed(self.sight, wanted)
        if wanted is not None:
            section, _ = policy.meaning(wanted)
            self.write_down([s for s in [section, *also] if sight.sees(s)])
        return sight

    def write_down(self, seen: Sequence[Section]) -> None:
        row = _looked(self.by, seen, Way.PREVIEW)
        row.seen_as = self.sight.person
        row.save()


#: Stands in `AccessLog.via` where a parent carer read a plan that they keep (`policy.kept`).
KEPT = "kept"


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
    sight = policy.require(person, wanted, _pupil(pupil_id, at), at)
    section, _ = policy.meaning(wanted)
    write_down(sight, [section, *also], way)
    return sight


def find(
    person: policy.Person, pupil_id: UUID, at: datetime, wanted: Section | str | None = None
) -> policy.Sight:
    """Somebody's sight of a pupil in whose circle they stand; nothing is written, since no section is shown.

    With `wanted` they may also do this action. Raises Http404 outside the circle, NotThisSection inside it.
    """
    return policy.require(person, wanted, _pupil(pupil_id, at), at)


def _pupil(pupil_id: UUID | Pupil, at: datetime) -> Pupil:
    if isinstance(pupil_id, Pupil):
        return pupil_id
    # How a child likes their page stands in an app above; it is read with them by the name of its relation.
    rows = Pupil.objects.select_related("page").filter(pk=pupil_id)
    pupil: Pupil | None = policy.with_day(rows, at).first()
    if pupil is None:
        raise Http404
    return pupil


def write_down(sight: policy.Sight, sections: Sequence[Section], way: Way) -> None:
    """Write one look at the sections that are open among those named."""
    AccessLog.objects.bulk_create(_looks(sight, sections, way))


#: A file that is asked for so soon after its part was opened is part of that look.
SAME_LOOK = timedelta(minutes=10)


def write_down_file(sight: policy.Sight, section: Section, way: Way) -> None:
    """Write that somebody had a file of a section, once for a page of them: 2 queries."""
    looked = AccessLog.objects.filter(
        pupil=sight.pupil,
        person=sight.person,
        sections__contains=[section.value],
        way=way,
        at__gt=sight.at - SAME_LOOK,
        at__lte=sight.at,
    )
    if not looked.exists():
        write_down(sight, [section], way)


def write_down_all(sights: Iterable[policy.Sight], sections: Sequence[Section]) -> None:
    """`write_down` for every pupil whose record a list shows, in one query."""
    write_down_each((sight, sections) for sight in sights)


def write_down_each(looks: Iterable[tuple[policy.Sight, Sequence[Section]]], way: Way = Way.PAGE) -> None:
    """`write_down` for pupils of whom a list shows different sections, in one query."""
    AccessLog.objects.bulk_create(row for sight, sections in looks for row in _looks(sight, sections, way))


def read_by_itself(looks: Iterable[tuple[policy.Sight, Sequence[Section]]], way: Way) -> None:
    """`write_down_each` for what a program of somebody's reads again and again: one look a day at each pupil, 2 queries."""
    found = list(looks)
    if not found:
        return
    person, at = found[0][0].person, found[0][0].at
    known = AccessLog.objects.filter(
        pupil__in=[sight.pupil for sight, _ in found], person=person, way=way, at__date=timezone.localdate(at)
    )
    seen = set(known.values_list("pupil", flat=True))
    write_down_each([one for one in found if one[0].pupil.pk not in seen], way)


def _looks(sight: policy.Sight, sections: Sequence[Section], way: Way) -> list[AccessLog]:
    """One row; what only a safeguarding disclosure opened is a row of its own, so that to hide it hides nothing else."""
    quiet = [s for s in sections if sight.sees(s) and sight.reasons[s][0].safeguarding]
    others = [s for s in sections if sight.sees(s) and s not in quiet]
    return [_looked(sight, part, way) for part in (others, quiet) if part] or [_looked(sight, [], way)]


def _looked(sight: policy.Sight, sections: Sequence[Section], way: Way) -> AccessLog:
    seen = [s for s in dict.fromkeys(sections) if sight.sees(s)]
    reasons = [sight.reasons[s][0] for s in seen]
    return AccessLog(
        pupil=sight.pupil,
        person=sight.person,
        sections=[s.value for s in seen],
        grounds=[reason.ground.value for reason in reasons],
        via=["" if reason.untold else reason.via for reason in reasons],
        by_choice=[reason.chosen for reason in reasons],
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
    """`look`, for the person and the instant of a request; or what its preview shows of the one record it is of."""
    preview: Preview | None = getattr(request, "preview", None)
    if preview is not None:
        return preview.opened(pupil_id, wanted, also)
    way = way_of(request, way)
    return look(request.user, pupil_id, wanted, request.at, way=way, also=also)  # type: ignore[attr-defined]


def way_of(request: HttpRequest, way: Way = Way.PAGE) -> Way:
    """By which way a page goes out: on paper, where it is put there."""
    return Way.PRINT if getattr(request, "on_paper", False) else way


def seen(request: HttpRequest, sight: policy.Sight, sections: Sequence[Section]) -> None:
    """Write that a page shows these sections where they are open, when only the page knows which it shows."""
    preview: Preview | None = getattr(request, "preview", None)
    if preview is not None:
        preview.write_down([s for s in sections if sight.sees(s)])
    else:
        write_down(sight, sections, way_of(request))


def find_record(request: HttpRequest, pupil_id: UUID, wanted: Section | str | None = None) -> policy.Sight:
    """`find`, for the person and the instant of a request, or of its preview."""
    preview: Preview | None = getattr(request, "preview", None)
    if preview is not None:
        return policy.passed(preview.opened(pupil_id, None), wanted)
    return find(request.user, pupil_id, request.at, wanted)  # type: ignore[attr-defined]


def keeps(request: HttpRequest, pupil_id: UUID) -> bool:
    """Whether whoever asks keeps plans of this pupil from before the young person decided, where it is closed now."""
    person, at = request.user, request.at  # type: ignore[attr-defined]
    return person.is_authenticated and policy.kept(person, _pupil(pupil_id, at), at) is not None


def open_kept(request: HttpRequest, pupil_id: UUID) -> tuple[policy.Sight, policy.Kept]:
    """What whoever asks keeps of the plans they were given; writes down that they looked.

    Raises Http404 outside the circle, and NotThisSection inside it where nothing is kept.
    """
    sight = find_record(request, pupil_id)
    found = policy.kept(sight.person, sight.pupil, sight.at)
    if found is None:
        raise policy.NotThisSection(sight.pupil)
    preview: Preview | None = getattr(request, "preview", None)
    read = [section for section in Section if section in found.sections]
    if preview is not None:
        preview.write_down(read)
    else:
        AccessLog.objects.create(
            pupil=sight.pupil,
            person=sight.person,
            sections=read,
            grounds=[Ground.PARENT] * len(read),
            via=[KEPT] * len(read),
            by_choice=[False] * len(read),
            way=way_of(request),
            at=sight.at,
        )
    return sight, found
