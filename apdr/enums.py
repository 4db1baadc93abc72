"""Words of the assess, plan, do, review cycle (domain: what a cycle records)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _lazy


class Stage(TextChoices):
    ASSESS = "assess", _lazy("Assess")
    PLAN = "plan", _lazy("Plan")
    DO = "do", _lazy("Do")
    REVIEW = "review", _lazy("Review")
    CLOSED = "closed", _lazy("Closed")


#: From which stage a cycle may move to which. A new cycle starts in assess.
MOVES: dict[Stage | None, frozenset[Stage]] = {
    None: frozenset({Stage.ASSESS}),
    Stage.ASSESS: frozenset({Stage.PLAN}),
    Stage.PLAN: frozenset({Stage.ASSESS, Stage.DO}),
    Stage.DO: frozenset({Stage.PLAN, Stage.REVIEW}),
    Stage.REVIEW: frozenset({Stage.DO, Stage.CLOSED}),
    Stage.CLOSED: frozenset(),
}


class Perspective(TextChoices):
    """Who speaks."""

    CHILD = "child", _lazy("Child or young person")
    PARENT = "parent", _lazy("Parent carer")
    STAFF = "staff", _lazy("Staff")
    PROFESSIONAL = "professional", _lazy("Visiting professional")


class NeedKind(TextChoices):
    STRENGTH = "strength", _lazy("Strength")
    NEED = "need", _lazy("Need")


class HowObtained(TextChoices):
    """How somebody's views were got; `declined` is a first-class answer."""

    TALKED = "talked", _lazy("We talked")
    PHONE = "phone", _lazy("By phone")
    WROTE = "wrote", _lazy("In writing")
    DREW = "drew", _lazy("Drawing")
    SYMBOLS = "symbols", _lazy("Symbols or pictures")
    SIGNED = "signed", _lazy("Signing")
    OBSERVED = "observed", _lazy("Watching and noticing")
    SCRIBED = "scribed", _lazy("Somebody wrote it down for them")
    INTERPRETED = "interpreted", _lazy("With an interpreter")
    ONLINE = "online", _lazy("They wrote it here")
    SCALE = "scale", _lazy("Faces or a scale")
    RECORDED = "recorded", _lazy("In their own voice, recorded")
    DECLINED = "declined", _lazy("They chose not to say")


class Audience(TextChoices):
    """Whom words are meant for, among those who may see views at all."""

    EVERYONE = "everyone", _lazy("Everyone who can see what we said")
    COORDINATOR = "coordinator", _lazy("Only the SENCO and the person who said it")


class Feeling(TextChoices):
    """A face that can be pressed instead of writing, from the best to the worst; each stands beside its word."""

    GREAT = "great", _lazy("Great")
    GOOD = "good", _lazy("Good")
    OK = "ok", _lazy("OK")
    HARD = "hard", _lazy("Hard")
    VERY_HARD = "very_hard", _lazy("Very hard")


class FileKind(TextChoices):
    """What somebody said with: a picture that they drew or took, or their voice."""

    PICTURE = "picture", _lazy("A drawing or photo")
    RECORDING = "recording", _lazy("A recording")


class StepsAs(TextChoices):
    """How a child likes to see their next steps."""

    CARDS = "cards", _lazy("Cards with a picture and words")
    PICTURES = "pictures", _lazy("Big pictures and few words")
    ONE = "one", _lazy("One step at a time")


class Praise(TextChoices):
    """What is celebrated. Trying comes first."""

    EFFORT = "effort", _lazy("How hard they tried")
    BRAVE = "brave", _lazy("They did something new or scary")
    KIND = "kind", _lazy("They helped somebody")
    DONE = "done", _lazy("Something they can do now")


class Telling(TextChoices):
    """Who hears first when something is celebrated. Where nobody asked the child, they hear it first."""

    ME_FIRST = "me_first", _lazy("Show it to me first")
    AT_ONCE = "at_once", _lazy("Tell everybody at once")


class Place(TextChoices):
    SETTING = "setting", _lazy("At school")
    HOME = "home", _lazy("At home")


class ScaleKind(TextChoices):
    GOAL = "goal", _lazy("Goal attainment, −2 to +2")
    TEN = "ten", _lazy("1 to 10")
    STEPS = "steps", _lazy("Not yet / with help / sometimes / independently")
    COUNT = "count", _lazy("Counting")


class StepStatus(TextChoices):
    CURRENT = "current", _lazy("Working on it")
    MET = "met", _lazy("Done it")
    STOPPED = "stopped", _lazy("Stopped")
    CARRIED = "carried", _lazy("Carried on into the next cycle")


