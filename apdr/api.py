"""`/api/v1/`: the parts of a plan. Staff read the draft as it stands; everybody else what was shared with them."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from pupils import policy
from pupils.enums import Section
from pupils.errors import NotNow
from pupils.models import Pupil
from pupils.rest import Keyset, PupilView, documented, look

from . import api_shapes as shapes
from . import selectors
from .models import Cycle, FundingUse, NextStep, Progress
from .services import funding, items, progress


def open_cycle_of(pupil: Pupil) -> Cycle:
    """The open cycle of a pupil. Raises NotNow when there is none."""
    cycle = pupil.cycles.filter(closed_at=None).first()
    if cycle is None:
        raise NotNow("There is no open cycle. Open one first.")
    return cycle


class PartView(PupilView):
    """One section's part of a plan; a POST adds one `model` to the draft."""

    shape: type[serializers.Serializer[Any]]
    item: type[shapes.Item]

    def flat(self, content: dict[str, Any]) -> dict[str, Any]:
        return content

    def get(self, request: Request, pupil_id: UUID) -> Response:
        read = selectors.part(self.sight, self.section)
        version, cycle = read["version"], read["cycle"]
        told = {
            "cycle": cycle.pk if cycle else None,
            "version": version.number if version else None,
            "shared_at": version.shared_at if version else None,
            **self.flat(read["content"]),
        }
        return Response(self.shape(told).data)

    def _add(self, request: Request) -> Response:
        cycle = open_cycle_of(self.sight.pupil)
        asked = self.item(data=request.data, context=shapes.within(cycle))
        asked.is_valid(raise_exception=True)
        made: Any = items.add(
            self.item.Meta.model,
            cycle=cycle,
            by=self.sight.person,
            at=self.sight.at,
            **asked.validated_data,
        )
        return Response(self.item(made).data, status=201)


class WritablePart(PartView):
    def post(self, request: Request, pupil_id: UUID) -> Response:
        return self._add(request)


def _reads(shape: Any) -> Any:
    return documented(responses=shape)


def _adds(item: Any) -> Any:
    return documented(request=item, responses={201: item})


@extend_schema_view(get=_reads(shapes.NeedsPart), post=_adds(shapes.NeedItem))
class Needs(WritablePart):
    """Strengths, needs and measures."""

    section, actions = Section.NEEDS, {"POST": "write_needs"}
    shape, item = shapes.NeedsPart, shapes.NeedItem


@extend_schema_view(get=_reads(shapes.NeedsPart), post=_adds(shapes.MeasureItem))
class Measures(WritablePart):
    """Strengths, needs and measures; a POST adds a measure."""

    section, actions = Section.NEEDS, {"POST": "write_needs"}
    shape, item = shapes.NeedsPart, shapes.MeasureItem


@extend_schema_view(get=_reads(shapes.PlanPart), post=_adds(shapes.OutcomeItem))
class Outcomes(WritablePart):
    """The difference we want, with the next steps towards it."""

    section, actions = Section.PLAN, {"POST": "write_plan"}
    shape, item = shapes.PlanPart, shapes.OutcomeItem


@extend_schema_view(get=_reads(shapes.StepsPart), post=_adds(shapes.StepItem))
class NextSteps(WritablePart):
    """Next steps, each with the outcome it is for."""

    section, actions = Section.PLAN, {"POST": "write_plan"}
    shape, item = shapes.StepsPart, shapes.StepItem

    def flat(self, content: dict[str, Any]) -> dict[str, Any]:
        outcomes = content.get("outcomes", [])
        return {"steps": [{**step, "outcome": o["id"]} for o in outcomes for step in o["steps"]]}


@extend_schema_view(get=_reads(shapes.StrategiesPart), post=_adds(shapes.StrategyItem))
class Strategies(WritablePart):
    """What adults do, at the setting and at home."""

    section, actions = Section.STRATEGIES, {"POST": "write_strategies"}
    shape, item = shapes.StrategiesPart, shapes.StrategyItem


