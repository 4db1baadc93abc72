"""Accepting an invitation: the page that the link in the e-mail leads to."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import invitations as way_in
from accounts.errors import InvitationClosed
from accounts.forms import JoinForm
from accounts.models import Invitation, User
from accounts.signing_in import sign_in_as_new
from accounts.views import TimedRequest

from . import invitations


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def invitation(request: TimedRequest, secret: str) -> HttpResponse:
    """The same refusal whether a link is unknown, used, too old, taken back or another person's."""
    found = way_in.find(secret, request.at)
    if found is None:
        return closed(request)
    if request.user.is_authenticated:
        return join(request, request.user, found, secret)
    owner = way_in.owner(found)
    if owner is None:
        return join_as_new(request, found, secret)
    if not owner.is_active:
        return closed(request)
    return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)


def join(request: TimedRequest, person: User, found: Invitation, secret: str) -> HttpResponse:
    if found.email not in way_in.addresses(person):
        return closed(request)
    if request.method == "GET":
        return render(request, "pupils/invitation.html", {"invitation": found})
    try:
        invitations.accept(secret=secret, person=person, at=request.at)
    except InvitationClosed:
        return closed(request)
    messages.success(request, _("Thank you. %(setting)s is now on your pages.") % {"setting": found.setting})
    return redirect(settings.LOGIN_REDIRECT_URL)


def join_as_new(request: TimedRequest, found: Invitation, secret: str) -> HttpResponse:
    form = JoinForm(request.POST or None, email=found.email, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        try:
            __, person = invitations.accept_as_new(
                secret=secret,
                name=form.cleaned_data["name"],
                known_as=form.cleaned_data["known_as"],
                password=form.password_chosen,
                at=request.at,
            )
        except InvitationClosed:
            return closed(request)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return sign_in_as_new(request, person)
    page = {"invitation": found, "form": form}
    return render(request, "pupils/invitation_new.html", page, status=422 if form.errors else 200)


def closed(request: TimedRequest) -> HttpResponse:
    return render(request, "pupils/invitation_closed.html", status=404)
