"""What surveys want of whom at an instant: as `notifications.wanted`, of what is a setting's and about no pupil."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from accounts.models import User

from .enums import Kind
from .models import Survey, SurveyResponse
from .selectors_surveys import everybody_asked, running, waits_for
from .wanted import WORDS, Key

#: Whoever has not answered is reminded once more so long before it closes.
SOON = timedelta(days=3)


@dataclass(frozen=True)
class Open:
    """A survey that is open. `done`: who answered; `role` is nobody's."""

    kind: Kind
    subject: UUID
    setting_id: UUID
    occasion: str
    done: frozenset[UUID]
    role: str = ""


@dataclass(frozen=True)
class WantedOf:
    """That one person is to answer a survey."""

    fact: Open
    person: User

    @property
    def kind(self) -> Kind:
        return self.fact.kind

    @property
    def key(self) -> Key:
        fact = self.fact
        return fact.kind.value, None, fact.setting_id, self.person.pk, fact.subject, fact.occasion

    @property
    def words(self) -> str:
        return str(WORDS[self.kind])

    @property
    def href(self) -> str:
        return reverse("answer_survey", args=[self.fact.subject])


def facts(at: datetime, surveys: Iterable[UUID] | None = None) -> list[Open]:
    """The open surveys, of some or of all: 2 queries at most."""
    found = list(running(at) if surveys is None else running(at).filter(pk__in=list(surveys)))
    done: dict[UUID, set[UUID]] = {}
    if found:
        rows = SurveyResponse.objects.filter(survey__in=found)
        for survey, person in rows.values_list("survey_id", "person_id"):
            done.setdefault(survey, set()).add(person)
    return [
        Open(Kind.SURVEY, one.pk, one.setting_id, _occasion(one, at), frozenset(done.get(one.pk, ())))
        for one in found
    ]


def _occasion(survey: Survey, at: datetime) -> str:
    soon = survey.closes_on - timezone.localdate(at) <= SOON
    return f"{survey.closes_on} soon" if soon else str(survey.opens_on)


def wanted(found: Iterable[Open], at: datetime, person: User | None = None) -> list[WantedOf]:
    """Of everybody who is asked and has not answered, or of one person: 5 queries at most, none where nothing is open."""
    by_survey = {one.subject: one for one in found}
    if not by_survey:
        return []
    if person is not None:
        waits = {one.pk for one in waits_for(person, at)} if person.signs_in else set()
        return [WantedOf(fact, person) for survey, fact in by_survey.items() if survey in waits]
    asked = everybody_asked(Survey.objects.filter(pk__in=by_survey), at)
    people = User.objects.select_related("preferences").in_bulk(
        {pk for each in asked.values() for pk in each}
    )
    return [
        WantedOf(fact, people[pk])
        for survey, fact in by_survey.items()
        for pk in sorted(asked.get(survey, ()))
        if pk not in fact.done
    ]
