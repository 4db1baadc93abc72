"""Random schools as plain objects, instants at which they change, and their way into the database."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Group
from hypothesis import strategies as st

from accounts import models as accounts
from accounts.enums import ControlTrigger, Phase, Role
from pupils import models
from pupils.circle import permission
from pupils.enums import Authority, Gave, Relation, RestrictionKind, To

from . import naive
from .naive import LONDON, World

#: Days on which something is about to happen: ordinary, clocks forward, clocks back, after the last Friday of June,
#: a leap day, 1 September.
ANCHORS = [
    date(2026, 3, 10),
    date(2026, 3, 29),
    date(2025, 10, 26),
    date(2026, 6, 27),
    date(2025, 6, 28),
    date(2024, 2, 29),
    date(2026, 2, 28),
    date(2026, 9, 1),
]
SECOND = timedelta(seconds=1)
NEARBY = [timedelta(0), -SECOND, SECOND, timedelta(microseconds=-1)]


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)


def instant(day: date, hour: float) -> datetime:
    """Hours of real time after midnight in London, so that days of 23 and 25 hours are counted out."""
    return midnight(day).astimezone(UTC) + timedelta(hours=hour)


@st.composite
def worlds(draw: st.DrawFn, crowded: bool | None = None) -> tuple[World, list[datetime]]:
    """A world and five instants: most exactly at, or a second beside, a moment at which it changes.

    In a `crowded` one more is going on about fewer people, so that conditions meet; without a word, either.
    """
    crowded = draw(st.booleans()) if crowded is None else crowded
    anchor = draw(st.sampled_from(ANCHORS))
    days = [anchor + timedelta(days=n) for n in (0, -1, 1, -30, 30, -400, 400)]
    some_day = st.sampled_from(days)
    moments = st.builds(instant, some_day, st.sampled_from([0, 1, 2, 9, 23, 23.5]))
    spans = st.builds(
        lambda a, b: naive.Span(min(a, b), max(a, b)) if b else naive.Span(a),
        moments,
        st.none() | moments,
    )
    always = st.just(naive.Span(instant(days[5], -99)))
    spans = spans | always

    world = World()
    world.settings = draw(
        st.lists(
            st.builds(
                naive.Setting,
                name=st.just(""),
                control_trigger=st.sampled_from(ControlTrigger.values),
                working_view_before_post16=st.booleans(),
                working_view_in_post16=st.booleans(),
            ),
            min_size=1,
            max_size=2,
        )
    )
    for n, setting in enumerate(world.settings):
        setting.name = f"Setting {n}"
    world.people = [naive.Person(f"Person {n}", active) for n, active in enumerate(draw(_mostly_active()))]
    for n in range(draw(st.integers(1, 2))):
        world.pupils.append(
            naive.Pupil(f"Pupil {n}", draw(_births(anchor)), draw(st.none() | some_day | _births(anchor)))
        )
        world.pupils[-1].competent_from = draw(st.none() | st.none() | some_day)
    one_setting, one_person = st.sampled_from(world.settings), st.sampled_from(world.people)
    one_pupil = st.sampled_from(world.pupils)

    for pupil in world.pupils:
        turns = sorted(draw(st.just([days[5] - timedelta(days=99)]) | st.lists(some_day, max_size=4)))
        for first, after in zip(turns[::2], [*turns[1::2], None], strict=False):
            world.enrolments.append(naive.Enrolled(pupil, draw(one_setting), naive.Days(first, after)))
    for n in range(draw(st.integers(1, 2))):
        world.classes.append(
            naive.Class(f"Class {n}", draw(one_setting), draw(st.none() | st.none() | moments))
        )
    world.members = draw(
        st.lists(
            st.builds(naive.Member, one_person, one_setting, st.sampled_from(Role.values), spans),
            min_size=5 if crowded else 1,
            max_size=8 if crowded else 6,
        )
    )
    one_class = st.sampled_from(world.classes)
    world.staff = draw(
        st.lists(
            st.builds(naive.Staffs, one_person, one_class, spans), min_size=3 if crowded else 1, max_size=5
        )
    )
    world.seats = draw(
        st.lists(st.builds(naive.Sits, one_pupil, one_class, spans), min_size=2 if crowded else 1, max_size=3)
    )
    world.relations = draw(
        st.lists(
            st.builds(naive.Near, one_person, one_pupil, st.sampled_from(Relation.values), spans),
            min_size=6 if crowded else 1,
            max_size=10 if crowded else 6,
        )
    )
    world.restrictions = draw(
        st.lists(st.builds(naive.Restricted, one_person, one_pupil, spans), min_size=int(crowded), max_size=2)
    )
    some_sections = st.lists(st.sampled_from(SECTIONS), min_size=1, max_size=3, unique=True)
    world.capacities = draw(
        st.lists(
            st.builds(
                naive.Capacity, one_pupil, one_person, some_sections, moments, some_day, st.none() | moments
            ),
            min_size=int(crowded),
            max_size=2,
        )
    )
    world.choices = draw(
        st.lists(
            st.builds(
                naive.Chose,
                one_pupil,
                st.sampled_from(["young_person", "young_person", "parents"]),
                one_person | st.none(),
                st.sampled_from(SECTIONS),
                st.sampled_from(["yes", "yes", "no", "ask"]),
                spans,
                st.none() | st.sampled_from(world.capacities) if world.capacities else st.none(),
            ),
            min_size=10 if crowded else 0,
            max_size=18 if crowded else 10,
        )
    )
    world.overrides = draw(
        st.lists(
            st.builds(
                naive.Overrides,
                one_pupil,
                one_person,
                some_sections,
                st.none() | moments | moments,
                moments,
                st.none() | st.none() | moments,
                st.none() | moments,
            ),
            min_size=int(crowded),
            max_size=2,
        )
    )
    _keep_what_the_database_takes(world)
    act: list[naive.Chose] = []
    for row in world.choices:
        row.with_last = bool(act) and _on_one_sheet(act, row) and draw(st.booleans())
        act = [*act, row] if row.with_last else [row]

    around = (instant(days[5], -24), instant(days[6], 48))
    changes = sorted(
        {at for at in turning_points(world) if around[0] < at < around[1]} | {instant(anchor, 12)}
    )
    looks = st.builds(lambda at, beside: at + beside, st.sampled_from(changes), st.sampled_from(NEARBY))
    return world, draw(st.lists(looks, min_size=INSTANTS, max_size=INSTANTS))


INSTANTS = 5
#: Before anything in a world begins.
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

#: Few, so that choices meet: one that is in the working view, one that key adults see otherwise, and one that they do not.
SECTIONS = ["plan", "needs", "funding"]


def _mostly_active() -> st.SearchStrategy[list[bool]]:
    return st.lists(st.sampled_from([True, True, True, True, False]), min_size=2, max_size=4)


def _births(anchor: date) -> st.SearchStrategy[date]:
    """Dates of birth whose 16th or 18th birthday, or school leaving, comes about the anchor; and any other."""

    def years_before(years: int, more: int) -> date:
        day = anchor + timedelta(days=more)
        return (day - timedelta(days=1) if (day.month, day.day) == (2, 29) else day).replace(
            year=day.year - years
        )

    about = st.builds(years_before, st.sampled_from([16, 18, 17, 10]), st.sampled_from([0, -1, 1, 30, -30]))
    school_years = st.builds(
        date, st.just(anchor.year - 16) | st.just(anchor.year - 17), st.just(9) | st.just(12), st.just(1)
    ) | st.builds(date, st.just(anchor.year - 16), st.just(8), st.just(31))
    leap = st.just(date(2008, 2, 29))
    return about | school_years | leap | st.dates(date(2004, 1, 1), date(2020, 1, 1))


def _keep_what_the_database_takes(world: World) -> None:
    """Leave out what a constraint would refuse: two open rows of the same, or two relations of one kind."""

    def first(rows: list[Any], key: Any) -> list[Any]:
        found: dict[Any, Any] = {}
        for n, row in enumerate(rows):
            found.setdefault(key(row) if key(row) is not None else n, row)
        return list(found.values())

    world.members = first(
        world.members, lambda m: (m.person.name, m.setting.name, m.role) if m.time.end is None else None
    )
    world.staff = first(world.staff, lambda s: (s.person.name, s.group.name) if s.time.end is None else None)
    world.seats = first(world.seats, lambda s: (s.pupil.name, s.group.name))
    world.relations = first(world.relations, lambda r: (r.person.name, r.pupil.name, r.relation))
    world.choices = [row for row in world.choices if row.time.end is None or row.time.end > row.time.start]
    for row in world.choices:
        if row.whom is None or row.under is not None:
            row.voice = "young_person"
        if row.under is not None and row.under.pupil is not row.pupil:
            row.under = None
    for record in world.overrides:
        record.until = max(record.until, LONG_AGO + SECOND)


def _on_one_sheet(act: list[naive.Chose], row: naive.Chose) -> bool:
    """Whether a choice fits on the sheet of those before it, which answers once about a recipient and a section."""
    last = act[-1]
    same = last.pupil is row.pupil and last.voice == row.voice and last.under is row.under
    return same and not any(other.whom is row.whom and other.section == row.section for other in act)


def turning_points(world: World) -> list[datetime]:
    """Every moment at which an answer about a world may change."""
    found: list[datetime | None] = []
    for row in [*world.members, *world.staff, *world.seats, *world.relations, *world.restrictions]:
        found += [row.time.start, row.time.end]
    found += [group.closed for group in world.classes]
    for chose in world.choices:
        found += [chose.time.start, chose.time.end]
    for record in world.capacities:
        found += [record.from_then, midnight(record.review_on), record.ended]
    for disclosure in world.overrides:
        found += [disclosure.confirmed, disclosure.until, disclosure.ended, disclosure.told]
    for enrolled in world.enrolments:
        found += [midnight(day) for day in (enrolled.days.first, enrolled.days.after) if day]
    for pupil in world.pupils:
        leaving = naive.school_leaving_day(pupil.born)
        for day in (
            naive.birthday(pupil.born, 16),
            naive.birthday(pupil.born, 18),
            leaving,
            leaving + timedelta(days=1),
            pupil.post16_from,
            pupil.competent_from,
        ):
            if day and 2000 < day.year < 2050:
                found.append(midnight(day))
    return [moment for moment in found if moment is not None]


class Stored:
    """A world put into the database, and how its rows are called. Several stand beside each other by `number`."""

    def __init__(self, world: World, number: int = 0) -> None:
        first = number * 1000
        self.settings = {s.name: UUID(int=n) for n, s in enumerate(world.settings, first + 1)}
        self.people = {p.name: UUID(int=n) for n, p in enumerate(world.people, first + 101)}
        self.pupils = {p.name: UUID(int=n) for n, p in enumerate(world.pupils, first + 201)}
        self.names = {pk: name for names in (self.people, self.pupils) for name, pk in names.items()}
        relation = {r.value: permission(r) for r in Relation}

        accounts.Setting.objects.bulk_create(
            accounts.Setting(
                pk=self.settings[s.name],
                name=s.name,
                phase=Phase.SECONDARY,
                control_trigger=s.control_trigger,
                working_view_before_post16=s.working_view_before_post16,
                working_view_in_post16=s.working_view_in_post16,
            )
            for s in world.settings
        )
        self.users = accounts.User.objects.bulk_create(
            accounts.User(
                pk=self.people[p.name],
                name=p.name,
                email=f"{n}@people{number}.example",
                is_active=p.active,
                is_superuser=n == 0,  # it changes nothing
            )
            for n, p in enumerate(world.people)
        )
        self.rows = models.Pupil.objects.bulk_create(
            models.Pupil(
                pk=self.pupils[p.name],
                given_name=p.name,
                family_name="",
                date_of_birth=p.born,
                post16_from=p.post16_from,
                competent_from=p.competent_from,
            )
            for p in world.pupils
        )
        models.Enrolment.objects.bulk_create(
            models.Enrolment(
                pupil_id=self.pupils[e.pupil.name],
                setting_id=self.settings[e.setting.name],
                starts_on=e.days.first,
                ends_on=e.days.after,
            )
            for e in world.enrolments
        )
        accounts.Membership.objects.bulk_create(
            accounts.Membership(
                person_id=self.people[m.person.name],
                setting_id=self.settings[m.setting.name],
                role=m.role,
                starts_at=m.time.start,
                ends_at=m.time.end,
            )
            for m in world.members
        )
        groups = {
            g.name: group
            for g, group in zip(
                world.classes,
                Group.objects.bulk_create(Group(name=f"{number} {g.name}") for g in world.classes),
                strict=True,
            )
        }
        classes = {
            g.name: models.ClassGroup(
                setting_id=self.settings[g.setting.name],
                name=g.name,
                group=groups[g.name],
                closed_at=g.closed,
            )
            for g in world.classes
        }
        models.ClassGroup.objects.bulk_create(classes.values())
        models.ClassStaff.objects.bulk_create(
            models.ClassStaff(
                class_group=classes[s.group.name],
                person_id=self.people[s.person.name],
                starts_at=s.time.start,
                ends_at=s.time.end,
            )
            for s in world.staff
        )
        models.PupilGroupPermission.objects.bulk_create(
            models.PupilGroupPermission(
                group=groups[s.group.name],
                content_object_id=self.pupils[s.pupil.name],
                permission=relation[Relation.KEY_ADULT],
                starts_at=s.time.start,
                ends_at=s.time.end,
            )
            for s in world.seats
        )
        models.PupilUserPermission.objects.bulk_create(
            models.PupilUserPermission(
                user_id=self.people[r.person.name],
                content_object_id=self.pupils[r.pupil.name],
                permission=relation[r.relation],
                starts_at=r.time.start,
                ends_at=r.time.end,
            )
            for r in world.relations
        )
        models.Restriction.objects.bulk_create(
            models.Restriction(
                person_id=self.people[r.person.name],
                pupil_id=self.pupils[r.pupil.name],
                kind=RestrictionKind.UNSAFE,
                reason="An example.",
                recorded_by_id=self.people[r.person.name],
                starts_at=r.time.start,
                ends_at=r.time.end,
            )
            for r in world.restrictions
        )
        self._choices(world)

    def _choices(self, world: World) -> None:
        """Capacity records, choices and overrides. The choices of a world are numbered in turn."""
        somebody = next(iter(self.people.values()))
        records = [
            models.Capacity(
                pupil_id=self.pupils[c.pupil.name],
                decider_id=self.people[c.decider.name],
                sections=c.sections,
                starts_at=c.from_then,
                review_on=c.review_on,
                assessed_on=c.review_on - timedelta(days=1),
                ended_at=c.ended,
                ended_by_id=somebody if c.ended else None,
                authority=Authority.PARENT,
                recorded_by_id=somebody,
            )
            for c in world.capacities
        ]
        models.Capacity.objects.bulk_create(records)
        stored = {id(c): record for c, record in zip(world.capacities, records, strict=True)}
        sheets: list[models.ChoiceSheet] = []
        for number, c in enumerate(world.choices, start=1):
            if c.with_last:
                sheets.append(sheets[-1])
                continue
            sheets.append(
                models.ChoiceSheet(
                    pupil_id=self.pupils[c.pupil.name],
                    number=number,
                    voice=c.voice,
                    how=Gave.SPOKEN,
                    wording="1",
                    capacity=stored[id(c.under)] if c.under else None,
                    recorded_by_id=somebody,
                )
            )
        models.ChoiceSheet.objects.bulk_create({sheet.pk: sheet for sheet in sheets}.values())
        models.Choice.objects.bulk_create(
            models.Choice(
                sheet=sheet,
                pupil_id=sheet.pupil_id,
                voice=sheet.voice,
                number=sheet.number,
                capacity_id=sheet.capacity_id,
                kind=To.TEACHERS if c.whom is None else To.PERSON,
                person_id=self.people[c.whom.name] if c.whom else None,
                section=c.section,
                answer=c.answer,
                starts_at=c.time.start,
                ends_at=c.time.end,
            )
            for sheet, c in zip(sheets, world.choices, strict=True)
        )
        models.Override.objects.bulk_create(
            models.Override(
                pupil_id=self.pupils[o.pupil.name],
                person_id=self.people[o.person.name],
                recipient=o.person.name,
                sections=o.sections,
                reason="An example.",
                asked_by_id=somebody,
                asked_at=LONG_AGO,
                ends_at=o.until,
                confirmed_at=o.confirmed,
                confirmed_by_id=self.others(somebody) if o.confirmed else None,
                ended_at=o.ended,
                ended_by_id=somebody if o.ended else None,
                told_at=o.told,
                told_how="In person." if o.told else "",
                not_told_why="" if o.told else "It is not safe.",
                look_again_on=o.until.date(),
            )
            for o in world.overrides
        )

    def others(self, than: UUID) -> UUID:
        return next(pk for pk in self.people.values() if pk != than)
