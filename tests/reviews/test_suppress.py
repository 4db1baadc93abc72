"""No number that is left out of a published table can be worked out from those that stand there."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.suppress import FEWEST, Published, publish, rows_left_out

counts = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 7, 9, 12])


@st.composite
def tables(draw: st.DrawFn) -> list[list[int]]:
    height, width = draw(st.integers(1, 3)), draw(st.integers(2, 3))
    return draw(st.lists(st.lists(counts, min_size=width, max_size=width), min_size=height, max_size=height))


def _agrees(cells: list[list[int]], told: Published) -> bool:
    """Whether a table is one that the published one could be of."""
    sums = [sum(row) for row in cells], [sum(column) for column in zip(*cells, strict=True)]
    return (
        all(t in (None, n) for row, there in zip(cells, told.cells, strict=True) for n, t in zip(row, there, strict=True))
        and all(t in (None, n) for n, t in zip(sums[0], told.rows, strict=True))
        and all(t in (None, n) for n, t in zip(sums[1], told.columns, strict=True))
        and told.in_all in (None, sum(sums[0]))
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(tables())
def test_nothing_that_is_left_out_follows_from_the_rest(cells: list[list[int]]) -> None:
    rows, columns = [sum(r) for r in cells], [sum(c) for c in zip(*cells, strict=True)]
    told = publish(cells, rows_left_out(rows))
    assert _agrees(cells, told)
    shown = [
        n for line in [*told.cells, told.columns, told.rows, [told.in_all]] for n in line if n is not None
    ]
    assert all(n >= FEWEST for n in shown)
    # hidden numbers of a line whose sum is shown are together as many as may be told
    for line, whole, total in (
        *zip(cells, told.cells, told.rows, strict=True),
        *zip(zip(*cells, strict=True), zip(*told.cells, strict=True), told.columns, strict=True),
        (columns, told.columns, told.in_all),
        (rows, told.rows, told.in_all),
    ):
        gone = [n for n, there in zip(line, whole, strict=True) if there is None]
        assert total is None or not gone or sum(gone) >= FEWEST
    # every hidden number is another one in some other table that would be published just so
    wanted = {
        *((i, j) for i, row in enumerate(told.cells) for j, n in enumerate(row) if n is None),
        *((i, "all") for i, n in enumerate(told.rows) if n is None),
        *(("all", j) for j, n in enumerate(told.columns) if n is None),
    }
    if told.in_all is None:
        assert all(n is None for n in [*told.rows, *told.columns])
        return
    free = [(i, j) for i, row in enumerate(told.cells) for j, n in enumerate(row) if n is None]
    for change in product((0, 1, -1), repeat=len(free)):
        if not wanted:
            break
        other = [list(row) for row in cells]
        for (i, j), by in zip(free, change, strict=True):
            other[i][j] += by
        if all(n >= 0 for row in other for n in row) and _agrees(other, told):
            sums = [sum(r) for r in other], [sum(c) for c in zip(*other, strict=True)]
            wanted -= {(i, j) for i, j in free if other[i][j] != cells[i][j]}
            wanted -= {(i, "all") for i in range(len(rows)) if sums[0][i] != rows[i]}
            wanted -= {("all", j) for j in range(len(columns)) if sums[1][j] != columns[j]}
    assert not wanted


def test_a_worked_example() -> None:
    cells = [[8, 3, 9], [7, 12, 6]]
    assert publish(cells, rows_left_out([20, 25])).cells == [[None, None, 9], [None, None, 6]]
    assert publish([[7, 0]], set()).cells == [[None, None]]  # seven of seven would tell of each
    assert publish([[1, 2]], rows_left_out([3])).in_all is None
    assert rows_left_out([20, 3, 9, 30]) == {1, 2}
