"""Files of rows: kept in a folder of their own under the id of a row, found again, and swept where they have none.

The file is written first, under an id of its own, and its row in the transaction of what it belongs to. Where that
fails the file belongs to nobody, and `sweep` removes it a day later. No address leads to these folders.
"""

import os
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings

#: A file without a row may be one that is just being sent; after this long it is not.
FORGOTTEN_AFTER = timedelta(days=1)


def keep(folder: str, content: bytes, ending: str) -> UUID:
    """Write the file of a row that is made next; gives the id of that row."""
    pk = uuid4()
    _folder(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    path = _folder(folder) / f"{pk}.{ending}"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return pk


def content_of(folder: str, pk: UUID, ending: str) -> bytes | None:
    """What is in the file of a row; None where it is not there, as after a backup of the database alone."""
    try:
        return (_folder(folder) / f"{pk}.{ending}").read_bytes()
    except FileNotFoundError:
        return None


def sweep(folder: str, there_are: Callable[[list[UUID]], Iterable[UUID]], *, at: datetime) -> int:
    """Remove the files that belong to no row; `there_are` says which of some ids have one. Gives how many went.

    May run twice, also at once.
    """
    before = (at - FORGOTTEN_AFTER).timestamp()
    old = [path for path in _folder(folder).glob("*.*") if _written(path) < before]
    gone = 0
    for first in range(0, len(old), 500):
        some = old[first : first + 500]
        kept = {str(pk) for pk in there_are(_ids(path.stem for path in some))}
        for path in some:
            if path.stem not in kept:
                path.unlink(missing_ok=True)
                gone += 1
    return gone


def _ids(names: Iterable[str]) -> list[UUID]:
    found = []
    for name in names:
        try:
            found.append(UUID(name))
        except ValueError:
            continue
    return found


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # somebody else swept it
        return float("inf")


def _folder(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / name
