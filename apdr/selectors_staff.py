"""What the pages on which staff write and run a cycle show, each in a fixed number of queries."""

from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from pupils import policy
from pupils.enums import Section
from pupils.models import AuditEvent, Household, ParentCarer, Pupil

from . import plain, selectors, states
from .enums import MOVES, NeedKind, Perspective, ProposalState, ScaleKind, Stage
from .models import (
    Allocation,
    Cycle,
    FundingStream,
    FundingUse,
    Measure,
    Need,
    NextStep,
    Outcome,
    PlanVersion,
    Proposal,
    Provision,
    ScaleVersion,
    Strategy,
    View,
)
from .selectors import STAFF, by_staff, stage, told
from .selectors_family import drafted
from .selectors_voice import said, with_all
from .services import sharing
from .services.common import proposals_heard, views_heard
from .wording import reads_like_provision

Item = Need | Measure | Outcome | NextStep | Strategy | Provision
T = TypeVar("T", Need, Measure, Outcome, NextStep, Strategy, Provision)

_SCALE_ORDER = [ScaleKind.STEPS, ScaleKind.GOAL, ScaleKind.TEN, ScaleKind.COUNT]


def item(model: type[T], item_id: UUID) -> T:
    """An item with its cycle and pupil, also one that was taken off. Raises Http404."""
    way = "strategy__cycle__pupil" if model is Provision else "cycle__pupil"
    found = model._default_manager.select_related(way).filter(pk=item_id).first()
    if found is None:
        raise Http404
    return found


def proposal(proposal_id: UUID) -> Proposal:
    """A proposal with who made it, its cycle and its pupil. Raises Http404."""
    found = (
        Proposal.objects.select_related("cycle__pupil", "cycle__setting", "by").filter(pk=proposal_id).first()
    )
    if found is None:
        raise Http404
    return found


def allocation(allocation_id: UUID) -> Allocation:
    found = Allocation.objects.select_related("pupil", "stream").filter(pk=allocation_id).first()
    if found is None:
        raise Http404
    return found


