"""How a child's day went: a short form a day in early years, in the thread with home."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import Phase
from accounts.models import User
from apdr.enums import Perspective
from pupils import audit, policy
from pupils.enums import Section
from pupils.errors import NotNow, Stale
from pupils.models import Enrolment, Pupil

from . import photos
from .enums_updates import UpdateKind
from .models import Daily, Update
from .services import add_photos, as_staff

#: Year groups before school, wherever they are.
NURSERY = ("E1", "E2", "N1", "N2")


def has_daily(pupil: Pupil, at: datetime) -> bool:
    """Whether a pupil is of nursery years now, or in an early-years setting: 1 query."""
    here = Enrolment.objects.on(timezone.localdate(at)).filter(pupil=pupil).select_related("setting").first()
    return here is not None and (here.setting.phase == Phase.EARLY_YEARS or here.year_group in NURSERY)


def of_today(pupil: Pupil, at: datetime) -> Daily | None:
    """The form of a child's day, where one is written: 1 query."""
    return (
        Daily.objects.filter(update__pupil=pupil, update__on=timezone.localdate(at))
        .select_related("update__by", "update__pupil", "edited_by")
        .first()
    )


@transaction.atomic
def write_daily(
    *,
    pupil: Pupil,
    by: User,
    at: datetime,
    sent_key: UUID,
    version: int = 0,
    here: bool = True,
    ate: str = "",
    slept: str = "",
    mood: str = "",
    tried: str = "",
    enjoyed: str = "",
    words: str = "",
    sent: Sequence[photos.Sent] = (),
) -> Daily:
    """Write today's form, or change it on the same day: `version` is the one that was on the page, 0 where none was.

    Of a child who was not there nothing else is said. Photos are added where there are none yet. The same form sent
    twice changes nothing. Raises Stale where somebody else wrote it meanwhile, NotNow for a child who is too old for
    one, and ValidationError by field.
    """
    sight = policy.require(by, "write_update", pupil, at)
    if not as_staff(sight):
        raise policy.NotThisSection(pupil)
    if not has_daily(pupil, at):
        raise NotNow(_("The daily form is for early years. Write an update instead."))
    ready = photos.make_ready(sent)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    said: dict[str, Any] = {"here": here, "ate": ate, "slept": slept, "mood": mood, "tried": tried.strip()}
    message = {"good_thing": enjoyed.strip(), "words": words.strip()}
    if not here:
        if ready or any([ate, slept, mood, said["tried"], *message.values()]):
            raise ValidationError(
                {"here": _("Say nothing else of a child who was not there, or choose “Was here”")}
            )
    elif not any([ate, slept, mood, said["tried"], *message.values()]):
        raise ValidationError({"mood": _("Say something of the day first")})
    now = of_today(pupil, at)
    if not here and now is not None and now.update.photo_digest:
        raise ValidationError({"here": _("Today’s form has a photo, so the child was here")})
    if now is None:
        if version:
            raise NotNow(_("This form is of another day. Open the page again."))
        return _first(pupil, by, at, sent_key, said, message, ready)
    if _same(now, said, message, ready) and by.pk in (now.edited_by_id, now.update.by_id):
        return now
    if now.version != version:
        raise Stale(now, {**said, **message}, by=now.edited_by_id or now.update.by_id)
    _change(now, by, at, said, message, ready)
    return now


def _change(
    now: Daily,
    by: User,
    at: datetime,
    said: dict[str, Any],
    message: dict[str, str],
    ready: list[photos.Ready],
) -> None:
    update = now.update
    if ready and update.photo_digest not in ("", photos.digest_of(ready)):
        raise ValidationError({"photo": _("Today’s form has a photo already")})
    fields = [name for name, value in said.items() if getattr(now, name) != value]
    fields += [name for name, value in message.items() if getattr(update, name) != value]
    for name, value in said.items():
        setattr(now, name, value)
    for name, value in message.items():
        setattr(update, name, value)
    now.edited_by, now.version, update.edited_at = by, now.version + 1, at
    update.full_clean()
    now.full_clean(exclude=["update"])
    if ready and not update.photo_digest:
        update.photo_digest = photos.digest_of(ready)
        add_photos(update, ready)
        fields.append("photo")
    update.save()
    now.save()
    audit.record(
        "daily form changed",
        by=by,
        at=at,
        pupil=update.pupil,
        section=Section.UPDATES,
        of=update,
        fields=sorted(fields),
    )


def _same(now: Daily, said: dict[str, Any], message: dict[str, str], ready: list[photos.Ready]) -> bool:
    return (
        all(getattr(now, name) == value for name, value in said.items())
        and all(getattr(now.update, name) == value for name, value in message.items())
        and (not ready or now.update.photo_digest == photos.digest_of(ready))
    )


def _first(
    pupil: Pupil,
    by: User,
    at: datetime,
    sent_key: UUID,
    said: dict[str, Any],
    message: dict[str, str],
    ready: list[photos.Ready],
) -> Daily:
    update = Update(
        pupil=pupil,
        kind=UpdateKind.DAILY,
        perspective=Perspective.STAFF,
        by=by,
        on=timezone.localdate(at),
        at=at,
        sent_key=sent_key,
        photo_digest=photos.digest_of(ready),
        **message,
    )
    update.full_clean()
    row = Daily(update=update, **said)
    row.full_clean(exclude=["update"])
    update.save()
    row.save()
    add_photos(update, ready)
    audit.record("daily form written", by=by, at=at, pupil=pupil, section=Section.UPDATES, of=update)
    return row
