"""Money for one pupil: where it comes from, what is planned and what is used, per strategy."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.days import Day
from accounts.models import Record, Setting, User
from accounts.words import Words
from pupils.models import Pupil

from ..enums import StreamKind
from .plan import Strategy


class FundingStream(Record):
    setting = models.ForeignKey(Setting, models.CASCADE, related_name="streams")
    kind = models.CharField(max_length=20, choices=StreamKind)
    name = models.CharField(max_length=100)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Allocation(Record):
    """An amount in pounds for one pupil over [starts_on, ends_on)."""

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="allocations")
    stream = models.ForeignKey(FundingStream, models.PROTECT, related_name="allocations")
    amount = models.DecimalField(max_digits=9, decimal_places=2, validators=[MinValueValidator(0)])
    purpose = Words(_lazy("What it is for"))
    difference = Words(_lazy("The difference we hope for"), blank=True)
    starts_on = Day()
    ends_on = Day()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="an allocation ends after it starts"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="an allocation is not below nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.stream}: £{self.amount}"


class FundingUse(Record):
    """What of an allocation is planned for a strategy, and what has been used, in pounds.

    Nothing used yet is empty, shown as "not recorded yet", never £0.
    """

    allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="uses")
    strategy = models.ForeignKey(Strategy, models.PROTECT, related_name="funding_uses")
    planned = models.DecimalField(max_digits=9, decimal_places=2, validators=[MinValueValidator(0)])
    used = models.DecimalField(
        max_digits=9, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    note = Words(blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint("allocation", "strategy", name="an allocation names a strategy once"),
            models.CheckConstraint(
                condition=Q(planned__gte=0) & (Q(used=None) | Q(used__gte=0)),
                name="funding use is not below nothing",
            ),
        ]

    def __str__(self) -> str:
        return _("£%(planned)s for %(strategy)s") % {"planned": self.planned, "strategy": self.strategy}
