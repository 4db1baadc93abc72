"""Whatever somebody types into any form: it is refused where it stands, nothing is saved and nothing typed is lost."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

import pytest

from tests.record import Record
from tests.routes import LISTED, route_of, undone
from tests.sample import in_sample
from tests.test_routes import ROUTES

from .filling import Form, bound, complaints, filled_in
from .kept import changed
from .table import BUTTONS, ELSEWHERE, FORMS
from .wrong import Wrong, wrongs

#: Forms of the library that people sign in with, on its own pages: they are tried in test_signing_in.py.
LIBRARY = ("account_", "mfa_")
HALVES = {"first": list(FORMS)[::2], "second": list(FORMS)[1::2]}


def posted() -> set[str]:
    """Every route that is posted to, as the closed table of routes has them."""
    lines = [line.split() for line in ROUTES.read_text().splitlines() if line.startswith("POST  ")]
    return {route_of(line[1]) for line in lines if line[2] != "not"}


def test_every_form_there_is_is_tried() -> None:
    """A route that is posted to and that nobody wrote down fails here."""
    ours = {name for name in posted() if not name.startswith(LIBRARY)}
    assert {route_of(name) for name in FORMS} | BUTTONS | set(ELSEWHERE) == ours
    kinds = {name for name in LISTED if name.partition(":")[0] in {"add_item", "edit_item", "take_off"}}
    assert kinds <= set(FORMS)


def by_kind(form: Form) -> dict[str, dict[str, Wrong]]:
    """Each way in which something can be wrong, with every field of a form that can be wrong so, all at once."""
    found: dict[str, dict[str, Wrong]] = {}
    for html_name, field in form.fields.items():
        for wrong in wrongs(field):
            found.setdefault(wrong.about, {})[html_name] = wrong
    return found


def some(form: Form, turn: int) -> Iterator[dict[str, Wrong]]:
    """One way of each kind, another in each form."""
    kinds = by_kind(form)
    for _, group in groupby(kinds, lambda about: about.partition(":")[0]):
        ways = list(group)
        yield kinds[ways[turn % len(ways)]]


def each(form: Form) -> Iterator[dict[str, Wrong]]:
    """Each field wrong in each way, by itself."""
    for html_name, field in form.fields.items():
        for wrong in wrongs(field):
            yield {html_name: wrong}


def told_of(record: Record, names: list[str], ways: Callable[[Form, int], Any]) -> dict[str, Any]:
    """What is not as it should be of some forms: filled in well they are saved, and in these ways they are not."""
    told: dict[str, Any] = {}
    for turn, name in enumerate(names):
        if not in_sample(name, one_in=8):
            continue
        with filled_in(record, name) as form:
            if found := not_saved(form):
                told[f"{name}, filled in well"] = found
            for wrong in ways(form, turn):
                if found := list(complaints(form, wrong)):
                    what = next(iter(wrong.values())).about
                    told[f"{name}, {what} ({', '.join(wrong)})"] = found
    return told


def not_saved(form: Form) -> list[Any]:
    """Why a form that is filled in well was not saved, so that what is refused is refused for what is wrong."""
    with undone(form.client):
        answer = form.post(form.good)
        if answer.status_code in (200, 302) and changed(form.kept):
            return []
    return [answer.status_code, *(one.errors.as_data() for one in bound(answer))]


@pytest.mark.tables
@pytest.mark.parametrize("half", HALVES)
def test_what_is_wrong_in_a_form_is_refused_beside_it_and_everything_typed_stays(
    record: Record, at_ten: datetime, half: str
) -> None:
    assert told_of(record, HALVES[half], some) == {}


@pytest.mark.long
@pytest.mark.parametrize("half", HALVES)
def test_each_field_wrong_in_each_way_is_refused_and_everything_typed_stays(
    record: Record, at_ten: datetime, half: str
) -> None:
    assert told_of(record, HALVES[half], lambda form, _: [*by_kind(form).values(), *each(form)]) == {}
