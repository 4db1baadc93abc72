"""What belongs to the thread between home and school: photos, the daily form, calls to make, private talks."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from accounts.days import Day
from accounts.models import Record, User
from accounts.words import Words
from apdr.enums import Perspective
from pupils.models import Household, Pupil

from .enums_updates import Ate, HowWeTalk, Mood, Slept, Suits

UPDATE = "notifications.Update"


#: Photos that one update has at most.
MOST_PHOTOS = 4


class Photo(Record):
    """A photo of an update. Its file is named after its id (`notifications.photos`), and no address leads to that."""

    update = models.ForeignKey(UPDATE, models.PROTECT, related_name="photos")
    number = models.PositiveSmallIntegerField(default=1, help_text=_lazy("In the order they were chosen"))
    alt = Words(_lazy("What can be seen in it"), limit=300)
    width = models.PositiveIntegerField(help_text=_lazy("In pixels"))
    height = models.PositiveIntegerField(help_text=_lazy("In pixels"))
    size = models.PositiveIntegerField(help_text=_lazy("In bytes"))

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=~Q(alt=""), name="a photo says what can be seen in it"),
            models.UniqueConstraint("update", "number", name="the photos of an update have an order"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=MOST_PHOTOS), name="an update has four photos at most"
            ),
        ]

    def __str__(self) -> str:
        return self.alt[:60]


class Daily(Record):
    """How a child's day went in early years: what belongs to its update besides a good thing and words.

    Where the child was not there, that is all it says.
    """

    update = models.OneToOneField(UPDATE, models.PROTECT, related_name="daily")
    here = models.BooleanField(default=True)
    ate = models.CharField(max_length=10, choices=Ate, blank=True)
    slept = models.CharField(max_length=10, choices=Slept, blank=True)
    mood = models.CharField(max_length=10, choices=Mood, blank=True)
    tried = Words(_lazy("What they tried"), limit=500, blank=True)
    edited_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(here=True) | Q(ate="", slept="", mood="", tried=""),
                name="of a child who was not there nothing is said",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_mood_display()}"


class Call(Record):
    """Something too serious for a message: a home is to be rung, and when that was done and how it went. For staff."""

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="calls")
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="+")
    words = Words(_lazy("What it is about"), blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    rang_on = Day(null=True, blank=True)
    outcome = Words(_lazy("How it went"), blank=True)
    rang_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    rang_at = models.DateTimeField(null=True, blank=True, help_text=_lazy("When it was written down"))
    sent_key = models.UUIDField(
        unique=True, help_text=_lazy("The form this came from: a form posted twice is one call")
    )

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["pupil"], name="calls_to_make", condition=Q(rang_at=None))]
        constraints = [
            models.CheckConstraint(
                condition=Q(rang_on=None, outcome="", rang_by=None, rang_at=None)
                | Q(rang_on__isnull=False, rang_by__isnull=False, rang_at__isnull=False) & ~Q(outcome=""),
                name="a call that was made says when and how it went",
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%d %B %Y}"


class Talk(Record):
    """Somebody of the family, or the young person, asks to talk privately; and when and how they do.

    Only the asker's own household reads it, and of staff the SENCO and whom they asked for.
    """

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="talks")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    perspective = models.CharField(max_length=12, choices=Perspective)
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="+")
    to = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", help_text=_lazy("Nobody: the SENCO")
    )
    suits = ArrayField(models.CharField(max_length=10, choices=Suits), default=list, blank=True)
    times = Words(_lazy("Other times that suit"), limit=500, blank=True)
    reason = Words(_lazy("What it is about"), limit=500, blank=True)
    at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    how = models.CharField(max_length=10, choices=HowWeTalk, blank=True)
    where = models.CharField(max_length=150, blank=True)
    sent_key = models.UUIDField(
        unique=True, help_text=_lazy("The form this came from: a form posted twice is one row")
    )

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["pupil", "-at"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(suits=[]) | ~Q(times=""), name="somebody who asks to talk says when it suits"
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None, answered_at=None, starts_at=None, how="", where="")
                | Q(answered_by__isnull=False, answered_at__isnull=False, starts_at__isnull=False)
                & ~Q(how=""),
                name="an answer says when and how to talk",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d %B %Y}"

    @property
    def suits_in_words(self) -> str:
        """The times that were ticked, in the order of the day."""
        return ", ".join(str(one.label) for one in Suits if one in self.suits)
