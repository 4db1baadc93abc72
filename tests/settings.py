"""The settings of the tests: those of the application, with queues of their own on the shared broker."""

import os

os.environ["ALONGSIDE_ENV"] = "test"
os.environ["REDIS_PREFIX"] = f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}-{os.getpid()}-"
os.environ.setdefault("DATABASE_POOL", "12")  # some tests do a dozen things at one moment
# Playwright keeps an event loop in the thread of the test; the database is asked from that thread all the same.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from config.settings import *  # noqa: F403
