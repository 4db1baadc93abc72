"""The rule broken on purpose, one small change at a time, against the naive rule in a fixed set of random schools.

A mutant is the whole statement with one operator, constant or condition changed. It is caught when, for some school
and instant, it says something else than the naive rule, or is no statement any more. One that is not caught either
changes no answer that anybody can get (`EQUIVALENT` says why), or the comparison has a hole.

    python -m pytest -m long tests/pupils/test_mutants.py

writes what it found to `docs/mutants.md`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, Phase, given, settings

from pupils import policy

from . import naive
from .worlds import Stored, World, worlds

#: What is looked for in the statement, and what is put in its place.
CHANGES: list[tuple[str, str]] = [
    (r" <= ", " < "),
    (r" > ", " >= "),
    (r" > ", " < "),
    (r" = (?=[a-z]+\.[a-z_0-9]+)", " <> "),
    (r" = (?=')", " <> "),
    (r" <> ", " = "),
    (r"\bAND NOT\b", "AND"),
    (r"\bAND\b(?! NOT)", "AND NOT"),
    (r"\bAND\b", "OR"),
    (r"\bOR\b", "AND"),
    (r"\bNOT EXISTS\b", "EXISTS"),
    (r"\bIS NULL\b", "IS NOT NULL"),
    (r"\bIS NOT NULL\b", "IS NULL"),
    (r"\bIS NOT TRUE\b", "IS TRUE"),
    (r"\bIS TRUE\b", "IS NOT TRUE"),
    (r"\bTRUE\b(?= AS| THEN|,)", "FALSE"),
    (r"\bFALSE\b(?= AS|,)", "TRUE"),
    (r"\bleast\b", "greatest"),
    (r" \+ 1\b", ""),
    (r" \+ 1\b", " + 2"),
    (r"\bLEFT JOIN\b(?! LATERAL)", "JOIN"),
    (r"\bLEFT JOIN LATERAL\b", "JOIN LATERAL"),
    (r"'own'", "'parent'"),
    (r"'teaches'(?=,| ELSE| AND)", "'parent'"),
    (r"'parent'(?=,)", "'teaches'"),
    (r"'coordinates'(?=,)", "'teaches'"),
    (r"'shared'", "'parent'"),
    (r"'young_person'", "'parents'"),
    (r"'parents'", "'young_person'"),
    (r"'is_[a-z_]+'", "'is_self'"),
    (r"\bp\.turns_16_on\b", "p.turns_18_on"),
    (r"\bp\.turns_18_on\b", "p.turns_16_on"),
    (r"\bworking_view_in_post16\b", "working_view_before_post16"),
    (r"\bworking_view_before_post16\b", "working_view_in_post16"),
    (r"\bcoalesce\(p\.post16_from, p\.school_leaving_on \+ 1\)", "p.post16_from"),
    (r"'profile', ", "'profile2', "),
]

#: Mutants that no data can tell from the rule: a piece of the statement, what stands in its place, and why.
EQUIVALENT: list[tuple[str, str, str]] = []


@dataclass(frozen=True)
class Mutant:
    sql: str
    at: int
    before: str
    after: str

    @property
    def place(self) -> str:
        """The line of the statement that was changed, with the change."""
        start = self.sql.rfind("\n", 0, self.at) + 1
        end = self.sql.find("\n", self.at)
        line = self.sql[max(start, self.at - 70) : min(end if end > 0 else len(self.sql), self.at + 90)]
        return f"{self.before.strip()} → {self.after.strip() or '(nothing)'} in … {line.strip()} …"


def mutants(sql: str = policy.RULE) -> Iterator[Mutant]:
    """Every change at every place, those of the same text once."""
    seen = {sql}
    for pattern, after in CHANGES:
        for found in re.finditer(pattern, sql):
            changed = sql[: found.start()] + after + sql[found.end() :]
            if changed not in seen:
                seen.add(changed)
                yield Mutant(changed, found.start(), found.group(), after)


@dataclass(frozen=True)
class Expected:
    """One school at one instant: whose pupils are asked about, and what the naive rule says."""

    pupils: list[Any]
    at: datetime
    rows: frozenset[tuple[Any, ...]]


def corpus(size: int) -> list[tuple[World, list[datetime]]]:
    """The same random schools every time."""
    found: list[tuple[World, list[datetime]]] = []

    @settings(
        max_examples=size,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(worlds(crowded=True))
    def collect(case: tuple[World, list[datetime]]) -> None:
        found.append(case)

    collect()
    return found


def expected(cases: list[tuple[World, list[datetime]]]) -> list[Expected]:
    """Put the schools into the database, beside each other, and write down what the naive rule says of each."""
    told = []
    for number, (world, instants) in enumerate(cases):
        stored = Stored(world, number)
        for at in instants:
            rows = set()
            for person in world.people:
                for pupil in world.pupils:
                    answer = naive.answer(world, person, pupil, at)
                    who = stored.pupils[pupil.name], stored.people[person.name]
                    rows |= {(*who, *seen) for seen in answer.sees}
                    if answer.near:
                        rows.add((*who, "", "", "", False))
            told.append(Expected(list(stored.pupils.values()), at, frozenset(rows)))
    return told


def survives(mutant: str, told: list[Expected]) -> bool:
    """Whether a statement says what the naive rule says, for every school and instant."""
    numbered, names = policy._numbered(
        f"SELECT pupil_id, person_id, section, ground, via, chosen FROM ({mutant}) rule"
        " WHERE rule.pupil_id = ANY(%(pupils)s)"
    )
    types = {"at": "timestamptz", "day": "date", "pupils": "uuid[]"}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DEALLOCATE ALL")
            cursor.execute(f"PREPARE mutant({', '.join(types[n] for n in names)}) AS {numbered}")
            for case in told:
                values = {"pupils": case.pupils, **policy._instant(case.at)}
                marks = ", ".join(f"%s::{types[n]}" for n in names)
                cursor.execute(f"EXECUTE mutant({marks})", [values[n] for n in names])
                rows = cursor.fetchall()
                said = {(p, u, s, g, v or "", c) for p, u, s, g, v, c in rows if s is not None}
                said |= {(p, u, "", "", "", False) for p, u, *_ in rows}
                if said != case.rows:
                    return False
    except DatabaseError:
        return False
    return True
