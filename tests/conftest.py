"""Servers, and an outside world that cannot be reached."""

import ipaddress
import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from config import servers

pytest_plugins = ["tests.cast"]


def pytest_configure(config: pytest.Config) -> None:
    servers.hold()
    # The finder of static files is asked instead; the folder only has to be there.
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    import redis

    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        for key in broker.scan_iter(f"{settings.REDIS_PREFIX}*"):
            broker.delete(key)
    servers.release()


@pytest.fixture(autouse=True, scope="session")
def tests_may_empty_what_nobody_else_may() -> Iterator[None]:
    """Between tests that commit, Django empties every table; the append-only ones refuse that by trigger.

    Only that emptying goes round the triggers, as the owner of the tables. A test that tries to change
    an append-only row meets them.
    """
    from django.db.backends.postgresql.operations import DatabaseOperations

    flush = DatabaseOperations.execute_sql_flush

    def around_the_triggers(self: DatabaseOperations, statements: list[str]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(
                """SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger
                   JOIN pg_proc ON pg_proc.oid = tgfoid WHERE proname = 'alongside_append_only'"""
            )
            tables = [table for (table,) in cursor.fetchall()]
        off, on = ([f"ALTER TABLE {t} {how} TRIGGER USER" for t in tables] for how in ("DISABLE", "ENABLE"))
        flush(self, [*off, *statements, *on])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", around_the_triggers)
        yield


class OutsideError(Exception):
    """A test reached for another machine."""


def stays_on_this_machine(host: str) -> bool:
    if host in {"localhost", "", "testserver"}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def the_outside_network_is_off() -> Iterator[None]:
    """Sockets of this process reach this machine only, besides the servers the environment names."""
    from urllib.parse import urlsplit

    named = {urlsplit(os.environ.get(name, "")).hostname for name in ("DATABASE_URL", "REDIS_URL")}
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not (stays_on_this_machine(address[0]) or address[0] in named):
            raise OutsideError(f"A test tried to reach {address[0]}.")
        connect(self, address)

    def guarded_look_up(host: Any, *arguments: Any, **named_arguments: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host or ""
        if not (stays_on_this_machine(name) or name in named):
            raise OutsideError(f"A test tried to look up {name}.")
        return look_up(host, *arguments, **named_arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


@pytest.fixture(autouse=True, scope="session")
def tables_can_be_emptied() -> Iterator[None]:
    """After a test that commits, Django empties every table; those that only grow stand aside for that alone."""
    from django.apps import apps
    from django.db.backends.base.operations import BaseDatabaseOperations

    empty = BaseDatabaseOperations.execute_sql_flush
    growing = [model._meta.db_table for model in apps.get_models() if getattr(model._meta, "triggers", None)]

    def stand_aside(self: Any, statements: list[str]) -> None:
        off = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in growing]
        on = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in growing]
        empty(self, [*off, *statements, *on])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", stand_aside)
        yield
