"""`/api/v1/`: a setting's library of strategies, and what worked in one place taken over into the other."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Setting
from apdr import api_shapes as shapes
from apdr import selectors_library
from apdr import selectors_staff as staff
from apdr.api_acts import who
from apdr.enums import AtHome, LibrarySource, SchoolPhase
from apdr.forms_library import LibraryFilters
from apdr.models import HomeOffer, HomeOfferAnswer, LibraryStrategy, Strategy
from apdr.selectors import by_staff
from apdr.services import library
from pupils.enums import Area, Section
from pupils.rest import PupilView, SettingView, documented, look
from pupils.rest_fields import Choice, Id, Text, Whole

from .tried import tried

Shape = serializers.Serializer[Any]


class LibraryIn(Shape):
    sent_key = Id(required=False, source="key", help_text="Of your making; the same key sent twice is one")
    words = Text(max_length=300)
    how = Text(required=False, allow_blank=True, max_length=2000, default="")
    area = Choice(choices=Area.choices)
    phases = serializers.ListField(child=Choice(choices=SchoolPhase.choices), min_length=1, max_length=4)
    source = Choice(choices=LibrarySource.choices[:2], default=LibrarySource.SETTING)  # type: ignore[assignment]


class LibraryChange(Shape):
    """What is not given stays as it is."""

    version = Whole(min_value=1)
    words = Text(max_length=300, required=False)
    how = Text(required=False, allow_blank=True, max_length=2000)
    area = Choice(choices=Area.choices, required=False)
    phases = serializers.ListField(
        child=Choice(choices=SchoolPhase.choices), min_length=1, max_length=4, required=False
    )


class LibraryOut(serializers.ModelSerializer[LibraryStrategy]):
    """`tried` says in words, that tell of nobody, how often it was tried and helped; empty where it was not yet."""

    tried = serializers.SerializerMethodField()

    class Meta:
        model = LibraryStrategy
        fields = ["id", "version", "words", "how", "area", "phases", "source", "retired_at", "tried"]

    def get_tried(self, row: LibraryStrategy) -> str:
        found = self.context.get("tried", {}).get(row.pk)
        return found.words if found else ""


def _parameter(name: str, words: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, description=words)


class Library(SettingView):
    """Who writes plans reads it; its SENCO writes in it."""

    def reads(self, setting: Setting) -> bool:
        return library.reads(self.person, setting, self.at)

    @documented(
        responses=LibraryOut(many=True),
        parameters=[
            _parameter("q", "Words that are in it"),
            _parameter("area", "An area of need"),
            _parameter("phase", "A phase"),
            _parameter("source", "Whose it is, or `retired`"),
        ],
    )
    def get(self, request: Request, setting_id: UUID) -> Response:
        asked = LibraryFilters(request.query_params, keeps=True).asked
        rows = selectors_library.found(self.setting, **asked)
        context = {"tried": tried(self.setting, self.at)}
        return Response(LibraryOut(rows, many=True, context=context).data)

    @documented(request=LibraryIn, responses={201: LibraryOut})
    def post(self, request: Request, setting_id: UUID) -> Response:
        asked = LibraryIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = library.add(setting=self.setting, by=self.person, at=self.at, **asked.validated_data)
        return Response(LibraryOut(made).data, status=201)


class OneLibraryStrategy(SettingView):
    """Changing one, and offering it no more; plans that used it keep their words."""

    def of(self, pk: UUID) -> LibraryStrategy:
        row = selectors_library.strategy(pk)
        if not library.reads(self.person, row.setting, self.at):
            raise Http404
        return row

    @documented(request=LibraryChange, responses=LibraryOut)
    def patch(self, request: Request, library_id: UUID) -> Response:
        row = self.of(library_id)
        asked = LibraryChange(data=request.data)
        asked.is_valid(raise_exception=True)
        library.edit(strategy=row, by=self.person, at=self.at, **asked.validated_data)
        return Response(LibraryOut(selectors_library.strategy(library_id)).data)

    @documented(
        responses={204: None},
        parameters=[OpenApiParameter("version", {"type": "integer", "minimum": 1, "maximum": 999_999_999}, required=True)],
    )  # fmt: skip
    def delete(self, request: Request, library_id: UUID) -> Response:
        """Offer it no more."""
        row = self.of(library_id)
        given = request.query_params.get("version", "")
        if not (given.isascii() and given.isdecimal() and len(given) < 10 and int(given)):
            raise serializers.ValidationError({"version": ["Give the version you have read."]})
        library.retire(strategy=row, version=int(given), by=self.person, at=self.at)
        return Response(status=204)


# In a plan ----------------------------------------------------------------------------------------------------


class OfferOut(serializers.ModelSerializer[HomeOffer]):
    by = Text(source="by.called")

    class Meta:
        model = HomeOffer
        fields = ["id", "strategy", "words", "how", "by", "at"]


class HomeAnswerOut(serializers.ModelSerializer[HomeOfferAnswer]):
    by = Text(source="by.called")

    class Meta:
        model = HomeOfferAnswer
        fields = ["id", "at", "by", "perspective", "answer", "why"]


class OfferWithAnswers(OfferOut):
    """With each person's latest answer, as far as this person hears it."""

    answers = serializers.SerializerMethodField()

    class Meta(OfferOut.Meta):
        fields = [*OfferOut.Meta.fields, "answers"]

    def get_answers(self, row: HomeOffer) -> list[dict[str, Any]]:
        return [dict(one) for one in HomeAnswerOut(self.context["said"][row.pk], many=True).data]


