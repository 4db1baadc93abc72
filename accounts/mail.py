"""E-mails that are words and a link: an invitation, and the news that something waits."""

from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from .models import Invitation, User


def link(secret: str) -> str:
    """The address an invitation's e-mail leads to."""
    return str(settings.PUBLIC_URL) + reverse("invitation", args=[secret])


def send_invitation(invitation: Invitation, secret: str) -> bool:
    """Send it now, after the transaction that made it; whether the mail server took it.

    Not a task: the secret is in nobody's hands but this request's and the reader's, so it goes into no queue.
    The words name no child and no need (domain: talking with families).
    """
    text = render_to_string("accounts/email/invitation.txt", {"invitation": invitation, "link": link(secret)})
    message = EmailMessage(
        subject="Your invitation to Alongside",
        body=text,
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

    `path` is where its link leads, or the first page. `words` fill the template. Of e-mails with one `key` many
    mailboxes keep only the first. Raises OSError where the mail server does not take it.
    """
    link = str(settings.PUBLIC_URL) + (path or reverse("home"))
    headers = {"Auto-Submitted": "auto-generated"}
    if key is not None:
        headers["Message-ID"] = f"<{key}@{urlsplit(link).hostname}>"
    text = render_to_string(template, {**words, "link": link})
    EmailMessage(subject=subject, body=text, to=[person.email], headers=headers).send()
