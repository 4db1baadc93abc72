"""Whatever changes a circle: the next answer knows it, the audit has it, and half of it never happens."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse

from accounts.enums import InvitationKind, Role
from accounts.models import Invitation, Setting, User
from apdr.enums import HowObtained, Perspective
from apdr.models import View
from pupils import access, circle, policy, services
from pupils.enums import Relation, RestrictionKind, Section
from pupils.errors import NotNow
from pupils.models import (
    AccessLog,
    AuditEvent,
    Enrolment,
    Household,
    InvitedToClass,
    ParentCarer,
    Pupil,
    PupilGroupPermission,
)
from tests.apdr.pages import as_, count, errors
from tests.apdr.pages import words as words_of
from tests.cast import AT, LONDON, SEPTEMBER, Cast, member, move, person

from ..sessions import sign_in

SECOND = timedelta(seconds=1)
LATER = AT + timedelta(minutes=5)


def refused(who: User, pupil: Pupil, at: datetime) -> bool:
    """Whether the next look is refused as if there were no such pupil, and writes nothing."""
    before = AccessLog.objects.count()
    with pytest.raises(Http404):
        access.look(who, pupil.pk, Section.PROFILE, at)
    return AccessLog.objects.count() == before and not policy.pupils_for(who, None, at).exists()


# The very next answer ---------------------------------------------------------------------------------


@pytest.fixture
def only_ada(cast: Cast) -> Cast:
    """The cast around Ada alone, so that an empty list means something."""
    for pupil in (cast.sam, cast.noor):
        for relation in (Relation.PARENT_CARER, Relation.KEY_ADULT):
            for who in (cast.parent, cast.key_adult):
                circle.end_relation(relation=relation, person=who, pupil=pupil, by=cast.senco, at=AT)
    for group in (cast.class_11c, cast.class_12a):
        circle.leave_class(class_group=group, person=cast.teacher, by=cast.senco, at=AT)
    return cast


def sees(who: User, pupil: Pupil, at: datetime) -> bool:
    access.look(who, pupil.pk, Section.PROFILE, at)
    return True


def test_a_teacher_who_leaves_a_class_is_refused_from_that_instant(only_ada: Cast) -> None:
    teacher, ada = only_ada.teacher, only_ada.ada
    circle.leave_class(class_group=only_ada.class_9b, person=teacher, by=only_ada.senco, at=LATER)
    assert sees(teacher, ada, LATER - SECOND)
    assert refused(teacher, ada, LATER)


def test_a_pupil_taken_out_of_a_class_is_out_of_sight_of_its_teacher(only_ada: Cast) -> None:
    circle.take_out_of_class(pupil=only_ada.ada, class_group=only_ada.class_9b, by=only_ada.senco, at=LATER)
    assert sees(only_ada.teacher, only_ada.ada, LATER - SECOND)
    assert refused(only_ada.teacher, only_ada.ada, LATER)


def test_a_parent_is_restricted_and_the_other_parent_is_not(only_ada: Cast) -> None:
    parent, ada = only_ada.parent, only_ada.ada
    row = circle.restrict(
        pupil=ada, person=parent, kind=RestrictionKind.UNSAFE, reason="A.", by=only_ada.senco, at=LATER
    )
    assert sees(parent, ada, LATER - SECOND)
    assert refused(parent, ada, LATER)
    assert sees(only_ada.other_parent, ada, LATER)
    circle.lift_restriction(restriction=row, by=only_ada.senco, at=LATER + SECOND)
    assert refused(parent, ada, LATER)
    assert sees(parent, ada, LATER + SECOND)


def test_somebody_deactivated_is_refused_although_everything_else_stands(only_ada: Cast) -> None:
    signed_in = User.objects.get(pk=only_ada.parent.pk)
    User.objects.filter(pk=only_ada.parent.pk).update(is_active=False)
    assert signed_in.is_active is True, "an object read before the change"
    assert refused(signed_in, only_ada.ada, AT)


def test_a_relation_that_ends_is_over_at_that_instant(only_ada: Cast) -> None:
    key_adult, ada = only_ada.key_adult, only_ada.ada
    circle.end_relation(relation=Relation.KEY_ADULT, person=key_adult, pupil=ada, by=only_ada.senco, at=LATER)
    assert sees(key_adult, ada, LATER - SECOND)
    assert refused(key_adult, ada, LATER)


def test_a_pupil_who_moves_leaves_nobody_behind_but_the_family(only_ada: Cast) -> None:
    cast = only_ada
    move(cast.ada, cast.westfield, on=date(2026, 3, 10), by=cast.senco, at=LATER)
    assert [who for who, one in cast.people.items() if policy.can(one, Section.PROFILE, cast.ada, LATER)] == [
        "parent",
        "other_parent",
        "child",
        "stranger",
    ]
    for who in (cast.teacher, cast.key_adult):
        assert refused(who, cast.ada, LATER)


def test_a_move_on_a_later_day_takes_effect_as_that_day_begins_in_london(only_ada: Cast) -> None:
    cast = only_ada
    day = datetime(2026, 4, 13, tzinfo=LONDON)
    move(cast.ada, cast.westfield, on=day.date(), by=cast.senco, at=LATER)
    for who in (cast.teacher, cast.key_adult, cast.senco):
        assert policy.can(who, Section.PROFILE, cast.ada, day - SECOND) is True
        assert policy.can(who, Section.PROFILE, cast.ada, day) is False
    assert policy.can(cast.stranger, Section.PROFILE, cast.ada, day - SECOND) is False
    assert policy.can(cast.stranger, Section.PROFILE, cast.ada, day) is True


def test_a_pupil_who_comes_back_meets_their_old_teachers_as_strangers(only_ada: Cast) -> None:
    cast = only_ada
    away, back = datetime(2026, 4, 13, 9, tzinfo=LONDON), datetime(2026, 9, 1, 9, tzinfo=LONDON)
    move(cast.ada, cast.westfield, on=away.date(), by=cast.senco, at=LATER)
    move(cast.ada, cast.hazelmere, on=back.date(), by=cast.stranger, at=away)
    assert policy.can(cast.senco, Section.PROFILE, cast.ada, back) is True
    assert policy.can(cast.teacher, Section.PROFILE, cast.ada, back) is False
    assert policy.can(cast.key_adult, Section.PROFILE, cast.ada, back) is False


def test_an_adult_of_both_schools_is_no_key_adult_in_the_second_until_named(only_ada: Cast) -> None:
    cast = only_ada
    member(cast.key_adult, cast.westfield, Role.KEY_ADULT)
    day = datetime(2026, 4, 13, 9, tzinfo=LONDON)
    move(cast.ada, cast.westfield, on=day.date(), by=cast.senco, at=LATER)
    assert policy.can(cast.key_adult, Section.PROFILE, cast.ada, day) is False


def test_a_class_time_that_was_to_end_later_ends_when_the_adult_leaves(only_ada: Cast) -> None:
    only_ada.class_9b.staff.filter(person=only_ada.teacher).update(ends_at=AT + timedelta(days=90))
    circle.leave_class(class_group=only_ada.class_9b, person=only_ada.teacher, by=only_ada.senco, at=LATER)
    assert refused(only_ada.teacher, only_ada.ada, LATER)


def test_a_class_of_another_school_shows_nobody_who_is_not_there(only_ada: Cast) -> None:
    cast = only_ada
    elsewhere = circle.open_class(setting=cast.westfield, name="A1", by=cast.stranger, at=AT)
    lecturer = person("lecturer@westfield.example", "Lee Lecturer")
    member(lecturer, cast.westfield, Role.KEY_ADULT)
    circle.join_class(class_group=elsewhere, person=lecturer, by=cast.stranger, at=AT)
    circle.place_in_class(pupil=cast.ada, class_group=elsewhere, by=cast.senco, at=AT)
    assert refused(lecturer, cast.ada, AT)


def test_nobody_in_a_closed_class_stays_near(only_ada: Cast) -> None:
    only_ada.class_9b.closed_at = LATER
    only_ada.class_9b.save()
    assert sees(only_ada.teacher, only_ada.ada, LATER - SECOND)
    assert refused(only_ada.teacher, only_ada.ada, LATER)


def test_a_restriction_beats_teaching_but_neither_ones_own_record_nor_the_senco(cast: Cast) -> None:
    for who in (cast.teacher, cast.key_adult, cast.professional, cast.child, cast.senco):
        circle.restrict(
            pupil=cast.ada, person=who, kind=RestrictionKind.UNSAFE, reason="A.", by=cast.senco, at=AT
        )
    assert {
        who: policy.why(one, cast.ada, AT).near
        for who, one in cast.people.items()
        if who in {"teacher", "key_adult", "professional", "child", "senco"}
    } == {"teacher": False, "key_adult": False, "professional": False, "child": True, "senco": True}


def test_in_the_circle_but_not_for_this_says_so_and_nothing_of_what_is_there(cast: Cast) -> None:
    with pytest.raises(policy.NotThisSection) as refusal:
        access.look(cast.teacher, cast.ada.pk, Section.FUNDING, AT)
    assert str(refusal.value) == (
        "This part of Ada’s record is not open to you. You can ask to see it, and say why."
    )
    assert AccessLog.objects.count() == 0


def test_a_look_is_written_down_with_its_ground(cast: Cast) -> None:
    access.look(cast.teacher, cast.ada.pk, Section.PLAN, AT, also=[Section.FUNDING, Section.PROFILE])
    assert list(AccessLog.objects.values_list("person", "pupil", "sections", "grounds", "at")) == [
        (cast.teacher.pk, cast.ada.pk, ["plan", "profile"], ["teaches", "teaches"], AT)
    ]


# One parent never hears another household ---------------------------------------------------------------


@pytest.fixture
def carers(cast: Cast) -> Callable[[User], list[str]]:
    """Which households' words somebody hears, asked of a model that says its household."""
    for household, who in (
        (cast.home, cast.parent),
        (cast.other_home, cast.other_parent),
        (None, cast.teacher),
    ):
        View.objects.create(
            pupil=cast.ada,
            said_by=who,
            household=household,
            perspective=Perspective.PARENT if household else Perspective.STAFF,
            how=HowObtained.TALKED,
            words="Words.",
            recorded_by=who,
        )

    def heard(who: User) -> list[str]:
        sight = policy.why(who, cast.ada, AT)
        rows = View.objects.filter(sight.heard(Section.VIEWS, by="said_by", audience=True))
        return sorted(row.household.name if row.household else "school" for row in rows)

    return heard


