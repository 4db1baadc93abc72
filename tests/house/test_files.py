"""The lock files, the compose file, and what leaves node_modules."""

import json
import re
import subprocess
import sys
import tomllib
from typing import Any

import pytest
import yaml
from django.contrib.staticfiles import finders

from config.servers import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-node.lock")


@pytest.mark.parametrize("name", [*LOCKS, "package-lock.json"])
def test_a_lock_file_holds_no_address(name: str) -> None:
    assert re.findall(r"https?://|file:|--index-url|--find-links|resolved", (ROOT / name).read_text()) == []


@pytest.mark.parametrize("name", LOCKS)
def test_each_locked_package_has_one_version_and_a_hash(name: str) -> None:
    blocks = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
    assert [
        block for block in blocks if not re.match(r"[\w.\-\[\],]+==\S+.*\\\n +--hash=sha256:", block)
    ] == []


def test_each_locked_browser_package_has_a_checksum() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, told in packages.items() if name and not told.get("integrity")] == []


def test_what_runs_is_locked_to_the_same_versions_as_what_is_tested() -> None:
    def versions(name: str) -> set[str]:
        return set(re.findall(r"^[\w.\-]+==[^\s;]+", (ROOT / name).read_text(), re.MULTILINE))

    assert versions("requirements.lock") - versions("requirements-dev.lock") == set()


def test_each_dependency_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    told = tomllib.loads(text)
    wanted = [*told["project"]["dependencies"], *(d for g in told["dependency-groups"].values() for d in g)]
    assert [name for name in wanted if not re.search(rf'"{re.escape(name)}", +# \w', text)] == []


def test_the_compose_file_is_valid() -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "check_jsonschema"),
            *("--builtin-schema", "vendor.compose-spec", "docker-compose.yml"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text()))


def test_no_secret_has_a_default(compose: dict[str, Any]) -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    used = set(re.findall(r"\$\{(\w+)", text))
    secret = {"SECRET_KEY", "DATABASE_PASSWORD", "DATABASE_OWNER_PASSWORD", "REDIS_PASSWORD"}
    assert used >= secret
    assert {name for name in secret if re.search(rf"\$\{{{name}(?!:\?)", text)} == set()


def test_every_service_of_ours_runs_as_nobody_special_on_a_read_only_disk(compose: dict[str, Any]) -> None:
    ours = {
        name: told for name, told in compose["services"].items() if "build" in told or "image" not in told
    }
    assert set(ours) == {"migrate", "web", "worker", "beat"}
    for told in ours.values():
        assert (told["read_only"], told["cap_drop"], told["security_opt"]) == (
            True,
            ["ALL"],
            ["no-new-privileges:true"],
        )
    assert re.search(r"^USER 10001", (ROOT / "Dockerfile").read_text(), re.MULTILINE)


def test_every_lasting_service_has_a_health_check(compose: dict[str, Any]) -> None:
    lasting = {name for name in compose["services"] if name != "migrate"}
    assert {name for name in lasting if "healthcheck" not in compose["services"][name]} == set()


def test_nothing_but_the_listed_files_leaves_node_modules() -> None:
    assert finders.find("govuk/govuk-frontend.min.css")
    assert finders.find("fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2")
    assert finders.find("govuk/index.scss") is None
    assert finders.find("govuk/assets/images/govuk-crest.svg") is None
