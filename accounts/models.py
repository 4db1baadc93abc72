"""People, settings and what a person is in a setting."""

import uuid
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from .append_only import APPEND_ONLY
from .contact import clean_address, clean_phone
from .days import Day
from .enums import Channel, ControlTrigger, Format, InvitationKind, Phase, Role
from .words import Words


class Record(models.Model):
    """A row with an id that may stand in an address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class PeopleManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """A person who signs in with `email`; without a password they sign in by a code."""
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Somebody who looks after the installation. It gives no sight of any pupil."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(Record, AbstractBaseUser, PermissionsMixin):
    """One human being, whatever they are to however many settings and children."""

    email = models.EmailField(
        unique=True,
        null=True,
        blank=True,
        help_text=_lazy("None: somebody who never signs in, whom letters and the phone reach"),
    )
    name = models.CharField(_lazy("full name"), max_length=150)
    known_as = models.CharField(max_length=60, blank=True, help_text=_lazy("What to call you"))
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(_lazy("looks after the installation"), default=False)
    joined_at = models.DateTimeField(default=timezone.now)
    sign_outs = models.PositiveIntegerField(
        default=0, help_text=_lazy("How often every open session was ended; one more ends all that are open")
    )

    objects = PeopleManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="an e-mail address is kept in lower case"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def signs_in(self) -> bool:
        """Whether there is a way in for them: whoever has no e-mail address has none."""
        return bool(self.email)

    @property
    def addresses(self) -> list[str]:
        """To whom an e-mail to them goes: to nobody, where they have no address."""
        return [self.email] if self.email else []

    @property
    def called(self) -> str:
        return self.known_as or self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Django asks this for both the current key and the fallback keys.
        return salted_hmac(
            "accounts.User.session", f"{self.password}{self.sign_outs}", secret=secret, algorithm="sha256"
        ).hexdigest()

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Looking after the installation opens nothing: what is asked of one object, only the backends answer."""
        if obj is None:
            return super().has_perm(perm)
        return any(
            backend.has_perm(self, perm, obj) for backend in get_backends() if hasattr(backend, "has_perm")
        )

    async def ahas_perm(self, perm: str, obj: Any = None) -> bool:
        return await sync_to_async(self.has_perm)(perm, obj)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.called


