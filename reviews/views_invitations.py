"""Asking people to a review, answering with and without signing in, taking part, and saying something before it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views import SignedInRequest, TimedRequest
from apdr.enums import Perspective
from apdr.views import writing
from pupils import access, pages, policy
from pupils.access import open_record
from pupils.enums import Ground, Section, Way
from pupils.errors import NotNow, Stale
from pupils.forms import attempt

from . import answer_links, contributions, forms_invitations, invitations, offers, selectors, services
from . import selectors_invitations as asked
from . import selectors_planner as planner
from .enums import ReviewState
from .enums_invitations import Coming, Part, Through
from .models import Review
from .scheduling import AT_ONCE

SECTION = Section.REVIEWS
form_page = require_http_methods(["GET", "HEAD", "POST"])


def _ids(texts: list[str]) -> set[UUID]:
    try:
        return {UUID(text) for text in texts}
    except ValueError as error:
        raise Http404 from error


# What a SENCO does -----------------------------------------------------------------------------------------------


@require_safe
@login_required
def who_comes(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    """Who is asked, what they answered, and how the child takes part."""
    review = asked.whole(review_id)
    sight = open_record(request, review.cycle.pupil, "hold_review")
    return _who_comes(request, sight, review)


def _who_comes(
    request: SignedInRequest, sight: policy.Sight, review: Review, status: int = 200, refused: str = ""
) -> HttpResponse:
    page = asked.to_ask(review, request.user, request.at)
    context = {"review": review, "coming": page, "refused": refused}
    return pages.show(request, sight, "reviews/who_comes.html", SECTION, status=status, **context)


@require_POST
@login_required
def ask_to_review(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    """Ask those who are ticked, with one press. A second press asks nobody twice."""
    review = selectors.review(review_id)
    sight = open_record(request, review.cycle.pupil, "hold_review")
    people = _ids(request.POST.getlist("people"))
    if not people:
        return _who_comes(request, sight, review, 422, _("Tick at least one person."))
    try:
        made = invitations.ask(review=review, by=request.user, at=request.at, people=people)
    except (NotNow, ValidationError) as error:
        return _refused(request, sight, review, error)
    if len(made) == 1:
        said = _("One person is asked now.")
    elif made:
        said = ngettext("%(made)s person is asked now.", "%(made)s people are asked now.", len(made)) % {
            "made": len(made)
        }
    else:
        said = _("They were asked already.")
    messages.success(request, said)
    return redirect("who_comes", review_id)


def _refused(request: SignedInRequest, sight: policy.Sight, review: Review, error: Exception) -> HttpResponse:
    words = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
    status = 422 if isinstance(error, ValidationError) else 409
    return _who_comes(request, sight, selectors.review(review.pk), status, words)


@form_page
@login_required
def ask_to_reviews(request: SignedInRequest) -> HttpResponse:
    """Ask everybody to the reviews that are ticked, of those to which nobody was asked yet."""
    if not planner.settings_of(request.user, request.at):
        raise PermissionDenied
    held, refused, status = planner.held_by(request.user, request.at), "", 200
    if request.method == "POST":
        picked = asked.held_reviews(held, _ids(request.POST.getlist("review")))
        status, refused = 422, "" if picked else _("Tick at least one review.")
        try:
            if picked:
                many = invitations.ask_all(reviews=picked, by=request.user, at=request.at)
                messages.success(
                    request,
                    _(
                        "Asked: %(many)s. Each of them hears of it by their own e-mail, or finds it when they sign in."
                    )
                    % {"many": many},
                )
                return redirect("reviews_to_come")
        except (NotNow, ValidationError) as error:
            refused = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
    found = asked.unasked(held, request.user, request.at, AT_ONCE)
    sights = policy.sights(request.user, [one.pupil for one in found], request.at)
    access.write_down_all(sights.values(), [SECTION])
    return render(request, "reviews/ask_many.html", {"found": found, "refused": refused}, status=status)


@require_POST
@login_required
def take_back_ask(request: SignedInRequest, review_id: UUID, invitation_id: UUID) -> HttpResponse:
    review = selectors.review(review_id)
    sight = open_record(request, review.cycle.pupil, "hold_review")
    row = asked.asked(review, invitation_id)
    try:
        invitations.take_back(invitation=row, by=request.user, at=request.at)
    except NotNow as error:
        return _refused(request, sight, review, error)
    messages.success(request, _("%(person)s is not asked any more.") % {"person": row.person.called})
    return redirect("who_comes", review_id)


@require_POST
@login_required
def move_to_slot(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    """Give a review a time that somebody asked for."""
    review = selectors.review(review_id)
    sight = open_record(request, review.cycle.pupil, "hold_review")
    version, text = request.POST.get("version", ""), request.POST.get("starts_at", "")
    try:
        starts_at = parse_datetime(text)
    except ValueError:
        starts_at = None
    if starts_at is None or starts_at.tzinfo is None or not version.isdecimal() or len(version) > 9:
        return _who_comes(request, sight, review, 422, _("This page is out of date. Choose the time again."))
    try:
        services.edit_review(
            review=review, version=int(version), starts_at=starts_at, by=request.user, at=request.at
        )
    except Stale as stale:
        words = _("Somebody changed it meanwhile: it is on %(when)s.") % {
            "when": forms_invitations.in_full(stale.now.starts_at)
        }
        return _who_comes(request, sight, selectors.review(review_id), 409, words)
    except (NotNow, ValidationError) as error:
        return _refused(request, sight, review, error)
    messages.success(request, _("The review is moved. Everybody is asked again."))
    return redirect("who_comes", review_id)


@form_page
@login_required
def write_reply(request: SignedInRequest, review_id: UUID, invitation_id: UUID) -> HttpResponse:
    """Write down what somebody answered by phone or in person."""
    review = selectors.review(review_id)
    sight = open_record(request, review.cycle.pupil, "hold_review")
    row = asked.asked(review, invitation_id)
    return _replying(
        request,
        sight,
        row,
        Through.SAID,
        request.path,
        back=reverse("who_comes", args=[review_id]),
        title=_("What %(person)s answered") % {"person": row.person.called},
    )


# What those who are asked do ---------------------------------------------------------------------------------


def _open(request: SignedInRequest, review: Review) -> tuple[policy.Sight, Perspective]:
    """Somebody's sight, who takes part in a review, and as whom; writes that they looked."""
    sight, part = contributions.require_taking_part(review, request.user, request.at)
    seen = SECTION if sight.sees(SECTION) else Section.PLAN
    access.write_down(sight, [seen], Way.PAGE)
    return sight, part


