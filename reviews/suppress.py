"""Which numbers of a published table are left out, so that nobody is told by a small one: arithmetic alone.

A table counts each person once: rows, columns, a sum of each and one of all. A number below `FEWEST` is left out, none
among them; then further ones, until nothing that is left out follows from what stands there. What is left out looks
the same, whichever reason it had.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: A number of people below this is not published, nor a sum of hidden ones that a subtraction would tell.
FEWEST = 5

#: A place in a table: row and column, where `SUM` stands for the sums.
SUM = -1
Place = tuple[int, int]
_Edge = tuple[str, str]


@dataclass(frozen=True)
class Published:
    """A table as it may be read: None is left out."""

    cells: list[list[int | None]]
    rows: list[int | None]
    columns: list[int | None]
    in_all: int | None


def rows_left_out(rows: Sequence[int]) -> set[int]:
    """Which of these sums are left out beside the sum of all: those below `FEWEST` and, until together they are that
    many and more than one, the smallest others.
    """
    hidden = {i for i, number in enumerate(rows) if number < FEWEST}
    while hidden and len(hidden) < len(rows) and (len(hidden) < 2 or sum(rows[i] for i in hidden) < FEWEST):
        hidden.add(min((i for i in range(len(rows)) if i not in hidden), key=lambda i: (rows[i], i)))
    return hidden


def publish(cells: Sequence[Sequence[int]], hidden_rows: Iterable[int]) -> Published:
    """A table with what must be left out left out. `hidden_rows`, of `rows_left_out`, are left out whole, so that tables
    with the same rows tell no more beside each other than each alone.
    """
    width = len(cells[0]) if cells else 0
    values: dict[Place, int] = {(i, j): n for i, row in enumerate(cells) for j, n in enumerate(row)}
    values |= {(i, SUM): sum(row) for i, row in enumerate(cells)}
    values |= {(SUM, j): sum(row[j] for row in cells) for j in range(width)}
    values[SUM, SUM] = sum(sum(row) for row in cells)
    gone = set(hidden_rows)
    if values[SUM, SUM] < FEWEST:
        hidden = set(values)
    else:
        hidden = {
            place
            for place, number in values.items()
            if place != (SUM, SUM) and (place[0] in gone or (place[1] != SUM and number < FEWEST))
        }
    while (more := _told(values, hidden, len(cells), width)) is not None:
        hidden.add(more)

    def shown(place: Place) -> int | None:
        return None if place in hidden else values[place]

    return Published(
        [[shown((i, j)) for j in range(width)] for i in range(len(cells))],
        [shown((i, SUM)) for i in range(len(cells))],
        [shown((SUM, j)) for j in range(width)],
        shown((SUM, SUM)),
    )


def _told(values: dict[Place, int], hidden: set[Place], height: int, width: int) -> Place | None:
    """What to leave out as well, where what is shown tells something that is hidden; None where it tells nothing."""
    lines = [([(i, j) for j in range(width)], (i, SUM)) for i in range(height)]
    lines += [([(i, j) for i in range(height)], (SUM, j)) for j in range(width)]
    lines.append(([(SUM, j) for j in range(width)], (SUM, SUM)))
    for line, total in lines:
        gone = [place for place in line if place in hidden]
        if gone and total not in hidden and sum(values[place] for place in gone) < FEWEST:
            return _smallest(values, [place for place in line if place not in hidden], total)
    for place in sorted(hidden):
        if (SUM, SUM) not in hidden and _only_one_way(place, values, hidden):
            row, column = place
            near = [p for p in values if p not in hidden and (p[0] == row or p[1] == column) and p[1] != SUM]
            inner = [p for p in near if SUM not in p]
            rest = [p for p in values if p not in hidden and p[1] != SUM]
            if found := inner or near or rest:
                return _smallest(values, found, (SUM, SUM))
    return None


def _smallest(values: dict[Place, int], places: list[Place], otherwise: Place) -> Place:
    return min(places, key=lambda place: (values[place], place)) if places else otherwise


def _edge(place: Place) -> _Edge:
    """A table whose sums are right is water that runs in a circle: from all to the rows, on to the columns, and back."""
    row, column = place
    source = f"row {row}" if row != SUM else "columns"
    target = f"column {column}" if column != SUM else "rows"
    if column == SUM:
        return ("rows", source) if row != SUM else ("columns", "rows")
    return (source, target) if row != SUM else (target, "columns")


def _only_one_way(place: Place, values: dict[Place, int], hidden: set[Place]) -> bool:
    """Whether a hidden number can only be what it is, by all that is shown, and since no number is below none.

    It can be another where some of the hidden numbers can go up and down by one in a circle through it.
    """
    up: dict[str, set[tuple[str, Place]]] = {}
    for one in hidden:
        start, end = _edge(one)
        up.setdefault(start, set()).add((end, one))
        if values[one] > 0:
            up.setdefault(end, set()).add((start, one))
    start, end = _edge(place)
    return not (_reaches(end, start, up, place) or (values[place] > 0 and _reaches(start, end, up, place)))


def _reaches(start: str, end: str, ways: dict[str, set[tuple[str, Place]]], without: Place) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        if here == end:
            return True
        for there, by in ways.get(here, ()):
            if by != without and there not in seen:
                seen.add(there)
                waiting.append(there)
    return False
