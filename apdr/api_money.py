"""`/api/v1/`: money planned, delivered and looked back at, and, for a SENCO, what support costs."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Setting
from pupils import policy
from pupils.enums import Section
from pupils.rest import PupilView, at_of, documented

from . import api_money_shapes as shapes
from . import api_shapes, selectors, selectors_register
from . import selectors_money as read
from .enums import Answer, AskAbout, Difference, FundingNext, Held, HowObtained, Perspective, StreamKind, Unit
from .services import delivered, evaluating, money


class Funding(PupilView):
    """Allocations, what of them is planned, delivered and used, what each thinks of it, and what was decided."""

    section, also = Section.FUNDING, [Section.STRATEGIES]

    @documented(responses=shapes.MoneyPart)
    def get(self, request: Request, pupil_id: UUID) -> Response:
        page = read.money(self.sight)
        version, cycle = page["version"], page["cycle"]
        told = {
            "cycle": cycle.pk if cycle else None,
            "version": version.number if version else None,
            "shared_at": version.shared_at if version else None,
            "allocations": page["allocations"],
            "earlier": page["earlier"],
        }
        return Response(shapes.MoneyPart(told).data)


class _Saying(PupilView):
    section, actions = Section.FUNDING, {"POST": "say_funding"}

    def asked(self, request: Request, shape: Any) -> dict[str, Any]:
        """What was sent, of an allocation that this person has."""
        pupil = self.sight.pupil
        mine = None if self.sight.may("write_funding") else self.sight.person
        within = api_shapes.homes(pupil, mine)["within"]
        page = read.money(self.sight)
        there = [row["id"] for row in [*page["allocations"], *page["earlier"]]]
        asked = shape(data=request.data, context={"within": {**within, "allocation": Q(pk__in=there)}})
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        for name, kind in (("perspective", Perspective), ("how", HowObtained)):
            if name in given:
                given[name] = kind(given[name])
        return given | {"by": self.sight.person, "at": self.sight.at}


class Evaluations(_Saying):
    """Say whether money made a difference; a SENCO writes down what somebody said."""

    @documented(request=shapes.EvaluationIn, responses={201: shapes.FundingEvaluationOut})
    def post(self, request: Request, pupil_id: UUID) -> Response:
        given = self.asked(request, shapes.EvaluationIn)
        rating = given.pop("rating", None)
        made = evaluating.evaluate(rating=Difference(rating) if rating else None, **given)
        return Response(shapes.FundingEvaluationOut(made).data, status=201)


class Agreements(_Saying):
    """Agree, or not, with what money is for; a SENCO writes down who did."""

    @documented(request=shapes.AgreementIn, responses={201: shapes.AgreementOut})
    def post(self, request: Request, pupil_id: UUID) -> Response:
        given = self.asked(request, shapes.AgreementIn)
        made = evaluating.agree(answer=Answer(given.pop("answer")), **given)
        return Response(shapes.AgreementOut(made).data, status=201)


class Decisions(_Saying):
    """Decide what comes next with money that was looked back at."""

    actions = {"POST": "write_funding"}

    @documented(request=shapes.FundingDecisionIn, responses={201: shapes.FundingDecisionOut})
    def post(self, request: Request, pupil_id: UUID) -> Response:
        given = self.asked(request, shapes.FundingDecisionIn)
        made = evaluating.decide(decision=FundingNext(given.pop("decision")), **given)
        return Response(shapes.FundingDecisionOut(made).data, status=201)


class Sessions(PupilView):
    """What was delivered of a pupil's support, the latest that is said of each day; and writing it down."""

    section, actions = Section.STRATEGIES, {"POST": "write_strategies"}

    @documented(responses=shapes.SessionOut(many=True))
    def get(self, request: Request, pupil_id: UUID) -> Response:
        content = selectors.part(self.sight, Section.STRATEGIES)["content"]
        theirs = [p["id"] for place in content.values() for s in place for p in s["provision"]]
        return Response(shapes.SessionOut(selectors_register.sessions(self.sight, theirs), many=True).data)

    @documented(request=shapes.SessionsIn, responses={201: shapes.SessionOut(many=True)})
    def post(self, request: Request, pupil_id: UUID) -> Response:
        """Write down what became of a day; the same again makes no second row."""
        of_pupil = Q(strategy__cycle__pupil=pupil_id, strategy__cycle__closed_at=None, removed_at=None)
        asked = shapes.SessionsIn(data=request.data, context={"within": {"provision": of_pupil}})
        asked.is_valid(raise_exception=True)
        marks = [
            delivered.Mark(**{**one, "provision": one["provision"].pk, "held": Held(one["held"])})
            for one in asked.validated_data["marks"]
        ]
        who: dict[str, Any] = {"by": self.sight.person, "at": self.sight.at}
        made = delivered.mark(on=asked.validated_data["on"], marks=marks, **who)
        return Response(shapes.SessionOut(made, many=True).data, status=201)


