"""Scheduling a review, judging steps and strategies, and closing a cycle."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from apdr.enums import Perspective, Stage, StepStatus
from apdr.models import Cycle, NextStep, Strategy
from apdr.services.common import begin, household_of, made_before, speaks_as
from apdr.services.cycles import enter, open_cycle
from apdr.services.sharing import shared_ids
from pupils import audit, policy
from pupils.enums import Section
from pupils.errors import NotNow
from pupils.models import Household
from pupils.services import save_version

from . import invitations, scheduling
from .enums import Change, DecisionKind, Kind, Rating, ReviewState
from .models import Attendee, Deciding, Decision, Judgement, Review
from .selectors_planner import row_of, settings_now
from .times import check_free, check_time, hold, people_of, warn


@transaction.atomic
def schedule_review(
    *,
    cycle: Cycle,
    starts_at: datetime,
    by: User,
    at: datetime,
    minutes: int = 30,
    where: str = "",
    anyway: bool = True,
) -> Review:
    """Set the time of a cycle's review, which whoever sets it attends.

    Raises ValidationError for a time gone by, NotNow when one is set, and, unless it is to be set `anyway`, `Clashes`
    for one that clashes: one review is set by somebody who knows what they want.
    """
    if not anyway:
        hold(settings_now([cycle.pupil_id], at).values(), [by.pk])
    begin(cycle=cycle, action="hold_review", act="schedule_review", by=by, at=at)
    if cycle.reviews.filter(state=ReviewState.SCHEDULED).exists():
        raise NotNow(scheduling.THERE_IS_ONE)
    check_time(starts_at, at)
    if not anyway:
        warn(Review(cycle=cycle, starts_at=starts_at, minutes=minutes, where=where), by, at)
    return _set(cycle, starts_at, by, at, minutes=minutes, where=where)


def _set(cycle: Cycle, starts_at: datetime, by: User, at: datetime, **fields: Any) -> Review:
    row = row_of(cycle, at)
    kind = row.owed.kind if row else Kind.PLAN
    review = Review(cycle=cycle, kind=kind, starts_at=starts_at, scheduled_by=by, scheduled_at=at, **fields)
    review.full_clean()
    review.save()
    Attendee.objects.create(review=review, person=by)
    audit.record("review scheduled", by=by, at=at, pupil=cycle.pupil, section=Section.REVIEWS, of=review)
    return review


#: What a calendar has to be told of.
_TIME = frozenset({"starts_at", "minutes", "where"})


@transaction.atomic
def edit_review(
    *, review: Review, version: int, by: User, at: datetime, reason: str = "", **fields: Any
) -> None:
    """Move a review, with a reason or without, or write down who came and what was said.

    Raises Stale, NotNow for moving one that is not to come, and ValidationError where its new time clashes.
    """
    hold(settings_now([review.cycle.pupil_id], at).values(), people_of(review))
    begin(cycle=review.cycle, action="hold_review", act="schedule_review", by=by, at=at)
    was = Review.objects.select_related("cycle").get(pk=review.pk)
    moved = [name for name in _TIME & set(fields) if fields[name] != getattr(was, name)]
    if moved and was.version == version:
        if was.state != ReviewState.SCHEDULED:
            raise NotNow(scheduling.OVER)
        if "starts_at" in moved:
            check_time(fields["starts_at"], at)
        fields["sequence"] = was.sequence + 1
    changed = save_version(review, version, fields)
    if moved:
        check_free(review, at)
        scheduling.write_change(was, Change.MOVED, reason.strip(), by, at)
    if changed:
        audit.record(
            "review changed",
            by=by,
            at=at,
            pupil=review.cycle.pupil,
            section=Section.REVIEWS,
            of=review,
            fields=[name for name in changed if name != "sequence"],
        )


@transaction.atomic
def start_review(*, cycle: Cycle, by: User, at: datetime) -> Review:
    """Move a cycle to review; without a scheduled meeting, one that is held now is written down."""
    enter(cycle=cycle, stage=Stage.REVIEW, by=by, at=at)
    review = cycle.reviews.filter(state=ReviewState.SCHEDULED).first()
    if review is None:
        review = _set(cycle, at, by, at)
    return review


@transaction.atomic
def judge(
    *,
    cycle: Cycle,
    of: NextStep | Strategy,
    rating: Rating,
    by: User,
    at: datetime,
    words: str = "",
    perspective: Perspective | None = None,
    said_by_name: str = "",
    household: Household | None = None,
    key: UUID | None = None,
) -> Judgement:
    """Say what a step or a strategy did. Staff may write down somebody else's judgement, and say whose it is.

    A family judges only what has been shared with them. The same form sent twice makes one row.
    """
    sight = begin(cycle=cycle, action="judge", act="judge", by=by, at=at)
    before = made_before(Judgement, key, recorded_by=by, cycle=cycle)
    if before is not None:
        return before
    if isinstance(of, Strategy) and not sight.sees(Section.STRATEGIES):
        raise policy.NotThisSection(cycle.pupil)
    if of.cycle_id != cycle.pk or of.removed_at is not None:
        raise ValidationError(_("Choose something from this plan."))
    invitations.require_looking_back(cycle, sight)
    own = speaks_as(sight, Section.PLAN)
    if own in (Perspective.CHILD, Perspective.PARENT) and of.pk not in shared_ids(cycle):
        raise NotNow(_("This is not in the plan that was shared with you."))
    if perspective is not None and perspective is not own:
        if own is not Perspective.STAFF:
            raise ValidationError({"perspective": _("Speak for yourself.")})
        if not said_by_name.strip():
            raise ValidationError({"said_by_name": _("Say whose words these are.")})
        if household is not None and not cycle.pupil.parent_carers.filter(household=household).exists():
            raise ValidationError({"household": _("Choose a household of this family.")})
        if perspective is Perspective.PARENT and household is None and cycle.pupil.parent_carers.exists():
            raise ValidationError({"household": _("Say whose words these are.")})
        if perspective is not Perspective.PARENT:
            household = None
        said_by, from_household = None, household
    else:
        perspective, said_by, from_household = own, by, household_of(sight)
        said_by_name = by.called
    row = Judgement(
        cycle=cycle,
        step=of if isinstance(of, NextStep) else None,
        strategy=of if isinstance(of, Strategy) else None,
        perspective=perspective,
        rating=rating,
        words=words.strip(),
        said_by=said_by,
        said_by_name=said_by_name,
        household=from_household,
        recorded_by=by,
        at=at,
        **({"pk": key} if key else {}),
    )
    row.full_clean()
    row.save()
    audit.record(
        "judged", by=by, at=at, pupil=cycle.pupil, section=Section.REVIEWS, of=row, rating=rating.value
    )
    return row


@transaction.atomic
def judge_all(*, cycle: Cycle, said: list[dict[str, Any]], by: User, at: datetime) -> list[Judgement]:
    """One person's judgements of several steps and strategies: all of them are written down, or none."""
    return [judge(cycle=cycle, by=by, at=at, **each) for each in said]


