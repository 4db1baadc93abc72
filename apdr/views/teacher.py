"""A teacher's day: my classes, a pupil's steps, one step noted in two presses, the card at the door."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views import SignedInRequest
from pupils import access, policy
from pupils.enums import Ground, Section
from pupils.errors import NotNow
from pupils.forms import attempt
from pupils.pages import show

from .. import plain, selectors_child, selectors_family, selectors_teacher
from ..enums import ScaleKind
from ..forms_family import ChildLogForm, LogForm
from ..models import NextStep, Progress
from ..services import progress

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def classes(request: SignedInRequest) -> HttpResponse:
    return _classes(request, None)


@require_safe
@login_required
def one_class(request: SignedInRequest, class_id: UUID) -> HttpResponse:
    return _classes(request, class_id)


def _classes(request: SignedInRequest, class_id: UUID | None) -> HttpResponse:
    found = selectors_teacher.teacher_home(request.user, request.at, class_id)
    access.write_down_all(found.sights, [Section.PLAN])
    saved = selectors_teacher.just_saved(request.user, request.GET.get("saved"), request.at)
    page = {"found": found, "one": found.lists[0] if class_id else None, "saved": saved, "back_to": class_id}
    return render(request, "apdr/classes.html", page)


@form_page
@login_required
def log_step(request: SignedInRequest, step_id: UUID) -> HttpResponse:
    step = selectors_teacher.step(step_id)
    sight = access.open_record(request, step.cycle.pupil_id, "log_progress")
    child = Ground.OWN in sight.grounds(Section.PLAN)
    form = (ChildLogForm if child else LogForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        saved = attempt(form, lambda: _log(request, step, form))
        if saved is not None:
            return redirect(_after(request, sight, saved))
    return _log_page(request, sight, step, form)


def _log(request: SignedInRequest, step: NextStep, form: LogForm) -> Progress:
    return progress.log_progress(step=step, by=request.user, at=request.at, **form.cleaned_data)


def _log_page(request: HttpRequest, sight: policy.Sight, step: NextStep, form: LogForm) -> HttpResponse:
    staff = sight.may("see_drafts")
    shared = None if staff else selectors_family.shared_step(step.pk, sight.pupil)
    child = isinstance(form, ChildLogForm)
    scale = shared["scale"] if shared else selectors_teacher.scale_of(step)
    rungs = plain.levels(scale["kind"], scale["values"], scale["labels"])
    if child:
        rungs = [replace(rung, name=selectors_child.say(rung.name)) for rung in rungs]
    pictures = selectors_child.GROWING.get(len(rungs), [""] * len(rungs))
    ladder = plain.ladder(scale, None, selectors_family.notes(sight, [str(step.pk)])[str(step.pk)])
    return show(
        request,
        sight,
        "apdr/log_step_child.html" if child else "apdr/log_step.html",
        Section.PLAN,
        status=422 if form.errors else 200,
        step=shared or step,
        form=form,
        rungs=list(zip(rungs, pictures, strict=True)),
        counting=step.scale.scale.kind == ScaleKind.COUNT,
        noted=[(entry, ladder.name(entry)) for entry in ladder.recent[:-4:-1]],
        back=_back(request, sight),
        **({"main_class": "al-child", "tabs": []} if child else {}),
    )


def _back(request: HttpRequest, sight: policy.Sight) -> str:
    """Where a person came from: their class, a child's own page, or a family's plan."""
    if Ground.OWN in sight.grounds(Section.PLAN):
        return reverse("mine", args=[sight.pupil.pk])
    if not sight.may("see_drafts"):
        return reverse("plan", args=[sight.pupil.pk])
    class_id = selectors_teacher.class_of(sight.pupil, sight.person, sight.at)
    return reverse("class", args=[class_id]) if class_id else reverse("classes")


def _after(request: SignedInRequest, sight: policy.Sight, saved: Progress) -> str:
    back = _back(request, sight)
    place = f"pupil-{sight.pupil.pk}" if sight.may("see_drafts") else f"step-{saved.step_id}"
    return f"{back}?saved={saved.pk}#{place}"


@require_POST
@login_required
def undo_note(request: SignedInRequest, progress_id: UUID) -> HttpResponse:
    note = selectors_teacher.note(progress_id)
    sight = access.open_record(request, note.step.cycle.pupil_id, "log_progress")
    try:
        progress.withdraw_progress(progress=note, by=request.user, at=request.at)
    except NotNow as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("That note is taken back."))
    return redirect(_back(request, sight) + f"#pupil-{sight.pupil.pk}")


@require_safe
@login_required
def card(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    sight = access.open_record(request, pupil_id, Section.STRATEGIES, also=[Section.PROFILE])
    card = selectors_teacher.card(sight)
    return show(request, sight, "apdr/card.html", Section.STRATEGIES, card=card)
