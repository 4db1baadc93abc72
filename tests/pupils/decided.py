"""Disclosures and capacity records for tests, asked for as the services want them."""

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from accounts.enums import Role
from accounts.models import User
from pupils import capacity, overrides
from pupils.enums import Authority, Section
from pupils.models import Capacity, Override, Pupil

from ..cast import AT, Cast, member, person

#: Two weeks on from `AT`: the day on which a disclosure ends as it begins.
UNTIL = date(2026, 3, 24)
REVIEW = date(2026, 9, 10)


def deputy(cast: Cast) -> User:
    """The deputy of Hazelmere's safeguarding lead."""
    found = person("deputy@hazelmere.example", "Deb Second")
    member(found, cast.hazelmere, Role.DEPUTY_DSL)
    return found


def untold() -> dict[str, Any]:
    return {"not_told_why": "WHY-NOT-TOLD", "look_again_on": date(2026, 3, 17)}


def told() -> dict[str, Any]:
    return {"told_on": date(2026, 3, 10), "told_how": "In person, by Dora Safe"}


def asked(cast: Cast, pupil: Pupil, to: User | None, *, at: datetime = AT, **more: Any) -> Override:
    """A disclosure of the needs that the safeguarding lead asked for; the young person is not told."""
    said: dict[str, Any] = {
        "pupil": pupil,
        "key": uuid4(),
        "sections": [Section.NEEDS],
        "reason": "OVERRIDE-reason",
        "until": UNTIL,
        "by": cast.dsl,
        "at": at,
        **({"person": to} if to else {"outside": "Sol Outside", "organisation": "Children’s services"}),
        **more,
    }
    if "told_on" not in said and "not_told_why" not in said:
        said |= untold()
    return overrides.ask(**said)


def confirmed(cast: Cast, pupil: Pupil, to: User | None, *, at: datetime = AT, **more: Any) -> Override:
    """One that the head confirmed."""
    row = asked(cast, pupil, to, at=at, **more)
    return overrides.confirm(override=row, by=cast.leader, at=at)


def recorded(cast: Cast, pupil: Pupil, decider: User, *, at: datetime = AT, **more: Any) -> Capacity:
    """A capacity record about the funding, by which a parent decides."""
    said: dict[str, Any] = {
        "pupil": pupil,
        "key": uuid4(),
        "sections": [Section.FUNDING],
        "decision": "CAPACITY-decision",
        "assessor": "Dr Ida Asse",
        "assessor_role": "Doctor",
        "assessed_on": date(2026, 3, 9),
        "support": "CAPACITY-support",
        "findings": "CAPACITY-findings",
        "wishes": "CAPACITY-wishes",
        "decider": decider,
        "authority": Authority.PARENT,
        "review_on": REVIEW,
        "by": cast.senco,
        "at": at,
        **more,
    }
    return capacity.record(**said)
