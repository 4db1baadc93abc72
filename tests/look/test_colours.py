"""Words can be read on every ground they stand on, in light and dark."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[2] / "config/static/css/alongside.css").read_text()
LIGHT, DARK = (
    dict(re.findall(r"--al-([a-z-]+): (#[0-9a-f]{6})", block))
    for block in re.findall(r":root \{(.*?)\n *\}", CSS, re.S)[:2]
)
WORDS_ON_GROUNDS = [
    *[(words, ground) for words in ("ink", "quiet", "do", "wrong") for ground in ("paper", "card", "field")],
    *[("on-do", "do"), ("on-do", "do-deep"), ("do", "do-wash"), ("ink", "do-wash"), ("quiet", "do-wash")],
    *[("warm-ink", "warm-wash"), ("ink", "warm-wash"), ("wrong", "wrong-wash"), ("ink", "wrong-wash")],
    ("focus-ink", "focus"),
]
LINES_ON_GROUNDS = [
    (line, ground) for line in ("edge", "do") for ground in ("paper", "card", "field", "do-wash")
]


def brightness(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((brightness(one), brightness(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, LIGHT | DARK], ids=["light", "dark"])
def test_words_stand_out_from_their_ground(scheme: dict[str, str]) -> None:
    faint = {
        pair: round(ratio, 2)
        for pair in WORDS_ON_GROUNDS
        if (ratio := contrast(scheme[pair[0]], scheme[pair[1]])) < 4.5
    }
    assert faint == {}


@pytest.mark.parametrize("scheme", [LIGHT, LIGHT | DARK], ids=["light", "dark"])
def test_lines_that_matter_can_be_seen(scheme: dict[str, str]) -> None:
    faint = {
        pair: round(ratio, 2)
        for pair in LINES_ON_GROUNDS
        if (ratio := contrast(scheme[pair[0]], scheme[pair[1]])) < 3
    }
    assert faint == {}
