"""Who may give which role: every role, against every role."""

import contextlib
import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from accounts import policy, services
from accounts.enums import Role
from accounts.models import Invitation, Membership, Setting, User
from pupils import people
from tests.cast import AT, Cast, person

#: role held → what they may give and end. Everything that is not here is refused.
MAY_GIVE = {
    Role.SENCO: {Role.SENCO, Role.KEY_ADULT, Role.DSL, Role.DEPUTY_DSL, Role.LEADER},
    Role.LEADER: {Role.KEY_ADULT},
    Role.KEY_ADULT: set(),
    Role.DSL: set(),
    Role.DEPUTY_DSL: set(),
}


def test_every_role_stands_in_the_table() -> None:
    assert set(MAY_GIVE) == set(Role)
    assert set(policy.GIVES) == set(Role)


def takers() -> list[tuple[Role, User]]:
    """Somebody new for each role that can be given."""
    return [(role, person(f"{role}@new.example", f"Tia {role}")) for role in Role]


@pytest.mark.parametrize("held", Role)
def test_a_role_gives_exactly_what_the_table_says(cast: Cast, held: Role) -> None:
    giver = person("giver@hazelmere.example", "Gil Giver")
    services.begin(giver, cast.hazelmere, held, AT)
    for given, taker in takers():
        if given in MAY_GIVE[held]:
            services.add_member(person=taker, setting=cast.hazelmere, role=given, by=giver, at=AT)
            assert policy.roles(taker, AT) == {cast.hazelmere.pk: {given}}
        else:
            with pytest.raises(PermissionDenied):
                services.add_member(person=taker, setting=cast.hazelmere, role=given, by=giver, at=AT)
            assert policy.roles(taker, AT) == {}


@pytest.mark.parametrize("held", Role)
def test_a_role_ends_exactly_what_it_may_give(cast: Cast, held: Role) -> None:
    ender = person("ender@hazelmere.example", "Ed Ender")
    services.begin(ender, cast.hazelmere, held, AT)
    for ended, taker in takers():
        membership = services.begin(taker, cast.hazelmere, ended, AT)
        if ended in MAY_GIVE[held]:
            services.end_membership(membership=membership, by=ender, at=AT)
            assert policy.roles(taker, AT) == {}
        else:
            with pytest.raises(PermissionDenied):
                services.end_membership(membership=membership, by=ender, at=AT)
            assert policy.roles(taker, AT) == {cast.hazelmere.pk: {ended}}


@pytest.mark.parametrize("held", Role)
def test_a_role_invites_to_exactly_what_it_may_give(cast: Cast, held: Role) -> None:
    inviter = person("inviter@hazelmere.example", "Ivy Inviter")
    services.begin(inviter, cast.hazelmere, held, AT)
    invited = set()
    for role in Role:
        with contextlib.suppress(PermissionDenied):
            people.invite_staff(
                email=f"{role}@new.example", name="New", role=role, setting=cast.hazelmere, by=inviter, at=AT
            )
            invited.add(role)
    assert invited == MAY_GIVE[held]
    assert {Role(i.role) for i in Invitation.objects.all()} == MAY_GIVE[held]


def test_nobody_gives_themselves_a_role(cast: Cast) -> None:
    for somebody in cast.people.values():
        before = policy.roles(somebody, AT)
        for role in Role:
            with pytest.raises(PermissionDenied):
                services.add_member(person=somebody, setting=cast.hazelmere, role=role, by=somebody, at=AT)
        assert policy.roles(somebody, AT) == before


def test_nobody_invites_themselves(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        people.invite_staff(
            email=" Senco@Hazelmere.example",
            name="Sunita Rao",
            role=Role.DSL,
            setting=cast.hazelmere,
            by=cast.senco,
            at=AT,
        )
    assert Invitation.objects.count() == 0


def test_a_senco_gives_nothing_in_another_setting(cast: Cast) -> None:
    for role in Role:
        with pytest.raises(PermissionDenied):
            services.add_member(
                person=cast.teacher, setting=cast.hazelmere, role=role, by=cast.stranger, at=AT
            )


def test_only_sencos_and_leaders_look_after_people(cast: Cast) -> None:
    managing = {n for n, p in cast.people.items() if policy.manages_people(p, cast.hazelmere, AT)}
    assert managing == {"senco", "leader"}


def test_the_last_senco_stays_until_another_has_joined(cast: Cast) -> None:
    only = Membership.objects.get(person=cast.senco, role=Role.SENCO)
    with pytest.raises(ValidationError, match="only SENCO"):
        services.end_membership(membership=only, by=cast.senco, at=AT)
    services.add_member(person=cast.colleague, setting=cast.hazelmere, role=Role.SENCO, by=cast.senco, at=AT)
    services.end_membership(membership=only, by=cast.senco, at=AT)
    assert policy.roles(cast.senco, AT) == {}


def test_a_senco_who_is_shut_out_is_no_successor(cast: Cast) -> None:
    services.begin(cast.deactivated, cast.hazelmere, Role.SENCO, AT)
    only = Membership.objects.get(person=cast.senco, role=Role.SENCO)
    with pytest.raises(ValidationError, match="only SENCO"):
        services.end_membership(membership=only, by=None, at=AT)


def test_a_role_holds_from_its_start_and_no_longer_at_its_end(cast: Cast) -> None:
    left = Membership.objects.get(person=cast.left)
    assert left.ends_at is not None
    assert policy.roles(cast.left, left.starts_at) == {cast.hazelmere.pk: {Role.KEY_ADULT}}
    assert policy.roles(cast.left, left.ends_at) == {}


def test_a_role_ends_once(cast: Cast) -> None:
    membership = Membership.objects.get(person=cast.teacher)
    services.end_membership(membership=membership, by=cast.senco, at=AT)
    with pytest.raises(ValidationError, match="ended already"):
        services.end_membership(membership=membership, by=cast.senco, at=AT)


@pytest.mark.django_db(transaction=True)
def test_when_two_sencos_end_each_other_at_once_one_stays() -> None:
    setting = Setting.objects.create(name="Hazelmere School", phase="secondary")
    both = [person(f"{name}@hazelmere.example", name) for name in ("ann", "bea")]
    roles = [services.begin(one, setting, Role.SENCO, AT) for one in both]
    start, ends = threading.Barrier(2), []

    def end(by: User, role: Membership) -> None:
        try:
            start.wait(10)
            people.end_membership(membership=role, by=by, at=AT)
            ends.append("ended")
        except (PermissionDenied, ValidationError):
            ends.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=end, args=pair) for pair in zip(both, reversed(roles), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(ends) == ["ended", "refused"]
    assert Membership.objects.filter(ends_at=None).count() == 1
