"""What stands beside the thread: when a home saw something, which calls are to be made, who asks to talk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from accounts.models import User
from apdr.enums import Perspective
from apdr.services.common import require_heard
from pupils import access, policy
from pupils.enums import Ground, Section, Way
from pupils.models import AccessLog, Household, Pupil

from .models import Call, Photo, Talk, Update
from .services import as_staff
from .talks import heard

#: Calls that were made, and talks that were, stand beside the thread for so many.
LATEST = 5


@dataclass(frozen=True)
class Seen:
    """That somebody of a home opened this part after an update was written, and when they first did."""

    home: str
    at: datetime


def receipts(sight: policy.Sight, updates: list[Update], homes: list[Household]) -> dict[UUID, list[Seen]]:
    """When each of these homes first saw what staff wrote to it, by update; out of who looked: 1 query.

    It says when something was seen and never that it was not. Only a look on the ground of a parent carer counts.
    """
    wrote = [one.pk for one in updates if one.perspective == Perspective.STAFF]
    if sight.looker is not None or not as_staff(sight) or not homes:
        return {}
    looks = AccessLog.objects.filter(
        pupil=OuterRef("pupil"),
        person=OuterRef("reader"),
        sections__contains=[Section.UPDATES.value],
        grounds__contains=[Ground.PARENT.value],
        seen_as=None,
        at__gte=OuterRef("since"),
    ).exclude(grounds__overlap=[Ground.OVERRIDE.value])
    # Each update beside each parent carer: everything about one of them is read off the same row.
    carer = {"home": F("pupil__parent_carers__household"), "reader": F("pupil__parent_carers__person")}
    rows = (
        Update.objects.filter(pk__in=wrote, pupil=sight.pupil)
        .annotate(since=Coalesce("edited_at", "at"), **carer)
        .filter(Q(household=None) | Q(household=F("home")), home__in=[one.pk for one in homes])
        .annotate(seen=Subquery(looks.order_by("at").values("at")[:1]))
        .values_list("pk", "home", "seen")
    )
    first: dict[tuple[UUID, UUID], datetime] = {}
    for update, here, seen in rows:
        if seen is not None:
            first[update, here] = min(seen, first.get((update, here), seen))
    found: dict[UUID, list[Seen]] = {}
    for (update, here), seen in first.items():
        name = next(one.name for one in homes if one.pk == here)
        found.setdefault(update, []).append(Seen(name, seen))
    return {pk: sorted(told, key=lambda one: one.home) for pk, told in found.items()}


def calls(sight: policy.Sight) -> list[Call]:
    """The calls that are to be made, and the last that were: for staff alone, and through nobody's eyes. 1 query."""
    if sight.looker is not None or not as_staff(sight):
        return []
    found = Call.objects.filter(pupil=sight.pupil).select_related("household", "by", "rang_by")
    return list(found.order_by(F("rang_at").desc(nulls_first=True), "-at")[:LATEST])


def call(call_id: UUID) -> Call:
    """A call by its id, before anybody's sight of it is asked. Raises Http404."""
    found = Call.objects.select_related("pupil", "household", "by", "rang_by").filter(pk=call_id).first()
    if found is None:
        raise Http404
    return found


def talks(sight: policy.Sight) -> list[Talk]:
    """The talks this person reads of, those without an answer first: 1 query."""
    found = Talk.objects.filter(heard(sight), pupil=sight.pupil).select_related("by", "to", "answered_by")
    return list(found.order_by(F("answered_at").desc(nulls_first=True), "-at")[:LATEST])


def talk(talk_id: UUID) -> Talk:
    """A talk by its id, before anybody's sight of it is asked. Raises Http404."""
    rows = Talk.objects.select_related("pupil", "by", "to", "household", "answered_by")
    found = rows.filter(pk=talk_id).first()
    if found is None:
        raise Http404
    return found


def update(update_id: UUID) -> Update:
    """An update by its id, before anybody's sight of it is asked. Raises Http404."""
    found = Update.objects.select_related("pupil", "by", "household").filter(pk=update_id).first()
    if found is None:
        raise Http404
    return found


def photo(photo_id: UUID) -> Photo:
    """A photo by its id, before anybody's sight of it is asked. Raises Http404."""
    found = Photo.objects.select_related("update__pupil").filter(pk=photo_id).first()
    if found is None:
        raise Http404
    return found


def look_at(person: policy.Person, found: Photo, at: datetime, way: Way = Way.PAGE) -> policy.Sight:
    """Whoever may read the update of a photo at this instant; that they looked is written down, once for a page of photos.

    Raises Http404 outside the circle and where its words do not reach them, NotThisSection where the part is closed.
    """
    pupil = found.update.pupil
    sight = policy.require(person, Section.UPDATES, pupil, at)
    require_heard(found.update, sight, Section.UPDATES)
    access.write_down_file(sight, Section.UPDATES, way)
    return sight


def of_family(pupil: Pupil) -> Q:
    """Which households a call may be to."""
    return Q(pk__in=pupil.parent_carers.values("household"))


def one_of(people: list[User]) -> Q:
    """One of these people."""
    return Q(pk__in=[one.pk for one in people])


def require_talk(sight: policy.Sight, row: Talk) -> None:
    """Pass where a talk is this person's to read of. Raises Http404 where it is not."""
    if not Talk.objects.filter(heard(sight), pk=row.pk).exists():
        raise Http404


def beside(sight: policy.Sight, updates: list[Update], homes: list[Household]) -> dict[str, Any]:
    """Everything that stands beside a page of the thread: 1 to 3 queries."""
    seen = receipts(sight, updates, homes)
    for one in updates:
        one.seen = seen.get(one.pk, [])  # type: ignore[attr-defined]
    return {"calls": calls(sight), "talks": talks(sight)}
