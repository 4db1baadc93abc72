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
    DECLINED = "declined", _lazy("They chose not to say")


class Audience(TextChoices):
    """Whom words are meant for, among those who may see views at all."""

    EVERYONE = "everyone", _lazy("Everyone who can see what we said")
    COORDINATOR = "coordinator", _lazy("Only the SENCO and the person who said it")


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
