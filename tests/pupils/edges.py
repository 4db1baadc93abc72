"""Small schools made for one moment each: every row that the rule looks at begins and ends, alone, in one of them.

The random schools of `worlds` find what nobody thought of; these leave out no boundary. Each is looked at a second
before it changes and at the very instant.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

from accounts.enums import ControlTrigger

from . import naive
from .naive import Days, Span, World
from .worlds import SECOND, instant, midnight

#: An ordinary day on which, and ten days after which, the one row of a school changes.
FROM, UNTIL = date(2026, 3, 10), date(2026, 3, 20)
BEGINS, ENDS = instant(FROM, 9), instant(UNTIL, 9)
LONG_BEFORE = Span(instant(date(2020, 1, 1), 9))
MEANWHILE = Span(BEGINS, ENDS)
#: Begins and ends within that.
WITHIN = Span(BEGINS + SECOND, midnight(UNTIL))
ALWAYS_AFTER = Span(BEGINS + SECOND)
ALL_DAYS = Days(date(2020, 1, 1))

#: A pupil who is ten, and one who is seventeen and decides.
TEN, SEVENTEEN = date(2016, 1, 15), date(2009, 1, 15)


@dataclass
class School:
    """A pupil, an adult, and a colleague who has nothing to do with them."""

    world: World
    setting: naive.Setting
    pupil: naive.Pupil
    adult: naive.Person
    group: naive.Class

    def near(self, relation: str, time: Span) -> None:
        self.world.relations.append(naive.Near(self.adult, self.pupil, relation, time))

    def member(self, time: Span, role: str = "key_adult") -> None:
        self.world.members.append(naive.Member(self.adult, self.setting, role, time))

    def enrolled(self, days: Days) -> None:
        self.world.enrolments.append(naive.Enrolled(self.pupil, self.setting, days))

    def chose(self, answer: str, time: Span, *, all_teachers: bool = False, **more: Any) -> None:
        whom = None if all_teachers else self.adult
        voice = more.pop("voice", "young_person")
        section = more.pop("section", "funding")
        self.world.choices.append(naive.Chose(self.pupil, voice, whom, section, answer, time, **more))

    def capacity(self, time: Span, review_on: date, ended: datetime | None = None) -> naive.Capacity:
        record = naive.Capacity(self.pupil, self.adult, ["funding"], time.start, review_on, ended)
        self.world.capacities.append(record)
        return record


def school(born: date = TEN, **setting: Any) -> School:
    at = naive.Setting("Setting", **{"control_trigger": "sixteenth", **setting})
    pupil, adult, other = naive.Pupil("Pupil", born), naive.Person("Adult"), naive.Person("Other")
    group = naive.Class("Class", at)
    world = World(settings=[at], people=[adult, other], pupils=[pupil], classes=[group])
    return School(world, at, pupil, adult, group)


#: What a row of each kind is, by how long it is there. Rows of days change at midnight.
Rows = dict[str, Any]


def _grounds() -> Iterator[tuple[str, list[str], Any]]:
    """Each ground with the rows it rests on, and how to make a school out of how long each of them is there."""

    def own(t: dict[str, Span]) -> School:
        here = school()
        here.near("is_self", t["self"])
        return here

    def coordinates(t: dict[str, Span]) -> School:
        here = school()
        here.enrolled(_days(t["enrolment"]))
        here.member(t["member"], "senco")
        return here

    def alone(t: dict[str, Span]) -> School:
        here = school(SEVENTEEN if "choice" in t else TEN)
        here.enrolled(_days(t["enrolment"]))
        here.member(t["member"])
        here.near("is_key_adult", t["key adult"])
        if "choice" in t:
            here.chose("yes", t["choice"])
        return here

    def in_class(t: dict[str, Span]) -> School:
        here = school()
        here.enrolled(_days(t["enrolment"]))
        here.member(t["member"])
        here.world.staff.append(naive.Staffs(here.adult, here.group, t["staff"]))
        here.world.seats.append(naive.Sits(here.pupil, here.group, t["seat"]))
        here.group.closed = t["class"].end
        return here

    def parent(t: dict[str, Span]) -> School:
        here = school(SEVENTEEN if "choice" in t else TEN)
        here.near("is_parent_carer", t["parent"])
        if "choice" in t:
            here.enrolled(ALL_DAYS)
            here.chose("yes", t["choice"])
        return here

    def professional(t: dict[str, Span]) -> School:
        here = school()
        here.near("is_professional", t["professional"])
        here.chose("yes", t["choice"], voice="parents")
        return here

    yield "own", ["self"], own
    yield "coordinates", ["enrolment", "member"], coordinates
    yield "teaches alone", ["enrolment", "member", "key adult"], alone
    yield "teaches alone, by choice", ["enrolment", "member", "key adult", "choice"], alone
    yield "teaches a class", ["enrolment", "member", "staff", "seat", "class"], in_class
    yield "parent", ["parent"], parent
    yield "parent, by choice", ["parent", "choice"], parent
    yield "professional", ["professional", "choice"], professional


def _days(time: Span) -> Days:
    first = time.start.astimezone(naive.LONDON).date()
    return Days(first, time.end.astimezone(naive.LONDON).date() if time.end else None)


def _beside(*moments: datetime) -> list[datetime]:
    return [at + beside for at in moments for beside in (-SECOND, timedelta(0), SECOND)]


WHEN = [*_beside(BEGINS, ENDS), *_beside(midnight(FROM), midnight(UNTIL))]


def rows_one_by_one() -> Iterator[tuple[World, list[datetime]]]:
    """Each row that a ground rests on is there for ten days; so is a restriction; the adult is there no more."""
    for _, rows, make in _grounds():
        always = dict.fromkeys(rows, LONG_BEFORE)
        for row in rows:
            yield make({**always, row: MEANWHILE}).world, WHEN
        here = make(always)
        here.world.restrictions.append(naive.Restricted(here.adult, here.pupil, MEANWHILE))
        yield here.world, WHEN
        here = make(always)
        here.adult.active = False
        yield here.world, WHEN[:1]


def recorded_decisions() -> Iterator[tuple[World, list[datetime]]]:
    """A disclosure and a capacity record: confirmed, told, over and ended early, each in turn, and restricted."""
    for ended, told, confirmed in product([None, ENDS], [None, BEGINS, ENDS], [None, BEGINS]):
        for restricted in (None, WITHIN, ALWAYS_AFTER):
            here = school(SEVENTEEN)
            until = ENDS if ended is None else ENDS + timedelta(days=3)
            here.world.overrides.append(
                naive.Overrides(here.pupil, here.adult, ["needs", "plan"], confirmed, until, ended, told)
            )
            if restricted:
                here.world.restrictions.append(naive.Restricted(here.adult, here.pupil, restricted))
            yield here.world, WHEN
    for ended, chosen, restricted in product([None, ENDS], [False, True], [None, WITHIN, ALWAYS_AFTER]):
        here = school(SEVENTEEN)
        here.enrolled(ALL_DAYS)
        record = here.capacity(MEANWHILE, UNTIL if ended is None else UNTIL + timedelta(days=3), ended)
        if chosen:  # by whoever decides, for a parent
            parent = naive.Person("Parent")
            here.world.people.append(parent)
            here.world.relations.append(naive.Near(parent, here.pupil, "is_parent_carer", LONG_BEFORE))
            for section in ("funding", "needs"):
                here.world.choices.append(
                    naive.Chose(here.pupil, "young_person", parent, section, "yes", LONG_BEFORE, record)
                )
        if restricted:
            here.world.restrictions.append(naive.Restricted(here.adult, here.pupil, restricted))
        yield here.world, WHEN
    here = school(SEVENTEEN)
    here.world.overrides.append(naive.Overrides(here.pupil, here.adult, ["plan"], BEGINS, ENDS))
    here.capacity(LONG_BEFORE, UNTIL)
    here.adult.active = False
    yield here.world, WHEN


def choices_after_each_other() -> Iterator[tuple[World, list[datetime]]]:
    """Two or three choices about one section, by name and of all teachers, in one act or in several."""
    recipients, answers = [False, True], ["yes", "no", "ask"]
    kinds = list(product(recipients, answers))
    times = [LONG_BEFORE, MEANWHILE]
    for (first, second), joined, (t1, t2), relation in product(
        product(kinds, kinds), [False, True], product(times, times), ["is_key_adult", "is_parent_carer"]
    ):
        if joined and first[0] == second[0]:
            continue
        here = school(SEVENTEEN)
        here.enrolled(ALL_DAYS)
        here.member(LONG_BEFORE)
        here.near(relation, LONG_BEFORE)
        here.chose(first[1], t1, all_teachers=first[0])
        here.chose(second[1], t2, all_teachers=second[0], with_last=joined)
        yield here.world, WHEN[:6]
    # What is chosen of one person, section, pupil or by one voice says nothing about another.
    for relation, all_teachers in product(["is_key_adult", "is_parent_carer", "is_professional"], recipients):
        here = school(SEVENTEEN)
        here.enrolled(ALL_DAYS)
        here.member(LONG_BEFORE)
        here.near(relation, LONG_BEFORE)
        second_pupil = naive.Pupil("Second", SEVENTEEN)
        here.world.pupils.append(second_pupil)
        here.world.enrolments.append(naive.Enrolled(second_pupil, here.setting, ALL_DAYS))
        here.world.relations.append(naive.Near(here.adult, second_pupil, relation, LONG_BEFORE))
        other = here.world.people[1]
        here.world.relations.append(naive.Near(other, here.pupil, relation, LONG_BEFORE))
        for section in sorted(naive.EVERYTHING):
            here.chose("yes", LONG_BEFORE, all_teachers=all_teachers, section=section)
        here.chose("no", MEANWHILE, all_teachers=all_teachers, section="needs")
        if not all_teachers:
            here.chose("no", LONG_BEFORE, voice="parents")
            here.world.choices.append(
                naive.Chose(here.pupil, "young_person", other, "plan", "no", LONG_BEFORE)
            )
            here.world.choices.append(
                naive.Chose(second_pupil, "young_person", here.adult, "funding", "no", LONG_BEFORE)
            )
        yield here.world, WHEN[:6]


#: Dates of birth that put the birthday, the end of compulsory school age and post-16 entry in another order each.
BORN = [date(2009, 9, 1), date(2010, 8, 31), date(2010, 3, 10), date(2008, 2, 29)]


def clocks() -> Iterator[tuple[World, list[datetime]]]:
    """Every trigger and none, every order of the days on which a young person begins to decide, at each of them."""
    for trigger, born, entry, competent in product(
        [*ControlTrigger.values, None],
        BORN,
        ["unwritten", "early", "after school", "late"],
        [None, "early", "late"],
    ):
        sixteen, eighteen = naive.birthday(born, 16), naive.birthday(born, 18)
        leaving = naive.school_leaving_day(born)
        entered = {
            "unwritten": None,
            "early": min(sixteen, leaving) - timedelta(days=100),
            "after school": max(sixteen, leaving) + timedelta(days=20),
            "late": eighteen + timedelta(days=50),
        }[entry]
        here = school(born, control_trigger=trigger or "sixteenth")
        here.pupil.post16_from = entered
        if competent:
            here.pupil.competent_from = (sixteen if competent == "early" else eighteen) + timedelta(
                days=-200 if competent == "early" else 60
            )
        days = Days(date(2020, 1, 1)) if trigger else Days(date(2020, 1, 1), date(2020, 2, 1))
        here.enrolled(days)
        here.member(LONG_BEFORE)
        here.world.staff.append(naive.Staffs(here.adult, here.group, LONG_BEFORE))
        here.world.seats.append(naive.Sits(here.pupil, here.group, LONG_BEFORE))
        here.near("is_key_adult", LONG_BEFORE)
        here.near("is_parent_carer", LONG_BEFORE)
        here.near("is_professional", LONG_BEFORE)
        # One that a teacher of a class and a key adult alone are both told of, each in their words, and one that neither is.
        here.chose("yes", LONG_BEFORE, section="needs")
        here.chose("yes", LONG_BEFORE)
        here.chose("yes", LONG_BEFORE, voice="parents", section="reviews")
        moments = [
            sixteen,
            eighteen,
            leaving,
            leaving + timedelta(days=1),
            entered,
            here.pupil.competent_from,
        ]
        yield (
            here.world,
            [midnight(day) + beside for day in moments if day for beside in (-SECOND, timedelta(0))],
        )


def policies_of_settings() -> Iterator[tuple[World, list[datetime]]]:
    """A pupil of sixteen who decides, but not by the policy of the setting where they are for ten days."""
    for relation in ("is_parent_carer", "is_professional"):
        here = school(date(2010, 1, 15), control_trigger="school_leaving")
        here.enrolled(_days(MEANWHILE))
        here.near(relation, LONG_BEFORE)
        here.chose("yes", LONG_BEFORE)
        here.chose("yes", LONG_BEFORE, voice="parents", section="reviews")
        yield here.world, WHEN


def working_views() -> Iterator[tuple[World, list[datetime]]]:
    """A key adult's working view before and in post-16 provision, as the setting has each."""
    for before, inside, entered, in_class in product(
        [True, False], [True, False], [None, FROM], [False, True]
    ):
        here = school(SEVENTEEN, working_view_before_post16=before, working_view_in_post16=inside)
        here.pupil.born = date(2009, 12, 1) if entered else date(2009, 3, 1)
        here.pupil.post16_from = entered
        here.enrolled(ALL_DAYS)
        here.member(LONG_BEFORE)
        if in_class:
            here.world.staff.append(naive.Staffs(here.adult, here.group, LONG_BEFORE))
            here.world.seats.append(naive.Sits(here.pupil, here.group, LONG_BEFORE))
        else:
            here.near("is_key_adult", LONG_BEFORE)
        leaving = naive.school_leaving_day(here.pupil.born)
        yield here.world, [*WHEN, *_beside(midnight(leaving), midnight(leaving + timedelta(days=1)))]


