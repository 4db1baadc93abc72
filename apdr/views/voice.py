"""Drawings and recordings as a browser gets them, a child's own page, and what is celebrated."""

from typing import Any
from uuid import UUID

from csp.decorators import csp_update
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import files_out
from accounts.recordings import TYPES
from accounts.views import SignedInRequest
from pupils import access, pages, policy
from pupils.enums import Ground, Section

from .. import forms_voice as forms
from .. import said_files
from .. import selectors_voice as selectors
from ..enums import FileKind, Praise, StepsAs, Telling
from ..services import voice
from . import writing

#: What a page may load where a recording is listened to before it is sent.
hear_before: Any = csp_update({"media-src": "blob:"})


def may_record(answer: HttpResponse) -> HttpResponse:
    """The one kind of page on which a browser may ask for the microphone."""
    answer["Permissions-Policy"] = "microphone=(self)"
    return answer


@require_safe
@login_required
def said_file(request: SignedInRequest, file_id: UUID) -> HttpResponse:
    """A drawing, photo or recording, to whoever hears its view at this moment."""
    found = selectors.file(file_id)
    selectors.look_at(request.user, found, request.at)
    content = said_files.content_of(found)
    if found.kind == FileKind.PICTURE:
        return files_out.jpeg(content, "drawing")
    return files_out.recording(request, content, TYPES[found.ending], found.ending)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def file_in_words(request: SignedInRequest, file_id: UUID) -> HttpResponse:
    """What can be seen or heard in it, written down."""
    found = selectors.file(file_id)
    sight = selectors.look_at(request.user, found, request.at)
    if not voice.may_put_in_words(found.view, sight):
        raise policy.NotThisSection(sight.pupil)
    form = forms.FileWordsForm(writing.posted(request))

    def save(**typed: Any) -> None:
        voice.put_in_words(file=found, by=request.user, at=request.at, **typed)

    return writing.answer(
        request,
        sight,
        Section.VIEWS,
        form,
        save,
        template="apdr/file_in_words.html",
        back=reverse("views", args=[sight.pupil.pk]),
        title=_("Write down what can be seen or heard"),
        done=_("Written down."),
        file=found,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def own_page(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    """How a child likes their own page: they say it, or somebody who teaches them asks."""
    sight = access.open_record(request, pupil_id, "write_profile")
    own = Ground.OWN in sight.grounds(Section.PROFILE)
    if not own and policy.they_decide(sight):
        raise policy.NotThisSection(sight.pupil)
    page = selectors.page_of(sight.pupil)
    form = forms.ChildPageForm(writing.posted(request), initial=_as_set(page))

    def save(**typed: Any) -> None:
        choices: dict[str, Any] = {
            "steps_as": StepsAs(typed["steps_as"]),
            "telling": Telling(typed["telling"]),
        }
        voice.set_page(pupil=sight.pupil, by=request.user, at=request.at, **(typed | choices))

    return writing.answer(
        request,
        sight,
        Section.PROFILE,
        form,
        save,
        template="apdr/own_page.html",
        back=reverse("mine" if own else "profile", args=[pupil_id]),
        title=_("How I like my page")
        if own
        else _("How %(pupil)s likes their page") % {"pupil": sight.pupil.called},
        done=_("Saved."),
        own=own,
        page=page,
    )


def _as_set(page: Any) -> dict[str, Any]:
    if page is None:
        return {"version": 0, "steps_as": StepsAs.CARDS, "telling": Telling.ME_FIRST}
    return {
        "version": page.version,
        "steps_as": page.steps_as,
        "aloud": page.aloud,
        "telling": page.telling,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def celebrations(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    """What is celebrated, and celebrating something."""
    sight = access.open_record(request, pupil_id, Section.PLAN)
    posted = request.method == "POST"
    if posted:
        policy.passed(sight, "log_progress")
    own = Ground.OWN in sight.grounds(Section.PLAN)
    may = sight.may("log_progress")
    form = None
    if may:
        form = forms.CelebrateForm(
            writing.posted(request), steps=selectors.steps_to_celebrate(sight), own=own
        )
    page = selectors.page_of(sight.pupil)

    def save(**typed: Any) -> None:
        step = selectors.step_to_celebrate(typed.pop("step"), sight)
        praise = Praise(typed.pop("praise"))
        voice.celebrate(pupil=sight.pupil, by=request.user, at=request.at, step=step, praise=praise, **typed)

    context: dict[str, Any] = {
        "found": selectors.celebrations(sight),
        "own": own,
        "at_once": page is not None and page.telling == Telling.AT_ONCE,
        "asked": page is not None,
        "child_likes_it": not own and sight.may("write_profile") and not policy.they_decide(sight),
        "child": own and not policy.they_decide(sight),
    }
    if context["child"]:
        context |= {"main_class": "al-child", "tabs": []}
    if form is None:
        return pages.show(request, sight, "apdr/celebrations.html", Section.PLAN, **context)
    return writing.answer(
        request,
        sight,
        Section.PLAN,
        form,
        save,
        template="apdr/celebrations.html",
        back=reverse("celebrations", args=[pupil_id]),
        title=_("Something to be proud of"),
        done=_("Written down."),
        **context,
    )


@require_POST
@login_required
def tell(request: SignedInRequest, celebration_id: UUID) -> HttpResponse:
    """Show what is celebrated to everybody who may see it."""
    found = selectors.celebration(celebration_id)
    sight = access.open_record(request, found.pupil, "log_progress")
    voice.tell(celebration=found, by=request.user, at=request.at)
    messages.success(request, _("Everybody who can see the plan can see it now."))
    return redirect("celebrations", sight.pupil.pk)
