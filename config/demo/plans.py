"""The cycles of one pupil: what was noticed, planned, tried, judged and decided."""

from datetime import date
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any
from uuid import UUID

from accounts.models import User
from apdr.enums import (
    Answer,
    HowObtained,
    NeedKind,
    Perspective,
    ProposalKind,
    ProposalState,
    Stage,
    StepStatus,
)
from apdr.enums import Place as At
from apdr.models import (
    Allocation,
    Comment,
    Cycle,
    CycleStage,
    FundingUse,
    Measure,
    Need,
    NextStep,
    Outcome,
    PlanAnswer,
    Progress,
    Proposal,
    Provision,
    ScaleVersion,
    Strategy,
    StrategyAnswer,
    View,
)
from notifications.models import Update
from pupils.enums import Area
from pupils.models import Pupil
from reviews.enums import DecisionKind, Rating, ReviewState
from reviews.models import Decision, Judgement, Review

from .days import Days
from .people import Content, Place, Voice
from .rows import Rows, fixed

AREAS = {
    "CL": Area.COGNITION,
    "CI": Area.COMMUNICATION,
    "SEMH": Area.SEMH,
    "SP": Area.SENSORY_PHYSICAL,
    "strength": Area.OTHER,
}
SCALES = {"gas": "goal", "ten": "ten", "four": "steps", "count": "count"}
RATINGS = {"met": Rating.LOT, "helping": Rating.LOT, "partly": Rating.BIT, "not helping": Rating.NOT_YET}
DECISIONS = {"ehcna": DecisionKind.REQUEST_EHC}
#: The first word found in what the child is to do chooses the picture on their card.
PICTURES = {
    "read": "1F4D6", "book": "1F4D6", "line": "1F4D6", "write": "270F", "spell": "270F", "word": "1F524", "letter": "1F524",
    "draw": "1F3A8", "song": "1F3B5", "sing": "1F3B5", "beat": "1F3B5", "drum": "1F3B5", "ball": "26BD", "swim": "1F3CA",
    "bike": "1F6B2", "bus": "1F68C", "8.15": "1F68C", "meal": "1F34E", "lunch": "1F96A", "toast": "1F96A", "tell": "1F4AC",
    "say": "1F4AC", "talk": "1F4AC", "ask": "1F64B", "show": "1F64B", "ear": "1F442", "map": "1F5FA", "key": "1F511",
    "jump": "1F3C3", "lap": "1F3C3", "door": "1F3EB", "minute": "23F0", "count": "1F522", "pay": "1F522", "friend": "1F642",
    "worry": "1F32C", "finger": "1F32C", "brake": "1F92B", "rest": "1F634",
}  # fmt: skip
PENNY = Decimal("0.01")


