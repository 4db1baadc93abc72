"""My own calendar: its address, what it reads there, and one review as a file."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views import SignedInRequest, TimedRequest
from pupils.access import open_record
from pupils.enums import Section, Way

from . import feeds, ics, selectors
from .forms_calendar import AddressForm

TYPE = "text/calendar; charset=utf-8"


@require_http_methods(["GET", "POST"])
@login_required
def my_calendar(request: SignedInRequest) -> HttpResponse:
    form, secret = AddressForm(), ""
    if request.method == "POST":
        form = AddressForm(request.POST)
        if form.is_valid():
            try:
                __, secret = feeds.make(
                    person=request.user, by=request.user, at=request.at, **form.cleaned_data
                )
            except ValidationError as error:
                form.add_error(None, error)
    page = {
        "feed": feeds.of_person(request.user),
        "address": feeds.address(secret) if secret else "",
        "subscribing": feeds.subscribing(secret) if secret else "",
        "form": form,
        "fresh": AddressForm(),
    }
    return render(request, "reviews/my_calendar.html", page, status=422 if form.errors else 200)


@require_POST
@login_required
def end_calendar(request: SignedInRequest) -> HttpResponse:
    try:
        feeds.end(person=request.user, by=request.user, at=request.at)
    except ValidationError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("The address has ended. Nothing can read it any more."))
    return redirect("my_calendar")


@require_safe
def calendar(request: TimedRequest, secret: str) -> HttpResponse:
    """Whoever has the address reads it, without signing in: a phone cannot."""
    return _file(feeds.read(secret=secret, at=request.at), "alongside.ics")


@require_safe
@login_required
def review_file(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    """One review for whatever calendar opens the file."""
    review = selectors.review(review_id)
    open_record(request, review.cycle.pupil, Section.REVIEWS, way=Way.FILE)
    return _file(ics.file(review, request.at), "review.ics")


def _file(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store, private"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
