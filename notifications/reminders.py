"""Reminders: planned from what is wanted, gathered into one message a person, sent once.

Most people have e-mails, and so they are called here; `notifications.channels` sends texts and letters as well.

`plan` makes a row for each thing that is wanted and was not reminded of; `gather` makes one e-mail of all that waits
for a person, however many children it is about; `send` sends one. Whatever was planned is tried until it is sent or
needs no sending: what it was about is asked again when it goes out, and so is whether its reader may know.

As a letter (`notifications.letters`), an e-mail is written down as sent before the mail server is given it, in a
transaction that ends when the server has taken it: only whoever is killed between the two sends it again, with the same
Message-ID. What the server does not take now is tried again after longer and longer pauses. An address that it refuses
for good is left alone, and the SENCO is told (`refused`).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts import languages, quiet
from accounts.enums import Channel
from accounts.models import Preferences, User
from pupils import audit, policy, restrictions
from pupils.enums import Ground
from pupils.models import Pupil
from reviews import answer_links, invitations

from . import channels, events_wanted, tries, wanted, wanted_surveys
from .enums import OF_EVENTS, Kind, LetterState, WhyNotReminded
from .events_wanted import EventNews
from .models import Message, Reminder
from .wanted import AT_ONCE, Fact, Key, Wanted
from .wanted_surveys import Open, WantedOf

log = structlog.get_logger(__name__)

SENT = "reminded"
BACK = "reminder came back"
#: An address that was refused for good is tried again after this long, unless it changes before.
LEFT_ALONE = timedelta(days=30)

_KEY = ("kind", "pupil_id", "setting_id", "person_id", "subject", "occasion")
#: What is wanted of somebody, or what they are told of an event.
Told = Wanted | WantedOf | EventNews


def plan(*, at: datetime) -> None:
    """Plan reminders of what is wanted at this instant and was neither planned nor sent, to whoever wants e-mail.

    What was not sent is planned again where it is wanted after all. May run twice, or late: of what was missed, only
    what is wanted still is planned. All of it is written at once: whoever gathers meanwhile finds nothing of it or all,
    and a family whose children are asked about one after the other has one e-mail.
    """
    due: set[Key] = set()
    told: Iterable[Sequence[Told]] = chain(
        wanted.wanted(wanted.facts(at), at),
        [events_wanted.wanted(at)],
        [wanted_surveys.wanted(wanted_surveys.facts(at), at)],
    )
    for some in filter(None, told):
        reached = _reached({one.person.pk for one in some}, at)
        due |= _not_yet({one.key for one in some if one.person.pk in reached})
    if due:
        _plan(due, at)


def _reached(people: set[UUID], at: datetime) -> set[UUID]:
    """Those to whom a message goes, or for whom one is printed: 2 queries."""
    others = Preferences.objects.filter(person__in=people).exclude(channel=Channel.EMAIL)
    silent = {
        wants.person_id
        for wants in others.select_related("person")
        if not (channels.of(wants.person) or channels.by_hand(wants.person))
    }
    return people - silent - set(_refused(at).values_list("person_id", flat=True))


def _not_yet(wants: set[Key]) -> set[Key]:
    """Those that are neither planned nor sent: 1 query."""
    rows = Reminder.objects.filter(_about(wants)).exclude(state=LetterState.NOT_SENT)
    return wants - set(rows.values_list(*_KEY))


def _about(keys: set[Key]) -> Q:
    """The reminders that are about the pupils and settings of these."""
    return Q(pupil__in={key[1] for key in keys if key[1]}) | Q(setting__in={key[2] for key in keys if key[2]})


@transaction.atomic
def _plan(due: set[Key], at: datetime) -> None:
    """Several may do this at once, each in the same order: none waits for one who waits for it."""
    rows = [
        Reminder(**dict(zip(_KEY, key, strict=True)), planned_at=at) for key in sorted(due, key=_in_order)
    ]
    Reminder.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    left = Reminder.objects.filter(_about(due), state=LetterState.NOT_SENT)
    held = left.select_for_update(no_key=True).order_by("pk")
    again = [pk for pk, *key in held.values_list("pk", *_KEY) if tuple(key) in due]
    Reminder.objects.filter(pk__in=again).update(
        state=LetterState.PLANNED, why_not="", message=None, planned_at=at
    )


def _in_order(key: Key) -> tuple[str, ...]:
    return tuple(str(part or "") for part in key)


def _refused(at: datetime) -> QuerySet[Message]:
    """What was refused for good, at the address that its reader has still, by the way that they still want."""
    wants = "person__preferences__"
    texts = Q(**{f"{wants}channel": Channel.TEXT})
    if settings.NOTIFY_TEXT_TEMPLATE:
        texts &= ~Q(**{f"{wants}phone": F(f"{wants}phone_confirmed")})  # they get e-mails (`accounts.quiet`)
    same = Q(channel=F(f"{wants}channel"))
    there = (
        (
            Q(channel=Channel.EMAIL, address=F("person__email"))
            & (same | texts | Q(**{f"{wants}channel": None}))
        )
        | (same & Q(channel=Channel.TEXT, address=F(f"{wants}phone")))
        | (same & Q(channel=Channel.LETTER, address=F(f"{wants}postal_address")))
    )
    return Message.objects.filter(there, why_not=WhyNotReminded.REFUSED, settled_at__gt=at - LEFT_ALONE)


def gather(*, at: datetime) -> None:
    """Make one e-mail for each person for whom reminders wait, but for those in whose quiet hours it is.

    Whoever wants one e-mail a day gets no second on the same day. May run twice, also at once: of two who gather for
    the same person, one does.
    """
    loose = Reminder.objects.filter(state=LetterState.PLANNED, message=None)
    waiting = Message.objects.filter(person=OuterRef("pk"), state=LetterState.PLANNED)
    people = User.objects.filter(Exists(loose.filter(person=OuterRef("pk"))), ~Exists(waiting))
    found = list(people.select_related("preferences").order_by("pk"))
    had = set(
        Message.objects.filter(
            state=LetterState.SENT, settled_at__date=timezone.localdate(at), person__in=found
        ).values_list("person_id", flat=True)
    )
    now = [
        one
        for one in found
        if not quiet.now(one, at) and not (quiet.digest(one) and one.pk in had) and not channels.by_hand(one)
    ]
    for first in range(0, len(now), AT_ONCE):
        _gather([person.pk for person in now[first : first + AT_ONCE]], at)


@transaction.atomic
def _gather(people: list[UUID], at: datetime) -> None:
    """Nobody sends what is gathered before all of it is: until this transaction ends nobody else sees the e-mails."""
    made = [Message(person_id=pk, made_at=at, next_at=at) for pk in people]
    Message.objects.bulk_create(made, ignore_conflicts=True)
    mine = Message.objects.filter(pk__in=[one.pk for one in made], person=OuterRef("person"))
    loose = Reminder.objects.filter(state=LetterState.PLANNED, message=None, person__in=people)
    loose.filter(Exists(mine)).update(message=Subquery(mine.values("pk")[:1]))


def due(at: datetime) -> list[UUID]:
    """The e-mails that may be tried now: 1 query."""
    return tries.due(Message, at)


def send(*, message_id: UUID, at: datetime) -> bool:
    """Send one e-mail, of what is wanted of its reader still at this instant; whether it was sent now.

    Of several who send the same at once, one does.
    """
    if not tries.claim(Message, message_id, at):
        return False
    try:
        return _send(message_id, at)
    except channels.Refused as error:
        log.warning("reminder_refused", message=str(message_id), codes=list(error.args))
        _settle_refused(message_id, at)
        return False
    except (
        OSError
    ) as error:  # every other failure of a mail server or of GOV.UK Notify, or on the way, is one
        log.warning("reminder_not_taken", message=str(message_id), error=type(error).__name__)
        return False


def _held(message_id: UUID) -> tuple[Message, list[Reminder]]:
    rows = Message.objects.select_for_update(of=("self",), no_key=True)
    message = rows.select_related("person__preferences").get(pk=message_id)
    left = message.reminders.filter(state=LetterState.PLANNED).select_related("pupil", "setting")
    return message, list(left.order_by("planned_at", "pk"))


@transaction.atomic
def _send(message_id: UUID, at: datetime) -> bool:
    message, reminders = _held(message_id)
    if message.state != LetterState.PLANNED:
        return False
    found, why = _still(message.person, reminders, at)
    for reason in set(why.values()):
        gone = [pk for pk, because in why.items() if because is reason]
        message.reminders.filter(pk__in=gone).update(state=LetterState.NOT_SENT, why_not=reason)
    message.settled_at = at
    if not found:
        message.state = LetterState.NOT_SENT
        message.why_not = next(iter(why.values()), WhyNotReminded.OVERTAKEN)
        message.save(update_fields=["state", "why_not", "settled_at"])
        return False
    channel = channels.of(message.person)
    assert channel is not None  # else nothing was found
    message.state, message.channel = LetterState.SENT, channel
    message.address = quiet.address(message.person)
    message.save(update_fields=["state", "settled_at", "channel", "address"])
    message.reminders.filter(state=LetterState.PLANNED).update(state=LetterState.SENT)
    for row in reminders:
        if row.pk not in why:
            write_down(SENT, row, None, at)
    _deliver(message, channel, found, at)
    return True


def write_down(verb: str, row: Reminder, by: User | None, at: datetime, **detail: Any) -> None:
    about: dict[str, Any] = {"pupil": row.pupil, "setting": row.setting, "kind": row.kind, **detail}
    audit.record(verb, by=by, at=at, of=row, to=str(row.person_id), **about)


def _still(
    person: User, reminders: list[Reminder], at: datetime
) -> tuple[list[Told], dict[UUID, WhyNotReminded]]:
    """Of some reminders, what is wanted of their reader still; and of each other one why it is not sent."""
    refused = _refused(at).filter(person=person).exists()
    if refused or channels.of(person) is None:
        off = WhyNotReminded.REFUSED if refused else WhyNotReminded.NO_MAIL
        return [], {row.pk: off for row in reminders}
    return still_wanted(person, reminders, at)


def still_wanted(
    person: User, reminders: list[Reminder], at: datetime
) -> tuple[list[Told], dict[UUID, WhyNotReminded]]:
    """`_still`, whichever way they are told by."""
    pupils = {row.pupil_id for row in reminders if row.pupil_id}
    facts = wanted.facts(at, pupils, sorted({Kind(row.kind) for row in reminders}))
    about = [one for some in wanted.wanted(facts, at) for one in some if one.person == person]
    surveys = {row.subject for row in reminders if row.kind == Kind.SURVEY}
    asked = wanted_surveys.facts(at, surveys) if surveys else []
    now: dict[Key, Wanted | WantedOf] = {one.key: one for one in about}
    now |= {one.key: one for one in wanted_surveys.wanted(asked, at, person)}
    waiting: list[Fact | Open] = [*facts, *asked]
    waits = {(fact.kind, fact.subject): fact for fact in waiting}
    found, why = _events_still(person, [row for row in reminders if row.kind in OF_EVENTS], at)
    shut_out = _shut_out(person, about, at)
    for row in reminders:
        if row.kind in OF_EVENTS:
            continue
        one = now.get(key_of(row))
        fact = waits.get((Kind(row.kind), row.subject))
        if one is not None and row.pupil_id not in shut_out:
            found.append(one)
        elif fact is None or person.pk in fact.done:
            why[row.pk] = WhyNotReminded.DONE
        elif fact.occasion != row.occasion:
            why[row.pk] = WhyNotReminded.OVERTAKEN
        else:
            why[row.pk] = WhyNotReminded.NOT_OPEN
    return found, why


def _events_still(
    person: User, reminders: list[Reminder], at: datetime
) -> tuple[list[Told], dict[UUID, WhyNotReminded]]:
    """`still_wanted` of events."""
    if not reminders:
        return [], {}
    news = events_wanted.found(at, [person.pk])
    now = {one.key: one for one in events_wanted.open_to(news, at)}
    there, subjects = {one.key for one in news}, {(one.kind.value, one.place) for one in news}
    found: list[Told] = []
    why: dict[UUID, WhyNotReminded] = {}
    for row in reminders:
        key = key_of(row)
        if key in now:
            found.append(now[key])
        elif key in there:
            why[row.pk] = WhyNotReminded.NOT_OPEN
        else:
            moved = (row.kind, row.subject) in subjects
            why[row.pk] = WhyNotReminded.OVERTAKEN if moved else WhyNotReminded.DONE
    return found, why


def key_of(row: Reminder) -> Key:
    return row.kind, row.pupil_id, row.setting_id, row.person_id, row.subject, row.occasion


def _shut_out(person: User, found: Iterable[Wanted], at: datetime) -> set[UUID]:
    """The pupils of whom somebody is shut out who reads the same address: 1 query, and some for each restriction."""
    family = {
        one.pupil.pk
        for one in found
        if any(reason.ground is Ground.PARENT for reasons in one.sight.reasons.values() for reason in reasons)
    }
    under = Pupil.objects.filter(pk__in=family, restrictions__isnull=False).distinct()
    return {
        pupil.pk for pupil in under if restrictions.shuts_out(pupil, at, person=person, email=person.email)
    }


@transaction.atomic
def _settle_refused(message_id: UUID, at: datetime) -> None:
    message, _ = _held(message_id)
    message.channel = quiet.channel(message.person)
    message.address = quiet.address(message.person)
    _settle(message, LetterState.PLANNED, at)


def _settle(message: Message, state: LetterState, at: datetime) -> None:
    """A message, and the reminders in it that were in this state, went nowhere: its address takes nothing."""
    message.reminders.filter(state=state).update(state=LetterState.NOT_SENT, why_not=WhyNotReminded.REFUSED)
    message.state, message.why_not = LetterState.NOT_SENT, WhyNotReminded.REFUSED
    message.settled_at = at
    message.save(update_fields=["state", "why_not", "settled_at", "channel", "address", "receipt"])


@transaction.atomic
def came_back(*, message_id: UUID, since: datetime, at: datetime, receipt: str = "") -> bool:
    """Treat a message that was sent as refused: its address is left alone. Whether that is new.

    Nothing happens to one that was sent before `since`, or that is not sent: what comes back twice counts once.
    """
    rows = Message.objects.select_for_update(no_key=True)
    message = rows.filter(pk=message_id, state=LetterState.SENT, settled_at__gte=since).first()
    if message is None:
        return False
    message.receipt = receipt
    _settle(message, LetterState.SENT, at)
    audited = message.reminders.filter(why_not=WhyNotReminded.REFUSED).select_related("pupil", "setting")
    for row in audited.order_by("pk"):
        write_down(BACK, row, None, at)
    return True


def lines(found: Iterable[Told]) -> list[tuple[str, int]]:
    """What waits, each kind of it once, and how many there are of it."""
    told: dict[str, int] = {}
    for one in found:
        told[one.words] = told.get(one.words, 0) + 1
    return list(told.items())


def invited(found: Iterable[Told]) -> list[Wanted]:
    """Of what waits, the invitations to reviews."""
    return [one for one in found if isinstance(one, Wanted) and one.kind is Kind.INVITED]


def _deliver(message: Message, channel: Channel, found: list[Told], at: datetime) -> None:
    """Send it; in an e-mail each invitation has its entry for a calendar, and one that is answered by a link has its
    links, and no line besides.
    """
    asked = [one for one in invited(found) if channel is Channel.EMAIL]
    by_link = {one.fact.subject for one in asked if one.fact.role in answer_links.BY_LINK}
    with languages.writing_to(message.person):
        channels.deliver(
            message.person,
            channel,
            lines(one for one in found if isinstance(one, EventNews) or one.fact.subject not in by_link),
            key=message.pk,
            again=message.attempts > 1,
            asked=answer_links.for_mail(sorted(by_link)) if by_link else [],
            files=invitations.files([one.fact.subject for one in asked], message.person, at) if asked else [],
        )


def not_reached(person: User, pupils: QuerySet[Pupil], at: datetime) -> list[Reminder]:
    """Those whose address was refused, among whoever was to be reminded of something about these pupils: 1 query.

    One row for each of them but the person who asks, with a pupil through whose page they are found, or without one where
    it was about an event or a survey alone. Nothing of what waits for safeguarding: that would tell of a disclosure.
    """
    settings_of = policy.settings_coordinated(person, at).order_by().values("pk")
    rows = Reminder.objects.filter(
        Q(pupil__in=pupils) | Q(setting__in=settings_of),
        message__in=_refused(at),
        why_not=WhyNotReminded.REFUSED,
    ).exclude(Q(person=person) | Q(kind=Kind.LOOK_AGAIN))
    first = rows.order_by("person__name", "person", "pupil").distinct("person__name", "person")
    return list(first.select_related("person", "pupil"))
