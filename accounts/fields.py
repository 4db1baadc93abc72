"""Form fields that every app shares: dates in three boxes, words that are never cut, thumb-sized choices."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _lazy

from .days import EARLIEST, LATEST
from .words import StrOrPromise

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


class DateBoxes(forms.MultiWidget):
    """Day, month and year in three boxes. Posted as name_0, name_1, name_2, or as one ISO date under name."""

    template_name = "django/forms/widgets/date_boxes.html"
    use_fieldset = True
    boxes = (
        (_lazy("Day"), "govuk-input--width-2"),
        (_lazy("Month"), "govuk-input--width-2"),
        (_lazy("Year"), "govuk-input--width-4"),
    )

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        widgets = [forms.TextInput({"class": width, "inputmode": "numeric"}) for __, width in self.boxes]
        super().__init__(widgets, attrs)

    def decompress(self, value: date | str | None) -> list[Any]:
        if isinstance(value, str) and value:
            year, __, rest = value.partition("-")
            month, __, day = rest.partition("-")
            return [day, month, year]
        return [value.day, value.month, value.year] if isinstance(value, date) else [None, None, None]

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[Any]:
        if data.get(name):
            return self.decompress(str(data[name]))
        return super().value_from_datadict(data, files, name)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and super().value_omitted_from_data(data, files, name)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if id_ else id_

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for box, (label, width) in zip(context["widget"]["subwidgets"], self.boxes, strict=True):
            box["box_label"] = label
            box["attrs"]["class"] = width
        return context


class Email(forms.EmailField):
    """Somebody's e-mail address, as everything else here calls it."""

    default_error_messages = {"invalid": _lazy("Write an e-mail address, such as sam@example.com.")}


class SplitDate(forms.Field):
    """A date typed in three boxes. The month may be a word; a two-figure year is refused, never guessed.

    Unless other days are given it lies between `accounts.days.EARLIEST` and `LATEST`.
    """

    widget = DateBoxes
    default_error_messages = {
        "required": _lazy("Enter a date"),
        "incomplete": _lazy("The date must include a %(missing)s"),
        "unreal": _lazy("Enter a real date, like 27 3 2027"),
        "year": _lazy("Enter the year as four figures, like 2027"),
        "early": _lazy("The date must be %(limit)s or later"),
        "late": _lazy("The date must be %(limit)s or earlier"),
    }

    def __init__(self, *, min_date: date = EARLIEST, max_date: date = LATEST, **kwargs: Any) -> None:
        self.min_date, self.max_date = min_date, max_date
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, date):
            return value
        parts = [str(part or "").strip() for part in value or ()]
        if not any(parts):
            return None
        if missing := [name for name, part in zip(("day", "month", "year"), parts, strict=True) if not part]:
            raise ValidationError(
                self.error_messages["incomplete"], "incomplete", {"missing": " and a ".join(missing)}
            )
        day, month, year = parts
        if year.isdecimal() and len(year) != 4:
            raise ValidationError(self.error_messages["year"], "year")
        named = [
            number
            for number, word in enumerate(_MONTHS, 1)
            if len(month) > 2 and word.startswith(month.lower())
        ]
        try:
            return date(int(year), named[0] if named else int(month), int(day))
        except (ValueError, OverflowError):
            raise ValidationError(self.error_messages["unreal"], "unreal") from None

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is None:
            return
        if value < self.min_date:
            raise ValidationError(self.error_messages["early"], "early", {"limit": _said(self.min_date)})
        if value > self.max_date:
            raise ValidationError(self.error_messages["late"], "late", {"limit": _said(self.max_date)})

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


def _said(day: date) -> str:
    return date_format(day, "j E Y")


class _Refusing(forms.CharField):
    """Text whose limit is told and checked on the server; the page never cuts what somebody types or pastes."""

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)
        self.error_messages["max_length"] = _lazy(
            "That is %(show_value)s characters. Shorten it to %(limit_value)s; all of it is still here"
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {key: value for key, value in super().widget_attrs(widget).items() if key != "maxlength"}

    def to_python(self, value: Any) -> str | None:
        """Line ends as one character, so that the count here is the count on the screen."""
        text = super().to_python(value)
        return text.replace("\r\n", "\n") if text else text


class Words(_Refusing):
    """A text area with a running count."""

    widget = forms.Textarea

    def __init__(self, *, max_length: int = 2000, rows: int = 4, **kwargs: Any) -> None:
        self.rows = rows
        super().__init__(max_length=max_length, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget) | {"rows": self.rows, "cols": None}
        return {k: v for k, v in attrs.items() if v is not None} | {"data_limit": self.max_length}


class Lines(_Refusing):
    """One line of text."""

    def __init__(self, *, max_length: int = 200, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)


class BigChoices(forms.RadioSelect):
    """Radios as thumb-sized buttons, each with an optional picture and a line that says what it means."""

    template_name = "django/forms/widgets/big_choices.html"

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Any = (),
        *,
        descriptions: Mapping[Any, StrOrPromise] | None = None,
        pictures: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(attrs, choices)
        self.descriptions, self.pictures = dict(descriptions or {}), dict(pictures or {})

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        return option | {
            "description": self.descriptions.get(str(value), ""),
            "picture": self.pictures.get(str(value), ""),
        }


class BigTicks(forms.CheckboxSelectMultiple):
    """Boxes to tick as thumb-sized cards, each with a picture."""

    template_name = "django/forms/widgets/big_ticks.html"

    def __init__(self, *args: Any, pictures: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pictures = dict(pictures)

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        return option | {"picture": self.pictures.get(str(value), "")}
