"""A setting's library of strategies, and what was offered to a family to try at home."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Record, Setting, User
from accounts.words import Words
from pupils.enums import Area

from ..enums import AtHome, LibrarySource, SchoolPhase
from .cycle import Cycle
from .family import FromFamily
from .plan import Strategy


class LibraryStrategy(Record):
    """Something adults can do, kept to be used in plans. A plan has a copy of its words, and stays as it was written.

    `shipped` is the key of one of ours (`apdr/shipped/strategies.toml`), so that it is put in once.
    """

    setting = models.ForeignKey(Setting, models.CASCADE, related_name="library")
    words = Words(_lazy("What we do"), limit=300)
    how = Words(_lazy("How to do it"), blank=True)
    area = models.CharField(max_length=20, choices=Area)
    phases = ArrayField(models.CharField(max_length=20, choices=SchoolPhase))
    source = models.CharField(max_length=10, choices=LibrarySource, default=LibrarySource.SETTING)
    shipped = models.CharField(max_length=60, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["words"]
        verbose_name = "library strategy"
        verbose_name_plural = "library strategies"
        constraints = [
            models.UniqueConstraint(
                "setting",
                Lower("words"),
                condition=Q(retired_at=None),
                name="a library has a strategy once",
                violation_error_message=_lazy("There is a strategy with these words already."),
            ),
            models.UniqueConstraint(
                "setting", "shipped", condition=~Q(shipped=""), name="a library has one of ours once"
            ),
            models.CheckConstraint(condition=~Q(phases=[]), name="a strategy is for some phase"),
        ]

    def __str__(self) -> str:
        return self.words[:60]


class HomeOffer(Record):
    """Something that worked at the setting, offered to the family to try at home: its words as they were then."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="home_offers")
    strategy = models.OneToOneField(Strategy, models.PROTECT, related_name="home_offer")
    words = Words()
    how = Words(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.words[:60]


class HomeOfferAnswer(FromFamily):
    """What somebody of the family says to an offer; the latest of a person counts. `made` is what it put in the draft."""

    offer = models.ForeignKey(HomeOffer, models.PROTECT, related_name="answers")
    answer = models.CharField(max_length=10, choices=AtHome)
    why = Words(blank=True)
    made = models.ForeignKey(Strategy, models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return self.get_answer_display()
