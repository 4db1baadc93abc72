"""People, settings and memberships: every change to them. Who may is asked first, of `policy`.

`by=None` is whoever runs commands on the installation itself. What somebody changes of their own account is written
down here; the audit events of everything else are written by `pupils.people`, which calls these in its own transaction.
"""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from . import audit, policy
from .enums import Channel, Phase, Role
from .errors import Stale
from .models import AccountEvent, ApiToken, Invitation, Membership, Preferences, Setting, User

PREFERENCES = [
    "spoken_language",
    "written_language",
    "needs_interpreter",
    "format",
    "channel",
    "phone",
    "postal_address",
    "good_times",
    "quiet_from",
    "quiet_until",
    "quiet_weekends",
    "daily_digest",
    "trusted_person",
    "notes",
]


# People ---------------------------------------------------------------------------------------------


@transaction.atomic
def create_person(
    *,
    email: str,
    name: str,
    known_as: str = "",
    password: str | None = None,
    at: datetime,
    known: User | None = None,
) -> User:
    """A person whose address is known to be theirs. Without a password they sign in by a code sent to it.

    `known` is the person, where they have been here without an address and get one now. Raises ValidationError for bad
    input or an address that somebody has.
    """
    address = email.strip().lower()
    if known is None:
        person = User(joined_at=at)
    else:
        person = User.objects.select_for_update().get(pk=known.pk)
        if person.signs_in:
            raise ValidationError({"email": _("They have an e-mail address here already.")})
    person.email, person.name, person.known_as = address, name.strip(), known_as.strip()
    if password is None:
        person.set_unusable_password()
    else:
        person.set_password(password)
    taken = {"email": _("Somebody with this e-mail address is here already.")}
    if EmailAddress.objects.filter(email__iexact=address, verified=True).exists():
        raise ValidationError(taken)
    person.full_clean()
    try:
        with transaction.atomic():
            person.save()
            EmailAddress.objects.create(user=person, email=address, verified=True, primary=True)
    except IntegrityError as error:
        raise ValidationError(taken) from error
    return person


@transaction.atomic
def rename(*, person: User, name: str, known_as: str, by: User, at: datetime) -> None:
    """What a person is called. Raises ValidationError for an empty or over-long name."""
    typed = {"name": name.strip(), "known_as": known_as.strip()}
    changed = [field for field, value in typed.items() if getattr(person, field) != value]
    for field in changed:
        setattr(person, field, typed[field])
    person.full_clean()
    if changed:
        person.save(update_fields=changed)
        audit.record("name changed", person=person, by=by, at=at, fields=changed)


@transaction.atomic
def sign_out_everywhere(*, person: User, by: User, at: datetime) -> None:
    """End every session of a person that is open now, this one too."""
    User.objects.filter(pk=person.pk).update(sign_outs=F("sign_outs") + 1)
    audit.record("signed out everywhere", person=person, by=by, at=at)


@transaction.atomic
def deactivate(*, person: User, by: User | None, at: datetime) -> None:
    """Shut somebody out at once: sessions and API keys end and invitations they made close.

    What they wrote stays, and so do their memberships, which give nothing to an inactive person.
    Only those who look after the installation do this; a setting ends memberships. Nobody does it to themselves.
    """
    if by is not None and (not by.is_staff or by == person):
        raise PermissionDenied(_("Only somebody else who looks after the installation can do this."))
    if not User.objects.filter(pk=person.pk, is_active=True).update(
        is_active=False, sign_outs=F("sign_outs") + 1
    ):
        raise ValidationError(_("This person is shut out already."))
    person.is_active = False
    ApiToken.objects.filter(person=person, revoked_at=None).update(revoked_at=at)
    open_ones = Invitation.objects.filter(invited_by=person, accepted_at=None, closed_at=None)
    open_ones.update(closed_at=at)


@transaction.atomic
def reset_second_factor(*, person: User, by: User | None, at: datetime) -> None:
    """Take away second steps whose phone and recovery codes are lost; staff are asked for a new one at next sign-in.

    Only those who look after the installation do this, once they know by other means who is asking.
    """
    if by is not None and (not by.is_staff or by == person):
        raise PermissionDenied(_("Only somebody else who looks after the installation can do this."))
    Authenticator.objects.filter(user=person).delete()
    User.objects.filter(pk=person.pk).update(sign_outs=F("sign_outs") + 1)


# How to talk with somebody --------------------------------------------------------------------------


