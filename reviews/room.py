"""The review in the room: what is kept while people talk, and what becomes of what they said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.models import User
from apdr.models import Cycle, View
from apdr.services.common import begin
from pupils import audit, policy
from pupils.enums import Section
from pupils.models import Pupil
from pupils.services import save_version

from .models import Contribution, Deciding, Judgement, WhatWeDid


@transaction.atomic
def decide_so_far(*, cycle: Cycle, version: int, by: User, at: datetime, **fields: Any) -> Deciding:
    """Keep what is decided so far, none of which has to be whole; `version` is 0 where nothing was kept.

    `statuses` holds by a step's id what becomes of it. Nothing of it counts until `services.close_cycle`. Raises
    Stale, NotNow outside the review, and ValidationError by field.
    """
    begin(cycle=cycle, action="hold_review", act="decide", by=by, at=at)
    kept = Deciding.objects.filter(cycle=cycle).first()
    if kept is None:
        kept = Deciding(cycle=cycle, by=by, at=at, **fields)
        kept.full_clean()
        kept.save()
        changed = sorted(fields)
    else:
        changed = save_version(kept, version, fields)
    if changed:
        audit.record(
            "decision kept", by=by, at=at, pupil=cycle.pupil, section=Section.REVIEWS, of=kept, fields=changed
        )
    return kept


#: What can be answered, and what an answer calls it.
KINDS: dict[type[Model], str] = {View: "view", Judgement: "judgement", Contribution: "contribution"}


@dataclass(frozen=True)
class Answered:
    """What is done about one thing that was said. `seen` is the answer that stood when it was written."""

    to: View | Judgement | Contribution
    words: str
    seen: UUID | None = None


class Overtaken(ValidationError):
    """Somebody else answered meanwhile: `by_thing` holds, by the id of what was said, the answer that stands now."""

    def __init__(self, by_thing: dict[UUID, WhatWeDid]) -> None:
        self.by_thing = by_thing
        super().__init__(_("Somebody else wrote this meanwhile."))


@transaction.atomic
def answer_said(*, pupil: Pupil, answers: Iterable[Answered], by: User, at: datetime) -> list[WhatWeDid]:
    """Say what is done about things that were said: all of it is written down, or none.

    What stands already is not written again, so that a form posted twice makes one row. Raises Overtaken.
    """
    policy.require(by, "hold_review", pupil, at)
    policy.require(by, Section.VIEWS, pupil, at)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    given = list(answers)
    stands = {row.about_id: row for row in pupil.what_we_did.order_by("at")}
    overtaken, made = {}, []
    for one in given:
        before = stands.get(one.to.pk)
        words = one.words.strip()
        if not words or (before is not None and before.words == words):
            continue
        if (before.pk if before else None) != one.seen:
            if before is None:
                raise ValidationError({"seen": _("This form is out of date. Open the page again.")})
            overtaken[one.to.pk] = before
            continue
        made.append(WhatWeDid(pupil=pupil, words=words, by=by, at=at, **{KINDS[type(one.to)]: one.to}))
    if overtaken:
        raise Overtaken(overtaken)
    for row in made:
        if _pupil_of(row) != pupil.pk:
            raise ValidationError(_("This is not something that was said about this child."))
        row.full_clean()
        row.save()
        audit.record("what we did said", by=by, at=at, pupil=pupil, section=Section.REVIEWS, of=row)
    return made


def _pupil_of(row: WhatWeDid) -> UUID:
    if row.view is not None:
        return row.view.pupil_id
    of = row.judgement if row.judgement is not None else row.contribution.review  # type: ignore[union-attr]
    return of.cycle.pupil_id
