"""`/api/v1/`: reviews, judgements and closing a cycle."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apdr import api_shapes as shapes
from apdr import selectors as plan
from apdr.api import open_cycle_of
from apdr.api_acts import CycleView, who
from apdr.api_shapes import CycleOut
from apdr.enums import Perspective, StepStatus
from apdr.models import NextStep, Strategy
from pupils.enums import Section
from pupils.errors import Clashes
from pupils.models import Household
from pupils.rest import PupilView, documented
from pupils.rest_fields import Choice, Day, Id, Instant, Named, Text, Whole, YesNo

from . import selectors, services
from .enums import DecisionKind, Rating
from .models import Decision, Judgement, Review


class DecisionOut(serializers.ModelSerializer[Decision]):
    class Meta:
        model = Decision
        fields = ["kind", "why", "who_was_told", "at"]


class ReviewOut(serializers.ModelSerializer[Review]):
    """A review. A family is told its notes once the cycle is closed; until then they are empty."""

    NOTES = ("who_came", "child_took_part", "working", "not_working", "what_next")

    class Meta:
        model = Review
        fields = [
            "id",
            "cycle",
            "kind",
            "starts_at",
            "minutes",
            "where",
            "state",
            "exempt_reason",
            "cancel_reason",
            "who_came",
            "child_took_part",
            "working",
            "not_working",
            "what_next",
            "held_at",
            "sequence",
            "version",
        ]

    def to_representation(self, review: Review) -> dict[str, Any]:
        shown = super().to_representation(review)
        if not getattr(review, "told", True):
            shown |= dict.fromkeys(self.NOTES, "")
        return shown


class ReviewIn(serializers.Serializer[Any]):
    """A time that clashes is refused with 409 and the code `clash`, and `fields` says with what."""

    starts_at = Instant()
    minutes = Whole(min_value=1, max_value=600, default=30)
    where = Text(max_length=150, allow_blank=True, default="")
    anyway = YesNo(default=False, help_text="Set it all the same, where it clashes")


class Reviews(PupilView):
    """The reviews of a pupil's cycles, newest first, and scheduling the one of the open cycle."""

    section, actions = Section.REVIEWS, {"POST": "hold_review"}

    @documented(responses=ReviewOut(many=True))
    def get(self, request: Request, pupil_id: UUID) -> Response:
        return Response(ReviewOut(selectors.meetings(self.sight)[:100], many=True).data)

    @documented(request=ReviewIn, responses={201: ReviewOut})
    def post(self, request: Request, pupil_id: UUID) -> Response:
        asked = ReviewIn(data=request.data)
        asked.is_valid(raise_exception=True)
        cycle = open_cycle_of(self.sight.pupil)
        try:
            made = services.schedule_review(cycle=cycle, **who(self), **asked.validated_data)
        except Clashes as found:
            told = {
                "starts_at" if name == "time" else name: said for name, said in found.message_dict.items()
            }
            raise Clashes(told) from None  # type: ignore[arg-type]
        return Response(ReviewOut(made).data, status=201)


class JudgementIn(serializers.Serializer[Any]):
    """Of a step or of a strategy of this cycle: one of the two ids.

    Staff who write down somebody else's judgement give `perspective`, `said_by_name` and, for a parent carer's, the
    `household` it comes from. Everybody else gives none of the three.
    """

    step = Id(required=False)
    strategy = Id(required=False)
    rating = Choice(choices=Rating.choices)
    words = Text(required=False, allow_blank=True, max_length=2000, default="")
    perspective = Choice(choices=Perspective.choices, required=False)
    said_by_name = Text(required=False, allow_blank=True, max_length=150, default="")
    household = Named(queryset=Household.objects.all(), required=False, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("step" in attrs) == ("strategy" in attrs):
            raise serializers.ValidationError({"step": ["Give a step or a strategy."]})
        return attrs


class JudgementOut(serializers.ModelSerializer[Judgement]):
    class Meta:
        model = Judgement
        fields = [
            "id",
            "step",
            "strategy",
            "perspective",
            "rating",
            "words",
            "said_by_name",
            "household",
            "at",
        ]


class Judgements(CycleView):
    """What a step or a strategy did, in each person's judgement, as far as this person hears it."""

    actions = {"POST": "judge"}

    @documented(responses=JudgementOut(many=True))
    def get(self, request: Request, cycle_id: UUID) -> Response:
        return Response(JudgementOut(selectors.judgements(self.cycle, self.sight), many=True).data)

    @documented(request=JudgementIn, responses={201: JudgementOut})
    def post(self, request: Request, cycle_id: UUID) -> Response:
        staff = self.sight.grounds(Section.PLAN) & plan.STAFF
        homes = shapes.homes(self.cycle.pupil, None if staff else self.sight.person)
        asked = JudgementIn(data=request.data, context=homes)
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        if not staff and (given["household"] or given["said_by_name"]):
            raise serializers.ValidationError({"said_by_name": ["Speak for yourself."]})
        model: type[Any] = NextStep if "step" in given else Strategy
        pk = given.pop("step", None) or given.pop("strategy", None)
        of = model.objects.filter(pk=pk, cycle=self.cycle, removed_at=None).first()
        if of is None:
            raise serializers.ValidationError({"step": ["Choose something from this plan."]})
        perspective = given.pop("perspective", None)
        made = services.judge(
            cycle=self.cycle,
            of=of,
            rating=Rating(given["rating"]),
            words=given["words"],
            said_by_name=given["said_by_name"],
            household=given["household"],
            perspective=Perspective(perspective) if perspective else None,
            **who(self),
        )
        return Response(JudgementOut(made).data, status=201)


class StartReview(CycleView):
    section, actions = Section.REVIEWS, {"POST": "hold_review"}

    @documented(request=None, responses={201: ReviewOut})
    def post(self, request: Request, cycle_id: UUID) -> Response:
        """Move a cycle to its review."""
        made = services.start_review(cycle=self.cycle, **who(self))
        return Response(ReviewOut(made).data, status=201)


class CloseIn(serializers.Serializer[Any]):
    kind = Choice(choices=DecisionKind.choices)
    why = Text(max_length=2000)
    who_was_told = Text(required=False, allow_blank=True, max_length=2000, default="")
    statuses = serializers.DictField(
        child=Choice(choices=[s for s in StepStatus.choices if s[0] != StepStatus.CURRENT]),
        help_text="Of each step, by its id: met, stopped, or carried on into the next cycle",
    )
    open_next = YesNo(default=True)
    review_on = Day(required=False)


class Closed(serializers.Serializer[Any]):
    decision = DecisionOut()
    next = CycleOut(allow_null=True)


class CloseCycle(CycleView):
    section, actions = Section.REVIEWS, {"POST": "hold_review"}

    @documented(request=CloseIn, responses={201: Closed})
    def post(self, request: Request, cycle_id: UUID) -> Response:
        """Close a cycle with its decision, and open the next."""
        asked = CloseIn(data=request.data)
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        said = given.pop("statuses")
        steps = {str(step.pk): step for step in self.cycle.steps.filter(removed_at=None)}
        if set(said) != set(steps):
            raise serializers.ValidationError({"statuses": ["Say of each step what becomes of it."]})
        following = services.close_cycle(
            cycle=self.cycle,
            kind=DecisionKind(given.pop("kind")),
            statuses={steps[pk]: StepStatus(status) for pk, status in said.items()},
            **given,
            **who(self),
        )
        told = {
            "decision": Decision.objects.get(cycle=cycle_id),
            "next": plan.cycle(following.pk) if following else None,
        }
        return Response(Closed(told).data, status=201)
