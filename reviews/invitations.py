"""Asking people to a review, and what they answer.

Who may hear of a review is the rule's to say, and is asked at the moment at which they would (`part_of`, `standing`).
From hand-over the young person is asked first: nobody of the family and nobody from outside the setting hears of the
review from us unless the young person chose them for it, and the review's section is open to them besides.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, UUIDField, Value
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.enums import Asked
from accounts.models import User
from apdr.enums import Perspective
from apdr.models import Cycle
from apdr.services.common import begin
from pupils import audit, choices, policy
from pupils.enums import Gave, Ground, Relation, Section
from pupils.errors import NotNow
from pupils.models import Capacity, ParentCarer, Pupil, PupilUserPermission
from pupils.policy import Sight

from . import ics
from .enums import ReviewState
from .enums_invitations import AnotherWay, Coming, Through
from .models import Attendee, Review, ReviewInvitation, ReviewReply, WhoComes, WhoComesPerson
from .scheduling import AT_ONCE, OVER

MOVED = _lazy("The review has another time now. Look at it and answer again.")
SINCE = _lazy(
    "Somebody wrote down who comes since you opened this page. Look at what stands now and choose again."
)
NOT_ASKED = _lazy("They are not asked to this review any more.")
#: So many other times can be picked at once.
PICKED = 6
#: What somebody told us is written down within this time.
TOLD_WITHIN = timedelta(days=365)
#: Who stands near a pupil and can be wanted at a review: grounds of the circle.
WANTED_THERE = {"parent", "professional", "teaches"}


def part_of(sight: Sight) -> Perspective | None:
    """As whom somebody is asked to reviews, by the rule at an instant; None for whoever is not.

    Whoever teaches is asked where the plan is open to them, and hears when the meeting is and nothing else of reviews;
    everybody else where reviews are. A parent carer is one, whatever else they are. A recorded decision asks nobody.
    """
    grounds = sight.grounds(Section.REVIEWS)
    if Ground.OWN in grounds:
        return Perspective.CHILD
    if Ground.PARENT in grounds:
        return Perspective.PARENT
    if Ground.COORDINATES in grounds or Ground.TEACHES in sight.grounds(Section.PLAN):
        return Perspective.STAFF
    return Perspective.PROFESSIONAL if Ground.SHARED in grounds else None


def wanted_at(of: str, at: datetime) -> QuerySet[WhoComesPerson]:
    """The people whom the child or young person wants at the review that `of` leads to, by what was said last.

    Nobody, where somebody else said it under a capacity record that holds no more: what was chosen once and is over does
    not come back.
    """
    later = WhoComes.objects.filter(review=OuterRef("sheet__review"), number__gt=OuterRef("sheet__number"))
    holds = Q(sheet__capacity__in=choices.capacity_holding(at).values("pk"))
    return WhoComesPerson.objects.filter(
        Q(sheet__capacity=None) | holds, ~Exists(later), sheet__review=OuterRef(of)
    )


def _family(pupil: str, person: str) -> Q:
    """Whether somebody is written down as family of a pupil, whatever else they are there."""
    carers = ParentCarer.objects.filter(pupil=OuterRef(pupil), person=OuterRef(person))
    related = PupilUserPermission.objects.filter(
        content_object=OuterRef(pupil), user=OuterRef(person), permission__codename=Relation.PARENT_CARER
    )
    return Q(Exists(carers)) | Q(Exists(related))


def standing(at: datetime) -> QuerySet[ReviewInvitation]:
    """The invitations that stand at an instant, as far as rows can say: to a review to come, not taken back, and from
    hand-over of the young person's choosing. Whether the person may hear of it is asked of their sight besides.
    """
    decides = policy.deciding(at).filter(pk=OuterRef("review__cycle__pupil"))
    said = WhoComes.objects.filter(review=OuterRef("review"))
    staff = Q(Exists(said), perspective=Perspective.STAFF) & ~_family("review__cycle__pupil", "person")
    chosen = wanted_at("review", at).filter(person=OuterRef("person"))
    return ReviewInvitation.objects.filter(
        ~Exists(decides) | Q(perspective=Perspective.CHILD) | staff | Q(Exists(chosen)),
        withdrawn_at=None,
        review__state=ReviewState.SCHEDULED,
        review__starts_at__gt=at,
    )


def chosen_each(reviews: Iterable[UUID], at: datetime) -> dict[UUID, frozenset[UUID]]:
    """Of those of some reviews whose young person decides, the people whom they want there: 1 query."""
    decides = policy.deciding(at).filter(pk=OuterRef("cycle__pupil"))
    found = Review.objects.filter(Exists(decides), pk__in=list(reviews)).annotate(
        wanted=ArraySubquery(wanted_at("pk", at).values("person"))
    )
    return {pk: frozenset(people) for pk, people in found.values_list("pk", "wanted")}


def looking_back(cycles: Iterable[UUID], at: datetime) -> dict[UUID, frozenset[UUID]]:
    """Of those of some cycles whose young person decides, the people whom they want at its last review that was not
    called off: 1 query.
    """
    decides = policy.deciding(at).filter(pk=OuterRef("pupil"))
    last = Review.objects.filter(cycle=OuterRef("pk")).exclude(state=ReviewState.CANCELLED)
    found = Cycle.objects.filter(Exists(decides), pk__in=list(cycles)).annotate(
        last_review=Subquery(last.order_by("-scheduled_at", "-pk").values("pk")[:1])
    )
    wanted = found.annotate(wanted=ArraySubquery(wanted_at("last_review", at).values("person")))
    return {pk: frozenset(people) for pk, people in wanted.values_list("pk", "wanted")}


def looks_back(sight: Sight, chosen: frozenset[UUID] | None) -> bool:
    """Whether somebody is asked how it went, with what `looking_back` has for the cycle: from hand-over the young
    person, who works there, and of the family whom the young person wants at the review. No query.
    """
    return chosen is None or sight.person.pk in chosen or always_looks_back(sight)


def always_looks_back(sight: Sight) -> bool:
    """Whether somebody is asked how it went whoever was chosen: the young person, who coordinates or teaches and is
    nobody's family, and a parent carer to whom the plan is open without a choice, as before hand-over. No query.
    """
    reasons = sight.reasons.get(Section.PLAN, [])
    grounds = sight.grounds(Section.PLAN)
    if grounds & {Ground.OWN, Ground.COORDINATES} or (Ground.TEACHES in grounds and not sight.family):
        return True
    return any(reason.ground is Ground.PARENT and not reason.chosen for reason in reasons)


def require_looking_back(cycle: Cycle, sight: Sight) -> None:
    """Pass, or raise NotThisSection: 1 query, of the family from hand-over on."""
    if always_looks_back(sight):
        return
    if not looks_back(sight, looking_back([cycle.pk], sight.at).get(cycle.pk)):
        raise policy.NotThisSection(cycle.pupil)


def hears(review: Review, sight: Sight, chosen: Mapping[UUID, frozenset[UUID]]) -> bool:
    """Whether somebody to whom reviews are open is told of one unasked, with what `chosen_each` gives for it."""
    own = sight.grounds(Section.REVIEWS) & {Ground.OWN, Ground.COORDINATES}
    return bool(own) or sight.person.pk in chosen.get(review.pk, {sight.person.pk})


def takes_part(review: Review, sight: Sight) -> Perspective | None:
    """As whom somebody takes part in a review at an instant; None for whoever does not: up to 3 queries.

    Before hand-over everybody whom the rule lets hear of it; from then on the young person, and once they said who
    comes, who works there and whom they chose.
    """
    part = part_of(sight)
    if part in (None, Perspective.CHILD) or Ground.COORDINATES in sight.grounds(Section.REVIEWS):
        return part
    chosen = chosen_each([review.pk], sight.at).get(review.pk)
    if chosen is None or sight.person.pk in chosen:
        return part
    if part is Perspective.STAFF and review.who_comes.exists() and not _is_family(sight):
        return part
    return None


def _is_family(sight: Sight) -> bool:
    me = User.objects.filter(pk=sight.person.pk).annotate(pupil_pk=Value(sight.pupil.pk, UUIDField()))
    return me.filter(_family("pupil_pk", "pk")).exists()


@dataclass(frozen=True)
class Candidate:
    """Somebody whom the rule lets hear of a review now: as whom, why in words, and whether they must be there."""

    person: User
    perspective: Perspective
    because: str
    must: bool


def candidates(review: Review, at: datetime) -> list[Candidate]:
    """Whom a SENCO can ask to a review, the child first: 4 queries, and 1 where the young person decides.

    From hand-over only the young person and who works at the setting. A coordinator only where they must be there.
    """
    return candidates_each([review], at)[review.pk]


def candidates_each(reviews: Sequence[Review], at: datetime) -> dict[UUID, list[Candidate]]:
    """`candidates` of several reviews, by id: 5 queries for all of them."""
    pupils = [review.cycle.pupil_id for review in reviews]
    sights = policy.sights_each(pupils, at)
    must: dict[UUID, set[UUID]] = {review.pk: set() for review in reviews}
    for review_id, person in Attendee.objects.filter(review__in=must).values_list("review", "person"):
        must[review_id].add(person)
    deciding = set(policy.deciding(at).filter(pk__in=pupils).values_list("pk", flat=True))
    order = list(Perspective)
    found: dict[UUID, list[Candidate]] = {}
    for review in reviews:
        here = []
        for sight in sights[review.cycle.pupil_id]:
            part, there = part_of(sight), sight.person.pk in must[review.pk]
            if part is None or (part is Perspective.STAFF and _only_coordinates(sight) and not there):
                continue
            if review.cycle.pupil_id in deciding and part not in (Perspective.CHILD, Perspective.STAFF):
                continue
            here.append(Candidate(sight.person, part, _because(sight, part), there))
        found[review.pk] = sorted(here, key=lambda one: (order.index(one.perspective), one.person.name))
    return found


def _only_coordinates(sight: Sight) -> bool:
    return Ground.TEACHES not in sight.grounds(Section.PLAN)


def _because(sight: Sight, part: Perspective) -> str:
    """What somebody is to the pupil, in words that others may read."""
    if part is Perspective.PROFESSIONAL:
        return _("visiting professional")
    section = Section.PLAN if part is Perspective.STAFF else Section.REVIEWS
    wanted = {Perspective.CHILD: {Ground.OWN}, Perspective.PARENT: {Ground.PARENT}}
    grounds = wanted.get(part, {Ground.COORDINATES, Ground.TEACHES})
    return next(reason.role for reason in sight.reasons[section] if reason.ground in grounds)


def to_come(review: Review, at: datetime) -> Review:
    """A review as it stands now, held until the transaction ends. Raises NotNow for one that is not to come."""
    now = Review.objects.select_for_update(no_key=True).get(pk=review.pk)
    if now.state != ReviewState.SCHEDULED or now.starts_at <= at:
        raise NotNow(OVER)
    now.cycle = review.cycle
    return now


@transaction.atomic
def ask(
    *, review: Review, by: User, at: datetime, people: Collection[UUID] | None = None
) -> list[ReviewInvitation]:
    """Ask people to a review: these, or everybody whom it is about. Whoever is asked already is not asked again.

    From hand-over the young person and those who work at the setting: the family is the young person's to ask.
    Raises NotNow for a review that is not to come, and ValidationError for somebody who cannot be asked.
    """
    begin(cycle=review.cycle, action="hold_review", act="schedule_review", by=by, at=at)
    now = to_come(review, at)
    found = [one for one in candidates(now, at) if one.person != by]
    if people is not None:
        if set(people) - {one.person.pk for one in found}:
            raise ValidationError({"people": _("Choose people who can be asked to this review now.")})
        found = [one for one in found if one.person.pk in people]
    elif policy.decides(review.cycle.pupil, at):
        found = [one for one in found if one.must or one.perspective is Perspective.CHILD]
    rows = [(one.person, one.perspective, one.because) for one in found]
    return _invite(now, rows, by, at, again=people is not None)


@transaction.atomic
def ask_all(*, reviews: Sequence[Review], by: User, at: datetime) -> int:
    """Ask everybody to several reviews with one press; how many people were asked now. All of them, or none."""
    if len(reviews) > AT_ONCE:
        raise ValidationError(_("Choose at most %(number)s reviews at a time.") % {"number": AT_ONCE})
    in_turn = sorted(reviews, key=lambda review: review.cycle_id)
    return sum(len(ask(review=review, by=by, at=at)) for review in in_turn)


def _invite(
    review: Review, rows: Iterable[tuple[User, Perspective, str]], by: User, at: datetime, again: bool
) -> list[ReviewInvitation]:
    """Make what is not there yet; `again`: also of those that were taken back. Gives those that were made now."""
    before = {row.person_id: row for row in review.invitations.all()}
    made = []
    for person, part, because in rows:
        row = before.get(person.pk)
        if row is not None and (row.withdrawn_at is None or not again):
            continue
        row = row or ReviewInvitation(review=review, person=person)
        row.perspective, row.because, row.sequence, row.by, row.at = part, because, review.sequence, by, at
        row.withdrawn_at = row.withdrawn_by = None
        row.full_clean()
        row.save()
        made.append(row)
        audit.record(
            "asked to a review",
            by=by,
            at=at,
            pupil=review.cycle.pupil,
            section=Section.REVIEWS,
            of=row,
            to=str(person.pk),
        )
    return made


@transaction.atomic
def take_back(*, invitation: ReviewInvitation, by: User, at: datetime) -> None:
    """Ask somebody to a review no more. Taking back twice is once."""
    review = invitation.review
    begin(cycle=review.cycle, action="hold_review", act="schedule_review", by=by, at=at)
    row = ReviewInvitation.objects.select_for_update().get(pk=invitation.pk)
    if row.withdrawn_at is not None:
        return
    row.withdrawn_at, row.withdrawn_by = at, by
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    audit.record(
        "review invitation taken back",
        by=by,
        at=at,
        pupil=review.cycle.pupil,
        section=Section.REVIEWS,
        of=row,
        to=str(row.person_id),
    )


# Whom the child or young person wants there ------------------------------------------------------------------


def wanted_there(pupil: Pupil, at: datetime) -> list[tuple[User, Perspective]]:
    """Who can be wanted at a review of a pupil: those near them now, but for coordinators. By kind and name: 2 queries.

    Nothing is said here of what is open to them.
    """
    kinds = [("parent", Perspective.PARENT), ("teaches", Perspective.STAFF)]
    found = []
    for person, grounds in policy.near(pupil, WANTED_THERE, at):
        part = next((part for ground, part in kinds if ground in grounds), Perspective.PROFESSIONAL)
        found.append((person, part))
    order = list(Perspective)
    return sorted(found, key=lambda one: (order.index(one[1]), one[0].name))


@transaction.atomic
def choose_who_comes(
    *,
    review: Review,
    by: User,
    at: datetime,
    people: Collection[UUID],
    words: str = "",
    how: Gave = Gave.THEMSELVES,
    how_words: str = "",
    after: int | None = None,
) -> WhoComes:
    """Say whom the child or young person wants at their review; a SENCO writes down what they said, and `how`.

    From hand-over this is what asks the family and those from outside, and whoever is not among them is not asked any
    more. `after` is the number of what was said last when the form was opened. The same said again is said once. Where
    somebody else decides about reviews under a capacity record, they say it, and the young person themselves can only
    take away; what is said then holds no longer than the record. Raises Http404 or NotThisSection, NotNow for a review
    that is not to come, and ValidationError by field.
    """
    pupil = review.cycle.pupil
    sight = policy.require(by, Section.REVIEWS, pupil, at)
    own = Ground.OWN in sight.grounds(Section.REVIEWS)
    capacity = deciding_record(pupil, at) if policy.decides(pupil, at) else None
    decides = sight.near and capacity is not None and capacity.decider_id == by.pk
    if not own and not decides:
        policy.passed(sight, "hold_review")
    if how is Gave.PASSED_ON or (how is Gave.THEMSELVES and not (own or decides)):
        raise ValidationError({"how": _("Say how they told you.")})
    now = to_come(review, at)
    near = {person.pk: (person, part) for person, part in wanted_there(pupil, at)}
    if set(people) - set(near):
        raise ValidationError({"people": _("Choose people who are near now.")})
    last = now.who_comes.first()
    before = set(last.people.values_list("person", flat=True)) if last else set()
    said = (set(people), words.strip(), how, how_words.strip(), capacity and capacity.pk)
    if last and (before, last.words, last.how, last.how_words, last.capacity_id) == said:
        return last
    if after is not None and after != (last.number if last else 0):
        raise ValidationError(SINCE)
    if own and capacity is not None and set(people) - before:
        raise ValidationError({"people": _("Somebody else decides this for now. Ask the SENCO.")})
    sheet = WhoComes(
        review=now,
        number=(last.number if last else 0) + 1,
        words=words.strip(),
        how=how,
        how_words=how_words.strip(),
        capacity=capacity,
        recorded_by=by,
        at=at,
    )
    sheet.full_clean()
    sheet.save()
    WhoComesPerson.objects.bulk_create(WhoComesPerson(sheet=sheet, person=near[pk][0]) for pk in people)
    audit.record("said who comes", by=by, at=at, pupil=pupil, section=Section.REVIEWS, of=sheet)
    if policy.decides(pupil, at):
        rows = [(*near[pk], str(_AS[near[pk][1]])) for pk in sorted(people)]
        _invite(now, rows, by, at, again=True)
    return sheet


_AS = {
    Perspective.PARENT: _lazy("parent carer"),
    Perspective.STAFF: _lazy("key adult"),
    Perspective.PROFESSIONAL: _lazy("visiting professional"),
}


def deciding_record(pupil: Pupil, at: datetime) -> Capacity | None:
    """The capacity record under which somebody else decides about reviews now: 1 query."""
    records = choices.capacity_in_force(pupil, at).filter(sections__contains=[Section.REVIEWS.value])
    return records.select_related("decider").order_by("-starts_at", "pk").first()


def decides_who_comes(sight: Sight) -> bool:
    """Whether somebody says in place of a young person who decides whom they want at their reviews: up to 2 queries.

    Nobody asks but of somebody to whom a recorded decision opens reviews.
    """
    if not sight.near or Ground.OVERRIDE not in sight.grounds(Section.REVIEWS):
        return False
    record = deciding_record(sight.pupil, sight.at)
    return (
        record is not None and record.decider_id == sight.person.pk and policy.decides(sight.pupil, sight.at)
    )


# What they answer --------------------------------------------------------------------------------------------


def invited(review: Review, sight: Sight) -> ReviewInvitation | None:
    """Somebody's own invitation to a review, where it stands and they may hear of it at this instant: 1 query."""
    row = standing(sight.at).filter(review=review.pk, person=sight.person.pk).first()
    return row if row is not None and part_of(sight) == row.perspective else None


