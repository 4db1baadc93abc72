"""Letters before a young person begins to decide: by e-mail or on paper, 12, 6, 3 and 1 months before the day.

To the young person, where they have a sign-in, and to each parent carer who stands near them; SENCOs find who comes up
on a page of theirs. A letter says that something changes, and nothing of a record: not even the day, which is as a
rule a birthday.

`plan` makes a row for each letter that is due, and `send` sends one. Whatever was planned is tried until it is sent or
needs no sending. What is on paper waits for a SENCO, who prints it (`notifications.printing`). It is written down as sent before the mail server is given it, in a transaction that ends when the
server has taken it: only whoever is killed between the two sends it again, with the same Message-ID.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import languages, mail, quiet
from accounts.enums import Channel
from accounts.models import User
from pupils import audit, clocks, policy, restrictions
from pupils.clocks import WARN_BEFORE, HandOver
from pupils.enums import Ground
from pupils.models import AuditEvent, Pupil

from . import tries
from .enums import LetterState, WhyNot
from .models import HandOverLetter

log = structlog.get_logger(__name__)

SENT = "told of the hand-over"
#: A day that moves by less than this is told to nobody again.
SAME = timedelta(days=31)
#: Of so many pupils the letters are planned at once.
AT_ONCE = 500

Told = dict[UUID, dict[UUID, bool]]


def to_tell(pupils: Iterable[UUID], at: datetime) -> Told:
    """Who is told of the hand-over of each of these pupils at an instant: by person, whether it is their own.

    Nobody who is shut out, nor at an address that somebody shut out reads as well.
    """
    grounds = {Ground.OWN.value, Ground.PARENT.value}
    near = policy.near_each(pupils, grounds, at)
    found = {
        pk: {who: Ground.OWN.value in held for who, held in people.items()} for pk, people in near.items()
    }
    for pupil in Pupil.objects.filter(pk__in=found, restrictions__isnull=False).distinct():
        people = User.objects.filter(pk__in=found[pupil.pk])
        for person in people.order_by("pk"):
            parent = not found[pupil.pk][person.pk]
            if parent and restrictions.shuts_out(pupil, at, person=person, email=person.email):
                del found[pupil.pk][person.pk]
    return found


def plan(*, at: datetime) -> None:
    """Plan the letters that are due and neither planned nor sent, for whoever is to be told at this instant.

    Of several that are due to one person only the shortest is planned. What was not sent is planned again where it is
    due after all. May run twice, and as late as it likes.
    """
    today = timezone.localdate(at)
    last = clocks.months_later(today, max(WARN_BEFORE)) + timedelta(days=3)  # months differ in length
    coming = policy.by_day_of_deciding(Pupil.objects.all(), today + timedelta(days=1), last, at)
    days = list(coming.order_by("pk").values_list("pk", "decides_on"))
    for first in range(0, len(days), AT_ONCE):
        overs = {pk: HandOver(day, today) for pk, day in days[first : first + AT_ONCE]}
        _plan_of({pk: over for pk, over in overs.items() if over.near}, at)


def _plan_of(near: dict[UUID, HandOver], at: datetime) -> None:
    told = to_tell(near, at)
    people = {who for of_pupil in told.values() for who in of_pupil}
    others = User.objects.filter(Q(email=None) | ~Q(preferences__channel=Channel.EMAIL), pk__in=people)
    others = others.exclude(preferences=None, email__isnull=False).select_related("preferences")
    people -= {person.pk for person in others if not _reached(person)}
    before = _sent(near)
    wanted = [
        HandOverLetter(
            pupil_id=pupil, person_id=who, day=over.day, months=over.within, planned_at=at, next_at=at
        )
        for pupil, over in near.items()
        for who in told[pupil]
        if who in people and not _knows(before.get((pupil, who), []), over)
    ]
    due = {(one.pupil_id, one.person_id, one.day, one.months) for one in wanted}
    HandOverLetter.objects.bulk_create(wanted, ignore_conflicts=True)
    left = HandOverLetter.objects.filter(pupil__in=near, state=LetterState.NOT_SENT)
    again = [
        pk for pk, *of in left.values_list("pk", "pupil_id", "person_id", "day", "months") if tuple(of) in due
    ]
    left.filter(pk__in=again).update(state=LetterState.PLANNED, why_not="", planned_at=at, next_at=at)


def _reached(person: User) -> bool:
    """Whether somebody is told, by e-mail or on paper."""
    return quiet.wants_mail(person) or quiet.on_paper(person)


def _sent(pupils: Iterable[UUID]) -> dict[tuple[UUID, UUID], list[tuple[date, int]]]:
    """What was sent about these pupils: to each person, of which day and how long before."""
    found: dict[tuple[UUID, UUID], list[tuple[date, int]]] = {}
    rows = HandOverLetter.objects.filter(pupil__in=list(pupils), state=LetterState.SENT)
    for pupil, person, day, months in rows.values_list("pupil_id", "person_id", "day", "months"):
        found.setdefault((pupil, person), []).append((day, months))
    return found


def _knows(sent: list[tuple[date, int]], over: HandOver) -> bool:
    """Whether somebody was told already that this day, or one close to it, is so near."""
    assert over.within is not None
    return any(months <= over.within and abs(day - over.day) < SAME for day, months in sent)


def due(at: datetime) -> list[UUID]:
    """The letters that may be e-mailed now: 1 query."""
    return tries.due(HandOverLetter, at, but=quiet.on_paper)


def send(*, letter_id: UUID, at: datetime) -> bool:
    """E-mail one letter, where it is due and its reader may be told at this instant; whether it was sent now.

    One for somebody who wants paper stays where it is. What need not be sent is marked with why; what the mail server does not take is tried again later. Of several who
    send the same letter at once, one does.
    """
    if not tries.claim(HandOverLetter, letter_id, at):
        return False
    try:
        return _send(letter_id, at)
    except OSError as error:  # every failure of the mail server or the way to it is one
        log.warning("letter_not_taken", letter=str(letter_id), error=type(error).__name__)
        return False


@transaction.atomic
def _send(letter_id: UUID, at: datetime) -> bool:
    rows = HandOverLetter.objects.select_for_update(of=("self",), no_key=True)
    letter = rows.select_related("pupil", "person__preferences").get(pk=letter_id)
    if letter.state != LetterState.PLANNED or quiet.on_paper(letter.person):
        return False
    own = _settle(letter, at)
    if own is None:
        return False
    audit.record(SENT, by=None, at=at, pupil=letter.pupil, of=letter, **_detail(letter))
    _mail(letter, own)
    return True


def _detail(letter: HandOverLetter) -> dict[str, Any]:
    return {"to": str(letter.person_id), "months": letter.months, "day": letter.day.isoformat()}


def _settle(letter: HandOverLetter, at: datetime) -> bool | None:
    """Mark a letter as sent, where its reader may be told now: whether it is about themself; else why it is not, and None."""
    over = HandOver(_day(letter.pupil, at), timezone.localdate(at))
    told = to_tell([letter.pupil_id], at)[letter.pupil_id]
    why = _why_not(letter, over, told)
    if why:
        letter.state, letter.why_not = LetterState.NOT_SENT, why
        letter.save(update_fields=["state", "why_not"])
        return None
    letter.state, letter.sent_at = LetterState.SENT, at
    letter.save(update_fields=["state", "sent_at"])
    return told[letter.person_id]


def _why_not(letter: HandOverLetter, over: HandOver, told: dict[UUID, bool]) -> WhyNot | None:
    if over.begun:
        return WhyNot.BEGUN
    if over.day != letter.day:
        return WhyNot.MOVED
    if over.within != letter.months:
        return WhyNot.OVERTAKEN
    if letter.person_id not in told:
        return WhyNot.NOT_NEAR
    return None if _reached(letter.person) else WhyNot.NO_MAIL


def _mail(letter: HandOverLetter, own: bool) -> None:
    with languages.writing_to(letter.person):
        mail.send_words(
            letter.person,
            _("Something will change for you on Alongside")
            if own
            else _("Something will soon change on Alongside"),
            f"notifications/email/{'own' if own else 'parent'}_hand_over.txt",
            path=reverse("choices" if own else "when_they_decide", args=[letter.pupil_id]),
            key=letter.pk,
            **_words(letter),
        )


def _words(letter: HandOverLetter) -> dict[str, Any]:
    """What fills a letter: when it starts, and whether its reader was told of another day before."""
    others = letter.pupil.hand_over_letters.filter(person=letter.person_id, state=LetterState.SENT)
    last = others.exclude(pk=letter.pk).order_by("-sent_at").first()
    over = HandOver(letter.day, timezone.localdate(letter.sent_at))
    return {"when": over.words, "moved": last is not None and last.day != letter.day}


# On paper ----------------------------------------------------------------------------------------------------


def to_print(by: User, at: datetime) -> list[HandOverLetter]:
    """The letters on paper about this SENCO's pupils that wait, or were printed today: 1 query."""
    printed = AuditEvent.objects.filter(
        verb=SENT, object_id=OuterRef("pk"), detail__on="paper", at__date=timezone.localdate(at)
    )
    rows = HandOverLetter.objects.filter(
        Q(state=LetterState.PLANNED) | Q(Exists(printed), state=LetterState.SENT),
        pupil__in=policy.pupils_for(by, "coordinate", at),
        person__is_active=True,
    )
    rows = rows.select_related("pupil", "person__preferences").order_by("planned_at", "pk")
    return [row for row in rows if quiet.on_paper(row.person)]


