"""E-mails that each of their readers is sent once, about one row of the record: that they were is written beside it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.db import models, transaction

from accounts import mail
from accounts.models import User

from . import audit
from .models import AuditEvent, ChoiceSheet, SharingRequest

#: An e-mail is left to the task that was given out for it, and tried again for so long where that came to nothing: the
#: broker was away, or the mail server for longer than the task tried, or its reader is left in peace until the morning.
ITS_OWN_TASK, TRIED_AGAIN = timedelta(minutes=15), timedelta(days=7)
#: So many are tried again at a time.
AT_A_TIME = 500


def once(
    row: ChoiceSheet | SharingRequest, person: User, send: Callable[[], None], *, what: str, at: datetime
) -> bool:
    """Send somebody the e-mail about a row, unless it was sent to them, or refused for good, before; whether it was.

    `what` names it among the audit events. Of several who do this at once one sends. Raises OSError where it is to be
    tried again.
    """
    with transaction.atomic():
        type(row)._default_manager.select_for_update(no_key=True).get(pk=row.pk)
        if settled(row, what).filter(detail__to=str(person.pk)).exists():
            return False
        told: dict[str, Any] = {"by": None, "at": at, "pupil": row.pupil, "of": row, "to": str(person.pk)}
        try:
            send()
        except SMTPRecipientsRefused as error:
            codes = mail.refused_for_good(error)
            if not codes:
                raise
            audit.record(f"{what} refused", codes=codes, **told)
            return False
        audit.record(f"{what} sent", **told)
    return True


def settled(row: ChoiceSheet | SharingRequest, what: str) -> models.QuerySet[AuditEvent]:
    """What was written down of an e-mail about a row that needs no other try."""
    return AuditEvent.objects.filter(verb__in=[f"{what} sent", f"{what} refused"], object_id=row.pk)


def due(at: datetime, when: str) -> models.Q:
    """What was written long enough ago, by the field that says when, to be tried again, and not too long."""
    return models.Q(**{f"{when}__gt": at - TRIED_AGAIN, f"{when}__lte": at - ITS_OWN_TASK})
