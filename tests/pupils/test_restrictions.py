"""Shutting out an adult who has no sign-in yet: their way in closes, and it holds from the first instant they have one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client

from accounts import invitations as way_in
from accounts.enums import InvitationKind, Role
from accounts.errors import InvitationClosed
from accounts.models import Invitation, User
from notifications.selectors import homes
from pupils import circle, invitations, policy
from pupils.enums import Relation, RestrictionKind, Section
from pupils.imports import inviting
from pupils.models import AuditEvent, Household, ParentCarer, Pupil, Restriction
from tests.apdr.pages import words
from tests.cast import AT, SEPTEMBER, Cast, member, person

from ..sessions import sign_in

LATER = AT + timedelta(hours=1)
ADDRESS = "dan@home.example"


@pytest.fixture
def dan(cast: Cast) -> ParentCarer:
    return written_down(cast, cast.ada)


def written_down(cast: Cast, pupil: Pupil, **more: Any) -> ParentCarer:
    return circle.add_parent_carer(
        pupil=pupil,
        household=cast.restricted_home,
        name="Dan Lovelace",
        relationship="uncle",
        has_parental_responsibility=True,
        by=cast.senco,
        at=SEPTEMBER,
        **{"email": ADDRESS, **more},
    )


def restrict(cast: Cast, who: User | ParentCarer, pupil: Pupil | None = None) -> Restriction:
    return circle.restrict(
        pupil=pupil or cast.ada,
        person=who,
        kind=RestrictionKind.COURT_ORDER,
        reason="An order of the family court.",
        by=cast.senco,
        at=AT,
    )


def invite(cast: Cast, *carers: ParentCarer, email: str = ADDRESS) -> tuple[Invitation, str]:
    return invitations.invite_parent(carers=carers, email=email, by=cast.senco, at=AT)


def join(secret: str) -> User:
    return invitations.accept_as_new(
        secret=secret, name="Dan Lovelace", known_as="", password=None, at=LATER
    )[1]


def test_an_invitation_that_waits_is_taken_back_and_this_is_written_down(
    cast: Cast, dan: ParentCarer
) -> None:
    invitation, secret = invite(cast, dan)
    restrict(cast, dan)
    assert way_in.find(secret, LATER) is None
    with pytest.raises(InvitationClosed):
        join(secret)
    assert not User.objects.filter(email=ADDRESS).exists()
    assert not invitations.waiting_for(cast.ada).exists()
    events = AuditEvent.objects.filter(object_id=invitation.pk).order_by("at", "verb")
    assert list(events.values_list("verb", "by", "pupil")) == [
        ("invitation withdrawn", cast.senco.pk, cast.ada.pk),
        ("invited", cast.senco.pk, cast.ada.pk),
    ]
    with pytest.raises(ValidationError):
        invitations.send_again(invitation=invitation, by=cast.senco, at=LATER)


def test_an_invitation_to_two_children_goes_on_for_the_other_and_shuts_out_of_this_one(
    cast: Cast, dan: ParentCarer
) -> None:
    invitation, secret = invite(cast, dan, written_down(cast, cast.sam))
    row = restrict(cast, dan)
    assert list(invitations.waiting_for(cast.ada)) == []
    assert list(invitations.waiting_for(cast.sam)) == [invitation]
    newcomer = join(secret)
    assert (policy.why(newcomer, cast.ada, LATER).near, policy.why(newcomer, cast.sam, LATER).near) == (
        False,
        True,
    )
    row.refresh_from_db()
    assert row.person == newcomer
    circle.grant(relation=Relation.KEY_ADULT, person=newcomer, pupil=cast.ada, by=cast.senco, at=LATER)
    member(newcomer, cast.hazelmere, Role.KEY_ADULT)
    circle.join_class(class_group=cast.class_9b, person=newcomer, by=cast.senco, at=LATER)
    assert policy.why(newcomer, cast.ada, LATER).near is False


def test_one_that_is_accepted_although_nobody_took_it_back_begins_nothing(
    cast: Cast, dan: ParentCarer
) -> None:
    _, secret = invite(cast, dan)
    Restriction.objects.create(
        pupil=cast.ada,
        parent_carer=dan,
        kind=RestrictionKind.UNSAFE,
        reason="A.",
        starts_at=AT,
        recorded_by=cast.senco,
    )
    with pytest.raises(InvitationClosed):
        join(secret)
    assert not User.objects.filter(email=ADDRESS).exists()


@pytest.mark.parametrize("kind", ["parent", "young person", "professional"])
def test_nobody_who_is_shut_out_is_invited_in_any_way(cast: Cast, dan: ParentCarer, kind: str) -> None:
    circle.end_relation(relation=Relation.SELF, person=cast.child, pupil=cast.ada, by=cast.senco, at=AT)
    restrict(cast, dan)
    who: dict[str, Any] = {"email": f" {ADDRESS.title()} ", "by": cast.senco, "at": LATER}
    ways: dict[str, Callable[[], Any]] = {
        "parent": lambda: invitations.invite_parent(carers=[dan], **{**who, "email": "new@home.example"}),
        "young person": lambda: invitations.invite_young_person(pupil=cast.ada, **who),
        "professional": lambda: invitations.invite_professional(pupils=[cast.ada], name="Dan", **who),
    }
    with pytest.raises(ValidationError) as refused:
        ways[kind]()
    assert refused.value.message_dict == {
        "email": ["This person must not see Ada’s record, so they cannot be invited to it."]
    }
    assert not Invitation.objects.exists()


def test_somebody_with_a_sign_in_who_is_shut_out_loses_what_waits_for_them(cast: Cast) -> None:
    newcomer = person("newcomer@health.example", "New Comer")
    invitation, secret = invitations.invite_professional(
        pupils=[cast.ada], email=newcomer.email, name="New", by=cast.senco, at=AT
    )
    restrict(cast, newcomer)
    assert way_in.find(secret, LATER) is None
    with pytest.raises(ValidationError):
        invitations.invite_professional(
            pupils=[cast.ada], email=newcomer.email, name="New", by=cast.senco, at=LATER
        )
    assert Invitation.objects.get(pk=invitation.pk).closed_at == AT


def test_other_peoples_invitations_go_on(cast: Cast, dan: ParentCarer) -> None:
    gran = circle.add_parent_carer(
        pupil=cast.ada, household=cast.home, name="Gran", relationship="gran", by=cast.senco, at=AT
    )
    _, secret = invite(cast, gran, email="gran@home.example")
    restrict(cast, dan)
    _, gran_now = invitations.accept_as_new(secret=secret, name="Gran", known_as="", password=None, at=LATER)
    assert policy.can(gran_now, Section.PLAN, cast.ada, LATER) is True


def test_it_holds_from_the_instant_at_which_a_sign_in_is_linked_however_that_happens(
    cast: Cast, dan: ParentCarer
) -> None:
    row = restrict(cast, dan)
    newcomer = person(ADDRESS, "Dan Lovelace")
    circle.grant(relation=Relation.PARENT_CARER, person=newcomer, pupil=cast.ada, by=cast.senco, at=AT)
    ParentCarer.objects.filter(pk=dan.pk).update(person=newcomer)
    row.refresh_from_db()
    assert row.person == newcomer
    assert policy.why(newcomer, cast.ada, AT).near is False


def test_one_that_names_an_adult_who_was_linked_meanwhile_names_the_person(cast: Cast) -> None:
    carer = ParentCarer.objects.get(pupil=cast.ada, person=cast.parent)
    row = Restriction.objects.create(
        pupil=cast.ada,
        parent_carer=carer,
        kind=RestrictionKind.UNSAFE,
        reason="A.",
        starts_at=AT,
        recorded_by=cast.senco,
    )
    row.refresh_from_db()
    assert row.person == cast.parent
    assert policy.why(cast.parent, cast.ada, AT).near is False


def test_their_own_record_and_what_they_coordinate_stay_open(cast: Cast, dan: ParentCarer) -> None:
    restrict(cast, dan)
    both = person(ADDRESS, "Dan Lovelace")
    ParentCarer.objects.filter(pk=dan.pk).update(person=both)
    member(both, cast.hazelmere, Role.SENCO)
    assert policy.why(both, cast.ada, AT).grounds(Section.PLAN) == {"coordinates"}


def test_when_it_has_ended_they_can_be_invited_again(cast: Cast, dan: ParentCarer) -> None:
    _, old = invite(cast, dan)
    row = restrict(cast, dan)
    circle.lift_restriction(restriction=row, by=cast.senco, at=LATER)
    assert way_in.find(old, LATER) is None
    _, secret = invitations.invite_parent(carers=[dan], email=ADDRESS, by=cast.senco, at=LATER)
    assert policy.can(join(secret), Section.PLAN, cast.ada, LATER) is True


def test_it_is_written_once_and_only_for_this_family(cast: Cast, dan: ParentCarer) -> None:
    restrict(cast, dan)
    with pytest.raises(ValidationError, match="written down already"):
        restrict(cast, dan)
    with pytest.raises(ValidationError, match="this child’s family"):
        restrict(cast, dan, cast.sam)
    with pytest.raises(Http404):
        circle.restrict(
            pupil=cast.ada, person=dan, kind=RestrictionKind.UNSAFE, reason="A.", by=cast.stranger, at=AT
        )
    with pytest.raises(IntegrityError, match="a restriction names somebody"), transaction.atomic():
        Restriction.objects.create(
            pupil=cast.ada, kind=RestrictionKind.UNSAFE, reason="A.", recorded_by=cast.senco
        )


def test_a_file_does_not_invite_them_either(cast: Cast, dan: ParentCarer) -> None:
    assert [one.name for one in inviting.ready(cast.hazelmere, AT)] == ["Dan Lovelace"]
    restrict(cast, dan)
    assert inviting.ready(cast.hazelmere, AT) == []


def test_staff_still_write_to_the_other_homes_and_not_to_theirs(cast: Cast, dan: ParentCarer) -> None:
    alone = Household.objects.create(name="Dan’s home")
    ParentCarer.objects.filter(pk=dan.pk).update(household=alone)
    restrict(cast, dan)
    named = [home.name for home in homes(policy.why(cast.senco, cast.ada, AT))]
    assert named == ["Oscar’s home", "Pam’s home"]


def test_the_senco_does_it_on_the_circle_page(cast: Cast, dan: ParentCarer, at_ten: object) -> None:
    invite(cast, dan)
    client = Client()
    sign_in(client, cast.senco)
    href = f"/pupils/{cast.ada.pk}/circle/"
    assert "Dan Lovelace (uncle), not signed up yet" in words(client.get(href))
    sent = {"person": str(dan.pk), "kind": "unsafe", "reason": "The social worker’s letter."}
    assert client.post(f"{href}restrictions/", sent).status_code == 302
    shown = words(client.get(href))
    assert "Dan Lovelace , who has no sign-in yet: sharing with this person is not safe" in shown
    assert "No invitation is waiting." in shown
    again = client.post(f"{href}restrictions/", sent)
    assert again.status_code == 422
    assert "This is written down already: Dan Lovelace is shut out." in words(again)
    refused = client.post(
        f"{href}invite/", {"kind": InvitationKind.PARENT, "carer": dan.pk, "email": "other@home.example"}
    )
    assert "This person must not see Ada’s record" in words(refused)
    assert (
        client.post(f"{href}restrictions/{Restriction.objects.get(parent_carer=dan).pk}/lift/").status_code
        == 302
    )
