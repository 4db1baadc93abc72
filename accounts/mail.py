"""E-mails that are words and a link: an invitation, and the news that something waits.

What comes again and again can be stopped by one press in it, without signing in (RFC 8058).
"""

import re
from collections.abc import Iterable
from smtplib import SMTPRecipientsRefused
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from . import invitations, languages, quiet
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
    owner = invitations.owner(invitation)
    with languages.writing_to(owner):
        message = EmailMultiAlternatives(
            subject=_("Your invitation to Alongside"),
            body=_text("accounts/email/invitation.txt", told),
            to=[invitation.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
        add_html(message, owner)
    try:
        return message.send() == 1
    except OSError:  # every failure of the mail server or the way to it is one
        return False


def add_html(message: EmailMultiAlternatives, person: User | None) -> None:
    """Give an e-mail of plain words the same words as HTML, in large letters for whoever reads those.

    An address that stands alone in its paragraph becomes a link; nothing else does.
    """
    paragraphs = re.split(r"\n{2,}", str(message.body).strip())
    told = {
        "subject": message.subject,
        "paragraphs": [(words, bool(re.fullmatch(r"https?://\S+", words))) for words in paragraphs],
        "language": languages.tag(),
        "large": person is not None and quiet.large(person),
    }
    message.attach_alternative(render_to_string("accounts/email/words.html", told), "text/html")


def send_words(
    person: User, subject: str, template: str, *, path: str = "", key: UUID, **words: object
) -> None:
    """Send somebody the words of a template, which name no child, no need and no part of a record.

    `path` is where its link leads, or the first page. `words` fill the template; they and the subject are in the
    language in which words are put now (`languages.writing_to`). Of e-mails with one `key` many
    mailboxes keep only the first. Raises OSError where the mail server does not take it.
    """
    link = str(settings.PUBLIC_URL) + (path or reverse("home"))
    text = _text(template, {**words, "link": link})
    message = EmailMultiAlternatives(
        subject=subject, body=text, to=person.addresses, headers=_headers(person, key)
    )
    add_html(message, person)
    message.send()


def refused_for_good(error: SMTPRecipientsRefused) -> list[int]:
    """The codes (5xx) with which a mail server refused every address for good; none where one may be taken later."""
    codes = sorted({code for code, __ in error.recipients.values()})
    return codes if codes[0] >= 500 else []


def _text(template: str, told: dict[str, object]) -> str:
    """The words of a template, and in another language than English that nobody has checked them yet."""
    said, note = render_to_string(template, told), languages.not_checked()
    return f"{said.rstrip()}\n\n{note}\n" if note else said


def _headers(person: User, key: UUID) -> dict[str, str]:
    """What the e-mail with a key is known by, and the way to stop such e-mails."""
    public = str(settings.PUBLIC_URL)
    return {
        "Auto-Submitted": "auto-generated",
        "Message-ID": f"<{key}@{urlsplit(public).hostname}>",
        "List-Unsubscribe": f"<{public}{stop_path(person)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


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
    told = {
        **words,
        "subject": subject,
        "link": public + reverse("home"),
        "stop": public + stop_path(person),
        "change": public + reverse("preferences"),
        "not_checked": languages.not_checked(),
        "language": languages.tag(),
        "large": quiet.large(person),
    }
    text = _text(f"{template}.txt", told)
    message = EmailMultiAlternatives(
        subject=subject, body=text, to=person.addresses, headers=_headers(person, key)
    )
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
