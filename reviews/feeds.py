"""Somebody's own calendar: an address that is made, ended and read.

What it gives is asked of the policy at each reading. What it was given before and is theirs no longer, for whatever
reason, is called off once and says nothing more: an entry that only stayed away would be kept by some phones.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Event

from accounts import audit, languages
from accounts.models import User
from accounts.tokens import hashed
from pupils import access, policy
from pupils.enums import Section, Way

from . import ics, invitations
from .enums import ReviewState
from .models import CalendarEntry, CalendarFeed, Review

#: What else stands in somebody's calendar: entries for an address at an instant. An app above adds its own when it is ready.
OTHERS: list[Callable[[CalendarFeed, datetime], Iterable[Event]]] = []
#: Reviews that were so long ago leave the calendar.
KEPT = timedelta(days=365)


def of_person(person: User) -> CalendarFeed | None:
    """The address that somebody has now: 1 query."""
    return CalendarFeed.objects.filter(person=person, ended_at=None).first()


@transaction.atomic
def make(*, person: User, key: UUID, by: User, at: datetime) -> tuple[CalendarFeed, str]:
    """A new address and its secret, which cannot be had again; the one before ends. `key` is the id of the new one.

    Raises ValidationError for a form that made one before: what it showed then is not known any more.
    """
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if CalendarFeed.objects.filter(pk=key).exists():
        raise ValidationError(_("This address was made already. If you do not have it, make a new one."))
    CalendarFeed.objects.filter(person=person, ended_at=None).update(ended_at=at)
    secret = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(pk=key, person=person, secret_hash=hashed(secret), made_at=at)
    audit.record("calendar address made", person=person, by=by, at=at, of=feed)
    return feed, secret


@transaction.atomic
def end(*, person: User, by: User, at: datetime) -> None:
    """End the address that somebody has. Raises ValidationError where there is none."""
    feed = CalendarFeed.objects.select_for_update().filter(person=person, ended_at=None).first()
    if feed is None:
        raise ValidationError(_("You have no calendar address. It has ended already."))
    feed.ended_at = at
    feed.save(update_fields=["ended_at"])
    audit.record("calendar address ended", person=person, by=by, at=at, of=feed)


def address(secret: str) -> str:
    """The whole address that a person gives to their calendar."""
    return str(settings.PUBLIC_URL) + reverse("calendar", args=[secret])


def subscribing(secret: str) -> str:
    """The same address as a phone or a computer opens it in its own calendar."""
    return "webcal://" + address(secret).partition("://")[2]


@transaction.atomic
def read(*, secret: str, at: datetime) -> bytes:
    """The calendar at an address, as its person may know it at this instant: at most 10 queries, however long it is, and
    those of `OTHERS`.

    Raises Http404 for an address that nobody has, or whose person may no longer sign in. Of two who read it at once,
    the second waits for the first, so that each tells only what was not told before.
    """
    rows = CalendarFeed.objects.select_for_update(of=("self",), no_key=True).select_related(
        "person__preferences"
    )
    feed = rows.filter(secret_hash=hashed(secret), ended_at=None, person__is_active=True).first()
    if feed is None:
        raise Http404
    known = {row.review_id: row for row in feed.entries.all()}
    open_now = _open(feed.person, at)
    news = [*_changes(feed, known, open_now, at), *_closed(known, open_now, at)]
    CalendarEntry.objects.bulk_create(
        news,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["starts_at", "minutes", "cancelled", "sequence", "added", "changed_at"],
    )
    looks = {review.cycle.pupil_id: sight for review, sight in open_now.values() if not _off(review)}
    access.read_by_itself(((sight, [Section.REVIEWS]) for sight in looks.values()), Way.CALENDAR)
    CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=at)
    shown = [row for row in known.values() if row.starts_at > at - KEPT]
    shown.sort(key=lambda row: (row.starts_at, row.review_id))
    with languages.writing_to(feed.person):
        reviews = [
            ics.entry(
                row.review_id,
                starts_at=row.starts_at,
                minutes=row.minutes,
                sequence=row.sequence,
                changed_at=row.changed_at,
                href="" if row.cancelled else ics.page(open_now[row.review_id][0]),
                cancelled=row.cancelled,
            )
            for row in shown
        ]
        return ics.calendar(chain(reviews, *(others(feed, at) for others in OTHERS)))


def _off(review: Review) -> bool:
    return review.state in (ReviewState.CANCELLED, ReviewState.EXEMPT)


def _open(person: User, at: datetime) -> dict[UUID, tuple[Review, policy.Sight]]:
    """The reviews to come, and of the last year, of whose time the policy lets a person know, and why: 4 queries.

    From hand-over the young person says who comes, and nobody else is told of a review by a program of ours.
    """
    pupils = policy.pupils_for(person, Section.REVIEWS, at)
    found = Review.objects.filter(cycle__pupil__in=pupils, starts_at__gt=at - KEPT)
    reviews = list(found.select_related("cycle__pupil").order_by("pk"))
    sights = policy.sights(person, {review.cycle.pupil for review in reviews}, at)
    seen = [(review, sights[review.cycle.pupil_id]) for review in reviews]
    chosen = invitations.chosen_each([review.pk for review in reviews], at)
    return {
        review.pk: (review, sight)
        for review, sight in seen
        if sight.sees(Section.REVIEWS) and invitations.hears(review, sight, chosen)
    }


def _changes(
    feed: CalendarFeed,
    known: dict[UUID, CalendarEntry],
    open_now: dict[UUID, tuple[Review, policy.Sight]],
    at: datetime,
) -> Iterator[CalendarEntry]:
    """What is new of the reviews that are open. What was called off before a calendar knew of it, it never hears of."""
    for pk, (review, __) in open_now.items():
        now = {"starts_at": review.starts_at, "minutes": review.minutes, "cancelled": _off(review)}
        row = known.get(pk)
        if row is None:
            if not now["cancelled"]:
                row = CalendarEntry(feed=feed, review=review, sequence=review.sequence, changed_at=at, **now)
                known[pk] = row
                yield row
            continue
        sequence = review.sequence + row.added
        if sequence == row.sequence and all(getattr(row, name) == value for name, value in now.items()):
            continue
        if sequence <= row.sequence:  # it went and came back
            sequence = row.sequence + 1
            row.added = sequence - review.sequence
        for name, value in {**now, "sequence": sequence, "changed_at": at}.items():
            setattr(row, name, value)
        yield row


def _closed(
    known: dict[UUID, CalendarEntry], open_now: dict[UUID, tuple[Review, policy.Sight]], at: datetime
) -> Iterator[CalendarEntry]:
    """What is theirs no longer is called off at the time that the calendar knew, whatever became of it since."""
    for pk, row in known.items():
        if pk not in open_now and not row.cancelled:
            row.cancelled, row.sequence, row.changed_at = True, row.sequence + 1, at
            yield row
