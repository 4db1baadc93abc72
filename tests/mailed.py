"""What an e-mail of plain words looks like when it arrives, and a mail server that does not take it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from html import unescape
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives

from accounts.models import User


def words_of(sent: Message | EmailMessage) -> str:
    """The text of an e-mail, which its HTML says as well, word for word."""
    message = message_from_bytes(sent.message().as_bytes()) if isinstance(sent, EmailMessage) else sent
    assert message.get_content_type() == "multipart/alternative"
    said = {part.get_content_type(): _decoded(part) for part in message.walk() if not part.is_multipart()}
    text, html = said["text/plain"], said["text/html"]
    body = re.search(r"<body[^>]*>(.*)</body>", html, re.DOTALL)
    assert body is not None
    plain = unescape(re.sub(r"<[^>]+>", " ", body[1])).replace("\xa0", " ")
    assert plain.split() == text.split()
    assert re.findall(r'href="([^"]*)"', html) == re.findall(r"^https?://\S+$", text, re.MULTILINE)
    assert "<title></title>" not in html
    assert 'lang=""' not in html
    return text


def _decoded(part: Message) -> str:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode().replace("\r\n", "\n")


@contextmanager
def refusing(monkeypatch: pytest.MonkeyPatch, person: User, code: int) -> Iterator[None]:
    """The mail server refuses the address of one person: with a 4xx for now, with a 5xx for good."""
    sends = EmailMultiAlternatives.send

    def send(message: EmailMultiAlternatives, *given: Any, **more: Any) -> int:
        if person.email in message.to:
            raise SMTPRecipientsRefused({str(person.email): (code, b"no")})
        return sends(message, *given, **more)

    with monkeypatch.context() as patch:
        patch.setattr(EmailMultiAlternatives, "send", send)
        yield
