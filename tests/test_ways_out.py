"""Every way out of Alongside: what somebody had by a choice leaves it no more from the moment the choice is stopped.

Noor decides for herself, and something of every kind is in her record that could leak. She opens parts to somebody,
each way out is seen to show them, she stops it with one press, and the very next use shows no mark of them. `WAYS` is
closed: a way without a test here fails, and so does a test without a way.
"""

import logging
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.apps import apps
from django.conf import settings as the_settings
from django.core import mail
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse

from accounts.enums import Channel, Role
from accounts.models import Membership, Preferences
from apdr.models import ViewFile
from notifications import letters, reminders
from notifications.models import HandOverLetter, Message, Photo
from pupils import choices, circle, documents, people, receipts, requests, tasks
from pupils import invitations as ways_in
from pupils.choices import Wanted
from pupils.enums import Answer, ImportKind, RestrictionKind, Section
from pupils.models import ChoiceSheet, ProfilePicture, Pupil
from pupils.pages import TABS
from reviews import answer_links
from reviews import invitations as asking
from reviews import services as reviews
from reviews.enums_invitations import Coming
from reviews.models import Judgement, Review
from tests.apdr.pages import errors, send, words
from tests.api.asking import ask as ask_api
from tests.api.record import token_of
from tests.cast import AT, member
from tests.house.test_headers import lines
from tests.notifications.notify import running
from tests.notifications.reviewing import comes
from tests.pupils.test_partly_open import section_of
from tests.record import Record, marks_in
from tests.routes import LISTED, OF_PUPIL, address, browser, found
from tests.test_routes import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]

#: Each way out, and its test.
WAYS = {
    "pages": "test_pages",
    "partial pages": "test_partial_pages",
    "search and autocomplete": "test_search",
    "counts and badges": "test_counts_and_badges",
    "API lists and details": "test_api",
    "nested serializers": "test_what_is_nested_in_the_api",
    "error messages": "test_error_messages",
    "receipts that were queued, or left": "test_receipts_that_were_queued_or_left",
    "requests that were queued": "test_requests_that_were_queued",
    "letters that were queued": "test_letters_that_were_queued",
    "reminders that were queued": "test_reminders_that_were_queued",
    "texts and letters through GOV.UK Notify": "test_texts_and_letters",
    "letters on paper": "test_letters_on_paper",
    "invitations": "test_invitations",
    "links that answer an invitation": "test_links_that_answer_an_invitation",
    "links opened later": "test_links_opened_later",
    "PDF": "test_pdf",
    "pages on paper": "test_pages_on_paper",
    "photos": "test_photos",
    "drawings, recordings and pictures of profiles": "test_what_was_drawn_or_recorded",
    "help that was offered": "test_signposts",
    "events": "test_events",
    "surveys and what came of them": "test_surveys",
    "what is published without signing in": "test_what_is_published",
    "calendar and CSV": "test_calendar_and_csv",
    "the access log": "test_the_access_log",
    "the browser's back button": "test_back_button",
    "an administration site": "test_there_is_no_administration_site",
    "logs and error reports": "test_logs_and_error_reports",
    "prepared files": "test_prepared_files",
    "previews": "test_previews",
    "the session and cookies": "test_session_and_cookies",
    "e-mail subjects and headers": "test_email_subjects_and_headers",
    "redirects and flash messages": "test_redirects_and_flash_messages",
}
DAY = timedelta(days=1)
PAGES = {section: name for section, name, _ in TABS}


def test_every_way_out_has_its_test() -> None:
    tests = {name for name, it in globals().items() if name.startswith("test_") and callable(it)}
    assert tests - {"test_every_way_out_has_its_test"} == set(WAYS.values())
    assert len(set(WAYS.values())) == len(WAYS)


def give(record: Record, who: str, *sections: Section) -> ChoiceSheet:
    """Noor opens parts of her record to somebody for a week."""
    person = record.cast.people[who]
    return choices.choose(
        pupil=record.cast.noor,
        wanted=[Wanted(one, Answer.YES, person=person, ends_at=AT + 7 * DAY) for one in sections],
        by=record.cast.student,
        at=AT,
        key=uuid4(),
        wording="test-1",
    )


def stop(record: Record, who: str) -> None:
    """Noor presses "Stop" beside somebody's name."""
    href = reverse("stop_choices", args=[record.cast.noor.pk, record.cast.people[who].pk])
    assert browser(record.cast.student).post(href).status_code == 302


def noors(text: str, section: Section | None = None) -> set[str]:
    """The marks of Noor's record in something, or those of one part of it."""
    every = {mark for mark in marks_in(text) if mark.startswith("noor-")}
    return {mark for mark in every if section_of(mark) is section} if section else every


def goes_out_until_stopped(record: Record, who: str, section: Section, way: Callable[[], str]) -> None:
    give(record, who, section)
    assert noors(way(), section) != set(), section
    stop(record, who)
    assert noors(way()) == set(), section


def said(answer: Any) -> str:
    """All that leaves with an answer."""
    return text_of(answer)


def page(client: Client, name: str, pupil: Pupil, **more: Any) -> str:
    return said(client.get(reverse(name, args=[pupil.pk]), follow=True, **more))


def shut_out(record: Record, who: str, pupil: Pupil) -> None:
    circle.restrict(
        pupil=pupil,
        person=record.cast.people[who],
        kind=RestrictionKind.UNSAFE,
        reason="Not safe.",
        by=record.cast.senco,
        at=AT,
    )


