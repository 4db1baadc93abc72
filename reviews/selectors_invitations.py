"""Who is asked to a review and what they answered, how the child takes part, and what was said before it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts import quiet
from accounts.enums import Channel, Format
from accounts.models import Preferences, User
from apdr.enums import Perspective
from apdr.selectors import by_staff
from pupils import choices, policy, restrictions
from pupils.enums import Section
from pupils.models import Pupil
from pupils.policy import Sight

from . import invitations
from .enums import ReviewState
from .enums_invitations import Coming, Part
from .models import (
    Contribution,
    Review,
    ReviewInvitation,
    ReviewReply,
    TakingPart,
    WhoComes,
    WhoComesPerson,
)

LANGUAGES = {"pl": _lazy("Polish"), "uk": _lazy("Ukrainian"), "ro": _lazy("Romanian"), "bn": _lazy("Bengali"), "ur": _lazy("Urdu"), "ar": _lazy("Arabic"),
             "pa": _lazy("Punjabi"), "gu": _lazy("Gujarati"), "so": _lazy("Somali"), "pt": _lazy("Portuguese"), "es": _lazy("Spanish"), "fr": _lazy("French"),
             "lt": _lazy("Lithuanian"), "tr": _lazy("Turkish"), "fa": _lazy("Persian"), "zh": _lazy("Chinese"), "hi": _lazy("Hindi"), "ta": _lazy("Tamil")}  # fmt: skip


def find(pupil: Pupil, review_id: UUID) -> Review:
    """A review of a pupil. Raises Http404."""
    found = Review.objects.select_related("cycle__pupil").filter(pk=review_id, cycle__pupil=pupil).first()
    if found is None:
        raise Http404
    return found


def whole(review_id: UUID) -> Review:
    """A review `with_child`. Raises Http404."""
    found = with_child(Review.objects.select_related("cycle__pupil")).filter(pk=review_id).first()
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

    `state`: `waits`, an answer of `Coming`, or `closed` for whoever is not asked any more. `earlier`: they answered another
    time that it had. `reply` and `earlier` are read for the page of who comes alone.
    """

    invitation: ReviewInvitation
    state: str
    reach: list[str]
    reply: ReviewReply | None = None
    earlier: bool = False

    @property
    def stands(self) -> bool:
        """Whether they may hear of it still."""
        return self.state != "closed"

    @property
    def person(self) -> User:
        return self.invitation.person


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
            (_("Comes"), self.of(Coming.YES)),
            (_("Has another wish"), self.of(Coming.OTHER_TIME, Coming.OTHER_WAY)),
            (_("Not this time"), self.of(Coming.NO)),
            (_("Has not answered yet"), self.of("waits")),
            (_("Not asked any more"), self.of("closed")),
        ]
        return [(words, people) for words, people in told if people]


def who_comes(review: Review, at: datetime) -> WhoIsComing:
    """Who is asked, what they answered and what the child wants: 3 queries, 4 for a review not read `with_child`."""
    replies = ReviewReply.objects.select_related("by")
    rows = _rows(review, at).prefetch_related(Prefetch("replies", replies))
    return _coming(review, rows, policy.decides(review.cycle.pupil, at), whole=True)


def summary(review: Review, at: datetime) -> WhoIsComing:
    """`who_comes` without the words of an answer, and without whether the young person decides: 1 query, 2 for a review not read
    `with_child`.
    """
    return _coming(review, _rows(review, at), decides=False)


def _rows(review: Review, at: datetime) -> QuerySet[Any]:
    """Who is asked: each with their answer to the present time as `answer_now`, and whether they are asked still."""
    now = ReviewReply.objects.filter(invitation=OuterRef("pk"), sequence=review.sequence).order_by("-number")
    return (
        review.invitations.filter(withdrawn_at=None)
        .annotate(
            answer_now=Subquery(now.values("answer")[:1]),
            stands_now=Exists(invitations.standing(at).filter(pk=OuterRef("pk"))),
        )
        .select_related("person__preferences")
    )


_CHILD = ("sequence", "part", "who", "words", "how", "how_words", "at")
_WISH = ("number", "words", "how", "how_words", "at")


def with_child(reviews: QuerySet[Review]) -> QuerySet[Any]:
    """Some reviews, each with how the child takes part and whom they want there, as they said last: no query of its own."""
    names = (
        WhoComesPerson.objects.filter(sheet=OuterRef("pk")).order_by("person__name").values("person__name")
    )
    child = TakingPart.objects.filter(review=OuterRef("pk")).order_by("-number")
    wish = WhoComes.objects.filter(review=OuterRef("pk")).order_by("-number")
    told = {"names": ArraySubquery(names), **{name: name for name in _WISH}}
    return reviews.annotate(
        child_said=Subquery(child.values(said=JSONObject(**{name: name for name in _CHILD}))[:1]),
        wish_said=Subquery(wish.values(said=JSONObject(**told))[:1]),
    )


def _coming(review: Any, found: QuerySet[Any], decides: bool, whole: bool = False) -> WhoIsComing:
    if not hasattr(review, "child_said"):
        review = with_child(Review.objects.select_related("cycle__pupil")).get(pk=review.pk)
    wish, order = dict(review.wish_said or {}), list(Perspective)
    wished = wish.pop("names", [])
    child = TakingPart(**_read(review.child_said)) if review.child_said else None
    rows = sorted(found, key=lambda row: (order.index(row.perspective), row.person.name))
    return WhoIsComing(
        review=review,
        decides=decides,
        child=child,
        wish=WhoComes(**_read(wish)) if wish else None,
        wished=wished,
        asked=[_asked(row, review, child, whole) for row in rows],
    )


