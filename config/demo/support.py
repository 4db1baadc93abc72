"""What adults do for a pupil in a cycle: strategies, who answered them, provision and money."""

from datetime import date
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any
from uuid import UUID

from apdr.enums import (
    Answer,
)
from apdr.enums import Place as At
from apdr.models import (
    Allocation,
    Cycle,
    FundingUse,
    Provision,
    Strategy,
    StrategyAnswer,
)

from . import money as costs
from .people import Content
from .story import Story, shared_on

PENNY = Decimal("0.01")


def strategies(story: Story, cycle: Cycle, content: Content, closed: bool) -> None:
    spent: dict[str, list[tuple[Strategy, Decimal, Decimal]]] = {}
    told: dict[UUID, Content] = {}
    own = content["strategies"]
    best = 0
    if not closed and content.get("stage") != "assess":
        wanted = 3 - sum(s["at"] == "school" and "no" not in s for s in own)
        at_school = [s for s in story.kept if s.place == At.SETTING]
        for n, old in enumerate(at_school[-wanted:] if wanted > 0 else []):
            best += 1
            copy = Strategy(
                **story.item(cycle, "kept", n),
                carried_from=old, place=old.place, words=old.words, works_best=True,
                proposed_by=old.proposed_by, proposed_by_name=old.proposed_by_name, perspective=old.perspective,
            )  # fmt: skip
            story.rows.add(copy)
    for n, one in enumerate(own):
        voice = story.voices[one["by"]]
        place = At.HOME if one["at"] == "home" else At.SETTING
        works_best = not closed and place is At.SETTING and best < 3 and "no" not in one
        best += works_best
        strategy = story.rows.add(
            Strategy(
                **story.item(cycle, "strategy", n) | {"position": n + 3},
                place=place,
                words=one["what"],
                proposed_by=voice.user,
                proposed_by_name=voice.name,
                perspective=voice.perspective,
                works_best=works_best,
            )
        )
        answers(story, cycle, content, strategy, one, n)
        if "prov" in one:
            provision(story, cycle, strategy, one, n, spent)
            told[strategy.pk] = one
        if "view" in one:
            story.judge(cycle, "staff", *one["view"], strategy=strategy)
            if one["view"][0] == "helping":
                story.kept.append(strategy)
    money(story, cycle, content, spent, told, closed)


def answers(story: Story, cycle: Cycle, content: Content, strategy: Strategy, one: Content, n: int) -> None:
    at = story.days.moment(shared_on(content)[0] + 2, "19:00", any_day=True)
    answered = [(who, Answer.AGREE, "") for who in one.get("yes", [])]
    answered += [(who, Answer.DISAGREE, why) for who, why in one.get("no", [])]
    able = dict(story.accounts([who for who, _, _ in answered]))
    for who, answer, why in answered:
        if who in able:
            voice = able[who]
            story.rows.add(
                StrategyAnswer(
                    id=story.key(strategy.pk, "answer", who), strategy=strategy, by=voice.user,
                    household=voice.household, perspective=voice.perspective, answer=answer, why=why, at=at,
                )
            )  # fmt: skip
        elif why:
            story.judge(cycle, who, "not helping", why, strategy=strategy)


def provision(
    story: Story, cycle: Cycle, strategy: Strategy, one: Content, n: int, spent: dict[str, list[Any]]
) -> None:
    who, where, times, minutes, group, weeks = one["prov"]
    made = story.rows.add(
        Provision(
            id=story.key(strategy.pk, "provision"), strategy=strategy, who=who, where=where,
            times_a_week=times, minutes=minutes, group_size=group, weeks=weeks,
            created_by=story.senco, created_at=cycle.opened_at,
        )
    )  # fmt: skip
    stream, hourly, resources, held = one["paid"]
    costs.costed(story, made, hourly, resources)
    costs.delivered(story, cycle, made, held)
    each = Decimal(hourly) * minutes / 60 / group
    planned = (each * times * weeks + Decimal(resources)).quantize(PENNY, ROUND_HALF_UP)
    used = (each * held + Decimal(resources)).quantize(PENNY, ROUND_HALF_UP)
    if used > planned:
        raise ValueError(f"{story.one['key']}: more was used than planned for {strategy.words!r}")
    spent.setdefault(stream, []).append((strategy, planned, used))


def money(
    story: Story,
    cycle: Cycle,
    content: Content,
    spent: dict[str, list[tuple[Strategy, Decimal, Decimal]]],
    told: dict[UUID, Content],
    closed: bool,
) -> None:
    for stream, uses in spent.items():
        total = sum((planned for _, planned, _ in uses), Decimal(0))
        allocation = story.rows.add(
            Allocation(
                id=story.key(cycle.number, "allocation", stream),
                pupil=story.pupil,
                stream=story.place.streams[stream],
                amount=(total / 10).quantize(Decimal(1), ROUND_UP) * 10,
                purpose="; ".join(strategy.words for strategy, _, _ in uses),
                starts_on=cycle.opened_at.date(),
                ends_on=date.fromordinal(cycle.review_on.toordinal() + 1),
                created_by=story.senco,
                created_at=cycle.opened_at,
            )
        )
        for strategy, planned, used in uses:
            story.rows.add(
                FundingUse(
                    id=story.key(strategy.pk, "use"), allocation=allocation, strategy=strategy, planned=planned,
                    used=used, created_by=story.senco, created_at=cycle.opened_at,
                )
            )  # fmt: skip
        used_for = [(strategy, told[strategy.pk]) for strategy, _, _ in uses]
        costs.looked_back(story, cycle, content, allocation, used_for, closed)
