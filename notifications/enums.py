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
