"""A shared version in everyday words, for families. Plain values in, plain values out; nothing is read here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from .enums import ScaleKind
from .services.scales import STARTING
from .services.sharing import Change

#: What a goal's levels are called; the words written before say what each means.
GOAL_NAMES = next(labels for _name, kind, _values, labels in STARTING if kind is ScaleKind.GOAL)

#: The fields of an item, as a family would name them.
FIELDS = {
    "words": _lazy("the words"),
    "why": _lazy("why it matters"),
    "area": _lazy("what it is about"),
    "by_when": _lazy("by when"),
    "child_words": _lazy("the child’s own words"),
    "criterion": _lazy("how we will know"),
    "baseline": _lazy("where we started"),
    "baseline_value": _lazy("where we started"),
    "owner": _lazy("who looks after it"),
    "status": _lazy("how far it is"),
    "picture": _lazy("the picture"),
    "scale": _lazy("how we say how far it is"),
    "how": _lazy("how to do it"),
    "works_best": _lazy("that it works best"),
    "step": _lazy("which step it is for"),
    "proposed_by": _lazy("who thought of it"),
    "who": _lazy("who"),
    "where": _lazy("where"),
    "times_a_week": _lazy("how often"),
    "minutes": _lazy("how long"),
    "group_size": _lazy("how many together"),
    "weeks": _lazy("for how many weeks"),
}


@dataclass(frozen=True)
class Level:
    """One level of a step's scale: its value, its short name, and what it means for this step."""

    value: int
    name: str
    meaning: str = ""


def levels(kind: str, values: Sequence[int], labels: Sequence[str]) -> list[Level]:
    """The levels of a scale, lowest first; none for counting."""
    if kind == ScaleKind.GOAL:
        return [Level(v, n, m) for v, n, m in zip(values, GOAL_NAMES, labels, strict=True)]
    return [Level(v, label) for v, label in zip(values, labels, strict=True)]


@dataclass(frozen=True)
class Ladder:
    """What `progress_line` draws: names of levels, the notes on them, where it began and what is hoped for."""

    names: list[str]
    entries: list[dict[str, Any]]
    baseline: int | None = None
    goal: int | None = None
    out_of: str = ""

    @property
    def recent(self) -> list[dict[str, Any]]:
        """The last ten notes: a page of many steps has room for no more."""
        return self.entries[-10:]

    def name(self, entry: Mapping[str, Any]) -> str:
        """The name of a note's level, or nothing."""
        return self.names[entry["level_index"]] + self.out_of if entry["level_index"] is not None else ""

    @property
    def now(self) -> str:
        """The name of the latest level noted, or nothing."""
        noted = [e["level_index"] for e in self.entries if e["level_index"] is not None]
        return self.names[noted[-1]] + self.out_of if noted else ""

    @property
    def climbed(self) -> bool:
        """Whether the latest level is above the first, or above where it began."""
        noted = [e["level_index"] for e in self.entries if e["level_index"] is not None]
        first = [*([self.baseline] if self.baseline is not None else []), *noted]
        return bool(noted) and noted[-1] > min(first)


def ladder(scale: Mapping[str, Any], baseline: int | None, notes: Iterable[Any]) -> Ladder:
    """The notes of one step on its scale, oldest first. A count's levels are the counts that were seen."""
    notes = list(notes)
    if scale["kind"] == ScaleKind.COUNT:
        seen = {n.value for n in notes if n.value is not None} | (
            {baseline} if baseline is not None else set()
        )
        rungs = [Level(v, str(v)) for v in sorted(seen)]
    else:
        rungs = levels(scale["kind"], scale["values"], scale["labels"])
    place = {rung.value: index for index, rung in enumerate(rungs)}
    entries = [
        {
            "id": str(n.pk),
            "on": n.on,
            "level_index": place.get(n.value),
            "words": n.note,
            "by": n.by.called,
            "note": f"{n.note} ({n.by.called})".strip(),
        }
        for n in notes
    ]
    goal = place.get(0) if scale["kind"] == ScaleKind.GOAL else None
    names = [rung.name for rung in rungs]
    numbers = scale["kind"] == ScaleKind.TEN and names == [str(rung.value) for rung in rungs]
    return Ladder(
        names,
        entries,
        place.get(baseline) if baseline is not None else None,
        goal,
        _(" out of %(names)s") % {"names": names[-1]} if numbers else "",
    )


def day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


_NUMBERS = {
    "1": _lazy("once a week"),
    "2": _lazy("twice a week"),
    "3": _lazy("three times a week"),
    "4": _lazy("four times a week"),
    "5": _lazy("five times a week"),
}


def time_and_people(part: Mapping[str, Any]) -> str:
    """A provision as a sentence: "Ms Teal, three times a week, 20 minutes each time, in a group of 4"."""
    often = f"{float(part['times_a_week']):g}"
    words = [
        str(part["who"]),
        str(_NUMBERS.get(often) or _("%(often)s times a week") % {"often": often}),
        _("%(part)s minutes each time") % {"part": part["minutes"]},
    ]
    words.append(
        _("in a group of %(part)s") % {"part": part["group_size"]}
        if part["group_size"] > 1
        else _("one to one")
    )
    if part["where"]:
        words.append(str(part["where"])[:1].lower() + str(part["where"])[1:])
    words.append(
        ngettext("for %(weeks)s week", "for %(weeks)s weeks", part["weeks"]) % {"weeks": part["weeks"]}
    )
    return ", ".join(words) + "."


@dataclass(frozen=True)
class Told:
    """What changed since a version: lines for `changes_since`, and other parts in which something changed."""

    lines: list[dict[str, str]] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.lines or self.elsewhere)


def told(changes: Iterable[Change], here: Sequence[str]) -> Told:
    """Changes in words; those in sections that are not `here` are named by their section alone."""
    lines, elsewhere = [], []
    for change in changes:
        if change.fields == ["picture"]:
            continue
        if change.section not in here:
            elsewhere.append(change.section.label.lower())
        else:
            lines.append(_line(change))
    return Told(lines, list(dict.fromkeys(elsewhere)))


def _line(change: Change) -> dict[str, str]:
    what = change.what[:1].upper() + change.what[1:]
    if change.fields == ["review_on"]:
        return {"kind": "changed", "what": what, "before": _long(change.before), "after": _long(change.words)}
    if change.kind != "changed":
        return {"kind": change.kind, "what": what, "before": change.words, "after": change.words}
    if change.words != change.before:
        return {"kind": "changed", "what": what, "before": change.before, "after": change.words}
    names = list(dict.fromkeys(str(FIELDS.get(name, name)) for name in change.fields))
    what = f"{what}: {_(' and ').join(names)}"
    return {"kind": "changed", "what": what, "before": change.words, "after": change.words}


def _long(value: str) -> str:
    found = day(value)
    return f"{found.day} {found:%B %Y}" if found else ""
