"""When somebody is left in peace, and whether they want e-mail at all (domain: talking with families)."""

from datetime import datetime

from django.utils import timezone

from .enums import Channel
from .models import Preferences, User


def _of(person: User) -> Preferences:
    """Somebody's preferences, no query where they were read with the person; whoever wrote none down has those that
    everybody starts with.
    """
    found: Preferences | None = getattr(person, "preferences", None)
    if found is None:
        found = Preferences(person=person)
        found.clean_fields(exclude=["person"])  # times written as text become times
    return found


def wants_mail(person: User) -> bool:
    return _of(person).channel == Channel.EMAIL


def digest(person: User) -> bool:
    """Whether they want one e-mail a day rather than each at once."""
    return _of(person).daily_digest


def now(person: User, at: datetime) -> bool:
    """Whether an instant falls into somebody's quiet hours, which may go past midnight, or their quiet weekend."""
    wants, local = _of(person), timezone.localtime(at)
    if wants.quiet_weekends and local.weekday() >= 5:
        return True
    start, end, moment = wants.quiet_from, wants.quiet_until, local.time()
    return start <= moment < end if start <= end else moment >= start or moment < end
