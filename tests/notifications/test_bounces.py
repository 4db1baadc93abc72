"""E-mails that come back after the mail server took them: an address that is not there is left alone, and no other."""

import io
import mailbox
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.mime.text import MIMEText
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from django.core.management import call_command
from django.urls import reverse

from accounts import mail as mails
from accounts.models import User
from notifications import bounces, bounces_imap, reminders, tasks
from notifications.enums import Kind
from notifications.models import Message
from pupils.models import AuditEvent

from ..apdr.pages import as_, words
from ..apdr.plans import Plan
from ..cast import AT, Cast
from . import imap
from .reviewing import DAY, MINUTE, became, in_review, run
from .test_letters import Mailbox, free_port

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _a_mailbox_for_what_comes_back(settings: Any) -> None:
    settings.BOUNCE_ADDRESS = "bounces@plans.example"


#: As Postfix writes one.
BACK = """\
Return-Path: <>
Received: by mx.example (Postfix) id 4Zab1c; Tue, 10 Mar 2026 11:30:00 +0000 (GMT)
Date: Tue, 10 Mar 2026 11:30:00 +0000 (GMT)
From: MAILER-DAEMON@mx.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
{header}: {to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="4Zab1c.mx"

This is a MIME-encapsulated message.

--4Zab1c.mx
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

<parent@home.example>: host mx.home.example said: {status} (in reply to RCPT TO command)

--4Zab1c.mx
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Tue, 10 Mar 2026 11:29:58 +0000 (GMT)

Final-Recipient: rfc822; parent@home.example
Original-Recipient: rfc822;parent@home.example
Action: {action}
Status: {status}
Remote-MTA: dns; mx.home.example
Diagnostic-Code: smtp; 550 {status} Recipient address rejected

--4Zab1c.mx
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Subject: Something waits for you on Alongside
To: parent@home.example

--4Zab1c.mx--
"""


def came_back(to: str, *, status: str = "5.1.1", action: str = "failed", header: str = "To") -> bytes:
    """What a mail server writes (RFC 3464) to the address that an e-mail's envelope gave."""
    return BACK.format(to=to, status=status, action=action, header=header).encode()


@pytest.fixture
def sent(cast: Cast, plan: Plan) -> Message:
    """An e-mail to Pam that the mail server took."""
    in_review(cast, plan)
    run(AT)
    return Message.objects.get(person=cast.parent, state="sent")


def is_left_alone(message: Message) -> bool:
    message.refresh_from_db()
    assert (message.state, message.why_not) in {("sent", ""), ("not_sent", "refused")}
    return message.state == "not_sent"


def test_an_address_that_is_not_there_is_left_alone_and_the_senco_is_told(cast: Cast, sent: Message) -> None:
    assert bounces.read(came_back(mails.return_path(sent.pk)), at=AT + HOUR)
    assert is_left_alone(sent)
    assert (Kind.VIEWS_WANTED, "Pam Lovelace", "refused") in became()
    assert "Pam Lovelace , near Ada Lovelace" in words(as_(cast.senco).get(reverse("caseload")))
    assert "parent@home.example" not in run(AT + DAY)
    told = AuditEvent.objects.filter(verb="reminder came back", pupil=cast.ada, at=AT + HOUR)
    assert [row.detail for row in told] == [{"kind": "views_wanted", "to": str(cast.parent.pk)}]
    assert bounces.read(came_back(mails.return_path(sent.pk)), at=AT + 2 * HOUR) is False  # once
    assert told.count() == 1
    User.objects.filter(pk=cast.parent.pk).update(email="pam@new.example")
    assert "pam@new.example" in run(AT + DAY + MINUTE)


