"""Plans that a parent carer was given before the young person began to decide: the versions alone, as they were.

No note, comment, answer, idea or profile is read here, from whenever it is.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from pupils import policy
from pupils.enums import Section

from . import plain
from .models import PlanVersion
from .selectors import told
from .selectors_family import drafted


@dataclass(frozen=True)
class KeptPlan:
    """One version, in the parts that are kept, and the others that can be read."""

    version: PlanVersion
    note: str
    others: list[PlanVersion]
    since: date
    outcomes: list[Any]
    at_school: list[Any]
    at_home: list[Any]
    responsibilities: str
    review_on: date | None
    needs: list[dict[str, Any]]
    strengths: list[dict[str, Any]]
    allocations: list[dict[str, Any]]


def kept_plan(sight: policy.Sight, kept: policy.Kept, version_id: UUID | None = None) -> KeptPlan | None:
    """The last version shared before the young person decided, or an earlier one: 1 query.

    None where nothing had been shared. Raises Http404 for a version that was shared later, or is another's.
    """
    every = list(_versions(sight, kept.before))
    one = next((v for v in every if version_id in (None, v.pk)), None)
    if one is None:
        if version_id:
            raise Http404
        return None
    content, keeps = one.content, kept.sections
    parts = drafted(content)
    needs = told(content["needs"]) if Section.NEEDS in keeps else {}
    money = told(content["funding"]) if Section.FUNDING in keeps else {}
    helps = Section.STRATEGIES in keeps
    return KeptPlan(
        version=one,
        note=one.note if helps else "",
        others=[v for v in every if v.pk != one.pk],
        since=timezone.localdate(kept.before),
        outcomes=parts["outcomes"],
        at_school=parts["at_school"] if helps else [],
        at_home=parts["at_home"] if helps else [],
        responsibilities=content["plan"]["responsibilities"],
        review_on=plain.day(content["plan"]["review_on"]),
        needs=needs.get("needs", []),
        strengths=needs.get("strengths", []),
        allocations=money.get("allocations", []),
    )


def _versions(sight: policy.Sight, before: datetime) -> Any:
    shared = PlanVersion.objects.filter(cycle__pupil=sight.pupil, shared_at__lt=before)
    return shared.select_related("cycle", "shared_by").order_by("-cycle__number", "-number")
