"""Words that home and school write to each other in."""

from django.db.models import TextChoices


class UpdateKind(TextChoices):
    WORDS = "words", "Words"
    DAILY = "daily", "How the day went"


class Ate(TextChoices):
    MOST = "most", "Ate most of it"
    SOME = "some", "Ate some of it"
    LITTLE = "little", "Ate a little"
    OWN = "own", "Ate their own food"


class Slept(TextChoices):
    LONG = "long", "Slept well"
    SHORT = "short", "Slept a little"
    NOT = "not", "Did not sleep"


class Mood(TextChoices):
    HAPPY = "happy", "Happy"
    CALM = "calm", "Calm"
    MIXED = "mixed", "Up and down"
    TIRED = "tired", "Tired"
    UPSET = "upset", "Upset"


class Suits(TextChoices):
    """When somebody can talk."""

    BEFORE = "before", "Before school"
    DAY = "day", "During the school day"
    AFTER = "after", "Straight after school"
    EVENING = "evening", "In the evening"


class HowWeTalk(TextChoices):
    PHONE = "phone", "By phone"
    MEET = "meet", "In person"
    VIDEO = "video", "By video call"
