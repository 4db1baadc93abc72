"""The words in which choices are put to people, in versions: what somebody was asked is kept with what they answered.

A version that was shown is never changed: a better one is a new one with its own id, and `CURRENT` names it.
Two parts of a text are filled in: `{name}`, whose record it is, and `{who}`, who is asked about.
"""

from dataclasses import dataclass, fields, replace

from accounts.enums import Format

from .enums import Answer, Section, Voice

#: How the words can be put on a page; audio is the standard or easy words read aloud.
FORMATS = [Format.STANDARD, Format.EASY_READ, Format.AUDIO]


@dataclass(frozen=True)
class Wording:
    """One version of the words, in one of two formats."""

    id: str
    voice: Voice
    easy: bool
    title: str
    lead: tuple[str, ...]
    change: str  #: that a choice can be changed
    seen: str  #: what closing cannot do
    kept: str  #: before the parts that the school keeps
    kept_why: str
    senco: str
    danger: str
    ask: str  #: above the answers
    until: str
    until_hint: str
    purpose: str
    purpose_hint: str
    parts: dict[Section, str]
    answers: dict[Answer, str]

    def all(self) -> list[str]:
        """Every sentence, for whoever checks how easy it is to read."""
        told: list[str] = []
        for one in fields(self):
            value = getattr(self, one.name)
            if one.name in ("id", "voice", "easy"):
                continue
            told += (
                [value] if isinstance(value, str) else value.values() if isinstance(value, dict) else value
            )
        return told


_PARTS = {
    Section.PROFILE: "Who I am, what I like and how to talk with me.",
    Section.NEEDS: "What I am good at, what is hard for me, and my tests.",
    Section.PLAN: "What I am working on and how it is going.",
    Section.STRATEGIES: "What people do to help me.",
    Section.FUNDING: "The money for my help.",
    Section.VIEWS: "What I said, and what other people said.",
    Section.REVIEWS: "Our talks about how it went.",
    Section.UPDATES: "Notes that home and school send each other.",
}
_ABOUT = {
    Section.PROFILE: "Who {name} is, what they like and how to talk with them.",
    Section.NEEDS: "What they are good at, what is hard, and their tests.",
    Section.PLAN: "What they are working on and how it is going.",
    Section.STRATEGIES: "What people do to help.",
    Section.FUNDING: "The money for their help.",
    Section.VIEWS: "What {name} said, and what other people said.",
    Section.REVIEWS: "Talks about how it went.",
    Section.UPDATES: "Notes that home and school send each other.",
}
_EASY_PARTS = {
    Section.PROFILE: "Who I am.",
    Section.NEEDS: "What I can do. What is hard.",
    Section.PLAN: "What I work on.",
    Section.STRATEGIES: "What helps me.",
    Section.FUNDING: "Money for my help.",
    Section.VIEWS: "What we said.",
    Section.REVIEWS: "How it went.",
    Section.UPDATES: "Notes home and notes to school.",
}
_EASY_ABOUT = {
    Section.PROFILE: "Who {name} is.",
    Section.NEEDS: "What they can do. What is hard.",
    Section.PLAN: "What they work on.",
    Section.STRATEGIES: "What helps.",
    Section.FUNDING: "Money for their help.",
    Section.VIEWS: "What we said.",
    Section.REVIEWS: "How it went.",
    Section.UPDATES: "Notes home and notes to school.",
}
_ANSWERS = {
    Answer.YES: "They can see it.",
    Answer.NO: "They cannot see it.",
    Answer.ASK: "It stays closed. They can ask, and you say yes or no.",
}
_EASY_ANSWERS = {
    Answer.YES: "They can look.",
    Answer.NO: "They can not look.",
    Answer.ASK: "They must ask me first.",
}

