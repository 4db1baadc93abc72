"""A module broken on purpose, one small change at a time, and the tests that notice it.

    ALONGSIDE_BREAK=pupils.choices python -m pytest -p tests.broken tests/choices tests/pupils

runs the tests once to learn which of them come to which function, then once more for each mutant those that come to
the function it changes, the quickest first, until one fails. What none of them notices is written to
`docs/mutants-choices.md` with why it changes nothing (`EQUIVALENT`), or as a hole, and then the run fails. With
`ALONGSIDE_BREAK_IN=Sight.may,_order` these functions alone are broken, and no report is written.

A mutant takes the place of the function it changes inside this very process, whoever has imported it: no test is
collected twice, no database made twice. What a module does while it is imported is not changed, nor are functions that
run only then (the pieces that the rule's SQL is put together from: `docs/mutants.md` has that SQL broken).
"""

import ast
import copy
import importlib
import inspect
import os
import signal
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from .broken_equivalent import EQUIVALENT

MODULE = os.environ.get("ALONGSIDE_BREAK", "")
ALONE = {name for name in os.environ.get("ALONGSIDE_BREAK_IN", "").split(",") if name}
REPORTS = Path(__file__).resolve().parent.parent / "docs"
#: A test that takes longer than this, in seconds, and so many times as long as it did, has noticed: some mutants never end.
PATIENCE, TIMES = 60, 10

OTHER: dict[type[ast.cmpop], list[type[ast.cmpop]]] = {
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Lt: [ast.LtE, ast.GtE],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
}
SWAPPED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
QUERIES = {"filter", "exclude", "get"}


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """What can stand in the place of a piece of code."""
    match node:
        case ast.Compare(ops=ops):
            for n, op in enumerate(ops):
                for other in OTHER[type(op)]:
                    yield _with(node, ops=[*ops[:n], other(), *ops[n + 1 :]])
        case ast.BoolOp(op=op, values=values):
            yield _with(node, op=ast.Or() if isinstance(op, ast.And) else ast.And())
            for n in range(len(values)):
                rest = [*values[:n], *values[n + 1 :]]
                yield rest[0] if len(rest) == 1 else _with(node, values=rest)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.If(test=test) | ast.IfExp(test=test):
            yield _with(node, test=ast.UnaryOp(ast.Not(), test))
        case ast.Return(value=value) if value is not None and not _is_none(value):
            yield _with(node, value=ast.Constant(None))
        case ast.keyword(value=ast.Constant() as constant):
            for other in changes(constant):
                yield _with(node, value=other)
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() as value):
            yield ast.Constant(value + 1)
        case ast.BinOp(op=op) if type(op) in SWAPPED:
            yield _with(node, op=SWAPPED[type(op)]())
        case ast.Call(func=ast.Attribute(attr=name), keywords=keywords) if name in QUERIES:
            for n in range(len(keywords)):
                yield _with(node, keywords=[*keywords[:n], *keywords[n + 1 :]])
        case ast.comprehension(ifs=[_, *_] as ifs):
            for n in range(len(ifs)):
                yield _with(node, ifs=[*ifs[:n], *ifs[n + 1 :]])
        case ast.Expr(value=ast.Call()) | ast.Raise():
            yield ast.Pass()


def _with(node: ast.AST, **other: Any) -> ast.AST:
    made = copy.copy(node)
    for name, value in other.items():
        setattr(made, name, value)
    return made


def _is_none(value: ast.AST) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


@dataclass(frozen=True)
class Mutant:
    """A function of the module (by its name, with its class) with one change in one line."""

    function: str
    line: int
    before: str
    after: str
    code: CodeType = field(repr=False, compare=False)

    @property
    def place(self) -> str:
        return f"`{self.function}`, line {self.line}: `{self.before}` → `{self.after}`"


