"""Trying to send what waits in rows (`HandOverLetter`, `Message`) until it is sent or needs no sending.

A row is taken for a while; whatever becomes of whoever took it, it can be tried again once its pause is over.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from accounts import quiet
from accounts.models import User

from .enums import LetterState
from .models import HandOverLetter, Message

#: So long after a try the next one may begin, at first, and at most; a pause is up to a quarter longer, by the row.
PAUSE, LONGEST_PAUSE = timedelta(minutes=15), timedelta(days=1)


def pause(row: HandOverLetter | Message) -> timedelta:
    """How long a row is left after the next try. Those that failed together are not tried again together."""
    longer = 1 + row.pk.int % 1000 / 4000
    return min(PAUSE * 2 ** min(row.attempts, 10), LONGEST_PAUSE) * longer


def due(
    rows: type[HandOverLetter] | type[Message],
    at: datetime,
    but: Callable[[User], bool] = lambda person: False,
) -> list[UUID]:
    """Those that may be tried now, oldest first, but for those in whose reader's quiet hours it is, or `but` says so: 1 query.

    Those whose sender was killed are among them once their pause is over.
    """
    waiting = rows._default_manager.filter(state=LetterState.PLANNED, next_at__lte=at)
    found = waiting.select_related("person__preferences").order_by(*rows._meta.ordering, "pk")
    return [row.pk for row in found if not quiet.now(row.person, at) and not but(row.person)]


def claim(rows: type[HandOverLetter] | type[Message], pk: UUID, at: datetime) -> bool:
    """Take one that is due: nobody else has it until its pause is over. Whether it was there to be taken."""
    waiting = rows._default_manager.filter(pk=pk, state=LetterState.PLANNED, next_at__lte=at)
    row = waiting.select_related("person__preferences").first()
    if row is None or quiet.now(row.person, at):
        return False
    return bool(waiting.update(attempts=F("attempts") + 1, next_at=at + pause(row)))
