"""Files as a school writes them, and their way through check and save."""

import csv
import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from pupils.enums import ImportKind
from pupils.imports import services
from pupils.models import Import
from tests.cast import AT, Cast

Bring = Callable[..., Import]


def written(*rows: list[str], encoding: str = "utf-8", separator: str = ",") -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator).writerows(rows)
    return file.getvalue().encode(encoding)


def problems(batch: Import) -> list[tuple[int, str, str]]:
    """Row, column and sentence of everything that is wrong, warnings too."""
    return [
        (row.number, column, sentence)
        for row in batch.rows.order_by("number")
        for column, sentence, _ in row.problems
    ]


def counts(batch: Import) -> dict[str, int]:
    batch.refresh_from_db()
    return {name: getattr(batch, name) for name in ("added", "changed", "same", "wrong")}


@pytest.fixture
def check(cast: Cast) -> Bring:
    """Check a file of Hazelmere's SENCO at `AT`."""

    def upload(kind: ImportKind, content: bytes, **more: Any) -> Import:
        given = {"setting": cast.hazelmere, "by": cast.senco, "at": AT} | more
        return services.upload(kind=kind, content=content, **given)

    return upload


def save(batch: Import, at: datetime = AT) -> Import:
    """Start it and do the worker's part here."""
    services.start(batch=batch, by=batch.by, at=at, send=lambda _: None)
    services.save(batch_id=batch.pk, at=at)
    batch.refresh_from_db()
    return batch
