"""`python -m benchmarks`: what the rule, the provision map and reminders cost in a local authority, printed and kept as JSON.

Works in a database of its own, `alongside_bench`, made anew beside the one in use; `--keep` uses the one that is there.
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from config import servers

DATABASE = "alongside_bench"
RESULTS = Path(__file__).parent / "results"


def make_database(url: str, *, keep: bool) -> str:
    """The address of an own database on the server of `url`, empty unless it is kept."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if there and not keep:
            connection.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
        if not (there and keep):
            connection.execute(f"CREATE DATABASE {DATABASE}")
    return urlunsplit(urlsplit(url)._replace(path=f"/{DATABASE}"))


def milliseconds(calls: dict[str, Callable[[], Any]], seconds: float) -> dict[str, dict[str, float]]:
    """The median and the fastest tenth of each call's times.

    The calls are made in turns, so that whatever else the machine does meets all alike; since it can only make a call
    slower, ratios are those of the fastest tenth.
    """
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        call()
    until = time.perf_counter() + seconds
    while time.perf_counter() < until or len(next(iter(taken.values()))) < 20:
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            taken[name].append((time.perf_counter() - start) * 1000)
    return {
        name: {
            "fastest_tenth": round(statistics.quantiles(times, n=10)[0], 3),
            "median": round(statistics.median(times), 3),
        }
        for name, times in taken.items()
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--settings", type=int, default=300, help="how many settings of 400 pupils (300)")
    parser.add_argument("--seconds", type=float, default=6, help="how long each measurement takes (6)")
    parser.add_argument("--keep", action="store_true", help="use the data of the last run")
    parser.add_argument("--mails", type=int, default=1000, help="how many e-mails are sent (1000)")
    parser.add_argument("--only", choices=["rule", "map", "reminders"], help="one of the three")
    options = parser.parse_args()
    servers.hold()
    url = make_database(os.environ.get("DATABASE_URL") or servers.database_url(), keep=options.keep)
    os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "WARNING"}

    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)

    from django.db import connection

    from . import authority

    print(f"Building {options.settings} settings …", flush=True)
    start = time.perf_counter()
    built = authority.find(options.settings) if options.keep else authority.build(options.settings)
    print(f"{built.counts} in {time.perf_counter() - start:.0f} s\n")

    with connection.cursor() as cursor:
        cursor.execute("SELECT version()")
        server = cursor.fetchone()[0]
    about = {
        "command": " ".join(["python -m benchmarks", *sys.argv[1:]]),
        "server": server,
        "processors": os.cpu_count(),
        "counts": built.counts,
    }
    if options.only in (None, "map"):
        from . import provision_map

        mapped = provision_map.measure(built.senco, milliseconds, options.seconds)
        keep("provision-map", about | {"provision_map": mapped})
    if options.only in (None, "rule"):
        found = measure_the_rule(built, options.seconds)
        if found is None:
            return 1
        keep("rule", about | found)
    if options.only in (None, "reminders"):
        from . import reminders

        keep("reminders", about | reminders.measure(options.settings, options.mails))
    return 0


def keep(name: str, found: dict[str, Any]) -> None:
    """Write down what was measured."""
    RESULTS.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    file = RESULTS / f"{name}-{now:%Y%m%d-%H%M%S}.json"
    file.write_text(json.dumps({"at": now.isoformat(timespec="seconds"), **found}, indent=1) + "\n")
    print(f"Kept in {file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file}\n")


def measure_the_rule(built: Any, seconds: float) -> dict[str, Any] | None:
    """The first pages and the single checks; nothing where the rule and the raw SQL give different rows."""
    from pupils import policy
    from pupils.enums import Section
    from pupils.models import Pupil

    from . import authority, rule

    first_pages: list[dict[str, Any]] = []
    single: list[dict[str, Any]] = []
    print(f"{'first page of 25, ms':24}{'rule':>9}{'raw':>9}{'guardian':>10}{'of raw':>9}{'× guardian':>12}")
    for case in rule.cases(built):
        mine, raw = case.rule(), case.raw()
        if mine != raw:
            print(f"{case.name}: the rule and the raw SQL give different rows", file=sys.stderr)
            return None
        ms = milliseconds({"rule": case.rule, "raw": case.raw, "guardian": case.guardian}, seconds)
        best = {name: times["fastest_tenth"] for name, times in ms.items()}
        of_raw, faster = best["rule"] / best["raw"], best["guardian"] / best["rule"]
        first_pages.append(
            {
                "who": case.name,
                "rows": len(mine),
                "ms": ms,
                "times_raw": round(of_raw, 2),
                "faster_than_guardian": round(faster, 2),
            }
        )
        print(
            f"{case.name:24}{best['rule']:9.2f}{best['raw']:9.2f}{best['guardian']:10.2f}{of_raw:8.1f}×{faster:11.1f}×"
        )

        pupil = Pupil.objects.get(pk=mine[0][0])
        checks = milliseconds(
            {
                "raw": rule.statement(case.person, pupil),
                "can": lambda: policy.can(case.person, Section.PLAN, pupil, authority.AT),  # noqa: B023
                "why": lambda: policy.why(case.person, pupil, authority.AT),  # noqa: B023
                "people_for": lambda: policy.people_for(pupil, Section.PLAN, authority.AT),  # noqa: B023
            },
            seconds / 2,
        )
        of_statement = checks["can"]["fastest_tenth"] / checks["raw"]["fastest_tenth"]
        single.append({"who": case.name, "ms": checks, "can_times_raw": round(of_statement, 2)})
    print(f"\n{'one pupil, ms':24}{'can':>9}{'raw':>9}{'of raw':>9}{'why':>9}{'people_for':>12}")
    for row in single:
        best = {name: times["fastest_tenth"] for name, times in row["ms"].items()}
        print(
            f"{row['who']:24}{best['can']:9.2f}{best['raw']:9.2f}{row['can_times_raw']:8.2f}×"
            f"{best['why']:9.2f}{best['people_for']:12.2f}"
        )
    return {"first_page": first_pages, "one_pupil": single}


if __name__ == "__main__":
    sys.exit(main())
