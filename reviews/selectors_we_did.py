"""You said, we did, of one pupil at any time: what somebody said, oldest without an answer first, and what was done."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from apdr.enums import HowObtained, Perspective
from apdr.models import View
from apdr.selectors_voice import KINDS, kinds_open, with_all
from apdr.services.common import views_heard
from pupils import policy

from .models import WhatWeDid
from .selectors_room import Said, said_row

#: What a child or their family said waits so long before whoever coordinates is reminded that it has no answer, and no
#: longer than a year.
ANSWER_WITHIN, FORGOTTEN = timedelta(days=30), timedelta(days=365)
#: So many stand on the page at once; the next come once these are answered.
MOST = 8


def unanswered(at: datetime) -> QuerySet[View, View]:
    """What children and families said within a year, in words or otherwise, that nobody answered yet."""
    answered = WhatWeDid.objects.filter(view=OuterRef("pk"))
    return View.objects.filter(
        ~Exists(answered),
        perspective__in=[Perspective.CHILD, Perspective.PARENT],
        at__gt=at - FORGOTTEN,
        at__lte=at,
    ).exclude(how=HowObtained.DECLINED)


def waiting(sight: policy.Sight, also: Iterable[UUID] = ()) -> list[Said]:
    """What has no answer yet and this person hears, oldest first, and what else a form is about: 1 query.

    A form that is posted twice is about something that has its answer by then.
    """
    waits = Q(pk__in=unanswered(sight.at).filter(pupil=sight.pupil).values("pk")) | Q(pk__in=list(also))
    rows = with_all(View.objects.filter(waits, views_heard(sight), pupil=sight.pupil))
    return [said_row(row, sight, None) for row in rows.order_by("at")[:MOST]]


def answered(sight: policy.Sight) -> list[View]:
    """What was answered and this person hears, newest first: 1 query."""
    rows = View.objects.filter(views_heard(sight), pupil=sight.pupil, what_we_did__isnull=False)
    return list(with_all(rows.distinct().order_by("-at"))[:MOST])


def answers(sight: policy.Sight) -> list[Said]:
    """`answered`, each with its answer as a program reads it: 2 queries."""
    found = answered(sight)
    latest = {row.view_id: row for row in WhatWeDid.objects.filter(view__in=found).order_by("at")}
    return [said_row(row, sight, latest[row.pk]) for row in found]


def changed(value: str, sight: policy.Sight) -> dict[str, Any]:
    """What an answer says that it changed, out of `kind:id`: the one field and its row. Raises Http404 for none of this pupil's."""
    if not value:
        return {}
    kind, _sep, pk = value.partition(":")
    found = KINDS[kind].objects.filter(of_pupil(kind, sight), pk=pk).select_related("cycle").first()
    if found is None:
        raise Http404
    return {kind: found}


def view(pk: UUID, sight: policy.Sight) -> View:
    """A view of this pupil that this person hears. Raises Http404."""
    found = View.objects.filter(views_heard(sight), pk=pk, pupil=sight.pupil).first()
    if found is None:
        raise Http404
    return found


def latest(row: View) -> WhatWeDid:
    """The answer that stands."""
    return WhatWeDid.objects.filter(view=row).order_by("-at")[0]


def of_pupil(kind: str, sight: policy.Sight) -> Q:
    """What of the plan an answer can say that it changed: nothing of a part that is closed."""
    if kind not in kinds_open(sight):
        return Q(pk=None)
    return Q(cycle__pupil=sight.pupil, removed_at=None)
