"""One pupil's whole record, with a word in each part of it that is found nowhere else, and every id there is.

test_leaks.py says who may read which word.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from accounts import tokens
from accounts.models import User
from apdr.enums import (
    Answer,
    Audience,
    Difference,
    FundingNext,
    Held,
    HowObtained,
    NeedKind,
    Perspective,
    Place,
    ProposalKind,
    Stage,
    StreamKind,
)
from apdr.models import Cycle, Measure, Need, NextStep, Outcome, Provision, Strategy
from apdr.services import (
    cycles,
    delivered,
    evaluating,
    family,
    funding,
    items,
    money,
    progress,
    sharing,
    voice,
)
from notifications import talks
from notifications.calls import need_call
from notifications.enums_updates import UpdateKind
from notifications.models import Daily, Update
from notifications.photos import Sent
from notifications.services import write_update
from pupils import access, requests, services
from pupils.enums import Area, Section, Way
from pupils.models import Household, Pupil
from reviews import room
from reviews.enums import Rating
from reviews.services import judge, schedule_review, start_review

from .. import library_rows
from ..apdr.plans import steps_scale
from ..cast import AT, SEPTEMBER, Cast
from ..notifications.pictures import photo
from ..once import once_more

DAY = timedelta(days=1)


@dataclass
class Record:
    """A pupil's record: `ids` by the name a route or a body gives them."""

    pupil: Pupil
    cycle: Cycle
    ids: dict[str, UUID] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)


def write_record(cast: Cast, pupil: Pupil, family_speaks: bool = True, reviewing: bool = False) -> Record:
    """A shared plan with one of each thing, a later draft, things taken off, and everybody's words about it.

    `family_speaks` is false where the family may not, since the young person decides; `reviewing` leaves the cycle in
    its review, with everybody's judgement.
    """
    name = (pupil.given_name, family_speaks, reviewing)
    return once_more(name, lambda: _written(cast, pupil, family_speaks, reviewing))


