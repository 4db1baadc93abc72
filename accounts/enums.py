"""Words that accounts are written in: phases, roles, formats and channels."""

from django.db.models import TextChoices


class Phase(TextChoices):
    EARLY_YEARS = "early_years", "Early years"
    PRIMARY = "primary", "Primary"
    SECONDARY = "secondary", "Secondary"
    ALL_THROUGH = "all_through", "All-through"
    SPECIAL = "special", "Special"
    SIXTH_FORM = "sixth_form", "Sixth form"
    COLLEGE = "college", "College"


class Role(TextChoices):
    """What a membership of a setting lets a person do there; who sees what is `pupils.policy`."""

    SENCO = "senco", "SENCO"
    KEY_ADULT = "key_adult", "Key adult"
    DSL = "dsl", "Designated safeguarding lead"
    DEPUTY_DSL = "deputy_dsl", "Deputy safeguarding lead"
    LEADER = "leader", "Leader"


class ControlTrigger(TextChoices):
    """When disclosure becomes the young person's own (domain: the three clocks and post-16 entry)."""

    EARLIEST = "earliest", "Whichever comes first"
    SIXTEENTH = "sixteenth", "The 16th birthday"
    SCHOOL_LEAVING = "school_leaving", "The day after compulsory school age ends"
    POST16 = "post16", "The day they start post-16 provision"


class InvitationKind(TextChoices):
    STAFF = "staff", "Member of staff"
    PARENT = "parent", "Parent carer"
    YOUNG_PERSON = "young_person", "Child or young person"
    PROFESSIONAL = "professional", "Visiting professional"


class Format(TextChoices):
    STANDARD = "standard", "Standard text"
    EASY_READ = "easy_read", "Easy read"
    LARGE_PRINT = "large_print", "Large print"
    AUDIO = "audio", "Audio"
    PHONE = "phone", "A phone call"
    PAPER = "paper", "Paper"


class Asked(TextChoices):
    """How somebody was asked, or told us, what staff then wrote down for them."""

    IN_PERSON = "in_person", "In person"
    PHONE = "phone", "By phone"
    WRITING = "writing", "In writing"
    INTERPRETER = "interpreter", "Through an interpreter"


class Channel(TextChoices):
    EMAIL = "email", "E-mail"
    IN_APP = "in_app", "Only when I sign in"
    TEXT = "text", "Text message"
    PHONE = "phone", "Phone"
    LETTER = "letter", "Letter"
