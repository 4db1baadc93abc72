"""`/api/v1/`: safeguarding disclosures and capacity records, each to whoever may read them."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User

from . import access, capacity, choices, overrides, policy
from .enums import Authority, Section, Way
from .models import Capacity, Override
from .rest import at_of, documented, look
from .rest_fields import Choice, Day, Exact, Id, Named, Text, YesNo


class OverrideSerializer(serializers.ModelSerializer[Override]):
    """A disclosure. To the young person what was typed about it stays empty: `reason`, who asked and confirmed, and why
    they were not told.
    """

    FOR_WORK = ("reason", "asked_by", "asked_at", "confirmed_by", "not_told_why", "look_again_on", "ended_by")

    sections = serializers.ListField(child=serializers.ChoiceField(choices=Section.choices))
    asked_by = serializers.CharField(source="asked_by.name", allow_null=True)
    asked_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_null=True)
    not_told_why = serializers.CharField(allow_null=True)
    confirmed_by = serializers.CharField(source="confirmed_by.name", allow_null=True)
    ended_by = serializers.CharField(source="ended_by.name", allow_null=True)
    opens = serializers.SerializerMethodField(help_text="Whether the recipient has a sign-in")

    class Meta:
        model = Override
        fields = [
            "id",
            "recipient",
            "opens",
            "sections",
            "reason",
            "asked_by",
            "asked_at",
            "confirmed_by",
            "confirmed_at",
            "ends_at",
            "ended_by",
            "ended_at",
            "told_at",
            "told_how",
            "not_told_why",
            "look_again_on",
        ]

    def get_opens(self, row: Override) -> bool:
        return row.person_id is not None

    def to_representation(self, row: Override) -> dict[str, Any]:
        shown = {"confirmed_by": None, "ended_by": None, **super().to_representation(row)}
        if self.context.get("told"):
            shown |= dict.fromkeys(self.FOR_WORK)
        return {name: shown[name] for name in self.Meta.fields}


class Overrides(APIView):
    """The safeguarding disclosures about a pupil: all of them for whoever leads safeguarding in their setting, and for
    the young person those that they were told of, from that moment on. For everybody else there are none.
    """

    permission_classes = [IsAuthenticated]

    @documented(responses=OverrideSerializer(many=True))
    def get(self, request: Request, pupil_id: UUID) -> Response:
        person: Any = request.user
        at = at_of(request)
        pupil = policy.pupils_safeguarded(person, at).filter(pk=pupil_id).first()
        if pupil is not None:
            overrides.opened(pupil=pupil, by=person, at=at, page="api")
            rows = policy.overrides_shown(person, at).filter(pupil=pupil)
        else:
            rows = policy.overrides_told(access.find(person, pupil_id, at, "choose"))
        rows = rows.select_related("asked_by", "confirmed_by", "ended_by")
        return Response(OverrideSerializer(rows[:100], many=True, context={"told": pupil is None}).data)


class CapacityOut(serializers.ModelSerializer[Capacity]):
    """Who makes one decision for a young person, until when, and what they themselves want."""

    sections = serializers.ListField(child=serializers.ChoiceField(choices=Section.choices))
    decider_name = serializers.CharField(source="decider.name")
    holds = serializers.SerializerMethodField(help_text="Whether it is in force now")

    class Meta:
        model = Capacity
        fields = [
            "id",
            "decision",
            "sections",
            "wishes",
            "decider",
            "decider_name",
            "authority",
            "authority_words",
            "assessor",
            "assessor_role",
            "assessed_on",
            "support",
            "findings",
            "starts_at",
            "review_on",
            "ended_at",
            "holds",
        ]

    def get_holds(self, row: Capacity) -> bool:
        return bool(row.pk in self.context["in_force"])


class CapacityIn(Exact, serializers.ModelSerializer[Capacity]):
    """One decision. `sent_key` is the id it gets, so that the same record sent twice is one.

    `decider` is the id of a parent carer or professional near this pupil.
    """

    sent_key = Id()
    sections = serializers.ListField(child=Choice(choices=Section.choices), min_length=1, max_length=8)
    decider = Named(queryset=User.objects.all(), error_messages={"does_not_exist": "Choose somebody near."})
    authority = Choice(choices=Authority.choices)
    assessed_on = Day()
    review_on = Day()
    authority_words = Text(max_length=300, allow_blank=True, default="")
    medical = YesNo(default=False, help_text="Whether the assessor is a medical professional")

    class Meta:
        model = Capacity
        fields = [
            "sent_key",
            "decision",
            "sections",
            "wishes",
            "decider",
            "authority",
            "authority_words",
            "assessor",
            "assessor_role",
            "medical",
            "assessed_on",
            "support",
            "findings",
            "review_on",
        ]


class CapacityRecords(APIView):
    """The decisions that somebody else makes for a young person: for themselves, their SENCO, and whoever decides."""

    permission_classes = [IsAuthenticated]

    @documented(responses=CapacityOut(many=True))
    def get(self, request: Request, pupil_id: UUID) -> Response:
        """All of them for the young person and the SENCO; for whoever decides those that are in force."""
        sight = access.find(request.user, pupil_id, at_of(request))
        rows = policy.capacity_shown(sight).select_related("decider")
        if sight.may("record_capacity"):
            access.write_down(sight, [Section.PROFILE], Way.API)
        elif not sight.may("choose") and not rows.exists():
            raise policy.NotThisSection(sight.pupil)
        return Response(_out(list(rows[:100]), sight))

    @documented(request=CapacityIn, responses={201: CapacityOut})
    def post(self, request: Request, pupil_id: UUID) -> Response:
        """Record one decision. 409 before the 16th birthday: until then competence is judged."""
        sight = look(request, pupil_id, "record_capacity")
        near = [person.pk for person, _ in capacity.deciders(sight.pupil, sight.at)]
        asked = CapacityIn(data=request.data, context={"within": {"decider": Q(pk__in=near)}})
        asked.is_valid(raise_exception=True)
        said = dict(asked.validated_data)
        made = capacity.record(
            pupil=sight.pupil, key=said.pop("sent_key"), by=sight.person, at=sight.at, **said
        )
        return Response(_out([made], sight)[0], status=201)


def _out(rows: list[Capacity], sight: policy.Sight) -> Any:
    in_force = set(choices.capacity_in_force(sight.pupil, sight.at).values_list("pk", flat=True))
    return CapacityOut(rows, many=True, context={"in_force": in_force}).data
