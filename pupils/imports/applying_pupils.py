"""Saving a file of pupils."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.utils import timezone

from .. import audit, circle
from ..enums import Outcome, Relation, Section
from ..models import AuditEvent, ClassGroup, Enrolment, Pupil, PupilGroupPermission, PupilNeedType
from .checking_pupils import PupilWork
from .lines import Line, Task


def apply_pupils(task: Task, lines: Sequence[Line]) -> None:
    """Some lines at once: a fixed number of statements, however many they are."""
    works: list[PupilWork] = [line.work for line in lines]
    new = [w for w in works if w.enrolment is None]
    Pupil.objects.bulk_create([w.pupil for w in new])
    today = timezone.localdate(task.at)
    Enrolment.objects.bulk_create(
        Enrolment(pupil=w.pupil, setting=task.setting, year_group=w.year_group or "", starts_on=today)
        for w in new
    )
    _change([w for w in works if w.enrolment is not None])
    again = [w for w in works if w.need_types is not None]
    PupilNeedType.objects.filter(pupil__in=[w.pupil for w in again if w.enrolment is not None]).delete()
    PupilNeedType.objects.bulk_create(
        PupilNeedType(pupil=w.pupil, type=kind, rank=rank)
        for w in again
        for rank, kind in enumerate(w.need_types or [], start=1)
    )
    _classes(task, works)
    audit.record_many(
        AuditEvent(
            verb="pupil added" if line.outcome == Outcome.ADD else "pupil changed",
            by=task.by,
            at=task.at,
            pupil=line.work.pupil,
            setting=task.setting,
            section=Section.PROFILE,
            object_type="pupil",
            object_id=line.work.pupil.pk,
            detail={"from": "a file", "fields": sorted(line.changes)},
        )
        for line in lines
    )


def _change(works: list[PupilWork]) -> None:
    changed = [w for w in works if w.fields]
    for work in changed:
        for name, value in work.fields.items():
            setattr(work.pupil, name, value)
        work.pupil.version += 1
    if changed:
        names = sorted({name for w in changed for name in w.fields})
        Pupil.objects.bulk_update([w.pupil for w in changed], [*names, "version"])
    enrolments = []
    for work in works:
        if work.enrolment is not None and work.year_group is not None:
            work.enrolment.year_group = work.year_group
            enrolments.append(work.enrolment)
    if enrolments:
        Enrolment.objects.bulk_update(enrolments, ["year_group"])


def _classes(task: Task, works: list[PupilWork]) -> None:
    joins = _pairs((w.pupil, c) for w in works for c in w.joins)
    leaves = _pairs((w.pupil, c) for w in works for c in w.leaves)
    if not joins and not leaves:
        return
    teaches = circle.permission(Relation.KEY_ADULT)
    there = {
        (row.content_object_id, row.group_id): row
        for row in PupilGroupPermission.objects.select_for_update().filter(
            permission=teaches,
            content_object__in={pupil for pupil, _ in (*joins, *leaves)},
            group__in={group for _, group in (*joins, *leaves)},
        )
    }
    PupilGroupPermission.objects.filter(pk__in=[there[p].pk for p in leaves if p in there]).update(
        ends_at=task.at
    )
    back = [there[pair].pk for pair in joins if pair in there]
    PupilGroupPermission.objects.filter(pk__in=back).update(starts_at=task.at, ends_at=None)
    PupilGroupPermission.objects.bulk_create(
        PupilGroupPermission(content_object_id=pupil, group_id=group, permission=teaches, starts_at=task.at)
        for pupil, group in joins
        if (pupil, group) not in there
    )


def _pairs(places: Iterable[tuple[Pupil, ClassGroup]]) -> list[tuple[UUID, int]]:
    return [(pupil.pk, group.group_id) for pupil, group in places]