@pytest.mark.parametrize(
    ("status", "action", "gone"),
    [
        ("5.1.1", "failed", True),
        ("5.1.10", "failed", True),
        ("5.4.1", "failed", True),
        ("5.0.0", "Failed", True),
        ("5.2.2", "failed", False),  # it is full
        ("5.7.1", "failed", False),  # somebody's rules
        ("4.4.1", "delayed", False),
        ("4.4.7", "failed", False),
        ("2.0.0", "delivered", False),
        ("5.1.1", "relayed", False),
        ("", "failed", False),
    ],
)
def test_only_what_says_for_good_that_an_address_is_not_there_counts(
    sent: Message, status: str, action: str, gone: bool
) -> None:
    found = came_back(mails.return_path(sent.pk), status=status, action=action)
    assert (bounces.read(found, at=AT + HOUR), is_left_alone(sent)) == (gone, gone)


def test_nobody_stops_somebodys_e_mails_by_writing_one(cast: Cast, sent: Message) -> None:
    right = mails.return_path(sent.pk)
    other = mails.return_path(uuid4())
    forged = [
        right.replace(right[-21 - len("plans.example") :][:20], "0" * 20),
        f"bounces+{sent.pk.hex}@plans.example",
        f"bounces+{sent.pk.hex}-@plans.example",
        f"bounces+{sent.pk.hex}-{other.partition('-')[2]}",
        right.replace("plans.example", "elsewhere.example"),
        "bounces@plans.example",
        f"<{sent.pk}@127.0.0.1>",
        other,
    ]
    assert [bounces.read(came_back(each), at=AT + HOUR) for each in forged] == [False] * len(forged)
    plain = MIMEText(f"Status: 5.1.1\nAction: failed\n{right}")
    plain["To"] = right
    assert bounces.read(plain.as_bytes(), at=AT + HOUR) is False
    for rubbish in (b"", b"\xff\xfe\x00", b"To: " + right.encode() + b"\n\n", came_back(right)[:300]):
        assert bounces.read(rubbish, at=AT + HOUR) is False
    assert bounces.read(came_back(right), at=AT + timedelta(days=15)) is False  # long after
    assert is_left_alone(sent) is False


@pytest.mark.parametrize("header", ["To", "Delivered-To", "X-Original-To", "Envelope-To"])
def test_it_is_found_wherever_the_mail_server_writes_the_address(sent: Message, header: str) -> None:
    large = mails.return_path(sent.pk).upper()
    assert bounces.read(came_back(large, header=header), at=AT + HOUR)
    assert is_left_alone(sent)


@contextmanager
def written_to(text: bytes) -> Iterator[None]:
    was, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(text))
    try:
        yield
    finally:
        sys.stdin = was


def test_a_mail_server_hands_them_on_one_by_one(sent: Message) -> None:
    with written_to(came_back(mails.return_path(sent.pk))):
        call_command("read_bounces")
    assert is_left_alone(sent)


def test_a_folder_of_them_is_read_by_the_clock_and_emptied(
    sent: Message, settings: Any, tmp_path: Path
) -> None:
    box = mailbox.Maildir(tmp_path / "back")
    for content in (b"Subject: Buy now\n\nNothing.", came_back(mails.return_path(sent.pk))):
        box.add(content)
    tasks.read_bounces()  # nothing is set
    assert (len(box), is_left_alone(sent)) == (2, False)
    settings.BOUNCE_FOLDER = str(tmp_path / "back")
    tasks.read_bounces()
    assert (len(mailbox.Maildir(tmp_path / "back")), is_left_alone(sent)) == (0, True)


