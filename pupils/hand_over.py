"""Getting ready for the day on which a young person begins to decide: what was talked about."""

from datetime import date, datetime
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User

from . import audit, policy
from .errors import OUT_OF_DATE
from .models import HandOverTalk, Pupil


@transaction.atomic
def record_talk(
    *, pupil: Pupil, on: date, with_whom: str, how: str, key: UUID, by: User, at: datetime
) -> HandOverTalk:
    """Write down a talk about what changes on the day, with `key` as its id: a form sent twice is one talk.

    The same form sent again with other words is another talk, with an id made out of them.
    Raises Http404, NotThisSection, and ValidationError by field.
    """
    policy.require(by, "prepare_hand_over", pupil, at)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    said = {"on": on, "with_whom": with_whom.strip(), "how": how.strip()}
    while before := HandOverTalk.objects.filter(pk=key).first():
        if before.recorded_by_id != by.pk or before.pupil_id != pupil.pk:
            raise ValidationError(OUT_OF_DATE)
        if all(getattr(before, name) == value for name, value in said.items()):
            return before
        key = uuid5(key, "\n".join(map(str, said.values())))
    if on > timezone.localdate(at):
        raise ValidationError({"on": _("Choose today or a day before it.")})
    if on < pupil.date_of_birth:
        raise ValidationError({"on": _("Choose a day in their lifetime.")})
    talk = HandOverTalk(pk=key, pupil=pupil, recorded_by=by, at=at, **said)
    talk.full_clean()
    talk.save(force_insert=True)
    audit.record("hand-over talked about", by=by, at=at, pupil=pupil, of=talk)
    return talk
