"""Signing in to the API with a personal key: `Authorization: Bearer alongside_…`."""

from typing import Any

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from . import middleware, policy, tokens
from .models import ApiToken, User


class TokenAuthentication(BaseAuthentication):
    """A live key of an active person; staff need their second step here as well."""

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != self.keyword.lower().encode():
            return None
        if len(parts) != 2:
            raise AuthenticationFailed("Write the key after the word Bearer.", code="bad_token")
        at = getattr(request, "at", None) or timezone.now()
        token = tokens.find(parts[1].decode("ascii", "replace"), at)
        if token is None:
            raise AuthenticationFailed("This key is not known, has ended or is too old.", code="bad_token")
        if policy.lacks_second_factor(token.person, at):
            raise PermissionDenied(middleware.DETAIL, code=middleware.CODE)
        tokens.note_use(token, at)
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        return self.keyword


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes it."""

    target_class = TokenAuthentication
    name = "Personal API token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
