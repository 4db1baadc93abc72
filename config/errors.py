"""What a refusal looks like, in words and without a trace of what was refused."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pupils.policy import NotThisSection


def not_open(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the policy's own words, or none; what another library says is not passed on."""
    reason = str(exception) if isinstance(exception, NotThisSection) else ""
    return render(request, "403.html", {"reason": reason}, status=403)
