"""What holds for every test: no other machine is reached, and append-only tables can be emptied in between."""

import fcntl
import ipaddress
import os
import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import ProgrammingError, connection
from django.db.backends.postgresql.creation import DatabaseCreation
from django.db.backends.postgresql.operations import DatabaseOperations
from psycopg import sql

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


def made_once(controller: int) -> str:
    """What the database is called from which each process of a run copies its own."""
    return f"test_made_by_{controller}_"


@pytest.fixture(autouse=True, scope="session")
def a_run_makes_its_database_once() -> Iterator[None]:
    """Of several processes the first runs the migrations, which takes half a minute; the others copy what they made."""
    by_migrations = DatabaseCreation.create_test_db

    def create(self: DatabaseCreation, *args: Any, **how: Any) -> str:
        run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
        if run is None or how.get("keepdb"):
            name = by_migrations(self, *args, **how)
            learn_what_a_school_is_like()
            return name
        made, name = made_once(os.getppid()) + run[:8], self._get_test_db_name()
        quoted = self.connection.ops.quote_name
        with (settings.ROOT / "var" / "test-database.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with self._nodb_cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [made])
                if cursor.fetchone():
                    cursor.execute(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")
                    cursor.execute(f"CREATE DATABASE {quoted(name)} TEMPLATE {quoted(made)}")
                    self.connection.close()
                    settings.DATABASES[self.connection.alias]["NAME"] = name
                    self.connection.settings_dict["NAME"] = name
                    return name
            by_migrations(self, *args, **how)
            learn_what_a_school_is_like()
            self.connection.close()
            self.connection.close_pool()  # type: ignore[attr-defined]
            with self._nodb_cursor() as cursor:
                cursor.execute(f"CREATE DATABASE {quoted(made)} TEMPLATE {quoted(name)}")
            return name

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseCreation, "create_test_db", create)
        yield


def learn_what_a_school_is_like() -> None:
    """The database is shown a school once and plans for one from then on, though its tables are empty again.

    Of tables that were always empty it believes what it likes: it took twenty times as long to say who may see a part.
    """
    from tests.api.record import write_record  # of plugins, which are not to be imported before they are some
    from tests.cast import AT, build

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_stats WHERE schemaname = 'public' AND tablename = 'pupils_pupil'")
        if cursor.fetchone():
            return
    with time_machine.travel(AT):
        cast = build()
        write_record(cast, cast.ada)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        # It learns nothing else from the few rows that a test leaves for a moment.
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'ALTER TABLE "{table}" SET (autovacuum_enabled = false)')
    # What was made is made again from its rows, with the numbers that these have: the next number stays the next.
    call_command("flush", verbosity=0, interactive=False, reset_sequences=False, inhibit_post_migrate=True)


def forget_what_was_made() -> None:
    """For whoever started the processes of a run, once they are gone."""
    params = {**connection.get_connection_params(), "dbname": "postgres"}
    with psycopg.connect(**params, autocommit=True) as db:
        found = db.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [made_once(os.getpid())]
        )
        for (name,) in found.fetchall():
            db.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


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
