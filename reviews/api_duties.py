"""`/api/v1/reviews/{id}/around/`: what is owed around an annual review, by when, and whether it is done."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apdr.api_acts import who
from pupils.rest import documented
from pupils.rest_fields import Choice, Day, Whole

from . import duties
from .api_planner import ReviewView
from .enums import Duty


class OwingOut(serializers.Serializer[Any]):
    """`number` counts what was said of it; `on` is null where it is not done."""

    duty = serializers.ChoiceField(choices=Duty.choices)
    by = serializers.DateField()
    on = serializers.DateField(source="said.on", allow_null=True, default=None)
    number = serializers.IntegerField(source="said.number", default=0)
    late = serializers.BooleanField()


class DutyIn(serializers.Serializer[Any]):
    """`on` null says that it is not done after all; `number` is what it is written over, 0 for nothing."""

    duty = Choice(choices=Duty.choices)
    on = Day(allow_null=True)
    number = Whole(min_value=0, max_value=2**31 - 1)


class Around(ReviewView):
    actions = {"GET": "hold_review", "POST": "hold_review"}

    def _around(self) -> Response:
        today = timezone.localdate(self.sight.at)
        return Response(OwingOut(duties.around(self.review, today), many=True).data)

    @documented(responses=OwingOut(many=True))
    def get(self, request: Request, review_id: UUID) -> Response:
        """What is owed around an annual review, in order; nothing around another."""
        return self._around()

    @documented(request=DutyIn, responses=OwingOut(many=True))
    def post(self, request: Request, review_id: UUID) -> Response:
        """Say when one of them was done; 409 when somebody else wrote meanwhile."""
        asked = DutyIn(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        duties.write_duty(review=self.review, **{**given, "duty": Duty(given["duty"])}, **who(self))
        return self._around()
