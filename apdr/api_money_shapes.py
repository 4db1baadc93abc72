"""What the API reads and writes of money: what happened, what each thinks, and what support costs."""

from typing import Any

from rest_framework import serializers

from pupils.models import Household
from pupils.rest_fields import Amount, Choice, Day, Id, Named, Text, Whole

from .api_shapes import Part, Shape, UseShape
from .enums import (
    Answer,
    AskAbout,
    Difference,
    FundingNext,
    Held,
    HowObtained,
    Perspective,
    StreamKind,
    Unit,
    WhyMissed,
)
from .models import Allocation, Provision, StaffRole


class HoursShape(Shape):
    """Minutes planned and delivered; `noted` says whether anything was written down, as nothing is never 0."""

    planned = serializers.IntegerField()
    delivered = serializers.IntegerField()
    noted = serializers.BooleanField()
    missed = serializers.SerializerMethodField()

    def get_missed(self, hours: Any) -> int:
        """How often it did not happen."""
        return int(hours.missed_times)


class UseHours(UseShape):
    hours = HoursShape(allow_null=True)


class SaidShape(Shape):
    name = serializers.CharField()
    perspective = serializers.ChoiceField(choices=Perspective.choices)
    words = serializers.CharField()
    how = serializers.ChoiceField(choices=HowObtained.choices)
    on = serializers.DateField()


class AgreedShape(SaidShape):
    answer = serializers.ChoiceField(choices=Answer.choices)


class EvaluatedShape(SaidShape):
    """An empty `rating`: they chose not to say."""

    rating = serializers.ChoiceField(choices=Difference.choices, allow_blank=True)


class DecidedShape(Shape):
    number = serializers.IntegerField()
    decision = serializers.ChoiceField(choices=FundingNext.choices)
    why = serializers.CharField()
    by = serializers.CharField()
    on = serializers.DateField()


class MoneyShape(Shape):
    id = serializers.UUIDField()
    stream = serializers.CharField()
    amount = serializers.DecimalField(9, 2)
    purpose = serializers.CharField()
    difference = serializers.CharField(default="")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    uses = UseHours(many=True)
    agreed = AgreedShape(many=True)
    said = EvaluatedShape(many=True)
    decided = DecidedShape(allow_null=True)


class MoneyPart(Part):
    """Money of the plan, and from before; what each said that this person hears, everybody’s latest."""

    allocations = MoneyShape(many=True, default=list)
    earlier = MoneyShape(many=True, default=list)


class SayingShape(Shape):
    """The family speaks for itself; a SENCO gives `perspective` and whose words they are, unless they are their own."""

    sent_key = Id(help_text="Of your making; the same key sent twice is one row")
    allocation = Named(queryset=Allocation.objects.all())
    words = Text(required=False, allow_blank=True, max_length=2000, default="")
    on = Day(required=False)
    perspective = Choice(choices=Perspective.choices, required=False)
    said_by_name = Text(required=False, allow_blank=True, max_length=150)
    household = Named(queryset=Household.objects.all(), required=False, allow_null=True)
    how = Choice(choices=HowObtained.choices, required=False)


class EvaluationIn(SayingShape):
    """Leave the rating out for whoever chose not to say."""

    rating = Choice(choices=Difference.choices, required=False)


class AgreementIn(SayingShape):
    answer = Choice(choices=Answer.choices)


class MoneySaidOut(Shape):
    id = serializers.UUIDField(source="pk")
    allocation = serializers.UUIDField(source="allocation_id")
    perspective = serializers.ChoiceField(choices=Perspective.choices)
    name = serializers.CharField(source="said_by_name")
    words = serializers.CharField()
    on = serializers.DateField()


class FundingEvaluationOut(MoneySaidOut):
    rating = serializers.ChoiceField(choices=Difference.choices, allow_blank=True)


class AgreementOut(MoneySaidOut):
    answer = serializers.ChoiceField(choices=Answer.choices)


class FundingDecisionIn(Shape):
    """`number` is that of the decision you have read; 0 for none."""

    allocation = Named(queryset=Allocation.objects.all())
    decision = Choice(choices=FundingNext.choices)
    why = Text(max_length=2000)
    number = Whole(required=False, default=0, min_value=0, max_value=32766)


class FundingDecisionOut(Shape):
    id = serializers.UUIDField(source="pk")
    number = serializers.IntegerField()
    decision = serializers.ChoiceField(choices=FundingNext.choices)
    why = serializers.CharField()
    by = serializers.CharField(source="by.called")


