"""`/api/v1/`: opening, moving and sharing a cycle, and what people say."""

from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from pupils import access, policy
from pupils.enums import Section
from pupils.models import Household
from pupils.rest import Keyset, PupilView, at_of, documented, look, shows

from . import api_shapes as shapes
from . import selectors, selectors_family
from .enums import Answer, Audience, HowObtained, Perspective, ProposalKind, ProposalState, Stage
from .models import Cycle, PlanVersion, Proposal, View
from .services import cycles, family, sharing
from .services.common import proposals_heard, views_heard


def who(view: PupilView) -> dict[str, Any]:
    return {"by": view.sight.person, "at": view.sight.at}


class Cycles(PupilView):
    """The cycles of a pupil, newest first, and opening the next."""

    section, actions = Section.PLAN, {"POST": "coordinate"}

    @documented(responses=shapes.CycleOut(many=True))
    def get(self, request: Request, pupil_id: UUID) -> Response:
        kept, context = (
            selectors.cycles().filter(pupil=pupil_id),
            {"staff": selectors.by_staff(self.sight, Section.PLAN)},
        )
        return Response(shapes.CycleOut(kept, many=True, context=context).data)

    @documented(request=shapes.CycleIn, responses={201: shapes.CycleOut})
    def post(self, request: Request, pupil_id: UUID) -> Response:
        asked = shapes.CycleIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = cycles.open_cycle(pupil=self.sight.pupil, **who(self), **asked.validated_data)
        return Response(shapes.CycleOut(selectors.cycle(made.pk)).data, status=201)


class CycleView(PupilView):
    """A view of one cycle by its own id."""

    section = Section.PLAN
    cycle: Cycle

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not shows(self, request):
            return
        self.cycle = selectors.cycle(kwargs["cycle_id"])
        self.sight = look(request, self.cycle.pupil_id, self.wanted(request.method))


class Moves(CycleView):
    actions = {"POST": "coordinate"}

    @documented(request=shapes.MoveIn, responses={201: shapes.CycleOut})
    def post(self, request: Request, cycle_id: UUID) -> Response:
        """Move a cycle to another stage."""
        asked = shapes.MoveIn(data=request.data)
        asked.is_valid(raise_exception=True)
        stage = Stage(asked.validated_data["stage"])
        cycles.move_to(cycle=self.cycle, stage=stage, note=asked.validated_data.get("note", ""), **who(self))
        return Response(shapes.CycleOut(selectors.cycle(cycle_id)).data, status=201)


class Versions(CycleView):
    """The versions shared of a cycle, newest first, and sharing the draft as the next."""

    actions = {"POST": "coordinate"}

    @documented(responses=shapes.VersionOut(many=True))
    def get(self, request: Request, cycle_id: UUID) -> Response:
        kept = self.cycle.plan_versions.select_related("shared_by")
        return Response(shapes.VersionOut(kept, many=True, context={"sight": self.sight}).data)

    @documented(request=shapes.ShareIn, responses={201: shapes.VersionOut})
    def post(self, request: Request, cycle_id: UUID) -> Response:
        asked = shapes.ShareIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = sharing.share(cycle=self.cycle, **who(self), **asked.validated_data)
        return Response(shapes.VersionOut(made, context={"sight": self.sight}).data, status=201)


class VersionView(PupilView):
    """A view of one shared version by its own id."""

    section = Section.PLAN
    version: PlanVersion

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not shows(self, request):
            return
        found = PlanVersion.objects.filter(pk=kwargs["version_id"]).select_related("cycle__pupil").first()
        if found is None:
            raise Http404
        self.version = found
        self.sight = look(request, found.cycle.pupil_id, self.wanted(request.method))


class Comments(VersionView):
    """What people said about a shared version, as far as this person hears it."""

    actions = {"POST": "comment_plan"}

    @documented(responses=shapes.CommentOut(many=True))
    def get(self, request: Request, version_id: UUID) -> Response:
        heard = selectors_family.comments_on(self.version, self.sight)
        return Response(shapes.CommentOut(heard, many=True).data)

    @documented(request=shapes.CommentIn, responses={201: shapes.CommentOut})
    def post(self, request: Request, version_id: UUID) -> Response:
        asked = shapes.CommentIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = family.comment(plan_version=self.version, **who(self), **asked.validated_data)
        return Response(shapes.CommentOut(made).data, status=201)


class Answers(VersionView):
    """Who agreed with a shared version and who did not, as far as this person hears it."""

    actions = {"POST": "answer_plan"}

    @documented(responses=shapes.AnswerOut(many=True))
    def get(self, request: Request, version_id: UUID) -> Response:
        heard = self.version.answers.filter(self.sight.heard(Section.PLAN)).select_related("by")
        return Response(shapes.AnswerOut(heard, many=True).data)

    @documented(request=shapes.AnswerIn, responses={201: shapes.AnswerOut})
    def post(self, request: Request, version_id: UUID) -> Response:
        asked = shapes.AnswerIn(data=request.data)
        asked.is_valid(raise_exception=True)
        given = {**asked.validated_data, "answer": Answer(asked.validated_data["answer"])}
        made = family.answer_plan(plan_version=self.version, **who(self), **given)
        return Response(shapes.AnswerOut(made).data, status=201)


