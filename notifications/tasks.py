"""Messages by the clock."""

from contextlib import suppress
from pathlib import Path
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from apdr import said_files
from pupils import profile_pictures

from . import bounces, bounces_imap, letters, photos, receipts, reminders
from .channels import NotTaken

#: So many letters or e-mails are one task: while a mail server answers nothing, each of them takes up to 20 seconds.
BATCH = 20


@shared_task
def plan_letters() -> None:
    """Plan the letters that are due before a young person begins to decide. May run twice, or late."""
    letters.plan(at=timezone.now())


@shared_task
def send_letters() -> None:
    """Give out what is to be sent. May run twice, or late: nothing is given out that is sent."""
    found = [str(pk) for pk in letters.due(timezone.now())]
    for first in range(0, len(found), BATCH):
        send_some.apply_async((found[first : first + BATCH],), expires=15 * 60)


@shared_task
def send_some(letter_ids: list[str]) -> None:
    """Send these letters, each if it is still to be sent. May run twice: each letter is sent by one."""
    for letter_id in letter_ids:
        letters.send(letter_id=UUID(letter_id), at=timezone.now())


@shared_task
def plan_reminders() -> None:
    """Plan reminders of what is wanted. May run twice, or late."""
    reminders.plan(at=timezone.now())


@shared_task
def send_reminders() -> None:
    """Make e-mails of what waits, and give out those that are to be sent. May run twice, or late."""
    at = timezone.now()
    reminders.gather(at=at)
    found = [str(pk) for pk in reminders.due(at)]
    for first in range(0, len(found), BATCH):
        send_some_reminders.apply_async((found[first : first + BATCH],), expires=15 * 60)


@shared_task
def send_some_reminders(message_ids: list[str]) -> None:
    """Send these e-mails, each if it is still to be sent. May run twice: each is sent by one."""
    for message_id in message_ids:
        reminders.send(message_id=UUID(message_id), at=timezone.now())


@shared_task
def read_bounces() -> None:
    """Take the e-mails that came back, out of a folder or a mailbox, where there is one. May run twice, or late."""
    if settings.BOUNCE_FOLDER:
        bounces.read_folder(Path(settings.BOUNCE_FOLDER), at=timezone.now())
    if settings.BOUNCE_IMAP_URL:
        bounces_imap.read_mailbox(settings.BOUNCE_IMAP_URL, at=timezone.now())


@shared_task
def ask_for_receipts() -> None:
    """Ask GOV.UK Notify what became of texts and letters, while it answers. May run twice, or late."""
    if settings.NOTIFY_API_KEY:
        with suppress(NotTaken):
            for message_id in receipts.due(timezone.now())[: BATCH * 10]:
                receipts.ask(message_id=message_id, at=timezone.now())


@shared_task
def sweep_photos() -> None:
    """Remove files of photos, drawings and recordings that belong to no row. May run twice, or late."""
    for kept in (photos, said_files, profile_pictures):
        kept.sweep(at=timezone.now())
