"""Two people at once, on two connections that really commit."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection

from accounts.enums import Role
from pupils import circle, services
from pupils.enums import RestrictionKind
from pupils.errors import Stale
from pupils.models import AuditEvent, Enrolment, Household, Profile, Pupil
from tests.cast import AT, Cast, build, member

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return build()


def together(*acts: Callable[[], Any]) -> list[Any]:
    """What each act gave, or the error it ended in, all begun at one moment on connections of their own."""
    gate = threading.Barrier(len(acts))
    found: list[Any] = [None] * len(acts)

    def run(n: int, act: Callable[[], Any]) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            gate.wait(30)
            found[n] = act()
        except (Stale, ValidationError, DatabaseError) as error:
            found[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def test_of_two_who_save_one_pupil_at_once_one_is_told_and_shown_both(cast: Cast) -> None:
    names = ["Addie", "Adele", "A.", "Lovely"]
    found = together(
        *(
            lambda name=name: services.edit_pupil(
                pupil=Pupil.objects.get(pk=cast.ada.pk), version=1, by=cast.senco, at=AT, known_as=name
            )
            for name in names
        )
    )
    [saved] = [one for one in found if isinstance(one, Pupil)]
    stale = [one for one in found if isinstance(one, Stale)]
    assert len(stale) == 3
    assert {one.now.known_as for one in stale} == {saved.known_as}
    assert {one.typed["known_as"] for one in stale} == set(names) - {saved.known_as}
    kept = Pupil.objects.get(pk=cast.ada.pk)
    assert (kept.known_as, kept.version) == (saved.known_as, 2)
    assert AuditEvent.objects.filter(verb="pupil changed").count() == 1


def test_of_two_who_write_a_profile_at_once_one_is_stale_and_the_versions_count_up(cast: Cast) -> None:
    found = together(
        *(
            lambda who=who: services.write_profile(
                pupil=cast.ada, number=0, by=who, at=AT, important=who.name
            )
            for who in (cast.child, cast.teacher)
        )
    )
    assert sorted(type(one).__name__ for one in found) == ["Profile", "Stale"]
    [kept] = Profile.objects.filter(pupil=cast.ada)
    [stale] = [one for one in found if isinstance(one, Stale)]
    assert (kept.number, stale.now, stale.typed["important"] != kept.important) == (1, kept, True)


def test_of_two_who_change_a_household_at_once_one_is_told(cast: Cast) -> None:
    found = together(
        *(
            lambda phone=phone: circle.edit_household(
                household=Household.objects.get(pk=cast.home.pk),
                pupil=cast.ada,
                version=1,
                by=cast.senco,
                at=AT,
                phone=phone,
            )
            for phone in ("01632 960010", "01632 960011")
        )
    )
    assert sorted(type(one).__name__ for one in found) == ["NoneType", "Stale"]
    assert Household.objects.get(pk=cast.home.pk).version == 2


def test_two_enrolments_that_overlap_are_never_both_kept(cast: Cast) -> None:
    Enrolment.objects.filter(pupil=cast.ada).update(ends_on=date(2025, 12, 1))
    found = together(
        *(
            lambda first=first, after=after: Enrolment.objects.create(
                pupil=cast.ada, setting=cast.westfield, starts_on=first, ends_on=after
            )
            for first, after in (
                (date(2026, 1, 5), date(2026, 6, 1)),
                (date(2026, 5, 31), None),
                (date(2026, 1, 1), date(2027, 1, 1)),
            )
        )
    )
    assert sorted(isinstance(one, DatabaseError) for one in found) == [False, True, True]
    assert Enrolment.objects.filter(pupil=cast.ada).count() == 2


def test_a_pupil_moved_twice_at_once_is_in_one_setting(cast: Cast) -> None:
    from pupils.errors import NotNow

    member(cast.senco, cast.westfield, Role.SENCO)

    def move() -> str:
        try:
            services.move(pupil=cast.ada, to=cast.westfield, on=date(2026, 4, 1), by=cast.senco, at=AT)
        except NotNow:
            return "told that there is a day already"
        return "moved"

    found = together(move, move)
    assert "moved" in found
    starts = list(Enrolment.objects.filter(pupil=cast.ada).values_list("starts_on", "ends_on"))
    assert starts == [(date(2024, 9, 2), date(2026, 4, 1)), (date(2026, 4, 1), None)]


def test_a_restriction_twice_at_once_is_written_down_once_and_shuts_out(cast: Cast) -> None:
    from pupils import policy
    from pupils.enums import Section

    found = together(
        *[
            lambda: circle.restrict(
                pupil=cast.ada,
                person=cast.parent,
                kind=RestrictionKind.UNSAFE,
                reason="A.",
                by=cast.senco,
                at=AT,
            )
        ]
        * 2
    )
    assert sorted(type(one).__name__ for one in found) == ["Restriction", "ValidationError"]
    assert policy.can(cast.parent, Section.PROFILE, cast.ada, AT) is False
