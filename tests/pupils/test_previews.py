"""See it as they do: a young person opens the very pages that somebody near them opens, and can do nothing there."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from pupils import choices, policy
from pupils.enums import Answer, Section, Way
from pupils.models import AccessLog, Override, Pupil
from pupils.pages import TABS
from tests.record import Record, marks_in

from ..apdr.pages import address, as_, count, words
from ..cast import AT, LONDON, Cast
from ..sessions import sign_in
from .decided import confirmed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]

DAY = timedelta(days=1)
PAGES = [name for _, name, _ in TABS]


def share(pupil: Pupil, by: User, person: User | None, *sections: Section, at: datetime = AT - DAY) -> None:
    """The young person says yes to somebody, or to all teachers."""
    choices.choose(
        pupil=pupil,
        wanted=[
            choices.Wanted(
                section,
                Answer.YES,
                person=person,
                ends_at=AT + 400 * DAY if person and not person.children.exists() else None,
            )
            for section in sections or list(Section)
        ],
        by=by,
        at=at,
        key=uuid4(),
        wording="1",
    )


def record_part(answer: HttpResponse) -> str:
    """The part of a page that is the record, without the site's tokens and the keys that make a form one row."""
    part = re.search(r"<main.*</main>", answer.content.decode(), re.S)
    assert part is not None
    return re.sub(r'<input type="hidden" name="(csrfmiddlewaretoken|sent_key|key)"[^>]*>', "", part[0])


def preview(cast: Cast, pupil: Pupil, person: User, page: str, **asked: str) -> HttpResponse:
    return as_(cast.young_person).get(address("preview_page", pupil.pk, person.pk, page), asked)


@pytest.mark.parametrize("who", ["parent", "other_parent", "professional", "teacher"])
def test_the_record_is_the_same_byte_for_byte_as_on_that_persons_own_page(record: Record, who: str) -> None:
    cast, person = record.cast, record.cast.people[who]
    share(cast.sam, cast.young_person, person)
    same = [
        name
        for name in PAGES
        if record_part(as_(person).get(address(name, cast.sam.pk)))
        == record_part(preview(cast, cast.sam, person, name))
    ]
    left_out = {
        "parent": {
            "views",
            "reviews",
            "updates",
        },  # what they told the SENCO alone, an open review, a private talk
        "other_parent": {"views", "reviews", "updates"},
        "professional": set(),
        "teacher": {
            "strategies",
            "needs",
            "views",
            "reviews",
            "updates",
        },  # and what is in the draft, calls to make
    }[who]
    assert same == [name for name in PAGES if name not in left_out]


def test_what_the_young_person_does_not_hear_is_left_out_and_the_page_says_so(record: Record) -> None:
    cast = record.cast
    share(cast.sam, cast.young_person, cast.parent)
    for name, left_out in (
        ("views", {"sam-view-pam-senco"}),
        ("reviews", {"sam-judged-open-pam", "sam-helps", "sam-before-pam"}),  # nobody else judged this helps
    ):
        own = marks_in(as_(cast.parent).get(address(name, cast.sam.pk)).content.decode())
        shown = preview(cast, cast.sam, cast.parent, name).content.decode()
        assert left_out <= own
        assert marks_in(shown) == own - left_out
        assert "Two things are left out: what they told only the SENCO" in shown


def test_nobodys_view_shows_the_young_person_a_word_that_they_cannot_read_themselves(record: Record) -> None:
    cast = record.cast
    own = as_(cast.young_person)
    their_own = set().union(
        *(marks_in(own.get(address(n, cast.sam.pk)).content.decode()) for n in [*PAGES, "celebrations"])
    )
    share(cast.sam, cast.young_person, None, *(s for s in Section if s is not Section.FUNDING))
    for who in ("parent", "other_parent", "professional", "teacher", "key_adult"):
        person = cast.people[who]
        share(cast.sam, cast.young_person, person)
        for name in [*PAGES, "pupil"]:
            shown = own.get(address("preview_page", cast.sam.pk, person.pk, name), follow=True)
            assert shown.status_code == 200
            assert marks_in(shown.content.decode()) <= their_own, (who, name)


