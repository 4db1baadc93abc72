"""`/api/v1/`: home–school updates."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
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
from pupils.rest_fields import FileContent, Id, Named, Text

from . import services
from .models import Daily, Photo, Update


class PhotoIn(serializers.Serializer[Any]):
    """A photo: the file as base64, and what can be seen in it. Where it was taken is taken out of it."""

    content = FileContent(help_text="JPEG, PNG or WebP, in base64")
    alt = Text(max_length=300)


class PhotoOut(serializers.ModelSerializer[Photo]):
    """`href` answers with a JPEG, to whoever may read the update when they ask."""

    href = serializers.SerializerMethodField()

    class Meta:
        model = Photo
        fields = ["id", "href", "alt", "width", "height"]

    def get_href(self, row: Photo) -> str:
        return reverse("api_photo", args=[row.pk])


class DailyOut(serializers.ModelSerializer[Daily]):
    """How a child's day went. What was enjoyed is the update's `good_thing`."""

    class Meta:
        model = Daily
        fields = ["here", "mood", "ate", "slept", "tried", "version"]


class UpdateIn(serializers.Serializer[Any]):
    """Staff may name a `household`; without one, an update is for all. A parent carer writes from their own.

    `worked` is what worked at home, which the family says.
    """

    sent_key = Id(help_text="Of your making; the same key sent twice is one update")
    good_thing = Text(required=False, allow_blank=True, max_length=2000, default="")
    words = Text(required=False, allow_blank=True, max_length=2000, default="")
    worked = Text(required=False, allow_blank=True, max_length=2000, default="")
    photo = PhotoIn(required=False, allow_null=True, default=None)
    household = Named(queryset=Household.objects.all(), required=False, allow_null=True, default=None)


class UpdateOut(serializers.ModelSerializer[Update]):
    by = serializers.CharField(source="by.called")
    photo = serializers.SerializerMethodField()
    daily = serializers.SerializerMethodField()

    class Meta:
        model = Update
        fields = [
            *("id", "kind", "at", "edited_at", "on", "by", "perspective", "household", "good_thing", "words"),
            *("worked", "proposal", "photo", "daily"),
        ]

    @extend_schema_field(PhotoOut(allow_null=True))
    def get_photo(self, row: Update) -> Any:
        found = getattr(row, "photo", None)
        return PhotoOut(found).data if found is not None else None

    @extend_schema_field(DailyOut(allow_null=True))
    def get_daily(self, row: Update) -> Any:
        found = getattr(row, "daily", None)
        return DailyOut(found).data if found is not None else None


def with_photo(sent: dict[str, Any]) -> dict[str, Any]:
    """What a service takes of what was sent: a photo and its words apart."""
    photo = sent.pop("photo", None) or {}
    return sent | {"photo": photo.get("content"), "photo_alt": photo.get("alt", "")}


class Updates(PupilView, ListAPIView[Update]):
    """What home and school told each other, newest first, as far as this person hears it."""

    section, actions = Section.UPDATES, {"POST": "write_update"}
    serializer_class = UpdateOut
    pagination_class = Keyset
    queryset = Update.objects.none()

    @documented(responses=UpdateOut(many=True))
    def get(self, request: Request, pupil_id: UUID) -> Response:
        heard = self.sight.pupil.updates.filter(self.sight.heard(Section.UPDATES))
        heard = heard.select_related("by", "photo", "daily")
        return self.get_paginated_response(UpdateOut(self.paginate_queryset(heard), many=True).data)

    @documented(request=UpdateIn, responses={201: UpdateOut})
    def post(self, request: Request, pupil_id: UUID) -> Response:
        parent = speaks_as(self.sight, Section.UPDATES) is Perspective.PARENT
        homes = shapes.homes(self.sight.pupil, self.sight.person if parent else None)
        asked = UpdateIn(data=request.data, context=homes)
        asked.is_valid(raise_exception=True)
        made = services.write_update(
            pupil=self.sight.pupil, **who(self), **with_photo(dict(asked.validated_data))
        )
        return Response(UpdateOut(made).data, status=201)
