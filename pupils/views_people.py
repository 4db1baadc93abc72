"""The people who work in a setting: who they are, inviting them, ending a role."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import mail, policy, selectors
from accounts.forms_people import InviteStaffForm
from accounts.models import Invitation
from accounts.views import SignedInRequest

from . import people


@require_GET
@login_required
def settings_of_people(request: SignedInRequest) -> HttpResponse:
    managed = list(policy.settings_managed(request.user, request.at))
    if len(managed) == 1:
        return redirect("people_of", setting_id=managed[0].pk)
    return render(request, "pupils/people_settings.html", {"settings": managed})


@require_GET
@login_required
def people_of(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    setting = selectors.setting_managed(request.user, setting_id, request.at)
    page = selectors.people_page(setting, request.user, request.at)
    return render(request, "pupils/people.html", page)


@require_http_methods(["GET", "POST"])
@login_required
def invite(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    setting = selectors.setting_managed(request.user, setting_id, request.at)
    form = InviteStaffForm(request.POST or None, may_give=policy.may_give(request.user, setting, request.at))
    if request.method == "POST" and form.is_valid():
        try:
            invitation, secret = people.invite_staff(
                **form.cleaned_data, setting=setting, by=request.user, at=request.at
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            send(request, invitation, secret)
            return redirect("people_of", setting_id=setting.pk)
    page = {"form": form, "setting": setting}
    return render(request, "pupils/people_invite.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def end_role(request: SignedInRequest, setting_id: UUID, membership_id: UUID) -> HttpResponse:
    setting = selectors.setting_managed(request.user, setting_id, request.at)
    membership = selectors.membership_in(setting, membership_id, request.at)
    policy.require_give(request.user, setting, membership.role, request.at)
    if request.method == "GET":
        return render(request, "pupils/people_end.html", {"membership": membership, "setting": setting})
    try:
        people.end_membership(membership=membership, by=request.user, at=request.at)
    except ValidationError as error:
        page = {"membership": membership, "setting": setting, "refusal": " ".join(error.messages)}
        return render(request, "pupils/people_end.html", page, status=409)
    messages.success(
        request,
        _("%(person)s is no longer %(role)s.")
        % {"person": membership.person.called, "role": membership.get_role_display()},
    )
    return redirect("people")


@require_POST
@login_required
def send_again(request: SignedInRequest, setting_id: UUID, invitation_id: UUID) -> HttpResponse:
    setting = selectors.setting_managed(request.user, setting_id, request.at)
    invitation = selectors.staff_invitation_in(setting, invitation_id)
    try:
        secret = people.send_again(invitation=invitation, by=request.user, at=request.at)
    except ValidationError as error:
        messages.warning(request, error.message)
    else:
        send(request, invitation, secret)
    return redirect("people_of", setting_id=setting.pk)


@require_POST
@login_required
def withdraw(request: SignedInRequest, setting_id: UUID, invitation_id: UUID) -> HttpResponse:
    setting = selectors.setting_managed(request.user, setting_id, request.at)
    invitation = selectors.staff_invitation_in(setting, invitation_id)
    try:
        people.withdraw(invitation=invitation, by=request.user, at=request.at)
    except ValidationError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("The invitation is taken back. Its link no longer works."))
    return redirect("people_of", setting_id=setting.pk)


def send(request: HttpRequest, invitation: Invitation, secret: str) -> None:
    """Send the e-mail of an invitation that is saved, and tell the person how that went."""
    if mail.send_invitation(invitation, secret):
        messages.success(
            request,
            _("We sent an invitation to %(invitation)s. It works for 14 days.")
            % {"invitation": invitation.email},
        )
    else:
        messages.warning(
            request,
            _(
                "The invitation is saved, but the e-mail to %(invitation)s could not be sent. Try “Send again” in a few minutes."
            )
            % {"invitation": invitation.email},
        )
