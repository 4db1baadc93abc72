"""People who work in a setting have a second step before they see anything."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from . import policy

#: The pages on the way to a second step, by route name.
ON_THE_WAY = frozenset(
    {
        "second_factor",
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "account_inactive",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "healthz",
        "stop_mail",
        "answer_invitation",
    }
)

CODE = "second_factor_needed"
DETAIL = "Set up a second step to sign in first: an app on your phone, or a passkey."


class SecondFactorMiddleware:
    """Sends staff without a second step to set one up; the API answers 403 with a code.

    Asked on every request, so that whoever becomes staff, or removes their last second step, is asked at once.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is not None and match.url_name in ON_THE_WAY:
            return None
        if not policy.lacks_second_factor(request.user, request.at):  # type: ignore[attr-defined]
            return None
        if request.path.startswith("/api/"):
            return JsonResponse({"code": CODE, "detail": DETAIL}, status=403)
        return redirect("second_factor")
