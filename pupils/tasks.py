"""Work of pupils outside requests."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

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


@shared_task
def save_imports_left() -> None:
    """Give out again what waits to be saved and nobody saves: the broker was away, or lost it. May run twice."""
    for pk in services.left(at=timezone.now()):
        save_import.apply_async((str(pk),), expires=15 * 60)


@shared_task(autoretry_for=(OSError,), retry_backoff=30, max_retries=3)
def send_receipt(sheet_id: str) -> None:
    """Tell whose choice it was that there is a receipt. May run twice: nobody is told again."""
    receipts.send(UUID(sheet_id), at=timezone.now())


@shared_task
def send_late_receipt(sheet_id: str) -> None:
    """The same, later. Where it fails it is given out again in a quarter of an hour."""
    receipts.send(UUID(sheet_id), at=timezone.now(), late=True)


@shared_task(autoretry_for=(OSError,), retry_backoff=60, max_retries=3)
def tell_of_request_to(request_id: str, person_id: str) -> None:
    """Send one person the news that they were asked something. May run twice: nobody is told again."""
    requests.tell(UUID(request_id), UUID(person_id), timezone.now())


@shared_task
def tell_of_request(request_id: str) -> None:
    """Tell whoever can answer that something was asked of them, each by a task of their own."""
    request = SharingRequest.objects.filter(pk=request_id).select_related("pupil", "asker").first()
    for person in requests.to_tell(request, timezone.now()) if request else []:
        tell_of_request_to.delay(request_id, str(person.pk))


@shared_task
def send_what_is_left() -> None:
    """Send what did not reach its reader when it was due: receipts of choices, and news of what was asked."""
    at, soon = timezone.now(), {"expires": 15 * 60}  # until this runs again
    for pk in receipts.left(at):
        send_late_receipt.apply_async((str(pk),), **soon)
    for request, person in requests.left(at):
        tell_of_request_to.apply_async((str(request), str(person)), **soon)