def test_pages(record: Record) -> None:
    for section, name in PAGES.items():
        who = "professional" if section in (Section.NEEDS, Section.REVIEWS) else "parent"
        client = browser(record.cast.people[who])
        goes_out_until_stopped(record, who, section, lambda: page(client, name, record.cast.noor))  # noqa: B023
    give(record, "parent", *Section)
    opened = [page(browser(record.cast.parent), name, record.cast.noor) for name in PAGES.values()]
    stop(record, "parent")
    closed = [
        page(browser(record.cast.parent), name, record.cast.noor) for name in [*PAGES.values(), "pupil"]
    ]
    assert all(map(noors, opened))
    assert set().union(*map(noors, closed)) == set()


def test_partial_pages(record: Record) -> None:
    """Whatever asks for a part of a page is answered by the same door."""
    part = {"headers": {"HX-Request": "true", "HX-Target": "main", "HX-Boosted": "true"}}
    client = browser(record.cast.parent)
    for section in (Section.NEEDS, Section.PLAN, Section.UPDATES):
        goes_out_until_stopped(
            record, "parent", section, lambda: page(client, PAGES[section], record.cast.noor, **part)  # noqa: B023
        )  # fmt: skip
    polled = reverse("import_progress", args=[record.batch.pk])
    assert browser(record.cast.senco).get(polled, **part).status_code == 200
    assert browser(record.cast.stranger).get(polled, **part).status_code == 404


def test_search(record: Record) -> None:
    """A search finds names and never words, and says which parts are open now."""
    secret = token_of(record.cast.professional)

    def parts(q: str) -> list[list[str]]:
        answer = ask_api(secret, "GET", f"/api/v1/pupils/?q={q}")
        assert noors(said(answer)) == set()
        return [one["sections"] for one in answer.json()["results"]]

    give(record, "professional", Section.NEEDS)
    assert parts("Noor") == [["needs"]]
    assert parts("~noor-need~") == []
    stop(record, "professional")
    assert parts("Noor") == [[]]
    for who, name in (("senco", "caseload"), ("dsl", "safeguarding")):
        client = browser(record.cast.people[who])
        found = [words(client.get(reverse(name), {"q": q})) for q in ("Haddad", "~noor-need~", "Zzz")]
        assert found[0].count("Noor Haddad") == found[2].count("Noor Haddad") + 1
        assert found[1].replace("~noor-need~", "Zzz") == found[2]


def test_counts_and_badges(record: Record) -> None:
    parent = browser(record.cast.parent)
    give(record, "parent", *Section)
    before = words(parent.get("/"))
    stop(record, "parent")
    after = words(parent.get("/"))
    card = [text.partition("Noor")[2].partition("Sam")[0] for text in (before, after)]
    badges = ["There is news from school", "Your idea has an answer"]
    assert [badge for badge in badges if badge in card[0]] == badges
    assert [line for line in ("news", "answer", "idea", "looking back", "version") if line in card[1]] == []


API = {
    Section.PROFILE: ["profile"],
    Section.NEEDS: ["needs", "measures"],
    Section.PLAN: ["outcomes", "next-steps"],
    Section.STRATEGIES: ["strategies", "provision"],
    Section.FUNDING: ["funding"],
    Section.VIEWS: ["views"],
    Section.REVIEWS: ["reviews"],
    Section.UPDATES: ["updates"],
}


def test_api(record: Record) -> None:
    secret, noor = token_of(record.cast.parent), record.cast.noor

    def asked(path: str) -> str:
        return said(ask_api(secret, "GET", f"/api/v1/{path}/"))

    lists = {f"pupils/{noor.pk}/{name}": section for section, names in API.items() for name in names}
    give(record, "parent", *Section)
    assert {section for path, section in lists.items() if noors(asked(path), section)} == set(Section)
    stop(record, "parent")
    assert {path: told for path in lists if (told := noors(asked(path)))} == {}
    goes_out_until_stopped(record, "parent", Section.NEEDS, lambda: asked(f"pupils/{noor.pk}/needs"))
    step = record.of["noor"].items["step"].pk
    goes_out_until_stopped(record, "parent", Section.PLAN, lambda: asked(f"next-steps/{step}/progress"))
    version = record.of["noor"].version.pk
    goes_out_until_stopped(record, "parent", Section.PLAN, lambda: asked(f"versions/{version}/comments"))


def test_what_is_nested_in_the_api(record: Record) -> None:
    """A shared version holds four parts: each goes out only while it is open itself."""
    path = f"/api/v1/cycles/{record.of['noor'].cycle.pk}/versions/"
    secret = token_of(record.cast.parent)
    nested = (Section.STRATEGIES, Section.NEEDS, Section.FUNDING)
    for section in nested:
        give(record, "parent", Section.PLAN, section)
        told = said(ask_api(secret, "GET", path))
        assert [one for one in nested if noors(told, one)] == [section]
        href = reverse("stop_choices", args=[record.cast.noor.pk, record.cast.parent.pk])
        browser(record.cast.student).post(href, {"section": section.value})
        told = said(ask_api(secret, "GET", path))
        assert noors(told, Section.PLAN) != set()
        assert [one for one in nested if noors(told, one)] == []


