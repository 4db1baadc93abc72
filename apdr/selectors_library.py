"""What the pages of a library of strategies show."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from accounts.enums import Phase
from accounts.models import Setting
from pupils import policy
from pupils.enums import Section

from .enums import SchoolPhase
from .models import HomeOffer, HomeOfferAnswer, LibraryStrategy

ON_A_PAGE = 20
#: The filter that shows what is not offered any more.
RETIRED = "retired"
#: The phase that the pupils of a setting are in, where it is one.
PHASE_OF = {
    Phase.EARLY_YEARS: SchoolPhase.EARLY_YEARS,
    Phase.PRIMARY: SchoolPhase.PRIMARY,
    Phase.SECONDARY: SchoolPhase.SECONDARY,
    Phase.SIXTH_FORM: SchoolPhase.POST_16,
    Phase.COLLEGE: SchoolPhase.POST_16,
}


@dataclass(frozen=True)
class Page:
    rows: list[LibraryStrategy]
    after: UUID | None
    earlier: bool


def strategy(strategy_id: UUID) -> LibraryStrategy:
    """A strategy of a library with its setting. Raises Http404; who may read it is asked elsewhere."""
    row = LibraryStrategy.objects.select_related("setting").filter(pk=strategy_id).first()
    if row is None:
        raise Http404
    return row


def found(
    setting: Setting, *, q: str = "", area: str = "", phase: str = "", source: str = ""
) -> QuerySet[LibraryStrategy]:
    """The strategies of a library that have each of these words, are for a phase, and so on, by their words."""
    rows = LibraryStrategy.objects.filter(setting=setting, retired_at__isnull=source != RETIRED)
    for word in q.split():
        rows = rows.filter(Q(words__icontains=word) | Q(how__icontains=word))
    if area:
        rows = rows.filter(area=area)
    if phase:
        rows = rows.filter(phases__contains=[phase])
    if source and source != RETIRED:
        rows = rows.filter(source=source)
    return rows.order_by("words", "pk")


def page(rows: QuerySet[LibraryStrategy], after: str = "") -> Page:
    """Some of them, from after one of them on. An `after` that is none begins again."""
    start = _by_id(rows, after)
    if start is not None:
        rows = rows.filter(Q(words__gt=start.words) | Q(words=start.words, pk__gt=start.pk))
    some = list(rows[: ON_A_PAGE + 1])
    more, some = len(some) > ON_A_PAGE, some[:ON_A_PAGE]
    return Page(some, some[-1].pk if more else None, start is not None)


def _by_id(rows: QuerySet[LibraryStrategy], after: str) -> LibraryStrategy | None:
    try:
        return rows.filter(pk=UUID(after)).first() if after else None
    except ValueError:
        return None


def is_empty(setting: Setting) -> bool:
    """Whether nothing was ever put in a library."""
    return not LibraryStrategy.objects.filter(setting=setting).exists()


def offer(offer_id: UUID) -> HomeOffer:
    """What was offered for home, with its pupil. Raises Http404."""
    row = HomeOffer.objects.select_related("cycle__pupil").filter(pk=offer_id).first()
    if row is None:
        raise Http404
    return row


def offers(sight: policy.Sight) -> list[dict[str, Any]]:
    """What was offered to a pupil's family for home, newest first, with each person's latest answer that this person
    hears: 2 queries.
    """
    rows = list(HomeOffer.objects.filter(cycle__pupil=sight.pupil).select_related("by"))
    said = (
        HomeOfferAnswer.objects.filter(sight.heard(Section.STRATEGIES), offer__in=rows)
        .select_related("by")
        .order_by("offer_id", "by_id", "-at")
        .distinct("offer_id", "by_id")
    )
    by_offer: dict[UUID, list[HomeOfferAnswer]] = {}
    for answer in said if rows else []:
        by_offer.setdefault(answer.offer_id, []).append(answer)
    return [
        {
            "offer": row,
            "answers": by_offer.get(row.pk, []),
            "mine": next((a for a in by_offer.get(row.pk, []) if a.by_id == sight.person.pk), None),
        }
        for row in rows
    ]
