"""What was looked at and what was changed. Append-only in the database itself."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from accounts.append_only import APPEND_ONLY
from accounts.models import Record, Setting, User

from ..enums import Section, Way
from .pupil import Pupil


class AccessLog(Record):
    """One look at sections of a pupil's record: who, which, on what ground, when.

    `grounds`, `via` and `by_choice` stand beside `sections`, one for one. Looks written down before `via` and
    `by_choice` were have neither.
    """

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="looks")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    sections = ArrayField(models.CharField(max_length=20, choices=Section))
    grounds = ArrayField(models.CharField(max_length=20))
    via = ArrayField(
        models.CharField(max_length=150, blank=True),
        null=True,
        help_text=_lazy("Through what, then: a class, a setting"),
    )
    by_choice = ArrayField(
        models.BooleanField(), null=True, help_text=_lazy("Whether only a choice opened it")
    )
    seen_as = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", help_text=_lazy("Through whose eyes they looked")
    )
    way = models.CharField(max_length=10, choices=Way, default=Way.PAGE)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["pupil", "-at"])]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.person}, {self.at}"


class AuditEvent(Record):
    """One change, written in the same transaction as the change itself."""

    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", help_text=_lazy("Nobody: the system itself")
    )
    verb = models.CharField(max_length=60)
    pupil = models.ForeignKey(Pupil, models.PROTECT, null=True, related_name="events")
    setting = models.ForeignKey(Setting, models.PROTECT, null=True, related_name="+")
    section = models.CharField(max_length=20, choices=Section, blank=True)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.UUIDField(null=True)
    detail = models.JSONField(
        default=dict, help_text=_lazy("Names of fields and codes; never the words themselves")
    )

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["pupil", "-at"]), models.Index(fields=["object_id"])]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.verb}, {self.at}"
