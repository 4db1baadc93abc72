"""What the family, and the young person, answer: views, comments, agreement and proposals."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from pupils import audit, policy
from pupils.enums import Section
from pupils.errors import NotNow
from pupils.models import Household, Pupil

from .. import said_files
from ..enums import (
    Answer,
    Audience,
    Feeling,
    FileKind,
    HowObtained,
    Perspective,
    Place,
    ProposalKind,
    ProposalState,
)
from ..models import (
    Comment,
    Cycle,
    NextStep,
    Outcome,
    PlanAnswer,
    PlanVersion,
    Proposal,
    Strategy,
    StrategyAnswer,
    View,
)
from ..symbols import CHOSEN, in_words
from . import items
from .common import begin, household_of, made_before, require_proposal, sent_before, speaks_as


@transaction.atomic
def say_views(
    *,
    pupil: Pupil,
    by: User,
    at: datetime,
    words: str = "",
    helps: str = "",
    hopes: str = "",
    how: HowObtained = HowObtained.ONLINE,
    audience: Audience = Audience.EVERYONE,
    feeling: str = "",
    symbols: Sequence[str] = (),
    file: bytes | None = None,
    sent_key: UUID | None = None,
) -> View:
    """The young person or a parent carer says what they think, in the way that suits; "not today" is an answer too.

    A `feeling` and `symbols` stand for their words, before any others. `file` is a drawing, a photo or a recording as
    it was sent. Raises ValidationError by field.
    """
    sight = policy.require(by, "say_views", pupil, at)
    ready, words = _ready(file, _SENT_AS.get(how)), _with_pictures(feeling, symbols, words)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    said: dict[str, Any] = {
        "pupil_id": pupil.pk,
        "words": words,
        "helps": helps,
        "hopes": hopes,
        "how": how,
        "audience": audience,
        "feeling": feeling,
        "symbols": list(symbols),
        "file_digest": ready.digest if ready else "",
    }
    if sent_key is not None:
        before, sent_key = sent_before(View, sent_key, by, said, "recorded_by_id")
        if before is not None:
            return before
    view = View(
        **said,
        cycle=_open_cycle(pupil),
        perspective=speaks_as(sight, Section.VIEWS),
        said_by=by,
        said_by_name=by.called,
        household=household_of(sight),
        recorded_by=by,
        at=at,
        sent_key=sent_key,
    )
    return _save_view(view, ready, by, at)


@transaction.atomic
def record_views(
    *,
    pupil: Pupil,
    by: User,
    at: datetime,
    perspective: Perspective,
    how: HowObtained,
    how_words: str = "",
    said_by_name: str = "",
    household: Household | None = None,
    words: str = "",
    helps: str = "",
    hopes: str = "",
    audience: Audience = Audience.EVERYONE,
    feeling: str = "",
    symbols: Sequence[str] = (),
    scribe: str = "",
    verbatim: bool | None = None,
    file: bytes | None = None,
    key: UUID | None = None,
) -> View:
    """Staff write down what somebody said and how they found out; the same form twice makes one row.

    Where somebody wrote for them, `scribe` is who, and `verbatim` whether word for word. Raises ValidationError by field.
    """
    policy.require(by, "record_views", pupil, at)
    ready = _ready(file)
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    before = made_before(View, key, recorded_by=by, pupil=pupil)
    if before is not None:
        return before
    if how is HowObtained.DECLINED and any(text.strip() for text in (words, helps, hopes)):
        raise ValidationError(
            {"how": _("You wrote down words as well. Take them out, or say how you found out.")}
        )
    if how is HowObtained.SCRIBED and not scribe.strip():
        raise ValidationError({"scribe": _("Say who wrote it down.")})
    if scribe.strip() and verbatim is None:
        raise ValidationError({"verbatim": _("Say whether it is word for word.")})
    if perspective in (Perspective.STAFF, Perspective.PROFESSIONAL) and not said_by_name.strip():
        raise ValidationError({"said_by_name": _("Write the name of who said it.")})
    if household is not None and not pupil.parent_carers.filter(household=household).exists():
        raise ValidationError({"household": _("Choose a household of this family.")})
    if perspective is Perspective.PARENT and household is None and pupil.parent_carers.exists():
        raise ValidationError({"household": _("Say whose words these are.")})
    view = View(
        pupil=pupil,
        cycle=_open_cycle(pupil),
        perspective=perspective,
        said_by_name=said_by_name,
        household=household if perspective is Perspective.PARENT else None,
        how=how,
        how_words=how_words,
        words=_with_pictures(feeling, symbols, words),
        helps=helps,
        hopes=hopes,
        feeling=feeling,
        symbols=list(symbols),
        scribe=scribe.strip(),
        verbatim=verbatim if scribe.strip() else None,
        file_digest=ready.digest if ready else "",
        audience=audience,
        recorded_by=by,
        at=at,
        **({"pk": key} if key else {}),
    )
    return _save_view(view, ready, by, at)


@transaction.atomic
def write_back(*, pupil: Pupil, by: User, at: datetime, words: str, sent_key: UUID) -> View:
    """A professional with whom something is shared says what they think, whichever part it is.

    Heard by whoever hears what was said. Raises Http404 outside the circle, NotThisSection where nothing is shared with
    them, and ValidationError by field.
    """
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)
    sight = policy.require(by, None, pupil, at)
    if not policy.visits(sight):
        raise policy.NotThisSection(pupil)
    said: dict[str, Any] = {"pupil_id": pupil.pk, "words": words.strip()}
    before, sent_key = sent_before(View, sent_key, by, said, "recorded_by_id")
    if before is not None:
        return before
    view = View(
        **said,
        cycle=_open_cycle(pupil),
        perspective=Perspective.PROFESSIONAL,
        said_by=by,
        said_by_name=by.called,
        how=HowObtained.ONLINE,
        recorded_by=by,
        at=at,
        sent_key=sent_key,
    )
    return _save_view(view, None, by, at)


#: What a file has to be, where somebody chose to draw or to speak.
_SENT_AS = {HowObtained.DREW: FileKind.PICTURE, HowObtained.RECORDED: FileKind.RECORDING}


def _ready(file: bytes | None, kind: FileKind | None = None) -> said_files.Ready | None:
    return said_files.make_ready(file, kind) if file else None


def _with_pictures(feeling: str, symbols: Sequence[str], words: str) -> str:
    """Words with those that a face and symbols stand for before them. Raises ValidationError for pictures that are none."""
    if feeling and feeling not in Feeling:
        raise ValidationError({"feeling": _("Choose one of the faces.")})
    if not set(symbols) <= CHOSEN or len(set(symbols)) < len(symbols):
        raise ValidationError({"symbols": _("Choose from the pictures on the page.")})
    stands_for = in_words(feeling, symbols)
    return f"{stands_for} {words.strip()}".strip() if stands_for else words


def _save_view(view: View, ready: said_files.Ready | None, by: User, at: datetime) -> View:
    """Save a view and, once all else was accepted, its file."""
    if view.how == HowObtained.DECLINED and (view.feeling or view.symbols or ready is not None):
        raise ValidationError(
            {"how": _("There is something besides. Take it out, or say how you found out.")}
        )
    if view.how != HowObtained.DECLINED and not view.words.strip() and ready is None:
        raise ValidationError({"words": _("Write what was said, or choose “They chose not to say”.")})
    view.full_clean()
    view.save()
    if ready is not None:
        row = said_files.row_of(ready, view=view)
        row.full_clean(exclude=["view"])
        row.pk = said_files.keep(ready)
        row.save(force_insert=True)
    audit.record("views recorded", by=by, at=at, pupil=view.pupil, section=Section.VIEWS, of=view)
    return view


def _open_cycle(pupil: Pupil) -> Cycle | None:
    return pupil.cycles.filter(closed_at=None).first()


@transaction.atomic
def comment(
    *,
    plan_version: PlanVersion,
    by: User,
    at: datetime,
    sent_key: UUID,
    words: str,
    about: UUID | None = None,
) -> Comment:
    """Say something about a shared version, or about one step or strategy in it; a professional with whom the plan is
    shared may too. About something of another section only where that is open to them.
    """
    sight = begin(cycle=plan_version.cycle, action="comment_plan", act="answer_plan", by=by, at=at)
    said: dict[str, Any] = {"plan_version_id": plan_version.pk, "about": about, "words": words.strip()}
    before, sent_key = sent_before(Comment, sent_key, by, said)
    if before is not None:
        return before
    open_to_them = [plan_version.content.get(section.value) for section in sight.sections]
    if about is not None and str(about) not in set(ids_in(open_to_them)):
        raise ValidationError({"about": _("Choose something from this plan.")})
    row = Comment(
        **said,
        by=by,
        at=at,
        sent_key=sent_key,
        perspective=speaks_as(sight, Section.PLAN),
        household=household_of(sight),
    )
    row.full_clean()
    row.save()
    audit.record(
        "plan commented on", by=by, at=at, pupil=plan_version.cycle.pupil, section=Section.PLAN, of=row
    )
    return row


def ids_in(part: Any) -> Any:
    """The ids of everything in a part of a version, or in several."""
    if isinstance(part, dict):
        if "id" in part:
            yield part["id"]
        part = list(part.values())
    if isinstance(part, list):
        for value in part:
            yield from ids_in(value)


@transaction.atomic
def answer_plan(
    *, plan_version: PlanVersion, by: User, at: datetime, sent_key: UUID, answer: Answer, why: str = ""
) -> PlanAnswer:
    """Agree or disagree with a shared version. Everybody's latest answer counts; every one is kept."""
    sight = begin(cycle=plan_version.cycle, action="answer_plan", act="answer_plan", by=by, at=at)
    said: dict[str, Any] = {"plan_version_id": plan_version.pk, "answer": answer, "why": why.strip()}
    before, sent_key = sent_before(PlanAnswer, sent_key, by, said)
    if before is not None:
        return before
    if answer is Answer.DISAGREE and not why.strip():
        raise ValidationError({"why": _("Tell us what you do not agree with.")})
    row = PlanAnswer(
        **said,
        by=by,
        at=at,
        sent_key=sent_key,
        perspective=speaks_as(sight, Section.PLAN),
        household=household_of(sight),
    )
    row.full_clean()
    row.save()
    audit.record(
        "plan answered",
        by=by,
        at=at,
        pupil=plan_version.cycle.pupil,
        section=Section.PLAN,
        of=row,
        answer=answer.value,
    )
    return row


