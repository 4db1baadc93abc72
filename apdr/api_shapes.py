"""What the API reads and writes of a cycle. Parts of a plan have the shape of a shared version (`services.sharing`)."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import User
from pupils.models import Household, Pupil
from pupils.rest_fields import Choice, Day, Exact, FileContent, Id, Named, Text, Whole, YesNo

from . import selectors
from .enums import Answer, Audience, Feeling, HowObtained, Perspective, ProposalKind, ScaleKind, Stage
from .models import (
    Allocation,
    Comment,
    Cycle,
    FileWords,
    FundingUse,
    Measure,
    Need,
    NextStep,
    Outcome,
    PlanAnswer,
    PlanVersion,
    Progress,
    Proposal,
    Provision,
    ScaleVersion,
    Strategy,
    View,
    ViewFile,
)
from .symbols import CHOSEN

Shape = serializers.Serializer[Any]


def within(cycle: Cycle) -> dict[str, Any]:
    """Which ids the fields of an item of this cycle's draft may name."""
    draft = Q(cycle=cycle, removed_at=None)
    return {
        "within": {
            **dict.fromkeys(("need", "outcome", "step", "strategy"), draft),
            "scale": Q(scale__setting=cycle.setting_id),
            "library": Q(setting=cycle.setting_id),
        }
    }


def homes(pupil: Pupil, only_of: User | None = None) -> dict[str, Any]:
    """Which households may be named: those of a pupil's family, or the one that a member of it lives in."""
    carers = pupil.parent_carers.all() if only_of is None else pupil.parent_carers.filter(person=only_of)
    return {"within": {"household": Q(pk__in=carers.values("household"))}}


# Reading a part ---------------------------------------------------------------------------------------------


class Part(Shape):
    """Where a part comes from: `version` is the number of a shared version, or null for the draft as it stands."""

    cycle = serializers.UUIDField(allow_null=True)
    version = serializers.IntegerField(allow_null=True)
    shared_at = serializers.DateTimeField(allow_null=True)


class NeedShape(Shape):
    id = serializers.UUIDField()
    area = serializers.CharField()
    words = serializers.CharField()
    evidence = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]


