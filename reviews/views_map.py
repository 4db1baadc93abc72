"""The provision map of a setting, and the report of its numbers, on pages and as files."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Setting
from accounts.views import SignedInRequest
from pupils import access, policy
from pupils.enums import Way

from . import exports
from .forms_map import LOOKS, MapFilters
from .selectors_cohort import cohort
from .selectors_map import GAPS, SECTIONS, Gap, Map, Row, page_of, provision_map


def _setting(request: SignedInRequest, setting_id: UUID) -> Setting:
    return get_object_or_404(policy.settings_coordinated(request.user, request.at), pk=setting_id)


def _asked(request: SignedInRequest, setting_id: UUID) -> tuple[Map, MapFilters]:
    found = provision_map(_setting(request, setting_id), request.user, request.at)
    form = MapFilters(request.GET, found=found)
    return replace(found, asked=form.asked), form


def _lines(found: Map) -> Sequence[Row | Gap]:
    return found.missing if found.asked.look in GAPS else found.rows


def _write_down(found: Map, shown: Iterable[Row | Gap], way: Way) -> None:
    access.write_down_each(((sight, SECTIONS) for sight in found.sights(shown)), way)


@require_safe
@login_required
def show_map(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    found, form = _asked(request, setting_id)
    query = {name: value for name, value in vars(found.asked).items() if value}
    try:
        shown, after = page_of(_lines(found), request.GET.get("after", ""))
    except ValueError:
        return redirect("provision_map", setting_id)
    _write_down(found, shown, Way.PAGE)
    context: dict[str, Any] = {
        "found": found,
        "setting": found.setting,
        "form": form,
        "noticed": [(look, text, found.counts[look]) for look, _name, text in LOOKS if found.counts[look]],
        "gaps": found.asked.look in GAPS,
        "look": found.asked.look,
        "sentence": next((text for look, _name, text in LOOKS if look == found.asked.look), ""),
        "shown": shown,
        "number": len(_lines(found)),
        "query": f"?{urlencode(query)}" if query else "",
        "next": f"?{urlencode({**query, 'after': after})}" if after else "",
        "first": f"?{urlencode(query)}" if request.GET.get("after") else "",
        "narrowed": bool(query),
        "bars": _bars(found),
        "tall": 58 * len(found.areas) + 4,
    }
    return render(request, "reviews/provision_map.html", context)


def _bars(found: Map) -> list[dict[str, Any]]:
    """The picture: two bars for each area, as long as its hours are of the most."""
    most = max((max(one.planned, one.delivered) for one in found.areas), default=0)
    return [
        {
            "name": one.name or _("Not said"),
            "text": 18 + 58 * place,
            "top": 26 + 58 * place,
            "under": 42 + 58 * place,
            "planned": round(300 * one.planned / most) if most else 0,
            "given": round(300 * one.delivered / most) if most else 0,
        }
        for place, one in enumerate(found.areas)
    ]


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _map_file(request: SignedInRequest, setting_id: UUID, xlsx: bool) -> HttpResponse:
    found, _form = _asked(request, setting_id)
    lines = _lines(found)
    if len(lines) > exports.MOST:
        messages.error(
            request,
            _("That is more than %(most)s lines. Narrow the map first.") % {"most": exports.MOST},
        )
        return redirect("provision_map", setting_id)
    _write_down(found, lines, Way.FILE)
    rows, name = exports.map_rows(found, lines), f"provision-map-{timezone.localdate(request.at)}"
    if xlsx:
        return _file(exports.as_xlsx(rows, _("Provision map")), exports.XLSX, f"{name}.xlsx")
    return _file(exports.as_csv(rows), exports.CSV, f"{name}.csv")


@require_safe
@login_required
def map_csv(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    return _map_file(request, setting_id, xlsx=False)


@require_safe
@login_required
def map_xlsx(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    return _map_file(request, setting_id, xlsx=True)


def _counted(request: SignedInRequest, setting_id: UUID) -> Setting:
    return get_object_or_404(policy.settings_counted(request.user, request.at), pk=setting_id)


@require_safe
@login_required
def cohort_report(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    setting = _counted(request, setting_id)
    context = {
        "found": cohort(setting, request.at),
        "coordinates": policy.coordinates(request.user, setting, request.at),
        "map": reverse("provision_map", args=[setting_id]),
    }
    return render(request, "reviews/cohort_report.html", context)


@require_safe
@login_required
def cohort_csv(request: SignedInRequest, setting_id: UUID) -> HttpResponse:
    found = cohort(_counted(request, setting_id), request.at)
    return _file(
        exports.as_csv(exports.cohort_rows(found)), exports.CSV, f"support-in-numbers-{found.on}.csv"
    )
