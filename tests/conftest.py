"""Servers for the whole session; everything else is in the plugins named here."""

import gc
import os
from collections.abc import Sequence

import pytest
import redis
from django.conf import settings
from psycopg._preparing import Prepare, PrepareManager
from psycopg.pq.abc import PGresult

from config import catalogues, servers

pytest_plugins = ["tests.cast", "tests.record", "tests.world", "tests.workers", "tests.chromium"]


def pytest_configure(config: pytest.Config) -> None:
    servers.hold()
    keep_plans()
    catalogues.compile_all()
    # Looking for what nobody holds any more took a quarter of the time of the tests.
    gc.set_threshold(100_000, 50, 100)
    # The finder of static files is asked instead; the folder only has to be there.
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


def keep_plans() -> None:
    """What the database planned stays planned when a test, or a request of it, is rolled back: no table goes with it.

    Else the rule is planned anew in every test, which takes ten times as long as to answer it.
    """
    forget = PrepareManager.clear

    def after_a_table_changed(manager: PrepareManager, prep: Prepare, results: Sequence[PGresult]) -> bool:
        changed = (b"DROP", b"ALTER", b"DISCARD", b"DEALLOCATE")
        return any((one.command_status or b"").startswith(changed) for one in results) and forget(manager)

    PrepareManager._should_discard = after_a_table_changed  # type: ignore[method-assign,assignment]
    PrepareManager.clear = lambda manager: False  # type: ignore[method-assign]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: a browser, a killed worker or the clock is waited for now and then."""
    return min(4, (os.cpu_count() or 1) + 1)


def pytest_unconfigure(config: pytest.Config) -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        from tests import world  # a plugin, which is not to be imported before it is one

        world.forget_what_was_made()
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        for key in broker.scan_iter(f"{settings.REDIS_PREFIX}*"):
            broker.delete(key)
    servers.release()
