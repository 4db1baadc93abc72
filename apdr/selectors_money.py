"""What there was of money, what it was for, what happened and what each thinks; and, for a SENCO, what support costs.

Money is read as each person has it: staff the draft, everybody else what was shared. What was delivered, and what people
say, is read as it is now, for what they have been shown (decision 14).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, Q, Subquery, prefetch_related_objects
from django.db.models.functions import Cast, JSONObject, Lower
from django.utils import timezone

from accounts.enums import Phase
from accounts.models import Setting
from pupils import policy
from pupils.enums import Section
from pupils.models import Pupil

from . import costing, eligible, selectors
from .enums import AskAbout, Difference, FundingNext, Held, Perspective, Unit, WhyMissed
from .models import (
    Allocation,
    Costing,
    Delivered,
    FundingAgreement,
    FundingDecision,
    FundingEvaluation,
    FundingUse,
    PlanVersion,
    Provision,
    StaffRate,
    StaffRole,
    StreamRate,
)
from .selectors import by_staff, told
from .selectors_staff import may_write
from .services import sharing

Dose = costing.Dose

# One page about money ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hours:
    """What of a strategy was planned and what was delivered, in minutes; how often not, and why."""

    planned: int
    delivered: int
    missed: list[tuple[str, int]]
    noted: bool  #: whether anything was written down at all: not written down is never nothing

    @property
    def missed_times(self) -> int:
        return sum(times for _, times in self.missed)


def money(sight: policy.Sight) -> dict[str, Any]:
    """Money as this person has it, with what was used and delivered and what each whom they hear says: besides the
    part itself 5 queries for staff, 1 more where there is money from before, and 3 for a family.
    """
    page = selectors.part(sight, Section.FUNDING)
    now = page["content"].get("allocations", [])
    helps = _strategies(sight, page)
    earlier = _earlier(sight, page, {row["id"] for row in now})
    rows = [*now, *(row for row, _ in earlier)]
    said = _said(sight, [row["id"] for row in rows])
    doses = dict(_doses(helps))
    for _, theirs in earlier:
        for strategy, found in _doses(theirs):
            doses.setdefault(strategy, found)
    if by_staff(sight, Section.FUNDING):
        doses = _doses_of({u["strategy"] for one in said.values() for u in one["uses"].values()})
    hours = _hours(doses) if sight.sees(Section.STRATEGIES) and rows else {}
    today = timezone.localdate(sight.at)
    for row in rows:
        _add_up(row, said.get(row["id"], {}), hours, sight, today)
    return page | {
        "allocations": now,
        "earlier": [row for row, _ in earlier],
        "measures": _measures(sight, page) if now else [],
        "may_write": may_write(sight, page, "write_funding"),
        "may_say": sight.may("say_funding"),
        "may_manage": sight.looker is None and sight.may("write_funding"),
    }


def _strategies(sight: policy.Sight, page: dict[str, Any]) -> dict[str, Any]:
    """What a family was shown of what helps; staff's is read with the uses of money (`_doses_of`)."""
    if not sight.sees(Section.STRATEGIES) or page["version"] is None:
        return {}
    return dict(page["version"].content["strategies"])


def _measures(sight: policy.Sight, page: dict[str, Any]) -> list[dict[str, Any]]:
    if not sight.sees(Section.NEEDS) or page["cycle"] is None:
        return []
    if page["version"] is not None:
        return list(told(page["version"].content["needs"]["measures"]))
    return list(told(sharing.measures(page["cycle"])))


