"""What is true of every request and every answer."""

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

Answer = Callable[[HttpRequest], HttpResponse]
log = structlog.get_logger("config.requests")

PERMISSIONS = ", ".join(
    f"{name}=()"
    for name in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)


def read_the_clock_once(get_response: Answer) -> Answer:
    """`request.at` is the instant every rule of this request is judged at."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.at = timezone.now()  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def log_the_request(get_response: Answer) -> Answer:
    """One line for each request: the route and the ids in it, who asked, the status and the time taken.

    Never the address itself (a search or an invitation is in it), a header, a body or an IP address.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        response = get_response(request)
        match = request.resolver_match
        user = who_asked(request)
        level = log.error if response.status_code >= 500 else log.info
        level(
            "request",
            method=request.method,
            route=match.route if match else "(none)",
            ids=[str(value) for name, value in match.kwargs.items() if name.endswith("_id")] if match else [],
            user=str(user.pk) if user and user.is_authenticated else None,
            status=response.status_code,
            ms=round((time.perf_counter() - started) * 1000),
        )
        return response

    return middleware


def who_asked(request: HttpRequest) -> Any:
    """The person, where the request has found out already; logging never asks the database."""
    user = request.__dict__.get("user")
    return getattr(request, "_cached_user", None) if isinstance(user, SimpleLazyObject) else user


def keep_pages_out_of_caches(get_response: Answer) -> Answer:
    """What a signed-in person saw is not kept by the browser or anything between, nor shown by Back.

    Whoever is signed in came with a session or a token, so no page needs to be asked who that is.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.session.accessed or "Authorization" in request.headers:
            response["Cache-Control"] = "no-store, private"
            patch_vary_headers(response, ["Cookie"])
        return response

    return middleware


def say_that_nothing_was_saved(get_response: Answer) -> Answer:
    """A page for a browser that opens what only takes a form, which Django answers with an empty 405.

    People get there by signing in again after they pressed a button, and by loading a refused form once more.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 405 or request.method != "GET" or request.path.startswith("/api/"):
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page

    return middleware


def say_what_browsers_may_do(get_response: Answer) -> Answer:
    """No page asks for a camera, a place or a payment, one for the microphone, and none is read by another site."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        asked = response.get("Permissions-Policy", "")  # a page that records asks for the microphone
        others = [one for one in PERMISSIONS.split(", ") if f"{one.split('=')[0]}=" not in asked]
        response["Permissions-Policy"] = ", ".join([*([asked] if asked else []), *others])
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware
