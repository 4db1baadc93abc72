"""The one way to write down a change, in the transaction of the change."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models, transaction

from accounts.models import Setting, User

from .enums import Section
from .models import AuditEvent, Pupil


def record(
    verb: str,
    *,
    by: User | None,
    at: datetime,
    pupil: Pupil | None = None,
    setting: Setting | None = None,
    section: Section | str = "",
    of: models.Model | None = None,
    **detail: Any,
) -> AuditEvent:
    """Write one audit event. `detail` holds names of fields and codes, never anybody's words.

    Raises RuntimeError outside a transaction: a change and its event stand or fall together.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit event is written in the transaction of the change.")
    return AuditEvent.objects.create(
        verb=verb,
        by=by,
        at=at,
        pupil=pupil,
        setting=setting,
        section=section,
        object_type=of._meta.model_name or "" if of is not None else "",
        object_id=of.pk if of is not None else None,
        detail=detail,
    )


def record_many(events: Iterable[AuditEvent]) -> None:
    """Write events of many changes at once, for what comes in by the thousand. Raises RuntimeError as `record`."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit event is written in the transaction of the change.")
    AuditEvent.objects.bulk_create(events, batch_size=1000)
