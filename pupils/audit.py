"""The one way to write down a change, in the transaction of the change."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models, transaction

from accounts.errors import Stale
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


def is_own(stale: Stale, person: User) -> bool:
    """Whether what was saved first was this person's own, as from another tab: 1 query at most.

    Whose it was is read off the row, or off the last event of it, which says which fields were changed. Where neither
    says, it was somebody else's.
    """
    if stale.by is not None:
        return bool(stale.by == person.pk)
    rows = AuditEvent.objects.filter(object_id=stale.now.pk, object_type=stale.now._meta.model_name or "")
    last = rows.order_by("-at", "-pk").first()
    return last is not None and last.by_id == person.pk and "fields" in last.detail
