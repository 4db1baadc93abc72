"""Whose support can be ticked off on a day: by group, by class, or of one pupil. No money is read here."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from accounts.models import User
from pupils import policy
from pupils.enums import Section
from pupils.models import ClassGroup, Pupil, PupilGroupPermission

from .enums import Stage
from .models import CycleStage, Delivered, Provision
from .selectors_money import latest_delivered
from .services.delivered import MOST


@dataclass(frozen=True)
class Line:
    """A provision of one pupil, and what is written down of a day."""

    provision: Provision
    sight: policy.Sight
    said: Delivered | None

    @property
    def pupil(self) -> Pupil:
        return self.sight.pupil


@dataclass(frozen=True)
class Register:
    """What there is to choose from, and the lines of what was chosen; `more`: there were too many for one page."""

    groups: list[tuple[str, int]]
    classes: list[ClassGroup]
    pupils: list[Pupil]
    title: str = ""
    lines: list[Line] = field(default_factory=list)
    more: bool = False
    whole_group: bool = False


def register(
    person: User,
    at: datetime,
    on: date,
    group: str = "",
    class_id: UUID | None = None,
    pupil_id: UUID | None = None,
) -> Register:
    """What this person may tick off on a day: 5 queries. Somebody else's, or what is none, is empty."""
    pupils = policy.pupils_for(person, "write_strategies", at)
    stage = (
        CycleStage.objects.filter(cycle=OuterRef("strategy__cycle")).order_by("-number").values("stage")[:1]
    )
    found = (
        Provision.objects.filter(
            strategy__cycle__pupil__in=pupils,
            strategy__cycle__closed_at=None,
            strategy__removed_at=None,
            removed_at=None,
        )
        .annotate(stage=Subquery(stage))
        .filter(stage__in=[Stage.DO, Stage.REVIEW])
        .select_related("strategy__cycle__pupil")
        .order_by(
            "strategy__cycle__pupil__given_name", "strategy__cycle__pupil__family_name", "created_at", "pk"
        )
    )
    every = list(found)
    names: dict[str, list[str]] = defaultdict(list)
    for one in every:
        if one.group:
            names[one.group.casefold()].append(one.group)
    groups = sorted((found_[0], len(found_)) for found_ in names.values())
    live = Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))
    there = {one.strategy.cycle.pupil_id for one in every}
    in_class = defaultdict(set)
    for pk, whose in PupilGroupPermission.objects.filter(live, content_object__in=there).values_list(
        "group__class_group", "content_object"
    ):
        in_class[pk].add(whose)
    mine = ClassGroup.objects.filter(pk__in=list(in_class)).exclude(closed_at__lte=at).order_by("name")
    classes = [one for one in mine if one.setting_id in {p.strategy.cycle.setting_id for p in every}]
    by_pupil = {one.strategy.cycle.pupil_id: one.strategy.cycle.pupil for one in every}
    chosen: list[Provision] = []
    title = ""
    if group:
        chosen = [one for one in every if one.group.casefold() == group.casefold()]
        title = chosen[0].group if chosen else ""
    elif class_id:
        chosen = [one for one in every if one.strategy.cycle.pupil_id in in_class[class_id]]
        title = next((one.name for one in classes if one.pk == class_id), "")
    elif pupil_id:
        chosen = [one for one in every if one.strategy.cycle.pupil_id == pupil_id]
        title = chosen[0].strategy.cycle.pupil.called if chosen else ""
    return Register(
        groups,
        classes,
        sorted(by_pupil.values(), key=lambda p: (p.given_name, p.family_name)),
        title,
        _lines(person, chosen[:MOST], at, on),
        more=len(chosen) > MOST,
        whole_group=bool(group),
    )


def _lines(person: User, chosen: list[Provision], at: datetime, on: date) -> list[Line]:
    """2 queries where there are any."""
    if not chosen:
        return []
    sights = policy.sights(person, {p.strategy.cycle.pupil for p in chosen}, at)
    said = {
        row.provision_id: row
        for row in latest_delivered(p.pk for p in chosen).filter(on=on).select_related("by")
    }
    lines = [Line(one, sights[one.strategy.cycle.pupil_id], said.get(one.pk)) for one in chosen]
    return [line for line in lines if line.sight.may("write_strategies")]


def sessions(sight: policy.Sight, provisions: Any) -> list[Delivered]:
    """What is said of each day of these provisions, the newest first; of a pupil whose strategies are open."""
    if not sight.sees(Section.STRATEGIES):
        return []
    return sorted(
        latest_delivered(provisions).select_related("by"), key=lambda row: (row.on, str(row.pk)), reverse=True
    )
