"""One row on its way from the file to the record: what was read, what is wrong, what it would do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.models import Setting, User
from accounts.words import StrOrPromise

from ..enums import ImportKind, Outcome
from .cells import UnclearError
from .columns import COLUMNS, Column
from .reading import Row


@dataclass(frozen=True)
class Task:
    """What is brought in where, by whom and when. `lock` holds the rows that are there until the end."""

    kind: ImportKind
    setting: Setting
    by: User
    at: datetime
    leaves_other_classes: bool = False
    lock: bool = False


@dataclass
class Line:
    """A row. `problems` are (column key, sentence, only a warning); `changes` hold, by column key, before and after.

    `work` is what the applying of this kind needs, and is kept nowhere.
    """

    row: Row
    columns: dict[str, Column]
    problems: list[tuple[str, str, bool]] = field(default_factory=list)
    changes: dict[str, list[Any]] = field(default_factory=dict)
    outcome: Outcome = Outcome.SAME
    about: UUID | None = None
    work: Any = None

    def text(self, key: str) -> str:
        return self.row.cells.get(key, "")

    def wrong(self, key: str, sentence: StrOrPromise) -> None:
        self.problems.append((key, str(sentence), False))

    def warn(self, key: str, sentence: StrOrPromise) -> None:
        self.problems.append((key, str(sentence), True))

    @property
    def is_wrong(self) -> bool:
        return any(not warning for __, __, warning in self.problems)

    def value(self, key: str, reader: Callable[[str], Any]) -> Any:
        """A cell as `reader` reads it; None where it is empty or cannot be read, which is then written down."""
        text = self.text(key)
        if not text:
            return None
        try:
            return reader(text)
        except UnclearError as error:
            self.wrong(key, str(error))
        except ValidationError as error:
            self.wrong(key, error.messages[0])
        return None

    def check(self, key: str, rule: Callable[[], None]) -> None:
        """Write down what a rule has against a cell."""
        try:
            rule()
        except ValidationError as error:
            self.wrong(key, error.messages[0])

    def words(self, key: str, model: type[Model], name: str = "", *, lines: bool = False) -> str:
        """A cell as it is, refused where it is longer than the field of a model that it goes into."""
        text = self.text(key)
        column = model._meta.get_field(name or key)
        limit = int(getattr(column, "max_length", None) or getattr(column, "limit", None) or 2000)
        if len(text) > limit:
            self.wrong(
                key,
                _("This is %(text)s characters. Shorten it to %(limit)s; nothing is cut for you.")
                % {"text": f"{len(text):,}", "limit": limit},
            )
        if "\n" in text and not lines:
            self.wrong(key, _("This has a line break in it. Write it in one line."))
        return text

    def email(self, key: str = "email") -> str:
        """An e-mail address in lower case; empty where there is none or it is wrong."""
        text = self.text(key).lower()
        if not text:
            return ""
        try:
            validate_email(text)
        except ValidationError:
            self.wrong(key, _("This is not an e-mail address. Write one such as sam@example.org."))
            return ""
        if len(text) > 254:
            self.wrong(key, _("This e-mail address is too long."))
            return ""
        return text

    def settle(self, *, new: bool) -> None:
        """What the row does, once everything is known."""
        if self.is_wrong:
            self.outcome, self.changes, self.work = Outcome.WRONG, {}, None
        elif new:
            self.outcome = Outcome.ADD
        else:
            self.outcome = Outcome.CHANGE if self.changes else Outcome.SAME


def lines_of(kind: ImportKind, rows: list[Row]) -> list[Line]:
    """A line for each row, with what is missing from it."""
    columns = {c.key: c for c in COLUMNS[kind]}
    lines = [Line(row, columns) for row in rows]
    for line in lines:
        if line.row.too_many:
            line.wrong(
                "",
                _(
                    "This row has more cells than there are headings. Is a cell with a comma in quotation marks?"
                ),
            )
        for c in columns.values():
            if c.needed and not line.text(c.key):
                line.wrong(c.key, _("This is empty. %(hint)s") % {"hint": c.hint})
    return lines


def once(seen: dict[Any, int], key: Any, line: Line, column: str, what: str) -> bool:
    """Whether a key comes up for the first time; the second row of two is wrong."""
    if key in seen:
        line.wrong(
            column,
            _("%(what)s is on row %(seen)s already. Keep one of the two rows.")
            % {"what": what, "seen": seen[key]},
        )
        return False
    seen[key] = line.row.number
    return True
