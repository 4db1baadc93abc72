"""`make run`: the whole of Alongside on this machine, in one terminal.

Starts the servers, brings the database and the demo up to date, then runs web, worker, beat and a mailbox
and looks after them: one that dies is started again and that is said; one that dies five times within a
minute stops everything, with the end of its log. Ctrl-C, SIGTERM and a closed terminal stop all of it,
databases included.

Nothing relies on a clean end. What a killed run left behind is found by a mark in its environment and
ended by the next run; tasks that were under way are given out again, because they are only acknowledged
when done.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from config import servers

MARK = "ALONGSIDE_RUN"  # environment of everything started here: which checkout it belongs to
GRACE = 10.0  # seconds a process has to end by itself
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
MANY_DEATHS, SHORT_TIME = 5, 60.0


class Trouble(Exception):
    """What stops a run; the text is for the person at the terminal."""


class Stop(Exception):
    """Somebody asked for the end."""


def say(text: str) -> None:
    """A line for whoever watches; that nobody does any more (a closed terminal or pipe) stops nothing."""
    with contextlib.suppress(OSError):
        print(f"» {text}", flush=True)


@dataclass
class Process:
    name: str
    command: list[str]
    environment: dict[str, str]
    running: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)

    @property
    def log(self) -> Path:
        return servers.var() / "log" / f"{self.name}.log"

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.running = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=servers.ROOT,
                env=self.environment,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )

    def died(self) -> bool:
        return self.running is not None and self.running.poll() is not None

    def lives(self) -> bool:
        return self.running is not None and self.running.poll() is None

    def end(self, how: signal.Signals) -> None:
        """Signal the process and, where it must go at once, everything it started."""
        if self.running is None:
            return
        with contextlib.suppress(ProcessLookupError):
            if how == signal.SIGKILL:
                os.killpg(self.running.pid, how)
            elif self.running.poll() is None:
                self.running.send_signal(how)


def end_with_parent() -> None:
    """On Linux a killed supervisor takes its children with it; elsewhere the next run ends them."""
    if sys.platform == "linux":
        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGTERM)


# Before anything is started -------------------------------------------------------------------------


@contextlib.contextmanager
def only_one_run() -> Iterator[Notice]:
    """One run for each checkout. A run that is just ending is waited for."""
    folder = servers.var() / "run"
    folder.mkdir(parents=True, exist_ok=True)
    notice = Notice(folder / "run.json")
    started = time.monotonic()
    with (folder / "run").open("a") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                other = notice.read()
                if time.monotonic() - started > (4 * GRACE if other.get("ending") else 3):
                    raise Trouble(
                        f"Alongside already runs from this checkout ({other.get('url', 'just starting')}, "
                        f"process {other.get('pid', 'unknown')}). Stop that one first with Ctrl-C."
                    ) from None
                time.sleep(0.2)
        yield notice
        notice.path.unlink(missing_ok=True)


@dataclass
class Notice:
    """What a second `make run` in the same checkout is told about the first."""

    path: Path

    def write(self, **told: Any) -> None:
        unfinished = self.path.with_suffix(".new")
        unfinished.write_text(json.dumps({"pid": os.getpid(), **told}))
        os.replace(unfinished, self.path)

    def read(self) -> dict[str, Any]:
        try:
            return dict(json.loads(self.path.read_text()))
        except (OSError, ValueError):
            return {}


def leftovers() -> list[Any]:
    """Processes that an earlier, killed run of this checkout left behind."""
    import psutil

    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and process.environ().get(MARK) == str(servers.var()):
                found.append(process)
    return found


def end_leftovers() -> None:
    left = leftovers()
    if not left:
        return
    say(f"Ending {len(left)} processes that an earlier run left behind")
    servers.end([process.pid for process in left], [(signal.SIGTERM, GRACE), (signal.SIGKILL, GRACE)])


def check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Trouble(
                f"Port {port} of this machine is in use by another program ({error.strerror}). "
                f"Choose another: make run PORT={port + 1}"
            ) from error


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wanted_port() -> int:
    written = os.environ.get("PORT") or "8000"
    if not written.isdigit() or not 0 < int(written) < 65536:
        raise Trouble(f"PORT is {written!r}; it must be a number between 1 and 65535.")
    return int(written)


# Running --------------------------------------------------------------------------------------------


def processes(port: int, environment: dict[str, str], mail_port: int | None) -> list[Process]:
    python = [sys.executable, "-m"]
    found = [
        Process(
            "web",
            [
                *python,
                *("gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}"),
                *("--worker-class", "gthread", "--workers", "2", "--threads", "6"),
                *("--graceful-timeout", "5", "--no-control-socket"),
            ],
            environment,
        ),
        Process(
            "worker",
            [
                *python,
                *("celery", "-A", "config", "worker", "--concurrency", "2", "--loglevel", "INFO"),
                *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            ],
            environment,
        ),
        Process(
            "beat",
            [*python, "celery", "-A", "config", "beat", "--pidfile=", "--loglevel", "INFO"],
            environment,
        ),
    ]
    if mail_port:
        folder = str(servers.var() / "mail")
        found.insert(0, Process("mailbox", [*python, "config.mailbox", str(mail_port), folder], environment))
    return found


def prepare(environment: dict[str, str]) -> dict[str, Any]:
    """The demo people, after the database and the static files have been brought up to date."""
    with subprocess.Popen(
        [sys.executable, "-m", "config.prepare"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        cwd=servers.ROOT,
        env=environment,
        start_new_session=True,
        preexec_fn=end_with_parent,
    ) as preparing:
        try:
            written, _ = preparing.communicate()
        except BaseException:
            os.killpg(preparing.pid, signal.SIGTERM)
            raise
    if preparing.returncode:
        raise Trouble("The database could not be made ready; what went wrong is said above.")
    return dict(json.loads(written)) if written.strip() else {}


def wait_for_page(url: str, all_of_them: list[Process]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer,
        ):
            if answer.status == 200:
                return
        for process in all_of_them:
            if process.died():
                raise Trouble(f"{process.name} ended at once. The end of {process.log}:\n{tail(process.log)}")
        time.sleep(0.1)
    raise Trouble(f"No page came within a minute. The end of the log:\n{tail(all_of_them[-3].log)}")


def tail(log: Path, lines: int = 20) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def table(people: list[dict[str, Any]]) -> str:
    rows = [("Role", "E-mail", "Password"), *((p["role"], p["email"], p["password"]) for p in people)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    rows.insert(1, ("─" * widths[0], "─" * widths[1], "─" * widths[2]))
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def look_after(all_of_them: list[Process]) -> None:
    """Start again whatever dies, until somebody asks for the end."""
    parent = os.getppid()
    looked = time.monotonic()
    while True:
        time.sleep(0.5)
        if os.environ.get("MAKELEVEL") and os.getppid() != parent:
            raise Stop("make has gone")
        for process in all_of_them:
            if process.died():
                start_again(process)
        if time.monotonic() - looked > 2:
            looked = time.monotonic()
            if not servers.all_answer():
                for name in servers.revive():
                    say(f"{name} had died and was started again")


def start_again(process: Process) -> None:
    assert process.running is not None
    process.end(signal.SIGKILL)  # what it started and left
    now = time.monotonic()
    process.deaths = [*(when for when in process.deaths if now - when < SHORT_TIME), now]
    if len(process.deaths) >= MANY_DEATHS:
        raise Trouble(
            f"{process.name} keeps dying, so everything stops. The end of {process.log}:\n{tail(process.log)}"
        )
    say(f"{process.name} ended ({process.running.returncode}) and was started again")
    process.start()


def end_all(all_of_them: list[Process]) -> None:
    """End every process; a second Ctrl-C ends the waiting, never the work."""
    impatient: list[int] = []
    for number in SIGNALS:
        signal.signal(number, lambda number, _: impatient.append(number))
    for process in all_of_them:
        process.end(signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    while time.monotonic() < deadline and not impatient and any(p.lives() for p in all_of_them):
        time.sleep(0.05)
    for process in all_of_them:
        process.end(signal.SIGKILL)
        if process.running:
            process.running.wait()
    end_leftovers()


def on_signal(number: int, frame: FrameType | None) -> None:
    raise Stop(signal.Signals(number).name)


def keep_one_old_log(log: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.replace(log, log.with_suffix(".log.1"))


def run() -> None:
    port = wanted_port()
    url = f"http://127.0.0.1:{port}"
    with only_one_run() as notice:
        notice.write(url=url)
        end_leftovers()
        check_port(port)
        names = servers.wanted()
        if names:
            say(f"Starting {' and '.join({'postgres': 'PostgreSQL', 'valkey': 'Valkey'}[n] for n in names)}")
        all_of_them: list[Process] = []
        try:
            servers.hold()
            mail_port = None if os.environ.get("EMAIL_URL") else free_port()
            environment = {
                **os.environ,
                "PORT": str(port),
                "PYTHONUNBUFFERED": "1",
                MARK: str(servers.var()),
                **({"EMAIL_URL": f"smtp://127.0.0.1:{mail_port}"} if mail_port else {}),
            }
            demo = prepare(environment)
            all_of_them = processes(port, environment, mail_port)
            say(f"Starting {', '.join(process.name for process in all_of_them)}")
            for process in all_of_them:
                keep_one_old_log(process.log)
                process.start()
            wait_for_page(url, all_of_them)
            if demo.get("people"):
                print(f"\n{table(demo['people'])}\n")
            print(f"Alongside is at {url}")
            if mail_port:
                print(f"Mail it sends is kept in {servers.var() / 'mail'} (SMTP 127.0.0.1:{mail_port})")
            print(f"Logs are in {servers.var() / 'log'}. Ctrl-C stops everything.", flush=True)
            look_after(all_of_them)
        finally:
            notice.write(url=url, ending=True)
            say("Stopping")
            end_all(all_of_them)
            servers.release(even_if_kept=True)


def main() -> int:
    for number in SIGNALS:
        signal.signal(number, on_signal)
    try:
        run()
    except Stop:
        say("Stopped. Nothing is left running.")
        return 0
    except (Trouble, servers.ServerError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
