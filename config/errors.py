"""What a refusal looks like, in words and without a trace of what was refused."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User
from pupils import policy, requests
from pupils.access import Preview


def not_open(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the policy's own words, or none, and how to ask; what another library says is not passed on."""
    told: dict[str, Any] = {"reason": ""}
    if isinstance(exception, policy.NotThisSection):
        told = {"reason": str(exception), **_how_to_ask(request, exception)}
    return render(request, "403.html", told, status=403)


def _how_to_ask(request: HttpRequest, refusal: policy.NotThisSection) -> dict[str, Any]:
    """Who decides about a section that is closed, and whether this person may ask; nothing of what is in it.

    Where a young person looks through somebody else's eyes, by what they are shown through them.
    """
    if not isinstance(request.user, User):
        return {}
    at = request.at  # type: ignore[attr-defined]
    preview: Preview | None = getattr(request, "preview", None)
    sight = preview.sight if preview is not None else policy.why(request.user, refusal.pupil, at)
    door = requests.door(sight)
    if not door.sections or (refusal.section is None and sight.sections):
        return {}
    closed = refusal.section if refusal.section in door.sections else None
    words = requests.why_closed(refusal.pupil, door, at)
    return {"reason": words, "asking": door, "pupil": refusal.pupil, "closed": closed}
