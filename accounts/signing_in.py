"""Signing in somebody who has just shown that an address is theirs by following the link sent to it."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse

from .models import User


def sign_in_as_new(request: HttpRequest, person: User) -> HttpResponse:
    """Signed in as though by a code sent to that address, so allauth knows how and when it was."""
    record_authentication(request, person, method="code", email=person.email)
    answer: HttpResponse = perform_login(request, person)
    return answer
