"""Settings run with nothing set and refuse a production that is misconfigured."""

import os
import re
import runpy
import subprocess
import sys
from unittest import mock

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.checks import is_a_key, is_an_address
from config.servers import ROOT
from tests.production import GOOD, manage
from tests.sample import in_sample


def check(**changes: str | None) -> tuple[int, str]:
    environment = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    done = manage(
        "check", "--deploy", "--fail-level", "WARNING", environment=environment, capture_output=True
    )
    return done.returncode, done.stderr


def load(**changes: str | None) -> str:
    """Why the settings are refused; empty where they load."""
    environment = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    with mock.patch.dict(os.environ, environment, clear=True):
        try:
            runpy.run_path(str(ROOT / "config" / "settings.py"))
        except ImproperlyConfigured as refused:
            return str(refused)
    return ""


def test_a_good_production_passes_every_check() -> None:
    assert check() == (0, "")


@pytest.mark.parametrize("name", sorted(set(GOOD) - {"ALONGSIDE_ENV"}))
def test_production_refuses_to_start_without(name: str) -> None:
    assert load(**{name: None}) == f"In production these must be set: {name}."


@pytest.mark.tables
@pytest.mark.parametrize(
    "name", sorted(n for n in set(GOOD) - {"ALONGSIDE_ENV"} if in_sample("empty", n, one_in=3))
)
def test_production_refuses_to_start_with_an_empty(name: str) -> None:
    assert load(**{name: " "}) == f"In production these must be set: {name}."


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ALONGSIDE_ENV": "prod"}, "ALONGSIDE_ENV is 'prod'; it can be demo, test or production."),
        ({"DEBUG": "perhaps"}, "DEBUG is 'perhaps'; it must be true or false."),
        ({"HSTS_SECONDS": "a year"}, "HSTS_SECONDS is 'a year'; it must be a whole number."),
        ({"DATABASE_POOL": "0"}, "DATABASE_POOL is 0; it must be at least 1."),
        (
            {"DATABASE_URL": "sqlite:///db.sqlite3"},
            "DATABASE_URL must name a PostgreSQL database (postgres://…).",
        ),
        ({"REDIS_URL": "memory://"}, "REDIS_URL must be redis://…, rediss://… or unix:///path?db=0."),
        (
            {"PUBLIC_URL": "plans.school.uk"},
            "PUBLIC_URL is 'plans.school.uk'; it must look like https://plans.school.uk.",
        ),
    ],
)
def test_a_bad_value_is_refused_and_named(changes: dict[str, str], said: str) -> None:
    assert load(**changes) == said


def test_an_unsafe_production_fails_its_checks_one_by_one() -> None:
    code, said = check(
        DEBUG="true",
        SECRET_KEY="demo-" + GOOD["SECRET_KEY"],
        ALLOWED_HOSTS="*",
        PUBLIC_URL="http://plans.school.uk",
        MFA_REQUIRED_OF_STAFF="false",
        EMAIL_URL="consolemail://",
        DEFAULT_FROM_EMAIL="Alongside <alongside@demo.invalid>",
        HSTS_SECONDS="0",
    )
    assert code == 1
    assert re.findall(r"alongside\.E0\d\d", said) == [
        f"alongside.E{n:03}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 10)
    ]


def test_a_key_that_can_be_guessed_is_no_key() -> None:
    keys = [GOOD["SECRET_KEY"], "short", "a" * 60, "change-me-" + GOOD["SECRET_KEY"]]
    assert [is_a_key(key) for key in keys] == [True, False, False, False]


def test_an_address_that_nobody_reads_is_no_sender() -> None:
    senders = ["plans@school.uk", "Plans <plans@school.uk>", "plans", "Plans <plans@school.example>"]
    assert [is_an_address(sender) for sender in senders] == [True, True, False, False]


def test_an_unsafe_production_is_not_served() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import config.wsgi"],
        env={**GOOD, "MFA_REQUIRED_OF_STAFF": "false"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(
        "django.core.exceptions.ImproperlyConfigured: Staff may sign in with a password alone."
    )


def test_nothing_set_is_a_demo_that_passes_its_checks() -> None:
    done = manage("check", "--fail-level", "WARNING", environment={}, capture_output=True)
    assert (done.returncode, done.stderr) == (0, "")
