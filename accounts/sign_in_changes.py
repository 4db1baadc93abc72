"""What allauth's own pages change of how somebody signs in, written down.

These pages are no services of ours, so their signals are the only place to hear of it;
`accounts.urls` puts a page's change and its event in one transaction.
"""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from . import audit
from .models import User


def _write(verb: str, request: HttpRequest, user: User, **detail: Any) -> None:
    at = getattr(request, "at", None) or timezone.now()
    with transaction.atomic():
        audit.record(verb, person=user, by=user, at=at, **detail)


@receiver(post_save, sender=Authenticator)
def second_step_added(instance: Authenticator, created: bool, **rest: Any) -> None:
    """Only the person themselves adds one. allauth's own signal comes after the commit, which would be too late."""
    if created:
        kind = str(instance.type)
        verb = "recovery codes made" if kind == Authenticator.Type.RECOVERY_CODES else "second step added"
        with transaction.atomic():
            audit.record(
                verb, person=instance.user, by=instance.user, at=timezone.now(), of=instance, type=kind
            )


@receiver(mfa.authenticator_removed)
def second_step_removed(request: HttpRequest, user: User, authenticator: Authenticator, **rest: Any) -> None:
    _write("second step removed", request, user, type=str(authenticator.type))


@receiver(account.password_set)
def password_set(request: HttpRequest, user: User, **rest: Any) -> None:
    _write("password set", request, user)


@receiver(account.password_changed)
def password_changed(request: HttpRequest, user: User, **rest: Any) -> None:
    _write("password changed", request, user)


@receiver(account.password_reset)
def password_reset(request: HttpRequest, user: User, **rest: Any) -> None:
    _write("password reset", request, user)


@receiver(account.email_changed)
def address_changed(request: HttpRequest, user: User, **rest: Any) -> None:
    _write("e-mail address changed", request, user)
