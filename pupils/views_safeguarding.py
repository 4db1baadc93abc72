"""Safeguarding disclosures: a lead's and a leader's pages, and what the young person reads of them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views import SignedInRequest

from . import access, overrides, pages, policy
from . import selectors_safeguarding as selectors
from .enums import Section
from .errors import NotNow
from .forms import attempt
from .forms_safeguarding import AskForm, FindForm, LookAgainForm, TellForm
from .models import Pupil

form_page = require_http_methods(["GET", "HEAD", "POST"])
WHY = _lazy("you look after safeguarding in this setting")


@require_safe
@login_required
def board(request: SignedInRequest) -> HttpResponse:
    form = FindForm(request.GET if "q" in request.GET else None)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    found = selectors.board(request.user, request.at, words)
    if found is None:
        raise Http404
    return render(
        request, "pupils/safeguarding.html", {"board": found, "form": form, "words": words, "why": WHY}
    )


@require_safe
@login_required
def of_pupil(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    """The disclosures about one pupil: a lead's, or what a leader reads of them. For everybody else there is none."""
    rows = policy.overrides_shown(request.user, request.at).filter(pupil=pupil_id)
    read = selectors.disclosures(rows, request.user, request.at)
    pupil = policy.pupils_safeguarded(request.user, request.at).filter(pk=pupil_id).first()
    leads = pupil is not None
    if pupil is None:
        if not read:
            raise Http404
        pupil = read[0].row.pupil
    overrides.opened(pupil=pupil, by=request.user, at=request.at, page="list")
    return _show(request, "pupils/pupil_safeguarding.html", pupil, rows=read, leads=leads)


def _show(
    request: SignedInRequest, template: str, pupil: Pupil, status: int = 200, **more: Any
) -> HttpResponse:
    return render(request, template, {"pupil": pupil, "why": WHY, **more}, status=status)


@form_page
@login_required
def ask(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    pupil = get_object_or_404(policy.pupils_safeguarded(request.user, request.at), pk=pupil_id)
    people, kinds = selectors.recipients(pupil, request.at)
    form = AskForm(request.POST if request.method == "POST" else None, people=people, kinds=kinds)
    if request.method == "POST":
        made = attempt(
            form,
            lambda: overrides.ask(pupil=pupil, by=request.user, at=request.at, **form.cleaned_data),
        )
        if made is not None:
            messages.success(request, _("Written down. It opens nothing until a second person confirms it."))
            return redirect("disclosure", made.pk)
    else:
        overrides.opened(pupil=pupil, by=request.user, at=request.at, page="ask")
    status = 422 if form.errors else 200
    return _show(request, "pupils/disclose.html", pupil, status, form=form)


def _one(request: SignedInRequest, override_id: UUID) -> selectors.Disclosure:
    rows = policy.overrides_shown(request.user, request.at).filter(pk=override_id)
    found = selectors.disclosures(rows, request.user, request.at)
    if not found:
        raise Http404
    return found[0]


@require_safe
@login_required
def disclosure(request: SignedInRequest, override_id: UUID) -> HttpResponse:
    one = _one(request, override_id)
    overrides.opened(pupil=one.row.pupil, by=request.user, at=request.at, page="disclosure")
    return _record(request, one)


def _record(
    request: SignedInRequest, one: selectors.Disclosure, status: int = 200, **more: Any
) -> HttpResponse:
    page = {"one": one, "tell_form": TellForm(), "again_form": LookAgainForm(), **more}
    return _show(request, "pupils/disclosure.html", one.row.pupil, status, **page)


def _act(
    request: SignedInRequest, override_id: UUID, act: Callable[..., Any], said: str, to: str
) -> HttpResponse:
    one = _one(request, override_id)
    try:
        act(override=one.row, by=request.user, at=request.at)
    except NotNow as refused:
        return _record(request, one, 409, refused=str(refused))
    messages.success(request, said)
    return redirect(to, override_id) if to == "disclosure" else redirect(to)


@require_POST
@login_required
def confirm(request: SignedInRequest, override_id: UUID) -> HttpResponse:
    said = _("Confirmed. It holds from now on, and ends by itself.")
    return _act(request, override_id, overrides.confirm, said, "disclosure")


@require_POST
@login_required
def end(request: SignedInRequest, override_id: UUID) -> HttpResponse:
    return _act(request, override_id, overrides.end, _("It has ended. It stays on record."), "safeguarding")


@require_POST
@login_required
def tell(request: SignedInRequest, override_id: UUID) -> HttpResponse:
    form = TellForm(request.POST)
    told = {"on": "told_on", "how": "told_how"}
    said = _("Written down. They can read of it themselves from now on.")
    return _answer(request, override_id, "tell_form", form, overrides.tell, told, said)


@require_POST
@login_required
def look_again(request: SignedInRequest, override_id: UUID) -> HttpResponse:
    form = LookAgainForm(request.POST)
    told = {"why": "not_told_why", "next_on": "look_again_on"}
    said = _("Written down. You are asked again on that day.")
    return _answer(request, override_id, "again_form", form, overrides.look_again, told, said)


def _answer(
    request: SignedInRequest,
    override_id: UUID,
    name: str,
    form: Any,
    act: Callable[..., Any],
    told: dict[str, str],
    said: str,
) -> HttpResponse:
    one = _one(request, override_id)
    if not one.safeguards:
        raise Http404
    done = attempt(
        form,
        lambda: act(
            override=one.row,
            by=request.user,
            at=request.at,
            **{argument: form.cleaned_data[field] for argument, field in told.items()},
        ),
    )
    if done is None:
        return _record(request, one, 422, form=form, **{name: form})
    messages.success(request, said)
    return redirect("disclosure", override_id)


@require_safe
@login_required
def told(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    """What was shared about a young person without asking them, as they read it: from when they were told of it."""
    sight = access.find(request.user, pupil_id, request.at, "choose")
    rows = selectors.told(sight)
    return pages.show(
        request, sight, "pupils/disclosures.html", Section.PROFILE, rows=rows, tabs=pages.tabs(sight)
    )
