"""The demo as it stands after `manage.py demo`, on ordinary and on awkward days."""

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction

from accounts.models import Membership, User
from apdr.enums import Perspective, StepStatus
from apdr.models import Cycle, FundingUse, NextStep, PlanVersion, Progress, StrategyAnswer
from apdr.services.common import stage_of
from config.demo.load import CONTENT, SETTINGS, load, read
from pupils import policy
from pupils.codes import check_uln, check_upn
from pupils.enums import NeedType, Section
from pupils.models import AccessLog, AuditEvent, Pupil

from .anchors import ORDINARY, open_cycle, pupil


@pytest.fixture(scope="module")
def the_demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[datetime]:
    """The demo, loaded once for this file on an ordinary Tuesday and taken away after it."""
    with django_db_blocker.unblock(), transaction.atomic(), time_machine.travel(ORDINARY, tick=False):
        assert load(ORDINARY) is True
        yield ORDINARY
        transaction.set_rollback(True)


@pytest.fixture
def demo(the_demo: datetime, db: None) -> datetime:
    return the_demo


def test_there_are_four_settings_and_more_than_sixty_pupils_of_every_type_of_need(demo: datetime) -> None:
    assert Counter(Pupil.objects.values_list("enrolments__setting__phase", flat=True)) == {
        "early_years": 10,
        "primary": 24,
        "secondary": 20,
        "college": 10,
    }
    assert set(Pupil.objects.values_list("need_types__type", flat=True)) == set(NeedType.values)


def test_about_twenty_pupils_have_a_history_of_three_cycles(demo: datetime) -> None:
    cycles = Counter(Counter(Cycle.objects.values_list("pupil", flat=True)).values())
    assert cycles[3] >= 20
    assert cycles[1] + cycles[2] + cycles[3] == 64


def test_numbers_are_valid_and_no_two_are_alike(demo: datetime) -> None:
    for upn in Pupil.objects.exclude(upn="").values_list("upn", flat=True):
        check_upn(upn)
    for uln in Pupil.objects.exclude(uln="").values_list("uln", flat=True):
        check_uln(uln)
    assert Pupil.objects.exclude(upn="").count() == 54
    assert Pupil.objects.exclude(uln="").count() >= 15


def test_ada_is_in_9b_and_her_parents_live_apart(demo: datetime) -> None:
    ada = pupil("ada")
    assert (ada.name, ada.enrolments.get().year_group) == ("Ada Okafor", "9")
    assert {c.household.name for c in ada.parent_carers.all()} == {"Mum's home", "Dad's home"}
    people = {
        name: User.objects.get(email=f"{name}@hazelmere.example")
        for name in ("senco", "teacher", "parent", "otherparent", "child", "left", "professional", "leader")
    }
    sees = {name: policy.can(person, Section.PLAN, ada, demo) for name, person in people.items()}
    assert sees == {
        "senco": True,
        "teacher": True,
        "parent": True,
        "otherparent": True,
        "child": True,
        "left": False,
        "professional": False,
        "leader": False,
    }


def test_the_young_person_decides_once_they_are_sixteen_and_nobody_is_let_in_before_they_say(
    demo: datetime,
) -> None:
    for anchor, mother, sees in (
        ("turning_16", "debbie.castle@home.example", True),
        ("just_16", "rukhsana.hussain@home.example", False),
        ("sixth_form", "anjali.shah@home.example", False),
        ("college", "parent@saltings.example", False),
    ):
        person = User.objects.get(email=mother)
        assert policy.can(person, Section.VIEWS, pupil(anchor), demo) is sees, anchor


def test_a_court_order_shuts_a_father_out(demo: datetime) -> None:
    father = User.objects.get(email="restricted@larkfold.example")
    assert policy.can(father, Section.PROFILE, pupil("restricted_parent"), demo) is False
    mother = User.objects.get(email="jenna.rook@home.example")
    assert policy.can(mother, Section.PLAN, pupil("restricted_parent"), demo) is True


def test_a_mother_has_two_children_in_two_settings(demo: datetime) -> None:
    kate = User.objects.get(email="kate.penfold@home.example")
    assert sorted(p.name for p in Pupil.objects.filter(parent_carers__person=kate)) == [
        "Erin Penfold",
        "Ollie Penfold",
    ]
    assert kate.children.values("household").distinct().count() == 1


