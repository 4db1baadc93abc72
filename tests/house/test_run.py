"""`make run` as a person meets it: it starts, survives the death of any of its processes, and ends completely."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from config import servers
from config.servers import ROOT

PATIENCE = 300.0  # seconds; a small machine may be busy with other tests, and the demo is long


class Run:
    """A run with a `var/` of its own, so that it meets neither these tests' servers nor a demo of this checkout."""

    def __init__(self, var: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.var, self.output = var, var.with_suffix(".txt")
        # Gone: what these tests set for themselves, above all DJANGO_SETTINGS_MODULE.
        self.environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": os.environ.get("HOME", "/"),
            "PORT": str(self.port),
            "ALONGSIDE_VAR": str(var),
        }
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ALONGSIDE_VAR", str(var))
            self.sockets = str(servers.sockets())  # not in a `var/` that lies too deep
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.run"],
                env=self.environment,
                cwd=ROOT,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        assert self.wait_for(lambda: "Ctrl-C stops everything" in self.said()), self.said()

    def said(self) -> str:
        return self.output.read_text()

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        assert self.process
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def processes(self) -> dict[str, psutil.Process]:
        """What runs for this `var/`, by the word that tells it from the others."""
        words = ("config.mailbox", "gunicorn", "worker", "beat", "bin/postgres -D", "valkey-server")
        found: dict[str, psutil.Process] = {}
        for process in psutil.process_iter():
            try:
                line, alive = " ".join(process.cmdline()), process.status() != psutil.STATUS_ZOMBIE
                ours = any(place in line for place in (str(self.var), self.sockets)) or (
                    process.environ().get("ALONGSIDE_RUN") == str(self.var)
                )
            except (psutil.Error, OSError):
                continue
            if ours and alive:
                for word in words:
                    if word in line:
                        found.setdefault(word, process)
        return found

    @staticmethod
    def wait_for(true: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if true():
                return True
            time.sleep(0.2)
        return False


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    found = Run(tmp_path / "var")
    yield found
    if found.process and found.process.poll() is None:
        found.stop(signal.SIGTERM)
    assert found.processes() == {}


def test_a_run_serves_prints_the_demo_people_and_ends_without_a_trace(run: Run) -> None:
    run.start()
    with urllib.request.urlopen(f"http://127.0.0.1:{run.port}/sign-in/", timeout=10) as page:
        assert page.status == 200
    assert re.search(r"^Role +E-mail +Password$", run.said(), re.MULTILINE)
    assert len(run.processes()) == 6

    assert run.stop() == 0
    assert run.processes() == {}
    assert run.said().splitlines()[-1] == "» Stopped. Nothing is left running."

    run.start()  # the second start has nothing to install, migrate or invent
    assert [line for line in run.said().splitlines() if line.startswith("»")] == [
        "» Starting PostgreSQL and Valkey",
        "» Collecting static files",
        "» Starting mailbox, web, worker, beat",
    ]


def test_a_port_that_is_taken_is_named(run: Run) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", run.port))
        other.listen()
        done = subprocess.run(
            [sys.executable, "-m", "config.run"],
            env=run.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == (
        f"Port {run.port} of this machine is in use by another program (Address already in use). "
        f"Choose another: make run PORT={run.port + 1}\n"
    )


@pytest.mark.long
@pytest.mark.parametrize(
    "word", ["config.mailbox", "gunicorn", "worker", "beat", "bin/postgres -D", "valkey-server"]
)
def test_whatever_is_killed_is_started_again(run: Run, word: str) -> None:
    run.start()
    killed = run.processes()[word]
    killed.kill()
    assert run.wait_for(lambda: "was started again" in run.said())
    assert run.wait_for(lambda: word in run.processes() and run.processes()[word].pid != killed.pid)
    assert run.wait_for(run.answers)


@pytest.mark.long
def test_after_the_supervisor_itself_is_killed_the_next_run_works(run: Run) -> None:
    run.start()
    run.stop(signal.SIGKILL)
    run.start()
    assert run.answers()


@pytest.mark.long
def test_a_second_run_in_the_same_checkout_is_told_of_the_first(run: Run) -> None:
    run.start()
    done = subprocess.run(
        [sys.executable, "-m", "config.run"],
        env={**run.environment, "PORT": str(run.port + 1)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"Alongside already runs from this checkout (http://127.0.0.1:{run.port}, ")
