"""`/api/v1/pupils/{id}/reviews/{review_id}/`: who is asked, answers, taking part, and what is said before."""

from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.enums import Asked
from apdr import api_shapes as shapes
from apdr.api_acts import who
from apdr.enums import HowObtained, Perspective
from pupils import access, policy
from pupils.enums import Gave, Ground, Section, Way
from pupils.models import Household, Pupil
from pupils.rest import PupilView, at_of, documented, shows
from pupils.rest_fields import Choice, Day, Id, Instant, Named, Text, Whole

from . import contributions, invitations, offers
from . import selectors_invitations as asked
from .enums_invitations import AnotherWay, Coming, Part, Through
from .models import Contribution, Review, ReviewInvitation, ReviewReply, TakingPart, WhoComes


class ReviewReplyOut(serializers.ModelSerializer[ReviewReply]):
    """An answer. `sequence` is that of the review's time that it belongs to."""

    by = serializers.CharField(source="by.called")

    class Meta:
        model = ReviewReply
        fields = [
            "id",
            "sequence",
            "answer",
            "way",
            "slots",
            "words",
            "through",
            "told_how",
            "told_on",
            "by",
            "at",
        ]


class InvitationOut(serializers.ModelSerializer[ReviewInvitation]):
    """Somebody who is asked. `stands`: they may hear of the review still. `reply`: their answer to its present time."""

    name = serializers.CharField(source="person.name")
    stands = serializers.BooleanField()
    reply = ReviewReplyOut(allow_null=True)

    class Meta:
        model = ReviewInvitation
        fields = ["id", "person", "name", "perspective", "because", "at", "stands", "reply"]


def _shown(one: asked.Asked) -> ReviewInvitation:
    row = one.invitation
    row.stands, row.reply = one.stands, one.reply  # type: ignore[attr-defined]
    return row


class AskIn(serializers.Serializer[Any]):
    people = serializers.ListField(
        child=Id(), max_length=100, required=False, help_text="Left out: everybody whom the review is about"
    )


class ReviewReplyIn(serializers.Serializer[Any]):
    """`sequence` is the review's, as whoever answers saw it. A SENCO who writes down an answer names the invitation."""

    sequence = Whole(min_value=0)
    answer = Choice(choices=Coming.choices)
    way = Choice(choices=AnotherWay.choices, required=False)
    slots = serializers.ListField(child=Instant(), max_length=invitations.PICKED, default=list)
    words = Text(required=False, allow_blank=True, max_length=2000, default="")
    invitation = Id(required=False)
    told_how = Choice(choices=Asked.choices, required=False, help_text="How they told a SENCO")
    told_on = Day(required=False, help_text="On which day they told a SENCO")


class MineOut(serializers.Serializer[Any]):
    """One's own answer to the time that the review has, and other times that it could have."""

    sequence = serializers.IntegerField()
    starts_at = serializers.DateTimeField()
    minutes = serializers.IntegerField()
    reply = ReviewReplyOut(allow_null=True)
    other_times = serializers.ListField(child=serializers.DateTimeField())


class WhoComesIn(serializers.Serializer[Any]):
    """`after` is the `number` of what was said last, 0 for nothing. A SENCO who writes it down says `how`."""

    people = serializers.ListField(child=Id(), max_length=100)
    words = Text(required=False, allow_blank=True, max_length=2000, default="")
    how = Choice(choices=Gave.choices, default=Gave.THEMSELVES.value)
    how_words = Text(required=False, allow_blank=True, max_length=200, default="")
    after = Whole(min_value=0)


class WhoComesOut(serializers.ModelSerializer[WhoComes]):
    people = serializers.SerializerMethodField()

    class Meta:
        model = WhoComes
        fields = ["id", "number", "people", "words", "how", "how_words", "at"]

    def get_people(self, row: WhoComes) -> list[UUID]:
        return sorted(one.person_id for one in row.people.all())


class PartIn(serializers.Serializer[Any]):
    """Staff who write it down with the child say `how`."""

    part = Choice(choices=Part.choices)
    who = Text(required=False, allow_blank=True, max_length=150, default="")
    words = Text(required=False, allow_blank=True, max_length=2000, default="")
    how = Choice(choices=Gave.choices, default=Gave.THEMSELVES.value)
    how_words = Text(required=False, allow_blank=True, max_length=200, default="")


class PartOut(serializers.ModelSerializer[TakingPart]):
    class Meta:
        model = TakingPart
        fields = ["id", "sequence", "part", "who", "words", "how", "how_words", "at"]