def _earlier(
    sight: policy.Sight, page: dict[str, Any], now: set[str]
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Money from before, each with the strategies of the version that held it: of what was shared with a family the
    newest that holds it; for staff as it is now.
    """
    if page["cycle"] is None:
        return []
    found: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
    if by_staff(sight, Section.FUNDING):
        before = sight.pupil.allocations.filter(stream__setting=page["cycle"].setting_id).exclude(pk__in=now)
        for row in sharing.allocations(before):
            found[row["id"]] = (
                told(selectors.heard_of(sight, Section.FUNDING, {"allocations": [row]}))["allocations"][0],
                {},
            )
        return list(found.values())
    versions = PlanVersion.objects.filter(cycle__pupil=sight.pupil).order_by("-cycle__number", "-number")
    for funding, helps in versions.values_list("content__funding", "content__strategies"):
        for row in told(selectors.heard_of(sight, Section.FUNDING, funding))["allocations"]:
            if row["id"] not in now and row["id"] not in found:
                found[row["id"]] = (row, helps if sight.sees(Section.STRATEGIES) else {})
    return list(found.values())


_SAID: dict[str, Any] = {
    "by": "said_by",
    "name": "said_by_name",
    "perspective": "perspective",
    "words": "words",
    "how": "how",
    "on": "on",
    "home": "household",
}


def _said(sight: policy.Sight, ids: list[str]) -> dict[str, dict[str, Any]]:
    """What people say of these allocations and this person hears, what was decided, and for which strategy each use is:
    1 query.
    """
    if not ids:
        return {}
    heard = sight.heard(Section.FUNDING, by="said_by")

    def words(model: Any, **also: str) -> ArraySubquery:
        rows = model.objects.filter(heard, allocation=OuterRef("pk")).order_by("at")
        return ArraySubquery(rows.values(json=JSONObject(**_SAID, **also)))

    uses = FundingUse.objects.filter(allocation=OuterRef("pk")).values(
        json=JSONObject(id="pk", strategy="strategy", used=Cast("used", CharField()))
    )
    decided = FundingDecision.objects.filter(allocation=OuterRef("pk")).order_by("-number")
    as_json = JSONObject(
        number="number", decision="decision", why="why", at=Cast("at__date", CharField()), by="by__name"
    )
    rows = Allocation.objects.filter(pk__in=ids).values(
        "pk",
        agreed_=words(FundingAgreement, answer="answer"),
        said_=words(FundingEvaluation, rating="rating"),
        uses_=ArraySubquery(uses),
        decided_=Subquery(decided.values(json=as_json)[:1]),
    )
    return {
        str(row["pk"]): {
            "agreed": _latest(row["agreed_"]),
            "said": _latest(row["said_"]),
            "uses": {use["id"]: use for use in row["uses_"]},
            "decided": row["decided_"],
        }
        for row in rows
    }


def _latest(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Everybody's latest, the child's first. Whoever has no sign-in is known by name and home."""
    found: dict[Any, dict[str, Any]] = {}
    for row in rows:
        key = row["by"] or (row["perspective"], row["home"], row["name"].casefold())
        found.pop(key, None)
        found[key] = row | {"on": date.fromisoformat(row["on"])}
    order = list(Perspective)
    return sorted(found.values(), key=lambda row: order.index(Perspective(row["perspective"])))


def _doses(helps: dict[str, Any]) -> Iterable[tuple[str, list[tuple[str, costing.Dose]]]]:
    for place in helps.values():
        for strategy in place:
            yield (
                strategy["id"],
                [
                    (
                        one["id"],
                        costing.Dose(
                            Decimal(str(one["times_a_week"])), one["minutes"], one["weeks"], one["group_size"]
                        ),
                    )
                    for one in strategy["provision"]
                ],
            )


def _doses_of(strategies: set[str]) -> dict[str, list[tuple[str, costing.Dose]]]:
    """The doses of strategies, of this cycle and of earlier ones, as staff have them: 1 query."""
    found: dict[str, list[tuple[str, costing.Dose]]] = defaultdict(list)
    for one in Provision.objects.filter(strategy__in=strategies, removed_at=None):
        found[str(one.strategy_id)].append((str(one.pk), dose_of(one)))
    return found


def _hours(doses: dict[str, list[tuple[str, costing.Dose]]]) -> dict[str, Hours]:
    """By strategy: 1 query."""
    ids = [pk for found in doses.values() for pk, _ in found]
    noted: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
    for pk, held, minutes, why in latest_delivered(ids).values_list("provision", "held", "minutes", "why"):
        noted[str(pk)].append((held, minutes, why))
    return {
        strategy: Hours(
            planned=sum(costing.minutes_planned(dose, dose.weeks) for _, dose in found),
            delivered=sum(minutes for pk, _ in found for _, minutes, _ in noted[pk]),
            missed=_whys(why for pk, _ in found for held, _, why in noted[pk] if held == Held.MISSED),
            noted=any(held != Held.NOT_PLANNED for pk, _ in found for held, _, _ in noted[pk]),
        )
        for strategy, found in doses.items()
        if found
    }


def _whys(found: Iterable[str]) -> list[tuple[str, int]]:
    return [(str(WhyMissed(why).label), times) for why, times in Counter(found).most_common()]


def latest_delivered(provisions: Iterable[Any]) -> Any:
    """What is said of each day of these provisions: the row that counts."""
    rows = Delivered.objects.filter(provision__in=list(provisions))
    return rows.order_by("provision_id", "on", "-number").distinct("provision_id", "on")


def _add_up(
    row: dict[str, Any], said: dict[str, Any], hours: dict[str, Hours], sight: policy.Sight, today: date
) -> None:
    kept = said.get("uses", {})
    for use in row["uses"]:  # what was used happened: it goes out at once
        live = kept.get(use["id"])
        use["used"] = Decimal(live["used"]) if live and live["used"] is not None else None
        use["hours"] = hours.get(live["strategy"]) if live else None
    row["planned"] = sum((u["planned"] for u in row["uses"]), start=row["amount"] * 0)
    row["left"] = row["amount"] - row["planned"]
    noted = [u["used"] for u in row["uses"] if u["used"] is not None]
    row["used"] = sum(noted) if noted else None
    row["all_noted"] = bool(row["uses"]) and len(noted) == len(row["uses"])
    row["last_day"] = row["ends_on"] - timedelta(days=1)
    row["over"] = row["ends_on"] <= today
    row["happened"] = [use for use in row["uses"] if use["hours"]]
    row["agreed"] = said.get("agreed", [])
    row["said"] = said.get("said", [])
    me = str(sight.person.pk)
    row["mine"] = next((one for one in row["said"] if one["by"] == me), None)
    row["my_answer"] = next((one for one in row["agreed"] if one["by"] == me), None)
    for one in [*row["said"], *row["agreed"]]:
        one["role"] = str(Perspective(one["perspective"]).label)
        if one.get("rating"):
            one["says"] = str(Difference(one["rating"]).label)
    decided = said.get("decided")
    if decided:
        decided = decided | {
            "says": str(FundingNext(decided["decision"]).label),
            "on": date.fromisoformat(decided["at"]),
        }
    row["decided"] = decided


# What support costs, for a SENCO of the setting -------------------------------------------------------------


@dataclass(frozen=True)
class Costed:
    """A provision with what it costs: None where nobody said whose time it takes, or where a week has no rate."""

    provision: Provision
    costing: Costing | None
    weeks: int
    whole: Decimal | None
    share: Decimal | None
    staff: Decimal | None
    places: int

    @property
    def resources(self) -> Decimal | None:
        return None if self.share is None or self.staff is None else self.share - self.staff

    @property
    def pupil(self) -> Pupil:
        return self.provision.strategy.cycle.pupil

    @property
    def dose(self) -> Dose:
        return dose_of(self.provision)


def dose_of(one: Provision) -> Dose:
    return costing.Dose(one.times_a_week, one.minutes, one.weeks, one.group_size)


def spans_of(setting: Setting) -> list[costing.Span]:
    """The days on which a setting is open by its terms: [first, first day after), half terms taken out."""
    found: list[costing.Span] = []
    for term in setting.terms.all():
        if term.half_term_from and term.half_term_until:
            found += [(term.starts_on, term.half_term_from), (term.half_term_until, term.ends_on)]
        else:
            found.append((term.starts_on, term.ends_on))
    return [(first, last) for first, last in found if last > first]


def weeks_a_year(setting: Setting, on: date) -> int | None:
    """In how many weeks of a year a setting is open: the number that its SENCO gave, from a day on; else the weeks of
    its terms, where three of a school year are written down; None where nobody knows. 2 queries at most.
    """
    given = [row for row in setting.open_weeks.all() if row.starts_on <= on]
    if given:
        return given[-1].weeks
    first = date(on.year if on.month >= 9 else on.year - 1, 9, 1)
    last = date(first.year + 1, 9, 1)
    terms = [term for term in setting.terms.all() if first <= term.starts_on < last]
    if len(terms) < 3:
        return None
    return costing.weeks_in([s for s in spans_of(setting) if first <= s[0] < last], first, last) or None


def costs(setting: Setting, pupil: Pupil | None = None) -> list[Costed]:
    """What the provision of a setting's open cycles costs, or that of one pupil with whoever is in a group with them:
    5 queries. For a SENCO of this setting alone.
    """
    found = open_provision(setting)
    if pupil is not None:
        groups = found.filter(strategy__cycle__pupil=pupil).exclude(group="").order_by().values("same_group")
        found = found.filter(Q(strategy__cycle__pupil=pupil) | Q(same_group__in=groups))
    if not {"terms", "open_weeks"} <= set(getattr(setting, "_prefetched_objects_cache", {})):
        prefetch_related_objects([setting], "terms", "open_weeks")
    return costs_of(found, setting)


def open_provision(setting: Setting) -> Any:
    """The provision of a setting's open cycles, in the order in which groups share their cost."""
    return (
        Provision.objects.filter(
            removed_at=None,
            strategy__removed_at=None,
            strategy__cycle__closed_at=None,
            strategy__cycle__setting=setting,
        )
        .select_related("strategy__cycle__pupil", "costing__role")
        .annotate(same_group=Lower("group"))
        .order_by("created_at", "pk")
    )


def costs_of(found: Iterable[Provision], setting: Setting) -> list[Costed]:
    """What these provisions cost, of a setting that was read with its terms and weeks: 1 query besides theirs. Whoever
    is in a group with one of them must be among them.
    """
    rates: dict[UUID, list[costing.Rate]] = defaultdict(list)
    for role, starts_on, hourly in StaffRate.objects.filter(role__setting=setting).values_list(
        "role", "starts_on", "hourly"
    ):
        rates[role].append(costing.Rate(starts_on, hourly))
    spans = spans_of(setting)
    there: dict[tuple[date, int], list[date]] = {}  # many begin on the same day
    rows: list[tuple[Provision, Costing | None, list[date], costing.Whole | None]] = []
    for one in found:
        began = one.starts_on or timezone.localdate(one.strategy.cycle.opened_at)
        weeks = there.get((began, one.weeks))
        if weeks is None:
            weeks = costing.weeks_from(began, one.weeks, spans, weeks_a_year(setting, began))
            there[began, one.weeks] = weeks
        costed: Costing | None = getattr(one, "costing", None)
        whole = (
            costing.whole_cost(dose_of(one), weeks, rates[costed.role_id], costed.resources)
            if costed
            else None
        )
        rows.append((one, costed, weeks, whole))
    shares = _shares(rows)
    return [
        Costed(
            one,
            costed,
            len(weeks),
            costing.pounds(whole.total) if whole else None,
            shares[one.pk][0],
            costing.staff_part(whole, shares[one.pk][0]) if whole and shares[one.pk][0] is not None else None,  # type: ignore[arg-type]
            shares[one.pk][1],
        )
        for one, costed, weeks, whole in rows
    ]


def _shares(
    rows: list[tuple[Provision, Costing | None, list[date], costing.Whole | None]],
) -> dict[UUID, tuple[Decimal | None, int]]:
    """Each provision's share of its group's cost and between how many it is shared. Pupils of one group share its cost
    together; an unknown cost of one leaves the others' known.
    """
    groups: dict[str, list[tuple[Provision, costing.Whole | None]]] = defaultdict(list)
    found: dict[UUID, tuple[Decimal | None, int]] = {}
    for one, _, _, whole in rows:
        if one.group:
            groups[one.group.casefold()].append((one, whole))
        else:
            found[one.pk] = (
                costing.share_alone(whole, one.group_size) if whole else None,
                one.group_size,
            )
    for members in groups.values():
        places = max(len(members), *(one.group_size for one, _ in members))
        known = [(one, whole) for one, whole in members if whole is not None]
        found |= {one.pk: (None, places) for one, _ in members}
        amounts = costing.shares([whole for _, whole in known], places) if known else []
        found |= {one.pk: (share, places) for (one, _), share in zip(known, amounts, strict=True)}
    return found


def cost_lines(costed: Iterable[Costed]) -> list[costing.Line]:
    """What is known of these costs as lines that add up the same by pupil, provision, staff rate and stream: 1 query."""
    by_strategy: dict[UUID, list[Costed]] = defaultdict(list)
    for one in costed:
        if one.share is not None:
            by_strategy[one.provision.strategy_id].append(one)
    planned: dict[UUID, list[tuple[Any, Decimal]]] = defaultdict(list)
    uses = FundingUse.objects.filter(strategy__in=list(by_strategy)).select_related("allocation__stream")
    for use in uses.order_by("created_at", "pk"):
        planned[use.strategy_id].append((use.allocation.stream, use.planned))
    found: list[costing.Line] = []
    for strategy, theirs in by_strategy.items():
        parts = [
            (one.provision, one.costing.role, one.staff, one.resources)
            for one in theirs
            if one.costing is not None and one.staff is not None and one.resources is not None
        ]
        found += costing.lines(theirs[0].pupil, parts, planned[strategy])
    return found


def totals(lines: list[costing.Line]) -> dict[str, Any]:
    """The sum of some lines, by staff rate and by stream, the greatest first; what has neither stands last."""

    def by(name: str) -> list[tuple[Any, Decimal]]:
        sums = costing.totals(lines, lambda line: getattr(line, name))
        return sorted(sums.items(), key=lambda pair: (pair[0] is None, -pair[1], str(pair[0])))

    return {
        "by_role": by("role"),
        "by_stream": by("stream"),
        "in_all": sum((line.amount for line in lines), Decimal(0)),
    }


def costs_page(sight: policy.Sight) -> dict[str, Any]:
    """What a pupil's plan costs the setting; nothing where the cycle is of a setting that this person does not
    coordinate.
    """
    cycle = selectors.current_cycle(sight.pupil)
    if cycle is None or not policy.coordinates(sight.person, cycle.setting, sight.at):
        return {"cycle": None, "rows": []}
    if cycle.closed_at is not None:
        return {"cycle": cycle, "rows": [], "closed": True}
    rows = [one for one in costs(cycle.setting, sight.pupil) if one.pupil == sight.pupil]
    lines = cost_lines(rows)
    threshold = next(
        (rate for rate in rates_on(cycle.setting, timezone.localdate(sight.at)) if rate.unit == Unit.FIRST),
        None,
    )
    sums = totals(lines)
    return {
        "cycle": cycle,
        "rows": rows,
        "unknown": sum(one.share is None for one in rows),
        "threshold": threshold,
        "over": threshold is not None and sums["in_all"] > threshold.amount,
        **sums,
    }


def roles_of(setting: Setting, on: date) -> list[dict[str, Any]]:
    """A setting's staff rates: what an hour costs on a day, and every row, the newest first. For its SENCO alone."""
    found = []
    for role in setting.staff_roles.prefetch_related("rates"):
        rates = list(role.rates.all())
        hourly = costing.hourly_on([costing.Rate(r.starts_on, r.hourly) for r in rates], on)
        found.append({"role": role, "now": hourly, "rates": rates[::-1]})
    return found


def roles(setting: Setting | UUID) -> Any:
    return StaffRole.objects.filter(setting=setting)


# What streams give, and what is worth asking about ----------------------------------------------------------


def rates_on(setting: Setting, on: date) -> list[StreamRate]:
    """What each kind of funding gives on a day: the row that began last; a setting's own before one that came with
    Alongside, and of its own the newest. 1 query.
    """
    rows = StreamRate.objects.filter(Q(setting=setting) | Q(setting=None), starts_on__lte=on)
    best: dict[tuple[str, str], StreamRate] = {}
    for row in sorted(rows, key=lambda r: (r.starts_on, r.setting_id is not None, r.at, str(r.pk))):
        best[row.kind, row.band.casefold()] = row
    return sorted(best.values(), key=lambda r: (r.get_kind_display(), r.band))


@dataclass(frozen=True)
class Prompt:
    """Something worth asking a family about, with what it gives, and when they were told of it last."""

    about: AskAbout
    rates: list[StreamRate]
    told_at: datetime | None
    told_by: str

    @property
    def their_own(self) -> bool:
        return self.about in eligible.THEIR_OWN


def prompts(sight: policy.Sight) -> list[Prompt]:
    """What is worth asking this family about, for a SENCO: 3 queries. Nothing that the plan has money from already."""
    today = timezone.localdate(sight.at)
    here = sight.pupil.enrolments.on(today).select_related("setting").first()
    if here is None:
        return []
    rates = rates_on(here.setting, today)
    told_: dict[str, Any] = {}
    for row in sight.pupil.told_of.select_related("by").order_by("at"):
        told_[row.about] = row
    there = set(
        sight.pupil.allocations.filter(starts_on__lte=today, ends_on__gt=today).values_list(
            F("stream__kind"), flat=True
        )
    )
    known = eligible.Facts(
        sight.pupil.date_of_birth, Phase(here.setting.phase), here.year_group, sight.pupil.sen_provision
    )
    return [
        Prompt(
            about,
            [rate for rate in rates if rate.kind == about.value],
            told_[about].at if about in told_ else None,
            told_[about].by.called if about in told_ else "",
        )
        for about in eligible.worth_asking(known, today)
        if about.value not in there
    ]
