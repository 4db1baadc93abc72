"""Reviews: scheduled, held together, judged from each side, decided and read back."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views import SignedInRequest
from apdr import selectors as cycles
from apdr.enums import Stage, StepStatus
from apdr.selectors_staff import before_opening
from apdr.views import writing
from pupils import pages
from pupils.access import open_record
from pupils.enums import Section
from pupils.errors import NotNow, Stale

from . import forms, invitations, selectors, selectors_room, services, views_room
from . import selectors_invitations as asked
from .enums import Rating

SECTION = Section.REVIEWS


@require_safe
@login_required
def reviews(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    sight = open_record(request, pupil_id, SECTION, also=[Section.PLAN, Section.STRATEGIES])
    asked = request.GET.get("before", "")
    page = selectors.reviews_page(sight, int(asked) if asked.isdecimal() and len(asked) < 6 else None)
    page["chooses"] = page["coming"] is not None and invitations.decides_who_comes(sight)
    who = pages.who_sees(sight, SECTION)
    return pages.show(request, sight, "reviews/reviews.html", SECTION, who=who, **page)


@require_safe
@login_required
def review(request: SignedInRequest, cycle_id: UUID) -> HttpResponse:
    cycle = selectors_room.cycle_in_review(cycle_id)
    sight = open_record(request, cycle.pupil, "hold_review", also=views_room.ALSO)
    if cycles.stage(cycle) is Stage.REVIEW:
        return views_room.show_room(request, sight, cycle)
    page = selectors.meeting(cycle, sight)
    page |= asked.meeting(page["meeting"], sight, request.at)
    return pages.show(request, sight, views_room.PAGE, SECTION, **page)


@require_POST
@login_required
def start(request: SignedInRequest, cycle_id: UUID) -> HttpResponse:
    """Move a cycle to its review. A second press changes nothing."""
    cycle = cycles.cycle(cycle_id)
    sight = open_record(request, cycle.pupil, "hold_review")
    try:
        if cycles.stage(cycle) is not Stage.REVIEW:
            services.start_review(cycle=cycle, by=request.user, at=request.at)
            messages.success(request, _("The review has started. Everybody can say how it went."))
    except NotNow as error:
        page = selectors.meeting(cycle, sight) | {"refused": str(error)}
        page |= asked.meeting(page["meeting"], sight, request.at)
        return pages.show(request, sight, views_room.PAGE, SECTION, status=409, **page)
    return redirect("review", cycle_id)


@require_http_methods(["GET", "POST"])
@login_required
def schedule(request: SignedInRequest, cycle_id: UUID) -> HttpResponse:
    cycle = cycles.cycle(cycle_id)
    sight = open_record(request, cycle.pupil, "hold_review")
    form = forms.ScheduleForm(writing.posted(request), initial={"day": cycle.review_on})

    def save(**typed: Any) -> None:
        services.schedule_review(cycle=cycle, by=request.user, at=request.at, **typed)

    told: dict[str, Any] = {"title": _("When is the review?"), "done": _("The review has its time.")}
    told["back"] = reverse("review", args=[cycle_id])
    return writing.answer(request, sight, SECTION, form, save, act="schedule_review", cycle=cycle, **told)


@require_http_methods(["GET", "POST"])
@login_required
def move_review(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    return _edit(request, review_id, forms.MoveForm, _("Change the time of the review"))


@require_http_methods(["GET", "POST"])
@login_required
def write_review(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    return _edit(request, review_id, forms.MeetingForm, _("What was said at the review"))


def _edit(request: SignedInRequest, review_id: UUID, kind: Any, title: str) -> HttpResponse:
    row = selectors.review(review_id)
    sight = open_record(request, row.cycle.pupil, "hold_review")
    form = kind(writing.posted(request), row=row)

    def save(version: int, **typed: Any) -> dict[str, Any]:
        try:
            services.edit_review(review=row, version=version, by=request.user, at=request.at, **typed)
        except Stale as stale:
            return {"version": views_room.again(stale, {k: v for k, v in typed.items() if k != "reason"})}
        return {"version": row.version}

    if views_room.as_we_go(request):
        return views_room.told(form, save)
    back = reverse("review", args=[row.cycle_id])
    return writing.answer(request, sight, SECTION, form, save, back=back, title=title, done=_("Saved."))


@require_http_methods(["GET", "POST"])
@login_required
def judge_one(request: SignedInRequest, cycle_id: UUID, kind: str, thing_id: UUID) -> HttpResponse:
    """Write down one judgement at the review: one's own, or somebody else's with their name."""
    cycle = cycles.cycle(cycle_id)
    sight = open_record(request, cycle.pupil, "hold_review")
    thing = selectors.judged_thing(cycle, kind, thing_id)
    form = forms.JudgementForm(writing.posted(request), sight=sight)

    def save(**typed: Any) -> None:
        services.judge(cycle=cycle, of=thing, by=request.user, at=request.at, **typed)

    told: dict[str, Any] = {
        "title": _("How did it go?"),
        "done": _("Written down."),
        "back": f"{reverse('review', args=[cycle_id])}#t-{thing.pk}",
    }
    return writing.answer(
        request, sight, SECTION, form, save, quote=thing.words, act="judge", cycle=cycle, **told
    )


@require_http_methods(["GET", "POST"])
@login_required
def judge(request: SignedInRequest, cycle_id: UUID) -> HttpResponse:
    """Everybody's own page: what did each step and each thing that helps do?"""
    cycle = cycles.cycle(cycle_id)
    sight = open_record(request, cycle.pupil, "judge", also=[Section.STRATEGIES])
    invitations.require_looking_back(cycle, sight)
    asked = selectors.to_judge(cycle, sight)
    post = request.POST if request.method == "POST" else None
    for row in asked:
        row["form"] = forms.MineForm(post, prefix=row["id"], initial={"key": uuid4()})
    status, refused = 200, ""
    if post is not None:
        status = 422
        valid = not any(row["form"].errors for row in asked)
        said = [row for row in asked if valid and row["form"].cleaned_data["rating"]]
        if said:
            try:
                services.judge_all(
                    cycle=cycle, said=[_said(cycle, row) for row in said], by=request.user, at=request.at
                )
            except (NotNow, ValidationError) as error:
                status, refused = (
                    409,
                    " ".join(error.messages) if isinstance(error, ValidationError) else str(error),
                )
            else:
                messages.success(request, _("Thank you. What you think is part of the review."))
                return redirect("pupil", sight.pupil.pk)
        elif valid:
            refused = _("Choose an answer for at least one of them.")
    page = {"cycle": cycle, "stage": cycles.stage(cycle), "asked": asked, "forms": [r["form"] for r in asked]}
    return pages.show(
        request,
        sight,
        "reviews/judge.html",
        Section.PLAN,
        status=status,
        refused=refused,
        posted=post is not None,
        **page,
    )