class MeasureShape(Shape):
    """A missing measure is null: not measured, never 0."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    unit = serializers.CharField()
    entry = serializers.DecimalField(9, 2, allow_null=True)
    entry_on = serializers.DateField(allow_null=True)
    exit = serializers.DecimalField(9, 2, allow_null=True)
    exit_on = serializers.DateField(allow_null=True)


class NeedsPart(Part):
    strengths = NeedShape(many=True, default=list)
    needs = NeedShape(many=True, default=list)
    measures = MeasureShape(many=True, default=list)


class ScaleShape(Shape):
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=ScaleKind.choices)
    values = serializers.ListField(child=serializers.IntegerField())
    labels = serializers.ListField(child=serializers.CharField())


class StepShape(Shape):
    id = serializers.UUIDField()
    words = serializers.CharField()
    child_words = serializers.CharField()
    criterion = serializers.CharField()
    baseline = serializers.CharField()
    baseline_value = serializers.IntegerField(allow_null=True)
    owner = serializers.CharField()
    by_when = serializers.DateField()
    status = serializers.CharField()
    picture = serializers.CharField()
    scale = ScaleShape()


class StepWithOutcome(StepShape):
    outcome = serializers.UUIDField()


class StepsPart(Part):
    steps = StepWithOutcome(many=True, default=list)


class OutcomeShape(Shape):
    id = serializers.UUIDField()
    words = serializers.CharField()
    why = serializers.CharField()
    area = serializers.CharField()
    by_when = serializers.DateField(allow_null=True)
    steps = StepShape(many=True)


class PlanPart(Part):
    review_on = serializers.DateField(allow_null=True, default=None)
    responsibilities = serializers.CharField(default="")
    outcomes = OutcomeShape(many=True, default=list)


class ProvisionShape(Shape):
    id = serializers.UUIDField()
    who = serializers.CharField()
    where = serializers.CharField()
    times_a_week = serializers.DecimalField(4, 1)
    minutes = serializers.IntegerField()
    group_size = serializers.IntegerField()
    weeks = serializers.IntegerField()


class ProvisionWithStrategy(ProvisionShape):
    strategy = serializers.UUIDField()


class ProvisionPart(Part):
    provision = ProvisionWithStrategy(many=True, default=list)


class StrategyShape(Shape):
    id = serializers.UUIDField()
    words = serializers.CharField()
    how = serializers.CharField()
    works_best = serializers.BooleanField()
    step = serializers.UUIDField(allow_null=True)
    proposed_by = serializers.CharField()
    provision = ProvisionShape(many=True)


class StrategiesPart(Part):
    setting = StrategyShape(many=True, default=list)
    home = StrategyShape(many=True, default=list)


class UseShape(Shape):
    """`used` is null until something is recorded."""

    id = serializers.UUIDField()
    words = serializers.CharField()
    planned = serializers.DecimalField(9, 2)
    used = serializers.DecimalField(9, 2, allow_null=True)
    note = serializers.CharField()


# Writing the draft ------------------------------------------------------------------------------------------


class Item(Exact, serializers.ModelSerializer[Any]):
    """An item of the draft. `version` goes up with each change."""

    version = Whole(read_only=True, min_value=1)


def changing(item: type[Item]) -> type[Item]:
    """The shape of a change to an item: the `version` it is made over, and whatever is to be different."""

    class Change(item):  # type: ignore[valid-type]
        """A change, made over the `version` you have read. What is left out stays."""

        version = Whole(min_value=1, max_value=2**31 - 1)

        def get_fields(self) -> dict[str, Any]:
            fields: dict[str, Any] = super().get_fields()
            for name, field in fields.items():
                if name != "version" and not field.read_only:
                    field.required = False
            return fields

    Change.__name__ = Change.__qualname__ = f"{item.__name__}Change"
    return Change


class NeedItem(Item):
    class Meta:
        model = Need
        fields = ["id", "version", "kind", "area", "words", "evidence", "source", "source_name", "position"]


class MeasureItem(Item):
    class Meta:
        model = Measure
        fields = ["id", "version", "name", "unit", "entry", "entry_on", "exit", "exit_on", "need", "position"]


class OutcomeItem(Item):
    class Meta:
        model = Outcome
        fields = ["id", "version", "words", "why", "area", "by_when", "position"]


class StepItem(Item):
    class Meta:
        model = NextStep
        fields = [
            "id",
            "version",
            "outcome",
            "words",
            "child_words",
            "criterion",
            "baseline",
            "baseline_value",
            "scale",
            "goal_levels",
            "owner_name",
            "by_when",
            "status",
            "picture",
            "position",
        ]


class StrategyItem(Item):
    class Meta:
        model = Strategy
        fields = [
            "id",
            "version",
            "place",
            "words",
            "how",
            "step",
            "proposed_by_name",
            "perspective",
            "works_best",
            "position",
            "library",
        ]
        extra_kwargs = {"library": {"help_text": "What of the setting’s library it was made from"}}


class ProvisionItem(Item):
    class Meta:
        model = Provision
        fields = [
            "id",
            "version",
            "strategy",
            "who",
            "where",
            "times_a_week",
            "minutes",
            "group_size",
            "weeks",
            "starts_on",
            "group",
        ]


class ScaleOut(serializers.ModelSerializer[ScaleVersion]):
    name = Text(source="scale.name")
    kind = Choice(choices=ScaleKind.choices, source="scale.kind")

    class Meta:
        model = ScaleVersion
        fields = ["id", "name", "kind", "values", "labels"]


# The cycle --------------------------------------------------------------------------------------------------


class CycleOut(serializers.ModelSerializer[Cycle]):
    """A cycle. The draft's review day and version are told to staff; everybody else reads the day on what was shared."""

    stage = Choice(choices=Stage.choices, source="now")
    review_on = serializers.SerializerMethodField()
    version = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_review_on(self, cycle: Cycle) -> str | None:
        return cycle.review_on.isoformat() if self.context.get("staff", True) else None

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_version(self, cycle: Cycle) -> int | None:
        return cycle.version if self.context.get("staff", True) else None

    class Meta:
        model = Cycle
        fields = ["id", "number", "stage", "review_on", "opened_at", "closed_at", "version"]


