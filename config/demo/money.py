"""What support costs in the demo, what was delivered of it, and what each thought of what money was used for."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import ceil
from typing import Any

from apdr.enums import Answer, Difference, FundingNext, Held, HowObtained, Perspective, WhyMissed
from apdr.models import (
    Allocation,
    Costing,
    Cycle,
    Delivered,
    FundingAgreement,
    FundingDecision,
    FundingEvaluation,
    Provision,
    StaffRate,
    StaffRole,
    Strategy,
)

from .days import LONDON
from .people import Content
from .rows import fixed
from .story import Story, shared_on

#: Whose hour costs so much in the demo.
ROLES = {
    "12.90": "Nursery assistant",
    "13.40": "Nursery practitioner",
    "15.90": "Teaching assistant",
    "16.80": "Emotional literacy support assistant",
    "17.60": "Higher-level teaching assistant",
    "18.40": "Learning mentor",
    "19.20": "Sports coach",
    "21.00": "Communication support worker",
    "21.40": "Learning support worker",
    "32.00": "Teacher",
    "44.00": "Specialist teacher",
}
_RATED = {"helping": Difference.YES, "partly": Difference.BIT, "not helping": Difference.NO}
_NEXT = {"continue": FundingNext.CONTINUE, "step_down": FundingNext.STOP, "end": FundingNext.STOP}


def role(story: Story, hourly: str) -> StaffRole:
    """The role of the setting whose hour costs this much, made when it is first wanted."""
    made = story.place.roles.get(hourly)
    if made is None:
        made = story.place.roles[hourly] = story.rows.add(
            StaffRole(
                id=fixed("role", story.place.setting.pk, hourly),
                setting=story.place.setting,
                name=ROLES[hourly],
            )
        )
        story.rows.add(
            StaffRate(
                id=fixed("rate", story.place.setting.pk, hourly), role=made, hourly=Decimal(hourly),
                starts_on=date(2020, 9, 1), by=story.senco, at=story.days.moment(-300, "09:00"),
            )
        )  # fmt: skip
    return made


def costed(story: Story, provision: Provision, hourly: str, resources: str) -> None:
    """Whose time it takes; what is bought is written for one pupil in the story, and kept for the whole group."""
    story.rows.add(
        Costing(
            id=story.key(provision.pk, "costing"), provision=provision, role=role(story, hourly),
            resources=Decimal(resources) * provision.group_size, created_by=story.senco,
            created_at=provision.created_at,
        )
    )  # fmt: skip


def delivered(story: Story, cycle: Cycle, provision: Provision, held: int) -> None:
    """As many sessions as the story says were held, on the weekdays from the day the cycle was opened; where fewer
    were held than planned, the last that did not happen.
    """
    times, today = Decimal(provision.times_a_week), story.days.today
    a_day = max(1, ceil(times / 5))
    days_a_week = max(1, min(5, int(times)))
    every = max(1, int(1 / times)) if times < 1 else 1
    monday = cycle.opened_at.date() - timedelta(days=cycle.opened_at.weekday()) + timedelta(days=7)
    left, n = held, 0
    while True:
        week, slot = divmod(n, days_a_week)
        on = monday + timedelta(days=7 * week * every + slot * (5 // days_a_week))
        if on > today or on > cycle.review_on:
            return
        if _closed(story, on):
            n += 1
            continue
        at = min(datetime.combine(on, time(15, 20), LONDON), story.days.now)
        row: dict[str, Any] = {
            "id": story.key(provision.pk, "delivered", n), "provision": provision, "on": on, "number": 1,
            "by": story.senco, "at": at,
        }  # fmt: skip
        if left <= 0:
            story.rows.add(Delivered(held=Held.MISSED, why=WhyMissed.ADULT_NEEDED, **row))
            return
        story.rows.add(Delivered(held=Held.DONE, minutes=provision.minutes * min(a_day, left), **row))
        left, n = left - a_day, n + 1


def _closed(story: Story, on: date) -> bool:
    """Whether a day is in the holidays between the terms of the demo."""
    terms = story.days.terms()
    if not terms[0][1] <= on < terms[-1][2]:
        return False
    return not any(first <= on < last and not half <= on < back for _, first, last, half, back in terms)


def looked_back(
    story: Story,
    cycle: Cycle,
    content: Content,
    allocation: Allocation,
    used_for: list[tuple[Strategy, Content]],
    closed: bool,
) -> None:
    """Who agreed with what money is for; of a closed cycle also what each thought, and what was decided."""
    agreed_on = shared_on(content)[0] + 2
    names = list(dict.fromkeys(name for _, one in used_for for name in one.get("yes", [])))
    for name, voice in story.accounts(names):
        if voice.perspective not in (Perspective.CHILD, Perspective.PARENT):
            continue
        said: dict[str, Any] = {
            "allocation": allocation, "perspective": voice.perspective, "said_by": voice.user,
            "said_by_name": voice.name, "household": voice.household, "how": HowObtained.ONLINE,
            "recorded_by": voice.user,
        }  # fmt: skip
        _add(story, FundingAgreement, name, agreed_on, said | {"answer": Answer.AGREE}, allocation)
        if closed:
            _add(
                story,
                FundingEvaluation,
                name,
                content["review"]["on"],
                said | {"rating": _rated(used_for)},
                allocation,
            )
    if not closed:
        return
    told = next((one["view"][1] for _, one in used_for if one.get("view", ["", ""])[1]), "")
    staff = {
        "allocation": allocation, "perspective": Perspective.STAFF, "said_by": story.senco,
        "said_by_name": story.senco.called, "how": HowObtained.ONLINE, "recorded_by": story.senco,
        "rating": _rated(used_for), "words": told,
    }  # fmt: skip
    _add(story, FundingEvaluation, "staff", content["review"]["on"], staff, allocation)
    kind, why = content["review"]["decision"][:2]
    story.rows.add(
        FundingDecision(
            id=story.key(allocation.pk, "decision"), allocation=allocation, number=1,
            decision=_NEXT.get(kind, FundingNext.CHANGE), why=why, by=story.senco,
            at=story.days.moment(content["review"]["on"], "16:30"),
        )
    )  # fmt: skip


def _rated(used_for: list[tuple[Strategy, Content]]) -> Difference:
    rated = [_RATED[one["view"][0]] for _, one in used_for if "view" in one and one["view"][0] in _RATED]
    return rated[0] if rated else Difference.TOO_SOON


def _add(story: Story, model: Any, who: str, day: int, said: dict[str, Any], allocation: Allocation) -> None:
    at = story.days.moment(day, "19:10", any_day=True)
    key = story.key(allocation.pk, model._meta.model_name, who)
    story.rows.add(model(id=key, sent_key=key, on=at.date(), at=at, **said))
