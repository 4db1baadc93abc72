"""Other times that a review could have, for whoever cannot come at the one it has."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from accounts.models import Term
from accounts.open_days import open_days

from .models import Review
from .selectors_planner import settings_now, taken
from .slots import LONDON, Offer, Wanted, several
from .times import people_of

#: So many are offered, from a week before the day of the review to three weeks after, with two days' notice.
MANY = 6
BEFORE, AFTER, NOTICE = timedelta(days=7), timedelta(days=21), timedelta(days=2)
START, END = time(9), time(16)


def other_times(review: Review, at: datetime) -> list[datetime]:
    """The starts of other free times for a review, earliest first: 5 queries.

    Free of other reviews of its room and of whoever must be there; who else is busy then is not known here.
    """
    pupil = review.cycle.pupil_id
    setting = settings_now([pupil], at).get(pupil)
    if setting is None:
        return []
    day = timezone.localdate(review.starts_at, LONDON)
    first, last = max(timezone.localdate(at, LONDON) + NOTICE, day - BEFORE), day + AFTER
    people = people_of(review)
    days = open_days(first, last, list(Term.objects.filter(setting=setting)))
    wanted = Wanted(review.cycle_id, setting, days, people, last)
    offer = Offer(START, END, review.minutes, [review.where], 1)
    found = several(wanted, offer, taken([setting], people, first, last, but=review.pk), at, MANY + 1)
    return [slot.starts_at for slot in found if slot.starts_at != review.starts_at][:MANY]
