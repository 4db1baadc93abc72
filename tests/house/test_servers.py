"""The embedded servers: one start is enough, a crash is survived, and checkouts keep apart."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from config import servers


class Checkout:
    """Servers with a `var/` of their own, as another checkout has."""

    def __init__(self, var: Path) -> None:
        self.environment = {
            name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}
        } | {"ALONGSIDE_VAR": str(var)}

    def python(self, code: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", f"from config import servers; {code}"],
            env=self.environment,
            cwd=servers.ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    def say(self, word: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "config.servers", word],
            env=self.environment,
            cwd=servers.ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def running(self) -> dict[str, int]:
        lines = (line.split() for line in self.say("status").splitlines())
        return {line[0]: int(line[3].rstrip(",")) for line in lines if line[1] == "running,"}

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        folder = self.python("print(servers.postgres_socket_folder())")
        with psycopg.connect(
            host=folder, user="alongside", dbname="alongside", autocommit=True
        ) as connection:
            answer = connection.execute(statement)
            return answer.fetchall() if answer.description else []

    def broker(self) -> redis.Redis:
        return redis.Redis.from_url(self.python("print(servers.redis_url())"))


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    found = Checkout(tmp_path / "var")
    yield found
    found.say("stop")


def test_starting_twice_is_starting_once(checkout: Checkout) -> None:
    checkout.say("start")
    first = checkout.running()
    checkout.say("start")
    assert checkout.running() == first
    assert set(first) == {"postgres", "valkey"}
    checkout.say("stop")
    assert checkout.running() == {}
    assert not any(
        psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie" for pid in first.values()
    )


def test_two_that_start_at_the_same_time_start_one(checkout: Checkout) -> None:
    command = [sys.executable, "-m", "config.servers", "start"]
    both = [
        subprocess.Popen(
            command, env=checkout.environment, cwd=servers.ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    said = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert said[0] == said[1]


def test_what_was_saved_and_queued_survives_a_kill(checkout: Checkout) -> None:
    checkout.say("start")
    checkout.sql("CREATE TABLE kept (word text)")
    checkout.sql("INSERT INTO kept VALUES ('saved')")
    with checkout.broker() as broker:
        broker.rpush("queue", "queued")
    for pid in checkout.running().values():
        os.kill(pid, signal.SIGKILL)
    checkout.say("start")
    assert checkout.sql("SELECT word FROM kept") == [("saved",)]
    with checkout.broker() as broker:
        assert broker.lrange("queue", 0, -1) == [b"queued"]


def test_a_lock_file_that_names_somebody_elses_process_is_no_hindrance(checkout: Checkout) -> None:
    checkout.say("start")
    data = Path(checkout.environment["ALONGSIDE_VAR"]) / "postgres" / "postmaster.pid"
    told = data.read_text().splitlines()
    os.kill(checkout.running()["postgres"], signal.SIGKILL)
    data.write_text("\n".join([str(os.getpid()), *told[1:]]) + "\n")
    checkout.say("start")
    assert set(checkout.running()) == {"postgres", "valkey"}
    assert checkout.running()["postgres"] != os.getpid()


def test_the_last_to_leave_stops_the_servers(checkout: Checkout) -> None:
    held = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from config import servers; servers.hold(); print('held', flush=True); input()",
        ],
        env=checkout.environment,
        cwd=servers.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert held.stdout
    assert held.stdout.readline() == "held\n"
    checkout.python("servers.hold()")
    assert set(checkout.running()) == {"postgres", "valkey"}
    held.communicate("\n")
    assert checkout.running() == {}


def test_a_checkout_too_deep_for_a_socket_has_its_sockets_elsewhere(tmp_path: Path) -> None:
    deep = Checkout(tmp_path / ("deep" * 30) / "var")
    deep.say("start")
    try:
        assert set(deep.running()) == {"postgres", "valkey"}
        folder = Path(deep.python("print(servers.sockets())"))
        assert folder.parent == Path("/tmp")
        assert folder.stat().st_uid == os.getuid()
    finally:
        deep.say("stop")


def test_an_environment_that_names_both_starts_none(tmp_path: Path) -> None:
    var = tmp_path / "var"
    found = Checkout(var)
    found.environment |= {"DATABASE_URL": "postgres://db/alongside", "REDIS_URL": "redis://cache/0"}
    found.python("servers.hold(); servers.start()")
    assert not (var / "postgres").exists()
    assert not (var / "valkey").exists()
