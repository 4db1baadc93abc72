"""Structured logs that carry nothing about a person.

What may be in a line: an event, the route (the pattern, never the address itself), a status, a time, and
ids. What a person typed, their name or their e-mail address may not: requests are logged by
`config.middleware.log_the_request`, and an exception is logged as its type and the places it passed
through, without its message, because a database error quotes the row it refused.
"""

import logging
import traceback
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import structlog
from structlog.types import EventDict, Processor, WrappedLogger


def without_messages(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace an exception by its type and where it happened."""
    told = event.pop("exc_info", None)
    if not told:
        return event
    error = told if isinstance(told, BaseException) else told[1] if isinstance(told, tuple) else None
    if error is None:
        import sys

        error = sys.exc_info()[1]
    if error is not None:
        event["exception"] = f"{type(error).__module__}.{type(error).__qualname__}"
        event["places"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-12:]
        ]
    return event


class WithoutArguments(logging.Filter):
    """A library's line keeps its wording; what it would fill in (addresses, values) is left out.

    Of a task that failed or is tried again its name and id are told, and not what the failure quotes: a mail server's
    refusal names who was written to. `notifications_python_client` is a library and not `notifications`.
    """

    OURS = ("celery", "gunicorn", "kombu", "config", "accounts", "pupils", "apdr", "reviews", "notifications")

    OF_A_TASK = ("id", "name", "description", "runtime")

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("celery.app.trace") and isinstance(record.args, Mapping):
            told = {key: record.args.get(key, "") for key in self.OF_A_TASK}
            record.args = defaultdict(str, told)  # type: ignore[assignment]
        elif record.args and record.name.split(".")[0] not in self.OURS:
            record.args = ()
        return True


class WithoutAddress(logging.Filter):
    """gunicorn's own line for a request that broke outside Django, without its address: a secret may stand in it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.msg.startswith("Error handling request"):
            record.msg, record.args = "Error handling request", ()
        return True


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_messages,
]


def configure(*, as_json: bool, level: str) -> dict[str, Any]:
    """Set structlog up and give the dictionary for Django's LOGGING."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: Processor = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"without_arguments": {"()": WithoutArguments}},
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                "foreign_pre_chain": SHARED,
            }
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "structured",
                "filters": ["without_arguments"],
            },
            "nowhere": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django mails what it logs as an error to ADMINS, with what was sent; named here it does not.
            "django": {"level": "INFO"},
            # These put the address asked for into their text; log_the_request says the same without it.
            "django.request": {"handlers": ["nowhere"], "propagate": False},
            "django.server": {"handlers": ["nowhere"], "propagate": False},
            "django.db.backends": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "INFO"},
        },
    }
