"""Text with headings and lists, as HTML in which nothing that was typed is markup."""

import re
from collections.abc import Iterator

from django.utils.html import format_html, format_html_join, urlize
from django.utils.safestring import SafeString, mark_safe

_HEADING = re.compile(r"(#{1,3})\s+(.+)")
_ITEM = re.compile(r"[-*•]\s+(.+)")


def html(text: str) -> SafeString:
    """Lines that begin with #, ## or ### are headings (below the page's own), with - items of a list; an empty line ends
    a paragraph. Web addresses lead there. Everything else stands as it was typed.

    No heading is skipped: one that would be two levels below the last is one level below it.
    """
    level, out = 1, []
    for kind, words in _blocks(text.replace("\r\n", "\n")):
        if kind == "list":
            items = format_html_join("", "<li>{}</li>", ((_line(one),) for one in words))
            out.append(format_html('<ul class="govuk-list govuk-list--bullet">{}</ul>', items))
        elif kind == "p":
            lines = mark_safe("<br>".join(_line(one) for one in words))  # noqa: S308 -- each line is escaped
            out.append(format_html('<p class="govuk-body">{}</p>', lines))
        else:
            level = min(int(kind) + 1, level + 1)
            size = {2: "m", 3: "s"}.get(level, "s")
            out.append(format_html('<h{} class="govuk-heading-{}">{}</h{}>', level, size, words[0], level))
    return mark_safe("\n".join(out))  # noqa: S308 -- made of format_html alone


def _line(text: str) -> str:
    return urlize(text, nofollow=True, autoescape=True)


def _blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    kind, words = "", []
    for line in [*map(str.strip, text.split("\n")), ""]:
        heading, item = _HEADING.fullmatch(line), _ITEM.fullmatch(line)
        now = "" if not line or heading else "list" if item else "p"
        if words and now != kind:
            yield kind, words
            words = []
        if heading:
            yield str(len(heading[1])), [heading[2]]
        elif now:
            words.append(item[1] if item else line)
        kind = now
