"""How the child takes part in a review, and what everybody says before it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import User
from apdr.enums import HowObtained, Perspective
from apdr.services.common import household_of, made_before
from pupils import audit, policy
from pupils.enums import Gave, Ground, Section
from pupils.errors import NotNow, Stale
from pupils.models import Household
from pupils.policy import Sight

from .enums import ReviewState
from .enums_invitations import Part
from .invitations import check_told, part_of, takes_part
from .models import Contribution, Review, TakingPart

HELD = _lazy("This review is over, so nothing can be said before it any more.")


def _before(review: Review) -> Review:
    """A review that is not held yet, as it stands now, held until the transaction ends. Raises NotNow for another."""
    now = Review.objects.select_for_update(no_key=True).get(pk=review.pk)
    if now.state != ReviewState.SCHEDULED:
        raise NotNow(HELD)
    now.cycle = review.cycle
    return now


def may_write_down(sight: Sight) -> bool:
    """Whether somebody writes down what was said by others before a review: staff who may see what people said."""
    return part_of(sight) is Perspective.STAFF and sight.may("record_views")


@transaction.atomic
def take_part(
    *,
    review: Review,
    by: User,
    at: datetime,
    part: Part,
    who: str = "",
    words: str = "",
    how: Gave = Gave.THEMSELVES,
    how_words: str = "",
) -> TakingPart:
    """Say how the child or young person takes part; staff write down what they said, and `how`. The same again is once.

    Raises Http404 outside the circle, NotThisSection inside it, NotNow once it is held, and ValidationError by field.
    """
    pupil = review.cycle.pupil
    sight = policy.require(by, None, pupil, at)
    own = Ground.OWN in sight.grounds(Section.REVIEWS)
    if not own and not may_write_down(sight):
        raise policy.NotThisSection(pupil)
    if how is Gave.PASSED_ON or (how is Gave.THEMSELVES and not own):
        raise ValidationError({"how": _("Say how they told you.")})
    if part is Part.SPEAKS and not who.strip():
        raise ValidationError({"who": _("Say who speaks.")})
    now = _before(review)
    said: dict[str, Any] = {
        "sequence": now.sequence,
        "part": part,
        "who": who.strip() if part is Part.SPEAKS else "",
        "words": words.strip(),
        "how": how,
        "how_words": how_words.strip(),
    }
    last = now.taking_part.first()
    if last is not None and all(getattr(last, name) == value for name, value in said.items()):
        return last
    number = last.number + 1 if last is not None else 1
    row = TakingPart(review=now, number=number, recorded_by=by, at=at, **said)
    row.full_clean()
    row.save()
    audit.record(
        "said how to take part", by=by, at=at, pupil=pupil, section=Section.REVIEWS, of=row, part=part.value
    )
    return row


def own_words(review: Review, person: User) -> Contribution:
    """What somebody said last before a review; an empty one, of version 1, where they said nothing: 1 query."""
    last = review.contributions.filter(said_by=person).order_by("-version").first()
    return last or Contribution(review=review, said_by=person)


@transaction.atomic
def contribute(
    *,
    review: Review,
    by: User,
    at: datetime,
    version: int,
    working: str = "",
    not_working: str = "",
    what_next: str = "",
    how: HowObtained = HowObtained.ONLINE,
) -> Contribution:
    """Say what works, what does not and what next, for oneself; anew until the review is held, and all of it is kept.

    `version` is that of `own_words` when the form was opened. The same again is once. Raises Http404 outside the circle,
    NotThisSection for whoever takes no part in this review, Stale, NotNow, and ValidationError by field.
    """
    pupil = review.cycle.pupil
    sight = policy.require(by, None, pupil, at)
    perspective = takes_part(review, sight)
    if perspective is None:
        raise policy.NotThisSection(pupil)
    now = _before(review)
    said: dict[str, Any] = {
        "working": working.strip(),
        "not_working": not_working.strip(),
        "what_next": what_next.strip(),
    }
    last = own_words(now, by)
    if all(getattr(last, name) == value for name, value in said.items()):
        if last._state.adding:
            raise ValidationError({"working": _("Write an answer to at least one question.")})
        return last
    if last.version != version:
        raise Stale(last, said, by=by.pk)  # everybody writes their own alone
    row = Contribution(
        review=now,
        version=last.version + 1,
        perspective=perspective,
        said_by=by,
        said_by_name=by.called,
        household=household_of(sight) if perspective is Perspective.PARENT else None,
        how=how,
        recorded_by=by,
        at=at,
        **said,
    )
    return _save(row, by, at)


@transaction.atomic
def say_with_pictures(
    *,
    review: Review,
    by: User,
    at: datetime,
    question: str,
    pictures: Sequence[str],
    offered: Collection[str],
) -> None:
    """Answer one question with pictures, each as a line of its words; what was written in words stays as it is.

    `offered` are all that could be picked: those that were picked before and are not now go. Raises as `contribute`.
    """
    require_taking_part(review, by, at)
    now = _before(review)
    last = own_words(now, by)
    said = {name: getattr(last, name) for name in Contribution.QUESTIONS}
    written = [line for line in said[question].splitlines() if line not in offered]
    said[question] = "\n".join([*pictures, *written])
    if last._state.adding and not any(said.values()):
        return  # nothing said, and nothing to take back
    contribute(review=review, by=by, at=at, version=last.version, how=HowObtained.SYMBOLS, **said)


@transaction.atomic
def record_contribution(
    *,
    review: Review,
    by: User,
    at: datetime,
    perspective: Perspective,
    how: HowObtained,
    said_by_name: str = "",
    household: Household | None = None,
    working: str = "",
    not_working: str = "",
    what_next: str = "",
    told_on: date | None = None,
    key: UUID | None = None,
) -> Contribution:
    """Staff write down what somebody said before a review, how they found out, and on which day it was said.

    The same form twice makes one row.

    Raises as `contribute`.
    """
    pupil = review.cycle.pupil
    sight = policy.require(by, None, pupil, at)
    if not may_write_down(sight):
        raise policy.NotThisSection(pupil)
    now = _before(review)
    before = made_before(Contribution, key, recorded_by=by, review_id=review.pk)
    if before is not None:
        return before
    if told_on is not None:
        check_told(told_on, at)
    declined = how is HowObtained.DECLINED
    if declined == any(text.strip() for text in (working, not_working, what_next)):
        refused = (
            {"how": _("You wrote down words as well. Take them out, or say how you found out.")}
            if declined
            else {"working": _("Write down an answer, or choose “They chose not to say”.")}
        )
        raise ValidationError(refused)
    if perspective is Perspective.CHILD:
        said_by_name = pupil.called
    if not said_by_name.strip():
        raise ValidationError({"said_by_name": _("Write the name of who said it.")})
    if household is not None and not pupil.parent_carers.filter(household=household).exists():
        raise ValidationError({"household": _("Choose a household of this family.")})
    if perspective is Perspective.PARENT and household is None and pupil.parent_carers.exists():
        raise ValidationError({"household": _("Say which home these words are from.")})
    row = Contribution(
        review=now,
        perspective=perspective,
        said_by_name=said_by_name.strip(),
        household=household if perspective is Perspective.PARENT else None,
        working=working.strip(),
        not_working=not_working.strip(),
        what_next=what_next.strip(),
        how=how,
        told_on=told_on,
        recorded_by=by,
        at=at,
        **({"pk": key} if key else {}),
    )
    return _save(row, by, at)


def _save(row: Contribution, by: User, at: datetime) -> Contribution:
    row.full_clean()
    row.save()
    pupil = row.review.cycle.pupil
    audit.record("said before a review", by=by, at=at, pupil=pupil, section=Section.REVIEWS, of=row)
    return row


def require_taking_part(review: Review, person: User, at: datetime) -> tuple[Sight, Perspective]:
    """Somebody's sight and as whom they take part in a review. Raises Http404 or NotThisSection."""
    sight = policy.require(person, None, review.cycle.pupil, at)
    part = takes_part(review, sight)
    if part is None:
        raise policy.NotThisSection(sight.pupil)
    return sight, part
