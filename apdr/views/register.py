"""Ticking off what was delivered: one press for a whole group."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.views import SignedInRequest
from pupils import access
from pupils.enums import Section

from ..forms_register import DayForm, RegisterForm, scope
from ..selectors_register import register as read
from ..services.delivered import mark


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def register(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate(request.at)
    asked = request.GET.copy()
    day = DayForm(
        {name: asked[name] for name in ("on", "on_0", "on_1", "on_2") if name in asked}
        or {"on": today.isoformat()}
    )
    on: date = day.cleaned_data["on"] if day.is_valid() else today
    if on > today:
        day.add_error("on", _("Choose today or a day before it."))
        on = today
    wanted = scope(asked)
    found = read(request.user, request.at, on, **wanted)
    access.write_down_all({line.pupil.pk: line.sight for line in found.lines}.values(), [Section.STRATEGIES])
    form = RegisterForm(request.POST if request.method == "POST" else None, found=found, on=on)
    if request.method == "POST" and form.is_valid() and not day.errors and not _gone(request.POST, form):
        saved = _saved(request, form, on)
        if saved is not None:
            messages.success(
                request, _("Saved for %(n)s.") % {"n": len(found.lines)} if saved else _("Nothing changed.")
            )
            return redirect(f"{reverse('register')}?{_again(asked, on)}")
    if request.method == "POST" and _gone(request.POST, form):
        form.add_error(None, _("Some of what you ticked is not on this list any more. Nothing is saved yet."))
    page: dict[str, Any] = {
        "found": found,
        "form": form,
        "day_form": day,
        "on": on,
        "today": today,
        "asked": {name: asked[name] for name in ("group", "class", "pupil") if asked.get(name)},
        "chosen": bool(found.title),
    }
    failed = form.errors or day.errors
    return render(
        request, "apdr/register.html", page, status=422 if failed and request.method == "POST" else 200
    )


def _gone(post: Any, form: RegisterForm) -> bool:
    """Whether something was filled in for a line that is not here any more."""
    return any(name.endswith("-seen") and name not in form.fields for name in post)


def _saved(request: SignedInRequest, form: RegisterForm, on: date) -> Any:
    try:
        return mark(on=on, marks=form.marks, by=request.user, at=request.at)
    except ValidationError as error:
        form.refuse(error)
        return None


def _again(asked: Any, on: date) -> str:
    kept = {name: asked[name] for name in ("group", "class", "pupil") if asked.get(name)}
    return urlencode({**kept, "on": on.isoformat()})