def _read(said: dict[str, Any]) -> dict[str, Any]:
    return {**said, "at": datetime.fromisoformat(said["at"])}


def _asked(row: Any, review: Review, child: TakingPart | None, whole: bool) -> Asked:
    state = row.answer_now or "waits"
    if row.perspective == Perspective.CHILD and child is not None and child.sequence == review.sequence:
        state = Coming.NO if child.part == Part.NO else Coming.YES
    if not row.stands_now and review.state == ReviewState.SCHEDULED:
        state = "closed"
    if not whole:
        return Asked(row, state, [])
    now = [reply for reply in row.replies.all() if reply.sequence == review.sequence]
    earlier = bool(row.replies.all()) and not now
    return Asked(row, state, reach(row.person), now[-1] if now else None, earlier)


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
    if wants.channel == Channel.TEXT and quiet.channel(person) is Channel.EMAIL:
        told.append(_("Wants a text message, and gets an e-mail: no text can go to them yet"))
    elif wants.channel != Channel.EMAIL:
        told.append(
            {
                Channel.TEXT: _("Wants a text message: no e-mail goes out"),
                Channel.PHONE: _("Wants a phone call: no e-mail goes out"),
                Channel.LETTER: _("Wants a letter: no e-mail goes out"),
                Channel.IN_APP: _("Reads it when they sign in: no e-mail goes out"),
            }[Channel(wants.channel)]
        )
    language = wants.written_language.split("-")[0].lower()
    if language != "en":
        ours = language in settings.MESSAGE_LANGUAGES
        said = (
            _("Reads %(language)s; our e-mail is in it, and our pages are in English")
            if ours
            else _("Reads %(language)s; our e-mail is in English")
        )
        told.append(said % {"language": LANGUAGES.get(language, wants.written_language)})
    if wants.needs_interpreter:
        spoken = wants.spoken_language.split("-")[0].lower()
        told.append(
            _("Needs an interpreter (%(language)s)")
            % {"language": LANGUAGES.get(spoken, wants.spoken_language)}
        )
    if wants.format in (Format.AUDIO, Format.PHONE, Format.PAPER):
        told.append(_("Wants it as: %(wants)s") % {"wants": Format(wants.format).label.lower()})
    return told


def to_ask(review: Review, by: User, at: datetime) -> WhoIsComing:
    """`who_comes`, with who can be asked and is not, and who has no way in and is not shut out: 9 queries for a review
    read `with_child`.
    """
    page = who_comes(review, at)
    if not page.open:
        return page
    there = {one.person.pk for one in page.asked} | {by.pk}
    found = [one for one in invitations.candidates(review, at) if one.person.pk not in there]
    carers = restrictions.let_in(at).filter(pupil=review.cycle.pupil_id, person=None).order_by("name")
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
    """What the page of a review shows of all this: 2 queries for a review read `with_child`, none for none."""
    if review is None:
        return {}
    return {
        "coming": summary(review, at),
        "said_before": said_before(sight, [review])[review.pk],
    }


# My own part in it -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MyPart:
    """What somebody can do about a review to come, on the page where they read of it."""

    own: bool
    asks: bool
    answer: str


def with_my_part(reviews: QuerySet[Review], sight: Sight) -> QuerySet[Any]:
    """Some reviews of a pupil, each with what `my_part` asks of one person: no query of its own."""
    me, at = sight.person.pk, sight.at
    mine = invitations.standing(at).filter(review=OuterRef("pk"), person=me)
    said = ReviewReply.objects.filter(
        invitation__review=OuterRef("pk"), invitation__person=me, sequence=OuterRef("sequence")
    )
    return reviews.annotate(
        my_invitation=Subquery(mine.values("perspective")[:1]),
        my_answer=Subquery(said.order_by("-number").values("answer")[:1]),
        decides=Exists(policy.deciding(at).filter(pk=OuterRef("cycle__pupil"))),
        wants_me=Exists(invitations.wanted_at("pk", at).filter(person=me)),
    )


def my_part(review: Any, sight: Sight) -> MyPart | None:
    """For whoever reads reviews and takes part in this one, which is to come and was read `with_my_part`.

    No query, but for whoever works there as well: up to 2.
    """
    part = invitations.part_of(sight)
    if review.state != ReviewState.SCHEDULED or by_staff(sight, Section.REVIEWS) or part is None:
        return None
    own = part is Perspective.CHILD
    if part is Perspective.STAFF:
        part = invitations.takes_part(review, sight)
    elif not own and review.decides and not review.wants_me:
        part = None
    if part is None:
        return None
    asks = not own and review.my_invitation == part
    answer = str(Coming(review.my_answer).label) if asks and review.my_answer else ""
    return MyPart(own, asks, answer)


def choice_page(review: Review, at: datetime) -> dict[str, Any]:
    """Who can be wanted there, who is, and to whom reviews are not open: 7 queries."""
    people = invitations.wanted_there(review.cycle.pupil, at)
    seen = {
        person.pk for person, __ in policy.told_of(policy.people_for(review.cycle.pupil, Section.REVIEWS, at))
    }
    last = review.who_comes.prefetch_related("people").first()
    under = last.capacity_id if last else None
    stands = under is None or choices.capacity_holding(at).filter(pk=under).exists()
    return {
        "people": people,
        "chosen": {one.person_id for one in last.people.all()} if last and stands else set(),
        "last": last,
        "closed": {person.pk for person, part in people if person.pk not in seen and part is not Perspective.STAFF},
    }  # fmt: skip
