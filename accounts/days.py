"""A field for days that a school can mean: refused where the year must be a slip of the hand."""

from datetime import date
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _lazy

EARLIEST = date(1980, 1, 1)
LATEST = date(2099, 12, 31)
TOO_EARLY = _lazy("The date must be 1 January 1980 or later. Check the year")
TOO_LATE = _lazy("The date must be 31 December 2099 or earlier. Check the year")


class Day(models.DateField):
    """A date between `EARLIEST` and `LATEST`, checked by the model itself, so by every form, API and import.

    In the database it is a date like any other.
    """

    @property
    def validators(self) -> list[Any]:
        return [
            *super().validators,
            MinValueValidator(EARLIEST, TOO_EARLY),
            MaxValueValidator(LATEST, TOO_LATE),
        ]

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateField", args, kwargs
