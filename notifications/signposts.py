"""A setting's directory of where to find help, offering from it, and what a family says to an offer.

An offer lies in `updates`, as what else goes between the setting and one home: another home does not hear of it, and
from hand-over the family does where the young person opens `updates` to them (docs/decisions/0015).
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Setting, User
from apdr.enums import Perspective
from apdr.services.common import household_of, made_before, require_heard, sent_before
from apdr.services.common import speaks_as as _speaks_as
from pupils import audit, policy
from pupils.enums import Ground, Section
from pupils.models import Household, Pupil
from pupils.services import save_version

from .enums_updates import SaidToSignpost
from .models import Signpost, SignpostAnswer, SignpostOffer
from .services import as_staff

#: Where families find help, to begin with. An address is left out where it is not certain, and nothing was looked at for
#: a setting yet, so that none has a day on which it was checked.
SHIPPED = Path(__file__).parent / "shipped" / "signposts.json"
#: Not looked at for so long, somebody has to look whether it is still true.
STALE_AFTER = timedelta(days=365)


@cache
def shipped() -> list[dict[str, Any]]:
    return list(json.loads(SHIPPED.read_text(encoding="utf-8")))


def stale(settings: QuerySet[Setting], at: datetime) -> QuerySet[Signpost]:
    """Those of some settings that nobody looked at for a year; since they were put in, where nobody ever did."""
    since = Coalesce("checked_on", TruncDate("created_at"))
    rows = Signpost.objects.filter(setting__in=settings, retired_at=None).annotate(since=since)
    return rows.filter(since__lte=timezone.localdate(at) - STALE_AFTER).order_by(F("since"), "name")


def _require(by: User, setting: Setting, at: datetime) -> None:
    if not policy.coordinates(by, setting, at):
        raise PermissionDenied(_("Only a SENCO of this setting can change its signposts."))


def _check(checked_on: date | None, at: datetime) -> None:
    if checked_on is not None and checked_on > timezone.localdate(at):
        raise ValidationError({"checked_on": _("This day is still to come.")})


@transaction.atomic
def add(*, setting: Setting, by: User, at: datetime, key: UUID | None = None, **fields: Any) -> Signpost:
    """One more place to find help; the same form sent twice makes one. Raises ValidationError by field."""
    _require(by, setting, at)
    before = made_before(Signpost, key, created_by=by, setting=setting)
    if before is not None:
        return before
    row = Signpost(setting=setting, created_by=by, created_at=at, **fields, **({"pk": key} if key else {}))
    row.full_clean()
    _check(row.checked_on, at)
    row.save()
    audit.record("signpost added", by=by, at=at, setting=setting, of=row)
    return row


@transaction.atomic
def edit(*, signpost: Signpost, version: int, by: User, at: datetime, **fields: Any) -> None:
    """Change one, look at it anew (`checked_on`) or retire it (`retired_at`). What was offered keeps its words.

    Raises Stale or ValidationError.
    """
    _require(by, signpost.setting, at)
    _check(fields.get("checked_on"), at)
    changed = save_version(signpost, version, fields)
    if changed:
        audit.record("signpost changed", by=by, at=at, setting=signpost.setting, of=signpost, fields=changed)


@transaction.atomic
def fill(*, setting: Setting, by: User, at: datetime) -> int:
    """Put those of ours in that were never in a directory; how many that were."""
    _require(by, setting, at)
    Setting.objects.select_for_update(no_key=True).get(pk=setting.pk)
    known = set(Signpost.objects.filter(setting=setting).values_list("shipped", flat=True))
    rows = [
        Signpost(
            setting=setting,
            shipped=one["key"],
            created_by=by,
            created_at=at,
            **{name: value for name, value in one.items() if name != "key"},
        )
        for one in shipped()
        if one["key"] not in known
    ]
    Signpost.objects.bulk_create(rows)
    if rows:
        audit.record("signposts filled", by=by, at=at, setting=setting, added=len(rows))
    return len(rows)


# To a family ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class To:
    """Somebody to whom something can be offered: a household by its id, or the young person (None)."""

    household: Household | None
    name: str

    @property
    def value(self) -> str:
        return str(self.household.pk) if self.household else "child"


def recipients(pupil: Pupil, at: datetime) -> list[To]:
    """The homes in which somebody has `updates` open at the instant, and the young person where they decide: 5 queries."""
    sights = policy.sights_each([pupil.pk], at)[pupil.pk]
    reads = {one.person.pk for one in sights if Ground.PARENT in one.grounds(Section.UPDATES)}
    homes = Household.objects.filter(parent_carers__pupil=pupil, parent_carers__person__in=reads).distinct()
    found = [To(home, home.name) for home in homes.order_by("name", "pk")]
    if policy.decides(pupil, at):
        found.insert(0, To(None, pupil.called))
    return found


@transaction.atomic
def offer(
    *,
    pupil: Pupil,
    signpost: Signpost,
    by: User,
    at: datetime,
    sent_key: UUID,
    household: Household | None = None,
    note: str = "",
) -> SignpostOffer:
    """Staff offer something of their setting's directory to one home, or (no household) to the young person who decides.

    The same form sent twice is one offer. Raises ValidationError by field.
    """
    sight = policy.require(by, "write_update", pupil, at)
    if not as_staff(sight):
        raise policy.NotThisSection(pupil)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    said: dict[str, Any] = {
        "pupil_id": pupil.pk,
        "signpost_id": signpost.pk,
        "household_id": household.pk if household else None,
        "note": note.strip(),
    }
    before, sent_key = sent_before(SignpostOffer, sent_key, by, said)
    if before is not None:
        return before
    if signpost.retired_at is not None or signpost.setting_id not in here(pupil, at):
        raise ValidationError({"signpost": _("Choose one of your own signposts.")})
    if household not in [to.household for to in recipients(pupil, at)]:
        raise ValidationError({"to": _("Choose somebody who can read it.")})
    row = SignpostOffer(
        **said,
        perspective=Perspective.PARENT if household else Perspective.CHILD,
        name=signpost.name,
        what=signpost.what,
        address=signpost.address,
        by=by,
        at=at,
        sent_key=sent_key,
    )
    row.full_clean()
    row.save()
    audit.record("signpost offered", by=by, at=at, pupil=pupil, section=Section.UPDATES, of=row)
    return row


def here(pupil: Pupil, at: datetime) -> set[UUID]:
    """The settings that a pupil is in now: 1 query."""
    return set(pupil.enrolments.on(timezone.localdate(at)).values_list("setting", flat=True))


def offered_here(pupil: Pupil, at: datetime) -> Q:
    """Which signposts may be named for a pupil: those of their setting that are offered still."""
    return Q(setting__in=here(pupil, at), retired_at=None)


def fitting(pupil: Pupil, at: datetime) -> QuerySet[Signpost]:
    """The signposts of a pupil's setting that are for somebody of their age."""
    today, born = timezone.localdate(at), pupil.date_of_birth
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    rows = Signpost.objects.filter(offered_here(pupil, at))
    return rows.filter(Q(age_from=None) | Q(age_from__lte=age), Q(age_to=None) | Q(age_to__gte=age))