class MarkIn(Shape):
    """`seen` is the number of what you have read of this day; 0 for nothing."""

    provision = Named(queryset=Provision.objects.all())
    held = Choice(choices=Held.choices)
    seen = Whole(required=False, default=0, min_value=0, max_value=32766)
    minutes = Whole(required=False, allow_null=True, default=None, min_value=1, max_value=600)
    why = Choice(choices=WhyMissed.choices, required=False, allow_blank=True, default="")
    words = Text(required=False, allow_blank=True, max_length=300, default="")


class SessionsIn(Shape):
    on = Day()
    marks = MarkIn(many=True, allow_empty=False, max_length=100)  # type: ignore[call-arg]


class SessionOut(Shape):
    provision = serializers.UUIDField(source="provision_id")
    on = serializers.DateField()
    number = serializers.IntegerField()
    held = serializers.ChoiceField(choices=Held.choices)
    minutes = serializers.IntegerField()
    why = serializers.ChoiceField(choices=WhyMissed.choices, allow_blank=True)
    words = serializers.CharField()
    by = serializers.CharField(source="by.called")


class CostShape(Shape):
    """What one provision costs, in pounds; null where it is not known. `version` is that of what was said of it."""

    provision = serializers.UUIDField(source="provision.pk")
    words = serializers.CharField(source="provision.strategy.words")
    role = serializers.UUIDField(source="costing.role_id", allow_null=True, default=None)
    resources = serializers.DecimalField(8, 2, source="costing.resources", allow_null=True, default=None)
    resources_for = serializers.CharField(source="costing.resources_for", default="")
    version = serializers.IntegerField(source="costing.version", default=0)
    weeks = serializers.IntegerField()
    whole = serializers.DecimalField(12, 2, allow_null=True)
    share = serializers.DecimalField(12, 2, allow_null=True)


class SumShape(Shape):
    """A part of a sum: an empty name is what is bought, or what no money is planned for."""

    name = serializers.SerializerMethodField()
    amount = serializers.SerializerMethodField()

    def get_name(self, pair: Any) -> str:
        return str(pair[0]) if pair[0] is not None else ""

    def get_amount(self, pair: Any) -> str:
        return f"{pair[1]:.2f}"


class CostsOut(Shape):
    rows = CostShape(many=True)
    by_role = SumShape(many=True, default=list)
    by_stream = SumShape(many=True, default=list)
    in_all = serializers.DecimalField(12, 2, allow_null=True, default=None)


class CostIn(Shape):
    """`version` is the one you have read; 0 where nobody said anything yet."""

    provision = Named(queryset=Provision.objects.all())
    role = Named(queryset=StaffRole.objects.all())
    resources = Amount(max_digits=8, decimal_places=2, min_value=0)
    resources_for = Text(required=False, allow_blank=True, max_length=200, default="")
    version = Whole(required=False, default=0, min_value=0, max_value=2**31 - 1)


class HourlyShape(Shape):
    id = serializers.UUIDField()
    name = serializers.CharField()
    hourly = serializers.DecimalField(6, 2, allow_null=True)


class RateShape(Shape):
    kind = serializers.ChoiceField(choices=StreamKind.choices)
    band = serializers.CharField()
    amount = serializers.DecimalField(9, 2)
    unit = serializers.ChoiceField(choices=Unit.choices)
    most_hours = serializers.IntegerField(allow_null=True)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    checked_on = serializers.DateField(allow_null=True)


class RatesOut(Shape):
    """What holds today. `weeks`: in how many of a year the setting is open, or null where nobody knows."""

    hourly = HourlyShape(many=True)
    weeks = serializers.IntegerField(allow_null=True)
    funding = RateShape(many=True)


class HourlyIn(Shape):
    """What an hour costs from a day on. Nothing before it changes."""

    name = Text(max_length=100)
    hourly = Amount(max_digits=6, decimal_places=2, min_value=0)
    starts_on = Day()


class WeeksIn(Shape):
    weeks = Whole(min_value=1, max_value=52)
    starts_on = Day()


class RateIn(Shape):
    kind = Choice(choices=StreamKind.choices)
    band = Text(required=False, allow_blank=True, max_length=60, default="")
    amount = Amount(max_digits=9, decimal_places=2, min_value=0)
    unit = Choice(choices=Unit.choices)
    most_hours = Whole(required=False, allow_null=True, default=None, min_value=1, max_value=9999)
    starts_on = Day()
    ends_on = Day(required=False, allow_null=True, default=None)
    source = Text(max_length=300)  # type: ignore[assignment]
    checked_on = Day(required=False, allow_null=True, default=None)


class PromptShape(Shape):
    about = serializers.ChoiceField(choices=AskAbout.choices)
    their_own = serializers.BooleanField(help_text="Told of, and never planned or spent here")
    rates = RateShape(many=True)
    told_at = serializers.DateTimeField(allow_null=True)


class ToldIn(Shape):
    about = Choice(choices=AskAbout.choices)
