"""When two people saved the same thing: what each wrote, side by side, and the post that their choice makes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Row:
    """One field: both sides in words, and the inputs that would post either side again."""

    name: str
    label: str
    yours: str
    theirs: str
    yours_inputs: list[tuple[str, str]]
    theirs_inputs: list[tuple[str, str]]

    @property
    def differs(self) -> bool:
        return self.yours_inputs != self.theirs_inputs


def rows(form: forms.BaseForm, now: Mapping[str, Any]) -> list[Row]:
    """A row for each field of a bound `form`, except `version`. `now` holds what is stored, by field name.

    A field missing from `now` cannot have been changed by the other person: both sides are what was typed.
    """
    told = []
    for bound in form:
        if bound.name == "version" or isinstance(bound.field, forms.FileField):
            continue
        typed = _inputs(bound, bound.data)
        stored = _inputs(bound, bound.field.prepare_value(now[bound.name])) if bound.name in now else typed
        told.append(
            Row(
                bound.name,
                str(bound.label),
                _words(bound.field, bound.data),
                _words(bound.field, bound.field.prepare_value(now.get(bound.name, bound.data))),
                typed,
                stored,
            )
        )
    return told


def settled(post: QueryDict) -> QueryDict:
    """The post a person's choices amount to, ready for the form; any other post is returned as it is."""
    if post.get("settling") != "yes":
        return post
    chosen = post.copy()
    for key in list(chosen):
        side, __, rest = key.partition("-")
        field, colon, name = rest.partition(":")
        if side in ("yours", "theirs") and colon:
            values = chosen.pop(key)
            if post.get(f"keep-{field}", "yours") == side:
                chosen.setlist(name, values)
    for key in [key for key in chosen if key.startswith("keep-") or key == "settling"]:
        del chosen[key]
    return chosen


def _inputs(bound: forms.BoundField, value: Any) -> list[tuple[str, str]]:
    """The (name, value) pairs a browser would post for this value; ticks that are off post nothing."""
    widget, name = bound.field.widget, bound.html_name
    if isinstance(widget, forms.MultiWidget):
        parts = value if isinstance(value, list | tuple) else widget.decompress(value)
        return [(f"{name}_{i}", _plain(part)) for i, part in enumerate(parts or ())]
    if isinstance(widget, forms.CheckboxInput):
        return [(name, "on")] if value else []
    if isinstance(value, list | tuple | set | frozenset):
        return [(name, part) for part in sorted(_plain(each) for each in value)]
    return [(name, _plain(value))]


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return str(getattr(value, "pk", value)).replace("\r\n", "\n").strip()


def _words(field: forms.Field, value: Any) -> str:
    """A value as its reader knows it: choices by their labels, dates in words, ticks as yes and no."""
    if isinstance(field.widget, forms.CheckboxInput):
        return _("Yes") if value else _("No")
    if isinstance(field.widget, forms.MultiWidget):
        try:
            day = field.to_python(value)
        except ValidationError:
            day = None
        if isinstance(day, date):
            return date_format(day, "j E Y")
        return " ".join(_plain(part) for part in value or () if part)
    if isinstance(field.widget, forms.Select | forms.RadioSelect):
        labels: dict[str, str] = {}
        for key, label in field.widget.choices:
            labels |= (
                {_plain(k): str(text) for k, text in label}
                if isinstance(label, list | tuple)
                else {_plain(key): str(label)}
            )
        each = value if isinstance(value, list | tuple | set | frozenset) else [value]
        return ", ".join(labels.get(_plain(one), _plain(one)) for one in each if _plain(one))
    return _plain(value)
