"""What worked at home and could be tried at the setting, and the other way round, beside the strategies of a plan."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from apdr import selectors_library
from apdr.enums import Perspective, Place
from apdr.models import Strategy
from apdr.selectors import by_staff
from apdr.services.common import speaks_as
from apdr.services.library import chains
from apdr.services.sharing import shared_ids
from pupils import policy
from pupils.enums import Section

from .enums import Rating
from .models import Judgement
from .selectors import audible

_HELPED = {Rating.LOT, Rating.BIT}


def beside(sight: policy.Sight, page: dict[str, Any]) -> dict[str, Any]:
    """More for the page of strategies: on its rows `try_here` and `offer_home`, and what was `offered` for home.

    Whoever writes sees of what worked as much as they hear of judgements. 1 to 4 queries more.
    """
    offers = selectors_library.offers(sight)
    if page["may_write"]:
        _mark(sight, page, {one["offer"].strategy_id for one in offers})
    family = speaks_as(sight, Section.STRATEGIES) in (Perspective.PARENT, Perspective.CHILD)
    if not family and not by_staff(sight, Section.STRATEGIES):
        offers = []  # an offer is between the family and who works there
    return {"offered": offers, "may_take": family and page["may_answer"]}


def _mark(sight: policy.Sight, page: dict[str, Any], offered: set[UUID]) -> None:
    cycle = page["cycle"]
    latest = (
        Judgement.objects.filter(audible(sight), strategy=OuterRef("pk"))
        .order_by("perspective", "said_by_id", "said_by_name", "household_id", "-at")
        .distinct("perspective", "said_by_id", "said_by_name", "household_id")
        .values("rating")
    )
    every = list(
        Strategy.objects.filter(cycle__pupil=sight.pupil)
        .annotate(ratings=ArraySubquery(latest))
        .only("carried_from", "after", "cycle", "place", "removed_at")
    )
    root = chains((one.pk, one.carried_from_id) for one in every)
    taken = {
        (one.place, root[one.after_id])
        for one in every
        if one.after_id is not None and one.cycle_id == cycle.pk and one.removed_at is None
    }
    helped = _helped(every, root)
    asked = {root[pk] for pk in offered}
    shared: set[UUID] | None = None
    for part in page["places"]:
        for row in part["rows"]:
            start = root[UUID(row["id"])]
            if start not in helped:
                continue
            if part["place"] == Place.HOME:
                row["try_here"] = (Place.SETTING.value, start) not in taken
            elif start not in asked:
                shared = shared_ids(cycle) if shared is None else shared
                row["offer_home"] = UUID(row["id"]) in shared


def _helped(every: list[Any], root: dict[UUID, UUID]) -> set[UUID]:
    """The first strategies of the chains that more voices say helped than say that it did not yet."""
    told: dict[UUID, list[str]] = defaultdict(list)
    for one in every:
        told[root[one.pk]] += one.ratings
    return {
        pk
        for pk, ratings in told.items()
        if sum(one in _HELPED for one in ratings) > sum(one == Rating.NOT_YET for one in ratings)
    }