class CycleIn(Shape):
    review_on = Day(required=False)


class MoveIn(Shape):
    stage = Choice(choices=Stage.choices)
    note = Text(required=False, max_length=500, allow_blank=True)


class ShareIn(Shape):
    after = Whole(min_value=0, max_value=2**31 - 1, help_text="The version you have seen; 0 for none")
    note = Text(required=False, max_length=2000, allow_blank=True)
    start = YesNo(required=False, default=True)


class VersionOut(serializers.ModelSerializer[PlanVersion]):
    """A shared version with the parts that are open to this person."""

    shared_by = Text(source="shared_by.called")
    note = serializers.SerializerMethodField()
    content = serializers.SerializerMethodField()

    class Meta:
        model = PlanVersion
        fields = ["id", "cycle", "number", "shared_at", "shared_by", "note", "content"]

    def get_note(self, version: PlanVersion) -> str:
        return selectors.note_of(version, self.context["sight"])

    def get_content(self, version: PlanVersion) -> dict[str, Any]:
        sight = self.context["sight"]
        return {
            name: selectors.heard_of(sight, name, part)
            for name, part in version.content.items()
            if name in {section.value for section in sight.sections}
        }


class HouseholdOut(serializers.ModelSerializer[Household]):
    class Meta:
        model = Household
        fields = ["id", "name"]


# What people say --------------------------------------------------------------------------------------------


class ProgressIn(Shape):
    sent_key = Id(help_text="Of your making; the same key sent twice is one note")
    value = Whole(required=False, allow_null=True, min_value=-32768, max_value=32767)
    note = Text(required=False, allow_blank=True, max_length=2000)
    on = Day(required=False)


class ProgressOut(serializers.ModelSerializer[Progress]):
    by = Text(source="by.called")

    class Meta:
        model = Progress
        fields = ["id", "on", "at", "value", "note", "by", "perspective"]


class ViewIn(Shape):
    """Staff give `perspective`, `how` and, for a parent carer’s words, the `household` they come from.

    Without a perspective they are the words of whoever sends them.

    The young person and the family speak for themselves and give none of it but `how`. A `feeling` and `symbols` stand
    for their words, before any others. Where somebody wrote for them, `scribe` is who, `verbatim` whether word for word.
    """

    words = Text(required=False, allow_blank=True, max_length=2000, default="")
    helps = Text(required=False, allow_blank=True, max_length=2000, default="")
    hopes = Text(required=False, allow_blank=True, max_length=2000, default="")
    how = Choice(choices=HowObtained.choices, required=False)
    audience = Choice(choices=Audience.choices, required=False, default=Audience.EVERYONE)
    perspective = Choice(choices=Perspective.choices, required=False)
    how_words = Text(required=False, allow_blank=True, max_length=200, default="")
    said_by_name = Text(required=False, allow_blank=True, max_length=150, default="")
    feeling = Choice(choices=Feeling.choices, required=False, allow_blank=True, default="")
    symbols = serializers.ListField(
        child=Choice(choices=[(one, one) for one in sorted(CHOSEN)]),
        required=False,
        default=list,
        max_length=36,
    )
    scribe = Text(required=False, allow_blank=True, max_length=150, default="")
    verbatim = YesNo(required=False, allow_null=True, default=None)
    file = FileContent(
        required=False,
        allow_null=True,
        default=None,
        help_text="A drawing or photo (JPEG, PNG, WebP) or a recording (WebM, Ogg, M4A, WAV, MP3), in base64",
    )
    household = Named(queryset=Household.objects.all(), required=False, allow_null=True, default=None)
    sent_key = Id(required=False, help_text="Of your making; the same key sent twice is one view")


class FileWordsOut(serializers.ModelSerializer[FileWords]):
    """What can be seen or heard, as somebody wrote it down."""

    by = serializers.CharField(source="by.called")

    class Meta:
        model = FileWords
        fields = ["id", "at", "by", "words", "verbatim"]


