"""`/api/v1/pupils/{id}/we-did/`: what somebody said and nobody answered yet, what was answered, and answering."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.words import LIMIT
from apdr.api_acts import who
from apdr.models import NextStep, Outcome, Strategy
from apdr.selectors_voice import KINDS, kinds_open
from pupils.enums import Section
from pupils.rest import PupilView, documented
from pupils.rest_fields import Id, Named, Text

from . import room
from . import selectors_we_did as selectors
from .api_room import SaidOut, WhatWeDidOut
from .models import WhatWeDid


class ChangedOut(WhatWeDidOut):
    """What was done, and the one thing in the plan that it changed, where its part is open to this person."""

    outcome = serializers.SerializerMethodField()
    step = serializers.SerializerMethodField()
    strategy = serializers.SerializerMethodField()

    def _changed(self, row: WhatWeDid, kind: str) -> UUID | None:
        pk: UUID | None = getattr(row, f"{kind}_id")
        return pk if kind in kinds_open(self.context["sight"]) else None

    def get_outcome(self, row: WhatWeDid) -> UUID | None:
        return self._changed(row, "outcome")

    def get_step(self, row: WhatWeDid) -> UUID | None:
        return self._changed(row, "step")

    def get_strategy(self, row: WhatWeDid) -> UUID | None:
        return self._changed(row, "strategy")


class SaidAndDoneOut(SaidOut):
    what_we_did = ChangedOut(source="answer", allow_null=True)


class WeDidOut(serializers.Serializer[Any]):
    """What waits, oldest first, and what was answered, newest first: 8 of each at most."""

    waiting = SaidAndDoneOut(many=True)
    answered = SaidAndDoneOut(many=True)


class WeDidIn(serializers.Serializer[Any]):
    """About one view. At most one of `outcome`, `step` and `strategy` is what it changed; `seen` the answer that stands."""

    view = Id()
    words = Text(max_length=LIMIT)
    outcome = Named(queryset=Outcome.objects.all(), required=False, allow_null=True, default=None)
    step = Named(queryset=NextStep.objects.all(), required=False, allow_null=True, default=None)
    strategy = Named(queryset=Strategy.objects.all(), required=False, allow_null=True, default=None)
    seen = Id(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if sum(attrs[name] is not None for name in KINDS) > 1:
            raise serializers.ValidationError({"outcome": ["Name one thing that it changed."]})
        return attrs


class WeDid(PupilView):
    section, actions = Section.VIEWS, {"GET": "record_views", "POST": "record_views"}

    @documented(responses=WeDidOut)
    def get(self, request: Request, pupil_id: UUID) -> Response:
        """What has no answer yet, and what was done about what was said, as far as this person hears it."""
        told = {"waiting": selectors.waiting(self.sight), "answered": selectors.answers(self.sight)}
        return Response(WeDidOut(told, context={"sight": self.sight}).data)

    @documented(request=WeDidIn, responses={201: ChangedOut})
    def post(self, request: Request, pupil_id: UUID) -> Response:
        """Say what is done about a view. The same sent twice is one answer."""
        within = {"within": {kind: selectors.of_pupil(kind, self.sight) for kind in KINDS}}
        asked = WeDidIn(data=request.data, context=within)
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        one = selectors.view(given.pop("view"), self.sight)
        words, seen = given.pop("words"), given.pop("seen", None)
        answer = room.Answered(one, words, seen, {name: given[name] for name in KINDS if given[name]})
        try:
            made = room.answer_said(pupil=self.sight.pupil, answers=[answer], **who(self))
        except room.Overtaken as meanwhile:
            stands = meanwhile.by_thing[one.pk]
            error = ErrorDetail(f"Somebody else wrote this meanwhile: “{stands.words}”.", code="overtaken")
            raise serializers.ValidationError({"seen": [error]}) from meanwhile
        row = made[0] if made else selectors.latest(one)
        return Response(ChangedOut(row, context={"sight": self.sight}).data, status=201)
