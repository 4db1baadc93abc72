"""What a setting asks its families, pupils and staff: written as a draft, opened for good, answered once, told back.

Who answered and what was answered is joined in a survey with names alone. The answers of an anonymous one are mixed anew
each time somebody answers, so that no row of them is of the same moment as the row that says who did
(docs/decisions/0020).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Setting, User
from apdr.services.common import made_before
from pupils import audit, policy
from pupils.errors import NotNow, Stale
from pupils.services import save_version

from .enums_surveys import QuestionKind, SurveyState
from .models import Survey, SurveyAnswer, SurveyQuestion, SurveyResponse
from .models_surveys import FEWEST_CHOICES, MOST_CHOICES, MOST_QUESTIONS, OWN_WORDS
from .selectors_surveys import asked_as

#: What somebody says to a question: the place of what they chose, or their own words.
Said = Mapping[UUID, int | str]


def _require(by: User, setting: Setting, at: datetime) -> None:
    if not policy.coordinates(by, setting, at):
        raise PermissionDenied(_("Only a SENCO of this setting can do this."))


def _held(survey: Survey) -> Survey:
    return (
        Survey.objects.select_for_update(of=("self",), no_key=True)
        .select_related("setting")
        .get(pk=survey.pk)
    )


def _draft(survey: Survey, by: User, at: datetime, version: int | None = None) -> Survey:
    """The survey, held until the transaction ends, while it is a draft. Raises NotNow, or Stale."""
    _require(by, survey.setting, at)
    now = _held(survey)
    if now.opened_at is not None:
        raise NotNow(_("This survey was opened. Nothing of it can change any more."))
    if version is not None and now.version != version:
        raise Stale(now, {})
    return now


def _changed(survey: Survey) -> None:
    survey.version += 1
    survey.save(update_fields=["version"])


@transaction.atomic
def make(*, setting: Setting, by: User, at: datetime, key: UUID | None = None, **fields: Any) -> Survey:
    """A draft without questions; the same form sent twice makes one. Raises ValidationError by field."""
    _require(by, setting, at)
    before = made_before(Survey, key, created_by=by, setting=setting)
    if before is not None:
        return before
    row = Survey(setting=setting, created_by=by, created_at=at, **fields, **({"pk": key} if key else {}))
    row.full_clean()
    row.save()
    audit.record("survey made", by=by, at=at, setting=setting, of=row)
    return row


@transaction.atomic
def edit(*, survey: Survey, version: int, by: User, at: datetime, **fields: Any) -> None:
    """Change what a draft says of itself. Raises NotNow, Stale or ValidationError."""
    now = _draft(survey, by, at)
    changed = save_version(now, version, fields)
    if changed:
        audit.record("survey changed", by=by, at=at, setting=now.setting, of=now, fields=changed)


@transaction.atomic
def remove(*, survey: Survey, version: int, by: User, at: datetime) -> None:
    """Throw a draft away, with its questions. Raises NotNow or Stale."""
    now = _draft(survey, by, at, version)
    audit.record("survey removed", by=by, at=at, setting=now.setting, of=now)
    now.delete()


@transaction.atomic
def add_question(
    *,
    survey: Survey,
    by: User,
    at: datetime,
    kind: str,
    words: str,
    choices: list[str] | None = None,
    key: UUID | None = None,
) -> SurveyQuestion:
    """One more question of a draft, the last; the same form sent twice makes one. Raises NotNow or ValidationError."""
    now = _draft(survey, by, at)
    before = made_before(SurveyQuestion, key, survey=now)
    if before is not None:
        return before
    rows = list(now.questions.all())
    row = _question(now, len(rows), kind, words, choices or [], key)
    if len(rows) >= MOST_QUESTIONS:
        raise ValidationError(_("A survey has at most %(n)s questions.") % {"n": MOST_QUESTIONS})
    row.save()
    _changed(now)
    audit.record("survey question added", by=by, at=at, setting=now.setting, of=now)
    return row


def _question(
    survey: Survey, position: int, kind: str, words: str, choices: list[str], key: UUID | None = None
) -> SurveyQuestion:
    """A question that is as its kind wants it, not saved. Raises ValidationError by field."""
    found = [choice.strip() for choice in choices if choice.strip()] if kind == QuestionKind.ONE else []
    if kind == QuestionKind.ONE and not FEWEST_CHOICES <= len(found) <= MOST_CHOICES:
        told = _("Write %(from)s to %(to)s answers to choose from, each on a line of its own.")
        raise ValidationError({"choices": told % {"from": FEWEST_CHOICES, "to": MOST_CHOICES}})
    if len({choice.casefold() for choice in found}) < len(found):
        raise ValidationError({"choices": _("Two of these answers are the same.")})
    row = SurveyQuestion(
        survey=survey,
        position=position,
        kind=kind,
        words=words.strip(),
        choices=found,
        **({"pk": key} if key else {}),
    )
    row.full_clean(exclude=["survey"], validate_constraints=False)
    return row


@transaction.atomic
def edit_question(
    *,
    question: SurveyQuestion,
    version: int,
    by: User,
    at: datetime,
    kind: str,
    words: str,
    choices: list[str] | None = None,
) -> None:
    """Other words, another kind or other choices for a question of a draft. Raises NotNow, Stale or ValidationError."""
    now = _draft(question.survey, by, at)
    if not now.questions.filter(pk=question.pk).exists():
        raise NotNow(_("This question was taken out."))
    asked = _question(now, question.position, kind, words, choices or [])
    typed = {"kind": asked.kind, "words": asked.words, "choices": asked.choices}
    if save_version(question, version, typed):
        _changed(now)
        audit.record("survey question changed", by=by, at=at, setting=now.setting, of=now)


@transaction.atomic
def move_question(*, question: SurveyQuestion, up: bool, by: User, at: datetime) -> None:
    """One place up or down; where there is none, nothing happens. Raises NotNow."""
    now = _draft(question.survey, by, at)
    rows = list(now.questions.all())
    here = next((n for n, row in enumerate(rows) if row.pk == question.pk), None)
    there = None if here is None else here - 1 if up else here + 1
    if here is None or there is None or not 0 <= there < len(rows):
        return
    rows[here], rows[there] = rows[there], rows[here]
    _number(now, rows)
    audit.record("survey questions put in order", by=by, at=at, setting=now.setting, of=now)


@transaction.atomic
def remove_question(*, question: SurveyQuestion, by: User, at: datetime) -> None:
    """Raises NotNow. One that is gone already stays gone."""
    now = _draft(question.survey, by, at)
    if not now.questions.filter(pk=question.pk).delete()[0]:
        return
    _number(now, list(now.questions.all()))
    audit.record("survey question removed", by=by, at=at, setting=now.setting, of=now)


def _number(survey: Survey, rows: list[SurveyQuestion]) -> None:
    for position, row in enumerate(rows):
        row.position = position
    SurveyQuestion.objects.bulk_update(rows, ["position"])
    _changed(survey)


@transaction.atomic
def set_questions(
    *, survey: Survey, version: int, by: User, at: datetime, questions: list[dict[str, Any]]
) -> None:
    """All questions of a draft at once, in their order. Raises NotNow, Stale or ValidationError."""
    now = _draft(survey, by, at, version)
    rows = [
        _question(now, n, one["kind"], one["words"], one.get("choices", []))
        for n, one in enumerate(questions)
    ]
    if len(rows) > MOST_QUESTIONS:
        raise ValidationError(_("A survey has at most %(n)s questions.") % {"n": MOST_QUESTIONS})
    now.questions.all().delete()
    SurveyQuestion.objects.bulk_create(rows)
    _changed(now)
    audit.record("survey questions put in order", by=by, at=at, setting=now.setting, of=now)


@transaction.atomic
def open_(*, survey: Survey, version: int, by: User, at: datetime) -> None:
    """Fix a draft for good, as `by` has read it: it is answered from its day on. Raises NotNow or Stale."""
    now = _draft(survey, by, at, version)
    if not now.questions.exists():
        raise NotNow(_("Add a question first."))
    if now.closes_on <= timezone.localdate(at):
        raise NotNow(_("The last day is over. Choose a later one first."))
    now.opened_at, now.version = at, now.version + 1
    now.save(update_fields=["opened_at", "version"])
    audit.record("survey opened", by=by, at=at, setting=now.setting, of=now)


@transaction.atomic
def end(*, survey: Survey, version: int, by: User, at: datetime) -> None:
    """Close what is open, or was to open, before its day, and for good. Raises NotNow or Stale."""
    _require(by, survey.setting, at)
    now = _held(survey)
    if now.version != version:
        raise Stale(now, {})
    if now.state(at) not in (SurveyState.OPEN, SurveyState.SET):
        raise NotNow(_("This survey is not open."))
    now.ended_at, now.version = at, now.version + 1
    now.save(update_fields=["ended_at", "version"])
    audit.record("survey closed", by=by, at=at, setting=now.setting, of=now)


@dataclass(frozen=True)
class Counted:
    """That somebody has answered. `new`: what was sent now is what counts, and not what stood before."""

    response: SurveyResponse
    new: bool


@transaction.atomic
def answer(
    *,
    survey: Survey,
    by: User,
    at: datetime,
    said: Said,
    audience: str = "",
    version: int = 0,
) -> Counted:
    """Answer once. Of a survey with names the answer may be another until it closes: `version` is the one that was read.

    `audience`: as whom, for somebody who is asked as more than one. What somebody sends to an anonymous survey after
    they have answered changes nothing. Raises Http404 for whoever is not asked, NotNow, Stale or ValidationError, by
    field where it is about one: fields are called by the id of the question.
    """
    now = _held(survey)
    mine = asked_as(by, now, at)
    if not mine or now.state(at) == SurveyState.DRAFT:
        raise Http404
    before = now.responses.filter(person=by).first()
    if before is not None and now.anonymous:
        return Counted(before, new=False)
    if now.state(at) != SurveyState.OPEN:
        raise NotNow(_("This survey is not open now. Thank you for wanting to answer."))
    told = _checked(now, said)
    if before is None and len(mine) > 1 and audience not in mine:
        raise ValidationError({"audience": _("Say as whom you answer.")})
    if before is None:
        speaks = audience if audience in mine else mine[0]
        before = SurveyResponse(survey=now, person=by, audience=speaks, at=None if now.anonymous else at)
        before.save(force_insert=True)
    elif _stands(before) == told:
        return Counted(before, new=False)
    elif before.version != version:
        raise Stale(before, {})
    else:
        before.answers.all().delete()
        before.version, before.at = before.version + 1, at
        before.save(update_fields=["version", "at"])
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(
            question_id=pk,
            audience=before.audience,
            choice=one if isinstance(one, int) else None,
            words=one if isinstance(one, str) else "",
            response=None if now.anonymous else before,
        )
        for pk, one in told.items()
    )
    if now.anonymous:
        _mix(now)
    audit.record("survey answered", by=None if now.anonymous else by, at=at, setting=now.setting, of=now)
    return Counted(before, new=True)


def _checked(survey: Survey, said: Said) -> dict[UUID, int | str]:
    """What was said to which question, where something was. Raises ValidationError."""
    told: dict[UUID, int | str] = {}
    wrong: dict[str, str] = {}
    questions = list(survey.questions.all())
    for row in questions:
        one = said.get(row.pk)
        if isinstance(one, str):
            one = one.strip()
        if one is None or one == "":
            continue
        if row.kind == QuestionKind.WORDS:
            if not isinstance(one, str):
                wrong[str(row.pk)] = _("Write your answer in words.")
            elif len(one) > OWN_WORDS:
                wrong[str(row.pk)] = _("Use %(n)s characters or fewer.") % {"n": OWN_WORDS}
        elif not isinstance(one, int) or not 0 <= one < len(row.labels):
            wrong[str(row.pk)] = _("Choose one of the answers.")
        told[row.pk] = one
    if not told:
        wrong[str(questions[0].pk)] = _("Answer at least one question.")
    if wrong:
        raise ValidationError(wrong)  # type: ignore[arg-type]
    return told


def _stands(response: SurveyResponse) -> dict[UUID, int | str]:
    return {
        row.question_id: row.words if row.choice is None else row.choice
        for row in response.answers.order_by("question__position")
    }


#: Every answer of a survey is written anew, in an order of chance, with another id: which of them came last, and which
#: came together, is told by nothing in their rows.
_MIX = """
WITH gone AS (
    DELETE FROM notifications_surveyanswer a USING notifications_surveyquestion q
    WHERE q.id = a.question_id AND q.survey_id = %s
    RETURNING a.question_id, a.audience, a.choice, a.words
)
INSERT INTO notifications_surveyanswer (id, question_id, audience, choice, words, response_id)
SELECT gen_random_uuid(), question_id, audience, choice, words, NULL FROM gone ORDER BY random()"""


def _mix(survey: Survey) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MIX, [survey.pk])


@transaction.atomic
def publish(*, survey: Survey, version: int, by: User, at: datetime, told: str) -> None:
    """Show the results to everybody who was asked, with what was heard and what is done about it; or change those words.

    Raises NotNow before it has closed, Stale, or ValidationError.
    """
    _require(by, survey.setting, at)
    now = _held(survey)
    if not now.is_over(at):
        raise NotNow(_("Results are published once the survey has closed."))
    if now.version != version:
        raise Stale(now, {"told": told})
    if now.published_at is not None and now.told == told.strip():
        return
    now.told, now.published_at, now.version = told.strip(), now.published_at or at, now.version + 1
    if not now.told:
        raise ValidationError({"told": _("Write what you heard, and what you do about it.")})
    now.full_clean()
    now.save(update_fields=["told", "published_at", "version"])
    audit.record("survey published", by=by, at=at, setting=now.setting, of=now)