def test_error_messages(record: Record) -> None:
    """403, 404, 409 and 422: an error that quotes the record does so only while it is open."""
    teacher, noor = browser(record.cast.teacher), record.cast.noor
    profile = reverse("edit_profile", args=[noor.pk])
    step = reverse("log_step", args=[record.of["noor"].items["step"].pk])
    posts: list[tuple[Section, str, dict[str, Any], int]] = [
        (Section.PROFILE, profile, {"version": 1, "important": "Mine.", "how_made": "Alone."}, 409),
        (Section.PLAN, step, {"note": "x" * 5000}, 422),
    ]
    for section, href, typed, status in posts:
        give(record, "teacher", section)
        refused = teacher.post(href, typed)
        assert (refused.status_code, bool(noors(said(refused), section))) == (status, True)
        stop(record, "teacher")
        closed = teacher.post(href, typed)
        assert (closed.status_code, noors(said(closed))) == (403, set())
    for who, status in (("parent", 403), ("stranger", 404), ("restricted_parent", 404)):
        client, secret = browser(record.cast.people[who]), token_of(record.cast.people[who])
        for section, name in PAGES.items():
            answer = client.get(reverse(name, args=[noor.pk]))
            by_program = ask_api(secret, "GET", f"/api/v1/pupils/{noor.pk}/{API[section][0]}/")
            assert [answer.status_code, by_program.status_code] == [status, status]
            assert noors(said(answer) + said(by_program)) == set()
    empty = browser(record.cast.parent).post(reverse("ask", args=[noor.pk]), {})
    assert (empty.status_code, bool(errors(empty)), noors(said(empty))) == (422, True, set())


def agreed(record: Record) -> ChoiceSheet:
    """Pam agrees for Ada that the professional may read a part, and says what for."""
    to = Wanted(Section.NEEDS, Answer.YES, record.cast.professional, None, AT + DAY, "~ada-agreed~")
    who: dict[str, Any] = {
        "pupil": record.cast.ada,
        "by": record.cast.parent,
        "at": AT,
        "wording": "family-1",
    }
    return choices.choose(wanted=[to], key=uuid4(), **who)


