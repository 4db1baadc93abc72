"""Who is asked to a review and what they answered, how the child takes part, and what was said before it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from accounts.enums import Channel, Format
from accounts.models import Preferences, User
from apdr.enums import Perspective
from apdr.selectors import by_staff
from pupils import policy
from pupils.enums import Ground, Section
from pupils.models import Pupil
from pupils.policy import Sight

from . import invitations
from .enums import ReviewState
from .enums_invitations import Coming
from .models import Contribution, Review, ReviewInvitation, ReviewReply, TakingPart, WhoComes

#: BCP 47 tags of the languages that our e-mails and pages are written in.
OURS = ("en",)
LANGUAGES = {"pl": "Polish", "uk": "Ukrainian", "ro": "Romanian", "bn": "Bengali", "ur": "Urdu", "ar": "Arabic",
             "pa": "Punjabi", "gu": "Gujarati", "so": "Somali", "pt": "Portuguese", "es": "Spanish", "fr": "French",
             "lt": "Lithuanian", "tr": "Turkish", "fa": "Persian", "zh": "Chinese", "hi": "Hindi", "ta": "Tamil"}  # fmt: skip


def find(pupil: Pupil, review_id: UUID) -> Review:
    """A review of a pupil. Raises Http404."""
    found = Review.objects.select_related("cycle__pupil").filter(pk=review_id, cycle__pupil=pupil).first()
    if found is None:
        raise Http404
    return found


def asked(review: Review, invitation_id: UUID) -> ReviewInvitation:
    """An invitation to a review. Raises Http404."""
    rows = ReviewInvitation.objects.select_related("person", "review__cycle__pupil")
    found = rows.filter(pk=invitation_id, review=review).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Asked:
    """Somebody who is asked, with their answer to the time that the review has.

    `earlier`: they answered another time that it had. `stands`: they may hear of it still.
    """

    invitation: ReviewInvitation
    reply: ReviewReply | None
    earlier: bool
    stands: bool
    reach: list[str]

    @property
    def person(self) -> User:
        return self.invitation.person

    @property
    def state(self) -> str:
        """`waits`, an answer of `Coming`, or `closed` for whoever is not asked any more."""
        if not self.stands:
            return "closed"
        return self.reply.answer if self.reply else "waits"


@dataclass(frozen=True)
class WhoIsComing:
    """Everybody who is asked to a review, what the child wants and how they take part: what a SENCO reads.

    `decides`: the young person decides who of the family and from outside comes.
    """

    review: Review
    decides: bool
    child: TakingPart | None
    wish: WhoComes | None
    wished: list[str]
    asked: list[Asked]
    not_asked: list[invitations.Candidate] = field(default_factory=list)
    without: list[str] = field(default_factory=list)

    @property
    def child_again(self) -> bool:
        """Whether the child answered another time that the review had."""
        return self.child is not None and self.child.sequence != self.review.sequence

    @property
    def open(self) -> bool:
        return self.review.state == ReviewState.SCHEDULED

    def of(self, *states: str) -> list[Asked]:
        return [one for one in self.asked if one.state in states]

    @property
    def groups(self) -> list[tuple[str, list[Asked]]]:
        """The lines of the page: who comes, who has another wish, who has not answered, who is not asked any more."""
        told = [
            ("Comes", self.of(Coming.YES)),
            ("Has another wish", self.of(Coming.OTHER_TIME, Coming.OTHER_WAY)),
            ("Not this time", self.of(Coming.NO)),
            ("Has not answered yet", self.of("waits")),
            ("Not asked any more", self.of("closed")),
        ]
        return [(words, people) for words, people in told if people]


def who_comes(review: Review, at: datetime) -> WhoIsComing:
    """Who is asked, what they answered and what the child wants: 6 queries, for whoever holds the review."""
    replies = Prefetch("replies", ReviewReply.objects.select_related("by"))
    rows = list(
        review.invitations.filter(withdrawn_at=None)
        .select_related("person__preferences")
        .prefetch_related(replies)
    )
    stands = set(invitations.standing(at).filter(review=review).values_list("pk", flat=True))
    wish = review.who_comes.prefetch_related("people__person").first()
    order = list(Perspective)
    rows.sort(key=lambda row: (order.index(Perspective(row.perspective)), row.person.name))
    held = review.state != ReviewState.SCHEDULED
    return WhoIsComing(
        review=review,
        decides=policy.decides(review.cycle.pupil, at),
        child=review.taking_part.first(),
        wish=wish,
        wished=sorted(one.person.called for one in wish.people.all()) if wish else [],
        asked=[_asked(row, review, row.pk in stands or held) for row in rows],
    )


def _asked(row: ReviewInvitation, review: Review, stands: bool) -> Asked:
    now = [reply for reply in row.replies.all() if reply.sequence == review.sequence]
    earlier = bool(row.replies.all()) and not now
    return Asked(row, now[-1] if now else None, earlier, stands, reach(row.person))


def reach(person: User) -> list[str]:
    """What is good to know before somebody is asked, in words: how they want to be reached, and in what language.

    What is written here is not translated yet, and an e-mail is not large print on paper: whoever needs that is asked
    by a person.
    """
    try:
        wants = person.preferences
    except Preferences.DoesNotExist:
        return []
    told = []
    if wants.channel != Channel.EMAIL:
        told.append(
            {
                Channel.PHONE: "Wants a phone call: no e-mail goes out",
                Channel.LETTER: "Wants a letter: no e-mail goes out",
                Channel.IN_APP: "Reads it when they sign in: no e-mail goes out",
            }[Channel(wants.channel)]
        )
    language = wants.written_language.split("-")[0].lower()
    if language not in OURS:
        told.append(f"Reads {LANGUAGES.get(language, wants.written_language)}; our e-mail is in English")
    if wants.needs_interpreter:
        spoken = wants.spoken_language.split("-")[0].lower()
        told.append(f"Needs an interpreter ({LANGUAGES.get(spoken, wants.spoken_language)})")
    if wants.format in (Format.AUDIO, Format.PHONE, Format.PAPER):
        told.append(f"Wants it as: {Format(wants.format).label.lower()}")
    return told


def to_ask(review: Review, by: User, at: datetime) -> WhoIsComing:
    """`who_comes`, with who can be asked and is not, and who has no way in: 12 queries."""
    page = who_comes(review, at)
    if not page.open:
        return page
    there = {one.person.pk for one in page.asked} | {by.pk}
    found = [one for one in invitations.candidates(review, at) if one.person.pk not in there]
    carers = review.cycle.pupil.parent_carers.filter(person=None).order_by("name")
    without = [] if page.decides else list(carers.values_list("name", flat=True))
    return WhoIsComing(
        **{name: getattr(page, name) for name in ("review", "decides", "child", "wish", "wished", "asked")},
        not_asked=found,
        without=without,
    )


@dataclass(frozen=True)
class Unasked:
    """A review to come that has people who can be asked with one press."""

    review: Review
    people: list[invitations.Candidate]
    decides: bool

    @property
    def pupil(self) -> Pupil:
        return self.review.cycle.pupil


def unasked(held: QuerySet[Pupil], by: User, at: datetime, many: int) -> list[Unasked]:
    """The reviews to come of some pupils to which nobody was asked yet, the next first: 7 queries."""
    found = list(
        Review.objects.filter(
            state=ReviewState.SCHEDULED, starts_at__gt=at, cycle__pupil__in=held, invitations=None
        )
        .select_related("cycle__pupil")
        .order_by("starts_at", "pk")[:many]
    )
    if not found:
        return []
    people = invitations.candidates_each(found, at)
    pupils = [review.cycle.pupil_id for review in found]
    deciding = set(policy.deciding(at).filter(pk__in=pupils).values_list("pk", flat=True))
    told = []
    for review in found:
        decides = review.cycle.pupil_id in deciding
        here = [one for one in people[review.pk] if one.person != by]
        if decides:
            here = [one for one in here if one.must or one.perspective is Perspective.CHILD]
        told.append(Unasked(review, here, decides))
    return told


def held_reviews(held: QuerySet[Pupil], ids: Iterable[UUID]) -> list[Review]:
    """Some reviews of these pupils. Raises Http404 where one is none: 1 query."""
    wanted = set(ids)
    found = list(
        Review.objects.filter(pk__in=wanted, cycle__pupil__in=held).select_related(
            "cycle__pupil", "cycle__setting"
        )
    )
    if len(found) < len(wanted):
        raise Http404
    return found


# What was said before --------------------------------------------------------------------------------------------


def heard_before(sight: Sight, reviews: Iterable[Review]) -> QuerySet[Contribution]:
    """What was said before some reviews of a pupil and this person hears, the child's first.

    Staff who may see reviews, as the rule has it; a family once the cycle is closed, and of a household its own alone;
    whoever sees no reviews, what they said themselves.
    """
    rows = Contribution.objects.filter(review__in=[review.pk for review in reviews])
    if sight.sees(Section.REVIEWS):
        rows = rows.filter(sight.heard(Section.REVIEWS, by="said_by"))
        if not by_staff(sight, Section.REVIEWS):
            for one in sight.eyes:
                rows = rows.filter(Q(review__cycle__closed_at__isnull=False) | Q(said_by=one.person.pk))
    else:
        rows = rows.filter(Q(said_by=sight.person.pk) | Q(recorded_by=sight.person.pk))
    return rows.select_related("recorded_by").order_by("at")


def said_before(sight: Sight, reviews: Sequence[Review]) -> dict[UUID, list[Contribution]]:
    """The latest that each said themselves, and everything that was written down, by review: 1 query."""
    order = list(Perspective)
    found: dict[UUID, dict[Any, Contribution]] = {review.pk: {} for review in reviews}
    for row in heard_before(sight, reviews):
        found[row.review_id][row.said_by_id or row.pk] = row
    return {
        pk: sorted(rows.values(), key=lambda row: (order.index(Perspective(row.perspective)), row.at))
        for pk, rows in found.items()
    }


def meeting(review: Review | None, sight: Sight, at: datetime) -> dict[str, Any]:
    """What the page of a review shows of all this: 7 queries, or none where there is no review."""
    if review is None:
        return {}
    return {
        "coming": who_comes(review, at),
        "said_before": said_before(sight, [review])[review.pk],
    }


# My own part in it -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MyPart:
    """What somebody can do about a review to come, on the page where they read of it."""

    own: bool
    asks: bool
    answer: str
    says: bool


def my_part(review: Review, sight: Sight) -> MyPart | None:
    """For whoever reads reviews and takes part in this one, which is to come: up to 5 queries."""
    if review.state != ReviewState.SCHEDULED or by_staff(sight, Section.REVIEWS):
        return None
    part = invitations.takes_part(review, sight)
    if part is None:
        return None
    row = None if part is Perspective.CHILD else invitations.invited(review, sight)
    last = row.replies.filter(sequence=review.sequence).last() if row else None
    own = part is Perspective.CHILD and Ground.OWN in sight.grounds(Section.REVIEWS)
    return MyPart(own, row is not None, last.get_answer_display() if last else "", says=True)


def choice_page(review: Review, at: datetime) -> dict[str, Any]:
    """Who can be wanted there, who is, and to whom reviews are not open: 7 queries."""
    people = invitations.wanted_there(review.cycle.pupil, at)
    seen = {
        person.pk for person, _ in policy.told_of(policy.people_for(review.cycle.pupil, Section.REVIEWS, at))
    }
    last = review.who_comes.prefetch_related("people").first()
    return {
        "people": people,
        "chosen": {one.person_id for one in last.people.all()} if last else set(),
        "last": last,
        "closed": {person.pk for person, part in people if person.pk not in seen and part is not Perspective.STAFF},
    }  # fmt: skip