def preferences_of(person: User) -> Preferences:
    """A person's preferences; what holds for everybody until they say otherwise."""
    found = Preferences.objects.filter(person=person).first()
    if found is None:
        found = Preferences(person=person)
        found.clean_fields(exclude=["person"])  # the defaults become times, as though they had been read
    return found


def said_last(person: User) -> Any:
    """Who changed somebody's preferences last: 1 query."""
    events = AccountEvent.objects.filter(person=person, verb="preferences changed")
    return events.order_by("-at", "-pk").values_list("by", flat=True).first()


@transaction.atomic
def save_preferences(
    *, person: User, version: int, typed: dict[str, Any], by: User, at: datetime, **asked: Any
) -> Preferences:
    """Raises Stale when `version` is not the one stored, ValidationError for bad input.

    `asked` says how and on which day the person was asked, where somebody else writes it down (`pupils.talking`).
    """
    Preferences.objects.get_or_create(person=person)
    now = Preferences.objects.select_for_update().get(person=person)
    if now.version != version:
        raise Stale(now, typed, by=said_last(person))
    before = {name: getattr(now, name) for name in PREFERENCES}
    for name in PREFERENCES:
        setattr(now, name, typed[name])
    now.version += 1
    now.full_clean()  # a number and an address are written as they are kept
    now.save()
    changed = [name for name in PREFERENCES if getattr(now, name) != before[name]]
    audit.record("preferences changed", person=person, by=by, at=at, fields=changed, **asked)
    return now


@transaction.atomic
def stop_mail(*, person: User, at: datetime) -> None:
    """No more e-mails that tell them of something: they find it when they sign in. A second time changes nothing.

    Whoever holds the link of an e-mail to somebody does it as them.
    """
    Preferences.objects.get_or_create(person=person)
    now = Preferences.objects.select_for_update().get(person=person)
    if now.channel == Channel.EMAIL:
        now.channel, now.version = Channel.IN_APP, now.version + 1
        now.save(update_fields=["channel", "version"])
        audit.record("preferences changed", person=person, by=person, at=at, fields=["channel"])


# Settings and memberships ---------------------------------------------------------------------------


@transaction.atomic
def create_setting(*, name: str, phase: Phase | str, **fields: Any) -> Setting:
    """A setting with nobody in it. `fields` are identifiers and policies. Raises ValidationError for bad input."""
    setting = Setting(name=name.strip(), phase=phase, **fields)
    setting.full_clean()
    setting.save(force_insert=True)
    return setting


@transaction.atomic
def add_member(
    *, person: User, setting: Setting, role: Role | str, by: User | None, at: datetime
) -> Membership:
    """Give a role from now on; a role that is held already stays as it is.

    Raises PermissionDenied when `by` may not give it, and always when they give it to themselves.
    """
    if by == person:
        raise PermissionDenied(_("Nobody can give themselves a role. Ask somebody else to do it."))
    policy.require_give(by, setting, role, at)
    return begin(person, setting, role, at)


def begin(person: User, setting: Setting, role: Role | str, at: datetime) -> Membership:
    """Give a role without asking who may: the caller, or an accepted invitation, has."""
    held, __ = Membership.objects.get_or_create(
        setting=setting, person=person, role=Role(role), ends_at=None, defaults={"starts_at": at}
    )
    return held


@transaction.atomic
def end_membership(*, membership: Membership, by: User | None, at: datetime) -> None:
    """End a role now. Raises ValidationError for the last SENCO, and for a role that has ended."""
    setting = Setting.objects.select_for_update().get(pk=membership.setting_id)  # one leaves at a time
    policy.require_give(by, setting, membership.role, at)
    if membership.role == Role.SENCO and not others_coordinate(setting, membership.person, at):
        raise ValidationError(
            _(
                "%(person)s is the only SENCO at %(setting)s. Invite the next SENCO and wait until they have joined; then end this role."
            )
            % {"person": membership.person.called, "setting": setting}
        )
    open_one = Membership.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), pk=membership.pk)
    if not open_one.update(ends_at=at):
        raise ValidationError(_("This role has ended already."))
    membership.ends_at = at


def others_coordinate(setting: Setting, person: User, at: datetime) -> bool:
    """Whether an active person besides this one is SENCO of a setting with no end in sight."""
    return (
        Membership.objects.filter(policy.live(at), setting=setting, role=Role.SENCO)
        .filter(person__is_active=True, ends_at=None)
        .exclude(person=person)
        .exists()
    )
