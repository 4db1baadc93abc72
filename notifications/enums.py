"""Words that messages are kept in."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _lazy


class LetterState(TextChoices):
    PLANNED = "planned", _lazy("To be sent")
    SENT = "sent", _lazy("Sent")
    NOT_SENT = "not_sent", _lazy("Not sent")


class WhyNot(TextChoices):
    """Why a letter that was planned is not sent."""

    BEGUN = "begun", _lazy("The young person decides already")
    MOVED = "moved", _lazy("They decide from another day now")
    OVERTAKEN = "overtaken", _lazy("A later letter is due")
    NOT_NEAR = "not_near", _lazy("They stand near no longer, or are shut out")
    NO_MAIL = "no_mail", _lazy("They want no e-mail")


class Kind(TextChoices):
    """What somebody is reminded of."""

    INVITED = "invited", _lazy("An invitation to a review waits for an answer")
    WHO_COMES = "who_comes", _lazy("Who comes to a review is not chosen yet")
    REVIEW_COMING = "review_coming", _lazy("A review is coming")
    VIEWS_WANTED = "views_wanted", _lazy("Somebody has not said yet how it went")
    REVIEW_OVERDUE = "review_overdue", _lazy("A review is overdue")
    ANNUAL_DUE = "annual_due", _lazy("An annual review is owed and has no day")
    ADVICE_DUE = "advice_due", _lazy("Advice for an annual review is to be asked for")
    PAPERS_DUE = "papers_due", _lazy("The papers of an annual review are to be sent")
    REPORT_DUE = "report_due", _lazy("The report of an annual review is to be sent")
    REVIEW_TOLD = "review_told", _lazy("What was said and decided at a review can be read")
    STEP_DUE = "step_due", _lazy("A step is due")
    QUIET = "quiet", _lazy("No note for three weeks")
    CHOICE_ENDING = "choice_ending", _lazy("A sharing choice ends")
    LOOK_AGAIN = "look_again", _lazy("Whether telling is safe is to be looked at again")
    CAPACITY = "capacity", _lazy("A capacity record is to be looked at again")
    REQUEST = "request", _lazy("A request waits for an answer")
    FUNDING_DUE = "funding_due", _lazy("What money was used for is not written down yet")
    UNANSWERED = "unanswered", _lazy("What somebody said has no answer for a month")
    CALL = "call", _lazy("A home is to be rung")
    TALK = "talk", _lazy("Somebody asks to talk")
    TALK_SET = "talk_set", _lazy("A talk has its time")
    DAILY = "daily", _lazy("The daily form is not written yet")
    EVENT_SOON = "event_soon", _lazy("An event is soon")
    EVENT_PLACE = "event_place", _lazy("A place at an event came free")
    EVENT_MOVED = "event_moved", _lazy("The time or place of an event changed")
    EVENT_OFF = "event_off", _lazy("An event is called off")
    SURVEY = "survey", _lazy("A survey of a setting waits for an answer")


OF_EVENTS = frozenset({Kind.EVENT_SOON, Kind.EVENT_PLACE, Kind.EVENT_MOVED, Kind.EVENT_OFF})
#: About no pupil and nobody's record: what is wanted of whom is not found in `facts`, but each where it is kept.
OF_SETTINGS = OF_EVENTS | {Kind.SURVEY}


class WhyNotReminded(TextChoices):
    """Why a reminder that was planned is not sent, or an e-mail that was made up of some."""

    DONE = "done", _lazy("It is done, or called off")
    OVERTAKEN = "overtaken", _lazy("It moved, or is nearer now: another reminder stands in its place")
    NOT_OPEN = "not_open", _lazy("It is not open to them, or not theirs to do")
    NO_MAIL = "no_mail", _lazy("They want no e-mail")
    REFUSED = "refused", _lazy("Their mail server takes nothing for this address")
