"""Two surveys of each setting of the demo: one that is open to parent carers, and one whose results they can read."""

from datetime import timedelta

from accounts.models import User
from notifications.enums_surveys import Asked, QuestionKind
from notifications.models import Survey, SurveyAnswer, SurveyQuestion, SurveyResponse
from pupils import policy
from pupils.enums import Ground

from .days import Days
from .people import Place
from .rows import fixed

WAYS = ["In a message", "On the phone", "On paper in the bag"]
OPEN = (
    (QuestionKind.SCALE, "Do you know whom to ask when something worries you?", []),
    (QuestionKind.ONE, "How do you like to hear from us?", WAYS),
    (QuestionKind.WORDS, "What should we do differently?", []),
)
TOLD = (
    (QuestionKind.SCALE, "Do you feel welcome at meetings?", []),
    (QuestionKind.ONE, "Which time is best for a meeting?", ["Morning", "After school", "Evening"]),
)
HEARD = """You told us that meetings in the morning are hard for many of you.

From this term on half of our meetings are after school. Tell us if you need another time."""


def ask(place: Place, days: Days) -> None:
    """Rows of one setting, as if its SENCO had asked last month and had asked something else this week."""
    key = place.setting.name
    _survey(
        place,
        days,
        "open",
        "How do we keep in touch?",
        "We want to reach you in a way that suits you.",
        OPEN,
        -4,
    )
    told = _survey(
        place, days, "told", "Our meetings", "We want meetings to be easy to come to.", TOLD, -45,
        told=HEARD, published_at=days.moment(-20, "15:30"),
    )  # fmt: skip
    families = policy.families_each([place.setting.pk], days.now)
    asked = User.objects.filter(pk__in={pk for __, pk, ground in families if ground is Ground.PARENT})
    people = list(asked.exclude(email="").order_by("email"))
    SurveyResponse.objects.bulk_create(
        SurveyResponse(
            id=fixed("survey response", key, one.email), survey=told, person=one, audience=Asked.PARENT
        )
        for one in people
    )
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(question=question, audience=Asked.PARENT, choice=(0, 1, 1, 0, 2)[n % 5] if of else n % 2)
        for of, question in enumerate(told.questions.all())
        for n in range(len(people))
    )


def _survey(
    place: Place,
    days: Days,
    name: str,
    title: str,
    why: str,
    questions: tuple[tuple[QuestionKind, str, list[str]], ...],
    began: int,
    **more: object,
) -> Survey:
    key, at = place.setting.name, days.moment(began, "09:00")
    opens = days.weekday(began)
    survey = Survey.objects.create(
        id=fixed("survey", key, name), setting=place.setting, title=title, why=why, audiences=[Asked.PARENT],
        anonymous=True, opens_on=opens, closes_on=opens + timedelta(days=21), created_by=place.senco, created_at=at,
        opened_at=at, version=2, **more,
    )  # fmt: skip
    SurveyQuestion.objects.bulk_create(
        SurveyQuestion(
            id=fixed("survey question", key, name, n),
            survey=survey,
            position=n,
            kind=kind,
            words=words,
            choices=choices,
        )
        for n, (kind, words, choices) in enumerate(questions)
    )
    return survey