def test_one_parent_never_hears_another_household(cast: Cast, carers: Callable[[User], list[str]]) -> None:
    both = ["Oscar’s home", "Pam’s home", "school"]
    assert carers(cast.parent) == ["Pam’s home", "school"]
    assert carers(cast.other_parent) == ["Oscar’s home", "school"]
    assert carers(cast.senco) == both
    assert carers(cast.teacher) == both
    assert carers(cast.child) == both


def test_a_parent_who_also_teaches_the_child_does_not_hear_the_other_household(
    cast: Cast, carers: Callable[[User], list[str]]
) -> None:
    member(cast.parent, cast.hazelmere, Role.KEY_ADULT)
    circle.join_class(class_group=cast.class_9b, person=cast.parent, by=cast.senco, at=AT)
    assert carers(cast.parent) == ["Pam’s home", "school"]


# Audit --------------------------------------------------------------------------------------------------

Act = Callable[[Cast], Callable[[], Any]]


def _invited(cast: Cast) -> Invitation:
    invitation = Invitation.objects.create(
        kind=InvitationKind.STAFF,
        role=Role.KEY_ADULT,
        email="colleague@hazelmere.example",
        setting=cast.hazelmere,
        secret_hash="x",
        invited_by=cast.senco,
        expires_at=LATER,
    )
    InvitedToClass.objects.create(invitation=invitation, class_group=cast.class_9b)
    return invitation


