"""The cycles of one pupil: what was noticed, planned, tried, judged and decided."""

from datetime import date
from decimal import Decimal

from apdr.enums import (
    HowObtained,
    NeedKind,
    Perspective,
    Stage,
    StepStatus,
)
from apdr.models import (
    Cycle,
    CycleStage,
    Measure,
    Need,
    NextStep,
    Outcome,
    Progress,
    View,
)
from pupils.enums import Area
from reviews.enums import DecisionKind, ReviewState
from reviews.models import Attendee, Decision, Review

from .asked import asked
from .at_home import at_home
from .people import Content, Voice
from .replies import updates
from .story import Story, shared_on
from .support import strategies
from .voice import voice

AREAS = {
    "CL": Area.COGNITION,
    "CI": Area.COMMUNICATION,
    "SEMH": Area.SEMH,
    "SP": Area.SENSORY_PHYSICAL,
    "strength": Area.OTHER,
}
SCALES = {"gas": "goal", "ten": "ten", "four": "steps", "count": "count"}
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


def write(
    story: Story,
) -> list[tuple[Cycle, Content]]:
    """Every cycle of the pupil, oldest first."""
    written: list[tuple[Cycle, Content]] = []
    for number, content in enumerate(story.one["cycles"], start=1):
        cycle = write_cycle(story, number, content)
        written.append((cycle, content))
        story.previous = cycle
    updates(story)
    at_home(story)
    voice(story, written[-1][0] if written else None)
    return written


def write_cycle(story: Story, number: int, content: Content) -> Cycle:
    closed = "decision" in content["review"]
    cycle = story.rows.add(
        Cycle(
            id=story.key("cycle", number),
            pupil=story.pupil,
            setting=story.place.setting,
            number=number,
            review_on=story.days.review(content["review"]["on"]),
            previous=story.previous,
            opened_by=story.senco,
            opened_at=story.days.moment(content["from"], "09:10"),
            closed_at=story.days.moment(content["to"], "16:40") if closed else None,
        )
    )
    stages(story, cycle, content, closed)
    needs(story, cycle, content)
    views(story, cycle, content)
    for n, (name, unit, entry, exit_) in enumerate(content["measures"]):
        story.rows.add(
            Measure(
                **story.item(cycle, "measure", n),
                name=name,
                unit=unit,
                entry=Decimal(entry),
                entry_on=story.days.weekday(content["from"] + 3),
                exit=Decimal(exit_) if exit_ else None,
                exit_on=min(cycle.review_on, story.days.weekday(-1)) if exit_ else None,
            )
        )
    outcomes(story, cycle, content, closed)
    strategies(story, cycle, content, closed)
    write_review(story, cycle, content, closed)
    return cycle


def stages(story: Story, cycle: Cycle, content: Content, closed: bool) -> None:
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
        story.rows.add(
            CycleStage(
                id=story.key(cycle.number, "stage", number),
                cycle=cycle,
                number=number,
                stage=stage,
                by=story.senco,
                at=story.days.moment(day, time),
            )
        )


def needs(story: Story, cycle: Cycle, content: Content) -> None:
    for n, (area, noticed, evidence, who) in enumerate(content["needs"]):
        voice = story.voices[who]
        story.rows.add(
            Need(
                **story.item(cycle, "need", n),
                kind=NeedKind.STRENGTH if area == "strength" else NeedKind.NEED,
                area=AREAS[area],
                words=noticed,
                evidence=evidence,
                source=voice.perspective,
                source_name=voice.name,
            )
        )


def views(story: Story, cycle: Cycle, content: Content) -> None:
    said = content["views"]
    if said["child"] is not None:
        how, detail, words = said["child"]
        name = story.pupil.called
        view(story, cycle, content, "child", story.voices["self"], HowObtained(how), words, name, detail)
    for who, words in said["parents"]:
        voice = story.voices[who]
        interpreted = "interpreter" in content["review"] and voice.perspective is Perspective.PARENT
        how = HowObtained.INTERPRETED if interpreted else HowObtained.TALKED
        view(story, cycle, content, who, voice, how, words, voice.name)
    for who, words in said["staff"]:
        voice = story.voices[who]
        view(story, cycle, content, who, voice, HowObtained.WROTE, words, voice.name)


def view(
    story: Story,
    cycle: Cycle,
    content: Content,
    who: str,
    voice: Voice,
    how: HowObtained,
    words: str,
    name: str,
    how_words: str = "",
) -> None:
    story.rows.add(
        View(
            id=story.key(cycle.number, "view", who, words[:20]),
            pupil=story.pupil,
            cycle=cycle,
            perspective=voice.perspective,
            said_by=voice.user,
            said_by_name=name,
            household=voice.household,
            how=how,
            how_words=how_words,
            words=words,
            recorded_by=story.senco,
            at=story.days.moment(content["from"] + (2 if who == "child" else 4), "13:15"),
        )
    )


