"""E-mails that came back after a mail server had taken them.

Each e-mail that reminds goes out with a return address of its own, signed, where the installation has a mailbox for
what comes back (`accounts.mail.return_path`). What comes back there says, in the form of RFC 3464, for which address and
why. Only what comes back to such an address counts, and it is written in nothing but the e-mail's own envelope: nobody
else can stop somebody's e-mails by writing one. An address that is found not to be there is treated as one that was
refused at once; one that is full, or away for a while, is not.
"""

import mailbox
import re
from contextlib import suppress
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from pathlib import Path
from uuid import UUID

import structlog

from accounts import mail

from . import reminders

log = structlog.get_logger(__name__)

#: Where mail servers write whom something was delivered to.
_TO = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
#: For good, but not because of the address: it is full, the message is too long, or somebody's rules dislike it.
_NOT_THE_ADDRESS = re.compile(r"5\.(2\.[23]|3\.\d+|6\.\d+|7\.\d+)\b")
#: Mail servers give up within days: what comes back later says nothing of the address as it is now.
NEWS_FOR = timedelta(days=14)


def read(content: bytes, *, at: datetime) -> bool:
    """Take one message that came to the mailbox for what comes back; whether an address is left alone because of it."""
    found = message_from_bytes(content, policy=policy.default)
    key = _key(found)
    if key is None or not is_for_good(found):
        return False
    refused = reminders.came_back(message_id=key, since=at - NEWS_FOR, at=at)
    if refused:
        log.warning("reminder_came_back", message=str(key))
    return refused


def is_ours(content: bytes) -> bool:
    """Whether a message came to a return address that an e-mail of ours went out with."""
    return _key(message_from_bytes(content, policy=policy.default)) is not None


def _key(found: Message) -> UUID | None:
    return next(filter(None, map(mail.returned, _addresses(found))), None)


def _addresses(found: Message) -> list[str]:
    return re.findall(
        r"[^\s<>,;:\"]+@[^\s<>,;:\"]+", " ".join(str(v) for name in _TO for v in found.get_all(name, []))
    )


def is_for_good(found: EmailMessage) -> bool:
    """Whether a message says that its address takes no mail, and never will."""
    if found.get_content_type() != "multipart/report":
        return False
    told = [part for part in found.walk() if part.get_content_type() == "message/delivery-status"]
    each = [block for part in told if part.is_multipart() for block in part.get_payload()]
    failed = [block for block in each if isinstance(block, Message) and _word(block, "Action") == "failed"]
    states = [_word(block, "Status") for block in failed]
    return any(state.startswith("5.") and not _NOT_THE_ADDRESS.match(state) for state in states)


def _word(block: Message, name: str) -> str:
    return (str(block.get(name, "")).split() or [""])[0].lower()


def read_folder(folder: Path, *, at: datetime) -> int:
    """Take all that lies in a Maildir folder, and throw it away; how many addresses are left alone because of it.

    What cannot be understood goes too: the folder is for nothing else. What breaks while it is taken stays.
    """
    box = mailbox.Maildir(folder, create=False)
    refused = 0
    for key in sorted(box.keys()):
        with suppress(KeyError):  # somebody else took it at the same moment
            refused += read(box.get_bytes(key), at=at)
        box.discard(key)
    return refused