@pytest.fixture
def box(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[imap.Box]:
    with imap.serving(tmp_path) as found:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        name, word = (quote(one, safe="") for one in (imap.USER, imap.PASSWORD))
        settings.BOUNCE_IMAP_URL = f"imaps://{name}:{word}@127.0.0.1:{found.port}/Returned"
        yield found


@pytest.mark.parametrize("plus", [True, False])
def test_a_mailbox_of_them_is_read_by_the_clock_and_what_is_for_people_stays(
    sent: Message, box: imap.Box, plus: bool
) -> None:
    box.plus = plus
    letter = box.put(b"To: bounces@plans.example\r\nSubject: To the office\r\n\r\nHello.")
    away = box.put(came_back(mails.return_path(sent.pk), action="delayed", status="4.4.1"))
    gone = box.put(came_back(mails.return_path(sent.pk)) + b"x" * 2 * bounces_imap.MOST)
    tasks.read_bounces()
    assert is_left_alone(sent)
    stays = {} if plus else {away: {r"\Deleted"}, gone: {r"\Deleted"}}
    assert box.flags == {letter: {r"\Seen"}, **stays}
    read = len(box.said)
    tasks.read_bounces()
    assert [said for said in box.said[read:] if "FETCH" in said] == []


@pytest.mark.parametrize("moment", ["FETCH", "STORE", "EXPUNGE", "LOGOUT"])
def test_a_connection_that_breaks_loses_nothing_and_nothing_counts_twice(
    sent: Message, box: imap.Box, moment: str
) -> None:
    box.put(came_back(mails.return_path(sent.pk)))
    box.breaks_at = moment
    tasks.read_bounces()
    box.breaks_at = ""
    tasks.read_bounces()
    assert is_left_alone(sent)
    assert AuditEvent.objects.filter(verb=reminders.BACK).count() == 1
    assert [flags for flags in box.flags.values() if r"\Deleted" not in flags] == []


def test_a_mailbox_that_cannot_be_trusted_or_lets_nobody_in_is_left(
    sent: Message, box: imap.Box, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.put(came_back(mails.return_path(sent.pk)))
    right = settings.BOUNCE_IMAP_URL
    for part, other in (("w%20d", "wrong"), ("Returned", "Else"), (f":{box.port}", f":{free_port()}")):
        settings.BOUNCE_IMAP_URL = right.replace(part, other)
        tasks.read_bounces()
    settings.BOUNCE_IMAP_URL = right
    monkeypatch.delenv("SSL_CERT_FILE")
    said = len(box.said)
    tasks.read_bounces()
    assert (len(box.said), is_left_alone(sent)) == (said, False)  # it was told nothing, no password either


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("imap://a:secret@host/INBOX", "b@host"), ("imaps://host", "b@host"), ("imaps://a:secret@host:x", "b@host"),
        ("imaps://a@host", "b@host"), ("imaps://a:secret@host", ""),
    ],
)  # fmt: skip
def test_a_mailbox_that_is_set_wrongly_stops_the_start_and_its_password_is_not_told(
    url: str, address: str
) -> None:
    env = {**os.environ, "BOUNCE_IMAP_URL": url, "BOUNCE_ADDRESS": address, "ALONGSIDE_ENV": "test"}
    ended = subprocess.run(
        [sys.executable, "-c", "import config.settings"], env=env, capture_output=True, text=True
    )
    assert "BOUNCE_IMAP_URL" in ended.stderr.splitlines()[-1]
    assert "secret" not in ended.stderr


def test_every_e_mail_goes_out_with_its_own_return_address(cast: Cast, plan: Plan, settings: Any) -> None:
    """In the envelope, which only mail servers read: whom it is from stays as it was."""
    envelopes: list[tuple[str, str]] = []

    class Watched(Mailbox):
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
            envelopes.append((envelope.mail_from, envelope.rcpt_tos[0]))
            return await super().handle_DATA(server, session, envelope)

    in_review(cast, plan)
    box = Watched()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        run(AT)
    finally:
        server.stop()
    messages = Message.objects.filter(state="sent").select_related("person")
    assert sorted(envelopes) == sorted((mails.return_path(m.pk), m.person.email) for m in messages)
    assert all(len(address.partition("@")[0]) <= 64 for address, _ in envelopes)
    assert {str(message["From"]) for _, message in box.taken} == {"Alongside <alongside@demo.invalid>"}
    assert {message["Return-Path"] for _, message in box.taken} == {None}
    settings.BOUNCE_ADDRESS = ""
    assert mails.return_path(uuid4()) == ""
    assert mails.returned(envelopes[0][0]) is None
    assert reminders.came_back(message_id=uuid4(), since=AT, at=AT) is False
