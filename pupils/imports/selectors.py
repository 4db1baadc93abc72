"""What the pages about files show, each in a fixed number of queries."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Setting, User

from .. import policy
from ..enums import Ground, ImportKind, ImportState, Outcome, Section, Way
from ..models import AccessLog, Import, ImportRow, Pupil
from .columns import COLUMNS, Column, written

ON_A_PAGE = 50

#: What can be looked at of a checked file, in the order in which it matters.
SHOWN: dict[str, tuple[str, Q]] = {
    "wrong": ("To put right", Q(outcome=Outcome.WRONG)),
    "warnings": ("To check", Q(has_warning=True)),
    "add": ("Will be added", Q(outcome=Outcome.ADD)),
    "change": ("Will change", Q(outcome=Outcome.CHANGE)),
    "same": ("Stay the same", Q(outcome=Outcome.SAME)),
}
_NEEDS = {"sen_provision", "need_types", "primary_need", "secondary_need"}


def settings_of(person: User, at: datetime) -> list[Setting]:
    return list(policy.settings_coordinated(person, at).order_by("name"))


def recent(person: User, at: datetime) -> QuerySet[Import]:
    """The latest files of the settings where a person is a SENCO."""
    return (
        Import.objects.filter(setting__in=policy.settings_coordinated(person, at))
        .select_related("setting", "by")
        .order_by("-uploaded_at")[:15]
    )


def import_for(person: User, import_id: UUID, at: datetime) -> Import:
    """A file of a setting where a person is a SENCO. Raises Http404."""
    mine = Import.objects.filter(setting__in=policy.settings_coordinated(person, at))
    return get_object_or_404(mine.select_related("setting", "by"), pk=import_id)


def setting_for(person: User, setting_id: UUID, at: datetime) -> Setting:
    """A setting where a person is a SENCO. Raises Http404."""
    return get_object_or_404(policy.settings_coordinated(person, at), pk=setting_id)


def preview(batch: Import, person: User, show: str, after: int, at: datetime) -> dict[str, Any]:
    """One page of a file's rows. What is there now is shown beside them, so each such look is written down."""
    counts = {
        "wrong": batch.wrong,
        "warnings": batch.warned,
        "add": batch.added,
        "change": batch.changed,
        "same": batch.same,
    }
    if show not in SHOWN:
        show = next((name for name, count in counts.items() if count), "same")
    rows = list(batch.rows.filter(SHOWN[show][1], number__gt=after).order_by("number")[: ON_A_PAGE + 1])
    more, rows = len(rows) > ON_A_PAGE, rows[:ON_A_PAGE]
    columns = {c.key: c for c in COLUMNS[ImportKind(batch.kind)]}
    names = {p.pk: p.name for p in Pupil.objects.filter(pk__in=[r.about for r in rows if r.about])}
    _write_down(rows, person, at)
    return {
        "show": show,
        "tabs": [
            {"name": name, "text": SHOWN[name][0], "count": count, "current": name == show}
            for name, count in counts.items()
            if count or name == show
        ],
        "rows": [_row(batch, row, columns, names) for row in rows],
        "after": rows[-1].number if more else None,
        "paged": after > 0,
    }


def _row(batch: Import, row: ImportRow, columns: dict[str, Column], names: dict[Any, str]) -> dict[str, Any]:
    return {
        "number": row.number,
        "who": _who(batch, row, names),
        "problems": [
            {
                "column": columns[key].label if key in columns else "The row",
                "sentence": sentence,
                "warning": warning,
                "wrote": _wrote(row, columns.get(key)),
            }
            for key, sentence, warning in row.problems
        ],
        "changes": [
            {"label": columns[key].label, **_change(columns[key], before, after)}
            for key, (before, after) in row.changes.items()
        ],
    }


def _who(batch: Import, row: ImportRow, names: dict[Any, str]) -> str:
    """What a row is about, in words; never by a number."""
    cells = row.cells
    if batch.kind == ImportKind.PUPILS:
        return f"{cells.get('given_name', '')} {cells.get('family_name', '')}".strip()[:100]
    if batch.kind == ImportKind.FAMILIES:
        child = (
            names.get(row.about) or f"{cells.get('given_name', '')} {cells.get('family_name', '')}".strip()
        )
        return f"{cells.get('name', '')[:100]}{f', for {child[:100]}' if child else ''}"
    return str(cells.get("name", ""))[:100]


def _wrote(row: ImportRow, column: Column | None) -> str:
    """The cell as it was written, short enough for a list; never one that is private."""
    text = "" if column is None or column.private else row.cells.get(column.key, "")
    return text if len(text) <= 60 else f"{text[:60]}…"


def _change(column: Column, before: Any, after: Any) -> dict[str, str]:
    if column.private:
        return {"before": "a number" if before else "", "after": "a new number"}
    if column.key == "classes":
        joins = [f"joins {name}" for name in after if name not in before]
        leaves = [f"leaves {name}" for name in before if name not in after]
        return {"before": "", "after": ", ".join([*joins, *leaves])}
    return {"before": _said(before), "after": _said(after)}


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value)


def _write_down(rows: list[ImportRow], person: User, at: datetime) -> None:
    looks = []
    for row in rows:
        if row.about is None or not row.changes:
            continue
        seen = [Section.PROFILE, *([Section.NEEDS] if _NEEDS & set(row.changes) else [])]
        looks.append(
            AccessLog(
                pupil_id=row.about,
                person=person,
                sections=[s.value for s in seen],
                grounds=[Ground.COORDINATES.value for _ in seen],
                way=Way.PAGE,
                at=at,
            )
        )
    AccessLog.objects.bulk_create(looks)


def report(batch: Import) -> bytes:
    """Every problem of a file, as a file. Nothing in it runs as a formula, and no private cell is in it."""
    columns = {c.key: c for c in COLUMNS[ImportKind(batch.kind)]}
    return written([["Row", "Column", "What you wrote", "What to do", "Kind"], *_problems(batch, columns)])


def _problems(batch: Import, columns: dict[str, Column]) -> Iterator[list[str]]:
    some = batch.rows.filter(Q(outcome=Outcome.WRONG) | Q(has_warning=True)).order_by("number")
    for row in some.iterator(chunk_size=1000):
        for key, sentence, warning in row.problems:
            label = columns[key].label if key in columns else "The row"
            wrote = harmless(_wrote(row, columns.get(key)))
            yield [str(row.number), label, wrote, harmless(sentence), "to check" if warning else "error"]


def harmless(cell: str) -> str:
    """A cell that a spreadsheet shows and does not run: one that begins like a formula gets an apostrophe before it."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def is_open(batch: Import) -> bool:
    return batch.state in (ImportState.CHECKED, ImportState.FAILED)
