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
from .voice import Celebration, ChildPage, FileWords, ViewFile, WayForward

__all__ = [
    "Allocation",
    "Celebration",
    "ChildPage",
    "Comment",
    "Cycle",
    "CycleStage",
    "FileWords",
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
    "ViewFile",
    "WayForward",
]
