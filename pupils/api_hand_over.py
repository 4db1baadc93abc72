"""`/api/v1/`: the talks about the day on which a young person begins to decide."""

from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from . import hand_over
from .enums import Section
from .models import HandOverTalk
from .rest import PupilView, documented
from .rest_fields import Exact, Id


class TalkOut(serializers.ModelSerializer[HandOverTalk]):
    """A talk: when, with whom, how it was explained, and who wrote it down."""

    recorded_by = serializers.CharField(source="recorded_by.called")

    class Meta:
        model = HandOverTalk
        fields = ["id", "on", "with_whom", "how", "recorded_by", "at"]


class TalkIn(Exact, serializers.ModelSerializer[HandOverTalk]):
    """A talk. `sent_key` is the id it gets, so that the same talk sent twice is one; with other words it is another."""

    sent_key = Id(help_text="Of your making")

    class Meta:
        model = HandOverTalk
        fields = ["sent_key", "on", "with_whom", "how"]


class HandOverTalks(PupilView):
    """The talks about what changes when the young person decides: for the SENCO, who prepares it with them."""

    section = Section.PROFILE
    actions = dict.fromkeys(["GET", "POST"], "prepare_hand_over")

    @documented(responses=TalkOut(many=True))
    def get(self, request: Request, pupil_id: UUID) -> Response:
        """The latest day first, at most 100."""
        rows = self.sight.pupil.hand_over_talks.select_related("recorded_by")
        return Response(TalkOut(rows[:100], many=True).data)

    @documented(request=TalkIn, responses={201: TalkOut})
    def post(self, request: Request, pupil_id: UUID) -> Response:
        """Write down a talk, of today or a day before."""
        asked = TalkIn(data=request.data)
        asked.is_valid(raise_exception=True)
        said = dict(asked.validated_data)
        made = hand_over.record_talk(
            pupil=self.sight.pupil, key=said.pop("sent_key"), by=self.sight.person, at=self.sight.at, **said
        )
        return Response(TalkOut(made).data, status=201)