def test_a_disclosure_that_they_are_not_told_of_is_not_shown_to_them_through_anybodys_eyes(
    record: Record,
) -> None:
    cast, page = record.cast, "needs"
    told = Override.objects.create(
        pupil=cast.sam,
        person=cast.parent,
        recipient="Pam",
        sections=["needs"],
        reason="x",
        asked_by=cast.dsl,
        asked_at=AT - DAY,
        confirmed_by=cast.colleague,
        confirmed_at=AT - DAY,
        ends_at=AT + DAY,
        not_told_why="Not safe yet.",
        look_again_on=date(2026, 3, 12),
    )
    assert "~sam-need~" in as_(cast.parent).get(address(page, cast.sam.pk)).content.decode()
    closed = preview(cast, cast.sam, cast.parent, page)
    assert "You cannot see this" in words(closed)
    chooser = words(as_(cast.young_person).get(address("see_as", cast.sam.pk)))
    assert "Pam Lovelace parent carer Can see nothing." in chooser
    Override.objects.filter(pk=told.pk).update(told_at=AT - timedelta(hours=1), told_how="Face to face.")
    assert "~sam-need~" in preview(cast, cast.sam, cast.parent, page).content.decode()


def test_a_disclosure_that_they_are_not_told_of_changes_no_refusal_that_they_look_at(cast: Cast) -> None:
    own = as_(cast.young_person)

    def refusals() -> list[str]:
        hrefs = [address("preview", cast.sam.pk, cast.parent.pk)]
        hrefs += [address("preview_page", cast.sam.pk, cast.parent.pk, page) for page in ("needs", "plan")]
        return [record_part(own.get(href)) for href in hrefs]

    before = refusals()
    assert [text.count("You cannot see this") for text in before] == [1, 1, 1]
    confirmed(cast, cast.sam, cast.parent)
    assert policy.why(cast.parent, cast.sam, AT).sections == [Section.NEEDS]
    assert refusals() == before


def test_what_is_closed_to_somebody_is_shown_as_they_are_told(record: Record) -> None:
    cast = record.cast
    for name in PAGES:
        theirs = as_(cast.parent).get(address(name, cast.sam.pk))
        shown = preview(cast, cast.sam, cast.parent, name)
        assert (theirs.status_code, shown.status_code) == (403, 200)
        assert record_part(shown) == record_part(theirs)
    assert AccessLog.objects.count() == 0


def test_a_look_is_written_down_as_the_young_persons_own_and_says_through_whose_eyes(record: Record) -> None:
    cast = record.cast
    share(cast.sam, cast.young_person, cast.parent, Section.PLAN, Section.STRATEGIES)
    preview(cast, cast.sam, cast.parent, "plan")
    [row] = AccessLog.objects.all()
    assert (row.person, row.seen_as, row.way, row.sections, row.grounds, row.at) == (
        cast.young_person,
        cast.parent,
        Way.PREVIEW,
        ["plan", "strategies"],
        ["own", "own"],
        AT,
    )


def test_nothing_can_be_sent_from_it(record: Record) -> None:
    cast = record.cast
    share(cast.sam, cast.young_person, cast.parent)
    own = as_(cast.young_person)
    for name in PAGES:
        href = address("preview_page", cast.sam.pk, cast.parent.pk, name)
        shown = own.get(href)
        assert "form-action 'none'" in shown["Content-Security-Policy"]
        tokens = re.findall(r'name="csrfmiddlewaretoken" value="([^"]*)"', shown.content.decode())
        assert set(tokens) <= {"nothing-can-be-sent-from-here"}
        assert "no-store" in shown["Cache-Control"]
        for method in (own.post, own.put, own.patch, own.delete):
            assert method(href).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, cast.young_person)
    strict.get(address("preview_page", cast.sam.pk, cast.parent.pk, "updates"))
    sent = strict.post(address("updates", cast.sam.pk), {"words": "As if it were hers."})
    assert sent.status_code == 403


def test_the_page_says_whose_view_it_is_leads_back_and_shows_nothing_of_theirs_besides(
    record: Record,
) -> None:
    cast = record.cast
    share(cast.sam, cast.young_person, cast.parent)
    shown = preview(cast, cast.sam, cast.parent, "plan").content.decode()
    assert "This is what <strong>Pam Lovelace</strong> sees now." in shown
    assert f'href="{address("see_as", cast.sam.pk)}"' in shown
    for theirs in ("Ada", "Noor", "Sign out", "Main", address("me"), cast.parent.email):
        assert theirs not in shown
    assert f'data-person="{cast.young_person.pk}"' in shown


@pytest.mark.parametrize("who", ["parent", "senco", "teacher", "professional"])
def test_nobody_but_the_young_person_looks_through_anybodys_eyes(cast: Cast, who: str) -> None:
    share(cast.sam, cast.young_person, cast.people[who]) if who != "senco" else None
    client = as_(cast.people[who])
    for href in (
        address("see_as", cast.sam.pk),
        address("preview", cast.sam.pk, cast.other_parent.pk),
        address("preview_page", cast.sam.pk, cast.other_parent.pk, "plan"),
    ):
        assert client.get(href).status_code == 403


