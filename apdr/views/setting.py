"""A setting's scales and funding streams, kept by its SENCO."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Setting
from accounts.views import SignedInRequest
from pupils import policy
from pupils.forms import attempt

from ..enums import ScaleKind
from ..forms_setting import LabelsForm, StreamForm
from ..models import Scale
from ..services import funding
from ..services import scales as services


@require_safe
@login_required
def scales(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    return _show(request, _setting(request, setting_id))


def _setting(request: SignedInRequest, setting_id: UUID) -> Setting:
    return get_object_or_404(policy.settings_coordinated(request.user, request.at), pk=setting_id)


def _show(
    request: SignedInRequest,
    setting: Setting,
    stream_form: Any = None,
    relabelled: tuple[UUID, Any] | None = None,
) -> HttpResponse:
    kept = []
    for scale in setting.scales.filter(retired_at=None).prefetch_related("versions"):
        latest = scale.versions.all()[0]
        asked = relabelled[1] if relabelled and relabelled[0] == scale.pk else LabelsForm(scale=latest)
        kept.append((scale, latest, None if scale.kind == ScaleKind.COUNT else asked))
    failed = relabelled[1] if relabelled else stream_form
    context = {
        "setting": setting,
        "scales": kept,
        "streams": list(setting.streams.filter(retired_at=None)),
        "stream_form": stream_form or StreamForm(phase=setting.phase),
        "form": failed,
    }
    return render(request, "apdr/scales.html", context, status=422 if failed else 200)


@require_POST
@login_required
def relabel(request: SignedInRequest, setting_id: UUID, scale_id: UUID) -> HttpResponse:
    """Give a scale's levels other words; steps written before keep theirs."""
    setting = _setting(request, setting_id)
    scale = get_object_or_404(Scale.objects.prefetch_related("versions"), setting=setting, pk=scale_id)
    form = LabelsForm(request.POST, scale=scale.versions.all()[0])
    who: dict[str, Any] = {"by": request.user, "at": request.at}
    if attempt(form, lambda: services.relabel(scale=scale, labels=form.labels, **who)):
        messages.success(request, _("Saved. Steps written before keep the words they had."))
        return redirect("scales", setting_id)
    return _show(request, setting, relabelled=(scale.pk, form))


@require_POST
@login_required
def add_stream(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    setting = _setting(request, setting_id)
    form = StreamForm(request.POST, phase=setting.phase)
    who: dict[str, Any] = {"by": request.user, "at": request.at}
    if attempt(form, lambda: funding.add_stream(setting=setting, **who, **form.cleaned_data)):
        messages.success(request, _("The funding stream is added."))
        return redirect("scales", setting_id)
    return _show(request, setting, stream_form=form)