def _restriction(cast: Cast) -> Any:
    return cast.ada.restrictions.get(person=cast.restricted_parent)


def _call(function: Any, **arguments: Any) -> Callable[[], Any]:
    return lambda: function(**arguments, at=AT)


def _senco_there(cast: Cast) -> Setting:
    member(cast.senco, cast.westfield, Role.SENCO)
    return cast.westfield


def _new_pupil(cast: Cast) -> dict[str, Any]:
    return {
        "given_name": "Ben",
        "family_name": "Fox",
        "date_of_birth": date(2012, 1, 1),
        "setting": cast.hazelmere,
    }


#: Every named act on a pupil and their circle, done once as it is meant.
ACTS: dict[str, Act] = {
    "grant": lambda c: _call(
        circle.grant, relation=Relation.PROFESSIONAL, person=c.stranger, pupil=c.ada, by=c.senco
    ),
    "place_near": lambda c: _call(
        circle.place_near, relation=Relation.PROFESSIONAL, person=c.stranger, pupil=c.ada, by=c.senco
    ),
    "end_relation": lambda c: _call(
        circle.end_relation, relation=Relation.KEY_ADULT, person=c.key_adult, pupil=c.ada, by=c.senco
    ),
    "open_class": lambda c: _call(circle.open_class, setting=c.hazelmere, name="10D", by=c.senco),
    "join_class": lambda c: _call(circle.join_class, class_group=c.class_9b, person=c.colleague, by=c.senco),
    "begin_invited_classes": lambda c: _call(
        circle.begin_invited_classes, invitation=_invited(c), person=c.colleague
    ),
    "leave_class": lambda c: _call(circle.leave_class, class_group=c.class_9b, person=c.teacher, by=c.senco),
    "place_in_class": lambda c: _call(
        circle.place_in_class, pupil=c.ada, class_group=c.class_11c, by=c.senco
    ),
    "take_out_of_class": lambda c: _call(
        circle.take_out_of_class, pupil=c.ada, class_group=c.class_9b, by=c.senco
    ),
    "add_parent_carer": lambda c: _call(
        circle.add_parent_carer,
        pupil=c.ada,
        household=None,
        name="Gran",
        relationship="grandmother",
        by=c.senco,
    ),
    "edit_household": lambda c: _call(
        circle.edit_household, household=c.home, pupil=c.ada, version=1, by=c.senco, phone="01632 960009"
    ),
    "restrict": lambda c: _call(
        circle.restrict,
        pupil=c.ada,
        person=c.parent,
        kind=RestrictionKind.UNSAFE,
        reason="A.",
        by=c.senco,
    ),
    "lift_restriction": lambda c: _call(circle.lift_restriction, restriction=_restriction(c), by=c.senco),
    "create_pupil": lambda c: _call(services.create_pupil, by=c.senco, **_new_pupil(c)),
    "edit_pupil": lambda c: _call(services.edit_pupil, pupil=c.ada, version=1, by=c.senco, known_as="Addie"),
    "move": lambda c: _call(services.move, pupil=c.ada, to=_senco_there(c), on=date(2026, 4, 1), by=c.senco),
    "write_profile": lambda c: _call(
        services.write_profile, pupil=c.ada, number=0, by=c.child, important="My dog."
    ),
    "reveal_upn": lambda c: _call(services.reveal_upn, pupil=c.ada, by=c.senco),
}


