"""Confirming one's own mobile number by a code."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services
from accounts.views import SignedInRequest
from pupils.errors import NotNow

from . import phone
from .forms_phone import CodeForm


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def confirm_phone(request: SignedInRequest) -> HttpResponse:
    """Type the code; or be told plainly why there is none to type."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        code = form.cleaned_data["code"]
        why = phone.confirm(person=request.user, code=code, by=request.user, at=request.at)
        if not why:
            messages.success(request, _("Thank you. This number is yours. Texts go to it from now on."))
            return redirect("preferences")
        form.add_error("code", why)
    wants = services.preferences_of(request.user)
    page = {
        "form": form,
        "wants": wants,
        "can_text": phone.can_text(),
        "waits": phone.waiting(request.user, wants.phone, request.at) is not None,
    }
    return render(request, "notifications/confirm_phone.html", page, status=422 if form.errors else 200)


@require_POST
@login_required
def send_phone_code(request: SignedInRequest) -> HttpResponse:
    """Text a code to one's own number."""
    try:
        row, code = phone.ask_code(person=request.user, by=request.user, at=request.at)
    except NotNow as error:
        messages.warning(request, str(error))
        return redirect("confirm_phone")
    if phone.send(row, code):
        messages.success(request, _("We sent you a text. Type the code from it."))
    else:
        messages.warning(
            request, _("The text could not be sent. Look at your number, and try again in a minute.")
        )
    return redirect("confirm_phone")
