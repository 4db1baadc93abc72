"""Words that accounts are written in: phases, roles, formats and channels."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _lazy


class Phase(TextChoices):
    EARLY_YEARS = "early_years", _lazy("Early years")
    PRIMARY = "primary", _lazy("Primary")
    SECONDARY = "secondary", _lazy("Secondary")
    ALL_THROUGH = "all_through", _lazy("All-through")
    SPECIAL = "special", _lazy("Special")
    SIXTH_FORM = "sixth_form", _lazy("Sixth form")
    COLLEGE = "college", _lazy("College")


class Role(TextChoices):
    """What a membership of a setting lets a person do there; who sees what is `pupils.policy`."""

    SENCO = "senco", _lazy("SENCO")
    KEY_ADULT = "key_adult", _lazy("Key adult")
    DSL = "dsl", _lazy("Designated safeguarding lead")
    DEPUTY_DSL = "deputy_dsl", _lazy("Deputy safeguarding lead")
    LEADER = "leader", _lazy("Leader")


class ControlTrigger(TextChoices):
    """When disclosure becomes the young person's own (domain: the three clocks and post-16 entry)."""

    EARLIEST = "earliest", _lazy("Whichever comes first")
    SIXTEENTH = "sixteenth", _lazy("The 16th birthday")
    SCHOOL_LEAVING = "school_leaving", _lazy("The day after compulsory school age ends")
    POST16 = "post16", _lazy("The day they start post-16 provision")


class InvitationKind(TextChoices):
    STAFF = "staff", _lazy("Member of staff")
    PARENT = "parent", _lazy("Parent carer")
    YOUNG_PERSON = "young_person", _lazy("Child or young person")
    PROFESSIONAL = "professional", _lazy("Visiting professional")


class Format(TextChoices):
    STANDARD = "standard", _lazy("Standard text")
    EASY_READ = "easy_read", _lazy("Easy read")
    LARGE_PRINT = "large_print", _lazy("Large print")
    AUDIO = "audio", _lazy("Audio")
    PHONE = "phone", _lazy("A phone call")
    PAPER = "paper", _lazy("Paper")


class Asked(TextChoices):
    """How somebody was asked, or told us, what staff then wrote down for them."""

    IN_PERSON = "in_person", _lazy("In person")
    PHONE = "phone", _lazy("By phone")
    WRITING = "writing", _lazy("In writing")
    INTERPRETER = "interpreter", _lazy("Through an interpreter")


class Channel(TextChoices):
    EMAIL = "email", _lazy("E-mail")
    IN_APP = "in_app", _lazy("Only when I sign in")
    TEXT = "text", _lazy("Text message")
    PHONE = "phone", _lazy("Phone")
    LETTER = "letter", _lazy("Letter")
