"""Strengths, needs and measures, read."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.views import SignedInRequest
from pupils import pages
from pupils.access import open_record
from pupils.enums import Section

from .. import selectors_staff as staff


@require_safe
@login_required
def needs(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    sight = open_record(request, pupil_id, Section.NEEDS)
    page = staff.needs_page(sight)
    who = pages.who_sees(sight, Section.NEEDS)
    return pages.show(request, sight, "apdr/needs.html", Section.NEEDS, who=who, **page)
