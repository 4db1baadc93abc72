"""Words of asking people to a review, and of taking part in one."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _lazy


class Coming(TextChoices):
    """What somebody who is asked to a review answers."""

    YES = "yes", _lazy("Yes, I will come")
    OTHER_TIME = "other_time", _lazy("I need another time")
    OTHER_WAY = "other_way", _lazy("I will take part another way")
    NO = "not_this_time", _lazy("Not this time")


class AnotherWay(TextChoices):
    CALL = "call", _lazy("By phone or video")
    WRITING = "writing", _lazy("In writing")
    SPEAKS = "speaks", _lazy("Somebody speaks for me")


class Through(TextChoices):
    """By which way an answer came."""

    HERE = "here", _lazy("Signed in")
    LINK = "link", _lazy("By the link in an e-mail")
    SAID = "said", _lazy("They said it, and it was written down")


class Part(TextChoices):
    """How a child or young person takes part in their review."""

    ALL = "all", _lazy("I come for all of it")
    SHORT = "short", _lazy("I come for ten minutes")
    MAKE = "make", _lazy("I draw or bring something")
    WORDS = "words", _lazy("I say it in words now")
    SYMBOLS = "symbols", _lazy("I say it with pictures now")
    SPEAKS = "speaks", _lazy("Somebody speaks for me")
    NO = "not_this_time", _lazy("Not this time")
