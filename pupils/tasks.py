"""Work of pupils outside requests."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from accounts.models import Setting, User

from . import receipts
from .imports import inviting, services


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
