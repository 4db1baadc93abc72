"""Words of the assess, plan, do, review cycle (domain: what a cycle records)."""

from django.db.models import TextChoices


class Stage(TextChoices):
    ASSESS = "assess", "Assess"
    PLAN = "plan", "Plan"
    DO = "do", "Do"
    REVIEW = "review", "Review"
    CLOSED = "closed", "Closed"


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

    CHILD = "child", "Child or young person"
    PARENT = "parent", "Parent carer"
    STAFF = "staff", "Staff"
    PROFESSIONAL = "professional", "Visiting professional"


class NeedKind(TextChoices):
    STRENGTH = "strength", "Strength"
    NEED = "need", "Need"


class HowObtained(TextChoices):
    """How somebody's views were got; `declined` is a first-class answer."""

    TALKED = "talked", "We talked"
    PHONE = "phone", "By phone"
    WROTE = "wrote", "In writing"
    DREW = "drew", "Drawing"
    SYMBOLS = "symbols", "Symbols or pictures"
    SIGNED = "signed", "Signing"
    OBSERVED = "observed", "Watching and noticing"
    SCRIBED = "scribed", "Somebody wrote it down for them"
    INTERPRETED = "interpreted", "With an interpreter"
    ONLINE = "online", "They wrote it here"
    DECLINED = "declined", "They chose not to say"


class Audience(TextChoices):
    """Whom words are meant for, among those who may see views at all."""

    EVERYONE = "everyone", "Everyone who can see what we said"
    COORDINATOR = "coordinator", "Only the SENCO and the person who said it"


class Place(TextChoices):
    SETTING = "setting", "At school"
    HOME = "home", "At home"


class ScaleKind(TextChoices):
    GOAL = "goal", "Goal attainment, −2 to +2"
    TEN = "ten", "1 to 10"
    STEPS = "steps", "Not yet / with help / sometimes / independently"
    COUNT = "count", "Counting"


class StepStatus(TextChoices):
    CURRENT = "current", "Working on it"
    MET = "met", "Done it"
    STOPPED = "stopped", "Stopped"
    CARRIED = "carried", "Carried on into the next cycle"


class Answer(TextChoices):
    AGREE = "agree", "I agree"
    DISAGREE = "disagree", "I do not agree"


class ProposalKind(TextChoices):
    STEP = "step", "A next step"
    HOME_STRATEGY = "home_strategy", "Something that helps at home"
    SETTING_STRATEGY = "setting_strategy", "Something that could help at school"


class ProposalState(TextChoices):
    PROPOSED = "proposed", "Waiting for an answer"
    ACCEPTED = "accepted", "Put in the plan"
    DECLINED = "declined", "Not for now"


class StreamKind(TextChoices):
    """Where money comes from (domain: money). Rates and costing are not kept here."""

    NOTIONAL = "notional", "Notional SEN budget"
    TOP_UP = "top_up", "High-needs top-up (element 3)"
    SENIF = "senif", "SEN inclusion fund"
    EYPP = "eypp", "Early years pupil premium"
    DAF = "daf", "Disability access fund"
    PUPIL_PREMIUM = "pupil_premium", "Pupil premium"
    BURSARY = "bursary", "16 to 19 bursary"
    PERSONAL_BUDGET = "personal_budget", "Personal budget"
    OTHER = "other", "Other"
