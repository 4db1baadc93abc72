"""A class of the style sheet means one thing: the same name given to two things makes one look like the other."""

import re
from collections import defaultdict
from pathlib import Path

from .test_colours import CSS

#: Pages, what they are made of, scripts, and the forms that say how a field looks.
NAMED_IN = [
    path.read_text()
    for app in ("accounts", "apdr", "config", "notifications", "pupils", "reviews")
    for path in (Path(__file__).parents[2] / app).rglob("*")
    if path.suffix in {".html", ".js", ".py"}
]


def rules() -> list[str]:
    """What every rule is about that stands in no media query, in order; where one is about several, each."""
    css, depth, found, words = re.sub(r"/\*.*?\*/", "", CSS, flags=re.S), 0, [], ""
    for letter in css:
        if letter == "{":
            if depth == 0:
                found.append(words.strip())
            depth += 1
        depth -= letter == "}"
        words = "" if letter in "{}" else words + letter
    return [one for one in found if one and not one.startswith("@")]


def test_a_class_has_one_rule_of_its_own_and_it_comes_before_those_of_its_parts() -> None:
    own: dict[str, list[int]] = defaultdict(list)
    parts: dict[str, int] = {}
    for number, about in enumerate(rules()):
        name = re.match(r"\.(al-[a-z]+(?:-[a-z]+)*)(?![a-z-])", about)
        if name and about == name[0]:
            own[name[1]].append(number)
        elif name and "," not in about:
            parts.setdefault(name[1], number)
    twice = [name for name, numbers in own.items() if len(numbers) > 1]
    late = [name for name, numbers in own.items() if parts.get(name, numbers[0]) < numbers[0]]
    assert {"twice": twice, "after its parts": late} == {"twice": [], "after its parts": []}
    assert len(own) > 100


def test_every_class_that_has_a_rule_is_somewhere() -> None:
    ruled = set(re.findall(r"\.(al-[a-z_-]+[a-z])", re.sub(r"/\*.*?\*/", "", CSS, flags=re.S)))
    text = "\n".join(NAMED_IN)
    words = set(re.findall(r"al-[a-z_-]+[a-z]", text))
    made = tuple(re.findall(r"(al-[a-z_-]*[_-])(?:\{|'|\")", text))  # put together with a word that follows
    assert [name for name in sorted(ruled - words) if not name.startswith(made)] == []