def use(use_id: UUID) -> FundingUse:
    found = (
        FundingUse.objects.select_related("allocation__pupil", "allocation__stream", "strategy")
        .filter(pk=use_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def adults(sight: policy.Sight) -> QuerySet[User]:
    """The adults of the setting who see this plan: who a step can be given to."""
    people = policy.told_of(policy.people_for(sight.pupil, Section.PLAN, sight.at), sight)
    return User.objects.filter(pk__in=[p.pk for p, reason in people if reason.ground in STAFF]).order_by(
        "name"
    )


def scales(cycle: Cycle, kept: UUID | None) -> list[ScaleVersion]:
    """The latest version of each scale in use in a cycle's setting, and the one a step has already."""
    rows = (
        ScaleVersion.objects.filter(Q(scale__setting=cycle.setting_id, scale__retired_at=None) | Q(pk=kept))
        .select_related("scale")
        .order_by("scale_id", "-number")
    )
    found: dict[UUID, ScaleVersion] = {}
    for row in rows:
        if row.pk == kept or row.scale_id not in found:
            found[row.scale_id] = row
    return sorted(found.values(), key=lambda v: (_SCALE_ORDER.index(ScaleKind(v.scale.kind)), v.scale.name))


def marked_best(cycle: Cycle, apart_from: UUID | None) -> list[str]:
    """The strategies of a cycle that are marked as what works, in words."""
    rows = cycle.strategies.filter(removed_at=None, works_best=True).exclude(pk=apart_from)
    return [str(row) for row in rows]


def households(pupil: Pupil) -> list[tuple[UUID, str]]:
    """The households of a pupil's parent carers, by the names of who lives there."""
    found: dict[UUID, list[str]] = {}
    for carer in ParentCarer.objects.filter(pupil=pupil).order_by("name"):
        found.setdefault(carer.household_id, []).append(str(carer))
    return [(pk, _(" and ").join(names)) for pk, names in found.items()]


def household(household_id: str) -> Household | None:
    """A household by an id that `households` gave, or None for an empty one."""
    return Household.objects.get(pk=household_id) if household_id else None


def streams(pupil: Pupil, at: datetime) -> QuerySet[FundingStream]:
    """The funding streams of the setting where a pupil is now."""
    here = pupil.enrolments.on(timezone.localdate(at)).values("setting")
    return FundingStream.objects.filter(setting__in=here, retired_at=None)


def open_strategies(pupil: Pupil) -> QuerySet[Strategy]:
    """The strategies of a pupil's open cycle."""
    return Strategy.objects.filter(cycle__pupil=pupil, cycle__closed_at=None, removed_at=None)


_WRITTEN = ["need", "measure", "outcome", "nextstep", "strategy", "provision", "allocation", "fundinguse"]


def _counted(model: type[Any], **where: Any) -> Coalesce:
    counts = (
        model._default_manager.filter(cycle=OuterRef("pk"), removed_at=None, **where)
        .order_by()
        .values("cycle")
        .annotate(n=Count("*"))
        .values("n")
    )
    return Coalesce(Subquery(counts), Value(0))


def state_of(cycle: Cycle, sight: policy.Sight) -> dict[str, Any]:
    """How far a cycle has come, in one query: what is there, what was shared, what changed since in the parts that are
    open to this person.
    """
    latest = PlanVersion.objects.filter(cycle=OuterRef("pk")).order_by("-number")
    written = AuditEvent.objects.filter(
        Q(object_type__in=_WRITTEN) | Q(verb="plan changed"),
        pupil=cycle.pupil_id,
        section__in=[section.value for section in sight.sections],
        at__gt=OuterRef("shared_at"),
    )
    views = View.objects.filter(cycle=OuterRef("pk"))
    heard = views.filter(sight.heard(Section.VIEWS, by="said_by", audience=True))
    counted: dict[str, Any] = {
        "shared": Subquery(latest.values("number")[:1]),
        "shared_at": Subquery(latest.values("shared_at")[:1]),
        "n_strengths": _counted(Need, kind=NeedKind.STRENGTH),
        "n_needs": _counted(Need, kind=NeedKind.NEED),
        "n_measures": _counted(Measure, entry__isnull=False),
        "n_measured_again": _counted(Measure, exit__isnull=False),
        "n_strategies": _counted(Strategy),
        "child_said": Exists(heard.filter(perspective=Perspective.CHILD)),
        "parents_said": Exists(heard.filter(perspective=Perspective.PARENT)),
        "next_id": Subquery(Cycle.objects.filter(previous=OuterRef("pk")).values("pk")[:1]),
    }
    rows = Cycle.objects.filter(pk=cycle.pk).annotate(**counted).annotate(changed=Exists(written))
    return rows.values(*counted, "changed").get()


def workspace(cycle: Cycle, sight: policy.Sight) -> dict[str, Any]:
    """A cycle as staff run it: where it is, what is missing, the draft with its progress, what waits for an answer."""
    now = stage(cycle)
    plan = told(sharing.plan_part(cycle))
    told_by_step = selectors.notes(cycle, sight)
    for outcome in plan["outcomes"]:
        outcome["like_provision"] = reads_like_provision(outcome["words"])
        for step in outcome["steps"]:
            step["line"] = selectors.line(step, told_by_step[step["id"]])
    state = state_of(cycle, sight)
    return {
        "cycle": cycle,
        "stage": now,
        "state": state,
        "plan": plan,
        "todo": todo(cycle, sight, plan, state),
        "moves": MOVES[now],
        "may_write": sight.may("write_plan") and now in states.DURING["write_plan"],
        "may_run": sight.may("coordinate"),
        "may_share": sight.may("coordinate") and now in states.DURING["share"],
        "may_log": sight.may("log_progress") and now in states.DURING["log_progress"],
        "proposals": list(
            Proposal.objects.filter(proposals_heard(sight), cycle=cycle, state=ProposalState.PROPOSED)
            .select_related("by")
            .order_by("at")
        ),
        "reviews": _reviews(cycle) if sight.sees(Section.REVIEWS) else [],
        "today": timezone.localdate(sight.at),
    }


def _reviews(cycle: Cycle) -> list[Any]:
    return list(cycle.reviews.all())


def todo(
    cycle: Cycle, sight: policy.Sight, plan: dict[str, Any], state: dict[str, Any]
) -> list[dict[str, Any]]:
    """What a cycle at this stage has and lacks, each with the page where it is done; nothing of a closed section."""
    steps = [step for outcome in plan["outcomes"] for step in outcome["steps"]]
    without = [o for o in plan["outcomes"] if not o["steps"]]
    found: list[dict[str, Any]] = []

    def ask(section: Section, done: bool, yes: str, no: str, page: str) -> None:
        if sight.sees(section):
            found.append({"done": done, "words": yes if done else no, "page": page})

    now = stage(cycle)
    if now is Stage.CLOSED:
        return []
    if now in (Stage.ASSESS, Stage.PLAN):
        ask(
            Section.NEEDS,
            state["n_strengths"] > 0,
            ngettext("%(n)s strength", "%(n)s strengths", state["n_strengths"]) % {"n": state["n_strengths"]},
            _("Write down a strength"),
            "needs",
        )
        ask(
            Section.NEEDS,
            state["n_needs"] > 0,
            ngettext("%(n)s need", "%(n)s needs", state["n_needs"]) % {"n": state["n_needs"]},
            _("Write down a need"),
            "needs",
        )
        ask(
            Section.NEEDS,
            state["n_measures"] > 0,
            ngettext("%(n)s measure", "%(n)s measures", state["n_measures"]) % {"n": state["n_measures"]},
            _("Nothing measured yet"),
            "needs",
        )
        name = cycle.pupil.called
        ask(
            Section.VIEWS,
            state["child_said"],
            _("%(name)s has been heard") % {"name": name},
            _("Ask %(name)s what they think") % {"name": name},
            "views",
        )
        ask(
            Section.VIEWS,
            state["parents_said"],
            _("Parent carers have been heard"),
            _("Ask the parent carers"),
            "views",
        )
    if now is not Stage.ASSESS and now is not Stage.REVIEW:
        ask(
            Section.PLAN,
            bool(plan["outcomes"]),
            ngettext("%(n)s outcome", "%(n)s outcomes", len(plan["outcomes"])) % {"n": len(plan["outcomes"])},
            _("Write the first outcome"),
            "",
        )
        ask(
            Section.PLAN,
            bool(steps) and not without,
            ngettext("%(n)s next step", "%(n)s next steps", len(steps)) % {"n": len(steps)},
            _("Each outcome needs a next step") if steps or without else _("Write the first next step"),
            "",
        )
        ask(
            Section.STRATEGIES,
            state["n_strategies"] > 0,
            ngettext("%(n)s strategy", "%(n)s strategies", state["n_strategies"])
            % {"n": state["n_strategies"]},
            _("Write what helps"),
            "strategies",
        )
        ask(
            Section.PLAN,
            bool(cycle.responsibilities),
            _("Who does what"),
            _("Say who does what"),
            "edit_cycle",
        )
    if now in (Stage.DO, Stage.REVIEW):
        noted = sum(1 for step in steps if step["line"]["entries"])
        ask(
            Section.PLAN,
            noted == len(steps),
            _("Every step has a note"),
            ngettext(
                "%(silent)s of %(n)s step without a note",
                "%(silent)s of %(n)s steps without a note",
                len(steps),
            )
            % {"silent": len(steps) - noted, "n": len(steps)},
            "",
        )
        left = state["n_measures"] - state["n_measured_again"]
        if state["n_measures"]:
            ask(
                Section.NEEDS,
                left <= 0,
                _("Everything measured again"),
                ngettext("%(n)s measure not measured again", "%(n)s measures not measured again", left)
                % {"n": left},
                "needs",
            )
    return found


def preview(cycle: Cycle, sight: policy.Sight) -> dict[str, Any]:
    """What the family would see if the draft were shared now, what would be new to them, and who would see it."""
    latest = cycle.plan_versions.select_related("shared_by").first()
    content = sharing.draft(cycle)
    changes = sharing.changes(latest.content if latest else None, content, list(Section))
    return {
        "cycle": cycle,
        "stage": stage(cycle),
        "latest": latest,
        "content": told(content),
        "mark": sharing.seen(content),
        "changes": plain.told(changes, list(Section)).lines,
        "drafted": drafted(content),
        "strengths": _by_area(told(content)["needs"]["strengths"]),
        "needs": _by_area(told(content)["needs"]["needs"]),
        "nothing_new": latest is not None and latest.content == content,
        "family": [
            {"name": person.called, "role": reason.role}
            for person, reason in policy.told_of(
                policy.people_for(sight.pupil, Section.PLAN, sight.at), sight
            )
            if reason.ground not in STAFF
        ],
    }


def needs_page(sight: policy.Sight) -> dict[str, Any]:
    """Strengths and needs by area, and measures."""
    page = selectors.part(sight, Section.NEEDS)
    content = page["content"]
    return page | {
        "strengths": _by_area(content.get("strengths", [])),
        "needs": _by_area(content.get("needs", [])),
        "measures": content.get("measures", []),
        "may_write": may_write(sight, page, "write_needs"),
        "may_measure": may_write(sight, page, "write_needs", "measure"),
    }


def _by_area(rows: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["area"], []).append(row)
    return list(found.items())


def may_write(sight: policy.Sight, page: dict[str, Any], action: str, act: str = "") -> bool:
    """Whether to offer a change of what a page shows: staff, of the draft, at a stage for it."""
    draft = page["cycle"] is not None and page["version"] is None
    return draft and sight.may(action) and stage(page["cycle"]) in states.DURING[act or action]


def strategies_page(sight: policy.Sight) -> dict[str, Any]:
    """What helps at the setting and at home, with who agreed and who did not, as this person hears it."""
    page = selectors.part(sight, Section.STRATEGIES)
    cycle = page["cycle"]
    said = selectors.answers(cycle, sight) if cycle else {}
    places = []
    for place, title in (("setting", _("At school")), ("home", _("At home"))):
        rows = page["content"].get(place, [])
        for row in rows:
            row["answers"] = said.get(row["id"], [])
            row["mine"] = next((a for a in row["answers"] if a.by_id == sight.person.pk), None)
        places.append({"place": place, "title": title, "rows": rows})
    return page | {
        "places": places,
        "best": [row for each in places for row in each["rows"] if row["works_best"]],
        "may_write": may_write(sight, page, "write_strategies"),
        "may_answer": cycle is not None and cycle.closed_at is None and sight.may("answer_strategy"),
    }


VIEWS_A_PAGE = 15


def views_page(sight: policy.Sight, before: tuple[datetime, UUID] | None = None) -> dict[str, Any]:
    """What people said and this person hears, newest first, a page at a time; and how, or that they chose not to say."""
    rows = View.objects.filter(views_heard(sight), pupil=sight.pupil).select_related("cycle")
    if before is not None:
        at, pk = before
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))
    rows = rows.annotate(turn=F("cycle__number")).order_by("-at", "-pk")
    found = list(with_all(rows)[: VIEWS_A_PAGE + 1])
    more, found = len(found) > VIEWS_A_PAGE, found[:VIEWS_A_PAGE]
    cycle = selectors.current_cycle(sight.pupil)
    older = f"{found[-1].at.isoformat()}|{found[-1].pk}" if more else ""
    found.sort(key=lambda v: (-(v.cycle.number if v.cycle else 0), v.perspective != Perspective.CHILD))
    return {
        "cycle": cycle,
        "said": said(found, sight),
        "older": older,
        "older_href": "?" + urlencode({"before": older}),
        "newer": before is not None,
        "unheard": [] if cycle is None or before else _unheard(cycle, rows),
        "may_record": sight.may("record_views"),
        "may_say": sight.may("say_views"),
        "may_answer": sight.may("record_views"),
    }


