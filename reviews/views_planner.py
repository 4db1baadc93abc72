"""The planner: what is owed, times for many at once, what is to come, and why something is not held."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Setting
from accounts.views import SignedInRequest
from apdr import selectors as cycles
from apdr.views import writing
from pupils import access, policy
from pupils.access import open_record
from pupils.enums import Section
from pupils.models import Pupil
from pupils.selectors import classes_of_settings

from . import calendars, forms, planning, scheduling, selectors
from . import selectors_planner as planner
from .forms_planner import AskForm, put_beside_each

SECTION = Section.REVIEWS


def _settings(request: SignedInRequest) -> list[Setting]:
    """The settings whose reviews this person plans. Raises PermissionDenied for somebody who plans none."""
    found = planner.settings_of(request.user, request.at)
    if not found:
        raise PermissionDenied
    return found


def _seen(request: SignedInRequest, pupils: Iterable[Pupil]) -> None:
    """Write down that this person saw reviews of these pupils; a day by which one is due is none."""
    sights = policy.sights(request.user, pupils, request.at)
    access.write_down_all(sights.values(), [SECTION])


@require_safe
@login_required
def owed(request: SignedInRequest) -> HttpResponse:
    """The reviews that are owed, the one that is due first first."""
    settings = _settings(request)
    held = planner.held_by(request.user, request.at)
    rows = planner.rows(held, request.at, settings=settings)
    page = calendars.page_of(rows, lambda row: row.pupil.pk, request.GET.get("after", ""))
    _seen(request, [row.pupil for row in page.rows if row.review])
    context = {
        "page": page,
        "next": f"?{urlencode({'after': page.after})}" if page.after else "",
        "first": request.path if page.earlier else "",
        **calendars.counts(rows),
    }
    return render(request, "reviews/owed.html", context)


@require_safe
@login_required
def ask(request: SignedInRequest) -> HttpResponse:
    """For whom times are wanted, when, where and with whom."""
    settings = _settings(request)
    form = AskForm(request.GET) if "whom" in request.GET else AskForm(initial=_span(request, settings))
    return _ask(request, settings, form, 200)


def _span(request: SignedInRequest, settings: Sequence[Setting]) -> dict[str, date]:
    """From tomorrow to the end of this term, or of the next where this one is over."""
    tomorrow = timezone.localdate(request.at) + timedelta(days=1)
    ends = sorted(term.ends_on - timedelta(days=1) for setting in settings for term in setting.terms.all())
    last = next((day for day in ends if day > tomorrow), tomorrow + timedelta(weeks=6))
    return {"first": tomorrow, "last": last}


def _ask(request: SignedInRequest, settings: Sequence[Setting], form: AskForm, status: int) -> HttpResponse:
    classes = [(group.pk, group.name) for group in classes_of_settings(settings)]
    staff = [(person.pk, person.name) for person in planner.staff_of(settings, request.at)]
    form.offer_choices(classes, planner.year_groups(settings, request.at), staff)
    bare = [setting for setting in settings if not setting.terms.all()]
    return render(request, "reviews/ask.html", {"form": form, "bare": bare}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def times(request: SignedInRequest) -> HttpResponse:
    """The times that are proposed; posted, those that are ticked are confirmed, all of them or none."""
    settings = _settings(request)
    form = AskForm(request.GET)
    if not form.is_valid():
        return _ask(request, settings, form, 422)
    if request.method != "POST":
        found = planning.proposals(form, request.user, request.at, settings)
        return _times(request, found, uuid4(), 200)
    found = planning.confirmed(request.POST, form, request.user, request.at, settings)
    key = _key(request.POST.get("key", ""))
    picked = {pk: each for pk, each in found.forms.items() if each.picked}
    wrong = [] if picked else [_("Tick at least one review.")]
    if picked and all(each.is_valid() for each in picked.values()):
        try:
            made = scheduling.schedule_all(
                bookings=[each.booking(pk) for pk, each in picked.items()],
                key=key,
                by=request.user,
                at=request.at,
            )
        except ValidationError as error:
            wrong = put_beside_each(found.forms, error)
        else:
            said = ngettext(
                "%(number)s review has its time.", "%(number)s reviews have their times.", len(made)
            )
            messages.success(request, said % {"number": len(made)})
            first = timezone.localdate(min(review.starts_at for review in made))
            return redirect(f"{reverse('reviews_to_come')}?month={first:%Y-%m}")
    return _times(request, found, key, 422, wrong)


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def _times(
    request: SignedInRequest, found: planning.Proposals, key: UUID, status: int, wrong: Sequence[str] = ()
) -> HttpResponse:
    page = {
        "found": found,
        "key": key,
        "wrong": wrong,
        "query": request.GET.urlencode(),
        "refused": status == 422,
    }
    return render(request, "reviews/times.html", page, status=status)


@require_safe
@login_required
def to_come(request: SignedInRequest) -> HttpResponse:
    """A month as a calendar and as a list, what became of others, and the load of the coming weeks."""
    settings = _settings(request)
    held, today = planner.held_by(request.user, request.at), timezone.localdate(request.at)
    month = calendars.Month.asked(request.GET.get("month", ""), today)
    meetings = planner.to_come(held, request.at, month.first, month.last, settings)
    became = planner.became(held, request.at - timedelta(days=30))[:20]
    _seen(request, {m.pupil for m in meetings} | {one.review.cycle.pupil for one in became})
    listed = calendars.page_of(meetings, lambda meeting: meeting.review.pk, request.GET.get("after", ""))
    rows = planner.rows(held, request.at, settings=settings)
    monday = today - timedelta(days=today.weekday())
    page = {
        "month": month,
        "weeks": month.weeks(meetings, settings),
        "days": calendars.by_day(listed.rows),
        "next": f"?{urlencode({'month': f'{month.first:%Y-%m}', 'after': listed.after})}"
        if listed.after
        else "",
        "first": f"?month={month.first:%Y-%m}" if listed.earlier else "",
        "became": became,
        "load": calendars.picture(
            planner.load(
                planner.set_times(held, monday, monday + timedelta(weeks=calendars.WEEKS)),
                [row.owed.by for row in rows if row.review is None],
                monday,
                calendars.WEEKS,
            )
        ),
        "without": sum(row.review is None for row in rows),
    }
    return render(request, "reviews/to_come.html", page)


@require_http_methods(["GET", "POST"])
@login_required
def cancel(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    row = selectors.review(review_id)
    sight = open_record(request, row.cycle.pupil, "hold_review")
    form = forms.CancelForm(writing.posted(request), row=row)

    def save(**typed: Any) -> None:
        scheduling.cancel_review(review=row, by=request.user, at=request.at, **typed)

    told: dict[str, Any] = {
        "title": _("Cancel this review"),
        "done": _("The review is cancelled."),
        "button": _("Cancel it"),
    }
    back = reverse("reviews_to_come")
    return writing.answer(request, sight, SECTION, form, save, back=back, quote=calendars.when(row), **told)


@require_http_methods(["GET", "POST"])
@login_required
def exempt(request: SignedInRequest, cycle_id: UUID) -> HttpResponse:
    cycle = cycles.cycle(cycle_id)
    sight = open_record(request, cycle.pupil, "hold_review")
    form = forms.ExemptForm(writing.posted(request))
    row = planner.row_of(cycle, request.at)

    def save(**typed: Any) -> None:
        scheduling.exempt_review(cycle=cycle, by=request.user, at=request.at, **typed)

    told: dict[str, Any] = {
        "title": _("This review is not needed"),
        "done": _("It is written down that this review is not needed."),
        "quote": calendars.owed_words(row) if row else "",
        "act": "schedule_review",
        "cycle": cycle,
    }
    return writing.answer(request, sight, SECTION, form, save, back=reverse("review_planner"), **told)
