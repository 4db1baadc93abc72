"""What an e-mail of plain words looks like when it arrives."""

import re
from email import message_from_bytes
from email.message import Message
from html import unescape

from django.core.mail import EmailMessage


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
