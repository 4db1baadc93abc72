"""Letters for people who want paper, or never sign in, and to whom no letter is sent: a SENCO prints them and hands them on.

A letter says what an e-mail says: what kind of thing waits, and never what it is, with no child's name; of a review to
which they are asked, when and where it is, with a slip to send back; and, before a young person decides, that something
changes. What it says is computed when it is made, and asked of the policy for its reader then; that it was printed, and
by whom, is written down for each thing in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import languages, quiet
from accounts.enums import Channel
from accounts.models import User
from accounts.pdf import made
from apdr.enums import Perspective
from pupils import policy
from reviews.enums_invitations import Coming, Part
from reviews.models import ReviewInvitation

from . import channels, events_wanted, letters, reminders, wanted, wanted_surveys
from .enums import OF_EVENTS, Kind, LetterState
from .models import HandOverLetter, Message, Reminder
from .wanted import Key

TEMPLATE = Path(__file__).with_name("letter.typ")
ACTION = "coordinate"


#: What a child or young person ticks on a slip: what they say before it is said with somebody, and not on this paper.
ON_A_SLIP = [part for part in Part if part not in (Part.WORDS, Part.SYMBOLS)]
#: Stand in a message in the place of an address, and of what became of it.
BY_HAND, PRINTED = "handed over", "printed"


@dataclass(frozen=True)
class Waiting:
    """Somebody for whom a letter is to be printed, or was today: about which children of this SENCO's."""

    person: User
    pupils: list[str]
    printed: bool

    @property
    def rung(self) -> bool:
        """Whether they would rather be rung than written to."""
        return quiet.rung(self.person)


def waiting(by: User, at: datetime) -> list[Waiting]:
    """Everybody for whom a letter about this SENCO's pupils is to be printed or was today, by name: 9 queries, and some
    for each pupil who decides soon.
    """
    found = [row for row in _rows(by, at) if channels.by_hand(row.person)]
    now = _wanted(found, at)
    still: list[Reminder | HandOverLetter] = [row for row in found if reminders.key_of(row) in now]
    still += letters.may_be_told(letters.to_print(by, at), at)
    of: dict[UUID, list[Reminder | HandOverLetter]] = {}
    for row in still:
        of.setdefault(row.person_id, []).append(row)
    told = [
        Waiting(
            rows[0].person,
            sorted({row.pupil.called for row in rows if row.pupil}),
            all(row.state == LetterState.SENT for row in rows),
        )
        for rows in of.values()
    ]
    return sorted(told, key=lambda one: (one.printed, one.person.name, one.person.pk))


def _rows(by: User, at: datetime) -> QuerySet[Reminder]:
    """What waits and is in no message, and what was printed today: a sheet that jams is printed again.

    Nothing of what waits for safeguarding: that would tell of a disclosure.
    """
    loose = Q(state=LetterState.PLANNED, message=None)
    today = Q(
        state=LetterState.SENT,
        message__receipt=PRINTED,
        message__settled_at__date=timezone.localdate(at),
    )
    held = policy.pupils_for(by, ACTION, at)
    kept = policy.settings_coordinated(by, at).order_by().values("pk")
    about = Q(pupil__in=held) | Q(setting__in=kept)
    rows = Reminder.objects.filter(loose | today, about, person__is_active=True)
    rows = rows.exclude(kind=Kind.LOOK_AGAIN).select_related("person__preferences", "pupil", "setting")
    return rows.order_by("planned_at", "pk")


def _wanted(rows: list[Reminder], at: datetime) -> set[Key]:
    """What is wanted of everybody about the pupils of these rows, and of what else they tell, at this instant."""
    pupils = {row.pupil_id for row in rows if row.pupil_id is not None}
    surveys = {row.subject for row in rows if row.kind == Kind.SURVEY}
    found = (
        {one.key for some in wanted.wanted(wanted.facts(at, pupils), at) for one in some} if pupils else set()
    )
    people = {row.person_id for row in rows if row.kind in OF_EVENTS}
    if people:
        found |= {one.key for one in events_wanted.wanted(at, people)}
    if surveys:
        found |= {one.key for one in wanted_surveys.wanted(wanted_surveys.facts(at, surveys), at)}
    return found