def heard(sight: policy.Sight) -> QuerySet[SignpostOffer]:
    """The offers that somebody hears of, newest first: a family those to their own home."""
    rows = SignpostOffer.objects.filter(sight.heard(Section.UPDATES), pupil=sight.pupil)
    return rows.select_related("by", "household")


def answers_to(row: SignpostOffer, sight: policy.Sight, home: Household | None) -> bool:
    """Whether it is theirs to say something to an offer: a home's own parents (`home` is theirs), or the young person."""
    if row.household_id is None:
        return Ground.OWN in sight.grounds(Section.UPDATES)
    parent = _speaks_as(sight, Section.UPDATES) is Perspective.PARENT
    return parent and home is not None and home.pk == row.household_id


@transaction.atomic
def answer(
    *, offer: SignpostOffer, by: User, at: datetime, sent_key: UUID, answer: SaidToSignpost
) -> SignpostAnswer:
    """Whoever was offered something says thank you, not for us, or that it did help; the latest counts.

    Raises Http404 where they hear nothing of it, and NotThisSection where it is not theirs to answer.
    """
    sight = policy.require(by, "write_update", offer.pupil, at)
    require_heard(offer, sight, Section.UPDATES)
    if not answers_to(offer, sight, household_of(sight)):
        raise policy.NotThisSection(offer.pupil)
    Pupil.objects.select_for_update(no_key=True).get(pk=offer.pupil_id)
    said: dict[str, Any] = {"offer_id": offer.pk, "answer": answer}
    before, sent_key = sent_before(SignpostAnswer, sent_key, by, said)
    if before is not None:
        return before
    row = SignpostAnswer(**said, by=by, at=at, sent_key=sent_key)
    row.full_clean()
    row.save()
    audit.record(
        "signpost answered", by=by, at=at, pupil=offer.pupil, section=Section.UPDATES, of=row, answer=answer.value
    )  # fmt: skip
    return row


def one_offer(offer_id: UUID) -> SignpostOffer:
    """An offer with its pupil. Raises Http404; who hears of it is asked of the policy."""
    row = SignpostOffer.objects.select_related("pupil").filter(pk=offer_id).first()
    if row is None:
        raise Http404
    return row


def one(signpost_id: UUID) -> Signpost:
    row = Signpost.objects.select_related("setting").filter(pk=signpost_id).first()
    if row is None:
        raise Http404
    return row
