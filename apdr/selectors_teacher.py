"""What a teacher comes for: their classes, each pupil's current steps, one step to note, and the card at the door."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import Http404

from accounts.models import User
from pupils import policy
from pupils.enums import Relation, Section
from pupils.models import (
    ClassGroup,
    ClassStaff,
    Profile,
    Pupil,
    PupilGroupPermission,
    PupilUserPermission,
)
from pupils.selectors import latest_profile

from . import plain
from .enums import Perspective, Place, Stage, StepStatus
from .models import CycleStage, NextStep, Progress, Strategy
from .selectors import shared_version
from .services.scales import label_of

#: A page lists at most so many pupils with their steps; the rest are behind their class's own page.
MOST = 24


@dataclass(frozen=True)
class PupilSteps:
    """A pupil and the steps that can be noted now; `card`: whether what works for them is open too."""

    pupil: Pupil
    steps: list[NextStep]
    card: bool = True


@dataclass(frozen=True)
class ClassList:
    """A class (none: pupils whose key adult this person is by themselves), and whose plans are open in it."""

    class_group: ClassGroup | None
    pupils: list[PupilSteps] = field(default_factory=list)
    closed: list[Pupil] = field(default_factory=list)

    @property
    def with_steps(self) -> list[PupilSteps]:
        return [p for p in self.pupils if p.steps]


@dataclass(frozen=True)
class Classes:
    """`sights` are those of the pupils whose steps are shown: whoever shows them writes down that they were seen.
    `near` are those of everybody in the lists.
    """

    lists: list[ClassList]
    sights: list[policy.Sight]
    near: list[policy.Sight]
    more: bool = False

    @property
    def busy(self) -> list[ClassList]:
        """The classes with something to note."""
        return [one for one in self.lists if one.with_steps]

    @property
    def quiet(self) -> list[ClassList]:
        return [one for one in self.lists if one.class_group and not one.with_steps]


def teacher_home(person: User, at: datetime, class_id: UUID | None = None) -> Classes:
    """A key adult's classes with each pupil's current steps; only one class if named: 4 queries.

    Raises Http404 for a class in which the person does not teach.
    """
    groups = list(_classes(person, at, class_id))
    if class_id and not groups:
        raise Http404
    pupils = list(_pupils(person, at, groups, alone=class_id is None))
    sights = policy.sights(person, pupils, at)
    open_now = [p for p in pupils if sights[p.pk].may("log_progress")]
    steps = _current(open_now, [p for p in open_now if sights[p.pk].family], person)
    # The longest unnoted stand first among those that a page has room for.
    shown = open_now if class_id else sorted(open_now, key=lambda p: not steps[p.pk])[:MOST]
    lists = [
        ClassList(
            group,
            [
                PupilSteps(p, steps[p.pk], sights[p.pk].sees(Section.STRATEGIES))
                for p in shown
                if _in(p, group)
            ],
            [
                p
                for p in pupils
                if _in(p, group) and sights[p.pk].near and not sights[p.pk].sees(Section.PLAN)
            ],
        )
        for group in [*groups, *([] if class_id else [None])]
    ]
    lists = [one for one in lists if one.class_group or one.pupils]
    noted = [sights[p.pk] for p in shown if steps[p.pk]]
    return Classes(lists, noted, list(sights.values()), more=len(shown) < len(open_now))


def _in(pupil: Any, group: ClassGroup | None) -> bool:
    return group.pk in pupil.class_ids if group else not pupil.class_ids


def _live(at: datetime) -> Q:
    return Q(starts_at__lte=at) & (Q(ends_at=None) | Q(ends_at__gt=at))


def _classes(person: User, at: datetime, class_id: UUID | None) -> Any:
    mine = ClassStaff.objects.filter(_live(at), class_group=OuterRef("pk"), person=person)
    member = person.memberships.filter(_live(at), setting=OuterRef("setting"))
    groups = ClassGroup.objects.filter(Exists(mine), Exists(member)).exclude(closed_at__lte=at)
    return (groups.filter(pk=class_id) if class_id else groups).select_related("setting").order_by("name")


def _pupils(person: User, at: datetime, groups: list[ClassGroup], *, alone: bool) -> Any:
    """Whoever is in these classes, or has this person as a key adult by themselves. Who sees what is asked after."""
    key = {"permission__codename": Relation.KEY_ADULT.value}
    in_class = PupilGroupPermission.objects.filter(
        _live(at), content_object=OuterRef("pk"), group__in=[g.group_id for g in groups], **key
    )
    by_self = PupilUserPermission.objects.filter(_live(at), content_object=OuterRef("pk"), user=person, **key)
    near = Exists(in_class) | Exists(by_self) if alone else Exists(in_class)
    return (
        Pupil.objects.filter(near)
        .annotate(class_ids=ArraySubquery(in_class.values("group__class_group")))
        .order_by("given_name", "family_name", "pk")
    )


def _current(pupils: list[Pupil], own: list[Pupil], person: User) -> dict[UUID, list[NextStep]]:
    """The steps that can be noted now, by pupil, each with its latest note.

    Of their `own` children a teacher hears no note of another parent carer here.
    """
    heard = ~Q(perspective=Perspective.PARENT, step__cycle__pupil__in=own) | Q(by=person) if own else Q()
    stage = CycleStage.objects.filter(cycle=OuterRef("cycle")).order_by("-number").values("stage")[:1]
    noted = Progress.objects.filter(heard, step=OuterRef("pk"), withdrawn_at=None).order_by("-on", "-at")
    found: dict[UUID, list[NextStep]] = defaultdict(list)
    steps = (
        NextStep.objects.filter(
            cycle__pupil__in=pupils, cycle__closed_at=None, removed_at=None, status=StepStatus.CURRENT
        )
        .annotate(
            stage=Subquery(stage),
            last_on=Subquery(noted.values("on")[:1]),
            last_value=Subquery(noted.values("value")[:1]),
        )
        .filter(stage__in=[Stage.DO, Stage.REVIEW])
        .select_related("cycle", "scale__scale")
        .order_by("position", "created_at")
    )
    for step in steps:
        step.last_level = level_name(step, step.last_value)  # type: ignore[attr-defined]
        found[step.cycle.pupil_id].append(step)
    return found


def level_name(step: NextStep, value: int | None) -> str:
    """A level in a few words; a goal's levels by their short names."""
    if value is None:
        return ""
    named = {rung.value: rung.name for rung in rungs(step)}
    name = named.get(value)
    return label_of(step.scale, value) if name in (None, "", str(value)) else name