class BeforeIn(serializers.Serializer[Any]):
    """One's own answers, with the `version` they were read at (1 for nothing yet).

    Staff who write down somebody else's give `perspective`, `how`, `said_by_name`, for a parent carer's the `household`,
    and a `sent_key`; no `version`.
    """

    version = Whole(min_value=1, required=False)
    working = Text(required=False, allow_blank=True, max_length=2000, default="")
    not_working = Text(required=False, allow_blank=True, max_length=2000, default="")
    what_next = Text(required=False, allow_blank=True, max_length=2000, default="")
    perspective = Choice(choices=Perspective.choices, required=False)
    how = Choice(choices=HowObtained.choices, required=False)
    said_by_name = Text(required=False, allow_blank=True, max_length=150, default="")
    household = Named(queryset=Household.objects.all(), required=False, allow_null=True, default=None)
    told_on = Day(required=False, help_text="On which day they said it, where staff write it down")
    sent_key = Id(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("perspective" in attrs) == ("version" in attrs):
            raise serializers.ValidationError({"version": ["Give a version, or whose words these are."]})
        if "perspective" in attrs and not {"how", "sent_key"} <= set(attrs):
            raise serializers.ValidationError({"how": ["Say how you found out, and give a sent_key."]})
        return attrs


class BeforeOut(serializers.ModelSerializer[Contribution]):
    class Meta:
        model = Contribution
        fields = [
            "id", "version", "perspective", "working", "not_working", "what_next", "said_by_name", "household", "how",
            "told_on",
            "at",
        ]  # fmt: skip


class OneReview(PupilView):
    """A view of one review of a pupil, for whoever takes part in it or holds it."""

    section = Section.REVIEWS
    permission_classes = [IsAuthenticated]
    held = False  #: whether it is for whoever holds the review alone
    deciders = False  #: whether it is for somebody as well who decides about reviews under a capacity record
    review: Review

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not shows(self, request):
            return
        pupil = Pupil.objects.filter(pk=kwargs["pupil_id"]).first()
        if pupil is None:
            raise Http404
        sight = policy.require(request.user, "hold_review" if self.held else None, pupil, at_of(request))
        self.review = asked.find(pupil, kwargs["review_id"])
        self.review.cycle.pupil = sight.pupil
        self.sight, self.part = sight, invitations.takes_part(self.review, sight)
        if self.part is None and not (self.deciders and invitations.decides_who_comes(sight)):
            raise policy.NotThisSection(pupil)
        seen = Section.REVIEWS if sight.sees(Section.REVIEWS) else Section.PLAN
        access.write_down(sight, [seen], Way.API)

    @property
    def coordinates(self) -> bool:
        return self.sight.may("hold_review")

    def only_own_or_held(self) -> None:
        """Pass for the child or young person, and for whoever holds the review. Raises NotThisSection."""
        if not (self.coordinates or Ground.OWN in self.sight.grounds(Section.REVIEWS)):
            raise policy.NotThisSection(self.sight.pupil)


class Invitations(OneReview):
    """Who is asked to a review, with their answers; and asking people."""

    held = True

    @documented(responses=InvitationOut(many=True))
    def get(self, request: Request, pupil_id: UUID, review_id: UUID) -> Response:
        page = asked.who_comes(self.review, self.sight.at)
        return Response(InvitationOut([_shown(one) for one in page.asked], many=True).data)

    @documented(request=AskIn, responses={201: InvitationOut(many=True)})
    def post(self, request: Request, pupil_id: UUID, review_id: UUID) -> Response:
        """Ask people; whoever is asked already is not asked again. From hand-over the young person is asked first."""
        given = AskIn(data=request.data)
        given.is_valid(raise_exception=True)
        people = given.validated_data.get("people")
        invitations.ask(review=self.review, people=set(people) if people is not None else None, **who(self))
        page = asked.who_comes(self.review, self.sight.at)
        return Response(InvitationOut([_shown(one) for one in page.asked], many=True).data, status=201)


class Replies(OneReview):
    """One's own answer to an invitation; a SENCO writes down what somebody answered."""

    @documented(responses=MineOut)
    def get(self, request: Request, pupil_id: UUID, review_id: UUID) -> Response:
        row = self._own()
        last = row.replies.filter(sequence=self.review.sequence).select_related("by").last()
        times = offers.other_times(self.review, self.sight.at)
        mine = {
            **{name: getattr(self.review, name) for name in ("sequence", "starts_at", "minutes")},
            "reply": last,
            "other_times": times,
        }
        return Response(MineOut(mine).data)

    @documented(request=ReviewReplyIn, responses={201: ReviewReplyOut})
    def post(self, request: Request, pupil_id: UUID, review_id: UUID) -> Response:
        given = ReviewReplyIn(data=request.data)
        given.is_valid(raise_exception=True)
        said = dict(given.validated_data)
        invitation_id = said.pop("invitation", None)
        if invitation_id is not None and not self.coordinates:
            raise policy.NotThisSection(self.sight.pupil)
        row = asked.asked(self.review, invitation_id) if invitation_id else self._own()
        row.review = self.review
        way = said.pop("way", None)
        made = invitations.reply(
            invitation=row,
            through=Through.SAID if invitation_id else Through.HERE,
            answer=Coming(said.pop("answer")),
            way=AnotherWay(way) if way else None,
            **said,
            **who(self),
        )
        return Response(ReviewReplyOut(made).data, status=201)

    def _own(self) -> ReviewInvitation:
        row = invitations.invited(self.review, self.sight)
        if row is None:
            raise policy.NotThisSection(self.sight.pupil)
        return row


class WhoIsWanted(OneReview):
    """Whom the child or young person wants at their review: what they said last, and saying it."""

    deciders = True

    @documented(responses=WhoComesOut(many=True))
    def get(self, request: Request, pupil_id: UUID, review_id: UUID) -> Response:
        instead = invitations.decides_who_comes(self.sight)
        if not instead:
            self.only_own_or_held()
        rows = list(self.review.who_comes.prefetch_related("people")[:1])
        for row in rows:
            if instead and row.recorded_by_id != self.sight.person.pk:
                row.words = row.how_words = ""  # what the young person said of it is not for whoever decides
        return Response(WhoComesOut(rows, many=True).data)

    @documented(request=WhoComesIn, responses={201: WhoComesOut})
    def post(self, request: Request, pupil_id: UUID, review_id: UUID) -> Response:
        given = WhoComesIn(data=request.data)
        given.is_valid(raise_exception=True)
        said = dict(given.validated_data)
        made = invitations.choose_who_comes(
            review=self.review,
            people=set(said.pop("people")),
            how=Gave(said.pop("how")),
            **said,
            **who(self),
        )
        return Response(WhoComesOut(made).data, status=201)


class TakingPartIn(OneReview):
    """How the child or young person takes part: what was said last, and saying it."""

    @documented(responses=PartOut(many=True))
    def get(self, request: Request, pupil_id: UUID, review_id: UUID) -> Response:
        self.only_own_or_held()
        return Response(PartOut(self.review.taking_part.all()[:1], many=True).data)

    @documented(request=PartIn, responses={201: PartOut})
    def post(self, request: Request, pupil_id: UUID, review_id: UUID) -> Response:
        given = PartIn(data=request.data)
        given.is_valid(raise_exception=True)
        said = dict(given.validated_data)
        made = contributions.take_part(
            review=self.review, part=Part(said.pop("part")), how=Gave(said.pop("how")), **said, **who(self)
        )
        return Response(PartOut(made).data, status=201)


class Contributions(OneReview):
    """What was said before a review, as far as this person hears it, the child's first; and saying it."""

    @documented(responses=BeforeOut(many=True))
    def get(self, request: Request, pupil_id: UUID, review_id: UUID) -> Response:
        heard = asked.said_before(self.sight, [self.review])[self.review.pk]
        return Response(BeforeOut(heard, many=True).data)

    @documented(request=BeforeIn, responses={201: BeforeOut})
    def post(self, request: Request, pupil_id: UUID, review_id: UUID) -> Response:
        writes = contributions.may_write_down(self.sight)
        homes = shapes.homes(self.sight.pupil, None if writes else self.sight.person)
        given = BeforeIn(data=request.data, context=homes)
        given.is_valid(raise_exception=True)
        said = dict(given.validated_data)
        words = {name: said[name] for name in Contribution.QUESTIONS}
        if "version" in said:
            made = contributions.contribute(review=self.review, version=said["version"], **words, **who(self))
        else:
            made = contributions.record_contribution(
                review=self.review,
                perspective=Perspective(said["perspective"]),
                how=HowObtained(said["how"]),
                said_by_name=said["said_by_name"],
                household=said["household"],
                told_on=said.get("told_on"),
                key=said["sent_key"],
                **words,
                **who(self),
            )
        return Response(BeforeOut(made).data, status=201)
