"""Signing in by each method, and what the page gives away."""

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import hotp_value
from django.core import mail
from django.test import Client

from accounts import services
from accounts.models import User
from tests.cast import AT, PASSWORD, Cast
from tests.mailed import words_of

from .conftest import add_totp


def password_of(client: Client, email: str, password: str = PASSWORD) -> str:
    """Try to sign in; where it led, or the words of the page."""
    answer = client.post("/sign-in/", {"login": email, "password": password})
    return answer["Location"] if answer.status_code == 302 else answer.content.decode()


def whoever(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def digits(secret: str) -> str:
    from allauth.mfa.totp.internal.auth import format_hotp_value, yield_hotp_counters_from_time

    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def test_with_a_password(cast: Cast, client: Client) -> None:
    assert password_of(client, "Teacher@hazelmere.example ") == "/"
    assert whoever(client) == str(cast.teacher.pk)


def test_with_a_code_by_e_mail(cast: Cast, client: Client) -> None:
    assert client.post("/account/login/code/", {"email": cast.parent.email}).status_code == 302
    (message,) = mail.outbox
    assert message.to == [cast.parent.email]
    code = re.search(r"^([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})$", words_of(message), re.MULTILINE)
    assert code, message.body
    wrong = client.post("/account/login/code/confirm/", {"code": "ZZZ-ZZZ"})
    assert wrong.status_code == 200
    assert whoever(client) is None
    assert client.post("/account/login/code/confirm/", {"code": code.group(1)}).status_code == 302
    assert whoever(client) == str(cast.parent.pk)


def test_with_a_password_and_an_app(cast: Cast, client: Client) -> None:
    secret = add_totp(cast.senco)
    assert password_of(client, cast.senco.email) == "/account/2fa/authenticate/"
    assert whoever(client) is None
    assert client.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert whoever(client) is None
    assert client.post("/account/2fa/authenticate/", {"code": digits(secret)})["Location"] == "/"
    assert whoever(client) == str(cast.senco.pk)


def test_a_recovery_code_works_once(cast: Cast) -> None:
    add_totp(cast.senco)
    code = RecoveryCodes.activate(cast.senco).get_unused_codes()[0]
    led_to = []
    for _ in range(2):
        client = Client()
        password_of(client, cast.senco.email)
        client.post("/account/2fa/authenticate/", {"code": code})
        led_to.append(whoever(client))
    assert led_to == [str(cast.senco.pk), None]


def test_a_code_by_e_mail_does_not_go_round_the_app(cast: Cast, client: Client) -> None:
    add_totp(cast.senco)
    client.post("/account/login/code/", {"email": cast.senco.email})
    code = re.search(r"^([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})$", str(mail.outbox[0].body), re.MULTILINE)
    assert code
    answer = client.post("/account/login/code/confirm/", {"code": code.group(1)})
    assert answer["Location"] == "/account/2fa/authenticate/"
    assert whoever(client) is None


def test_a_passkey_is_asked_for_on_the_page(cast: Cast, client: Client) -> None:
    page = client.get("/sign-in/").content.decode()
    assert "passkey" in page.lower()
    asked = client.get("/account/2fa/webauthn/login/", headers={"accept": "application/json"})
    assert asked.status_code == 200
    assert asked.json()["request_options"]["publicKey"]["challenge"]


def test_a_passkey_is_made_after_the_password_is_given_again(cast: Cast, client: Client) -> None:
    password_of(client, cast.senco.email)
    again = client.get("/account/2fa/webauthn/add/")["Location"]
    assert again == "/account/reauthenticate/?next=%2Faccount%2F2fa%2Fwebauthn%2Fadd%2F"
    back = client.post(again, {"password": PASSWORD})["Location"]
    page = client.get(back)
    assert page.status_code == 200
    assert b"challenge" in page.content


def test_nobody_signs_themselves_up(client: Client, db: None) -> None:
    answer = client.post(
        "/account/signup/",
        {"email": "new@home.example", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert answer.status_code == 200
    assert User.objects.count() == 0
    assert mail.outbox == []


def body(page: str) -> str:
    """A page without what differs on every page: tokens and the address that was typed."""
    page = re.sub(r'(csrfmiddlewaretoken" value|nonce|data-csrf)="[^"]+"', "", page)
    return re.sub(r"[\w.]+@[\w.]+", "ADDRESS", page)


def test_a_wrong_password_and_an_unknown_address_look_the_same(cast: Cast) -> None:
    known = password_of(Client(), cast.teacher.email, "not the password")
    unknown = password_of(Client(), "nobody.here@home.example", "not the password")
    assert body(known) == body(unknown)
    assert "That e-mail address and password do not go together." in known


def test_a_wrong_code_is_said_once_and_in_plain_words(cast: Cast, client: Client) -> None:
    client.post("/account/login/code/", {"email": cast.parent.email})
    told = client.post("/account/login/code/confirm/", {"code": "WRONG1"}).text
    assert told.count("Please check these") == 1
    assert "That is not the code that we sent." in told


@pytest.mark.parametrize("page", ["/account/login/code/", "/account/password/reset/"])
def test_asking_for_a_code_or_a_new_password_tells_nothing(cast: Cast, page: str) -> None:
    answers = []
    for address in (cast.parent.email, "nobody.here@home.example"):
        client = Client()
        first = client.post(page, {"email": address})
        second = client.get(first["Location"])
        answers.append(
            (first.status_code, first["Location"], second.status_code, body(second.content.decode()))
        )
    assert answers[0] == answers[1]


def test_somebody_shut_out_cannot_sign_in(cast: Cast, client: Client) -> None:
    assert password_of(client, cast.deactivated.email) == "/account/inactive/"
    assert whoever(client) is None
    mail.outbox.clear()
    client.post("/account/login/code/", {"email": cast.deactivated.email})
    for message in mail.outbox:
        for code in re.findall(r"^([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})$", str(message.body), re.MULTILINE):
            client.post("/account/login/code/confirm/", {"code": code})
    assert whoever(client) is None


def test_too_many_wrong_passwords_are_stopped(cast: Cast, client: Client) -> None:
    for _ in range(6):
        password_of(client, cast.teacher.email, "not the password")
    assert whoever(client) is None
    password_of(client, cast.teacher.email)
    assert whoever(client) is None


def test_somebody_new_needs_a_shown_address_and_no_password(db: None) -> None:
    somebody = services.create_person(email=" New@Home.example ", name="Nia New", at=AT)
    assert (somebody.email, somebody.has_usable_password()) == ("new@home.example", False)
    assert password_of(Client(), somebody.email, "") != "/"