def everything_kept() -> dict[str, tuple[int, str]]:
    """Every table of people and pupils, by its number of rows and a digest of them."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table.startswith(("accounts_", "pupils_", "auth_group")):
                cursor.execute(
                    f"SELECT count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} t"
                )
                found[table] = cursor.fetchone()
    return found


@pytest.mark.parametrize("name", ACTS)
def test_nobody_may_who_may_not(cast: Cast, name: str) -> None:
    """Each act with `by` somebody who stands elsewhere, in another school: refused, and nothing is kept."""
    act = ACTS[name](cast)
    closure = dict(
        zip(act.__code__.co_freevars, [c.cell_contents for c in act.__closure__ or ()], strict=True)
    )
    if name in {"place_near", "begin_invited_classes"}:
        return  # their callers asked: an accepted invitation
    before = everything_kept()
    for who in (cast.stranger, cast.installer, cast.left, cast.colleague, cast.deactivated, cast.dsl):
        with transaction.atomic(), pytest.raises((Http404, policy.PermissionDenied)):
            closure["function"](**{**closure["arguments"], "by": who}, at=AT)
    assert everything_kept() == before


def test_a_role_of_somebody_who_may_not_sign_in_is_none(cast: Cast) -> None:
    for role in (Role.SENCO, Role.LEADER, Role.DSL):
        member(cast.deactivated, cast.hazelmere, role)

    def held(who: Any) -> list[bool]:
        return [
            policy.coordinates(who, cast.hazelmere, AT),
            policy.settings_coordinated(who, AT).exists(),
            policy.settings_counted(who, AT).exists(),
            policy.pupils_safeguarded(who, AT).exists(),
        ]

    assert [held(who) for who in (cast.deactivated, AnonymousUser())] == [[False] * 4] * 2
    cast.deactivated.is_active = True
    cast.deactivated.save()
    assert held(cast.deactivated) == [True] * 4


# Append-only --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["pupils_auditevent", "pupils_accesslog"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET at = now()",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "TRUNCATE {} CASCADE",
        "SET LOCAL pgtrigger.ignore = '{{all}}'; DELETE FROM {}",
        "SELECT set_config('pgtrigger.ignore', '{{{0}:append_only,{0}:never_emptied}}', true); TRUNCATE {0}",
    ],
)
def test_the_applications_own_sql_cannot_change_what_was_written(
    cast: Cast, table: str, statement: str
) -> None:
    access.look(cast.teacher, cast.ada.pk, Section.PLAN, AT)
    before = everything_kept()[table]
    assert before[0] > 0
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(statement.format(table))
    assert everything_kept()[table] == before


def test_neither_the_orm_nor_a_switch_of_pgtrigger_changes_what_was_written(cast: Cast) -> None:
    import pgtrigger

    access.look(cast.teacher, cast.ada.pk, Section.PLAN, AT)
    before = everything_kept()
    event, look = AuditEvent.objects.all()[0], AccessLog.objects.get()
    event.verb, look.at = "nothing", LATER
    tries: list[Callable[[], Any]] = [
        event.save,
        look.save,
        event.delete,
        look.delete,
        lambda: AuditEvent.objects.all().delete(),
        lambda: AccessLog.objects.update(at=LATER),
        lambda: AuditEvent.objects.bulk_update([event], ["verb"]),
    ]
    for attempt in tries:
        with pytest.raises(DatabaseError, match="append-only"), pgtrigger.ignore(), transaction.atomic():
            attempt()
    assert everything_kept() == before


# Dates --------------------------------------------------------------------------------------------------


def enrolled(pupil: Pupil, setting: Setting, first: date, after: date | None) -> Enrolment:
    return Enrolment.objects.create(pupil=pupil, setting=setting, starts_on=first, ends_on=after)


def test_enrolments_of_a_pupil_never_overlap(cast: Cast) -> None:
    Enrolment.objects.filter(pupil=cast.ada).update(ends_on=date(2026, 4, 1))
    with pytest.raises(DatabaseError), transaction.atomic():
        enrolled(cast.ada, cast.westfield, date(2026, 3, 31), None)
    with pytest.raises(DatabaseError), transaction.atomic():
        enrolled(cast.ada, cast.westfield, date(2020, 1, 1), date(2024, 9, 3))
    enrolled(cast.ada, cast.westfield, date(2026, 4, 1), None)
    enrolled(cast.ada, cast.westfield, date(2020, 1, 1), date(2024, 9, 2))
    assert cast.ada.enrolments.count() == 3


def test_a_pupil_does_not_leave_before_today_or_twice(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        services.move(pupil=cast.ada, to=None, on=date(2026, 3, 9), by=cast.senco, at=AT)
    services.move(pupil=cast.ada, to=None, on=date(2026, 3, 11), by=cast.senco, at=AT)
    with pytest.raises(NotNow):
        services.move(pupil=cast.ada, to=cast.westfield, on=date(2026, 3, 12), by=cast.senco, at=AT)


def test_nobody_puts_a_pupil_into_a_setting_that_is_not_theirs(cast: Cast) -> None:
    for to, words in ((cast.westfield, "Choose a setting whose SENCO you are."), (cast.hazelmere, "already")):
        with pytest.raises(ValidationError, match=words) as refusal:
            services.move(pupil=cast.ada, to=to, on=date(2026, 4, 1), by=cast.senco, at=AT)
        assert list(refusal.value.message_dict) == ["to"]
    member(cast.senco, cast.westfield, Role.LEADER)
    with pytest.raises(ValidationError):
        services.move(pupil=cast.ada, to=cast.westfield, on=date(2026, 4, 1), by=cast.senco, at=AT)
    assert cast.ada.enrolments.get().ends_on is None


def test_a_parent_hears_nothing_between_two_schools_once_the_young_person_decides(cast: Cast) -> None:
    """Enrolled nowhere, no setting's policy holds: the earliest of the three days counts."""
    cast.hazelmere.control_trigger = "post16"
    cast.hazelmere.save()
    assert policy.can(cast.parent, Section.PLAN, cast.sam, AT) is True
    services.move(pupil=cast.sam, to=None, on=date(2026, 3, 10), by=cast.senco, at=AT)
    assert policy.can(cast.parent, Section.PLAN, cast.sam, AT) is False


