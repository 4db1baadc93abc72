"""`/api/v1/`: how to talk with somebody of a family, as the SENCO writes it down after asking them."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import said, services
from accounts.enums import Asked
from accounts.models import Preferences, User

from . import selectors, talking
from .enums import Section
from .rest import PupilView, documented
from .rest_fields import Choice, Day, Exact, Whole


class WhereFromOut(serializers.Serializer[Any]):
    """Where some preferences come from. `by` is empty for somebody who works elsewhere."""

    fields_ = serializers.ListField(child=serializers.CharField())
    own = serializers.BooleanField(help_text="Whether they chose it themselves")
    at = serializers.DateTimeField()
    by = serializers.CharField()
    how = serializers.ChoiceField(choices=Asked.choices, allow_blank=True)
    asked_on = serializers.DateField(allow_null=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        fields["fields"] = fields.pop("fields_")
        return fields


class PreferencesOut(Exact, serializers.ModelSerializer[Preferences]):
    """How to talk with somebody. `said` tells where each of it comes from, the latest first."""

    said = WhereFromOut(many=True, read_only=True)

    class Meta:
        model = Preferences
        fields = ["person", *services.PREFERENCES, "version", "said"]


class PreferencesIn(Exact, serializers.ModelSerializer[Preferences]):
    """All that they said, over the `version` that was read; and how, and on which day, they were asked."""

    version = Whole(min_value=1)
    how = Choice(choices=Asked.choices)
    asked_on = Day()

    class Meta:
        model = Preferences
        fields = [*services.PREFERENCES, "version", "how", "asked_on"]
        extra_kwargs = {name: {"required": True} for name in services.PREFERENCES}


class TalkingWith(PupilView):
    """The preferences of a parent carer, or of the young person: for the SENCO alone."""

    section = Section.PROFILE
    actions = dict.fromkeys(["GET", "PUT"], "edit_circle")

    @documented(responses=PreferencesOut)
    def get(self, request: Request, pupil_id: UUID, person_id: UUID) -> Response:
        return Response(self._out(self._whom(person_id)))

    @documented(request=PreferencesIn, responses=PreferencesOut)
    def put(self, request: Request, pupil_id: UUID, person_id: UUID) -> Response:
        """Write down what they said; 409 when it changed meanwhile. What they chose themselves later stands: 400."""
        person = self._whom(person_id)
        asked = PreferencesIn(data=request.data)
        asked.is_valid(raise_exception=True)
        typed = dict(asked.validated_data)
        version, how, asked_on = (typed.pop(name) for name in ("version", "how", "asked_on"))
        talking.write_down(
            pupil=self.sight.pupil,
            person=person,
            version=version,
            typed=typed,
            how=how,
            asked_on=asked_on,
            by=self.sight.person,
            at=self.sight.at,
        )
        return Response(self._out(person))

    def _whom(self, person_id: UUID) -> User:
        sight = self.sight
        return talking.whom(pupil=sight.pupil, person_id=person_id, by=sight.person, at=sight.at)

    def _out(self, person: User) -> Any:
        colleagues = selectors.colleagues_of(self.sight.person, self.sight.at)
        found = said.names_shown(said.said_of(person), colleagues)
        told = [
            {
                "fields": one.fields,
                "own": one.own,
                "at": one.at,
                "by": who,
                "how": one.how,
                "asked_on": one.asked_on,
            }
            for one, who in found
        ]
        row: Any = services.preferences_of(person)
        row.said = told
        return PreferencesOut(row).data
