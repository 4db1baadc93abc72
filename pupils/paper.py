"""A page about a pupil on paper: the words that stand on it for whoever asks, and nothing that can be pressed.

The page itself is read, so that paper and screen cannot say different things. What is on it in place of words to be read
(forms, buttons, ways on to other pages) is left out.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _

from accounts.pdf import made

#: The pages that can be printed, by the names of their routes.
PAGES = (
    "profile",
    "plan",
    "kept_plan",
    "strategies",
    "needs",
    "views",
    "reviews",
    "funding",
    "updates",
    "card",
    "mine",
)
TEMPLATE = Path(__file__).with_name("paper.typ")
VOID = frozenset({"br", "img", "hr", "input", "meta", "link", "source", "wbr"})
INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "br", "cite", "em", "i", "q", "small", "span", "strong", "time", "u"}
)
LEFT_OUT = frozenset(
    {"form", "button", "nav", "script", "style", "template", "svg", "input", "select", "textarea"}
)
#: Rows of what can be done, and ways on to other pages.
ACTS = frozenset({"al-acts", "al-contents", "al-who__links", "al-heading__link", "govuk-button"})
HIDDEN = "govuk-visually-hidden"
PICTURE = re.compile(r"openmoji/([0-9A-F-]+)(?:\.[0-9a-f]+)?\.svg$")


@dataclass
class Node:
    """An element of a page."""

    tag: str
    of: dict[str, str]
    inside: "list[Node | str]" = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        return set(self.of.get("class", "").split())

    @property
    def left_out(self) -> bool:
        return bool(
            self.tag in LEFT_OUT
            or self.classes & ACTS
            or "hidden" in self.of
            or self.of.get("aria-hidden") == "true"
            or (self.tag == "a" and self.says_of_what)
        )

    @property
    def says_of_what(self) -> bool:
        """Whether it says to those who do not see it what it is about: a link that does changes something."""
        inside = [one for one in self.inside if isinstance(one, Node)]
        return any(HIDDEN in one.classes or one.says_of_what for one in inside)

    @property
    def only_leads_on(self) -> bool:
        """Whether a paragraph holds nothing but links: a way on to another page, and nothing to read."""
        links = [one for one in self.inside if isinstance(one, Node) and one.tag == "a"]
        rest = [
            one for one in self.inside if one not in links and not (isinstance(one, str) and not one.strip())
        ]
        return bool(links) and not rest


class _Reader(HTMLParser):
    """Keeps the main part of a page as a tree; our pages close what they open."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Node("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self.open) - 1, 0, -1):
            if self.open[depth].tag == tag:
                del self.open[depth:]
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def _main(node: Node) -> Node | None:
    if node.tag == "main":
        return node
    return next((found for one in node.inside if isinstance(one, Node) and (found := _main(one))), None)


Run = dict[str, Any]
Block = dict[str, Any]


def blocks(page: str) -> list[Block]:
    """What stands on a page to be read, in its order: headings, paragraphs, lists, tables and pictures."""
    reader = _Reader()
    reader.feed(page)
    main = _main(reader.root)
    return _blocks(main) if main else []


def _blocks(node: Node) -> list[Block]:
    found: list[Block] = []
    runs: list[Run] = []

    def paragraph() -> None:
        if told := _tidy(runs):
            found.append({"kind": "words", "runs": told})
        runs.clear()

    for one in node.inside:
        if isinstance(one, str):
            runs.append({"text": one})
        elif one.left_out:
            continue
        elif one.tag == "img":
            paragraph()
            found += _picture(one)
        elif one.tag in INLINE and not _holds_blocks(one):
            runs += _runs(one)
        else:
            paragraph()
            found += _block(one)
    paragraph()
    return found


def _holds_blocks(node: Node) -> bool:
    return any(
        isinstance(one, Node) and not one.left_out and (one.tag not in INLINE or _holds_blocks(one))
        for one in node.inside
    )


def _block(node: Node) -> list[Block]:
    match node.tag:
        case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
            told = _tidy(_runs(node))
            return [{"kind": "heading", "level": int(node.tag[1]), "runs": told}] if told else []
        case "p" if node.only_leads_on:
            return []
        case "details" if "al-who" in node.classes:
            people = "; ".join(words(_blocks(one)) for one in _every(node, "li"))
            return [{"kind": "quiet", "runs": [{"text": f"{_('Who can see this:')} {people}"}]}]
        case "p" if "al-who" in node.classes:
            return [{"kind": "quiet", "runs": told}] if (told := _tidy(_runs(node))) else []
        case "ul" | "ol":
            items = [inside for one in _children(node, "li") if (inside := _blocks(one))]
            return [{"kind": "list", "ordered": node.tag == "ol", "items": items}] if items else []
        case "table":
            return _table(node)
        case "dt" | "summary" | "figcaption":
            told = [{**run, "strong": node.tag != "figcaption"} for run in _tidy(_runs(node, link=True))]
            return [{"kind": "words", "runs": told}] if told else []
        case "blockquote":
            return [{"kind": "said", "blocks": _blocks(node)}]
    return _blocks(node)


