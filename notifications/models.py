"""Home–school updates: a small two-way conversation between a setting and one household."""

from django.db import models
from django.utils import timezone

from accounts.days import Day
from accounts.models import Record, User
from accounts.words import Words
from apdr.enums import Perspective
from pupils.models import ClassGroup, Household, Pupil


class Update(Record):
    """One message about a pupil, for or from one household; without a household, for all of them."""

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="updates")
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="+")
    class_group = models.ForeignKey(ClassGroup, models.PROTECT, null=True, blank=True, related_name="+")
    perspective = models.CharField(max_length=12, choices=Perspective)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    good_thing = Words("One good thing", blank=True)
    words = Words(blank=True)
    on = Day()
    at = models.DateTimeField(default=timezone.now)
    sent_key = models.UUIDField(
        unique=True, help_text="The form this came from: a form posted twice is one update"
    )

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["pupil", "-at"])]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(good_thing="") | ~models.Q(words=""), name="an update says something"
            )
        ]

    def __str__(self) -> str:
        return f"{self.on}"