def test_only_somebody_near_whom_choices_can_name_is_looked_as_and_only_at_pages_of_this_record(
    cast: Cast,
) -> None:
    own = as_(cast.young_person)

    def status(person: User, page: str = "plan", pupil: Pupil = cast.sam) -> int:
        return own.get(address("preview_page", pupil.pk, person.pk, page)).status_code

    assert status(cast.parent) == 200
    for who in (
        "senco",
        "colleague",
        "stranger",
        "restricted_parent",
        "left",
        "deactivated",
        "dsl",
        "student",
    ):
        assert status(cast.people[who]) == 404, who
    for page in ("circle", "who_looked", "mine", "see_as", "edit_profile", "home", "me", "cycles", "http:"):
        path = address("preview", cast.sam.pk, cast.parent.pk) + f"{page}/"
        assert own.get(path).status_code == 404, page
    assert status(cast.parent, pupil=cast.noor) == 404
    assert own.get(address("preview", cast.sam.pk, uuid4())).status_code == 404


def test_before_hand_over_comes_near_there_is_nothing_to_look_at(cast: Cast) -> None:
    for who in ("child", "parent", "senco"):
        assert as_(cast.people[who]).get(address("see_as", cast.ada.pk)).status_code == 403


def test_a_rehearsal_shows_how_it_will_be_on_the_day(record: Record) -> None:
    cast = record.cast
    born = date(2010, 11, 20)  # 16 on 20 November 2026
    Pupil.objects.filter(pk=cast.sam.pk).update(date_of_birth=born)
    own = as_(cast.young_person)
    chooser = words(own.get(address("see_as", cast.sam.pk)))
    assert "You begin to decide on 20 November 2026 . This is how it will be on that day." in chooser
    assert "Pam Lovelace parent carer Will see nothing." in chooser
    assert as_(cast.parent).get(address("needs", cast.sam.pk)).status_code == 200
    assert "You cannot see this" in words(preview(cast, cast.sam, cast.parent, "needs"))
    share(cast.sam, cast.young_person, cast.parent, Section.NEEDS)
    shown = preview(cast, cast.sam, cast.parent, "needs")
    assert "~sam-need~" in shown.content.decode()
    assert "will see on 20 November 2026, the day you begin to decide" in shown.content.decode()
    [row] = AccessLog.objects.filter(way=Way.PREVIEW)
    assert row.at == AT
    day = datetime(2026, 11, 20, tzinfo=LONDON)
    assert policy.why(cast.parent, cast.sam, day).sections == [Section.NEEDS]


def test_the_way_in_leads_to_the_same_page_of_the_preview(record: Record) -> None:
    cast = record.cast
    own, way_in = as_(cast.young_person), address("preview", cast.sam.pk, cast.parent.pk)
    assert "You cannot see this" in words(own.get(way_in))
    share(cast.sam, cast.young_person, cast.parent, Section.PLAN)
    assert own.get(way_in)["Location"] == address("preview_page", cast.sam.pk, cast.parent.pk, "plan")
    teacher = address("preview", cast.sam.pk, cast.teacher.pk)
    assert own.get(teacher)["Location"] == address("preview_page", cast.sam.pk, cast.teacher.pk, "plan")


def test_a_message_for_the_young_person_waits_for_their_own_page(cast: Cast) -> None:
    own = as_(cast.young_person)
    typed: dict[str, Any] = {"number": 0, "version": 0, "important": "My bike.", "how_made": "I wrote it."}
    assert own.post(address("edit_profile", cast.sam.pk), typed).status_code == 302
    shown = own.get(address("preview_page", cast.sam.pk, cast.parent.pk, "profile"))
    assert "The profile is saved." not in shown.content.decode()
    assert "The profile is saved." in words(own.get(address("profile", cast.sam.pk)))


def test_a_preview_of_the_plan_asks_no_more_than_the_plan_itself(record: Record) -> None:
    cast = record.cast
    share(cast.sam, cast.young_person, cast.parent)
    own = as_(cast.young_person)
    asked = {n: count(own, address("preview_page", cast.sam.pk, cast.parent.pk, n)) for n in PAGES}
    count(own, address("see_as", cast.sam.pk))
    assert asked["plan"] == count(as_(cast.parent), address("plan", cast.sam.pk))
