"""`/api/v1/`: what a setting asks its families, pupils and staff, what they answer, and what came of it."""

from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from pupils import policy
from pupils.errors import NotNow
from pupils.rest import SettingView, documented
from pupils.rest_fields import Choice, Day, Id, Text, Whole, YesNo

from . import selectors_surveys as selectors
from . import surveys
from .enums_surveys import Asked, QuestionKind, SurveyState
from .models import Survey, SurveyQuestion
from .models_surveys import MOST_CHOICES, MOST_QUESTIONS, OWN_WORDS

Shape = serializers.Serializer[Any]


class SurveyIn(Shape):
    """`closes_on` is the first day on which nobody answers any more."""

    sent_key = Id(required=False, source="key", help_text="Of your making; the same key sent twice is one")
    title = Text(max_length=150)
    why = Text(max_length=1000)
    audiences = serializers.ListField(
        child=Choice(choices=Asked.choices), min_length=1, max_length=len(Asked)
    )
    anonymous = YesNo()
    opens_on = Day()
    closes_on = Day()


class SurveyChange(Shape):
    version = Whole(min_value=1)
    title = Text(max_length=150, required=False)
    why = Text(max_length=1000, required=False)
    audiences = serializers.ListField(
        child=Choice(choices=Asked.choices), min_length=1, max_length=len(Asked), required=False
    )
    anonymous = YesNo(required=False)
    opens_on = Day(required=False)
    closes_on = Day(required=False)


class QuestionOut(Shape):
    """`choices` are what can be chosen, in order; an answer names one by its place, from 0. Empty: in their own words."""

    id = serializers.UUIDField()
    kind = Choice(choices=QuestionKind.choices)
    words = serializers.CharField()
    choices = serializers.SerializerMethodField()

    def get_choices(self, row: SurveyQuestion) -> list[str]:
        return [str(label) for label in row.labels]


class SurveyOut(serializers.ModelSerializer[Survey]):
    """`state`: `draft`, `set` (fixed, and its day is to come), `open`, `closed` or `published`. `told` is what the SENCO
    says of what came of it.
    """

    state = serializers.SerializerMethodField()

    class Meta:
        model = Survey
        fields = [
            "id", "version", "setting", "title", "why", "audiences", "anonymous", "opens_on", "closes_on", "state",
            "opened_at", "ended_at", "told", "published_at",
        ]  # fmt: skip

    def get_state(self, row: Survey) -> str:
        return row.state(self.context["at"]).value


class SurveyWhole(SurveyOut):
    questions = QuestionOut(many=True)

    class Meta(SurveyOut.Meta):
        fields = [*SurveyOut.Meta.fields, "questions"]


class QuestionIn(Shape):
    """`choices` only for the kind `one`."""

    kind = Choice(choices=QuestionKind.choices)
    words = Text(max_length=300)
    choices = serializers.ListField(
        child=Text(max_length=150), max_length=MOST_CHOICES, required=False, default=list
    )


class QuestionsIn(Shape):
    version = Whole(min_value=1)
    questions = QuestionIn(many=True, max_length=MOST_QUESTIONS)  # type: ignore[call-arg]


class VersionIn(Shape):
    version = Whole(min_value=1)


class AnsweredIn(Shape):
    """To one question: `choice`, the place of what is chosen, or `words`."""

    question = Id()
    choice = Whole(min_value=0, max_value=MOST_CHOICES, required=False, allow_null=True, default=None)
    words = Text(max_length=OWN_WORDS, required=False, allow_blank=True, default="")


class SurveyAnswerIn(Shape):
    """`answers_as`: as whom, for somebody who is asked as more than one. `version`: of a survey with names, of the answer
    that this takes the place of.
    """

    answers_as = Choice(choices=Asked.choices, required=False, source="audience")
    version = Whole(min_value=0, default=0)
    answers = AnsweredIn(many=True, max_length=MOST_QUESTIONS)  # type: ignore[call-arg]


