from .cycle import Cycle, CycleStage, PlanVersion
from .family import Comment, PlanAnswer, Proposal
from .funding import Allocation, FundingStream, FundingUse
from .items import Measure, Need, View
from .money import (
    Costing,
    Delivered,
    FundingAgreement,
    FundingDecision,
    FundingEvaluation,
    OpenWeeks,
    StaffRate,
    StaffRole,
    StreamRate,
    ToldOf,
)
from .plan import (
    NextStep,
    Outcome,
    Progress,
    Provision,
    Scale,
    ScaleVersion,
    Strategy,
    StrategyAnswer,
)

__all__ = [
    "Allocation",
    "Comment",
    "Costing",
    "Cycle",
    "CycleStage",
    "Delivered",
    "FundingAgreement",
    "FundingDecision",
    "FundingEvaluation",
    "FundingStream",
    "FundingUse",
    "Measure",
    "Need",
    "NextStep",
    "OpenWeeks",
    "Outcome",
    "PlanAnswer",
    "PlanVersion",
    "Progress",
    "Proposal",
    "Provision",
    "Scale",
    "ScaleVersion",
    "StaffRate",
    "StaffRole",
    "Strategy",
    "StrategyAnswer",
    "StreamRate",
    "ToldOf",
    "View",
]
