"""Saving all at once: in time, one file of a setting after another, and by a worker that may die."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership
from pupils import tasks
from pupils.codes import upn_check_letter
from pupils.enums import ImportKind, ImportState
from pupils.errors import NotNow
from pupils.imports import progress, services
from pupils.models import AuditEvent, Enrolment, Import, ImportRow, Pupil, PupilGroupPermission, PupilNeedType
from tests.cast import AT, Cast
from tests.sample import WHOLE
from tests.workers import wait_until

from ..sessions import sign_in
from .conftest import Bring, counts, save, written
from .test_pupils import ADA, BEN, HEAD


def upn(number: int) -> str:
    rest = f"801{number:09d}"
    return upn_check_letter(rest) + rest


def many(how_many: int, first: int = 1, **more: str) -> bytes:
    rows = [
        [upn(n), f"Given{n}", f"Family{n}", "31/08/2012", "9", more.get("classes", "9B"), "K", "SLCN; ASD"]
        for n in range(first, first + how_many)
    ]
    return written(HEAD, *rows)


def test_two_thousand_pupils_take_a_bounded_number_of_queries(cast: Cast, check: Bring) -> None:
    with CaptureQueriesContext(connection) as checking:
        batch = check(ImportKind.PUPILS, many(2000))
    services.start(batch=batch, by=cast.senco, at=AT, send=lambda _: None)
    with CaptureQueriesContext(connection) as saving:
        services.save(batch_id=batch.pk, at=AT)
    assert counts(batch) == {"added": 2000, "changed": 0, "same": 0, "wrong": 0}
    assert Enrolment.objects.filter(setting=cast.hazelmere).count() == 2003
    assert PupilNeedType.objects.count() == 4003
    assert PupilGroupPermission.objects.filter(group=cast.class_9b.group, ends_at=None).count() == 2001
    assert AuditEvent.objects.filter(verb="pupil added", detail__has_key="from").count() == 2000
    assert len(checking) <= 20
    assert len(saving) <= 80


@pytest.mark.tables
def test_two_thousand_changes_take_no_more(cast: Cast, check: Bring) -> None:
    rows = 2000 if WHOLE else 500
    save(check(ImportKind.PUPILS, many(rows)))
    again = check(ImportKind.PUPILS, many(rows).replace(b",9,9B,K", b",10,11C,E"))
    services.start(batch=again, by=cast.senco, at=AT, send=lambda _: None)
    with CaptureQueriesContext(connection) as saving:
        services.save(batch_id=again.pk, at=AT)
    assert counts(again) == {"added": 0, "changed": rows, "same": 0, "wrong": 0}
    assert Enrolment.objects.filter(year_group="10").count() == rows
    assert len(saving) <= 120


def test_saving_twice_saves_once(cast: Cast, check: Bring) -> None:
    batch = save(check(ImportKind.PUPILS, written(HEAD, BEN)))
    services.save(batch_id=batch.pk, at=AT)
    assert Pupil.objects.filter(upn=BEN[0]).count() == 1
    with pytest.raises(NotNow, match="dealt with already"):
        services.start(batch=batch, by=cast.senco, at=AT, send=lambda _: None)


def test_a_file_with_nothing_new_is_not_saved(cast: Cast, check: Bring) -> None:
    save(check(ImportKind.PUPILS, written(HEAD, BEN)))
    with pytest.raises(NotNow, match="everything in this file is here already"):
        save(check(ImportKind.PUPILS, written(HEAD, BEN)))


def test_what_changed_since_it_was_looked_at_is_shown_and_not_overwritten(cast: Cast, check: Bring) -> None:
    batch = check(ImportKind.PUPILS, written(HEAD, [ADA[0], "Adah", *ADA[2:]]))
    Pupil.objects.filter(pk=cast.ada.pk).update(upn=ADA[0], given_name="Ada Rose")
    batch = save(batch)
    assert (batch.state, batch.note) == (ImportState.CHECKED, str(services.MOVED_ON))
    assert batch.rows.get().changes == {"given_name": ["Ada Rose", "Adah"]}
    cast.ada.refresh_from_db()
    assert cast.ada.given_name == "Ada Rose"
    assert save(batch).state == ImportState.DONE


def test_a_senco_who_left_before_it_was_saved_saves_nothing(cast: Cast, check: Bring) -> None:
    batch = check(ImportKind.PUPILS, written(HEAD, BEN))
    services.start(batch=batch, by=cast.senco, at=AT, send=lambda _: None)
    Membership.objects.filter(person=cast.senco).update(ends_at=AT)
    services.save(batch_id=batch.pk, at=AT)
    batch.refresh_from_db()
    assert (batch.state, Pupil.objects.filter(upn=BEN[0]).exists()) == (ImportState.FAILED, False)
    assert batch.note == "Whoever brought this file in is no longer a SENCO here, so nothing was saved."


@pytest.mark.parametrize(
    "who", ["teacher", "key_adult", "parent", "dsl", "leader", "stranger", "left", "installer"]
)
def test_only_a_senco_of_the_setting_brings_files_in(cast: Cast, check: Bring, who: str) -> None:
    batch = check(ImportKind.PUPILS, written(HEAD, BEN))
    somebody = cast.people[who]
    with pytest.raises(PermissionDenied):
        check(ImportKind.PUPILS, written(HEAD, BEN), by=somebody)
    for do in (services.cancel, services.check_again):
        with pytest.raises(PermissionDenied):
            do(batch=batch, by=somebody, at=AT)
    with pytest.raises(PermissionDenied):
        services.start(batch=batch, by=somebody, at=AT, send=lambda _: None)


def test_rows_that_nobody_saved_are_thrown_away_after_a_day(cast: Cast, check: Bring) -> None:
    batch = check(ImportKind.PUPILS, written([*HEAD, "Secret"], [*BEN, "x"]))
    assert services.sweep(at=AT + timedelta(hours=23, minutes=59)) == 0
    assert services.sweep(at=AT + timedelta(hours=24)) == 1
    batch.refresh_from_db()
    assert (batch.state, batch.ignored, ImportRow.objects.count()) == (ImportState.EXPIRED, [], 0)


def test_what_waits_to_be_saved_is_given_out_again_for_a_day(
    cast: Cast, check: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The task that would have saved it was lost; it was chosen a day before that."""
    batch, hour, minute = (
        check(ImportKind.PUPILS, written(HEAD, ADA)),
        timedelta(hours=1),
        timedelta(minutes=1),
    )
    started = AT + 23 * hour
    services.start(batch=batch, by=cast.senco, at=started, send=lambda _: None)
    assert services.sweep(at=started + 24 * hour - minute) == 0
    left = {after: services.left(at=started + minute * after) for after in (19, 20)}
    assert left == {19: [], 20: [batch.pk]}
    monkeypatch.setattr(tasks.save_import, "apply_async", lambda given, **_: tasks.save_import(*given))
    with time_machine.travel(started + hour, tick=False):
        for _ in range(2):
            tasks.save_imports_left()
    batch.refresh_from_db()
    assert (batch.state, services.left(at=started + 2 * hour)) == (ImportState.DONE, [])