@form_page
@login_required
def reply(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    """Say if I come, or what would suit me."""
    review = selectors.review(review_id)
    sight, part = _open(request, review)
    if part is Perspective.CHILD:
        return redirect("take_part", review_id)
    row = invitations.invited(review, sight)
    if row is None:
        raise policy.NotThisSection(sight.pupil)
    row.review = review
    return _replying(request, sight, row, Through.HERE, request.path, back=reverse("home"), title="")


def _replying(
    request: SignedInRequest,
    sight: policy.Sight,
    row: Any,
    through: Through,
    href: str,
    *,
    back: str,
    title: str,
) -> HttpResponse:
    review = row.review
    wanted = (request.POST if request.method == "POST" else request.GET).get("answer", "")
    answer = Coming(wanted) if wanted in Coming.values else None
    form = None
    if answer is not None:
        offered = offers.other_times(review, request.at) if answer is Coming.OTHER_TIME else []
        form = forms_invitations.ReplyForm(
            writing.posted(request),
            review=review,
            answer=answer,
            offered=offered,
            told=timezone.localdate(request.at) if through is Through.SAID else None,
        )
        if form.is_bound:
            made = attempt(
                form,
                lambda: invitations.reply(
                    invitation=row, by=request.user, at=request.at, through=through, **form.typed
                ),
            )
            if made is not None:
                messages.success(
                    request, _("Thank you. Your answer has come in.") if not title else _("Saved.")
                )
                return redirect(back if title else href)
    last = row.replies.filter(sequence=review.sequence).last()
    page = {
        "review": review,
        "form": form,
        "answer": answer,
        "answers": _ANSWERS,
        "last": last,
        "title": title,
        "back": back,
        "says": not title,
        "href": href,
        "refused": _("Choose an answer.") if request.method == "POST" and answer is None else "",
    }
    status = 422 if page["refused"] or (form is not None and form.is_bound) else 200
    return pages.show(request, sight, "reviews/reply.html", SECTION, status=status, **page)


_ANSWERS = [
    (Coming.YES, "thumbs-up"),
    (Coming.OTHER_TIME, "calendar"),
    (Coming.OTHER_WAY, "talk"),
    (Coming.NO, "hand"),
]


@csrf_exempt  # it comes from an e-mail, without a cookie; the address alone says who answers what
@never_cache
@form_page
def answer_invitation(
    request: TimedRequest, invitation_id: UUID, sequence: int, answer: str, signature: str
) -> HttpResponse:
    """Answer by the link in an e-mail: opening it asks, and only the press answers.

    It shows when the meeting is, to whoever may know it now, and nothing else.
    """
    row = answer_links.is_ours(invitation_id, sequence, answer, signature)
    if row is None:
        raise Http404
    opened = answer_links.opened(row, sequence, answer, request.at)
    if opened is None or opened.moved:
        moved = opened is not None
        return render(request, "reviews/answer_closed.html", {"moved": moved}, status=410)
    access.write_down(opened.sight, [SECTION], Way.SENT)
    review = row.review
    offered = offers.other_times(review, request.at) if opened.answer is Coming.OTHER_TIME else []
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None:
        data["answer"], data["sequence"] = answer, str(sequence)  # what the address says, whatever was sent
    form = forms_invitations.ReplyForm(data, review=review, answer=opened.answer, offered=offered)
    done = False
    if form.is_bound:
        done = None is not attempt(
            form,
            lambda: invitations.reply(
                invitation=row, by=row.person, at=request.at, through=Through.LINK, **form.typed
            ),
        )
    others = [(one, answer_links.path(row, sequence, one)) for one in Coming if one is not opened.answer]
    page = {"review": review, "form": form, "answer": opened.answer, "done": done, "others": others}
    status = 200 if done or not form.is_bound else 422
    return render(request, "reviews/answer.html", page, status=status)


# What the child or young person does ---------------------------------------------------------------------------


def _own(sight: policy.Sight) -> bool:
    return Ground.OWN in sight.grounds(SECTION)


def _child_frame(sight: policy.Sight) -> dict[str, Any]:
    """A child's page is a child's; a young person who decides has the tabs of everybody."""
    if policy.decides(sight.pupil, sight.at):
        return {"main_class": "al-child"}
    return {"main_class": "al-child", "tabs": []}


@form_page
@login_required
def take_part(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    """How I take part in my review: one press, and one question more where somebody speaks for me."""
    review = selectors.review(review_id)
    sight, __ = _open(request, review)
    if not _own(sight):
        if contributions.may_write_down(sight):
            return redirect("write_part", review_id)
        raise policy.NotThisSection(sight.pupil)
    form = forms_invitations.PartForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        made = attempt(
            form,
            lambda: contributions.take_part(review=review, by=request.user, at=request.at, **form.typed),
        )
        if made is not None:
            to: dict[str, tuple[Any, ...]] = {
                Part.WORDS: ("say_before", review_id),
                Part.SYMBOLS: ("say_with_pictures", review_id, 1),
            }
            if made.part not in to:
                messages.success(request, _("Thank you. That is how we do it."))
            return redirect(*to.get(made.part, ("take_part", review_id)))
    last = review.taking_part.first()
    form.fields["who"].required = not form.is_bound  # it is shown where somebody speaks, and only there
    page = {
        "review": review,
        "form": form,
        "cards": [(part, forms_invitations.PICTURES[part]) for part in Part],
        "asks": request.GET.get("part") == Part.SPEAKS
        or (form.is_bound and bool(request.POST.get("who") or "who" in form.errors)),
        "last": last,
        "same": last is not None and last.sequence == review.sequence,
        "open": review.state == ReviewState.SCHEDULED,
        "decides": policy.decides(sight.pupil, sight.at),
        "wish": review.who_comes.first(),
    }
    status = 422 if form.is_bound else 200
    return pages.show(
        request, sight, "reviews/take_part.html", SECTION, status=status, **page, **_child_frame(sight)
    )


@form_page
@login_required
def write_part(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    """Write down with a child or young person how they take part."""
    review = selectors.review(review_id)
    sight = _writes_down(request, review)
    form = forms_invitations.WritePartForm(writing.posted(request))

    def save(**typed: Any) -> None:
        contributions.take_part(review=review, by=request.user, at=request.at, **typed)

    told: dict[str, Any] = {
        "title": _("How %(pupil)s takes part") % {"pupil": sight.pupil.called},
        "done": _("Written down."),
    }
    return writing.answer(request, sight, SECTION, form, save, back=_back(sight, review), **told)


def _writes_down(request: SignedInRequest, review: Review) -> policy.Sight:
    sight, __ = _open(request, review)
    if not contributions.may_write_down(sight):
        raise policy.NotThisSection(sight.pupil)
    return sight


def _back(sight: policy.Sight, review: Review) -> str:
    if sight.may("hold_review"):
        return reverse("who_comes", args=[review.pk])
    return reverse("pupil", args=[sight.pupil.pk])


@form_page
@login_required
def choose_who_comes(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    """Whom the child or young person wants there: said by themselves, or written down by the SENCO."""
    review = selectors.review(review_id)
    sight = open_record(request, review.cycle.pupil, SECTION)
    own, instead = _own(sight), invitations.decides_who_comes(sight)
    if not own and not instead:
        policy.passed(sight, "hold_review")
    page, decides = asked.choice_page(review, request.at), policy.decides(sight.pupil, sight.at)
    form = forms_invitations.ChooseForm(
        request.POST if request.method == "POST" else None,
        people=page["people"],
        chosen=page["chosen"],
        last=page["last"],
        own=own,
        instead=request.user if instead and not own else None,
        called=sight.pupil.called,
    )
    back = reverse("take_part" if own else "who_comes", args=[review_id])
    if instead and not own:
        back = reverse("reviews", args=[sight.pupil.pk])
    if form.is_bound:
        made = attempt(
            form,
            lambda: invitations.choose_who_comes(review=review, by=request.user, at=request.at, **form.typed),
        )
        if made is not None:
            told = _("We ask them, and nobody else.") if decides else _("We know now whom you want there.")
            messages.success(
                request, _("Thank you. %(told)s") % {"told": told} if own or instead else _("Written down.")
            )
            return redirect(back)
    context = {
        **page,
        "review": review,
        "form": form,
        "own": own,
        "decides": decides,
        "closed": [person for person, __ in page["people"] if person.pk in page["closed"]],
        "back": back,
        "instead": instead and not own,
    }
    frame = _child_frame(sight) if own else {}
    status = 422 if form.is_bound else 200
    return pages.show(request, sight, "reviews/choose.html", SECTION, status=status, **context, **frame)


# What is said before -----------------------------------------------------------------------------------------------


@form_page
@login_required
def say_before(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    """What works, what does not, and what next: my own answers, until the review is held."""
    review = selectors.review(review_id)
    sight, part = _open(request, review)
    own = part is Perspective.CHILD
    row = contributions.own_words(review, request.user)
    form = forms_invitations.BeforeForm(writing.posted(request), row=row, own=own)

    def save(**typed: Any) -> None:
        contributions.contribute(review=review, by=request.user, at=request.at, **typed)

    frame = _child_frame(sight) if own else {}
    return writing.answer(
        request,
        sight,
        SECTION,
        form,
        save,
        back=reverse("take_part" if own else "home", args=[review_id] if own else []),
        title=_("Before we meet") if not own else _("Say what I think"),
        done=_("Thank you. It is there when we meet."),
        template="reviews/say_before.html",
        review=review,
        own=own,
        part=part,
        over=review.state != ReviewState.SCHEDULED,
        said=not row._state.adding,
        **frame,
    )


@form_page
@login_required
def say_with_pictures(request: SignedInRequest, review_id: UUID, step: int) -> HttpResponse:
    """One question at a time, answered with pictures."""
    review = selectors.review(review_id)
    sight, part = _open(request, review)
    if part is not Perspective.CHILD:
        raise policy.NotThisSection(sight.pupil)
    if not 1 <= step <= len(forms_invitations.QUESTIONS):
        raise Http404
    question = forms_invitations.QUESTIONS[step - 1]
    title, offered = forms_invitations.SAY[question][0], forms_invitations.pictures_for(question)
    words = getattr(contributions.own_words(review, request.user), question)
    form = forms_invitations.PicturesForm(
        request.POST if request.method == "POST" else None, question=question, words=words
    )
    if form.is_bound and form.is_valid():
        try:
            contributions.say_with_pictures(
                review=review,
                by=request.user,
                at=request.at,
                question=question,
                pictures=form.cleaned_data["pictures"],
                offered=offered,
            )
        except (NotNow, ValidationError) as error:
            form.add_error(None, error if isinstance(error, ValidationError) else str(error))
        else:
            if step < len(forms_invitations.QUESTIONS):
                return redirect("say_with_pictures", review_id, step + 1)
            messages.success(request, _("Thank you. It is there when we meet."))
            return redirect("take_part", review_id)
    page = {
        "review": review,
        "form": form,
        "title": title,
        "step": step,
        "steps": len(forms_invitations.QUESTIONS),
        "over": review.state != ReviewState.SCHEDULED,
    }
    status = 422 if form.errors else 200
    return pages.show(
        request, sight, "reviews/pictures.html", SECTION, status=status, **page, **_child_frame(sight)
    )


@form_page
@login_required
def write_before(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    """Write down what somebody said before a review."""
    review = selectors.review(review_id)
    sight = _writes_down(request, review)
    form = forms_invitations.WriteBeforeForm(writing.posted(request), sight=sight)

    def save(**typed: Any) -> None:
        contributions.record_contribution(review=review, by=request.user, at=request.at, **typed)

    told: dict[str, Any] = {"title": _("What somebody says before the review"), "done": _("Written down.")}
    return writing.answer(request, sight, SECTION, form, save, back=_back(sight, review), **told)
