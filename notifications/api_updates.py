"""`/api/v1/`: one update for many, the daily form, photos, calls, private talks, and what homes hear."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.files_out import jpeg
from accounts.models import User
from apdr.api_acts import who
from apdr.services.common import require_heard
from pupils import policy
from pupils.enums import Section, Way
from pupils.models import Household
from pupils.rest import PupilView, at_of, documented, look, shows
from pupils.rest_fields import Choice, Day, Id, Instant, Named, Text, Whole, YesNo

from . import balance, calls, daily, many, photos, services, talks
from . import selectors_updates as selectors
from .api import DailyOut, UpdateOut, photos_in, with_photos
from .enums_updates import Ate, HowWeTalk, Mood, Slept, Suits
from .models import Call, Daily, Photo, Talk, Update

Shape = serializers.Serializer[Any]


def _words(most: int = 2000) -> Text:
    return Text(required=False, allow_blank=True, max_length=most, default="")


class ManyIn(Shape):
    """One update to every home of each of these pupils."""

    sent_key = Id(help_text="Of your making; the same key sent twice is one update for each")
    pupils = serializers.ListField(child=Id(), min_length=1, max_length=many.MOST)
    good_thing = _words()
    words = _words()


class Many(APIView):
    permission_classes = [IsAuthenticated]

    @documented(request=ManyIn, responses={201: UpdateOut(many=True)})
    def post(self, request: Request) -> Response:
        """Write the same to the homes of many pupils: to all of them, or to none."""
        asked = ManyIn(data=request.data)
        asked.is_valid(raise_exception=True)
        person: Any = request.user
        made = many.write_many(by=person, at=at_of(request), **asked.validated_data)
        prefetch_related_objects(made, "photos", "daily")
        return Response(UpdateOut(made, many=True).data, status=201)


class DailyIn(Shape):
    """Today's form. `version` is the one that you read, 0 where none is written yet."""

    sent_key = Id(help_text="Of your making; the same key sent twice is one form")
    version = Whole(min_value=0, max_value=32767, default=0)
    here = YesNo(default=True)
    mood = Choice(choices=Mood.choices, required=False, allow_blank=True, default="")
    ate = Choice(choices=Ate.choices, required=False, allow_blank=True, default="")
    slept = Choice(choices=Slept.choices, required=False, allow_blank=True, default="")
    enjoyed = _words()
    tried = _words(500)
    words = _words()
    photos = photos_in()


class Dailies(PupilView):
    section, actions = Section.UPDATES, {"POST": "write_update"}

    @documented(responses=DailyOut)
    def get(self, request: Request, pupil_id: UUID) -> Response:
        """How the day of a child in early years went, today. Earlier days are among the updates."""
        return Response(DailyOut(self._found(daily.of_today(self.sight.pupil, self.sight.at))).data)

    @documented(request=DailyIn, responses={201: DailyOut})
    def post(self, request: Request, pupil_id: UUID) -> Response:
        """Write today's form, or change it on the same day."""
        asked = DailyIn(data=request.data)
        asked.is_valid(raise_exception=True)
        sent = with_photos(dict(asked.validated_data))
        return Response(
            DailyOut(daily.write_daily(pupil=self.sight.pupil, **who(self), **sent)).data, status=201
        )

    def _found(self, row: Daily | None) -> Daily:
        if row is None:
            raise Http404
        require_heard(row.update, self.sight, Section.UPDATES)
        return row


class OnPlan(PupilView):
    section, actions = Section.UPDATES, {"POST": "write_update"}
    update: Update

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if shows(self, request):
            self.update = selectors.update(kwargs["update_id"])
            self.sight = look(request, self.update.pupil_id, self.wanted(request.method))
            require_heard(self.update, self.sight, Section.UPDATES)

    @documented(request=None, responses={201: UpdateOut})
    def post(self, request: Request, update_id: UUID) -> Response:
        """Put what worked at home to the plan, as a proposal of whoever said it."""
        services.put_on_plan(update=self.update, **who(self))
        return Response(UpdateOut(selectors.update(update_id)).data, status=201)


