"""`/api/v1/`: events of a setting, and signing up for them."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from apdr.enums import SchoolPhase
from pupils import policy
from pupils.rest import SettingView, documented
from pupils.rest_fields import Choice, Day, Id, Instant, Named, Text, Whole, YesNo

from . import events
from . import selectors_events as selectors
from .enums_events import EventKind, ForWhom
from .models import Event, EventPlace
from .models_events import MOST_COME, MOST_PLACES

Shape = serializers.Serializer[Any]


def _event_fields(required: bool) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
    some: dict[str, Any] = {"required": False, "allow_empty": True}
    return {
        "title": Text(max_length=100, required=required, help_text="Name no child"),
        "kind": Choice(choices=EventKind.choices, required=required),
        "starts_at": Instant(required=required),
        "ends_at": Instant(required=required),
        "where": Text(max_length=150, required=required, help_text="Name no child"),
        "what": Text(max_length=1000, required=required),
        "whom": serializers.ListField(
            child=Choice(choices=ForWhom.choices), min_length=1, max_length=3, required=required
        ),
        "phases": serializers.ListField(child=Choice(choices=SchoolPhase.choices), max_length=4, **some),
        "classes": serializers.ListField(
            child=Id(), max_length=200, help_text="Class groups of the setting", **some
        ),
        "places": Whole(min_value=1, max_value=MOST_PLACES, required=False, allow_null=True),
        "sign_up_until": Day(required=False, allow_null=True),
        "contact": Text(max_length=150, required=required),
        "host": Named(queryset=User.objects.all(), required=False, allow_null=True),
    }


class SettingEventIn(Shape):
    """Without phases and classes it is for all of the setting; without places there is room for everybody."""

    sent_key = Id(required=False, source="key", help_text="Of your making; the same key sent twice is one")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {**super().get_fields(), **_event_fields(required=True)}


class SettingEventChange(Shape):
    """Whoever signed up is told where the time or place is another."""

    version = Whole(min_value=1)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {**super().get_fields(), **_event_fields(required=False)}


class EventPlaceOut(serializers.ModelSerializer[EventPlace]):
    class Meta:
        model = EventPlace
        fields = ["id", "version", "state", "adults", "children", "know"]


class SettingEventOut(serializers.ModelSerializer[Event]):
    """`free` is how many more people have room, null without a limit. `mine` is what this person said to it, or null."""

    free = serializers.SerializerMethodField()
    mine = serializers.SerializerMethodField()

    class Meta:
        model = Event
        fields = [
            "id", "version", "title", "kind", "starts_at", "ends_at", "where", "what", "whom", "phases", "classes",
            "places", "free", "sign_up_until", "contact", "called_off_at", "why_off", "mine",
        ]  # fmt: skip

    def get_free(self, row: Any) -> int | None:
        return selectors.free(row)

    @extend_schema_field(EventPlaceOut(allow_null=True))
    def get_mine(self, row: Any) -> dict[str, Any] | None:
        place = self.context["places"].get(row.pk)
        return dict(EventPlaceOut(place).data) if place else None


class EventView(SettingView):
    """A view of events: each is there for whoever is asked to it, keeps it or hosts it."""

    def out(self, rows: list[Any]) -> Any:
        """Events with what this person said to them: 1 query."""
        mine = EventPlace.objects.filter(event__in=[row.pk for row in rows], person=self.person)
        return SettingEventOut(rows, many=True, context={"places": {one.event_id: one for one in mine}}).data

    def one(self, event_id: UUID, status: int = 200) -> Response:
        [told] = self.out([selectors.one_for(self.person, event_id, self.at)])
        return Response(told, status=status)


def _typed(asked: Shape) -> dict[str, Any]:
    typed = dict(asked.validated_data)
    if "host" in typed:
        host = typed.pop("host")
        typed["host_id"] = host.pk if host else None
    return typed


class Events(EventView):
    def reads(self, setting: Any) -> bool:
        if super().reads(setting) or policy.family_of(self.person, setting, self.at):
            return True
        return selectors.staff_of(setting, self.at).filter(pk=self.person.pk).exists()

    @documented(responses=SettingEventOut(many=True))
    def get(self, request: Request, setting_id: UUID) -> Response:
        """The events of a setting of the last year and to come, the earliest first: its SENCO all of them, anybody else
        those to which they are asked.
        """
        return Response(self.out(list(selectors.of_settings_read(self.person, self.setting, self.at))))

    @documented(request=SettingEventIn, responses={201: SettingEventOut})
    def post(self, request: Request, setting_id: UUID) -> Response:
        asked = SettingEventIn(data=request.data, context=_here(self.setting, self))
        asked.is_valid(raise_exception=True)
        made = events.add(setting=self.setting, by=self.person, at=self.at, **_typed(asked))
        return self.one(made.pk, 201)


def _here(setting: Any, view: EventView) -> dict[str, Any]:
    """Who can be the host: whoever works there."""
    staff = selectors.staff_of(setting, view.at).order_by().values("pk")
    return {"within": {"host": Q(pk__in=staff)}}


class OneEvent(EventView):
    @documented(responses=SettingEventOut)
    def get(self, request: Request, event_id: UUID) -> Response:
        return self.one(event_id)

    @documented(request=SettingEventChange, responses=SettingEventOut)
    def patch(self, request: Request, event_id: UUID) -> Response:
        """Change an event that is to come. Only its SENCO can."""
        row = selectors.one_kept(self.person, event_id, self.at)
        asked = SettingEventChange(data=request.data, context=_here(row.setting, self))
        asked.is_valid(raise_exception=True)
        events.edit(event=row, by=self.person, at=self.at, **_typed(asked))
        return self.one(event_id)


class CallOffIn(Shape):
    why = Text(max_length=300, help_text="Whoever signed up reads this. Name no child")


class CallOffEvent(EventView):
    @documented(request=CallOffIn, responses=SettingEventOut)
    def post(self, request: Request, event_id: UUID) -> Response:
        """Call an event off. Whoever signed up is told. Only its SENCO can; twice is once."""
        row = selectors.one_kept(self.person, event_id, self.at)
        asked = CallOffIn(data=request.data)
        asked.is_valid(raise_exception=True)
        events.call_off(event=row, by=self.person, at=self.at, **asked.validated_data)
        return self.one(event_id)


class EventPlaceIn(Shape):
    """`version` is that of `mine` as it was read, 0 where there was none. `wait`: where there is no room, wait for it."""

    version = Whole(min_value=0)
    adults = Whole(min_value=0, max_value=MOST_COME)
    children = Whole(min_value=0, max_value=MOST_COME, required=False, default=0)
    know = Text(max_length=500, required=False, allow_blank=True, default="", help_text="For the SENCO alone")
    wait = YesNo(default=False)


class SignUp(EventView):
    @documented(request=EventPlaceIn, responses=SettingEventOut)
    def post(self, request: Request, event_id: UUID) -> Response:
        """Sign up for an event, or change with how many. Twice is once."""
        row = selectors.one_for(self.person, event_id, self.at)
        asked = EventPlaceIn(data=request.data)
        asked.is_valid(raise_exception=True)
        events.sign_up(event=row, person=self.person, by=self.person, at=self.at, **asked.validated_data)
        return self.one(event_id)


class LeaveEvent(EventView):
    @documented(request=None, responses=SettingEventOut)
    def post(self, request: Request, event_id: UUID) -> Response:
        """Take back a sign-up. Twice is once."""
        row = selectors.one_for(self.person, event_id, self.at)
        events.take_back(event=row, person=self.person, by=self.person, at=self.at)
        return self.one(event_id)
