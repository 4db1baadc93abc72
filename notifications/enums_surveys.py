"""Words that surveys are kept in."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _lazy

from accounts.words import StrOrPromise


class Asked(TextChoices):
    """To whom a survey of a setting goes."""

    PARENT = "parent", _lazy("Parent carers")
    PUPIL = "pupil", _lazy("Pupils")
    STAFF = "staff", _lazy("Staff")


class QuestionKind(TextChoices):
    ONE = "one", _lazy("Choose one of several answers")
    SCALE = "scale", _lazy("Five steps, from “yes, a lot” to “not at all”")
    WORDS = "words", _lazy("An answer in their own words")


class SurveyState(TextChoices):
    DRAFT = "draft", _lazy("Draft")
    SET = "set", _lazy("Will open")
    OPEN = "open", _lazy("Open")
    CLOSED = "closed", _lazy("Closed")
    PUBLISHED = "published", _lazy("Published")


#: The five steps of a scale, the same for every question, so that answers can be laid beside each other.
SCALE: tuple[StrOrPromise, ...] = (
    _lazy("Yes, a lot"),
    _lazy("Yes, a bit"),
    _lazy("Not sure"),
    _lazy("Not really"),
    _lazy("Not at all"),
)
