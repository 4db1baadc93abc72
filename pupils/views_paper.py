"""A page about a pupil as a PDF to print."""

import copy
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import languages, quiet
from accounts.views import SignedInRequest

from . import paper as papers


@require_safe
@login_required
def paper(request: SignedInRequest, pupil_id: UUID, page: str) -> HttpResponse:
    """The very page that whoever asks would open now, on paper; that they took it is written down as that.

    The file's name says what kind of page it is and names nobody.
    """
    if page not in papers.PAGES:
        raise Http404
    path = reverse(page, args=[pupil_id])
    asked: Any = copy.copy(request)
    asked.on_paper = True
    asked.path = asked.path_info = path
    asked.resolver_match = resolve(path)
    asked.GET = QueryDict()
    asked._messages = []
    answer = asked.resolver_match.func(asked, pupil_id)
    if answer.status_code == 302:  # a plan that is closed now, and kept from before
        to = resolve(urlsplit(answer["Location"]).path)
        if to.url_name not in papers.PAGES or to.kwargs.get("pupil_id") != pupil_id:
            raise Http404
        return redirect("paper", pupil_id, to.url_name)
    said = {
        "printed": _("Printed by %(person)s on %(day)s. It tells about somebody: keep it safe.")
        % {"person": request.user.name, "day": date_format(timezone.localdate(request.at), "j E Y")},
        "page": _("Page {page} of {pages}"),
        "language": languages.tag().split("-")[0],
    }
    made = papers.pdf(answer.content.decode(), said=said, large=quiet.large(request.user))
    told = HttpResponse(made, content_type="application/pdf")
    told["Content-Disposition"] = f'inline; filename="{page.replace("_", "-")}.pdf"'
    return told
