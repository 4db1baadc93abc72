"""Asking for a section that is closed, and the answer.

Where the young person decides, whoever stands near and lacks a section may ask them for it; before, visiting
professionals may ask the family. No answer is no. What somebody is told here is the same whether or not anything is
written in the section, and whether its closing was chosen or nobody has chosen yet.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import languages, mail, quiet
from accounts.enums import Format
from accounts.models import User

from . import audit, choices, policy, sending
from .choices import Speaking, Wanted
from .enums import Answer, Ground, Section
from .errors import NotNow
from .models import Choice, Pupil, SharingRequest

#: The version of the words in which a request is put to whoever answers it (`pupils/request.html`).
WORDING = "asked-1"
#: After a no, nobody asks the same again for this long.
AGAIN_AFTER = timedelta(days=14)
#: How long a yes lasts that somebody gives who wants to be asked each time, unless they say otherwise.
EACH_TIME = timedelta(days=7)
#: What the e-mail about a request is called among the audit events.
TOLD = "news of request"


@dataclass(frozen=True)
class Door:
    """Which sections somebody may ask for, and whether of the young person (`decides`) or, before, of the family."""

    sections: list[Section]
    decides: bool


def door(sight: policy.Sight) -> Door:
    """What this person may ask for now: 3 queries. Whoever sees a section, coordinates or is the pupil asks nothing."""
    decides = policy.decides(sight.pupil, sight.at)
    kinds = kinds_of(sight.person, sight.pupil, sight.at)
    asks = bool(kinds) if decides else "professional" in kinds
    return Door([s for s in Section if not sight.sees(s)] if asks else [], decides)


def why_closed(pupil: Pupil, door: Door, at: datetime) -> str:
    """Whose decision it is that a section is not open, in words."""
    if not door.decides:
        return _("%(pupil)s’s family decides who else sees this part.") % {"pupil": pupil.called}
    old_enough = pupil.turns_16_on <= timezone.localdate(at)
    if old_enough:
        return _("%(pupil)s is over 16 and decides who sees this part.") % {"pupil": pupil.called}
    return _("%(pupil)s decides who sees this part.") % {"pupil": pupil.called}


@transaction.atomic
def ask(
    *, pupil: Pupil, section: Section, reason: str, by: User, at: datetime, send: Callable[[UUID], object]
) -> SharingRequest:
    """Ask to see a section. The same form sent twice is one request; `send` gets its id once this is committed.

    Raises Http404 outside the circle, ValidationError by field, and NotNow where a no is too fresh.
    """
    sight = policy.require(by, None, pupil, at)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    mine = pupil.sharing_requests.filter(asker=by, section=section)
    waiting = mine.filter(answered_at=None).first()
    if waiting is not None:
        if waiting.reason == reason.strip():
            return waiting
        raise ValidationError({"section": _("You have asked for this part already. Wait for the answer.")})
    if sight.sees(section):
        raise ValidationError({"section": _("This part is open to you already.")})
    if section not in door(sight).sections:
        raise ValidationError({"section": _("Ask the SENCO about this part.")})
    again = again_from(sight).get(section)
    if again is not None:
        raise NotNow(
            _("The answer was no. You can ask for this part again from %(again)s.") % {"again": _long(again)}
        )
    row = SharingRequest(pupil=pupil, asker=by, section=section, reason=reason.strip(), asked_at=at)
    row.full_clean()
    row.save(force_insert=True)
    audit.record("asked to see", by=by, at=at, pupil=pupil, section=section, of=row)
    transaction.on_commit(lambda: send(row.pk), robust=True)
    return row


def again_from(sight: policy.Sight) -> dict[Section, date]:
    """The sections that somebody was told no about, each with the day from which they may ask again: 1 query."""
    asked = sight.pupil.sharing_requests.filter(
        asker=sight.person.pk, answer=Answer.NO, answered_at__gt=sight.at - AGAIN_AFTER
    ).exclude(answered_by=F("asker"))
    return {
        Section(section): timezone.localdate(told + AGAIN_AFTER) + timedelta(days=1)
        for section, told in asked.order_by("answered_at").values_list("section", "answered_at")
        if told is not None
    }


@transaction.atomic
def withdraw(*, request: SharingRequest, by: User, at: datetime) -> None:
    """Take back what one asked; a second press changes nothing. Raises Http404 for anybody but the asker."""
    policy.require(by, None, request.pupil, at)
    if request.asker_id != by.pk:
        raise Http404
    waiting = SharingRequest.objects.filter(pk=request.pk, answered_at=None)
    if waiting.update(answered_at=at, answered_by=by, answer=Answer.NO):
        audit.record(
            "request withdrawn", by=by, at=at, pupil=request.pupil, section=request.section, of=request
        )


def answering(sight: policy.Sight) -> Speaking | None:
    """As whom this person answers what is asked: in their own voice, where that is the one that counts now."""
    speaks = choices.speaking(sight)
    if speaks is None or speaks.on_behalf:
        return None
    counts = choices.voice_that_counts(sight.pupil, sight.at)
    if speaks.voice != counts:  # a parent before the day who decides about some parts under a capacity record
        speaks = choices.speaking(sight, counts)
    return None if speaks is None or speaks.on_behalf else speaks


def may_answer(speaks: Speaking, section: str) -> bool:
    return section in speaks.sections or section in speaks.closes


def waiting(sight: policy.Sight, speaks: Speaking) -> list[SharingRequest]:
    """What waits for this person's answer, oldest first: of those who still stand near and still lack the section.

    2 queries.
    """
    standing = _standing(sight.pupil, sight.at)
    rows = SharingRequest.objects.filter(pk__in=standing).select_related("asker", "pupil")
    return [row for row in rows.order_by("asked_at", "pk") if may_answer(speaks, row.section)]


def mine(sight: policy.Sight) -> list[SharingRequest]:
    """What this person asked about a pupil, besides what they took back: 1 query."""
    rows = sight.pupil.sharing_requests.filter(asker=sight.person.pk).exclude(answered_by=F("asker"))
    return list(rows.select_related("asker", "pupil").order_by("-asked_at", "-pk")[:100])


def _standing(pupil: Pupil, at: datetime) -> set[UUID]:
    __, waits = policy.asked_for(pupil, at)
    return {pk for pk, __, __ in waits}


def waiting_for_them(sight: policy.Sight) -> tuple[bool, list[tuple[str, Section]]]:
    """Whether a young person decides, and who waits for their answer about which section: 1 query.

    Nothing waits for them before they decide: what is asked then is the family's to answer.
    """
    decides, waits = policy.asked_for(sight.pupil, sight.at)
    return decides, [(name, section) for __, name, section in waits if decides]


@transaction.atomic
def answer(
    *,
    request: SharingRequest,
    give: list[Section],
    by: User,
    at: datetime,
    key: UUID,
    ends_at: datetime | None = None,
    purpose: str = "",
    format: Format | str = Format.STANDARD,  # noqa: A002
    language: str = "en-GB",
) -> SharingRequest:
    """Open these sections to whoever asked, until `ends_at`; without the section asked for, the answer is no.

    An answer shortens nothing: what is open to them for longer already stays so, until it is stopped.
    A sheet of choices with `key` as its id, which closes the request; what was answered already stays so.
    Raises Http404, NotThisSection where this person does not answer, NotNow and ValidationError in words.
    """
    pupil = request.pupil
    sight = policy.require(by, None, pupil, at)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    speaks = answering(sight)
    if speaks is None or not may_answer(speaks, request.section):
        raise policy.NotThisSection(pupil)
    now = SharingRequest.objects.select_related("asker", "pupil").get(pk=request.pk)
    if now.answered_at is not None:
        return now
    asked = Section(now.section)
    longer = {h.section: h.choice for h in held(now.asker, pupil, speaks, at) if h.outlasts(ends_at)}
    wanted = [
        Wanted(section, Answer.YES, person=now.asker, ends_at=ends_at, purpose=purpose)
        for section in dict.fromkeys(give)
        if section not in longer
    ]
    if asked in give and (stays := longer.get(asked)):
        wanted.append(
            Wanted(asked, Answer.YES, now.asker, ends_at=stays.ends_at, purpose=purpose or stays.purpose)
        )
    if asked not in give:
        wanted.append(Wanted(asked, Answer.NO, person=now.asker))
    choices.choose(
        pupil=pupil,
        wanted=wanted,
        by=by,
        at=at,
        key=key,
        wording=WORDING,
        format=format,
        language=language,
        voice=speaks.voice,
    )
    now.refresh_from_db()
    return now


@dataclass(frozen=True)
class Held:
    """A section that is open to whoever asks already, and the choice that opens it; None: they see it without one."""

    section: Section
    choice: Choice | None

    @property
    def until(self) -> date | None:
        """The last day, where it has one."""
        return last_day(self.choice.ends_at) if self.choice and self.choice.ends_at else None

    def outlasts(self, ends_at: datetime | None) -> bool:
        """Whether it holds by choice for longer than until an instant, or None for no end."""
        if self.choice is None or ends_at is None:
            return False
        return self.choice.ends_at is None or self.choice.ends_at > ends_at


def held(asker: User, pupil: Pupil, speaks: Speaking, at: datetime) -> list[Held]:
    """What is open already to whoever asks, of what the person who answers decides about: 3 queries.

    Nothing of what a recorded decision opens past whoever answers.
    """
    theirs = policy.why(asker, pupil, at)
    latest = choices.in_force(pupil, speaks.voice, at)
    kinds = kinds_of(asker, pupil, at)
    found = []
    for section in theirs.sections:
        reasons = [r for r in theirs.reasons[section] if r.ground is not Ground.OVERRIDE]
        if not reasons or not may_answer(speaks, section):
            continue
        by_choice = all(reason.chosen for reason in reasons)
        choice = choices.opening(asker, section, kinds, latest, at) if by_choice else None
        found.append(Held(section, choice))
    return found


def roles(pupil: Pupil, rows: list[SharingRequest], at: datetime) -> list[str]:
    """What each of those who asked is to the pupil, in words: 2 queries."""
    words = {
        "teaches": _("teaches here"),
        "parent": _("parent carer"),
        "professional": _("visiting professional"),
    }
    near = {person.pk: kinds for person, kinds in choices.recipients(pupil, at)} if rows else {}
    return [", ".join(words[k] for k in words if k in near.get(row.asker_id, set())) for row in rows]


def each_time(request: SharingRequest, at: datetime) -> bool:
    """Whether the choice that stands about this asker and section is "ask me each time"."""
    voice = choices.voice_that_counts(request.pupil, at)
    standing = choices.in_force(request.pupil, voice, at)
    chosen = standing.get((request.asker_id, request.section))
    if chosen is None and "teaches" in kinds_of(request.asker, request.pupil, at):
        chosen = standing.get((None, request.section))
    return chosen is not None and chosen.answer == Answer.ASK


def kinds_of(person: User, pupil: Pupil, at: datetime) -> set[str]:
    """What somebody is to a pupil whom a choice can name: parent, teaches, professional; nothing for anybody else."""
    return next((kinds for near, kinds in choices.recipients(pupil, at) if near.pk == person.pk), set())


def of_pupil(sight: policy.Sight, request_id: UUID) -> SharingRequest:
    """One request of a pupil, whoever asked. Raises Http404."""
    found = sight.pupil.sharing_requests.select_related("asker", "pupil").filter(pk=request_id).first()
    if found is None:
        raise Http404
    return found


def to_tell(request: SharingRequest, at: datetime) -> list[User]:
    """Who is told that something was asked of them: whoever can answer it, and nobody once it needs no answer."""
    if request.pk not in _standing(request.pupil, at):
        return []
    near = [person for person, __ in policy.near(request.pupil, {"own", "parent"}, at)]
    deciders = choices.capacity_in_force(request.pupil, at).select_related("decider")
    told = {person.pk: person for person in [*near, *(record.decider for record in deciders)]}
    return [person for person in told.values() if person.is_active and _answers(person, request, at)]


def left(at: datetime) -> list[tuple[UUID, UUID]]:
    """Whom an e-mail about something that was asked of them has not reached yet, and can now: request and person."""
    asked = SharingRequest.objects.filter(sending.due(at, "asked_at"), answered_at=None)
    found = []
    for request in asked.select_related("pupil", "asker").order_by("asked_at")[: sending.AT_A_TIME]:
        told = set(sending.settled(request, TOLD).values_list("detail__to", flat=True))
        found += [
            (request.pk, person.pk)
            for person in to_tell(request, at)
            if str(person.pk) not in told and quiet.wants_mail(person) and not quiet.now(person, at)
        ]
    return found


def tell(request_id: UUID, person_id: UUID, at: datetime) -> bool:
    """Send one person the news that they were asked something, once, if they still can answer it; whether it was sent.

    In their quiet hours nothing is sent: it is `left`. Whoever wants no e-mail finds it when they sign in. Raises
    OSError where the mail server took it not.
    """
    request = SharingRequest.objects.filter(pk=request_id).select_related("pupil", "asker").first()
    told = to_tell(request, at) if request else []
    person = next((one for one in told if one.pk == person_id), None)
    if request is None or person is None or not quiet.wants_mail(person) or quiet.now(person, at):
        return False
    return sending.once(request, person, lambda: _mail(person, request), what=TOLD, at=at)


def _mail(person: User, request: SharingRequest) -> None:
    with languages.writing_to(person):
        key = uuid5(request.pk, str(person.pk))
        mail.send_words(person, _("Somebody asked you something"), "pupils/email/asked.txt", key=key)


def _answers(person: User, request: SharingRequest, at: datetime) -> bool:
    sight = policy.why(person, request.pupil, at)
    speaks = answering(sight) if sight.near else None
    return speaks is not None and request.section in speaks.sections


def families_asked(sights: Iterable[policy.Sight], at: datetime) -> set[UUID]:
    """The pupils, of some that one person stands near, about whom an answer of theirs waits: of their family's before the
    young person decides, of whoever decides about the section under a capacity record from then on. 2 queries, none
    of nobody.
    """
    near = {sight.pupil.pk: sight for sight in sights}
    if not near:
        return set()
    records: dict[UUID, set[str]] = {}
    theirs = choices.capacity_holding(at).filter(
        pupil__in=near, decider__in={sight.person.pk for sight in near.values()}
    )
    for pupil, sections in theirs.values_list("pupil_id", "sections"):
        records.setdefault(pupil, set()).update(sections)
    found = set()
    for pk, (decides, waits) in policy.asked_each(near, at).items():
        if decides:
            mine = any(section.value in records.get(pk, set()) for *_, section in waits)
        else:
            mine = bool(waits) and near[pk].may("agree_to_share")
        found |= {pk} if mine else set()
    return found


def end_of(day: date) -> datetime:
    """The instant at which a last day is over: the midnight after it, in London."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def last_day(ends_at: datetime) -> date:
    """The last day on which something that ends is open."""
    return timezone.localdate(ends_at - timedelta(microseconds=1))


def _long(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