def _table(node: Node) -> list[Block]:
    rows = [
        [_blocks(cell) for cell in row.inside if isinstance(cell, Node) and cell.tag in ("td", "th")]
        for row in _every(node, "tr")
    ]
    if not rows:
        return []
    head = next(iter(_children(node, "thead")), None)
    heads = len(_every(head, "tr")) if head else 0
    wide = max(len(row) for row in rows)
    rows = [row + [[]] * (wide - len(row)) for row in rows]
    caption = [block for one in _children(node, "caption") for block in _blocks(one)]
    return [*caption, {"kind": "table", "columns": wide, "head": rows[:heads], "rows": rows[heads:]}]


def _children(node: Node, tag: str) -> list[Node]:
    return [one for one in node.inside if isinstance(one, Node) and one.tag == tag and not one.left_out]


def _every(node: Node, tag: str) -> list[Node]:
    found = []
    for one in node.inside:
        if isinstance(one, Node) and not one.left_out:
            found += [one] if one.tag == tag else _every(one, tag)
    return found


def _picture(node: Node) -> list[Block]:
    """One of the pictures that the product ships; of a photo the words that stand for it."""
    shipped = PICTURE.search(node.of.get("src", ""))
    file = finders.find(f"openmoji/{shipped[1]}.svg") if shipped else None
    alt = node.of.get("alt", "")
    if file:
        return [{"kind": "picture", "svg": Path(file).read_text(), "alt": alt}]
    return [{"kind": "words", "runs": [{"text": alt}]}] if alt else []


def _runs(node: Node, strong: bool = False, link: bool = False) -> list[Run]:
    """The words inside an element; of what can be pressed only those that are seen."""
    if node.left_out or (link and HIDDEN in node.classes):
        return []
    if node.tag == "br":
        return [{"text": "\n"}]
    strong = strong or node.tag in ("strong", "b")
    found: list[Run] = []
    for one in node.inside:
        if isinstance(one, str):
            found.append({"text": one, **({"strong": True} if strong else {})})
        else:
            found += _runs(one, strong, link)
    return found


def _tidy(runs: list[Run]) -> list[Run]:
    """Words with one space between them, as a browser shows them; a line that ends on purpose ends."""
    found: list[Run] = []
    space = True
    for run in runs:
        if run["text"] == "\n" and "strong" not in run:
            if found:
                found.append({"text": "\n"})
            space = True
            continue
        text = re.sub(r"[ \t\r\n\f]+", " ", run["text"])
        if space:
            text = text.lstrip(" ")
        if text:
            found.append({**run, "text": text})
            space = text.endswith(" ")
    while found and not found[-1]["text"].strip():
        found.pop()
    if found:
        found[-1] = {**found[-1], "text": found[-1]["text"].rstrip(" ")}
    return found


def words(found: list[Block]) -> str:
    """All the words of some blocks, in their order."""
    told = []
    for block in found:
        told.append("".join(run["text"] for run in block.get("runs", [])))
        inside = [block.get("blocks", []), *block.get("items", [])]
        inside += [cell for row in [*block.get("head", []), *block.get("rows", [])] for cell in row]
        told += [words(part) for part in inside]
        if block["kind"] == "picture":
            told.append(block["alt"])
    return " ".join(one for one in told if one)


def _levels(found: list[Block]) -> list[Block]:
    """Headings with no level left out between them: paper is read by ear as well."""
    last = 0
    for block in found:
        if block["kind"] == "heading":
            last = block["level"] = min(block["level"], last + 1)
    return found


def pdf(page: str, *, said: dict[str, str], large: bool) -> bytes:
    """A page, which is HTML, as a tagged PDF (PDF/UA-1) with its title and language, in large print for whoever wants it.

    `said` is what stands at the foot of each sheet: `printed` and `page`, and the `language` it is all in.
    """
    found = _levels(blocks(page))
    title = next((words([block]) for block in found if block["kind"] == "heading"), "Alongside")
    told = {"title": title, "blocks": found, "size": 18 if large else 12, "said": said}
    return made(TEMPLATE, "paper", told)
