"""My own pages: who I am, how to talk with me, how I sign in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from . import conflict, mail, policy, said, selectors, services, tokens
from .enums import Channel, Role
from .errors import Stale
from .forms import NameForm, PreferencesForm, TokenForm
from .models import User


class TimedRequest(HttpRequest):
    """A request with the instant it is judged at."""

    at: datetime


class SignedInRequest(TimedRequest):
    user: User


def held(request: SignedInRequest) -> set[Role]:
    """The roles that whoever asks holds at this moment, in whichever setting: 1 query a request."""
    if not hasattr(request, "held"):
        request.held = set().union(*policy.roles(request.user, request.at).values())  # type: ignore[attr-defined]
    found: set[Role] = request.held  # type: ignore[attr-defined]
    return found


@require_http_methods(["GET", "POST"])
@login_required
def me(request: SignedInRequest) -> HttpResponse:
    form = NameForm(
        request.POST or None, instance=User(name=request.user.name, known_as=request.user.known_as)
    )
    if request.method == "POST" and form.is_valid():
        services.rename(person=request.user, by=request.user, at=request.at, **form.cleaned_data)
        messages.success(request, _("Your name is saved."))
        return redirect("me")
    page = selectors.me(request.user, request.at)
    return render(request, "accounts/me.html", {**page, "form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def preferences(request: SignedInRequest) -> HttpResponse:
    stored = services.preferences_of(request.user)
    page: dict[str, Any] = {"others": said.by_others(request.user)}
    if request.method == "GET":
        page |= {"form": PreferencesForm(instance=stored)}
        return render(request, "accounts/preferences.html", page)
    form = PreferencesForm(conflict.settled(request.POST), instance=stored)
    if not form.is_valid():
        return render(request, "accounts/preferences.html", {**page, "form": form}, status=422)
    typed = dict(form.cleaned_data)
    try:
        services.save_preferences(
            person=request.user, version=typed.pop("version"), typed=typed, by=request.user, at=request.at
        )
    except Stale as stale:
        return conflict_page(request, form, stale)
    messages.success(request, _("Thank you. This is how we will talk with you."))
    if typed["channel"] == Channel.TEXT and not services.preferences_of(request.user).phone_is_confirmed:
        return redirect("confirm_phone")
    return redirect("me")


@csrf_exempt  # a mail program presses it, without a cookie; the address alone says whose e-mails stop
@never_cache
@require_http_methods(["GET", "POST"])
def stop_mail(request: TimedRequest, person_id: UUID, signature: str) -> HttpResponse:
    """Opening the address asks; only the press stops the e-mails, so that nothing that looks at links does."""
    person = mail.who_stops(person_id, signature)
    if person is None:
        raise Http404
    if request.method == "POST":
        services.stop_mail(person=person, at=request.at)
    return render(request, "accounts/stop_mail.html", {"stopped": request.method == "POST"})


def conflict_page(request: HttpRequest, form: PreferencesForm, stale: Stale) -> HttpResponse:
    now = {name: getattr(stale.now, name) for name in services.PREFERENCES}
    page = {
        "rows": conflict.rows(form, now),
        "version": stale.now.version,
        "action": request.path,
        "back_href": request.path,
        "own": stale.by == form.instance.person_id,
    }
    return render(request, "conflict.html", page, status=409)


@require_GET
@login_required
def second_factor(request: SignedInRequest) -> HttpResponse:
    needed = policy.lacks_second_factor(request.user, request.at)
    return render(request, "accounts/second_factor.html", {"needed": needed})


@require_POST
@login_required
def sign_out_everywhere(request: SignedInRequest) -> HttpResponse:
    services.sign_out_everywhere(person=request.user, by=request.user, at=request.at)
    logout(request)
    messages.success(request, _("You are signed out everywhere."))
    return redirect("account_login")


@require_http_methods(["GET", "POST"])
@login_required
def my_tokens(request: SignedInRequest) -> HttpResponse:
    form = TokenForm(request.POST or None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        try:
            __, secret = tokens.issue_named(
                person=request.user, name=form.cleaned_data["name"], by=request.user, at=request.at
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            form = TokenForm()
    page = {"form": form, "secret": secret, "tokens": selectors.tokens_of(request.user, request.at)}
    return render(request, "accounts/tokens.html", page, status=422 if form.errors else 200)


@require_POST
@login_required
def revoke_token(request: SignedInRequest, token_id: UUID) -> HttpResponse:
    try:
        tokens.revoke(token_id=token_id, by=request.user, at=request.at)
    except ValidationError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("The key has ended. Nothing can use it any more."))
    return redirect("my_tokens")
