"""A survey of Hazelmere, and people to answer it."""

from datetime import timedelta
from typing import Any

from accounts.models import User
from notifications import surveys
from notifications.enums_surveys import Asked, QuestionKind
from notifications.models import Survey
from pupils import circle
from pupils.enums import Relation
from tests.cast import AT, SEPTEMBER, Cast, person

DAY = timedelta(days=1)
ASKED = (
    (QuestionKind.SCALE, "Do you feel welcome here?", []),
    (QuestionKind.ONE, "How shall we tell you things?", ["By e-mail", "On paper", "By phone"]),
    (QuestionKind.WORDS, "What should we do better?", []),
)


def draft(cast: Cast, *audiences: Asked, at: Any = AT - DAY, **more: Any) -> Survey:
    row = surveys.make(
        setting=cast.hazelmere,
        by=cast.senco,
        at=at,
        audiences=list(audiences or [Asked.PARENT]),
        **{
            "title": "How do we keep in touch?",
            "why": "We want to do it better.",
            "anonymous": True,
            "opens_on": AT.date(),
            "closes_on": (AT + 7 * DAY).date(),
            **more,
        },
    )
    for kind, words, choices in ASKED:
        surveys.add_question(survey=row, by=cast.senco, at=at, kind=kind, words=words, choices=choices)
    row.refresh_from_db()
    return row


def opened(cast: Cast, *audiences: Asked, **more: Any) -> Survey:
    row = draft(cast, *audiences, **more)
    surveys.open_(survey=row, version=row.version, by=cast.senco, at=AT - DAY)
    row.refresh_from_db()
    return row


def said(
    survey: Survey, scale: int | None = 0, one: int | None = None, words: str = ""
) -> dict[Any, int | str]:
    answers = zip(survey.questions.all(), (scale, one, words), strict=True)
    return {question.pk: answer for question, answer in answers if answer is not None and answer != ""}


def answer(
    survey: Survey, by: User, at: Any = AT, audience: str = "", version: int = 0, **what: Any
) -> surveys.Counted:
    return surveys.answer(
        survey=survey, by=by, at=at, said=said(survey, **what), audience=audience, version=version
    )


def parents(cast: Cast, number: int) -> list[User]:
    """So many more parent carers of Ada."""
    made = [person(f"parent{n}@home.example", f"Parent {n}") for n in range(number)]
    for one in made:
        circle.grant(relation=Relation.PARENT_CARER, person=one, pupil=cast.ada, by=cast.senco, at=SEPTEMBER)
    return made


def over(cast: Cast, **more: Any) -> Survey:
    """A survey that 12 parent carers answered, closed since."""
    survey = opened(cast, at=AT - 9 * DAY, opens_on=(AT - 8 * DAY).date(), **more)
    for n, one in enumerate(parents(cast, 12)):
        answer(survey, one, at=AT - 2 * DAY, scale=0 if n < 7 else 1, words="=Ring us" if n == 5 else "")
    Survey.objects.filter(pk=survey.pk).update(closes_on=AT.date())
    return Survey.objects.get(pk=survey.pk)
