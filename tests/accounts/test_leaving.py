"""Somebody leaves or is shut out: the very next request finds it so. And staff need a second step."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from accounts import policy, services, tokens
from accounts.enums import Role
from accounts.models import ApiToken, Invitation, Membership, User
from pupils import circle, people
from pupils import policy as pupils_policy
from pupils.models import AuditEvent
from tests.cast import AT, Cast

from .conftest import add_totp

SignedIn = Callable[[User], Client]


def test_an_open_session_ends_when_somebody_is_shut_out_and_stays_ended(
    cast: Cast, signed_in: SignedIn, at_ten: object
) -> None:
    client = signed_in(cast.teacher)
    assert client.get("/me/").status_code == 200
    people.deactivate(person=cast.teacher, by=cast.installer, at=AT)
    assert client.get("/me/")["Location"] == "/sign-in/?next=/me/"
    assert client.post("/me/", {"name": "Still here"}).status_code == 302
    User.objects.filter(pk=cast.teacher.pk).update(is_active=True)
    assert client.get("/me/")["Location"] == "/sign-in/?next=/me/"
    assert User.objects.get(pk=cast.teacher.pk).name == "Tom Teal"


def test_a_key_ends_when_somebody_is_shut_out_and_stays_ended(
    cast: Cast, with_api: None, at_ten: object
) -> None:
    _, secret = tokens.issue(person=cast.teacher, name="Sheet", by=cast.teacher, at=AT)
    assert who(secret) == (200, cast.teacher.email)
    people.deactivate(person=cast.teacher, by=None, at=AT)
    assert who(secret) == (401, "")
    User.objects.filter(pk=cast.teacher.pk).update(is_active=True)
    assert who(secret) == (401, "")


def test_only_another_keeper_of_the_installation_shuts_somebody_out(cast: Cast) -> None:
    able = set()
    for name, somebody in cast.people.items():
        try:
            services.deactivate(person=cast.teacher, by=somebody, at=AT)
        except PermissionDenied:
            continue
        able.add(name)
    assert able == {"installer"}
    with pytest.raises(PermissionDenied):
        services.deactivate(person=cast.installer, by=cast.installer, at=AT)


def test_shutting_out_is_written_down_once(cast: Cast) -> None:
    people.deactivate(person=cast.teacher, by=cast.installer, at=AT)
    with pytest.raises(ValidationError):
        people.deactivate(person=cast.teacher, by=cast.installer, at=AT)
    told = AuditEvent.objects.filter(verb="person shut out").values_list("by", "object_id")
    assert list(told) == [(cast.installer.pk, cast.teacher.pk)]


def test_a_role_that_ended_is_gone_on_the_next_request(
    cast: Cast, signed_in: SignedIn, at_ten: object
) -> None:
    services.add_member(person=cast.colleague, setting=cast.hazelmere, role=Role.SENCO, by=cast.senco, at=AT)
    page = f"/people/{cast.hazelmere.pk}/"
    colleague, senco = signed_in(cast.colleague), signed_in(cast.senco)
    assert colleague.get(page).status_code == 200
    role = Membership.objects.get(person=cast.colleague, role=Role.SENCO)
    ended = senco.post(f"/people/{cast.hazelmere.pk}/roles/{role.pk}/end/")
    assert ended.status_code == 302
    assert colleague.get(page).status_code == 404
    assert colleague.get(f"/people/{cast.hazelmere.pk}/invite/").status_code == 404


def test_with_the_last_role_the_classes_end_and_do_not_come_back(cast: Cast) -> None:
    near = pupils_policy.pupils_for(cast.teacher, None, AT)
    assert set(near) == {cast.ada, cast.sam, cast.noor}
    people.end_membership(membership=Membership.objects.get(person=cast.teacher), by=cast.senco, at=AT)
    people.end_membership(membership=Membership.objects.get(person=cast.key_adult), by=cast.senco, at=AT)
    later = AT + timedelta(days=1)
    for adult in (cast.teacher, cast.key_adult):
        people.add_member(person=adult, setting=cast.hazelmere, role=Role.KEY_ADULT, by=cast.senco, at=later)
        assert set(pupils_policy.pupils_for(adult, None, later)) == set()
    circle.join_class(class_group=cast.class_9b, person=cast.teacher, by=cast.senco, at=later)
    assert set(pupils_policy.pupils_for(cast.teacher, None, later)) == {cast.ada}


def test_a_role_that_somebody_offered_ends_with_their_own_power_to_give_it(cast: Cast) -> None:
    who = {"email": "friend@elsewhere.example", "name": "A Friend", "setting": cast.hazelmere}
    people.invite_staff(role=Role.KEY_ADULT, by=cast.leader, at=AT, **who)
    people.invite_staff(role=Role.DSL, by=cast.senco, at=AT, **who)
    people.end_membership(membership=Membership.objects.get(person=cast.leader), by=cast.senco, at=AT)
    assert [*Invitation.objects.filter(closed_at=None).values_list("role", flat=True)] == [Role.DSL]


def test_signing_out_everywhere_ends_every_session(cast: Cast, signed_in: SignedIn, at_ten: object) -> None:
    here, there, other = signed_in(cast.parent), signed_in(cast.parent), signed_in(cast.teacher)
    assert here.post("/me/sign-out-everywhere/")["Location"] == "/sign-in/"
    answers = [client.get("/me/").status_code for client in (here, there, other)]
    assert answers == [302, 302, 200]


# The second step ------------------------------------------------------------------------------------


@pytest.fixture
def with_api(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.accounts.urls_with_api"


@pytest.fixture
def required(settings: Settings) -> None:
    settings.MFA_REQUIRED_OF_STAFF = True


def test_a_second_step_is_asked_of_those_who_work_here_and_of_keepers(
    cast: Cast, required: None, signed_in: SignedIn, at_ten: object
) -> None:
    sent_away = {
        name
        for name, somebody in cast.people.items()
        if somebody.is_active and signed_in(somebody).get("/me/").status_code == 302
    }
    assert sent_away == {
        "senco",
        "teacher",
        "key_adult",
        "colleague",
        "stranger",
        "dsl",
        "leader",
        "installer",
    }


def test_without_a_second_step_staff_reach_only_the_pages_on_the_way_to_one(
    cast: Cast, required: None, with_api: None, signed_in: SignedIn, at_ten: object
) -> None:
    client = signed_in(cast.teacher)
    assert client.get("/me/")["Location"] == "/me/second-step/"
    assert client.get("/me/second-step/").status_code == 200
    refused = client.get("/api/who/")
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_needed")
    add_totp(cast.teacher)
    assert client.get("/me/").status_code == 200
    assert client.get("/api/who/").json() == {"email": cast.teacher.email}


def test_recovery_codes_alone_are_no_second_step(cast: Cast, required: None) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    RecoveryCodes.activate(cast.teacher)
    assert policy.lacks_second_factor(cast.teacher, AT) is True


def who(key: str) -> tuple[int, str]:
    """Ask the API who is asking."""
    answer = Client().get("/api/who/", headers={"authorization": f"Bearer {key}"})
    return answer.status_code, answer.json().get("email", "")


def test_a_key_of_staff_needs_the_second_step_too(
    cast: Cast, required: None, with_api: None, at_ten: object
) -> None:
    _, secret = tokens.issue(person=cast.teacher, name="Sheet", by=cast.teacher, at=AT)
    _, parents = tokens.issue(person=cast.parent, name="Sheet", by=cast.parent, at=AT)
    assert who(parents) == (200, cast.parent.email)
    assert who(secret) == (403, "")
    add_totp(cast.teacher)
    assert who(secret) == (200, cast.teacher.email)


def test_a_reset_second_step_is_asked_for_again(
    cast: Cast, required: None, signed_in: SignedIn, at_ten: object
) -> None:
    add_totp(cast.teacher)
    client = signed_in(cast.teacher)
    people.reset_second_factor(person=cast.teacher, by=cast.installer, at=AT)
    assert client.get("/me/")["Location"] == "/sign-in/?next=/me/"
    assert policy.lacks_second_factor(cast.teacher, AT) is True


# Keys -----------------------------------------------------------------------------------------------


def test_a_key_works_for_90_days_and_only_its_hash_is_kept(cast: Cast) -> None:
    token, secret = tokens.issue(person=cast.parent, name="Sheet", by=cast.parent, at=AT)
    assert token.secret_hash == tokens.hashed(secret)
    assert secret not in str(ApiToken.objects.values().get())
    last = AT + timedelta(days=90) - timedelta(microseconds=1)
    assert [tokens.find(secret, at) for at in (AT, last, AT + timedelta(days=90))] == [token, token, None]
    assert [tokens.find(wrong, AT) for wrong in ("", "alongside_", secret[:-1], secret.upper())] == [None] * 4


def test_the_time_of_last_use_is_written_once_an_hour(cast: Cast) -> None:
    token, _ = tokens.issue(person=cast.parent, name="Sheet", by=cast.parent, at=AT)
    noted = []
    for minutes in (0, 59, 60):
        tokens.note_use(token, AT + timedelta(minutes=minutes))
        token.refresh_from_db()
        noted.append(token.last_used_at)
    assert noted == [AT, AT, AT + timedelta(hours=1)]


def test_the_command_prints_a_key_once(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("api_token", "Parent@home.example")
    secret = capsys.readouterr().out.strip()
    assert ApiToken.objects.get(secret_hash=tokens.hashed(secret)).person == cast.parent
    with pytest.raises(CommandError):
        call_command("api_token", cast.deactivated.email)


def test_one_ends_only_ones_own_keys(cast: Cast, signed_in: SignedIn) -> None:
    token, secret = tokens.issue(person=cast.parent, name="Sheet", by=cast.parent, at=AT)
    at = token.created_at
    with pytest.raises(ValidationError):
        tokens.revoke(token_id=token.pk, by=cast.other_parent, at=at)
    assert tokens.find(secret, at) == token
    tokens.revoke(token_id=token.pk, by=cast.parent, at=at)
    assert tokens.find(secret, at) is None


def test_a_new_key_is_shown_on_its_page_and_never_again(
    cast: Cast, signed_in: SignedIn, at_ten: object
) -> None:
    client = signed_in(cast.parent)
    shown = client.post("/me/keys/", {"name": "My spreadsheet"}).content.decode()
    again = client.get("/me/keys/").content.decode()
    assert ("alongside_" in shown, "alongside_" in again) == (True, False)
    assert "My spreadsheet" in again
    end = f"/me/keys/{ApiToken.objects.get().pk}/end/"
    assert client.post(end).status_code == 302
    assert "My spreadsheet" not in client.get("/me/keys/").content.decode()
