"""What each thinks of money, what was decided about it, what is worth asking about, and what support costs."""

from functools import partial
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

from accounts.models import Setting
from accounts.views import SignedInRequest
from pupils import pages, policy
from pupils.access import open_record
from pupils.enums import Ground, Section
from pupils.forms import attempt

from .. import forms_money as forms
from .. import selectors_money as selectors
from .. import selectors_staff as staff
from ..enums import AskAbout
from ..models import Allocation, Costing
from ..services import evaluating
from ..services import money as services
from . import writing

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _open(
    request: SignedInRequest, allocation_id: UUID, wanted: str
) -> tuple[Allocation, policy.Sight, Any, list[Any]]:
    """An allocation, how this person has it, and what was measured. Raises Http404 for one not shared with them."""
    row = staff.allocation(allocation_id)
    sight = open_record(request, row.pupil, wanted, also=[Section.STRATEGIES, Section.NEEDS])
    page = selectors.money(sight)
    here = [one for one in [*page["allocations"], *page["earlier"]] if one["id"] == str(row.pk)]
    if not here:
        raise Http404
    return row, sight, here[0], page["measures"]


def _say(
    request: SignedInRequest, allocation_id: UUID, own: Any, written: Any, act: Any, template: str, title: Any
) -> HttpResponse:
    """A form in which the family speaks for itself, and a SENCO writes down who said what."""
    row, sight, shown, __ = _open(request, allocation_id, "say_funding")
    manages = sight.may("write_funding")
    asked = writing.posted(request)
    today = {"on": timezone.localdate(request.at)}
    form = written(asked, sight=sight, initial=today) if manages else own(asked)
    told: dict[str, Any] = {
        "title": title(manages),
        "back": reverse("funding", args=[sight.pupil.pk]),
        "done": _("Written down.") if manages else _("Thank you. Your words are with the plan."),
        "template": "apdr/write.html" if manages else template,
        "quote": shown["purpose"],
        "quote_by": shown["stream"],
        "row": shown,
        "by_child": Ground.OWN in sight.grounds(Section.FUNDING),
    }
    save = partial(act, allocation=row, by=request.user, at=request.at)
    return writing.answer(request, sight, Section.FUNDING, form, save, **told)


@form_page
@login_required
def say_funding(request: SignedInRequest, allocation_id: UUID) -> HttpResponse:
    def title(manages: bool) -> str:
        return _("Write down what somebody thinks") if manages else _("What do you think?")

    return _say(
        request,
        allocation_id,
        forms.SayFundingForm,
        forms.WriteEvaluationForm,
        evaluating.evaluate,
        "apdr/say_funding.html",
        title,
    )


@form_page
@login_required
def agree_funding(request: SignedInRequest, allocation_id: UUID) -> HttpResponse:
    def title(manages: bool) -> str:
        return _("Write down who agreed") if manages else _("Do you agree?")

    return _say(
        request,
        allocation_id,
        forms.AgreeFundingForm,
        forms.WriteAgreementForm,
        evaluating.agree,
        "apdr/agree_funding.html",
        title,
    )


@form_page
@login_required
def decide_funding(request: SignedInRequest, allocation_id: UUID) -> HttpResponse:
    row, sight, shown, measures = _open(request, allocation_id, "write_funding")
    before = shown["decided"] or {}
    form = forms.DecideFundingForm(
        writing.posted(request), initial={**before, "version": before.get("number", 0)}
    )
    told: dict[str, Any] = {
        "title": _("Decide what comes next"),
        "back": reverse("funding", args=[sight.pupil.pk]),
        "done": _("Saved. Everybody who has this money in their plan can read it."),
        "quote": shown["purpose"],
        "quote_by": shown["stream"],
        "row": shown,
        "template": "apdr/decide_funding.html",
        "measures": measures,
    }
    save = partial(evaluating.decide, allocation=row, by=request.user, at=request.at)
    return writing.answer(request, sight, Section.FUNDING, form, save, **told)