def test_receipts_that_were_queued_or_left(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = agreed(record), agreed(record), agreed(record)
    tasks.send_receipt(str(first.pk))
    assert [message.to for message in mail.outbox] == [[record.cast.parent.email]]
    shut_out(record, "parent", record.cast.ada)
    tasks.send_receipt(str(second.pk))
    monkeypatch.setattr(
        tasks.send_late_receipt, "apply_async", lambda given, **_: tasks.send_late_receipt(*given)
    )
    monkeypatch.setattr(tasks.tell_of_request_to, "apply_async", lambda *_, **__: None)  # of another test
    with time_machine.travel(AT + DAY, tick=False):
        assert third.pk in receipts.left(AT + DAY)
        tasks.send_what_is_left()
    assert len(mail.outbox) == 1
    assert silent(mail.outbox) == []


def silent(sent: list[Any]) -> list[str]:
    """What e-mails say of a record: marks, names of pupils and names of parts. They should say nothing."""
    text = "\n".join(f"{message.subject}\n{message.body}\n{message.message()}" for message in sent)
    told = {mark for mark in marks_in(text) if "@" not in mark}
    named = re.findall(r"Ada|Noor|Sam\b|Haddad|Lovelace|Okafor|Strengths|Funding", text)
    return [*sorted(told), *named]


def test_requests_that_were_queued(record: Record) -> None:
    def asks(section: Section) -> str:
        row = requests.ask(
            pupil=record.cast.noor, section=section, reason="~noor-asked-for~", by=record.cast.parent, at=AT,
            send=lambda pk: None
        )  # fmt: skip
        return str(row.pk)

    first, second = asks(Section.NEEDS), asks(Section.PLAN)

    def left() -> set[str]:
        return {str(request) for request, _ in requests.left(AT + timedelta(hours=1))}

    assert left() >= {first, second}
    tasks.tell_of_request_to(first, str(record.cast.student.pk))
    assert ([message.to for message in mail.outbox], silent(mail.outbox)) == (
        [[record.cast.student.email]],
        [],
    )
    shut_out(record, "parent", record.cast.noor)
    tasks.tell_of_request_to(second, str(record.cast.student.pk))
    assert (len(mail.outbox), left() & {first, second}) == (1, set())


def test_letters_that_were_queued(record: Record) -> None:
    ada = record.cast.ada
    Pupil.objects.filter(pk=ada.pk).update(date_of_birth=date(2010, 5, 14))  # 16 on 14 May 2026
    letters.plan(at=AT)
    planned = list(HandOverLetter.objects.filter(pupil=ada).order_by("person__name"))
    assert {one.person for one in planned} == {
        record.cast.child,
        record.cast.parent,
        record.cast.other_parent,
    }
    shut_out(record, "parent", ada)
    sent = {one.person: letters.send(letter_id=one.pk, at=AT) for one in planned}
    assert sent == {record.cast.child: True, record.cast.parent: False, record.cast.other_parent: True}
    assert (len(mail.outbox), silent(mail.outbox)) == (2, [])


def test_reminders_that_were_queued(record: Record) -> None:
    """What an e-mail is about is asked again when it goes out, and it says nothing of it."""
    cycle, parent = record.of["noor"].cycle, record.cast.parent
    Judgement.objects.filter(cycle=cycle, said_by=parent).delete()
    reviews.start_review(cycle=cycle, by=record.cast.senco, at=AT)
    comes(cycle, record.cast.student, parent)

    def due() -> Message:
        give(record, "parent", *Section)
        reminders.plan(at=AT)
        reminders.gather(at=AT)
        return Message.objects.get(person=parent, state="planned")

    message = due()
    stop(record, "parent")
    assert reminders.send(message_id=message.pk, at=AT) is False
    assert mail.outbox == []
    assert reminders.send(message_id=due().pk, at=AT) is True
    assert ([one.to for one in mail.outbox], silent(mail.outbox)) == ([[parent.email]], [])


def looking_back(record: Record, channel: Channel) -> None:
    """Noor's review has started, and Pam, who wants to be told this way, has not said how it went."""
    cycle, parent = record.of["noor"].cycle, record.cast.parent
    Judgement.objects.filter(cycle=cycle, said_by=parent).delete()
    reviews.start_review(cycle=cycle, by=record.cast.senco, at=AT)
    comes(cycle, record.cast.student, parent)
    home = "Pam Lovelace\n1 High Street\nHazelmere\nBN1 1AA"
    Preferences.objects.filter(person=parent).update(
        channel=channel, phone="+447700900123", phone_confirmed="+447700900123", postal_address=home
    )


@pytest.mark.parametrize("channel", [Channel.TEXT, Channel.LETTER])
def test_texts_and_letters(record: Record, settings: Any, channel: Channel) -> None:
    """As e-mails: asked again when it goes out, and silent of what it is about."""
    looking_back(record, channel)
    parent = record.cast.parent
    with running(settings) as notify:
        for stopped in (True, False):
            give(record, "parent", *Section)
            reminders.plan(at=AT)
            reminders.gather(at=AT)
            message = Message.objects.get(person=parent, state="planned")
            if stopped:
                stop(record, "parent")
            assert reminders.send(message_id=message.pk, at=AT) is not stopped
            assert len(notify.taken) == (not stopped)
    told = notify.taken[0]["personalisation"]["words"]
    assert (marks_in(told), re.findall(r"Ada|Noor|Sam\b|Haddad|SEN", told)) == (set(), [])


def test_letters_on_paper(record: Record) -> None:
    looking_back(record, Channel.LETTER)
    parent, senco = record.cast.parent, browser(record.cast.senco)
    href, page_of = reverse("print_letter", args=[parent.pk]), reverse("letters_to_print")
    give(record, "parent", *Section)
    reminders.plan(at=AT)
    assert "Near Noor" in words(senco.get(page_of))
    stop(record, "parent")
    assert "Pam Lovelace" not in words(senco.get(page_of))
    assert senco.post(href).status_code == 404
    give(record, "parent", *Section)
    answer = senco.post(href)
    told = said(answer)
    assert (answer.status_code, noors(told), marks_in(told)) == (200, set(), set())
    assert re.findall(r"Ada|Noor|Sam\b|Haddad|SEN", told) == []


def test_invitations(record: Record) -> None:
    """The link of an invitation leads to nothing once it is taken back, or its reader is shut out."""
    as_senco: dict[str, Any] = {"by": record.cast.senco, "at": AT}
    for take_back in (True, False):
        invitation, secret = ways_in.invite_professional(
            pupils=[record.cast.noor], email=f"new-{take_back}@clinic.example", name="New", **as_senco
        )
        opened = Client().get(reverse("invitation", args=[secret]))
        assert (opened.status_code, noors(said(opened))) == (200, set())
        assert "Noor" not in said(opened)
        if take_back:
            ways_in.withdraw(invitation=invitation, **as_senco)
            assert Client().get(reverse("invitation", args=[secret])).status_code == 404
        assert browser(record.cast.stranger).get(reverse("invitation", args=[secret])).status_code == 404


def test_links_that_answer_an_invitation(record: Record) -> None:
    """The link shows when the meeting is while reviews are shared and the parent is wanted there, and never a mark."""
    review = Review.objects.select_related("cycle__pupil").get(pk=record.of["noor"].review.pk)
    give(record, "parent", Section.REVIEWS)
    asked = {"review": review, "by": record.cast.student, "at": AT}
    asking.choose_who_comes(**asked, people=[record.cast.parent.pk])
    row = review.invitations.select_related("person").get(person=record.cast.parent)
    href = answer_links.path(row, 0, Coming.YES)
    when = f"{review.starts_at.astimezone(AT.tzinfo):%-d %B %Y}"
    opened = Client().get(href)
    assert (opened.status_code, when in said(opened), noors(said(opened))) == (200, True, set())
    stop(record, "parent")
    closed = [Client().get(href), Client().post(href)]
    assert [answer.status_code for answer in closed] == [410, 410]
    assert [(when in said(answer), noors(said(answer))) for answer in closed] == [(False, set())] * 2


def test_links_opened_later(record: Record) -> None:
    """Each deep link that somebody followed while it was open, and opens again out of a history or an e-mail."""
    names = [
        "plan_version",
        "profile_version",
        "card",
        "log_step",
        "answer_plan",
        "answer_strategy",
        "kept_plan",
    ]
    names += [name for name in OF_PUPIL if name.startswith(("pupil", "cycle", "judge"))]
    hrefs = [address(record, record.of["noor"], name) for name in names]
    for who in ("parent", "teacher"):
        client = browser(record.cast.people[who])
        give(record, who, *Section)
        seen = {href: noors(said(client.get(href))) for href in hrefs}
        assert len([href for href in hrefs if seen[href]]) > 3, who
        stop(record, who)
        assert {href: found for href in hrefs if (found := noors(said(client.get(href))))} == {}, who


def test_pdf(record: Record) -> None:
    sheet = agreed(record)
    href = reverse("choice_receipt", args=[record.cast.ada.pk, sheet.pk])
    told = browser(record.cast.parent).get(href)
    assert told["Content-Type"] == "application/pdf"
    assert "ada-agreed" in marks_in(said(told))
    for who in ("other_parent", "professional", "teacher", "stranger"):
        assert browser(record.cast.people[who]).get(href).status_code == 404, who
    shut_out(record, "parent", record.cast.ada)
    assert browser(record.cast.parent).get(href).status_code == 404
    assert {name for name in found() if re.search("pdf|print|export|download", name)} == {
        "door_pdf",  # of an event, and of no pupil: `test_events`
        "letters_to_print",
        "print_letter",
        "mfa_download_recovery_codes",
    }


def test_pages_on_paper(record: Record) -> None:
    cast = record.cast
    for section, name in PAGES.items():
        who = "professional" if section in (Section.NEEDS, Section.REVIEWS) else "parent"
        client, href = browser(cast.people[who]), reverse("paper", args=[cast.noor.pk, name])
        goes_out_until_stopped(record, who, section, lambda: said(client.get(href)))  # noqa: B023
    href = reverse("paper", args=[cast.ada.pk, "plan"])
    assert marks_in(said(browser(cast.parent).get(href))) != set()
    shut_out(record, "parent", cast.ada)
    assert browser(cast.parent).get(href).status_code == 404


def test_photos(record: Record) -> None:
    """Each photo, on its page, by its own address and by program, is asked about when it goes out."""
    photo = record.of["noor"].items["photo_pam"]
    secret, parent = token_of(record.cast.parent), browser(record.cast.parent)

    def ways() -> str:
        answers = [parent.get(f"/photos/{photo.pk}/"), ask_api(secret, "GET", f"/api/v1/photos/{photo.pk}/")]
        listed = ask_api(secret, "GET", f"/api/v1/pupils/{record.cast.noor.pk}/updates/")
        return "\n".join(map(said, [*answers, listed])) + page(parent, "updates", record.cast.noor)

    give(record, "parent", Section.UPDATES)
    assert {"noor-picture-pam", "noor-photo-pam"} <= noors(ways())
    assert noors(ways()) & {"noor-picture-oscar", "noor-photo-oscar", "noor-talk-itself"} == set()
    stop(record, "parent")
    assert noors(ways()) == set()
    other = record.of["ada"].items["photo_oscar"]
    for who, status in (
        ("other_parent", 200),
        ("parent", 404),
        ("restricted_parent", 404),
        ("professional", 403),
    ):
        told = browser(record.cast.people[who]).get(f"/photos/{other.pk}/")
        assert (told.status_code, "picture-oscar" in said(told)) == (status, status == 200), who
    assert [name for name in found() if re.search("media|upload|static", name)] == []


def test_what_was_drawn_or_recorded(record: Record) -> None:
    """Each file of a view and of a profile, by its own address and by program, is asked about when it goes out."""
    items, noor = record.of["noor"].items, record.cast.noor
    drawn, face = items["file_pam"], items["profile_picture"]
    secret, parent = token_of(record.cast.parent), browser(record.cast.parent)

    def ways() -> str:
        hrefs = [f"/said/{drawn.pk}/", f"/profile-pictures/{face.pk}/"]
        answers = [parent.get(href) for href in hrefs]
        named = [f"/api/v1/said-files/{drawn.pk}/", f"/api/v1/profile-pictures/{face.pk}/"]
        listed = [f"/api/v1/pupils/{noor.pk}/{part}/" for part in ("views", "profile")]
        answers += [ask_api(secret, "GET", href) for href in [*named, *listed]]
        return "\n".join(map(said, answers)) + page(parent, "views", noor)

    give(record, "parent", Section.VIEWS, Section.PROFILE)
    assert {"noor-drawn-pam", "noor-seen-pam", "noor-profile-face", "noor-profile-picture"} <= noors(ways())
    assert noors(ways()) & {"noor-drawn-oscar", "noor-seen-oscar", "noor-did-view-oscar"} == set()
    stop(record, "parent")
    assert noors(ways()) == set()
    other = record.of["ada"].items["file_oscar"]
    for who, status in (
        ("other_parent", 200),
        ("parent", 404),
        ("restricted_parent", 404),
        ("professional", 403),
    ):
        told = browser(record.cast.people[who]).get(f"/said/{other.pk}/")
        assert (told.status_code, "drawn-oscar" in said(told)) == (status, status == 200), who


def test_signposts(record: Record) -> None:
    """Help that was offered to Noor and to her homes, on its page and by program."""
    client, secret, noor = browser(record.cast.parent), token_of(record.cast.parent), record.cast.noor
    href = reverse("pupil_signposts", args=[noor.pk])

    def ways() -> str:
        listed = ask_api(secret, "GET", f"/api/v1/pupils/{noor.pk}/signposts/")
        return said(client.get(href)) + said(listed)

    give(record, "parent", Section.UPDATES)
    assert {mark for mark in noors(ways()) if "update-why" in mark} == {
        "noor-update-why-itself",
        "noor-update-why-pam",
    }
    stop(record, "parent")
    assert noors(ways()) == set()


def test_events(record: Record) -> None:
    """An event tells of no pupil; what somebody told the SENCO reaches nobody else, and who comes only who lets them in.

    Whoever is shut out, or works elsewhere, finds nothing of it.
    """
    event, own = record.kept["event"], {"send-event", "sen-event-where", "event-what", "event-contact"}
    names = ["event", "event_file", "event_guests", "door_csv", "door_pdf"]
    hrefs = [reverse(name, args=[event.pk]) for name in names]
    hrefs += [reverse("setting_events", args=[record.setting.pk]), reverse("events")]

    def found_by(who: str) -> set[str]:
        client, secret = browser(record.cast.people[who]), token_of(record.cast.people[who])
        told = [text_of(client.get(href)) for href in hrefs]
        told.append(said(ask_api(secret, "GET", f"/api/v1/events/{event.pk}/")))
        return {mark for mark in marks_in("".join(told)) if not mark.endswith(".example")}

    assert found_by("senco") == own | {"pam-event-know"}
    assert found_by("parent") == own | {"pam-event-know"}
    assert found_by("other_parent") == own
    for who in ("restricted_parent", "teacher", "student", "professional", "stranger", "leader"):
        assert found_by(who) & (own | {"pam-event-know"}) == set(), who
    record.cast.other_parent.name = "~somebody~"
    told = text_of(browser(record.cast.other_parent).get(hrefs[0]))
    assert record.cast.parent.name not in told
    file = browser(record.cast.parent).get(hrefs[1]).content.decode()
    assert (marks_in(file), "SUMMARY:Coffee morning" in file, "LOCATION" in file) == (set(), True, False)


def test_surveys(record: Record) -> None:
    """What a setting asks and what came of it: whoever was asked has what tells of nobody, its SENCO what names say."""
    survey, draft = record.kept["survey"], record.kept["survey_draft"]
    pages = [
        *(
            reverse(name, args=[survey.pk])
            for name in ("survey", "answer_survey", "survey_results", "survey_csv")
        ),
        reverse("answer_survey", args=[draft.pk]),
        reverse("my_surveys"),
    ]
    by_program = [
        *(f"/api/v1/surveys/{survey.pk}/{way}" for way in ("", "answer/", "results/")),
        f"/api/v1/surveys/{draft.pk}/answer/",
        f"/api/v1/settings/{record.setting.pk}/surveys/",
        "/api/v1/me/surveys/",
    ]

    def finds(who: str) -> set[str]:
        person = record.cast.people[who]
        client, secret = browser(person), token_of(person)
        answers = [client.get(href) for href in pages] + [ask_api(secret, "GET", href) for href in by_program]
        return {mark for mark in marks_in("".join(map(said, answers))) if "survey" in mark}

    told = {"survey", "survey-why", "survey-asks", "survey-told"}
    assert finds("senco") >= {*told, "pam-survey-words", "survey-draft"}
    assert finds("parent") == {*told, "pam-survey-words"}  # by program, their own
    for who in ("other_parent", "student", "teacher", "leader"):
        assert finds(who) == told, who
    for who in ("restricted_parent", "professional", "stranger", "left"):
        assert finds(who) == set(), who


def test_what_is_published(record: Record) -> None:
    """Anybody reads what a setting publishes: no mark of a pupil or a family, and nothing once it is taken back."""
    document = record.kept["document"]
    hrefs = [
        reverse("published", args=[record.setting.pk]),
        reverse("published_document", args=[record.setting.pk, document.pk]),
        f"/api/v1/published/{record.setting.pk}/",
    ]
    told = [Client().get(href) for href in hrefs]
    assert [answer.status_code for answer in told] == [200, 200, 200]
    assert marks_in("".join(map(said, told))) == {"published", "published-text", "you-said", "we-did"}
    documents.unpublish(document=document, by=record.cast.senco, at=AT)
    assert [Client().get(href).status_code for href in hrefs] == [404, 404, 404]


def test_calendar_and_csv(record: Record) -> None:
    """A calendar says when, while it is open. A file for a spreadsheet is a SENCO's, or tells of nobody."""
    review, feed = record.of["noor"].review, reverse("calendar", args=[record.calendar])
    calendars = [name for name in found() if re.search("calendar|ics|feed|review_file|event_file", name)]
    assert calendars == ["my_calendar", "end_calendar", "calendar", "review_file", "event_file"]

    def entry() -> tuple[str, ...]:
        told = Client().get(feed).content.decode().replace("\r\n ", "")
        assert marks_in(told) == set()
        assert re.findall(r"Ada|Sam\b|Noor|Haddad|Lovelace|Okafor|SEN|EHC", told) == []
        of = told.partition(f"UID:{review.pk}@")[2].partition("END:VEVENT")[0]
        return tuple(re.findall(r"SEQUENCE:\d+|STATUS:\w+|URL:", of))

    asking.choose_who_comes(review=review, by=record.cast.student, at=AT, people={record.cast.parent.pk})
    told = [entry()]
    for _ in range(2):
        give(record, "parent", Section.REVIEWS)
        told.append(entry())
        stop(record, "parent")
        told.append(entry())
    assert told == [
        (),
        ("SEQUENCE:0", "STATUS:CONFIRMED", "URL:"),
        ("SEQUENCE:1", "STATUS:CANCELLED"),
        ("SEQUENCE:2", "STATUS:CONFIRMED", "URL:"),
        ("SEQUENCE:3", "STATUS:CANCELLED"),
    ]
    file = reverse("review_file", args=[review.pk])
    assert browser(record.cast.parent).get(file).status_code == 403
    assert marks_in(browser(record.cast.student).get(file).content.decode()) == set()
    give(record, "parent", *Section)
    for name in ("provision_map", "provision_map_csv", "provision_map_xlsx", "cohort_csv"):
        href = reverse(name, args=[record.setting.pk])
        for who in ("parent", "teacher", "student", "professional", "stranger"):
            assert browser(record.cast.people[who]).get(href).status_code == 404, (name, who)
    numbers = browser(record.cast.leader).get(reverse("cohort_csv", args=[record.setting.pk]))
    assert (numbers.status_code, marks_in(said(numbers))) == (200, set())
    for kind in ("text/calendar", "text/csv"):
        for name in PAGES.values():
            told = browser(record.cast.parent).get(
                reverse(name, args=[record.cast.noor.pk]), {"format": "ics"}, headers={"Accept": kind}
            )
            assert told["Content-Type"] == "text/html; charset=utf-8"
        refused = Client().get(
            f"/api/v1/pupils/{record.cast.noor.pk}/reviews/",
            headers={"Accept": kind, "Authorization": f"Bearer {token_of(record.cast.parent)}"},
        )
        assert (refused.status_code, noors(said(refused))) == (406, set())
    files = [reverse("import_template", args=[kind.value]) for kind in ImportKind]
    files.append(reverse("import_report", args=[record.batch.pk]))
    told = [browser(record.cast.senco).get(href) for href in files]
    assert {one["Content-Type"] for one in told} == {"text/csv; charset=utf-8"}
    known = {mark for one in told for mark in marks_in(one.content.decode()) if "@" not in mark}
    assert known <= {"import-row"}
    library = browser(record.cast.senco).get(reverse("library_file", args=[record.setting.pk]))
    assert {mark for mark in marks_in(said(library)) if "@" not in mark} == {"library", "library-how"}
    for who in ("stranger", "teacher", "parent", "dsl"):
        assert browser(record.cast.people[who]).get(files[-1]).status_code in (403, 404), who


def test_the_access_log(record: Record) -> None:
    """It says who looked at which part, to those who may know; and no word of what was there."""
    cast = record.cast
    give(record, "parent", Section.NEEDS, Section.PROFILE)
    page(browser(cast.parent), "needs", cast.noor)
    told = {
        who: page(browser(cast.people[who]), "who_looked", cast.noor)
        for who in ("student", "senco", "parent")
    }
    assert ["Pam Lovelace opened" in words_only(text) for text in told.values()] == [True, True, False]
    assert set().union(*map(noors, told.values())) == set()
    for who in ("parent", "other_parent"):
        page(browser(cast.people[who]), "plan", cast.ada)
    homes = {
        who: page(browser(cast.people[who]), "who_looked", cast.ada) for who in ("parent", "other_parent")
    }
    others = {"parent": "Oscar", "other_parent": "Pam"}
    assert {who: others[who] in words_only(text) for who, text in homes.items()} == dict.fromkeys(
        homes, False
    )
    assert (
        ask_api(token_of(cast.parent), "GET", f"/api/v1/pupils/{cast.noor.pk}/access-log/").status_code == 403
    )


def words_only(text: str) -> str:
    main = text.split("<main", 1)[-1].split("</main>", 1)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def test_back_button(record: Record) -> None:
    """No answer of a record is kept by a browser, so that Back asks again; nor is one refused."""
    sheet = give(record, "parent", *Section)
    parent, noor = browser(record.cast.parent), record.cast.noor
    hrefs = [
        reverse(name, args=[noor.pk]) for name in [*PAGES.values(), "pupil", "card", "who_looked", "ask"]
    ]
    answers: list[Any] = [parent.get(href) for href in hrefs]
    answers.append(browser(record.cast.student).get(reverse("choice_receipt", args=[noor.pk, sheet.pk])))
    answers += [ask_api(token_of(record.cast.parent), "GET", f"/api/v1/pupils/{noor.pk}/needs/")]
    stop(record, "parent")
    answers += [parent.get(href) for href in hrefs]
    assert {answer.status_code for answer in answers} == {200, 302, 403}
    for answer in answers:
        kept = (
            answer["Cache-Control"],
            "Cookie" in answer["Vary"],
            "ETag" in answer,
            "Last-Modified" in answer,
        )
        assert kept == ("no-store, private", True, False, False)


def test_there_is_no_administration_site(record: Record) -> None:
    assert not apps.is_installed("django.contrib.admin")
    assert [name for name in LISTED if "admin" in name] == []
    installer = browser(record.cast.installer)
    assert record.cast.installer.is_superuser
    for href in ("/admin/", "/admin/pupils/pupil/", "/api/admin/", "/__debug__/"):
        assert installer.get(href).status_code == 404
    assert noors("".join(page(installer, name, record.cast.noor) for name in PAGES.values())) == set()


def test_logs_and_error_reports(record: Record, caplog: Any, settings: Any) -> None:
    """A request breaks with the record in its hands and in the words of the error: nobody is told a word of it."""
    settings.ADMINS = [("Ina", "installer@it.example")]
    give(record, "parent", Section.NEEDS)
    client = browser(record.cast.parent)
    assert noors(page(client, "needs", record.cast.noor), Section.NEEDS) != set()
    broke: list[str] = []

    def breaks(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "apdr_planversion" in sql:
            rows = execute(sql, params, many, context)
            broke.append(sql)
            raise DatabaseError(f"Failing row contains (~noor-need~). {rows}")
        return execute(sql, params, many, context)

    with caplog.at_level(logging.DEBUG), connection.execute_wrapper(breaks):
        answer = client.get(reverse("needs", args=[record.cast.noor.pk]))
        by_program = ask_api(
            token_of(record.cast.parent), "GET", f"/api/v1/pupils/{record.cast.noor.pk}/needs/"
        )
    assert (len(broke), answer.status_code, by_program.status_code) == (2, 500, 500)
    assert noors(said(answer) + said(by_program) + lines(caplog)) == set()
    assert '"status": 500' in lines(caplog)
    assert mail.outbox == []


def test_prepared_files(record: Record) -> None:
    """Nothing is made ready for later but the rows of a file that was read in, for whoever is a SENCO there still.

    Of what people send, pictures and recordings alone are kept, each under an id that nothing tells.
    """
    cast = record.cast
    hrefs = [reverse(name, args=[record.batch.pk]) for name in ("import", "import_report", "import_progress")]
    assert "import-row" in marks_in(said(browser(cast.senco).get(hrefs[0])))
    member(cast.colleague, cast.hazelmere, Role.SENCO)
    held = Membership.objects.get(person=cast.senco, role=Role.SENCO)
    people.end_membership(membership=held, by=cast.colleague, at=AT)
    assert [browser(cast.senco).get(href).status_code for href in hrefs] == [404, 404, 404]
    files = the_settings.MEDIA_ROOT
    kept = [one.relative_to(files).parts for one in files.rglob("*") if one.is_file()]
    assert {parts[0] for parts in kept} == {"photos", "profiles", "said"}
    for model in (Photo, ProfilePicture, ViewFile):
        there = {f"{pk}.jpg" for pk in model.objects.values_list("pk", flat=True)}
        assert there <= {parts[1] for parts in kept}


def test_previews(record: Record) -> None:
    """ "See it as they do" shows what they see at this moment."""
    cast = record.cast
    own = browser(cast.student)
    for section, name in PAGES.items():
        href = reverse("preview_page", args=[cast.noor.pk, cast.parent.pk, name])
        goes_out_until_stopped(record, "parent", section, lambda: said(own.get(href)))  # noqa: B023


def test_session_and_cookies(record: Record) -> None:
    client = browser(record.cast.parent)
    give(record, "parent", *Section)
    assert noors("".join(page(client, name, record.cast.noor) for name in PAGES.values())) != set()
    kept = f"{dict(client.session.items())}\n{client.cookies.output()}"
    assert {mark for mark in marks_in(kept) if "@" not in mark} == set()
    assert "Noor" not in kept
    assert (the_settings.SESSION_COOKIE_HTTPONLY, the_settings.CSRF_COOKIE_HTTPONLY) == (True, True)


def test_email_subjects_and_headers(record: Record) -> None:
    """Every e-mail that a record causes says that there is something to read, and leads to signing in."""
    tasks.send_receipt(str(give(record, "parent", *Section).pk))
    row = requests.ask(
        pupil=record.cast.noor, section=Section.NEEDS, reason="~noor-asked-for~", by=record.cast.teacher, at=AT,
        send=lambda pk: None
    )  # fmt: skip
    tasks.tell_of_request_to(str(row.pk), str(record.cast.student.pk))
    invited = {"kind": "professional", "name": "New One", "email": "new-one@clinic.example"}
    href = reverse("invite_to_pupil", args=[record.cast.noor.pk])
    assert browser(record.cast.senco).post(href, invited).status_code == 302
    assert [one.subject for one in mail.outbox] == [
        "A choice was saved on Alongside",
        "Somebody asked you something",
        "Your invitation to Alongside",
    ]
    assert silent(mail.outbox) == []
    assert [one.attachments for one in mail.outbox] == [[], [], []]


def test_redirects_and_flash_messages(record: Record) -> None:
    """Where a form leads on to, and what is said there, is asked again when it is opened."""
    teacher = browser(record.cast.teacher)
    href = reverse("log_step", args=[record.of["noor"].items["step"].pk])
    for stopped in (False, True):
        give(record, "teacher", Section.PLAN)
        saved = send(teacher, href, value="1", note="~noor-note-flash~")
        assert (saved.status_code, noors(str(saved.headers) + str(dict(teacher.session)))) == (302, set())
        if stopped:
            stop(record, "teacher")
        shown = noors(said(teacher.get(saved["Location"])))
        assert ("noor-note-flash" in shown, bool(shown)) == (not stopped, not stopped)
    refused = teacher.post(href, {"value": "1"}, follow=True)
    assert (refused.status_code, noors(said(refused))) == (403, set())
