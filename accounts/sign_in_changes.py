"""What allauth's own pages change of how somebody signs in, written down.

These pages are no services of ours, so their signals are the only place to hear of it;
`accounts.urls` puts a page's change and its event in one transaction.
"""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from . import audit
from .models import User


def _write(verb: str, request: HttpRequest, user: User, **detail: Any) -> None:
    at = getattr(request, "at", None) or timezone.now()
    audit.record(verb, person=user, by=user, at=at, **detail)


@receiver(mfa.authenticator_added)
def second_step_added(request: HttpRequest, user: User, authenticator: Authenticator, **rest: Any) -> None:
    _write("second step added", request, user, of=authenticator, type=str(authenticator.type))


@receiver(mfa.authenticator_removed)
def second_step_removed(request: HttpRequest, user: User, authenticator: Authenticator, **rest: Any) -> None:
    _write("second step removed", request, user, type=str(authenticator.type))


@receiver(mfa.authenticator_reset)
def recovery_codes_renewed(
    request: HttpRequest, user: User, authenticator: Authenticator, **rest: Any
) -> None:
    _write("recovery codes made again", request, user, of=authenticator, type=str(authenticator.type))


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
