"""Sections, grounds and the code lists a pupil is described with (domain: codes)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _lazy


class Section(TextChoices):
    """The eight parts that everything about a pupil lies in."""

    PROFILE = "profile", _lazy("One-page profile")
    NEEDS = "needs", _lazy("Strengths and needs")
    PLAN = "plan", _lazy("Support plan")
    STRATEGIES = "strategies", _lazy("What helps")
    FUNDING = "funding", _lazy("Funding")
    VIEWS = "views", _lazy("What we said")
    REVIEWS = "reviews", _lazy("Reviews")
    UPDATES = "updates", _lazy("Home and school")


class Ground(TextChoices):
    """Why a person may see a section, strongest first."""

    OWN = "own", _lazy("it is your own record")
    COORDINATES = "coordinates", _lazy("you are the SENCO")
    TEACHES = "teaches", _lazy("you teach them")
    PARENT = "parent", _lazy("you are a parent carer")
    SHARED = "shared", _lazy("it was shared with you")
    OVERRIDE = "override", _lazy("a recorded decision names you")


class Relation(TextChoices):
    """Who stands near a pupil: the codenames of guardian's object permissions."""

    SELF = "is_self", "is this child or young person"
    PARENT_CARER = "is_parent_carer", "is a parent carer of"
    KEY_ADULT = "is_key_adult", "is a key adult of"
    PROFESSIONAL = "is_professional", "is a visiting professional for"


class Voice(TextChoices):
    """Whose choice a sharing choice is. Only one of them counts at an instant: the family's until the young person decides."""

    YOUNG_PERSON = "young_person", _lazy("The young person")
    PARENTS = "parents", _lazy("The family")


class Answer(TextChoices):
    YES = "yes", _lazy("Yes")
    NO = "no", _lazy("No")
    ASK = "ask", _lazy("Ask me each time")


class To(TextChoices):
    """What kind of recipient a choice names."""

    PERSON = "person", _lazy("One person")
    TEACHERS = "teachers", _lazy("Everybody who teaches them")
    INVITED = "invited", _lazy("Somebody who was invited")


class Gave(TextChoices):
    """How a choice was given."""

    THEMSELVES = "themselves", _lazy("By themselves, here")
    SPOKEN = "spoken", _lazy("They said it")
    SIGNED = "signed", _lazy("They signed it")
    SYMBOLS = "symbols", _lazy("With symbols or pictures")
    SUPPORTED = "supported", _lazy("With somebody who supports them")
    PASSED_ON = "passed_on", _lazy("By accepting an invitation it was made for")


class Authority(TextChoices):
    """On what authority somebody else makes one decision."""

    DEPUTY = "deputy", _lazy("A deputy of the Court of Protection")
    ATTORNEY = "attorney", _lazy("An attorney")
    PARENT = "parent", _lazy("A parent, as there is no deputy or attorney")


class SenProvision(TextChoices):
    NONE = "N", _lazy("No special educational need")
    SUPPORT = "K", _lazy("SEN support")
    EHC_PLAN = "E", _lazy("EHC plan")


class Area(TextChoices):
    """The four broad areas of need, and none."""

    COGNITION = "cognition", _lazy("Cognition and learning")
    COMMUNICATION = "communication", _lazy("Communication and interaction")
    SEMH = "semh", _lazy("Social, emotional and mental health")
    SENSORY_PHYSICAL = "sensory_physical", _lazy("Sensory and physical")
    OTHER = "other", _lazy("No single area")


class NeedType(TextChoices):
    SPLD = "SPLD", _lazy("Specific learning difficulty")
    MLD = "MLD", _lazy("Moderate learning difficulty")
    SLD = "SLD", _lazy("Severe learning difficulty")
    PMLD = "PMLD", _lazy("Profound and multiple learning difficulty")
    SLCN = "SLCN", _lazy("Speech, language and communication needs")
    ASD = "ASD", _lazy("Autistic spectrum disorder")
    SEMH = "SEMH", _lazy("Social, emotional and mental health")
    HI = "HI", _lazy("Hearing impairment")
    VI = "VI", _lazy("Vision impairment")
    MSI = "MSI", _lazy("Multi-sensory impairment")
    PD = "PD", _lazy("Physical disability")
    DS = "DS", _lazy("Down syndrome")
    OTH = "OTH", _lazy("Other difficulty or disability")
    NSA = "NSA", _lazy("SEN support but no specialist assessment of type of need")


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
    COURT_ORDER = "court_order", _lazy("A court order")
    UNSAFE = "unsafe", _lazy("Sharing with this person is not safe")


class Way(TextChoices):
    """By which way out something was looked at."""

    PAGE = "page", _lazy("on a page")
    API = "api", _lazy("through the API")
    PRINT = "print", _lazy("on paper")
    PREVIEW = "preview", _lazy("to see what somebody else sees")
    FILE = "file", _lazy("as a file")
    SENT = "sent", _lazy("in a message")
    CALENDAR = "calendar", _lazy("by their calendar")
    AUTOMATIC = "automatic", _lazy("automatically")


class ImportKind(TextChoices):
    """What a file brings."""

    STAFF = "staff", _lazy("Staff")
    CLASSES = "classes", _lazy("Classes")
    PUPILS = "pupils", _lazy("Pupils")
    FAMILIES = "families", _lazy("Families")
    STRATEGIES = "strategies", _lazy("Strategies")


class ImportState(TextChoices):
    """Where an import is. It is applied out of `waiting` alone, and its rows are kept in the first three."""

    CHECKED = "checked", _lazy("Checked, not saved")
    WAITING = "waiting", _lazy("Being saved")
    FAILED = "failed", _lazy("Stopped, nothing saved")
    DONE = "done", _lazy("Saved")
    CANCELLED = "cancelled", _lazy("Cancelled")
    EXPIRED = "expired", _lazy("Left too long, and thrown away")


class Outcome(TextChoices):
    """What one row of an import does."""

    ADD = "add", _lazy("Will be added")
    CHANGE = "change", _lazy("Will change")
    SAME = "same", _lazy("Stays the same")
    WRONG = "wrong", _lazy("To put right")


class DocumentKind(TextChoices):
    """What a setting writes about itself."""

    SEN_REPORT = "sen_report", _lazy("SEN information report")
    POLICY = "policy", _lazy("Policy")
    OTHER = "other", _lazy("Something else")
