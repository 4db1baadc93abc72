"""What a setting asks: its SENCO's surveys, answering one, and reading what came of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import conflict
from accounts.models import Setting
from accounts.views import SignedInRequest
from apdr.views import writing
from pupils import policy
from pupils.errors import NotNow, Stale
from pupils.forms import attempt
from reviews import exports

from . import selectors_surveys as selectors
from . import surveys
from .enums_surveys import SurveyState
from .forms_surveys import AnswerForm, PressForm, QuestionForm, SurveyForm, TellForm
from .models import Survey, SurveyQuestion, SurveyResponse

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _setting(request: SignedInRequest, setting_id: UUID) -> Setting:
    return get_object_or_404(policy.settings_coordinated(request.user, request.at), pk=setting_id)


def _kept(request: SignedInRequest, survey_id: UUID) -> Survey:
    return selectors.kept(request.user, survey_id, request.at)


def _who(request: SignedInRequest) -> dict[str, Any]:
    return {"by": request.user, "at": request.at}


# For the SENCO -------------------------------------------------------------------------------------------------


@require_safe
@login_required
def setting_surveys(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    setting = _setting(request, setting_id)
    rows = selectors.of_setting(setting, request.at)
    return render(request, "notifications/setting_surveys.html", {"setting": setting, "rows": rows})


@form_page
@login_required
def add_survey(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    setting = _setting(request, setting_id)
    form = SurveyForm(request.POST if request.method == "POST" else None)
    made = (
        attempt(form, lambda: surveys.make(setting=setting, **_who(request), **form.typed))
        if form.is_bound
        else None
    )
    if made:
        messages.success(request, _("Saved as a draft. Now add the questions."))
        return redirect("survey", made.pk)
    return _form(request, setting, form)


def _form(request: SignedInRequest, setting: Setting, form: SurveyForm, row: Any = None) -> HttpResponse:
    page = {"setting": setting, "form": form, "row": row}
    return render(request, "notifications/survey_form.html", page, status=422 if form.errors else 200)


@form_page
@login_required
def edit_survey(request: SignedInRequest, survey_id: UUID) -> HttpResponse:
    row = _kept(request, survey_id)
    if row.opened_at is not None:
        messages.warning(request, _("This survey was opened. Nothing of it can change any more."))
        return redirect("survey", row.pk)
    form = SurveyForm(conflict.settled(request.POST) if request.method == "POST" else None, row=row)
    if form.is_bound and form.is_valid():
        try:
            done = attempt(form, lambda: surveys.edit(survey=row, **_who(request), **form.typed) or True)
        except Stale as stale:
            return writing.beside(request, form, stale, reverse("survey", args=[row.pk]))
        if done:
            messages.success(request, _("Saved."))
            return redirect("survey", row.pk)
    return _form(request, row.setting, form, row)


@require_safe
@login_required
def survey(request: SignedInRequest, survey_id: UUID) -> HttpResponse:
    """One survey for its SENCO: what it asks, whom, and how many answered."""
    row = _kept(request, survey_id)
    state = row.state(request.at)
    context = {
        "survey": row,
        "state": state,
        "questions": list(row.questions.all()),
        "turnout": selectors.turnout(row, request.at) if state not in _BEFORE else None,
        "over": row.is_over(request.at),
    }
    return render(request, "notifications/survey.html", context)


_BEFORE = (SurveyState.DRAFT, SurveyState.SET)


@form_page
@login_required
def add_question(request: SignedInRequest, survey_id: UUID) -> HttpResponse:
    row = _kept(request, survey_id)
    form = QuestionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and attempt(
        form, lambda: bool(surveys.add_question(survey=row, **_who(request), **form.typed))
    ):
        messages.success(request, _("The question is in."))
        return redirect("survey", row.pk)
    page = {"survey": row, "form": form}
    return render(request, "notifications/survey_question.html", page, status=422 if form.errors else 200)


@form_page
@login_required
def edit_question(request: SignedInRequest, question_id: UUID) -> HttpResponse:
    row = _question(request, question_id)
    back = reverse("survey", args=[row.survey_id])
    if row.survey.opened_at is not None:
        messages.warning(request, _("This survey was opened. Nothing of it can change any more."))
        return redirect(back)
    form = QuestionForm(writing.posted(request), row=row)
    try:
        done = form.is_bound and attempt(
            form, lambda: surveys.edit_question(question=row, **_who(request), **form.typed) or True
        )
    except Stale as stale:
        return writing.beside(request, form, stale, back)
    if done:
        messages.success(request, _("Saved."))
        return redirect(back)
    page = {"survey": row.survey, "form": form, "row": row}
    return render(request, "notifications/survey_question.html", page, status=422 if form.errors else 200)


def _question(request: SignedInRequest, question_id: UUID) -> SurveyQuestion:
    rows = SurveyQuestion.objects.select_related("survey__setting")
    question = get_object_or_404(rows, pk=question_id)
    if not policy.coordinates(request.user, question.survey.setting, request.at):
        raise Http404
    return question


@require_POST
@login_required
def mark_question(request: SignedInRequest, question_id: UUID) -> HttpResponse:
    """One press: a question goes up, down, or out of a draft."""
    question = _question(request, question_id)
    form = PressForm(request.POST)
    do = form.cleaned_data["do"] if form.is_valid() else ""
    try:
        if do in ("up", "down"):
            surveys.move_question(question=question, up=do == "up", **_who(request))
        elif do == "remove":
            surveys.remove_question(question=question, **_who(request))
            messages.success(request, _("The question is taken out."))
        else:
            messages.warning(request, _("This form is out of date. Open the page again."))
    except NotNow as refused:
        messages.warning(request, str(refused))
    return redirect(f"{reverse('survey', args=[question.survey_id])}#questions")


@require_POST
@login_required
def mark_survey(request: SignedInRequest, survey_id: UUID) -> HttpResponse:
    """One press: a draft is opened or thrown away, or what is open is closed."""
    row = _kept(request, survey_id)
    form = PressForm(request.POST)
    form.is_valid()
    acts: dict[str, tuple[Any, str]] = {
        "open": (surveys.open_, _("It is fixed now. People can answer from its first day on.")),
        "end": (surveys.end, _("The survey is closed. Read what came of it.")),
        "remove": (surveys.remove, _("The draft is thrown away.")),
    }
    act, version = acts.get(form.cleaned_data.get("do", "")), form.cleaned_data.get("version")
    if act is None or version is None:
        messages.warning(request, _("This form is out of date. Open the page again."))
        return redirect("survey", row.pk)
    try:
        act[0](survey=row, version=version, **_who(request))
    except Stale:
        messages.warning(request, _("Somebody changed it while you were looking. Look at it again."))
    except NotNow as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, act[1])
        if act[0] is surveys.remove:
            return redirect("setting_surveys", row.setting_id)
    return redirect("survey", row.pk)


# Answering -----------------------------------------------------------------------------------------------------


@require_safe
@login_required
def my_surveys(request: SignedInRequest) -> HttpResponse:
    """What somebody is asked, what they have answered, and what came of it."""
    kept = policy.settings_coordinated(request.user, request.at).order_by("name")
    context = {"rows": selectors.mine(request.user, request.at), "kept": list(kept)}
    return render(request, "notifications/my_surveys.html", context)


@form_page
@login_required
def answer_survey(request: SignedInRequest, survey_id: UUID) -> HttpResponse:
    row, asked, response = selectors.to_answer(request.user, survey_id, request.at)
    is_open = row.state(request.at) == SurveyState.OPEN
    if (response is not None and row.anonymous) or not is_open:
        if request.method == "POST":
            _told_already(request, response)
        page: dict[str, Any] = {"survey": row, "response": response, "form": None}
        return render(
            request,
            "notifications/answer_survey.html",
            page,
            status=200 if request.method != "POST" or response else 409,
        )
    questions = list(row.questions.all())
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        survey=row,
        questions=questions,
        asked=asked if response is None else [],
        initial=_stands(response),
    )
    status = 200
    if form.is_bound:
        status = 422
        try:
            done = attempt(form, lambda: surveys.answer(survey=row, **_who(request), **form.typed))
        except Stale as stale:
            form.now_at(stale.now.version)
            form.add_error(
                None,
                _(
                    "You answered this in another window. That answer stands. Send this one to put it in its place."
                ),
            )
            done, status = None, 409
        if done is not None:
            if done.new:
                messages.success(request, _("Thank you. Your answers are in."))
            else:
                _told_already(request, done.response)
            return redirect("answer_survey", row.pk)
    page = {"survey": row, "response": response, "form": form}
    return render(request, "notifications/answer_survey.html", page, status=status)


def _told_already(request: SignedInRequest, response: SurveyResponse | None) -> None:
    if response is not None:
        messages.success(request, _("You have answered already. Your answers count once."))


def _stands(response: SurveyResponse | None) -> dict[str, Any]:
    """What somebody answered with their name, as the form has it."""
    if response is None:
        return {"version": 0}
    said = {
        str(row.question_id): row.words if row.choice is None else str(row.choice)
        for row in response.answers.all()
    }
    return {**said, "version": response.version}


# What came of it -----------------------------------------------------------------------------------------------


@form_page
@login_required
def survey_results(request: SignedInRequest, survey_id: UUID) -> HttpResponse:
    """For its SENCO once it has closed, with what they tell everybody; for whoever was asked once that is published."""
    row = selectors.one(survey_id)
    keeps = policy.coordinates(request.user, row.setting, request.at)
    state = row.state(request.at)
    if not keeps:
        selectors.to_answer(request.user, survey_id, request.at)
        if state != SurveyState.PUBLISHED or request.method == "POST":
            raise Http404
    elif not row.is_over(request.at):
        messages.warning(request, _("Results can be read once the survey has closed."))
        return redirect("survey", row.pk)
    form = None
    if keeps:
        data = conflict.settled(request.POST) if request.method == "POST" else None
        form = TellForm(data, initial={"told": row.told, "version": row.version})
    if form is not None and form.is_bound and form.is_valid():
        asked = form
        try:
            done = attempt(asked, lambda: surveys.publish(survey=row, **_who(request), **asked.typed) or True)
        except Stale as stale:
            return writing.beside(request, form, stale, request.path)
        if done:
            messages.success(request, _("It is published. Everybody who was asked can read it."))
            return redirect("survey_results", row.pk)
    context = {
        "survey": row,
        "state": state,
        "keeps": keeps,
        "found": selectors.results(row, keeps=keeps),
        "turnout": selectors.turnout(row, request.at) if keeps else None,
        "people": selectors.named(row) if keeps else [],
        "form": form,
    }
    return render(
        request,
        "notifications/survey_results.html",
        context,
        status=422 if form is not None and form.errors else 200,
    )


@require_safe
@login_required
def survey_csv(request: SignedInRequest, survey_id: UUID) -> HttpResponse:
    row = _kept(request, survey_id)
    if not row.is_over(request.at):
        raise Http404
    rows = selectors.as_rows(selectors.results(row, keeps=True), selectors.named(row))
    name = f"survey-{timezone.localdate(request.at)}.csv"
    return HttpResponse(
        exports.as_csv(rows),
        content_type=exports.CSV,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