class ViewFileOut(serializers.ModelSerializer[ViewFile]):
    """`href` answers with the file, to whoever hears the view when they ask. `in_words`: the latest stands first."""

    href = serializers.SerializerMethodField()
    in_words = FileWordsOut(many=True)

    class Meta:
        model = ViewFile
        fields = ["id", "kind", "href", "size", "width", "height", "in_words"]

    def get_href(self, row: ViewFile) -> str:
        return reverse("api_said_file", args=[row.pk])


class ViewOut(serializers.ModelSerializer[View]):
    file = serializers.SerializerMethodField()

    @extend_schema_field(ViewFileOut(allow_null=True))
    def get_file(self, row: View) -> Any:
        kept = getattr(row, "file", None)
        return ViewFileOut(kept).data if kept is not None else None

    class Meta:
        model = View
        fields = [
            "id",
            "at",
            "perspective",
            "said_by_name",
            "household",
            "how",
            "how_words",
            "words",
            "helps",
            "hopes",
            "feeling",
            "symbols",
            "scribe",
            "verbatim",
            "file",
            "audience",
        ]


class CommentIn(Shape):
    sent_key = Id()
    words = Text(max_length=2000)
    about = Id(required=False, allow_null=True)


class WriteBackIn(Shape):
    sent_key = Id()
    words = Text(max_length=2000)


class CommentOut(serializers.ModelSerializer[Comment]):
    by = Text(source="by.called")

    class Meta:
        model = Comment
        fields = ["id", "at", "by", "perspective", "about", "words"]


class AnswerIn(Shape):
    sent_key = Id()
    answer = Choice(choices=Answer.choices)
    why = Text(required=False, allow_blank=True, max_length=2000, default="")


class AnswerOut(serializers.ModelSerializer[PlanAnswer]):
    by = Text(source="by.called")

    class Meta:
        model = PlanAnswer
        fields = ["id", "at", "by", "perspective", "answer", "why"]


class ProposalIn(Shape):
    sent_key = Id()
    kind = Choice(choices=ProposalKind.choices)
    words = Text(max_length=2000)
    why = Text(required=False, allow_blank=True, max_length=2000, default="")


class ProposalOut(serializers.ModelSerializer[Proposal]):
    by = Text(source="by.called")

    class Meta:
        model = Proposal
        fields = ["id", "at", "by", "perspective", "kind", "words", "why", "state", "reply"]


class AcceptedStep(StepItem):
    """What makes a proposed step SMART; its words are the proposal's own unless others are given."""

    version = None  # type: ignore[assignment]
    words = Text(required=False, max_length=2000)

    class Meta(StepItem.Meta):
        fields = [
            name for name in StepItem.Meta.fields if name not in ("id", "version", "status", "position")
        ]


class ReplyIn(Shape):
    """To put a proposal in the plan, or to say kindly why not for now. `step` goes with an accepted step only."""

    accept = YesNo()
    reply = Text(required=False, allow_blank=True, max_length=2000, default="")
    step = AcceptedStep(required=False)


# Funding ----------------------------------------------------------------------------------------------------


class AllocationItem(Exact, serializers.ModelSerializer[Allocation]):
    class Meta:
        model = Allocation
        fields = ["id", "stream", "amount", "purpose", "difference", "starts_on", "ends_on"]


class UseItem(Item):
    """What of an allocation is planned for a strategy and what has been used, in pounds."""

    class Meta:
        model = FundingUse
        fields = ["id", "version", "allocation", "strategy", "planned", "used", "note"]
        validators: list[Any] = []


class UseOut(UseItem):
    class Meta(UseItem.Meta):
        fields = ["id", "version", "planned", "used", "note"]


NeedChange = changing(NeedItem)
MeasureChange = changing(MeasureItem)
OutcomeChange = changing(OutcomeItem)
StepChange = changing(StepItem)
StrategyChange = changing(StrategyItem)
ProvisionChange = changing(ProvisionItem)
UseChange = changing(UseOut)
