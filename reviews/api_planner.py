"""`/api/v1/reviews/`: what is owed, what is to come, times for many, and moving, cancelling and exempting one."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from apdr.api_acts import CycleView, who
from pupils import access, policy
from pupils.enums import Section, Way
from pupils.models import Pupil
from pupils.rest import PupilView, at_of, documented, look, shows
from pupils.rest_fields import Day, Id, Instant, Text, Whole

from . import scheduling, selectors, services
from . import selectors_planner as planner
from .api import ReviewOut
from .enums import Kind
from .models import Review

PAGE = 100
#: The most days that are read at once.
SPAN = 366


class OwedOut(serializers.Serializer[Any]):
    """A review that is owed. `cycle` is null where there is no open plan, so that no time can be set."""

    pupil = serializers.UUIDField(source="pupil.pk")
    name = serializers.CharField(source="pupil.name")
    year_group = serializers.CharField()
    cycle = serializers.UUIDField(source="cycle_id", allow_null=True)
    kind = serializers.ChoiceField(choices=Kind.choices)
    by = serializers.DateField(source="owed.by")
    annual_by = serializers.DateField(source="owed.annual_by", allow_null=True)
    transfer_on = serializers.DateField(source="owed.transfer_on", allow_null=True)
    counted_from = serializers.DateField(
        source="owed.counted_from",
        allow_null=True,
        help_text="The day from which the year runs, where no annual review is in the record",
    )
    review = serializers.UUIDField(
        source="review.pk",
        allow_null=True,
        default=None,
        help_text="The review that has a time, where one has",
    )
    starts_at = serializers.DateTimeField(source="review.starts_at", allow_null=True, default=None)
    late = serializers.BooleanField()
    clocks = serializers.SerializerMethodField()

    def get_clocks(self, row: planner.Row) -> list[dict[str, str]]:
        """The dates around an annual review, in their order."""
        return [{"what": what, "on": on.isoformat()} for what, on in row.clocks]


class ToComeOut(ReviewOut):
    """A review that has a time. `people` are those who must be there; `closed`: nobody is in on that day now."""

    pupil = serializers.UUIDField(source="cycle.pupil_id", read_only=True)
    people = serializers.SerializerMethodField()
    closed = serializers.BooleanField(read_only=True)

    class Meta(ReviewOut.Meta):
        fields = ["pupil", *ReviewOut.Meta.fields, "people", "closed"]

    def get_people(self, review: Review) -> list[UUID]:
        return sorted(attendee.person_id for attendee in review.attendees.all())


class BookingIn(serializers.Serializer[Any]):
    cycle = Id()
    starts_at = Instant()
    minutes = Whole(min_value=5, max_value=480, default=30)
    where = Text(max_length=150, allow_blank=True, default="")
    people = serializers.ListField(child=Id(), max_length=20, default=list)


class BookingsIn(serializers.Serializer[Any]):
    """Times for reviews: all of them, or none. The same `sent_key` sent twice sets them once."""

    sent_key = Id(help_text="Of your making")
    reviews = serializers.ListField(child=BookingIn(), min_length=1, max_length=scheduling.AT_ONCE)


class MoveReviewIn(serializers.Serializer[Any]):
    version = Whole(min_value=1)
    starts_at = Instant(required=False)
    minutes = Whole(min_value=5, max_value=480, required=False)
    where = Text(max_length=150, allow_blank=True, required=False)
    reason = Text(max_length=2000, allow_blank=True, default="")


class CancelIn(serializers.Serializer[Any]):
    version = Whole(min_value=1)
    reason = Text(max_length=2000)


class ExemptIn(serializers.Serializer[Any]):
    sent_key = Id(help_text="Of your making")
    reason = Text(max_length=2000)


class DaysIn(serializers.Serializer[Any]):
    first = Day(required=False)
    last = Day(required=False)


class Owed(APIView):
    permission_classes = [IsAuthenticated]

    @documented(
        responses=OwedOut(many=True),
        parameters=[
            OpenApiParameter(
                "after", OpenApiTypes.UUID, description="The pupil that the page before ended with"
            )
        ],
    )
    def get(self, request: Request) -> Response:
        """The reviews that are owed where this person is the SENCO, 100 at a time, what is due first first."""
        person, at = _person(request), at_of(request)
        rows = planner.rows(planner.held_by(person, at), at, settings=planner.settings_of(person, at))
        ids = [str(row.pupil.pk) for row in rows]
        after = request.query_params.get("after")
        if after is not None and after.lower() not in ids:
            raise serializers.ValidationError({"after": ["Start again from the first page."]})
        start = 0 if after is None else ids.index(after.lower()) + 1
        shown = rows[start : start + PAGE]
        _seen(request, [row.pupil for row in shown if row.review])
        return Response(OwedOut(shown, many=True).data)


class ToCome(APIView):
    permission_classes = [IsAuthenticated]

    @documented(
        responses=ToComeOut(many=True),
        parameters=[
            OpenApiParameter("first", OpenApiTypes.DATE, description="The first day; today unless given"),
            OpenApiParameter(
                "last", OpenApiTypes.DATE, description="The last day; 13 weeks later unless given"
            ),
        ],
    )
    def get(self, request: Request) -> Response:
        """The reviews that have a time from one day to another, where this person is the SENCO."""
        person, at = _person(request), at_of(request)
        first, last = _days(request, timezone.localdate(at))
        held, settings = planner.held_by(person, at), planner.settings_of(person, at)
        meetings = planner.to_come(held, at, first, last, settings)
        _seen(request, {meeting.pupil for meeting in meetings})
        for meeting in meetings:
            meeting.review.closed = meeting.closed  # type: ignore[attr-defined]
        return Response(ToComeOut([meeting.review for meeting in meetings], many=True).data)

    @documented(request=BookingsIn, responses={201: ReviewOut(many=True)})
    def post(self, request: Request) -> Response:
        """Set the times of many reviews at once: all of them, or none."""
        asked = BookingsIn(data=request.data)
        asked.is_valid(raise_exception=True)
        person, at, given = _person(request), at_of(request), asked.validated_data
        cycles = [one["cycle"] for one in given["reviews"]]
        if planner.not_held(planner.held_by(person, at), cycles):
            raise serializers.ValidationError({"cycle": ["Choose reviews that are yours to hold."]})
        made = scheduling.schedule_all(
            bookings=[
                scheduling.Booking(**{**one, "people": frozenset(one["people"])}) for one in given["reviews"]
            ],
            key=given["sent_key"],
            by=person,
            at=at,
        )
        return Response(ReviewOut(made, many=True).data, status=201)


def _person(request: Request) -> User:
    assert isinstance(request.user, User)  # IsAuthenticated lets nobody else in
    return request.user


def _seen(request: Request, pupils: Iterable[Pupil]) -> None:
    """Write down that this person saw reviews of these pupils; a day by which one is due is none."""
    sights = policy.sights(_person(request), pupils, at_of(request))
    access.write_down_each(((sight, [Section.REVIEWS]) for sight in sights.values()), Way.API)


def _days(request: Request, today: date) -> tuple[date, date]:
    asked = DaysIn(data=request.query_params.dict())
    asked.is_valid(raise_exception=True)
    first = asked.validated_data.get("first", today)
    last = asked.validated_data.get("last", first + timedelta(weeks=13))
    if not 0 <= (last - first).days <= SPAN:
        raise serializers.ValidationError({"last": ["Ask for a year at most, and the first day first."]})
    return first, last


class ReviewView(PupilView):
    """A view of one review by its own id."""

    section = Section.REVIEWS
    review: Review

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if shows(self, request):
            self.review = selectors.review(kwargs["review_id"])
            self.sight = look(request, self.review.cycle.pupil_id, self.wanted(request.method))


class MoveReview(ReviewView):
    actions = {"POST": planner.ACTION}

    @documented(request=MoveReviewIn, responses=ReviewOut)
    def post(self, request: Request, review_id: UUID) -> Response:
        """Give a review another time, length or place."""
        asked = MoveReviewIn(data=request.data)
        asked.is_valid(raise_exception=True)
        services.edit_review(review=self.review, **asked.validated_data, **who(self))
        return Response(ReviewOut(selectors.review(review_id)).data)


class CancelReview(ReviewView):
    actions = {"POST": planner.ACTION}

    @documented(request=CancelIn, responses=ReviewOut)
    def post(self, request: Request, review_id: UUID) -> Response:
        """Cancel a review, with a reason. It stays owed."""
        asked = CancelIn(data=request.data)
        asked.is_valid(raise_exception=True)
        scheduling.cancel_review(review=self.review, **asked.validated_data, **who(self))
        return Response(ReviewOut(selectors.review(review_id)).data)


class ExemptReview(CycleView):
    section, actions = Section.REVIEWS, {"POST": planner.ACTION}

    @documented(request=ExemptIn, responses={201: ReviewOut})
    def post(self, request: Request, cycle_id: UUID) -> Response:
        """Say why the review that is owed of a cycle is not needed."""
        asked = ExemptIn(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        made = scheduling.exempt_review(
            cycle=self.cycle, reason=given["reason"], key=given["sent_key"], **who(self)
        )
        return Response(ReviewOut(made).data, status=201)
