"""My own pages, and the people of a setting."""

import socket
from collections.abc import Callable
from email import message_from_bytes
from email.message import Message
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts import services
from accounts.enums import Role
from accounts.models import Invitation, Membership, Preferences, Setting, User
from pupils.models import AuditEvent
from tests.cast import AT, Cast, person
from tests.mailed import words_of

from .conftest import link_in

SignedIn = Callable[[User], Client]
PREFERENCES = {
    "spoken_language": "pl",
    "written_language": "pl",
    "needs_interpreter": "on",
    "format": "easy_read",
    "channel": "phone",
    "good_times": "After 4",
    "quiet_from": "18:00",
    "quiet_until": "07:30",
    "quiet_weekends": "on",
    "trusted_person": "My sister",
    "notes": "Please ring twice",
    "version": "1",
}


@pytest.mark.parametrize(
    "page",
    [
        "/me/",
        "/me/talking-with-me/",
        "/me/second-step/",
        "/me/keys/",
        "/account/email/",
        "/account/password/change/",
        "/account/2fa/",
        "/account/2fa/webauthn/",
        "/account/2fa/recovery-codes/generate/",
        "/account/logout/",
    ],
)
def test_ones_own_pages_open_in_english_with_one_heading(
    cast: Cast, signed_in: SignedIn, page: str, at_ten: object
) -> None:
    answer = signed_in(cast.parent).get(page, follow=True)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'lang="en-GB"' in html
    assert html.count("<h1") == 1


def test_a_name_is_saved_and_an_over_long_one_is_refused_and_kept(
    cast: Cast, signed_in: SignedIn, at_ten: object
) -> None:
    client = signed_in(cast.parent)
    assert client.post("/me/", {"name": "Pamela Lovelace", "known_as": "Pam"}).status_code == 302
    refused = client.post("/me/", {"name": "P" * 151, "known_as": "Pam"})
    assert "P" * 151 in refused.content.decode()
    saved = User.objects.get(pk=cast.parent.pk)
    assert (saved.name, saved.known_as) == ("Pamela Lovelace", "Pam")


def test_what_holds_until_they_say_otherwise_is_told(cast: Cast, signed_in: SignedIn, at_ten: object) -> None:
    page = signed_in(cast.parent).get("/me/").content.decode()
    assert "No messages after 18:00 or before 07:30, or at weekends." in page


def test_how_to_talk_with_me_is_saved(cast: Cast, signed_in: SignedIn, at_ten: object) -> None:
    assert signed_in(cast.parent).post("/me/talking-with-me/", PREFERENCES)["Location"] == "/me/"
    saved = Preferences.objects.get(person=cast.parent)
    assert (saved.format, saved.channel, saved.notes, saved.version) == (
        "easy_read",
        "phone",
        "Please ring twice",
        2,
    )


def test_two_saves_of_how_to_talk_with_me_are_shown_side_by_side(
    cast: Cast, signed_in: SignedIn, at_ten: object
) -> None:
    client = signed_in(cast.parent)
    client.post("/me/talking-with-me/", PREFERENCES)
    clash = client.post("/me/talking-with-me/", {**PREFERENCES, "notes": "Please write instead"})
    html = clash.content.decode()
    assert clash.status_code == 409
    assert ("Please write instead" in html, "Please ring twice" in html) == (True, True)
    assert Preferences.objects.get(person=cast.parent).notes == "Please ring twice"


def test_bad_preferences_are_refused_and_kept(cast: Cast, signed_in: SignedIn, at_ten: object) -> None:
    client = signed_in(cast.parent)
    answer = client.post(
        "/me/talking-with-me/",
        {**PREFERENCES, "notes": "n" * 501, "format": "shouting", "quiet_from": "25:99"},
    )
    assert answer.status_code == 422
    assert "n" * 501 in answer.content.decode()
    assert not Preferences.objects.filter(person=cast.parent).exists()


# People of a setting --------------------------------------------------------------------------------


def test_the_people_of_a_setting_are_shown_to_its_senco_and_leader_alone(
    cast: Cast, signed_in: SignedIn, at_ten: object
) -> None:
    page = f"/people/{cast.hazelmere.pk}/"
    answers = {
        name: signed_in(somebody).get(page).status_code
        for name, somebody in cast.people.items()
        if somebody.is_active
    }
    assert {name for name, status in answers.items() if status == 200} == {"senco", "leader"}
    assert set(answers.values()) == {200, 404}


def test_a_senco_lands_on_their_one_setting_and_others_are_told_whom_to_ask(
    cast: Cast, signed_in: SignedIn, at_ten: object
) -> None:
    assert signed_in(cast.senco).get("/people/")["Location"] == f"/people/{cast.hazelmere.pk}/"
    assert "Ask them" in signed_in(cast.teacher).get("/people/").content.decode()


def test_inviting_sends_a_link_that_works(cast: Cast, signed_in: SignedIn, at_ten: object) -> None:
    page = f"/people/{cast.hazelmere.pk}/invite/"
    typed = {"name": "Nia New", "email": "Nia@Hazelmere.example", "role": "key_adult"}
    assert signed_in(cast.senco).post(page, typed).status_code == 302
    (message,) = mail.outbox
    assert message.to == ["nia@hazelmere.example"]
    assert Client().get(link_in(str(message.body))).status_code == 200
    again = signed_in(cast.senco).post(page, typed)
    assert "invited already" in again.content.decode()
    assert len(mail.outbox) == 1


