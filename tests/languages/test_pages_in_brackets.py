"""Under a language that puts each message in brackets, what stands on a page without them is the record's own."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.db.models import CharField, EmailField, JSONField, TextField

from accounts.words import english
from apdr.enums import StepStatus
from apdr.services.scales import STARTING
from pupils.enums import YEAR_GROUPS, Answer, Section
from pupils.imports.columns import COLUMNS
from pupils.wording import WORDINGS
from tests.record import Record
from tests.routes import LISTED, OF_PUPIL, address, ask, browser, route_of
from tests.sample import in_sample

from .brackets import Outside, every_message_in_brackets, pieces_of

pytestmark = pytest.mark.tables

#: Whose pages are read, and of which pupil. What the first cannot open the next may.
WHO = (
    ("senco", "ada"),
    ("parent", "ada"),
    ("young_person", "sam"),
    ("teacher", "ada"),
    ("dsl", "ada"),
    ("nobody", "ada"),
)
#: What no catalogue holds: the name of the product, and the codes of years.
NOT_OURS = {"Alongside", *YEAR_GROUPS}


def texts_of(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in texts_of(each)] + [str(key) for key in value]
    if isinstance(value, list | tuple):
        return [text for each in value for text in texts_of(each)]
    return [str(value)] if value else []


def kept() -> set[str]:
    """Every word that the record holds; of choices, which are kept as they were shown; and of the headings of files."""
    found: list[str] = []
    for model in apps.get_models():
        if model._meta.app_label not in {"accounts", "pupils", "apdr", "reviews", "notifications", "account"}:
            continue
        names = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, CharField | TextField | JSONField | EmailField)
        ]
        if names:
            found += [
                text for row in model._default_manager.values_list(*names) for text in texts_of(list(row))
            ]
    for wording in WORDINGS.values():
        found += [piece for text in wording.all() for piece in re.split(r"\{\w+\}", text)]
    found += [text for column in sum(COLUMNS.values(), ()) for text in (column.label, column.example)]
    # What a scale and a step are called is kept with them as it was.
    found += [*texts_of(STARTING), *(english(one.label) for one in StepStatus)]
    # So are the words that were shown as something was chosen, on its receipt.
    found += [english(one.label) for one in (*Section, *Answer)]
    return {piece for text in found for piece in pieces_of(text)}


def test_whatever_a_page_says_is_marked_or_is_the_records_own(record: Record, at_ten: datetime) -> None:
    held, loose, read = kept(), {}, 0
    with every_message_in_brackets():
        seen: set[str] = set()
        for who, whose in WHO:
            client = browser(record.cast.people.get(who))
            for name in LISTED:
                if (who == "nobody" and name in OF_PUPIL) or name in seen:
                    continue
                if not in_sample("brackets", name, one_in=3):
                    continue
                answer = ask(client, "GET", address(record, record.of[whose], name))
                if not answer.get("Content-Type", "").startswith("text/html"):
                    continue
                if answer.status_code == 200 and not (who == "senco" and name in {"mine"}):
                    seen.add(name)
                read += 1
                for piece in Outside(answer.content.decode()).pieces:
                    if piece not in held and piece not in NOT_OURS:
                        loose.setdefault(piece, f"{route_of(name)} ({who})")
    assert not loose, "\n".join(f"{piece!r}  {where}" for piece, where in loose.items())
    assert read > 60


@pytest.mark.parametrize(
    ("html", "pieces"),
    [
        ("<p>⟦Save <b>now</b>⟧</p>", []),
        ("<p>⟦Save⟧ now</p>", ["now"]),
        ('<img alt="A map"><p>⟦Ada⟧, 9B</p>', ["A", "map", "9B"]),
        ('<script>let a = "b"</script><input type="submit" value="Go">', ["Go"]),
    ],
)
def test_what_stands_outside_brackets_is_found(html: str, pieces: list[str]) -> None:
    assert Outside(html).pieces == pieces
