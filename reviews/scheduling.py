"""Setting the times of many reviews at once, and saying why one is cancelled or not needed.

Whoever sets times holds the settings and everybody who must be there until the transaction ends: of two SENCOs who
confirm at the same moment, the second is told of the first one's times.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts import policy as accounts_policy
from accounts.models import Membership, Term, User
from accounts.open_days import is_open, is_working_day
from apdr import selectors as plans
from apdr import states
from apdr.enums import Stage
from apdr.models import Cycle
from apdr.services.common import begin, made_before
from pupils import audit, policy
from pupils.enums import Section
from pupils.errors import OUT_OF_DATE, SAVED_ALREADY, NotNow
from pupils.models import AuditEvent
from pupils.services import save_version

from . import selectors_planner as planner
from .enums import Change, Kind, ReviewState
from .models import Attendee, Review, ReviewChange
from .slots import LONDON, Taken, clashes
from .times import check_time, hold, in_words, names

THERE_IS_ONE = _lazy("A review is scheduled already. Change its time instead.")
OVER = _lazy("This review is not to come any more, so nothing of its time can be changed.")
#: So many reviews at once, and no more: each of them is read before it is confirmed.
AT_ONCE = 32

Refusals = dict[str, list[str]]


@dataclass(frozen=True)
class Booking:
    """A time for the review of one cycle, and who must be there."""

    cycle: UUID
    starts_at: datetime
    minutes: int
    where: str
    people: frozenset[UUID]


@transaction.atomic
def schedule_all(*, bookings: Sequence[Booking], key: UUID, by: User, at: datetime) -> list[Review]:
    """Set the times of many reviews: all of them, or none. What was sent with the same `key` before is done once.

    Raises Http404 or NotThisSection for a cycle whose reviews are not this person's to hold, and ValidationError by
    "<cycle>-<field>" for whatever stands in the way.
    """
    if len(bookings) > AT_ONCE or len({booking.cycle for booking in bookings}) < len(bookings):
        raise ValidationError(
            _("Give each review once, and at most %(number)s at a time.") % {"number": AT_ONCE}
        )
    cycles = _cycles([booking.cycle for booking in bookings], by, at)
    settings = planner.settings_now({cycle.pupil_id for cycle in cycles.values()}, at)
    hold(settings.values(), {person for booking in bookings for person in booking.people})
    list(Cycle.objects.select_for_update(no_key=True).filter(pk__in=cycles).order_by("pk"))
    made = Review.objects.filter(pk__in=[uuid5(key, str(pk)) for pk in cycles])
    before = {review.cycle_id: review for review in made.prefetch_related("attendees")}
    new = [booking for booking in bookings if booking.cycle not in before]
    kinds = _kinds(new, by, at)
    reviews = [
        Review(
            pk=uuid5(key, str(booking.cycle)),
            cycle=cycles[booking.cycle],
            kind=kinds.get(booking.cycle, Kind.PLAN),
            starts_at=booking.starts_at,
            minutes=booking.minutes,
            where=booking.where.strip(),
            scheduled_by=by,
            scheduled_at=at,
        )
        for booking in new
    ]
    refused = {f"{pk}-time": [str(SAVED_ALREADY)] for pk in _otherwise(bookings, before, by)}
    refused |= _refused(list(zip(reviews, new, strict=True)), settings, at)
    if refused:
        raise ValidationError(refused)
    Review.objects.bulk_create(reviews)
    Attendee.objects.bulk_create(
        Attendee(review=review, person_id=person)
        for review, booking in zip(reviews, new, strict=True)
        for person in sorted(booking.people)
    )
    audit.record_many(
        AuditEvent(
            verb="review scheduled",
            by=by,
            at=at,
            pupil=review.cycle.pupil,
            section=Section.REVIEWS,
            object_type="review",
            object_id=review.pk,
        )
        for review in reviews
    )
    return [*before.values(), *reviews]


def _cycles(ids: Sequence[UUID], by: User, at: datetime) -> dict[UUID, Cycle]:
    """The cycles by id, when this person may hold the reviews of all of them. Raises as the policy does."""
    found = {cycle.pk: cycle for cycle in plans.cycles().filter(pk__in=ids)}
    sights = policy.sights(by, [cycle.pupil for cycle in found.values()], at)
    for pk in ids:
        if pk not in found:
            raise Http404
        policy.passed(sights[found[pk].pupil_id], planner.ACTION)
    return found


def _kinds(bookings: Sequence[Booking], by: User, at: datetime) -> dict[UUID, Kind]:
    if not bookings:
        return {}
    ids = [booking.cycle for booking in bookings]
    rows = planner.rows(planner.held_by(by, at), at, settings=planner.settings_of(by, at), cycles=ids)
    return {row.cycle_id: row.owed.kind for row in rows if row.cycle_id}


def _otherwise(bookings: Sequence[Booking], before: Mapping[UUID, Review], by: User) -> list[UUID]:
    """The cycles whose review this form made already, and of which it says something else now."""
    found = []
    for booking in bookings:
        review = before.get(booking.cycle)
        if review is not None:
            there = {attendee.person_id for attendee in review.attendees.all()}
            now = (review.starts_at, review.minutes, review.where, review.scheduled_by_id, there)
            said = (booking.starts_at, booking.minutes, booking.where.strip(), by.pk, set(booking.people))
            if now != said:
                found.append(booking.cycle)
    return found


def _refused(
    wanted: Sequence[tuple[Review, Booking]], settings: Mapping[UUID, UUID], at: datetime
) -> Refusals:
    """What stands in the way of each review, by "<cycle>-<field>"."""
    refused: Refusals = {}

    def refuse(review: Review, field: str, words: Iterable[str]) -> None:
        refused.setdefault(f"{review.cycle_id}-{field}", []).extend(words)

    if not wanted:
        return refused
    cycles = [review.cycle_id for review, __ in wanted]
    others = Review.objects.filter(cycle__in=cycles, state=ReviewState.SCHEDULED)
    there_is = set(others.values_list("cycle", flat=True))
    terms, staff = _terms(settings.values()), _staff(settings.values(), at)
    for review, booking in wanted:
        setting = settings[review.cycle.pupil_id]
        try:
            states.require("schedule_review", Stage(review.cycle.now))  # type: ignore[attr-defined]
            check_time(review.starts_at, at)
            review.clean_fields(exclude=["cycle", "scheduled_by"])
        except NotNow as error:
            refuse(review, "time", [str(error)])
        except ValidationError as error:
            for name, words in error.message_dict.items():
                refuse(review, "day" if name == "starts_at" else name, words)
        if review.cycle_id in there_is:
            refuse(review, "time", [str(THERE_IS_ONE)])
        if closed := why_closed(timezone.localdate(review.starts_at, LONDON), terms[setting]):
            refuse(review, "day", [closed])
        if booking.people - staff[setting]:
            refuse(review, "people", [_("Choose people who work at this setting.")])
    for review, told in _clashes(wanted, settings):
        for field in told:
            refuse(review, field, told[field])
    return refused


def _terms(settings: Iterable[UUID]) -> dict[UUID, list[Term]]:
    found: dict[UUID, list[Term]] = {pk: [] for pk in settings}
    for term in Term.objects.filter(setting__in=found):
        found[term.setting_id].append(term)
    return found


def _staff(settings: Iterable[UUID], at: datetime) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = {pk: set() for pk in settings}
    held = Membership.objects.filter(accounts_policy.live(at), setting__in=found, person__is_active=True)
    for setting, person in held.values_list("setting", "person"):
        found[setting].add(person)
    return found


def _clashes(
    wanted: Sequence[tuple[Review, Booking]], settings: Mapping[UUID, UUID]
) -> list[tuple[Review, dict[str, list[str]]]]:
    """What clashes with each, of the reviews to come and of the others that are wanted."""
    times = [
        (r, Taken(r.starts_at, r.minutes, settings[r.cycle.pupil_id], r.where, booking.people))
        for r, booking in wanted
    ]
    days = [timezone.localdate(one.starts_at, LONDON) for __, one in times]
    people = {person for __, one in times for person in one.people}
    others = planner.taken({one.setting for __, one in times}, people, min(days), max(days))
    called = names(people)
    told = []
    for review, one in times:
        against: list[Taken] = [*others, *(other for __, other in times if other is not one)]
        if found := clashes(one, against):
            told.append((review, in_words(found, called, one.where)))
    return told


def why_closed(day: date, terms: Collection[Term]) -> str:
    """Why nobody is there on a day, in words, or nothing."""
    if is_open(day, terms):
        return ""
    if day.weekday() > 4:
        return _("That is a weekend. Choose another day")
    if not is_working_day(day):
        return _("That is a bank holiday. Choose another day")
    return _("That is not in a term. Choose another day, or put the term dates right")


@transaction.atomic
def cancel_review(*, review: Review, version: int, reason: str, by: User, at: datetime) -> None:
    """Say that a review will not be at its time, and why. It stays owed. Cancelling twice for one reason is once.

    Raises Stale, NotNow for one that is not to come, and ValidationError by field.
    """
    begin(cycle=review.cycle, action=planner.ACTION, act="schedule_review", by=by, at=at)
    now = Review.objects.get(pk=review.pk)
    reason = _said(reason)
    if now.state == ReviewState.CANCELLED and now.cancel_reason == reason:
        return
    if now.state != ReviewState.SCHEDULED:
        raise NotNow(OVER)
    save_version(
        review,
        version,
        {"state": ReviewState.CANCELLED, "cancel_reason": reason, "sequence": now.sequence + 1},
    )
    write_change(now, Change.CANCELLED, reason, by, at)
    audit.record(
        "review cancelled", by=by, at=at, pupil=review.cycle.pupil, section=Section.REVIEWS, of=review
    )


@transaction.atomic
def exempt_review(*, cycle: Cycle, reason: str, by: User, at: datetime, key: UUID | None = None) -> Review:
    """Say that the review that is owed of a cycle is not needed, and why; a time that was set for it goes.

    The same form sent twice says it once: `key` is the id of the row that says so. Raises NotNow where none is owed,
    and ValidationError by field.
    """
    begin(cycle=cycle, action=planner.ACTION, act="schedule_review", by=by, at=at)
    said = made_before(ReviewChange, key, by=by, what=Change.EXEMPT)
    if said is not None:
        if said.review.cycle_id != cycle.pk:
            raise ValidationError(OUT_OF_DATE)
        return said.review
    reason = _said(reason)
    row = planner.row_of(cycle, at)
    if row is None:
        raise NotNow(_("No review is owed of this plan."))
    review = Review.objects.filter(cycle=cycle, state=ReviewState.SCHEDULED).first()
    if review is None:
        review = Review(
            cycle=cycle,
            kind=row.owed.kind,
            starts_at=datetime.combine(row.owed.by, time(), tzinfo=LONDON),
            state=ReviewState.EXEMPT,
            exempt_reason=reason,
            scheduled_by=by,
            scheduled_at=at,
        )
        review.full_clean()
        review.save()
    else:
        fields = {"state": ReviewState.EXEMPT, "exempt_reason": reason, "sequence": review.sequence + 1}
        save_version(review, review.version, fields)
    write_change(review, Change.EXEMPT, reason, by, at, key)
    audit.record("review not needed", by=by, at=at, pupil=cycle.pupil, section=Section.REVIEWS, of=review)
    return review


def _said(reason: str) -> str:
    if not reason.strip():
        raise ValidationError({"reason": _("Say why, so that it is never a blank.")})
    return reason.strip()


def write_change(
    was: Review, what: Change, reason: str, by: User, at: datetime, key: UUID | None = None
) -> None:
    """Write down what became of a review; `was` is the review with the time that it had."""
    row = ReviewChange(
        review=was,
        what=what,
        reason=reason,
        starts_at=was.starts_at,
        minutes=was.minutes,
        where=was.where,
        by=by,
        at=at,
        **({"pk": key} if key else {}),
    )
    row.full_clean()
    row.save()
