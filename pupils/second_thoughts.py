"""To stop sharing, and to stand by what was written down for somebody: each is a further sheet of choices."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Value
from django.utils.translation import gettext as _

from accounts.enums import Format
from accounts.models import Invitation, User

from . import capacity, choices, policy
from .choices import Speaking, Wanted, lasts
from .enums import Answer, Gave, Ground, Section, Voice
from .errors import NotNow
from .models import AuditEvent, Capacity, Choice, ChoiceSheet, Pupil


@dataclass(frozen=True)
class Whom:
    """A recipient of choices: a person, an invitation or, with neither, everybody who teaches them."""

    person: User | None = None
    invitation: Invitation | None = None


@transaction.atomic
def stop(
    *,
    pupil: Pupil,
    by: User,
    at: datetime,
    wording: str,
    whom: Whom | None = None,
    section: Section | None = None,
    format: Format | str = Format.STANDARD,  # noqa: A002
) -> ChoiceSheet | None:
    """Say no to whatever was said yes to: of one recipient or of all, in one section or in all.

    What is open is looked up now, under a lock, so that it does not matter what a page showed; where nothing is, nothing
    is written. Raises Http404, NotThisSection, and ValidationError for a SENCO, who writes down how it was said.
    """
    sight = policy.require(by, None, pupil, at)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    speaks = choices.speaking(sight)
    if speaks is None:
        raise policy.NotThisSection(pupil)
    if speaks.on_behalf:
        raise ValidationError(_("Write down how this was said."))
    may = {section} if section is not None else set(Section)
    rows = [
        row
        for row in _open(pupil, speaks.voice, whom, at)
        if row.section in may & (speaks.sections | speaks.closes)
    ]
    if not rows:
        return None
    return choices.choose(
        pupil=pupil,
        wanted=rows,
        by=by,
        at=at,
        key=uuid4(),
        wording=wording,
        format=format,
        voice=speaks.voice,
    )


def _open(pupil: Pupil, voice: Voice, whom: Whom | None, at: datetime) -> list[Wanted]:
    """A no for each yes that lasts, to one recipient or to all.

    All teachers are stopped as a group, which ends what was said to each of them by name; a teacher who sees something
    as one of the group is stopped by name. What was said to somebody who has come since was passed on to the person.
    """
    latest = choices.in_force(pupil, voice, at)
    lasting = [c for c in latest.values() if lasts(c, at) and not (c.invitation and c.invitation.accepted_at)]
    if whom is None:
        return [_no(Section(c.section), Whom(c.person, c.invitation)) for c in lasting]
    teaching = {p.pk for p, kinds in choices.recipients(pupil, at) if Ground.TEACHES.value in kinds}
    if whom == Whom():
        ended = {c.section for c in lasting if c.invitation_id is None and c.person_id in {None, *teaching}}
        return [_no(Section(name), whom) for name in sorted(ended)]
    key = whom.person.pk if whom.person else whom.invitation.pk  # type: ignore[union-attr]
    ended = {c.section for c in lasting if key in (c.person_id, c.invitation_id)}
    if key in teaching:
        to_all = {c.section for c in lasting if c.person_id is None and c.invitation_id is None}
        ended |= {name for name in to_all if (key, name) not in latest}
    return [_no(Section(name), whom) for name in sorted(ended)]


def _no(section: Section, whom: Whom) -> Wanted:
    return Wanted(section, Answer.NO, person=whom.person, invitation=whom.invitation)


@dataclass(frozen=True)
class WrittenDown:
    """A sheet that somebody else wrote down for the young person, and what of it still stands."""

    sheet: ChoiceSheet
    rows: list[Choice]


def to_confirm(
    latest: Iterable[Choice], speaks: Speaking | None, near: Mapping[UUID, Collection[str]], at: datetime
) -> list[WrittenDown]:
    """What was written down for a young person that they have neither confirmed nor changed, oldest first, and of one
    sheet in the order of the sections.

    `latest` are their choices that stand, with their sheets; `near` whom a choice can name, each with what they are. What
    is over, was taken back with a later no to all teachers, or is for somebody else to open now, needs no word of theirs.
    """
    if speaks is None:
        return []
    found: dict[UUID, WrittenDown] = {}
    order = [section.value for section in Section]
    rows = list(latest)
    closed = {
        c.section: c.number
        for c in rows
        if c.person_id is None and c.invitation_id is None and c.answer != Answer.YES
    }
    for row in sorted(rows, key=lambda c: (c.number, order.index(c.section))):
        if row.sheet.how in (Gave.THEMSELVES, Gave.PASSED_ON) or row.sheet.capacity_id is not None:
            continue
        opens = lasts(row, at) and row.section in speaks.sections
        if row.person_id and set(near.get(row.person_id, ())) == {Ground.TEACHES.value}:
            opens = opens and closed.get(row.section, 0) <= row.number
        if row.answer != Answer.YES or (opens and (row.person_id or row.invitation_id) in {None, *near}):
            found.setdefault(row.sheet_id, WrittenDown(row.sheet, [])).rows.append(row)
    return list(found.values())


@dataclass(frozen=True)
class ToLookAt:
    """What a young person has not looked at yet: what was written down for them, and who decides for them now."""

    written: list[ChoiceSheet]
    decided: list[Capacity]


def to_look_at(sight: policy.Sight) -> ToLookAt:
    """For a young person's own pages: 1 query, and some more where something is new. Nothing for anybody else."""
    if not sight.may("choose"):
        return ToLookAt([], [])
    pupil, at = sight.pupil, sight.at
    read = AuditEvent.objects.filter(verb=capacity.READ, by=sight.person.pk, object_id=OuterRef("pk"))
    decided = choices.capacity_in_force(pupil, at).filter(~Exists(read))
    confirmed = ChoiceSheet.objects.filter(confirms=OuterRef("pk"))
    by_others = pupil.choice_sheets.filter(~Exists(confirmed), voice=Voice.YOUNG_PERSON, capacity=None)
    by_others = by_others.exclude(how__in=[Gave.THEMSELVES, Gave.PASSED_ON])
    kinds = {"kind": Value("sheet")}, {"kind": Value("capacity")}
    ids = by_others.order_by().annotate(**kinds[0]).values_list("kind", "pk")
    new = set(ids.union(decided.order_by().annotate(**kinds[1]).values_list("kind", "pk")))
    found = {kind for kind, __ in new}
    return ToLookAt(
        [one.sheet for one in _waiting(sight)] if "sheet" in found else [],
        list(decided.select_related("decider")) if "capacity" in found else [],
    )


