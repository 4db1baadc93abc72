"""Breaking the rule on purpose is noticed."""

import os
from datetime import date, datetime
from pathlib import Path

import pytest
from django.db import connection

from pupils import policy

from .edges import edges
from .mutants import EQUIVALENT, Mutant, corpus, expected, mutants, survives
from .worlds import World

REPORT = Path(__file__).resolve().parent.parent.parent / "docs" / "mutants.md"
SCHOOLS = int(os.environ.get("ALONGSIDE_MUTANT_SCHOOLS", "150"))

REPORT_HEAD = """\
# The rule, broken on purpose

Each mutant is the statement of the rule (`RULE` in `pupils/policy.py`) with one operator, constant or condition
changed. It is caught when it says something else than the naive rule (`tests/pupils/naive.py`) about anybody in one of
{schools} schools: each boundary in a school of its own (`tests/pupils/edges.py`) and {random} random ones, at {moments}
instants in all; or when it is no statement any more. Last run on {day} with
`ALONGSIDE_LONG=1 python -m pytest -m long tests/pupils/test_mutants.py`.

{made} mutants, {caught} caught, {left} not caught: {equivalent} of these change no answer that anybody can get, and
here is why; {survivors} are holes.
"""


def why_equivalent(mutant: Mutant) -> str:
    for piece, first, before, after, why in EQUIVALENT:
        if (mutant.before.strip(), mutant.after.strip()) != (before, after):
            continue
        start = policy.RULE.find(piece, first)
        while start >= 0:
            if start <= mutant.at < start + len(piece):
                return why
            start = policy.RULE.find(piece, start + 1)
    return ""


def left(tried: list[Mutant], schools: list[tuple[World, list[datetime]]]) -> list[Mutant]:
    """Those of some mutants that say what the rule says in each of these schools."""
    told = expected(schools)
    connection.cursor().execute("ANALYZE")
    assert survives(policy.RULE, told)
    return [mutant for mutant in tried if survives(mutant.sql, told)]


@pytest.mark.django_db
def test_a_sample_of_broken_rules_is_caught() -> None:
    tried = [m for m in list(mutants())[::80] if not why_equivalent(m)]
    assert [m.place for m in left(tried, edges())] == []


@pytest.mark.long
@pytest.mark.django_db
def test_no_broken_rule_gives_the_answers_of_the_rule() -> None:
    every, schools = list(mutants()), corpus(SCHOOLS)
    alive = left(every, schools)
    holes = [m for m in alive if not why_equivalent(m)]
    lines = [f"- {m.place}\n  {why_equivalent(m) or 'NOT CAUGHT'}" for m in alive]
    REPORT.write_text(
        REPORT_HEAD.format(
            schools=len(schools),
            random=SCHOOLS,
            moments=sum(len(instants) for _, instants in schools),
            day=date.today().strftime("%-d %B %Y"),  # noqa: DTZ011 - the day of whoever runs it
            made=len(every),
            caught=len(every) - len(alive),
            left=len(alive),
            equivalent=len(alive) - len(holes),
            survivors=len(holes),
        )
        + "\n"
        + "\n".join(lines)
        + "\n"
    )
    assert [m.place for m in holes] == []
