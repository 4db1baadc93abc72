"""What somebody can get wrong in a field, by the kind of field it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms

from accounts.fields import SplitDate

Sent = dict[str, Any]
LETTER = "é"

#: What a date can be instead of a day that there is and that a school could mean.
NOT_DAYS = {
    "there is no such day": ("31", "2", "2026"),
    "year nought": ("1", "1", "0000"),
    "a year too large to be one": ("1", "1", "10000"),
    "words": ("tomorrow", "or", "so"),
    "a sign where a number belongs": ("-1", "3", "2026"),
    "a day without a year": ("1", "3", ""),
    "too long ago to be meant": ("1", "1", "0001"),
    "too far off to be meant": ("31", "12", "9999"),
}
NOT_NUMBERS = {
    "words": "three",
    "not a number": "NaN",
    "without end": "Infinity",
    "far too large": "9" * 30,
    "thousands of digits": "1" * 5000,
    "in powers of ten": "1e400",
}
NOT_IDS = {"garbled": "not-an-id", "with a null in it": "\0", "cut off": str(uuid4())[:-1]}


@dataclass(frozen=True)
class Wrong:
    """One way in which a field is wrong, and what is then posted for it; None posts nothing for it."""

    about: str
    sent: Any


def wrongs(field: forms.Field) -> Iterator[Wrong]:
    """Everything that is refused of a field whatever else is in its form."""
    if field.required and not isinstance(field, forms.BooleanField):
        yield Wrong("left out", None)
    match field:
        case SplitDate():
            yield from (Wrong(f"date: {about}", sent) for about, sent in NOT_DAYS.items())
        case forms.MultipleChoiceField():
            yield Wrong("choice: unknown", ["no-such-choice"])
            yield Wrong("choice: with a null in it", ["\0"])
        case forms.ModelChoiceField() | forms.ChoiceField() if not field.widget.is_hidden:
            yield Wrong("choice: unknown", "no-such-choice")
            yield Wrong("choice: with a null in it", "no\0choice")
            yield Wrong("choice: an id of nothing", str(uuid4()))
        case forms.DecimalField() | forms.IntegerField():
            kind = "version" if field.widget.is_hidden else "number"
            yield from (Wrong(f"{kind}: {about}", sent) for about, sent in NOT_NUMBERS.items())
            if field.min_value is not None:
                yield Wrong(f"{kind}: below what there can be", str(int(field.min_value) - 1000))
            if isinstance(field, forms.IntegerField) and not isinstance(field, forms.DecimalField):
                yield Wrong(f"{kind}: half of one", "1.5")
        case forms.UUIDField():
            kind = "key" if field.required else "id"
            yield from (Wrong(f"{kind}: {about}", sent) for about, sent in NOT_IDS.items())
        case forms.TimeField():
            yield from (Wrong(f"time: {sent}", sent) for sent in ("25:00", "noon", "-1:00"))
        case forms.EmailField():
            yield Wrong("text: too long", f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.example")
            yield Wrong("text: with a null in it", "somebody\0@health.example")
            yield Wrong("text: no address", "somebody")
        case forms.CharField():
            assert field.max_length is not None, f"{field.label} takes text without end"
            yield Wrong("text: too long", LETTER * (field.max_length + 1))
            yield Wrong("text: with a null in it", "Some\0thing")


def values(html_name: str, field: forms.Field, sent: Any) -> Sent:
    """What a browser posts for a field, by the name of each of its boxes."""
    if isinstance(field, SplitDate):
        parts = (sent.day, sent.month, sent.year) if isinstance(sent, date) else sent or ("", "", "")
        return {f"{html_name}_{n}": str(part) for n, part in enumerate(parts)}
    return {html_name: "" if sent is None else sent}


def _offered(choices: Any) -> Iterator[Any]:
    """What can be chosen, of the groups that some choices stand in too."""
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _offered(label)
        else:
            yield value


def right(name: str, field: forms.Field) -> Any:
    """Something for a field that nothing was typed for: the first choice, a few words, a small number."""
    match field:
        case SplitDate():
            return date(2026, 3, 17)
        case forms.MultipleChoiceField():
            return [str(next(iter(field.choices))[0])]
        case forms.ModelChoiceField() | forms.ChoiceField():
            there = [str(value) for value in _offered(field.choices) if str(value)]
            return there[0] if there else ""
        case forms.DecimalField() | forms.IntegerField():
            return str(int(field.min_value or 0) + 1)
        case forms.TimeField():
            return "14:30"
        case forms.EmailField():
            return "somebody@health.example"
        case forms.UUIDField():
            return ""
        case forms.CharField():
            return f"Words of {name[:20]}"[: field.max_length]
    return ""


def is_text(field: forms.Field) -> bool:
    """Whether somebody types words of their own into a field."""
    return (
        isinstance(field, forms.CharField)
        and not isinstance(field, forms.UUIDField | forms.EmailField)
        and not field.widget.is_hidden
    )
