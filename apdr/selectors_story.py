"""How one outcome, step or strategy came about: who proposed it, who agreed and who did not, what changed and when.

Told out of what is in the record anyway: proposals, answers, comments and ways forward as far as this person hears
them, what was shared, and for staff what was written on the draft in between. Whoever reads no drafts reads nothing of
them here either.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.words import StrOrPromise
from pupils import policy
from pupils.enums import Section
from pupils.models import AuditEvent

from .enums import Answer, ProposalState
from .models import Comment, PlanAnswer, PlanVersion, Proposal, StrategyAnswer, View, WayForward
from .selectors import by_staff
from .selectors_voice import KINDS
from .selectors_voice import SECTIONS as SECTIONS
from .services.common import views_heard
from .services.voice import may_find_a_way

Kept = dict[str, Any]

#: What a change of a part is called, by the name of the part in a version.
PARTS: dict[str, StrOrPromise] = {
    "words": _lazy("the words"),
    "child_words": _lazy("the child’s words"),
    "why": _lazy("why it matters"),
    "area": _lazy("the area"),
    "by_when": _lazy("the day"),
    "criterion": _lazy("how we will know"),
    "baseline": _lazy("where we begin"),
    "baseline_value": _lazy("the level we begin at"),
    "owner": _lazy("who looks after it"),
    "owner_name": _lazy("who looks after it"),
    "status": _lazy("how far it is"),
    "scale": _lazy("the scale"),
    "goal_levels": _lazy("the levels"),
    "picture": _lazy("the picture"),
    "how": _lazy("how to do it"),
    "works_best": _lazy("whether it is one of the things that work best"),
    "proposed_by": _lazy("who thought of it"),
    "proposed_by_name": _lazy("who thought of it"),
    "perspective": _lazy("whose idea it is"),
    "place": _lazy("where it is done"),
    "step": _lazy("which step it is for"),
    "outcome": _lazy("what it leads to"),
}


@dataclass(frozen=True)
class Event:
    """One thing that happened. `answer` is its kind and id where it is a disagreement, for a way forward."""

    at: datetime
    kind: str  #: proposed, answered, shared, changed, gone, agreed, disagreed, said, forward, written
    title: str
    words: str = ""
    answer: tuple[str, UUID] | None = None
    ways: list[WayForward] = field(default_factory=list)


@dataclass(frozen=True)
class Story:
    kind: str
    words: str
    events: list[Event]
    may_find_a_way: bool
    cycle_id: UUID


def item(kind: str, item_id: UUID) -> Any:
    """An outcome, step or strategy with its pupil, before anybody's sight of it is asked. Raises Http404."""
    if kind not in KINDS:
        raise Http404
    found = KINDS[kind].objects.select_related("cycle__pupil").filter(pk=item_id).first()
    if found is None:
        raise Http404
    return found


def story(kind: str, row: Any, sight: policy.Sight) -> Story:
    """How a thing came about, as far as this person may know: at most 11 queries.

    Raises Http404 for whoever reads no drafts, of what was never shared.
    """
    ids = _chain(row)
    section = SECTIONS[kind]
    staff = by_staff(sight, section)
    versions = _versions(sight)
    shared, words = [*_shared(kind, ids, versions)], row.words
    if not staff:
        if not shared:
            raise Http404
        words = _last_words(kind, ids, versions)
    events = [*shared]
    if staff:
        events += _drafted(ids, section, sight)
    if sight.sees(Section.PLAN):
        events += _proposed(kind, ids, sight)
        events += _answered_plan(kind, ids, sight)
        events += _said(ids, sight)
    if kind == "strategy":
        events += _answered_strategy(ids, sight)
    if sight.sees(Section.VIEWS):
        events += _because(kind, ids, sight)
    order = list(_ORDER)
    events.sort(key=lambda e: (e.at, order.index(e.kind)))
    return Story(kind, words, events, may_find_a_way(sight), row.cycle_id)


#: At the same moment this comes first.
_ORDER = (
    "because",
    "proposed",
    "written",
    "answered",
    "changed",
    "shared",
    "gone",
    "agreed",
    "disagreed",
    "said",
)


def _chain(row: Any) -> list[UUID]:
    """A thing and what it was carried on from, the latest first: 1 query."""
    if row.carried_from_id is None:
        return [row.pk]
    before = dict(
        type(row)._default_manager.filter(cycle__pupil=row.cycle.pupil_id).values_list("pk", "carried_from")
    )
    found = [row.pk]
    while (earlier := before.get(found[-1])) is not None and earlier not in found:
        found.append(earlier)
    return found


def _versions(sight: policy.Sight) -> list[PlanVersion]:
    """All that was ever shared, the first of it first: 1 query."""
    rows = PlanVersion.objects.filter(cycle__pupil=sight.pupil).select_related("shared_by", "cycle")
    return list(rows.order_by("cycle__number", "number"))


def _in_version(kind: str, content: dict[str, Any], ids: set[str]) -> Kept | None:
    for one in _of_kind(kind, content):
        if one["id"] in ids:
            return {name: value for name, value in one.items() if name not in ("id", "steps", "provision")}
    return None


