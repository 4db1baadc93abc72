"""A review while it is held: saved as it goes, lost by no broken connection; and what is read of it afterwards."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views import SignedInRequest
from apdr import selectors as cycles
from apdr.models import Cycle, NextStep
from apdr.views import writing
from pupils import access, pages, policy
from pupils.access import open_record
from pupils.enums import Section, Way
from pupils.errors import NotNow, Stale

from . import forms, room, selectors, selectors_room, services
from . import selectors_invitations as invited

SECTION = Section.REVIEWS
PAGE = "reviews/review.html"
#: Of more things than these each is judged in a smaller form.
MANY = 6
ALSO = [Section.PLAN, Section.STRATEGIES, Section.NEEDS]


def as_we_go(request: SignedInRequest) -> bool:
    """Whether the page itself saves, while somebody goes on typing, and wants to be told what became of it."""
    return request.headers.get("Accept") == "application/json"


def told(form: Any, save: Callable[..., dict[str, Any]]) -> JsonResponse:
    """Save a form that the page sent by itself, and say so, or why not: by field, or that somebody else was there."""
    try:
        if form.is_valid():
            more = save(**form.typed)
            return JsonResponse({"saved": f"{timezone.localtime():%H:%M}", **more})
    except Stale:
        return JsonResponse({"stale": True}, status=409)
    except ValidationError as error:
        form.refuse(error)
    except NotNow as error:
        return JsonResponse({"refused": str(error)}, status=409)
    return JsonResponse(
        {"errors": {form.add_prefix(name): list(e) for name, e in form.errors.items()}}, status=422
    )


def again(stale: Stale, typed: dict[str, Any]) -> int:
    """The version that a row has now, where it holds what was typed: the answer to an earlier save was lost.

    Raises the same Stale where it holds something else.
    """
    if any(getattr(stale.now, name) != value for name, value in typed.items()):
        raise stale
    return int(stale.now.version)


def show_room(
    request: SignedInRequest, sight: policy.Sight, cycle: Cycle, wrong: Any = None, status: int = 200
) -> HttpResponse:
    """The page on which a review is held. `wrong` is a form on it that was refused."""
    page = selectors.meeting(cycle, sight)
    page |= invited.meeting(page["meeting"], sight, request.at)
    if page["meeting"] is None:
        return pages.show(request, sight, PAGE, SECTION, **page)
    steps = [NextStep(pk=step["id"], words=step["words"]) for o in page["outcomes"] for step in o["steps"]]
    found = selectors_room.voices(sight)
    things = [*(step for o in page["outcomes"] for step in o["steps"]), *page["strategies"]]
    for thing in things:
        if wrong is not None and wrong.prefix == thing["id"]:
            thing["form"] = wrong
            continue
        first = selectors_room.first_unheard(found, thing["judged"], request.user)
        thing["form"] = forms.SaidForm(voices=found, first=first, prefix=thing["id"], many=len(things) > MANY)
    notes = forms.MeetingForm(row=page["meeting"])
    notes.auto_id = "notes_%s"
    deciding = forms.DecidingForm(steps=steps, initial=selectors_room.deciding(cycle))
    page |= {"notes": notes, "deciding": deciding, "wrong": wrong}
    return pages.show(request, sight, PAGE, SECTION, status=status, **page)


@require_POST
@login_required
def said(request: SignedInRequest, cycle_id: UUID, kind: str, thing_id: UUID) -> HttpResponse:
    """Write down what one person in the room thinks of one step or strategy."""
    cycle = cycles.cycle(cycle_id)
    sight = open_record(request, cycle.pupil, "hold_review", also=ALSO)
    thing = selectors.judged_thing(cycle, kind, thing_id)
    found = selectors_room.voices(sight)
    form = forms.SaidForm(request.POST, voices=found, first="", prefix=str(thing.pk))

    def save(**typed: Any) -> dict[str, Any]:
        services.judge(cycle=cycle, of=thing, by=request.user, at=request.at, **typed)
        judged = selectors.judged_of(cycle, sight)[str(thing.pk)]
        html = render_to_string(
            "reviews/parts/judged.html", {"judged": judged, "pupil": sight.pupil}, request=request
        )
        first = selectors_room.first_unheard(found, judged, request.user)
        return {"html": html, "key": str(uuid4()), "voice": first}

    if as_we_go(request):
        return told(form, save)
    status = 422
    if form.is_valid():
        try:
            save(**form.typed)
        except ValidationError as error:
            form.refuse(error)
        except NotNow as error:
            form.add_error(None, str(error))
            status = 409
        else:
            return redirect(f"{reverse('review', args=[cycle_id])}#t-{thing.pk}")
    return show_room(request, sight, cycle, form, status)


@require_POST
@login_required
def decide_so_far(request: SignedInRequest, cycle_id: UUID) -> HttpResponse:
    """Keep what is decided so far; pressed for it, go on to the page that closes the cycle."""
    cycle = cycles.cycle(cycle_id)
    sight = open_record(request, cycle.pupil, "hold_review")
    form = forms.DecidingForm(writing.posted(request), steps=selectors.steps_of(cycle), initial={})

    def keep(version: int, **typed: Any) -> dict[str, Any]:
        try:
            kept = room.decide_so_far(cycle=cycle, version=version, by=request.user, at=request.at, **typed)
        except Stale as stale:
            return {"version": again(stale, typed)}
        return {"version": kept.version}

    if as_we_go(request):
        return told(form, keep)
    closes = request.POST.get("then") == "close"
    back = reverse("close_cycle" if closes else "review", args=[cycle_id])
    return writing.answer(
        request, sight, SECTION, form, keep, back=back, title=_("What do we decide?"), done=_("Kept.")
    )


@require_safe
@login_required
def minutes(request: SignedInRequest, cycle_id: UUID) -> HttpResponse:
    """What was said and decided at a review, for whoever was there and whoever was not."""
    cycle = selectors_room.reviewed(cycle_id)
    sight = policy.require(request.user, SECTION, cycle.pupil, request.at)
    page = selectors_room.minutes(cycle, sight)
    access.write_down(sight, [SECTION, Section.PLAN, Section.STRATEGIES, Section.VIEWS], Way.PAGE)
    return pages.show(
        request, sight, "reviews/minutes.html", SECTION, who=pages.who_sees(sight, SECTION), **page
    )


@require_http_methods(["GET", "POST"])
@login_required
def what_we_did(request: SignedInRequest, cycle_id: UUID) -> HttpResponse:
    """You said, we did: all that was said in a cycle, each with what is done about it."""
    cycle = cycles.cycle(cycle_id)
    policy.require(request.user, Section.VIEWS, cycle.pupil, request.at)
    sight = open_record(request, cycle.pupil, "hold_review", also=[Section.VIEWS])
    rows = selectors_room.said(cycle, sight)
    post = request.POST if request.method == "POST" else None
    asked = [
        (one, forms.WhatWeDidForm(post, prefix=str(one.row.pk), initial=_stands(one.answer))) for one in rows
    ]
    status, refused = 200, ""
    if post is not None:
        status = 422
        wrong = [form for __, form in asked if not form.is_valid()]
        if not wrong and not any(form.cleaned_data["words"] for __, form in asked):
            refused = _("Write what you do about at least one of them.")
        elif not wrong:
            answers = [room.Answered(one.row, **form.cleaned_data) for one, form in asked]
            try:
                room.answer_said(pupil=sight.pupil, answers=answers, by=request.user, at=request.at)
            except room.Overtaken as meanwhile:
                status = 409
                put_beside(asked, meanwhile)
            except ValidationError as error:
                refused = " ".join(error.messages)
            else:
                messages.success(request, _("Saved. Each of them can read what you do about it."))
                return redirect("minutes", cycle_id)
    page = {
        "cycle": cycle,
        "asked": asked,
        "forms": [form for __, form in asked],
        "posted": post is not None,
        "refused": refused,
    }
    return pages.show(request, sight, "reviews/what_we_did.html", SECTION, status=status, **page)


def _stands(answer: Any) -> dict[str, Any]:
    return {"words": answer.words, "seen": answer.pk} if answer is not None else {}


def put_beside(asked: list[Any], meanwhile: room.Overtaken) -> None:
    """Show what somebody else wrote beside what was typed; sent again, what was typed takes its place."""
    for one, form in asked:
        theirs = meanwhile.by_thing.get(one.row.pk)
        if theirs is not None:
            form.data = form.data.copy()
            form.data[form.add_prefix("seen")] = str(theirs.pk)
            form.add_error(
                "words",
                _("Somebody else wrote this meanwhile: “%(theirs)s”. Save again to put yours there")
                % {"theirs": theirs.words},
            )
