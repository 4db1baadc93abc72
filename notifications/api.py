"""`/api/v1/`: home–school updates."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apdr import api_shapes as shapes
from apdr.api_acts import who
from apdr.enums import Perspective
from apdr.services.common import speaks_as
from pupils.enums import Section
from pupils.models import Household
from pupils.rest import Keyset, PupilView, documented
from pupils.rest_fields import Id, Named, Text

from . import services
from .models import Update


class UpdateIn(serializers.Serializer[Any]):
    """Staff may name a `household`; without one, an update is for all. A parent carer writes from their own."""

    sent_key = Id(help_text="Of your making; the same key sent twice is one update")
    good_thing = Text(required=False, allow_blank=True, max_length=2000, default="")
    words = Text(required=False, allow_blank=True, max_length=2000, default="")
    household = Named(queryset=Household.objects.all(), required=False, allow_null=True, default=None)


class UpdateOut(serializers.ModelSerializer[Update]):
    by = serializers.CharField(source="by.called")

    class Meta:
        model = Update
        fields = ["id", "at", "on", "by", "perspective", "household", "good_thing", "words"]


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
        parent = speaks_as(self.sight, Section.UPDATES) is Perspective.PARENT
        homes = shapes.homes(self.sight.pupil, self.sight.person if parent else None)
        asked = UpdateIn(data=request.data, context=homes)
        asked.is_valid(raise_exception=True)
        made = services.write_update(pupil=self.sight.pupil, **who(self), **asked.validated_data)
        return Response(UpdateOut(made).data, status=201)