def scale_of(step: NextStep) -> dict[str, Any]:
    """A draft step's scale in the shape that a version has it."""
    scale = step.scale
    return {"kind": scale.scale.kind, "values": scale.values, "labels": step.goal_levels or scale.labels}


def rungs(step: NextStep) -> list[plain.Level]:
    return plain.levels(**scale_of(step))


def step(step_id: UUID) -> NextStep:
    """A step by its id, before anybody's sight of it is asked. Raises Http404."""
    found = (
        NextStep.objects.select_related("cycle__pupil", "scale__scale", "outcome").filter(pk=step_id).first()
    )
    if found is None:
        raise Http404
    return found


def note(progress_id: UUID) -> Progress:
    """A note by its id, before anybody's sight of it is asked. Raises Http404."""
    found = (
        Progress.objects.select_related("step__cycle__pupil", "step__scale__scale")
        .filter(pk=progress_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Saved:
    """A note that was saved this moment: whose, at which level, in which words, and its id to take it back."""

    id: str
    called: str
    level: str
    note: str


def just_saved(person: User, progress_id: str | None, at: datetime) -> Saved | None:
    """The note a person has this moment saved, to say so and offer to take it back: 2 queries.

    None once the pupil's plan is not open to them any more: their own words name a child too.
    """
    try:
        wanted = UUID(progress_id or "")
    except ValueError:
        return None
    own = Progress.objects.filter(pk=wanted, by=person, withdrawn_at=None)
    found = own.select_related("step__scale__scale", "step__cycle__pupil").first()
    if found is None or not policy.can(person, "log_progress", found.step.cycle.pupil, at):
        return None
    return Saved(
        str(found.pk), found.step.cycle.pupil.called, level_name(found.step, found.value), found.note
    )


def class_of(pupil: Pupil, person: User, at: datetime) -> UUID | None:
    """The class in which a person teaches a pupil, to go back to; none for a key adult by themselves."""
    groups = pupil.group_permissions.filter(_live(at)).values("group")
    mine = ClassStaff.objects.filter(_live(at), person=person, class_group__group__in=groups)
    return mine.values_list("class_group", flat=True).order_by("class_group__name").first()


@dataclass(frozen=True)
class Card:
    """What works for one pupil, on one screen. Needs and diagnoses are not on it."""

    works: list[str]
    profile: Profile | None


def card(sight: policy.Sight) -> Card:
    """Three things that work at school, those marked so first: 2 queries. A family's come from what was shared."""
    profile = latest_profile(sight)
    if sight.may("write_strategies"):
        found = Strategy.objects.filter(
            cycle__pupil=sight.pupil, cycle__closed_at=None, removed_at=None, place=Place.SETTING
        ).order_by("-works_best", "position", "created_at")
        return Card(list(found.values_list("words", flat=True)[:3]), profile)
    version = shared_version(sight.pupil)
    shared = version.content["strategies"][Place.SETTING] if version else []
    return Card([s["words"] for s in sorted(shared, key=lambda s: not s["works_best"])][:3], profile)
