"""Who is asked what, and what came of it: numbers that tell of nobody, by the rule of every published table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, Setting, User
from accounts.policy import live, roles, settings_of
from pupils import policy
from pupils.clocks import midnight
from pupils.enums import Ground
from reviews.suppress import FEWEST, publish, rows_left_out

from .enums_surveys import Asked, QuestionKind, SurveyState
from .models import Survey, SurveyAnswer, SurveyQuestion, SurveyResponse

_AS = {Ground.PARENT: Asked.PARENT, Ground.OWN: Asked.PUPIL}

# Who is asked ------------------------------------------------------------------------------------------------


def standing(person: User, at: datetime) -> dict[UUID, set[Asked]]:
    """As whom somebody could be asked now, by setting: 2 queries."""
    found = {setting: {Asked.STAFF} for setting in roles(person, at)}
    for setting, grounds in policy.family_grounds(person, at).items():
        found.setdefault(setting, set()).update(_AS[ground] for ground in grounds)
    return found


def asked_as(person: User, survey: Survey, at: datetime) -> list[Asked]:
    """As whom of those whom a survey is to this person stands in its setting now: none, and they are not asked."""
    here = standing(person, at).get(survey.setting_id, set())
    return [each for each in Asked if each in here and each in survey.audiences]


def running(at: datetime) -> QuerySet[Survey]:
    """The surveys that are open at an instant."""
    today = timezone.localdate(at)
    return Survey.objects.filter(
        opened_at__lte=at, ended_at=None, published_at=None, opens_on__lte=today, closes_on__gt=today
    ).select_related("setting")


def waits_for(person: User, at: datetime, family: Iterable[policy.Here] | None = None) -> list[Survey]:
    """The open surveys to which this person is asked and has not answered: 2 queries, or 1 where `family` is known
    already, which is what `policy.families_here` says of them.
    """
    here = policy.families_here(at, person=person.pk) if family is None else family
    works = Q(setting__in=settings_of(person, at).values("pk"))
    meant = Q(works, audiences__contains=[Asked.STAFF.value])
    for setting, own in sorted({(one.setting, one.own) for one in here}):
        audience = _AS[Ground.OWN if own else Ground.PARENT]
        meant |= Q(setting=setting, audiences__contains=[audience.value])
    rows = running(at).filter(meant).exclude(responses__person=person.pk)
    return list(rows.order_by("closes_on", "title", "pk"))


def everybody_asked(surveys: Iterable[Survey], at: datetime) -> dict[UUID, dict[UUID, set[Asked]]]:
    """By survey whom it asks at an instant, each as whom: 3 queries. Whoever has no way in is not asked."""
    wanted = list(surveys)
    settings = {one.setting_id for one in wanted}
    here: dict[UUID, dict[UUID, set[Asked]]] = {pk: {} for pk in settings}
    if not wanted:
        return {}
    for setting, person, ground in policy.families_each(settings, at):
        here[setting].setdefault(person, set()).add(_AS[ground])
    staff = Membership.objects.filter(live(at), setting__in=settings, person__is_active=True)
    for setting, person in staff.values_list("setting_id", "person_id"):
        here[setting].setdefault(person, set()).add(Asked.STAFF)
    people = {person for each in here.values() for person in each}
    signs_in = set(User.objects.filter(pk__in=people).exclude(email="").values_list("pk", flat=True))
    return {
        one.pk: {
            person: found
            for person, each in here[one.setting_id].items()
            if person in signs_in and (found := each & set(one.audiences))
        }
        for one in wanted
    }


@dataclass(frozen=True)
class Mine:
    """A survey as somebody who is asked has it before them."""

    survey: Survey
    state: SurveyState
    response: SurveyResponse | None

    @property
    def to_answer(self) -> bool:
        return self.state == SurveyState.OPEN and self.response is None

    @property
    def may_change(self) -> bool:
        return self.state == SurveyState.OPEN and self.response is not None and not self.survey.anonymous


def mine(person: User, at: datetime) -> list[Mine]:
    """The surveys that somebody is asked: what waits first, then the newest. 4 queries at most."""
    here = standing(person, at)
    rows = Survey.objects.filter(setting__in=here, opened_at__isnull=False).select_related("setting")
    theirs = [one for one in rows if here[one.setting_id] & set(one.audiences)]
    said = {one.survey_id: one for one in SurveyResponse.objects.filter(person=person, survey__in=theirs)}
    found = [Mine(one, one.state(at), said.get(one.pk)) for one in theirs]
    return sorted((one for one in found if one.state != SurveyState.SET), key=lambda one: not one.to_answer)


def one(survey_id: UUID) -> Survey:
    """A survey with its setting; who may have it is asked besides. Raises Http404."""
    row = Survey.objects.select_related("setting").filter(pk=survey_id).first()
    if row is None:
        raise Http404
    return row


def kept(person: User, survey_id: UUID, at: datetime) -> Survey:
    """A survey of a setting whose SENCO this person is. Raises Http404 for anybody else."""
    row = one(survey_id)
    if not policy.coordinates(person, row.setting, at):
        raise Http404
    return row


def to_answer(
    person: User, survey_id: UUID, at: datetime
) -> tuple[Survey, list[Asked], SurveyResponse | None]:
    """A survey that was opened, for somebody who is asked: as whom, and that they answered. Raises Http404."""
    row = one(survey_id)
    asked = asked_as(person, row, at)
    if not asked or row.state(at) in (SurveyState.DRAFT, SurveyState.SET):
        raise Http404
    return row, asked, row.responses.filter(person=person).first()


def of_setting(setting: Setting, at: datetime) -> list[tuple[Survey, SurveyState]]:
    """A setting's surveys for its SENCO: 1 query."""
    return [(row, row.state(at)) for row in Survey.objects.filter(setting=setting)]