YOUNG = Wording(
    id="young-1",
    voice=Voice.YOUNG_PERSON,
    easy=False,
    title="My choices",
    lead=(
        "You choose who can see each part of your plan.",
        "Say yes, say no, or say “ask me each time”. All three are fine.",
        "If you say nothing about a part, it stays closed.",
    ),
    change="You can change your mind on any day. It counts at once.",
    seen="What a person has seen, they know. We cannot take that back. We can stop them from looking again.",
    kept="Your teachers keep some parts, so that they can help you:",
    kept_why="That is how your school works. You cannot close these parts here. You can talk with your SENCO about it.",
    senco="sees all parts. The SENCO looks after your plan with you.",
    danger="If you are not safe, the school may have to tell someone without asking you. They will let you know, as soon as that is safe.",
    ask="What can {who} see?",
    until="Until when?",
    until_hint="The last day they can see it. A helper from outside must have a last day.",
    purpose="What is it for?",
    purpose_hint="Such as: to help at my review",
    parts=_PARTS,
    answers=_ANSWERS,
)
YOUNG_EASY = Wording(
    id="young-1-easy",
    voice=Voice.YOUNG_PERSON,
    easy=True,
    title="My choices",
    lead=("This is my plan.", "I say who can see it.", "I can say yes. I can say no. I can say: ask me."),
    change="I can change my mind.",
    seen="If they saw it, they know it. But I can stop them now.",
    kept="My school can see:",
    kept_why="They need it to help me. I can talk with them.",
    senco="can see all of it. They help with my plan.",
    danger="If I am not safe, school may tell someone.",
    ask="Can {who} see it?",
    until="What is the last day?",
    until_hint="They can look up to this day.",
    purpose="What is it for?",
    purpose_hint="You can skip this.",
    parts=_EASY_PARTS,
    answers=_EASY_ANSWERS,
)
FAMILY = Wording(
    id="family-1",
    voice=Voice.PARENTS,
    easy=False,
    title="Who from outside can see {name}’s plan",
    lead=(
        "Some helpers come from outside the school. They see nothing unless you say yes.",
        "Say yes, say no, or say “ask me each time”. All three are fine.",
        "When {name} is about 16, {name} will choose, and what you chose here ends.",
    ),
    change="You can change your mind on any day. It counts at once.",
    seen="What a helper has seen, they know. We cannot take that back. We can stop them from looking again.",
    kept="",
    kept_why="",
    senco="sees all parts, and looks after the plan with you.",
    danger="If {name} is not safe, the school may have to tell someone without asking you.",
    ask="What can {who} see?",
    until="Until when?",
    until_hint="The last day they can see it.",
    purpose="What is it for?",
    purpose_hint="Such as: to help with speech",
    parts=_ABOUT,
    answers=_ANSWERS,
)
FAMILY_EASY = Wording(
    id="family-1-easy",
    voice=Voice.PARENTS,
    easy=True,
    title="Who can see {name}’s plan",
    lead=("Some helpers are not from school.", "You say if they can see the plan.", "Yes, no or “ask me”."),
    change="You can change your mind.",
    seen="If they saw it, they know it. But you can stop them now.",
    kept="",
    kept_why="",
    senco="can see all of it. They help with the plan.",
    danger="If {name} is not safe, school may tell someone.",
    ask="Can {who} see it?",
    until="What is the last day?",
    until_hint="They can look up to this day.",
    purpose="What is it for?",
    purpose_hint="You can skip this.",
    parts=_EASY_ABOUT,
    answers={**_EASY_ANSWERS, Answer.ASK: "They must ask you first."},
)

DECIDER = replace(
    FAMILY,
    id="decider-1",
    voice=Voice.YOUNG_PERSON,
    title="What you decide for {name}",
    lead=(
        "You decide for {name} who can see the parts on this page, and no others.",
        "Think of what {name} would want. {name} can close a part on any day.",
        "Say yes, say no, or say “ask me each time”. All three are fine.",
    ),
    seen="What a person has seen, they know. We cannot take that back. We can stop them from looking again.",
    until_hint=YOUNG.until_hint,
)
DECIDER_EASY = replace(
    FAMILY_EASY,
    id="decider-1-easy",
    voice=Voice.YOUNG_PERSON,
    title="What you decide for {name}",
    lead=("You say who can see these parts.", "Think of what {name} would want.", "Yes, no or “ask me”."),
)

WORDINGS = {one.id: one for one in (YOUNG, YOUNG_EASY, FAMILY, FAMILY_EASY, DECIDER, DECIDER_EASY)}

_CURRENT = {
    (Voice.YOUNG_PERSON, False): (YOUNG, YOUNG_EASY),
    (Voice.PARENTS, False): (FAMILY, FAMILY_EASY),
    (Voice.YOUNG_PERSON, True): (DECIDER, DECIDER_EASY),
}


def current(voice: Voice, shown: str = Format.STANDARD, *, decider: bool = False) -> Wording:
    """The words that are put to somebody now, in a format; any format without words of its own has the standard ones."""
    standard, easy = _CURRENT[voice, decider]
    return easy if shown == Format.EASY_READ else standard