class AnsweredOut(Shape):
    question = serializers.UUIDField(source="question_id")
    choice = serializers.IntegerField(allow_null=True)
    words = serializers.CharField()


class AskedOut(Shape):
    """A survey for somebody who is asked. `answers` are their own, of a survey with names alone; `version` is that of
    their answer, 0 before there is one.
    """

    survey = SurveyWhole()
    asked_as = serializers.ListField(child=Choice(choices=Asked.choices))
    answered = serializers.BooleanField()
    version = serializers.IntegerField()
    answers = AnsweredOut(many=True)


class LineOut(Shape):
    """`number` and `share` (of 100 who answered) are null where they are left out."""

    answer = serializers.CharField(source="label")
    number = serializers.IntegerField(allow_null=True)
    share = serializers.IntegerField(allow_null=True)
    by = serializers.ListField(child=serializers.IntegerField(allow_null=True))


class ToldOut(Shape):
    """`asked` says of whom the numbers in `by` are. `own_words` are for the SENCO alone."""

    question = QuestionOut()
    asked = serializers.ListField(child=serializers.CharField())
    lines = LineOut(many=True)
    own_words = serializers.ListField(child=serializers.CharField(), source="words")


class SurveyResultsOut(Shape):
    """`answered` is null where fewer than five did."""

    survey = SurveyOut()
    answered = serializers.IntegerField(allow_null=True)
    questions = ToldOut(many=True)


class TellIn(Shape):
    version = Whole(min_value=1)
    told = Text(max_length=4000)


class _Kept(SettingView):
    """A view of one survey for a SENCO of its setting: 404 for anybody else."""

    def kept(self, survey_id: UUID) -> Survey:
        return selectors.kept(self.person, survey_id, self.at)

    def whole(self, survey_id: UUID, status: int = 200) -> Response:
        return Response(SurveyWhole(self.kept(survey_id), context={"at": self.at}).data, status=status)


class Surveys(SettingView):
    """A setting's surveys, kept by its SENCO."""

    @documented(responses=SurveyOut(many=True))
    def get(self, request: Request, setting_id: UUID) -> Response:
        rows = [row for row, __ in selectors.of_setting(self.setting, self.at)]
        return Response(SurveyOut(rows, many=True, context={"at": self.at}).data)

    @documented(request=SurveyIn, responses={201: SurveyOut})
    def post(self, request: Request, setting_id: UUID) -> Response:
        """A draft, without questions."""
        asked = SurveyIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = surveys.make(setting=self.setting, by=self.person, at=self.at, **asked.validated_data)
        return Response(SurveyOut(made, context={"at": self.at}).data, status=201)


class OneSurvey(_Kept):
    @documented(responses=SurveyWhole)
    def get(self, request: Request, pk: UUID) -> Response:
        return self.whole(pk)

    @documented(request=SurveyChange, responses=SurveyWhole)
    def patch(self, request: Request, pk: UUID) -> Response:
        """Change a draft."""
        row = self.kept(pk)
        asked = SurveyChange(data=request.data)
        asked.is_valid(raise_exception=True)
        surveys.edit(survey=row, by=self.person, at=self.at, **asked.validated_data)
        return self.whole(pk)


class SurveyQuestions(_Kept):
    @documented(request=QuestionsIn, responses=SurveyWhole)
    def put(self, request: Request, pk: UUID) -> Response:
        """All questions of a draft, in their order: what is not sent is taken out."""
        row = self.kept(pk)
        asked = QuestionsIn(data=request.data)
        asked.is_valid(raise_exception=True)
        surveys.set_questions(survey=row, by=self.person, at=self.at, **asked.validated_data)
        return self.whole(pk)