class Proposals(CycleView):
    """What the family and the young person proposed, as far as this person hears it."""

    actions = {"POST": "propose"}

    @documented(responses=shapes.ProposalOut(many=True))
    def get(self, request: Request, cycle_id: UUID) -> Response:
        heard = self.cycle.proposals.filter(proposals_heard(self.sight)).select_related("by")
        return Response(shapes.ProposalOut(heard, many=True).data)

    @documented(request=shapes.ProposalIn, responses={201: shapes.ProposalOut})
    def post(self, request: Request, cycle_id: UUID) -> Response:
        asked = shapes.ProposalIn(data=request.data)
        asked.is_valid(raise_exception=True)
        given = {**asked.validated_data, "kind": ProposalKind(asked.validated_data["kind"])}
        made = family.propose(cycle=self.cycle, **who(self), **given)
        return Response(shapes.ProposalOut(made).data, status=201)


class Reply(PupilView):
    section, actions = Section.PLAN, {"POST": "answer_proposal"}

    @documented(request=shapes.ReplyIn, responses={200: shapes.ProposalOut})
    def post(self, request: Request, proposal_id: UUID) -> Response:
        """Put a proposed strategy in the plan, or say why not for now. A proposed step is accepted with its fields."""
        found = Proposal.objects.filter(pk=proposal_id).select_related("cycle__pupil", "by").first()
        if found is None:
            raise Http404
        self.sight = look(request, found.cycle.pupil_id, "answer_proposal")
        asked = shapes.ReplyIn(data=request.data, context=shapes.within(found.cycle))
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        step = given.pop("step", None) or {}
        if given.pop("accept"):
            family.accept_proposal(proposal=found, **who(self), **given, **step)
        else:
            family.decline_proposal(proposal=found, **who(self), **given)
        again = Proposal.objects.select_related("by").get(pk=proposal_id)
        assert again.state != ProposalState.PROPOSED
        return Response(shapes.ProposalOut(again).data)


class Views(PupilView, ListAPIView[View]):
    """What people said, newest first, as far as this person hears it; and saying or recording it."""

    section = Section.VIEWS
    serializer_class = shapes.ViewOut
    pagination_class = Keyset
    queryset = View.objects.none()

    def wanted(self, method: str | None) -> Section | str:
        return self.section

    @documented(responses=shapes.ViewOut(many=True))
    def get(self, request: Request, pupil_id: UUID) -> Response:
        heard = self.sight.pupil.views.filter(views_heard(self.sight))
        heard = heard.select_related("file").prefetch_related("file__in_words__by")
        return self.get_paginated_response(shapes.ViewOut(self.paginate_queryset(heard), many=True).data)

    @documented(request=shapes.ViewIn, responses={201: shapes.ViewOut})
    def post(self, request: Request, pupil_id: UUID) -> Response:
        pupil, staff = self.sight.pupil, self.sight.may("record_views")
        homes = shapes.homes(pupil, None if staff else self.sight.person)
        asked = shapes.ViewIn(data=request.data, context=homes)
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        key, how = given.pop("sent_key", None), HowObtained(given.pop("how", HowObtained.ONLINE))
        name, household = given.pop("said_by_name"), given.pop("household")
        perspective, detail = given.pop("perspective", None), given.pop("how_words")
        scribe = {"scribe": given.pop("scribe"), "verbatim": given.pop("verbatim")}
        words = {**given, "audience": Audience(given["audience"]), "how": how, **who(self)}
        if staff:
            whose = Perspective(perspective or Perspective.STAFF)
            name = name or ("" if perspective else self.sight.person.called)  # their own words
            made = family.record_views(
                pupil=pupil,
                perspective=whose,
                said_by_name=name,
                household=household,
                how_words=detail,
                key=key,
                **scribe,
                **words,
            )
        elif perspective or name or household or scribe["scribe"]:
            field = "perspective" if perspective else "said_by_name" if name else "household"
            field = field if perspective or name or household else "scribe"
            raise serializers.ValidationError({field: ["Speak for yourself."]})
        else:
            made = family.say_views(pupil=pupil, sent_key=key, **words)
        return Response(shapes.ViewOut(made).data, status=201)


class WriteBack(APIView):
    """What a visiting helper writes about a pupil of whom anything is shared with them, whichever part it is."""

    permission_classes = [IsAuthenticated]

    @documented(responses=shapes.ViewOut(many=True))
    def get(self, request: Request, pupil_id: UUID) -> Response:
        """Their own words, newest first."""
        return Response(
            shapes.ViewOut(selectors.written_back(self._sight(request, pupil_id)), many=True).data
        )

    @documented(request=shapes.WriteBackIn, responses={201: shapes.ViewOut})
    def post(self, request: Request, pupil_id: UUID) -> Response:
        sight = self._sight(request, pupil_id)
        asked = shapes.WriteBackIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = family.write_back(pupil=sight.pupil, by=sight.person, at=sight.at, **asked.validated_data)
        return Response(shapes.ViewOut(made).data, status=201)

    def _sight(self, request: Request, pupil_id: UUID) -> policy.Sight:
        sight = access.find(request.user, pupil_id, at_of(request))
        if not policy.visits(sight):
            raise policy.NotThisSection(sight.pupil)
        return sight


class Households(PupilView):
    """The households of a family, for staff who write down whose words they heard. No contact details."""

    section, actions = Section.VIEWS, {"GET": "record_views"}

    @documented(responses=shapes.HouseholdOut(many=True))
    def get(self, request: Request, pupil_id: UUID) -> Response:
        homes = (
            Household.objects.filter(parent_carers__pupil=self.sight.pupil).distinct().order_by("name", "pk")
        )
        return Response(shapes.HouseholdOut(homes, many=True).data)
