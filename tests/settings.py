"""The settings of the tests: those of the application, with queues of their own on the shared broker."""

import os

os.environ["ALONGSIDE_ENV"] = "test"
os.environ["REDIS_PREFIX"] = f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}-{os.getpid()}-"

from config.settings import *  # noqa: F403
