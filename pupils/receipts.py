"""The receipt of a sheet of choices: what was chosen, for whom, until when, in which words, how, and who wrote it down.

As a page, as a PDF and as an e-mail that says only that there is one.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import languages, mail, quiet
from accounts.enums import Format
from accounts.models import User
from accounts.pdf import made
from accounts.words import english

from . import audit, choices, policy, sending
from .enums import Answer, Gave, Ground, Section, To, Voice
from .models import AuditEvent, Choice, ChoiceSheet
from .wording import WORDINGS

TEMPLATE = Path(__file__).with_name("receipt.typ")
#: What the e-mail of a receipt, and that everybody was told of it who is to be, are called among the audit events.
RECEIPT, TOLD = "receipt", "receipt settled"


@dataclass(frozen=True)
class Told:
    """One recipient on a receipt: the answers, each as a sentence."""

    name: str
    lines: list[str]


@dataclass(frozen=True)
class Receipt:
    """A receipt in words. `id` and `number` are those of the sheet, the number as it is for its reader; `words` are the
    sentences that were shown.
    """

    id: str
    number: int
    when: str
    day: str
    title: str
    people: list[Told]
    given: str
    how_words: str
    shown: str
    words: list[str]
    begins: str
    confirms: int | None
    easy: bool


def receipt(sight: policy.Sight, sheet_id: UUID) -> Receipt:
    """The receipt of a sheet that this person may read. Raises Http404 for any other, whether it is there or not."""
    found = choices.sheets_shown(sight).select_related(
        "given_by", "recorded_by", "confirms", "capacity__decider"
    )
    sheet = found.prefetch_related("choices__person", "choices__invitation").filter(pk=sheet_id).first()
    if sheet is None:
        raise Http404
    return of_sheet(sight, sheet, policy.decides_from(sight.pupil, sight.at))


def of_sheet(sight: policy.Sight, sheet: Any, begins: date | None) -> Receipt:
    """A sheet in words, of those shown to its reader (`choices.sheets_shown`), where the young person decides from a
    day; no query if its people and choices were read.
    """
    words = WORDINGS.get(sheet.wording)
    people: dict[Any, list[Choice]] = {}
    order = list(Section)
    for row in sorted(sheet.choices.all(), key=lambda c: order.index(Section(c.section))):
        people.setdefault(row.person or row.invitation, []).append(row)
    own = sight.may("choose")
    local = timezone.localtime(sheet.at)
    return Receipt(
        id=str(sheet.pk),
        number=sheet.counted,
        when=date_format(local, "j E Y, H:i"),
        day=date_format(local, "j E Y"),
        title=_("What you chose") if own and _theirs(sheet, sight) else _("What was chosen"),
        people=[Told(_name(rows[0], own), [_line(row) for row in rows]) for rows in people.values()],
        given=_given(sheet, sight),
        how_words=sheet.how_words,
        shown=_shown(sheet),
        words=_said(sheet, sight) if words else [],
        begins=_begins(sheet, begins),
        confirms=sheet.confirms_counted,
        easy=bool(words and words.easy),
    )


def _theirs(sheet: ChoiceSheet, sight: policy.Sight) -> bool:
    return sheet.given_by_id == sight.person.pk


def _name(row: Choice, own: bool) -> str:
    if row.kind == To.TEACHERS:
        return _("Everybody who teaches me") if own else _("Everybody who teaches them")
    if row.invitation is not None:
        return str(row.invitation.name or row.invitation.email)
    return str(row.person.name) if row.person else ""


def _line(row: Choice) -> str:
    said: dict[str, Any] = {"section": Section(row.section).label}
    if row.answer == Answer.NO:
        answer = _("%(section)s: no") % said
    elif row.answer == Answer.ASK:
        answer = _("%(section)s: ask me each time") % said
    elif row.ends_at:
        said["last_day"] = date_format(choices.last_day(row.ends_at), "j E Y")
        answer = _("%(section)s: yes, until %(last_day)s") % said
    else:
        answer = _("%(section)s: yes") % said
    return ". ".join([answer, *([_("For: %(purpose)s") % {"purpose": row.purpose}] if row.purpose else [])])


def _given(sheet: ChoiceSheet, sight: policy.Sight) -> str:
    """Who chose, and how: each a sentence of its own, which another language puts together in its own way."""
    you = _theirs(sheet, sight)
    names = {
        "giver": sheet.given_by.called if sheet.given_by else sight.pupil.called,
        "pupil": sight.pupil.called,
        "recorded_by": sheet.recorded_by.called,
    }
    if sheet.how == Gave.PASSED_ON:
        return _(
            "This was chosen for somebody who was invited. They said yes to the invitation, so it holds for them."
        )
    return (_you_gave(sheet) if you else _they_gave(sheet)) % names


def _you_gave(sheet: ChoiceSheet) -> str:
    if sheet.how == Gave.THEMSELVES and sheet.capacity_id:
        return _("You chose this for %(pupil)s here, on the screen.")
    return {
        Gave.THEMSELVES: _("You chose this here, on the screen."),
        Gave.SPOKEN: _("You said it. %(recorded_by)s wrote it down."),
        Gave.SIGNED: _("You signed it. %(recorded_by)s wrote it down."),
        Gave.SYMBOLS: _("You showed it with symbols or pictures. %(recorded_by)s wrote it down."),
        Gave.SUPPORTED: _("You said it with somebody who helps you. %(recorded_by)s wrote it down."),
    }[Gave(sheet.how)]


def _they_gave(sheet: ChoiceSheet) -> str:
    if sheet.how == Gave.THEMSELVES and sheet.capacity_id:
        return _("%(giver)s chose this for %(pupil)s here, on the screen.")
    return {
        Gave.THEMSELVES: _("%(giver)s chose this here, on the screen."),
        Gave.SPOKEN: _("%(giver)s said it. %(recorded_by)s wrote it down."),
        Gave.SIGNED: _("%(giver)s signed it. %(recorded_by)s wrote it down."),
        Gave.SYMBOLS: _("%(giver)s showed it with symbols or pictures. %(recorded_by)s wrote it down."),
        Gave.SUPPORTED: _("%(giver)s said it with somebody who helps them. %(recorded_by)s wrote it down."),
    }[Gave(sheet.how)]


def _shown(sheet: ChoiceSheet) -> str:
    """The version of the words, and each way in which they were shown."""
    words = WORDINGS.get(sheet.wording)
    told = [_("Words “%(wording)s”") % {"wording": sheet.wording}]
    if words and words.easy and sheet.format != Format.EASY_READ:
        told.append(_("easy read"))
    how = {
        Format.STANDARD: _("as plain text"),
        Format.EASY_READ: _("easy read"),
        Format.AUDIO: _("read aloud"),
    }
    return ", ".join([*told, how.get(Format(sheet.format)) or sheet.get_format_display().lower()])


def _said(sheet: ChoiceSheet, sight: policy.Sight) -> list[str]:
    """The words as they were shown, which was in English: nobody chose by a translation of them."""
    words = WORDINGS[sheet.wording]
    parts = [f"{english(section.label)}: {told}" for section, told in words.parts.items()]
    answers = [f"{english(answer.label)}: {told}" for answer, told in words.answers.items()]
    every = [*words.lead, *parts, *answers, words.change, words.seen]
    return [one.format(name=sight.pupil.called, who="they") for one in every]


def _begins(sheet: ChoiceSheet, begins: date | None) -> str:
    """The day from which a rehearsed choice counts, where it was made before that day."""
    if sheet.voice == Voice.YOUNG_PERSON and begins and begins > timezone.localdate(sheet.at):
        return str(date_format(begins, "j E Y"))
    return ""


def pdf(told: Receipt) -> bytes:
    """A receipt as a tagged PDF (PDF/UA-1), with its title and the language in which words are put now."""
    return made(TEMPLATE, "receipt", {**asdict(told), "said": _paper(told)})


def _paper(told: Receipt) -> dict[str, str]:
    """What the paper says around what was chosen."""
    return {
        "language": languages.tag().split("-")[0],
        "page": _("Page {page} of {pages}"),
        "when": _("%(when)s. Receipt number %(number)s.") % {"when": told.when, "number": told.number},
        "begins": _("This counts from %(day)s.") % {"day": told.begins},
        "how": _("How it was chosen"),
        "how_words": _("Who was there, and how it was explained: %(how_words)s")
        % {"how_words": told.how_words},
        "confirms": _("This says yes to what was written down in receipt number %(number)s.")
        % {"number": told.confirms},
        "change": _("You can change your mind on any day. What a person has seen, they know."),
        "shown": _("The words that were shown"),
        "not_checked": languages.not_checked(),
    }


def left(at: datetime) -> list[UUID]:
    """The sheets of which not everybody was told whom it concerns, the oldest first."""
    told = AuditEvent.objects.filter(verb=TOLD, object_id=OuterRef("pk"))
    found = ChoiceSheet.objects.filter(~Exists(told), sending.due(at, "at")).order_by("at")
    return list(found.values_list("pk", flat=True)[: sending.AT_A_TIME])


def send(sheet_id: UUID, at: datetime, *, late: bool = False) -> int:
    """Tell those whose choice it was by e-mail that there is a receipt; how many were told now.

    Asked again at this moment: whether they may still read it. Each is told once, however often this runs; one that is
    `late` waits while somebody is left in peace. The e-mail says that a choice was made, and nothing else. Raises
    OSError where the mail server took it not, once everybody was tried.
    """
    sheet = ChoiceSheet.objects.select_related("pupil").filter(pk=sheet_id).first()
    if sheet is None:
        return 0
    told, failed, waits = 0, None, False
    for person in _readers(sheet, at):
        if late and quiet.now(person, at):
            waits = True
            continue
        try:
            told += _send_to(person, sheet, at)
        except OSError as error:
            failed = error
    if failed is not None:
        raise failed
    if not waits:
        _settle(sheet, at)
    return told


@transaction.atomic
def _settle(sheet: ChoiceSheet, at: datetime) -> None:
    ChoiceSheet.objects.select_for_update(no_key=True).get(pk=sheet.pk)
    if not AuditEvent.objects.filter(verb=TOLD, object_id=sheet.pk).exists():
        audit.record(TOLD, by=None, at=at, pupil=sheet.pupil, of=sheet)


def _readers(sheet: ChoiceSheet, at: datetime) -> list[User]:
    """The young person, where it is their choice, and whoever gave it."""
    own = policy.near(sheet.pupil, {Ground.OWN.value}, at) if sheet.voice == Voice.YOUNG_PERSON else []
    people = {person.pk: person for person, __ in own}
    if sheet.given_by is not None:
        people.setdefault(sheet.given_by.pk, sheet.given_by)
    found = (
        User.objects.filter(pk__in=people, is_active=True)
        .select_related("preferences")
        .order_by("name", "pk")
    )
    return [person for person in found if quiet.wants_mail(person)]


def _send_to(person: User, sheet: ChoiceSheet, at: datetime) -> bool:
    sight = policy.why(person, sheet.pupil, at)
    if not choices.sheets_shown(sight).filter(pk=sheet.pk).exists():
        return False
    return sending.once(sheet, person, lambda: _mail(person, sheet), what=RECEIPT, at=at)


def _mail(person: User, sheet: ChoiceSheet) -> None:
    path = reverse("choice_sheet", args=[sheet.pupil_id, sheet.pk])
    with languages.writing_to(person):
        mail.send_words(
            person,
            _("A choice was saved on Alongside"),
            "pupils/email/receipt.txt",
            path=path,
            key=uuid5(sheet.pk, str(person.pk)),
        )
