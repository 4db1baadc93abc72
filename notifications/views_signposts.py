"""Where families find help: a setting's directory, offering from it, and what they say to it."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import conflict
from accounts.models import Setting
from accounts.views import SignedInRequest
from apdr.services.common import household_of, require_heard
from apdr.views import writing
from pupils import access, pages, policy
from pupils.enums import Section
from pupils.errors import Stale
from pupils.forms import attempt

from . import signposts
from .enums_updates import SaidToSignpost
from .forms_signposts import MarkForm, OfferForm, SignpostFilters, SignpostForm, ThanksForm
from .models import Signpost
from .services import as_staff


def _kept_here(request: SignedInRequest, setting_id: UUID) -> Setting:
    return get_object_or_404(policy.settings_coordinated(request.user, request.at), pk=setting_id)


@require_safe
@login_required
def show_signposts(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    """What a setting knows, with what to look at again first; and what it does not offer any more."""
    setting = _kept_here(request, setting_id)
    filters = SignpostFilters(request.GET)
    every = list(filters.of(Signpost.objects.filter(setting=setting)))
    old = set(signposts.stale(Setting.objects.filter(pk=setting.pk), request.at).values_list("pk", flat=True))
    used = [row for row in every if row.retired_at is None]
    context = {
        "setting": setting,
        "filters": filters,
        "stale": [row for row in used if row.pk in old],
        "rows": [row for row in used if row.pk not in old],
        "retired": [row for row in every if row.retired_at is not None],
        "empty": not every and not setting.signposts.exists(),
    }
    return render(request, "notifications/signposts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add_signpost(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    setting = _kept_here(request, setting_id)
    form = SignpostForm(request.POST if request.method == "POST" else None)
    who: dict[str, Any] = {"by": request.user, "at": request.at}
    made = (
        attempt(form, lambda: signposts.add(setting=setting, **who, **form.typed)) if form.is_bound else None
    )
    if made:
        messages.success(request, _("It is in the directory."))
        return redirect("signposts", setting_id)
    return _form(request, setting, form)


def _form(request: SignedInRequest, setting: Setting, form: SignpostForm, row: Any = None) -> HttpResponse:
    page = {"setting": setting, "form": form, "row": row}
    return render(request, "notifications/signpost_form.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit_signpost(request: SignedInRequest, signpost_id: UUID) -> HttpResponse:
    row = signposts.one(signpost_id)
    setting = _kept_here(request, row.setting_id)
    form = SignpostForm(conflict.settled(request.POST) if request.method == "POST" else None, row=row)
    if request.method == "POST" and form.is_valid():
        who: dict[str, Any] = {"by": request.user, "at": request.at}
        try:
            done = attempt(form, lambda: signposts.edit(signpost=row, **who, **form.typed) or True)
        except Stale as stale:
            return writing.beside(request, form, stale, reverse("signposts", args=[setting.pk]))
        if done:
            messages.success(request, _("Saved. What was offered before keeps its words."))
            return redirect("signposts", setting.pk)
    return _form(request, setting, form, row)


@require_POST
@login_required
def mark_signpost(request: SignedInRequest, signpost_id: UUID) -> HttpResponse:
    """One press: somebody looked and it is true, or it is offered no more, or again."""
    row = signposts.one(signpost_id)
    setting = _kept_here(request, row.setting_id)
    form = MarkForm(request.POST)
    told = _("This form is out of date. Open the page again.")
    if form.is_valid():
        marks: dict[str, dict[str, Any]] = {
            "checked": {"checked_on": timezone.localdate(request.at)},
            "retire": {"retired_at": row.retired_at or request.at},
            "back": {"retired_at": None},
        }
        fields = marks[form.cleaned_data["do"]]
        try:
            signposts.edit(
                signpost=row, version=form.cleaned_data["version"], by=request.user, at=request.at, **fields
            )
        except Stale:
            told = _("Somebody changed it while you were looking. Look at it again.")
        else:
            messages.success(request, _("Saved."))
            return redirect("signposts", setting.pk)
    messages.warning(request, told)
    return redirect("signposts", setting.pk)


@require_POST
@login_required
def fill_signposts(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    setting = _kept_here(request, setting_id)
    added = signposts.fill(setting=setting, by=request.user, at=request.at)
    told = ngettext("%(n)s signpost was put in.", "%(n)s signposts were put in.", added) % {"n": added}
    messages.success(request, told if added else _("You have all of ours already."))
    return redirect("signposts", setting_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def pupil_signposts(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    """What was offered to this home, with what they said; staff offer more from here."""
    sight = access.open_record(request, pupil_id, Section.UPDATES)
    staff = as_staff(sight) and sight.may("write_update") and sight.looker is None
    form, filters = None, SignpostFilters(request.GET)
    if staff:
        found = filters.of(signposts.fitting(sight.pupil, request.at))
        form = OfferForm(
            request.POST if request.method == "POST" else None,
            signposts=signposts.fitting(sight.pupil, request.at) if request.method == "POST" else found,
            recipients=signposts.recipients(sight.pupil, request.at),
        )
    elif request.method == "POST":
        raise policy.NotThisSection(sight.pupil)
    if form is not None and request.method == "POST" and form.is_valid():
        who: dict[str, Any] = {"by": request.user, "at": request.at}
        asked = form
        if attempt(form, lambda: signposts.offer(pupil=sight.pupil, **who, **asked.typed)):
            messages.success(request, _("It is offered. They find it on this page."))
            return redirect("pupil_signposts", pupil_id)
    home = None if staff else household_of(sight)
    offers = []
    for row in signposts.heard(sight).prefetch_related("answers__by"):
        said = next(iter(row.answers.all()), None)
        offers.append((row, said, not staff and signposts.answers_to(row, sight, home)))
    return pages.show(
        request,
        sight,
        "notifications/pupil_signposts.html",
        Section.UPDATES,
        status=422 if form is not None and form.errors else 200,
        offers=offers,
        form=form,
        filters=filters,
        key=uuid4,
        answers=SaidToSignpost.choices,
    )


@require_POST
@login_required
def answer_signpost(request: SignedInRequest, offer_id: UUID) -> HttpResponse:
    row = signposts.one_offer(offer_id)
    sight = access.open_record(request, row.pupil_id, "write_update")
    require_heard(row, sight, Section.UPDATES)
    if not signposts.answers_to(row, sight, household_of(sight)):
        raise policy.NotThisSection(sight.pupil)
    form = ThanksForm(request.POST)
    if form.is_valid():
        typed = {**form.typed, "answer": SaidToSignpost(form.typed["answer"])}
        if attempt(form, lambda: signposts.answer(offer=row, by=request.user, at=request.at, **typed)):
            messages.success(request, _("Thank you for telling us."))
            return redirect("pupil_signposts", row.pupil_id)
    messages.warning(request, _("This form is out of date. Open the page again."))
    return redirect("pupil_signposts", row.pupil_id)
