"""Invitations: single use, expiring, tied to one address, worthless to anybody else."""

import contextlib
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.http import Http404
from django.test import Client

from accounts import invitations as way_in
from accounts import policy as accounts_policy
from accounts import tasks
from accounts.enums import InvitationKind, Role
from accounts.errors import InvitationClosed
from accounts.models import Invitation, Setting, User
from accounts.services import create_person
from pupils import circle, invitations, people, policy
from pupils.enums import Ground, Relation, Section
from pupils.models import AuditEvent, ParentCarer, Pupil
from tests.cast import AT, PASSWORD, Cast

from .conftest import link_in

SignedIn = Callable[[User], Client]
CLOSED = "This link cannot be used here"
NEW = "new@home.example"


def invited_parent(cast: Cast, email: str = NEW, pupil: Pupil | None = None) -> tuple[Invitation, str]:
    carer = circle.add_parent_carer(
        pupil=pupil or cast.ada,
        household=cast.home,
        name="Gran Lovelace",
        relationship="grandmother",
        has_parental_responsibility=False,
        by=cast.senco,
        at=AT,
    )
    return invitations.invite_parent(carers=[carer], email=email, by=cast.senco, at=AT)


def invited_staff(cast: Cast, email: str = NEW) -> tuple[Invitation, str]:
    return people.invite_staff(
        email=email, name="Nia New", role=Role.KEY_ADULT, setting=cast.hazelmere, by=cast.senco, at=AT
    )


def accept_page(secret: str) -> str:
    return f"/invitation/{secret}/"


JOIN = {"name": "Nia New", "known_as": "Nia", "way": "code", "password": ""}


def test_somebody_new_joins_by_the_link_and_is_signed_in(cast: Cast, client: Client, at_ten: object) -> None:
    _, secret = invited_parent(cast)
    page = client.get(accept_page(secret)).content.decode()
    assert "Hazelmere School invites you" in page
    assert "Lovelace" not in page.replace("Gran Lovelace", "")
    answer = client.post(accept_page(secret), JOIN)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    gran = User.objects.get(email=NEW)
    assert client.session["_auth_user_id"] == str(gran.pk)
    assert (gran.name, gran.known_as, gran.has_usable_password()) == ("Nia New", "Nia", False)
    assert way_in.addresses(gran) == [NEW]
    assert policy.why(gran, cast.ada, AT).grounds(Section.PLAN) == {Ground.PARENT}
    assert ParentCarer.objects.get(person=gran).name == "Gran Lovelace"
    assert policy.why(gran, cast.sam, AT).near is False


def test_a_password_can_be_chosen_and_a_weak_one_is_refused(
    cast: Cast, client: Client, at_ten: object
) -> None:
    _, secret = invited_parent(cast)
    weak = client.post(accept_page(secret), {**JOIN, "way": "password", "password": "password1234"})
    assert weak.status_code == 422
    assert "too common" in weak.content.decode()
    assert 'value="Nia New"' in weak.content.decode()
    assert not User.objects.filter(email=NEW).exists()
    client.post(accept_page(secret), {**JOIN, "way": "password", "password": PASSWORD})
    assert User.objects.get(email=NEW).check_password(PASSWORD)


def test_a_link_works_once(cast: Cast, at_ten: object) -> None:
    _, secret = invited_parent(cast)
    Client().post(accept_page(secret), JOIN)
    for method in ("get", "post"):
        again = getattr(Client(), method)(accept_page(secret), JOIN)
        assert (again.status_code, CLOSED in again.content.decode()) == (404, True)
    assert User.objects.filter(name="Nia New").count() == 1


def test_a_signed_in_person_with_another_address_gets_the_same_refusal_as_a_guess(
    cast: Cast, signed_in: SignedIn, at_ten: object
) -> None:
    _, secret = invited_parent(cast)
    thief = signed_in(cast.other_parent)
    for method in ("get", "post"):
        theirs = getattr(thief, method)(accept_page(secret), JOIN)
        guess = getattr(thief, method)(accept_page("guess" * 8), JOIN)
        assert (theirs.status_code, guess.status_code) == (404, 404)
        assert theirs.content.decode().split("<main")[1] == guess.content.decode().split("<main")[1]
    assert Invitation.objects.get().accepted_at is None
    with pytest.raises(InvitationClosed):
        invitations.accept(secret=secret, person=cast.other_parent, at=AT)


