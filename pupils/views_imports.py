"""Bringing in files: choose, look at the rows, save, and see how far it is."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from kombu.exceptions import OperationalError

from accounts.models import Setting
from accounts.views import SignedInRequest

from . import tasks
from .enums import ImportKind, ImportState
from .errors import NotNow
from .forms_imports import FileForm
from .imports import columns, inviting, progress, selectors, services


@require_GET
@login_required
def imports(request: SignedInRequest) -> HttpResponse:
    settings = _settings(request)
    kinds = [{"kind": k, "hint": HINTS[k]} for k in ImportKind]
    page = {"settings": settings, "kinds": kinds, "recent": selectors.recent(request.user, request.at)}
    return render(request, "pupils/imports.html", page)


HINTS = {
    ImportKind.STAFF: _lazy("Names, e-mail addresses and roles. Each person gets an invitation."),
    ImportKind.CLASSES: _lazy("Classes and who teaches them."),
    ImportKind.PUPILS: _lazy("Pupils with their codes, classes and types of need."),
    ImportKind.FAMILIES: _lazy("The adults of each child’s family, by household."),
    ImportKind.STRATEGIES: _lazy("What adults can try, for the library that plans are written from."),
}


@require_http_methods(["GET", "POST"])
@login_required
def import_new(request: SignedInRequest, kind: str) -> HttpResponse:
    settings, kind = _settings(request), _kind(kind)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FileForm(*sent, kind=kind, settings=settings)
    if form.is_valid():
        try:
            batch = services.upload(
                kind=kind,
                setting=form.cleaned_data.get("setting") or settings[0],
                content=form.cleaned_data["file"].read(),
                by=request.user,
                at=request.at,
                leaves_other_classes=form.cleaned_data.get("leaves_other_classes", False),
            )
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return redirect("import", import_id=batch.pk)
    page = {"form": form, "kind": kind, "settings": settings, "columns": columns.COLUMNS[kind]}
    return render(request, "pupils/import_new.html", page, status=422 if form.errors else 200)


@require_GET
@login_required
def import_template(request: SignedInRequest, kind: str) -> HttpResponse:
    _settings(request)
    return _csv(columns.template(_kind(kind)), f"{kind}.csv")


@require_GET
@login_required
def import_one(request: SignedInRequest, import_id: UUID) -> HttpResponse:
    batch = selectors.import_for(request.user, import_id, request.at)
    page = {"batch": batch, "done": progress.done(batch.pk), "kind": ImportKind(batch.kind)}
    if selectors.is_open(batch):
        show, after = request.GET.get("show", ""), request.GET.get("after", "")
        number = int(after) if after.isdecimal() and len(after) < 8 else 0
        page |= selectors.preview(batch, request.user, show, number, request.at)
        return render(request, "pupils/import_preview.html", page)
    if batch.kind == ImportKind.FAMILIES and batch.state == ImportState.DONE:
        page["ready"] = len(inviting.ready(batch.setting, request.at))
    return render(request, "pupils/import_state.html", page)


@require_GET
@login_required
def import_progress(request: SignedInRequest, import_id: UUID) -> HttpResponse:
    """The state alone, asked for every two seconds; once it is saved or stopped the whole page is shown anew."""
    batch = selectors.import_for(request.user, import_id, request.at)
    answer = render(request, "pupils/import_progress.html", {"batch": batch, "done": progress.done(batch.pk)})
    if batch.state != ImportState.WAITING:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@login_required
def import_start(request: SignedInRequest, import_id: UUID) -> HttpResponse:
    batch = selectors.import_for(request.user, import_id, request.at)
    try:
        services.start(
            batch=batch, by=request.user, at=request.at, send=lambda pk: tasks.save_import.delay(str(pk))
        )
    except NotNow as refusal:
        messages.warning(request, str(refusal))
    return redirect("import", import_id=import_id)


@require_POST
@login_required
def import_check(request: SignedInRequest, import_id: UUID) -> HttpResponse:
    batch = selectors.import_for(request.user, import_id, request.at)
    try:
        services.check_again(batch=batch, by=request.user, at=request.at)
    except NotNow as refusal:
        messages.warning(request, str(refusal))
    return redirect("import", import_id=import_id)


@require_POST
@login_required
def import_cancel(request: SignedInRequest, import_id: UUID) -> HttpResponse:
    batch = selectors.import_for(request.user, import_id, request.at)
    try:
        services.cancel(batch=batch, by=request.user, at=request.at)
    except NotNow as refusal:
        messages.warning(request, str(refusal))
        return redirect("import", import_id=import_id)
    messages.success(request, _("Cancelled. Nothing was saved, and the rows of the file are deleted."))
    return redirect("imports")


@require_GET
@login_required
def import_report(request: SignedInRequest, import_id: UUID) -> HttpResponse:
    batch = selectors.import_for(request.user, import_id, request.at)
    return _csv(selectors.report(batch), "to-put-right.csv")


@require_http_methods(["GET", "POST"])
@login_required
def import_invite(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    setting = selectors.setting_for(request.user, setting_id, request.at)
    if request.method == "POST":
        try:
            tasks.invite_families.delay(str(setting.pk), str(request.user.pk))
        except OperationalError:  # the broker is away
            messages.warning(request, _("No invitation is sent yet. Try again in a few minutes."))
        else:
            messages.success(
                request, _("The invitations are being sent. This page shows who is left to invite.")
            )
        return redirect("import_invite", setting_id=setting.pk)
    ready = inviting.ready(setting, request.at)
    return render(
        request, "pupils/import_invite.html", {"setting": setting, "ready": ready[:200], "count": len(ready)}
    )


def _settings(request: SignedInRequest) -> list[Setting]:
    settings = selectors.settings_of(request.user, request.at)
    if not settings:
        raise PermissionDenied(_("Only the SENCO can bring in files. Ask them if it needs doing."))
    return settings


def _kind(kind: str) -> ImportKind:
    if kind not in ImportKind:
        raise Http404
    return ImportKind(kind)


def _csv(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
