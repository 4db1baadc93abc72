"""`/api/v1/`: home–school updates."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apdr.api_acts import who
from pupils.enums import Section
from pupils.models import Household
from pupils.rest import Keyset, PupilView, documented

from . import services
from .models import Update


class UpdateIn(serializers.Serializer[Any]):
    """Staff may name a `household`; without one, an update is for all. A parent carer writes from their own."""

    sent_key = serializers.UUIDField(help_text="Of your making; the same key sent twice is one update")
    good_thing = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")
    words = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")
    household = serializers.PrimaryKeyRelatedField(
        queryset=Household.objects.none(), required=False, allow_null=True, default=None
    )

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["household"].queryset = self.context.get("households", Household.objects.none())
        return fields


class UpdateOut(serializers.ModelSerializer[Update]):
    by = serializers.CharField(source="by.called")

    class Meta:
        model = Update
        fields = ["id", "at", "on", "by", "perspective", "good_thing", "words"]


class Updates(PupilView, ListAPIView[Update]):
    """What home and school told each other, newest first, as far as this person hears it."""

    section, actions = Section.UPDATES, {"POST": "write_update"}
    serializer_class = UpdateOut
    pagination_class = Keyset
    queryset = Update.objects.none()

    @documented(responses=UpdateOut(many=True))
    def get(self, request: Request, pupil_id: UUID) -> Response:
        heard = self.sight.pupil.updates.filter(self.sight.heard(Section.UPDATES)).select_related("by")
        return self.get_paginated_response(UpdateOut(self.paginate_queryset(heard), many=True).data)

    @documented(request=UpdateIn, responses={201: UpdateOut})
    def post(self, request: Request, pupil_id: UUID) -> Response:
        homes = Household.objects.filter(parent_carers__pupil=self.sight.pupil).distinct()
        asked = UpdateIn(data=request.data, context={"households": homes})
        asked.is_valid(raise_exception=True)
        made = services.write_update(pupil=self.sight.pupil, **who(self), **asked.validated_data)
        return Response(UpdateOut(made).data, status=201)