@transaction.atomic
def reply(
    *,
    invitation: ReviewInvitation,
    by: User,
    at: datetime,
    sequence: int,
    answer: Coming,
    through: Through,
    way: AnotherWay | None = None,
    slots: Collection[datetime] = (),
    words: str = "",
    told_how: Asked | str = "",
    told_on: date | None = None,
) -> ReviewReply:
    """Answer an invitation, or write down (`Through.SAID`, a SENCO) what somebody answered. The same again is once.

    `told_how` and `told_on` are how and on which day they told us, where it is written down for them.

    `sequence` is the review's as whoever answers saw it. Raises Http404 where the person may not hear of the review
    now, NotNow where it moved or is over, and ValidationError by field.
    """
    review, pupil = invitation.review, invitation.review.cycle.pupil
    if through is Through.SAID:
        policy.require(by, "hold_review", pupil, at)
    elif by.pk != invitation.person_id:
        raise Http404
    now = to_come(review, at)
    person = invitation.person
    row = invited(now, policy.why(person, pupil, at))
    if row is None or row.pk != invitation.pk:
        if through is Through.SAID:
            raise NotNow(NOT_ASKED)
        raise Http404
    if row.perspective == Perspective.CHILD:
        raise NotNow(_("Say how you take part instead."))
    if sequence != now.sequence:
        raise NotNow(MOVED)
    said = _said(answer, way, slots, words, at) | _told(through, told_how, told_on, at)
    last = row.replies.last()
    if (
        last is not None
        and last.sequence == sequence
        and all(getattr(last, name) == value for name, value in said.items())
    ):
        return last
    number = last.number + 1 if last is not None else 1
    made = ReviewReply(
        invitation=row, number=number, sequence=sequence, through=through, by=by, at=at, **said
    )
    made.full_clean()
    made.save()
    audit.record(
        "review invitation answered",
        by=by,
        at=at,
        pupil=pupil,
        section=Section.REVIEWS,
        of=made,
        answer=answer.value,
        through=through.value,
    )
    return made


