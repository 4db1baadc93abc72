"""`/api/v1/cycles/{id}/said/`: what people said in a cycle, and what was done about it."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.words import LIMIT
from apdr import selectors as cycles
from apdr.api_acts import CycleView, who
from apdr.enums import Perspective
from pupils import access, policy
from pupils.enums import Section, Way
from pupils.rest import PupilView, at_of, documented, shows
from pupils.rest_fields import Id, Text

from . import room, selectors_room


class WhatWeDidOut(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="pk")
    words = serializers.CharField()
    at = serializers.DateTimeField()


class SaidOut(serializers.Serializer[Any]):
    """Something that one person said: `view`, `judgement` or `contribution` is its id. `what_we_did` is null where it has no answer."""

    view = serializers.SerializerMethodField()
    judgement = serializers.SerializerMethodField()
    contribution = serializers.SerializerMethodField()
    perspective = serializers.ChoiceField(choices=Perspective.choices, source="row.perspective")
    who = serializers.CharField()
    words = serializers.SerializerMethodField()
    at = serializers.DateTimeField()
    what_we_did = WhatWeDidOut(source="answer", allow_null=True)

    def _id(self, one: selectors_room.Said, kind: str) -> UUID | None:
        return one.row.pk if one.kind == kind else None

    def get_view(self, one: selectors_room.Said) -> UUID | None:
        return self._id(one, "view")

    def get_judgement(self, one: selectors_room.Said) -> UUID | None:
        return self._id(one, "judgement")

    def get_contribution(self, one: selectors_room.Said) -> UUID | None:
        return self._id(one, "contribution")

    def get_words(self, one: selectors_room.Said) -> list[str]:
        return [f"{label}: {text}" if label else text for label, text in one.words]


class WhatWeDidIn(serializers.Serializer[Any]):
    """About a view, a judgement or a contribution of this cycle: one of the three ids. `seen` is the answer that stands, where one does."""

    view = Id(required=False)
    judgement = Id(required=False)
    contribution = Id(required=False)
    words = Text(max_length=LIMIT)
    seen = Id(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs.keys() & set(room.KINDS.values())) != 1:
            raise serializers.ValidationError({"view": ["Give a view, a judgement or a contribution."]})
        return attrs


class WhatWasSaid(CycleView):
    """What people said in a cycle, as far as this person hears it, and what was done about it.

    A family is told once the cycle is closed.
    """

    section, actions = Section.REVIEWS, {"POST": "hold_review"}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        PupilView.initial(self, request, *args, **kwargs)
        if not shows(self, request):
            return
        self.cycle = cycles.cycle(kwargs["cycle_id"])
        person: Any = request.user
        self.sight = policy.require(person, self.wanted(request.method), self.cycle.pupil, at_of(request))
        selectors_room.require_told(self.cycle, self.sight)
        access.write_down(self.sight, [Section.REVIEWS, Section.VIEWS], Way.API)

    def said(self) -> list[selectors_room.Said]:
        return selectors_room.said(self.cycle, self.sight)

    @documented(responses=SaidOut(many=True))
    def get(self, request: Request, cycle_id: UUID) -> Response:
        return Response(SaidOut(self.said(), many=True).data)

    @documented(request=WhatWeDidIn, responses={201: WhatWeDidOut})
    def post(self, request: Request, cycle_id: UUID) -> Response:
        """Say what is done about something that was said. The same words sent twice are one answer."""
        asked = WhatWeDidIn(data=request.data)
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        [field] = given.keys() & set(room.KINDS.values())
        policy.passed(self.sight, Section.VIEWS)
        one = next((s for s in self.said() if s.kind == field and s.row.pk == given[field]), None)
        if one is None:
            raise serializers.ValidationError({field: ["Choose something that was said in this cycle."]})
        answer = room.Answered(one.row, given["words"], given.get("seen"))
        try:
            made = room.answer_said(pupil=self.sight.pupil, answers=[answer], **who(self))
        except room.Overtaken as meanwhile:
            stands = meanwhile.by_thing[one.row.pk]
            error = ErrorDetail(f"Somebody else wrote this meanwhile: “{stands.words}”.", code="overtaken")
            raise serializers.ValidationError({"seen": [error]}) from meanwhile
        return Response(WhatWeDidOut(made[0] if made else one.answer).data, status=201)
