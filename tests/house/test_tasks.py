"""A task goes through the real broker to a real worker, and a killed worker loses none."""

import subprocess
from collections.abc import Callable
from datetime import timedelta

import psutil
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone

from accounts.tasks import close_expired
from config.celery import app
from tests.workers import wait_until


def test_a_task_sent_before_any_worker_lives_is_done_by_the_first(
    start_worker: Callable[[], subprocess.Popen[bytes]],
) -> None:
    ended, lasting = timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=1)
    Session.objects.create(session_key="ended", session_data="", expire_date=ended)
    Session.objects.create(session_key="lasting", session_data="", expire_date=lasting)
    close_expired.delay()
    start_worker()
    assert wait_until(lambda: not Session.objects.filter(session_key="ended").exists())
    assert [*Session.objects.values_list("session_key", flat=True)] == ["lasting"]


def test_a_task_whose_process_is_killed_under_way_is_done_all_the_same(
    start_worker: Callable[[], subprocess.Popen[bytes]],
) -> None:
    ended = timezone.now() - timedelta(days=1)
    Session.objects.create(session_key="ended", session_data="", expire_date=ended)
    with transaction.atomic():
        Session.objects.select_for_update().get(session_key="ended")  # the task has to wait for this row
        worker = start_worker()
        close_expired.delay()
        assert wait_until(lambda: waiting_for_a_row() == 1)
        for child in psutil.Process(worker.pid).children():
            child.kill()
    assert wait_until(lambda: not Session.objects.filter(session_key="ended").exists())


def waiting_for_a_row() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def test_every_task_of_the_schedule_exists() -> None:
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled - set(app.tasks) == set()
