"""A real Celery worker of a test's own, and waiting for what it does."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import Message
from typing import Any

import psutil
import pytest
from django.db import connection

from config.servers import ROOT


def wait_until(true: Callable[[], bool], seconds: float = 40) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.1)
    return False


class Killing:
    """Takes real mail; of the first it takes it kills whoever sends it before it says that it has it."""

    def __init__(self) -> None:
        self.worker: subprocess.Popen[bytes] | None = None
        self.taken: list[Message] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append(message_from_bytes(envelope.content))
        if len(self.taken) == 1:
            assert self.worker is not None
            for child in psutil.Process(self.worker.pid).children():
                child.kill()
        return "250 OK"


@pytest.fixture
def start_worker(transactional_db: None) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts workers of this test's own queue, on this test's own database."""
    database = connection.settings_dict
    host, port = database["HOST"], database["PORT"] or ""
    login = f"{database['USER']}:{database['PASSWORD']}" if database["PASSWORD"] else database["USER"]
    place = (
        f"/{database['NAME']}?host={host}" if host.startswith("/") else f"{host}:{port}/{database['NAME']}"
    )
    url = f"postgres://{login}@{place}"
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        started.append(
            subprocess.Popen(
                [
                    *(sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency", "1"),
                    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
                ],
                env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": url},
                cwd=ROOT,
                start_new_session=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
        return started[-1]

    yield start
    for worker in started:
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
