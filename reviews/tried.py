"""How often strategies of a library were tried and helped, in words that tell of nobody (docs/decisions/0015)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Setting
from pupils import policy
from pupils.clocks import midnight
from pupils.models import Enrolment

from .enums import Rating
from .models import Judgement

#: Fewer than so many pupils are "a few"; from there on numbers are rounded down to a multiple of it.
FEW = 5
#: The months on whose first day the numbers of a term that is over are added, all at once.
TERMS_BEGIN = (1, 4, 9)
_HELPED, _NOT = [Rating.LOT, Rating.BIT], [Rating.NOT_YET]


@dataclass(frozen=True)
class Tried:
    """Of how many pupils something was judged, and of how many of them to have helped. Neither leaves here as it is."""

    pupils: int = 0
    helped: int = 0

    @property
    def words(self) -> str:
        """What anybody is told."""
        if not self.pupils:
            return ""
        if self.pupils < FEW:
            return _("Tried with a few pupils.")
        tried = _("Tried with %(number)s pupils or more.") % {"number": self.pupils // FEW * FEW}
        if self.helped < FEW:
            return _("%(tried)s It helped fewer than 5 of them.") % {"tried": tried}
        if self.pupils - self.helped < FEW:
            return _("%(tried)s It helped most of them.") % {"tried": tried}
        helped = self.helped // FEW * FEW
        return _("%(tried)s It helped %(helped)s of them or more.") % {"tried": tried, "helped": helped}


def counted_to(at: datetime) -> date:
    """The day before which a review must have ended to be counted: the numbers stand still for a term."""
    today = timezone.localdate(at)
    return max(
        day
        for year in (today.year - 1, today.year)
        for month in TERMS_BEGIN
        if (day := date(year, month, 1)) <= today
    )


def tried(setting: Setting, at: datetime) -> dict[UUID, Tried]:
    """What is known of each strategy of a setting's library, by its id: 1 query.

    A pupil counts once: who was at the setting on the day to which is counted, does not decide themself, and of whom
    somebody judged it in a review that ended before. It helped where more say so than say that it did not yet.
    """
    day = counted_to(at)
    latest = (
        Judgement.objects.filter(
            strategy__library__setting=setting,
            strategy__removed_at=None,
            cycle__setting=setting,
            cycle__closed_at__lt=midnight(day),
            cycle__pupil__in=Enrolment.objects.on(day).filter(setting=setting).values("pupil"),
        )
        .exclude(cycle__pupil__in=policy.deciding(at).order_by().values("pk"))
        .order_by("strategy_id", "perspective", "said_by_id", "said_by_name", "household_id", "-at")
        .distinct("strategy_id", "perspective", "said_by_id", "said_by_name", "household_id")
    )
    rows = (
        Judgement.objects.filter(pk__in=latest.values("pk"), rating__in=[*_HELPED, *_NOT])
        .order_by()
        .values_list("strategy__library", "cycle__pupil")
        .annotate(good=Count("pk", filter=Q(rating__in=_HELPED)), bad=Count("pk", filter=Q(rating__in=_NOT)))
    )
    found: dict[UUID, Tried] = {}
    for strategy, __, good, bad in rows:
        before = found.get(strategy, Tried())
        found[strategy] = Tried(before.pupils + 1, before.helped + (good > bad))
    return found
