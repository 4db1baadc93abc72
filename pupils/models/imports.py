"""A file that a SENCO brings in, between choosing it and saving it.

Its rows hold what the file said about children and families, so they live only as long as they are looked at: they
are deleted when the import is saved or cancelled, or by a sweep a day later. The import itself stays, with counts.
"""

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Record, Setting, User

from ..enums import ImportKind, ImportState, Outcome


class Import(Record):
    """One file for one setting. Counts are of rows."""

    setting = models.ForeignKey(Setting, models.PROTECT, related_name="imports")
    kind = models.CharField(max_length=20, choices=ImportKind)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=20, choices=ImportState, default=ImportState.CHECKED)
    note = models.CharField(max_length=300, blank=True, help_text=_lazy("Why it stopped, in a sentence"))
    encoding = models.CharField(max_length=30)
    separator = models.CharField(max_length=20)
    ignored = ArrayField(
        models.CharField(max_length=60), default=list, help_text=_lazy("Headings that name no column")
    )
    leaves_other_classes = models.BooleanField(
        default=False, help_text=_lazy("Pupils leave the classes that the file does not name for them")
    )
    total = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    warned = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-uploaded_at"]
        indexes = [models.Index(fields=["setting", "-uploaded_at"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ImportState.DONE) | Q(wrong=0), name="an import with errors is not saved"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {date_format(self.uploaded_at, 'd E Y')}"

    @property
    def to_do(self) -> int:
        """Rows that saving writes."""
        return self.added + self.changed


class ImportRow(Record):
    """One row of a file, what is wrong with it, and what it would do."""

    batch = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text=_lazy("As Excel shows it"))
    cells = models.JSONField(default=dict)
    too_many = models.BooleanField(
        default=False, help_text=_lazy("It has more cells than there are headings")
    )
    has_warning = models.BooleanField(default=False)
    outcome = models.CharField(max_length=10, choices=Outcome)
    problems = models.JSONField(
        default=list, help_text=_lazy("Column key, sentence, and whether it is only a warning")
    )
    changes = models.JSONField(
        default=dict,
        encoder=DjangoJSONEncoder,
        help_text=_lazy("By field: what is there now, what the file says"),
    )
    about = models.UUIDField(null=True, help_text=_lazy("The pupil who is there already"))

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint("batch", "number", name="a row of a file is read once"),
        ]
        indexes = [models.Index(fields=["batch", "outcome", "number"])]

    def __str__(self) -> str:
        return _("Row %(number)s") % {"number": self.number}


class InvitedToClass(models.Model):
    """A class that somebody teaches from the moment they accept a staff invitation."""

    invitation = models.ForeignKey("accounts.Invitation", models.CASCADE, related_name="classes")
    class_group = models.ForeignKey("pupils.ClassGroup", models.CASCADE, related_name="+")
    subject = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("invitation", "class_group", name="an invitation names a class once")
        ]

    def __str__(self) -> str:
        return f"{self.invitation}: {self.class_group}"
