from .cycle import Cycle, CycleStage, PlanVersion
from .family import Comment, PlanAnswer, Proposal
from .funding import Allocation, FundingStream, FundingUse
from .items import Measure, Need, View
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
    "Cycle",
    "CycleStage",
    "FundingStream",
    "FundingUse",
    "Measure",
    "Need",
    "NextStep",
    "Outcome",
    "PlanAnswer",
    "PlanVersion",
    "Progress",
    "Proposal",
    "Provision",
    "Scale",
    "ScaleVersion",
    "Strategy",
    "StrategyAnswer",
    "View",
]
