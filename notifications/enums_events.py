"""Words that events of a setting are kept in."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _lazy


class EventKind(TextChoices):
    COFFEE = "coffee", _lazy("Coffee morning")
    PLAY = "play", _lazy("Stay and play")
    WORKSHOP = "workshop", _lazy("Workshop")
    OTHER = "other", _lazy("Another event")


class ForWhom(TextChoices):
    """Who is asked to an event."""

    PARENTS = "parents", _lazy("Parent carers")
    PUPILS = "pupils", _lazy("Children and young people")
    STAFF = "staff", _lazy("Staff")


class PlaceState(TextChoices):
    COMING = "coming", _lazy("Comes")
    WAITING = "waiting", _lazy("Waits for a place")
    TAKEN_BACK = "taken_back", _lazy("Does not come")
