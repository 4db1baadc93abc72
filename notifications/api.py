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

from . import photos, services
from .models import Daily, Photo, Update
from .models_updates import MOST_PHOTOS
from .selectors import homes
from .selectors_updates import receipts


class PhotoIn(serializers.Serializer[Any]):
    """A photo: the file as base64, and what can be seen in it. Where it was taken is taken out of it.

    All the photos of an update come in one body, which is 6 MB at most.
    """

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


def photos_in() -> Any:
    """The photos of an update, all of which are kept or none."""
    return serializers.ListField(child=PhotoIn(), required=False, default=list, max_length=MOST_PHOTOS)


class UpdateIn(serializers.Serializer[Any]):
    """Staff may name a `household`; without one, an update is for all. A parent carer writes from their own.

    `worked` is what worked at home, which the family says.
    """

    sent_key = Id(help_text="Of your making; the same key sent twice is one update")
    good_thing = Text(required=False, allow_blank=True, max_length=2000, default="")
    words = Text(required=False, allow_blank=True, max_length=2000, default="")
    worked = Text(required=False, allow_blank=True, max_length=2000, default="")
    photos = photos_in()
    household = Named(queryset=Household.objects.all(), required=False, allow_null=True, default=None)


class SeenOut(serializers.Serializer[Any]):
    home = serializers.CharField()
    at = serializers.DateTimeField()


class UpdateOut(serializers.ModelSerializer[Update]):
    """`seen`: when each home first saw what staff wrote to it, for staff who read the list. That a home is missing does
    not say that nobody there read it.
    """

    seen = serializers.SerializerMethodField()
    by = serializers.CharField(source="by.called")
    photos = PhotoOut(many=True)
    daily = serializers.SerializerMethodField()

    class Meta:
        model = Update
        fields = [
            *("id", "kind", "at", "edited_at", "on", "by", "perspective", "household", "good_thing", "words"),
            *("worked", "proposal", "photos", "daily", "seen"),
        ]

    @extend_schema_field(SeenOut(many=True))
    def get_seen(self, row: Update) -> Any:
        return SeenOut(getattr(row, "seen", []), many=True).data

    @extend_schema_field(DailyOut(allow_null=True))
    def get_daily(self, row: Update) -> Any:
        found = getattr(row, "daily", None)
        return DailyOut(found).data if found is not None else None


def with_photos(sent: dict[str, Any]) -> dict[str, Any]:
    """What a service takes of what was sent: a photo that is refused is said at `photos`."""
    given = sent.pop("photos")
    return sent | {"sent": [photos.Sent(one["content"], one["alt"], "photos", "photos") for one in given]}


class Updates(PupilView, ListAPIView[Update]):
    """What home and school told each other, newest first, as far as this person hears it."""

    section, actions = Section.UPDATES, {"POST": "write_update"}
    serializer_class = UpdateOut
    pagination_class = Keyset
    queryset = Update.objects.none()

    @documented(responses=UpdateOut(many=True))
    def get(self, request: Request, pupil_id: UUID) -> Response:
        heard = self.sight.pupil.updates.filter(self.sight.heard(Section.UPDATES))
        heard = heard.select_related("by", "daily").prefetch_related("photos")
        page: Any = self.paginate_queryset(heard)
        seen = receipts(self.sight, page, homes(self.sight))
        for one in page:
            one.seen = seen.get(one.pk, [])
        return self.get_paginated_response(UpdateOut(page, many=True).data)

    @documented(request=UpdateIn, responses={201: UpdateOut})
    def post(self, request: Request, pupil_id: UUID) -> Response:
        parent = speaks_as(self.sight, Section.UPDATES) is Perspective.PARENT
        within = shapes.homes(self.sight.pupil, self.sight.person if parent else None)
        asked = UpdateIn(data=request.data, context=within)
        asked.is_valid(raise_exception=True)
        made = services.write_update(
            pupil=self.sight.pupil, **who(self), **with_photos(dict(asked.validated_data))
        )
        return Response(UpdateOut(made).data, status=201)
