"""A family's pages: the plan that was shared, what they answer to it, and a child's own page."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views import SignedInRequest
from pupils import access, clocks, policy
from pupils.enums import Ground, Section
from pupils.forms import attempt
from pupils.pages import show, tabs, who_sees
from pupils.requests import waiting_for_them
from pupils.second_thoughts import to_look_at

from .. import (
    selectors,
    selectors_child,
    selectors_family,
    selectors_kept,
    selectors_teacher,
    selectors_voice,
)
from ..enums import Answer, Audience, Feeling, HowObtained, ProposalKind
from ..forms_family import (
    RATHER_NOT,
    AnswerForm,
    ChildSayForm,
    CommentForm,
    ParentSayForm,
    ProposeForm,
    SayForm,
    SentForm,
    WriteBackForm,
)
from ..forms_voice import WAYS, SayItForm, say_form
from ..services import family
from ..services.voice import may_find_a_way
from . import voice

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def plan(request: SignedInRequest, pupil_id: UUID, version_id: UUID | None = None) -> HttpResponse:
    try:
        sight = access.find_record(request, pupil_id, Section.PLAN)
    except policy.NotThisSection:
        if access.keeps(request, pupil_id):
            return redirect("kept_plan", pupil_id)
        raise
    found = selectors_family.plan(sight, version_id)
    came = (
        selectors_voice.you_said(selectors_voice.own_views(sight, found.version))
        if found and found.latest
        else []
    )
    answered = [Section.VIEWS] if came else []
    access.seen(request, sight, [Section.PLAN, *selectors_family.SHOWN, *answered])
    return show(
        request,
        sight,
        "apdr/plan.html" if found else "apdr/plan_none.html",
        Section.PLAN,
        plan=found,
        cycle=None if found else selectors.current_cycle(sight.pupil),
        over=clocks.hand_over(sight) if _before_hand_over(sight) else None,
        who=who_sees(sight, Section.PLAN) if found and found.latest else None,
        may_answer=sight.may("answer_plan"),
        may_comment=sight.may("comment_plan"),
        form=SentForm() if found and found.latest and sight.may("answer_plan") else None,
        saved=found.saved(request.GET.get("saved", ""), sight.pupil.called) if found else None,
        may_find_a_way=may_find_a_way(sight),
        proud=selectors_voice.celebrations(sight, most=1) if found and found.latest else [],
        you_said=came,
    )


def _before_hand_over(sight: policy.Sight) -> bool:
    """Whether they read the plan as a parent carer, and not because the young person chose it."""
    return policy.Reason(Ground.PARENT) in sight.reasons.get(Section.PLAN, [])


@require_safe
@login_required
def kept_plan(request: SignedInRequest, pupil_id: UUID, version_id: UUID | None = None) -> HttpResponse:
    """A plan that a parent carer was given before the young person decided, where their setting lets them keep it."""
    sight, kept = access.open_kept(request, pupil_id)
    found = selectors_kept.kept_plan(sight, kept, version_id)
    return show(request, sight, "apdr/kept_plan.html", Section.PLAN, plan=found, why="")


def _answering(request: SignedInRequest, pupil_id: UUID, version_id: UUID | None, action: str) -> Any:
    sight = access.open_record(request, pupil_id, action, also=selectors_family.SHOWN)
    found = selectors_family.plan(sight, version_id)
    return sight, found


@form_page
@login_required
def answer(request: SignedInRequest, pupil_id: UUID, version_id: UUID) -> HttpResponse:
    sight, found = _answering(request, pupil_id, version_id, "answer_plan")
    form = AnswerForm(request.POST or None, initial={"answer": request.GET.get("answer")})
    if request.method == "POST" and form.is_valid():
        said = {**form.cleaned_data, "answer": Answer(form.cleaned_data["answer"])}
        row = attempt(
            form,
            lambda: family.answer_plan(plan_version=found.version, by=request.user, at=request.at, **said),
        )
        if row is not None:
            messages.success(request, _("Thank you. Your answer is with the plan."))
            return redirect("plan", pupil_id)
    return _form_page(request, sight, "apdr/answer.html", form, plan=found)


@form_page
@login_required
def comment(request: SignedInRequest, pupil_id: UUID, version_id: UUID) -> HttpResponse:
    sight, found = _answering(request, pupil_id, version_id, "comment_plan")
    about = request.POST.get("about") or request.GET.get("about")
    item = found.item(_uuid(about)) if about else None
    form = CommentForm(request.POST or None, initial={"about": about})
    if request.method == "POST" and form.is_valid():
        row = attempt(
            form,
            lambda: family.comment(
                plan_version=found.version, by=request.user, at=request.at, **form.cleaned_data
            ),
        )
        if row is not None:
            messages.success(request, _("Thank you. Your words are with the plan."))
            return redirect(reverse("plan", args=[pupil_id]) + (f"#step-{about}" if item else ""))
    return _form_page(request, sight, "apdr/comment.html", form, plan=found, item=item)


def _uuid(value: str) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        return UUID(int=0)


@form_page
@login_required
def propose(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    sight, found = _answering(request, pupil_id, None, "propose")
    if found is None:
        return redirect("plan", pupil_id)
    form = ProposeForm(request.POST or None, initial={"kind": request.GET.get("kind")})
    if request.method == "POST" and form.is_valid():
        said = {**form.cleaned_data, "kind": ProposalKind(form.cleaned_data["kind"])}
        row = attempt(
            form,
            lambda: family.propose(cycle=found.version.cycle, by=request.user, at=request.at, **said),
        )
        if row is not None:
            messages.success(request, _("Thank you for your idea. You will see the answer here."))
            return redirect(reverse("plan", args=[pupil_id]) + "#ideas")
    return _form_page(request, sight, "apdr/propose.html", form, plan=found)


def _form_page(
    request: SignedInRequest, sight: policy.Sight, template: str, form: SentForm, **more: Any
) -> HttpResponse:
    grounds = sight.grounds(Section.PLAN)
    who = {"own": Ground.OWN in grounds, "family": bool(grounds & {Ground.OWN, Ground.PARENT})}
    status = 422 if form.errors else 200
    return show(request, sight, template, Section.PLAN, status=status, form=form, **who, **more)


@require_safe
@login_required
def mine(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    sight = policy.passed(access.find_record(request, pupil_id), Section.PLAN)
    if Ground.OWN not in sight.grounds(Section.PLAN):
        return redirect("plan", pupil_id)  # where they look, and not here
    access.write_down(sight, [Section.PLAN, Section.PROFILE, Section.STRATEGIES], access.way_of(request))
    over = clocks.hand_over(sight)
    decides, waits = waiting_for_them(sight)
    return show(
        request,
        sight,
        "apdr/mine.html",
        Section.PLAN,
        mine=selectors_child.mine(sight, request.GET.get("step", "")),
        decides=decides,
        over=over,
        seen_by=selectors_child.seen_by(sight),
        waiting=waits,
        look=to_look_at(sight),
        saved=selectors_teacher.just_saved(request.user, request.GET.get("saved"), sight.at),
        main_class="al-child",
        tabs=[{**tab, "current": False} for tab in tabs(sight)] if decides else [],
    )


@form_page
@login_required
@voice.hear_before
def say_views(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    sight = access.open_record(request, pupil_id, "say_views")
    own = Ground.OWN in sight.grounds(Section.VIEWS)
    child = own and not policy.decides(sight.pupil, sight.at)
    of = ChildSayForm if child else SayForm if own else ParentSayForm
    way = request.GET.get("way", "") if request.GET.get("way") in WAYS else ""
    posted = request.method == "POST"
    form = say_form(way, of, request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        said = _said_in_words(form, child)
        row = attempt(
            form, lambda: family.say_views(pupil=sight.pupil, by=request.user, at=request.at, **said)
        )
        if row is not None:
            messages.success(request, _("Thank you for telling us."))
            return redirect("mine" if own else "views", pupil_id)
    answer = show(
        request,
        sight,
        "apdr/say_child.html" if child else "apdr/say.html",
        Section.VIEWS,
        status=422 if form.errors else 200,
        form=form,
        way=way,
        ways=[(key, words, picture) for key, (_form, words, picture) in WAYS.items() if key != way],
        child=child,
        **({"main_class": "al-child", "tabs": []} if child else {}),
    )
    return voice.may_record(answer) if way == "voice" else answer


@form_page
@login_required
def write_back(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    """A visiting helper's words to those who shared something with them, and what they wrote before."""
    sight = access.find_record(request, pupil_id)
    if not policy.visits(sight):
        raise policy.NotThisSection(sight.pupil)
    form = WriteBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = {"pupil": sight.pupil, "by": request.user, "at": request.at, **form.cleaned_data}
        if attempt(form, lambda: family.write_back(**said)) is not None:
            messages.success(request, _("Thank you. What you wrote is with what was said."))
            return redirect("write_back", pupil_id)
    return show(
        request,
        sight,
        "apdr/write_back.html",
        None,
        status=422 if form.errors else 200,
        form=form,
        own=selectors.written_back(sight),
        decides=policy.decides(sight.pupil, sight.at),
    )


def _said_in_words(form: SentForm, child: bool) -> dict[str, Any]:
    if isinstance(form, SayItForm):
        return form.said
    return _said_by_child(form.cleaned_data) if child else _said(form.cleaned_data)


def _said(typed: dict[str, Any]) -> dict[str, Any]:
    rather_not = typed.pop("rather_not")
    how = HowObtained.DECLINED if rather_not else HowObtained.ONLINE
    return {**typed, "how": how, "audience": Audience(typed["audience"])}


def _said_by_child(typed: dict[str, Any]) -> dict[str, Any]:
    """A picture that was pressed stands for its words; whatever was written follows it, as it was written."""
    feeling, words = typed.pop("feeling"), typed.pop("words").strip()
    shared = {**typed, "audience": Audience(typed["audience"])}
    if feeling == RATHER_NOT:
        return {**shared, "how": HowObtained.DECLINED, "words": words}
    how = HowObtained.ONLINE if words else HowObtained.SYMBOLS
    return {**shared, "how": how, "feeling": Feeling(feeling), "words": words}