@transaction.atomic
def answer_strategy(
    *, strategy: Strategy, by: User, at: datetime, answer: Answer, why: str = ""
) -> StrategyAnswer:
    """Agree or disagree with a strategy. A family answers only what has been shared with them."""
    sight = begin(cycle=strategy.cycle, action="answer_strategy", act="answer_strategy", by=by, at=at)
    perspective = speaks_as(sight, Section.STRATEGIES)
    if perspective in (Perspective.CHILD, Perspective.PARENT):
        latest = strategy.cycle.plan_versions.first()
        if latest is None or str(strategy.pk) not in set(ids_in(latest.content["strategies"])):
            raise NotNow(_("This is not in the plan that was shared with you."))
    if answer is Answer.DISAGREE and not why.strip():
        raise ValidationError({"why": _("Say why, so that it stays on the plan.")})
    before = strategy.answers.filter(by=by).order_by("-at").first()
    if before is not None and (before.answer, before.why) == (answer, why.strip()):
        return before  # the same form sent twice, or nothing new
    row = StrategyAnswer(
        strategy=strategy,
        by=by,
        perspective=perspective,
        household=household_of(sight),
        answer=answer,
        why=why.strip(),
        at=at,
    )
    row.full_clean()
    row.save()
    audit.record(
        "strategy answered",
        by=by,
        at=at,
        pupil=strategy.cycle.pupil,
        section=Section.STRATEGIES,
        of=row,
        answer=answer.value,
    )
    return row