def two_of_each() -> Iterator[tuple[World, list[datetime]]]:
    """What belongs to another setting, class or adult opens nothing, also where all the rest would."""
    for moved in ("member", "class", "staff", "seat", "senco"):
        here = school()
        elsewhere = naive.Setting("Elsewhere", "sixteenth")
        other, other_group = here.world.people[1], naive.Class("Other class", elsewhere)
        here.world.settings.append(elsewhere)
        here.world.classes.append(other_group)
        here.enrolled(ALL_DAYS)
        setting = elsewhere if moved in ("member", "senco") else here.setting
        here.world.members.append(
            naive.Member(here.adult, setting, "senco" if moved == "senco" else "key_adult", LONG_BEFORE)
        )
        here.world.members.append(naive.Member(other, here.setting, "leader", LONG_BEFORE))
        group = other_group if moved == "class" else here.group
        who = other if moved == "staff" else here.adult
        here.world.staff.append(naive.Staffs(who, group, LONG_BEFORE))
        here.world.seats.append(
            naive.Sits(here.pupil, other_group if moved in ("seat", "class") else here.group, LONG_BEFORE)
        )
        yield here.world, WHEN[:1]


def edges() -> list[tuple[World, list[datetime]]]:
    kinds = (
        rows_one_by_one, recorded_decisions, choices_after_each_other, clocks, policies_of_settings, working_views,
        two_of_each,
    )  # fmt: skip
    return [case for kind in kinds for case in kind()]
