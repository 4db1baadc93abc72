"""You said, we did, at any time: what waits for an answer, and what was done about what was said."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.views import SignedInRequest
from apdr.selectors_voice import may_change, said
from pupils import access, pages
from pupils.enums import Section

from . import forms, room
from . import selectors_we_did as selectors
from .views_room import put_beside


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def we_did(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    sight = access.open_record(request, pupil_id, "record_views", also=[Section.PLAN, Section.STRATEGIES])
    post = request.POST if request.method == "POST" else None
    rows, choices = selectors.waiting(sight, _about(post)), may_change(sight)
    asked = [(one, forms.YouSaidForm(post, prefix=str(one.row.pk), may_change=choices)) for one in rows]
    status, refused = 200, ""
    if post is not None:
        status = 422
        wrong = [form for __, form in asked if not form.is_valid()]
        if not wrong and not any(form.cleaned_data["words"] for __, form in asked):
            refused = _("Write what you do about at least one of them.")
        elif not wrong:
            answers = [
                room.Answered(
                    one.row,
                    form.cleaned_data["words"],
                    form.cleaned_data["seen"],
                    selectors.changed(form.cleaned_data["changed"], sight),
                )
                for one, form in asked
            ]
            try:
                room.answer_said(pupil=sight.pupil, answers=answers, by=request.user, at=request.at)
            except room.Overtaken as meanwhile:
                status = 409
                put_beside(asked, meanwhile)
            except ValidationError as error:
                refused = " ".join(error.messages)
            else:
                messages.success(request, _("Saved. Each of them can read what you do about it."))
                return redirect("we_did", pupil_id)
    beside = {one.row.pk: one for one in said([one.row for one in rows], sight)}
    page = {
        "asked": [(one, form, beside[one.row.pk]) for one, form in asked],
        "forms": [form for __, form in asked],
        "done": said(selectors.answered(sight), sight),
        "posted": post is not None,
        "refused": refused,
    }
    return pages.show(request, sight, "reviews/we_did.html", Section.VIEWS, status=status, **page)


def _about(post: Any) -> list[UUID]:
    """What a posted form is about."""
    found = []
    for name in post or ():
        pk, _sep, field = name.rpartition("-")
        if field == "words":
            try:
                found.append(UUID(pk))
            except ValueError:
                continue
    return found
