"""What a setting asks its families, pupils and staff: that somebody answered, and what was answered.

In an anonymous survey nothing joins the two (docs/decisions/0020).
"""

from datetime import date, datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from accounts.days import Day
from accounts.models import Record, Setting, User
from accounts.words import StrOrPromise, Words

from .enums_surveys import SCALE, Asked, QuestionKind, SurveyState

#: So many answers can be chosen from, and so many characters of their own does somebody write.
FEWEST_CHOICES, MOST_CHOICES = 2, 8
MOST_QUESTIONS = 20
OWN_WORDS = 1000


class Survey(Record):
    """A draft until `opened_at`; from then on nothing of what is asked changes. Answered on [opens_on, closes_on)."""

    setting = models.ForeignKey(Setting, models.PROTECT, related_name="surveys")
    title = models.CharField(max_length=150)
    why = Words(_lazy("Why we ask"), limit=1000)
    audiences = ArrayField(models.CharField(max_length=10, choices=Asked))
    anonymous = models.BooleanField()
    opens_on = Day()
    closes_on = Day()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True, blank=True, help_text=_lazy("When it was fixed for good"))
    ended_at = models.DateTimeField(
        null=True, blank=True, help_text=_lazy("When it was closed before its day")
    )
    told = Words(_lazy("What you told us, and what we do"), limit=4000, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["closes_on"],
                name="surveys_that_are_open",
                condition=Q(opened_at__isnull=False, ended_at=None),
            )
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(audiences=[]), name="a survey is to somebody"),
            models.CheckConstraint(
                condition=Q(closes_on__gt=F("opens_on")),
                name="a survey closes after it opens",
                violation_error_message=_lazy("It must close after the day on which it opens."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(opened_at__isnull=False),
                name="what was never open is not ended",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(opened_at__isnull=False) & ~Q(told=""),
                name="results are published with what we do about them",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def state(self, at: datetime) -> SurveyState:
        today = timezone.localdate(at)
        if self.opened_at is None:
            return SurveyState.DRAFT
        if self.published_at is not None:
            return SurveyState.PUBLISHED
        if self.ended_at is not None or self.closes_on <= today:
            return SurveyState.CLOSED
        return SurveyState.OPEN if self.opens_on <= today else SurveyState.SET

    def is_over(self, at: datetime) -> bool:
        return self.state(at) in (SurveyState.CLOSED, SurveyState.PUBLISHED)

    @property
    def last_day(self) -> date:
        return self.closes_on - timedelta(days=1)

    @property
    def asked_in_words(self) -> list[str]:
        return [str(asked.label) for asked in Asked if asked in self.audiences]


class SurveyQuestion(Record):
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=QuestionKind)
    words = Words(_lazy("The question"), limit=300)
    choices = ArrayField(models.CharField(max_length=150), default=list, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "position"],
                name="questions stand in an order",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(kind=QuestionKind.ONE) & ~Q(choices=[])
                | ~Q(kind=QuestionKind.ONE) & Q(choices=[]),
                name="what is chosen from stands where one chooses",
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def labels(self) -> list[StrOrPromise]:
        """What can be chosen, in order; nothing where people write."""
        return list(SCALE) if self.kind == QuestionKind.SCALE else list(self.choices)


class SurveyResponse(Record):
    """*That* somebody answered, once, and as whom. Of an anonymous survey it knows neither when nor what."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="responses")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    audience = models.CharField(max_length=10, choices=Asked)
    at = models.DateTimeField(null=True, blank=True, help_text=_lazy("Of a survey with names"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint("survey", "person", name="a person answers a survey once")]

    def __str__(self) -> str:
        return self.get_audience_display()


class SurveyAnswer(Record):
    """One answer to one question: the place of what was chosen, or words. Without a response it is nobody's."""

    question = models.ForeignKey(SurveyQuestion, models.PROTECT, related_name="answers")
    audience = models.CharField(max_length=10, choices=Asked)
    choice = models.PositiveSmallIntegerField(null=True, blank=True)
    words = Words(limit=OWN_WORDS, blank=True)
    response = models.ForeignKey(
        SurveyResponse, models.PROTECT, null=True, blank=True, related_name="answers",
        help_text=_lazy("Of a survey with names"),
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint("response", "question", name="a question is answered once"),
            models.CheckConstraint(
                condition=Q(choice=None) & ~Q(words="") | Q(choice__isnull=False, words=""),
                name="an answer is chosen or written",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
