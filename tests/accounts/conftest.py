"""People who can sign in for real, and the mail they were sent."""

import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests.cast import Cast
from tests.sessions import sign_in

LINK = re.compile(r"https?://[^/\s]+(/invitation/[^/\s]+/)")


@pytest.fixture(autouse=True)
def nobody_tried_before() -> None:
    """allauth counts attempts to sign in in the cache, which outlives a test."""
    cache.clear()


def show_addresses(cast: Cast) -> None:
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, verified=True, primary=True)
        for person in cast.people.values()
    )


@pytest.fixture(autouse=True)
def addresses_are_shown(request: pytest.FixtureRequest) -> None:
    """The cast followed the link in their first e-mail long ago."""
    if "cast" in request.fixturenames:
        show_addresses(request.getfixturevalue("cast"))


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    return lambda person: sign_in(Client(), person)


def add_totp(person: User) -> str:
    """Give a person an app with six digits; its secret."""
    secret: str = generate_totp_secret()
    TOTP.activate(person, secret)
    assert Authenticator.objects.filter(user=person, type="totp").count() == 1
    return secret


def link_in(body: object) -> str:
    found = LINK.search(str(body))
    assert found, body
    return found.group(1)
