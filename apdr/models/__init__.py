from .cycle import Cycle, CycleStage, PlanVersion
from .family import Comment, PlanAnswer, Proposal
from .funding import Allocation, FundingStream, FundingUse
from .items import Measure, Need, View
from .library import HomeOffer, HomeOfferAnswer, LibraryStrategy
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
from .voice import Celebration, ChildPage, FileWords, ViewFile, WayForward

__all__ = [
    "Allocation",
    "Celebration",
    "ChildPage",
    "Comment",
    "Costing",
    "Cycle",
    "CycleStage",
    "Delivered",
    "FileWords",
    "FundingAgreement",
    "FundingDecision",
    "FundingEvaluation",
    "FundingStream",
    "FundingUse",
    "HomeOffer",
    "HomeOfferAnswer",
    "LibraryStrategy",
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
    "ViewFile",
    "WayForward",
]