class Plans:
    def __init__(
        self, rows: Rows, days: Days, place: Place, pupil: Pupil, voices: dict[str, Voice], one: Content
    ) -> None:
        self.rows, self.days, self.place, self.pupil = rows, days, place, pupil
        self.voices, self.one, self.senco = voices, one, place.senco
        self.scales = {
            version.scale.kind: version
            for version in ScaleVersion.objects.filter(scale__setting=place.setting).select_related("scale")
        }
        self.previous: Cycle | None = None
        self.unfinished: NextStep | None = None
        self.kept: list[Strategy] = []
        self.post16 = pupil.post16_from is not None

    def key(self, *parts: object) -> UUID:
        return fixed(self.one["key"], *parts)

    def accounts(self, names: list[str]) -> list[tuple[str, Voice]]:
        """Those who can answer for themselves; after 16 no parent answers until the young person shares it."""
        found = [(name, self.voices[name]) for name in names]
        return [
            (name, v) for name, v in found
            if v.user is not None and not (self.post16 and v.perspective is Perspective.PARENT)
        ]  # fmt: skip

    def write(self) -> list[tuple[Cycle, Content]]:
        """Every cycle of the pupil, oldest first."""
        written = []
        for number, content in enumerate(self.one["cycles"], start=1):
            cycle = self.cycle(number, content)
            written.append((cycle, content))
            self.previous = cycle
        self.updates()
        return written

    def cycle(self, number: int, content: Content) -> Cycle:
        closed = "decision" in content["review"]
        cycle = self.rows.add(
            Cycle(
                id=self.key("cycle", number),
                pupil=self.pupil,
                setting=self.place.setting,
                number=number,
                review_on=self.days.weekday(content["review"]["on"]),
                previous=self.previous,
                opened_by=self.senco,
                opened_at=self.days.moment(content["from"], "09:10"),
                closed_at=self.days.moment(content["to"], "16:40") if closed else None,
            )
        )
        self.stages(cycle, content, closed)
        self.needs(cycle, content)
        self.views(cycle, content)
        for n, (name, unit, entry, exit_) in enumerate(content["measures"]):
            self.rows.add(
                Measure(
                    **self.item(cycle, "measure", n),
                    name=name,
                    unit=unit,
                    entry=Decimal(entry),
                    entry_on=self.days.weekday(content["from"] + 3),
                    exit=Decimal(exit_) if exit_ else None,
                    exit_on=min(cycle.review_on, self.days.weekday(-1)) if exit_ else None,
                )
            )
        self.outcomes(cycle, content, closed)
        self.strategies(cycle, content, closed)
        self.review(cycle, content, closed)
        return cycle

    def item(self, cycle: Cycle, kind: str, n: object) -> Content:
        """What every part of a cycle has."""
        position = n if isinstance(n, int) else int(str(n).rpartition(".")[2])
        return {
            "id": self.key(cycle.number, kind, n),
            "cycle": cycle,
            "position": position,
            "created_by": self.senco,
            "created_at": cycle.opened_at,
        }

    def stages(self, cycle: Cycle, content: Content, closed: bool) -> None:
        entered = [(Stage.ASSESS, content["from"], "09:10")]
        if content.get("stage") != "assess":
            shared = shared_on(content)[0]
            entered += [(Stage.PLAN, content["from"] + 6, "10:00"), (Stage.DO, shared, "11:05")]
        if closed:
            entered += [
                (Stage.REVIEW, content["review"]["on"], "14:00"),
                (Stage.CLOSED, content["to"], "16:40"),
            ]
        for number, (stage, day, time) in enumerate(entered, start=1):
            self.rows.add(
                CycleStage(
                    id=self.key(cycle.number, "stage", number),
                    cycle=cycle,
                    number=number,
                    stage=stage,
                    by=self.senco,
                    at=self.days.moment(day, time),
                )
            )

    def needs(self, cycle: Cycle, content: Content) -> None:
        for n, (area, noticed, evidence, who) in enumerate(content["needs"]):
            voice = self.voices[who]
            self.rows.add(
                Need(
                    **self.item(cycle, "need", n),
                    kind=NeedKind.STRENGTH if area == "strength" else NeedKind.NEED,
                    area=AREAS[area],
                    words=noticed,
                    evidence=evidence,
                    source=voice.perspective,
                    source_name=voice.name,
                )
            )

    def views(self, cycle: Cycle, content: Content) -> None:
        said = content["views"]
        if said["child"] is not None:
            how, detail, words = said["child"]
            name = f"{self.pupil.called}. How: {detail}"
            self.view(cycle, content, "child", self.voices["self"], HowObtained(how), words, name)
        for who, words in said["parents"]:
            voice = self.voices[who]
            interpreted = "interpreter" in content["review"] and voice.perspective is Perspective.PARENT
            how = HowObtained.INTERPRETED if interpreted else HowObtained.TALKED
            self.view(cycle, content, who, voice, how, words, voice.name)
        for who, words in said["staff"]:
            voice = self.voices[who]
            self.view(cycle, content, who, voice, HowObtained.WROTE, words, voice.name)

    def view(
        self, cycle: Cycle, content: Content, who: str, voice: Voice, how: HowObtained, words: str, name: str
    ) -> None:
        self.rows.add(
            View(
                id=self.key(cycle.number, "view", who, words[:20]),
                pupil=self.pupil,
                cycle=cycle,
                perspective=voice.perspective,
                said_by=voice.user,
                said_by_name=name,
                household=voice.household,
                how=how,
                words=words,
                recorded_by=self.senco,
                at=self.days.moment(content["from"] + (2 if who == "child" else 4), "13:15"),
            )
        )

    # Outcomes and next steps -------------------------------------------------------------------------

    def outcomes(self, cycle: Cycle, content: Content, closed: bool) -> None:
        carried, self.unfinished = self.unfinished, None
        for n, wanted in enumerate(content["outcomes"]):
            outcome = self.rows.add(
                Outcome(
                    **self.item(cycle, "outcome", n),
                    carried_from=carried.outcome if carried and n == 0 else None,
                    words=wanted["is"],
                    area=AREAS[wanted["area"]],
                    by_when=self.end_of_year(cycle.review_on),
                )
            )
            for m, content_of_step in enumerate(wanted["steps"]):
                step = self.step(cycle, outcome, f"{n}.{m}", content_of_step, closed)
                if carried and (n, m) == (0, 0):
                    step.carried_from = carried

    def end_of_year(self, day: date) -> date:
        return (
            date(day.year + (day.month >= 9), 7, 20)
            if (day.month, day.day) < (7, 20) or day.month >= 9
            else day
        )

    def step(self, cycle: Cycle, outcome: Outcome, n: str, content: Content, closed: bool) -> NextStep:
        owner = self.voices[content["owner"]]
        judged = content.get("judged", {})
        status = StepStatus.CURRENT
        if closed:
            status = StepStatus.MET if judged["staff"][0] == "met" else StepStatus.CARRIED
        step = self.rows.add(
            NextStep(
                **self.item(cycle, "step", n),
                outcome=outcome,
                words=content["do"],
                child_words=content["child"],
                criterion=content["when"],
                baseline=content["baseline"],
                baseline_value=content["start"],
                scale=self.scales[SCALES[content["scale"]]],
                goal_levels=content.get("levels"),
                owner=owner.user,
                owner_name="" if owner.user else owner.name,
                by_when=min(self.days.weekday(content["by"]), cycle.review_on),
                status=status,
                picture=_picture(content["child"]),
            )
        )
        if status is StepStatus.CARRIED:
            self.unfinished = step
        for m, (day, who, level, note) in enumerate(content["log"]):
            self.note(step, n, m, day, who, level, note)
        for who, (rating, words) in judged.items():
            self.judge(cycle, who, rating, words, step=step)
        return step

    def note(self, step: NextStep, n: str, m: int, day: int, who: str, level: int, words: str) -> None:
        voice = self.voices[who]
        if voice.user is None:
            raise ValueError(f"{self.one['key']}: {who} logs a step but has no way to sign in")
        at = self.days.moment(day, "15:20", any_day=voice.perspective is not Perspective.STAFF)
        self.rows.add(
            Progress(
                id=self.key(step.pk, "note", m),
                step=step,
                perspective=voice.perspective,
                by=voice.user,
                on=at.date(),
                at=at,
                value=level,
                note=words,
                sent_key=self.key(step.pk, "sent", m),
            )
        )

    # Strategies, provision and money -----------------------------------------------------------------

    def strategies(self, cycle: Cycle, content: Content, closed: bool) -> None:
        spent: dict[str, list[tuple[Strategy, Decimal, Decimal]]] = {}
        own = content["strategies"]
        best = 0
        if not closed and content.get("stage") != "assess":
            wanted = 3 - sum(s["at"] == "school" for s in own)
            at_school = [s for s in self.kept if s.place == At.SETTING]
            for n, old in enumerate(at_school[-wanted:] if wanted > 0 else []):
                best += 1
                copy = Strategy(
                    **self.item(cycle, "kept", n),
                    carried_from=old, place=old.place, words=old.words, works_best=True,
                    proposed_by=old.proposed_by, proposed_by_name=old.proposed_by_name, perspective=old.perspective,
                )  # fmt: skip
                self.rows.add(copy)
        for n, one in enumerate(own):
            voice = self.voices[one["by"]]
            place = At.HOME if one["at"] == "home" else At.SETTING
            works_best = not closed and place is At.SETTING and best < 3 and "no" not in one
            best += works_best
            strategy = self.rows.add(
                Strategy(
                    **self.item(cycle, "strategy", n) | {"position": n + 3},
                    place=place,
                    words=one["what"],
                    proposed_by=voice.user,
                    proposed_by_name=voice.name,
                    perspective=voice.perspective,
                    works_best=works_best,
                )
            )
            self.answers(cycle, content, strategy, one, n)
            if "prov" in one:
                self.provision(cycle, strategy, one, n, spent)
            if "view" in one:
                self.judge(cycle, "staff", *one["view"], strategy=strategy)
                if one["view"][0] == "helping":
                    self.kept.append(strategy)
        self.money(cycle, spent)

    def answers(self, cycle: Cycle, content: Content, strategy: Strategy, one: Content, n: int) -> None:
        at = self.days.moment(shared_on(content)[0] + 2, "19:00", any_day=True)
        answered = [(who, Answer.AGREE, "") for who in one.get("yes", [])]
        answered += [(who, Answer.DISAGREE, why) for who, why in one.get("no", [])]
        able = dict(self.accounts([who for who, _, _ in answered]))
        for who, answer, why in answered:
            if who in able:
                voice = able[who]
                self.rows.add(
                    StrategyAnswer(
                        id=self.key(strategy.pk, "answer", who), strategy=strategy, by=voice.user,
                        household=voice.household, perspective=voice.perspective, answer=answer, why=why, at=at,
                    )
                )  # fmt: skip
            elif why:
                self.judge(cycle, who, "not helping", why, strategy=strategy)

    def provision(
        self, cycle: Cycle, strategy: Strategy, one: Content, n: int, spent: dict[str, list[Any]]
    ) -> None:
        who, where, times, minutes, group, weeks = one["prov"]
        self.rows.add(
            Provision(
                id=self.key(strategy.pk, "provision"), strategy=strategy, who=who, where=where,
                times_a_week=times, minutes=minutes, group_size=group, weeks=weeks,
                created_by=self.senco, created_at=cycle.opened_at,
            )
        )  # fmt: skip
        stream, hourly, resources, held = one["paid"]
        each = Decimal(hourly) * minutes / 60 / group
        planned = (each * times * weeks + Decimal(resources)).quantize(PENNY, ROUND_HALF_UP)
        used = (each * held + Decimal(resources)).quantize(PENNY, ROUND_HALF_UP)
        if used > planned:
            raise ValueError(f"{self.one['key']}: more was used than planned for {strategy.words!r}")
        spent.setdefault(stream, []).append((strategy, planned, used))

    def money(self, cycle: Cycle, spent: dict[str, list[tuple[Strategy, Decimal, Decimal]]]) -> None:
        for stream, uses in spent.items():
            total = sum((planned for _, planned, _ in uses), Decimal(0))
            allocation = self.rows.add(
                Allocation(
                    id=self.key(cycle.number, "allocation", stream),
                    pupil=self.pupil,
                    stream=self.place.streams[stream],
                    amount=(total / 10).quantize(Decimal(1), ROUND_UP) * 10,
                    purpose="; ".join(strategy.words for strategy, _, _ in uses),
                    starts_on=cycle.opened_at.date(),
                    ends_on=date.fromordinal(cycle.review_on.toordinal() + 1),
                    created_by=self.senco,
                    created_at=cycle.opened_at,
                )
            )
            for strategy, planned, used in uses:
                self.rows.add(
                    FundingUse(
                        id=self.key(strategy.pk, "use"), allocation=allocation, strategy=strategy, planned=planned,
                        used=used, created_by=self.senco, created_at=cycle.opened_at,
                    )
                )  # fmt: skip

    # Review ------------------------------------------------------------------------------------------

    def judge(self, cycle: Cycle, who: str, rating: str, words: str, **of: Any) -> None:
        voice = self.speaker(who)
        self.rows.add(
            Judgement(
                id=self.key("judged", *[x.pk for x in of.values()], who),
                cycle=cycle,
                perspective=voice.perspective,
                rating=RATINGS[rating],
                words=words,
                said_by=voice.user,
                said_by_name=voice.name,
                household=voice.household,
                recorded_by=self.senco,
                at=self.days.moment(self.days_until(cycle.review_on), "14:30"),
                **of,
            )
        )

    def speaker(self, who: str) -> Voice:
        """ "child", "family" and "staff" are whoever speaks first for them."""
        match who:
            case "child":
                return self.voices["self"]
            case "family":
                return self.voices[self.one["family"][0]["people"][0]["is"]]
            case "staff":
                return Voice(self.senco.name, Perspective.STAFF, self.senco)
        return self.voices[who]

    def days_until(self, day: date) -> int:
        return (day - self.days.today).days

    def review(self, cycle: Cycle, content: Content, closed: bool) -> None:
        about = content["review"]
        if not closed and (
            (about["on"] != "this-week" and about["on"] < 0) or content.get("stage") == "assess"
        ):
            return  # overdue because nobody has set a time, or not planned yet
        there = ", ".join(self.voices[who].name for who in about.get("there", []))
        child = content["views"]["child"]
        took_part = ""
        if closed and child is not None:
            came = "self" in about["there"]
            took_part = (
                f"Came, after: {child[1]}" if came else f"Not there. Their part was read out: {child[1]}"
            )
        review = self.rows.add(
            Review(
                id=self.key(cycle.number, "review"),
                cycle=cycle,
                starts_at=self.days.moment(about["on"], "14:00" if closed else "15:30"),
                where=self.place.content["setting"]["name"],
                state=ReviewState.HELD if closed else ReviewState.SCHEDULED,
                who_came=there,
                child_took_part=took_part,
                working=about.get("working", ""),
                not_working=about.get("not_working", ""),
                scheduled_by=self.senco,
                scheduled_at=self.days.moment(content["from"] + 6, "10:30"),
                held_at=self.days.moment(about["on"], "14:45") if closed else None,
            )
        )
        if closed:
            kind, why = about["decision"]
            self.rows.add(
                Decision(
                    id=self.key(cycle.number, "decision"),
                    cycle=cycle,
                    kind=DECISIONS.get(kind) or DecisionKind(kind),
                    why=why,
                    who_was_told=review.who_came,
                    by=self.senco,
                    at=self.days.moment(content["to"], "16:30"),
                )
            )

    # What the family says to a shared version --------------------------------------------------------

    def replies(self, version: Any, cycle: Cycle, content: Content) -> None:
        """Comments and proposals of the family, and that they agree with the latest version."""
        for n, (day, who, words) in enumerate(content.get("comments", [])):
            self.rows.add(
                Comment(**self.from_family("comment", n, day, who), plan_version=version, words=words)
            )
        for n, (day, who, kind, words, why) in enumerate(content.get("proposals", [])):
            self.rows.add(
                Proposal(
                    **self.from_family("proposal", n, day, who),
                    cycle=cycle,
                    kind=ProposalKind(kind),
                    words=words,
                    why=why,
                )
            )
        agreeing = {who for who, _ in content["views"]["parents"]} & {
            who for strategy in content["strategies"] for who in strategy.get("yes", [])
        }
        if "decision" not in content["review"]:
            for who, _ in self.accounts(sorted(agreeing)):
                self.rows.add(
                    PlanAnswer(
                        **self.from_family("agrees", who, shared_on(content)[-1] + 2, who),
                        plan_version=version,
                        answer=Answer.AGREE,
                    )
                )

    def proposed(self, strategy: Strategy, content: Content) -> None:
        """The last strategy that somebody at home proposed between two versions, and that was accepted."""
        first, last = shared_on(content)[0], shared_on(content)[-1]
        who = next(k for k, v in self.voices.items() if v.user is not None and v.user == strategy.proposed_by)
        kind = ProposalKind.HOME_STRATEGY if strategy.place == At.HOME else ProposalKind.SETTING_STRATEGY
        self.rows.add(
            Proposal(
                **self.from_family("accepted", 0, first + 4, who),
                cycle=strategy.cycle,
                kind=kind,
                words=strategy.words,
                state=ProposalState.ACCEPTED,
                answered_by=self.senco,
                answered_at=self.days.moment(last, "10:30"),
                reply="Yes. It is in the new version, in your words.",
                strategy=strategy,
            )
        )

    def from_family(self, kind: str, n: object, day: int, who: str) -> Content:
        voice = self.voices[who]
        return {
            "id": self.key(kind, n),
            "sent_key": self.key(kind, n, "sent"),
            "by": _account(voice),
            "perspective": voice.perspective,
            "household": voice.household,
            "at": self.days.moment(min(day, -1), "19:40", any_day=True),
        }

    def updates(self) -> None:
        for n, (day, who, good, words) in enumerate(self.one["updates"]):
            voice = self.voices[who]
            at = self.days.moment(day, "15:05", any_day=voice.perspective is not Perspective.STAFF)
            self.rows.add(
                Update(
                    id=self.key("update", n), pupil=self.pupil, household=voice.household,
                    perspective=voice.perspective, by=_account(voice), good_thing=good, words=words,
                    on=at.date(), at=at, sent_key=self.key("update", n, "sent"),
                )
            )  # fmt: skip


def shared_on(content: Content) -> list[int]:
    """The days on which the versions of a cycle were shared; the tenth day where the content says nothing."""
    return list(content.get("shared", [content["from"] + 10]))


def _account(voice: Voice) -> User:
    if voice.user is None:
        raise ValueError(f"{voice.name} writes but has no way to sign in")
    return voice.user


def _picture(child_words: str) -> str:
    lower = child_words.lower()
    return next((code for word, code in PICTURES.items() if word in lower), "1F31F")
