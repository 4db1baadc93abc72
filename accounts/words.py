"""A field for people's words: refused when too long, never cut."""

from typing import Any

from django.core.validators import MaxLengthValidator
from django.db import models

LIMIT = 2000


class Words(models.TextField):
    """Text of at most `limit` characters, checked by the model itself, so by every form, API and import.

    Its form field carries no `maxlength`: a browser would cut what is pasted.
    """

    def __init__(self, *args: Any, limit: int = LIMIT, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limit = limit

    @property
    def validators(self) -> list[Any]:
        return [
            *super().validators,
            MaxLengthValidator(
                self.limit, f"Use {self.limit:,} characters or fewer. Nothing you wrote has been cut or lost."
            ),
        ]

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.limit != LIMIT:
            kwargs["limit"] = self.limit
        return name, path, args, kwargs