@extend_schema_view(get=_reads(shapes.ProvisionPart), post=_adds(shapes.ProvisionItem))
class Provisions(WritablePart):
    """Who, where, how often and for how long, each with its strategy."""

    section, actions = Section.STRATEGIES, {"POST": "write_strategies"}
    shape, item = shapes.ProvisionPart, shapes.ProvisionItem

    def flat(self, content: dict[str, Any]) -> dict[str, Any]:
        strategies = [*content.get("setting", []), *content.get("home", [])]
        return {"provision": [{**p, "strategy": s["id"]} for s in strategies for p in s["provision"]]}


@extend_schema_view(post=_adds(shapes.AllocationItem))
class Allocations(PupilView):
    """An amount for one pupil from a stream of the setting."""

    section, actions = Section.FUNDING, {"POST": "write_funding"}

    def post(self, request: Request, pupil_id: UUID) -> Response:
        own = policy.settings_coordinated(self.sight.person, self.sight.at)
        asked = shapes.AllocationItem(
            data=request.data, context={"within": {"stream": Q(setting__in=own, retired_at=None)}}
        )
        asked.is_valid(raise_exception=True)
        who: dict[str, Any] = {"by": self.sight.person, "at": self.sight.at}
        made = funding.allocate(pupil=self.sight.pupil, **who, **asked.validated_data)
        return Response(shapes.AllocationItem(made).data, status=201)


@extend_schema_view(post=_adds(shapes.UseItem))
class Uses(PupilView):
    """What of an allocation is planned for a strategy."""

    section, actions = Section.FUNDING, {"POST": "write_funding"}

    def post(self, request: Request, pupil_id: UUID) -> Response:
        of_pupil = {
            "allocation": Q(pupil=self.sight.pupil),
            "strategy": Q(cycle__pupil=self.sight.pupil, removed_at=None),
        }
        asked = shapes.UseItem(data=request.data, context={"within": of_pupil})
        asked.is_valid(raise_exception=True)
        who: dict[str, Any] = {"by": self.sight.person, "at": self.sight.at}
        made = funding.plan_use(**who, **asked.validated_data)
        return Response(shapes.UseItem(made).data, status=201)


@extend_schema_view(patch=documented(request=shapes.UseChange, responses=shapes.UseOut))
class OneUse(PupilView):
    """Change what is planned or used."""

    section = Section.FUNDING

    def patch(self, request: Request, pk: UUID) -> Response:
        found = FundingUse.objects.filter(pk=pk).select_related("allocation__pupil").first()
        if found is None:
            raise Http404
        self.sight = look(request, found.allocation.pupil_id, "write_funding")
        asked = shapes.UseChange(found, data=request.data)
        asked.is_valid(raise_exception=True)
        funding.edit_use(use=found, by=self.sight.person, at=self.sight.at, **asked.validated_data)
        return Response(shapes.UseOut(FundingUse.objects.get(pk=pk)).data)


class ItemView(PupilView):
    """Change or take off one item of a draft, by its own id."""

    item: type[shapes.Item]
    change: type[shapes.Item]

    def wanted(self, method: str | None) -> str:
        return items.RULES[self.item.Meta.model].action

    def _find(self, request: Request, pk: UUID) -> Any:
        model: Any = self.item.Meta.model
        found = model.objects.filter(pk=pk, removed_at=None).first()
        if found is None:
            raise Http404
        self.sight = look(request, items.cycle_of(found).pupil_id, self.wanted(request.method))
        return found

    def patch(self, request: Request, pk: UUID) -> Response:
        found = self._find(request, pk)
        asked = self.change(found, data=request.data, context=shapes.within(items.cycle_of(found)))
        asked.is_valid(raise_exception=True)
        items.edit(found, by=self.sight.person, at=self.sight.at, **asked.validated_data)
        return Response(self.item(type(found).objects.get(pk=pk)).data)

    def delete(self, request: Request, pk: UUID) -> Response:
        found = self._find(request, pk)
        given = request.query_params.get("version", "")
        if not (given.isascii() and given.isdecimal() and len(given) < 10 and int(given)):
            raise serializers.ValidationError({"version": ["Give the version you have read."]})
        items.remove(found, version=int(given), by=self.sight.person, at=self.sight.at)
        return Response(status=204)