# How many answered -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Turnout:
    """How many answered, of how many. Of an open anonymous survey in fives, so that nobody sees one more come in.

    None: too few to say. `of` is None where so few have not answered that the number would tell who.
    """

    answered: int | None
    of: int | None
    about: bool = False  #: `answered` is rounded down

    @property
    def words(self) -> str:
        if self.answered is None and self.about:
            return _("Fewer than %(n)s people answered so far.") % {"n": FEWEST}
        if self.answered is None:
            return _("Fewer than %(n)s people answered.") % {"n": FEWEST}
        given = {"n": self.answered, "of": self.of}
        if self.about:
            return _("%(n)s or more of the %(of)s people who are asked answered.") % given
        if self.of is None:
            return _("%(n)s people answered: nearly everybody, or everybody, who was asked.") % given
        return _("%(n)s of the %(of)s people who were asked answered.") % given


def turnout(survey: Survey, at: datetime) -> Turnout:
    """For its SENCO: 4 queries."""
    over = survey.is_over(at)
    closed = survey.ended_at or midnight(survey.closes_on)
    until = min(at, closed - timedelta(microseconds=1))
    asked = everybody_asked([survey], until)[survey.pk]
    people = set(survey.responses.values_list("person", flat=True))
    answered, of = len(people), len(people | set(asked))
    if not survey.anonymous:
        return Turnout(answered, of)
    if not over:
        fives = answered - answered % FEWEST
        return Turnout(fives or None, of, about=True)
    return Turnout(answered if answered >= FEWEST else None, of if of - answered >= FEWEST else None)


# What came of it ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One answer and how many gave it; None is left out. `share`: of all who answered, in hundredths."""

    label: str
    number: int | None
    share: int | None
    by: list[int | None] = field(default_factory=list)  #: by who was asked, as `Told.asked`


@dataclass(frozen=True)
class Told:
    """What was said to one question. `words` are own words, in the order of the alphabet: for the SENCO alone."""

    question: SurveyQuestion
    lines: list[Line]
    asked: list[str]
    words: list[str]


@dataclass(frozen=True)
class Results:
    survey: Survey
    answered: int | None
    questions: list[Told]
    exact: bool

    @property
    def left_out(self) -> bool:
        return any(line.number is None for told in self.questions for line in told.lines)


