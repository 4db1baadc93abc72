"""A child's or young person's own page: my steps, what helps me, my words, well done, who can see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from accounts.words import english
from pupils import policy
from pupils.enums import Ground, Section
from pupils.models import Profile, Pupil

from .enums import Perspective, Place, Stage, StepsAs, StepStatus
from .models import ChildPage, Cycle, CycleStage, PlanVersion
from .selectors_family import Step, notes, step
from .selectors_voice import Celebrated, Said, celebrations, own_views, page_of, you_said
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
    page: ChildPage | None = None
    at: int = 0  #: which step is shown, where they like one at a time

    @property
    def pupil(self) -> Pupil:
        return self.sight.pupil

    @property
    def one_at_a_time(self) -> bool:
        return self.page is not None and self.page.steps_as == StepsAs.ONE

    @property
    def in_pictures(self) -> bool:
        return self.page is not None and self.page.steps_as == StepsAs.PICTURES

    @property
    def aloud(self) -> bool:
        return self.page is not None and self.page.aloud

    @property
    def shown(self) -> list[MyStep]:
        """The steps on the page: all of them, or one."""
        return self.steps[self.at : self.at + 1] if self.one_at_a_time else self.steps

    @property
    def number(self) -> int:
        return self.at + 1

    @property
    def before(self) -> int | None:
        """The number of the step before, where there is one."""
        return self.at if self.one_at_a_time and self.at > 0 else None

    @property
    def after(self) -> int | None:
        return self.at + 2 if self.one_at_a_time and self.at + 1 < len(self.steps) else None


@dataclass(frozen=True)
class Mine:
    """`MySteps`, what I said last and what came of it, what I say about myself, what I can be proud of, and the cycle
    whose review asks how it went.
    """

    my: MySteps
    profile: Profile | None
    said: Said | None
    review: UUID | None
    you_said: list[Said]
    proud: list[Celebrated]


def my_steps(sight: policy.Sight, number: str = "") -> MySteps:
    """A child's steps as they were shared, what was noted on them, and how they like to see them: 2 queries.

    `number` is which step an address asks for, where one is shown at a time; anything else is the first.
    """
    version = _version(sight.pupil)
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
    asked = int(number) if number.isascii() and number.isdecimal() and len(number) < 4 else 1
    at = asked - 1 if 1 <= asked <= len(cards) else 0
    page = page_of(sight.pupil)
    return MySteps(sight, version, cards, done, well_done(cards), _helps(content), page, at)


def _version(pupil: Pupil) -> PlanVersion | None:
    """What was shared last, with the newest cycle and the stage that it is in."""
    stages = CycleStage.objects.filter(cycle__pupil=OuterRef("cycle__pupil"))
    cycles = Cycle.objects.filter(pupil=OuterRef("cycle__pupil")).order_by("-number")
    rows = PlanVersion.objects.filter(cycle__pupil=pupil).select_related("cycle", "shared_by")
    return (
        rows.annotate(
            newest_cycle=Subquery(cycles.values("pk")[:1]),
            stage=Subquery(stages.order_by("-cycle__number", "-number").values("stage")[:1]),
        )
        .order_by("-cycle__number", "-number")
        .first()
    )


def mine(sight: policy.Sight, number: str = "") -> Mine:
    """Everything on a child's or young person's own page but who can see it: 5 queries."""
    my = my_steps(sight, number)
    found = own_views(sight, my.version)
    latest = next((one for one in found if one.row.perspective == Perspective.CHILD), None)
    shown = [one for one in you_said(found) if one is not latest]
    profile = sight.pupil.profiles.select_related("picture").first()
    newest: Any = my.version
    asks = newest is not None and newest.stage == Stage.REVIEW
    return Mine(
        my,
        profile,
        latest,
        newest.newest_cycle if asks else None,
        shown,
        celebrations(sight, most=3),
    )


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


def child_home(pupil: Pupil, person: User, at: datetime) -> MySteps | None:
    """Their own steps, for whoever is this pupil themselves; None where they are nobody's any more: 3 queries.

    Whoever shows it writes down that `sight` looked at the plan.
    """
    sight = policy.why(person, pupil, at)
    return my_steps(sight) if Ground.OWN in sight.grounds(Section.PLAN) else None


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
