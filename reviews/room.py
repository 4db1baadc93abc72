"""The review in the room: what is kept while people talk, and what becomes of what they said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from apdr.models import Cycle, View
from apdr.services.common import begin, views_heard
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
    """What is done about one thing that was said. `seen` is the answer that stood when it was written.

    `changed` holds the outcome, step or strategy that it changed in the plan, under that name.
    """

    to: View | Judgement | Contribution
    words: str
    seen: UUID | None = None
    changed: Mapping[str, Any] = field(default_factory=dict)


class Overtaken(ValidationError):
    """Somebody else answered meanwhile: `by_thing` holds, by the id of what was said, the answer that stands now."""

    def __init__(self, by_thing: dict[UUID, WhatWeDid]) -> None:
        self.by_thing = by_thing
        super().__init__(_("Somebody else wrote this meanwhile."))


@transaction.atomic
def answer_said(*, pupil: Pupil, answers: Iterable[Answered], by: User, at: datetime) -> list[WhatWeDid]:
    """Say what is done about things that were said: all of it is written down, or none.

    Whoever holds the review does, and of views also whoever teaches and hears them. What stands already is not written
    again, so that a form posted twice makes one row. Raises Overtaken, and Http404 for a view that does not reach them.
    """
    given = list(answers)
    only_views = bool(given) and all(isinstance(one.to, View) for one in given)
    sight = policy.require(by, "record_views" if only_views else "hold_review", pupil, at)
    policy.passed(sight, Section.VIEWS)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    stands = {row.about_id: row for row in pupil.what_we_did.order_by("at")}
    overtaken, made = {}, []
    for one in given:
        before = stands.get(one.to.pk)
        words, changed = one.words.strip(), {name: one.changed.get(name) for name in CHANGES}
        if not words or (before is not None and _same(before, words, changed)):
            continue
        if (before.pk if before else None) != one.seen:
            if before is None:
                raise ValidationError({"seen": _("This form is out of date. Open the page again.")})
            overtaken[one.to.pk] = before
            continue
        made.append(
            WhatWeDid(pupil=pupil, words=words, by=by, at=at, **{KINDS[type(one.to)]: one.to}, **changed)
        )
    if overtaken:
        raise Overtaken(overtaken)
    for row in made:
        if _pupil_of(row) != pupil.pk:
            raise ValidationError(_("This is not something that was said about this child."))
        if row.view is not None and not View.objects.filter(views_heard(sight), pk=row.view.pk).exists():
            raise Http404
        if any(item is not None and item.cycle.pupil_id != pupil.pk for item in _changed(row)):
            raise ValidationError({"changed": _("Choose something from this plan.")})
        row.full_clean()
        row.save()
        audit.record("what we did said", by=by, at=at, pupil=pupil, section=Section.REVIEWS, of=row)
    return made


#: What an answer can say that it changed.
CHANGES = ("outcome", "step", "strategy")


def _changed(row: WhatWeDid) -> list[Any]:
    return [getattr(row, name) for name in CHANGES]


def _same(before: WhatWeDid, words: str, changed: Mapping[str, Any]) -> bool:
    return before.words == words and all(
        getattr(before, f"{name}_id") == (item.pk if item is not None else None)
        for name, item in changed.items()
    )


def _pupil_of(row: WhatWeDid) -> UUID:
    if row.view is not None:
        return row.view.pupil_id
    of = row.judgement if row.judgement is not None else row.contribution.review  # type: ignore[union-attr]
    return of.cycle.pupil_id
