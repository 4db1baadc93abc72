"""A file's way: chosen and checked, looked at, saved by a worker or cancelled, and forgotten."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Setting, User
from accounts.words import StrOrPromise, english

from .. import audit, policy
from ..enums import ImportKind, ImportState, Outcome
from ..errors import NotNow
from ..models import Import, ImportRow
from . import progress
from .applying import apply
from .checking import check
from .lines import Line, Task
from .reading import Row, read

#: How long the rows of a file are kept when nobody saves or cancels it.
KEPT = timedelta(hours=24)
#: More than what a task may take (`CELERY_TASK_TIME_LIMIT`).
A_WORKERS_TIME = timedelta(minutes=20)
OPEN = (ImportState.CHECKED, ImportState.WAITING, ImportState.FAILED)
MOVED_ON = _lazy("Something here changed since you looked, so nothing was saved. Look at the rows again.")


@transaction.atomic
def upload(
    *,
    kind: ImportKind,
    setting: Setting,
    content: bytes,
    by: User,
    at: datetime,
    leaves_other_classes: bool = False,
) -> Import:
    """Read and check a file, and keep its rows to be looked at. Raises ValidationError for one that cannot be read."""
    _require(by, setting, at)
    reading = read(content, kind)
    batch = Import(
        setting=setting,
        kind=kind,
        by=by,
        uploaded_at=at,
        encoding=reading.encoding,
        separator=reading.separator,
        ignored=reading.ignored,
        leaves_other_classes=leaves_other_classes and kind == ImportKind.PUPILS,
    )
    lines = check(_task(batch, by, at), reading.rows)
    _count(batch, lines)
    batch.save(force_insert=True)
    _keep(batch, lines)
    audit.record("file read in", by=by, at=at, setting=setting, of=batch, kind=batch.kind)
    return batch


@transaction.atomic
def check_again(*, batch: Import, by: User, at: datetime) -> None:
    """Check the kept rows against the record as it is now."""
    _require(by, batch.setting, at)
    batch = _held(batch.pk)
    if batch.state not in (ImportState.CHECKED, ImportState.FAILED):
        raise NotNow(_("This file is being saved or has been dealt with."))
    _look_again(batch, check(_task(batch, by, at), _rows(batch)))
    audit.record("file checked again", by=by, at=at, setting=batch.setting, of=batch, kind=batch.kind)


@transaction.atomic
def start(*, batch: Import, by: User, at: datetime, send: Callable[[UUID], None]) -> None:
    """Ask for a checked file to be saved; `send` gives its id to a worker once this is committed.

    An import whose worker died, or that no worker was given since the broker was away, waits and can be started again:
    whoever comes second finds it done.
    Raises NotNow where there is an error in it, nothing to do, or it was dealt with.
    """
    _require(by, batch.setting, at)
    batch = _held(batch.pk)
    if batch.state not in OPEN:
        raise NotNow(_("This file has been dealt with already."))
    if batch.wrong:
        raise NotNow(_("Put the errors right first. Nothing is saved while one row has an error."))
    if not batch.added + batch.changed:
        raise NotNow(_("There is nothing to save: everything in this file is here already."))
    batch.state, batch.started_at, batch.note = ImportState.WAITING, at, ""
    batch.save(update_fields=["state", "started_at", "note"])
    audit.record("import started", by=by, at=at, setting=batch.setting, of=batch, kind=batch.kind)
    transaction.on_commit(lambda: send(batch.pk), robust=True)


@transaction.atomic
def cancel(*, batch: Import, by: User, at: datetime) -> None:
    """Throw a file's rows away unsaved. Raises NotNow where it is being saved or was dealt with."""
    _require(by, batch.setting, at)
    batch = _held(batch.pk)
    if batch.state not in OPEN:
        raise NotNow(_("This file has been dealt with already."))
    _finish(batch, ImportState.CANCELLED, at)
    audit.record("import cancelled", by=by, at=at, setting=batch.setting, of=batch, kind=batch.kind)


def save(*, batch_id: UUID, at: datetime) -> None:
    """Save a file that waits, all of it or nothing. May be called twice, or again after a worker died.

    Files of one setting are saved one after another. Whoever started it must still be a SENCO there, and the rows
    must do what was looked at: otherwise nothing is saved and the page says so.
    """
    try:
        with transaction.atomic():
            batch = _waiting(batch_id)
            afterwards = _apply(batch, at) if batch else None
    except Exception as error:
        with transaction.atomic():
            if waiting := _waiting(batch_id):
                _stop(waiting, "Saving met something unexpected, so nothing was saved. Check the file again.")
        progress.forget(batch_id)
        # Somebody else took a number or a name in this very moment: the next check finds out.
        if not isinstance(error, IntegrityError):
            raise
        return
    if afterwards is not None:
        note = afterwards()
        if note:
            Import.objects.filter(pk=batch_id).update(note=note)
    progress.forget(batch_id)


