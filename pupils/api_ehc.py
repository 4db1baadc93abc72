"""`/api/v1/pupils/{id}/ehc-plan/`: which kind of support a pupil has, and since when a plan of the local authority."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from . import services
from .enums import Section, SenProvision
from .models import Pupil
from .rest import PupilView, documented
from .rest_fields import Choice, Day, Whole


class EhcOut(serializers.ModelSerializer[Pupil]):
    class Meta:
        model = Pupil
        fields = ["sen_provision", "ehc_plan_from", "ehc_reviewed_on", "version"]


class EhcIn(serializers.Serializer[Any]):
    """What is not given stays as it is. `version` is the one that was read."""

    sen_provision = Choice(choices=SenProvision.choices, required=False)
    ehc_plan_from = Day(required=False, allow_null=True, help_text="The day it was first made")
    ehc_reviewed_on = Day(
        required=False, allow_null=True, help_text="The last annual review before they came here"
    )
    version = Whole(min_value=1, max_value=2**31 - 1)


class EhcPlan(PupilView):
    """The SENCO's alone: nobody else reads here which kind of support a pupil has."""

    section, actions = Section.PROFILE, {"GET": "edit_pupil", "PATCH": "edit_pupil"}

    @documented(responses=EhcOut)
    def get(self, request: Request, pupil_id: UUID) -> Response:
        return Response(EhcOut(self.sight.pupil).data)

    @documented(request=EhcIn, responses=EhcOut)
    def patch(self, request: Request, pupil_id: UUID) -> Response:
        asked = EhcIn(data=request.data)
        asked.is_valid(raise_exception=True)
        saved = services.edit_pupil(
            pupil=self.sight.pupil, by=self.sight.person, at=self.sight.at, **asked.validated_data
        )
        return Response(EhcOut(saved).data)
