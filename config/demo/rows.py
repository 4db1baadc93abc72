"""Rows waiting to be written in bulk, and the ids and numbers of the demo."""

from collections import defaultdict
from typing import TypeVar
from uuid import UUID, uuid5

from django.db import models

from pupils.codes import upn_check_letter

NAMESPACE = UUID("6f1f7f53-6a0e-4f0e-9f4e-0d5ec0a1b0e1")
M = TypeVar("M", bound=models.Model)


def fixed(*parts: object) -> UUID:
    """The same id on every machine and every day, so that a link into the demo goes on working."""
    return uuid5(NAMESPACE, "/".join(map(str, parts)))


class Rows:
    """Every row is checked field by field when it is added and written in one INSERT per model.

    The services would take minutes for all these histories and would date them now; what the database itself
    holds true (constraints, triggers) is asked of each row all the same.
    """

    def __init__(self) -> None:
        self.waiting: dict[type[models.Model], list[models.Model]] = defaultdict(list)

    def add(self, row: M) -> M:
        row.clean_fields(exclude=[f.name for f in row._meta.fields if f.is_relation or f.generated])
        self.waiting[type(row)].append(row)
        return row

    def write(self) -> None:
        """Write what waits, models in the order in which their first row was added."""
        for model, rows in self.waiting.items():
            model._default_manager.bulk_create(rows, batch_size=1000)
        self.waiting.clear()


def upn(establishment: str, entered: int, serial: int) -> str:
    """A unique pupil number that no child has: the establishment does not exist."""
    rest = f"938{establishment}{entered % 100:02}{serial:03}"
    return upn_check_letter(rest) + rest


def uln(serial: int) -> str:
    """A unique learner number, passing over those without a check digit."""
    found = 0
    number = 990_000_000
    while True:
        number += 1
        remainder = sum(int(c) * w for c, w in zip(str(number), range(10, 1, -1), strict=True)) % 11
        found += remainder != 0
        if found == serial:
            return f"{number}{10 - remainder}"
