"""Filling in a form as it stands on its page, posting it, and saying what is wrong with the answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import escape, unescape
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from config.templatetags.alongside import in_words
from tests.record import Of, Record
from tests.routes import LISTED, address, browser, undone

from .browser_forms import Drawn, form_to
from .kept import Kept, changed, rows
from .table import FORMS
from .wrong import Sent, Wrong, is_text, right, values


def bound(answer: HttpResponse) -> list[forms.BaseForm]:
    """Every form of an answer that was bound to the post."""
    found: dict[int, forms.BaseForm] = {}

    def look(value: Any, deep: int = 3) -> None:
        if isinstance(value, forms.BaseForm):
            if value.is_bound:
                found[id(value)] = value
        elif isinstance(value, dict) and deep:
            for one in value.values():
                look(one, deep - 1)
        elif isinstance(value, list | tuple) and deep:
            for one in value:
                look(one, deep - 1)

    for layer in getattr(answer, "context", None) or []:
        for part in layer if isinstance(layer, list) else [layer]:
            if isinstance(getattr(part, "dicts", part), list):
                for inner in part.dicts:
                    look(dict(inner))
            elif isinstance(part, dict):
                look(part)
    return list(found.values())


@dataclass
class Form:
    """One form, ready to be posted: its fields by the name that a browser gives them, and a post that is accepted."""

    name: str
    client: Client
    address: str
    fields: dict[str, forms.Field]
    drawn: Drawn
    good: Sent
    kept: Kept

    def post(self, sent: Sent) -> HttpResponse:
        files = {
            k: SimpleUploadedFile("a.csv", v, "text/csv") for k, v in sent.items() if isinstance(v, bytes)
        }
        return self.client.post(self.address, {**sent, **files})  # type: ignore[return-value]

    def with_wrong(self, wrong: dict[str, Wrong]) -> Sent:
        """The good post with some of its fields wrong."""
        sent = dict(self.good)
        for html_name, one in wrong.items():
            sent |= values(html_name, self.fields[html_name], one.sent)
        return sent


@contextmanager
def filled_in(record: Record, name: str) -> Iterator[Form]:
    """A form on its page, filled in well, once what has to be before it was done. All of it is undone afterwards."""
    filled = FORMS[name]
    of = replace(record.of[filled.of], items=dict(record.of[filled.of].items))
    client = browser(record.cast.people.get(filled.who))
    with undone(client):
        if filled.before is not None:
            filled.before(record, of)
        yield _form(record, of, name, client)


def _form(record: Record, of: Of, name: str, client: Client) -> Form:
    filled = FORMS[name]
    href = address(record, of, name if name in LISTED else name.partition(":")[0])
    page: Any = client.get(address(record, of, filled.page) if filled.page else href)
    assert page.status_code == 200, (name, page.status_code)
    drawn = form_to(page, href)
    with undone(client):
        refused: Any = client.post(href, filled.refused)
    fields = {one.add_prefix(field): one.fields[field] for one in bound(refused) for field in one.fields}
    assert fields, f"{name} has no form: {refused.status_code}"
    good: Sent = {key: there if len(there) > 1 else there[0] for key, there in drawn.values.items()}
    for html_name, field in fields.items():
        plain = html_name.rpartition("-")[2]
        if plain in filled.typed:
            good |= values(html_name, field, filled.typed[plain])
        elif is_text(field) or not any(good.get(key) for key in values(html_name, field, None)):
            good |= values(html_name, field, right(plain, field))
    return Form(name, client, href, fields, drawn, good, rows())


def complaints(form: Form, wrong: dict[str, Wrong]) -> Iterator[str]:
    """Post a form with some fields wrong: what the answer does that it should not."""
    sent = form.with_wrong(wrong)
    with undone(form.client):
        answer = form.post(sent)
        saved = changed(form.kept)
    if answer.status_code not in (422, 409) and not _names_nothing(form, answer, wrong):
        yield f"answered {answer.status_code}"
    if saved:
        yield f"saved in {saved}"
    if answer.status_code in (422, 409):
        yield from _unsaid(form, answer, wrong)
        yield from _lost(form, answer, sent, wrong)


def _names_nothing(form: Form, answer: HttpResponse, wrong: dict[str, Wrong]) -> bool:
    """Whether what is wrong is the id of what a form is about: then there is no such page."""
    about = [form.fields[name] for name in wrong]
    return answer.status_code == 404 and all(
        isinstance(one, forms.UUIDField) and not one.required for one in about
    )


def _unsaid(form: Form, answer: HttpResponse, wrong: dict[str, Wrong]) -> Iterator[str]:
    """What the page does not say next to a field that is wrong."""
    text = unescape(answer.content.decode())
    if answer.status_code == 409:
        return
    if "govuk-error-summary" not in text:
        yield "says nothing at the top"
    if "is violated" in text:
        yield "speaks as the database does"
    said = {
        one.add_prefix(field): (one[field], messages)
        for one in bound(answer)
        for field, messages in one.errors.items()
        if field != "__all__"
    }
    typed = [name for name in wrong if not form.fields[name].widget.is_hidden]
    yield from (f"says nothing of {name}" for name in typed if name not in said)
    for name, (field, messages) in said.items():
        shown = [in_words(str(message), field) for message in messages]
        yield from (f"does not show “{one}” of {name}" for one in shown if unescape(one) not in text)


def _lost(form: Form, answer: HttpResponse, sent: Sent, wrong: dict[str, Wrong]) -> Iterator[str]:
    """What was typed and is not on the page any more."""
    cannot_stay = {
        key
        for name, one in wrong.items()
        for key in values(name, form.fields[name], None)
        if isinstance(form.fields[name], forms.ChoiceField | forms.ModelChoiceField)
        or form.fields[name].widget.is_hidden
        or "\0" in str(one.sent)
    }
    if answer.status_code == 409:
        text = answer.content.decode()
        for key, value in sent.items():
            if key in form.drawn.hidden | cannot_stay or not isinstance(value, str):
                continue
            if escape(value) not in text and value.replace("'", "&#x27;") not in text:
                yield f"lost “{value[:40]}” of {key}"
        return
    now = form_to(answer, form.address)
    for key, value in sent.items():
        if key in cannot_stay | form.drawn.hidden | form.drawn.secret | form.drawn.pressed or not isinstance(
            value, str | list
        ):
            continue
        there = now.values.get(key, [""])
        if there != (value if isinstance(value, list) else [value]):
            yield f"lost “{str(value)[:40]}” of {key}: {str(there)[:60]}"
