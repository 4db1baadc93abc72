"""What the family answers to a shared plan."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Record, User
from accounts.words import Words
from pupils.models import Household

from ..enums import Answer, Perspective, ProposalKind, ProposalState
from .cycle import Cycle, PlanVersion
from .plan import NextStep, Strategy


class FromFamily(Record):
    """Words of one person, heard by their own household, the child and the adults who teach them."""

    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    perspective = models.CharField(max_length=12, choices=Perspective)
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    sent_key = models.UUIDField(
        unique=True, help_text=_lazy("The form this came from: a form posted twice is one row")
    )

    class Meta:
        abstract = True
        ordering = ["-at"]


class Comment(FromFamily):
    """What somebody says about a shared version, or about one step or strategy in it."""

    plan_version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="comments")
    about = models.UUIDField(
        null=True, blank=True, help_text=_lazy("The id of the step or strategy it is about")
    )
    words = Words()

    def __str__(self) -> str:
        return self.words[:60]


class PlanAnswer(FromFamily):
    """Somebody agreed or disagreed with a shared version. The latest of a person counts; all are kept."""

    plan_version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="answers")
    answer = models.CharField(max_length=10, choices=Answer)
    why = Words(blank=True)

    class Meta(FromFamily.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(answer=Answer.AGREE) | ~Q(why=""), name="a disagreement says why"
            )
        ]

    def __str__(self) -> str:
        return self.get_answer_display()


class Proposal(FromFamily):
    """A step or a strategy somebody proposes; answered by staff with a reason."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=20, choices=ProposalKind)
    words = Words()
    why = Words(_lazy("Why it would help"), blank=True)
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.PROPOSED)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    reply = Words(blank=True)
    strategy = models.ForeignKey(Strategy, models.PROTECT, null=True, blank=True, related_name="proposals")
    step = models.ForeignKey(NextStep, models.PROTECT, null=True, blank=True, related_name="proposals")

    class Meta(FromFamily.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ProposalState.PROPOSED, answered_by=None, answered_at=None)
                | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="an answered proposal says by whom",
            ),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.DECLINED) | ~Q(reply=""), name="a declined proposal says why"
            ),
        ]

    def __str__(self) -> str:
        return self.words[:60]
