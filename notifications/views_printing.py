"""Letters on paper, for a SENCO to print and hand on."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from accounts.views import SignedInRequest
from pupils import policy

from . import printing


@require_safe
@login_required
def letters(request: SignedInRequest) -> HttpResponse:
    """For whom a letter is to be printed."""
    if not policy.settings_coordinated(request.user, request.at).exists():
        raise PermissionDenied
    found = printing.waiting(request.user, request.at)
    page = {
        "waiting": [one for one in found if not one.printed],
        "printed": [one for one in found if one.printed],
    }
    return render(request, "notifications/letters_to_print.html", page)


@require_POST
@login_required
def letter(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """One letter as a PDF, without a name on the file."""
    content = printing.print_letter(person_id=person_id, by=request.user, at=request.at)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="letter.pdf"'
    return answer
