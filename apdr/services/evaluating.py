"""Money planned and looked back at with the family: who agreed, what each thinks of it, and what was decided."""

from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from pupils import audit, policy
from pupils.enums import Section
from pupils.errors import NotNow, Stale
from pupils.models import Household, Pupil

from .. import funding_shared
from ..enums import Answer, AskAbout, Difference, FundingNext, HowObtained, Perspective
from ..models import Allocation, FundingAgreement, FundingDecision, FundingEvaluation, ToldOf
from .common import household_of, sent_before, speaks_as

S = TypeVar("S", FundingAgreement, FundingEvaluation)
_FAMILY = (Perspective.CHILD, Perspective.PARENT)


@transaction.atomic
def agree(
    *,
    allocation: Allocation,
    by: User,
    at: datetime,
    sent_key: UUID,
    answer: Answer,
    words: str = "",
    on: date | None = None,
    **told: Any,
) -> FundingAgreement:
    """Somebody of the family agrees, or does not, with what money is for; or a SENCO writes down who did, and when.

    `told` (`perspective`, `said_by_name`, `household`, `how`) is a SENCO's. Everybody's latest counts, all are kept.
    Raises NotNow for what was not shared, or ValidationError by field.
    """
    if answer is Answer.DISAGREE and not words.strip():
        raise ValidationError({"words": _("Tell us what you do not agree with.")})
    said = {"answer": answer, "words": words.strip()}
    return _say(FundingAgreement, "funding agreed", allocation, by, at, sent_key, said, on, told)


@transaction.atomic
def evaluate(
    *,
    allocation: Allocation,
    by: User,
    at: datetime,
    sent_key: UUID,
    rating: Difference | None = None,
    words: str = "",
    on: date | None = None,
    **told: Any,
) -> FundingEvaluation:
    """Somebody says whether money made a difference, in their own words; or a SENCO writes down what they said.

    No rating is "they chose not to say", an answer as well. `told` is a SENCO's, as in `agree`. Everybody's latest
    counts. Raises NotNow for what was not shared, or ValidationError by field.
    """
    if rating is None:
        if words.strip():
            raise ValidationError({"rating": _("Say if it made a difference, or take the words out.")})
        told["how"] = HowObtained.DECLINED
    elif told.get("how") == HowObtained.DECLINED:
        raise ValidationError({"how": _("You wrote down an answer as well. Say how you found out.")})
    said = {"rating": rating or "", "words": words.strip()}
    return _say(FundingEvaluation, "funding evaluated", allocation, by, at, sent_key, said, on, told)


def _say(
    model: type[S],
    verb: str,
    allocation: Allocation,
    by: User,
    at: datetime,
    sent_key: UUID,
    said: dict[str, Any],
    on: date | None,
    told: dict[str, Any],
) -> S:
    sight = policy.require(by, "say_funding", allocation.pupil, at)
    Pupil.objects.select_for_update(no_key=True).get(pk=allocation.pupil_id)
    today = timezone.localdate(at)
    if (on or today) > today:
        raise ValidationError({"on": _("Choose today or a day before it.")})
    who = _whose(sight, allocation, told)
    before, key = sent_before(
        model,
        sent_key,
        by,
        {"allocation_id": allocation.pk, **said, **who, **({"on": on} if on else {})},
        "recorded_by_id",
    )
    if before is not None:
        return before
    row = model(allocation=allocation, **said, **who, on=on or today, recorded_by=by, at=at, sent_key=key)
    row.full_clean()
    row.save()
    audit.record(verb, by=by, at=at, pupil=allocation.pupil, section=Section.FUNDING, of=row)
    return row


def _whose(sight: policy.Sight, allocation: Allocation, told: dict[str, Any]) -> dict[str, Any]:
    """Whose words these are: of whoever says them, or, where a SENCO writes them down, of whom they name."""
    perspective = speaks_as(sight, Section.FUNDING)
    told = {name: value for name, value in told.items() if value not in (None, "")}
    if perspective in _FAMILY:
        if set(told) - {"how"}:
            raise ValidationError(_("You speak for yourself here."))
        if not funding_shared.is_shared(allocation):
            raise NotNow(_("This has not been shared with you yet."))
        how = told.get("how", HowObtained.ONLINE)
        return {
            "perspective": perspective,
            "said_by_id": sight.person.pk,
            "said_by_name": sight.person.called,
            "household_id": _home_of(sight),
            "how": how,
        }
    return _written_down(sight, told)


def _home_of(sight: policy.Sight) -> UUID | None:
    home = household_of(sight)
    return home.pk if home else None


def _written_down(sight: policy.Sight, told: dict[str, Any]) -> dict[str, Any]:
    perspective = Perspective(told.get("perspective", Perspective.STAFF))
    home: Household | None = told.get("household")
    name = str(told.get("said_by_name", "")).strip()
    if home is not None and not sight.pupil.parent_carers.filter(household=home).exists():
        raise ValidationError({"household": _("Choose a household of this family.")})
    if perspective is Perspective.PARENT and home is None and sight.pupil.parent_carers.exists():
        raise ValidationError({"household": _("Say whose words these are.")})
    own = perspective is Perspective.STAFF and not name
    if perspective is Perspective.CHILD:
        name = name or sight.pupil.called
    if not name and not own:
        raise ValidationError({"said_by_name": _("Write the name of who said it.")})
    return {
        "perspective": perspective,
        "said_by_id": sight.person.pk if own else None,
        "said_by_name": sight.person.called if own else name,
        "household_id": home.pk if home is not None and perspective is Perspective.PARENT else None,
        "how": told.get("how") or (HowObtained.ONLINE if own else HowObtained.TALKED),
    }


@transaction.atomic
def decide(
    *, allocation: Allocation, decision: FundingNext, why: str, by: User, at: datetime, number: int = 0
) -> FundingDecision:
    """What staff decide after looking back. `number` is that of the decision that was read, 0 for none; the same again
    is no new row.

    Raises Stale where somebody decided meanwhile, or ValidationError by field.
    """
    policy.require(by, "write_funding", allocation.pupil, at)
    Pupil.objects.select_for_update(no_key=True).get(pk=allocation.pupil_id)
    if not why.strip():
        raise ValidationError({"why": _("Say why, in words that the family can follow.")})
    latest = allocation.decisions.first()
    if latest is not None and (latest.decision, latest.why) == (decision, why.strip()):
        return latest
    if (latest.number if latest else 0) != number:
        raise Stale(latest, {"decision": decision, "why": why})
    row = FundingDecision(
        allocation=allocation, number=number + 1, decision=decision, why=why.strip(), by=by, at=at
    )
    row.full_clean()
    row.save()
    audit.record("funding decided", by=by, at=at, pupil=allocation.pupil, section=Section.FUNDING, of=row)
    return row


@transaction.atomic
def tell_of(*, pupil: Pupil, about: AskAbout, by: User, at: datetime) -> ToldOf:
    """Write down that the family was told of help with money, on this day. Twice on a day is once."""
    policy.require(by, "write_funding", pupil, at)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    before = pupil.told_of.filter(about=about).first()
    if before is not None and timezone.localdate(before.at) == timezone.localdate(at):
        return before
    row = ToldOf(pupil=pupil, about=about, by=by, at=at)
    row.full_clean()
    row.save()
    audit.record("family told of help with money", by=by, at=at, pupil=pupil, section=Section.FUNDING, of=row)
    return row