def _unheard(cycle: Cycle, heard: QuerySet[View, Any]) -> list[str]:
    here = set(heard.filter(cycle=cycle).order_by().values_list("perspective", flat=True).distinct())
    names = {Perspective.CHILD: cycle.pupil.called, Perspective.PARENT: _("the parent carers")}
    return [name for perspective, name in names.items() if perspective not in here]


def history(pupil: Pupil) -> dict[str, Any]:
    """Every cycle of a pupil, newest first, with its stage, what was shared and how it was decided."""
    rows = list(
        selectors.cycles()
        .filter(pupil=pupil)
        .annotate(
            shared=Coalesce(
                Subquery(
                    PlanVersion.objects.filter(cycle=OuterRef("pk")).order_by("-number").values("number")[:1]
                ),
                Value(0),
            ),
            steps_met=Count("steps", filter=Q(steps__removed_at=None, steps__status="met"), distinct=True),
            steps_all=Count("steps", filter=Q(steps__removed_at=None), distinct=True),
        )
    )
    return {"cycles": rows, "open": next((row for row in rows if row.closed_at is None), None)}


def stages_of(cycle: Cycle) -> list[dict[str, Any]]:
    """The stages a cycle went through, newest first, for a timeline."""
    rows = cycle.stages.select_related("by").order_by("-number")
    return [
        {"on": row.at, "title": row.get_stage_display(), "by": row.by.called, "text": row.note}
        for row in rows
    ]


def before_opening(pupil: Pupil, today: date) -> dict[str, Any]:
    """What a new cycle would start from: the day its review would fall on, and the cycle it follows."""
    here = pupil.enrolments.on(today).select_related("setting").get()
    day = today + timedelta(weeks=here.setting.review_every_weeks)
    day -= timedelta(days=max(0, day.weekday() - 4))  # not on a weekend
    last = selectors.current_cycle(pupil)
    return {"review_on": day, "weeks": here.setting.review_every_weeks, "last": last}


def words_of(strategy: Strategy, sight: policy.Sight) -> str:
    """A strategy as this person has it: staff the draft's words, a family those that were shared. Raises Http404."""
    if by_staff(sight, Section.STRATEGIES):
        return strategy.words
    rows = selectors.part(sight, Section.STRATEGIES)["content"].values()
    words = [row["words"] for place in rows for row in place if row["id"] == str(strategy.pk)]
    if not words:
        raise Http404
    return words[0]
