"""The assess, plan, do, review cycle of one pupil, and what was shared of it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.append_only import APPEND_ONLY
from accounts.days import Day
from accounts.models import Record, Setting, User
from accounts.words import Words
from pupils.models import Pupil

from ..enums import Stage


class Cycle(Record):
    """One turn of assess, plan, do, review. The stage it is in is its latest `CycleStage`."""

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="cycles")
    setting = models.ForeignKey(Setting, models.PROTECT, related_name="cycles")
    number = models.PositiveIntegerField()
    review_on = Day(help_text=_lazy("The day this plan is to be reviewed by"))
    previous = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="next")
    responsibilities = Words(blank=True, help_text=_lazy("Who does what: home, school, child"))
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint("pupil", "number", name="cycles of a pupil count up"),
            models.UniqueConstraint("pupil", condition=Q(closed_at=None), name="a pupil has one open cycle"),
        ]
        indexes = [
            models.Index(fields=["setting", "review_on"], condition=Q(closed_at=None), name="open_cycles_due")
        ]

    def __str__(self) -> str:
        return _("Cycle %(number)s") % {"number": self.number}


class CycleStage(Record):
    """A cycle entered a stage. Append-only: going back is another row."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="stages")
    number = models.PositiveIntegerField()
    stage = models.CharField(max_length=10, choices=Stage)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint("cycle", "number", name="stages of a cycle count up")]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return self.get_stage_display()


class PlanVersion(Record):
    """What the family was shown on a date, whole and unchanging: a section's part under its name.

    `content` has a key per section (`needs`, `plan`, `strategies`, `funding`), so that somebody who may see
    one section is shown that part alone. `apdr.sharing` says what each part holds.
    """

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="plan_versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    note = Words(blank=True, help_text=_lazy("What changed, for the family, in everyday words"))
    shared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    shared_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint("cycle", "number", name="plan versions of a cycle count up")]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return _("Version %(number)s") % {"number": self.number}
