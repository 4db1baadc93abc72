"""A library of strategies as a file: what one would do, saving it, and writing one."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.words import english
from pupils.enums import Area, ImportKind
from pupils.imports.cells import UnclearError, several
from pupils.imports.columns import COLUMNS, plain, written
from pupils.imports.lines import Line, Task, once
from pupils.imports.selectors import harmless

from .enums import LibrarySource, SchoolPhase
from .models import LibraryStrategy
from .services import library

_SOURCES = {
    "ours": LibrarySource.SETTING,
    "our own": LibrarySource.SETTING,
    "school": LibrarySource.SETTING,
    "setting": LibrarySource.SETTING,
    "area": LibrarySource.AREA,
    "our area’s": LibrarySource.AREA,
    "local authority": LibrarySource.AREA,
}
_PHASES = {
    "sixth form": SchoolPhase.POST_16,
    "college": SchoolPhase.POST_16,
    "nursery": SchoolPhase.EARLY_YEARS,
}
_AREAS = {"SEMH": Area.SEMH, "none": Area.OTHER}


def _known(choices: Any, others: dict[str, Any]) -> dict[str, Any]:
    found = {plain(english(one.label)): one for one in choices} | {plain(one.value): one for one in choices}
    return found | {plain(text): one for text, one in others.items()}


def _area(text: str) -> str:
    found = _known(Area, _AREAS).get(plain(text))
    if found is None:
        raise UnclearError(_("Write one of: %(areas)s.") % {"areas": "; ".join(str(a.label) for a in Area)})
    return str(found.value)


def _phases(text: str) -> list[str]:
    if plain(text) == "all":
        return [one.value for one in SchoolPhase]
    known = _known(SchoolPhase, _PHASES)
    found = {known.get(plain(one)) for one in several(text)}
    if None in found:
        raise UnclearError(
            _("Write early years, primary, secondary or post-16, with ; between them, or all.")
        )
    return [one.value for one in SchoolPhase if one in found]


def _source(text: str) -> str:
    found = {plain(name): one for name, one in _SOURCES.items()}.get(plain(text))
    if found is None:
        raise UnclearError(_("Write ours or area."))
    return str(found.value)


def check_strategies(task: Task, lines: list[Line]) -> None:
    """What a file of strategies would do: 1 query. One is recognised by its words, whatever their capitals."""
    rows = LibraryStrategy.objects.filter(setting=task.setting, retired_at=None).order_by("pk")
    there = {row.words.casefold(): row for row in (rows.select_for_update() if task.lock else rows)}
    seen: dict[Any, int] = {}
    for line in lines:
        words = line.words("words", LibraryStrategy)
        said = {
            "how": line.words("how", LibraryStrategy, lines=True),
            "area": line.value("area", _area),
            "phases": line.value("phases", _phases),
            "source": line.value("source", _source),
        }
        if words:
            once(seen, words.casefold(), line, "words", _("This strategy"))
        row = there.get(words.casefold())
        said = {name: value for name, value in said.items() if value}
        if row is None:
            line.work = LibraryStrategy(
                setting=task.setting, words=words, created_by=task.by, created_at=task.at, **said
            )
            line.changes = {"words": ["", words]}
        else:
            line.changes = {
                name: [getattr(row, name), value]
                for name, value in said.items()
                if getattr(row, name) != value
            }
            line.work = (row, said)
        line.settle(new=row is None)


def apply_strategies(task: Task, lines: Sequence[Line]) -> None:
    new = [line.work for line in lines if isinstance(line.work, LibraryStrategy)]
    changed = []
    for line in lines:
        if isinstance(line.work, tuple):
            row, said = line.work
            for name in line.changes:
                setattr(row, name, said[name])
            changed.append((row, list(line.changes)))
    library.save_many(setting=task.setting, new=new, changed=changed, by=task.by, at=task.at)


def as_file(rows: Iterable[LibraryStrategy]) -> bytes:
    """A library as a file that can be brought in again. Nothing in it runs as a formula."""
    head = [column.label for column in COLUMNS[ImportKind.STRATEGIES]]
    return written([head, *([harmless(cell) for cell in _cells(row)] for row in rows)])


def _cells(row: LibraryStrategy) -> list[str]:
    phases = "; ".join(english(SchoolPhase(one).label) for one in row.phases)
    source = "area" if row.source == LibrarySource.AREA else "ours"
    return [row.words, row.how, english(Area(row.area).label), phases, source]
