"""Writing down a change to somebody's own account, in the transaction of the change.

What changes around pupils and settings is written by `pupils.audit`, which this app may not call.
"""

from datetime import datetime
from typing import Any

from django.db import models, transaction

from .models import AccountEvent, User


def record(
    verb: str, *, person: User, by: User | None, at: datetime, of: models.Model | None = None, **detail: Any
) -> AccountEvent:
    """Write one event of a person's account. `detail` holds names of fields and codes, never anybody's words.

    Raises RuntimeError outside a transaction: a change and its event stand or fall together.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An event is written in the transaction of the change.")
    return AccountEvent.objects.create(
        verb=verb,
        person=person,
        by=by,
        at=at,
        object_type=of._meta.model_name or "" if of is not None else "",
        object_id=str(of.pk) if of is not None else "",
        detail=detail,
    )