def _written(cast: Cast, pupil: Pupil, family_speaks: bool, reviewing: bool) -> Record:
    own = {cast.ada: cast.child, cast.sam: cast.young_person, cast.noor: cast.student}[pupil]
    staff: dict[str, Any] = {"by": cast.senco, "at": SEPTEMBER + DAY}
    parents = [("home", cast.parent), ("other_home", cast.other_parent)] if family_speaks else []
    homes: dict[str, Household] = {"home": cast.home, "other_home": cast.other_home}
    profile = services.write_profile(
        pupil=pupil, number=0, people_like="PROFILE", picture=photo(), picture_alt="PROFILE-face", chosen=True,
        **staff,
    )  # fmt: skip
    cycle = cycles.open_cycle(pupil=pupil, review_on=date(2026, 3, 20), **staff)
    made = _plan(cycle, "SHARED", staff, cast.senco)
    made["profile_picture"] = profile.picture
    gone = items.add(Need, cycle=cycle, kind=NeedKind.NEED, area=Area.SEMH, words="REMOVED-need", **staff)
    items.remove(gone, version=1, **staff)
    stream = cast.hazelmere.streams.first() or funding.add_stream(
        setting=cast.hazelmere, kind=StreamKind.TOP_UP, name="High needs", **staff
    )
    made["stream"] = stream
    made["allocation"] = funding.allocate(
        pupil=pupil,
        stream=stream,
        amount=Decimal(500),
        purpose="SHARED-allocation",
        starts_on=date(2025, 9, 1),
        ends_on=date(2026, 8, 31),
        **staff,
    )
    made["use"] = funding.plan_use(
        allocation=made["allocation"],
        strategy=made["strategy"],
        planned=Decimal(100),
        note="SHARED-use",
        **staff,
    )
    rate = money.set_hourly(
        setting=cast.hazelmere, name="COST-role", hourly=Decimal("17.35"), starts_on=date(2025, 9, 1), **staff
    )
    made["setting"], made["role"] = cast.hazelmere, rate.role
    money.cost(
        provision=made["provision"], role=rate.role, resources=Decimal(3), resources_for="COST-books", **staff
    )
    version = sharing.share(cycle=cycle, after=0, note="SHARED-note", **staff)
    cycles.move_to(cycle=cycle, stage=Stage.PLAN, note="MOVED-note", **staff)
    cycles.move_to(cycle=cycle, stage=Stage.DO, **staff)
    made["version"] = version

    # The draft goes on after it was shared.
    later: dict[str, Any] = {"by": cast.senco, "at": AT - DAY}
    draft = _plan(cycle, "DRAFT", later, cast.senco, moves=False)
    funding.allocate(
        pupil=pupil,
        stream=stream,
        amount=Decimal(20),
        purpose="DRAFT-allocation",
        starts_on=date(2025, 9, 1),
        ends_on=date(2026, 8, 31),
        **later,
    )
    items.edit(made["need"], version=1, evidence="DRAFT-evidence", **later)
    progress.log_progress(step=draft["step"], sent_key=uuid4(), note="DRAFT-progress", **later)

    speakers = [("own", own), *([] if pupil == cast.noor else [("teacher", cast.teacher)]), *parents]
    for name, person in speakers:
        says: dict[str, Any] = {"by": person, "at": AT - DAY}
        note = progress.log_progress(
            step=made["step"], sent_key=uuid4(), value=1, note=f"PROGRESS-{name}", **says
        )
        back = progress.log_progress(step=made["step"], sent_key=uuid4(), note="WITHDRAWN-progress", **says)
        progress.withdraw_progress(progress=back, **says)
        made.setdefault("progress", note)
    delivered.mark(
        on=(AT - DAY).date(),
        marks=[delivered.Mark(made["provision"].pk, Held.DONE, words="DELIVERED-words")],
        **later,
    )
    evaluating.decide(
        allocation=made["allocation"], decision=FundingNext.CHANGE, why="MONEY-decided", **later
    )
    for name, person in [("own", own), *parents]:
        thinks: dict[str, Any] = {"allocation": made["allocation"], "by": person, "at": AT - DAY}
        evaluating.evaluate(sent_key=uuid4(), rating=Difference.BIT, words=f"MONEY-{name}", **thinks)
        evaluating.agree(sent_key=uuid4(), answer=Answer.DISAGREE, words=f"MONEY-AGREED-{name}", **thinks)
    for name, person in [("own", own), *parents]:
        says = {"by": person, "at": AT - DAY}
        family.comment(plan_version=version, sent_key=uuid4(), words=f"COMMENT-{name}", **says)
        no = family.answer_plan(
            plan_version=version, sent_key=uuid4(), answer=Answer.DISAGREE, why=f"ANSWER-{name}", **says
        )
        made.setdefault("plan_answer", no)
        proposal = family.propose(
            cycle=cycle,
            sent_key=uuid4(),
            kind=ProposalKind.HOME_STRATEGY,
            words=f"PROPOSAL-{name}",
            why=f"PROPOSAL-WHY-{name}",
            **says,
        )
        asked = family.propose(
            cycle=cycle, sent_key=uuid4(), kind=ProposalKind.STEP, words=f"PROPOSAL-{name}", **says
        )
        family.decline_proposal(proposal=asked, reply=f"REPLY-{name}", **later)
        made.setdefault("proposal", proposal)
        made.setdefault("step_proposal", asked)
        family.say_views(pupil=pupil, words=f"VIEW-{name}", helps=f"VIEW-HELPS-{name}", **says)
        family.say_views(pupil=pupil, words=f"VIEW-PRIVATE-{name}", audience=Audience.COORDINATOR, **says)
    for name, home in homes.items():
        family.record_views(
            pupil=pupil,
            perspective=Perspective.PARENT,
            how=HowObtained.TALKED,
            said_by_name="A grown-up",
            household=home,
            words=f"VIEW-HEARD-{name}",
            **later,
        )
        write_update(pupil=pupil, sent_key=uuid4(), words=f"UPDATE-to-{name}", household=home, **later)
    made["view"] = family.record_views(
        pupil=pupil,
        perspective=Perspective.STAFF,
        how=HowObtained.TALKED,
        said_by_name="Tom Teal",
        words="VIEW-staff",
        **later,
    )
    write_update(pupil=pupil, sent_key=uuid4(), good_thing="UPDATE-to-all", **later)
    for name, person in parents:
        write_update(pupil=pupil, sent_key=uuid4(), words=f"UPDATE-{name}", by=person, at=AT - DAY)
        access.look(person, pupil.pk, Section.PLAN, AT - DAY, way=Way.PAGE)

    own_says: dict[str, Any] = {"pupil": pupil, "by": own, "at": AT - DAY}
    made["update"] = write_update(
        sent_key=uuid4(), worked="UPDATE-worked", sent=[Sent(photo(), "UPDATE-photo")], **own_says
    )
    made["photo"] = made["update"].photos.get()
    drawn = family.say_views(
        how=HowObtained.DREW, words="VIEW-drawn", file=photo(), sent_key=uuid4(), **own_says
    )
    made["said_file"] = drawn.file
    voice.put_in_words(
        file=made["said_file"], words="VIEW-seen", sent_key=uuid4(), by=cast.senco, at=AT - DAY
    )
    made["celebration"] = voice.celebrate(
        pupil=pupil, words="PROUD-untold", sent_key=uuid4(), by=cast.senco, at=AT - DAY
    )
    told = voice.celebrate(pupil=pupil, words="PROUD-told", sent_key=uuid4(), by=cast.senco, at=AT - DAY)
    voice.tell(celebration=told, **{name: own_says[name] for name in ("by", "at")})
    made["strategy_answer"] = family.answer_strategy(
        strategy=made["strategy"], answer=Answer.DISAGREE, why="STRATEGY-no", by=cast.senco, at=AT - DAY
    )
    voice.find_a_way(
        about=made["strategy_answer"], words="FORWARD-words", sent_key=uuid4(), by=cast.senco, at=AT - DAY
    )
    room.answer_said(
        pupil=pupil, answers=[room.Answered(drawn, "DID-drawn", None, {"strategy": made["strategy"]})],
        by=cast.senco, at=AT - DAY,
    )  # fmt: skip
    day = Update.objects.create(
        pupil=pupil,
        kind=UpdateKind.DAILY,
        perspective=Perspective.STAFF,
        by=cast.senco,
        good_thing="DAILY-enjoyed",
        on=AT.date(),
        at=AT - DAY,
        sent_key=uuid4(),
    )
    Daily.objects.create(update=day, tried="DAILY-tried")
    made["call"] = need_call(pupil=pupil, sent_key=uuid4(), words="CALL-words", **later)
    made["talk"] = talks.ask(
        sent_key=uuid4(),
        times="TALK-times",
        reason="TALK-reason",
        **(own_says | ({"by": cast.parent} if family_speaks else {})),
    )

    kept = library_rows.of_setting(cast.hazelmere, cast.senco, cast.parent, AT - DAY)
    made |= kept
    voices: list[library_rows.Said] = [
        (name, person, Perspective.PARENT, homes[name]) for name, person in parents
    ] or [("itself", own, Perspective.CHILD, None)]
    made |= library_rows.of_pupil(
        pupil, cycle, made["strategy"], kept["signpost"], cast.senco, AT - DAY, voices
    )
    made["home_strategy"] = Strategy.objects.create(
        cycle=cycle,
        place=Place.HOME,
        words="A list on the fridge.",
        created_by=cast.senco,
        created_at=AT - DAY,
    )
    made["signpost_offer"] = made[f"signpost_offer_{voices[0][0]}"]

    made["review"] = schedule_review(cycle=cycle, starts_at=AT + DAY, where="REVIEW-where", **later)
    if reviewing:
        start_review(cycle=cycle, **later)
        for name, person in [*speakers, ("senco", cast.senco)]:
            judge(
                cycle=cycle,
                of=made["step"],
                rating=Rating.LOT,
                words=f"JUDGED-{name}",
                by=person,
                at=AT - DAY,
            )
        judge(cycle=cycle, of=draft["step"], rating=Rating.LOT, words="DRAFT-judged", **later)
        for name, home in homes.items():
            judge(
                cycle=cycle,
                of=made["strategy"],
                rating=Rating.LOT,
                words=f"JUDGED-HEARD-{name}",
                perspective=Perspective.PARENT,
                said_by_name="A grown-up",
                household=home,
                **later,
            )
    made["request"] = requests.ask(
        pupil=pupil,
        section=Section.NEEDS,
        reason="ASKED-professional",
        by=cast.professional,
        at=AT - DAY,
        send=lambda pk: None,
    )
    record = Record(pupil, cycle, rows=made)
    record.ids = {
        "pupil": pupil.pk,
        "cycle": cycle.pk,
        "decider": cast.parent.pk,
        "person": cast.parent.pk,
        "setting": cast.hazelmere.pk,
        "home": cast.home.pk,
        "other_home": cast.other_home.pk,
        "scale": steps_scale(cycle).versions.get().pk,
        "draft_step": draft["step"].pk,
        "other_strategy": draft["strategy"].pk,
        **{name: row.pk for name, row in made.items()},
    }
    return record


