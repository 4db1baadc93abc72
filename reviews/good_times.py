"""Times that suit somebody, read out of their own words, such as "Tuesday mornings" or "after 4".

Only what is read with certainty counts: weekdays, mornings, afternoons and evenings, and hours. Of any other words
nothing is known, so that no time is said to lie outside them; the words themselves stand beside each time.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = re.compile(r"\b(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:days?)?s?\b")
_TO = r"(?:-|–|to|until|till|and)"
_DAYS_RANGE = re.compile(rf"{_DAY.pattern}\s*{_TO}\s*{_DAY.pattern}")
_HOUR = r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?"
_BETWEEN = re.compile(rf"(?:\b(?:between|from)\s+)?\b{_HOUR}\s*{_TO}\s*{_HOUR}\b")
_AFTER = re.compile(rf"\b(?:after|from)\s+{_HOUR}\b")
_BEFORE = re.compile(rf"\b(?:before|until|till|by)\s+{_HOUR}\b")
_PARTS = {"morning": (time(0), time(12)), "afternoon": (time(12), time(18)), "evening": (time(17), time.max)}
#: Words that take nothing away from the others.
_BESIDE = re.compile(
    r"\b(?:on|in|the|at|or|and|any|time|please|best|is|are|good|every|day|o'?clock|only|s)\b|[,;.&+/]"
)


@dataclass(frozen=True)
class Window:
    """Weekdays (0 is Monday), and the hours on them: [start, end)."""

    days: frozenset[int]
    start: time
    end: time

    def holds(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether a time lies in it, given as London has it."""
        same_day = starts_at.date() == ends_at.date()
        return (
            same_day
            and starts_at.weekday() in self.days
            and self.start <= starts_at.time()
            and (ends_at.time() <= self.end)
        )


Windows = tuple[Window, ...]


def read(words: str) -> Windows:
    """The times in somebody's words, one window for each part of them; none where any part is not understood."""
    found: list[Window] = []
    for part in re.split(r"[;,]|\bor\b", words.casefold()):
        if part.strip():
            window = _window(part)
            if window is None:
                return ()
            found.append(window)
    return tuple(found)


def outside(windows: Windows, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether a time lies in none of the windows of somebody who has some."""
    return bool(windows) and not any(one.holds(starts_at, ends_at) for one in windows)


def _window(part: str) -> Window | None:
    rest, days = _days(part)
    if re.search(r"\bweekdays?\b|\bschool days?\b", rest):
        rest, days = re.sub(r"\bweekdays?\b|\bschool days?\b", " ", rest), days | set(range(5))
    start, end, hours = time(0), time.max, False
    for name, (first, last) in _PARTS.items():
        if re.search(rf"\b{name}s?\b", rest):
            if hours:
                return None
            rest, start, end, hours = re.sub(rf"\b{name}s?\b", " ", rest), first, last, True
    if between := _BETWEEN.search(rest):
        rest, bounds = _without(rest, between), (_time(between.groups()[:3]), _time(between.groups()[3:]))
        if None in bounds:
            return None
        start, end, hours = max(start, bounds[0] or start), min(end, bounds[1] or end), True
    else:
        if after := _AFTER.search(rest):
            rest, first_ = _without(rest, after), _time(after.groups())
            if first_ is None:
                return None
            start, hours = max(start, first_), True
        if before := _BEFORE.search(rest):
            rest, last_ = _without(rest, before), _time(before.groups())
            if last_ is None:
                return None
            end, hours = min(end, last_), True
    if _BESIDE.sub(" ", rest).strip() or not (days or hours) or start >= end:
        return None
    return Window(frozenset(days or range(7)), start, end)


def _without(text: str, found: re.Match[str]) -> str:
    return text[: found.start()] + " " + text[found.end() :]


def _number(name: str) -> int:
    return next(number for number, day in enumerate(_DAYS) if day.startswith(name[:3]))


def _days(text: str) -> tuple[str, set[int]]:
    """What is left of some words without the weekdays in them, and those."""
    days: set[int] = set()
    while found := _DAYS_RANGE.search(text):
        if "and" in found[0]:
            break
        first, last = _number(found[1]), _number(found[2])
        days |= set(range(first, last + 1)) if first <= last else {*range(first, 7), *range(last + 1)}
        text = _without(text, found)
    days |= {_number(found[1]) for found in _DAY.finditer(text)}
    return _DAY.sub(" ", text), days


def _time(parts: Sequence[str | None]) -> time | None:
    """A time of day; an hour from 1 to 6 without "am" is in the afternoon, when people are awake."""
    hour, minute, half = int(parts[0] or 0), int(parts[1] or 0), parts[2]
    if (half == "pm" and hour < 12) or (half is None and 1 <= hour <= 6):
        hour += 12
    if half == "am" and hour == 12:
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None