class Answer(TextChoices):
    AGREE = "agree", _lazy("I agree")
    DISAGREE = "disagree", _lazy("I do not agree")


class ProposalKind(TextChoices):
    STEP = "step", _lazy("A next step")
    HOME_STRATEGY = "home_strategy", _lazy("Something that helps at home")
    SETTING_STRATEGY = "setting_strategy", _lazy("Something that could help at school")


class ProposalState(TextChoices):
    PROPOSED = "proposed", _lazy("Waiting for an answer")
    ACCEPTED = "accepted", _lazy("Put in the plan")
    DECLINED = "declined", _lazy("Not for now")


class SchoolPhase(TextChoices):
    """For which age something is meant: coarser than the phase of a setting, which may be all of them."""

    EARLY_YEARS = "early_years", _lazy("Early years")
    PRIMARY = "primary", _lazy("Primary")
    SECONDARY = "secondary", _lazy("Secondary")
    POST_16 = "post_16", _lazy("Sixth form and college")


class LibrarySource(TextChoices):
    """Whose a strategy of a library is."""

    SETTING = "setting", _lazy("Our own")
    AREA = "area", _lazy("Our area’s")
    ALONGSIDE = "alongside", _lazy("Came with Alongside")


class AtHome(TextChoices):
    """What a family says to something that could be tried at home."""

    TRY = "try", _lazy("We will try it")
    NOT_US = "not_us", _lazy("Not for us")


class StreamKind(TextChoices):
    """Where money comes from (domain: money). Rates and costing are not kept here."""

    NOTIONAL = "notional", _lazy("Notional SEN budget")
    TOP_UP = "top_up", _lazy("High-needs top-up (element 3)")
    SENIF = "senif", _lazy("SEN inclusion fund")
    EYPP = "eypp", _lazy("Early years pupil premium")
    DAF = "daf", _lazy("Disability access fund")
    PUPIL_PREMIUM = "pupil_premium", _lazy("Pupil premium")
    BURSARY = "bursary", _lazy("16 to 19 bursary")
    PERSONAL_BUDGET = "personal_budget", _lazy("Personal budget")
    OTHER = "other", _lazy("Other")


class Unit(TextChoices):
    """What an amount of a funding rate is for."""

    HOUR = "hour", _lazy("an hour")
    YEAR = "year", _lazy("a year")
    UP_TO = "up_to", _lazy("a year at most")
    FIRST = "first", _lazy("a year, which the setting finds first")


class Held(TextChoices):
    """What became of something that was planned for a day."""

    DONE = "done", _lazy("It happened")
    MISSED = "missed", _lazy("It did not happen")
    NOT_PLANNED = "not_planned", _lazy("It was not planned for this day")


class WhyMissed(TextChoices):
    CHILD_AWAY = "child_away", _lazy("The child was away")
    ADULT_AWAY = "adult_away", _lazy("The adult was away")
    ADULT_NEEDED = "adult_needed", _lazy("The adult was needed elsewhere")
    CHILD_CHOSE = "child_chose", _lazy("The child did not want to")
    EVENT = "event", _lazy("A trip, a test or an event")
    ROOM = "room", _lazy("There was no room for it")
    OTHER = "other", _lazy("Something else")


class Difference(TextChoices):
    """Whether something made a difference, as one person sees it."""

    YES = "yes", _lazy("Yes, it made a difference")
    BIT = "bit", _lazy("A bit")
    NO = "no", _lazy("No")
    TOO_SOON = "too_soon", _lazy("It is too soon to say")


class FundingNext(TextChoices):
    """What staff decide about money whose use was looked at."""

    CONTINUE = "continue", _lazy("Go on with it")
    CHANGE = "change", _lazy("Change it")
    STOP = "stop", _lazy("Stop it")


class AskAbout(TextChoices):
    """Help with money that is worth asking a family about, by age and phase. What of it is spent is another matter: what
    is a family’s own money is never spent here.
    """

    TWO_YEAR_OFFER = "two_year_offer", _lazy("Free hours for two-year-olds")
    EYPP = "eypp", _lazy("Early years pupil premium")
    DAF = "daf", _lazy("Disability access fund")
    PUPIL_PREMIUM = "pupil_premium", _lazy("Pupil premium")
    BURSARY = "bursary", _lazy("16 to 19 bursary")
    PERSONAL_BUDGET = "personal_budget", _lazy("Personal budget")
    DLA = "dla", _lazy("Disability living allowance for children")
    PIP = "pip", _lazy("Personal independence payment")
