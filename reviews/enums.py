"""Words of a review."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _lazy


class Rating(TextChoices):
    """What a step or a strategy did, in one person's judgement."""

    LOT = "lot", _lazy("Helped a lot")
    BIT = "bit", _lazy("Helped a bit")
    NOT_YET = "not_yet", _lazy("Not helping yet")
    NOT_TRIED = "not_tried", _lazy("Not tried")
    UNSURE = "unsure", _lazy("Not sure")


class DecisionKind(TextChoices):
    CONTINUE = "continue", _lazy("Carry on with the support")
    CHANGE = "change", _lazy("Change the support")
    STEP_DOWN = "step_down", _lazy("Step the support down")
    SPECIALIST = "specialist", _lazy("Involve a specialist")
    REQUEST_EHC = "request_ehc", _lazy("Request an EHC needs assessment")
    END = "end", _lazy("End SEN support")


class ReviewState(TextChoices):
    SCHEDULED = "scheduled", _lazy("Scheduled")
    HELD = "held", _lazy("Held")
    EXEMPT = "exempt", _lazy("Not needed, with a reason")
    CANCELLED = "cancelled", _lazy("Cancelled, with a reason")


class Kind(TextChoices):
    """What a review is in law: of the plan, each term, or of an EHC plan, each year."""

    PLAN = "plan", _lazy("Review")
    ANNUAL = "annual", _lazy("Annual review")


class Duty(TextChoices):
    """What whoever holds an annual review owes around it."""

    ADVICE = "advice", _lazy("Ask for advice")
    PAPERS = "papers", _lazy("Send the papers")
    REPORT = "report", _lazy("Send the report")


class Change(TextChoices):
    """What became of a review before it was held."""

    MOVED = "moved", _lazy("Moved")
    CANCELLED = "cancelled", _lazy("Cancelled")
    EXEMPT = "exempt", _lazy("Not needed")
