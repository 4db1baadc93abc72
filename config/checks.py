"""What a production must not be. Each of these stops `check --deploy`, and the application itself.

Settings already refuse a production in which something is missing; these look at what was set.
"""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from django.db import DatabaseError, connections

SHORTEST_KEY = 50
# Names that RFC 2606 keeps free: nobody receives mail there, so nobody in production has such an address.
NOBODYS = ("invalid", "example", "test", "localhost")
# A key like this was copied out of a manual.
TELLING = ("demo-", "change", "secret", "django-insecure", "not-for-production", "example")


@register(Tags.security)
def a_production_is_safe(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    return [*_faults()] if settings.PRODUCTION else []


def _fault(number: int, text: str, hint: str) -> Error:
    return Error(text, hint=hint, id=f"alongside.E{number:03}")


def _faults() -> Iterator[Error]:
    hosts, public = settings.ALLOWED_HOSTS, urlsplit(settings.PUBLIC_URL)
    if settings.DEBUG:
        yield _fault(1, "DEBUG is on.", "It shows settings and records to anybody; take DEBUG out.")
    if not is_a_key(settings.SECRET_KEY):
        yield _fault(2, "SECRET_KEY can be guessed.", "Make one: openssl rand -base64 60")
    if any(host.startswith(("*", ".")) for host in hosts):
        yield _fault(3, "ALLOWED_HOSTS lets any name in.", "List each name in full.")
    if public.scheme != "https":
        yield _fault(
            4, "PUBLIC_URL is not https.", "Put a proxy with a certificate in front (docs/deploy.md)."
        )
    if public.hostname not in hosts:
        yield _fault(5, "PUBLIC_URL is not one of ALLOWED_HOSTS.", "Add its name to ALLOWED_HOSTS.")
    if not settings.MFA_REQUIRED_OF_STAFF:
        yield _fault(
            6,
            "Staff may sign in with a password alone.",
            "Take MFA_REQUIRED_OF_STAFF out, or set it to true.",
        )
    if settings.EMAIL_BACKEND != "django.core.mail.backends.smtp.EmailBackend":
        yield _fault(7, "Mail is not sent.", "Set EMAIL_URL to smtp+tls://user:password@host:587.")
    if not is_an_address(settings.DEFAULT_FROM_EMAIL):
        yield _fault(8, "DEFAULT_FROM_EMAIL is not an address that can be answered.", "Set one of your own.")
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        yield _fault(9, "The database is not PostgreSQL.", "Set DATABASE_URL to postgres://…")
    if not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE and settings.SECURE_HSTS_SECONDS):
        yield _fault(10, "Cookies may travel unprotected.", "Set HSTS_SECONDS to at least 3600.")


def is_a_key(key: str) -> bool:
    return len(key) >= SHORTEST_KEY and len(set(key)) >= 20 and not key.lower().startswith(TELLING)


def is_an_address(written: str) -> bool:
    """True for `Plans <plans@school.uk>` and `plans@school.uk`; false for names kept for examples."""
    address = written.rpartition("<")[2].rstrip(">").strip()
    try:
        validate_email(address)
    except ValidationError:
        return False
    return not address.lower().endswith(tuple(f".{name}" for name in NOBODYS))


@register(Tags.database)
def a_production_database_is_safe(
    app_configs: Sequence[AppConfig] | None = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Asked by `check --database default` and by `migrate`."""
    if not settings.PRODUCTION or "default" not in (databases or []):
        return []
    found: list[CheckMessage] = []
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone() == (True,):
            found.append(
                _fault(
                    11,
                    "The application is a superuser of its database.",
                    "Give it a role of its own: docs/deploy.md.",
                )
            )
        cursor.execute("SELECT to_regclass('accounts_user') IS NOT NULL")
        if cursor.fetchone() == (True,):
            cursor.execute(
                "SELECT count(*) FROM accounts_user WHERE email ~ %s", [rf"\.({'|'.join(NOBODYS)})$"]
            )
            if cursor.fetchone() != (0,):
                found.append(
                    _fault(
                        12,
                        "Demo people are in this database; their passwords are known to everybody.",
                        "Start from an empty database.",
                    )
                )
    return found


def refuse_an_unsafe_production() -> None:
    """For processes that run no checks of their own: better no service than an open one."""
    if not settings.PRODUCTION:
        return
    faults = a_production_is_safe()
    if not faults:
        # A database that is away says so at /healthz, and comes back.
        with contextlib.suppress(DatabaseError):
            faults = a_production_database_is_safe(databases=["default"])
    if faults:
        raise ImproperlyConfigured(" ".join(f"{fault.msg} {fault.hint}" for fault in faults))
