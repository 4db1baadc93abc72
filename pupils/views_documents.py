"""A setting's documents: for its SENCO, for its families, and for anybody."""

from time import time
from typing import Any
from uuid import UUID

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.conflict import rows, settled
from accounts.models import Setting
from accounts.views import SignedInRequest

from . import documents as services
from . import policy
from .errors import Stale
from .forms import attempt
from .forms_documents import DocumentCommentForm, DocumentForm, DocumentReplyForm, PublishForm
from .models import Document
from .plain_text import html

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _kept(request: SignedInRequest, document_id: UUID) -> Document:
    mine = policy.settings_coordinated(request.user, request.at)
    found = Document.objects.select_related("setting", "published")
    return get_object_or_404(found, pk=document_id, setting__in=mine)


@require_safe
@login_required
def documents(request: SignedInRequest) -> HttpResponse:
    """Whatever somebody reads: by setting, what they keep and what their children's settings show."""
    kept = list(policy.settings_coordinated(request.user, request.at).order_by("name"))
    by_setting: dict[Setting, list[Document]] = {setting: [] for setting in kept}
    for row in services.readable(request.user, request.at):
        by_setting.setdefault(row.setting, []).append(row)
    page = {"by_setting": [(setting, found, setting in kept) for setting, found in by_setting.items()]}
    return render(request, "pupils/documents.html", page)