def _told(through: Through, told_how: Asked | str, told_on: date | None, at: datetime) -> dict[str, Any]:
    """How and when somebody told us; of an answer that they gave themselves nothing. Raises ValidationError by field."""
    if through is not Through.SAID:
        return {"told_how": "", "told_on": None}
    if told_on is not None:
        check_told(told_on, at)
    return {"told_how": told_how, "told_on": told_on}


def check_told(told_on: date, at: datetime) -> None:
    """Pass for a day on which somebody can have told us something, or raise ValidationError."""
    today = timezone.localdate(at)
    if not today - TOLD_WITHIN <= told_on <= today:
        raise ValidationError({"told_on": _("Choose today or a day in the last year.")})


def _said(
    answer: Coming, way: AnotherWay | None, slots: Collection[datetime], words: str, at: datetime
) -> dict[str, Any]:
    """What is kept of an answer: what belongs to another answer is left out. Raises ValidationError by field."""
    words = words.strip()
    picked = sorted(set(slots)) if answer is Coming.OTHER_TIME else []
    if answer is Coming.OTHER_TIME and not picked and not words:
        raise ValidationError({"words": _("Choose a time, or say which times suit you.")})
    if len(picked) > PICKED or any(not at < slot <= at + timedelta(days=366) for slot in picked):
        raise ValidationError({"slots": _("Choose times to come.")})
    if answer is Coming.OTHER_WAY and way is None:
        raise ValidationError({"way": _("Choose how you would like to take part.")})
    if answer is Coming.OTHER_WAY and way is AnotherWay.SPEAKS and not words:
        raise ValidationError({"words": _("Say who speaks for you.")})
    kept = way if answer is Coming.OTHER_WAY and way is not None else ""
    return {"answer": answer, "way": kept, "slots": picked, "words": words}


def files(invitation_ids: Collection[UUID], person: User, at: datetime) -> list[tuple[str, bytes, str]]:
    """What goes with an e-mail that asks somebody to reviews: an entry for their calendar for each: 1 query."""
    rows = ReviewInvitation.objects.filter(pk__in=invitation_ids, person=person)
    found = rows.select_related("review__cycle").order_by("review__starts_at", "pk")
    return [ics.invitation(row.review, person, at) for row in found]
