"""A real browser, Debian's Chromium or whatever `CHROMIUM` names.

Its shell without windows comes first: the same pages for a quarter of the processor time.

Where there is none, the tests that want one are skipped and the summary says so loudly; with
`ALONGSIDE_NO_SKIP=1` any skipped test fails the run.
"""

import os
import shutil
from typing import Any

import pytest

NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)


def chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    return named if named else next((found for name in NAMES if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    # A microphone that beeps, and somebody who lets a page that may ask for it have it.
    heard = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    return {
        **browser_type_launch_args,
        "executable_path": chromium(),
        "args": [*as_root, *heard, "--disable-dev-shm-usage"],
    }


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if chromium():
        return
    for item in items:
        if {"page", "browser", "context", "new_context"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


def no_skip() -> bool:
    return os.environ.get("ALONGSIDE_NO_SKIP", "") not in {"", "0"}


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if no_skip() and reporter and reporter.stats.get("skipped") and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = len(terminalreporter.stats.get("skipped", []))
    if not chromium():
        terminalreporter.section("BROWSER TESTS DID NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.line(
            "There is no Chromium on this machine: apt-get install chromium, or set CHROMIUM."
        )
    if skipped and no_skip():
        terminalreporter.section(f"{skipped} SKIPPED, AND NONE MAY BE", sep="!", red=True, bold=True)
