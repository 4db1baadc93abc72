"""Home–school updates, a small two-way conversation between a setting and one household; letters and reminders."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.days import Day
from accounts.enums import Channel
from accounts.models import Record, Setting, User
from accounts.words import Words
from apdr.enums import Perspective
from apdr.models import Proposal
from pupils.clocks import WARN_BEFORE
from pupils.models import ClassGroup, Household, Pupil

from .enums import Kind, LetterState, WhyNot, WhyNotReminded
from .enums_updates import UpdateKind
from .models_events import Event, EventEntry, EventPlace
from .models_signposts import Signpost, SignpostAnswer, SignpostOffer
from .models_surveys import Survey, SurveyAnswer, SurveyQuestion, SurveyResponse
from .models_updates import Call, Daily, Photo, Talk

__all__ = [
    "Call",
    "Daily",
    "Event",
    "EventEntry",
    "EventPlace",
    "HandOverLetter",
    "Message",
    "Photo",
    "Reminder",
    "Signpost",
    "SignpostAnswer",
    "SignpostOffer",
    "Survey",
    "SurveyAnswer",
    "SurveyQuestion",
    "SurveyResponse",
    "Talk",
    "Update",
]


class Update(Record):
    """One message about a pupil, for or from one household; without a household, for all of them.

    A daily form is one as well: what was enjoyed is its good thing, and what else there is its words.
    """

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="updates")
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="+")
    class_group = models.ForeignKey(ClassGroup, models.PROTECT, null=True, blank=True, related_name="+")
    perspective = models.CharField(max_length=12, choices=Perspective)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=UpdateKind, default=UpdateKind.WORDS)
    good_thing = Words(_lazy("One good thing"), blank=True)
    words = Words(blank=True)
    worked = Words(_lazy("What worked at home"), blank=True)
    on = Day()
    at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    photo_digest = models.CharField(
        max_length=64, blank=True, help_text=_lazy("Of the files that its photos were made from")
    )
    proposal = models.OneToOneField(
        Proposal,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="update",
        help_text=_lazy("What worked at home, as it was put to the plan"),
    )
    sent_key = models.UUIDField(
        unique=True, help_text=_lazy("The form this came from: a form posted twice is one update")
    )

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["pupil", "-at"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(good_thing="") | ~Q(words="") | ~Q(worked="") | Q(kind=UpdateKind.DAILY),
                name="an update says something",
            ),
            models.UniqueConstraint(
                "pupil", "on", condition=Q(kind=UpdateKind.DAILY), name="a child has one daily form a day"
            ),
            models.CheckConstraint(
                condition=Q(worked="") | Q(perspective__in=[Perspective.PARENT, Perspective.CHILD]),
                name="what worked at home is said at home",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on}"


class HandOverLetter(Record):
    """An e-mail to one person, so many months before a young person begins to decide on a day: planned, sent or not.

    Where the day moves, what was planned for it is not sent, and letters are planned for the other day.
    """

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="hand_over_letters")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    day = models.DateField(
        help_text=_lazy("From which the young person decides, as it was when this was planned")
    )
    months = models.PositiveSmallIntegerField(help_text=_lazy("How long before the day it is due"))
    state = models.CharField(max_length=10, choices=LetterState, default=LetterState.PLANNED)
    why_not = models.CharField(max_length=10, choices=WhyNot, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    planned_at = models.DateTimeField()
    next_at = models.DateTimeField(help_text=_lazy("Before this instant nobody tries to send it"))
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["planned_at"]
        indexes = [
            models.Index(fields=["next_at"], name="letters_to_send", condition=Q(state=LetterState.PLANNED)),
        ]
        constraints = [
            models.UniqueConstraint(
                "pupil", "person", "day", "months", name="one is told once so long before a day"
            ),
            models.CheckConstraint(
                condition=Q(months__in=WARN_BEFORE), name="a letter is due when everybody is told"
            ),
            models.CheckConstraint(
                condition=Q(state=LetterState.SENT, sent_at__isnull=False, why_not="")
                | Q(state=LetterState.PLANNED, sent_at=None, why_not="")
                | Q(state=LetterState.NOT_SENT, sent_at=None) & ~Q(why_not=""),
                name="a letter says when it was sent or why it was not",
            ),
        ]

    def __str__(self) -> str:
        return _("%(months)s months before, %(state)s") % {
            "months": self.months,
            "state": self.get_state_display(),
        }


class Message(Record):
    """One e-mail, text or letter to one person, of every reminder that waited for them: to be sent, sent or not.

    Its id is the Message-ID, or the reference at GOV.UK Notify, however often it is tried.
    """

    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=LetterState, default=LetterState.PLANNED)
    why_not = models.CharField(max_length=10, choices=WhyNotReminded, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(help_text=_lazy("Before this instant nobody tries to send it"))
    settled_at = models.DateTimeField(
        null=True, blank=True, help_text=_lazy("When it was sent, or found not to be")
    )
    channel = models.CharField(
        max_length=20,
        choices=Channel,
        default=Channel.EMAIL,
        help_text=_lazy("By which it was sent, or refused"),
    )
    address = models.CharField(max_length=400, blank=True, help_text=_lazy("Where it was sent, or refused"))
    receipt = models.CharField(
        max_length=30,
        blank=True,
        help_text=_lazy("What became of a text or a letter, in the words of GOV.UK Notify"),
    )

    class Meta:
        ordering = ["made_at"]
        indexes = [
            models.Index(fields=["next_at"], name="messages_to_send", condition=Q(state=LetterState.PLANNED)),
            models.Index(fields=["person", "-settled_at"]),
            models.Index(
                fields=["settled_at"],
                name="messages_without_receipt",
                condition=Q(state=LetterState.SENT, receipt="") & ~Q(channel=Channel.EMAIL),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                "person", condition=Q(state=LetterState.PLANNED), name="one e-mail waits for a person"
            ),
            models.CheckConstraint(
                condition=Q(state=LetterState.SENT, settled_at__isnull=False, why_not="") & ~Q(address="")
                | Q(state=LetterState.PLANNED, settled_at=None, why_not="")
                | Q(state=LetterState.NOT_SENT, settled_at__isnull=False) & ~Q(why_not=""),
                name="an e-mail says when it was sent or why it was not",
            ),
        ]

    def __str__(self) -> str:
        return f"{date_format(self.made_at, 'd E Y')}, {self.get_state_display()}"


class Reminder(Record):
    """One thing that was wanted of one person: what it is about, and on which occasion. Reminded of once.

    It is about a pupil, or about something of a setting and nobody's record.

    What is wanted is computed from the record (`notifications.wanted`): a row says only what became of reminding.
    """

    kind = models.CharField(max_length=20, choices=Kind)
    pupil = models.ForeignKey(Pupil, models.PROTECT, null=True, blank=True, related_name="reminders")
    setting = models.ForeignKey(Setting, models.CASCADE, null=True, blank=True, related_name="+")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    subject = models.UUIDField(
        help_text=_lazy("The id of the review, cycle, step, choice, record, place or survey it is about")
    )
    occasion = models.CharField(max_length=40, help_text=_lazy("Such as the day it is due"))
    state = models.CharField(max_length=10, choices=LetterState, default=LetterState.PLANNED)
    why_not = models.CharField(max_length=10, choices=WhyNotReminded, blank=True)
    planned_at = models.DateTimeField()
    message = models.ForeignKey(
        Message,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reminders",
        help_text=_lazy("Its e-mail"),
    )

    class Meta:
        ordering = ["planned_at"]
        indexes = [
            models.Index(
                fields=["person"],
                name="reminders_to_gather",
                condition=Q(state=LetterState.PLANNED, message=None),
            ),
            models.Index(fields=["pupil", "state"]),
        ]
        constraints = [
            models.UniqueConstraint(
                "kind", "pupil", "person", "subject", "occasion", name="one is reminded of an occasion once"
            ),
            models.UniqueConstraint(
                "kind",
                "setting",
                "person",
                "subject",
                "occasion",
                name="one is reminded once of something of a setting",
            ),
            models.CheckConstraint(
                condition=Q(pupil=None) ^ Q(setting=None), name="a reminder is about a pupil or a setting"
            ),
            models.CheckConstraint(
                condition=Q(state=LetterState.SENT, message__isnull=False, why_not="")
                | Q(state=LetterState.PLANNED, why_not="")
                | Q(state=LetterState.NOT_SENT) & ~Q(why_not=""),
                name="a reminder says in which e-mail it went or why not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.get_state_display()}"
