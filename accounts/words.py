"""A field for people's words: refused when too long, never cut. And words of ours before anybody reads them."""

from typing import TYPE_CHECKING, Any

from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise
else:
    StrOrPromise = str | Promise

LIMIT = 2000
#: The language of the record, of the API and of files that are brought in: what is kept does not change with its reader.
RECORD = "en-gb"


def english(words: StrOrPromise) -> str:
    """Our own words as the record keeps them, whatever language they are read in now."""
    with translation.override(RECORD):
        return str(words)


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
                self.limit,
                _("Use %(limit)s characters or fewer. Nothing you wrote has been cut or lost.")
                % {"limit": f"{self.limit:,}"},
            ),
        ]

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.limit != LIMIT:
            kwargs["limit"] = self.limit
        return name, path, args, kwargs