def outcomes(story: Story, cycle: Cycle, content: Content, closed: bool) -> None:
    carried, story.unfinished = story.unfinished, None
    for n, wanted in enumerate(content["outcomes"]):
        outcome = story.rows.add(
            Outcome(
                **story.item(cycle, "outcome", n),
                carried_from=carried.outcome if carried and n == 0 else None,
                words=wanted["is"],
                area=AREAS[wanted["area"]],
                by_when=end_of_year(story, cycle.review_on),
            )
        )
        for m, content_of_step in enumerate(wanted["steps"]):
            step = write_step(story, cycle, outcome, f"{n}.{m}", content_of_step, closed)
            if carried and (n, m) == (0, 0):
                step.carried_from = carried


def end_of_year(story: Story, day: date) -> date:
    return (
        date(day.year + (day.month >= 9), 7, 20) if (day.month, day.day) < (7, 20) or day.month >= 9 else day
    )


def write_step(
    story: Story, cycle: Cycle, outcome: Outcome, n: str, content: Content, closed: bool
) -> NextStep:
    owner = story.voices[content["owner"]]
    judged = content.get("judged", {})
    status = StepStatus.CURRENT
    if closed:
        status = StepStatus.MET if judged["staff"][0] == "met" else StepStatus.CARRIED
    step = story.rows.add(
        NextStep(
            **story.item(cycle, "step", n),
            outcome=outcome,
            words=content["do"],
            child_words=content["child"],
            criterion=content["when"],
            baseline=content["baseline"],
            baseline_value=content["start"],
            scale=story.scales[SCALES[content["scale"]]],
            goal_levels=content.get("levels"),
            owner=owner.user,
            owner_name="" if owner.user else owner.name,
            by_when=min(story.days.weekday(content["by"]), cycle.review_on),
            status=status,
            picture=_picture(content["child"]),
        )
    )
    if status is StepStatus.CARRIED:
        story.unfinished = step
    for m, (day, who, level, note) in enumerate(content["log"]):
        write_note(story, step, n, m, day, who, level, note)
    for who, (rating, words) in judged.items():
        story.judge(cycle, who, rating, words, step=step)
    return step


def write_note(
    story: Story, step: NextStep, n: str, m: int, day: int, who: str, level: int, words: str
) -> None:
    voice = story.voices[who]
    if voice.user is None:
        raise ValueError(f"{story.one['key']}: {who} logs a step but has no way to sign in")
    at = story.days.moment(day, "15:20", any_day=voice.perspective is not Perspective.STAFF)
    story.rows.add(
        Progress(
            id=story.key(step.pk, "note", m),
            step=step,
            perspective=voice.perspective,
            by=voice.user,
            on=at.date(),
            at=at,
            value=level,
            note=words,
            sent_key=story.key(step.pk, "sent", m),
        )
    )


def write_review(story: Story, cycle: Cycle, content: Content, closed: bool) -> None:
    about = content["review"]
    if not closed and ((about["on"] != "this-week" and about["on"] < 0) or content.get("stage") == "assess"):
        return  # overdue because nobody has set a time, or not planned yet
    there = ", ".join(story.voices[who].name for who in about.get("there", []))
    child = content["views"]["child"]
    took_part = ""
    if closed and child is not None:
        came = "self" in about["there"]
        took_part = f"Came, after: {child[1]}" if came else f"Not there. Their part was read out: {child[1]}"
    review = story.rows.add(
        Review(
            id=story.key(cycle.number, "review"),
            cycle=cycle,
            starts_at=story.days.at(
                cycle.review_on, "14:00" if closed else story.place.next_time(cycle.review_on)
            ),
            where=story.place.content["setting"]["name"],
            state=ReviewState.HELD if closed else ReviewState.SCHEDULED,
            who_came=there,
            child_took_part=took_part,
            working=about.get("working", ""),
            not_working=about.get("not_working", ""),
            scheduled_by=story.senco,
            scheduled_at=story.days.moment(content["from"] + 6, "10:30"),
            held_at=story.days.moment(about["on"], "14:45") if closed else None,
        )
    )
    if not closed:
        story.rows.add(Attendee(id=story.key(cycle.number, "attendee"), review=review, person=story.senco))
        if about["on"] == "this-week":
            asked(story, review)
    if closed:
        kind, why = about["decision"]
        story.rows.add(
            Decision(
                id=story.key(cycle.number, "decision"),
                cycle=cycle,
                kind=DECISIONS.get(kind) or DecisionKind(kind),
                why=why,
                who_was_told=review.who_came,
                by=story.senco,
                at=story.days.moment(content["to"], "16:30"),
            )
        )


def _picture(child_words: str) -> str:
    lower = child_words.lower()
    return next((code for word, code in PICTURES.items() if word in lower), "1F31F")
