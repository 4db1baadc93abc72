"""What the pages about files show, each in a fixed number of queries."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Setting, User
from accounts.words import StrOrPromise

from .. import access, policy
from ..enums import ImportKind, ImportState, Outcome, Section
from ..models import Import, ImportRow, Pupil
from .columns import COLUMNS, Column, written

ON_A_PAGE = 50

#: What can be looked at of a checked file, in the order in which it matters.
SHOWN: dict[str, tuple[StrOrPromise, Q]] = {
    "wrong": (_lazy("To put right"), Q(outcome=Outcome.WRONG)),
    "warnings": (_lazy("To check"), Q(has_warning=True)),
    "add": (_lazy("Will be added"), Q(outcome=Outcome.ADD)),
    "change": (_lazy("Will change"), Q(outcome=Outcome.CHANGE)),
    "same": (_lazy("Stay the same"), Q(outcome=Outcome.SAME)),
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
    about = Pupil.objects.filter(pk__in=[r.about for r in rows if r.about])
    sights = policy.sights(person, about, at)
    names = {pk: sight.pupil.name for pk, sight in sights.items() if sight.sees(Section.PROFILE)}
    _write_down(rows, sights)
    return {
        "show": show,
        "tabs": [
            {"name": name, "text": SHOWN[name][0], "count": count, "current": name == show}
            for name, count in counts.items()
            if count or name == show
        ],
        "rows": [_row(batch, row, columns, names, sights) for row in rows],
        "after": rows[-1].number if more else None,
        "paged": after > 0,
    }


def _row(
    batch: Import,
    row: ImportRow,
    columns: dict[str, Column],
    names: dict[Any, str],
    sights: dict[UUID, policy.Sight],
) -> dict[str, Any]:
    changes = _open_changes(row, sights)
    return {
        "number": row.number,
        "who": _who(batch, row, names),
        "problems": [
            {
                "column": columns[key].label if key in columns else _("The row"),
                "sentence": sentence,
                "warning": warning,
                "wrote": _wrote(row, columns.get(key)),
            }
            for key, sentence, warning in row.problems
        ],
        "changes": [
            {"label": columns[key].label, **_change(columns[key], before, after)}
            for key, (before, after) in changes.items()
        ],
    }


def _open_changes(row: ImportRow, sights: dict[UUID, policy.Sight]) -> dict[str, Any]:
    """What would change, of the parts of a pupil's record that are open now: the file may be a day old."""
    if row.about is None:
        return row.changes
    sight = sights.get(row.about)
    return {
        key: change
        for key, change in row.changes.items()
        if sight is not None and sight.sees(Section.NEEDS if key in _NEEDS else Section.PROFILE)
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
    return str(cells.get("name") or cells.get("words", ""))[:100]


def _wrote(row: ImportRow, column: Column | None) -> str:
    """The cell as it was written, short enough for a list; never one that is private."""
    text = "" if column is None or column.private else row.cells.get(column.key, "")
    return text if len(text) <= 60 else f"{text[:60]}…"


def _change(column: Column, before: Any, after: Any) -> dict[str, str]:
    if column.private:
        return {"before": _("a number") if before else "", "after": _("a new number")}
    if column.key == "classes":
        joins = [_("joins %(name)s") % {"name": name} for name in after if name not in before]
        leaves = [_("leaves %(name)s") % {"name": name} for name in before if name not in after]
        return {"before": "", "after": ", ".join([*joins, *leaves])}
    return {"before": _said(before), "after": _said(after)}


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value)


def _write_down(rows: list[ImportRow], sights: dict[UUID, policy.Sight]) -> None:
    shown = {row.about: set(_open_changes(row, sights)) for row in rows if row.about and row.changes}
    access.write_down_each(
        (sights[pk], [Section.PROFILE, *([Section.NEEDS] if keys & _NEEDS else [])])
        for pk, keys in shown.items()
        if keys
    )


def report(batch: Import) -> bytes:
    """Every problem of a file, as a file. Nothing in it runs as a formula, and no private cell is in it."""
    columns = {c.key: c for c in COLUMNS[ImportKind(batch.kind)]}
    return written(
        [[_("Row"), _("Column"), _("What you wrote"), _("What to do"), _("Kind")], *_problems(batch, columns)]
    )


def _problems(batch: Import, columns: dict[str, Column]) -> Iterator[list[str]]:
    some = batch.rows.filter(Q(outcome=Outcome.WRONG) | Q(has_warning=True)).order_by("number")
    for row in some.iterator(chunk_size=1000):
        for key, sentence, warning in row.problems:
            label = columns[key].label if key in columns else _("The row")
            wrote = harmless(_wrote(row, columns.get(key)))
            yield [
                str(row.number),
                label,
                wrote,
                harmless(sentence),
                _("to check") if warning else _("error"),
            ]


def harmless(cell: str) -> str:
    """A cell that a spreadsheet shows and does not run: one that begins like a formula gets an apostrophe before it."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def is_open(batch: Import) -> bool:
    return batch.state in (ImportState.CHECKED, ImportState.FAILED)