def test_what_could_not_be_saved_within_a_day_is_thrown_away_and_says_so(
    cast: Cast, check: Bring, client: Client, at_ten: datetime
) -> None:
    batch = check(ImportKind.PUPILS, written(HEAD, ADA))
    services.start(batch=batch, by=cast.senco, at=AT, send=lambda _: None)
    assert services.sweep(at=AT + timedelta(hours=24)) == 1
    sign_in(client, cast.senco)
    page = client.get(f"/import/{batch.pk}/").content.decode()
    assert "It could not be saved within a day, so its rows are deleted and nothing was saved." in page


def test_a_cancelled_file_leaves_nothing_but_that_it_was_there(cast: Cast, check: Bring) -> None:
    batch = check(ImportKind.PUPILS, written(HEAD, BEN))
    services.cancel(batch=batch, by=cast.senco, at=AT)
    batch.refresh_from_db()
    assert (batch.state, ImportRow.objects.count()) == (ImportState.CANCELLED, 0)
    with pytest.raises(NotNow):
        save(batch)


# With real transactions beside each other -----------------------------------------------------------------


def in_thread(batch_id: UUID) -> threading.Thread:
    def work() -> None:
        try:
            services.save(batch_id=batch_id, at=AT)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def started(batch: Import) -> Import:
    services.start(batch=batch, by=batch.by, at=AT, send=lambda _: None)
    return batch


