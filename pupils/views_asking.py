"""Asking for a part that is closed; answering who asks; sharing with a professional."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Preferences
from accounts.views import SignedInRequest

from . import access, pages, policy, professionals, requests, tasks
from .choices import Speaking
from .enums import Section
from .forms import attempt
from .forms_asking import AnswerRequestForm, AskForm, ShareForm
from .models import SharingRequest
from .selectors_sharing import asked_by
from .views_people import send

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _show(
    request: SignedInRequest, sight: policy.Sight, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page that belongs to no part of the record: no tab of it is the current one."""
    context = {"tabs": pages.tabs(sight), "why": "", **context}
    return pages.show(request, sight, template, Section.PROFILE, status=status, **context)


@form_page
@login_required
def ask(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    """Ask to see a part, and what came of it. The page is the same whatever is in the parts."""
    sight = access.find(request.user, pupil_id, request.at)
    door = requests.door(sight)
    mine = asked_by(request.user, request.at, sight.pupil)
    waits = {one.section for one in mine if not one.answer}
    again = requests.again_from(sight)
    later = [(section, again[section]) for section in door.sections if section in again]
    sections = [section for section in door.sections if section not in waits and section not in again]
    # What was posted may be what waits already, such as by the same form sent twice: the service says so.
    choices = door.sections if request.method == "POST" else sections
    form = AskForm(
        request.POST if request.method == "POST" else None,
        sections=choices,
        initial={"section": request.GET.get("section", "")},
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: requests.ask(
                pupil=sight.pupil, by=request.user, at=request.at, send=_tell, **form.cleaned_data
            ),
        )
        if made is not None:
            messages.success(request, _("You have asked. You find the answer here and on your first page."))
            return redirect("ask", pupil_id)
    status = 422 if form.errors else 200
    told = {
        "form": form if sections or form.errors else None,
        "decides": door.decides,
        "mine": mine,
        "later": later,
    }
    return _show(request, sight, "pupils/ask.html", status=status, **told)


def _tell(request_id: UUID) -> None:
    tasks.tell_of_request.delay(str(request_id))


@require_POST
@login_required
def withdraw(request: SignedInRequest, pupil_id: UUID, request_id: UUID) -> HttpResponse:
    sight = access.find(request.user, pupil_id, request.at)
    asked = requests.of_pupil(sight, request_id)
    requests.withdraw(request=asked, by=request.user, at=request.at)
    messages.success(request, _("You have taken back what you asked."))
    return redirect("ask", pupil_id)


def _answering(request: SignedInRequest, pupil_id: UUID) -> tuple[policy.Sight, Speaking]:
    sight = access.find(request.user, pupil_id, request.at)
    speaks = requests.answering(sight)
    if speaks is None:
        raise policy.NotThisSection(sight.pupil)
    return sight, speaks


@require_safe
@login_required
def waiting(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    """What was asked and waits for an answer: yes for a week, no, or something else, each with one press."""
    sight, speaks = _answering(request, pupil_id)
    rows = requests.waiting(sight, speaks)
    told = [
        (
            row,
            role,
            AnswerRequestForm(sections=_may_open(speaks), at=request.at, may_stay=False),
            row.section in speaks.sections,
        )
        for row, role in zip(rows, requests.roles(sight.pupil, rows, request.at), strict=True)
    ]
    return _show(request, sight, "pupils/requests.html", rows=told, own=sight.may("choose"))


def _may_open(speaks: Speaking) -> list[Section]:
    return [section for section in Section if section in speaks.sections]


@form_page
@login_required
def answer(request: SignedInRequest, pupil_id: UUID, request_id: UUID) -> HttpResponse:
    """Answer one request, also differently from what was asked."""
    sight, speaks = _answering(request, pupil_id)
    asked = requests.of_pupil(sight, request_id)
    if not requests.may_answer(speaks, asked.section):
        raise policy.NotThisSection(sight.pupil)
    if asked.answered_at is not None:
        messages.success(request, _("This has an answer already."))
        return redirect("requests", pupil_id)
    kinds = requests.kinds_of(asked.asker, sight.pupil, request.at)
    held = requests.held(asked.asker, sight.pupil, speaks, request.at)
    form = AnswerRequestForm(
        request.POST if request.method == "POST" else None,
        sections=_may_open(speaks),
        at=request.at,
        may_stay=kinds != {"professional"},
        held=held,
        initial={"long": "week" if requests.each_time(asked, request.at) else ""},
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: _answer(request, asked, form))
        if done is not None:
            yes = (
                _("It is open to them now.")
                if done.answer == "yes"
                else _("They read that the answer is no.")
            )
            messages.success(request, _("You have answered. %(yes)s") % {"yes": yes})
            if stays := form.staying:
                messages.success(
                    request,
                    _("This was open to them for longer already, and stays so: %(parts)s.")
                    % {"parts": ", ".join(str(section.label) for section in stays)},
                )
            return redirect("requests", pupil_id)
    return _show(
        request,
        sight,
        "pupils/request.html",
        status=422 if form.errors else 200,
        form=form,
        asked=asked,
        held=held,
        role=requests.roles(sight.pupil, [asked], request.at)[0],
        own=sight.may("choose"),
    )


def _answer(request: SignedInRequest, asked: SharingRequest, form: AnswerRequestForm) -> SharingRequest:
    return requests.answer(request=asked, by=request.user, at=request.at, **form.given, **_reads(request))


def _reads(request: SignedInRequest) -> dict[str, Any]:
    """In which format and language this person reads a choice."""
    found = Preferences.objects.filter(person=request.user).first()
    return {"format": found.format, "language": found.written_language} if found else {}


@form_page
@login_required
def share(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    """With which professionals something is shared, and sharing with one more."""
    sight, speaks = _answering(request, pupil_id)
    form = ShareForm(
        request.POST if request.method == "POST" else None, sections=_may_open(speaks), at=request.at
    )
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        ends_at = requests.end_of(typed.pop("until"))
        done = attempt(
            form,
            lambda: professionals.share(
                pupil=sight.pupil,
                ends_at=ends_at,
                by=request.user,
                at=request.at,
                **typed,
                **_reads(request),
            ),
        )
        if done is not None:
            if done.invitation is not None and done.secret:
                send(request, done.invitation, done.secret)
            elif done.invitation is not None:
                messages.success(request, _("They were invited already. It opens to them when they accept."))
            elif done.person is not None:
                messages.success(
                    request,
                    _("%(person)s is here already. It is open to them now.") % {"person": done.person.name},
                )
            return redirect("share_out", pupil_id)
    return _show(
        request,
        sight,
        "pupils/share_out.html",
        status=422 if form.errors else 200,
        form=form,
        shared=professionals.shared_with(sight, speaks),
        own=sight.may("choose"),
    )


@require_POST
@login_required
def stop(request: SignedInRequest, pupil_id: UUID, recipient_id: UUID) -> HttpResponse:
    sight, __ = _answering(request, pupil_id)
    try:
        professionals.stop(pupil=sight.pupil, recipient_id=recipient_id, by=request.user, at=request.at)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    else:
        messages.success(request, _("Stopped. Nothing of this is open to them any more."))
    return redirect("share_out", pupil_id)
