"""`/api/v1/`: the provision map of a setting, and its numbers that tell of no pupil."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Setting
from apdr.api_shapes import Shape
from pupils import access, policy
from pupils.enums import Area, Way
from pupils.rest import at_of, documented

from .forms_map import MapFilters
from .selectors_cohort import Cohort, Table, cohort
from .selectors_map import GAPS, SECTIONS, Look, page_of, provision_map


class ProvisionRow(Shape):
    """Hours in minutes; null where nothing is known or was written down, which is never 0."""

    id = serializers.UUIDField()
    pupil = serializers.UUIDField(source="pupil.pk")
    name = serializers.CharField(source="pupil.name")
    year = serializers.CharField(source="plan.year")
    area = serializers.ChoiceField(choices=Area.choices, allow_null=True)
    what = serializers.CharField()
    who = serializers.CharField(source="provision.who")
    times_a_week = serializers.DecimalField(4, 1, source="provision.times_a_week")
    minutes = serializers.IntegerField(source="provision.minutes")
    weeks = serializers.IntegerField(source="cost.weeks")
    shared_by = serializers.IntegerField(source="cost.places")
    cost = serializers.DecimalField(9, 2, source="cost.share", allow_null=True)
    threshold = serializers.ChoiceField(
        choices=[Look.OVER.value, Look.NEAR.value], source="standing", allow_null=True
    )
    planned_minutes = serializers.IntegerField(source="planned")
    given_minutes = serializers.IntegerField(source="delivered", allow_null=True)
    missed = serializers.IntegerField()
    step = serializers.CharField(allow_blank=True)
    level = serializers.CharField(allow_blank=True)
    say_helped = serializers.IntegerField(source="said.helped", allow_null=True, default=None)
    say_not_yet = serializers.IntegerField(source="said.not_yet", allow_null=True, default=None)
    streams = serializers.SerializerMethodField()

    def get_streams(self, row: Any) -> list[str]:
        return [name for _pk, name in row.streams]


class GapRow(Shape):
    id = serializers.UUIDField()
    pupil = serializers.UUIDField(source="pupil.pk")
    name = serializers.CharField(source="pupil.name")
    year = serializers.CharField(source="plan.year")
    area = serializers.ChoiceField(choices=Area.choices, allow_null=True)
    words = serializers.CharField()


class MapOut(Shape):
    """`rows`, or `gaps` where a kind of gap was asked for; `after` of the next page, empty on the last."""

    rows = ProvisionRow(many=True)
    gaps = GapRow(many=True)
    after = serializers.CharField(allow_blank=True)
    threshold = serializers.DecimalField(9, 2, allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField())


_ASKED = [
    OpenApiParameter("look", str, enum=[look.value for look in Look]),
    OpenApiParameter("year", str),
    OpenApiParameter("area", str, enum=[*Area.values, "none"]),
    OpenApiParameter("stream", str, description="The id of a funding stream"),
    OpenApiParameter("role", str, description="The id of a staff rate"),
    OpenApiParameter("after", str, description="Out of `after` of another page"),
]


class ProvisionMap(APIView):
    """Every provision of a setting, with cost, hours, progress and what people say; for its SENCO alone."""

    permission_classes = [IsAuthenticated]

    @documented(responses=MapOut, parameters=_ASKED)
    def get(self, request: Request, setting_id: UUID) -> Response:
        at = at_of(request)
        setting = get_object_or_404(policy.settings_coordinated(request.user, at), pk=setting_id)
        found = provision_map(setting, request.user, at)  # type: ignore[arg-type]
        form = MapFilters(request.query_params, found=found)
        found = replace(found, asked=form.asked)
        if form.errors:
            raise ValidationError({name: [str(one) for one in told] for name, told in form.errors.items()})
        gaps = found.asked.look in GAPS
        try:
            shown, after = page_of(
                found.missing if gaps else found.rows, request.query_params.get("after", "")
            )
        except ValueError as error:
            raise ValidationError({"after": ["Start again from the first page."]}) from error
        access.write_down_each(((sight, SECTIONS) for sight in found.sights(shown)), Way.API)
        told = {
            "rows": [] if gaps else shown,
            "gaps": shown if gaps else [],
            "after": after,
            "threshold": found.threshold,
            "counts": {look.value: number for look, number in found.counts.items()},
        }
        return Response(MapOut(told).data)


class CohortRow(Shape):
    """Null is left out, so that no number tells of a pupil."""

    area = serializers.CharField(allow_null=True, help_text="Null: all of them")
    numbers = serializers.ListField(child=serializers.IntegerField(allow_null=True))
    in_all = serializers.IntegerField(allow_null=True)


class CohortTable(Shape):
    name = serializers.CharField()
    columns = serializers.ListField(child=serializers.CharField())
    rows = CohortRow(many=True)


class CohortCost(Shape):
    area = serializers.CharField(allow_null=True, help_text="Null: all of them")
    cost = serializers.DecimalField(12, 0, allow_null=True, help_text="To the nearest hundred pounds")


class CohortOut(Shape):
    on = serializers.DateField()
    tables = CohortTable(many=True)
    costs = CohortCost(many=True)


def _told(table: Table) -> dict[str, Any]:
    rows = [*table.rows, (None, table.sums, table.in_all)]
    return {
        "name": table.name,
        "columns": [str(name) for name in table.columns],
        "rows": [{"area": area, "numbers": cells, "in_all": total} for area, cells, total in rows],
    }


class CohortReport(APIView):
    """A setting’s support in numbers that tell of no pupil; for its SENCO and its leader."""

    permission_classes = [IsAuthenticated]

    @documented(responses=CohortOut)
    def get(self, request: Request, setting_id: UUID) -> Response:
        at = at_of(request)
        setting: Setting = get_object_or_404(policy.settings_counted(request.user, at), pk=setting_id)
        found: Cohort = cohort(setting, at)
        told = {
            "on": found.on,
            "tables": [_told(table) for table in found.tables],
            "costs": [{"area": area, "cost": cost} for area, cost in [*found.costs, (None, found.cost)]],
        }
        return Response(CohortOut(told).data)