def results(survey: Survey, *, keeps: bool) -> Results:
    """What came of a survey that is over: 4 queries. Its SENCO (`keeps`) has own words, if not too few answered, and of a
    survey with names every number as it is; everybody else has what tells of nobody.
    """
    exact = keeps and not survey.anonymous
    audiences = [each for each in Asked if each in survey.audiences]
    of = dict(survey.responses.values_list("audience").annotate(n=Count("pk")).order_by())
    sizes = [of.get(each.value, 0) for each in audiences]
    found: dict[UUID, dict[tuple[str, int], int]] = {}
    answers = SurveyAnswer.objects.filter(question__survey=survey)
    for question, audience, choice, n in (
        answers.filter(~Q(choice=None))
        .values_list("question", "audience", "choice")
        .annotate(n=Count("pk"))
        .order_by()
    ):
        found.setdefault(question, {})[audience, choice] = n
    shows_words = keeps and (exact or sum(sizes) >= FEWEST)
    said: dict[UUID, list[str]] = {}
    if shows_words:
        for question, words in answers.exclude(words="").values_list("question", "words").order_by("words"):
            said.setdefault(question, []).append(words)
    told = []
    for row in survey.questions.all():
        lines: list[Line] = []
        by: list[str] = []
        if row.kind != QuestionKind.WORDS:
            labels = [*map(str, row.labels), _("No answer to this")]
            given = found.get(row.pk, {})
            cells = [[given.get((each.value, n), 0) for n in range(len(row.labels))] for each in audiences]
            cells = [[*cell, size - sum(cell)] for cell, size in zip(cells, sizes, strict=True)]
            lines, shown = _lines(labels, cells, exact)
            by = [str(audiences[n].label) for n in shown]
        told.append(Told(row, lines, by, said.get(row.pk, [])))
    answered = sum(sizes)
    return Results(survey, answered if exact or answered >= FEWEST else None, told, exact)


def _lines(labels: list[str], cells: list[list[int]], exact: bool) -> tuple[list[Line], list[int]]:
    """A line for each answer, and which rows of `cells` (those who were asked) stand beside it.

    A row stands there where it can without anything more left out of the numbers of all.
    """
    totals = [sum(column) for column in zip(*cells, strict=True)]
    numbers: list[int | None] = [*totals]
    rows: list[int] = list(range(len(cells))) if len(cells) > 1 else []
    parts: Sequence[Sequence[int | None]] = cells
    if not exact:
        numbers = _alone(totals)
        gone = rows_left_out([sum(cell) for cell in cells])
        table = publish(cells, gone)
        rows = [n for n in rows if n not in gone and any(cell is not None for cell in table.cells[n])]
        if rows and _hidden(table.columns) <= _hidden(numbers):
            numbers, parts = table.columns, table.cells
        else:
            rows = []
    every = sum(totals)
    return [
        Line(
            label,
            number,
            round(100 * number / every) if number is not None and every else None,
            [parts[row][n] for row in rows],
        )
        for n, (label, number) in enumerate(zip(labels, numbers, strict=True))
    ], rows


def _alone(totals: list[int]) -> list[int | None]:
    """The numbers of one question that may stand beside how many answered."""
    if sum(totals) < FEWEST:
        return [None] * len(totals)
    gone = rows_left_out(totals)
    return [None if n in gone else number for n, number in enumerate(totals)]


def _hidden(numbers: Iterable[int | None]) -> int:
    return sum(number is None for number in numbers)


@dataclass(frozen=True)
class Named:
    """What somebody said in a survey with names."""

    person: User
    response: SurveyResponse
    said: list[tuple[str, str]]


def named(survey: Survey) -> list[Named]:
    """Everybody's answers of a survey with names, for its SENCO, by name: 3 queries."""
    if survey.anonymous:
        return []
    questions = list(survey.questions.all())
    rows = (
        survey.responses.select_related("person").prefetch_related("answers").order_by("person__name", "pk")
    )
    return [
        Named(
            row.person,
            row,
            [(one.words, told.get(one.pk, "")) for one in questions],
        )
        for row in rows
        for told in [{answer.question_id: in_words(answer, questions) for answer in row.answers.all()}]
    ]


def in_words(answer: SurveyAnswer, questions: Iterable[SurveyQuestion]) -> str:
    """What was answered, as its reader knows it."""
    if answer.choice is None:
        return answer.words
    of = next(one for one in questions if one.pk == answer.question_id)
    return str(of.labels[answer.choice])


def as_rows(found: Results, people: list[Named]) -> Iterable[Sequence[str | int | None]]:
    """A file of what the SENCO's page shows: numbers, own words, and of a survey with names who said what."""
    left_out = _("left out")
    yield [_("Question"), _("Answer"), _("Who was asked"), _("Number"), _("Share (%)")]
    for told in found.questions:
        for line in told.lines:
            for who, number in [(_("All"), line.number), *zip(told.asked, line.by, strict=True)]:
                share = line.share if who == _("All") else None
                yield [told.question.words, line.label, who, left_out if number is None else number, share]
    yield []
    if people:
        yield [_("Name"), _("As"), *(words for words, __ in people[0].said)]
        for one in people:
            yield [one.person.name, one.response.get_audience_display(), *(words for __, words in one.said)]
        return
    yield [_("Question"), _("Own words")]
    for told in found.questions:
        for words in told.words:
            yield [told.question.words, words]
