"""`/api/v1/`: drawings and recordings, a child's own page, celebrations, how something came about, and ways forward."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import files_out
from accounts.recordings import TYPES
from pupils import policy
from pupils.enums import Section, Way
from pupils.rest import PupilView, at_of, documented, look
from pupils.rest_fields import Choice, Id, Named, Text, Whole, YesNo

from . import said_files, selectors_story, selectors_voice
from .api_acts import who
from .api_shapes import FileWordsOut
from .enums import FileKind, Praise, StepsAs, Telling
from .models import Celebration, ChildPage, NextStep, PlanAnswer, WayForward
from .services import voice

Shape = serializers.Serializer[Any]


class SaidFile(APIView):
    permission_classes = [IsAuthenticated]

    @documented(
        responses={
            (200, "image/jpeg"): OpenApiTypes.BINARY,
            **{(200, kind): OpenApiTypes.BINARY for kind in TYPES.values()},
        }
    )
    def get(self, request: Request, file_id: UUID) -> HttpResponse:
        """A drawing or photo, as a JPEG, or a recording."""
        found = selectors_voice.file(file_id)
        selectors_voice.look_at(request.user, found, at_of(request), Way.API)
        content = said_files.content_of(found)
        if found.kind == FileKind.PICTURE:
            return files_out.jpeg(content, "drawing")
        return files_out.recording(request, content, TYPES[found.ending], found.ending)


class FileWordsIn(Shape):
    sent_key = Id(help_text="Of your making; the same key sent twice is one")
    words = Text(max_length=2000)
    verbatim = YesNo(default=False)


class InWords(APIView):
    permission_classes = [IsAuthenticated]

    @documented(request=FileWordsIn, responses={201: FileWordsOut})
    def post(self, request: Request, file_id: UUID) -> Response:
        """Write down what can be seen or heard in a drawing, photo or recording."""
        found = selectors_voice.file(file_id)
        sight = selectors_voice.look_at(request.user, found, at_of(request), Way.API)
        if not voice.may_put_in_words(found.view, sight):
            raise policy.NotThisSection(sight.pupil)
        asked = FileWordsIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = voice.put_in_words(file=found, by=sight.person, at=sight.at, **asked.validated_data)
        return Response(FileWordsOut(made).data, status=201)


class ChildPageOut(serializers.ModelSerializer[ChildPage]):
    """How a child likes their own page. `version` is 0, and `set_by` null, where nobody asked yet."""

    set_by = serializers.CharField(source="set_by.called", allow_null=True, default=None)
    set_at = serializers.DateTimeField(allow_null=True)

    class Meta:
        model = ChildPage
        fields = ["steps_as", "aloud", "telling", "version", "set_by", "set_at"]


class ChildPageIn(Shape):
    version = Whole(min_value=0, max_value=2**31 - 1, help_text="The one that you read")
    steps_as = Choice(choices=StepsAs.choices)
    aloud = YesNo()
    telling = Choice(choices=Telling.choices)


class OwnPage(PupilView):
    section, actions = Section.PROFILE, {"PUT": "write_profile"}

    @documented(responses=ChildPageOut)
    def get(self, request: Request, pupil_id: UUID) -> Response:
        """How a child likes to see their steps, and who hears first when something is celebrated."""
        page = selectors_voice.page_of(self.sight.pupil)
        nobody = {
            "steps_as": StepsAs.CARDS,
            "aloud": False,
            "telling": Telling.ME_FIRST,
            "version": 0,
            "set_by": None,
            "set_at": None,
        }
        return Response(ChildPageOut(page).data if page else nobody)

    @documented(request=ChildPageIn, responses=ChildPageOut)
    def put(self, request: Request, pupil_id: UUID) -> Response:
        """Write down how they like it: they do, and until they decide also whoever teaches them, after asking."""
        asked = ChildPageIn(data=request.data)
        asked.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(asked.validated_data)
        given |= {"steps_as": StepsAs(given["steps_as"]), "telling": Telling(given["telling"])}
        voice.set_page(pupil=self.sight.pupil, **who(self), **given)
        return Response(ChildPageOut(selectors_voice.page_of(self.sight.pupil)).data)


class CelebrationIn(Shape):
    sent_key = Id(help_text="Of your making; the same key sent twice is one")
    words = Text(max_length=500)
    praise = Choice(choices=Praise.choices, default=Praise.EFFORT)
    step = Named(queryset=NextStep.objects.all(), required=False, allow_null=True, default=None)


class CelebrationOut(serializers.ModelSerializer[Celebration]):
    """Something to be proud of. `told_at` is null until everybody who sees the plan may read it."""

    by = serializers.CharField(source="by.called")

    class Meta:
        model = Celebration
        fields = ["id", "at", "by", "perspective", "praise", "words", "step", "told_at"]


class Celebrations(PupilView):
    section, actions = Section.PLAN, {"POST": "log_progress"}

    @documented(responses=CelebrationOut(many=True))
    def get(self, request: Request, pupil_id: UUID) -> Response:
        """What there is to be proud of, newest first, as far as this person reads it: the latest 50."""
        found = [one.row for one in selectors_voice.celebrations(self.sight)]
        return Response(CelebrationOut(found, many=True).data)

    @documented(request=CelebrationIn, responses={201: CelebrationOut})
    def post(self, request: Request, pupil_id: UUID) -> Response:
        """Celebrate something. It is told at once where the child likes that, else the child sees it first."""
        steps = {"within": {"step": selectors_voice.within_steps(self.sight)}}
        asked = CelebrationIn(data=request.data, context=steps)
        asked.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(asked.validated_data)
        given["praise"] = Praise(given["praise"])
        made = voice.celebrate(pupil=self.sight.pupil, **who(self), **given)
        return Response(CelebrationOut(made).data, status=201)


class TellCelebration(PupilView):
    section, actions = Section.PLAN, {"POST": "log_progress"}

    @documented(request=None, responses={200: CelebrationOut})
    def post(self, request: Request, celebration_id: UUID) -> Response:
        """Show it to everybody who sees the plan."""
        found = selectors_voice.celebration(celebration_id)
        self.sight = look(request, found.pupil_id, "log_progress")
        voice.tell(celebration=found, **who(self))
        return Response(CelebrationOut(selectors_voice.celebration(celebration_id)).data)


class WayForwardOut(serializers.ModelSerializer[WayForward]):
    by = serializers.CharField(source="by.called")

    class Meta:
        model = WayForward
        fields = ["id", "at", "by", "words"]


class EventOut(Shape):
    """One thing that happened. `disagreement` is the id of an answer about which a way forward can be written."""

    at = serializers.DateTimeField()
    kind = serializers.CharField()
    title = serializers.CharField()
    words = serializers.CharField()
    disagreement = serializers.SerializerMethodField()
    ways_forward = WayForwardOut(source="ways", many=True)

    def get_disagreement(self, event: selectors_story.Event) -> UUID | None:
        return event.answer[1] if event.answer else None


class StoryOut(Shape):
    words = serializers.CharField()
    events = EventOut(many=True)


class PlanStory(PupilView):
    section = Section.PLAN
    kind = "step"

    @documented(responses=StoryOut)
    def get(self, request: Request, pk: UUID) -> Response:
        """How it came about, as far as this person may know."""
        row = selectors_story.item(self.kind, pk)
        self.sight = look(request, row.cycle.pupil, selectors_story.SECTIONS[self.kind])
        return Response(StoryOut(selectors_story.story(self.kind, row, self.sight)).data)


class OutcomeStory(PlanStory):
    kind = "outcome"


class StrategyStory(PlanStory):
    section, kind = Section.STRATEGIES, "strategy"


class WayForwardIn(Shape):
    sent_key = Id(help_text="Of your making; the same key sent twice is one")
    words = Text(max_length=2000)


class FindAWay(PupilView):
    section = Section.PLAN
    kind = "plan"

    @documented(request=WayForwardIn, responses={201: WayForwardOut})
    def post(self, request: Request, pk: UUID) -> Response:
        """Write what happens next about a disagreement, which stays."""
        found = selectors_voice.disagreement(self.kind, pk)
        cycle = found.plan_version.cycle if isinstance(found, PlanAnswer) else found.strategy.cycle
        self.sight = look(request, cycle.pupil_id, self.section)
        voice.require_reached(found, self.sight, self.section)
        if not voice.may_find_a_way(self.sight):
            raise policy.NotThisSection(self.sight.pupil)
        asked = WayForwardIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = voice.find_a_way(about=found, **who(self), **asked.validated_data)
        return Response(WayForwardOut(made).data, status=201)


class FindAWayForStrategy(FindAWay):
    section, kind = Section.STRATEGIES, "strategy"
