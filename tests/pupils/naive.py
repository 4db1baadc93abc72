"""The rule a second time: slowly, in plain Python over plain objects, from the design and the law.

Nothing here knows a table, a query or `pupils.policy`. It is meant to be read beside the design's list of grounds,
and to be wrong in other ways than the SQL.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
EVERYTHING = {"profile", "needs", "plan", "strategies", "funding", "views", "reviews", "updates"}
A_KEY_ADULT_SEES = {"profile", "plan", "strategies", "views", "needs", "updates"}
WORKING_VIEW = {"profile", "plan", "strategies"}


@dataclass
class Setting:
    name: str
    control_trigger: str = "earliest"
    working_view_before_post16: bool = True
    working_view_in_post16: bool = False


@dataclass
class Person:
    name: str
    active: bool = True


@dataclass
class Span:
    """[start, end), without end while `end` is None."""

    start: datetime
    end: datetime | None = None

    def holds(self, at: datetime) -> bool:
        if at < self.start:
            return False
        return self.end is None or at < self.end


@dataclass
class Days:
    """[first day, first day after), in London."""

    first: date
    after: date | None = None

    def holds(self, today: date) -> bool:
        if today < self.first:
            return False
        return self.after is None or today < self.after


@dataclass
class Pupil:
    name: str
    born: date
    post16_from: date | None = None
    competent_from: date | None = None


@dataclass
class Member:
    person: Person
    setting: Setting
    role: str
    time: Span


@dataclass
class Enrolled:
    pupil: Pupil
    setting: Setting
    days: Days


@dataclass
class Class:
    name: str
    setting: Setting
    closed: datetime | None = None


@dataclass
class Staffs:
    person: Person
    group: Class
    time: Span


@dataclass
class Sits:
    pupil: Pupil
    group: Class
    time: Span


@dataclass
class Near:
    person: Person
    pupil: Pupil
    relation: str
    time: Span


@dataclass
class Restricted:
    person: Person
    pupil: Pupil
    time: Span


@dataclass
class Capacity:
    """Somebody else makes one decision, about some sections, until the day it is looked at again."""

    pupil: Pupil
    decider: Person
    sections: list[str]
    from_then: datetime
    review_on: date
    ended: datetime | None = None

    def holds(self, at: datetime) -> bool:
        if self.ended is not None and at >= self.ended:
            return False
        return self.from_then <= at and at.astimezone(LONDON).date() < self.review_on


@dataclass
class Chose:
    """What was chosen, in the order in which it was: a later row stands in the place of an earlier one."""

    pupil: Pupil
    voice: str
    whom: Person | None  #: nobody: all teachers
    section: str
    answer: str
    time: Span
    under: Capacity | None = None
    with_last: bool = False  #: chosen in one act with the row before, of the same pupil and voice


@dataclass
class Overrides:
    pupil: Pupil
    person: Person
    sections: list[str]
    confirmed: datetime | None
    until: datetime
    ended: datetime | None = None
    told: datetime | None = None

    def holds(self, at: datetime) -> bool:
        if self.confirmed is None or at < self.confirmed:
            return False
        if self.ended is not None and at >= self.ended:
            return False
        return at < self.until


@dataclass
class World:
    settings: list[Setting] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    pupils: list[Pupil] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    enrolments: list[Enrolled] = field(default_factory=list)
    classes: list[Class] = field(default_factory=list)
    staff: list[Staffs] = field(default_factory=list)
    seats: list[Sits] = field(default_factory=list)
    relations: list[Near] = field(default_factory=list)
    restrictions: list[Restricted] = field(default_factory=list)
    capacities: list[Capacity] = field(default_factory=list)
    choices: list[Chose] = field(default_factory=list)
    overrides: list[Overrides] = field(default_factory=list)


def birthday(born: date, age: int) -> date:
    """29 February counts as 28 February in a year without one: the earlier day is on the young person's side."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 2, 28)


def school_leaving_day(born: date) -> date:
    """The last Friday of June, of the year of the 16th birthday or (born from September on) the next."""
    year = born.year + 16
    if born.month >= 9:
        year = year + 1
    day = date(year, 6, 30)
    while day.strftime("%A") != "Friday":
        day = day - timedelta(days=1)
    return day


def setting_of(world: World, pupil: Pupil, today: date) -> Setting | None:
    for enrolled in world.enrolments:
        if enrolled.pupil is pupil and enrolled.days.holds(today):
            return enrolled.setting
    return None


def in_post16(pupil: Pupil, today: date) -> bool:
    """Entered, as recorded. Where nobody wrote a day down, staying on after compulsory school age is entering."""
    if pupil.post16_from is None:
        return today > school_leaving_day(pupil.born)
    return today >= pupil.post16_from


def decides(world: World, pupil: Pupil, today: date) -> bool:
    """Whether the young person controls disclosure."""
    if today >= birthday(pupil.born, 18):  # parental responsibility has ended
        return True
    if pupil.competent_from is not None and today >= pupil.competent_from:
        return True
    sixteen = today >= birthday(pupil.born, 16)
    left_school_age = today > school_leaving_day(pupil.born)
    setting = setting_of(world, pupil, today)
    if setting is not None and setting.control_trigger == "sixteenth":
        return sixteen
    if setting is not None and setting.control_trigger == "school_leaving":
        return left_school_age
    if setting is not None and setting.control_trigger == "post16":
        return in_post16(pupil, today)
    return sixteen or left_school_age or in_post16(pupil, today)


def works_at(world: World, person: Person, setting: Setting, at: datetime) -> bool:
    for member in world.members:
        if member.person is person and member.setting is setting and member.time.holds(at):
            return True
    return False


