"""What is wanted of whom, computed from the record as it is at an instant: the reminders, and what needs me.

`notifications.facts` finds what waits, in one query. Whose it is to do, and whether they may see the section it is
about, is asked of the policy each time: a fact that nobody may know of is wanted of nobody. Nothing here is stored.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from accounts.words import StrOrPromise
from apdr.enums import Perspective
from pupils import policy
from pupils.enums import Ground, Section
from pupils.models import Pupil
from pupils.policy import Sight
from reviews import invitations

from .enums import Kind
from .facts import DUTIES
from .facts import REVIEW_WITHIN as REVIEW_WITHIN
from .facts import Fact as Fact
from .facts import facts as facts
from .services import as_staff

#: What pages show as what needs me, but for what has a place of its own there: who asks, and safeguarding.
ON_PAGES = tuple(kind for kind in Kind if kind not in {Kind.REQUEST, Kind.LOOK_AGAIN})
#: Of so many pupils the rule is asked at once.
AT_ONCE = 500


#: What no two reminders share: kind, pupil or else setting, person, what it is about, and the occasion.
Key = tuple[str, UUID | None, UUID | None, UUID, UUID, str]


@dataclass(frozen=True)
class Wanted:
    """One thing that is wanted of one person about one pupil at an instant."""

    fact: Fact
    sight: Sight

    @property
    def person(self) -> User:
        return self.sight.person

    @property
    def pupil(self) -> Pupil:
        return self.sight.pupil

    @property
    def kind(self) -> Kind:
        return self.fact.kind

    @property
    def key(self) -> Key:
        fact = self.fact
        return fact.kind.value, fact.pupil_id, None, self.person.pk, fact.subject, fact.occasion

    @property
    def words(self) -> str:
        """What is wanted, to whoever it is wanted of. It names nobody and nothing of a record."""
        if self.fact.role == Perspective.CHILD:
            return str(_TELLS_CHILD)
        staff = _TELLS_STAFF.get(self.kind) if not _family(self.sight) else None
        return str(staff or WORDS[self.kind])

    @property
    def href(self) -> str:
        """The page on which it is done."""
        pupil, subject = self.fact.pupil_id, self.fact.subject
        match self.kind:
            case Kind.INVITED:
                child = self.fact.role == Perspective.CHILD
                return reverse("take_part" if child else "reply_to_review", args=[self.fact.of])
            case Kind.WHO_COMES:
                return reverse("choose_who_comes", args=[subject])
            case Kind.REVIEW_COMING if _family(self.sight):
                return reverse("say_before", args=[subject])
            case Kind.REVIEW_COMING:
                return reverse("record_views", args=[pupil])
            case Kind.VIEWS_WANTED if Ground.PARENT in self.sight.grounds(Section.PLAN):
                return reverse("reviews", args=[pupil])
            case Kind.VIEWS_WANTED:
                return reverse("judge", args=[subject])
            case Kind.REVIEW_OVERDUE:
                return reverse("review", args=[subject])
            case Kind.ANNUAL_DUE:
                return reverse("review_planner")
            case Kind.ADVICE_DUE | Kind.PAPERS_DUE | Kind.REPORT_DUE:
                return reverse("write_duty", args=[subject, DUTIES[self.kind].value])
            case Kind.REVIEW_TOLD:
                return reverse("minutes", args=[subject])
            case Kind.STEP_DUE:
                return reverse("log_step", args=[subject])
            case Kind.QUIET:
                return reverse("pupil", args=[pupil])
            case Kind.CHOICE_ENDING:
                return reverse("choices", args=[pupil])
            case Kind.LOOK_AGAIN:
                return reverse("disclosure", args=[subject])
            case Kind.CAPACITY:
                return reverse("capacity", args=[pupil])
            case Kind.REQUEST:
                return reverse("requests", args=[pupil])
            case Kind.FUNDING_DUE if self.sight.may("write_funding"):
                return reverse("funding", args=[pupil])
            case Kind.FUNDING_DUE:
                return reverse("say_funding", args=[subject])
            case Kind.UNANSWERED:
                return reverse("we_did", args=[pupil])
            case Kind.CALL:
                return reverse("rang", args=[subject])
            case Kind.TALK | Kind.TALK_SET:
                return reverse("talk", args=[subject])
            case Kind.DAILY:
                return reverse("daily", args=[pupil])
            case Kind.EVENT_SOON | Kind.EVENT_PLACE | Kind.EVENT_MOVED | Kind.EVENT_OFF:
                return reverse("events")
            case Kind.SURVEY:
                return reverse("answer_survey", args=[subject])


#: What people read, on their own pages and in e-mails.
WORDS: dict[Kind, StrOrPromise] = {
    Kind.INVITED: _lazy("You are invited to talk about a plan. Say if you come"),
    Kind.WHO_COMES: _lazy("A review has a time. Choose who comes to it"),
    Kind.REVIEW_COMING: _lazy("We look at the plan soon. Say what you think"),
    Kind.VIEWS_WANTED: _lazy("We are looking back at the plan. Say how it went"),
    Kind.REVIEW_OVERDUE: _lazy("A review is late. Set a day for it, or hold it"),
    Kind.ANNUAL_DUE: _lazy("A yearly review is to be held soon. Set a day for it"),
    Kind.ADVICE_DUE: _lazy("A yearly review is coming. Ask for advice now"),
    Kind.PAPERS_DUE: _lazy("A yearly review is coming. Send the papers now"),
    Kind.REPORT_DUE: _lazy("A yearly review was held. Send the report"),
    Kind.REVIEW_TOLD: _lazy(
        "We looked back at the plan. Read what we decided, and what we do about what you said"
    ),
    Kind.STEP_DUE: _lazy("A step of yours is nearly due. Say how it goes"),
    Kind.QUIET: _lazy("No step was noted for three weeks. Say how it goes"),
    Kind.CHOICE_ENDING: _lazy("Something you share ends soon. Look if you want to go on"),
    Kind.LOOK_AGAIN: _lazy("Something in safeguarding waits for you"),
    Kind.CAPACITY: _lazy("A record of who decides is to be looked at again"),
    Kind.REQUEST: _lazy("Somebody asks to see a part. Say yes or no"),
    Kind.FUNDING_DUE: _lazy("Some money for help came to its end. Say if it made a difference"),
    Kind.UNANSWERED: _lazy("Somebody said something a month ago. Say what you did about it"),
    Kind.CALL: _lazy("Ring home, and say how it went"),
    Kind.TALK: _lazy("Somebody asks to talk with you. Say when"),
    Kind.TALK_SET: _lazy("Your talk has a time"),
    Kind.DAILY: _lazy("How the day went is not written yet"),
    Kind.EVENT_SOON: _lazy("An event that you signed up for is soon"),
    Kind.EVENT_PLACE: _lazy("A place came free at an event. You have it now"),
    Kind.EVENT_MOVED: _lazy("The time or place of an event changed. Look if you can still come"),
    Kind.EVENT_OFF: _lazy("An event that you signed up for is called off"),
    Kind.SURVEY: _lazy("Your school asks what you think. Answer some questions"),
}
#: About a setting and nobody's record: it stands on the SENCO's first page (`selectors_home.of_settings`), in no e-mail.
STALE_SIGNPOSTS = _lazy("Help for families was not checked for a year. Look if it is still right")
_TELLS_STAFF = {
    Kind.FUNDING_DUE: _lazy(
        "Some money came to its end. Write down what it was used for, and what comes next"
    ),
    Kind.REVIEW_COMING: _lazy("A review is coming. Write down what was said"),
    Kind.INVITED: _lazy("You are asked to a review. Say if you come"),
}
_TELLS_CHILD = _lazy("We talk about your plan soon. Choose who comes, and how you take part")


def wanted(found: Iterable[Fact], at: datetime) -> Iterator[list[Wanted]]:
    """What is wanted of everybody whom these facts wait for, some hundred pupils at a time.

    3 queries for each, 1 where somebody asks, 1 where a review comes, and for safeguarding as many as there are leads.
    """
    by_pupil: dict[UUID, list[Fact]] = {}
    for fact in found:
        by_pupil.setdefault(fact.pupil_id, []).append(fact)
    pupils = sorted(by_pupil)
    for first in range(0, len(pupils), AT_ONCE):
        here = {pk: by_pupil[pk] for pk in pupils[first : first + AT_ONCE]}
        sights = policy.sights_each(here, at)
        standing = _standing(here, at)
        yield [
            *(one for pk in here for one in _of_pupil(here[pk], sights[pk], standing)),
            *_safeguarding(here, at),
        ]


def of_sights(sights: Iterable[Sight], at: datetime, kinds: Iterable[Kind]) -> list[Wanted]:
    """What is wanted of one person about the pupils whom these sights are of: 1 query, 1 where somebody asks, and 1 where
    a review comes. Nothing is looked for that can be nobody's of them.
    """
    by_pupil = {sight.pupil.pk: sight for sight in sights}
    could = [kind for kind in kinds if any(_could_or_notice(kind, one) for one in by_pupil.values())]
    return _of(by_pupil, facts(at, by_pupil, could), at) if could else []


def of_person(person: User, pupils: QuerySet[Pupil], at: datetime, kinds: Iterable[Kind]) -> list[Wanted]:
    """What is wanted of one person about some pupils: 1 query, and 2 to 4 more where something waits."""
    found = facts(at, pupils, kinds)
    waits = Pupil.objects.filter(pk__in={fact.pupil_id for fact in found})
    return _of(policy.sights(person, waits, at), found, at) if found else []


def _of(sights: dict[UUID, Sight], found: list[Fact], at: datetime) -> list[Wanted]:
    """By kind, by when, and by name."""
    here: dict[UUID, list[Fact]] = {}
    for fact in found:
        here.setdefault(fact.pupil_id, []).append(fact)
    standing, order = _standing(here, at), list(Kind)
    everybody = _others(here, sights, at)
    told = [
        one
        for pk in here
        for one in _of_pupil(here[pk], everybody.get(pk, [sights[pk]]), standing)
        if one.person == sights[pk].person
    ]
    return sorted(told, key=lambda one: (order.index(one.kind), one.fact.occasion, one.pupil.called))


@dataclass(frozen=True)
class _Standing:
    """What of some facts holds at the instant besides anybody's sight: the requests that wait still for a young person
    who decides, and whom such a young person chose for each review that comes.
    """

    requests: set[UUID]
    chosen: dict[UUID, frozenset[UUID]]
    looking_back: dict[UUID, frozenset[UUID]]  #: by cycle

    def hears(self, fact: Fact, sight: Sight) -> bool:
        """Whether somebody hears from us that a review comes: from hand-over the young person chose them, or they work
        there and are nobody's family.
        """
        chosen = self.chosen.get(fact.subject)
        if chosen is None or sight.person.pk in chosen:
            return True
        grounds = sight.grounds(Section.REVIEWS) | sight.grounds(Section.VIEWS)
        return Ground.OWN in grounds or (Ground.TEACHES in grounds and not sight.family)


def _of_pupil(found: list[Fact], sights: list[Sight], standing: _Standing) -> Iterator[Wanted]:
    for fact in found:
        if fact.kind is Kind.REQUEST and fact.subject not in standing.requests:
            continue
        told = [sight for sight in sights if _asked(fact, sight)]
        if fact.kind is Kind.REVIEW_COMING:
            told = [sight for sight in told if standing.hears(fact, sight)]
        if fact.kind is Kind.VIEWS_WANTED:
            told = [
                one for one in told if invitations.looks_back(one, standing.looking_back.get(fact.subject))
            ]
        if fact.kind in _ELSE_THE_SENCO and not told:
            told = [one for one in sights if one.may("coordinate") and one.person.pk not in fact.done]
        yield from (Wanted(fact, sight) for sight in told)


def _others(here: dict[UUID, list[Fact]], sights: dict[UUID, Sight], at: datetime) -> dict[UUID, list[Sight]]:
    """Everybody's sights of the pupils about whom something is a colleague's of this SENCO to do, while they can."""
    theirs = {
        pk
        for pk, found in here.items()
        if sights[pk].may("coordinate")
        and any(fact.kind in (Kind.CALL, Kind.TALK) and fact.owner != sights[pk].person.pk for fact in found)
    }
    return policy.sights_each(theirs, at) if theirs else {}


#: Where nobody else can do it, the SENCO is who can notice.
_ELSE_THE_SENCO = frozenset({Kind.QUIET, Kind.CALL, Kind.TALK})


def _could_or_notice(kind: Kind, sight: Sight) -> bool:
    return _could(kind, sight) or (kind in _ELSE_THE_SENCO and sight.may("coordinate"))


def _standing(here: dict[UUID, list[Fact]], at: datetime) -> _Standing:
    pupils = [pk for pk, found in here.items() if any(fact.kind is Kind.REQUEST for fact in found)]
    asked = policy.asked_each(pupils, at) if pupils else {}
    requests = {pk for decides, waits in asked.values() if decides for pk, *_ in waits}
    come = {fact.subject for found in here.values() for fact in found if fact.kind is Kind.REVIEW_COMING}
    back = {fact.subject for found in here.values() for fact in found if fact.kind is Kind.VIEWS_WANTED}
    return _Standing(
        requests,
        invitations.chosen_each(come, at) if come else {},
        invitations.looking_back(back, at) if back else {},
    )


def _safeguarding(here: dict[UUID, list[Fact]], at: datetime) -> Iterator[Wanted]:
    """Whoever looks after safeguarding stands in no circle: which disclosures they read is the policy's all the same."""
    waits = [fact for found in here.values() for fact in found if fact.kind is Kind.LOOK_AGAIN]
    if not waits:
        return
    leads = policy.safeguarding_each({fact.pupil_id for fact in waits}, at)
    pupils = Pupil.objects.in_bulk(leads)
    for fact in waits:
        for person in leads[fact.pupil_id]:
            yield Wanted(fact, Sight(person, pupils[fact.pupil_id], at, near=False))