@pytest.mark.django_db(transaction=True)
def test_of_two_files_at_once_with_the_same_pupils_one_is_saved(cast: Cast, check: Bring) -> None:
    two = [started(check(ImportKind.PUPILS, many(200))) for _ in range(2)]
    for thread in [in_thread(batch.pk) for batch in two]:
        thread.join()
    states = sorted(Import.objects.values_list("state", "note"))
    assert states == [(ImportState.CHECKED, services.MOVED_ON), (ImportState.DONE, "")]
    assert Pupil.objects.filter(upn__in=[upn(n) for n in range(1, 201)]).count() == 200
    assert counts(Import.objects.get(state=ImportState.CHECKED))["same"] == 200


@pytest.mark.django_db(transaction=True)
def test_of_two_files_at_once_with_other_pupils_both_are_saved(cast: Cast, check: Bring) -> None:
    two = [started(check(ImportKind.PUPILS, many(200, first=first))) for first in (1, 1001)]
    for thread in [in_thread(batch.pk) for batch in two]:
        thread.join()
    assert list(Import.objects.values_list("state", flat=True)) == [ImportState.DONE] * 2
    assert Enrolment.objects.filter(setting=cast.hazelmere).count() == 403


@pytest.mark.django_db(transaction=True)
def test_a_number_that_another_setting_takes_in_this_moment_saves_nothing(cast: Cast, check: Bring) -> None:
    batch = started(check(ImportKind.PUPILS, many(10)))
    with transaction.atomic():
        Pupil.objects.create(upn=upn(7), given_name="A", family_name="B", date_of_birth="2012-01-01")
        thread = in_thread(batch.pk)
        time.sleep(1)
    thread.join()
    batch.refresh_from_db()
    assert (batch.state, Enrolment.objects.filter(setting=cast.hazelmere).count()) == (ImportState.FAILED, 3)
    services.check_again(batch=batch, by=cast.senco, at=AT)
    assert counts(batch) == {"added": 9, "changed": 0, "same": 0, "wrong": 1}


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_in_the_middle_leaves_nothing_and_the_file_can_be_started_again(
    cast: Cast,
    check: Bring,
    start_worker: Callable[[], subprocess.Popen[bytes]],
) -> None:
    def send(batch_id: UUID) -> None:
        tasks.save_import.delay(str(batch_id))

    batch = check(ImportKind.PUPILS, many(2000), at=timezone.now())
    worker = start_worker()
    with transaction.atomic():
        # the worker comes as far as this number, in the last of its four batches, and waits for it
        Pupil.objects.create(upn=upn(1900), given_name="A", family_name="B", date_of_birth="2012-01-01")
        sender = threading.Thread(target=_start, args=(batch, send))
        sender.start()
        sender.join()
        assert wait_until(lambda: progress.done(batch.pk) == 1500)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        transaction.set_rollback(True)
    batch.refresh_from_db()
    assert (batch.state, Pupil.objects.count()) == (ImportState.WAITING, 3)
    start_worker()
    _start(batch, send)
    assert wait_until(lambda: Import.objects.filter(pk=batch.pk, state=ImportState.DONE).exists())
    assert (Pupil.objects.count(), ImportRow.objects.count()) == (2003, 0)
    assert progress.done(batch.pk) == 0


def _start(batch: Import, send: Callable[[UUID], None]) -> None:
    """On a connection of its own, beside the transaction that the test holds open."""
    services.start(batch=batch, by=batch.by, at=timezone.now(), send=send)
    if threading.current_thread() is not threading.main_thread():
        connections.close_all()
