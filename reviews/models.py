"""The review of a cycle: when, what each perspective judges, and what is decided."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.append_only import APPEND_ONLY
from accounts.days import Day
from accounts.models import Record, User
from accounts.words import Words
from apdr.enums import Perspective
from apdr.models import Cycle, NextStep, Outcome, Strategy, View
from pupils.models import Household, Pupil

from .enums import Change, DecisionKind, Duty, Kind, Rating, ReviewState
from .models_invitations import Contribution as Contribution
from .models_invitations import ReviewInvitation as ReviewInvitation
from .models_invitations import ReviewReply as ReviewReply
from .models_invitations import TakingPart as TakingPart
from .models_invitations import WhoComes as WhoComes
from .models_invitations import WhoComesPerson as WhoComesPerson


class Review(Record):
    """A meeting about a cycle: planned for a time, then held, cancelled with a reason, or exempt with a reason.

    Its id is the uid of its entry in a calendar, and `sequence` counts what a calendar has to be told of: each move
    and that it is cancelled or not needed. One that is exempt without ever having a time stands on the day that it was
    due.
    """

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PLAN)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=30)
    where = models.CharField(max_length=150, blank=True)
    state = models.CharField(max_length=10, choices=ReviewState, default=ReviewState.SCHEDULED)
    exempt_reason = Words(blank=True)
    cancel_reason = Words(blank=True)
    who_came = Words(blank=True)
    child_took_part = models.CharField(_lazy("How the child took part"), max_length=200, blank=True)
    working = Words(_lazy("What is working"), blank=True)
    not_working = Words(_lazy("What is not working"), blank=True)
    what_next = Words(_lazy("What we do next"), blank=True)
    scheduled_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    scheduled_at = models.DateTimeField(default=timezone.now)
    held_at = models.DateTimeField(null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-starts_at"]
        indexes = [
            models.Index(fields=["cycle", "starts_at"]),
            models.Index(
                fields=["starts_at"], condition=Q(state=ReviewState.SCHEDULED), name="reviews_to_come"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                "cycle", condition=Q(state=ReviewState.SCHEDULED), name="a cycle has one review to come"
            ),
            models.CheckConstraint(
                condition=~Q(state=ReviewState.EXEMPT) | ~Q(exempt_reason=""),
                name="a review not needed says why",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReviewState.CANCELLED) | ~Q(cancel_reason=""),
                name="a cancelled review says why",
            ),
        ]

    def __str__(self) -> str:
        return _("Review on %(day)s") % {"day": date_format(timezone.localtime(self.starts_at), "d E Y")}

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


class Attendee(Record):
    """Somebody who works at the setting and must be at a review: no other review takes that time of theirs."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="attendees")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("review", "person", name="a person is at a review once")]

    def __str__(self) -> str:
        return f"{self.person}"


class ReviewChange(Record):
    """A review was moved, cancelled or found not needed: who said so, when and why. Append-only.

    `starts_at`, `minutes` and `where` are what stood before.
    """

    review = models.ForeignKey(Review, models.PROTECT, related_name="changes")
    what = models.CharField(max_length=10, choices=Change)
    reason = Words(blank=True)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    where = models.CharField(max_length=150, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(what=Change.MOVED) | ~Q(reason=""), name="what is not held says why"
            )
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.get_what_display()}, {self.at}"


class DutyDone(Record):
    """When something that is owed around an annual review was done; without a day, that it is not done after all.

    The one with the highest number counts. Append-only.
    """

    review = models.ForeignKey(Review, models.PROTECT, related_name="duties")
    duty = models.CharField(max_length=10, choices=Duty)
    number = models.PositiveIntegerField()
    on = Day(null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint("review", "duty", "number", name="what is said of a duty counts up"),
            models.CheckConstraint(condition=Q(number__gte=1), name="what is said of a duty begins with one"),
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.get_duty_display()}: {self.on or 'not done'}"

    @property
    def version(self) -> int:
        return self.number


