"""What a file would do to a setting as it is now. Nothing is written here."""

from collections.abc import Callable

from ..enums import ImportKind
from . import checking_families, checking_people, checking_pupils
from .lines import Line, Task, lines_of
from .reading import Row

#: By kind. Whoever keeps what a file brings, and is no part of this app, adds its own when it is ready.
CHECKS: dict[ImportKind, Callable[[Task, list[Line]], None]] = {
    ImportKind.STAFF: checking_people.check_staff,
    ImportKind.CLASSES: checking_people.check_classes,
    ImportKind.PUPILS: checking_pupils.check_pupils,
    ImportKind.FAMILIES: checking_families.check_families,
}


def check(task: Task, rows: list[Row]) -> list[Line]:
    """A line for each row, in a number of queries that does not grow with the file."""
    lines = lines_of(task.kind, rows)
    CHECKS[task.kind](task, lines)
    return lines
