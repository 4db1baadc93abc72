"""How many rows of an import are saved so far.

Told through the cache, because the rows themselves are invisible until all of them are committed.
"""

from uuid import UUID

from django.core.cache import caches

_KEPT = 60 * 60  # seconds


def tell(import_id: UUID, done: int) -> None:
    caches["shared"].set(_key(import_id), done, _KEPT)


def done(import_id: UUID) -> int:
    return int(caches["shared"].get(_key(import_id), 0))


def forget(import_id: UUID) -> None:
    caches["shared"].delete(_key(import_id))


def _key(import_id: UUID) -> str:
    return f"import-{import_id}"
