"""The small two-way conversation between home and school."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.views import SignedInRequest
from apdr.enums import Perspective
from apdr.services.common import speaks_as
from pupils import access, policy
from pupils.enums import Ground, Section
from pupils.forms import attempt
from pupils.models import Household
from pupils.pages import show

from . import calls, selectors, services, talks
from .daily import has_daily
from .forms import CALL, UpdateForm, about
from .selectors_updates import beside


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def updates(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    """The thread, and the form to write in it: posting comes back here."""
    writing = request.method == "POST"
    sight = access.open_record(request, pupil_id, "write_update" if writing else Section.UPDATES)
    homes = selectors.homes(sight)
    staff = services.as_staff(sight)
    family = speaks_as(sight, Section.UPDATES) in (Perspective.PARENT, Perspective.CHILD)
    files = request.FILES if writing else None
    form = UpdateForm(request.POST or None, files, homes=homes, staff=staff, family=family)
    if writing and form.is_valid():
        typed: dict[str, Any] = form.cleaned_data
        who: dict[str, Any] = {"pupil": sight.pupil, "by": request.user, "at": request.at}
        row: Any
        if typed.pop("call", False):
            told = {"household": typed.get("household"), "sent_key": typed["sent_key"], "words": about(typed)}
            done, row = str(CALL), attempt(form, lambda: calls.need_call(**told, **who))
        else:
            done, row = _("Sent."), attempt(form, lambda: services.write_update(**typed, **who))
        if row is not None:
            messages.success(request, done)
            return redirect("updates", pupil_id)
    return show(
        request,
        sight,
        "notifications/updates.html",
        Section.UPDATES,
        status=422 if form.errors else 200,
        form=form if sight.may("write_update") else None,
        homes=homes,
        **_page(request, sight, homes),
    )


def _page(request: SignedInRequest, sight: policy.Sight, homes: list[Household]) -> dict[str, Any]:
    found = selectors.thread(sight, request.GET.get("after", ""))
    staff = services.as_staff(sight)
    grounds = sight.grounds(Section.UPDATES)
    own = Ground.OWN in grounds
    decides = own and policy.decides(sight.pupil, sight.at)
    return {
        "found": found,
        "own": own,
        "decides": decides,
        "home_reads": decides and selectors.home_reads(sight),
        "family": Ground.PARENT in grounds,
        "staff": staff,
        "daily": staff and has_daily(sight.pupil, sight.at),
        "may_ask": talks.may_ask(sight),
        **beside(sight, found.updates, homes),
        "next": f"?{urlencode({'after': found.after})}" if found.after else "",
        "first": request.path if found.earlier else "",
    }
