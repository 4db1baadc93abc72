"""How somebody is talked with: by which way, how large, and when they are left in peace (domain: talking with families)."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from .enums import Channel, Format
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


def channel(person: User) -> Channel:
    """By which way somebody is told of something: as they want.

    For texts that cannot be sent, or whose number its owner has not confirmed, by e-mail, or on paper where they have
    no address: no text goes to another number.
    """
    wants = _of(person)
    texts = bool(settings.NOTIFY_TEXT_TEMPLATE) and wants.phone_is_confirmed
    if wants.channel == Channel.TEXT and not texts:
        return Channel.EMAIL if person.signs_in else Channel.LETTER
    return Channel(wants.channel)


def address(person: User) -> str:
    """Where a message finds them, by their channel; empty where they gave none, or want none."""
    wants = _of(person)
    found = {
        Channel.EMAIL: person.email or "",
        Channel.TEXT: wants.phone,
        Channel.LETTER: wants.postal_address,
    }
    return found.get(channel(person), "")


def postal(person: User) -> str:
    """Where a letter finds them, whichever way they like best; empty where they gave no address."""
    return _of(person).postal_address


def on_paper(person: User) -> bool:
    """Whether what is for somebody is printed: they want letters, or have no e-mail address."""
    return _of(person).channel == Channel.LETTER or not person.signs_in


def rung(person: User) -> bool:
    """Whether somebody would rather be rung."""
    return _of(person).channel == Channel.PHONE


def reads(person: User) -> str:
    """The BCP 47 tag of the language that they like to read."""
    return _of(person).written_language


def large(person: User) -> bool:
    """Whether what is printed for somebody has large letters."""
    return _of(person).format in (Format.LARGE_PRINT, Format.EASY_READ)


def wants_mail(person: User) -> bool:
    return person.signs_in and channel(person) is Channel.EMAIL


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