def test_a_parent_keeps_a_childs_plan_between_two_schools(cast: Cast) -> None:
    services.move(pupil=cast.ada, to=None, on=date(2026, 3, 10), by=cast.senco, at=AT)
    assert [who for who, one in cast.people.items() if policy.can(one, Section.PLAN, cast.ada, AT)] == [
        "parent",
        "other_parent",
        "child",
    ]


def test_a_relation_that_was_ended_and_given_again_holds_only_from_then(cast: Cast) -> None:
    near = {"relation": Relation.KEY_ADULT, "person": cast.key_adult, "pupil": cast.ada, "by": cast.senco}
    circle.end_relation(**near, at=AT)
    circle.grant(**near, at=AT + timedelta(days=2))
    assert policy.can(cast.key_adult, Section.PLAN, cast.ada, AT + timedelta(days=1)) is False
    assert policy.can(cast.key_adult, Section.PLAN, cast.ada, AT + timedelta(days=2)) is True
    assert PupilGroupPermission.objects.filter(content_object=cast.ada).count() == 1


def test_one_of_several_relations_of_the_same_person_is_ended_on_the_circle_page(
    cast: Cast, at_ten: object
) -> None:
    circle.grant(relation=Relation.KEY_ADULT, person=cast.parent, pupil=cast.ada, by=cast.senco, at=SEPTEMBER)
    client = Client()
    sign_in(client, cast.senco)
    assert (
        client.post(reverse("end_relation", args=[cast.ada.pk, cast.parent.pk, "is_key_adult"])).status_code
        == 302
    )
    near = cast.ada.user_permissions.filter(user=cast.parent, ends_at=None)
    assert list(near.values_list("permission__codename", flat=True)) == [Relation.PARENT_CARER]


