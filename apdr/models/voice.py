"""What belongs to a child's voice: what they drew or recorded, how they like their page, and what is celebrated."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from accounts.append_only import APPEND_ONLY
from accounts.models import Record, User
from accounts.words import Words
from pupils.models import Pupil

from ..enums import FileKind, Praise, StepsAs, Telling
from .family import FromFamily, PlanAnswer
from .items import View
from .plan import NextStep, StrategyAnswer


class ViewFile(Record):
    """The drawing, photo or recording of a view. Its file is named after its id, and no address leads to that."""

    view = models.OneToOneField(View, models.PROTECT, related_name="file")
    kind = models.CharField(max_length=10, choices=FileKind)
    ending = models.CharField(max_length=4, help_text=_lazy("jpg, or a kind of accounts.recordings.TYPES"))
    width = models.PositiveIntegerField(null=True, blank=True, help_text=_lazy("In pixels"))
    height = models.PositiveIntegerField(null=True, blank=True, help_text=_lazy("In pixels"))
    size = models.PositiveIntegerField(help_text=_lazy("In bytes"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=FileKind.PICTURE, width__isnull=False, height__isnull=False)
                | Q(kind=FileKind.RECORDING, width=None, height=None),
                name="a picture has a width and a height",
            )
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return self.get_kind_display()


class FileWords(Record):
    """What can be seen or heard in a view's file, as somebody wrote it down. A later one stands. Append-only."""

    file = models.ForeignKey(ViewFile, models.PROTECT, related_name="in_words")
    words = Words()
    verbatim = models.BooleanField(default=False, help_text=_lazy("Whether it is word for word"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    sent_key = models.UUIDField(unique=True)

    class Meta:
        ordering = ["-at"]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return self.words[:60]


class ChildPage(Record):
    """How a child likes their own page, and who hears first when something is celebrated."""

    pupil = models.OneToOneField(Pupil, models.CASCADE, related_name="page")
    steps_as = models.CharField(max_length=10, choices=StepsAs, default=StepsAs.CARDS)
    aloud = models.BooleanField(_lazy("Read it to me"), default=False)
    telling = models.CharField(max_length=10, choices=Telling, default=Telling.ME_FIRST)
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.get_steps_as_display()


class Celebration(FromFamily):
    """Something to be proud of, in somebody's words. Until it is told, whoever wrote it, the child and the SENCO read it."""

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="celebrations")
    step = models.ForeignKey(NextStep, models.PROTECT, null=True, blank=True, related_name="celebrations")
    praise = models.CharField(max_length=10, choices=Praise, default=Praise.EFFORT)
    words = Words(limit=500)
    picture = models.CharField(max_length=20, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    told_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(FromFamily.Meta):
        indexes = [models.Index(fields=["pupil", "-at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(told_at=None, told_by=None) | Q(told_at__isnull=False, told_by__isnull=False),
                name="a celebration that was told says by whom",
            )
        ]

    def __str__(self) -> str:
        return self.words[:60]


class WayForward(Record):
    """What happens next about a disagreement, which stays. A later one stands beside the one before. Append-only.

    It is heard by whoever hears the disagreement.
    """

    plan_answer = models.ForeignKey(
        PlanAnswer, models.PROTECT, null=True, blank=True, related_name="ways_forward"
    )
    strategy_answer = models.ForeignKey(
        StrategyAnswer, models.PROTECT, null=True, blank=True, related_name="ways_forward"
    )
    words = Words()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    sent_key = models.UUIDField(unique=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(plan_answer__isnull=False, strategy_answer=None)
                | Q(plan_answer=None, strategy_answer__isnull=False),
                name="a way forward is about one disagreement",
            )
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return self.words[:60]