def test_a_leader_cannot_smuggle_a_role_into_the_form(
    cast: Cast, signed_in: SignedIn, at_ten: object
) -> None:
    page = f"/people/{cast.hazelmere.pk}/invite/"
    answer = signed_in(cast.leader).post(page, {"name": "N", "email": "n@x.example", "role": "senco"})
    assert answer.status_code == 422
    assert "Select a valid choice" in answer.content.decode()
    senco = Membership.objects.get(person=cast.senco)
    end = signed_in(cast.leader).post(f"/people/{cast.hazelmere.pk}/roles/{senco.pk}/end/")
    assert end.status_code == 403
    assert (Invitation.objects.count(), Membership.objects.get(pk=senco.pk).ends_at) == (0, None)


class Mailbox:
    """Takes real mail."""

    def __init__(self) -> None:
        self.taken: list[Message] = []

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802
        self.taken.append(message_from_bytes(envelope.content))
        return "250 OK"


def test_an_invitation_goes_through_a_real_mail_server(
    cast: Cast, signed_in: SignedIn, settings: Settings, at_ten: object
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    mailbox = Mailbox()
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        typed = {"name": "Nia", "email": "nia@x.example", "role": "dsl"}
        signed_in(cast.senco).post(f"/people/{cast.hazelmere.pk}/invite/", typed)
    finally:
        server.stop()
    (message,) = mailbox.taken
    assert (message["Subject"], message["To"]) == ("Your invitation to Alongside", "nia@x.example")
    assert Client().get(link_in(words_of(message))).status_code == 200


def test_when_the_mail_server_is_away_the_invitation_stands_and_is_sent_again(
    cast: Cast, signed_in: SignedIn, settings: Settings, at_ten: object
) -> None:
    client = signed_in(cast.senco)
    there = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    typed = {"name": "Nia", "email": "nia@x.example", "role": "dsl"}
    told = client.post(f"/people/{cast.hazelmere.pk}/invite/", typed, follow=True).content.decode()
    assert "could not be sent" in told
    settings.EMAIL_BACKEND = there
    invitation = Invitation.objects.get()
    client.post(f"/people/{cast.hazelmere.pk}/invitations/{invitation.pk}/send-again/")
    assert Client().get(link_in(str(mail.outbox[0].body))).status_code == 200


def test_taking_back_an_invitation_ends_its_link(cast: Cast, signed_in: SignedIn, at_ten: object) -> None:
    client = signed_in(cast.senco)
    client.post(
        f"/people/{cast.hazelmere.pk}/invite/", {"name": "Nia", "email": "nia@x.example", "role": "dsl"}
    )
    link = link_in(str(mail.outbox[0].body))
    back = f"/people/{cast.hazelmere.pk}/invitations/{Invitation.objects.get().pk}/withdraw/"
    assert signed_in(cast.stranger).post(back).status_code == 404
    assert Client().get(link).status_code == 200
    assert client.post(back).status_code == 302
    assert Client().get(link).status_code == 404
    assert client.post(back).status_code == 404


def test_ids_of_another_setting_are_not_found(cast: Cast, signed_in: SignedIn, at_ten: object) -> None:
    theirs = Membership.objects.get(person=cast.stranger)
    answer = signed_in(cast.senco).post(f"/people/{cast.hazelmere.pk}/roles/{theirs.pk}/end/")
    assert answer.status_code == 404
    assert Membership.objects.get(pk=theirs.pk).ends_at is None


def test_ending_the_last_senco_is_refused_with_what_to_do(
    cast: Cast, signed_in: SignedIn, at_ten: object
) -> None:
    senco = Membership.objects.get(person=cast.senco)
    events = AuditEvent.objects.count()
    answer = signed_in(cast.senco).post(f"/people/{cast.hazelmere.pk}/roles/{senco.pk}/end/")
    assert answer.status_code == 409
    assert "Invite the next SENCO" in answer.content.decode()
    assert AuditEvent.objects.count() == events


def test_the_pages_ask_the_database_the_same_whatever_is_there(
    cast: Cast, signed_in: SignedIn, at_ten: object
) -> None:
    client = signed_in(cast.stranger)
    pages = [f"/people/{cast.westfield.pk}/", "/me/", "/me/keys/"]

    def asked() -> list[int]:
        counts = []
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            counts.append(len(queries))
        return counts

    one = asked()
    for number in range(3):
        adult = person(f"a{number}@westfield.example", f"Adult {number}")
        services.begin(adult, cast.westfield, Role.KEY_ADULT, AT)
        client.post(
            f"/people/{cast.westfield.pk}/invite/",
            {"name": "N", "email": f"n{number}@x.example", "role": "dsl"},
        )
        client.post("/me/keys/", {"name": f"Key {number}"})
    assert asked()[1:] == one[1:] == [7, 4]
    client.get(pages[0])  # shows the messages about what was just done
    assert asked()[0] == one[0] == 8


# A real installation --------------------------------------------------------------------------------


def test_the_first_senco_joins_by_the_link_that_the_command_prints(
    db: None, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("create_setting", "Hazelmere School", "secondary", "senco@hazelmere.example", urn="100001")
    link = link_in(capsys.readouterr().out)
    typed = {"name": "Sunita Rao", "known_as": "", "way": "code", "password": ""}
    assert client.post(link, typed)["Location"] == "/"
    joined = Membership.objects.get()
    assert (joined.person.email, joined.role, joined.setting) == (
        "senco@hazelmere.example",
        "senco",
        Setting.objects.get(urn="100001"),
    )
    with pytest.raises(CommandError, match="URN"):
        call_command("create_setting", "Another", "primary", "x@x.example", urn="100001")
    assert Setting.objects.count() == 1


def test_the_command_shuts_somebody_out(cast: Cast) -> None:
    call_command("deactivate", cast.teacher.email)
    assert User.objects.get(pk=cast.teacher.pk).is_active is False
    with pytest.raises(CommandError):
        call_command("deactivate", cast.teacher.email)
