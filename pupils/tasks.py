"""Work of pupils outside requests."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from .imports import services


@shared_task
def save_import(import_id: str) -> None:
    """Save a file that a SENCO has looked at. May run twice."""
    services.save(batch_id=UUID(import_id), at=timezone.now())


@shared_task
def forget_imports() -> int:
    """Throw away what was brought in a day ago and neither saved nor cancelled."""
    return services.sweep(at=timezone.now())
