"""`/api/v1/`: where families find help, what was offered to them, and what they said to it."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apdr.api_acts import who
from apdr.api_shapes import homes
from apdr.enums import SchoolPhase
from apdr.services.common import require_heard
from pupils import policy
from pupils.enums import Section
from pupils.models import Household
from pupils.rest import PupilView, SettingView, documented, look
from pupils.rest_fields import Choice, Day, Id, Named, Text, Whole, YesNo

from . import signposts
from .enums_updates import HelpKind, SaidToSignpost
from .forms_signposts import SignpostFilters
from .models import Signpost, SignpostAnswer, SignpostOffer

Shape = serializers.Serializer[Any]


class SignpostIn(Shape):
    sent_key = Id(required=False, source="key", help_text="Of your making; the same key sent twice is one")
    name = Text(max_length=150)
    what = Text(max_length=500)
    kind = Choice(choices=HelpKind.choices)
    phases = serializers.ListField(child=Choice(choices=SchoolPhase.choices), min_length=1, max_length=4)
    age_from = Whole(min_value=0, max_value=99, required=False, allow_null=True, default=None)
    age_to = Whole(min_value=0, max_value=99, required=False, allow_null=True, default=None)
    area = Text(max_length=80, required=False, allow_blank=True, default="")
    languages = Text(max_length=200, required=False, allow_blank=True, default="")
    address = Text(max_length=300, required=False, allow_blank=True, default="")
    checked_on = Day(required=False, allow_null=True, default=None)


class SignpostChange(Shape):
    """`retired`: it is offered no more."""

    version = Whole(min_value=1)
    name = Text(max_length=150, required=False)
    what = Text(max_length=500, required=False)
    address = Text(max_length=300, required=False, allow_blank=True)
    checked_on = Day(required=False, allow_null=True)
    retired = YesNo(required=False)


class SignpostOut(serializers.ModelSerializer[Signpost]):
    class Meta:
        model = Signpost
        fields = [
            "id", "version", "name", "what", "kind", "phases", "age_from", "age_to", "area", "languages", "address",
            "checked_on", "retired_at",
        ]  # fmt: skip


class Signposts(SettingView):
    """A setting's directory, kept by its SENCO."""

    @documented(
        responses=SignpostOut(many=True),
        parameters=[
            OpenApiParameter(name, OpenApiTypes.STR, description=words)
            for name, words in (
                ("q", "Words, a place or a language"),
                ("kind", "A kind of help"),
                ("phase", "A phase"),
                ("age", "An age in years"),
            )
        ],
    )
    def get(self, request: Request, setting_id: UUID) -> Response:
        rows = SignpostFilters(request.query_params).of(Signpost.objects.filter(setting=self.setting))
        return Response(SignpostOut(rows, many=True).data)

    @documented(request=SignpostIn, responses={201: SignpostOut})
    def post(self, request: Request, setting_id: UUID) -> Response:
        asked = SignpostIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = signposts.add(setting=self.setting, by=self.person, at=self.at, **asked.validated_data)
        return Response(SignpostOut(made).data, status=201)


class OneSignpost(SettingView):
    @documented(request=SignpostChange, responses=SignpostOut)
    def patch(self, request: Request, signpost_id: UUID) -> Response:
        """Change one, look at it anew, or offer it no more; what was offered keeps its words."""
        row = signposts.one(signpost_id)
        if not policy.coordinates(self.person, row.setting, self.at):
            raise Http404
        asked = SignpostChange(data=request.data)
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        if "retired" in given:
            given["retired_at"] = (row.retired_at or self.at) if given.pop("retired") else None
        signposts.edit(signpost=row, by=self.person, at=self.at, **given)
        return Response(SignpostOut(signposts.one(signpost_id)).data)


class ThanksOut(serializers.ModelSerializer[SignpostAnswer]):
    by = Text(source="by.called")

    class Meta:
        model = SignpostAnswer
        fields = ["id", "at", "by", "answer"]


class SignpostOfferOut(serializers.ModelSerializer[SignpostOffer]):
    """`household` is null for what was offered to the young person. `said` is the latest answer, or null."""

    by = Text(source="by.called")
    said = serializers.SerializerMethodField()

    class Meta:
        model = SignpostOffer
        fields = ["id", "at", "by", "signpost", "household", "name", "what", "address", "note", "said"]

    def get_said(self, row: SignpostOffer) -> dict[str, Any] | None:
        latest = next(iter(row.answers.all()), None)
        return dict(ThanksOut(latest).data) if latest else None


class SignpostOfferIn(Shape):
    """Without a household it is for the young person who decides."""

    sent_key = Id(help_text="Of your making; the same key sent twice is one offer")
    signpost = Named(queryset=Signpost.objects.all())
    household = Named(queryset=Household.objects.all(), required=False, allow_null=True, default=None)
    note = Text(max_length=500, required=False, allow_blank=True, default="")


class SignpostOffers(PupilView):
    section, actions = Section.UPDATES, {"POST": "write_update"}

    @documented(responses=SignpostOfferOut(many=True))
    def get(self, request: Request, pupil_id: UUID) -> Response:
        """What was offered, newest first, as far as this person hears of it: a family what was offered to their home."""
        rows = signposts.heard(self.sight).prefetch_related("answers__by")
        return Response(SignpostOfferOut(rows, many=True).data)

    @documented(request=SignpostOfferIn, responses={201: SignpostOfferOut})
    def post(self, request: Request, pupil_id: UUID) -> Response:
        context = homes(self.sight.pupil)
        context["within"] |= {"signpost": signposts.offered_here(self.sight.pupil, self.sight.at)}
        asked = SignpostOfferIn(data=request.data, context=context)
        asked.is_valid(raise_exception=True)
        made = signposts.offer(pupil=self.sight.pupil, **who(self), **asked.validated_data)
        return Response(SignpostOfferOut(made).data, status=201)


class ThanksIn(Shape):
    sent_key = Id(help_text="Of your making; the same key sent twice is one answer")
    answer = Choice(choices=SaidToSignpost.choices)


class AnswerSignpost(PupilView):
    section, actions = Section.UPDATES, {"POST": "write_update"}

    @documented(request=ThanksIn, responses={201: ThanksOut})
    def post(self, request: Request, signpost_offer_id: UUID) -> Response:
        """Say thank you, not for us, or that it did help: whoever it was offered to."""
        row = signposts.one_offer(signpost_offer_id)
        self.sight = look(request, row.pupil_id, "write_update")
        require_heard(row, self.sight, Section.UPDATES)
        asked = ThanksIn(data=request.data)
        asked.is_valid(raise_exception=True)
        given = {**asked.validated_data, "answer": SaidToSignpost(asked.validated_data["answer"])}
        made = signposts.answer(offer=row, **who(self), **given)
        return Response(ThanksOut(made).data, status=201)
