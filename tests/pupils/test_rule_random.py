"""The rule in SQL against the rule in plain Python, in random schools at the instants at which they change."""

import os
from dataclasses import fields
from datetime import datetime

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, currently_in_test_context, given, note, settings

from pupils import policy
from pupils.enums import Section
from tests.sample import in_sample

from . import naive
from .edges import edges
from .worlds import INSTANTS, Stored, World, worlds

Seen = dict[tuple[str, str], tuple[bool, set[tuple[str, str, str, bool]]]]

#: `ALONGSIDE_WORLDS` sets how many random schools the long run builds; each is looked at at five instants.
LONG_RUN = int(os.environ.get("ALONGSIDE_WORLDS", "2500"))
settings.register_profile(
    "rule",
    deadline=None,
    print_blob=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
RULE = settings.get_profile("rule")


def as_the_naive_rule_says(world: World, at: datetime) -> Seen:
    found: Seen = {}
    for person in world.people:
        for pupil in world.pupils:
            answer = naive.answer(world, person, pupil, at)
            if answer.near:
                found[person.name, pupil.name] = (True, answer.sees)
    return found


def as_the_statement_says(stored: Stored, at: datetime) -> Seen:
    """All rows of `RULE`, for everybody and every pupil, in one query that is planned once for all schools."""
    found: Seen = {}
    numbered, names = policy._numbered(
        f"SELECT person_id, pupil_id, section, ground, via, chosen FROM ({policy.RULE}) rule"
    )
    types = {"at": "timestamptz", "day": "date"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_prepared_statements WHERE name = 'whole_rule'")
        if cursor.fetchone() is None:
            cursor.execute(f"PREPARE whole_rule({', '.join(types[n] for n in names)}) AS {numbered}")
        cursor.execute(
            f"EXECUTE whole_rule({', '.join(f'%s::{types[n]}' for n in names)})",
            [policy._instant(at)[n] for n in names],
        )
        for person, pupil, section, ground, via, chosen in cursor.fetchall():
            _, sees = found.setdefault((stored.names[person], stored.names[pupil]), (True, set()))
            if section is not None:
                sees.add((section, ground, via or "", chosen))
    return found


def as_people_are_told(stored: Stored, at: datetime) -> Seen:
    """What `sights` says to each person about all pupils."""
    found: Seen = {}
    for user in stored.users:
        for pupil_id, sight in policy.sights(user, stored.rows, at).items():
            if sight.near or sight.reasons:
                found[user.name, stored.names[pupil_id]] = (
                    sight.near,
                    {
                        (section.value, reason.ground.value, reason.via, reason.chosen)
                        for section, reasons in sight.reasons.items()
                        for reason in reasons
                    },
                )
    return found


def lists_agree(world: World, stored: Stored, at: datetime) -> None:
    """`pupils_for` and `people_for` give the naive rule's answer for every person, pupil and section."""
    expected = as_the_naive_rule_says(world, at)
    for user in stored.users:
        about = {pupil: seen for (person, pupil), seen in expected.items() if person == user.name}
        near = {stored.names[pk] for pk in policy.pupils_for(user, None, at).values_list("pk", flat=True)}
        assert near == set(about)
        for section in Section:
            listed = policy.pupils_for(user, section, at).values_list("pk", flat=True)
            assert sorted(stored.names[pk] for pk in listed) == sorted(
                pupil for pupil, (_, sees) in about.items() if any(s == section for s, *_ in sees)
            )
    for pupil in stored.rows:
        for section in Section:
            told = {(who.name, reason.ground.value) for who, reason in policy.people_for(pupil, section, at)}
            strongest = {}
            for (person, about_whom), (_, sees) in expected.items():
                grounds = {ground for s, ground, *_ in sees if s == section}
                if about_whom == pupil.given_name and grounds:
                    strongest[person] = min(
                        grounds, key=["own", "coordinates", "teaches", "parent", "shared", "override"].index
                    )
            assert told == set(strongest.items())


def compare(case: tuple[World, list[datetime]], *, lists: bool) -> None:
    world, instants = case
    if currently_in_test_context():
        for kind in fields(world):
            for row in getattr(world, kind.name):
                note(f"{kind.name}: {row}")
    with transaction.atomic():
        stored = Stored(world)
        for at in instants:
            expected = as_the_naive_rule_says(world, at)
            assert as_the_statement_says(stored, at) == expected, (at, world)
        assert as_people_are_told(stored, instants[-1]) == as_the_naive_rule_says(world, instants[-1])
        if lists:
            lists_agree(world, stored, instants[0])
        transaction.set_rollback(True)


@pytest.mark.tables
@pytest.mark.django_db
def test_at_every_boundary_the_statement_says_what_the_design_says() -> None:
    tried = [case for n, case in enumerate(edges()) if in_sample("edge", str(n), one_in=16)]
    assert tried
    for case in tried:
        compare(case, lists=False)


@pytest.mark.django_db
@given(case=worlds())
@settings(RULE, max_examples=150 // INSTANTS)
def test_in_random_schools_the_statement_says_what_the_design_says(
    case: tuple[World, list[datetime]],
) -> None:
    compare(case, lists=False)


@pytest.mark.django_db
@given(case=worlds())
@settings(RULE, max_examples=10)
def test_in_random_schools_every_list_says_what_the_design_says(
    case: tuple[World, list[datetime]],
) -> None:
    compare(case, lists=True)


@pytest.mark.long
@pytest.mark.django_db
@given(case=worlds())
@settings(RULE, max_examples=LONG_RUN)
def test_in_thousands_of_random_schools_there_is_no_difference(
    case: tuple[World, list[datetime]],
) -> None:
    compare(case, lists=False)
