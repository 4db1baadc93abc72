"""A mobile number is its owner's once they typed the code that was texted to it; until then they get e-mails.

A number that a SENCO wrote down is confirmed by nobody but the person. Where no texts can be sent, none is confirmed.
"""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from accounts import audit, languages, services
from accounts.models import PhoneCode, Preferences, User
from pupils.errors import NotNow

from . import channels

#: A code is good for so long, and for so many tries.
LASTS, TRIES = timedelta(minutes=15), 5
#: So long after one code the next may be sent, and at most so many in a day.
PAUSE, A_DAY = timedelta(minutes=1), 5

NO_TEXTS = _lazy("Texts cannot be sent from here. You get e-mails instead.")
NO_NUMBER = _lazy("You gave no mobile number yet.")
WAIT = _lazy("We sent you a code just now. Wait a minute, then ask again.")
ENOUGH = _lazy("We sent you too many codes today. Try again tomorrow. Until then you get e-mails.")
OVER = _lazy("This code is used up or too old. Ask for a new one.")


def can_text() -> bool:
    """Whether texts can be sent from this installation."""
    return bool(settings.NOTIFY_API_KEY and settings.NOTIFY_TEXT_TEMPLATE)


def waiting(person: User, phone: str, at: datetime) -> PhoneCode | None:
    """The code that can still be typed for a number: the last that was sent to it. 1 query."""
    last = PhoneCode.objects.filter(person=person).first()
    good = last is not None and last.phone == phone and last.used_at is None
    return last if last is not None and good and last.expires_at > at and last.tries < TRIES else None


@transaction.atomic
def ask_code(*, person: User, by: User, at: datetime) -> tuple[PhoneCode, str]:
    """Make a code for somebody's own number, and the code itself, which is kept nowhere. `send` sends it.

    Raises NotNow where no texts are sent, there is no number to confirm, or too many were asked for.
    """
    if person != by:
        raise PermissionDenied(_("Only its owner can confirm a number."))
    list(User.objects.select_for_update(no_key=True).filter(pk=person.pk))
    wants = services.preferences_of(person)
    if not can_text():
        raise NotNow(NO_TEXTS)
    if not wants.phone:
        raise NotNow(NO_NUMBER)
    sent = PhoneCode.objects.filter(person=person, sent_at__gt=at - timedelta(days=1))
    if sent.filter(sent_at__gt=at - PAUSE).exists():
        raise NotNow(WAIT)
    if sent.count() >= A_DAY:
        raise NotNow(ENOUGH)
    code = f"{secrets.randbelow(10**6):06}"
    row = PhoneCode(person=person, phone=wants.phone, sent_at=at, expires_at=at + LASTS)
    row.code_hash = _hashed(row, code)
    row.save(force_insert=True)
    audit.record("phone code sent", person=person, by=by, at=at, of=row)
    return row, code


def send(row: PhoneCode, code: str) -> bool:
    """Text a code now, after the transaction that made it; whether it was taken.

    Not a task: the code is in nobody's hands but this request's and the reader's, so it goes into no queue.
    """
    with languages.writing_to(row.person):
        words = _("%(code)s is your code for Alongside. It works for 15 minutes. Give it to nobody.") % {
            "code": code
        }
        if note := languages.not_checked():
            words = f"{words} {note}"
    try:
        channels.send_text(row.phone, words, str(row.pk))
    except (channels.NotTaken, channels.Refused):
        return False
    return True


@transaction.atomic
def confirm(*, person: User, code: str, by: User, at: datetime) -> str:
    """Show that a number is one's own by the code that was sent to it; why not, in words, or nothing.

    A wrong code counts as a try, however many are typed at once: what is answered is given back and not raised, so
    that the count stays.
    """
    if person != by:
        raise PermissionDenied(_("Only its owner can confirm a number."))
    Preferences.objects.get_or_create(person=person)
    wants = Preferences.objects.select_for_update().get(person=person)
    found = waiting(person, wants.phone, at)
    if found is None:
        return str(OVER)
    row = PhoneCode.objects.select_for_update().get(pk=found.pk)
    row.tries += 1
    if not constant_time_compare(row.code_hash, _hashed(row, code.strip())):
        row.save(update_fields=["tries"])
        left = TRIES - row.tries
        if not left:
            return str(OVER)
        return ngettext(
            "That is not the code. You can try %(left)s more time.",
            "That is not the code. You can try %(left)s more times.",
            left,
        ) % {"left": left}
    row.used_at = at
    row.save(update_fields=["tries", "used_at"])
    wants.phone_confirmed = row.phone
    wants.save(update_fields=["phone_confirmed"])
    audit.record("phone confirmed", person=person, by=by, at=at, of=row)
    return ""


def _hashed(row: PhoneCode, code: str) -> str:
    return salted_hmac("accounts.PhoneCode", f"{row.pk} {row.phone} {code}", algorithm="sha256").hexdigest()
