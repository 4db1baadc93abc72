"""What a service says when it will not."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _lazy

from accounts.errors import Stale

__all__ = ["NotNow", "Stale", "require_same"]

OUT_OF_DATE = _lazy("This form is out of date. Open the page again.")
SAVED_ALREADY = _lazy(
    "This was saved already, and you have changed it since. Open the page again to write another."
)


class NotNow(Exception):
    """The record is not in a state for this. The message says what to do instead."""


def require_same(row: Model, whose: dict[str, Any], said: dict[str, Any]) -> None:
    """Pass where a form that made this row is sent once more as it was.

    Raises ValidationError where the row is of somebody else or about somebody else (`whose`), and where something else
    is `said` now: nobody is to believe that it was saved.
    """
    if any(getattr(row, name) != value for name, value in whose.items()):
        raise ValidationError(OUT_OF_DATE)
    if any(getattr(row, name) != value for name, value in said.items()):
        raise ValidationError(SAVED_ALREADY)


class Clashes(ValidationError):
    """Something else is at the same time, by field: it is done all the same where whoever does it says so."""