def _waiting(sight: policy.Sight) -> list[WrittenDown]:
    """What was written down that somebody has neither confirmed nor changed."""
    pupil, at = sight.pupil, sight.at
    near: dict[UUID, set[str]] = {person.pk: kinds for person, kinds in choices.recipients(pupil, at)}
    near |= {pk: {"professional"} for pk in choices.invited(pupil, at).values_list("pk", flat=True)}
    latest = choices.in_force(pupil, Voice.YOUNG_PERSON, at).values()
    return to_confirm(latest, choices.speaking(sight), near, at)


@transaction.atomic
def confirm(
    *,
    sheet: ChoiceSheet,
    by: User,
    at: datetime,
    wording: str,
    format: Format | str = Format.STANDARD,  # noqa: A002
) -> ChoiceSheet:
    """Stand by what was written down: the same answers again, as the young person's own sheet.

    What they chose since stays; what is over is left out. Raises as `choose`, and NotNow where nothing of it stands.
    """
    pupil = sheet.pupil
    policy.require(by, "choose", pupil, at)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    before = ChoiceSheet.objects.filter(confirms=sheet, recorded_by=by).first()
    if before is not None:
        return before
    standing = next((one for one in _waiting(policy.why(by, pupil, at)) if one.sheet == sheet), None)
    if standing is None:
        raise NotNow(_("This was changed since. Look at the page again."))
    rows = [
        Wanted(Section(c.section), Answer(c.answer), c.person, c.invitation, c.ends_at, c.purpose)
        for c in standing.rows
    ]
    return choices.choose(
        pupil=pupil, wanted=rows, by=by, at=at, key=uuid4(), wording=wording, format=format, confirms=sheet
    )
