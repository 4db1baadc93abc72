"""A page about a pupil as a PDF to print."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import languages, quiet
from accounts.views import SignedInRequest

from . import paper as papers
from .pages import asked_for, led_to


@require_safe
@login_required
def paper(request: SignedInRequest, pupil_id: UUID, page: str) -> HttpResponse:
    """The very page that whoever asks would open now, on paper; that they took it is written down as that.

    The file's name says what kind of page it is and names nobody.
    """
    if page not in papers.PAGES:
        raise Http404
    asked = asked_for(request, page, pupil_id)
    asked.on_paper = True
    answer = asked.resolver_match.func(asked, pupil_id)
    if answer.status_code == 302:  # a plan that is closed now, and kept from before
        return redirect("paper", pupil_id, led_to(answer, papers.PAGES, pupil_id))
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
