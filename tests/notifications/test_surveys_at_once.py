"""What a database that really commits keeps of answers, and of two that come at one moment."""

import pytest
from django.db import connection

from notifications.models import SurveyAnswer, SurveyResponse

from ..cast import Cast, build
from ..pupils.test_at_the_same_time import together
from .surveying import answer, opened, parents

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return build()


@pytest.mark.parametrize("anonymous", [True, False])
def test_two_answers_of_one_person_at_one_moment_are_counted_once(cast: Cast, anonymous: bool) -> None:
    survey = opened(cast, anonymous=anonymous)
    together(lambda: answer(survey, cast.parent, scale=0), lambda: answer(survey, cast.parent, scale=4))
    assert SurveyResponse.objects.count() == 1
    assert SurveyAnswer.objects.count() == 1


def test_several_people_who_answer_at_one_moment_are_all_counted(cast: Cast) -> None:
    survey = opened(cast)
    first, second, third = parents(cast, 3)
    together(*(lambda one=one: answer(survey, one, scale=1, one=2) for one in (first, second, third)))
    assert SurveyResponse.objects.count() == 3
    assert list(SurveyAnswer.objects.order_by("choice").values_list("choice", flat=True)) == [
        1,
        1,
        1,
        2,
        2,
        2,
    ]


def test_no_row_of_an_answer_is_of_the_moment_of_its_response(cast: Cast) -> None:
    """What the database itself keeps of a row: the transaction that wrote it, and where it lies."""
    survey = opened(cast)
    for n, one in enumerate(parents(cast, 8)):
        answer(survey, one, scale=None, words=f"Words {n}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text, words FROM notifications_surveyanswer ORDER BY ctid")
        rows = cursor.fetchall()
        cursor.execute("SELECT xmin::text FROM notifications_surveyresponse")
        responses = {xmin for (xmin,) in cursor.fetchall()}
    came = [f"Words {n}" for n in range(8)]
    lying = [words for __, words in rows]
    assert len(responses) == 8
    assert len({xmin for xmin, __ in rows}) == 1  # all of the last moment
    assert sorted(lying) == came
    assert lying != came  # by chance once in 40,320 times