class _Change(ast.NodeTransformer):
    """Makes the `wanted`th change of a module, counted from nought; without one, counts them."""

    def __init__(self, wanted: int = -1) -> None:
        self.wanted, self.seen = wanted, 0
        self.made: tuple[ast.AST, ast.AST] | None = None

    def visit(self, node: ast.AST) -> Any:
        for other in changes(node):
            if self.seen == self.wanted:
                self.made = node, other
                self.seen += 1
                return ast.copy_location(other, node) if hasattr(node, "lineno") else other
            self.seen += 1
        by_its_name = isinstance(node, ast.keyword) and isinstance(node.value, ast.Constant)
        return node if by_its_name else self.generic_visit(node)


def mutants(module: ModuleType) -> Iterator[Mutant]:
    source = inspect.getsource(module)
    assert module.__file__ is not None
    over = only_while_imported(ast.parse(source))
    counted = _Change()
    counted.visit(ast.parse(source))
    for n in range(counted.seen):
        tree = ast.parse(source)
        change = _Change(n)
        tree = ast.fix_missing_locations(change.visit(tree))
        assert change.made is not None
        was, becomes = change.made
        line = getattr(was, "lineno", None) or was.target.lineno  # type: ignore[attr-defined]
        name = _function_at(ast.parse(source), line)
        if name is None or name in over:
            continue
        code = _code_of(compile(tree, module.__file__, "exec"), name.split("."))
        said = [" ".join(ast.unparse(ast.fix_missing_locations(part)).split()) for part in (was, becomes)]
        yield Mutant(name, line, *(text if len(text) < 120 else f"{text[:117]}…" for text in said), code)


def _function_at(tree: ast.Module, line: int) -> str | None:
    """The function of the module, or of one of its classes, in whose body a line is."""
    for node in tree.body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        for one in inside:
            if isinstance(one, ast.FunctionDef) and one.body[0].lineno <= line <= (one.end_lineno or 0):
                return f"{node.name}.{one.name}" if isinstance(node, ast.ClassDef) else one.name
    return None


