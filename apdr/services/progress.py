"""Notes of steps tried."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from pupils import audit
from pupils.enums import Section
from pupils.errors import NotNow

from ..enums import Perspective
from ..models import NextStep, Progress
from . import sharing
from .common import begin, sent_before, speaks_as
from .scales import check_level


@transaction.atomic
def log_progress(
    *,
    step: NextStep,
    by: User,
    at: datetime,
    sent_key: UUID,
    value: int | None = None,
    note: str = "",
    on: date | None = None,
) -> Progress:
    """Note that a step was tried, on a day (today unless said), with a level, a sentence or both.

    The same form sent twice gives the first note. Raises NotNow, or ValidationError by field.
    """
    sight = begin(cycle=step.cycle, action="log_progress", act="log_progress", by=by, at=at)
    today = timezone.localdate(at)
    said: dict[str, Any] = {"step_id": step.pk, "value": value, "note": note.strip()}
    # A day that nobody chose is no other words: a line that dropped before midnight is mended after it.
    before, sent_key = sent_before(Progress, sent_key, by, said | ({"on": on} if on else {}))
    if before is not None:
        return before
    on = on or today
    if speaks_as(sight, Section.PLAN) in (Perspective.CHILD, Perspective.PARENT):
        latest = step.cycle.plan_versions.first()
        if latest is None or str(step.pk) not in sharing.step_ids(latest.content):
            raise NotNow(_("This step is not in the plan that was shared with you."))
    elif step.removed_at is not None:  # from the draft: a family has the step until the next version
        raise NotNow(_("This step has been taken off the plan."))
    if on > today:
        raise ValidationError({"on": _("Choose today or a day before it.")})
    if on < timezone.localdate(step.cycle.opened_at):
        raise ValidationError({"on": _("Choose a day after this plan was started.")})
    if value is None and not note.strip():
        raise ValidationError({"value": _("Choose a level, or write a sentence.")})
    check_level(step.scale, value)
    row = Progress(
        **said,
        on=on,
        perspective=speaks_as(sight, Section.PLAN),
        by=by,
        at=at,
        sent_key=sent_key,
    )
    row.full_clean()
    row.save()
    audit.record("progress noted", by=by, at=at, pupil=step.cycle.pupil, section=Section.PLAN, of=row)
    return row


@transaction.atomic
def withdraw_progress(*, progress: Progress, by: User, at: datetime) -> None:
    """Take back one's own note: it is no longer shown, and stays in the record."""
    cycle = progress.step.cycle
    begin(cycle=cycle, action="log_progress", act="log_progress", by=by, at=at)
    if progress.by_id != by.pk:
        raise NotNow(_("Only the person who wrote a note can take it back."))
    if Progress.objects.filter(pk=progress.pk, withdrawn_at=None).update(withdrawn_at=at):
        audit.record(
            "progress taken back", by=by, at=at, pupil=cycle.pupil, section=Section.PLAN, of=progress
        )
