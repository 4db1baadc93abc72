"""How to talk with somebody of a family: pages of the SENCO who asked them."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import said, services
from accounts.conflict import settled
from accounts.models import Preferences
from accounts.views import SignedInRequest

from . import access, forms, pages, policy, selectors, talking
from . import board as boards
from .errors import Stale
from .forms_talking import TalkingForm
from .views_circle import conflict

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
@login_required
def talking_with(request: SignedInRequest, pupil_id: UUID, person_id: UUID) -> HttpResponse:
    """What somebody said of how to talk with them, where it comes from, and what they say when asked anew."""
    sight = access.find_record(request, pupil_id)
    person = talking.whom(pupil=sight.pupil, person_id=person_id, by=request.user, at=request.at)
    stored = services.preferences_of(person)
    initial = {"asked_on": timezone.localdate(request.at)}
    post = settled(request.POST) if request.method == "POST" else None
    form = TalkingForm(post, instance=stored, initial=initial, signs_in=person.signs_in)
    if post is not None:
        try:
            done = forms.attempt(
                form,
                lambda: talking.write_down(
                    pupil=sight.pupil,
                    person=person,
                    version=form.cleaned_data["version"],
                    typed=form.preferences,
                    how=form.cleaned_data["how"],
                    asked_on=form.cleaned_data["asked_on"],
                    by=request.user,
                    at=request.at,
                ),
            )
        except Stale as stale:
            now = {name: getattr(stale.now, name) for name in services.PREFERENCES}
            return conflict(request, form, stale, now)
        if done is not None:
            messages.success(
                request,
                _("Saved. %(person)s sees what you wrote down, and can change it.") % {"person": person.name},
            )
            return redirect("circle", pupil_id)
    found = said.names_shown(said.said_of(person), selectors.colleagues_of(request.user, request.at))
    own = boards.user_of(sight.pupil, request.at) == person
    return _page(request, sight, form, name=person.name, said=found, signs_in=person.signs_in, own=own)


@form_page
@login_required
def on_paper(request: SignedInRequest, pupil_id: UUID, carer_id: UUID) -> HttpResponse:
    """Let an adult of the family take part who never signs in."""
    sight = talking.passed(access.find_record(request, pupil_id))
    carer = get_object_or_404(sight.pupil.parent_carers, pk=carer_id)
    if carer.person_id is not None:
        return redirect("talking_with", pupil_id, carer.person_id)
    return _begin(request, sight, carer.name, partial(talking.begin_on_paper, carer=carer))


@form_page
@login_required
def own_on_paper(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    """Let a child or young person take part in their own record who never signs in."""
    sight = talking.passed(access.find_record(request, pupil_id))
    itself = boards.user_of(sight.pupil, request.at)
    if itself is not None:
        return redirect("talking_with", pupil_id, itself.pk)
    begin = partial(talking.begin_own_on_paper, pupil=sight.pupil)
    return _begin(request, sight, sight.pupil.name, begin, own=True)


def _begin(
    request: SignedInRequest, sight: policy.Sight, name: str, begin: Callable[..., Any], own: bool = False
) -> HttpResponse:
    initial = {"asked_on": timezone.localdate(request.at)}
    post = request.POST if request.method == "POST" else None
    form = TalkingForm(post, instance=Preferences(), initial=initial, signs_in=False)
    if post is not None:
        done = forms.attempt(
            form,
            lambda: begin(
                typed=form.preferences,
                how=form.cleaned_data["how"],
                asked_on=form.cleaned_data["asked_on"],
                by=request.user,
                at=request.at,
            ),
        )
        if done is not None:
            messages.success(
                request, _("Saved. What is for %(name)s waits among the letters to print.") % {"name": name}
            )
            return redirect("circle", sight.pupil.pk)
    return _page(request, sight, form, name=name, said=[], signs_in=False, new=True, own=own)


def _page(request: SignedInRequest, sight: Any, form: TalkingForm, **shown: Any) -> HttpResponse:
    """Nothing of the record is shown: the preferences are the person's."""
    return pages.show(
        request,
        sight,
        "pupils/talking_with.html",
        None,
        form=form,
        status=422 if form.errors else 200,
        **shown,
    )