def test_a_household_of_another_family_is_not_changed_through_this_pupil(cast: Cast) -> None:
    other = Household.objects.create(name="Next door")
    with pytest.raises(policy.NotThisSection):
        circle.edit_household(household=other, pupil=cast.ada, version=1, by=cast.senco, at=AT, phone="1")
    assert Household.objects.get(pk=other.pk).phone == ""


def test_writing_a_parent_down_without_a_sign_in_opens_nothing(cast: Cast) -> None:
    newcomer = person("newcomer@home.example", "New Comer")
    circle.add_parent_carer(
        pupil=cast.ada,
        household=cast.home,
        name="New Comer",
        relationship="uncle",
        email="newcomer@home.example",
        by=cast.senco,
        at=AT,
    )
    assert policy.why(newcomer, cast.ada, LATER).near is False
    assert ParentCarer.objects.filter(pupil=cast.ada).count() == 4


def test_pupils_of_a_class_move_to_another_on_a_page_and_keep_what_they_had(cast: Cast) -> None:
    """Who teaches the one alone sees them no more, and who teaches the other does, from the same instant."""
    teach: dict[str, Any] = {"by": cast.senco, "at": SEPTEMBER}
    other = circle.open_class(setting=cast.hazelmere, name="9C", **teach)
    circle.join_class(class_group=other, person=cast.colleague, **teach)
    circle.end_relation(relation=Relation.KEY_ADULT, person=cast.key_adult, pupil=cast.ada, **teach)
    ben, eve = (
        services.create_pupil(
            setting=cast.hazelmere, given_name=name, family_name="Ninth", year_group="9",
            date_of_birth=date(2012, 3, 1), starts_on=date(2025, 9, 2), **teach,
        )
        for name in ("Ben", "Eve")
    )  # fmt: skip
    for pupil in (ben, eve):
        circle.place_in_class(pupil=pupil, class_group=cast.class_9b, **teach)
    circle.place_in_class(pupil=ben, class_group=other, **teach)  # is in it already

    def times(group: Any) -> list[tuple[str, datetime, datetime | None]]:
        rows = PupilGroupPermission.objects.filter(group=group.group).select_related("content_object")
        return sorted((row.content_object.given_name, row.starts_at, row.ends_at) for row in rows)

    with time_machine.travel(AT, tick=False):
        senco, page = as_(cast.senco), reverse("move_class", args=[cast.hazelmere.pk, cast.class_9b.pk])
        assert "Ada Lovelace Ben Ninth Eve Ninth" in words_of(senco.get(page))
        assert count(senco, page) == 11
        for typed, said in (
            ({"to": other.pk}, ["Tick who moves"]),
            ({"pupils": [ben.pk]}, ["Please answer “To which class?”"]),
            (
                {"pupils": [ben.pk, cast.sam.pk], "to": other.pk},
                ["Somebody you ticked is not in this class any more. Look again."],
            ),
        ):
            answer = senco.post(page, typed)
            assert (answer.status_code, errors(answer)) == (422, said)
        assert senco.post(page, {"pupils": [ben.pk], "to": cast.class_9b.pk}).status_code == 422
        assert [as_(one).get(page).status_code for one in (cast.teacher, cast.stranger, cast.parent)] == [
            404
        ] * 3
        moved = {"pupils": [cast.ada.pk, ben.pk], "to": other.pk}
        assert senco.post(page, moved)["Location"] == reverse(
            "setting_class", args=[cast.hazelmere.pk, cast.class_9b.pk]
        )
        assert senco.post(page, moved).status_code == 422  # they are there
        assert count(senco, page) == 11
    assert times(cast.class_9b) == [("Ada", SEPTEMBER, AT), ("Ben", SEPTEMBER, AT), ("Eve", SEPTEMBER, None)]
    assert times(other) == [("Ada", AT, None), ("Ben", SEPTEMBER, None)]
    assert not policy.why(cast.teacher, cast.ada, AT).near
    assert policy.why(cast.teacher, eve, AT).near
    assert policy.why(cast.colleague, cast.ada, AT).sees(Section.PLAN)
    told = AuditEvent.objects.filter(verb__in=["taken out of a class", "put in a class"], at=AT)
    assert sorted(told.values_list("verb", "pupil__given_name")) == [
        ("put in a class", "Ada"), ("taken out of a class", "Ada"), ("taken out of a class", "Ben"),
    ]  # fmt: skip
    with pytest.raises(PermissionDenied):
        circle.move_to_class(pupils=[eve.pk], was=cast.class_9b, to=other, by=cast.teacher, at=AT)
