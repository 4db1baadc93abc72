"""Sharing choices: made by the young person, by whoever decides for them, or before hand-over by the family.

A choice is never changed or deleted. To change one's mind, to stop and to confirm are further sheets; which row counts
at an instant is the rule's (`pupils.policy`). What may be chosen by whom is `speaking`'s.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from celery import current_app
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, Count, Exists, F, Max, OuterRef, QuerySet, Subquery, When
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import invitations as ways_in
from accounts.enums import Format, InvitationKind
from accounts.models import Invitation, User

from . import audit, policy
from .enums import Answer, Gave, Ground, Section, To, Voice
from .errors import OUT_OF_DATE, NotNow, Stale
from .models import Capacity, Choice, ChoiceSheet, InvitedTo, Pupil, SharingRequest

#: Choices can be rehearsed this long before the day on which the young person begins to decide.
REHEARSE = timedelta(days=366)

#: The furthest end that can be chosen.
FURTHEST = timedelta(days=10 * 366)

#: The task that sends a receipt, by its name: what services ask for, they do not import.
RECEIPT = "pupils.tasks.send_receipt"


@dataclass(frozen=True)
class Wanted:
    """One answer: to whom (a person, an invitation or, with neither, all teachers), about which section, until when."""

    section: Section
    answer: Answer
    person: User | None = None
    invitation: Invitation | None = None
    ends_at: datetime | None = None
    purpose: str = ""

    @property
    def kind(self) -> To:
        if self.person is not None:
            return To.PERSON
        return To.INVITED if self.invitation is not None else To.TEACHERS


@dataclass(frozen=True)
class Speaking:
    """As whom somebody makes choices about a pupil.

    `sections`: what they may open. `closes`: what they may only close. `capacity`: the newest of the records that they
    decide under (`record_for` says which of them a section is decided under). `on_behalf`: a SENCO writes down what
    somebody else said. `begins`: for the young person's own choices, the day from which they count. `records`: the
    capacity records that hold now.
    """

    voice: Voice
    sections: frozenset[Section]
    closes: frozenset[Section] = frozenset()
    capacity: Capacity | None = None
    on_behalf: bool = False
    begins: date | None = None
    records: tuple[Capacity, ...] = ()

    def record_for(self, section: Section) -> Capacity | None:
        """The record under which this person decides about a section; None for whoever decides under none."""
        theirs = [r for r in self.records if self.capacity and r.decider_id == self.capacity.decider_id]
        return next((record for record in theirs if section in record.sections), None)


def capacity_holding(at: datetime) -> QuerySet[Capacity]:
    """Capacity records that hold at an instant: the same condition as the rule's."""
    return Capacity.objects.filter(starts_at__lte=at, review_on__gt=timezone.localdate(at)).exclude(
        ended_at__lte=at
    )


def capacity_in_force(pupil: Pupil, at: datetime) -> QuerySet[Capacity]:
    """Those about one pupil."""
    return capacity_holding(at).filter(pupil=pupil)


def voice_that_counts(pupil: Pupil, at: datetime) -> Voice:
    """Whose choices about visiting professionals count at an instant; about everybody else the young person's alone."""
    return Voice.YOUNG_PERSON if policy.decides(pupil, at) else Voice.PARENTS


