"""How many rows of an import are saved so far.

Told through the cache, because the rows themselves are invisible until all of them are committed.
"""

from uuid import UUID

from django.core.cache import cache

_KEPT = 60 * 60  # seconds


def tell(import_id: UUID, done: int) -> None:
    cache.set(_key(import_id), done, _KEPT)


def done(import_id: UUID) -> int:
    return int(cache.get(_key(import_id), 0))


def forget(import_id: UUID) -> None:
    cache.delete(_key(import_id))


def _key(import_id: UUID) -> str:
    return f"import-{import_id}"
