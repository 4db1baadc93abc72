"""The one-page profile, and who looked."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import conflict
from accounts.files_out import jpeg
from accounts.views import SignedInRequest

from . import access, policy, profile_pictures, selectors_looks, selectors_profile, services
from .enums import Ground, Section
from .errors import Stale
from .forms import attempt
from .forms_profile import WORDS, LookFilters, ProfileForm
from .models import Profile
from .pages import show, who_sees

form_page = require_http_methods(["GET", "HEAD", "POST"])
HOW = ["how_made", "helped"]
SENT = ["picture", "picture_alt", "chosen", "no_picture"]


@require_safe
@login_required
def profile(request: SignedInRequest, pupil_id: UUID, number: int | None = None) -> HttpResponse:
    sight = access.open_record(request, pupil_id, Section.PROFILE)
    found = selectors_profile.profiles(sight, number)
    who = who_sees(sight, Section.PROFILE)
    may_set_page = sight.may("write_profile") and not policy.they_decide(sight)
    return show(
        request,
        sight,
        "pupils/profile.html",
        Section.PROFILE,
        found=found,
        who=who,
        may_set_page=may_set_page,
    )


@require_safe
@login_required
def profile_picture(request: SignedInRequest, picture_id: UUID) -> HttpResponse:
    """The picture itself, to whoever may read the profile at this moment."""
    found = profile_pictures.picture(picture_id)
    profile_pictures.look_at(request.user, found, request.at)
    return jpeg(profile_pictures.content_of(found), "profile")


@form_page
@login_required
def edit_profile(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    sight = access.open_record(request, pupil_id, "write_profile")
    latest = selectors_profile.profiles(sight).profile
    own = Ground.OWN in sight.grounds(Section.PROFILE)
    posting = request.method == "POST"
    form = ProfileForm(
        conflict.settled(request.POST) if posting else None,
        request.FILES if posting else None,
        own=own,
        has_picture=latest is not None and latest.picture_id is not None,
        initial=_now(latest),
    )
    if posting and form.is_valid():
        typed = dict(form.cleaned_data)
        words = {name: typed[name] for name in [*WORDS, *HOW]}
        sent = {name: typed[name] for name in SENT if name in typed}
        number = typed["version"]
        try:
            saved = attempt(
                form,
                lambda: services.write_profile(
                    pupil=sight.pupil, number=number, by=request.user, at=request.at, **words, **sent
                ),
            )
        except Stale as stale:
            if stale.now is None:
                form.add_error(None, _("This form is out of date. Open the page again."))
            elif not _same(stale.now, words, request):
                return _conflict(request, form, stale.now)
            saved = stale.now
        if saved is not None:
            messages.success(request, _("The profile is saved."))
            return redirect("profile", pupil_id)
    status = 422 if form.errors else 200
    return show(
        request, sight, "pupils/edit_profile.html", Section.PROFILE, status=status, form=form, own=own
    )


def _now(latest: Profile | None) -> dict[str, object]:
    """What the form begins with; how the next one is made is asked anew."""
    if latest is None:
        return {"version": 0}
    return {name: getattr(latest, name) for name in WORDS} | {"version": latest.number}


def _same(now: Profile, words: dict[str, str], request: SignedInRequest) -> bool:
    """Whether what somebody else seems to have saved is this very form, posted twice."""
    return now.written_by_id == request.user.pk and all(getattr(now, k) == v for k, v in words.items())


def _conflict(request: SignedInRequest, form: ProfileForm, now: Profile) -> HttpResponse:
    stored = {name: getattr(now, name) for name in [*WORDS, *HOW]}
    page = {
        "rows": conflict.rows(form, stored),
        "version": now.number,
        "action": request.path,
        "back_href": reverse("profile", args=[now.pupil_id]),
        "by": now.written_by.called,
        "own": now.written_by_id == request.user.pk,
    }
    return render(request, "conflict.html", page, status=409)


@require_safe
@login_required
def who_looked(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    sight = access.open_record(request, pupil_id, "read_who_looked")
    form = LookFilters(request.GET, people=selectors_looks.people(sight))
    form.is_valid()
    asked = form.cleaned_data
    found = selectors_looks.looks(
        sight,
        request.GET.get("after", ""),
        asked.get("person"),
        asked.get("part") or "",
        own=bool(asked.get("own")),
    )
    query = {name: request.GET[name] for name in form.fields if asked.get(name)}
    return show(
        request,
        sight,
        "pupils/who_looked.html",
        Section.PROFILE,
        filters=form,
        found=found,
        next=f"?{urlencode({**query, 'after': found.after})}" if found.after else "",
        first=f"{request.path}?{urlencode(query)}" if found.earlier else "",
        with_own="" if asked.get("own") or asked.get("person") else f"?{urlencode({**query, 'own': 'on'})}",
        whole=bool(sight.grounds(Section.PROFILE) & {Ground.OWN, Ground.COORDINATES}),
    )
