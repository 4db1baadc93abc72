"""Work of accounts by the clock."""

from importlib import import_module

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from . import invitations


@shared_task
def close_expired() -> int:
    """Close invitations whose time is over and delete sessions that ended, with the sign-in codes kept in them.

    May run twice, or late: it asks for what is due and not yet done.
    """
    closed = invitations.close_expired(timezone.now())
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return closed
