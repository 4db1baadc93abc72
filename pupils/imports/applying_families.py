"""Saving a file of families. No relation is made and nobody is linked: that takes an accepted invitation."""

from collections.abc import Sequence

from .. import audit
from ..enums import Outcome, Section
from ..models import AuditEvent, Household, ParentCarer
from .checking_families import FamilyWork
from .lines import Line, Task


def apply_families(task: Task, lines: Sequence[Line]) -> None:
    """Some lines at once: a fixed number of statements, however many they are."""
    works: list[FamilyWork] = [line.work for line in lines]
    _households(works)
    added = [_new(w) for w in works if w.carer is None]
    ParentCarer.objects.bulk_create(added)
    changed = [w for w in works if w.carer is not None and w.fields]
    for work in changed:
        for name, value in work.fields.items():
            setattr(work.carer, name, value)
    if changed:
        names = sorted({name for w in changed for name in w.fields})
        ParentCarer.objects.bulk_update([w.carer for w in changed if w.carer], names)
    audit.record_many(
        AuditEvent(
            verb="parent carer added" if line.outcome == Outcome.ADD else "parent carer changed",
            by=task.by,
            at=task.at,
            pupil=line.work.pupil,
            setting=task.setting,
            section=Section.PROFILE,
            object_type="parentcarer",
            object_id=line.work.carer.pk,
            detail={"from": "a file", "fields": sorted(line.changes)},
        )
        for line in lines
    )


def _households(works: list[FamilyWork]) -> None:
    """New ones once each, whichever of their rows comes first; a later batch finds them made."""
    new = {w.household.pk: w.household for w in works if w.household._state.adding}
    told = {w.household.pk: w for w in works if w.how_to_communicate is not None}
    for key, work in told.items():
        work.household.how_to_communicate = work.how_to_communicate or ""
        if key not in new:
            work.household.version += 1
    Household.objects.bulk_create(new.values())
    old = [w.household for key, w in told.items() if key not in new]
    if old:
        Household.objects.bulk_update(old, ["how_to_communicate", "version"])


def _new(work: FamilyWork) -> ParentCarer:
    work.carer = ParentCarer(pupil=work.pupil, **{"household": work.household, **work.fields})
    return work.carer
