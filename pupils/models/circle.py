"""Who stands near a pupil. Nothing here decides what anybody sees: `pupils.policy` does."""

import pgtrigger
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from accounts.models import Invitation, Record, Setting, User
from accounts.words import Words

from ..enums import RestrictionKind
from .pupil import Pupil


class Lasting(models.Model):
    """Something that holds over [starts_at, ends_at)."""

    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class PupilUserPermission(UserObjectPermissionBase, Lasting):
    """Guardian's row for one person near one pupil, with the time it holds for.

    Guardian's own shortcuts do not know that time: only the policy reads these rows.
    """

    content_object = models.ForeignKey(Pupil, models.CASCADE, related_name="user_permissions")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")),
                name="a person's relation ends after it starts",
            )
        ]


class PupilGroupPermission(GroupObjectPermissionBase, Lasting):
    """Guardian's row for one class group near one pupil, with the time it holds for."""

    content_object = models.ForeignKey(Pupil, models.CASCADE, related_name="group_permissions")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")),
                name="a group's relation ends after it starts",
            )
        ]


class ClassGroup(Record):
    """A class, tutor group, key group or intervention group of a setting, over its auth group."""

    setting = models.ForeignKey(Setting, models.CASCADE, related_name="class_groups")
    name = models.CharField(max_length=60)
    group = models.OneToOneField(Group, models.CASCADE, related_name="class_group")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "setting", "name", condition=Q(closed_at=None), name="a class name is used once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ClassStaff(Record, Lasting):
    """A key adult's time with a class group: [starts_at, ends_at). A new time is a new row."""

    class_group = models.ForeignKey(ClassGroup, models.CASCADE, related_name="staff")
    person = models.ForeignKey(User, models.CASCADE, related_name="classes")
    subject = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "class_group",
                "person",
                condition=Q(ends_at=None),
                name="a person joins a class once at a time",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")),
                name="time with a class ends after it starts",
            ),
        ]

    def __str__(self) -> str:
        return _("%(person)s with %(class_group)s") % {"person": self.person, "class_group": self.class_group}


class Household(Record):
    """People of a family who live together. Separated households never see each other's details or notes."""

    name = models.CharField(max_length=100)
    address = Words(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    how_to_communicate = Words(blank=True, help_text=_lazy("What works when talking with this family"))
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name


class ParentCarer(Record):
    """An adult of a household and what they are to one pupil; their sign-in, where they have one."""

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="parent_carers")
    household = models.ForeignKey(Household, models.PROTECT, related_name="parent_carers")
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=150)
    relationship = models.CharField(
        max_length=60, help_text=_lazy("Such as mother, father, grandparent, foster carer")
    )
    has_parental_responsibility = models.BooleanField(default=False)
    email = models.EmailField(
        blank=True, help_text=_lazy("Where an invitation may go. It gives no sight by itself")
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "pupil",
                "person",
                condition=Q(person__isnull=False),
                name="a person is a child's parent carer once",
            )
        ]
        triggers = [
            # In the database itself, so that whoever links a sign-in cannot forget it: the rule reads the person.
            pgtrigger.Trigger(
                name="restrictions_follow_the_person",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("person_id"),  # type: ignore[no-untyped-call]
                func="""
                    UPDATE pupils_restriction SET person_id = NEW.person_id
                    WHERE parent_carer_id = NEW.id AND person_id IS NULL AND NEW.person_id IS NOT NULL;
                    RETURN NULL;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.relationship})"


class InvitedTo(models.Model):
    """A pupil that an accepted invitation leads to, unless that was taken back for this pupil alone."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="pupils")
    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="+")
    parent_carer = models.ForeignKey(ParentCarer, models.CASCADE, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("invitation", "pupil", name="an invitation names a pupil once")
        ]

    def __str__(self) -> str:
        return f"{self.invitation}: {self.pupil}"


class Restriction(Record, Lasting):
    """A court order, or a person marked unsafe: beats every ground but `own` and `coordinates`.

    It names a person who signs in, or an adult of the family who does not yet. The rule reads the person; the
    database fills them in at the moment when that adult is linked to a sign-in.
    """

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="restrictions")
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    parent_carer = models.ForeignKey(
        ParentCarer, models.RESTRICT, null=True, blank=True, related_name="restrictions"
    )
    kind = models.CharField(max_length=20, choices=RestrictionKind)
    reason = Words()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")),
                name="a restriction ends after it starts",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(parent_carer__isnull=False),
                name="a restriction names somebody",
            ),
        ]
        indexes = [models.Index(fields=["pupil", "person"])]
        triggers = [
            pgtrigger.Trigger(
                name="names_whoever_is_linked",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NEW.person_id IS NULL AND NEW.parent_carer_id IS NOT NULL THEN
                        SELECT person_id INTO NEW.person_id FROM pupils_parentcarer
                        WHERE id = NEW.parent_carer_id FOR UPDATE;
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"

    @property
    def name(self) -> str:
        """Who is shut out."""
        return str(self.person.name if self.person else self.parent_carer.name)  # type: ignore[union-attr]
