"""Reviews as entries of a calendar (RFC 5545): what a phone or another program is told of one.

An entry says when, and no more: no child's name, no need, no kind of review, and no place, which is typed by hand and
may name somebody (docs/decisions/0009-what-a-calendar-is-told.md). Who may be given one is asked before, of the policy.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy
from icalendar import Calendar, Event, Timezone, vCalAddress

from accounts import languages
from accounts.models import User
from accounts.words import StrOrPromise

from .enums import ReviewState
from .models import Review
from .slots import LONDON

SUMMARY = _lazy("Review meeting")
DESCRIPTION = _lazy("Sign in to Alongside to see who it’s about, and where it is.")
#: What stands behind a review's id in the uid of its entry, for good: whatever address Alongside is found at.
DOMAIN = "reviews.alongside.invalid"
#: How often a calendar is asked to look again: for newer programs, and as older ones read it.
AGAIN, AGAIN_AS_TEXT = timedelta(hours=4), "PT4H"

#: London's clocks since 1996: forward on the last Sunday of March, back on the last Sunday of October.
_LONDON = b"""BEGIN:VTIMEZONE\r
TZID:Europe/London\r
BEGIN:DAYLIGHT\r
DTSTART:19960331T010000\r
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r
TZNAME:BST\r
TZOFFSETFROM:+0000\r
TZOFFSETTO:+0100\r
END:DAYLIGHT\r
BEGIN:STANDARD\r
DTSTART:19961027T020000\r
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r
TZNAME:GMT\r
TZOFFSETFROM:+0100\r
TZOFFSETTO:+0000\r
END:STANDARD\r
END:VTIMEZONE\r
"""


class Method(StrEnum):
    """What a file asks of the calendar that opens it (RFC 5546)."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


def uid(review_id: UUID) -> str:
    """The same in every calendar, for as long as the review is there."""
    return f"{review_id}@{DOMAIN}"


def entry(
    review_id: UUID,
    *,
    starts_at: datetime,
    minutes: int,
    sequence: int,
    changed_at: datetime,
    href: str = "",
    cancelled: bool = False,
    summary: StrOrPromise = SUMMARY,
    description: StrOrPromise = DESCRIPTION,
    where: str = "",
    domain: str = DOMAIN,
) -> Event:
    """One entry. `changed_at` is when what it says last changed; `href` the page that tells more to who signs in.

    What is no review has a name, a place and a `domain` of its own; whoever gives them knows that they tell nothing.
    """
    event = Event()
    event.add("uid", f"{review_id}@{domain}")
    event.add("sequence", sequence)
    event.add("dtstamp", changed_at.astimezone(UTC))
    event.add("last-modified", changed_at.astimezone(UTC))
    start = starts_at.astimezone(UTC)
    end = start + timedelta(minutes=minutes)
    if not (_twice(start) or _twice(end)):
        start, end = start.astimezone(LONDON), end.astimezone(LONDON)
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", str(summary))
    if where and not cancelled:
        event.add("location", where)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    if href and not cancelled:
        event.add("description", " ".join(filter(None, [str(description), languages.not_checked()])))
        event.add("url", str(settings.PUBLIC_URL) + href)
    return event


def _twice(at: datetime) -> bool:
    """Whether an instant lies in the hour that London's clocks show twice, which no local time can name."""
    local = at.astimezone(LONDON)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def calendar(entries: Iterable[Event], method: Method | None = None) -> bytes:
    """Entries as a file. Without a method they are all that there is, as of an address that is read again and again."""
    found = Calendar()
    found.add("prodid", "-//Alongside//Reviews//EN")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    if method is None:
        found.add("name", "Alongside")
        found.add("x-wr-calname", "Alongside")
        found.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
        found.add("x-published-ttl", AGAIN_AS_TEXT)
    else:
        found.add("method", method.value)
    found.add_component(Timezone.from_ical(_LONDON))
    for each in entries:
        found.add_component(each)
    return found.to_ical()


def page(review: Review) -> str:
    """The page that tells more of a review, to whoever signs in and may read it."""
    return reverse("reviews", args=[review.cycle.pupil_id])


def of_review(review: Review, changed_at: datetime) -> Event:
    """A review's own entry, as it is now, for a file that is given once: on a page, or with an e-mail."""
    return entry(
        review.pk,
        starts_at=review.starts_at,
        minutes=review.minutes,
        sequence=review.sequence,
        changed_at=changed_at,
        href=page(review),
        cancelled=review.state in (ReviewState.CANCELLED, ReviewState.EXEMPT),
    )


def file(review: Review, at: datetime) -> bytes:
    """A file that adds a review to whatever calendar opens it."""
    return calendar([of_review(review, at)], Method.PUBLISH)


def invitation(review: Review, person: User, at: datetime) -> tuple[str, bytes, str]:
    """What goes with an e-mail that asks somebody to a review, tells of its new time, or calls it off: an attachment.

    A name, the content and its type, as Django's e-mails take them. It names the reader's own address and nobody else.
    Their calendar sends no answer: they answer in Alongside.
    """
    event = of_review(review, at)
    method = Method.CANCEL if event["status"] == "CANCELLED" else Method.REQUEST
    event.add("organizer", vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"))
    asked = vCalAddress(f"mailto:{person.email}")
    asked.params["RSVP"] = "FALSE"
    asked.params["PARTSTAT"] = "NEEDS-ACTION"
    event.add("attendee", asked)
    return (
        "review.ics",
        calendar([event], method),
        f"text/calendar; charset=utf-8; method={method.value}",
    )