def _family(sight: Sight) -> bool:
    return bool(sight.grounds(Section.PLAN) & {Ground.OWN, Ground.PARENT}) or sight.may("say_views")


def _could(kind: Kind, sight: Sight) -> bool:
    """Whether something of this kind can be this person's to do at all, by what they see and may do."""
    match kind:
        case Kind.INVITED:
            return invitations.part_of(sight) is not None
        case Kind.WHO_COMES:
            return bool(sight.grounds(Section.REVIEWS) & {Ground.OWN, Ground.OVERRIDE})
        case Kind.REVIEW_COMING:
            adds = sight.may("say_views") or Ground.TEACHES in sight.grounds(Section.VIEWS)
            return adds and sight.sees(Section.REVIEWS)
        case Kind.VIEWS_WANTED:
            if sight.grounds(Section.PLAN) & {Ground.OWN, Ground.PARENT}:
                return sight.may("judge") and sight.sees(Section.REVIEWS)
            return Ground.TEACHES in sight.grounds(Section.PLAN)
        case Kind.UNANSWERED:
            return sight.may("coordinate") and sight.may("record_views")
        case Kind.REVIEW_OVERDUE | Kind.ANNUAL_DUE | Kind.ADVICE_DUE | Kind.PAPERS_DUE | Kind.REPORT_DUE:
            return sight.may("hold_review")
        case Kind.FUNDING_DUE:
            return sight.may("write_funding") or sight.may("say_funding")
        case Kind.REVIEW_TOLD:
            return bool(sight.grounds(Section.REVIEWS) & {Ground.OWN, Ground.PARENT, Ground.SHARED})
        case Kind.STEP_DUE:
            return sight.may("log_progress")
        case Kind.QUIET:
            return sight.may("log_progress") and Ground.TEACHES in sight.grounds(Section.PLAN)
        case Kind.CHOICE_ENDING | Kind.REQUEST:
            return sight.may("choose")
        case Kind.CAPACITY:
            return sight.may("record_capacity")
        case Kind.LOOK_AGAIN | Kind.SURVEY:
            return False
        case Kind.EVENT_SOON | Kind.EVENT_PLACE | Kind.EVENT_MOVED | Kind.EVENT_OFF:
            return False
        case Kind.CALL | Kind.TALK:
            return sight.may("write_update") and as_staff(sight)
        case Kind.TALK_SET:
            return sight.sees(Section.UPDATES)
        case Kind.DAILY:
            teaches = Ground.TEACHES in sight.grounds(Section.UPDATES)
            return teaches and sight.may("write_update") and as_staff(sight)


def _asked(fact: Fact, sight: Sight) -> bool:
    """Whether something that waits is this person's to do, and they may see what it is about."""
    if sight.person.pk in fact.done or (fact.owner is not None and fact.owner != sight.person.pk):
        return False
    if not _could(fact.kind, sight):
        return False
    match fact.kind:
        case Kind.INVITED:
            return invitations.part_of(sight) == fact.role
        case Kind.WHO_COMES:
            return (Ground.OWN if fact.owner is None else Ground.OVERRIDE) in sight.grounds(Section.REVIEWS)
        case Kind.FUNDING_DUE:
            return fact.role in ("all", "staff" if sight.may("write_funding") else "family")
        case Kind.CALL:
            return fact.owner is not None
        case Kind.TALK:
            return fact.owner is not None or Ground.COORDINATES in sight.grounds(Section.UPDATES)
        case _:
            return True