def _plan(cycle: Cycle, mark: str, staff: dict[str, Any], owner: User, moves: bool = True) -> dict[str, Any]:
    need = items.add(
        Need,
        cycle=cycle,
        kind=NeedKind.NEED,
        area=Area.COMMUNICATION,
        words=f"{mark}-need",
        evidence=f"{mark}-evidence",
        **staff,
    )
    measure = items.add(
        Measure,
        cycle=cycle,
        name=f"{mark}-measure",
        entry=Decimal("12.50"),
        entry_on=date(2025, 9, 9),
        need=need,
        **staff,
    )
    if moves:
        cycles.move_to(cycle=cycle, stage=Stage.PLAN, **staff)
    outcome = items.add(Outcome, cycle=cycle, words=f"{mark}-outcome", area=Area.COMMUNICATION, **staff)
    step = items.add(
        NextStep,
        cycle=cycle,
        outcome=outcome,
        words=f"{mark}-step",
        criterion="In four lessons out of five.",
        baseline="Waits.",
        baseline_value=0,
        scale=steps_scale(cycle).versions.get(),
        owner=owner,
        by_when=date(2026, 3, 20),
        **staff,
    )
    strategy = items.add(
        Strategy, cycle=cycle, place=Place.SETTING, words=f"{mark}-strategy", step=step, **staff
    )
    provision = items.add(
        Provision,
        cycle=cycle,
        strategy=strategy,
        who=f"{mark}-provision",
        times_a_week=Decimal(3),
        minutes=20,
        weeks=10,
        group="Talk group" if mark == "SHARED" else "",
        **staff,
    )
    return {
        "need": need,
        "measure": measure,
        "outcome": outcome,
        "step": step,
        "strategy": strategy,
        "provision": provision,
    }


def token_of(person: User) -> str:
    return tokens.issue(person=person, name="Tests", by=person, at=AT)[1]
