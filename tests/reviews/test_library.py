"""A library of strategies: filled, searched, brought in, used in a plan, counted without names; and what worked at home
tried at school, and the other way round."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from apdr.enums import AtHome, Perspective, Place, SchoolPhase, Stage
from apdr.library_files import as_file
from apdr.models import Cycle, HomeOffer, LibraryStrategy, Strategy
from apdr.services import cycles, items, library, sharing
from pupils.enums import Area, ImportKind
from pupils.models import AuditEvent
from pupils.services import create_pupil
from reviews import services as reviews
from reviews import tried
from reviews.enums import DecisionKind, Rating
from reviews.models import Judgement
from tests.apdr.pages import send, words
from tests.apdr.plans import write_plan
from tests.cast import AT, LONDON, SEPTEMBER, Cast
from tests.imports.conftest import Bring, counts, problems, save, written
from tests.imports.conftest import check as check
from tests.routes import browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
HEAD = ["What we do", "How to do it", "Area of need", "Phase", "Whose it is"]


def filled(cast: Cast) -> LibraryStrategy:
    assert library.fill(setting=cast.hazelmere, by=cast.senco, at=AT) == 77
    return LibraryStrategy.objects.get(setting=cast.hazelmere, shipped="cognition-one-at-a-time")


def test_ours_are_put_in_once_and_what_was_changed_or_retired_stays(cast: Cast) -> None:
    row = filled(cast)
    library.edit(strategy=row, version=1, words="One step, then wait", by=cast.senco, at=AT)
    other = LibraryStrategy.objects.get(shipped="semh-calm-place")
    library.retire(strategy=other, version=1, by=cast.senco, at=AT)
    assert library.fill(setting=cast.hazelmere, by=cast.senco, at=AT) == 0
    row.refresh_from_db()
    assert (row.words, row.version) == ("One step, then wait", 2)
    every = library.shipped()
    assert ({one["area"] for one in every}, len(every) >= 60) == (set(Area), True)
    assert {phase for one in every for phase in one["phases"]} == set(SchoolPhase)
    assert all(one["how"] and len(one["words"]) <= 60 for one in every)


def test_a_file_is_checked_whole_by_line_saved_and_taken_away_so_that_nothing_runs(
    cast: Cast, check: Bring
) -> None:
    good = ["=Say it back", "Ask them.\nThen wait.", "semh", "primary; post-16", "area"]
    bad = written(
        HEAD, good, ["Draw it", "", "Maths", "all", ""], ["Draw it", "", "SEMH", "teens", "theirs"], ["", "x", "semh", "all", ""]
    )  # fmt: skip
    assert [(row, column) for row, column, _ in problems(check(ImportKind.STRATEGIES, bad))] == [
        (3, "area"), (4, "phases"), (4, "source"), (4, "words"), (5, "words"),
    ]  # fmt: skip
    assert not LibraryStrategy.objects.exists()
    file = written(HEAD, good, ["Draw it", "", "Cognition and learning", "all", ""])
    assert counts(save(check(ImportKind.STRATEGIES, file))) == {
        "added": 2,
        "changed": 0,
        "same": 0,
        "wrong": 0,
    }
    row = LibraryStrategy.objects.get(words="=Say it back")
    assert (row.area, row.phases, row.source) == ("semh", ["primary", "post_16"], "area")
    again = written(HEAD, ["draw IT", "Use a pencil.", "Cognition and learning", "all", ""])
    assert counts(save(check(ImportKind.STRATEGIES, again)))["changed"] == 1
    assert AuditEvent.objects.filter(verb__startswith="library strategy").count() == 3
    told = as_file(LibraryStrategy.objects.order_by("words")).decode("utf-8-sig")
    assert '\'=Say it back,"Ask them.\nThen wait.","Social' in told
    answer = browser(cast.senco).get(reverse("library_file", args=[cast.hazelmere.pk]))
    assert (answer["Content-Type"], "'=Say it back" in answer.content.decode()) == (
        "text/csv; charset=utf-8",
        True,
    )


def test_staff_search_and_use_one_and_nobody_else_reads_it(cast: Cast) -> None:
    filled(cast)
    plan = write_plan(cast.ada, cast.senco, SEPTEMBER)
    href = reverse("library", args=[cast.hazelmere.pk])
    seen = {who: browser(person).get(href).status_code for who, person in cast.people.items()}
    assert {who for who, status in seen.items() if status == 200} == {
        "senco",
        "teacher",
        "key_adult",
        "colleague",
    }
    teacher = browser(cast.teacher)
    shown = words(teacher.get(href, {"q": "count TEN", "area": "communication"}))
    assert ("Wait ten seconds for an answer" in shown, "Give one step" in shown) == (True, False)
    assert "Change" not in shown
    choose = reverse("choose_strategy", args=[plan.cycle.pk]) + "?place=home"
    row = LibraryStrategy.objects.get(shipped="communication-ten-seconds")
    sent = {"strategy": row.pk, "place": "home", "key": uuid4()}
    first, second = teacher.post(choose, sent), teacher.post(choose, sent)
    made = Strategy.objects.get(library=row)
    assert first["Location"] == second["Location"] == reverse("edit_item", args=["strategy", made.pk])
    assert (made.words, made.how, made.place, made.proposed_by) == (row.words, row.how, "home", cast.teacher)
    library.edit(strategy=row, version=1, words="Count to ten first", by=cast.senco, at=AT)
    made.refresh_from_db()
    assert made.words == "Wait ten seconds for an answer"
    library.retire(strategy=row, version=2, by=cast.senco, at=AT)
    refused = teacher.post(choose, {**sent, "key": uuid4()})
    assert (refused.status_code, Strategy.objects.filter(library=row).count()) == (422, 1)
    far = library.add(
        setting=cast.westfield, words="Far", area="semh", phases=["post_16"], by=cast.stranger, at=AT
    )
    assert teacher.post(choose, {**sent, "strategy": far.pk, "key": uuid4()}).status_code == 404
    assert browser(cast.parent).get(choose).status_code == 403
    edit = reverse("edit_library", args=[row.pk])
    typed = {
        "words": "Mine",
        "how": "",
        "area": "semh",
        "phases": ["primary"],
        "source": "setting",
        "version": 1,
    }
    stale = browser(cast.senco).post(edit, typed)
    assert (stale.status_code, "Mine" in words(stale), "Count to ten first" in words(stale)) == (
        409,
        True,
        True,
    )


JANUARY = datetime(2026, 1, 20, 9, 0, tzinfo=LONDON)


def judged(cast: Cast, row: LibraryStrategy, pupil: Any, *ratings: Rating, closed: datetime) -> None:
    """A cycle of a pupil in which a strategy of the library was judged by so many voices, and which was closed then."""
    cycle = Cycle.objects.create(
        pupil=pupil, setting=cast.hazelmere, number=pupil.cycles.count() + 1, review_on=closed.date(),
        opened_by=cast.senco, opened_at=SEPTEMBER, closed_at=closed,
    )  # fmt: skip
    made = Strategy.objects.create(
        cycle=cycle, place=Place.SETTING, words=row.words, library=row, created_by=cast.senco
    )
    Judgement.objects.bulk_create(
        Judgement(
            cycle=cycle, strategy=made, rating=rating, perspective=Perspective.PROFESSIONAL,
            said_by_name=f"Voice {number}", recorded_by=cast.senco, at=closed,
        )
        for number, rating in enumerate(ratings)
    )  # fmt: skip


def test_how_often_it_was_tried_and_helped_tells_of_nobody(cast: Cast) -> None:
    row = filled(cast)
    told = []

    def count() -> str:
        found = tried.tried(cast.hazelmere, AT).get(row.pk)
        return found.words if found else ""

    at = datetime(2025, 12, 1, 9, 0, tzinfo=LONDON)
    judged(cast, row, cast.noor, Rating.LOT, closed=at)  # she decides: she is in no number
    told.append(count())
    for number in range(11):
        pupil = create_pupil(
            setting=cast.hazelmere, given_name=f"P{number}", family_name="Q", date_of_birth=date(2013, 1, number + 1),
            starts_on=date(2025, 9, 2), by=cast.senco, at=SEPTEMBER,
        )  # fmt: skip
        ratings = [Rating.LOT, Rating.NOT_YET, Rating.BIT] if number < 6 else [Rating.NOT_YET, Rating.UNSURE]
        judged(cast, row, pupil, *ratings, closed=at)
        told.append(count())
    few, five = "Tried with a few pupils.", "Tried with 5 pupils or more. It helped most of them."
    most = "Tried with 10 pupils or more. It helped most of them."
    ten = "Tried with 10 pupils or more. It helped 5 of them or more."
    assert told == ["", few, few, few, few, five, five, five, five, five, most, ten]
    judged(cast, row, cast.ada, Rating.LOT, closed=JANUARY)  # this term's are added when it is over
    assert tried.tried(cast.hazelmere, AT)[row.pk] == tried.Tried(11, 6)
    assert tried.tried(cast.hazelmere, datetime(2026, 4, 1, 9, 0, tzinfo=LONDON))[row.pk] == tried.Tried(
        12, 7
    )
    shown = words(browser(cast.teacher).get(reverse("library", args=[cast.hazelmere.pk]), {"q": "one step"}))
    assert (ten in shown, "P0" in shown) == (True, False)
    assert tried.tried(cast.westfield, AT) == {}


def test_what_worked_at_home_is_tried_at_school_and_the_other_way_round(cast: Cast) -> None:
    """Ada's mother proposed a list on the fridge; both homes and the school judged, and the next cycle has begun."""
    plan = write_plan(cast.ada, cast.senco, SEPTEMBER)
    who: dict[str, Any] = {"by": cast.senco, "at": AT - timedelta(days=40)}
    home = items.add(Strategy, cycle=plan.cycle, place=Place.HOME, words="A list on the fridge", **who)
    Strategy.objects.filter(pk=home.pk).update(
        proposed_by=cast.parent, proposed_by_name="Pam Lovelace", perspective=Perspective.PARENT
    )
    school = plan.cycle.strategies.filter(place=Place.SETTING).first()
    sharing.share(cycle=plan.cycle, after=plan.cycle.plan_versions.count(), **who)
    reviews.start_review(cycle=plan.cycle, **who)
    for of, person in ((home, cast.other_parent), (school, cast.parent)):
        reviews.judge(cycle=plan.cycle, of=of, rating=Rating.LOT, by=person, at=who["at"])
    reviews.close_cycle(
        cycle=plan.cycle, kind=DecisionKind.CONTINUE, why="x", **who,
        statuses=dict.fromkeys(plan.cycle.steps.filter(removed_at=None), "carried"), review_on=date(2026, 6, 1),
    )  # fmt: skip
    now = cast.ada.cycles.get(closed_at=None)
    home, school = now.strategies.get(carried_from=home), now.strategies.get(carried_from=school)
    page = reverse("strategies", args=[cast.ada.pk])
    senco, teacher, parent = (browser(p) for p in (cast.senco, cast.teacher, cast.parent))
    senco.get(page)
    shown = words(senco.get(page))
    assert ("Worked at home" in shown, "Worked at school" in shown) == (
        True,
        False,
    )  # it is not shared anew yet
    assert "Worked at" not in words(teacher.get(page))  # what others judged is not the teacher's to hear
    assert parent.post(reverse("try_here", args=[home.pk])).status_code == 403
    for _ in range(2):
        assert senco.post(reverse("try_here", args=[home.pk])).status_code == 302
    made = now.strategies.get(after=home)
    assert (made.words, made.place, made.proposed_by, made.proposed_by_name, made.perspective) == (
        "A list on the fridge", "setting", cast.parent, "Pam Lovelace", "parent",
    )  # fmt: skip
    assert "Worked at home" not in words(senco.get(page))
    offer_it = reverse("offer_home", args=[school.pk])
    senco.post(offer_it)
    assert not HomeOffer.objects.exists()
    cycles.move_to(cycle=now, stage=Stage.PLAN, by=cast.senco, at=AT)
    items.add(Strategy, cycle=now, place=Place.SETTING, words="Draft only", by=cast.senco, at=AT)
    sharing.share(cycle=now, after=0, by=cast.senco, at=AT)
    assert "Worked at school" in words(senco.get(page))
    senco.post(offer_it)
    senco.post(offer_it)
    offer = HomeOffer.objects.get()
    answer = reverse("answer_home", args=[offer.pk])
    assert teacher.get(answer).status_code == 404
    assert "To try at home" in words(parent.get(page))
    said = {"answer": "try", "why": "~after tea~", "sent_key": uuid4()}
    assert [send(parent, answer, **said).status_code for _ in range(2)] == [302, 302]
    tried_at_home = now.strategies.get(after=school, removed_at=None)
    assert (tried_at_home.place, tried_at_home.proposed_by) == ("home", cast.senco)
    assert offer.answers.count() == 1
    heard = {
        name: "~after tea~" in words(browser(getattr(cast, name)).get(page))
        for name in ("parent", "other_parent", "child", "senco", "teacher")
    }
    assert heard == {"parent": True, "other_parent": False, "child": True, "senco": True, "teacher": True}
    send(browser(cast.other_parent), answer, answer="try", why="", sent_key=uuid4())
    assert now.strategies.filter(after=school).count() == 1
    assert set(offer.answers.values_list("answer", flat=True)) == {AtHome.TRY}
    assert browser(cast.restricted_parent).get(answer).status_code == 404
