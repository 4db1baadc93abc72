"""What many tests begin with is made through the services once in a process, and from the rows that made from then on.

Either way the same rows are there: a test may not tell which it was.
"""

import copy
import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.auth.models import Group, Permission
from django.db import connection, transaction

from accounts.models import User
from pupils.models import AccessLog, AuditEvent

T = TypeVar("T")
Rows = dict[str, tuple[list[str], str]]


@dataclass(frozen=True)
class Made:
    """Something as it was first made, and its rows by table."""

    itself: Any
    rows: Rows


_made: dict[Hashable, Made | None] = {}


def once(name: str, make: Callable[[], T]) -> T:
    """What `make` writes into a database in which nobody is yet, and gives back; by rows alone after the first time.

    In a database in which somebody is already it is made anew.
    """
    if User.objects.exists() or Group.objects.exists():
        return make()
    return _once((name, *_permissions()), make)


def once_more(name: Hashable, make: Callable[[], T]) -> T:
    """As `once`, of what is added to something made by `once`, before anything else is done to it."""
    people = User.objects.order_by("pk").values_list("pk", flat=True)
    done = AuditEvent.objects.count(), AccessLog.objects.count()
    return _once((name, *done, *people, *_permissions()), make)


def _permissions() -> list[int]:
    return list(Permission.objects.order_by("pk").values_list("pk", flat=True))


def _once(key: Hashable, make: Callable[[], T]) -> T:
    known = _made.get(key)
    if known is None:
        before = _rows() if key not in _made else {}
        made = make()
        if key not in _made:
            added = _added(before, _rows())
            _made[key] = None if added is None else Made(copy.deepcopy(made), added)
        return made
    with transaction.atomic(), connection.cursor() as cursor:
        for table, (columns, rows) in known.rows.items():
            listed = ", ".join(f'"{column}"' for column in columns)
            cursor.execute(
                f'INSERT INTO "{table}" ({listed})'
                f' SELECT {listed} FROM json_populate_recordset(NULL::"{table}", %s::json)',
                [rows],
            )
    return copy.deepcopy(known.itself)


def _added(before: Rows, after: Rows) -> Rows | None:
    """The rows that are new; None where one that was there is changed or gone."""
    added = {}
    for table in before.keys() | after.keys():
        columns, text = after.get(table, ([], "[]"))
        was, now = (
            {json.dumps(row): row for row in json.loads(t)} for t in (before.get(table, ([], "[]"))[1], text)
        )
        if was.keys() - now.keys():
            return None
        if new := [row for key, row in now.items() if key not in was]:
            added[table] = columns, json.dumps(new)
    return added


def _rows() -> Rows:
    """Every row of every table but those that migrations fill: its columns that can be written, and its rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns"
            " WHERE table_schema = 'public' AND is_generated = 'NEVER' AND table_name NOT LIKE 'django\\_%'"
            " AND table_name NOT IN ('auth_permission') GROUP BY table_name"
        )
        found = {}
        for table, columns in cursor.fetchall():
            cursor.execute(f'SELECT json_agg(t)::text FROM "{table}" t')
            [[rows]] = cursor.fetchall()
            if rows:
                found[table] = (columns, rows)
        return found
