"""Where the lines of the drawings go. Plain arithmetic; colours and widths live in the style sheet."""

from collections.abc import Sequence
from math import cos, radians, sin
from textwrap import wrap
from typing import Any

ICONS = {
    "clock": "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M8 4.5V8l2.5 2",
    "alert": "M8 1.8L15 14H1zM8 6v4M8 11.8v.4",
    "bubble": "M2 2.5h12v8.5H7.5L4 14v-3H2zM6 5.2l4 3M10 5.2l-4 3",
    "says": "M2 2.5h12v8.5H7.5L4 14v-3H2zM5 5.5h6M5 8h4",
    "sound": "M2 6v4h2.5L8 13V3L4.5 6zM10.5 5.5a3.5 3.5 0 0 1 0 5M12.3 3.3a6.5 6.5 0 0 1 0 9.4",
    "pencil": "M2 14l.8-3.5L11 2.3l2.7 2.7L5.5 13.2zM9.3 4l2.7 2.7",
    "tick": "M2 8.5l4 4L14 3.5",
    "people": "M5.5 7.5a2.5 2.5 0 1 0 0-5a2.5 2.5 0 1 0 0 5M1 14c0-6 9-6 9 0M11 7.5a2 2 0 1 0-.6-4M12 9.8c2 .5 3 2 3 4.2",
    "split": "M8 14V9L3 4M8 9l5-5M3 8V4h4M13 8V4H9",
    "stop": "M3 3h10v10H3z",
    "star": "M8 1.5l2 4.4l4.7.5l-3.5 3.2l1 4.7L8 11.9l-4.2 2.4l1-4.7L1.3 6.4l4.7-.5z",
    "lock": "M3 7h10v7H3zM5 7V4.5a3 3 0 0 1 6 0V7",
    "plus": "M8 2v12M2 8h12",
    "minus": "M2 8h12",
    "eye": "M1 8c3.5-6 10.5-6 14 0c-3.5 6-10.5 6-14 0M8 6a2 2 0 1 0 0 4a2 2 0 1 0 0-4",
    "flag": "M3 15V2h9l-2.5 3.5L12 9H3",
}

CENTRE, RADIUS, NODE = 120, 80, 36


def _point(degrees: float) -> tuple[float, float]:
    """A point on the ring, clockwise from the top."""
    return (
        round(CENTRE + RADIUS * sin(radians(degrees)), 1),
        round(CENTRE - RADIUS * cos(radians(degrees)), 1),
    )


def _ring() -> list[dict[str, Any]]:
    places = []
    for index in range(4):
        x, y = _point(index * 90)
        begin, end = _point(index * 90 + 31), _point(index * 90 + 54)
        places.append(
            {
                "number": index + 1,
                "x": x,
                "y": y,
                "arc": f"M{begin[0]} {begin[1]}A{RADIUS} {RADIUS} 0 0 1 {end[0]} {end[1]}",
                "tiny_x": round(CENTRE + 46 * sin(radians(index * 90)), 1),
                "tiny_y": round(CENTRE - 46 * cos(radians(index * 90)), 1),
                "head": f"translate({end[0]} {end[1]}) rotate({index * 90 + 56})",
            }
        )
    return places


RING = _ring()


def line(
    levels: Sequence[str], heights: Sequence[int], *, goal: int | None, baseline: int | None
) -> dict[str, Any]:
    """The drawn line of a step: one row a level, lowest at the bottom, one dot a note, in order.

    Up to six levels are all named; of more, only the ends, the start, the goal and the latest are.
    """
    width, gap = 360, 17
    named = set(range(len(levels))) if len(levels) <= 6 else {0, len(levels) - 1, heights[-1]}
    named |= {i for i in (goal, baseline) if i is not None}
    words = {i: wrap(str(levels[i]), 15) or [""] for i in named}
    tallest = max(len(lines) for lines in words.values())
    row = 16 if len(levels) > 6 else 16 * tallest + 12
    left = 12 + max(int(8.2 * len(part)) for lines in words.values() for part in lines)
    top = 6 + 9 * tallest
    bottom = top + row * (len(levels) - 1)

    def y(level: int) -> float:
        return bottom - level * row

    span = width - left - 42
    step = span / max(len(heights) - 1, 1)
    start = left + 13
    dots = [(round(start + (step * i if len(heights) > 1 else 0), 1), y(h)) for i, h in enumerate(heights)]
    return {
        "width": width,
        "height": bottom + top + 4,
        "left": left,
        "rows": [
            {
                "y": y(i),
                "is_goal": i == goal,
                "is_start": i == baseline,
                "lines": [
                    {"text": part, "y": y(i) + 4.5 + gap * (n - (len(words[i]) - 1) / 2)}
                    for n, part in enumerate(words.get(i, []))
                ]
                if i in words
                else [],
            }
            for i in range(len(levels))
        ],
        "points": " ".join(f"{x},{h}" for x, h in dots),
        "dots": dots[:-1],
        "last": dots[-1],
    }
