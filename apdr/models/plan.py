"""Outcomes, next steps with their progress, strategies and provision."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.days import Day
from accounts.models import Record, Setting, User
from accounts.words import Words
from pupils.enums import Area
from pupils.models import Household

from ..enums import Answer, Perspective, Place, ScaleKind, StepStatus
from .cycle import Cycle
from .items import CycleItem


class Scale(Record):
    """A way to say how far a step has come. Scales belong to the setting."""

    setting = models.ForeignKey(Setting, models.CASCADE, related_name="scales")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=ScaleKind)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "setting", "name", condition=Q(retired_at=None), name="a scale name is used once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ScaleVersion(Record):
    """The levels of a scale as they stood: lowest first. A counting scale has none."""

    scale = models.ForeignKey(Scale, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    values = ArrayField(models.SmallIntegerField(), default=list)
    labels = ArrayField(models.CharField(max_length=60), default=list)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint("scale", "number", name="scale versions count up")]

    def __str__(self) -> str:
        return _("%(scale)s (version %(number)s)") % {"scale": self.scale, "number": self.number}


class Outcome(CycleItem):
    """The difference made to a person; long-term, often one end-of-year target."""

    words = Words(_lazy("The difference we want"))
    why = Words(_lazy("Why it matters to them"), blank=True)
    area = models.CharField(max_length=20, choices=Area)
    by_when = Day(null=True, blank=True)

    def __str__(self) -> str:
        return self.words[:60]


class NextStep(CycleItem):
    """A small SMART step towards an outcome, finished within a cycle."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="steps")
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="steps")
    words = Words(_lazy("The step"), help_text=_lazy("What they will do"))
    child_words = Words(_lazy("In the child's words"), blank=True)
    criterion = Words(_lazy("How we will know"))
    baseline = Words(_lazy("Where they are now"))
    baseline_value = models.SmallIntegerField(null=True, blank=True)
    scale = models.ForeignKey(ScaleVersion, models.PROTECT, related_name="+")
    goal_levels = ArrayField(
        models.CharField(max_length=200),
        null=True,
        blank=True,
        help_text=_lazy("Five levels, −2 to +2, written before"),
    )
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    owner_name = models.CharField(max_length=150, blank=True)
    by_when = Day()
    status = models.CharField(max_length=10, choices=StepStatus, default=StepStatus.CURRENT)
    picture = models.CharField(max_length=20, blank=True, help_text=_lazy("The code of an OpenMoji picture"))

    class Meta(CycleItem.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(goal_levels=None) | Q(goal_levels__len=5),
                name="a goal has five levels written before",
            )
        ]

    def __str__(self) -> str:
        return self.words[:60]


class Progress(Record):
    """A dated note of a step tried, with a level where one was seen. A later thought is another row."""

    step = models.ForeignKey(NextStep, models.PROTECT, related_name="progress")
    perspective = models.CharField(max_length=12, choices=Perspective)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    on = Day()
    at = models.DateTimeField(default=timezone.now)
    value = models.SmallIntegerField(_lazy("Level"), null=True, blank=True)
    note = Words(blank=True)
    sent_key = models.UUIDField(
        unique=True, help_text=_lazy("The form this came from: a form posted twice is one note")
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-on", "-at"]
        verbose_name_plural = "progress"
        indexes = [models.Index(fields=["step", "-on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(value__isnull=False) | ~Q(note=""), name="progress has a level or a sentence"
            )
        ]

    def __str__(self) -> str:
        return f"{self.step}, {self.on}"


class Strategy(CycleItem):
    """What adults do, at the setting or at home; who proposed it."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="strategies")
    place = models.CharField(max_length=10, choices=Place)
    words = Words(_lazy("What we do"))
    how = Words(_lazy("How to do it"), blank=True)
    step = models.ForeignKey(NextStep, models.PROTECT, null=True, blank=True, related_name="strategies")
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_by_name = models.CharField(max_length=150, blank=True)
    perspective = models.CharField(max_length=12, choices=Perspective, default=Perspective.STAFF)
    works_best = models.BooleanField(_lazy("One of the three things that work"), default=False)
    library = models.ForeignKey(
        "apdr.LibraryStrategy",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="uses",
        help_text=_lazy("What of the library it was made from"),
    )
    after = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="led_to",
        help_text=_lazy("What worked in the other place, home or school, that it was made from"),
    )

    class Meta(CycleItem.Meta):
        verbose_name_plural = "strategies"

    def __str__(self) -> str:
        return self.words[:60]


class StrategyAnswer(Record):
    """Somebody agreed or disagreed with a strategy. The latest of a person counts; a disagreement stays."""

    strategy = models.ForeignKey(Strategy, models.PROTECT, related_name="answers")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="+")
    perspective = models.CharField(max_length=12, choices=Perspective)
    answer = models.CharField(max_length=10, choices=Answer)
    why = Words(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.by}: {self.get_answer_display()}"


class Provision(Record):
    """A strategy with who, where, how often and for how long: the thing that costs money."""

    strategy = models.ForeignKey(Strategy, models.PROTECT, related_name="provisions")
    who = models.CharField(max_length=150)
    where = models.CharField(max_length=150, blank=True)
    times_a_week = models.DecimalField(max_digits=4, decimal_places=1)
    minutes = models.PositiveSmallIntegerField(_lazy("Minutes each time"))
    group_size = models.PositiveSmallIntegerField(default=1)
    weeks = models.PositiveSmallIntegerField()
    starts_on = Day(
        null=True,
        blank=True,
        help_text=_lazy("The day of its first week; empty: the day the cycle was opened"),
    )
    group = models.CharField(
        max_length=80,
        blank=True,
        help_text=_lazy("A group that pupils of the setting are in together, by its name"),
    )
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(times_a_week__gt=0, minutes__gt=0, group_size__gt=0, weeks__gt=0),
                name="provision happens at least once",
            ),
            models.CheckConstraint(
                condition=Q(weeks__lte=52, group_size__lte=60), name="provision fits a year and a room"
            ),
        ]

    def __str__(self) -> str:
        return _("%(who)s, %(times_a_week)s × %(minutes)s minutes") % {
            "who": self.who,
            "times_a_week": self.times_a_week,
            "minutes": self.minutes,
        }
