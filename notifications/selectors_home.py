"""What needs me, and what staff see first of one pupil."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from apdr.enums import ProposalState
from apdr.models import CycleStage, NextStep, Progress, Proposal, Strategy
from apdr.selectors import by_staff, notes_heard
from apdr.services.common import proposals_heard
from apdr.services.scales import label_of
from pupils import policy
from pupils.enums import Ground, Section
from pupils.pages import who_sees
from pupils.policy import Here, Sight
from pupils.selectors import classes_of, latest_profile

from . import events_wanted, selectors_events, selectors_surveys, signposts, wanted
from .wanted import Wanted

#: At most so many names stand beside one thing.
NAMED = 24


@dataclass(frozen=True)
class Need:
    """One kind of thing that needs somebody, and about whom. `own`: it is about themselves."""

    words: str
    waits: list[Wanted]
    more: int
    own: bool
    href: str = ""  #: where it is done, of what is about nobody


def needs(found: Iterable[Wanted]) -> list[Need]:
    """What is wanted of one person, a line for each kind of thing: no query."""
    by_words: dict[str, list[Wanted]] = {}
    for one in found:
        by_words.setdefault(one.words, []).append(one)
    return [
        Need(words, waits[:NAMED], len(waits[NAMED:]), Ground.OWN in waits[0].sight.grounds(Section.PROFILE))
        for words, waits in by_words.items()
    ]


def of_settings(person: User, at: datetime) -> list[Need]:
    """What is wanted of a SENCO about their settings, and nobody's record: signposts to look at again. 1 query."""
    old = (
        signposts.stale(policy.settings_coordinated(person, at), at)
        .values_list("setting")
        .order_by("setting")
    )
    words = str(wanted.STALE_SIGNPOSTS)
    return [Need(words, [], 0, False, reverse("signposts", args=[setting])) for (setting,) in old.distinct()]


@dataclass(frozen=True)
class Coming:
    """What is new of events for somebody, and how many are coming to which they are asked."""

    needs: list[Need]
    number: int


def of_events(person: User, at: datetime, family: list[Here]) -> Coming:
    """What of events somebody's first page says: 2 queries, 1 more on the day before one."""
    rows = [row for row in selectors_events.open_to(person, at, family).filter(ends_at__gt=at) if row.asked]
    news = events_wanted.of_rows(rows, person, at)
    return Coming(
        [Need(one.words, [], 0, False, one.href) for one in news],
        sum(row.called_off_at is None and row.starts_at > at for row in rows),
    )


def of_surveys(person: User, at: datetime, family: list[Here] | None = None) -> list[Need]:
    """The surveys that somebody is to answer, each by its title: as many queries as `waits_for`."""
    return [
        Need(
            _("Your school asks what you think: %(survey)s") % {"survey": one.title},
            [],
            0,
            False,
            reverse("answer_survey", args=[one.pk]),
        )
        for one in selectors_surveys.waits_for(person, at, family)
    ]


def overview(sight: Sight) -> dict[str, Any]:
    """Where the plan is, its steps with how each last went, three things that work, and who can see it."""
    cycle = (
        sight.pupil.cycles.annotate(
            stage=Subquery(
                CycleStage.objects.filter(cycle=OuterRef("pk")).order_by("-number").values("stage")[:1]
            ),
            ideas=Exists(
                Proposal.objects.filter(
                    proposals_heard(sight), cycle=OuterRef("pk"), state=ProposalState.PROPOSED
                )
            ),
        )
        .order_by("-number")
        .first()
    )
    last = Progress.objects.filter(notes_heard(sight), step=OuterRef("pk"), withdrawn_at=None).order_by(
        "-on", "-at"
    )
    steps = (
        NextStep.objects.filter(cycle=cycle, removed_at=None, outcome__removed_at=None)
        .annotate(last_on=Subquery(last.values("on")[:1]), last_value=Subquery(last.values("value")[:1]))
        .select_related("scale__scale")
        .order_by("outcome__position", "position", "created_at")
    )
    strategies = Strategy.objects.none()
    if by_staff(sight, Section.STRATEGIES):
        strategies = Strategy.objects.filter(cycle=cycle, removed_at=None).order_by("-works_best", "position")
    return {
        "cycle": cycle,
        "steps": [
            {
                "id": step.pk,
                "words": step.words,
                "by_when": step.by_when,
                "last_on": step.last_on,
                "level": label_of(step.scale, step.last_value, step.goal_levels),
            }
            for step in steps
        ],
        "works": list(strategies[:3]),
        "profile": latest_profile(sight),
        "classes": list(classes_of(sight.pupil, sight.at)),
        "who": who_sees(sight, Section.PLAN),
        "overdue": bool(cycle and cycle.closed_at is None and cycle.review_on < timezone.localdate(sight.at)),
    }
