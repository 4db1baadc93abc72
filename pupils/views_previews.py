"""See it as they do: a young person opens the very pages that somebody near them opens."""

from typing import Any
from uuid import UUID

from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import get_resolver
from django.views.decorators.http import require_safe

from accounts.views import SignedInRequest

from . import previews
from .enums import Section
from .pages import asked_for, led_to, show


@require_safe
@login_required
def see_as(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    """Choose whose pages to look at."""
    found = previews.looking(request.user, pupil_id, request.at)
    return show(
        request, found.sight, "pupils/see_as.html", Section.PROFILE, found=found, near=previews.near(found)
    )


@require_safe
@login_required
@csp_replace({"form-action": ["'none'"]})  # type: ignore[arg-type]
def preview(request: SignedInRequest, pupil_id: UUID, person_id: UUID, page: str = "pupil") -> HttpResponse:
    """One page as somebody else sees it: the same view, with them as its reader."""
    if page not in previews.PAGES:
        raise Http404
    found = previews.looking(request.user, pupil_id, request.at)
    looked = previews.preview(found, person_id)
    theirs = asked_for(request, page, pupil_id)
    theirs.user, theirs.at, theirs.preview = looked.sight.person, looked.sight.at, looked
    try:
        answer = theirs.resolver_match.func(theirs, pupil_id)
    except (Http404, PermissionDenied) as refused:
        status = 404 if isinstance(refused, Http404) else 403
        told: Any = get_resolver().resolve_error_handler(status)
        answer = told(theirs, exception=refused)
        answer.status_code = 200  # what was asked for is how it is refused to them
    if answer.status_code == 302:
        return redirect("preview_page", pupil_id, person_id, led_to(answer, previews.PAGES, pupil_id))
    return answer