def coordinates(world: World, person: Person, pupil: Pupil, at: datetime) -> Iterator[str]:
    """The name of the setting, once for each time somebody is its SENCO now."""
    setting = setting_of(world, pupil, at.astimezone(LONDON).date())
    for member in world.members:
        their_senco = member.person is person and member.setting is setting and member.role == "senco"
        if their_senco and member.time.holds(at):
            yield member.setting.name


def teaches(world: World, person: Person, pupil: Pupil, at: datetime) -> Iterator[str]:
    """The classes a key adult teaches the pupil in now; "" where they stand near the pupil alone."""
    setting = setting_of(world, pupil, at.astimezone(LONDON).date())
    if setting is None or not works_at(world, person, setting, at):
        return
    for near in world.relations:
        alone = near.person is person and near.pupil is pupil and near.relation == "is_key_adult"
        if alone and near.time.holds(at):
            yield ""
    for staffs in world.staff:
        for sits in world.seats:
            group = staffs.group
            both = staffs.person is person and sits.pupil is pupil and sits.group is group
            still_open = group.closed is None or at < group.closed
            now = staffs.time.holds(at) and sits.time.holds(at)
            if both and now and still_open and group.setting is setting:
                yield group.name


def stands(world: World, person: Person, pupil: Pupil, relation: str, at: datetime) -> bool:
    for near in world.relations:
        theirs = near.person is person and near.pupil is pupil and near.relation == relation
        if theirs and near.time.holds(at):
            return True
    return False


def restricted(world: World, person: Person, pupil: Pupil, at: datetime) -> bool:
    for row in world.restrictions:
        if row.person is person and row.pupil is pupil and row.time.holds(at):
            return True
    return False


@dataclass
class Answer:
    """Whether a person is in the circle, and each section they see with (ground, through what, only by a choice)."""

    near: bool = False
    sees: set[tuple[str, str, str, bool]] = field(default_factory=set)

    def opens(self, sections: set[str], ground: str, via: str = "", chosen: bool = False) -> None:
        for section in sections:
            self.sees.add((section, ground, via, chosen))


def in_turn(world: World, pupil: Pupil, voice: str) -> Iterator[Chose]:
    """What one voice chose, from the first to the last; of one act, what is about everybody before what is by name."""
    acts: list[list[Chose]] = []
    for row in world.choices:
        if row.pupil is not pupil or row.voice != voice:
            continue
        if row.with_last:
            acts[-1].append(row)
        else:
            acts.append([row])
    for act in acts:
        yield from [row for row in act if row.whom is None]
        yield from [row for row in act if row.whom is not None]


def chosen(
    world: World, person: Person, pupil: Pupil, voice: str, as_a_teacher: bool, at: datetime
) -> set[str]:
    """The sections that the choices of one voice open to somebody now.

    The choices are gone through from the first to the last, as somebody would who keeps a list.
    """
    by_name: dict[str, Chose | None] = {}
    to_all: dict[str, Chose | None] = {}
    for row in in_turn(world, pupil, voice):
        if at < row.time.start:
            continue
        if row.whom is person:
            by_name[row.section] = row
        elif row.whom is None:
            to_all[row.section] = row
            if row.answer != "yes" and as_a_teacher and row.section in by_name:
                by_name[row.section] = None
    found = set()
    for section in EVERYTHING:
        if section in by_name:
            row = by_name[section]
        elif as_a_teacher:
            row = to_all.get(section)
        else:
            row = None
        if row is None or row.answer != "yes" or not row.time.holds(at):
            continue
        if row.under is not None and not (row.under.holds(at) and section in row.under.sections):
            continue
        found.add(section)
    return found


def answer(world: World, person: Person, pupil: Pupil, at: datetime) -> Answer:
    found = Answer()
    if not person.active:
        return found
    if stands(world, person, pupil, "is_self", at):
        found.near = True
        found.opens(EVERYTHING, "own")
    for setting_name in coordinates(world, person, pupil, at):
        found.near = True
        found.opens(EVERYTHING, "coordinates", setting_name)
    if restricted(world, person, pupil, at):
        return found

    for record in world.capacities:
        if record.decider is person and record.pupil is pupil and record.holds(at):
            found.near = True
            found.opens(set(record.sections), "override")
    for disclosure in world.overrides:
        if disclosure.person is person and disclosure.pupil is pupil and disclosure.holds(at):
            found.near = True
            told = disclosure.told is not None and disclosure.told <= at
            found.opens(set(disclosure.sections), "override", "told" if told else "untold")

    today = at.astimezone(LONDON).date()
    they_decide = decides(world, pupil, today)
    for class_name in teaches(world, person, pupil, at):
        found.near = True
        if not they_decide:
            found.opens(A_KEY_ADULT_SEES, "teaches", class_name)
            continue
        setting = setting_of(world, pupil, today)
        assert setting is not None
        if in_post16(pupil, today):
            kept = setting.working_view_in_post16
        else:
            kept = setting.working_view_before_post16
        if kept:
            found.opens(WORKING_VIEW, "teaches", class_name)
        by_choice = chosen(world, person, pupil, "young_person", True, at)
        found.opens(by_choice & A_KEY_ADULT_SEES, "teaches", class_name, True)
        found.opens(by_choice - A_KEY_ADULT_SEES, "shared", "young_person", True)
    if stands(world, person, pupil, "is_parent_carer", at):
        found.near = True
        if not they_decide:
            found.opens(EVERYTHING, "parent")
        else:
            found.opens(chosen(world, person, pupil, "young_person", False, at), "parent", "", True)
    if stands(world, person, pupil, "is_professional", at):
        found.near = True
        voice = "young_person" if they_decide else "parents"
        found.opens(chosen(world, person, pupil, voice, False, at), "shared", voice, True)
    return found
