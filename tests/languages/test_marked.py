"""Every word that reaches people is marked for translation: in templates, and in Python where such words stand."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

from config import catalogues
from config.templatetags import alongside

from .brackets import NOT_READ, READ

ROOT = catalogues.ROOT
TEMPLATES = sorted(
    path
    for app in catalogues.APPS
    for path in (ROOT / app / "templates").rglob("*")
    if path.suffix in {".html", ".txt"}
)
#: What no catalogue holds: the name of the product.
NAMES = {"Alongside"}
#: Arguments of our own tags that nobody reads: names of things, classes, places.
_ARGUMENT = re.compile(r'_\("[^"]*"\)|:"[^"]*"|"(?P<said>[^"]*)"')


def letters(text: str) -> str | None:
    found = re.sub(r"&[a-z]+;", "", text).strip()
    return found if re.search(r"[^\W\d_]", found) and found.strip("–:. \n") not in NAMES else None


class Words(HTMLParser):
    """The words of a page in its text and in its attributes that are read."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self.within = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.within = tag if tag in NOT_READ else ""
        self.found += [value for name, value in attrs if value and name in READ and letters(value)]

    def handle_endtag(self, tag: str) -> None:
        self.within = ""

    def handle_data(self, text: str) -> None:
        if not self.within and letters(text):
            self.found.append(text.strip())


def unmarked_of(source: str) -> list[str]:
    """The words of a template that no translation takes."""
    left, found, until = "", [], ""
    for token in Lexer(source).tokenize():
        word = token.split_contents()[0] if token.token_type == TokenType.BLOCK else ""
        if until:
            until = "" if word == until else until
        elif word in {"blocktranslate", "comment", "verbatim"}:
            until = f"end{word}"
        elif token.token_type == TokenType.TEXT:
            left += token.contents
        elif word in alongside.register.tags:
            told = [hit["said"] for hit in _ARGUMENT.finditer(token.contents) if hit["said"]]
            found += [words for words in told if " " in words.strip() or re.match(r"[A-Z][a-z]", words)]
    return found + Words(left).found


@pytest.mark.parametrize("app", catalogues.APPS)
def test_a_template_says_nothing_that_is_not_marked(app: str) -> None:
    here = [path for path in TEMPLATES if path.is_relative_to(ROOT / app)]
    found = {str(path.relative_to(ROOT)): words for path in here if (words := unmarked_of(path.read_text()))}
    assert found == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('<p>{% translate "Save" %}</p>{# Save #}<p>{{ name }}, 9</p>', []),
        ("<p>{% blocktranslate %}Save {{ it }}{% endblocktranslate %}</p>", []),
        ("<p>Save <b>now</b></p>", ["Save", "now"]),
        ('<a aria-label="Save {{ it }}"{% if a %} title="Go"{% endif %}></a>', ["Save ", "Go"]),
        ('{% back_link here "Go back" %}{% back_link here _("Go back") %}', ["Go back"]),
    ],
)
def test_words_in_a_template_that_are_not_marked_are_found(source: str, found: list[str]) -> None:
    assert unmarked_of(source) == found


#: Programs read the API and its files in English; the wording of choices is kept in versions; the rest nobody reads.
LEFT_OUT = re.compile(
    r"/migrations/|^config/demo/|/management/|(^|/)(api|rest)[a-z_]*\.py$|wording\.py$|accounts/authentication\.py$"
    r"|^config/(run|servers|environment|mailbox|prepare|lock|settings|checks|catalogues|logs)\.py$"
)
MODULES = sorted(
    path
    for app in catalogues.APPS
    for path in (ROOT / app).rglob("*.py")
    if not LEFT_OUT.search(path.relative_to(ROOT).as_posix())
)
MARKS = {
    "_",
    "_lazy",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
}
AT_RUN_TIME = {"_", "gettext", "ngettext", "pgettext"}
ARGUMENTS = {
    "label",
    "help_text",
    "empty_label",
    "verbose_name",
    "title",
    "done",
    "button",
    "choices",
    "error_messages",
    "labels",
    "help_texts",
    "subject",
}
ERRORS = {"ValidationError", "NotNow", "PermissionDenied", "Stale", "UnclearError"}
CALLS = {"add_error", "success", "info", "warning", "error", "wrong", "warn", "refuse", "send_words"}
ASSIGNED = {"labels", "help_texts", "error_messages", "default_error_messages"}