class Preferences(models.Model):
    """How to talk with one person (domain: talking with families). They or the SENCO set it."""

    person = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="preferences")
    spoken_language = models.CharField(
        max_length=35, default="en-GB", help_text=_lazy("A BCP 47 tag, such as pl or uk")
    )
    written_language = models.CharField(max_length=35, default="en-GB")
    needs_interpreter = models.BooleanField(default=False)
    format = models.CharField(max_length=20, choices=Format, default=Format.STANDARD)
    channel = models.CharField(max_length=20, choices=Channel, default=Channel.EMAIL)
    phone = models.CharField(
        max_length=20, blank=True, help_text=_lazy("For text messages, as +447700900123")
    )
    postal_address = Words(
        blank=True, limit=400, help_text=_lazy("For letters, with its postcode as the last line")
    )
    good_times = models.CharField(max_length=200, blank=True)
    quiet_from = models.TimeField(default="18:00")
    quiet_until = models.TimeField(default="07:30")
    quiet_weekends = models.BooleanField(default=True)
    daily_digest = models.BooleanField(default=False)
    trusted_person = models.CharField(max_length=150, blank=True)
    notes = models.CharField(max_length=500, blank=True)
    phone_confirmed = models.CharField(
        max_length=20,
        blank=True,
        help_text=_lazy("The number that they showed to be theirs: no text goes to another"),
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "preferences"

    def __str__(self) -> str:
        return _("How to talk with %(person)s") % {"person": self.person}

    @property
    def phone_is_confirmed(self) -> bool:
        """Whether the number is the one that its owner confirmed by a code; whoever changes it confirms it anew."""
        return bool(self.phone) and self.phone == self.phone_confirmed

    def clean(self) -> None:
        """A number and an address that can be reached, and the one that the channel needs. Raises ValidationError."""
        wrong = {}
        for name, clean in (("phone", clean_phone), ("postal_address", clean_address)):
            try:
                setattr(self, name, clean(getattr(self, name)))
            except ValidationError as error:
                wrong[name] = error
        if self.channel == Channel.TEXT and not self.phone:
            wrong.setdefault("phone", ValidationError(_("Enter a mobile number, so that a text can arrive.")))
        if self.channel == Channel.LETTER and not self.postal_address:
            wrong.setdefault(
                "postal_address", ValidationError(_("Enter an address, so that a letter can arrive."))
            )
        if wrong:
            raise ValidationError(wrong)


class PhoneCode(Record):
    """A code that was sent to a mobile number, for its owner to show that the number is theirs.

    Only its hash is kept. It is good once, for a while, and for a few tries.
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="phone_codes")
    phone = models.CharField(max_length=20)
    code_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-sent_at"]
        indexes = [models.Index(fields=["person", "-sent_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("sent_at")), name="a code is good for a while after it was sent"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sent_at:%d %B %Y}"


class Setting(Record):
    """An early-years setting, school, sixth form or college, and its policies."""

    name = models.CharField(max_length=150)
    phase = models.CharField(max_length=20, choices=Phase)
    urn = models.CharField(_lazy("URN"), max_length=6, blank=True, validators=[RegexValidator(r"^\d{6}$")])
    laestab = models.CharField(
        _lazy("LAESTAB"), max_length=7, blank=True, validators=[RegexValidator(r"^\d{7}$")]
    )
    ukprn = models.CharField(
        _lazy("UKPRN"), max_length=8, blank=True, validators=[RegexValidator(r"^\d{8}$")]
    )
    ofsted_urn = models.CharField(_lazy("Ofsted URN"), max_length=10, blank=True)
    control_trigger = models.CharField(max_length=20, choices=ControlTrigger, default=ControlTrigger.EARLIEST)
    working_view_before_post16 = models.BooleanField(
        default=True,
        help_text=_lazy(
            "Key adults keep profile, plan and strategies when the young person decides, before post-16."
        ),
    )
    working_view_in_post16 = models.BooleanField(
        default=False, help_text=_lazy("The same, once the young person is in post-16 provision.")
    )
    capacity_needs_medical = models.BooleanField(
        default=False,
        help_text=_lazy("Whether only what a medical professional assessed is recorded about capacity"),
    )
    parents_keep_versions = models.BooleanField(
        default=False,
        help_text=_lazy(
            "Parent carers keep reading the plans they were given before the young person decided."
        ),
    )
    review_every_weeks = models.PositiveSmallIntegerField(default=12)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint("urn", condition=~Q(urn=""), name="one setting has one URN"),
            models.CheckConstraint(
                condition=Q(review_every_weeks__range=(1, 52)), name="a review is due within a year"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Term(Record):
    """Days on which a setting is open: [starts_on, ends_on), less the half-term break inside them."""

    setting = models.ForeignKey(Setting, models.CASCADE, related_name="terms")
    name = models.CharField(max_length=60)
    starts_on = Day()
    ends_on = Day(help_text=_lazy("The first day after the term"))
    half_term_from = Day(null=True, blank=True)
    half_term_until = Day(null=True, blank=True, help_text=_lazy("The first day back"))

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="a term ends after it starts"
            ),
            models.CheckConstraint(
                condition=Q(half_term_from=None, half_term_until=None)
                | Q(
                    half_term_from__gte=F("starts_on"),
                    half_term_until__gt=F("half_term_from"),
                    half_term_until__lte=F("ends_on"),
                ),
                name="half term lies inside its term",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(Record):
    """A person's role in a setting over [starts_at, ends_at)."""

    setting = models.ForeignKey(Setting, models.CASCADE, related_name="memberships")
    person = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "setting",
                "person",
                "role",
                condition=Q(ends_at=None),
                name="a role in a setting is held once at a time",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")),
                name="a membership ends after it starts",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "role", "setting"]),
            models.Index(fields=["setting", "role"]),
        ]

    def __str__(self) -> str:
        return _("%(person)s: %(role)s at %(setting)s") % {
            "person": self.person,
            "role": self.get_role_display(),
            "setting": self.setting,
        }


class Invitation(Record):
    """A single-use, expiring way in, tied to one e-mail address.

    Only a hash of the secret is kept. What a parent's or young person's invitation leads to
    (which pupils, which household) stands in `pupils.InvitedTo`.
    """

    kind = models.CharField(max_length=20, choices=InvitationKind)
    email = models.EmailField()
    name = models.CharField(max_length=150, blank=True)
    setting = models.ForeignKey(Setting, models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=20, choices=Role, blank=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_lazy("Nobody: a command on the server"),
    )
    invited_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(
        null=True, blank=True, help_text=_lazy("Withdrawn, or expired and swept")
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=InvitationKind.STAFF) ^ Q(role=""),
                name="an invitation names a role only for staff",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="an accepted invitation says by whom",
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="an invitation keeps its address in lower case"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {date_format(self.invited_at, 'd E Y')}"


class ApiToken(Record):
    """A person's key to the API. Only its hash is kept; it sees what the person sees."""

    person = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60)
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class AccountEvent(Record):
    """One change to somebody's own account, written in the same transaction as the change itself.

    What changes around pupils and settings is in `pupils.AuditEvent`.
    """

    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text=_lazy("Nobody: a command on the server"),
    )
    person = models.ForeignKey(User, models.PROTECT, related_name="account_events")
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    detail = models.JSONField(
        default=dict, help_text=_lazy("Names of fields and codes; never the words themselves")
    )

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["person", "-at"])]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return f"{self.verb}, {self.at}"