@form_page
@login_required
def write_document(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    setting = get_object_or_404(policy.settings_coordinated(request.user, request.at), pk=setting_id)
    form = DocumentForm(request.POST if request.method == "POST" else None)
    who: dict[str, Any] = {"by": request.user, "at": request.at}
    made = (
        attempt(form, lambda: services.write(setting=setting, **who, **form.cleaned_data))
        if form.is_bound
        else None
    )
    if made:
        messages.success(request, _("Saved. Nobody else reads it until you publish it or ask families."))
        return redirect("document", made.pk)
    return _form(request, form, setting)


def _form(request: SignedInRequest, form: DocumentForm, setting: Setting, row: Any = None) -> HttpResponse:
    page = {"form": form, "setting": setting, "row": row}
    return render(request, "pupils/document_form.html", page, status=422 if form.errors else 200)


@form_page
@login_required
def edit_document(request: SignedInRequest, document_id: UUID) -> HttpResponse:
    row = _kept(request, document_id)
    initial = _now(row)
    data = settled(request.POST) if request.method == "POST" else None
    form = DocumentForm(data, initial=initial, version=row.version)
    if form.is_bound and form.is_valid():
        who: dict[str, Any] = {"by": request.user, "at": request.at}
        try:
            done = attempt(form, lambda: services.edit(document=row, **who, **form.cleaned_data))
        except Stale as stale:
            page = {
                "rows": rows(form, _now(stale.now)),
                "version": stale.now.version,
                "action": request.path,
                "back_href": reverse("document", args=[row.pk]),
            }
            return render(request, "conflict.html", page, status=409)
        if done:
            messages.success(request, _("Saved as version %(number)s.") % {"number": done.version})
            return redirect("document", row.pk)
    return _form(request, form, row.setting, row)


def _now(row: Document) -> dict[str, Any]:
    kept = {name: getattr(row, name) for name in ("title", "kind", "open_to_families")}
    return {**kept, "text": services.latest_of(row).text}


@require_POST
@login_required
def publish_document(request: SignedInRequest, document_id: UUID) -> HttpResponse:
    """Let anybody read the version that was looked at; or, without one, nobody any more."""
    row = _kept(request, document_id)
    form = PublishForm(request.POST)
    who: dict[str, Any] = {"document": row, "by": request.user, "at": request.at}
    if not form.is_valid():
        messages.warning(request, _("This form is out of date. Open the page again."))
    elif form.cleaned_data["version"] is None:
        services.unpublish(**who)
        messages.success(request, _("It is not published any more."))
    else:
        try:
            services.publish(version=form.cleaned_data["version"], **who)
        except Stale:
            messages.warning(request, _("Somebody changed it while you were looking. Look at it again."))
        else:
            messages.success(request, _("It is published. Anybody can read it now."))
    return redirect("document", document_id)


@form_page
@login_required
def document(request: SignedInRequest, document_id: UUID) -> HttpResponse:
    """Read it; a family says here what they think, and reads what became of that."""
    row = services.document_for(request.user, document_id, request.at)
    keeps = policy.coordinates(request.user, row.setting, request.at)
    family = policy.family_of(request.user, row.setting, request.at)
    may = family and row.open_to_families
    shown = services.shown_to(row, keeps)
    form = None
    if may or (request.method == "POST" and family):
        data = request.POST if request.method == "POST" else None
        form = DocumentCommentForm(data, initial={"number": shown.number})
    elif request.method == "POST":
        raise Http404
    who: dict[str, Any] = {"by": request.user, "at": request.at}
    asked: Any = form
    said = None
    if form is not None and form.is_bound:
        said = attempt(form, lambda: services.comment(document=row, **who, **asked.cleaned_data))
    if said is not None:
        messages.success(request, _("Thank you. You find the answer here."))
        return redirect("document", document_id)
    context = {
        "document": row,
        "shown": shown,
        "text": html(shown.text),
        "keeps": keeps,
        "form": form,
        "comments": services.comments_for(row, request.user, keeps),
        "you_said": services.you_said(row),
        "versions": list(row.versions.defer("text").select_related("by")) if keeps else [],
        "address": request.build_absolute_uri(reverse("published_document", args=[row.setting_id, row.pk])),
    }
    return render(
        request, "pupils/document.html", context, status=422 if form is not None and form.errors else 200
    )


@form_page
@login_required
def answer_comment(request: SignedInRequest, comment_id: UUID) -> HttpResponse:
    """You said, we did: in the setting's own words."""
    row = services.comment_for(request.user, comment_id, request.at)
    last = row.replies.first()
    initial = {"you_said": last.you_said, "we_did": last.we_did, "shown": last.shown} if last else {}
    form = DocumentReplyForm(request.POST if request.method == "POST" else None, initial=initial)
    who: dict[str, Any] = {"by": request.user, "at": request.at}
    sent: Any = (
        attempt(form, lambda: services.reply(comment=row, **who, **form.cleaned_data))
        if form.is_bound
        else None
    )
    if sent is not None:
        messages.success(request, _("Your answer is with them."))
        return redirect("document", row.document_version.document_id)
    page = {"comment": row, "form": form, "document": row.document_version.document}
    return render(request, "pupils/answer_comment.html", page, status=422 if form.errors else 200)


# Without signing in -----------------------------------------------------------------------------------------

#: So many pages in a minute to one address of the network.
PACE = 120


def too_fast(request: HttpRequest) -> bool:
    """Whether somebody asks for more of what is published than anybody reads; who has no address counts as one."""
    try:
        whose = ratelimit.get_ip(request)
    except PermissionDenied:
        whose = ""
    key = f"published:{whose}:{int(time()) // 60}"
    cache.add(key, 0, 120)
    return bool(cache.incr(key) > PACE)


def _slow_down(request: HttpRequest) -> HttpResponse | None:
    return render(request, "429.html", status=429) if too_fast(request) else None


@require_safe
def published(request: HttpRequest, setting_id: UUID) -> HttpResponse:
    """What a setting shows to anybody; nothing of a pupil is in it, and nothing of a setting that shows nothing."""
    refused = _slow_down(request)
    if refused is not None:
        return refused
    setting, found = services.published(setting_id)
    return render(request, "pupils/published.html", {"setting": setting, "documents": found, "indexed": True})


@require_safe
def published_document(request: HttpRequest, setting_id: UUID, document_id: UUID) -> HttpResponse:
    refused = _slow_down(request)
    if refused is not None:
        return refused
    row = services.published_one(setting_id, document_id)
    assert row.published is not None
    context = {
        "document": row,
        "shown": row.published,
        "indexed": True,
        "text": html(row.published.text),
        "you_said": services.you_said(row),
    }
    return render(request, "pupils/published_document.html", context)
