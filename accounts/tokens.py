"""A person's keys to the API. A key is shown once; only its SHA-256 is kept."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from . import audit
from .models import ApiToken, User

PREFIX = "alongside_"
LASTS = timedelta(days=90)
#: The time of last use is written at most this often, so that reading through the API does not write each time.
NOTED_EVERY = timedelta(hours=1)


def hashed(secret: str) -> str:
    """The SHA-256 of a secret, in hexadecimal. The secrets are 256 random bits, so no salt or stretching is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def issue(*, person: User, name: str, by: User | None, at: datetime) -> tuple[ApiToken, str]:
    """A new key and its secret, which cannot be had again. Raises ValidationError for a name that is too long.

    Without `by` it is made by whoever runs commands on the installation itself.
    """
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        person=person,
        name=name.strip(),
        secret_hash=hashed(secret),
        created_at=at,
        expires_at=at + LASTS,
    )
    token.full_clean(exclude=["person"])
    token.save(force_insert=True)
    audit.record("API key made", person=person, by=by, at=at, of=token)
    return token, secret


@transaction.atomic
def issue_named(*, person: User, name: str, by: User, at: datetime) -> tuple[ApiToken, str]:
    """`issue`, for a key that is told from the others by its name. Raises ValidationError for a name in use."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if live(at).filter(person=person, name=name.strip()).exists():
        raise ValidationError(
            {"name": _("You have a key with this name. End that one, or choose another name.")}
        )
    return issue(person=person, name=name, by=by, at=at)


def live(at: datetime) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(expires_at__gt=at, revoked_at=None)


def find(secret: str, at: datetime) -> ApiToken | None:
    """The live key of an active person with this secret."""
    if not secret.startswith(PREFIX):
        return None
    found = live(at).filter(secret_hash=hashed(secret), person__is_active=True)
    return found.select_related("person").first()


def note_use(token: ApiToken, at: datetime) -> None:
    """Write when a key was used, where it was not within the last hour."""
    if token.last_used_at is not None and token.last_used_at > at - NOTED_EVERY:
        return
    ApiToken.objects.filter(Q(last_used_at=None) | Q(last_used_at__lte=at - NOTED_EVERY), pk=token.pk).update(
        last_used_at=at
    )


@transaction.atomic
def revoke(*, token_id: object, by: User, at: datetime) -> None:
    """End one of one's own keys. Raises ValidationError when it is not there, or has ended."""
    token = ApiToken.objects.filter(pk=token_id, person=by).first()
    if token is None or not live(at).filter(pk=token.pk).update(revoked_at=at):
        raise ValidationError(_("This key has already ended."))
    audit.record("API key ended", person=by, by=by, at=at, of=token)
