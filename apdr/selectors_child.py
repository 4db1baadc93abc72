"""A child's or young person's own page: my steps, what helps me, my words, well done, who can see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from accounts.words import english
from pupils import policy
from pupils.enums import Ground, Relation, Section
from pupils.models import Profile, Pupil

from .enums import Perspective, Place, Stage, StepStatus
from .models import PlanVersion, View
from .selectors import current_cycle, shared_version, stage
from .selectors_family import Step, notes, step
from .services import sharing

#: How far back trying counts as "lately".
LATELY = timedelta(weeks=3)

#: A setting's starting words for levels, as a child would say them.
SAY = {"Independently": _lazy("On my own")}

#: Pictures for the levels of a scale, by how many there are: something that grows, never a sad face.
GROWING = {
    4: ["seedling", "plant", "sunflower", "star"],
    5: ["seedling", "plant", "sunflower", "rainbow", "star"],
}


@dataclass(frozen=True)
class MyStep:
    """A step on a child's card: the picture, their words, and where they are."""

    step: Step
    level: str
    times: int
    climbed: bool


@dataclass(frozen=True)
class WellDone:
    """What to be proud of: what was tried lately, and a level reached. Effort first."""

    text: str
    noticed: str = ""


@dataclass(frozen=True)
class MySteps:
    sight: policy.Sight
    version: PlanVersion | None
    steps: list[MyStep]
    done: list[Step]
    well_done: WellDone | None
    helps: list[str]

    @property
    def pupil(self) -> Pupil:
        return self.sight.pupil


@dataclass(frozen=True)
class Mine:
    """`MySteps`, what I said last, what I say about myself, and the cycle whose review asks how it went."""

    my: MySteps
    profile: Profile | None
    said: View | None
    review: UUID | None


def my_steps(sight: policy.Sight) -> MySteps:
    """A child's steps as they were shared, and what was noted on them: 2 queries."""
    version = shared_version(sight.pupil)
    content = version.content if version else None
    noted = notes(sight, sharing.step_ids(content)) if content else {}
    shared = [s for o in content["plan"]["outcomes"] for s in o["steps"]] if content else []
    steps = [step(s, noted.get(s["id"], []), []) for s in shared]
    since = timezone.localdate(sight.at - LATELY)
    cards = [
        MyStep(s, say(s.going.now), sum(e["on"] >= since for e in s.going.entries), s.going.climbed)
        for s in steps
        if s.status == english(StepStatus.CURRENT.label)
    ]
    done = [s for s in steps if s.status == english(StepStatus.MET.label)]
    return MySteps(sight, version, cards, done, well_done(cards), _helps(content))


def mine(sight: policy.Sight) -> Mine:
    """Everything on a child's or young person's own page but who can see it: 5 queries."""
    views = sight.pupil.views.filter(
        sight.heard(Section.VIEWS, by="said_by", audience=True), perspective=Perspective.CHILD
    )
    my, cycle = my_steps(sight), current_cycle(sight.pupil)
    asks = cycle is not None and stage(cycle) is Stage.REVIEW and my.version is not None
    review = cycle.pk if cycle is not None and asks else None
    return Mine(my, sight.pupil.profiles.first(), views.first(), review)


def say(level: str) -> str:
    return str(SAY.get(level, level))


def well_done(steps: Sequence[MyStep]) -> WellDone | None:
    """What was tried lately, in words that praise the trying; None where nothing was noted lately."""
    tried = [s for s in steps if s.times]
    if not tried:
        return None
    best = max(tried, key=lambda s: (s.climbed, s.times))
    times = sum(s.times for s in tried)
    text = (
        _("You tried %(times)s times in three weeks.") % {"times": times}
        if times > 1
        else _("You gave it a go.")
    )
    return WellDone(
        text,
        _("“%(said)s” is now: %(level)s.") % {"said": best.step.said, "level": best.level}
        if best.climbed and best.level
        else "",
    )


def _helps(content: dict[str, Any] | None) -> list[str]:
    """Three things that help, those that work best first."""
    found = [s for place in Place for s in content["strategies"][place]] if content else []
    return [s["words"] for s in sorted(found, key=lambda s: not s["works_best"])][:3]


def child_home(person: User, at: datetime) -> MySteps | None:
    """Their own steps, for whoever is themselves a pupil; None for everybody else: 4 queries.

    Whoever shows it writes down that `sight` looked at the plan.
    """
    own = Pupil.objects.filter(
        user_permissions__user=person, user_permissions__permission__codename=Relation.SELF
    )
    pupil = own.first()
    sight = policy.why(person, pupil, at) if pupil else None
    return my_steps(sight) if sight and Ground.OWN in sight.grounds(Section.PLAN) else None


def seen_by(sight: policy.Sight) -> list[tuple[Section, list[dict[str, str]]]]:
    """Who can see each part of a young person's record now, besides themselves: 2 queries."""
    return [
        (
            section,
            [
                {"name": p.called, "role": r.role}
                for p, r in policy.told_of(people, sight)
                if p.pk != sight.person.pk
            ],
        )
        for section, people in policy.people_by_section(sight.pupil, Section, sight.at).items()
    ]