@transaction.atomic
def propose(
    *, cycle: Cycle, by: User, at: datetime, sent_key: UUID, kind: ProposalKind, words: str, why: str = ""
) -> Proposal:
    """A parent carer or the young person proposes a step or a strategy."""
    sight = begin(cycle=cycle, action="propose", act="propose", by=by, at=at)
    said: dict[str, Any] = {"cycle_id": cycle.pk, "kind": kind, "words": words.strip(), "why": why.strip()}
    before, sent_key = sent_before(Proposal, sent_key, by, said)
    if before is not None:
        return before
    if not cycle.plan_versions.exists():
        raise NotNow(_("The plan has not been shared yet."))
    row = Proposal(
        **said,
        by=by,
        at=at,
        sent_key=sent_key,
        perspective=speaks_as(sight, Section.PLAN),
        household=household_of(sight),
    )
    row.full_clean()
    row.save()
    audit.record("proposed", by=by, at=at, pupil=cycle.pupil, section=Section.PLAN, of=row, kind=kind.value)
    return row


@transaction.atomic
def propose_for(
    *,
    cycle: Cycle,
    said_by: User,
    perspective: Perspective,
    household: Household | None,
    words: str,
    sent_key: UUID,
    by: User,
    at: datetime,
) -> Proposal:
    """Staff put to the plan what somebody of the family said works at home. It stays that person's, in their words."""
    begin(cycle=cycle, action="answer_proposal", act="propose", by=by, at=at)
    if not cycle.plan_versions.exists():
        raise NotNow(_("The plan has not been shared yet."))
    row = Proposal(
        cycle=cycle,
        kind=ProposalKind.HOME_STRATEGY,
        words=words,
        by=said_by,
        perspective=perspective,
        household=household,
        at=at,
        sent_key=sent_key,
    )
    row.full_clean()
    row.save()
    audit.record(
        "proposed",
        by=by,
        at=at,
        pupil=cycle.pupil,
        section=Section.PLAN,
        of=row,
        kind=row.kind,
        came="update",
    )
    return row