@transaction.atomic
def print_letter(*, person_id: UUID, by: User, at: datetime) -> bytes:
    """Make somebody's letter of all that waits about this SENCO's pupils, and write down that it was printed: a PDF.

    On the same day it may be made again. Raises Http404 where nothing waits for them any more: it is done, was printed
    before, or is open to them no longer.
    """
    list(
        User.objects.select_for_update(no_key=True).filter(pk=person_id)
    )  # of two who print at once, one does first
    rows = [row for row in _rows(by, at).filter(person=person_id) if channels.by_hand(row.person)]
    before = [row for row in letters.to_print(by, at) if row.person_id == person_id]
    if not rows and not before:
        raise Http404
    person = rows[0].person if rows else before[0].person
    found, why = reminders.still_wanted(person, rows, at) if rows else ([], {})
    with languages.writing_to(person):
        texts = [
            render_to_string(*text).strip()
            for row in before
            if (text := letters.print_one(row, by, at)) is not None
        ]
    if not found and not texts:
        raise Http404
    told = [row for row in rows if row.pk not in why]
    new = [row.pk for row in told if row.state == LetterState.PLANNED]
    if new:
        message = Message.objects.create(
            person=person, state=LetterState.SENT, channel=Channel.LETTER, receipt=PRINTED,
            address=quiet.postal(person) or BY_HAND, made_at=at, next_at=at, settled_at=at,
        )  # fmt: skip
        Reminder.objects.filter(pk__in=new).update(state=LetterState.SENT, message=message)
    for row in told:
        reminders.write_down(reminders.SENT, row, by, at, on="paper")
    asked = [one.fact.subject for one in reminders.invited(found)]
    with languages.writing_to(person):
        meetings = _meetings(asked, person)
        return pdf(person, by, reminders.lines(found), at, meetings=meetings, texts=texts)


def _meetings(invitation_ids: list[UUID], person: User) -> list[dict[str, Any]]:
    """When and where the reviews are to which somebody is asked, and what they can answer: as the links in their e-mail,
    or for a child the cards of their page, would say: 1 query.
    """
    rows = ReviewInvitation.objects.filter(pk__in=invitation_ids, person=person).select_related("review")
    return [
        {
            "when": ngettext(
                "%(day)s at %(time)s, %(minutes)s minute",
                "%(day)s at %(time)s, %(minutes)s minutes",
                row.review.minutes,
            )
            % {
                "day": date_format(timezone.localtime(row.review.starts_at), "l j E Y"),
                "time": date_format(timezone.localtime(row.review.starts_at), "H:i"),
                "minutes": row.review.minutes,
            },
            "where": row.review.where,
            "answers": [
                str(answer.label)
                for answer in (ON_A_SLIP if row.perspective == Perspective.CHILD else Coming)
            ],
        }
        for row in rows.order_by("review__starts_at", "pk")
    ]


def pdf(
    person: User,
    by: User,
    lines: list[tuple[str, int]],
    at: datetime,
    *,
    meetings: Sequence[dict[str, Any]] = (),
    texts: Sequence[str] = (),
) -> bytes:
    """A letter as a tagged PDF (PDF/UA-1), with its title and the language in which words are put now, in large print for
    whoever wants that.

    `meetings` are those to which they are asked, and `texts` whole letters of their own.
    """
    places = policy.settings_coordinated(by, at).order_by("name").values_list("name", flat=True)
    told = {
        "title": _("Something waits for you") if lines else _("Something will soon change"),
        "address": quiet.postal(person).splitlines() or [person.name],
        "day": date_format(timezone.localdate(at), "j E Y"),
        "lines": [f"{words}. {_how_many(number)}".rstrip() for words, number in lines],
        "link": str(settings.PUBLIC_URL) + reverse("home"),
        "by": by.name,
        "places": list(places),
        "language": languages.tag().split("-")[0],
        "waits": _("This waits for you on Alongside:") if person.signs_in else _("This waits for you:"),
        "sign_in": _("Do you have a phone or a computer? Sign in here:"),
        "or_come": (
            _(
                "If not, ring us or come in, and ask for %(person)s. You can say what you think, and we write it down with you."
            )
            if person.signs_in
            else _(
                "You do not have to sign in to anything. Ring us or come in, and ask for %(person)s. We tell you more and print it for you. You can say what you think, and we write it down with you."
            )
        )
        % {"person": by.name},
        "done": _("If it is done by now, you need do nothing."),
        "not_checked": languages.not_checked(),
        "large": quiet.large(person),
        "name": person.name,
        "signs_in": person.signs_in,
        "meetings": list(meetings),
        "will_you": _("Will you come?"),
        "tick": _("Tick one, and send this page back. Or ring us and say it."),
        "or_say": _("Times that suit you better, or what we should know:"),
        "texts": [text.split("\n\n") for text in texts],
    }
    return made(TEMPLATE, "letter", told)


def _how_many(number: int) -> str:
    if number == 1:
        return ""
    return ngettext("(%(number)s of these)", "(%(number)s of these)", number) % {"number": number}
