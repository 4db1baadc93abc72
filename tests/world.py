"""What holds for every test: no other machine is reached, and append-only tables can be emptied in between."""

import ipaddress
import os
import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import ProgrammingError
from django.db.backends.postgresql.creation import DatabaseCreation
from django.db.backends.postgresql.operations import DatabaseOperations

from apdr import shipped_rates
from apdr.models import StreamRate

#: Filled by migrations with what every test may name.
STAY = {"django_content_type", "auth_permission"}


@pytest.fixture(autouse=True, scope="session")
def tests_may_empty_what_nobody_else_may() -> Iterator[None]:
    """Between tests that commit, Django empties every table; the append-only ones refuse that by trigger.

    What migrations fill stays, with the ids that it has, or is filled again.

    Only that emptying goes round the triggers, as the owner of the tables. A test that tries to change
    an append-only row meets them.
    """
    flush, written = DatabaseOperations.execute_sql_flush, DatabaseOperations.sql_flush

    def around_the_triggers(self: DatabaseOperations, statements: list[str]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(
                """SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger
                   JOIN pg_proc ON pg_proc.oid = tgfoid WHERE proname = 'alongside_append_only'"""
            )
            tables = [table for (table,) in cursor.fetchall()]
        off, on = ([f"ALTER TABLE {t} {how} TRIGGER USER" for t in tables] for how in ("DISABLE", "ENABLE"))
        flush(self, [*off, *statements, *on])
        if statements:
            shipped_rates.ship(StreamRate)  # as a migration did

    def all_but_what_stays(self: DatabaseOperations, style: Any, tables: list[str], **how: bool) -> list[str]:
        return written(self, style, [table for table in tables if table not in STAY], **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", around_the_triggers)
        patch.setattr(DatabaseOperations, "sql_flush", all_but_what_stays)
        yield


@pytest.fixture(autouse=True, scope="session")
def the_database_goes_though_somebody_is_connected() -> Iterator[None]:
    """A worker that a test killed may have left its session behind for a moment; the server's own sweeper, which nobody
    may end, is waited for.
    """

    def drop(self: DatabaseCreation, name: str, verbosity: int) -> None:
        self.connection.close_pool()  # type: ignore[attr-defined]
        until = time.monotonic() + 60
        with self._nodb_cursor() as cursor:
            while True:
                try:
                    cursor.execute(f"DROP DATABASE {self.connection.ops.quote_name(name)} WITH (FORCE)")
                except ProgrammingError:
                    if time.monotonic() > until:
                        raise
                    time.sleep(0.2)
                else:
                    return

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseCreation, "_destroy_test_db", drop)
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
