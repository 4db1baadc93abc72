"""What a setting asks people to come to: events, who has a place, and what their own calendars were told of them."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from accounts.days import Day
from accounts.enums import Asked
from accounts.models import Record, Setting, User
from accounts.words import Words
from apdr.enums import SchoolPhase
from reviews.models import CalendarFeed

from .enums_events import EventKind, ForWhom, PlaceState

#: At most so many people come with one person, and have room at one event.
MOST_COME, MOST_PLACES = 20, 1000


class Event(Record):
    """Something that people come to. Without phases and classes it is for all of the setting; without `places` there is
    room for everybody. `moved` counts how often its time or place changed.
    """

    setting = models.ForeignKey(Setting, models.CASCADE, related_name="events")
    title = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=EventKind)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    where = models.CharField(max_length=150)
    what = Words(_lazy("What happens there"), limit=1000)
    whom = ArrayField(models.CharField(max_length=10, choices=ForWhom))
    phases = ArrayField(models.CharField(max_length=20, choices=SchoolPhase), blank=True, default=list)
    classes = ArrayField(
        models.UUIDField(), blank=True, default=list, help_text=_lazy("Class groups of the setting")
    )
    places = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_PLACES)]
    )
    sign_up_until = Day(null=True, blank=True, help_text=_lazy("The last day; none: until it begins"))
    contact = models.CharField(max_length=150)
    host = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    moved = models.PositiveIntegerField(default=0)
    moved_at = models.DateTimeField(null=True, blank=True)
    called_off_at = models.DateTimeField(null=True, blank=True)
    why_off = Words(_lazy("Why it is called off"), limit=300, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["setting", "starts_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="an event ends after it starts",
                violation_error_message=_lazy("It ends before it starts. Choose a later time."),
            ),
            models.CheckConstraint(condition=~Q(whom=[]), name="an event is for somebody"),
            models.CheckConstraint(
                condition=Q(called_off_at=None, why_off="") | Q(called_off_at__isnull=False) & ~Q(why_off=""),
                name="an event that is called off says why",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class EventPlace(Record):
    """That somebody comes to an event, or waits for a place, with how many; one row for each of them, whatever they say
    later. `know` is for the SENCO alone. `seen_at` is when they last looked at the event, or signed up.
    """

    event = models.ForeignKey(Event, models.CASCADE, related_name="taken")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=PlaceState)
    adults = models.PositiveSmallIntegerField(validators=[MaxValueValidator(MOST_COME)])
    children = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(MOST_COME)])
    know = Words(_lazy("What we should know"), limit=500, blank=True)
    at = models.DateTimeField(default=timezone.now)
    waits_since = models.DateTimeField(null=True, blank=True)
    came_free_at = models.DateTimeField(
        null=True, blank=True, help_text=_lazy("When somebody who waited got their place")
    )
    seen_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+", help_text=_lazy("Who wrote it down last"))
    told_how = models.CharField(max_length=20, choices=Asked, blank=True)
    told_on = Day(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["person", "state"])]
        constraints = [
            models.UniqueConstraint("event", "person", name="somebody has one place at an event"),
            models.CheckConstraint(
                condition=Q(adults__gt=0) | Q(children__gt=0),
                name="a place is for somebody",
                violation_error_message=_lazy("Say how many of you come."),
            ),
            models.CheckConstraint(
                condition=Q(state=PlaceState.WAITING, waits_since__isnull=False)
                | ~Q(state=PlaceState.WAITING) & Q(waits_since=None),
                name="whoever waits for a place waits since a time",
            ),
            models.CheckConstraint(
                condition=Q(told_how="", told_on=None)
                | ~Q(told_how="") & Q(told_on__isnull=False) & ~Q(by=F("person")),
                name="how somebody told us is said of what others wrote down",
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()

    @property
    def people(self) -> int:
        return self.adults + self.children


class EventEntry(Record):
    """What a person's own calendar was told of an event: a row for each event and address. `told` is the version of the
    event that it says.
    """

    feed = models.ForeignKey(CalendarFeed, models.CASCADE, related_name="event_entries")
    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    told = models.PositiveIntegerField()
    cancelled = models.BooleanField(default=False)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint("feed", "event", name="a calendar is told of an event in one entry")
        ]

    def __str__(self) -> str:
        return f"{self.starts_at}"