def test_an_address_that_was_never_shown_to_be_theirs_does_not_count(cast: Cast) -> None:
    _, secret = invited_parent(cast)
    pretender = User.objects.create_user(NEW, PASSWORD, name="Pretender")
    with pytest.raises(InvitationClosed):
        invitations.accept(secret=secret, person=pretender, at=AT)


def test_somebody_who_is_here_signs_in_first_and_then_says_yes(cast: Cast, at_ten: object) -> None:
    _, secret = invited_staff(cast, cast.professional.email)
    client = Client()
    led_to = client.get(accept_page(secret))["Location"]
    assert led_to == f"/sign-in/?next={accept_page(secret)}"
    answer = client.post(led_to, {"login": cast.professional.email, "password": PASSWORD})
    assert answer["Location"] == accept_page(secret)
    assert "Yes, I accept" in client.get(accept_page(secret)).content.decode()
    assert accounts_policy.roles(cast.professional, AT) == {}
    client.post(accept_page(secret))
    assert accounts_policy.roles(cast.professional, AT) == {cast.hazelmere.pk: {Role.KEY_ADULT}}


@pytest.mark.parametrize("late", [timedelta(days=14), timedelta(days=15)])
def test_a_link_is_too_old_after_14_days(cast: Cast, late: timedelta) -> None:
    _, secret = invited_parent(cast)
    assert way_in.find(secret, AT + timedelta(days=14) - timedelta(microseconds=1)) is not None
    with pytest.raises(InvitationClosed):
        invitations.accept_as_new(secret=secret, name="Nia", known_as="", password=None, at=AT + late)
    assert not User.objects.filter(email=NEW).exists()


def test_a_link_that_was_taken_back_is_worth_nothing(cast: Cast) -> None:
    invitation, secret = invited_parent(cast)
    invitations.withdraw(invitation=invitation, by=cast.senco, at=AT)
    with pytest.raises(InvitationClosed):
        invitations.accept_as_new(secret=secret, name="Nia", known_as="", password=None, at=AT)


def test_sending_again_ends_the_first_link(cast: Cast) -> None:
    invitation, first = invited_parent(cast)
    second = invitations.send_again(invitation=invitation, by=cast.senco, at=AT + timedelta(days=10))
    assert way_in.find(first, AT + timedelta(days=10)) is None
    assert way_in.find(second, AT + timedelta(days=23)) == invitation


def test_the_secret_is_kept_nowhere(cast: Cast) -> None:
    invitation, secret = invited_parent(cast)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(i)::text FROM accounts_invitation i")
        rows = cursor.fetchall()
    assert len(rows) == 1
    assert secret not in rows[0][0]
    assert invitation.secret_hash in rows[0][0]


def test_only_those_who_may_edit_the_circle_invite_to_it(cast: Cast) -> None:
    carer = ParentCarer.objects.create(pupil=cast.ada, household=cast.home, name="Aunt", relationship="aunt")
    able = set()
    for name, somebody in cast.people.items():
        with contextlib.suppress(Http404, policy.NotThisSection):
            invitations.invite_parent(carers=[carer], email=f"{name}@x.example", by=somebody, at=AT)
            able.add(name)
    assert able == {"senco"}


def test_a_parent_is_linked_to_each_child_of_theirs_who_is_still_there(cast: Cast) -> None:
    carers = [
        circle.add_parent_carer(
            pupil=pupil,
            household=cast.home,
            name="Gran",
            relationship="grandmother",
            has_parental_responsibility=False,
            by=cast.senco,
            at=AT,
        )
        for pupil in (cast.ada, cast.sam)
    ]
    _, secret = invitations.invite_parent(carers=carers, email=NEW, by=cast.senco, at=AT)
    cast.sam.enrolments.update(ends_on=AT.date())
    _, gran = invitations.accept_as_new(secret=secret, name="Gran", known_as="", password=None, at=AT)
    assert set(policy.pupils_for(gran, None, AT)) == {cast.ada}
    assert list(ParentCarer.objects.filter(person=gran).values_list("pupil", flat=True)) == [cast.ada.pk]


def test_when_every_child_has_moved_nothing_is_accepted(cast: Cast) -> None:
    _, secret = invited_parent(cast)
    cast.ada.enrolments.update(ends_on=AT.date())
    with pytest.raises(InvitationClosed):
        invitations.accept_as_new(secret=secret, name="Gran", known_as="", password=None, at=AT)
    assert not User.objects.filter(email=NEW).exists()
    assert Invitation.objects.get().accepted_at is None


