"""Work of pupils outside requests."""

from uuid import UUID, uuid5

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import languages, mail, quiet
from accounts.models import Setting, User

from . import receipts, requests
from .imports import inviting, services
from .models import SharingRequest


@shared_task
def save_import(import_id: str) -> None:
    """Save a file that a SENCO has looked at. May run twice."""
    services.save(batch_id=UUID(import_id), at=timezone.now())


@shared_task
def forget_imports() -> int:
    """Throw away what was brought in a day ago and neither saved nor cancelled."""
    return services.sweep(at=timezone.now())


@shared_task
def invite_families(setting_id: str, by_id: str) -> None:
    """Invite the parent carers of a setting who can be. May run twice: nobody is invited again."""
    inviting.invite_ready(
        setting=Setting.objects.get(pk=setting_id), by=User.objects.get(pk=by_id), at=timezone.now()
    )


@shared_task(autoretry_for=(OSError,), retry_backoff=30, max_retries=10)
def send_receipt(sheet_id: str) -> None:
    """Tell whose choice it was that there is a receipt. May run twice: nobody is told again."""
    receipts.send(UUID(sheet_id), at=timezone.now())


@shared_task
def send_receipts_left() -> int:
    """Send the receipts that were not sent when they were due, each by its own task. How many."""
    sheets = receipts.left(timezone.now())
    for pk in sheets:
        send_receipt.delay(str(pk))
    return len(sheets)


@shared_task
def tell_of_request(request_id: str) -> None:
    """Tell whoever can answer that something was asked of them, each by a task of their own."""
    request = SharingRequest.objects.filter(pk=request_id).select_related("pupil", "asker").first()
    for person in requests.to_tell(request, timezone.now()) if request else []:
        tell_of_request_to.delay(request_id, str(person.pk))


@shared_task(autoretry_for=(OSError,), retry_backoff=60, max_retries=6)
def tell_of_request_to(request_id: str, person_id: str) -> None:
    """Send one person the news that they were asked something, if they still can answer it when it is sent.

    In their quiet hours it comes back every few minutes until those are over: a broker hands out a task that waits
    for longer a second time. Whoever wants no e-mail finds it when they sign in.
    """
    at = timezone.now()
    request = SharingRequest.objects.filter(pk=request_id).select_related("pupil", "asker").first()
    told = requests.to_tell(request, at) if request else []
    person = next((one for one in told if str(one.pk) == person_id), None)
    if person is None or not quiet.wants_mail(person):
        return
    if quiet.now(person, at):
        tell_of_request_to.apply_async((request_id, person_id), countdown=10 * 60)
        return
    with languages.writing_to(person):
        key = uuid5(UUID(request_id), person_id)
        mail.send_words(person, _("Somebody asked you something"), "pupils/email/asked.txt", key=key)
