"""Fields of the API that take exactly what the schema says: a number is not text, and a day is written one way."""

import re
from base64 import b64decode
from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

UUID_TEXT = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
DATE_TEXT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TIME_TEXT = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
INSTANT_TEXT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
NUMBER_TEXT = re.compile(r"-?[0-9]*(\.[0-9]*)?")


class Text(serializers.CharField):
    """Text. What is too long is refused as it was sent, spaces at its ends included."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if isinstance(data, str) and self.max_length is not None and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """A whole number, as a number."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return super().to_internal_value(data)


class YesNo(serializers.BooleanField):
    """true or false."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is not serializers.empty and data is not None and not isinstance(data, bool):
            self.fail("invalid", input=type(data).__name__)
        return super().run_validation(data)


class Amount(serializers.DecimalField):
    """A decimal number, as text, so that no penny is lost on the way."""

    default_error_messages = {"text": "Write the number as text, such as “12.50”."}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or not NUMBER_TEXT.fullmatch(data):
            self.fail("text")
        return super().to_internal_value(data)


class Id(serializers.UUIDField):
    """A UUID with its hyphens."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or not UUID_TEXT.fullmatch(data):
            self.fail("invalid", value=str(data)[:80].encode("ascii", "replace").decode())
        return super().to_internal_value(data)


class Day(serializers.DateField):
    """A day as YYYY-MM-DD."""

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str) or not DATE_TEXT.fullmatch(value):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


@extend_schema_field({"type": "string", "pattern": f"^{TIME_TEXT.pattern}$"})
class Clock(serializers.TimeField):
    """A time of day in London as HH:MM: without its distance from UTC it is no `time` of a schema."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"format": "%H:%M", "input_formats": ["%H:%M"], **kwargs})

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str) or not TIME_TEXT.fullmatch(value):
            self.fail("invalid", format="HH:MM")
        return super().to_internal_value(value)


class Instant(serializers.DateTimeField):
    """A day and time that says its distance from UTC."""

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str) or not INSTANT_TEXT.fullmatch(value):
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ss[+HH:MM|-HH:MM|Z]")
        return super().to_internal_value(value)


class Choice(serializers.ChoiceField):
    """One of a list of words. The refusal does not repeat what was sent: that may be no text at all."""

    default_error_messages = {"invalid_choice": "Choose one of the words in the schema."}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice")
        return super().to_internal_value(data)


class Named(serializers.PrimaryKeyRelatedField):  # type: ignore[type-arg]
    """A row by its id, out of `within(field name)` of the serializer's context: an id of anything else is not there."""

    default_error_messages = {
        "required": "This field is required.",
        "does_not_exist": "Choose one from this plan.",
        "incorrect_type": "Give the id.",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(pk_field=Id(), **kwargs)

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        within = self.context.get("within", {})
        return rows.filter(within[self.source]) if self.source in within else rows.none()


class Exact:
    """A serializer of a model whose fields are the ones above."""

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.CharField: Text,
        models.TextField: Text,
        models.IntegerField: Whole,
        models.PositiveIntegerField: Whole,
        models.PositiveSmallIntegerField: Whole,
        models.SmallIntegerField: Whole,
        models.BooleanField: YesNo,
        models.DecimalField: Amount,
        models.UUIDField: Id,
        models.DateField: Day,
        models.TimeField: Clock,
        models.DateTimeField: Instant,
    }
    serializer_choice_field = Choice
    serializer_related_field = Named


#: The base64 of a file leaves room in a body (`DATA_UPLOAD_MAX_MEMORY_SIZE`) for the words beside it.
LONGEST_CONTENT = 5 * 1024 * 1024


class FileContent(Text):
    """A file in base64, as the bytes that were meant."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_CONTENT, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        try:
            return b64decode(super().to_internal_value(data), validate=True)
        except ValueError:
            raise serializers.ValidationError("Send the file in base64.") from None