def _of_kind(kind: str, content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if kind == "strategy":
        for part in content["strategies"].values():
            yield from part
        return
    for outcome in content["plan"]["outcomes"]:
        if kind == "outcome":
            yield outcome
        else:
            yield from outcome["steps"]


def _shared(kind: str, ids: list[UUID], versions: list[PlanVersion]) -> Iterator[Event]:
    """What was shared of it, version by version."""
    known = {str(pk) for pk in ids}
    before: Kept | None = None
    for version in versions:
        now = _in_version(kind, version.content, known)
        by = {"by": version.shared_by.called, "number": version.number}
        if now is not None and before is None:
            yield Event(
                version.shared_at,
                "shared",
                _("Shared with the family by %(by)s, in version %(number)s") % by,
                now["words"],
            )
        elif now is not None and before is not None and now != before:
            changed = [name for name in now if now[name] != before.get(name) and name in PARTS]
            parts = ", ".join(dict.fromkeys(str(PARTS[name]) for name in changed))
            title = _("Changed in version %(number)s, shared by %(by)s: %(parts)s") % {**by, "parts": parts}
            if parts:
                yield Event(version.shared_at, "changed", title, now["words"] if "words" in changed else "")
        elif now is None and before is not None:
            yield Event(
                version.shared_at,
                "gone",
                _("Not in the plan any more, from version %(number)s by %(by)s") % by,
            )
        before = now


def _last_words(kind: str, ids: list[UUID], versions: list[PlanVersion]) -> str:
    known = {str(pk) for pk in ids}
    for version in reversed(versions):
        now = _in_version(kind, version.content, known)
        if now is not None:
            return str(now["words"])
    return ""


def _drafted(ids: list[UUID], section: Section, sight: policy.Sight) -> Iterator[Event]:
    """What staff wrote on the draft: 1 query."""
    rows = AuditEvent.objects.filter(pupil=sight.pupil, object_id__in=ids, section=section)
    for row in rows.select_related("by").order_by("at"):
        by = {"by": row.by.called if row.by else _("somebody")}
        if row.verb.endswith(" added"):
            yield Event(row.at, "written", _("Written on the draft by %(by)s") % by)
        elif row.verb.endswith(" changed"):
            parts = [str(PARTS[name]) for name in row.detail.get("fields", []) if name in PARTS]
            if parts:
                title = _("Changed on the draft by %(by)s: %(parts)s")
                yield Event(row.at, "changed", title % {**by, "parts": ", ".join(dict.fromkeys(parts))})
        elif row.verb.endswith(" taken off"):
            yield Event(row.at, "gone", _("Taken off the draft by %(by)s") % by)


def _proposed(kind: str, ids: list[UUID], sight: policy.Sight) -> Iterator[Event]:
    """Who proposed it, and who put it in the plan: 1 query, of what this person hears."""
    if kind == "outcome":
        return
    rows = Proposal.objects.filter(sight.heard(Section.PLAN), **{f"{kind}__in": ids})
    for row in rows.select_related("by", "answered_by"):
        yield Event(row.at, "proposed", _("Proposed by %(by)s") % {"by": row.by.called}, row.words)
        if row.state == ProposalState.ACCEPTED and row.answered_at and row.answered_by:
            title = _("Put in the plan by %(by)s") % {"by": row.answered_by.called}
            yield Event(row.answered_at, "answered", title, row.reply)


def _ways() -> Prefetch:  # type: ignore[type-arg]
    return Prefetch("ways_forward", queryset=WayForward.objects.select_related("by"))


def _agreed(row: PlanAnswer | StrategyAnswer, title: str, not_agreed: str, kind: str) -> Event:
    by = {"by": row.by.called}
    if row.answer == Answer.AGREE:
        return Event(row.at, "agreed", title % by, row.why)
    ways = list(row.ways_forward.all())
    return Event(row.at, "disagreed", not_agreed % by, row.why, (kind, row.pk), ways)


def _answered_plan(kind: str, ids: list[UUID], sight: policy.Sight) -> Iterator[Event]:
    """Who agreed to a version that it stands in, and who did not: 2 queries."""
    known = {str(pk) for pk in ids}
    rows = PlanAnswer.objects.filter(sight.heard(Section.PLAN), plan_version__cycle__pupil=sight.pupil)
    for row in rows.select_related("by", "plan_version").prefetch_related(_ways()):
        if _in_version(kind, row.plan_version.content, known) is not None:
            yield _agreed(
                row, _("%(by)s agreed with the plan"), _("%(by)s did not agree with the plan"), "plan"
            )


def _answered_strategy(ids: list[UUID], sight: policy.Sight) -> Iterator[Event]:
    """Who agreed to this, and who did not: 2 queries."""
    rows = StrategyAnswer.objects.filter(sight.heard(Section.STRATEGIES), strategy__in=ids)
    for row in rows.select_related("by").prefetch_related(_ways()):
        yield _agreed(row, _("%(by)s agreed"), _("%(by)s did not agree"), "strategy")


def _said(ids: list[UUID], sight: policy.Sight) -> Iterator[Event]:
    """What people said about it: 1 query."""
    rows = Comment.objects.filter(sight.heard(Section.PLAN), about__in=ids)
    for row in rows.select_related("by"):
        yield Event(row.at, "said", _("%(by)s said") % {"by": row.by.called}, row.words)


def _because(kind: str, ids: list[UUID], sight: policy.Sight) -> Iterator[Event]:
    """Views that changed it, as their answers say: 1 query."""
    rows = View.objects.filter(
        views_heard(sight), pupil=sight.pupil, **{f"what_we_did__{kind}__in": ids}
    ).distinct()
    for row in rows:
        who = sight.pupil.called if row.perspective == "child" else row.said_by_name
        title = _("It changed because of what %(who)s said") % {
            "who": who or row.get_perspective_display().lower()
        }
        yield Event(row.at, "because", title, row.words)
