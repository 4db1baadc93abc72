"""How every form of a cycle answers: shown, refused with everything still there, shown beside another's, or saved."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts import conflict
from accounts.views import SignedInRequest
from pupils import audit, pages, policy
from pupils.enums import Section
from pupils.errors import NotNow, Stale

from .. import states
from ..models import Cycle
from ..services.common import stage_of

PAGE = "apdr/write.html"


def answer(
    request: SignedInRequest,
    sight: policy.Sight,
    section: Section,
    form: Any,
    save: Callable[..., Any],
    *,
    back: str,
    title: str,
    done: str,
    template: str = PAGE,
    act: str = "",
    cycle: Cycle | None = None,
    **context: Any,
) -> HttpResponse:
    """Show a form, or save what was posted with `save(**form.typed)` and go `back`.

    422 for what the form or a service refuses, 409 for what the cycle's stage refuses or somebody else changed;
    each time with all that was typed. Whoever only opens the form of an `act` that its cycle is not at is told so, or
    what else is said in `not_now`.
    """

    def page(status: int) -> HttpResponse:
        more = {"form": form, "back": back, "title": title, "cycle": cycle, **context}
        return pages.show(request, sight, template, section, status=status, **more)

    if request.method != "POST":
        context["not_now"] = not_now(act, cycle) or context.get("not_now", "")
        return page(200)
    if not form.is_valid():
        return page(422)
    try:
        save(**form.typed)
    except Stale as stale:
        return beside(request, form, stale, back)
    except ValidationError as error:
        form.refuse(error)
        return page(422)
    except NotNow as error:
        form.add_error(None, str(error))
        return page(409)
    messages.success(request, done)
    return redirect(back)


def not_now(act: str, cycle: Cycle | None) -> str:
    """What the cycle's stage has against an act, or nothing."""
    try:
        if act and cycle is not None:
            states.require(act, stage_of(cycle))
    except NotNow as error:
        return str(error)
    return ""


def beside(request: SignedInRequest, form: Any, stale: Stale, back: str) -> HttpResponse:
    """What was typed beside what is there now, with status 409."""
    page = {
        "rows": conflict.rows(form, form.now(stale.now)),
        "version": stale.now.version,
        "action": request.get_full_path(),
        "back_href": back,
        "own": audit.is_own(stale, request.user),
    }
    return render(request, "conflict.html", page, status=409)


def posted(request: SignedInRequest) -> Any:
    """What a form is bound to: the post a person's choices amount to, or nothing when the page is only opened."""
    return conflict.settled(request.POST) if request.method == "POST" else None