def only_while_imported(tree: ast.Module) -> set[str]:
    """The module's private functions that nothing names but its own top level, or other such functions."""
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    over = {name for name in functions if name.startswith("_")}
    named = {
        inside: {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        for inside in [node.name]
    }
    while True:
        later = {name for inside, names in named.items() if inside not in over for name in names & over}
        if not later:
            return over
        over -= later


def _code_of(code: CodeType, path: list[str]) -> CodeType:
    for name in path:
        code = next(c for c in code.co_consts if isinstance(c, CodeType) and c.co_name == name)
    return code


def live(module: ModuleType, name: str) -> FunctionType:
    """The function itself, below what is wrapped around it."""
    found: Any = module
    for part in name.split("."):
        found = inspect.getattr_static(found, part)
    found = getattr(found, "fget", None) or getattr(found, "func", None) or getattr(found, "__func__", found)
    found = inspect.unwrap(found)
    assert isinstance(found, FunctionType), name
    return found


class TooLong(Exception):
    pass


def _give_up(*_: object) -> None:
    raise TooLong


def fails(item: pytest.Item, patience: float = 0) -> bool:
    """Whether a test fails, or takes longer than so many seconds; with 0, however long it takes.

    Afterwards what the whole run shares is left, such as its database, and nothing of a module: whichever test comes
    next finds what it would find first of all.
    """
    before = signal.signal(signal.SIGALRM, _give_up)
    signal.alarm(int(patience))
    try:
        reports = runtestprotocol(item, log=False, nextitem=item.session)  # type: ignore[arg-type]
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    return any(report.failed for report in reports)


def learn(
    items: list[pytest.Item], module: ModuleType
) -> tuple[dict[str, list[pytest.Item]], dict[pytest.Item, float]]:
    """Which tests come to which function, and how long each takes; all have to pass."""
    comes: dict[str, list[pytest.Item]] = defaultdict(list)
    takes: dict[pytest.Item, float] = {}
    for item in items:
        reached: set[str] = set()

        def look(frame: FrameType, event: str, _: object, reached: set[str] = reached) -> None:
            if event == "call" and frame.f_code.co_filename == module.__file__:
                reached.add(frame.f_code.co_qualname.split(".<locals>")[0])

        started = time.monotonic()
        threading.setprofile(look)  # a test may come there in a thread of its own
        sys.setprofile(look)
        try:
            failed = fails(item)
        finally:
            sys.setprofile(None)
            threading.setprofile(None)
        assert not failed, f"{item.nodeid} fails as it is"
        takes[item] = time.monotonic() - started
        for name in reached:
            comes[name].append(item)
    for tests in comes.values():
        tests.sort(key=takes.__getitem__)
    return comes, takes


def why_equivalent(mutant: Mutant) -> str:
    return EQUIVALENT.get((MODULE, mutant.function, mutant.before, mutant.after), "")


def noticed(
    mutant: Mutant,
    module: ModuleType,
    tests: list[pytest.Item],
    takes: dict[pytest.Item, float],
    tell: Callable[[str], None],
) -> bool:
    from . import once  # only now: the settings are not read yet when plugins are

    function = live(module, mutant.function)
    itself, kept = function.__code__, dict(once._made)
    # A mutant without `super()` has no cell for it, and a function keeps the cells it was made with.
    broken = mutant.code.replace(co_freevars=itself.co_freevars)

    def put(code: CodeType) -> None:
        function.__code__ = code
        _forget(module)
        once._made.clear()
        once._made.update(kept)

    for test in tests:
        try:
            put(broken)
            failed = fails(test, max(PATIENCE, TIMES * takes[test]))
        finally:
            put(itself)
        if failed and not fails(test):  # it was the mutant that it failed at
            return True
        if failed:
            tell(f"fails without it too: {test.nodeid}, {mutant.place}")
            assert not fails(test), "From here on a test fails as it is, and says nothing of a mutant."
    tell(f"not noticed by {len(tests)} tests: {mutant.place}")
    return False


def _forget(module: ModuleType) -> None:
    """What functions of the module keep of their answers."""
    for found in vars(module).values():
        if hasattr(found, "cache_clear"):
            found.cache_clear()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    if not MODULE or session.config.option.collectonly:
        return None
    module = importlib.import_module(MODULE)
    # Nobody reads how they failed, and a line of a mutant may have no number.
    session.config.option.tbstyle = "no"
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    assert reporter is not None
    tell = reporter.write_line
    items = [item for item in session.items if not item.get_closest_marker("long")]
    comes, takes = learn(items, module)
    tell(f"{len(items)} tests in {sum(takes.values()):.0f} s come to {len(comes)} functions")
    every = [one for one in mutants(module) if not ALONE or one.function in ALONE]
    tell(f"{len(every)} mutants")
    left = [m for m in every if not noticed(m, module, comes.get(m.function, []), takes, tell)]
    holes = [m for m in left if not why_equivalent(m)]
    if not ALONE:
        report = REPORTS / f"mutants-{MODULE.rsplit('.', 1)[1]}.md"
        report.write_text(_report(every, left, holes, len(items)))
    tell(
        f"{len(every) - len(left)} noticed, {len(left) - len(holes)} that change nothing, {len(holes)} holes"
    )
    session.testsfailed = len(holes)
    return True


def _report(every: list[Mutant], left: list[Mutant], holes: list[Mutant], tests: int) -> str:
    day = date.today().strftime("%-d %B %Y")  # noqa: DTZ011 - the day of whoever runs it
    lines = [f"- {m.place}\n  {why_equivalent(m) or 'NOT NOTICED'}" for m in left]
    return (
        f"# `{MODULE}`, broken on purpose\n\n"
        "Each mutant has one comparison, condition, constant, operator, filter, call or answer of one function changed or\n"
        f"left out (`tests/broken.py`). Last run on {day} against {tests} tests.\n\n"
        f"{len(every)} mutants, {len(every) - len(left)} noticed by a test, {len(left)} not: {len(left) - len(holes)} of these"
        f" change nothing that anybody can\nnotice, and here is why; {len(holes)} are holes.\n\n"
        + "\n".join(lines)
        + "\n"
    )
