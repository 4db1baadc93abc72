"""By which way a message reaches somebody, and the two that go through GOV.UK Notify: texts and letters.

They say what an e-mail says: what kind of thing waits, and never what it is. Without a key of GOV.UK Notify neither
goes out: letters are then printed by hand (`notifications.printing`), and whoever wants texts gets e-mails, as does
whoever has not confirmed their number (`notifications.phone`).
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from smtplib import SMTPRecipientsRefused
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from notifications_python_client.errors import APIError, HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from accounts import languages, mail, quiet
from accounts.enums import Channel
from accounts.models import User

#: Seconds that GOV.UK Notify has to answer.
PATIENCE = 20

_OF_THE_ADDRESS = re.compile(r"phone_number|[Aa]ddress|postcode")

#: A line, and how many of its kind there are.
Lines = Iterable[tuple[str, int]]
#: A name, the content and its type.
File = tuple[str, bytes, str]


class NotTaken(OSError):
    """Nobody took the message now: it is tried again."""


class Refused(Exception):
    """The address takes no message, and never will."""


def of(person: User) -> Channel | None:
    """The way by which a message goes out to somebody by itself now; none where they want none, or none can.

    No query where their preferences were read with them.
    """
    channel = quiet.channel(person)
    template = {Channel.TEXT: settings.NOTIFY_TEXT_TEMPLATE, Channel.LETTER: settings.NOTIFY_LETTER_TEMPLATE}
    if channel not in (Channel.EMAIL, *template) or not quiet.address(person):
        return None
    return channel if channel is Channel.EMAIL or template[channel] else None


def by_hand(person: User) -> bool:
    """Whether a SENCO prints what is for somebody: none of the ways that they want, or have, goes out by itself."""
    return quiet.on_paper(person) and of(person) is None


def deliver(
    person: User,
    channel: Channel,
    lines: Lines,
    *,
    key: UUID,
    again: bool,
    asked: list[Any],
    files: list[File],
) -> None:
    """Send a message with this key, in the language in which words are put now.

    `again`: it was tried before, and may have arrived. `asked`: links of an e-mail,
    which `files` go with.

    Raises NotTaken, or another OSError of a mail server, where it is to be tried again, and Refused.
    """
    if channel is Channel.EMAIL:
        try:
            mail.send_both(
                person,
                _("Something waits for you on Alongside"),
                "notifications/email/reminders",
                key=key,
                lines=list(lines),
                files=files,
                asked=asked,
            )
        except SMTPRecipientsRefused as error:
            if codes := mail.refused_for_good(error):
                raise Refused(*codes) from error
            raise
        return
    told = words(channel, lines)
    address = quiet.address(person)
    with _refusals():
        found = client()
        if again and found.get_all_notifications(reference=str(key))["notifications"]:
            return
        if channel is Channel.TEXT:
            _text(found, address, told, str(key))
        else:
            lines_ = {f"address_line_{n}": line for n, line in enumerate(address.splitlines(), 1)}
            found.send_letter_notification(
                settings.NOTIFY_LETTER_TEMPLATE, {**lines_, "words": told}, str(key)
            )


def send_text(phone: str, told: str, reference: str) -> None:
    """One text to a number. Raises NotTaken and Refused."""
    with _refusals():
        _text(client(), phone, told, reference)


def _text(found: Any, phone: str, told: str, reference: str) -> None:
    found.send_sms_notification(phone, settings.NOTIFY_TEXT_TEMPLATE, {"words": told}, reference)


@contextmanager
def _refusals() -> Iterator[None]:
    """What GOV.UK Notify answers, as NotTaken or Refused."""
    try:
        yield
    except HTTPError as error:
        if _of_the_address(error):
            raise Refused(error.status_code) from error
        raise NotTaken(error.status_code) from error
    except APIError as error:
        raise NotTaken from error


def client() -> Any:
    """GOV.UK Notify's own client, which says nothing about types."""
    made: Any = NotificationsAPIClient
    return made(settings.NOTIFY_API_KEY, settings.NOTIFY_URL, PATIENCE)


def _of_the_address(error: HTTPError) -> bool:
    """Whether GOV.UK Notify found fault with the number or the address, and not with us or with itself."""
    told: Any = error.message if isinstance(error.message, list) else []
    faults = [str(one.get("message", "")) for one in told if one.get("error") == "ValidationError"]
    return error.status_code == 400 and any(_OF_THE_ADDRESS.search(fault) for fault in faults)


def words(channel: Channel, lines: Lines) -> str:
    """What a text or a letter says."""
    public = str(settings.PUBLIC_URL)
    kind = "text" if channel is Channel.TEXT else "letter"
    told = {
        "lines": list(lines),
        "link": public + reverse("home"),
        "change": public + reverse("preferences"),
    }
    said, note = (
        render_to_string(f"notifications/{kind}/reminders.txt", told).strip(),
        languages.not_checked(),
    )
    between = " " if channel is Channel.TEXT else "\n\n"
    return f"{said}{between}{note}" if note else said
