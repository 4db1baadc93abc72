"""How many queries each list of the API takes: a fixed number, whatever the number of rows, and at most 15."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from apdr.enums import (
    Answer,
    Difference,
    Held,
    HowObtained,
    NeedKind,
    Perspective,
    Place,
    ProposalKind,
    StepStatus,
)
from apdr.models import Measure, Need, NextStep, Outcome, Provision, Strategy
from apdr.services import delivered, evaluating, family, funding, items, money, progress, sharing, voice
from notifications.services import write_update
from pupils import access, circle, hand_over, requests, services
from pupils.enums import Area, Section, Way
from pupils.models import Household, Pupil
from reviews import contributions, invitations
from reviews.enums import DecisionKind, Rating
from reviews.models import Review
from reviews.services import close_cycle, judge, start_review

from .. import library_rows
from ..apdr.plans import write_plan
from ..cast import AT, SEPTEMBER, Cast
from ..notifications.pictures import photo
from .asking import ROUTES, ask
from .record import Record, token_of, write_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]

DAY = timedelta(days=1)
#: By route, as the SENCO and as a parent carer, the reading of their key included, whose use was noted within the hour.
COUNTS: dict[str, tuple[int, int]] = {
    "api_me": (2, 2),
    "api_pupil": (3, 3),
    "api_profile": (5, 5),
    "api_access_log": (5, 5),
    "api_preferences": (9, 3),  # refused to a parent
    "api_requests": (5, 8),
    "api_choices": (10, 11),
    "api_capacity_records": (6, 4),  # refused to a parent who decides nothing
    "api_overrides": (4, 4),  # refused to both
    "api_hand_over_talks": (5, 3),  # refused to a parent
    "api_needs": (7, 5),
    "api_measures": (7, 5),
    "api_outcomes": (6, 5),
    "api_next_steps": (6, 5),
    "api_strategies": (6, 5),
    "api_provision": (6, 5),
    "api_funding": (11, 8),
    "api_worth_asking": (8, 3),  # refused to a parent
    "api_sessions": (7, 6),
    "api_costs": (12, 3),  # refused to a parent
    "api_rates": (7, 2),  # not there for a parent
    "api_scales": (6, 6),
    "api_households": (5, 3),
    "api_write_back": (3, 3),  # refused to both
    "api_views": (7, 7),
    "api_cycles": (5, 5),
    "api_reviews": (5, 5),
    "api_reviews_owed": (8, 4),
    "api_reviews_to_come": (9, 4),
    "api_around_review": (5, 4),  # refused to a parent
    "api_ehc_plan": (4, 3),  # refused to a parent
    "api_invitations": (9, 3),  # refused to a parent
    "api_replies": (6, 12),  # refused to a SENCO, who is not asked
    "api_who_comes": (6, 6),  # refused to a parent
    "api_taking_part": (6, 6),  # refused to a parent
    "api_contributions": (6, 7),
    "api_updates": (9, 6),
    "api_daily": (6, 6),
    "api_calls": (5, 4),
    "api_talks": (5, 5),
    "api_balance": (8, 2),
    "api_photo": (5, 5),
    "api_profile_picture": (4, 4),
    "api_own_page": (4, 4),
    "api_celebrations": (5, 5),
    "api_outcome_story": (10, 9),
    "api_step_story": (11, 10),
    "api_strategy_story": (13, 12),
    "api_we_did": (7, 3),  # refused to a parent
    "api_said_file": (5, 5),
    "api_progress": (6, 7),
    "api_versions": (6, 6),
    "api_proposals": (6, 6),
    "api_judgements": (6, 7),
    "api_said": (12, 3),
    "api_comments": (6, 6),
    "api_answers": (6, 6),
    "api_provision_map": (13, 2),  # not there for a parent
    "api_cohort_report": (11, 2),  # not there for a parent
    "api_library": (5, 3),  # not there for a parent
    "api_home_offers": (6, 6),
    "api_signposts": (4, 3),  # not there for a parent
    "api_signpost_offers": (7, 7),
    "api_documents": (5, 6),
    "api_document": (5, 5),
    "api_document_comments": (6, 6),
    "api_published": (2, 2),
    "api_my_surveys": (5, 5),
    "api_surveys": (4, 3),
    "api_survey": (4, 3),
    "api_answer_survey": (6, 7),
    "api_survey_results": (7, 10),
    "api_events": (6, 7),
    "api_event": (4, 4),
}


def more(cast: Cast, record: Record, number: int) -> None:
    """One more row in every list."""
    staff: dict[str, Any] = {"by": cast.senco, "at": AT}
    cycle, pupil, rows = record.cycle, record.pupil, record.rows
    services.write_profile(pupil=pupil, number=number, people_like="More.", **staff)
    for kind in NeedKind:
        items.add(Need, cycle=cycle, kind=kind, area=Area.SEMH, words="More.", **staff)
    items.add(Measure, cycle=cycle, name="More", **staff)
    role = money.set_hourly(
        setting=cast.hazelmere, name=f"More {number}", hourly=Decimal(9), starts_on=SEPTEMBER.date(), **staff
    ).role
    of_strategy = items.add(
        Provision,
        cycle=cycle,
        strategy=rows["strategy"],
        who="More",
        times_a_week=1,
        minutes=5,
        weeks=3,
        **staff,
    )
    money.cost(provision=of_strategy, role=role, resources=Decimal(1), **staff)
    mark = delivered.Mark(of_strategy.pk, Held.DONE)
    delivered.mark(on=AT.date(), marks=[mark], **staff)
    evaluating.evaluate(
        allocation=rows["allocation"], sent_key=uuid4(), rating=Difference.YES, words=f"{number}", **staff
    )
    outcome = items.add(Outcome, cycle=cycle, words="More.", area=Area.SEMH, **staff)
    for of in (outcome, rows["outcome"]):
        items.add(
            NextStep,
            cycle=cycle,
            outcome=of,
            words="More.",
            criterion="More.",
            baseline="Less.",
            scale=rows["step"].scale,
            owner=cast.senco,
            by_when=date(2026, 3, 20),
            **staff,
        )
    offered: Strategy = rows["strategy"]
    for place in Place:
        strategy = items.add(Strategy, cycle=cycle, place=place, words="More.", **staff)
        for of in (strategy, rows["strategy"]):
            items.add(
                Provision,
                cycle=cycle,
                strategy=of,
                who="More",
                times_a_week=Decimal(1),
                minutes=5,
                weeks=1,
                **staff,
            )
        funding.plan_use(allocation=rows["allocation"], strategy=strategy, planned=Decimal(1), **staff)
        offered = strategy
    kept = library_rows.one_more(cast.hazelmere, cast.senco, cast.parent, AT, lambda name: f"{name} {number}")
    said = [("pam", cast.parent, Perspective.PARENT, cast.home)]
    library_rows.of_pupil(pupil, cycle, offered, kept["signpost"], cast.senco, AT, said)
    sharing.share(cycle=cycle, after=number, **staff)
    for who in (cast.child, cast.parent):
        says: dict[str, Any] = {"by": who, "at": AT}
        progress.log_progress(step=rows["step"], sent_key=uuid4(), note="More.", **says)
        family.comment(plan_version=rows["version"], sent_key=uuid4(), words="More.", **says)
        family.answer_plan(plan_version=rows["version"], sent_key=uuid4(), answer=Answer.AGREE, **says)
        family.propose(cycle=cycle, sent_key=uuid4(), kind=ProposalKind.STEP, words="More.", **says)
        drawn = family.say_views(pupil=pupil, words="More.", file=photo(), **says)
        voice.put_in_words(file=drawn.file, words="More.", sent_key=uuid4(), **says)
        voice.celebrate(pupil=pupil, words="More.", sent_key=uuid4(), **says)
        write_update(pupil=pupil, sent_key=uuid4(), words="More.", **says)
        access.look(who, pupil.pk, Section.PLAN, AT, way=Way.PAGE)
    requests.ask(
        pupil=pupil,
        section=[Section.PLAN, Section.VIEWS][number - 1],
        reason="More.",
        by=cast.professional,
        at=AT,
        send=lambda pk: None,
    )
    hand_over.record_talk(pupil=pupil, on=AT.date(), with_whom="More.", how="More.", key=uuid4(), **staff)
    family.record_views(
        pupil=pupil,
        perspective=Perspective.STAFF,
        said_by_name="Tom Teal",
        how=HowObtained.TALKED,
        words="More.",
        **staff,
    )
    meeting = Review.objects.select_related("cycle__pupil").get(cycle=cycle)
    invitations.ask(review=meeting, people=[[cast.teacher, cast.other_parent][number - 1].pk], **staff)
    contributions.record_contribution(
        review=meeting, perspective=Perspective.CHILD, how=HowObtained.TALKED, working="More.", **staff
    )
    home = Household.objects.create(name=f"Another home {number}")
    circle.add_parent_carer(
        pupil=pupil, household=home, name=f"Another {number}", relationship="aunt", **staff
    )


def used(person: User) -> str:
    """A key of somebody's whose use is noted."""
    secret = token_of(person)
    ask(secret, "GET", "/api/v1/me/")
    return secret