@transaction.atomic
def accept_proposal(
    *, proposal: Proposal, by: User, at: datetime, reply: str = "", **step: Any
) -> Strategy | NextStep:
    """Put a proposal in the draft, in the words it was made in and with who proposed it.

    A proposed step needs what makes it SMART: `outcome`, `criterion`, `baseline`, `scale`, `by_when`, an owner.
    It is shared with the next version. Raises NotNow when it was answered already.
    """
    sight = begin(cycle=proposal.cycle, action="answer_proposal", act="answer_proposal", by=by, at=at)
    require_proposal(proposal, sight)
    proposal = _unanswered(proposal)
    made: Strategy | NextStep
    if proposal.kind == ProposalKind.STEP:
        if not isinstance(step.get("outcome"), Outcome):
            raise ValidationError({"outcome": _("Choose the difference this step is for.")})
        made = items.add(NextStep, cycle=proposal.cycle, by=by, at=at, **{"words": proposal.words, **step})
        proposal.step = made
    else:
        place = Place.HOME if proposal.kind == ProposalKind.HOME_STRATEGY else Place.SETTING
        made = items.add(
            Strategy,
            cycle=proposal.cycle,
            by=by,
            at=at,
            place=place,
            words=proposal.words,
            perspective=Perspective(proposal.perspective),
            proposed_by_name=proposal.by.called,
            **step,
        )
        Strategy.objects.filter(pk=made.pk).update(proposed_by=proposal.by)
        proposal.strategy = made
    _answer(proposal, ProposalState.ACCEPTED, reply, by, at)
    return made


@transaction.atomic
def decline_proposal(*, proposal: Proposal, by: User, at: datetime, reply: str) -> None:
    """Say kindly why not for now. Raises ValidationError without a reply."""
    sight = begin(cycle=proposal.cycle, action="answer_proposal", act="answer_proposal", by=by, at=at)
    require_proposal(proposal, sight)
    proposal = _unanswered(proposal)
    if not reply.strip():
        raise ValidationError({"reply": _("Say why not for now, so that they know.")})
    _answer(proposal, ProposalState.DECLINED, reply, by, at)


def _unanswered(proposal: Proposal) -> Proposal:
    proposal = Proposal.objects.select_for_update().select_related("cycle", "by").get(pk=proposal.pk)
    if proposal.state != ProposalState.PROPOSED:
        raise NotNow(_("Somebody has answered this already."))
    return proposal


def _answer(proposal: Proposal, state: ProposalState, reply: str, by: User, at: datetime) -> None:
    proposal.state, proposal.reply = state, reply.strip()
    proposal.answered_by, proposal.answered_at = by, at
    proposal.full_clean()
    proposal.save()
    audit.record(
        f"proposal {state.value}", by=by, at=at, pupil=proposal.cycle.pupil, section=Section.PLAN, of=proposal
    )
