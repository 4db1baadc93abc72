"""A pupil, where they are enrolled, and what they say about themselves."""

from datetime import date
from typing import Self

import pgtrigger
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.days import Day
from accounts.models import Record, Setting, User
from accounts.words import Words

from ..codes import check_uln, check_upn
from ..dates import Birthday, SchoolLeavingDay
from ..enums import NeedType, Relation, SenProvision


class Pupil(Record):
    """A child or young person whose plan is kept here.

    The UPN is a blind number: never on lists, papers, addresses or parents' pages; revealing it is audited.
    """

    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    known_as = models.CharField(max_length=80, blank=True, help_text=_lazy("What they like to be called"))
    date_of_birth = Day()
    upn = models.CharField("UPN", max_length=13, blank=True, validators=[check_upn])
    uln = models.CharField("ULN", max_length=10, blank=True, validators=[check_uln])
    sen_provision = models.CharField(max_length=1, choices=SenProvision, default=SenProvision.SUPPORT)
    ehc_plan_from = Day(null=True, blank=True, help_text=_lazy("The day their EHC plan was first made"))
    ehc_reviewed_on = Day(
        null=True,
        blank=True,
        help_text=_lazy("Their last annual review, where it was held before they came here"),
    )
    home_language = models.CharField(
        max_length=35, blank=True, help_text=_lazy("A BCP 47 tag, said by the family")
    )
    home_language_code = models.CharField(
        max_length=4, blank=True, help_text=_lazy("The DfE code, as imported")
    )
    post16_from = Day(null=True, blank=True, help_text=_lazy("The day they enter post-16 provision"))
    competent_from = Day(
        null=True, blank=True, help_text=_lazy("An early start: what the last competence record says")
    )
    turns_16_on = models.GeneratedField(
        expression=Birthday(F("date_of_birth"), 16), output_field=models.DateField(), db_persist=True
    )
    turns_18_on = models.GeneratedField(
        expression=Birthday(F("date_of_birth"), 18), output_field=models.DateField(), db_persist=True
    )
    school_leaving_on = models.GeneratedField(
        expression=SchoolLeavingDay(F("date_of_birth")), output_field=models.DateField(), db_persist=True
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        default_permissions = ()
        permissions = [(r.value, r.label) for r in Relation]
        constraints = [
            models.UniqueConstraint("upn", condition=~Q(upn=""), name="one pupil has one UPN"),
            models.UniqueConstraint("uln", condition=~Q(uln=""), name="one pupil has one ULN"),
            models.CheckConstraint(
                condition=Q(date_of_birth__gte="1980-01-01"), name="a pupil was born after 1980"
            ),
        ]
        indexes = [
            models.Index("family_name", "given_name", "id", name="pupil_by_name"),
            models.Index(OpClass(Upper("family_name"), name="text_pattern_ops"), name="pupil_by_family_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        return self.known_as or self.given_name

    @property
    def name(self) -> str:
        return f"{self.called} {self.family_name}"


class PupilNeedType(models.Model):
    """A census type of need; rank 1 is the primary one."""

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="need_types")
    type = models.CharField(max_length=4, choices=NeedType)
    rank = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint("pupil", "rank", name="a rank of need is given once"),
            models.UniqueConstraint("pupil", "type", name="a type of need is given once"),
            models.CheckConstraint(condition=Q(rank__gte=1), name="the primary need has rank 1"),
        ]

    def __str__(self) -> str:
        return self.get_type_display()


class Enrolments(models.QuerySet["Enrolment"]):
    def on(self, day: date) -> Self:
        """Those that hold on a day: it is in [starts_on, ends_on)."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)


class Enrolment(Record):
    """A pupil's time in a setting: [starts_on, ends_on). Two never overlap."""

    objects = Enrolments.as_manager()

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="enrolments")
    setting = models.ForeignKey(Setting, models.PROTECT, related_name="enrolments")
    year_group = models.CharField(max_length=2, blank=True)
    starts_on = Day()
    ends_on = Day(null=True, blank=True)

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(
                "pupil", condition=Q(ends_on=None), name="a pupil is in one setting at a time"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="an enrolment ends after it starts",
            ),
        ]
        indexes = [models.Index(fields=["setting", "ends_on"]), models.Index(fields=["pupil", "starts_on"])]
        triggers = [
            pgtrigger.Trigger(
                name="never_overlaps",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    PERFORM 1 FROM pupils_pupil WHERE id = NEW.pupil_id FOR UPDATE;
                    IF EXISTS (
                        SELECT 1 FROM pupils_enrolment e
                        WHERE e.pupil_id = NEW.pupil_id AND e.id <> NEW.id
                          AND daterange(e.starts_on, e.ends_on) && daterange(NEW.starts_on, NEW.ends_on)
                    ) THEN
                        RAISE EXCEPTION 'a pupil is in one setting at a time' USING ERRCODE = 'exclusion_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return _("%(setting)s from %(starts_on)s") % {"setting": self.setting, "starts_on": self.starts_on}


class ProfilePicture(Record):
    """A photo or drawing that a child chose for their profile. Its file is named after its id; no address leads to that."""

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="profile_pictures")
    alt = Words(_lazy("What can be seen in it"), limit=300)
    width = models.PositiveIntegerField(help_text=_lazy("In pixels"))
    height = models.PositiveIntegerField(help_text=_lazy("In pixels"))
    size = models.PositiveIntegerField(help_text=_lazy("In bytes"))
    digest = models.CharField(max_length=64, help_text=_lazy("The mark of the file as it was sent"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(alt=""), name="a picture of a profile says what can be seen in it"
            )
        ]

    def __str__(self) -> str:
        return self.alt[:60]


class Profile(Record):
    """One version of a pupil's one-page profile, in their words. A new version is a new row."""

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="profiles")
    number = models.PositiveIntegerField()
    people_like = Words(_lazy("What people like about me"), blank=True)
    important = Words(_lazy("What is important to me"), blank=True)
    helps = Words(_lazy("How best to support me"), blank=True)
    talk = Words(_lazy("How to talk with me"), blank=True)
    how_made = models.CharField(_lazy("How this was made"), max_length=200, blank=True)
    helped = models.CharField(_lazy("Who helped"), max_length=200, blank=True)
    picture = models.ForeignKey(
        ProfilePicture, models.PROTECT, null=True, blank=True, related_name="profiles"
    )
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint("pupil", "number", name="profile versions count up")]

    def __str__(self) -> str:
        return _("Version %(number)s") % {"number": self.number}