def counted(person: User, record: Record) -> dict[str, int]:
    """The queries of each GET, by route name, as this person."""
    secret = used(person)
    found = {}
    for route in ROUTES:
        if "GET" in route.methods and route.name not in ("api_schema", "api_pupils"):
            with CaptureQueriesContext(connection) as taken:
                ask(secret, "GET", route.path(record.ids))
            found[route.name] = len(taken)
    return found


def counted_at(secret: str, path: str) -> int:
    with CaptureQueriesContext(connection) as taken:
        assert ask(secret, "GET", path).status_code == 200
    return len(taken)


def test_every_list_takes_the_same_queries_with_one_row_and_with_three(cast: Cast) -> None:
    record = write_record(cast, cast.ada)
    people = {"senco": cast.senco, "parent": cast.parent}
    meeting = Review.objects.select_related("cycle__pupil").get(cycle=record.cycle)
    invitations.ask(review=meeting, by=cast.senco, at=AT, people=[cast.parent.pk])
    one = {name: counted(who, record) for name, who in people.items()}
    more(cast, record, 1)
    more(cast, record, 2)
    three = {name: counted(who, record) for name, who in people.items()}
    told = {route: (one["senco"][route], one["parent"][route]) for route in one["senco"]}
    assert three == one
    assert told == COUNTS, {name: pair for name, pair in told.items() if COUNTS.get(name) != pair}
    assert max(max(pair) for pair in COUNTS.values()) <= 15