class CalendarFeed(Record):
    """A secret address at which a person's own calendar reads the times of reviews. Only its hash is kept.

    Whoever has the address reads what the person may know at that moment, until it is ended.
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="calendar_feeds")
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    last_read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "person", condition=Q(ended_at=None), name="a person has one calendar address at a time"
            )
        ]

    def __str__(self) -> str:
        return _("Calendar of %(person)s") % {"person": self.person}


class CalendarEntry(Record):
    """What a calendar was told last of one review, so that it is told when that is theirs no more.

    `sequence` is what it was given, which only grows: that of the review, and `added` for each time that the entry
    went or came back without the review having changed.
    """

    feed = models.ForeignKey(CalendarFeed, models.CASCADE, related_name="entries")
    review = models.ForeignKey(Review, models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    cancelled = models.BooleanField(default=False)
    sequence = models.PositiveIntegerField()
    added = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(help_text=_lazy("When what it is told last changed"))

    class Meta:
        constraints = [models.UniqueConstraint("feed", "review", name="a calendar has one entry of a review")]

    def __str__(self) -> str:
        return f"{self.starts_at}, {self.sequence}"


class Judgement(Record):
    """What one person judges a step or a strategy did. A later judgement is another row; the latest counts."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="judgements")
    step = models.ForeignKey(NextStep, models.PROTECT, null=True, blank=True, related_name="judgements")
    strategy = models.ForeignKey(Strategy, models.PROTECT, null=True, blank=True, related_name="judgements")
    perspective = models.CharField(max_length=12, choices=Perspective)
    rating = models.CharField(max_length=10, choices=Rating)
    words = Words(blank=True)
    said_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    said_by_name = models.CharField(max_length=150, blank=True)
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(step=None, strategy__isnull=False) | Q(step__isnull=False, strategy=None),
                name="a judgement is of a step or a strategy",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_perspective_display()}: {self.get_rating_display()}"


class Decision(Record):
    """What was decided at the end of a cycle, why, and who was told."""

    cycle = models.OneToOneField(Cycle, models.PROTECT, related_name="decision")
    kind = models.CharField(max_length=12, choices=DecisionKind)
    why = Words()
    who_was_told = Words(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.get_kind_display()


class Deciding(Record):
    """The decision of a cycle as far as it is thought of in the review: kept while people talk, gone once it is made.

    `statuses` says by a step's id what becomes of it, of those that were spoken of.
    """

    cycle = models.OneToOneField(Cycle, models.CASCADE, related_name="deciding")
    kind = models.CharField(max_length=12, choices=DecisionKind, blank=True)
    why = Words(blank=True)
    who_was_told = Words(blank=True)
    open_next = models.BooleanField(default=True)
    review_on = Day(null=True, blank=True)
    statuses = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return _("%(cycle)s, so far") % {"cycle": self.cycle}


class WhatWeDid(Record):
    """What the setting did, or does, about something that somebody said. A later answer is another row; the latest counts.

    `outcome`, `step` or `strategy` is what it changed in the plan, where it did: whoever may not read that reads the
    words alone. It is heard by whoever hears what was said. Append-only.
    """

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="what_we_did")
    view = models.ForeignKey(View, models.PROTECT, null=True, blank=True, related_name="what_we_did")
    judgement = models.ForeignKey(
        Judgement, models.PROTECT, null=True, blank=True, related_name="what_we_did"
    )
    contribution = models.ForeignKey(
        "reviews.Contribution", models.PROTECT, null=True, blank=True, related_name="what_we_did"
    )
    words = Words()
    outcome = models.ForeignKey(Outcome, models.PROTECT, null=True, blank=True, related_name="because_of")
    step = models.ForeignKey(NextStep, models.PROTECT, null=True, blank=True, related_name="because_of")
    strategy = models.ForeignKey(Strategy, models.PROTECT, null=True, blank=True, related_name="because_of")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome=None, step=None)
                | Q(outcome=None, strategy=None)
                | Q(step=None, strategy=None),
                name="what we did changed one thing in the plan",
            ),
            models.CheckConstraint(
                condition=Q(view__isnull=False, judgement=None, contribution=None)
                | Q(view=None, judgement__isnull=False, contribution=None)
                | Q(view=None, judgement=None, contribution__isnull=False),
                name="what we did is about one thing that was said",
            ),
        ]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return self.words[:60]

    @property
    def about_id(self) -> UUID | None:
        """The id of what was said."""
        return self.view_id or self.judgement_id or self.contribution_id