def speaking(sight: policy.Sight, voice: Voice | None = None) -> Speaking | None:
    """As whom this person makes choices about this pupil now, with one voice where it is given; None where they make none.

    The young person decides, and rehearses within a year before they do. Sections of a decision that somebody else
    makes under a capacity record they may close and not open. Before hand-over the family agrees to sharing with
    visiting professionals. A SENCO writes down what was said by either.
    """
    pupil, at = sight.pupil, sight.at
    records = tuple(capacity_in_force(pupil, at).select_related("decider"))
    everything = frozenset(Section)
    decided = frozenset(Section(s) for record in records for s in record.sections)

    def young_person(begins: date, on_behalf: bool = False) -> Speaking | None:
        if begins > timezone.localdate(at + REHEARSE):
            return None
        return Speaking(
            Voice.YOUNG_PERSON, everything - decided, decided, None, on_behalf, begins=begins, records=records
        )

    if sight.may("choose"):
        return young_person(policy.day_of(sight)) if voice is not Voice.PARENTS else None
    theirs = [record for record in records if record.decider_id == sight.person.pk]
    if theirs and sight.near and voice is not Voice.PARENTS:
        return Speaking(
            Voice.YOUNG_PERSON,
            frozenset(Section(s) for record in theirs for s in record.sections),
            capacity=theirs[0],
            begins=policy.day_of(sight),
            records=records,
        )
    if sight.may("agree_to_share") and voice is not Voice.YOUNG_PERSON:
        return Speaking(Voice.PARENTS, everything, records=records)
    if sight.may("record_choice"):
        begins = policy.day_of(sight)
        decides = begins <= timezone.localdate(at)
        if voice is Voice.YOUNG_PERSON or (voice is None and decides):
            return young_person(begins, on_behalf=True)
        return None if decides else Speaking(Voice.PARENTS, everything, on_behalf=True, records=records)
    return None


def sheets_shown(sight: policy.Sight) -> QuerySet[ChoiceSheet]:
    """The sheets that this person may read: the young person and their SENCO all, anybody else what they gave.

    `counted` is the number that a sheet has for its reader, and `confirms_counted` that of the sheet it says yes to: for
    whoever does not read all, among their own, so that no number says how many others there are.
    """
    every = sight.pupil.choice_sheets.all()
    if not sight.near:
        return every.none()
    if reads_all(sight):
        return every.annotate(counted=F("number"), confirms_counted=F("confirms__number"))
    theirs = ChoiceSheet.objects.filter(pupil=sight.pupil, given_by=sight.person.pk).order_by()

    def counted(until: str) -> Case:
        upto = (
            theirs.filter(number__lte=OuterRef(until)).values("given_by").annotate(n=Count("pk")).values("n")
        )
        return Case(When(**{f"{until}__isnull": False}, then=Subquery(upto)))

    return every.filter(given_by=sight.person.pk).annotate(
        counted=counted("number"), confirms_counted=counted("confirms__number")
    )


def reads_all(sight: policy.Sight) -> bool:
    return sight.may("choose") or sight.may("record_choice")