def test_the_list_of_pupils_takes_the_same_queries_with_one_and_with_three(cast: Cast) -> None:
    secret = used(cast.senco)
    one, three = (counted_at(secret, f"/api/v1/pupils/{query}") for query in ("?q=Ada", ""))
    assert (one, three) == (4, 4)


def test_cycles_reviews_and_judgements_take_the_same_queries_with_one_and_with_three(cast: Cast) -> None:
    secret = used(cast.senco)
    first = _turn(cast, cast.ada, 0)
    paths = [f"/api/v1/pupils/{cast.ada.pk}/{name}/" for name in ("cycles", "reviews")]
    one = [counted_at(secret, path) for path in (*paths, f"/api/v1/cycles/{first.pk}/judgements/")]
    _turn(cast, cast.ada, 1)
    last = _turn(cast, cast.ada, 2)
    three = [counted_at(secret, path) for path in (*paths, f"/api/v1/cycles/{last.pk}/judgements/")]
    assert (one, three) == ([5, 5, 6], [5, 5, 6])


def _turn(cast: Cast, pupil: Pupil, number: int) -> Any:
    """A cycle from its opening to its closing, with as many judgements as there are cycles."""
    at = SEPTEMBER + number * 30 * DAY
    staff: dict[str, Any] = {"by": cast.senco, "at": at}
    plan = write_plan(pupil, cast.senco, at)
    start_review(cycle=plan.cycle, **staff)
    for person in (cast.senco, cast.teacher, cast.parent)[: 1 + number]:
        judge(cycle=plan.cycle, of=plan.step, rating=Rating.LOT, by=person, at=at)
    close_cycle(
        cycle=plan.cycle,
        kind=DecisionKind.CONTINUE,
        why="It helps.",
        statuses={plan.step: StepStatus.MET},
        open_next=False,
        **staff,
    )
    return plan.cycle
