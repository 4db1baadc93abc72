"""A setting as its SENCO keeps it: policies, terms and classes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.conflict import rows, settled
from accounts.models import Setting
from accounts.views import SignedInRequest

from . import audit, circle, policy, selectors
from . import settings as services
from .errors import Stale
from .forms import attempt
from .forms_settings import ClassNameForm, ClassStaffForm, MoveClassForm, SettingForm, TermForm


@require_safe
@login_required
def settings_of_senco(request: SignedInRequest) -> HttpResponse:
    mine = list(policy.settings_coordinated(request.user, request.at))
    if len(mine) == 1:
        return redirect("setting", mine[0].pk)
    return render(request, "pupils/settings.html", {"settings": mine})


@require_safe
@login_required
def setting(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    return _show(request, selectors.setting_coordinated(request.user, setting_id, request.at))


def _show(request: SignedInRequest, found: Setting, **asked: Any) -> HttpResponse:
    failed = [form for form in asked.values() if form.errors]
    context = {
        "setting": found,
        "terms": list(found.terms.all()),
        "classes": selectors.classes_of_settings([found]),
        "term_form": TermForm(),
        "class_form": ClassNameForm(),
        "form": failed[0] if failed else None,
        **asked,
    }
    return render(request, "pupils/setting.html", context, status=422 if failed else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit_setting(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    found = selectors.setting_coordinated(request.user, setting_id, request.at)
    if request.method != "POST":
        form = SettingForm(instance=found, initial={"version": found.version})
        return render(request, "pupils/edit_setting.html", {"form": form, "setting": found})
    form = SettingForm(
        settled(request.POST), instance=selectors.setting_coordinated(request.user, setting_id, request.at)
    )
    if form.is_valid():
        typed = dict(form.cleaned_data)
        version = typed.pop("version")
        who: dict[str, Any] = {"by": request.user, "at": request.at}
        try:
            done = attempt(
                form, lambda: services.edit_setting(setting=found, version=version, **who, **typed) or True
            )
        except Stale as stale:
            now = {name: getattr(stale.now, name) for name in typed}
            context = {
                "form": form,
                "rows": rows(form, now),
                "version": stale.now.version,
                "action": request.path,
                "own": audit.is_own(stale, request.user),
            }
            return render(request, "conflict.html", context, status=409)
        if done:
            messages.success(request, _("Saved. It counts from now on."))
            return redirect("setting", setting_id)
    return render(request, "pupils/edit_setting.html", {"form": form, "setting": found}, status=422)


@require_POST
@login_required
def add_term(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    found = selectors.setting_coordinated(request.user, setting_id, request.at)
    form = TermForm(request.POST)
    who: dict[str, Any] = {"by": request.user, "at": request.at}
    if attempt(form, lambda: services.add_term(setting=found, **who, **form.cleaned_data)):
        messages.success(request, _("The term is added."))
        return redirect("setting", setting_id)
    return _show(request, found, term_form=form)


@require_POST
@login_required
def remove_term(request: SignedInRequest, setting_id: UUID, term_id: UUID) -> HttpResponse:
    term = selectors.term_of(selectors.setting_coordinated(request.user, setting_id, request.at), term_id)
    services.remove_term(term=term, by=request.user, at=request.at)
    messages.success(request, _("The term is taken out."))
    return redirect("setting", setting_id)


@require_POST
@login_required
def add_class(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    found = selectors.setting_coordinated(request.user, setting_id, request.at)
    form = ClassNameForm(request.POST)
    who: dict[str, Any] = {"by": request.user, "at": request.at}
    made = attempt(form, lambda: circle.open_class(setting=found, name=form.cleaned_data["name"], **who))
    if made:
        return redirect("setting_class", setting_id, made.pk)
    return _show(request, found, class_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def setting_class(request: SignedInRequest, setting_id: UUID, class_id: UUID) -> HttpResponse:
    """Who teaches a class, and adding somebody."""
    found = selectors.setting_coordinated(request.user, setting_id, request.at)
    group = selectors.class_in(found, class_id)
    form = ClassStaffForm(request.POST or None, staff=selectors.staff_of(found, request.at))
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        who: dict[str, Any] = {"by": request.user, "at": request.at}
        if attempt(form, lambda: circle.join_class(class_group=group, **who, **asked)):
            messages.success(
                request,
                _("%(asked)s teaches %(group)s from now on.")
                % {"asked": asked["person"].name, "group": group.name},
            )
            return redirect("setting_class", setting_id, class_id)
    context = {
        "setting": found,
        "group": group,
        "pupils": selectors.in_class(group, request.user, request.at),
        "staff": list(group.staff.filter(ends_at=None).select_related("person").order_by("person__name")),
        "form": form,
    }
    return render(request, "pupils/setting_class.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def move_class(request: SignedInRequest, setting_id: UUID, class_id: UUID) -> HttpResponse:
    """Pupils of a class go to another: at the end of a year, or one by one."""
    found = selectors.setting_coordinated(request.user, setting_id, request.at)
    group = selectors.class_in(found, class_id)
    pupils = selectors.in_class(group, request.user, request.at)
    form = MoveClassForm(
        request.POST if request.method == "POST" else None,
        pupils=pupils,
        classes=selectors.other_classes(group),
    )
    if request.method == "POST" and form.is_valid():
        asked: dict[str, Any] = form.cleaned_data
        who: dict[str, Any] = {"by": request.user, "at": request.at}
        moved = {pupil.pk for pupil in asked["pupils"]}
        done = attempt(
            form, lambda: circle.move_to_class(pupils=moved, was=group, to=asked["to"], **who) or True
        )
        if done:
            words = ngettext(
                "%(number)s pupil is in %(to)s now.", "%(number)s pupils are in %(to)s now.", len(moved)
            )
            messages.success(request, words % {"number": len(moved), "to": asked["to"].name})
            return redirect("setting_class", setting_id, class_id)
    context = {"setting": found, "group": group, "form": form}
    return render(request, "pupils/move_class.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def leave_class(request: SignedInRequest, setting_id: UUID, class_id: UUID, person_id: UUID) -> HttpResponse:
    group = selectors.class_in(selectors.setting_coordinated(request.user, setting_id, request.at), class_id)
    person = selectors.taught(group, person_id)
    circle.leave_class(class_group=group, person=person, by=request.user, at=request.at)
    messages.success(
        request, _("%(person)s no longer teaches %(group)s.") % {"person": person.name, "group": group.name}
    )
    return redirect("setting_class", setting_id, class_id)
