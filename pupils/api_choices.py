"""`/api/v1/pupils/{id}/choices/`: what was chosen, by whom and how, what holds now, and making choices."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Invitation, User

from . import access, choices, policy, second_thoughts
from . import board as boards
from .board import Board
from .choices import Wanted
from .enums import Answer, Gave, Ground, Section, To, Voice
from .models import Choice, ChoiceSheet
from .rest import at_of, documented
from .rest_fields import Choice as OneOf
from .rest_fields import Day, Id, Named, Text, Whole
from .wording import FORMATS, WORDINGS

STATES = ["yes", "kept", "ask", "no", "over", ""]


class LineSerializer(serializers.Serializer[boards.Line]):
    section = serializers.ChoiceField(choices=Section.choices)
    state = serializers.ChoiceField(
        choices=[(s, s) for s in STATES],
        help_text="yes: open by choice; kept: open without one; ask; no; over: a yes that ended; empty: not chosen",
    )
    until = serializers.DateField(allow_null=True, help_text="The last day")
    purpose = serializers.CharField()


class CardSerializer(serializers.Serializer[boards.Card]):
    to = serializers.ChoiceField(choices=To.choices, source="kind")
    person = serializers.UUIDField(source="whom.person.pk", default=None, allow_null=True)
    invitation = serializers.UUIDField(source="whom.invitation.pk", default=None, allow_null=True)
    name = serializers.CharField()
    role = serializers.CharField()
    lines = LineSerializer(many=True)


class RowSerializer(serializers.ModelSerializer[Choice]):
    to = serializers.ChoiceField(choices=To.choices, source="kind")
    name = serializers.SerializerMethodField()
    until = serializers.SerializerMethodField()

    class Meta:
        model = Choice
        fields = ["to", "name", "section", "answer", "until", "purpose"]

    @extend_schema_field(serializers.CharField())
    def get_name(self, row: Choice) -> str:
        if row.invitation is not None:
            return row.invitation.name or row.invitation.email
        return row.person.name if row.person is not None else ""

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_until(self, row: Choice) -> str | None:
        return choices.last_day(row.ends_at).isoformat() if row.ends_at else None


class SheetSerializer(serializers.ModelSerializer[ChoiceSheet]):
    """One act of choosing. It is never changed."""

    given_by = serializers.CharField(source="given_by.called", default=None, allow_null=True)
    recorded_by = serializers.CharField(source="recorded_by.called")
    confirms = serializers.UUIDField(source="confirms_id", allow_null=True)
    number = serializers.IntegerField(
        source="counted", help_text="Among those that its reader may read", read_only=True
    )
    choices = RowSerializer(many=True)

    class Meta:
        model = ChoiceSheet
        fields = [
            "id", "number", "at", "voice", "how", "how_words", "wording", "format", "language", "given_by",
            "recorded_by", "confirms", "choices",
        ]  # fmt: skip


class BoardSerializer(serializers.Serializer[Any]):
    """What holds now, or will on the day it begins, and the newest 25 sheets that this person may read."""

    voice = serializers.ChoiceField(choices=Voice.choices)
    begins = serializers.DateField(allow_null=True, help_text="The day it counts from, where that is to come")
    number = serializers.IntegerField(
        help_text="How far the sheets that you can know of have come: send it as `after`"
    )
    may_open = serializers.ListField(child=serializers.ChoiceField(choices=Section.choices))
    may_close = serializers.ListField(child=serializers.ChoiceField(choices=Section.choices))
    people = CardSerializer(many=True)
    to_confirm = serializers.ListField(
        child=serializers.UUIDField(), help_text="Sheets written down for them"
    )
    sheets = SheetSerializer(many=True)
    before = serializers.IntegerField(allow_null=True, help_text="Ask with it for older sheets")


def told(board: Board, before: int | None = None) -> Any:
    page = boards.sheets(board.sight, before)
    speaks = board.speaks
    opens, closes = (speaks.sections, speaks.sections | speaks.closes) if speaks else (set(), set())
    return BoardSerializer(
        {
            "voice": board.voice,
            "begins": board.begins,
            "number": board.number,
            "may_open": [s for s in Section if s in opens],
            "may_close": [s for s in Section if s in closes],
            "people": board.cards,
            "to_confirm": [one.sheet.pk for one in board.to_confirm],
            "sheets": page.rows,
            "before": page.before,
        }
    ).data


class WantedSerializer(serializers.Serializer[Any]):
    to = OneOf(choices=To.choices)
    person = Named(queryset=User.objects.all(), required=False, allow_null=True)
    invitation = Named(queryset=Invitation.objects.all(), required=False, allow_null=True)
    section = OneOf(choices=Section.choices)
    answer = OneOf(choices=Answer.choices)
    until = Day(required=False, allow_null=True, help_text="The last day, of a yes")
    purpose = Text(max_length=300, required=False, allow_blank=True)

    def validate_until(self, until: date | None) -> date | None:
        if until is not None and until > date(9000, 1, 1):  # the day after has to be a day as well
            raise serializers.ValidationError("Choose a day in the next ten years.")
        return until

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        named = {To.PERSON: "person", To.INVITED: "invitation"}.get(To(asked["to"]))
        if any(bool(asked.get(one)) != (one == named) for one in ("person", "invitation")):
            raise serializers.ValidationError({"to": ["Name the one that this is for, and nobody else."]})
        return asked


class MakeSerializer(serializers.Serializer[Any]):
    """`choices`, or `confirms` for a sheet that was written down for the young person."""

    sent_key = Id(help_text="The same key sent twice makes one sheet, whose id it is")
    choices = WantedSerializer(many=True, required=False, max_length=400)  # type: ignore[call-arg]
    confirms = Named(queryset=ChoiceSheet.objects.all(), required=False, allow_null=True)
    wording = OneOf(
        choices=[(one, one) for one in WORDINGS], help_text="Which version of the words was shown"
    )
    format = OneOf(choices=[(one.value, one.label) for one in FORMATS], required=False)
    after = Whole(required=False, allow_null=True, min_value=0, max_value=2**31 - 1)
    voice = OneOf(choices=Voice.choices, required=False)
    how = OneOf(choices=Gave.choices, required=False, help_text="For a SENCO, who writes down what was said")
    how_words = Text(max_length=300, required=False, allow_blank=True)
    given_by = Named(queryset=User.objects.all(), required=False, allow_null=True)

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        if bool(asked.get("choices")) == bool(asked.get("confirms")):
            raise serializers.ValidationError({"choices": ["Send choices, or what is confirmed."]})
        return asked


class Choices(APIView):
    """Who may see what, as it was chosen."""

    permission_classes = [IsAuthenticated]

    @documented(
        responses=BoardSerializer,
        parameters=[
            OpenApiParameter(
                "voice", enum=[v.value for v in Voice], description="For a SENCO before the day"
            ),
            OpenApiParameter("before", int, description="`before` of the page before: its sheets are older"),
        ],
    )
    def get(self, request: Request, pupil_id: UUID) -> Response:
        """The young person and the SENCO read all of it; a parent carer or a decider what they choose about and gave."""
        sight = access.find(request.user, pupil_id, at_of(request))
        board = boards.board(sight, _voice(request.query_params.get("voice")))
        return Response(told(board, _before(request.query_params.get("before"))))

    @documented(request=MakeSerializer, responses={201: SheetSerializer})
    def post(self, request: Request, pupil_id: UUID) -> Response:
        """Make choices, now or for the day it begins; 409 when somebody chose about the same since `after`."""
        sight = access.find(request.user, pupil_id, at_of(request))
        board = boards.board(sight)
        if board.speaks is None:
            raise policy.NotThisSection(sight.pupil)
        asked = MakeSerializer(data=request.data, context={"within": _within(board)})
        asked.is_valid(raise_exception=True)
        made = _make(board, dict(asked.validated_data))
        found = choices.sheets_shown(sight).select_related("given_by", "recorded_by").get(pk=made.pk)
        return Response(SheetSerializer(found).data, status=201)


def _make(board: Board, asked: dict[str, Any]) -> ChoiceSheet:
    sight = board.sight
    who: dict[str, Any] = {"by": sight.person, "at": sight.at, "wording": asked["wording"]}
    who["format"] = asked.get("format", "standard")
    if asked.get("confirms"):
        return second_thoughts.confirm(sheet=asked["confirms"], **who)
    wanted = [
        Wanted(
            section=Section(one["section"]),
            answer=Answer(one["answer"]),
            person=one.get("person"),
            invitation=one.get("invitation"),
            ends_at=choices.end_of(one["until"]) if one.get("until") else None,
            purpose=one.get("purpose", ""),
        )
        for one in asked["choices"]
    ]
    about = [(one.person, one.invitation, one.section) for one in wanted]
    if len(set(about)) != len(about):
        raise ValidationError({"choices": "Answer once about each recipient and section."})
    return choices.choose(
        pupil=sight.pupil,
        wanted=wanted,
        key=asked["sent_key"],
        how=Gave(asked.get("how", Gave.THEMSELVES)),
        how_words=asked.get("how_words", ""),
        given_by=asked.get("given_by"),
        voice=Voice(asked["voice"]) if asked.get("voice") else None,
        after=None if asked.get("after") is None else board.after(asked["after"]),
        **who,
    )


def _within(board: Board) -> dict[str, Q]:
    """Whom a body can name: those the board shows, and those something was chosen about before."""
    pupil, at = board.pupil, board.sight.at
    near = [person.pk for person, _ in choices.recipients(pupil, at)]
    givers = policy.near(pupil, {Ground.OWN.value, Ground.PARENT.value}, at)
    return {
        "person": Q(pk__in=near) | Q(pk__in=pupil.choices.values("person")),
        "invitation": Q(pk__in=choices.invited(pupil, at)) | Q(pk__in=pupil.choices.values("invitation")),
        "given_by": Q(pk__in=[person.pk for person, _ in givers]),
        "confirms": Q(pk__in=choices.sheets_shown(board.sight).values("pk")),
    }


def _voice(asked: str | None) -> Voice | None:
    if asked is None:
        return None
    if asked not in Voice:
        raise exceptions.ValidationError({"voice": ["Choose one of the words in the schema."]})
    return Voice(asked)


def _before(asked: str | None) -> int | None:
    if asked is None:
        return None
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 10):
        raise exceptions.ValidationError({"before": ["Start again from the newest."]})
    return int(asked)