_VERSION = OpenApiParameter(
    "version",
    {"type": "integer", "minimum": 1, "maximum": 999_999_999},
    required=True,
    description="The version you have read",
)


def _one(item: Any, change: Any) -> Any:
    return extend_schema_view(
        patch=documented(request=change, responses=item),
        delete=documented(responses={204: None}, parameters=[_VERSION]),
    )


@_one(shapes.NeedItem, shapes.NeedChange)
class OneNeed(ItemView):
    item, change = shapes.NeedItem, shapes.NeedChange


@_one(shapes.MeasureItem, shapes.MeasureChange)
class OneMeasure(ItemView):
    item, change = shapes.MeasureItem, shapes.MeasureChange


@_one(shapes.OutcomeItem, shapes.OutcomeChange)
class OneOutcome(ItemView):
    item, change = shapes.OutcomeItem, shapes.OutcomeChange


@_one(shapes.StepItem, shapes.StepChange)
class OneNextStep(ItemView):
    item, change = shapes.StepItem, shapes.StepChange


@_one(shapes.StrategyItem, shapes.StrategyChange)
class OneStrategy(ItemView):
    item, change = shapes.StrategyItem, shapes.StrategyChange


@_one(shapes.ProvisionItem, shapes.ProvisionChange)
class OneProvision(ItemView):
    item, change = shapes.ProvisionItem, shapes.ProvisionChange


class Progresses(PupilView, ListAPIView[Progress]):
    """Notes of one step, newest first, and writing one."""

    section = Section.PLAN
    serializer_class = shapes.ProgressOut
    pagination_class = Keyset
    queryset = Progress.objects.none()

    def step(self, request: Request, step_id: UUID, wanted: Section | str) -> NextStep:
        """A step that this person may see: staff any of the draft, everybody else one that was shared."""
        found = NextStep.objects.filter(pk=step_id).select_related("cycle__pupil", "scale__scale").first()
        if found is None:
            raise Http404
        self.sight = look(request, found.cycle.pupil_id, wanted)
        if not selectors.step_is_open(found, self.sight):
            raise Http404
        return found

    @documented(responses=shapes.ProgressOut(many=True))
    def get(self, request: Request, step_id: UUID) -> Response:
        step = self.step(request, step_id, Section.PLAN)
        page = self.paginate_queryset(selectors.notes_of(step, self.sight))
        return self.get_paginated_response(shapes.ProgressOut(page, many=True).data)

    @documented(request=shapes.ProgressIn, responses={201: shapes.ProgressOut})
    def post(self, request: Request, step_id: UUID) -> Response:
        """Note that a step was tried. The same `sent_key` sent twice is one note."""
        step = self.step(request, step_id, "log_progress")
        asked = shapes.ProgressIn(data=request.data)
        asked.is_valid(raise_exception=True)
        who: dict[str, Any] = {"by": self.sight.person, "at": self.sight.at}
        made = progress.log_progress(step=step, **who, **asked.validated_data)
        return Response(shapes.ProgressOut(made).data, status=201)


class Scales(PupilView):
    """The scales a step of this pupil may be written on: give the `id` as a step's `scale`."""

    section = Section.PLAN

    @documented(responses=shapes.ScaleOut(many=True))
    def get(self, request: Request, pupil_id: UUID) -> Response:
        return Response(shapes.ScaleOut(selectors.scales_of(self.sight.pupil), many=True).data)
