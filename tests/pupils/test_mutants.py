"""Breaking the rule on purpose is noticed."""

import os
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from pupils import policy

from .mutants import EQUIVALENT, Mutant, corpus, expected, mutants, survives

REPORT = Path(__file__).resolve().parent.parent.parent / "docs" / "mutants.md"
SCHOOLS = int(os.environ.get("ALONGSIDE_MUTANT_SCHOOLS", "900"))

REPORT_HEAD = """\
# The rule, broken on purpose

Each mutant is the statement of the rule (`RULE` in `pupils/policy.py`) with one operator, constant or condition
changed. It is caught when it says something else than the naive rule (`tests/pupils/naive.py`) about anybody in one of
{schools} random schools at five instants each, or is no statement any more. Last run on {day} with
`ALONGSIDE_LONG=1 python -m pytest -m long tests/pupils/test_mutants.py`.

{made} mutants, {caught} caught, {left} not caught: {equivalent} of these change no answer that anybody can get, and
here is why; {survivors} are holes.
"""


def why_equivalent(mutant: Mutant) -> str:
    for piece, after, why in EQUIVALENT:
        start = policy.RULE.find(piece)
        while start >= 0:
            if start <= mutant.at < start + len(piece) and mutant.after.strip() == after:
                return why
            start = policy.RULE.find(piece, start + 1)
    return ""


@pytest.mark.django_db
def test_a_sample_of_broken_rules_is_caught() -> None:
    """Every ninth mutant that is not equivalent, in fewer schools than the long run has."""
    told = expected(corpus(60))
    connection.cursor().execute("ANALYZE")
    assert survives(policy.RULE, told)
    tried = [m for m in list(mutants())[::9] if not why_equivalent(m)]
    left = [m for m in tried if survives(m.sql, told)]
    # In so few schools the rarest moments are met by nobody: the long run allows none.
    assert len(left) <= len(tried) // 3, [m.place for m in left]


@pytest.mark.long
@pytest.mark.django_db
def test_no_broken_rule_gives_the_answers_of_the_rule() -> None:
    told = expected(corpus(SCHOOLS))
    connection.cursor().execute("ANALYZE")
    assert survives(policy.RULE, told)
    every = list(mutants())
    left = [m for m in every if survives(m.sql, told)]
    holes = [m for m in left if not why_equivalent(m)]
    lines = [f"- {m.place}\n  {why_equivalent(m) or 'NOT CAUGHT'}" for m in left]
    REPORT.write_text(
        REPORT_HEAD.format(
            schools=SCHOOLS,
            day=date.today().strftime("%-d %B %Y"),  # noqa: DTZ011 - the day of whoever runs it
            made=len(every),
            caught=len(every) - len(left),
            left=len(left),
            equivalent=len(left) - len(holes),
            survivors=len(holes),
        )
        + "\n"
        + "\n".join(lines)
        + "\n"
    )
    assert [m.place for m in holes] == []
