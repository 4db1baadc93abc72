"""How every form of a cycle answers: shown, refused with everything still there, shown beside another's, or saved."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts import conflict
from accounts.views import SignedInRequest
from pupils import pages, policy
from pupils.enums import Section
from pupils.errors import NotNow, Stale

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
    **context: Any,
) -> HttpResponse:
    """Show a form, or save what was posted with `save(**form.typed)` and go `back`.

    422 for what the form or a service refuses, 409 for what the cycle's stage refuses or somebody else changed;
    each time with all that was typed.
    """

    def page(status: int) -> HttpResponse:
        more = {"form": form, "back": back, "title": title, **context}
        return pages.show(request, sight, template, section, status=status, **more)

    if request.method != "POST":
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


def beside(request: SignedInRequest, form: Any, stale: Stale, back: str) -> HttpResponse:
    """What was typed beside what is there now, with status 409."""
    page = {
        "rows": conflict.rows(form, form.now(stale.now)),
        "version": stale.now.version,
        "action": request.get_full_path(),
        "back_href": back,
    }
    return render(request, "conflict.html", page, status=409)


def posted(request: SignedInRequest) -> Any:
    """What a form is bound to: the post a person's choices amount to, or nothing when the page is only opened."""
    return conflict.settled(request.POST) if request.method == "POST" else None
