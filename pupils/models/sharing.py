"""Who decided that whom may see what: choices, what was asked for, overrides and capacity records.

Nothing here decides what anybody sees: `pupils.policy` does. Choices are never changed or deleted: another choice
about the same recipient and section, made later, stands in their place.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.enums import Format
from accounts.models import Invitation, Record, User
from accounts.words import Words

from ..enums import Answer, Authority, Gave, Section, To, Voice
from .log import APPEND_ONLY
from .pupil import Pupil


class Capacity(Record):
    """A record that a young person cannot make one decision now, and who makes it (Mental Capacity Act 2005 ss.1–5).

    It holds for the sections it names over [starts_at, midnight in London at the start of `review_on`), or until it is
    ended. It is about one decision and never carries to another: there is no flag on a pupil.
    """

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="capacity_records")
    decision = Words(_lazy("Which decision this is about"), limit=300)
    sections = ArrayField(models.CharField(max_length=20, choices=Section))
    assessor = models.CharField(_lazy("Who assessed"), max_length=150)
    assessor_role = models.CharField(_lazy("In what role"), max_length=150)
    assessed_on = models.DateField()
    support = Words(_lazy("How they were helped to decide"))
    findings = Words(_lazy("What was found"))
    wishes = Words(_lazy("What they want and feel, in their words where possible"))
    decider = models.ForeignKey(User, models.PROTECT, related_name="+")
    authority = models.CharField(max_length=20, choices=Authority)
    authority_words = models.CharField(
        max_length=300,
        blank=True,
        help_text=_lazy("Where the authority is written: an order, a power of attorney"),
    )
    starts_at = models.DateTimeField(default=timezone.now)
    review_on = models.DateField(help_text=_lazy("From this day on the record holds no longer"))
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-starts_at"]
        indexes = [models.Index(fields=["pupil"]), models.Index(fields=["decider"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(sections__len__gt=0), name="a capacity record names a section"
            ),
            models.CheckConstraint(
                condition=Q(review_on__gt=F("assessed_on")),
                name="capacity is looked at again after it is assessed",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="an ended capacity record says by whom",
            ),
        ]

    def __str__(self) -> str:
        return self.decision


class ChoiceSheet(Record):
    """One act of choosing: who gave it, how, in which words it was put to them, and who wrote it down.

    Its id is the key of the form, so that a form sent twice is one sheet. `number` counts up for each pupil, and is
    the order in which choices stand in each other's place. What the sheet chooses are its rows.
    """

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="choice_sheets")
    number = models.PositiveIntegerField()
    voice = models.CharField(max_length=20, choices=Voice)
    given_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_lazy("Nobody: they have no sign-in"),
    )
    capacity = models.ForeignKey(Capacity, models.PROTECT, null=True, blank=True, related_name="sheets")
    how = models.CharField(max_length=20, choices=Gave)
    how_words = models.CharField(
        max_length=300, blank=True, help_text=_lazy("Who was there, and how it was explained")
    )
    wording = models.CharField(max_length=20, help_text=_lazy("Which version of the words was shown"))
    format = models.CharField(max_length=20, choices=Format, default=Format.STANDARD)
    language = models.CharField(max_length=35, default="en-GB", help_text=_lazy("A BCP 47 tag"))
    confirms = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="confirmed_by",
        help_text=_lazy("The sheet written down for them that they stand by with this one"),
    )
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        triggers = APPEND_ONLY
        constraints = [
            models.UniqueConstraint("pupil", "number", name="choice sheets of a pupil count up"),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(voice=Voice.YOUNG_PERSON),
                name="a decider under a capacity record speaks for the young person",
            ),
        ]

    def __str__(self) -> str:
        return _("Sheet %(number)s") % {"number": self.number}


class Choice(Record):
    """Yes, no or "ask me each time" for one recipient and one section, over [starts_at, ends_at).

    The row that counts at an instant is the one with the highest `number` of those that have started; once it ends,
    nothing before it comes back. `pupil`, `voice` and `number` are those of the sheet; `capacity` is the record under
    which this section is decided, where the sheet was given by somebody who decides under several.
    """

    sheet = models.ForeignKey(ChoiceSheet, models.PROTECT, related_name="choices")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="choices")
    voice = models.CharField(max_length=20, choices=Voice)
    number = models.PositiveIntegerField()
    capacity = models.ForeignKey(Capacity, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=20, choices=To)
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    invitation = models.ForeignKey(Invitation, models.PROTECT, null=True, blank=True, related_name="+")
    section = models.CharField(max_length=20, choices=Section)
    answer = models.CharField(max_length=10, choices=Answer)
    purpose = models.CharField(max_length=300, blank=True)
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        triggers = APPEND_ONLY
        indexes = [
            models.Index(fields=["pupil", "section", "number"]),
            models.Index(fields=["person", "pupil"]),
        ]
        constraints = [
            models.UniqueConstraint(
                "sheet",
                "kind",
                "person",
                "invitation",
                "section",
                name="a sheet answers once about a recipient and a section",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(kind=To.PERSON, person__isnull=False, invitation=None)
                | Q(kind=To.TEACHERS, person=None, invitation=None)
                | Q(kind=To.INVITED, person=None, invitation__isnull=False),
                name="a choice names one recipient",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="a choice ends after it starts",
            ),
            models.CheckConstraint(
                condition=Q(voice=Voice.YOUNG_PERSON) | ~Q(kind=To.TEACHERS),
                name="only the young person opens a part to all teachers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_section_display()}: {self.get_answer_display()}"


class SharingRequest(Record):
    """Somebody near a pupil asks to see a section. No answer is no; they learn the answer and nothing else."""

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="sharing_requests")
    asker = models.ForeignKey(User, models.PROTECT, related_name="+")
    section = models.CharField(max_length=20, choices=Section)
    reason = Words(limit=500)
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    sheet = models.ForeignKey(ChoiceSheet, models.PROTECT, null=True, blank=True, related_name="requests")

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                "pupil", "asker", "section", condition=Q(answered_at=None), name="one asks once at a time"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False, answer__in=[Answer.YES, Answer.NO]),
                name="an answered request says by whom and what",
            ),
        ]

    def __str__(self) -> str:
        return _("%(asker)s asks for %(section)s") % {
            "asker": self.asker,
            "section": self.get_section_display(),
        }


class Override(Record):
    """A safeguarding disclosure without the young person's permission: to one person, some sections, until a time.

    A designated safeguarding lead or deputy asks; it opens nothing until a second authorised person confirms it, and
    ends by itself. `person` is nobody where the recipient has no sign-in: then it is on record and opens nothing.
    The safeguarding file itself stays out of Alongside.
    """

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="overrides")
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    recipient = models.CharField(_lazy("Who it is disclosed to"), max_length=200)
    sections = ArrayField(models.CharField(max_length=20, choices=Section))
    reason = Words()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True, help_text=_lazy("When the young person was told"))
    told_how = models.CharField(max_length=300, blank=True)
    not_told_why = Words(blank=True)
    look_again_on = models.DateField(
        null=True, blank=True, help_text=_lazy("When to ask again whether telling is safe")
    )

    class Meta:
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["pupil"]), models.Index(fields=["person"])]
        constraints = [
            models.CheckConstraint(condition=Q(sections__len__gt=0), name="an override names a section"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("asked_at")), name="an override ends after it is asked for"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | (
                    Q(confirmed_at__isnull=False, confirmed_by__isnull=False) & ~Q(confirmed_by=F("asked_by"))
                ),
                name="somebody else confirms an override",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="an ended override says by whom",
            ),
            models.CheckConstraint(
                condition=Q(told_at__isnull=False) & ~Q(told_how="")
                | Q(told_at=None, look_again_on__isnull=False) & ~Q(not_told_why=""),
                name="they were told and how, or not told and why and until when",
            ),
        ]

    def __str__(self) -> str:
        return _("Disclosure to %(recipient)s") % {"recipient": self.recipient}


class Competence(Record):
    """That a young person under 16 is competent to decide who sees their record (Gillick), from a day on.

    Append-only; the last row counts. `from_on` is nothing where a later look found that they are not, yet.
    """

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="competence_records")
    from_on = models.DateField(null=True, blank=True)
    assessor = models.CharField(_lazy("Who judged it"), max_length=150)
    assessor_role = models.CharField(_lazy("In what role"), max_length=150)
    findings = Words(_lazy("What it rests on"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return _("Competent from %(from_on)s") % {"from_on": self.from_on}


class HandOverTalk(Record):
    """A conversation about what changes when the young person decides: when, with whom, and how it was explained."""

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="hand_over_talks")
    on = models.DateField()
    with_whom = models.CharField(max_length=300)
    how = Words(_lazy("How it was explained"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-on", "-at"]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return _("Talk on %(on)s") % {"on": self.on}
