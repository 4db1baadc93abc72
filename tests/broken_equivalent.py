"""Mutants of `tests.broken` that no test can tell from what they change: module, function, before, after, and why."""

EQUIVALENT: dict[tuple[str, str, str, str], str] = {}
