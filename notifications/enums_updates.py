"""Words that home and school write to each other in."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _lazy


class UpdateKind(TextChoices):
    WORDS = "words", _lazy("Words")
    DAILY = "daily", _lazy("How the day went")


class Ate(TextChoices):
    MOST = "most", _lazy("Ate most of it")
    SOME = "some", _lazy("Ate some of it")
    LITTLE = "little", _lazy("Ate a little")
    OWN = "own", _lazy("Ate their own food")


class Slept(TextChoices):
    LONG = "long", _lazy("Slept well")
    SHORT = "short", _lazy("Slept a little")
    NOT = "not", _lazy("Did not sleep")


class Mood(TextChoices):
    HAPPY = "happy", _lazy("Happy")
    CALM = "calm", _lazy("Calm")
    MIXED = "mixed", _lazy("Up and down")
    TIRED = "tired", _lazy("Tired")
    UPSET = "upset", _lazy("Upset")


class Suits(TextChoices):
    """When somebody can talk."""

    BEFORE = "before", _lazy("Before school")
    DAY = "day", _lazy("During the school day")
    AFTER = "after", _lazy("Straight after school")
    EVENING = "evening", _lazy("In the evening")


class HowWeTalk(TextChoices):
    PHONE = "phone", _lazy("By phone")
    MEET = "meet", _lazy("In person")
    VIDEO = "video", _lazy("By video call")


class HelpKind(TextChoices):
    """What kind of help a signpost leads to."""

    FIND = "find", _lazy("Finding out")
    ADVICE = "advice", _lazy("Advice")
    MONEY = "money", _lazy("Money")
    PEOPLE = "people", _lazy("Meeting others")
    HEALTH = "health", _lazy("Health")
    WORK = "work", _lazy("Work")
    OTHER = "other", _lazy("Something else")


class SaidToSignpost(TextChoices):
    """What somebody says to what was offered to them."""

    THANKS = "thanks", _lazy("Thank you")
    NOT_US = "not_us", _lazy("Not for us")
    HELPED = "helped", _lazy("It did help")
