"""Writing to many homes, the daily form, photos, calls, private talks, and what homes hear."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.files_out import jpeg
from accounts.views import SignedInRequest
from apdr.services.common import require_heard
from apdr.views import writing
from pupils import access, pages, policy
from pupils.enums import Ground, Section
from pupils.errors import NotNow
from pupils.forms import attempt

from . import balance as hears
from . import calls, daily, forms_updates, many, photos, services, talks
from . import selectors_updates as selectors
from .forms import about

UPDATES = Section.UPDATES


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def write_home(request: SignedInRequest) -> HttpResponse:
    """One update to the homes of many children, or a call that is to be made: posting comes back here."""
    at = request.at
    found = many.to_write_to(request.user, at, request.GET.get("group", ""))
    if found.group is None:
        raise PermissionDenied
    form = forms_updates.ManyForm(request.POST or None, pupils=found.open, group=found.group.name)
    if request.method == "POST" and form.is_valid():
        typed, who = (
            form.cleaned_data,
            {"by": request.user, "at": at, "sent_key": form.cleaned_data["sent_key"]},
        )
        made: Any = attempt(
            form,
            lambda: (
                many.need_calls(pupils=form.whom, words=about(typed), **who)
                if typed["call"]
                else many.write_many(
                    pupils=form.whom, words=typed["words"], good_thing=typed["good_thing"], **who
                )
            ),
        )
        if made is not None:
            messages.success(request, _sent(len(made), typed["call"]))
            return redirect(f"{reverse('write_home')}?{urlencode({'group': found.group.pk})}")
        form.without_gone()
    context = {"found": found, "form": form}
    return render(request, "notifications/write_home.html", context, status=422 if form.errors else 200)


def _sent(number: int, call: bool) -> str:
    if call:
        return _("Nothing was sent. “Ring home” waits for you on your first page.")
    return ngettext(
        "Sent to the home of %(number)s child.", "Sent to the homes of %(number)s children.", number
    ) % {"number": number}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def write_daily(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    sight = access.open_record(request, pupil_id, "write_update")
    if not services.as_staff(sight):
        raise policy.NotThisSection(sight.pupil)
    row = daily.of_today(sight.pupil, request.at)
    posting = request.method == "POST"
    form = forms_updates.DailyForm(
        writing.posted(request), request.FILES if posting else None, pupil=sight.pupil, row=row
    )
    fits = daily.has_daily(sight.pupil, request.at)
    context: dict[str, Any] = {
        "template": "notifications/daily.html",
        "back": reverse("updates", args=[pupil_id]),
        "title": _("How %(pupil)s’s day went") % {"pupil": sight.pupil.called},
        "done": _("Saved. Home can read it."),
        "button": _("Save the day"),
        "too_old": not fits,
        "row": row,
    }

    def save(**typed: Any) -> None:
        daily.write_daily(pupil=sight.pupil, by=request.user, at=request.at, **typed)

    return writing.answer(request, sight, UPDATES, form, save, **context)


@require_safe
@login_required
def photo(request: SignedInRequest, photo_id: UUID) -> HttpResponse:
    """The picture itself, to whoever may read its update at this moment."""
    found = selectors.photo(photo_id)
    selectors.look_at(request.user, found, request.at)
    return jpeg(photos.content_of(found))


@require_POST
@login_required
def put_on_plan(request: SignedInRequest, update_id: UUID) -> HttpResponse:
    """What worked at home becomes a proposed strategy of the plan, in one press; a second press changes nothing."""
    update = selectors.update(update_id)
    sight = access.open_record(request, update.pupil, "write_update")
    require_heard(update, sight, UPDATES)
    try:
        services.put_on_plan(update=update, by=request.user, at=request.at)
    except NotNow as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("It is on the plan as an idea from home. Answer it there."))
    return redirect(f"{reverse('updates', args=[update.pupil_id])}#u-{update_id}")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def rang(request: SignedInRequest, call_id: UUID) -> HttpResponse:
    """When a home was rung, and how it went."""
    row = selectors.call(call_id)
    sight = access.find_record(request, row.pupil_id)
    if not services.as_staff(sight):
        raise Http404
    sight = access.open_record(request, row.pupil, "write_update")
    form = forms_updates.RangForm(writing.posted(request), today=timezone.localdate(request.at))

    def save(**typed: Any) -> None:
        calls.rang(call=row, by=request.user, at=request.at, **typed)

    return writing.answer(
        request,
        sight,
        UPDATES,
        form,
        save,
        template="notifications/rang.html",
        back=reverse("updates", args=[row.pupil_id]),
        title=_("Ring %(household)s") % {"household": row.household.name}
        if row.household
        else _("Ring home"),
        done=_("Written down."),
        button=_("I rang"),
        call=row,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ask_to_talk(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    sight = access.open_record(request, pupil_id, "write_update")
    if not talks.may_ask(sight):
        raise policy.NotThisSection(sight.pupil)
    form = forms_updates.TalkForm(writing.posted(request), adults=talks.adults(sight))

    def save(**typed: Any) -> None:
        talks.ask(pupil=sight.pupil, by=request.user, at=request.at, **typed)

    return writing.answer(
        request,
        sight,
        UPDATES,
        form,
        save,
        template="notifications/ask_to_talk.html",
        back=reverse("updates", args=[pupil_id]),
        title=_("I’d like to talk privately"),
        done=_("Asked. You are told here when there is a time."),
        button=_("Ask to talk"),
        at_home=Ground.PARENT in sight.grounds(UPDATES),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def talk(request: SignedInRequest, talk_id: UUID) -> HttpResponse:
    """One talk: when it suits, and when it is; whoever it is for answers it here."""
    row = selectors.talk(talk_id)
    sight = access.find_record(request, row.pupil_id)
    selectors.require_talk(sight, row)
    answering = talks.answers(sight, row)
    posting = request.method == "POST"
    if posting and not answering:
        raise Http404
    sight = access.open_record(request, row.pupil, UPDATES)
    form = forms_updates.AnswerTalkForm(writing.posted(request)) if answering else None
    back = reverse("updates", args=[row.pupil_id])

    def save(**typed: Any) -> None:
        talks.answer(talk=row, by=request.user, at=request.at, **typed)

    template = "notifications/talk.html"
    told: dict[str, Any] = {"title": _("A private talk"), "back": back, "talk": row}
    if form is None or (row.answered_at is not None and not posting):
        return pages.show(request, sight, template, UPDATES, **told)
    more = {"done": _("They are told."), "button": _("Tell them"), **told}
    return writing.answer(request, sight, UPDATES, form, save, template=template, **more)


@require_safe
@login_required
def balance(request: SignedInRequest) -> HttpResponse:
    """What homes hear, for a SENCO: who hears nothing, and who hears only what is hard."""
    settings = list(policy.settings_coordinated(request.user, request.at))
    if not settings:
        raise PermissionDenied
    flag = request.GET.get("flag", "")
    flag = flag if flag in hears.FLAGS else ""
    try:
        page = hears.page(request.user, request.at, flag=flag, after=request.GET.get("after", ""))
    except ValueError:
        return redirect("balance")
    counted = hears.counts(request.user, request.at)
    query = {"flag": flag} if flag else {}
    context = {
        "page": page,
        "flag": flag,
        "sentence": hears.FLAGS.get(flag, ""),
        "counted": counted,
        "noticed": [(key, text, counted[key]) for key, text in hears.FLAGS.items()],
        "next": f"?{urlencode({**query, 'after': page.after})}" if page.after else "",
        "first": f"?{urlencode(query)}" if page.earlier and query else ("?" if page.earlier else ""),
    }
    return render(request, "notifications/balance.html", context)