def _apply(batch: Import, at: datetime) -> Callable[[], str] | None:
    if not policy.coordinates(batch.by, batch.setting, at):
        _stop(batch, "Whoever brought this file in is no longer a SENCO here, so nothing was saved.")
        return None
    task = _task(batch, batch.by, at, lock=True)
    kept = {row.number: (row.outcome, row.changes) for row in batch.rows.all()}
    lines = check(task, _rows(batch))
    if any(kept.get(line.row.number) != (line.outcome, line.changes) for line in lines):
        _look_again(batch, lines)
        _stop(batch, MOVED_ON, ImportState.CHECKED)
        return None
    done = apply(task, lines, lambda number: progress.tell(batch.pk, number))
    _finish(batch, ImportState.DONE, at)
    audit.record(
        "import saved",
        by=batch.by,
        at=at,
        setting=batch.setting,
        of=batch,
        kind=batch.kind,
        added=batch.added,
        changed=batch.changed,
        same=batch.same,
    )
    return done


def left(*, at: datetime) -> list[UUID]:
    """What waits to be saved for longer than a worker may take for it."""
    waits = Import.objects.filter(state=ImportState.WAITING, started_at__lte=at - A_WORKERS_TIME)
    return list(waits.order_by("started_at").values_list("pk", flat=True))


@transaction.atomic
def sweep(*, at: datetime) -> int:
    """Throw away the rows of files that nobody saved or cancelled within a day, or that could not be saved within a day
    of when they were to be; how many files there were.
    """
    waits = Q(state=ImportState.WAITING)
    old = Import.objects.select_for_update(skip_locked=True).filter(
        waits & Q(started_at__lte=at - KEPT) | ~waits & Q(uploaded_at__lte=at - KEPT), state__in=OPEN
    )
    found = list(old)
    for batch in found:
        _finish(batch, ImportState.EXPIRED, at)
    return len(found)


def _require(by: User, setting: Setting, at: datetime) -> None:
    if not policy.coordinates(by, setting, at):
        raise PermissionDenied(_("Only the SENCO can bring in files. Ask them if it needs doing."))


def _task(batch: Import, by: User, at: datetime, *, lock: bool = False) -> Task:
    return Task(ImportKind(batch.kind), batch.setting, by, at, batch.leaves_other_classes, lock)


def _held(batch_id: UUID) -> Import:
    return Import.objects.select_for_update(of=("self",)).select_related("setting", "by").get(pk=batch_id)


def _waiting(batch_id: UUID) -> Import | None:
    """The import, if it waits, with its setting held: one file of a setting is saved at a time."""
    Setting.objects.select_for_update(no_key=True).filter(imports=batch_id).first()
    found = Import.objects.select_for_update(of=("self",)).select_related("setting", "by")
    return found.filter(pk=batch_id, state=ImportState.WAITING).first()


def _rows(batch: Import) -> list[Row]:
    return [Row(row.number, row.cells, row.too_many) for row in batch.rows.all()]


def _count(batch: Import, lines: list[Line]) -> None:
    outcomes = [line.outcome for line in lines]
    batch.total = len(lines)
    batch.added = outcomes.count(Outcome.ADD)
    batch.changed = outcomes.count(Outcome.CHANGE)
    batch.same = outcomes.count(Outcome.SAME)
    batch.wrong = outcomes.count(Outcome.WRONG)
    batch.warned = sum(any(warning for *__, warning in line.problems) for line in lines)


def _keep(batch: Import, lines: list[Line]) -> None:
    ImportRow.objects.bulk_create(
        (
            ImportRow(
                batch=batch,
                number=line.row.number,
                cells=line.row.cells,
                too_many=line.row.too_many,
                outcome=line.outcome,
                problems=[list(p) for p in line.problems],
                has_warning=any(warning for *__, warning in line.problems),
                changes=line.changes,
                about=line.about,
            )
            for line in lines
        ),
        batch_size=1000,
    )


def _look_again(batch: Import, lines: list[Line]) -> None:
    batch.rows.all().delete()
    _count(batch, lines)
    batch.state, batch.note = ImportState.CHECKED, ""
    batch.save()
    _keep(batch, lines)


def _stop(batch: Import, note: StrOrPromise, state: ImportState = ImportState.FAILED) -> None:
    batch.state, batch.note = state, english(note)
    batch.save(update_fields=["state", "note"])


def _finish(batch: Import, state: ImportState, at: datetime) -> None:
    batch.rows.all().delete()
    batch.state, batch.finished_at, batch.ignored = state, at, []
    batch.save(update_fields=["state", "finished_at", "ignored"])