def test_a_parent_carer_is_one_person_even_with_two_invitations(cast: Cast) -> None:
    invitation, secret = invited_parent(cast)
    carer = invitation.pupils.get().parent_carer
    assert carer
    _, other = invitations.invite_parent(carers=[carer], email="other@x.example", by=cast.senco, at=AT)
    invitations.accept_as_new(secret=secret, name="Gran", known_as="", password=None, at=AT)
    with pytest.raises(InvitationClosed):
        invitations.accept_as_new(secret=other, name="Not Gran", known_as="", password=None, at=AT)
    assert not User.objects.filter(email="other@x.example").exists()


def test_a_young_person_gets_their_own_record_and_nobody_a_second_time(cast: Cast) -> None:
    circle.end_relation(relation=Relation.SELF, person=cast.child, pupil=cast.ada, by=cast.senco, at=AT)
    _, first = invitations.invite_young_person(pupil=cast.ada, email=NEW, by=cast.senco, at=AT)
    _, second = invitations.invite_young_person(pupil=cast.ada, email="two@x.example", by=cast.senco, at=AT)
    _, ada = invitations.accept_as_new(secret=first, name="Ada", known_as="", password=None, at=AT)
    assert policy.why(ada, cast.ada, AT).grounds(Section.FUNDING) == {Ground.OWN}
    with pytest.raises(InvitationClosed):
        invitations.accept_as_new(secret=second, name="Ada", known_as="", password=None, at=AT)


def test_a_professional_joins_and_sees_nothing_yet(cast: Cast) -> None:
    _, secret = invitations.invite_professional(
        pupils=[cast.ada], email=NEW, name="Pat", by=cast.senco, at=AT
    )
    _, pat = invitations.accept_as_new(secret=secret, name="Pat", known_as="", password=None, at=AT)
    sight = policy.why(pat, cast.ada, AT)
    assert (sight.near, sight.sections) == (True, [])


def test_an_invitation_and_its_acceptance_are_written_down(cast: Cast) -> None:
    before = set(AuditEvent.objects.values_list("pk", flat=True))
    _, secret = invited_staff(cast)
    _, nia = invitations.accept_as_new(secret=secret, name="Nia", known_as="", password=None, at=AT)
    told = AuditEvent.objects.exclude(pk__in=before).values_list("verb", "by", "setting")
    assert set(told) == {
        ("staff invited", cast.senco.pk, cast.hazelmere.pk),
        ("invitation accepted", nia.pk, cast.hazelmere.pk),
    }


def test_the_e_mail_names_no_child_and_says_nothing_in_its_subject(
    cast: Cast, signed_in: SignedIn, at_ten: object
) -> None:
    invitation, secret = invited_parent(cast)
    from accounts.mail import send_invitation

    assert send_invitation(invitation, secret) is True
    (message,) = mail.outbox
    assert message.subject == "Your invitation to Alongside"
    assert message.to == [NEW]
    for word in ("Ada", "need", "SEN", "special"):
        assert word not in message.body.replace("You need do nothing", "").replace("you need do nothing", "")
    assert link_in(message.body) == accept_page(secret)


def test_closing_what_has_expired_can_run_twice(cast: Cast) -> None:
    invitation, _ = invited_parent(cast)
    other, _ = invited_staff(cast, "staff@x.example")
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=AT - timedelta(days=400))
    Invitation.objects.filter(pk=other.pk).update(expires_at=AT + timedelta(days=40_000))
    assert [tasks.close_expired(), tasks.close_expired()] == [1, 0]
    assert list(Invitation.objects.filter(closed_at=None)) == [other]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["here", "new"])
def test_of_two_claims_at_once_one_wins(kind: str) -> None:
    setting = Setting.objects.create(name="Hazelmere School", phase="secondary")
    _, secret = way_in.invite(
        kind=InvitationKind.STAFF, email=NEW, role=Role.KEY_ADULT, setting=setting, by=None, at=AT
    )
    if kind == "here":
        create_person(email=NEW, name="Nia", at=AT)
    start, ends = threading.Barrier(2), []

    def claim() -> None:
        try:
            start.wait(10)
            if kind == "here":
                invitations.accept(secret=secret, person=User.objects.get(email=NEW), at=AT)
            else:
                invitations.accept_as_new(secret=secret, name="Nia", known_as="", password=None, at=AT)
            ends.append("won")
        except InvitationClosed:
            ends.append("closed")
        except Exception as error:  # noqa: BLE001
            ends.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=claim) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(ends) == ["closed", "won"]
    assert accounts_policy.roles(User.objects.get(email=NEW), AT) == {setting.pk: {Role.KEY_ADULT}}