def may_be_told(rows: Iterable[HandOverLetter], at: datetime) -> list[HandOverLetter]:
    """Of some letters those whose reader may be told at this instant: 1 query for each pupil, and 3."""
    found = list(rows)
    told = to_tell({row.pupil_id for row in found}, at) if found else {}
    today = timezone.localdate(at)
    return [
        row
        for row in found
        if _why_not(row, HandOver(_day(row.pupil, at), today), told.get(row.pupil_id, {})) is None
    ]


def _day(pupil: Pupil, at: datetime) -> date:
    day = policy.decides_from(pupil, at)
    assert day is not None  # everybody turns 18
    return day


def print_one(letter: HandOverLetter, by: User, at: datetime) -> tuple[str, dict[str, Any]] | None:
    """Write down that a letter was printed, in the caller's transaction: its template and what fills it.

    None where its reader may not be told of it any more. One that was printed before is printed again.
    """
    rows = HandOverLetter.objects.select_for_update(of=("self",), no_key=True)
    now = rows.select_related("pupil", "person__preferences").get(pk=letter.pk)
    if now.state == LetterState.NOT_SENT or (now.state == LetterState.SENT and not may_be_told([now], at)):
        return None
    own = _settle(now, at)
    if own is None:
        return None
    audit.record(SENT, by=by, at=at, pupil=now.pupil, of=now, on="paper", **_detail(now))
    return f"notifications/letter/{'own' if own else 'parent'}_hand_over.txt", _words(now)
