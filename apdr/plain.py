"""A shared version in everyday words, for families. Plain values in, plain values out; nothing is read here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .enums import ScaleKind
from .services.scales import STARTING
from .services.sharing import Change

#: What a goal's levels are called; the words written before say what each means.
GOAL_NAMES = next(labels for _, kind, _, labels in STARTING if kind is ScaleKind.GOAL)

#: The fields of an item, as a family would name them.
FIELDS = {
    "words": "the words",
    "why": "why it matters",
    "area": "what it is about",
    "by_when": "by when",
    "child_words": "the child’s own words",
    "criterion": "how we will know",
    "baseline": "where we started",
    "baseline_value": "where we started",
    "owner": "who looks after it",
    "status": "how far it is",
    "picture": "the picture",
    "scale": "how we say how far it is",
    "how": "how to do it",
    "works_best": "that it works best",
    "step": "which step it is for",
    "proposed_by": "who thought of it",
    "who": "who",
    "where": "where",
    "times_a_week": "how often",
    "minutes": "how long",
    "group_size": "how many together",
    "weeks": "for how many weeks",
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
        f" out of {names[-1]}" if numbers else "",
    )


def day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


_NUMBERS = {"1": "once", "2": "twice", "3": "three times", "4": "four times", "5": "five times"}


def time_and_people(part: Mapping[str, Any]) -> str:
    """A provision as a sentence: "Ms Teal, three times a week, 20 minutes each time, in a group of 4"."""
    often = f"{float(part['times_a_week']):g}"
    words = [
        str(part["who"]),
        f"{_NUMBERS.get(often, often + ' times')} a week",
        f"{part['minutes']} minutes each time",
    ]
    words.append(f"in a group of {part['group_size']}" if part["group_size"] > 1 else "one to one")
    if part["where"]:
        words.append(str(part["where"])[:1].lower() + str(part["where"])[1:])
    words.append(f"for {part['weeks']} week{'s' if part['weeks'] > 1 else ''}")
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
    names = list(dict.fromkeys(FIELDS.get(name, name) for name in change.fields))
    what = f"{what}: {' and '.join(names)}"
    return {"kind": "changed", "what": what, "before": change.words, "after": change.words}


def _long(value: str) -> str:
    found = day(value)
    return f"{found.day} {found:%B %Y}" if found else ""
