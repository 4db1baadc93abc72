"""Words of asking people to a review, and of taking part in one."""

from django.db.models import TextChoices


class Coming(TextChoices):
    """What somebody who is asked to a review answers."""

    YES = "yes", "Yes, I will come"
    OTHER_TIME = "other_time", "I need another time"
    OTHER_WAY = "other_way", "I will take part another way"
    NO = "not_this_time", "Not this time"


class AnotherWay(TextChoices):
    CALL = "call", "By phone or video"
    WRITING = "writing", "In writing"
    SPEAKS = "speaks", "Somebody speaks for me"


class Through(TextChoices):
    """By which way an answer came."""

    HERE = "here", "Signed in"
    LINK = "link", "By the link in an e-mail"
    SAID = "said", "They said it, and it was written down"


class Part(TextChoices):
    """How a child or young person takes part in their review."""

    ALL = "all", "I come for all of it"
    SHORT = "short", "I come for ten minutes"
    MAKE = "make", "I draw or bring something"
    WORDS = "words", "I say it in words now"
    SYMBOLS = "symbols", "I say it with pictures now"
    SPEAKS = "speaks", "Somebody speaks for me"
    NO = "not_this_time", "Not this time"
