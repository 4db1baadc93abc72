"""Surveys of a setting: who is asked, once each; what is known of whom; and numbers that tell of nobody."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404

from accounts.models import Membership, Preferences, User
from notifications import printing, reminders, selectors_surveys, surveys, wanted_surveys
from notifications.enums import LetterState
from notifications.enums_surveys import Asked, QuestionKind, SurveyState
from notifications.models import Reminder, Survey, SurveyAnswer, SurveyQuestion, SurveyResponse
from notifications.selectors_surveys import asked_as, everybody_asked, results, turnout
from pupils import circle, policy
from pupils.errors import NotNow, Stale
from pupils.models import AuditEvent
from tests.cast import AT, Cast, member, move
from tests.notifications.happening import STARTS, come, event_of
from tests.notifications.reviewing import run
from tests.notifications.surveying import DAY, answer, draft, opened, parents
from tests.test_routes import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


def names(survey: Survey, at: Any = AT) -> set[str]:
    from accounts.models import User

    found = everybody_asked([survey], at)[survey.pk]
    return set(User.objects.filter(pk__in=found).values_list("name", flat=True))


# Who is asked ----------------------------------------------------------------------------------------------------


def test_whom_a_survey_asks_is_the_circles_own_answer(cast: Cast) -> None:
    families = opened(cast, Asked.PARENT, Asked.PUPIL)
    assert names(families) == {"Pam Lovelace", "Oscar Lovelace", "Ada Lovelace", "Sam Okafor", "Noor Haddad"}
    staff = opened(cast, Asked.STAFF)
    assert names(staff) == {"Sunita Rao", "Tom Teal", "Kim Adeyemi", "Col Ives", "Dora Safe", "Leo Head"}
    for who in ("restricted_parent", "stranger", "left", "deactivated", "professional"):
        person = getattr(cast, who)
        assert [asked_as(person, one, AT) for one in (families, staff)] == [[], []], who


def test_a_restriction_for_one_child_does_not_shut_a_parent_out_because_of_another(cast: Cast) -> None:
    survey = opened(cast)
    assert asked_as(cast.restricted_parent, survey, AT) == []
    circle.lift_restriction(restriction=cast.noor.restrictions.get(), by=cast.senco, at=AT - DAY)
    assert asked_as(cast.restricted_parent, survey, AT) == [Asked.PARENT]


def test_a_parent_of_several_children_is_asked_once_and_no_longer_when_the_last_has_left(cast: Cast) -> None:
    survey = opened(cast)
    assert [one.survey.pk for one in selectors_surveys.mine(cast.parent, AT)] == [survey.pk]
    for pupil in (cast.ada, cast.sam):
        move(pupil, cast.westfield, on=AT.date(), by=cast.senco, at=AT)
    assert asked_as(cast.parent, survey, AT) == [Asked.PARENT]
    move(cast.noor, cast.westfield, on=AT.date(), by=cast.senco, at=AT)
    assert asked_as(cast.parent, survey, AT) == []
    with pytest.raises(Http404):
        answer(survey, cast.parent)


# A draft, and opening it -----------------------------------------------------------------------------------------


def test_a_draft_is_changed_by_its_senco_and_fixed_for_good_when_it_opens(cast: Cast) -> None:
    survey = draft(cast)
    first, second, third = survey.questions.all()
    surveys.move_question(question=third, up=True, by=cast.senco, at=AT)
    surveys.move_question(question=first, up=True, by=cast.senco, at=AT)  # is the first
    surveys.remove_question(question=second, by=cast.senco, at=AT)
    assert list(survey.questions.values_list("pk", "position")) == [(first.pk, 0), (third.pk, 1)]
    survey.refresh_from_db()
    read = survey.version
    surveys.add_question(survey=survey, by=cast.senco, at=AT, kind=QuestionKind.SCALE, words="Is it calm?")
    with pytest.raises(Stale):
        surveys.open_(survey=survey, version=read, by=cast.senco, at=AT)
    surveys.open_(survey=survey, version=read + 1, by=cast.senco, at=AT)
    survey.refresh_from_db()
    who: dict[str, Any] = {"by": cast.senco, "at": AT}
    for change in (
        lambda: surveys.edit(survey=survey, version=survey.version, title="Other", **who),
        lambda: surveys.add_question(survey=survey, kind="scale", words="More?", **who),
        lambda: surveys.move_question(question=third, up=True, **who),
        lambda: surveys.remove_question(question=third, **who),
        lambda: surveys.set_questions(survey=survey, version=survey.version, questions=[], **who),
        lambda: surveys.open_(survey=survey, version=survey.version, **who),
        lambda: surveys.remove(survey=survey, version=survey.version, **who),
    ):
        with pytest.raises(NotNow):
            change()
    assert survey.questions.count() == 3


@pytest.mark.parametrize("who", ["teacher", "leader", "dsl", "stranger", "parent"])
def test_only_a_senco_of_the_setting_makes_surveys(cast: Cast, who: str) -> None:
    survey = draft(cast)
    by = getattr(cast, who)
    with pytest.raises(PermissionDenied):
        surveys.make(setting=cast.hazelmere, by=by, at=AT, title="Mine")
    with pytest.raises(PermissionDenied):
        surveys.open_(survey=survey, version=survey.version, by=by, at=AT)
    with pytest.raises(Http404):
        selectors_surveys.kept(by, survey.pk, AT)


def test_what_is_not_a_question_is_refused(cast: Cast) -> None:
    survey = draft(cast)
    who: dict[str, Any] = {"survey": survey, "by": cast.senco, "at": AT}
    for kind, words, choices in (
        ("one", "Which?", ["Only this"]),
        ("one", "Which?", ["This", "this"]),
        ("one", "Which?", [str(n) for n in range(9)]),
        ("one", "Which?", ["x" * 151, "y"]),
        ("scale", "", []),
        ("scale", "x" * 301, []),
        ("guess", "Which?", []),
    ):
        with pytest.raises(ValidationError):
            surveys.add_question(kind=kind, words=words, choices=choices, **who)
    key = uuid4()
    for _ in range(2):
        surveys.add_question(kind="scale", words="Again?", key=key, **who)
    assert survey.questions.count() == 4
    with pytest.raises(ValidationError):
        surveys.make(setting=cast.hazelmere, by=cast.senco, at=AT, title="x", why="y", audiences=["parent"],
                     anonymous=True, opens_on=date(2026, 3, 10), closes_on=date(2026, 3, 10))  # fmt: skip


def test_it_opens_and_closes_by_itself_on_its_days_and_may_be_closed_before(cast: Cast) -> None:
    survey = opened(cast, opens_on=(AT + DAY).date())
    states = [survey.state(AT + n * DAY) for n in (0, 1, 6, 7)]
    assert states == [SurveyState.SET, SurveyState.OPEN, SurveyState.OPEN, SurveyState.CLOSED]
    with pytest.raises(NotNow):
        answer(survey, cast.parent)
    with pytest.raises(NotNow):
        answer(survey, cast.parent, at=AT + 7 * DAY)
    surveys.end(survey=survey, version=survey.version, by=cast.senco, at=AT)
    with pytest.raises(NotNow):
        answer(survey, cast.parent, at=AT + DAY)
    assert SurveyResponse.objects.count() == 0


# Once each -------------------------------------------------------------------------------------------------------


def test_an_anonymous_survey_answered_twice_is_counted_once(cast: Cast) -> None:
    survey = opened(cast)
    assert answer(survey, cast.parent, scale=0).new
    assert not answer(survey, cast.parent, scale=0).new
    assert not answer(survey, cast.parent, scale=4, words="Something else").new
    assert SurveyResponse.objects.count() == 1
    assert list(SurveyAnswer.objects.values_list("choice", "words")) == [(0, "")]
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyResponse.objects.create(survey=survey, person=cast.parent, audience="parent")


def test_with_names_there_is_one_answer_and_it_may_be_another_until_it_closes(cast: Cast) -> None:
    survey = opened(cast, anonymous=False)
    assert answer(survey, cast.parent, scale=0, words="Ring me.").new
    assert not answer(survey, cast.parent, scale=0, words="Ring me.").new
    with pytest.raises(Stale):
        answer(survey, cast.parent, scale=4)  # from a window that knows nothing of the first
    assert answer(survey, cast.parent, scale=4, version=1).new
    response = SurveyResponse.objects.get()
    assert (response.person, response.version, response.at) == (cast.parent, 2, AT)
    assert list(response.answers.values_list("choice", "words")) == [(4, "")]
    with pytest.raises(NotNow):
        answer(survey, cast.parent, at=AT + 7 * DAY, scale=1, version=2)


def test_whoever_is_asked_as_two_says_as_whom_and_answers_once(cast: Cast) -> None:
    member(cast.parent, cast.hazelmere, "key_adult")
    survey = opened(cast, Asked.PARENT, Asked.STAFF)
    assert asked_as(cast.parent, survey, AT) == [Asked.PARENT, Asked.STAFF]
    with pytest.raises(ValidationError):
        answer(survey, cast.parent)
    answer(survey, cast.parent, audience="staff")
    answer(survey, cast.parent, audience="parent")
    assert list(SurveyResponse.objects.values_list("audience", flat=True)) == ["staff"]
    assert list(SurveyAnswer.objects.values_list("audience", flat=True)) == ["staff"]


def test_an_answer_that_is_none_is_refused_by_its_question(cast: Cast) -> None:
    survey = opened(cast)
    scale, one, own = (row.pk for row in survey.questions.all())
    for given in (
        {},
        {own: "  "},
        {scale: 5},
        {one: 3},
        {one: -1},
        {scale: "yes"},
        {own: 1},
        {own: "x" * 1001},
    ):
        with pytest.raises(ValidationError):
            surveys.answer(survey=survey, by=cast.parent, at=AT, said=given)
    assert SurveyResponse.objects.count() == 0


# What is known of whom -------------------------------------------------------------------------------------------


def test_nothing_joins_an_anonymous_answer_to_a_person_or_to_a_moment(cast: Cast) -> None:
    survey = opened(cast)
    people = parents(cast, 6)
    for n, one in enumerate(people):
        answer(survey, one, scale=n % 5, one=n % 3, words=f"Words {n}")
    assert {(row.at, row.version) for row in SurveyResponse.objects.all()} == {(None, 1)}
    assert not SurveyAnswer.objects.exclude(response=None).exists()
    fields = {field.name for field in SurveyAnswer._meta.get_fields()}
    assert fields == {"id", "question", "audience", "choice", "words", "response"}
    events = AuditEvent.objects.filter(verb="survey answered")
    assert {(row.by, row.object_type, row.object_id) for row in events} == {(None, "survey", survey.pk)}
    assert not any(str(one.pk) in str(event.detail) for event in events for one in people)


# What came of it -------------------------------------------------------------------------------------------------


def numbers(found: selectors_surveys.Results, question: int = 0) -> list[int | None]:
    return [line.number for line in found.questions[question].lines]


def test_small_numbers_are_left_out_and_cannot_be_worked_out(cast: Cast) -> None:
    survey = opened(cast)
    for n, one in enumerate(parents(cast, 14)):
        answer(survey, one, scale=0 if n < 7 else 1 if n < 12 else 2, one=0, words="Ring." if n == 3 else "")
    for keeps in (True, False):
        found = results(survey, keeps=keeps)
        assert found.answered == 14
        # 7, 5, 2, 0, 0 and nobody who left it out: with 2 goes the next, so that it is not what is left of 14
        assert numbers(found) == [7, None, None, None, None, None]
        assert [line.share for line in found.questions[0].lines] == [50, *[None] * 5]
        assert numbers(found, 1) == [None] * 4  # all said the same: that is everybody's answer
    assert results(survey, keeps=True).questions[2].words == ["Ring."]
    assert results(survey, keeps=False).questions[2].words == []


def test_of_fewer_than_five_nothing_is_told_not_even_own_words(cast: Cast) -> None:
    survey = opened(cast)
    for one in parents(cast, 4):
        answer(survey, one, words="Ring me.")
    found = results(survey, keeps=True)
    assert found.answered is None
    assert all(number is None for number in numbers(found))
    assert [told.words for told in found.questions] == [[], [], []]
    assert turnout(survey, AT + 7 * DAY).answered is None
    assert b"Ring" not in str(list(selectors_surveys.as_rows(found, []))).encode()


def test_numbers_by_who_was_asked_stand_only_where_they_undo_nothing(cast: Cast) -> None:
    survey = opened(cast, Asked.PARENT, Asked.STAFF)
    for one in parents(cast, 10):
        answer(survey, one, scale=0, one=0)
    for n, one in enumerate(parents_as_staff(cast, 10)):
        answer(survey, one, scale=0 if n < 5 else 1, one=0 if n < 9 else 1)
    found = results(survey, keeps=False)
    for told in found.questions[:2]:
        shown = [line.number for line in told.lines]
        for n, line in enumerate(told.lines):
            known = [part for part in line.by if part is not None]
            # no part is what another leaves of a sum
            assert not (len(known) == 1 and len(line.by) == 2 and line.number is not None), (told, n)
        assert shown[0] is None or shown[0] >= 5
    few = opened(cast, Asked.PARENT, Asked.PUPIL)
    for one in [*list_of_parents(cast), cast.child]:
        answer(few, one, scale=0, one=0, audience="parent" if one != cast.child else "")
    assert all(line.by == [] for told in results(few, keeps=True).questions for line in told.lines)


def parents_as_staff(cast: Cast, number: int) -> list[Any]:
    from tests.cast import person

    made = [person(f"adult{n}@hazelmere.example", f"Adult {n}") for n in range(number)]
    for one in made:
        member(one, cast.hazelmere, "key_adult")
    return made


def list_of_parents(cast: Cast) -> list[Any]:
    from accounts.models import User

    return list(
        User.objects.filter(
            email__startswith="parent", email__endswith="@home.example", name__startswith="Parent "
        )
    )


def test_with_names_the_senco_reads_all_and_nobody_else_does(cast: Cast) -> None:
    survey = opened(cast, anonymous=False)
    answer(survey, cast.parent, scale=1, one=2, words="=Ring me.")
    found = results(survey, keeps=True)
    assert (found.answered, numbers(found)) == (1, [0, 1, 0, 0, 0, 0])
    [one] = selectors_surveys.named(survey)
    assert (one.person, [words for __, words in one.said]) == (
        cast.parent,
        ["Yes, a bit", "By phone", "=Ring me."],
    )
    shown = results(survey, keeps=False)
    assert shown.answered is None
    assert all(number is None for number in numbers(shown))
    assert selectors_surveys.named(opened(cast)) == []


def test_while_it_is_open_the_number_of_answers_does_not_tell_of_one_more(cast: Cast) -> None:
    survey = opened(cast)
    seen = []
    for one in parents(cast, 11):
        answer(survey, one)
        seen.append(turnout(survey, AT).answered)
    assert seen == [None] * 4 + [5] * 5 + [10] * 2
    assert turnout(survey, AT).of == 13
    over = turnout(survey, AT + 8 * DAY)
    assert (over.answered, over.of) == (11, None)  # that two did not answer is not told
    assert "nearly everybody" in over.words
    with_names = turnout(opened(cast, anonymous=False), AT)
    assert (with_names.answered, with_names.of) == (0, 13)


def test_results_are_published_once_it_has_closed_and_the_words_may_change(cast: Cast) -> None:
    survey = opened(cast)
    later = AT + 7 * DAY
    who: dict[str, Any] = {"survey": survey, "by": cast.senco}
    with pytest.raises(NotNow):
        surveys.publish(version=survey.version, told="We ring.", at=AT, **who)
    for wrong in (" ", "x" * 4001):
        with pytest.raises(ValidationError):
            surveys.publish(version=survey.version, told=wrong, at=later, **who)
    surveys.publish(version=survey.version, told="We ring.", at=later, **who)
    with pytest.raises(Stale):
        surveys.publish(version=survey.version, told="We do not.", at=later, **who)
    surveys.publish(version=survey.version + 1, told="We ring on Mondays.", at=later + DAY, **who)
    survey.refresh_from_db()
    assert (survey.told, survey.published_at) == ("We ring on Mondays.", later)
    assert survey.state(later) == SurveyState.PUBLISHED


# Reminders -------------------------------------------------------------------------------------------------------


def reminded() -> list[str]:
    return sorted(address for message in mail.outbox for address in message.to)


def test_whoever_is_asked_is_reminded_once_and_again_before_it_closes_until_they_answered(cast: Cast) -> None:
    survey = opened(cast, Asked.PARENT, Asked.STAFF)
    run(AT)
    run(AT + DAY)
    first = reminded()
    assert first == sorted(
        str(one.email)
        for one in (cast.parent, cast.other_parent, cast.senco, cast.teacher, cast.key_adult, cast.colleague, cast.dsl,
                    cast.leader)
    )  # fmt: skip
    assert all("Your school asks what you think" in message.body for message in mail.outbox)
    assert "keep in touch" not in mail.outbox[0].body
    for one in (
        cast.other_parent,
        cast.senco,
        cast.teacher,
        cast.key_adult,
        cast.colleague,
        cast.dsl,
        cast.leader,
    ):
        answer(survey, one)
    mail.outbox.clear()
    run(AT + 5 * DAY)
    run(AT + 6 * DAY)
    assert reminded() == [cast.parent.email]
    assert {(row.pupil, row.setting, row.state) for row in Reminder.objects.all()} == {
        (None, cast.hazelmere, LetterState.SENT)
    }
    assert set(AuditEvent.objects.filter(verb="reminded").values_list("setting", flat=True)) == {
        cast.hazelmere.pk
    }


@pytest.mark.parametrize("gone", ["answered", "closed", "left"])
def test_what_was_planned_is_not_sent_to_whoever_answered_or_is_asked_no_more(cast: Cast, gone: str) -> None:
    survey = opened(cast, Asked.STAFF)
    reminders.plan(at=AT)
    if gone == "answered":
        answer(survey, cast.teacher)
    elif gone == "closed":
        surveys.end(survey=survey, version=survey.version, by=cast.senco, at=AT)
    else:
        Membership.objects.filter(person=cast.teacher).update(ends_at=AT)
    run(AT)
    assert cast.teacher.email not in reminded()
    assert (cast.colleague.email in reminded()) == (gone != "closed")
    row = Reminder.objects.get(person=cast.teacher)
    assert (row.state, row.why_not) == ("not_sent", "not_open" if gone == "left" else "done")


def test_an_event_and_a_survey_go_in_one_e_mail_and_one_letter(cast: Cast) -> None:
    """Of what is a setting's each kind is asked again by its own rule, beside the other."""
    at, closes = STARTS - DAY, (STARTS + 7 * DAY).date()
    Preferences.objects.create(person=cast.other_parent, channel="letter", postal_address="1 Home Road")
    event = event_of(cast)
    for one in (cast.parent, cast.other_parent):
        come(event, one)
    survey = opened(cast, closes_on=closes)
    run(at)
    [message] = [one for one in mail.outbox if one.to == [cast.parent.email]]
    lines = ["Tomorrow: Coffee morning, 9:00, Library.", "Your school asks what you think."]
    assert all(line in message.body for line in lines)

    def printed() -> str:
        pdf = printing.print_letter(person_id=cast.other_parent.pk, by=cast.senco, at=at)
        return " ".join(words_of(pdf).split())

    assert [(one.person, one.pupils) for one in printing.waiting(cast.senco, at)] == [(cast.other_parent, [])]
    assert all(line in printed() for line in lines)
    answer(survey, cast.other_parent)
    left = printed()
    assert (lines[0] in left, lines[1] in left) == (True, False)