class OpenSurvey(_Kept):
    @documented(request=VersionIn, responses=SurveyWhole)
    def post(self, request: Request, pk: UUID) -> Response:
        """Fix a draft for good, as this version has it: it is answered from its first day on."""
        row = self.kept(pk)
        asked = VersionIn(data=request.data)
        asked.is_valid(raise_exception=True)
        surveys.open_(survey=row, by=self.person, at=self.at, **asked.validated_data)
        return self.whole(pk)


class CloseSurvey(_Kept):
    @documented(request=VersionIn, responses=SurveyWhole)
    def post(self, request: Request, pk: UUID) -> Response:
        """Close it before its day, for good."""
        row = self.kept(pk)
        asked = VersionIn(data=request.data)
        asked.is_valid(raise_exception=True)
        surveys.end(survey=row, by=self.person, at=self.at, **asked.validated_data)
        return self.whole(pk)


class AnswerSurvey(SettingView):
    """A survey for whoever is asked."""

    def _answer(self, survey_id: UUID, status: int = 200) -> Response:
        row, asked, response = selectors.to_answer(self.person, survey_id, self.at)
        told = {
            "survey": row,
            "asked_as": asked,
            "answered": response is not None,
            "version": response.version if response else 0,
            "answers": response.answers.order_by("question__position") if response else [],
        }
        return Response(AskedOut(told, context={"at": self.at}).data, status=status)

    @documented(responses=AskedOut)
    def get(self, request: Request, pk: UUID) -> Response:
        return self._answer(pk)

    @documented(request=SurveyAnswerIn, responses={201: AskedOut})
    def post(self, request: Request, pk: UUID) -> Response:
        """Answer once. To an anonymous survey what is sent again changes nothing; with names it may be another answer."""
        row, *__ = selectors.to_answer(self.person, pk, self.at)
        asked = SurveyAnswerIn(data=request.data)
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        said: dict[UUID, int | str] = {}
        known = set(row.questions.values_list("pk", flat=True))
        for one in given.pop("answers"):
            if one["question"] not in known or one["question"] in said:
                raise ValidationError({"answers": ["Answer each question of this survey once."]})
            said[one["question"]] = one["words"] if one["choice"] is None else one["choice"]
        surveys.answer(survey=row, by=self.person, at=self.at, said=said, **given)
        return self._answer(pk, 201)


class SurveyResults(SettingView):
    @documented(responses=SurveyResultsOut)
    def get(self, request: Request, pk: UUID) -> Response:
        """For its SENCO once it has closed; for whoever was asked once it is published. Numbers tell of nobody."""
        row = selectors.one(pk)
        keeps = policy.coordinates(self.person, row.setting, self.at)
        if not keeps:
            selectors.to_answer(self.person, pk, self.at)
            if row.state(self.at) != SurveyState.PUBLISHED:
                raise Http404
        elif not row.is_over(self.at):
            raise NotNow("Results can be read once the survey has closed.")
        return Response(SurveyResultsOut(selectors.results(row, keeps=keeps), context={"at": self.at}).data)


class PublishSurvey(_Kept):
    @documented(request=TellIn, responses=SurveyWhole)
    def post(self, request: Request, pk: UUID) -> Response:
        """Show the results to everybody who was asked, with what was heard and what is done about it."""
        row = self.kept(pk)
        asked = TellIn(data=request.data)
        asked.is_valid(raise_exception=True)
        surveys.publish(survey=row, by=self.person, at=self.at, **asked.validated_data)
        return self.whole(pk)


class MySurvey(Shape):
    survey = SurveyOut()
    answered = serializers.SerializerMethodField()

    def get_answered(self, one: selectors.Mine) -> bool:
        return one.response is not None


class MySurveys(SettingView):
    @documented(responses=MySurvey(many=True))
    def get(self, request: Request) -> Response:
        """What this person is asked, in every setting: what waits for an answer first."""
        rows = selectors.mine(self.person, self.at)
        return Response(MySurvey(rows, many=True, context={"at": self.at}).data)
