"""What became of texts and letters that GOV.UK Notify took: asked of it, as it comes to no address of ours.

One that was found not to be deliverable for good is treated as one that was refused at once: its address is left alone,
and the SENCO sees it. A phone that was off for three days is not.
"""

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from notifications_python_client.errors import APIError

from accounts.enums import Channel

from . import channels, reminders
from .enums import LetterState
from .models import Message

log = structlog.get_logger(__name__)

#: GOV.UK Notify forgets after a week.
KNOWN_FOR = timedelta(days=7)
_FOR_GOOD = frozenset({"permanent-failure", "validation-failed"})
_OVER = frozenset({"delivered", "received", "temporary-failure", "technical-failure", "cancelled", "sent"})


def due(at: datetime) -> list[UUID]:
    """The texts and letters of which nobody knows yet what became of them, in any order: 1 query.

    A letter is under way for days: in an order of their own, letters would keep texts from being asked about.
    """
    found = Message.objects.filter(state=LetterState.SENT, receipt="", settled_at__gt=at - KNOWN_FOR)
    return list(found.exclude(channel=Channel.EMAIL).order_by("?").values_list("pk", flat=True))


def ask(*, message_id: UUID, at: datetime) -> str:
    """Ask what became of one, and write it down once it is known; the word of GOV.UK Notify, empty if it has none.

    May run twice. Raises NotTaken where GOV.UK Notify does not answer: it is asked again later.
    """
    try:
        found = channels.client().get_all_notifications(reference=str(message_id))["notifications"]
    except APIError as error:
        log.warning("receipt_not_given", message=str(message_id), status=error.status_code)
        raise channels.NotTaken(error.status_code) from error
    word = str(found[0]["status"])[:30] if found else ""
    if word in _FOR_GOOD:
        reminders.came_back(message_id=message_id, since=at - KNOWN_FOR, at=at, receipt=word)
    elif word in _OVER:
        Message.objects.filter(pk=message_id, state=LetterState.SENT).update(receipt=word)
    return word