@transaction.atomic
def close_cycle(
    *,
    cycle: Cycle,
    kind: DecisionKind,
    why: str,
    by: User,
    at: datetime,
    statuses: dict[NextStep, StepStatus],
    who_was_told: str = "",
    open_next: bool = True,
    review_on: date | None = None,
) -> Cycle | None:
    """Close a cycle with its decision, and open the next with the unfinished steps carried over.

    `statuses` says of each step whether it was met, stopped or is carried on. Raises NotNow outside the review, and
    ValidationError by field. Gives the next cycle, where one was opened.
    """
    begin(cycle=cycle, action="hold_review", act="decide", by=by, at=at)
    cycle.refresh_from_db()
    steps = set(cycle.steps.filter(removed_at=None))
    if set(statuses) != steps or StepStatus.CURRENT in statuses.values():
        raise ValidationError({"statuses": _("Say of each step whether it is done, stopped or carried on.")})
    for step in steps:
        save_version(step, step.version, {"status": statuses[step]})
    decision = Decision(
        cycle=cycle, kind=kind, why=why.strip(), who_was_told=who_was_told.strip(), by=by, at=at
    )
    decision.full_clean()
    decision.save()
    Deciding.objects.filter(cycle=cycle).delete()
    review = cycle.reviews.filter(state=ReviewState.SCHEDULED).first()
    if review is not None:
        save_version(review, review.version, {"state": ReviewState.HELD, "held_at": at})
    enter(cycle=cycle, stage=Stage.CLOSED, by=by, at=at)
    save_version(cycle, cycle.version, {"closed_at": at})
    audit.record(
        "cycle closed",
        by=by,
        at=at,
        pupil=cycle.pupil,
        setting=cycle.setting,
        section=Section.REVIEWS,
        of=decision,
        decision=kind.value,
    )
    if open_next and kind is not DecisionKind.END:
        return open_cycle(pupil=cycle.pupil, by=by, at=at, review_on=review_on)
    return None
