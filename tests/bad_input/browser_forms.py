"""The forms of a page as a browser has them: what it would post, and what it still shows after a refusal."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.http import HttpResponse

#: What a browser would post: every value of each name.
Post = dict[str, list[str]]


@dataclass
class Drawn:
    """One form of a page: where it goes, and the values that stand in it."""

    action: str
    values: Post = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    secret: set[str] = field(default_factory=set)
    pressed: set[str] = field(default_factory=set)

    def add(self, name: str, value: str) -> None:
        self.values.setdefault(name, []).append(value)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Drawn] = []
        self._open: Drawn | None = None
        self._area: tuple[str, list[str]] | None = None
        self._select: tuple[str, list[tuple[str, bool]], bool] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Drawn(told.get("action", "")) if told.get("method", "").lower() == "post" else None
            if self._open is not None:
                self.forms.append(self._open)
            return
        if tag == "option" and self._select is not None:
            self._select[1].append((told.get("value", ""), "selected" in told))
            return
        name = told.get("name", "")
        if self._open is None or not name or name == "csrfmiddlewaretoken":
            return
        self._open.names.add(name)
        if tag == "button":
            self._open.pressed.add(name)
        elif tag == "textarea":
            self._area = (name, [])
        elif tag == "select":
            self._select = (name, [], "multiple" in told)
        elif tag == "input":
            self._input(name, told)

    def _input(self, name: str, told: dict[str, str]) -> None:
        assert self._open is not None
        kind = told.get("type", "text")
        if kind in ("radio", "checkbox"):
            if "checked" in told:
                self._open.add(name, told.get("value", "on"))
            return
        if kind in ("submit", "file"):
            return
        if kind == "hidden":
            self._open.hidden.add(name)
        if kind == "password":
            self._open.secret.add(name)
        self._open.add(name, told.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "textarea" and self._area is not None and self._open is not None:
            name, parts = self._area
            self._open.add(name, "".join(parts).removeprefix("\n"))
            self._area = None
        if tag == "select" and self._select is not None and self._open is not None:
            name, options, several = self._select
            chosen = [value for value, on in options if on]
            for value in chosen or ([] if several else [value for value, _ in options[:1]]):
                self._open.add(name, value)
            self._select = None


def forms_of(answer: HttpResponse) -> list[Drawn]:
    reader = _Reader()
    reader.feed(answer.content.decode())
    return reader.forms


def form_to(answer: HttpResponse, address: str) -> Drawn:
    """The form of a page that goes to an address; one without an action goes to its own page."""
    drawn = [form for form in forms_of(answer) if form.action.partition("?")[0] in (address, "")]
    assert drawn, f"no form goes to {address}"
    return max(drawn, key=lambda form: len(form.names))