class OnePhoto(APIView):
    permission_classes = [IsAuthenticated]

    @documented(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, photo_id: UUID) -> HttpResponse:
        """The picture itself, as a JPEG."""
        found: Photo = selectors.photo(photo_id)
        selectors.look_at(request.user, found, at_of(request), Way.API)
        return jpeg(photos.content_of(found))


class CallIn(Shape):
    sent_key = Id(help_text="Of your making; the same key sent twice is one call")
    words = _words()
    household = Named(queryset=Household.objects.all(), required=False, allow_null=True, default=None)


class RangIn(Shape):
    on = Day()
    outcome = Text(max_length=2000)


class CallOut(serializers.ModelSerializer[Call]):
    """A home that is to be rung; `rang_on` is null until it was."""

    by = serializers.CharField(source="by.called")

    class Meta:
        model = Call
        fields = ["id", "at", "by", "household", "words", "rang_on", "outcome"]


class ManyCallsIn(Shape):
    """That every home of each of these pupils is to be rung, and what about."""

    sent_key = Id(help_text="Of your making; the same key sent twice is one call for each")
    pupils = serializers.ListField(child=Id(), min_length=1, max_length=many.MOST)
    words = _words()


class ManyCalls(APIView):
    permission_classes = [IsAuthenticated]

    @documented(request=ManyCallsIn, responses={201: CallOut(many=True)})
    def post(self, request: Request) -> Response:
        """Write down that the homes of many pupils are to be rung: of all of them, or of none. Nothing is sent."""
        asked = ManyCallsIn(data=request.data)
        asked.is_valid(raise_exception=True)
        person: Any = request.user
        made = many.need_calls(by=person, at=at_of(request), **asked.validated_data)
        return Response(CallOut(made, many=True).data, status=201)


class Calls(PupilView):
    """The calls that are to be made, and the last that were. For staff alone."""

    section, actions = Section.UPDATES, {"GET": "write_update", "POST": "write_update"}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if shows(self, request) and not services.as_staff(self.sight):
            raise policy.NotThisSection(self.sight.pupil)

    @documented(responses=CallOut(many=True))
    def get(self, request: Request, pupil_id: UUID) -> Response:
        return Response(CallOut(selectors.calls(self.sight), many=True).data)

    @documented(request=CallIn, responses={201: CallOut})
    def post(self, request: Request, pupil_id: UUID) -> Response:
        """Write down that a home is to be rung. Nothing is sent."""
        homes = {"within": {"household": selectors.of_family(self.sight.pupil)}}
        asked = CallIn(data=request.data, context=homes)
        asked.is_valid(raise_exception=True)
        made = calls.need_call(pupil=self.sight.pupil, **who(self), **asked.validated_data)
        return Response(CallOut(made).data, status=201)


class Rang(PupilView):
    section, actions = Section.UPDATES, {"POST": "write_update"}

    @documented(request=RangIn, responses={201: CallOut})
    def post(self, request: Request, call_id: UUID) -> Response:
        """Write down when a home was rung and how it went."""
        row = selectors.call(call_id)
        if not services.as_staff(policy.why(request.user, row.pupil, at_of(request))):
            raise Http404
        self.sight = look(request, row.pupil_id, "write_update")
        asked = RangIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = calls.rang(call=row, **who(self), **asked.validated_data)
        return Response(CallOut(made).data, status=201)


class PrivateTalkIn(Shape):
    """Asking to talk: with the SENCO, or with one of those who teach. Tick when it suits, or write other times."""

    sent_key = Id(help_text="Of your making; the same key sent twice is one request")
    to = Named(queryset=User.objects.all(), required=False, allow_null=True, default=None)
    suits = serializers.ListField(
        child=Choice(choices=Suits.choices), required=False, default=list, max_length=4
    )
    times = _words(500)
    reason = _words(500)


