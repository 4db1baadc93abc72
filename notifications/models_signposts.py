"""Where families find help: a directory of each setting, what was offered to whom, and what they said to it."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from accounts.append_only import APPEND_ONLY
from accounts.days import Day
from accounts.models import Record, Setting, User
from accounts.words import Words
from apdr.enums import Perspective, SchoolPhase
from pupils.models import Household, Pupil

from .enums_updates import HelpKind, SaidToSignpost


class Signpost(Record):
    """Somewhere to find help. Ages are whole years, both included; no area is everywhere, no languages is English.

    `shipped` is the key of one of ours (`notifications/shipped/signposts.json`), so that it is put in once.
    """

    setting = models.ForeignKey(Setting, models.CASCADE, related_name="signposts")
    name = models.CharField(max_length=150)
    what = Words(_lazy("How they help"), limit=500)
    kind = models.CharField(max_length=10, choices=HelpKind)
    phases = ArrayField(models.CharField(max_length=20, choices=SchoolPhase))
    age_from = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(99)])
    age_to = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(99)])
    area = models.CharField(max_length=80, blank=True)
    languages = models.CharField(max_length=200, blank=True)
    address = models.URLField(max_length=300, blank=True)
    checked_on = Day(null=True, blank=True)
    shipped = models.CharField(max_length=60, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "setting", "shipped", condition=~Q(shipped=""), name="a directory has one of ours once"
            ),
            models.CheckConstraint(condition=~Q(phases=[]), name="a signpost is for some phase"),
            models.CheckConstraint(
                condition=Q(age_from=None) | Q(age_to=None) | Q(age_to__gte=F("age_from")),
                name="ages of a signpost are in order",
                violation_error_message=_lazy("The second age is lower than the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SignpostOffer(Record):
    """What was offered to one household, or (`perspective` child) to the young person: its words as they were then.

    Append-only. In `updates`: what goes between the setting and one home.
    """

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="signpost_offers")
    signpost = models.ForeignKey(Signpost, models.PROTECT, related_name="offers")
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="+")
    perspective = models.CharField(max_length=12, choices=Perspective)
    name = models.CharField(max_length=150)
    what = Words(limit=500)
    address = models.URLField(max_length=300, blank=True)
    note = Words(_lazy("Why it could help them"), limit=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    sent_key = models.UUIDField(
        unique=True, help_text=_lazy("The form this came from: a form posted twice is one row")
    )

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["pupil", "-at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(perspective=Perspective.PARENT, household__isnull=False)
                | Q(perspective=Perspective.CHILD, household=None),
                name="an offer is to a home or to the young person",
            )
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return self.name


class SignpostAnswer(Record):
    """What somebody says to an offer. Another is another row; the latest counts. Append-only."""

    offer = models.ForeignKey(SignpostOffer, models.PROTECT, related_name="answers")
    answer = models.CharField(max_length=10, choices=SaidToSignpost)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    sent_key = models.UUIDField(
        unique=True, help_text=_lazy("The form this came from: a form posted twice is one row")
    )

    class Meta:
        ordering = ["-at"]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return self.get_answer_display()