def test_nothing_is_asked_of_the_database_for_surveys_where_none_is_open(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    draft(cast)
    with django_assert_num_queries(1):
        assert wanted_surveys.wanted(wanted_surveys.facts(AT), AT) == []
    with django_assert_num_queries(2):
        assert selectors_surveys.waits_for(cast.parent, AT) == []


def test_what_waits_for_somebody_is_what_the_circle_says_of_them(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    asked = [opened(cast, each, anonymous=n == 0) for n, each in enumerate(Asked)]
    asked.append(opened(cast, *Asked, title="All"))
    User.objects.filter(pk=cast.other_parent.pk).update(is_active=False)
    found = {}
    people = {name: one.pk for name, one in vars(cast).items() if isinstance(one, User)}
    for who, pk in people.items():
        one = User.objects.get(pk=pk)
        family = policy.families_here(AT, person=pk)
        reads = int(one.is_active)  # of whoever is shut out it is known without a look that nothing waits
        with django_assert_num_queries(reads):
            waits = {row.pk for row in selectors_surveys.waits_for(one, AT, family)}
        with django_assert_num_queries(1 + reads):
            assert waits == {row.pk for row in selectors_surveys.waits_for(one, AT)}
        assert waits == {row.pk for row in asked if selectors_surveys.asked_as(one, row, AT)}, who
        found[who] = len(waits)
    assert (found["parent"], found["child"], found["teacher"]) == (2, 2, 2)
    assert [found[who] for who in ("restricted_parent", "professional", "stranger", "other_parent")] == [
        0
    ] * 4


def test_questions_are_put_in_all_at_once(cast: Cast) -> None:
    survey = draft(cast)
    who: dict[str, Any] = {"survey": survey, "by": cast.senco, "at": AT}
    two = [{"kind": "words", "words": "Why?"}, {"kind": "one", "words": "Which?", "choices": ["A", "B"]}]
    with pytest.raises(Stale):
        surveys.set_questions(version=1, questions=two, **who)
    surveys.set_questions(version=survey.version, questions=two, **who)
    assert [row.words for row in SurveyQuestion.objects.filter(survey=survey)] == ["Why?", "Which?"]