class TalkTimeIn(Shape):
    starts_at = Instant()
    how = Choice(choices=HowWeTalk.choices)
    where = Text(required=False, allow_blank=True, max_length=150, default="")


class PrivateTalkOut(serializers.ModelSerializer[Talk]):
    """`starts_at` is null until somebody says when."""

    by = serializers.CharField(source="by.called")
    to = serializers.CharField(source="to.called", default=None, allow_null=True)
    suits = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Talk
        fields = ["id", "at", "by", "to", "suits", "times", "reason", "starts_at", "how", "where"]


class Talks(PupilView):
    """Who asks to talk privately: a family reads its own home's, staff what is for them."""

    section, actions = Section.UPDATES, {"POST": "write_update"}

    @documented(responses=PrivateTalkOut(many=True))
    def get(self, request: Request, pupil_id: UUID) -> Response:
        return Response(PrivateTalkOut(selectors.talks(self.sight), many=True).data)

    @documented(request=PrivateTalkIn, responses={201: PrivateTalkOut})
    def post(self, request: Request, pupil_id: UUID) -> Response:
        if not talks.may_ask(self.sight):
            raise policy.NotThisSection(self.sight.pupil)
        adults = {"within": {"to": selectors.one_of(talks.adults(self.sight))}}
        asked = PrivateTalkIn(data=request.data, context=adults)
        asked.is_valid(raise_exception=True)
        made = talks.ask(pupil=self.sight.pupil, **who(self), **asked.validated_data)
        return Response(PrivateTalkOut(made).data, status=201)


class AnswerTalk(PupilView):
    section, actions = Section.UPDATES, {"POST": "write_update"}

    @documented(request=TalkTimeIn, responses={201: PrivateTalkOut})
    def post(self, request: Request, talk_id: UUID) -> Response:
        """Say when and how to talk."""
        row = selectors.talk(talk_id)
        sight = policy.why(request.user, row.pupil, at_of(request))
        if not talks.answers(sight, row):
            raise Http404
        self.sight = look(request, row.pupil_id, "write_update")
        asked = TalkTimeIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = talks.answer(talk=row, **who(self), **asked.validated_data)
        return Response(PrivateTalkOut(made).data, status=201)


class HomeOut(Shape):
    """What a home heard and wrote, in numbers of updates."""

    name = serializers.CharField()
    lately = serializers.IntegerField(help_text="Heard in 4 weeks")
    good = serializers.IntegerField(help_text="Heard in 12 weeks with a good thing")
    without = serializers.IntegerField(help_text="Heard in 12 weeks without one")
    wrote = serializers.IntegerField(help_text="Written by the home in 12 weeks")


class BalanceRow(Shape):
    pupil = serializers.UUIDField(source="pupil.pk")
    name = serializers.CharField(source="pupil.name")
    decides = serializers.BooleanField(help_text="Whether the young person decides: then no home is counted")
    homes = HomeOut(many=True)


class PageIn(Shape):
    after = Id(required=False)


class BalanceOut(Shape):
    """`after` asks for the next page; it is empty on the last."""

    after = serializers.CharField()
    pupils = BalanceRow(many=True, source="rows")


class Balance(APIView):
    permission_classes = [IsAuthenticated]

    @documented(
        responses=BalanceOut,
        parameters=[
            OpenApiParameter(
                "after", OpenApiTypes.UUID, description="`after` of the page before", required=False
            )
        ],
    )
    def get(self, request: Request) -> Response:
        """What the homes of everybody whom you coordinate hear."""
        person: Any = request.user
        if not policy.settings_coordinated(person, at_of(request)).exists():
            raise PermissionDenied
        asked = PageIn(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        after = str(asked.validated_data.get("after", ""))
        try:
            page = balance.page(person, at_of(request), after=after, way=Way.API)
        except ValueError:
            raise serializers.ValidationError({"after": ["Start again from the first page."]}) from None
        return Response(BalanceOut(page).data)
