"""Words of a review."""

from django.db.models import TextChoices


class Rating(TextChoices):
    """What a step or a strategy did, in one person's judgement."""

    LOT = "lot", "Helped a lot"
    BIT = "bit", "Helped a bit"
    NOT_YET = "not_yet", "Not helping yet"
    NOT_TRIED = "not_tried", "Not tried"
    UNSURE = "unsure", "Not sure"


class DecisionKind(TextChoices):
    CONTINUE = "continue", "Carry on with the support"
    CHANGE = "change", "Change the support"
    STEP_DOWN = "step_down", "Step the support down"
    SPECIALIST = "specialist", "Involve a specialist"
    REQUEST_EHC = "request_ehc", "Request an EHC needs assessment"
    END = "end", "End SEN support"


class ReviewState(TextChoices):
    SCHEDULED = "scheduled", "Scheduled"
    HELD = "held", "Held"
    EXEMPT = "exempt", "Not needed, with a reason"
    CANCELLED = "cancelled", "Cancelled, with a reason"


class Kind(TextChoices):
    """What a review is in law: of the plan, each term, or of an EHC plan, each year."""

    PLAN = "plan", "Review"
    ANNUAL = "annual", "Annual review"


class Duty(TextChoices):
    """What whoever holds an annual review owes around it."""

    ADVICE = "advice", "Ask for advice"
    PAPERS = "papers", "Send the papers"
    REPORT = "report", "Send the report"


class Change(TextChoices):
    """What became of a review before it was held."""

    MOVED = "moved", "Moved"
    CANCELLED = "cancelled", "Cancelled"
    EXEMPT = "exempt", "Not needed"
