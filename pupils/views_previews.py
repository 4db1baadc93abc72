"""See it as they do: a young person opens the very pages that somebody near them opens."""

import copy
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import Resolver404, get_resolver, resolve, reverse
from django.views.decorators.http import require_safe

from accounts.views import SignedInRequest

from . import access, previews
from .enums import Section
from .pages import show

#: What may be said in an address of a previewed page: where a list goes on.
ASKED = ("after", "before")


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
    theirs = _as_theirs(request, looked, reverse(page, args=[pupil_id]))
    view = resolve(theirs.path).func
    try:
        answer = view(theirs, pupil_id)
    except (Http404, PermissionDenied) as refused:
        status = 404 if isinstance(refused, Http404) else 403
        told: Any = get_resolver().resolve_error_handler(status)
        answer = told(theirs, exception=refused)
        answer.status_code = 200  # what was asked for is how it is refused to them
    if answer.status_code == 302:
        return _followed(answer["Location"], pupil_id, person_id)
    return answer


def _as_theirs(request: SignedInRequest, looked: access.Preview, path: str) -> Any:
    """The request as the other person would make it, to read: no form, no message, no address of another page."""
    theirs: Any = copy.copy(request)
    theirs.user = looked.sight.person
    theirs.at = looked.sight.at
    theirs.preview = looked
    theirs.path = theirs.path_info = path
    theirs.resolver_match = resolve(path)
    theirs.GET = QueryDict(mutable=True)
    theirs.GET.update({name: request.GET[name] for name in ASKED if name in request.GET})
    theirs._messages = []
    return theirs


def _followed(location: str, pupil_id: UUID, person_id: UUID) -> HttpResponse:
    """On to the same page of the preview that the other person is led to; nowhere else."""
    try:
        to = resolve(urlsplit(location).path)
    except Resolver404 as error:
        raise Http404 from error
    if to.url_name not in previews.PAGES or to.kwargs.get("pupil_id") != pupil_id:
        raise Http404
    return redirect("preview_page", pupil_id, person_id, to.url_name)