def _said(cycle: Any, row: dict[str, Any]) -> dict[str, Any]:
    typed = row["form"].cleaned_data
    of = selectors.judged_thing(cycle, row["kind"], UUID(row["id"]))
    return {"of": of, "rating": Rating(typed["rating"]), "words": typed["words"], "key": typed["key"]}


@require_http_methods(["GET", "POST"])
@login_required
def close(request: SignedInRequest, cycle_id: UUID) -> HttpResponse:
    cycle = cycles.cycle(cycle_id)
    sight = open_record(request, cycle.pupil, "hold_review")
    steps = selectors.steps_of(cycle)
    initial = {f"step_{s.pk}": s.status for s in steps if s.status != StepStatus.CURRENT}
    initial |= {"review_on": before_opening(sight.pupil, timezone.localdate(request.at))["review_on"]}
    initial |= {
        name: value for name, value in selectors_room.deciding(cycle).items() if value or name == "open_next"
    }
    form = forms.CloseForm(writing.posted(request), steps=steps, initial=initial)
    made: list[Any] = []

    def save(**typed: Any) -> None:
        made.append(services.close_cycle(cycle=cycle, by=request.user, at=request.at, **typed))

    told: dict[str, Any] = {
        "title": _("What do we decide?"),
        "done": _("The cycle is closed."),
        "back": reverse("review", args=[cycle_id]),
    }
    answer = writing.answer(
        request,
        sight,
        SECTION,
        form,
        save,
        template="reviews/close.html",
        act="decide",
        cycle=cycle,
        stage=cycles.stage(cycle),
        **told,
    )
    following = made[0] if made else None
    return redirect("cycle", following.pk) if following is not None else answer