@form_page
@login_required
def worth_asking(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    sight = open_record(request, pupil_id, "write_funding")
    if request.method == "POST":
        about = request.POST.get("about", "")
        if about not in AskAbout:
            raise Http404
        evaluating.tell_of(pupil=sight.pupil, about=AskAbout(about), by=request.user, at=request.at)
        messages.success(request, _("Written down: you told them today."))
        return redirect("worth_asking", pupil_id)
    page: dict[str, Any] = {"prompts": selectors.prompts(sight), "today": timezone.localdate(request.at)}
    return pages.show(request, sight, "apdr/worth_asking.html", Section.FUNDING, **page)


@require_safe
@login_required
def costs(request: SignedInRequest, pupil_id: UUID) -> HttpResponse:
    sight = open_record(request, pupil_id, "write_funding", also=[Section.STRATEGIES])
    return pages.show(request, sight, "apdr/costs.html", Section.FUNDING, **selectors.costs_page(sight))


@form_page
@login_required
def cost_provision(request: SignedInRequest, provision_id: UUID) -> HttpResponse:
    row = staff.item(services.Provision, provision_id)
    cycle = row.strategy.cycle
    sight = open_record(request, cycle.pupil, "write_funding", also=[Section.STRATEGIES])
    if row.removed_at is not None or not policy.coordinates(request.user, cycle.setting, request.at):
        raise Http404
    kept = Costing.objects.filter(provision=row).select_related("role").first()
    roles = selectors.roles(cycle.setting)
    initial = (
        {
            "role": kept.role_id,
            "resources": kept.resources,
            "resources_for": kept.resources_for,
            "version": kept.version,
        }
        if kept
        else {}
    )
    form = forms.CostingForm(writing.posted(request), roles=roles, initial=initial)
    told: dict[str, Any] = {
        "title": _("What it costs"),
        "back": reverse("costs", args=[sight.pupil.pk]),
        "done": _("Saved. Only a SENCO here sees what it costs."),
        "quote": row.strategy.words,
        "quote_by": str(row),
        "roleless": "" if roles.exists() else reverse("money_settings", args=[cycle.setting_id]),
        "template": "apdr/cost_provision.html",
    }
    save = partial(services.cost, provision=row, by=request.user, at=request.at)
    return writing.answer(
        request, sight, Section.FUNDING, form, save, cycle=cycle, act="write_funding", **told
    )


# A setting's own rates --------------------------------------------------------------------------------------


def _setting(request: SignedInRequest, setting_id: UUID) -> Setting:
    own = policy.settings_coordinated(request.user, request.at).prefetch_related("terms", "open_weeks")
    return get_object_or_404(own, pk=setting_id)


def _rates(request: SignedInRequest, setting: Setting, failed: Any = None) -> HttpResponse:
    today = timezone.localdate(request.at)
    fresh = {
        name: failed if isinstance(failed, kind) else kind(auto_id=f"{name}_%s")
        for name, kind in (
            ("hourly_form", forms.HourlyForm),
            ("weeks_form", forms.OpenWeeksForm),
            ("rate_form", forms.StreamRateForm),
        )
    }
    lines = selectors.cost_lines(selectors.costs(setting))
    page = {
        "setting": setting,
        "roles": selectors.roles_of(setting, today),
        "weeks": selectors.weeks_a_year(setting, today),
        "given": next((row for row in [*setting.open_weeks.all()][::-1] if row.starts_on <= today), None),
        "rates": selectors.rates_on(setting, today),
        "today": today,
        "form": failed,
        **selectors.totals(lines),
        **fresh,
    }
    return render(request, "apdr/money_settings.html", page, status=422 if failed else 200)


@require_safe
@login_required
def money_settings(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    return _rates(request, _setting(request, setting_id))


def _save(request: SignedInRequest, setting_id: UUID, form: Any, act: Any) -> HttpResponse:
    setting = _setting(request, setting_id)
    who: dict[str, Any] = {"setting": setting, "by": request.user, "at": request.at}
    if attempt(form, lambda: act(**who, **getattr(form, "typed", form.cleaned_data))):
        messages.success(request, _("Saved. Nothing before its day has changed."))
        return redirect("money_settings", setting_id)
    return _rates(request, setting, form)


@require_POST
@login_required
def set_hourly(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    form = forms.HourlyForm(request.POST, auto_id="hourly_form_%s")
    return _save(request, setting_id, form, services.set_hourly)


@require_POST
@login_required
def set_weeks(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    form = forms.OpenWeeksForm(request.POST, auto_id="weeks_form_%s")
    return _save(request, setting_id, form, services.set_weeks)


@require_POST
@login_required
def set_stream_rate(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    form = forms.StreamRateForm(request.POST, auto_id="rate_form_%s")
    return _save(request, setting_id, form, services.set_stream_rate)
