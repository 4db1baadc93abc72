"""E-mails that are words and a link: an invitation, and the news that something waits.

What comes again and again can be stopped by one press in it, without signing in (RFC 8058).
"""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from . import invitations, languages
from .models import Invitation, User


def link(secret: str) -> str:
    """The address an invitation's e-mail leads to."""
    return str(settings.PUBLIC_URL) + reverse("invitation", args=[secret])


def send_invitation(invitation: Invitation, secret: str) -> bool:
    """Send it now, after the transaction that made it; whether the mail server took it.

    Not a task: the secret is in nobody's hands but this request's and the reader's, so it goes into no queue.
    The words name no child and no need (domain: talking with families).
    """
    told = {"invitation": invitation, "link": link(secret)}
    # Whoever is new has not said yet in which language they like to read.
    with languages.writing_to(invitations.owner(invitation)):
        message = EmailMessage(
            subject=_("Your invitation to Alongside"),
            body=_text("accounts/email/invitation.txt", told),
            to=[invitation.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
    try:
        return message.send() == 1
    except OSError:  # every failure of the mail server or the way to it is one
        return False


def send_words(
    person: User, subject: str, template: str, *, path: str = "", key: UUID | None = None, **words: object
) -> None:
    """Send somebody the words of a template, which name no child, no need and no part of a record.

    `path` is where its link leads, or the first page. `words` fill the template; they and the subject are in the
    language in which words are put now (`languages.writing_to`). Of e-mails with one `key` many
    mailboxes keep only the first. Raises OSError where the mail server does not take it.
    """
    link = str(settings.PUBLIC_URL) + (path or reverse("home"))
    text = _text(template, {**words, "link": link})
    EmailMessage(subject=subject, body=text, to=person.addresses, headers=_headers(key)).send()


def _text(template: str, told: dict[str, object]) -> str:
    """The words of a template, and in another language than English that nobody has checked them yet."""
    said, note = render_to_string(template, told), languages.not_checked()
    return f"{said.rstrip()}\n\n{note}\n" if note else said


def _headers(key: UUID | None) -> dict[str, str]:
    headers = {"Auto-Submitted": "auto-generated"}
    if key is not None:
        headers["Message-ID"] = f"<{key}@{urlsplit(str(settings.PUBLIC_URL)).hostname}>"
    return headers


def send_both(
    person: User,
    subject: str,
    template: str,
    *,
    key: UUID,
    files: Iterable[tuple[str, bytes, str]] = (),
    **words: object,
) -> None:
    """As `send_words`, as text and as HTML (`template` with either ending), with the way to stop such e-mails.

    `files` go with it: each a name, its content and its type.
    """
    public = str(settings.PUBLIC_URL)
    stop = public + stop_path(person)
    told = {
        **words,
        "link": public + reverse("home"),
        "stop": stop,
        "change": public + reverse("preferences"),
        "not_checked": languages.not_checked(),
        "language": languages.tag(),
    }
    headers = {
        **_headers(key),
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    text = _text(f"{template}.txt", told)
    message = EmailMultiAlternatives(subject=subject, body=text, to=person.addresses, headers=headers)
    if back := return_path(key):
        message.extra_headers["From"] = message.from_email
        message.from_email = back  # what the envelope says: only mail servers read it
    message.attach_alternative(render_to_string(f"{template}.html", told), "text/html")
    for file in files:
        message.attach(*file)
    message.send()


def return_path(key: UUID) -> str:
    """The address to which an e-mail with this key comes back; empty where the installation has no mailbox for that."""
    name, __, host = str(settings.BOUNCE_ADDRESS).partition("@")
    return f"{name}+{key.hex}-{_returns(key)}@{host}" if host else ""


def returned(address: str) -> UUID | None:
    """The key of the e-mail that comes back to an address; None for one that no e-mail of ours was sent with."""
    name, __, host = str(settings.BOUNCE_ADDRESS).lower().partition("@")
    found = re.fullmatch(
        rf"{re.escape(name)}\+([0-9a-f]{{32}})-([0-9a-f]{{20}})@{re.escape(host)}", address.lower()
    )
    if not host or found is None:
        return None
    key = UUID(found[1])
    return key if constant_time_compare(found[2], _returns(key)) else None


def _returns(key: UUID) -> str:
    """80 bits, in letters that a mail server may write large or small."""
    return salted_hmac("accounts.mail.return", key.hex, algorithm="sha256").hexdigest()[:20]


def stop_path(person: User) -> str:
    """The address that stops e-mails to somebody, of nothing but an id: it ends with their present e-mail address."""
    return reverse("stop_mail", args=[person.pk, _signature(person)])


def who_stops(person_id: UUID, signature: str) -> User | None:
    """Whose e-mails an address stops; None for one that nobody was given, or whose reader had another address then."""
    person = User.objects.filter(pk=person_id).first()
    return person if person and constant_time_compare(signature, _signature(person)) else None


def _signature(person: User) -> str:
    return signing.Signer(salt="accounts.mail.stop").signature(f"{person.pk} {person.email}")
