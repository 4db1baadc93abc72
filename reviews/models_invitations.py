"""Who is asked to a review, what they answer, how the child takes part, and what is said before it."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from accounts.append_only import APPEND_ONLY
from accounts.days import Day
from accounts.enums import Asked
from accounts.models import Record, User
from accounts.words import Words
from apdr.enums import HowObtained, Perspective
from pupils.enums import Gave
from pupils.models import Capacity, Household

from .enums_invitations import AnotherWay, Coming, Part, Through


class ReviewInvitation(Record):
    """Somebody is asked to a review: as whom, why in words, and at which time of it they were first asked.

    Whether they may still hear of the review is asked of the policy each time (`reviews.invitations`): a row that was
    made gives nobody anything.
    """

    review = models.ForeignKey("reviews.Review", models.PROTECT, related_name="invitations")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    perspective = models.CharField(max_length=12, choices=Perspective)
    because = models.CharField(
        max_length=200, help_text=_lazy("What they were to the pupil when they were asked")
    )
    sequence = models.PositiveIntegerField(help_text=_lazy("Of the review, when they were asked"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["person", "review"])]
        constraints = [
            models.UniqueConstraint("review", "person", name="a person is asked to a review once"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="an invitation that was taken back says by whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_perspective_display()}"


class ReviewReply(Record):
    """What somebody answered to the time that a review had: `sequence` is the review's. The latest counts. Append-only.

    `slots` are the starts of other times that would suit them.
    """

    invitation = models.ForeignKey(ReviewInvitation, models.PROTECT, related_name="replies")
    number = models.PositiveIntegerField()
    sequence = models.PositiveIntegerField()
    answer = models.CharField(max_length=15, choices=Coming)
    way = models.CharField(max_length=10, choices=AnotherWay, blank=True)
    slots = ArrayField(models.DateTimeField(), default=list, blank=True)
    words = Words(blank=True)
    through = models.CharField(max_length=5, choices=Through)
    told_how = models.CharField(
        max_length=12,
        choices=Asked,
        blank=True,
        help_text=_lazy("How somebody told us what was written down for them"),
    )
    told_on = Day(null=True, blank=True)
    by = models.ForeignKey(
        User, models.PROTECT, related_name="+", help_text=_lazy("Who answered, or wrote it down")
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                "invitation", "number", name="an invitation is answered once after another"
            ),
            models.CheckConstraint(
                condition=Q(answer=Coming.OTHER_WAY) & ~Q(way="") | ~Q(answer=Coming.OTHER_WAY) & Q(way=""),
                name="another way says which",
            ),
            models.CheckConstraint(
                condition=Q(through=Through.SAID) | Q(told_how="", told_on=None),
                name="only what was told is written down as told",
            ),
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return self.get_answer_display()


class WhoComes(Record):
    """Whom the child or young person wants at a review. The latest counts. Append-only.

    Before hand-over it is a wish; from hand-over nobody of the family, and nobody from outside, is asked but these.
    """

    review = models.ForeignKey("reviews.Review", models.PROTECT, related_name="who_comes")
    number = models.PositiveIntegerField()
    words = Words(blank=True)
    how = models.CharField(max_length=12, choices=Gave)
    how_words = models.CharField(max_length=200, blank=True)
    capacity = models.ForeignKey(
        Capacity,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_lazy("The record under which somebody else decided it: it holds no longer than that"),
    )
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint("review", "number", name="who comes is said once after another")
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.at:%d %B %Y}"


class WhoComesPerson(Record):
    """One of those whom the child or young person wants there. Append-only."""

    sheet = models.ForeignKey(WhoComes, models.PROTECT, related_name="people")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("sheet", "person", name="a person is wanted there once")]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.person}"


class TakingPart(Record):
    """How the child or young person takes part in a review, of the time that it had. The latest counts. Append-only."""

    review = models.ForeignKey("reviews.Review", models.PROTECT, related_name="taking_part")
    number = models.PositiveIntegerField()
    sequence = models.PositiveIntegerField()
    part = models.CharField(max_length=15, choices=Part)
    who = models.CharField(_lazy("Who speaks for them"), max_length=150, blank=True)
    words = Words(blank=True)
    how = models.CharField(max_length=12, choices=Gave)
    how_words = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint("review", "number", name="how to take part is said once after another"),
            models.CheckConstraint(
                condition=~Q(part=Part.SPEAKS) | ~Q(who=""), name="who speaks for somebody is named"
            ),
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return self.get_part_display()


class Contribution(Record):
    """What one person says before a review: what works, what does not, what next. Append-only.

    What somebody says themselves can be said anew until the review is held: `version` counts how often, from 2 on (1 is
    the empty page), and the latest is theirs. What staff wrote down of somebody stands beside it, each time.
    """

    review = models.ForeignKey("reviews.Review", models.PROTECT, related_name="contributions")
    version = models.PositiveIntegerField(default=1)
    perspective = models.CharField(max_length=12, choices=Perspective)
    working = Words(_lazy("What is working?"), blank=True)
    not_working = Words(_lazy("What is not working?"), blank=True)
    what_next = Words(_lazy("What next?"), blank=True)
    said_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    said_by_name = models.CharField(max_length=150)
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="+")
    how = models.CharField(max_length=12, choices=HowObtained)
    told_on = Day(
        null=True, blank=True, help_text=_lazy("On which day they said it, where it was written down later")
    )
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                "review",
                "said_by",
                "version",
                condition=Q(said_by__isnull=False),
                name="what somebody says is said once after another",
            )
        ]
        triggers = APPEND_ONLY

    QUESTIONS = ("working", "not_working", "what_next")

    def __str__(self) -> str:
        return f"{self.said_by_name}, {self.get_perspective_display()}"

    @property
    def answers(self) -> list[tuple[Any, str]]:
        """Each question with what was said to it, where something was."""
        asked = [(self._meta.get_field(name).verbose_name, getattr(self, name)) for name in self.QUESTIONS]  # type: ignore[union-attr]
        return [(question, words) for question, words in asked if words]
