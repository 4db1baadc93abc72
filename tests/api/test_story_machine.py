"""Stories that nobody thought of: what people do through the API, in any order, while time passes.

After each step everybody asks the API whom and what they see, and each answer is the naive rule's about the machine's
own account of what was done. That account is written from what was asked for and whether it was accepted; nothing of
it is read back. What was refused leaves no trace.
"""

import os
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts import tokens
from accounts.models import Setting
from pupils import capacity, circle, overrides, services
from pupils.enums import Relation, RestrictionKind, Section
from pupils.errors import NotNow
from pupils.models import Capacity, Choice, ChoiceSheet, Override, Restriction, SharingRequest
from pupils.settings import edit_setting

from ..cast import AT, build
from ..pupils import naive
from ..pupils.naive import LONDON, Chose, Person, Pupil, Span
from ..pupils.worlds import midnight, turning_points
from .asking import BODIES, ROUTE, ask
from .machine import (
    ADA_BORN,
    CLASSES,
    FAR_AWAY,
    OWN,
    PARENTS,
    PEOPLE,
    TEACHERS,
    Asked,
    Speaks,
    WrittenDown,
    answers,
    kinds,
    may_ask,
    may_choose,
    speaks,
    stands_still,
    the_cast,
    they_decide,
)

#: `ALONGSIDE_STORIES` sets how many stories the long run tells.
LONG_RUN = int(os.environ.get("ALONGSIDE_STORIES", "200"))
settings.register_profile(
    "story",
    deadline=None,
    print_blob=True,
    database=None,
    derandomize=False,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
STORY = settings.get_profile("story")

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
#: The list that each section is read from.
READ = {
    Section.PROFILE: "api_profile",
    Section.NEEDS: "api_needs",
    Section.PLAN: "api_outcomes",
    Section.STRATEGIES: "api_strategies",
    Section.FUNDING: "api_funding",
    Section.VIEWS: "api_views",
    Section.REVIEWS: "api_reviews",
    Section.UPDATES: "api_updates",
}
#: What a refused act must not add to.
KEPT = [ChoiceSheet, Choice, SharingRequest, Capacity, Override]
REFUSED = {400, 403, 404, 409}
#: A key is replaced before it ends.
KEYS_LAST = tokens.LASTS - 5 * DAY

pupils = st.sampled_from(["sam", "sam", "ada", "ada", "noor"])
whoever = st.sampled_from([name for name in PEOPLE if name != "deactivated"])
recipients = st.sampled_from([*TEACHERS, *PARENTS, "professional", "colleague"])
chosen_sections = st.lists(st.sampled_from(list(Section)), min_size=1, max_size=3, unique=True)
given = st.sampled_from(["yes", "yes", "no", "ask"])
last_days = st.none() | st.integers(0, 40)
nth = st.integers(0, 20)


class Story(RuleBasedStateMachine):
    #: How many of the lists behind the sections are asked for in each step, besides those that have changed; and of
    #: those who stand near nobody, how many are asked whom they see.
    doors, far_away = 6, 1

    def __init__(self) -> None:
        super().__init__()
        self.held = ExitStack()
        self.held.enter_context(transaction.atomic())
        self.cast = build()
        services.edit_pupil(
            pupil=self.cast.ada,
            version=self.cast.ada.version,
            by=self.cast.senco,
            at=AT - DAY,
            date_of_birth=ADA_BORN,
        )
        self.world = the_cast()
        self.people = {person.name: person for person in self.world.people}
        self.pupils = {pupil.name: pupil for pupil in self.world.pupils}
        self.requests: list[Asked] = []
        self.sheets: list[WrittenDown] = []
        self.records: list[tuple[naive.Capacity, UUID]] = []
        self.authority: dict[int, str] = {}
        self.disclosures: list[tuple[naive.Overrides, UUID]] = []
        self.restrictions: list[tuple[naive.Restricted, UUID]] = []
        self.seen: dict[tuple[str, str], set[str] | None] = {}
        self.first_door = 0
        self.now = AT
        self.clock = self.held.enter_context(time_machine.travel(AT, tick=False))
        self.give_keys()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.held.close()

    def give_keys(self) -> None:
        self.keys_from = self.now
        self.keys = {
            name: tokens.issue(person=self.cast.people[name], name="Story", by=None, at=self.now)[1]
            for name in PEOPLE
        }

    # Asking.

    def go_to(self, at: datetime) -> None:
        note(f"It is {at.astimezone(LONDON).isoformat()}.")
        self.now = at
        self.clock.move_to(at)
        if at - self.keys_from > KEYS_LAST:
            self.give_keys()

    def send(self, by: str, route: str, body: dict[str, Any], **ids: UUID) -> Any:
        """One act through the API, a second after the last. What is refused adds no row."""
        before = [kind.objects.count() for kind in KEPT]
        wanted = BODIES[route, "POST"]({"decider": uuid4(), **ids}) | body
        told = ask(self.keys[by], "POST", ROUTE[route].path(ids), wanted)
        note(f"{by} sends {route} {body}: {told.status_code} {told.content.decode()[:200]}")
        assert told.status_code in {200, 201} | REFUSED
        if told.status_code in REFUSED:
            assert [kind.objects.count() for kind in KEPT] == before
        return told

    def act(self, by: str, pupil: str) -> tuple[Person, Pupil, UUID]:
        self.go_to(self.now + SECOND)
        return self.people[by], self.pupils[pupil], self.cast.pupils[pupil].pk

    def done(self, act: Callable[..., Any], **more: Any) -> Any:
        """What a page does through a service, a second after the last act; None where it is refused."""
        self.go_to(self.now + SECOND)
        try:
            with transaction.atomic():
                return act(**more, at=self.now) or True
        except (Http404, PermissionDenied, ValidationError, NotNow) as refused:
            note(f"{act.__name__} is refused: {refused}")
            return None

    def today(self) -> date:
        return self.now.astimezone(LONDON).date()

    def near(self, person: Person, pupil: Pupil) -> bool:
        return naive.answer(self.world, person, pupil, self.now).near

    # Choosing.

    def chose(self, rows: list[Chose]) -> None:
        """Choices that were accepted: they stand, and whoever asked for one of them has an answer."""
        self.world.choices += rows
        for row in rows:
            counts = "young_person" if they_decide(self.world, row.pupil, self.now) else "parents"
            if row.whom is None or row.answer == "ask" or row.voice != counts:
                continue
            for one in self.requests:
                waits = one.answered is None and one.asker is row.whom and one.pupil is row.pupil
                if waits and one.section == row.section:
                    one.answered, one.answer = self.now, row.answer

    def rows(
        self,
        pupil: Pupil,
        said: Speaks,
        whom: str | None,
        sections: list[str],
        answer: str,
        last: date | None,
    ) -> list[Chose]:
        end = midnight(last + DAY) if last is not None and answer == "yes" else None
        return [
            Chose(
                pupil,
                said.voice,
                self.people[whom] if whom else None,
                str(section),
                answer,
                Span(self.now, end),
                said.opens.get(section),
            )
            for section in sections
        ]

    def choose(
        self,
        by: str,
        pupil_name: str,
        whom: str | None,
        sections: list[str],
        answer: str,
        days: int | None,
        *,
        voice: str | None = None,
        given_by: str | None = None,
    ) -> None:
        person, pupil, pk = self.act(by, pupil_name)
        last = self.today() + timedelta(days=days) if days is not None else None
        to: dict[str, Any] = {"to": "teachers"}
        if whom is not None:
            to = {"to": "person", "person": str(self.cast.people[whom].pk)}
        if answer == "yes" and last is not None:
            to["until"] = last.isoformat()
        body: dict[str, Any] = {
            "choices": [{**to, "section": str(section), "answer": answer} for section in sections]
        }
        if voice is not None:
            body["voice"] = voice
        said = speaks(self.world, person, pupil, self.now, voice)
        rows = self.rows(pupil, said, whom, sections, answer, last) if said else []
        if by == "senco":
            body |= {"how": "spoken", "how_words": "At the gate"}
        accepted = said is not None and all(may_choose(self.world, said, row, self.now) for row in rows)
        if given_by is not None:
            body["given_by"] = str(self.cast.people[given_by].pk)
            giver = self.people[given_by]
            accepted = (
                accepted
                and said is not None
                and (
                    naive.stands(self.world, giver, pupil, "is_self", self.now)
                    if said.voice == "young_person"
                    else "parent" in kinds(self.world, giver, pupil, self.now)
                )
            )
        told = self.send(by, "api_choices", body, pupil=pk)
        # Whoever has a say, but not as they said, may be told first what else is wrong.
        no_say = frozenset({403} if voice is None else {400, 403})
        self.answered(told, person, pupil, said, {201} if accepted else {400, 409}, no_say)
        if told.status_code == 201:
            self.chose(rows)
            if by == "senco" and rows[0].voice == "young_person":
                self.sheets.append(WrittenDown(told.json()["id"], pupil, rows))

    def answered(
        self,
        told: Any,
        person: Person,
        pupil: Pupil,
        said: Speaks | None,
        otherwise: set[int],
        no_say: frozenset[int] = frozenset({403}),
    ) -> None:
        """404 outside the circle, 403 to whoever has no say, and otherwise as it was sent."""
        if not self.near(person, pupil):
            assert told.status_code == 404
        elif said is None:
            assert told.status_code in no_say
        else:
            assert told.status_code in otherwise

    @initialize(whom=recipients, sections=chosen_sections, days=last_days, first=st.integers(0, 400))
    def it_begins(self, whom: str, sections: list[str], days: int | None, first: int) -> None:
        self.first_door = first
        self.choose("young_person", "sam", whom, sections, "yes", days)

    @rule(pupil=pupils, whom=recipients, sections=chosen_sections, answer=given, days=last_days)
    def the_young_person_chooses_for_somebody(
        self, pupil: str, whom: str, sections: list[str], answer: str, days: int | None
    ) -> None:
        self.choose(OWN[pupil], pupil, whom, sections, answer, days)

    @rule(pupil=pupils, sections=chosen_sections, answer=given, days=last_days)
    def the_young_person_chooses_for_all_teachers(
        self, pupil: str, sections: list[str], answer: str, days: int | None
    ) -> None:
        self.choose(OWN[pupil], pupil, None, sections, answer, days)

    @rule(by=whoever, pupil=pupils, whom=recipients, sections=chosen_sections, answer=given, days=last_days)
    def somebody_else_chooses(
        self, by: str, pupil: str, whom: str, sections: list[str], answer: str, days: int | None
    ) -> None:
        self.choose(by, pupil, whom, sections, answer, days)

    @precondition(lambda self: self.records)
    @rule(n=nth, whom=recipients, answer=given, days=last_days)
    def whoever_decides_under_a_capacity_record_chooses(
        self, n: int, whom: str, answer: str, days: int | None
    ) -> None:
        record, _ = self.records[n % len(self.records)]
        self.choose(record.decider.name, record.pupil.name, whom, record.sections, answer, days)

    @precondition(lambda self: self.open_choices())
    @rule(n=nth, answer=st.sampled_from(["no", "no", "ask"]))
    def the_young_person_thinks_again(self, n: int, answer: str) -> None:
        standing = self.open_choices()
        row = standing[n % len(standing)]
        whom = row.whom.name if row.whom else None
        self.choose(OWN[row.pupil.name], row.pupil.name, whom, [row.section], answer, None)

    def open_choices(self) -> list[Chose]:
        yes = (row for row in self.world.choices if row.answer == "yes" and row.time.holds(self.now))
        return [row for row in yes if row.voice == "young_person"]

    @rule(
        pupil=pupils,
        whom=st.none() | recipients,
        sections=chosen_sections,
        answer=given,
        days=last_days,
        voice=st.sampled_from([None, None, "young_person", "parents"]),
        given_by=st.none() | st.sampled_from(["own", "parent"]),
    )
    def the_senco_writes_down_a_choice(
        self,
        pupil: str,
        whom: str | None,
        sections: list[str],
        answer: str,
        days: int | None,
        voice: str | None,
        given_by: str | None,
    ) -> None:
        giver = OWN[pupil] if given_by == "own" else given_by
        self.choose("senco", pupil, whom, sections, answer, days, voice=voice, given_by=giver)

    @precondition(lambda self: self.sheets)
    @rule(n=nth)
    def the_young_person_confirms_what_was_written_down(self, n: int) -> None:
        sheet = self.sheets[n % len(self.sheets)]
        person, pupil, pk = self.act(OWN[sheet.pupil.name], sheet.pupil.name)
        said = speaks(self.world, person, pupil, self.now)
        rows = stands_still(self.world, sheet, self.now)
        told = self.send(person.name, "api_choices", {"choices": [], "confirms": sheet.key}, pupil=pk)
        self.answered(told, person, pupil, said, {201} if rows or sheet.confirmed else {400, 409})
        if told.status_code == 201 and not sheet.confirmed:
            sheet.confirmed = True
            self.chose(
                [
                    Chose(r.pupil, r.voice, r.whom, r.section, r.answer, Span(self.now, r.time.end))
                    for r in rows
                ]
            )

    # Asking for a section, and the answer.

    @rule(by=st.sampled_from([*PARENTS, *TEACHERS, "professional", "colleague"]), pupil=pupils, n=nth)
    def somebody_asks(self, by: str, pupil: str, n: int) -> None:
        person, whose, pk = self.act(by, pupil)
        seen = {section for section, *_ in naive.answer(self.world, person, whose, self.now).sees}
        closed = [section for section in Section if section not in seen] or list(Section)
        section = str(closed[n % len(closed)])
        waits = [
            one
            for one in self.requests
            if one.answered is None and (one.asker, one.pupil, one.section) == (person, whose, section)
        ]
        may = bool(waits) or may_ask(self.world, self.requests, person, whose, section, self.now)
        told = self.send(by, "api_requests", {"section": section, "reason": "To help."}, pupil=pk)
        if not self.near(person, whose):
            assert told.status_code == 404
        else:
            assert told.status_code in ({201} if may else {400, 409})
        if told.status_code == 201:
            made = UUID(told.json()["id"])
            if waits:
                assert [one.id for one in waits] == [made]
            else:
                self.requests.append(Asked(made, person, whose, section))

    @precondition(lambda self: self.requests)
    @rule(
        n=nth,
        by=st.sampled_from(["own", "own", "own", "parent", "other_parent", "senco", "teacher"]),
        answer=st.sampled_from(["yes", "yes", "no"]),
        others=st.none() | chosen_sections,
        days=last_days,
    )
    def somebody_answers(
        self, n: int, by: str, answer: str, others: list[str] | None, days: int | None
    ) -> None:
        waiting = [one for one in self.requests if one.answered is None] or self.requests
        one = waiting[n % len(waiting)]
        person, pupil, _ = self.act(OWN[one.pupil.name] if by == "own" else by, one.pupil.name)
        last = self.today() + timedelta(days=days) if days is not None else None
        body: dict[str, Any] = {"answer": answer}
        if others is not None:
            body["sections"] = [str(section) for section in others]
        if last is not None:
            body["ends_at"] = midnight(last + DAY).isoformat()
        said = answers(self.world, person, pupil, self.now)
        if said is not None and one.section not in said.opens.keys() | said.closes:
            said = None
        rows: list[Chose] = []
        if said is not None and one.answered is None:
            give = [one.section] if others is None else [str(section) for section in others]
            if answer == "yes":
                rows = self.rows(pupil, said, one.asker.name, give, "yes", last)
            if answer == "no" or one.section not in give:
                rows += self.rows(pupil, said, one.asker.name, [one.section], "no", None)
        accepted = said is not None and all(may_choose(self.world, said, row, self.now) for row in rows)
        told = self.send(person.name, "api_answer_request", body, request=one.id)
        self.answered(told, person, pupil, said, {200} if accepted else {400, 409})
        if told.status_code == 200:
            self.chose(rows)
            assert told.json()["answer"] == one.answer

    # What a SENCO and a safeguarding lead record.

    @rule(
        by=st.sampled_from(["senco", "senco", "senco", "teacher", "parent", "stranger"]),
        pupil=pupils,
        decider=st.sampled_from(["parent", "parent", "other_parent", "professional", "restricted_parent"]),
        sections=chosen_sections,
        days=st.sampled_from([0, 1, 7, 30, 90]),
        authority=st.sampled_from(["parent", "parent", "attorney"]),
    )
    def capacity_is_recorded(
        self, by: str, pupil: str, decider: str, sections: list[str], days: int, authority: str
    ) -> None:
        person, whose, pk = self.act(by, pupil)
        today = self.today()
        what = kinds(self.world, self.people[decider], whose, self.now)
        standing = [
            record
            for record, _ in self.records
            if record.pupil is whose and record.holds(self.now) and {*record.sections} & {*sections}
        ]
        by_parents = {self.authority[id(record)] == "parent" for record in standing}
        may = (
            by == "senco"
            and today >= naive.birthday(whose.born, 16)
            and days > 0
            and bool(what & {"parent", "professional"})
            and (
                "parent" in what and False not in by_parents
                if authority == "parent"
                else True not in by_parents
            )
        )
        body = {
            "sections": [str(section) for section in sections],
            "decider": str(self.cast.people[decider].pk),
            "authority": authority,
            "authority_words": "" if authority == "parent" else "Register 12, page 3",
            "assessed_on": today.isoformat(),
            "review_on": (today + timedelta(days=days)).isoformat(),
        }
        told = self.send(by, "api_capacity_records", body, pupil=pk)
        if not self.near(person, whose):
            assert told.status_code == 404
        elif by != "senco":
            assert told.status_code == 403
        else:
            assert told.status_code in ({201} if may else {400, 409})
        if told.status_code == 201:
            record = naive.Capacity(
                whose,
                self.people[decider],
                [str(section) for section in sections],
                self.now,
                today + timedelta(days=days),
            )
            self.world.capacities.append(record)
            self.records.append((record, UUID(told.json()["id"])))
            self.authority[id(record)] = authority

    @precondition(lambda self: self.records)
    @rule(n=nth)
    def a_capacity_record_ends(self, n: int) -> None:
        """The API ends none: as the SENCO's page does it."""
        record, pk = self.records[n % len(self.records)]
        held = record.holds(self.now + SECOND)
        assert self.done(capacity.end, capacity=Capacity.objects.get(pk=pk), by=self.cast.senco)
        if held:
            record.ended = self.now

    @rule(
        pupil=pupils,
        to=st.sampled_from(["colleague", "teacher", "parent", "restricted_parent", "professional"]),
        sections=chosen_sections,
        days=st.sampled_from([1, 3, 14, 60]),
        second=st.sampled_from(["leader", "leader", "leader", "dsl", "senco", None]),
    )
    def a_disclosure_is_made(
        self, pupil: str, to: str, sections: list[str], days: int, second: str | None
    ) -> None:
        """The API shows disclosures and makes none: as the pages of the safeguarding lead and of the second do it."""
        self.go_to(self.now + SECOND)
        until = self.today() + timedelta(days=days)
        whose = self.pupils[pupil]
        shut_out = naive.restricted(self.world, self.people[to], whose, self.now + SECOND)
        row = self.done(
            overrides.ask,
            pupil=self.cast.pupils[pupil],
            key=uuid4(),
            sections=sections,
            reason="They are at risk.",
            until=until,
            by=self.cast.dsl,
            person=self.cast.people[to],
            not_told_why="It is not safe yet.",
            look_again_on=until,
        )
        assert not (row and shut_out)
        if row is None:
            return
        names = [str(section) for section in sections]
        made = naive.Overrides(whose, self.people[to], names, None, midnight(until))
        self.world.overrides.append(made)
        self.disclosures.append((made, row.pk))
        if second is not None:
            confirmed = self.done(overrides.confirm, override=row, by=self.cast.people[second])
            assert (confirmed is not None) == (second == "leader")
            if confirmed:
                made.confirmed = self.now

    @precondition(lambda self: self.disclosures)
    @rule(n=nth)
    def a_disclosure_ends(self, n: int) -> None:
        """As the page of the safeguarding lead does it."""
        made, pk = self.disclosures[n % len(self.disclosures)]
        stands = made.ended is None
        assert self.done(overrides.end, override=Override.objects.get(pk=pk), by=self.cast.dsl)
        if stands and self.now < made.until:
            made.ended = self.now

    # The circle and the setting: as the SENCO's pages do it, since the API has none of it.

    @rule(pupil=pupils, whom=recipients, days=st.none() | st.integers(1, 20))
    def somebody_is_shut_out(self, pupil: str, whom: str, days: int | None) -> None:
        """As the page of restrictions does it."""
        end = midnight(self.today() + timedelta(days=days)) if days is not None else None
        row = self.done(
            circle.restrict,
            pupil=self.cast.pupils[pupil],
            person=self.cast.people[whom],
            kind=RestrictionKind.UNSAFE,
            reason="It is not safe.",
            by=self.cast.senco,
            ends_at=end,
        )
        if row:
            made = naive.Restricted(self.people[whom], self.pupils[pupil], Span(self.now, end))
            self.world.restrictions.append(made)
            self.restrictions.append((made, row.pk))

    @precondition(lambda self: self.restrictions)
    @rule(n=nth)
    def a_restriction_is_lifted(self, n: int) -> None:
        """As the page of restrictions does it."""
        made, pk = self.restrictions[n % len(self.restrictions)]
        assert self.done(
            circle.lift_restriction, restriction=Restriction.objects.get(pk=pk), by=self.cast.senco
        )
        if made.time.end is None or self.now < made.time.end:
            made.time.end = self.now

    @rule(
        pupil=pupils,
        whom=st.sampled_from(["parent", "other_parent", "key_adult", "professional", "restricted_parent"]),
        begins=st.booleans(),
    )
    def a_relation_ends_or_begins(self, pupil: str, whom: str, begins: bool) -> None:
        """As the pages of the circle do it."""
        what = Relation.KEY_ADULT if whom == "key_adult" else Relation.PARENT_CARER
        what = Relation.PROFESSIONAL if whom == "professional" else what
        [near] = [
            near
            for near in self.world.relations
            if near.person is self.people[whom] and near.pupil is self.pupils[pupil]
        ]
        assert self.done(
            circle.grant if begins else circle.end_relation,
            relation=what,
            person=self.cast.people[whom],
            pupil=self.cast.pupils[pupil],
            by=self.cast.senco,
        )
        if begins and near.time.end is not None:
            near.time = Span(self.now)
        elif not begins and near.time.end is None:
            near.time.end = self.now
            for record in self.world.capacities:
                as_parent = what is Relation.PARENT_CARER and self.authority[id(record)] == "parent"
                theirs = record.decider is near.person and record.pupil is near.pupil
                if as_parent and theirs and record.holds(self.now):
                    record.ended = self.now

    @rule(name=st.sampled_from(list(CLASSES)), who=st.sampled_from(["teacher", "colleague", "pupil"]))
    def somebody_joins_or_leaves_a_class(self, name: str, who: str) -> None:
        """As the pages of classes do it."""
        group = next(group for group in self.world.classes if group.name == name)
        at_school: dict[str, Any] = {
            "class_group": getattr(self.cast, f"class_{name.lower()}"),
            "by": self.cast.senco,
        }
        row: naive.Sits | naive.Staffs | None
        if who == "pupil":
            row = next(row for row in self.world.seats if row.group is group)
            joins = row.time.end is not None
            act = circle.place_in_class if joins else circle.take_out_of_class
            at_school["pupil"] = self.cast.pupils[CLASSES[name]]
        else:
            person = self.people[who]
            here = (row for row in self.world.staff if row.group is group and row.person is person)
            row = next((row for row in here if row.time.end is None), None)
            joins = row is None
            act = circle.join_class if joins else circle.leave_class
            at_school["person"] = self.cast.people[who]
        assert self.done(act, **at_school)
        if row is not None and not joins:
            row.time.end = self.now
        elif isinstance(row, naive.Sits):
            row.time = Span(self.now)
        else:
            self.world.staff.append(naive.Staffs(self.people[who], group, Span(self.now)))

    @rule(days=st.none() | st.integers(0, 3))
    def competence_is_judged(self, days: int | None) -> None:
        """As the SENCO's page does it, of Ada until she is 16."""
        ada = self.pupils["ada"]
        day = self.today() + timedelta(days=days) if days is not None else None
        may = self.today() < naive.birthday(ada.born, 16)
        may = may and (day is None or day < naive.birthday(ada.born, 16))
        row = self.done(
            capacity.record_competence,
            pupil=type(self.cast.ada).objects.get(pk=self.cast.ada.pk),
            key=uuid4(),
            from_on=day,
            assessor="Dr Ito",
            assessor_role="Psychologist",
            findings="She explains it back.",
            by=self.cast.senco,
        )
        assert (row is not None) == may
        if row:
            ada.competent_from = day

    @rule(
        trigger=st.sampled_from(["earliest", "sixteenth", "school_leaving", "post16"]),
        before=st.booleans(),
        after=st.booleans(),
    )
    def the_setting_changes_its_policies(self, trigger: str, before: bool, after: bool) -> None:
        """As the page of settings does it."""
        school = Setting.objects.get(pk=self.cast.hazelmere.pk)
        assert self.done(
            edit_setting,
            setting=school,
            version=school.version,
            by=self.cast.senco,
            control_trigger=trigger,
            working_view_before_post16=before,
            working_view_in_post16=after,
        )
        here = self.world.settings[0]
        here.control_trigger = trigger
        here.working_view_before_post16, here.working_view_in_post16 = before, after

    # Time.

    @rule(n=st.integers(0, 3), beside=st.sampled_from([timedelta(0), timedelta(0), -timedelta.resolution]))
    def time_passes_to_where_something_changes(self, n: int, beside: timedelta) -> None:
        """The end of a choice or a restriction, a day of review, a midnight before a birthday."""
        coming = sorted({at for at in turning_points(self.world) if at + beside > self.now})
        if coming:
            self.go_to((coming[:4][n % len(coming[:4])] + beside).astimezone(LONDON))

    @rule(days=st.sampled_from([1, 3, 15]), hour=st.sampled_from([0, 9, 23]))
    def days_pass(self, days: int, hour: int) -> None:
        self.go_to(datetime.combine(self.today() + timedelta(days=days), time(hour), LONDON))

    # What everybody sees.

    @invariant()
    def everybody_sees_what_the_rule_says(self) -> None:
        expected: dict[tuple[str, str], set[str] | None] = {}
        for person in self.world.people:
            for pupil in self.world.pupils:
                found = naive.answer(self.world, person, pupil, self.now)
                sections = {section for section, *_ in found.sees}
                expected[person.name, pupil.name] = sections if found.near else None
        names = {str(pupil.pk): name for name, pupil in self.cast.pupils.items()}
        turn = [FAR_AWAY[(self.first_door + n) % len(FAR_AWAY)] for n in range(self.far_away)]
        for person in self.world.people:
            if person.name in FAR_AWAY and person.name not in turn:
                continue
            told = ask(self.keys[person.name], "GET", "/api/v1/pupils/")
            if not person.active:
                assert told.status_code == 401
                continue
            listed = {names[row["id"]]: set(row["sections"]) for row in told.json()["results"]}
            assert (person.name, listed) == (
                person.name,
                {
                    pupil: sections
                    for (who, pupil), sections in expected.items()
                    if who == person.name and sections is not None
                },
            )
        self.the_lists_say_the_same(expected)
        self.seen = expected

    def the_lists_say_the_same(self, expected: dict[tuple[str, str], set[str] | None]) -> None:
        """Those behind which something has changed since the last step, and some of the others in turn."""
        every = [(who, pupil, section) for who, pupil in expected for section in Section]
        turn = [every[(self.first_door + n * 37) % len(every)] for n in range(self.doors)]
        self.first_door += self.doors * 37
        changed = [
            (who, pupil, section)
            for who, pupil, section in every
            if self.seen
            and (section in (expected[who, pupil] or ())) != (section in (self.seen[who, pupil] or ()))
        ]
        for who, pupil, section in dict.fromkeys([*changed[: 3 * self.doors], *turn]):
            path = ROUTE[READ[section]].path({"pupil": self.cast.pupils[pupil].pk})
            told = ask(self.keys[who], "GET", path)
            sections = expected[who, pupil]
            if not self.people[who].active:
                status = 401
            else:
                status = 404 if sections is None else 200 if section in sections else 403
            assert (who, pupil, section.value, told.status_code) == (who, pupil, section.value, status)


class LongStory(Story):
    doors, far_away = 10, len(FAR_AWAY)


@pytest.mark.django_db
def test_in_a_story_everybody_sees_what_the_design_says() -> None:
    run_state_machine_as_test(Story, settings=settings(STORY, max_examples=2, stateful_step_count=10))


@pytest.mark.long
@pytest.mark.django_db
def test_in_hundreds_of_long_stories_there_is_no_difference() -> None:
    run_state_machine_as_test(
        LongStory, settings=settings(STORY, max_examples=LONG_RUN, stateful_step_count=25)
    )
