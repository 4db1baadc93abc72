"""A child's own page, what is celebrated, what a drawing or recording says in words, and ways forward."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from pupils import audit, policy
from pupils.enums import Ground, Section
from pupils.errors import NotNow, Stale
from pupils.models import Pupil
from pupils.services import save_version

from ..enums import Answer, Praise, StepsAs, Telling
from ..models import (
    Celebration,
    ChildPage,
    FileWords,
    NextStep,
    PlanAnswer,
    StrategyAnswer,
    View,
    ViewFile,
    WayForward,
)
from .common import household_of, require_heard, sent_before, speaks_as, views_heard
from .family import ids_in


@transaction.atomic
def set_page(
    *,
    pupil: Pupil,
    version: int,
    steps_as: StepsAs,
    aloud: bool,
    telling: Telling,
    by: User,
    at: datetime,
) -> ChildPage:
    """Write down how a child likes their own page; `version` is the one that was read, 0 where nobody asked yet.

    The child does, and until the young person decides whoever teaches them, after asking. Raises Stale.
    """
    sight = policy.require(by, "write_profile", pupil, at)
    if Ground.OWN not in sight.grounds(Section.PROFILE) and policy.decides(pupil, at):
        raise policy.NotThisSection(pupil)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    fields: dict[str, Any] = {"steps_as": steps_as, "aloud": aloud, "telling": telling}
    page = ChildPage.objects.filter(pupil=pupil).first()
    if page is not None and all(getattr(page, name) == value for name, value in fields.items()):
        return page
    if page is None:
        if version:
            raise ValidationError({"version": _("This form is out of date. Open the page again.")})
        page = ChildPage(pupil=pupil, set_by=by, set_at=at, **fields)
        page.full_clean()
        page.save()
    elif not version:
        raise Stale(page, fields)
    else:
        save_version(page, version, {**fields, "set_by": by, "set_at": at})
    audit.record("own page chosen", by=by, at=at, pupil=pupil, section=Section.PROFILE, of=page, **fields)
    return page


@transaction.atomic
def celebrate(
    *,
    pupil: Pupil,
    words: str,
    sent_key: UUID,
    by: User,
    at: datetime,
    praise: Praise = Praise.EFFORT,
    step: NextStep | None = None,
) -> Celebration:
    """Say what somebody is to be proud of. It is told at once where the child likes that, or says it themself.

    The same form sent twice is one. Raises ValidationError by field.
    """
    sight = policy.require(by, "log_progress", pupil, at)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    said: dict[str, Any] = {
        "pupil_id": pupil.pk,
        "words": words.strip(),
        "praise": praise,
        "step_id": step.pk if step else None,
    }
    before, sent_key = sent_before(Celebration, sent_key, by, said)
    if before is not None:
        return before
    if step is not None and step.cycle.pupil_id != pupil.pk:
        raise ValidationError({"step": _("Choose a step of this plan.")})
    page = ChildPage.objects.filter(pupil=pupil).first()
    at_once = page is not None and page.telling == Telling.AT_ONCE
    row = Celebration(
        **said,
        by=by,
        perspective=speaks_as(sight, Section.PLAN),
        household=household_of(sight),
        at=at,
        told_at=at if at_once else None,
        told_by=by if at_once else None,
        sent_key=sent_key,
    )
    row.full_clean()
    row.save()
    audit.record("celebrated", by=by, at=at, pupil=pupil, section=Section.PLAN, of=row, told=at_once)
    return row


@transaction.atomic
def tell(*, celebration: Celebration, by: User, at: datetime) -> Celebration:
    """Show what is celebrated to everybody who may see it: the child does, or staff who asked them, until they decide.

    Pressed twice it is told once. Raises Http404 where it does not reach whoever presses.
    """
    pupil = celebration.pupil
    sight = policy.require(by, "log_progress", pupil, at)
    row = Celebration.objects.select_for_update().get(pk=celebration.pk)
    if not may_tell(row, sight):
        raise Http404
    if row.told_at is None:
        row.told_at, row.told_by = at, by
        row.save(update_fields=["told_at", "told_by"])
        audit.record("celebration told", by=by, at=at, pupil=pupil, section=Section.PLAN, of=row)
    return row


def may_tell(row: Celebration, sight: policy.Sight) -> bool:
    """Whether somebody may show this to everybody: the child; before they decide also the SENCO, and staff who wrote it."""
    grounds = sight.grounds(Section.PLAN)
    if Ground.OWN in grounds:
        return True
    if policy.they_decide(sight) or not sight.may("see_drafts"):
        return False
    return Ground.COORDINATES in grounds or row.by_id == sight.person.pk


@transaction.atomic
def put_in_words(
    *, file: ViewFile, words: str, sent_key: UUID, by: User, at: datetime, verbatim: bool = False
) -> FileWords:
    """Write down what can be seen or heard in a drawing, photo or recording: staff who hear it, or whoever said it.

    The same form sent twice is one. Raises Http404 where it does not reach them.
    """
    view = file.view
    sight = policy.require(by, Section.VIEWS, view.pupil, at)
    if not View.objects.filter(views_heard(sight), pk=view.pk).exists():
        raise Http404
    if not may_put_in_words(view, sight):
        raise policy.NotThisSection(view.pupil)
    Pupil.objects.select_for_update(no_key=True).get(pk=view.pupil_id)
    said: dict[str, Any] = {"file_id": file.pk, "words": words.strip(), "verbatim": verbatim}
    before, sent_key = sent_before(FileWords, sent_key, by, said)
    if before is not None:
        return before
    row = FileWords(**said, by=by, at=at, sent_key=sent_key)
    row.full_clean()
    row.save()
    audit.record("put in words", by=by, at=at, pupil=view.pupil, section=Section.VIEWS, of=row)
    return row


def may_put_in_words(view: View, sight: policy.Sight) -> bool:
    return sight.may("record_views") or (view.said_by_id == sight.person.pk and sight.may("say_views"))


@transaction.atomic
def find_a_way(
    *, about: PlanAnswer | StrategyAnswer, words: str, sent_key: UUID, by: User, at: datetime
) -> WayForward:
    """Write what happens next about a disagreement: staff, or somebody of the family who hears it. The same form is one row.

    Raises Http404 where the disagreement does not reach them, and NotNow where it is none.
    """
    of_plan = isinstance(about, PlanAnswer)
    cycle = about.plan_version.cycle if isinstance(about, PlanAnswer) else about.strategy.cycle
    pupil, section = cycle.pupil, Section.PLAN if of_plan else Section.STRATEGIES
    sight = policy.require(by, section, pupil, at)
    if not may_find_a_way(sight):
        raise policy.NotThisSection(pupil)
    require_reached(about, sight, section)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    said: dict[str, Any] = {
        "plan_answer_id": about.pk if of_plan else None,
        "strategy_answer_id": None if of_plan else about.pk,
        "words": words.strip(),
    }
    before, sent_key = sent_before(WayForward, sent_key, by, said)
    if before is not None:
        return before
    if about.answer != Answer.DISAGREE:
        raise NotNow(_("Nobody disagrees here."))
    row = WayForward(**said, by=by, at=at, sent_key=sent_key)
    row.full_clean()
    row.save()
    audit.record("way forward written", by=by, at=at, pupil=pupil, section=section, of=row)
    return row


def require_reached(about: PlanAnswer | StrategyAnswer, sight: policy.Sight, section: Section) -> None:
    """Pass where a disagreement reaches somebody: they hear it, and read no drafts only of what was shared. Else Http404."""
    require_heard(about, sight, section)
    if isinstance(about, PlanAnswer) or sight.may("see_drafts"):
        return
    latest = about.strategy.cycle.plan_versions.first()
    if latest is None or str(about.strategy_id) not in set(ids_in(latest.content["strategies"])):
        raise Http404


def may_find_a_way(sight: policy.Sight) -> bool:
    return sight.may("answer_proposal") or sight.may("answer_plan")