def test_somebody_in_every_situation_a_senco_looks_for(demo: datetime) -> None:
    today = ORDINARY.date()
    due = open_cycle("review_this_week")
    assert today <= due.review_on <= today + timedelta(days=6)
    assert due.reviews.filter(state="scheduled").count() == 1
    assert open_cycle("review_overdue").review_on < today
    assert not open_cycle("no_child_voice").views.filter(perspective=Perspective.CHILD).exists()
    assert not open_cycle("no_parent_contribution").views.filter(perspective=Perspective.PARENT).exists()
    latest = Progress.objects.filter(step__cycle=open_cycle("no_recent_log")).latest("on")
    assert latest.on < today - timedelta(weeks=3)
    assert pupil("looked_after").user_permissions.filter(permission__codename="is_professional").count() == 3
    assert pupil("nursery_ehc").sen_provision == "E"
    assert stage_of(open_cycle("just_starting")) == "assess"
    interpreted = pupil("interpreter").parent_carers.get(person__isnull=False).person.preferences
    assert (interpreted.spoken_language, interpreted.needs_interpreter) == ("uk", True)
    assert Membership.objects.exclude(ends_at=None).get().person.email == "left@hazelmere.example"


def test_what_cannot_be_known_is_left_empty(demo: datetime) -> None:
    measured_again = Cycle.objects.filter(closed_at=None, measures__exit__isnull=False).distinct()
    assert list(measured_again) == [open_cycle("review_this_week")]
    assert StrategyAnswer.objects.filter(answer="disagree").exclude(why="").count() >= 4
    assert FundingUse.objects.filter(used=None).count() == 0
    assert all(use.used <= use.planned for use in FundingUse.objects.all())


def test_unfinished_steps_are_carried_into_the_next_cycle(demo: datetime) -> None:
    for step in NextStep.objects.filter(status=StepStatus.CARRIED).select_related("cycle"):
        assert step.cycle.next.steps.filter(carried_from=step).count() == 1
    assert NextStep.objects.filter(status=StepStatus.CARRIED).count() >= 8


def test_a_second_version_says_what_was_added_from_home(demo: datetime) -> None:
    first, second = PlanVersion.objects.filter(cycle=open_cycle("ada")).order_by("number")
    kept = {s["id"] for part in first.content["strategies"].values() for s in part}
    now = {s["id"] for part in second.content["strategies"].values() for s in part}
    assert (len(now - kept), kept - now) == (1, set())


def test_three_things_that_work_stand_on_adas_card(demo: datetime) -> None:
    best = open_cycle("ada").strategies.filter(works_best=True)
    assert (best.count(), set(best.values_list("place", flat=True))) == (3, {"setting"})
    assert not best.filter(answers__answer="disagree").exists()


def test_the_audit_says_once_per_pupil_that_this_is_a_demo_and_no_look_is_made_up(demo: datetime) -> None:
    assert Counter(AuditEvent.objects.values_list("verb", flat=True)) == {"demo data loaded": 64}
    assert AccessLog.objects.count() == 0


def test_everybody_can_sign_in_with_the_password_that_is_shown(demo: datetime) -> None:
    written = io.StringIO()
    call_command("demo", json=True, stdout=written)
    found = json.loads(written.getvalue())
    assert len(found["pupils"]) == 64
    assert found["people"][0]["email"] == "senco@hazelmere.example"
    for person in found["people"]:
        assert User.objects.get(email=person["email"]).check_password(person["password"]), person
        assert person["role"]


def test_it_is_loaded_once_and_says_so(demo: datetime) -> None:
    before = {model: model.objects.count() for model in (User, Pupil, Progress, PlanVersion)}
    written = io.StringIO()
    call_command("demo", stdout=written)
    assert "The demo is here already, since 24 November 2026." in written.getvalue()
    assert {model: model.objects.count() for model in before} == before


# The words ------------------------------------------------------------------------------------------


def sentences(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key not in {"area", "at", "by", "class", "how", "key", "role", "roles", "scale", "stage"}:
                yield from sentences(value)
    elif isinstance(part, list):
        for value in part:
            yield from sentences(value)
    elif isinstance(part, str) and len(part.split()) >= 4:
        yield re.sub(r"\W+", " ", part).strip().lower()


def test_hardly_any_sentence_is_written_twice() -> None:
    """Measures carry one name across cycles, which is how they can be compared; nothing else repeats."""
    said = []
    for name in SETTINGS:
        for one in read(name)["pupils"]:
            measures = {m[0] for c in one["cycles"] for m in c["measures"]}
            said += [
                s
                for s in sentences(one)
                if s not in {re.sub(r"\W+", " ", m).strip().lower() for m in measures}
            ]
    twice = [sentence for sentence, times in Counter(said).items() if times > 1]
    assert len(said) > 2500
    assert len(twice) / len(said) < 0.005, twice


def test_no_real_place_to_write_to_stands_in_the_stories() -> None:
    for file in CONTENT.glob("*.json"):
        addresses = re.findall(r"[\w.]+@[\w.]+", file.read_text(encoding="utf-8"))
        assert [a for a in addresses if not a.endswith(".example")] == [], file
