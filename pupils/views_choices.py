"""My choices: the board, the answers about one recipient, stopping, what was written down, receipts and history."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import languages
from accounts.conflict import settled
from accounts.enums import Format
from accounts.models import Preferences
from accounts.views import SignedInRequest

from . import access, policy, receipts, second_thoughts, wording
from . import board as boards
from . import choices as services
from .board import Board, Card
from .enums import Gave, Section, Voice
from .errors import NotNow, Stale
from .forms import attempt
from .forms_choices import ChoiceForm, RecordForm, conflicting
from .models import ChoiceSheet
from .pages import show
from .wording import Wording

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _shown(request: SignedInRequest) -> str:
    """The format a page is asked for in; without a word about it, the one the person has said they read."""
    asked = request.GET.get("format", "")
    if asked in (Format.STANDARD, Format.EASY_READ):
        return asked
    kept = Preferences.objects.filter(person=request.user.pk).values_list("format", flat=True).first()
    return Format.EASY_READ if kept == Format.EASY_READ else Format.STANDARD


def _board(request: SignedInRequest, pupil_id: UUID) -> Board:
    """Raises Http404 outside the circle, and NotThisSection for somebody who neither makes nor reads choices."""
    asked = request.GET.get("voice", "")
    sight = access.find(request.user, pupil_id, request.at)
    return boards.board(sight, Voice(asked) if asked in Voice else None)


def _words(board: Board, shown: str) -> Wording:
    decider = bool(board.speaks and board.speaks.capacity)
    return wording.current(board.voice, shown, decider=decider)


def _page(
    request: SignedInRequest, template: str, found: Board, words: Wording, status: int = 200, **more: Any
) -> HttpResponse:
    easy = words.easy
    kept = {name: request.GET[name] for name in ("format", "voice") if request.GET.get(name)}
    voice = {"voice": kept["voice"]} if "voice" in kept else {}
    return show(
        request,
        found.sight,
        template,
        None,
        status=status,
        board=found,
        words=words,
        easy=easy,
        query=f"?{urlencode(kept)}" if kept else "",
        in_easy=f"?{urlencode(voice | {'format': 'easy_read'})}",
        in_plain=f"?{urlencode(voice | {'format': 'standard'})}",
        lead=[one.format(name=found.pupil.called) for one in words.lead],
        answers=list(words.answers.items()),
        danger=words.danger.format(name=found.pupil.called),
        own=found.sight.may("choose"),
        by_senco=bool(found.speaks and found.speaks.on_behalf),
        may_stop=bool(found.speaks and not found.speaks.on_behalf),
        title=words.title.format(name=found.pupil.called),
        main_class="al-easy" if easy else "",
        **more,
    )


@require_safe
@login_required
def choices(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    found = _board(request, pupil_id)
    if found.speaks is None:
        return show(request, found.sight, "pupils/choices_later.html", None, board=found)
    other = _other_voice(found)
    return _page(request, "pupils/choices.html", found, _words(found, _shown(request)), other=other)


def _other_voice(found: Board) -> str:
    """For a SENCO before the day: the other voice whose choices can be written down now."""
    if not (found.speaks and found.speaks.on_behalf):
        return ""
    other = Voice.PARENTS if found.voice is Voice.YOUNG_PERSON else Voice.YOUNG_PERSON
    return other.value if services.speaking(found.sight, other) else ""


def _card(found: Board, whom: str) -> Card:
    card = found.card(whom)
    if card is None:
        raise Http404
    return card


@form_page
@login_required
def choose(request: SignedInRequest, pupil_id: UUID, whom: str) -> HttpResponse:
    """The answers of whoever decides, about one recipient."""
    found = _board(request, pupil_id)
    if found.speaks is None or found.speaks.on_behalf:
        raise policy.NotThisSection(found.pupil)
    shown = _shown(request)
    words = _words(found, shown)
    typed = settled(request.POST) if request.method == "POST" else None
    card = _card(found, whom)
    form = ChoiceForm(typed, board=found, card=card, words=words, shown=shown)
    return _answered(request, found, card, words, form, "pupils/choose.html", {})


@form_page
@login_required
def record(request: SignedInRequest, pupil_id: UUID, whom: str) -> HttpResponse:
    """Choices that a SENCO writes down for whoever decides."""
    found = _board(request, pupil_id)
    if found.speaks is None or not found.speaks.on_behalf:
        raise policy.NotThisSection(found.pupil)
    shown = _shown(request)
    words = _words(found, shown)
    typed = settled(request.POST) if request.method == "POST" else None
    card = _card(found, whom)
    givers = None if found.voice is Voice.YOUNG_PERSON else boards.parents_of(found.sight)
    form = RecordForm(typed, board=found, card=card, words=words, shown=shown, givers=givers)
    given: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        typed_how = form.cleaned_data
        giver = typed_how.get("given_by") or boards.user_of(found.pupil, request.at)
        given = {"how": Gave(typed_how["how"]), "how_words": typed_how["how_words"], "given_by": giver}
    return _answered(request, found, card, words, form, "pupils/record_choice.html", given)


def _answered(
    request: SignedInRequest,
    found: Board,
    card: Card,
    words: Wording,
    form: ChoiceForm,
    template: str,
    given: dict[str, Any],
) -> HttpResponse:
    back = reverse("choices", args=[found.pupil.pk])
    if request.POST.get("settling") and not any(form[line.section.value].value() for line in card.lines):
        return redirect(back)
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
        try:
            made = attempt(
                form,
                lambda: services.choose(
                    pupil=found.pupil,
                    wanted=form.wanted(),
                    by=request.user,
                    at=request.at,
                    key=asked["key"],
                    wording=asked["wording"],
                    format=asked["format"],
                    voice=found.voice,
                    after=found.after(asked["version"]),
                    **given,
                ),
            )
        except Stale as stale:
            return _conflict(request, form, found, stale, back)
        if made is not None:
            messages.success(
                request, _("Saved. It counts now.") if not found.begins else _("Saved for the day.")
            )
            return redirect("choice_sheet", found.pupil.pk, made.pk)
    return _page(
        request, template, found, words, status=422 if form.errors else 200, form=form, card=card,
        ask=words.ask.format(who=card.name),
    )  # fmt: skip


def _conflict(
    request: SignedInRequest, form: ChoiceForm, found: Board, stale: Stale, back: str
) -> HttpResponse:
    latest = max(stale.now, key=lambda choice: choice.number)
    page = {
        "rows": conflicting(form, stale.now),
        "version": found.told(latest.number),
        "action": request.get_full_path(),
        "back_href": back,
        "by": latest.sheet.recorded_by.called if services.reads_all(found.sight) else "",
        "own": latest.sheet.recorded_by_id == request.user.pk,
    }
    return render(request, "conflict.html", page, status=409)


@require_POST
@login_required
def stop(request: SignedInRequest, pupil_id: UUID, whom: str) -> HttpResponse:
    """One tap: one recipient sees nothing by choice any more, or not this section."""
    found = _board(request, pupil_id)
    card = _card(found, whom)
    asked = request.POST.get("section", "")
    return _stop(request, found, whom=card.whom, section=Section(asked) if asked in Section else None)


@require_POST
@login_required
def stop_all(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    return _stop(request, _board(request, pupil_id))


def _stop(request: SignedInRequest, found: Board, **what: Any) -> HttpResponse:
    shown = _shown(request)
    try:
        made = second_thoughts.stop(
            pupil=found.pupil,
            by=request.user,
            at=request.at,
            wording=_words(found, shown).id,
            format=shown,
            **what,
        )
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
        return redirect("choices", found.pupil.pk)
    if made is None:
        messages.success(request, _("It is closed already."))
        return redirect("choices", found.pupil.pk)
    messages.success(request, _stopped(_board(request, found.pupil.pk), what.get("whom"), made))
    return redirect("choice_sheet", found.pupil.pk, made.pk)


def _stopped(now: Board, whom: second_thoughts.Whom | None, made: ChoiceSheet) -> str:
    """What a stop closed, and to whom; what is open to them without a choice is not called closed."""
    card = next((card for card in now.cards if card.whom == whom), None) if whom is not None else None
    if card is None:
        return _("Stopped. All that was shared by choice is closed now.")
    ended = set(made.choices.values_list("section", flat=True))
    stays = [line.section for line in card.kept if line.section in ended]
    closed = [str(section.label) for section in Section if section in ended and section not in stays]
    told = []
    if closed:
        told.append(
            _("%(who)s can no longer see: %(parts)s.") % {"who": card.name, "parts": ", ".join(closed)}
        )
    if stays:
        told.append(
            _("%(who)s still sees this without your choice: %(parts)s.")
            % {"who": card.name, "parts": ", ".join(str(section.label) for section in stays)}
        )
    return " ".join(told)


@require_POST
@login_required
def confirm(request: SignedInRequest, pupil_id: UUID, sheet_id: UUID) -> HttpResponse:
    """The young person stands by what was written down for them."""
    sight = access.find(request.user, pupil_id, request.at)
    policy.require(request.user, "choose", sight.pupil, request.at)
    there = get_object_or_404(services.sheets_shown(sight), pk=sheet_id)
    shown = _shown(request)
    try:
        made = second_thoughts.confirm(
            sheet=there,
            by=request.user,
            at=request.at,
            wording=wording.current(Voice.YOUNG_PERSON, shown).id,
            format=shown,
        )
    except (NotNow, ValidationError) as refused:
        messages.warning(request, str(refused))
        return redirect("choices", pupil_id)
    messages.success(request, _("Thank you. It stays as it was written down."))
    return redirect("choice_sheet", pupil_id, made.pk)


@require_safe
@login_required
def sheet(request: SignedInRequest, pupil_id: UUID, sheet_id: UUID) -> HttpResponse:
    """The receipt of one sheet."""
    sight = access.find(request.user, pupil_id, request.at)
    told = receipts.receipt(sight, sheet_id)
    return show(request, sight, "pupils/choice_sheet.html", None, told=told, easy=told.easy)


@require_safe
@login_required
def receipt(request: SignedInRequest, pupil_id: UUID, sheet_id: UUID) -> HttpResponse:
    """The receipt as a PDF, in the language its reader likes to read. Its name says nothing of anybody."""
    sight = access.find(request.user, pupil_id, request.at)
    with languages.writing_to(request.user):
        paper = receipts.pdf(receipts.receipt(sight, sheet_id))
    answer = HttpResponse(paper, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="receipt.pdf"'
    return answer


@require_safe
@login_required
def history(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    sight = access.find(request.user, pupil_id, request.at)
    if services.speaking(sight) is None and not services.reads_all(sight):
        raise policy.NotThisSection(sight.pupil)
    before = request.GET.get("before", "")
    page = boards.sheets(sight, int(before) if before.isdecimal() and len(before) < 10 else None)
    begins = policy.decides_from(sight.pupil, sight.at)
    return show(
        request,
        sight,
        "pupils/choice_history.html",
        None,
        told=[receipts.of_sheet(sight, one, begins) for one in page.rows],
        next=f"?before={page.before}" if page.before else "",
        first=request.path if before else "",
    )