def name_of(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def said(node: ast.AST) -> Iterator[str]:
    """The readable text within a node that no mark takes."""
    match node:
        case ast.Call() if name_of(node.func) in {*MARKS, "date_format"}:
            return
        case ast.Constant(value=str(text)):
            if " " in text.strip() or re.fullmatch(r"[A-Z][a-z]+[.?!]?", text):
                yield text
        case ast.JoinedStr():
            parts = [str(value.value) for value in node.values if isinstance(value, ast.Constant)]
            yield from (part for part in parts if letters(part) and " " in "".join(parts).strip())
        case ast.Dict():
            for value in node.values:
                yield from said(value)
        case ast.Compare() | ast.Subscript() | ast.keyword():
            return
        case ast.Call():
            for value in node.args:
                yield from said(value)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from said(child)


def unmarked_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call():
                name = name_of(node.func)
                logs = isinstance(node.func, ast.Attribute) and name_of(node.func.value) in {"log", "logger"}
                if (name in ERRORS or name in CALLS) and not logs:
                    for value in node.args:
                        yield from said(value)
                for keyword in node.keywords:
                    if keyword.arg in ARGUMENTS and name not in {"CheckConstraint", "UniqueConstraint"}:
                        yield from said(keyword.value)
            case ast.ClassDef() if any(name_of(each).endswith("Choices") for each in node.bases):
                # The relations of django-guardian are names of permissions, in the database.
                for each in node.body if node.name != "Relation" else []:
                    if isinstance(each, ast.Assign) and isinstance(each.value, ast.Tuple):
                        label = each.value.elts[-1]
                        if isinstance(label, ast.Constant) and letters(str(label.value)):
                            yield str(label.value)
            case ast.Assign(targets=[ast.Name(id=name)]) if name in ASSIGNED:
                yield from said(node.value)


def too_early(tree: ast.AST) -> Iterator[str]:
    """What is put into a language when its module is read, and stays in that language for good."""
    match tree:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            for part in [*tree.decorator_list, *tree.args.defaults, *filter(None, tree.args.kw_defaults)]:
                yield from too_early(part)
        case ast.Lambda():
            return
        case ast.Call(func=ast.Name(id=name)) if name in AT_RUN_TIME:
            yield ast.unparse(tree)
        case _:
            for child in ast.iter_child_nodes(tree):
                yield from too_early(child)


def test_python_says_nothing_to_people_that_is_not_marked() -> None:
    found = {
        str(path.relative_to(ROOT)): words
        for path in MODULES
        if (words := list(unmarked_in(ast.parse(path.read_text()))))
    }
    assert found == {}


def test_nothing_is_put_into_a_language_before_it_is_known_who_reads() -> None:
    found = {
        str(path.relative_to(ROOT)): words
        for path in MODULES
        if (words := list(too_early(ast.parse(path.read_text()))))
    }
    assert found == {}


def test_no_module_puts_words_into_a_language_while_it_is_read() -> None:
    """By a function that it calls, which reading the source does not show."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.languages.early"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('Lines(label=_lazy("Your name"))', []),
        ('Lines(label="Your name", max_length=3)', ["Your name"]),
        ('raise ValidationError({"email": _("Write it.")}, code="not one")', []),
        ('raise ValidationError({"email": f"Write {it} again."})', ["Write ", " again."]),
        ('class Kind(TextChoices):\n    A = "a", "An answer"\n    B = "b", _lazy("B")', ["An answer"]),
        ('messages.success(request, "Saved." if it else _("Kept."))', ["Saved."]),
        ('log.warning("not taken", error="No such thing")', []),
    ],
)
def test_words_in_python_that_are_not_marked_are_found(source: str, found: list[str]) -> None:
    assert [words for words in unmarked_in(ast.parse(source)) if words.strip()] == found


def test_a_word_put_into_a_language_too_early_is_found() -> None:
    source = 'A = _("One")\nclass B:\n    a = _lazy("Two")\ndef c(d=_("Three")):\n    return _("Four")'
    assert list(too_early(ast.parse(source))) == ["_('One')", "_('Three')"]


def test_the_catalogues_are_as_the_source_is_and_fit_it() -> None:
    """`make messages` brings them up to date."""
    assert catalogues.faults() == []


def test_a_catalogue_that_does_not_fit_its_source_is_noticed() -> None:
    found = catalogues.read("pl")
    for original, wrong in (
        ("tomorrow", " jutro"),
        ("Hello %(name)s,", "Dzień dobry, %(nazwa)s!"),
        ("in less than %(months)s month", ("za mniej niż %(months)s miesiąc", "", "")),
    ):
        message = found.get(original)
        assert message is not None
        message.string = wrong
        assert list(catalogues._faults(message, found)), original


def test_the_tags_that_say_something_are_known() -> None:
    assert {"back_link", "empty_state", "section_heading"} <= set(alongside.register.tags)
    assert len(TEMPLATES) > 200
    assert Path(catalogues.__file__) not in MODULES
