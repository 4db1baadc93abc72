"""What `test_story_machine.py` knows without asking the product: the cast as plain objects, and who may choose what.

Who sees what is the naive rule's (`tests.pupils.naive`). Here is the same for choosing, asking and answering, from the
law and the design: in whose voice somebody speaks, about which sections, to whom and until when.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from ..cast import FEBRUARY, LONG_AGO, SEPTEMBER
from ..pupils import naive
from ..pupils.naive import EVERYTHING, Capacity, Chose, Person, Pupil, Span, World

#: Ada is 16 three days after the story begins.
ADA_BORN = date(2010, 3, 13)
OWN = {"ada": "child", "sam": "young_person", "noor": "student"}
PARENTS = ["parent", "other_parent", "restricted_parent"]
CLASSES = {"9B": "ada", "11C": "sam", "12A": "noor"}
#: Whom nothing in a story brings near anybody.
FAR_AWAY = ["left", "deactivated", "dsl", "leader", "stranger"]
PEOPLE = [
    *("senco", "teacher", "key_adult", "colleague"),
    *FAR_AWAY,
    *PARENTS,
    *OWN.values(),
    "professional",
]
TEACHERS = ["teacher", "key_adult"]
A_YEAR = timedelta(days=366)


def the_cast() -> World:
    """`tests.cast`, with Ada near her birthday."""
    hazelmere, westfield = naive.Setting("hazelmere"), naive.Setting("westfield")
    people = {name: Person(name, active=name != "deactivated") for name in PEOPLE}
    pupils = {
        "ada": Pupil("ada", ADA_BORN),
        "sam": Pupil("sam", date(2009, 11, 20)),
        "noor": Pupil("noor", date(2008, 10, 3), post16_from=date(2025, 9, 2)),
    }
    roles = [
        ("senco", "senco"),
        *((name, "key_adult") for name in ("teacher", "key_adult", "colleague", "deactivated")),
        ("dsl", "dsl"),
        ("leader", "leader"),
    ]
    world = World(
        settings=[hazelmere, westfield],
        people=list(people.values()),
        pupils=list(pupils.values()),
        members=[naive.Member(people[name], hazelmere, role, Span(LONG_AGO)) for name, role in roles],
    )
    world.members.append(naive.Member(people["left"], hazelmere, "key_adult", Span(LONG_AGO, FEBRUARY)))
    world.members.append(naive.Member(people["stranger"], westfield, "senco", Span(LONG_AGO)))
    for name, pupil in pupils.items():
        world.enrolments.append(naive.Enrolled(pupil, hazelmere, naive.Days(date(2024, 9, 2))))
        relations = [(OWN[name], "is_self"), ("professional", "is_professional")]
        relations += [(adult, "is_key_adult") for adult in ("key_adult", "left", "deactivated")]
        relations += [(adult, "is_parent_carer") for adult in PARENTS]
        world.relations += [naive.Near(people[who], pupil, what, Span(SEPTEMBER)) for who, what in relations]
        world.restrictions.append(naive.Restricted(people["restricted_parent"], pupil, Span(SEPTEMBER)))
    for name, sits in CLASSES.items():
        group = naive.Class(name, hazelmere)
        world.classes.append(group)
        world.seats.append(naive.Sits(pupils[sits], group, Span(SEPTEMBER)))
        world.staff += [
            naive.Staffs(people[who], group, Span(SEPTEMBER)) for who in ("teacher", "left", "deactivated")
        ]
    return world


def kinds(world: World, person: Person, pupil: Pupil, at: datetime) -> set[str]:
    """What somebody is to a pupil whom a choice can name."""
    if not person.active or naive.restricted(world, person, pupil, at):
        return set()
    found = set()
    if naive.stands(world, person, pupil, "is_parent_carer", at):
        found.add("parent")
    if list(naive.teaches(world, person, pupil, at)):
        found.add("teaches")
    if naive.stands(world, person, pupil, "is_professional", at):
        found.add("professional")
    return found


def they_decide(world: World, pupil: Pupil, at: datetime) -> bool:
    return naive.decides(world, pupil, at.astimezone(naive.LONDON).date())


@dataclass
class Speaks:
    """As whom somebody chooses. `opens` names for each section the record that they decide it under, or none."""

    voice: str
    opens: dict[str, Capacity | None]
    closes: set[str] = field(default_factory=set)
    writes_down: bool = False


def speaks(
    world: World, person: Person, pupil: Pupil, at: datetime, voice: str | None = None
) -> Speaks | None:
    if not naive.answer(world, person, pupil, at).near:
        return None
    records = [record for record in world.capacities if record.pupil is pupil and record.holds(at)]
    decided = {section for record in records for section in record.sections}
    decides = they_decide(world, pupil, at)
    own_words = None
    if they_decide(world, pupil, at + A_YEAR):
        own_words = Speaks("young_person", dict.fromkeys(EVERYTHING - decided), decided)
    if naive.stands(world, person, pupil, "is_self", at):
        return own_words if voice != "parents" else None
    theirs = {
        section: record for record in records for section in record.sections if record.decider is person
    }
    if theirs and voice != "parents":
        return Speaks("young_person", theirs)
    if "parent" in kinds(world, person, pupil, at) and not decides and voice != "young_person":
        return Speaks("parents", dict.fromkeys(EVERYTHING))
    if list(naive.coordinates(world, person, pupil, at)):
        if voice == "young_person" or (voice is None and decides):
            if own_words is not None:
                own_words.writes_down = True
            return own_words
        return None if decides else Speaks("parents", dict.fromkeys(EVERYTHING), writes_down=True)
    return None


def answers(world: World, person: Person, pupil: Pupil, at: datetime) -> Speaks | None:
    """As whom somebody answers what is asked: in the voice that counts now, and never for somebody else."""
    voice = "young_person" if they_decide(world, pupil, at) else "parents"
    found = speaks(world, person, pupil, at, voice)
    return None if found is None or found.writes_down else found


def may_choose(world: World, said: Speaks, row: Chose, at: datetime) -> bool:
    """Whether an answer about one section is one that somebody who speaks so can give."""
    closing = row.answer != "yes"
    if row.section not in said.opens and not (closing and row.section in said.closes):
        return False
    if row.time.end is not None and row.time.end <= at:
        return False
    before = [
        c
        for c in world.choices
        if c.pupil is row.pupil and c.whom is row.whom and c.section == row.section and c.voice == said.voice
    ]
    if closing and before:
        return True
    what = {"teaches"} if row.whom is None else kinds(world, row.whom, row.pupil, at)
    if not what or (said.voice == "parents" and "professional" not in what):
        return False
    return closing or what != {"professional"} or row.time.end is not None


@dataclass
class Asked:
    """A request to see a section, and what became of it."""

    id: UUID
    asker: Person
    pupil: Pupil
    section: str
    answered: datetime | None = None
    answer: str = ""


def may_ask(
    world: World, requests: list[Asked], person: Person, pupil: Pupil, section: str, at: datetime
) -> bool:
    what = kinds(world, person, pupil, at)
    if section in {seen for seen, *_ in naive.answer(world, person, pupil, at).sees}:
        return False
    for one in requests:
        same = one.asker is person and one.pupil is pupil and one.section == section
        if (
            same
            and one.answer == "no"
            and one.answered is not None
            and at < one.answered + timedelta(days=14)
        ):
            return False
    return bool(what) if they_decide(world, pupil, at) else "professional" in what


@dataclass
class WrittenDown:
    """A sheet that a SENCO wrote down for a young person."""

    key: str
    pupil: Pupil
    rows: list[Chose]
    confirmed: bool = False


def stands_still(world: World, sheet: WrittenDown, at: datetime) -> list[Chose]:
    """What of a sheet the young person can still confirm: what they have not changed since and is not over."""
    found = []
    decided = {
        section
        for record in world.capacities
        if record.pupil is sheet.pupil and record.holds(at)
        for section in record.sections
    }
    for row in sheet.rows:
        same = [
            c
            for c in world.choices
            if c.pupil is row.pupil and c.voice == row.voice and c.section == row.section
        ]
        later = same[[c is row for c in same].index(True) + 1 :]
        what = {"teaches"} if row.whom is None else kinds(world, row.whom, row.pupil, at)
        if any(c.whom is row.whom for c in later):
            continue
        if row.answer == "yes":
            if what == {"teaches"} and any(c.whom is None and c.answer != "yes" for c in later):
                continue
            if not what or not row.time.holds(at) or row.section in decided:
                continue
        found.append(row)
    return found