class HomeAnswerIn(Shape):
    sent_key = Id(help_text="Of your making; the same key sent twice is one answer")
    answer = Choice(choices=AtHome.choices)
    why = Text(required=False, allow_blank=True, max_length=2000, default="")


class _OfStrategy(PupilView):
    section, actions = Section.STRATEGIES, {"POST": "write_strategies"}

    def strategy(self, request: Request, strategy_id: UUID) -> Strategy:
        row = staff.item(Strategy, strategy_id)
        self.sight = look(request, row.cycle.pupil_id, "write_strategies")
        return row


class TryHere(_OfStrategy):
    @documented(request=None, responses={201: shapes.StrategyItem})
    def post(self, request: Request, home_strategy_id: UUID) -> Response:
        """Take something that works at home into the draft, to be tried at the setting. Twice is once."""
        made = library.try_here(strategy=self.strategy(request, home_strategy_id), **who(self))
        return Response(shapes.StrategyItem(made).data, status=201)


class OfferHome(_OfStrategy):
    @documented(request=None, responses={201: OfferOut})
    def post(self, request: Request, strategy_id: UUID) -> Response:
        """Offer something that works at the setting to the family, to try at home. Twice is once."""
        made = library.offer_home(strategy=self.strategy(request, strategy_id), **who(self))
        return Response(OfferOut(made).data, status=201)


class HomeOffers(PupilView):
    section = Section.STRATEGIES

    @documented(responses=OfferWithAnswers(many=True))
    def get(self, request: Request, pupil_id: UUID) -> Response:
        """What was offered to the family to try at home: to them, and to who works at the setting."""
        read = by_staff(self.sight, Section.STRATEGIES) or self.sight.may("propose")
        found = selectors_library.offers(self.sight) if read else []
        context = {"said": {one["offer"].pk: one["answers"] for one in found}}
        rows = [one["offer"] for one in found]
        return Response(OfferWithAnswers(rows, many=True, context=context).data)


class AnswerOffer(PupilView):
    section, actions = Section.STRATEGIES, {"POST": "answer_strategy"}

    @documented(request=HomeAnswerIn, responses={201: HomeAnswerOut})
    def post(self, request: Request, offer_id: UUID) -> Response:
        """Say whether they try it at home: a parent carer, or the young person."""
        row = selectors_library.offer(offer_id)
        self.sight = look(request, row.cycle.pupil_id, "answer_strategy")
        asked = HomeAnswerIn(data=request.data)
        asked.is_valid(raise_exception=True)
        given = {**asked.validated_data, "answer": AtHome(asked.validated_data["answer"])}
        made = library.answer_offer(offer=row, **who(self), **given)
        return Response(HomeAnswerOut(made).data, status=201)