class Costs(PupilView):
    """What a pupil's plan costs the setting, for its SENCO alone."""

    section = Section.FUNDING
    actions = {"GET": "write_funding", "POST": "write_funding"}

    @documented(responses=shapes.CostsOut)
    def get(self, request: Request, pupil_id: UUID) -> Response:
        return Response(shapes.CostsOut(read.costs_page(self.sight)).data)

    @documented(request=shapes.CostIn, responses={201: shapes.CostsOut})
    def post(self, request: Request, pupil_id: UUID) -> Response:
        """Say whose time a provision takes and what is bought for it."""
        own = policy.settings_coordinated(self.sight.person, self.sight.at)
        here = Q(strategy__cycle__pupil=pupil_id, strategy__cycle__setting__in=own, removed_at=None)
        within = {"provision": here, "role": Q(setting__in=own)}
        asked = shapes.CostIn(data=request.data, context={"within": within})
        asked.is_valid(raise_exception=True)
        money.cost(by=self.sight.person, at=self.sight.at, **asked.validated_data)
        return Response(shapes.CostsOut(read.costs_page(self.sight)).data, status=201)


class WorthAsking(PupilView):
    """What is worth asking a family about, by age and phase; and writing down that they were told."""

    section = Section.FUNDING
    actions = {"GET": "write_funding", "POST": "write_funding"}

    @documented(responses=shapes.PromptShape(many=True))
    def get(self, request: Request, pupil_id: UUID) -> Response:
        return Response(shapes.PromptShape(read.prompts(self.sight), many=True).data)

    @documented(request=shapes.ToldIn, responses={201: shapes.PromptShape(many=True)})
    def post(self, request: Request, pupil_id: UUID) -> Response:
        asked = shapes.ToldIn(data=request.data)
        asked.is_valid(raise_exception=True)
        about = AskAbout(asked.validated_data["about"])
        evaluating.tell_of(pupil=self.sight.pupil, about=about, by=self.sight.person, at=self.sight.at)
        return Response(shapes.PromptShape(read.prompts(self.sight), many=True).data, status=201)


# A setting's own rates --------------------------------------------------------------------------------------


class _OfSetting(APIView):
    """A setting's rates, for its SENCO alone."""

    permission_classes = [IsAuthenticated]

    def setting(self, request: Request, setting_id: UUID) -> Setting:
        own = policy.settings_coordinated(request.user, at_of(request))
        found: Setting = get_object_or_404(own, pk=setting_id)
        return found

    def _saved(self, request: Request, setting_id: UUID, shape: Any, act: Any, **kinds: Any) -> Response:
        setting = self.setting(request, setting_id)
        asked = shape(data=request.data)
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        given |= {name: kind(given[name]) for name, kind in kinds.items()}
        act(setting=setting, by=request.user, at=at_of(request), **given)
        return Response(self._told(request, setting), status=201)

    def _told(self, request: Request, setting: Setting) -> Any:
        today = timezone.localdate(at_of(request))
        told = {
            "hourly": [
                {"id": one["role"].pk, "name": one["role"].name, "hourly": one["now"]}
                for one in read.roles_of(setting, today)
            ],
            "weeks": read.weeks_a_year(setting, today),
            "funding": read.rates_on(setting, today),
        }
        return shapes.RatesOut(told).data


class Rates(_OfSetting):
    """What an hour costs, the weeks a setting is open and what funding gives, as they hold today."""

    @documented(responses=shapes.RatesOut)
    def get(self, request: Request, setting_id: UUID) -> Response:
        return Response(self._told(request, self.setting(request, setting_id)))


class Hourly(_OfSetting):
    """What an hour of a kind of adult costs, from a day on."""

    @documented(request=shapes.HourlyIn, responses={201: shapes.RatesOut})
    def post(self, request: Request, setting_id: UUID) -> Response:
        return self._saved(request, setting_id, shapes.HourlyIn, money.set_hourly)


class Weeks(_OfSetting):
    """In how many weeks of a year a setting is open, from a day on."""

    @documented(request=shapes.WeeksIn, responses={201: shapes.RatesOut})
    def post(self, request: Request, setting_id: UUID) -> Response:
        return self._saved(request, setting_id, shapes.WeeksIn, money.set_weeks)


class FundingRates(_OfSetting):
    """What a kind of funding gives, from a day on, and where it is written."""

    @documented(request=shapes.RateIn, responses={201: shapes.RatesOut})
    def post(self, request: Request, setting_id: UUID) -> Response:
        kinds = {"kind": StreamKind, "unit": Unit}
        return self._saved(request, setting_id, shapes.RateIn, money.set_stream_rate, **kinds)