def end_of(day: date) -> datetime:
    """The instant at which a last day is over, in London."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def last_day(ends_at: datetime) -> date:
    """The last day on which something can be seen that ends at an instant."""
    return timezone.localdate(ends_at - timedelta(microseconds=1))


@transaction.atomic
def choose(
    *,
    pupil: Pupil,
    wanted: Iterable[Wanted],
    by: User,
    at: datetime,
    key: UUID,
    wording: str,
    how: Gave = Gave.THEMSELVES,
    how_words: str = "",
    given_by: User | None = None,
    format: Format | str = Format.STANDARD,  # noqa: A002
    language: str = "en-GB",
    confirms: ChoiceSheet | None = None,
    voice: Voice | None = None,
    after: int | None = None,
) -> ChoiceSheet:
    """Make choices, as one sheet with `key` as its id; the same form sent twice is one sheet, and with other answers
    it is another, with an id made out of them.

    Takes effect with the next request, or on the day on which the young person begins to decide. `given_by` is who
    said it, and `voice` as whom, where a SENCO writes it down. `after` is the number of the last sheet that the form
    was built on. Raises Http404 outside the circle, NotThisSection where this person makes no choices, Stale with the
    rows chosen since about the same recipients and sections, NotNow and ValidationError in words.
    """
    sight = policy.why(by, pupil, at)
    policy.require(by, None, pupil, at)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    rows = list(wanted)
    said = sorted(_said(row) for row in rows)
    while before := ChoiceSheet.objects.filter(pk=key).first():
        if before.recorded_by_id != by.pk or before.pupil_id != pupil.pk:
            raise ValidationError(OUT_OF_DATE)
        same = sorted(_said(choice) for choice in before.choices.all()) == said
        if same and (before.how, before.how_words) == (how, how_words.strip()):
            return before
        key = uuid5(key, repr([said, str(how), how_words.strip()]))
    speaks = speaking(sight, voice)
    if speaks is None:
        raise policy.NotThisSection(pupil)
    if speaks.on_behalf == (how is Gave.THEMSELVES) or how is Gave.PASSED_ON:
        raise ValidationError({"how": _("Say how this was given.")})
    if not rows:
        raise ValidationError(_("Choose at least one answer."))
    if speaks.on_behalf and given_by is not None:
        _check_giver(given_by, speaks, sight)
    near = {person.pk: kinds for person, kinds in recipients(pupil, at)}
    for row in rows:
        _check(row, speaks, sight, near)
    if after is not None and (since := _since(pupil, speaks.voice, rows, after)):
        raise Stale(since, {})
    if confirms is not None and (confirms.pupil_id != pupil.pk or confirms.voice != speaks.voice):
        raise ValidationError(_("Choose something that was written down for you."))
    sheet = ChoiceSheet(
        pk=key,
        pupil=pupil,
        number=_next_number(pupil),
        voice=speaks.voice,
        given_by=given_by if speaks.on_behalf else by,
        capacity=speaks.record_for(rows[0].section),
        how=how,
        how_words=how_words.strip(),
        wording=wording,
        format=format,
        language=language,
        confirms=confirms,
        recorded_by=by,
        at=at,
    )
    _save(sheet, rows, {row.section: speaks.record_for(row.section) for row in rows})
    audit.record(
        "choices made",
        by=by,
        at=at,
        pupil=pupil,
        of=sheet,
        voice=speaks.voice.value,
        how=how.value,
        answers=sorted({f"{row.section.value}:{row.answer.value}" for row in rows}),
    )
    _answer_requests(sheet, rows)
    _take_back_links(sheet, rows)
    return sheet


def _next_number(pupil: Pupil) -> int:
    """Of the next sheet of a pupil, who is held meanwhile."""
    return (pupil.choice_sheets.aggregate(n=Max("number"))["n"] or 0) + 1


def _said(row: Wanted | Choice) -> tuple[str, ...]:
    """What is chosen, in a form that can be compared, whether it is wanted or kept."""
    whom = row.person or row.invitation
    ends = row.ends_at.timestamp() if row.ends_at and row.answer == Answer.YES else ""
    return (str(row.section), str(row.answer), str(whom.pk if whom else ""), str(ends), row.purpose.strip())


def _answer_requests(sheet: ChoiceSheet, rows: list[Wanted]) -> None:
    """Whoever waits for an answer about what is chosen here has it; "ask me each time" and a rehearsal are none."""
    answers = {(row.person.pk, row.section.value): row.answer for row in rows if row.person is not None}
    waiting = SharingRequest.objects.filter(pupil=sheet.pupil, answered_at=None)
    found = [
        (request, answer)
        for request in waiting.filter(asker__in={person for person, __ in answers})
        if (answer := answers.get((request.asker_id, request.section))) not in (None, Answer.ASK)
    ]
    if not found or sheet.voice != voice_that_counts(sheet.pupil, sheet.at):
        return
    for request, answer in found:
        closed = waiting.filter(pk=request.pk).update(
            answered_at=sheet.at, answered_by=sheet.recorded_by, answer=answer, sheet=sheet
        )
        if closed:
            audit.record(
                "request answered",
                by=sheet.recorded_by,
                at=sheet.at,
                pupil=sheet.pupil,
                section=request.section,
                of=request,
                answer=str(answer),
            )


def _take_back_links(sheet: ChoiceSheet, rows: list[Wanted]) -> None:
    """End the link of somebody who was invited to this pupil alone, has not come, and is refused by now: what was opened
    to them is closed again, or every part is. A rehearsal takes nothing back.

    Whoever accepts at this very moment has the invitation held and waits for this transaction: what is passed on to
    them is the no.
    """
    pupil, at = sheet.pupil, sheet.at
    refused = {row.invitation.pk for row in rows if row.invitation is not None and row.answer is Answer.NO}
    if not refused or sheet.voice != voice_that_counts(pupil, at):
        return
    said: dict[Any, list[Choice]] = {pk: [] for pk in refused}
    for choice in pupil.choices.filter(voice=sheet.voice, invitation__in=refused).order_by("number"):
        said[choice.invitation_id].append(choice)
    for invitation in (
        invited(pupil, at).filter(pk__in=refused).select_for_update(of=("self",), skip_locked=True)
    ):
        latest = {choice.section: choice for choice in said[invitation.pk]}
        opened = any(choice.answer == Answer.YES for choice in said[invitation.pk])
        waits = any(lasts(choice, at) or choice.answer == Answer.ASK for choice in latest.values())
        if waits or not (opened or len(latest) == len(Section)) or invitation.pupils.count() != 1:
            continue
        ways_in.withdraw(invitation=invitation, at=at)
        audit.record("invitation withdrawn", by=sheet.recorded_by, at=at, pupil=pupil, of=invitation)


def lasts(choice: Choice, at: datetime) -> bool:
    """Whether a choice opens something still, at an instant after it was made."""
    return choice.answer == Answer.YES and (choice.ends_at is None or choice.ends_at > at)


def opening(
    person: User, section: Section, kinds: set[str], latest: dict[tuple[Any, str], Choice], at: datetime
) -> Choice | None:
    """The choice, of those in force, that opens a section to somebody: by name or, to whoever teaches, to all of them.

    The same as the rule says, besides whether a capacity record still holds.
    """
    named = latest.get((person.pk, section.value))
    to_all = latest.get((None, section.value)) if Ground.TEACHES.value in kinds else None
    if named is None:
        return to_all if to_all is not None and lasts(to_all, at) else None
    closed = to_all is not None and to_all.answer != Answer.YES and to_all.number > named.number
    return named if lasts(named, at) and not closed else None


def _save(sheet: ChoiceSheet, rows: list[Wanted], under: dict[Section, Capacity | None]) -> None:
    sheet.full_clean(exclude=["confirms"])
    sheet.save(force_insert=True)
    made = [
        Choice(
            sheet=sheet,
            pupil=sheet.pupil,
            voice=sheet.voice,
            number=sheet.number,
            capacity=under[row.section],
            kind=row.kind,
            person=row.person,
            invitation=row.invitation,
            section=row.section,
            answer=row.answer,
            purpose=row.purpose.strip(),
            starts_at=sheet.at,
            ends_at=row.ends_at if row.answer is Answer.YES else None,
        )
        for row in rows
    ]
    for choice in made:
        choice.full_clean()
    Choice.objects.bulk_create(made)

    def send() -> None:
        current_app.send_task(RECEIPT, [str(sheet.pk)])

    transaction.on_commit(send, robust=True)


def _check_giver(person: User, speaks: Speaking, sight: policy.Sight) -> None:
    ground = Ground.OWN if speaks.voice is Voice.YOUNG_PERSON else Ground.PARENT
    theirs = policy.near(sight.pupil, {ground.value}, sight.at)
    if person.pk not in {one.pk for one, __ in theirs}:
        raise ValidationError({"given_by": _("Choose who said this.")})


def _since(pupil: Pupil, voice: Voice, rows: list[Wanted], after: int) -> list[Choice]:
    """The latest of what was chosen after a sheet about the same recipients and sections, for each of them."""
    wanted = {(row.person.pk if row.person else None, _pk(row.invitation), row.section.value) for row in rows}
    made = pupil.choices.filter(voice=voice, number__gt=after).select_related("sheet__recorded_by")
    latest = {(c.person_id, c.invitation_id, c.section): c for c in made.order_by("number")}
    return [choice for about, choice in latest.items() if about in wanted]


def _pk(invitation: Invitation | None) -> UUID | None:
    return invitation.pk if invitation is not None else None


def _check(row: Wanted, speaks: Speaking, sight: policy.Sight, near: dict[UUID, set[str]]) -> None:
    closing = row.answer is not Answer.YES
    if row.section not in speaks.sections and not (closing and row.section in speaks.closes):
        raise NotNow(
            _("Somebody else decides about “%(section)s” for now. It says who on the page.")
            % {"section": row.section.label}
        )
    if row.ends_at is not None and row.ends_at <= sight.at:
        raise ValidationError({"until": _("Choose a day that is still to come.")})
    if row.ends_at is not None and row.ends_at > sight.at + FURTHEST:
        raise ValidationError({"until": _("Choose a day in the next ten years.")})
    if closing and _chosen_about(row, speaks, sight.pupil):
        return  # whoever was once let in can be shut out, wherever they are now
    match row.kind:
        case To.PERSON:
            assert row.person is not None
            kinds = near.get(row.person.pk, set())
            if not kinds:
                raise ValidationError({"person": _("Choose somebody who is near this pupil.")})
            professional = "professional" in kinds
        case To.INVITED:
            if not invited(sight.pupil, sight.at).filter(pk=row.invitation.pk).exists():  # type: ignore[union-attr]
                raise ValidationError({"person": _("This invitation has ended. Invite them again.")})
            kinds, professional = set(), True
        case _:
            kinds, professional = {Ground.TEACHES.value}, False
    if speaks.voice is Voice.PARENTS and not professional:
        raise ValidationError(
            {"person": _("Before hand-over, only sharing with a professional is chosen here.")}
        )
    if row.answer is Answer.YES and kinds <= {"professional"} and row.ends_at is None:
        raise ValidationError({"until": _("Say until when. It ends by itself on that day.")})


def _chosen_about(row: Wanted, speaks: Speaking, pupil: Pupil) -> bool:
    about = {"person": row.person, "invitation": row.invitation, "kind": row.kind, "voice": speaks.voice}
    return pupil.choices.filter(section=row.section, **about).exists()


#: The grounds of the circle on which a choice can name somebody.
NAMED = {Ground.PARENT.value, Ground.TEACHES.value, "professional"}


def recipients(pupil: Pupil, at: datetime) -> list[tuple[User, set[str]]]:
    """Those near a pupil whom a choice can name, by name, each with what they are: parent, teaches, professional."""
    return policy.near(pupil, NAMED, at)


def invited(pupil: Pupil, at: datetime) -> QuerySet[Invitation]:
    """Professionals who were invited to this pupil and have not accepted yet."""
    leads = InvitedTo.objects.filter(invitation=OuterRef("pk"), pupil=pupil)
    return ways_in.open_invitations(at).filter(Exists(leads), kind=InvitationKind.PROFESSIONAL)


@transaction.atomic
def pass_on(*, invitation: Invitation, person: User, pupil: Pupil, at: datetime) -> None:
    """What was chosen for somebody who was invited holds for the person who accepts, from now on: a sheet for each voice.

    The latest answer about each section alone, with the end that it has; what was withdrawn meanwhile stays no.
    """
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    for voice in Voice:
        latest: dict[str, Choice] = {}
        for row in pupil.choices.filter(invitation=invitation, voice=voice).order_by("number"):
            latest[row.section] = row
        rows = [
            Wanted(Section(c.section), Answer(c.answer), person=person, ends_at=c.ends_at, purpose=c.purpose)
            for c in latest.values()
            if c.ends_at is None or c.ends_at > at
        ]
        if not rows:
            continue
        last = max(latest.values(), key=lambda c: c.number).sheet
        made = ChoiceSheet(
            pupil=pupil,
            number=_next_number(pupil),
            voice=voice,
            given_by=last.given_by,
            capacity=last.capacity,
            how=Gave.PASSED_ON,
            wording=last.wording,
            format=last.format,
            language=last.language,
            recorded_by=person,
            at=at,
        )
        _save(made, rows, {Section(c.section): c.capacity for c in latest.values()})
        audit.record("choices passed on", by=person, at=at, pupil=pupil, of=made, voice=voice.value)


def in_force(pupil: Pupil, voice: Voice, at: datetime) -> dict[tuple[Any, str], Choice]:
    """The latest choice that has begun for each recipient and section: (person or invitation id, or None for all
    teachers; section) → choice. It may have ended, or be a no: whether it opens anything is the rule's.
    """
    latest: dict[tuple[Any, str], Choice] = {}
    rows = pupil.choices.filter(voice=voice, starts_at__lte=at).select_related(
        "sheet__recorded_by", "person", "invitation"
    )
    for row in rows.order_by("number"):
        latest[row.person_id or row.invitation_id, row.section] = row
    return latest
