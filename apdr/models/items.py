"""What is known of a pupil in a cycle: needs and strengths, measures, and what people said."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _lazy

from accounts.days import Day
from accounts.models import Record, User
from accounts.words import Words
from pupils.enums import Area
from pupils.models import Household, Pupil

from ..enums import Audience, Feeling, HowObtained, NeedKind, Perspective
from .cycle import Cycle


class CycleItem(Record):
    """A part of a cycle that staff write together. `version` goes up with each change."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="%(class)ss")
    position = models.PositiveSmallIntegerField(default=0)
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(
        null=True, blank=True, help_text=_lazy("Taken off the draft; kept for the record")
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True
        ordering = ["position", "created_at"]


class Need(CycleItem):
    """A strength or a need in one area: what is noticed, the evidence, and who gave it."""

    kind = models.CharField(max_length=10, choices=NeedKind)
    area = models.CharField(max_length=20, choices=Area)
    words = Words(_lazy("What we notice"))
    evidence = Words(blank=True)
    source = models.CharField(max_length=12, choices=Perspective, default=Perspective.STAFF)
    source_name = models.CharField(_lazy("Who told us"), max_length=150, blank=True)

    def __str__(self) -> str:
        return self.words[:60]


class Measure(CycleItem):
    """Something measured at entry and at exit on its own scale. Empty is "not measured", never 0."""

    name = models.CharField(max_length=150)
    unit = models.CharField(
        max_length=60, blank=True, help_text=_lazy("Such as words a minute, or standard score")
    )
    entry = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    entry_on = Day(null=True, blank=True)
    exit = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    exit_on = Day(null=True, blank=True)
    need = models.ForeignKey(Need, models.PROTECT, null=True, blank=True, related_name="measures")

    class Meta(CycleItem.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(entry=None, entry_on=None) | Q(entry__isnull=False, entry_on__isnull=False),
                name="an entry measure has its day",
            ),
            models.CheckConstraint(
                condition=Q(exit=None, exit_on=None) | Q(exit__isnull=False, exit_on__isnull=False),
                name="an exit measure has its day",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class View(Record):
    """What somebody said, and how it was obtained. Words stay as they were said; a new view is a new row.

    A face or symbols that were chosen stand for their words, which are in `words`. What was drawn or recorded is its
    `ViewFile`, and may have no words.
    """

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="views")
    cycle = models.ForeignKey(Cycle, models.PROTECT, null=True, blank=True, related_name="views")
    perspective = models.CharField(max_length=12, choices=Perspective)
    said_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    said_by_name = models.CharField(max_length=150, blank=True)
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="+")
    how = models.CharField(_lazy("How we found out"), max_length=12, choices=HowObtained)
    how_words = models.CharField(
        max_length=200, blank=True, help_text=_lazy("Such as: drawing at the sand tray")
    )
    words = Words(blank=True)
    helps = Words(_lazy("What helps"), blank=True)
    hopes = Words(_lazy("What we hope for"), blank=True)
    feeling = models.CharField(max_length=10, choices=Feeling, blank=True)
    symbols = ArrayField(
        models.CharField(max_length=30),
        default=list,
        blank=True,
        help_text=_lazy("Pictures that were chosen, each as like:name or hard:name"),
    )
    scribe = models.CharField(
        max_length=150, blank=True, help_text=_lazy("Who wrote it down for them, where somebody did")
    )
    verbatim = models.BooleanField(
        null=True, blank=True, help_text=_lazy("Whether the scribe wrote word for word")
    )
    file_digest = models.CharField(
        max_length=64,
        blank=True,
        help_text=_lazy("The mark of the drawing, photo or recording as it was sent"),
    )
    audience = models.CharField(max_length=12, choices=Audience, default=Audience.EVERYONE)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    sent_key = models.UUIDField(
        unique=True,
        null=True,
        blank=True,
        help_text=_lazy("The form this came from: a form posted twice is one view"),
    )

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(how=HowObtained.DECLINED) | ~Q(words="") | ~Q(file_digest=""),
                name="a view has words, a file or was declined",
            ),
            models.CheckConstraint(
                condition=Q(scribe="", verbatim=None) | (~Q(scribe="") & Q(verbatim__isnull=False)),
                name="a scribe says whether it is word for word",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_perspective_display()}, {date_format(self.at, 'd E Y')}"
