"""Sections, grounds and the code lists a pupil is described with (domain: codes)."""

from django.db.models import TextChoices


class Section(TextChoices):
    """The eight parts that everything about a pupil lies in."""

    PROFILE = "profile", "One-page profile"
    NEEDS = "needs", "Strengths and needs"
    PLAN = "plan", "Support plan"
    STRATEGIES = "strategies", "What helps"
    FUNDING = "funding", "Funding"
    VIEWS = "views", "What we said"
    REVIEWS = "reviews", "Reviews"
    UPDATES = "updates", "Home and school"


class Ground(TextChoices):
    """Why a person may see a section, strongest first."""

    OWN = "own", "it is your own record"
    COORDINATES = "coordinates", "you are the SENCO"
    TEACHES = "teaches", "you teach them"
    PARENT = "parent", "you are a parent carer"
    SHARED = "shared", "it was shared with you"
    OVERRIDE = "override", "a recorded decision names you"


class Relation(TextChoices):
    """Who stands near a pupil: the codenames of guardian's object permissions."""

    SELF = "is_self", "is this child or young person"
    PARENT_CARER = "is_parent_carer", "is a parent carer of"
    KEY_ADULT = "is_key_adult", "is a key adult of"
    PROFESSIONAL = "is_professional", "is a visiting professional for"


class Voice(TextChoices):
    """Whose choice a sharing choice is. Only one of them counts at an instant: the family's until the young person decides."""

    YOUNG_PERSON = "young_person", "The young person"
    PARENTS = "parents", "The family"


class Answer(TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No"
    ASK = "ask", "Ask me each time"


class To(TextChoices):
    """What kind of recipient a choice names."""

    PERSON = "person", "One person"
    TEACHERS = "teachers", "Everybody who teaches them"
    INVITED = "invited", "Somebody who was invited"


class Gave(TextChoices):
    """How a choice was given."""

    THEMSELVES = "themselves", "By themselves, here"
    SPOKEN = "spoken", "They said it"
    SIGNED = "signed", "They signed it"
    SYMBOLS = "symbols", "With symbols or pictures"
    SUPPORTED = "supported", "With somebody who supports them"
    PASSED_ON = "passed_on", "By accepting an invitation it was made for"


class Authority(TextChoices):
    """On what authority somebody else makes one decision."""

    DEPUTY = "deputy", "A deputy of the Court of Protection"
    ATTORNEY = "attorney", "An attorney"
    PARENT = "parent", "A parent, as there is no deputy or attorney"


class SenProvision(TextChoices):
    NONE = "N", "No special educational need"
    SUPPORT = "K", "SEN support"
    EHC_PLAN = "E", "EHC plan"


class Area(TextChoices):
    """The four broad areas of need, and none."""

    COGNITION = "cognition", "Cognition and learning"
    COMMUNICATION = "communication", "Communication and interaction"
    SEMH = "semh", "Social, emotional and mental health"
    SENSORY_PHYSICAL = "sensory_physical", "Sensory and physical"
    OTHER = "other", "No single area"


class NeedType(TextChoices):
    SPLD = "SPLD", "Specific learning difficulty"
    MLD = "MLD", "Moderate learning difficulty"
    SLD = "SLD", "Severe learning difficulty"
    PMLD = "PMLD", "Profound and multiple learning difficulty"
    SLCN = "SLCN", "Speech, language and communication needs"
    ASD = "ASD", "Autistic spectrum disorder"
    SEMH = "SEMH", "Social, emotional and mental health"
    HI = "HI", "Hearing impairment"
    VI = "VI", "Vision impairment"
    MSI = "MSI", "Multi-sensory impairment"
    PD = "PD", "Physical disability"
    DS = "DS", "Down syndrome"
    OTH = "OTH", "Other difficulty or disability"
    NSA = "NSA", "SEN support but no specialist assessment of type of need"


AREA_OF: dict[NeedType, Area] = {
    NeedType.SPLD: Area.COGNITION,
    NeedType.MLD: Area.COGNITION,
    NeedType.SLD: Area.COGNITION,
    NeedType.PMLD: Area.COGNITION,
    NeedType.SLCN: Area.COMMUNICATION,
    NeedType.ASD: Area.COMMUNICATION,
    NeedType.SEMH: Area.SEMH,
    NeedType.HI: Area.SENSORY_PHYSICAL,
    NeedType.VI: Area.SENSORY_PHYSICAL,
    NeedType.MSI: Area.SENSORY_PHYSICAL,
    NeedType.PD: Area.SENSORY_PHYSICAL,
    NeedType.DS: Area.OTHER,
    NeedType.OTH: Area.OTHER,
    NeedType.NSA: Area.OTHER,
}

YEAR_GROUPS = ["E1", "E2", "N1", "N2", "R", *map(str, range(1, 15)), "X"]


class RestrictionKind(TextChoices):
    COURT_ORDER = "court_order", "A court order"
    UNSAFE = "unsafe", "Sharing with this person is not safe"


class Way(TextChoices):
    """By which way out something was looked at."""

    PAGE = "page", "on a page"
    API = "api", "through the API"
    PRINT = "print", "on paper"
    PREVIEW = "preview", "to see what somebody else sees"
    FILE = "file", "as a file"
    SENT = "sent", "in a message"
    CALENDAR = "calendar", "by their calendar"
    AUTOMATIC = "automatic", "automatically"


class ImportKind(TextChoices):
    """What a file brings."""

    STAFF = "staff", "Staff"
    CLASSES = "classes", "Classes"
    PUPILS = "pupils", "Pupils"
    FAMILIES = "families", "Families"


class ImportState(TextChoices):
    """Where an import is. It is applied out of `waiting` alone, and its rows are kept in the first three."""

    CHECKED = "checked", "Checked, not saved"
    WAITING = "waiting", "Being saved"
    FAILED = "failed", "Stopped, nothing saved"
    DONE = "done", "Saved"
    CANCELLED = "cancelled", "Cancelled"
    EXPIRED = "expired", "Left too long, and thrown away"


class Outcome(TextChoices):
    """What one row of an import does."""

    ADD = "add", "Will be added"
    CHANGE = "change", "Will change"
    SAME = "same", "Stays the same"
    WRONG = "wrong", "To put right"
