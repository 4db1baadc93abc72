"""`/api/v1/`: asking to see a section, and the answer."""

from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from . import access, policy, requests, tasks
from .enums import Answer, Section
from .models import SharingRequest
from .rest import at_of, documented, shows
from .rest_fields import Choice, Id, Instant, Text


class RequestIn(serializers.Serializer[Any]):
    section = Choice(choices=Section.choices)
    reason = Text(max_length=500)


class RequestOut(serializers.ModelSerializer[SharingRequest]):
    """What was asked. `answer` is empty while it waits. Whoever asked is told yes or no and nothing else."""

    asker = serializers.CharField(source="asker.called")
    answer = serializers.CharField(help_text="yes, no, or nothing while it waits")

    class Meta:
        model = SharingRequest
        fields = ["id", "pupil", "asker", "section", "reason", "asked_at", "answer"]


class AnswerRequestIn(serializers.Serializer[Any]):
    """A yes opens `sections` (the one asked for, unless others are named) until `ends_at`.

    Where the section asked for is not among them, the answer to what was asked is no. `ends_at` is needed for a
    visiting professional. The same `sent_key` sent twice is one answer.
    """

    sent_key = Id(help_text="Of your making")
    answer = Choice(choices=[Answer.YES.value, Answer.NO.value])
    sections = serializers.ListField(
        child=Choice(choices=Section.choices), required=False, min_length=1, max_length=len(Section)
    )
    ends_at = Instant(required=False, allow_null=True, default=None)
    purpose = Text(required=False, allow_blank=True, max_length=300, default="")


class Nearby(IsAuthenticated):
    """Whoever stands near the pupil in the address, whatever is open to them; nobody else learns that there is one."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        if shows(view, request) and "pupil_id" in view.kwargs:
            view.sight = access.find(request.user, view.kwargs["pupil_id"], at_of(request))
        return True


class Requests(APIView):
    """What this person asked about a pupil, and what waits for their answer; and asking to see a section."""

    permission_classes = [Nearby]
    sight: policy.Sight

    @documented(responses=RequestOut(many=True))
    def get(self, request: Request, pupil_id: UUID) -> Response:
        """Newest first, at most 100. What the asker took back is not told."""
        speaks = requests.answering(self.sight)
        waits = requests.waiting(self.sight, speaks) if speaks else []
        found = {row.pk: row for row in [*waits, *requests.mine(self.sight)]}
        rows = sorted(found.values(), key=lambda row: (row.asked_at, row.pk), reverse=True)[:100]
        return Response(RequestOut(rows, many=True).data)

    @documented(request=RequestIn, responses={201: RequestOut})
    def post(self, request: Request, pupil_id: UUID) -> Response:
        """Ask. The same asked twice, while it waits, is one request."""
        asked = RequestIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = requests.ask(
            pupil=self.sight.pupil,
            section=Section(asked.validated_data["section"]),
            reason=asked.validated_data["reason"],
            by=self.sight.person,
            at=self.sight.at,
            send=lambda pk: tasks.tell_of_request.delay(str(pk)),
        )
        return Response(RequestOut(made).data, status=201)


class AnswerRequest(APIView):
    permission_classes = [IsAuthenticated]

    @documented(request=AnswerRequestIn, responses={200: RequestOut})
    def post(self, request: Request, request_id: UUID) -> Response:
        """Answer what was asked, also differently. What has an answer already keeps it."""
        found = SharingRequest.objects.select_related("pupil", "asker").filter(pk=request_id).first()
        if found is None:
            raise Http404
        sight = access.find(request.user, found.pupil_id, at_of(request))
        speaks = requests.answering(sight)
        if speaks is None or not requests.may_answer(speaks, found.section):
            raise policy.NotThisSection(found.pupil)
        asked = AnswerRequestIn(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        yes = given["answer"] == Answer.YES
        sections = [Section(s) for s in given.get("sections", [found.section])]
        done = requests.answer(
            request=found,
            give=sections if yes else [],
            by=sight.person,
            at=sight.at,
            key=given["sent_key"],
            ends_at=given["ends_at"] if yes else None,
            purpose=given["purpose"],
        )
        return Response(RequestOut(done).data)
