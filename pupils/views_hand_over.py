"""The hand-over as a journey: who comes up, how it is prepared, and what everybody is told beforehand."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views import SignedInRequest

from . import access, hand_over, policy, selectors_hand_over
from .enums import Section
from .forms import attempt
from .forms_hand_over import TalkForm
from .pages import show


@require_safe
@login_required
def coming(request: SignedInRequest) -> HttpResponse:
    """Who begins to decide within a year, and who has just begun."""
    if not policy.settings_coordinated(request.user, request.at).exists():
        raise PermissionDenied
    found = selectors_hand_over.coming(request.user, request.at, request.GET.get("after", ""))
    page = {
        "found": found,
        "next": f"?{urlencode({'after': found.after})}" if found.after else "",
        "first": request.path if found.earlier else "",
    }
    return render(request, "pupils/hand_over.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def prepare(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    """One young person's days, and the talks about them."""
    sight = access.open_record(request, pupil_id, "prepare_hand_over")
    form = TalkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = attempt(
            form,
            lambda: hand_over.record_talk(pupil=sight.pupil, by=request.user, at=request.at, **said),
        )
        if made is not None:
            messages.success(request, _("The talk is written down."))
            return redirect("prepare_hand_over", pupil_id)
    return show(
        request,
        sight,
        "pupils/prepare_hand_over.html",
        Section.PROFILE,
        status=422 if form.errors else 200,
        form=form,
        talk_form=form,
        found=selectors_hand_over.prepared(sight),
    )


@require_safe
@login_required
def when_they_decide(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    """What changes on the day, for the young person and for their parent carers; and afterwards, why it is closed."""
    sight = access.find(request.user, pupil_id, request.at)
    told = selectors_hand_over.told(sight)
    return show(request, sight, "pupils/when_they_decide.html", Section.PROFILE, told=told, why="")
