"""How many rows of an import are saved so far.

Told through the cache, because the rows themselves are invisible until all of them are committed. While that is away
nobody is told, and nothing else fails.
"""

from contextlib import suppress
from uuid import UUID

from django.core.cache import caches
from redis import RedisError

_KEPT = 60 * 60  # seconds


def tell(import_id: UUID, done: int) -> None:
    with suppress(RedisError):
        caches["shared"].set(_key(import_id), done, _KEPT)


def done(import_id: UUID) -> int:
    with suppress(RedisError):
        return int(caches["shared"].get(_key(import_id), 0))
    return 0


def forget(import_id: UUID) -> None:
    with suppress(RedisError):
        caches["shared"].delete(_key(import_id))


def _key(import_id: UUID) -> str:
    return f"import-{import_id}"
