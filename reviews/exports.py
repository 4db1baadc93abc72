"""The provision map and the cohort report as files that a spreadsheet opens.

A cell that begins as a formula does is written with an apostrophe before it, so that no spreadsheet runs it. Numbers stay
numbers. At most `MOST` rows: whoever has more narrows the map first.
"""

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO, StringIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from .selectors_cohort import Cohort
from .selectors_map import Gap, Map, Row

MOST = 5000
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What makes a spreadsheet read a cell as a formula, also behind what it skips.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = str | int | Decimal | None


def safe(cell: Cell) -> str | int | Decimal:
    """A cell that no spreadsheet runs. Nothing is an empty one."""
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return cell
    text = ILLEGAL_CHARACTERS_RE.sub("", cell)
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def as_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """With the mark at its start by which Excel knows that it is UTF-8."""
    text = StringIO(newline="")
    csv.writer(text).writerows([safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Iterable[Sequence[Cell]], title: str) -> bytes:
    """One sheet; every text is kept as text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "B2"
    for row in rows:
        cells = []
        for cell in row:
            made = WriteOnlyCell(sheet, safe(cell))
            if isinstance(cell, str):
                made.data_type = "s"
            cells.append(made)
        sheet.append(cells)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def map_rows(found: Map, shown: Sequence[Row | Gap]) -> Iterable[Sequence[Cell]]:
    """What the map shows, a row for each line under a row of headings."""
    if shown and isinstance(shown[0], Gap):
        yield [_("Pupil"), _("Year"), _("Area of need"), _("Words in the plan")]
        for one in shown:
            assert isinstance(one, Gap)
            yield [one.pupil.name, one.plan.year, _area(one), one.words]
        return
    yield [
        _("Pupil"), _("Year"), _("Area of need"), _("What"), _("Who"), _("Whose time"), _("Times a week"),
        _("Minutes each time"), _("Weeks"), _("Shared by"), _("Group"), _("Costs for this pupil (£)"),
        _("Planned (minutes)"), _("Given (minutes)"), _("Times it did not happen"), _("Next step"),
        _("Last level"), _("Say it helped"), _("Say not yet"), _("Funding streams"),
    ]  # fmt: skip
    for row in shown:
        assert isinstance(row, Row)
        how, said = row.provision, row.said
        yield [
            row.pupil.name, row.plan.year, _area(row), row.what, how.who,
            row.cost.costing.role.name if row.cost.costing else "", how.times_a_week, how.minutes, row.cost.weeks,
            row.cost.places, how.group, row.cost.share, row.planned, row.delivered, row.missed, row.step, row.level,
            said.helped if said else None, said.not_yet if said else None,
            "; ".join(name for _pk, name in row.streams),
        ]  # fmt: skip


def _area(one: Row | Gap) -> str:
    return str(one.area.label) if one.area else ""


def cohort_rows(found: Cohort) -> Iterable[Sequence[Cell]]:
    """Every number of the report in a row of its own; what is left out says so."""
    left_out, every = _("left out"), _("All")
    yield [_("Table"), _("Area of need"), _("Group"), _("Number")]
    for table in found.tables:
        for area, cells, total in [*table.rows, (every, table.sums, table.in_all)]:
            for name, number in zip([*table.columns, every], [*cells, total], strict=True):
                yield [str(table.title), area, str(name), left_out if number is None else number]
    for area, cost in [*found.costs, (every, found.cost)]:
        yield [
            _("What it costs"),
            area,
            _("Pounds, to the nearest hundred"),
            left_out if cost is None else cost,
        ]
