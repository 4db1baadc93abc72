"""Words that messages are kept in."""

from django.db.models import TextChoices


class LetterState(TextChoices):
    PLANNED = "planned", "To be sent"
    SENT = "sent", "Sent"
    NOT_SENT = "not_sent", "Not sent"


class WhyNot(TextChoices):
    """Why a letter that was planned is not sent."""

    BEGUN = "begun", "The young person decides already"
    MOVED = "moved", "They decide from another day now"
    OVERTAKEN = "overtaken", "A later letter is due"
    NOT_NEAR = "not_near", "They stand near no longer, or are shut out"
    NO_MAIL = "no_mail", "They want no e-mail"


class Kind(TextChoices):
    """What somebody is reminded of."""

    INVITED = "invited", "An invitation to a review waits for an answer"
    REVIEW_COMING = "review_coming", "A review is coming"
    VIEWS_WANTED = "views_wanted", "Somebody has not said yet how it went"
    REVIEW_OVERDUE = "review_overdue", "A review is overdue"
    ANNUAL_DUE = "annual_due", "An annual review is owed and has no day"
    ADVICE_DUE = "advice_due", "Advice for an annual review is to be asked for"
    PAPERS_DUE = "papers_due", "The papers of an annual review are to be sent"
    REPORT_DUE = "report_due", "The report of an annual review is to be sent"
    REVIEW_TOLD = "review_told", "What was said and decided at a review can be read"
    STEP_DUE = "step_due", "A step is due"
    QUIET = "quiet", "No note for three weeks"
    CHOICE_ENDING = "choice_ending", "A sharing choice ends"
    LOOK_AGAIN = "look_again", "Whether telling is safe is to be looked at again"
    CAPACITY = "capacity", "A capacity record is to be looked at again"
    REQUEST = "request", "A request waits for an answer"
    FUNDING_DUE = "funding_due", "What money was used for is not written down yet"
    CALL = "call", "A home is to be rung"
    TALK = "talk", "Somebody asks to talk"
    TALK_SET = "talk_set", "A talk has its time"
    DAILY = "daily", "The daily form is not written yet"


class WhyNotReminded(TextChoices):
    """Why a reminder that was planned is not sent, or an e-mail that was made up of some."""

    DONE = "done", "It is done, or called off"
    OVERTAKEN = "overtaken", "It moved, or is nearer now: another reminder stands in its place"
    NOT_OPEN = "not_open", "It is not open to them, or not theirs to do"
    NO_MAIL = "no_mail", "They want no e-mail"
    REFUSED = "refused", "Their mail server takes nothing for this address"
