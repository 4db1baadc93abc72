"""The small two-way conversation between home and school."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.views import SignedInRequest
from pupils import access, policy
from pupils.enums import Ground, Section
from pupils.forms import attempt
from pupils.pages import show

from . import selectors, services
from .forms import UpdateForm


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def updates(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    """The thread, and the form to write in it: posting comes back here."""
    writing = request.method == "POST"
    sight = access.open_record(request, pupil_id, "write_update" if writing else Section.UPDATES)
    homes = selectors.homes(sight)
    form = UpdateForm(request.POST or None, homes=homes)
    if writing and form.is_valid():
        typed = form.cleaned_data
        row = attempt(
            form,
            lambda: services.write_update(pupil=sight.pupil, by=request.user, at=request.at, **typed),
        )
        if row is not None:
            messages.success(request, "Sent.")
            return redirect("updates", pupil_id)
    return show(
        request,
        sight,
        "notifications/updates.html",
        Section.UPDATES,
        status=422 if form.errors else 200,
        form=form if sight.may("write_update") else None,
        homes=homes,
        **_page(request, sight),
    )


def _page(request: SignedInRequest, sight: policy.Sight) -> dict[str, Any]:
    found = selectors.thread(sight, request.GET.get("after", ""))
    grounds = sight.grounds(Section.UPDATES)
    own = Ground.OWN in grounds
    decides = own and policy.decides(sight.pupil, sight.at)
    return {
        "found": found,
        "own": own,
        "decides": decides,
        "home_reads": decides and selectors.home_reads(sight),
        "family": Ground.PARENT in grounds,
        "next": f"?{urlencode({'after': found.after})}" if found.after else "",
        "first": request.path if found.earlier else "",
    }
