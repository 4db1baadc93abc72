"""E-mails that came back, read from a mailbox at a mail provider over IMAP.

What was sent to a return address of ours is deleted once it is taken. Whatever else lies there is marked as read and
stays, for people. Whoever is killed in between takes the same message again, and it counts once (`bounces.read`).
Always over TLS, with a certificate that is checked.
"""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog
from django.utils.translation import gettext as _

from . import bounces

log = structlog.get_logger(__name__)

#: Seconds to wait for the server; messages in one go; bytes that are read of each: what matters stands first.
PATIENCE, AT_ONCE, MOST = 20, 500, 256 * 1024


def read_mailbox(url: str, *, at: datetime) -> int:
    """Take what is new in a mailbox; how many addresses are left alone because of it.

    `url` is imaps://user:password@host[:993][/folder], or imap+tls:// for one that begins in the clear (STARTTLS). A
    server that is away, or refuses, is asked again next time: nothing is lost there.
    """
    refused = 0
    try:
        with _opened(url) as box:
            expunges = "UIDPLUS" in box.capabilities
            for uid in _new(box)[:AT_ONCE]:
                content = _content(box, uid)
                if content is None:
                    continue  # somebody else took it at the same moment
                refused += bounces.read(content, at=at)
                if bounces.is_ours(content):
                    _told(box.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)"))
                    if expunges:
                        _told(box.uid("EXPUNGE", uid))
                else:
                    _told(box.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))
    except (OSError, imaplib.IMAP4.error) as error:
        log.warning("bounces_not_read", error=type(error).__name__)
    return refused


@contextmanager
def _opened(url: str) -> Iterator[imaplib.IMAP4]:
    parts, context = urlsplit(url), ssl.create_default_context()
    host = str(parts.hostname)
    box: imaplib.IMAP4
    if parts.scheme == "imaps":
        box = imaplib.IMAP4_SSL(host, parts.port or 993, ssl_context=context, timeout=PATIENCE)
    else:
        box = imaplib.IMAP4(host, parts.port or 143, timeout=PATIENCE)
    try:
        if parts.scheme != "imaps":
            box.starttls(context)
        box.login(unquote(parts.username or ""), unquote(parts.password or ""))
        _told(box.capability())
        folder = unquote(parts.path.strip("/")) or "INBOX"
        _told(box.select('"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'))
        yield box
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            box.logout()
        with suppress(OSError):
            box.shutdown()  # whether or not the server heard it


def _told(answer: tuple[str, Any]) -> list[Any]:
    """What a server said, where it did what it was asked."""
    said, what = answer
    if said != "OK":
        raise imaplib.IMAP4.error(_("The server refused."))
    return what


def _new(box: imaplib.IMAP4) -> list[str]:
    """The messages that nobody read or deleted, oldest first."""
    found = _told(box.uid("SEARCH", "UNSEEN", "UNDELETED"))
    return [uid.decode() for line in found if isinstance(line, bytes) for uid in line.split()]


def _content(box: imaplib.IMAP4, uid: str) -> bytes | None:
    found = _told(box.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST}>)"))
    return next((part[1] for part in found if isinstance(part, tuple)), None)
