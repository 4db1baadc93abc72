"""The rule broken on purpose, one small change at a time, against the naive rule in a fixed set of schools.

A mutant is the whole statement with one operator, constant or condition changed. It is caught when, for some school
and instant, it says something else than the naive rule, or is no statement any more. One that is not caught either
changes no answer that anybody can get (`EQUIVALENT` says why), or the comparison has a hole.

    python -m pytest -m long tests/pupils/test_mutants.py

writes what it found to `docs/mutants.md`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, Phase, given, settings

from pupils import policy
from pupils.enums import Ground, Section

from . import naive
from .edges import edges
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

_NO_WORKING_VIEW = "A working view is kept on the ground `teaches` alone."
_NO_CHOICE_NEEDED = (
    "Nobody's choices count for whoever sees their own record or coordinates, so no choice is joined."
)
#: Where a choice meets what its reader's ground could open.
_MEETS = policy.RULE.index(" h JOIN (VALUES")

#: Mutants that no data can tell from the rule: a piece of the statement that begins at a place or after it, what in it
#: is changed to what, and why that changes no answer.
EQUIVALENT: list[tuple[str, int, str, str, str]] = [
    ("TRUE AS open, FALSE AS working", 0, "FALSE", "TRUE", _NO_WORKING_VIEW),
    ("'coordinates', TRUE, FALSE, NULL", 0, "FALSE", "TRUE", _NO_WORKING_VIEW),
    (" IS NOT TRUE, FALSE, CASE WHEN", 0, "FALSE", "TRUE", _NO_WORKING_VIEW),
    ("'professional', FALSE, FALSE", 0, "FALSE", "TRUE", "The ground `professional` opens and keeps no section."),
    ("THEN least(p.turns_16_on, p.turns_18_on)", 0, "p.turns_18_on", "p.turns_16_on", "Nobody turns 18 before 16."),
    *(
        (f"('{section.value}', ARRAY['coordinates', 'own', 'parent'", _MEETS, "'own'", "'parent'", _NO_CHOICE_NEEDED)
        for section in Section
    ),
    *(
        (f"('{section.value}', ARRAY['coordinates', ", _MEETS, "'coordinates'", "'teaches'", _NO_CHOICE_NEEDED)
        for section in policy.OPENS[Ground.TEACHES]
    ),
]  # fmt: skip


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


@dataclass
class Expected:
    """Some schools at one instant: whose pupils are asked about, and what the naive rule says."""

    at: datetime
    pupils: list[UUID] = field(default_factory=list)
    rows: set[tuple[Any, ...]] = field(default_factory=set)


def corpus(size: int) -> list[tuple[World, list[datetime]]]:
    """The small schools of `edges`, and so many random ones, the same every time."""
    found = edges()

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
    """Put the schools into the database, beside each other, and write down what the naive rule says of each.

    Schools that are looked at in one instant are asked about together.
    """
    told: dict[datetime, Expected] = {}
    for number, (world, instants) in enumerate(cases):
        stored = Stored(world, number)
        for at in {*instants}:
            here = told.setdefault(at, Expected(at))
            here.pupils += stored.pupils.values()
            for person in world.people:
                for pupil in world.pupils:
                    answer = naive.answer(world, person, pupil, at)
                    who = stored.pupils[pupil.name], stored.people[person.name]
                    here.rows |= {(*who, *seen) for seen in answer.sees}
                    if answer.near:
                        here.rows.add((*who, "", "", "", False))
    return [*told.values()]


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
