"""What support costs, what was delivered of it, and what each thinks of what money was used for."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.append_only import APPEND_ONLY
from accounts.days import Day
from accounts.models import Record, Setting, User
from accounts.words import Words
from pupils.models import Household, Pupil

from ..enums import (
    Answer,
    AskAbout,
    Difference,
    FundingNext,
    Held,
    HowObtained,
    Perspective,
    StreamKind,
    Unit,
    WhyMissed,
)
from .funding import Allocation
from .plan import Provision

# A setting's own: what an hour of somebody's time costs is read by its SENCO alone.


class StaffRole(Record):
    """A kind of adult whose time costs something, such as a teaching assistant; nobody by name."""

    setting = models.ForeignKey(Setting, models.CASCADE, related_name="staff_roles")
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint("setting", "name", name="a setting has a role once")]

    def __str__(self) -> str:
        return self.name


class Dated(Record):
    """A row that holds from a day until the next one of its kind begins. To put one right is another row."""

    starts_on = Day()
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["starts_on", "at"]
        triggers = APPEND_ONLY


class StaffRate(Dated):
    """What an hour of a role costs the setting, in pounds, from a day on."""

    role = models.ForeignKey(StaffRole, models.CASCADE, related_name="rates")
    hourly = models.DecimalField(max_digits=6, decimal_places=2, validators=[MinValueValidator(0)])

    class Meta(Dated.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(hourly__gte=0), name="an hour costs something or nothing")
        ]

    def __str__(self) -> str:
        return f"{self.role}: £{self.hourly}"


class OpenWeeks(Dated):
    """In how many weeks of a year a setting is open, from a day on."""

    setting = models.ForeignKey(Setting, models.CASCADE, related_name="open_weeks")
    weeks = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(52)])

    class Meta(Dated.Meta):
        constraints = [models.CheckConstraint(condition=Q(weeks__range=(1, 52)), name="a year has 52 weeks")]

    def __str__(self) -> str:
        return _("%(weeks)s weeks a year") % {"weeks": self.weeks}


class StreamRate(Dated):
    """What a kind of funding gives, in pounds, with who says so and when somebody checked it.

    Without a setting it came with Alongside; a setting's own counts where both begin on the same day.
    """

    setting = models.ForeignKey(Setting, models.CASCADE, null=True, blank=True, related_name="stream_rates")
    kind = models.CharField(max_length=20, choices=StreamKind)
    band = models.CharField(max_length=60, blank=True, help_text=_lazy("Such as primary, or looked after"))
    amount = models.DecimalField(max_digits=9, decimal_places=2, validators=[MinValueValidator(0)])
    unit = models.CharField(max_length=10, choices=Unit)
    most_hours = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_lazy("So many hours a year at most")
    )
    ends_on = Day(null=True, blank=True, help_text=_lazy("The first day on which it is no longer known"))
    source = models.CharField(max_length=300)
    checked_on = Day(null=True, blank=True)

    class Meta(Dated.Meta):
        ordering = ["kind", "band", "starts_on", "at"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="a rate is not below nothing"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=models.F("starts_on")),
                name="a rate ends after it starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: £{self.amount}"


class Costing(Record):
    """Whose time a provision takes, and what is bought for it, in pounds for the whole group. For the SENCO alone."""

    provision = models.OneToOneField(Provision, models.PROTECT, related_name="costing")
    role = models.ForeignKey(StaffRole, models.PROTECT, related_name="costings")
    resources = models.DecimalField(
        max_digits=8, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    resources_for = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(resources__gte=0), name="what is bought is not below nothing")
        ]

    def __str__(self) -> str:
        return str(self.role)


# What was delivered.


class Delivered(Record):
    """What became of a provision on a day: of several rows of a day the highest number counts. Append-only."""

    provision = models.ForeignKey(Provision, models.PROTECT, related_name="delivered")
    on = Day()
    number = models.PositiveSmallIntegerField()
    held = models.CharField(max_length=12, choices=Held)
    minutes = models.PositiveSmallIntegerField(default=0, help_text=_lazy("In all on this day"))
    why = models.CharField(max_length=15, choices=WhyMissed, blank=True)
    words = Words(blank=True, limit=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-on", "-number"]
        verbose_name_plural = "delivered"
        constraints = [
            models.UniqueConstraint("provision", "on", "number", name="what is said of a day counts up"),
            models.CheckConstraint(
                condition=Q(held=Held.DONE, minutes__range=(1, 600), why="")
                | Q(held=Held.MISSED, minutes=0) & ~Q(why="")
                | Q(held=Held.NOT_PLANNED, minutes=0, why=""),
                name="what happened has minutes and what did not says why",
            ),
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.on}: {self.get_held_display()}"


# What people say of money. Whose words reach whom is asked when they are read.


class SaidOfMoney(Record):
    """Words of one person about an allocation, said here or written down by staff. Append-only; the latest counts."""

    allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="%(class)ss")
    perspective = models.CharField(max_length=12, choices=Perspective)
    said_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    said_by_name = models.CharField(max_length=150)
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="+")
    how = models.CharField(_lazy("How we found out"), max_length=12, choices=HowObtained)
    words = Words(blank=True)
    on = Day()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    sent_key = models.UUIDField(
        unique=True, help_text=_lazy("The form this came from: a form posted twice is one row")
    )

    class Meta:
        abstract = True
        ordering = ["at"]
        triggers = APPEND_ONLY


class FundingAgreement(SaidOfMoney):
    """Somebody agreed, or did not, with what money is for. A disagreement stays and says why."""

    answer = models.CharField(max_length=10, choices=Answer)

    class Meta(SaidOfMoney.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(answer=Answer.AGREE) | ~Q(words=""), name="who does not agree with money says why"
            )
        ]

    def __str__(self) -> str:
        return f"{self.said_by_name}: {self.get_answer_display()}"


class FundingEvaluation(SaidOfMoney):
    """Whether what money was used for made a difference, as one person sees it. No rating: they chose not to say."""

    rating = models.CharField(max_length=10, choices=Difference, blank=True)

    class Meta(SaidOfMoney.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(rating="", how=HowObtained.DECLINED, words="")
                | ~Q(rating="") & ~Q(how=HowObtained.DECLINED),
                name="who chose not to say gave no rating",
            )
        ]

    def __str__(self) -> str:
        return f"{self.said_by_name}: {self.get_rating_display()}"


class FundingDecision(Record):
    """What staff decided about money after its use was looked at; the latest counts. Append-only."""

    allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    decision = models.CharField(max_length=10, choices=FundingNext)
    why = Words()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint("allocation", "number", name="decisions on money count up")]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return self.get_decision_display()

    @property
    def version(self) -> int:
        """What whoever decides next has to have read."""
        return self.number


class ToldOf(Record):
    """A family was told of help with money that is worth asking about. Nothing is said of whether they get it."""

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="told_of")
    about = models.CharField(max_length=20, choices=AskAbout)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]
        verbose_name_plural = "told of"
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return self.get_about_display()
