"""Reminders: one e-mail of all that is wanted of somebody, once, and not where it is over or open no longer."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from email import message_from_bytes
from typing import Any
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import mail as mails
from accounts.enums import Channel
from accounts.models import AccountEvent, Membership, Preferences, User
from apdr.enums import Stage
from apdr.models import Cycle, NextStep
from apdr.services import cycles
from notifications import reminders, tries, wanted
from notifications.enums import Kind
from notifications.models import Message, Reminder
from pupils import choices, circle, policy
from pupils.choices import Wanted as Chosen
from pupils.enums import Answer, Relation, RestrictionKind, Section
from pupils.models import AuditEvent, Pupil
from reviews import services as reviews
from reviews.enums import Rating

from ..apdr.pages import as_, words
from ..apdr.plans import Plan, write_plan
from ..apdr.test_reading_age import GRADE, grade
from ..cast import AT, LONDON, SEPTEMBER, Cast
from .reviewing import (
    AT_HOME,
    DAY,
    FAMILY,
    MINUTE,
    REVIEWED,
    SECOND,
    TEACHING,
    WEEK,
    became,
    chosen,
    comes,
    in_review,
    run,
    schedule,
    send_due,
)
from .test_letters import Mailbox, free_port, never_quiet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


# Once, in one e-mail, at the right time ----------------------------------------------------------------------


def test_everybody_is_reminded_once_however_often_the_clock_runs(cast: Cast, plan: Plan) -> None:
    schedule(cast, plan, AT + 22 * DAY)
    sent: dict[date, list[list[str]]] = {}
    at = AT
    while at < AT + 24 * DAY:
        for step in range(2):
            if found := run(at + step * MINUTE):
                sent.setdefault(at.date(), []).append(found)
        at += DAY
    assert sent == {date(2026, 3, 18): [REVIEWED], date(2026, 3, 30): [AT_HOME]}
    assert became() == (
        {(Kind.REVIEW_COMING, name, "sent") for name in FAMILY}
        | {(Kind.QUIET, name, "sent") for name in TEACHING}  # since the same 18 March
    )


def test_several_children_and_things_are_one_e_mail(cast: Cast) -> None:
    for pupil in (cast.ada, cast.sam, cast.noor):
        made = write_plan(pupil, cast.senco, SEPTEMBER)
        Cycle.objects.filter(pk=made.cycle.pk).update(review_on=AT.date() - DAY)
    assert run(AT).count(cast.senco.email) == 1
    [sent] = [message for message in mail.outbox if message.to == [cast.senco.email]]
    assert "* A review is late. Set a day for it, or hold it. (3 of these)\n" in sent.body
    told = Reminder.objects.filter(person=cast.senco, state="sent").values_list("kind", flat=True)
    due = [
        Kind.REVIEW_OVERDUE,
        Kind.STEP_DUE,
    ]  # she owns the steps, and nobody teaches Noor who may note hers
    assert sorted(told) == sorted([*due * 3, Kind.QUIET])


def test_after_a_week_in_which_nothing_ran_there_is_one_e_mail(cast: Cast, plan: Plan) -> None:
    schedule(cast, plan, AT + 8 * DAY)
    NextStep.objects.filter(pk=plan.step.pk).update(by_when=AT.date() + 3 * DAY)
    reminders.plan(at=AT)
    assert Reminder.objects.filter(person__in=[cast.parent, cast.teacher]).count() == 2
    at = AT + WEEK
    assert run(at) == [*AT_HOME, "teacher@hazelmere.example"]
    told = {
        (row.kind, row.occasion, row.why_not or row.state)
        for row in Reminder.objects.filter(person__in=[cast.parent, cast.teacher])
    }
    assert told == {
        (Kind.REVIEW_COMING, "2026-03-18 14", "overtaken"),
        (Kind.REVIEW_COMING, "2026-03-18 2", "sent"),
        (Kind.STEP_DUE, "2026-03-13", "sent"),
    }
    assert run(at + MINUTE) == []


def test_quiet_hours_and_weekends_are_kept_and_nothing_is_lost(cast: Cast, plan: Plan) -> None:
    in_review(cast, plan)
    never_quiet(cast.child)
    friday = datetime(2026, 3, 13, 18, tzinfo=LONDON)
    assert run(friday) == ["ada@pupils.example"]
    assert run(friday + 40 * timedelta(hours=1)) == []
    monday = datetime(2026, 3, 16, 7, 30, tzinfo=LONDON)
    assert run(monday - SECOND) == []
    assert run(monday) == REVIEWED[1:]


def test_an_e_mail_that_was_made_before_quiet_hours_is_not_sent_in_them(cast: Cast, plan: Plan) -> None:
    in_review(cast, plan)
    reminders.plan(at=AT)
    reminders.gather(at=AT)
    night = datetime(2026, 3, 10, 22, tzinfo=LONDON)
    waiting = list(Message.objects.values_list("pk", flat=True))
    assert [reminders.send(message_id=pk, at=night) for pk in waiting] == [False] * 5
    assert set(Message.objects.values_list("attempts", flat=True)) == {0}


def test_whoever_wants_one_e_mail_a_day_gets_no_second(cast: Cast, plan: Plan) -> None:
    Preferences.objects.create(person=cast.teacher, daily_digest=True)
    in_review(cast, plan)
    assert run(AT) == REVIEWED
    NextStep.objects.filter(pk=plan.step.pk).update(by_when=AT.date())
    assert run(AT + MINUTE) == []
    assert run(AT + DAY) == ["teacher@hazelmere.example"]


# Asked again when it goes out --------------------------------------------------------------------------------


def waiting(cast: Cast) -> None:
    reminders.plan(at=AT)
    reminders.gather(at=AT)
    assert Message.objects.filter(state="planned").exists()


def test_what_is_done_meanwhile_is_not_sent_and_says_so(cast: Cast, plan: Plan) -> None:
    in_review(cast, plan)
    waiting(cast)
    reviews.judge(cycle=plan.cycle, of=plan.step, rating=Rating.LOT, by=cast.parent, at=AT)
    send_due(AT)
    assert sorted(message.to[0] for message in mail.outbox) == [r for r in REVIEWED if r[:6] != "parent"]
    assert (Kind.VIEWS_WANTED, "Pam Lovelace", "done") in became()
    assert Message.objects.get(person=cast.parent).why_not == "done"


def test_a_review_called_off_or_back_in_doing_reminds_nobody(cast: Cast, plan: Plan) -> None:
    in_review(cast, plan)
    waiting(cast)
    cycles.move_to(cycle=plan.cycle, stage=Stage.DO, by=cast.senco, at=AT)
    assert send_due(AT) == [False] * 5
    assert {why for *_, why in became()} == {"done"}


def test_a_review_that_moves_is_reminded_of_by_its_other_day(cast: Cast, plan: Plan) -> None:
    review = schedule(cast, plan, AT + 10 * DAY)
    waiting(cast)
    reviews.edit_review(review=review, version=review.version, starts_at=AT + 40 * DAY, by=cast.senco, at=AT)
    assert send_due(AT) == [False] * 3
    assert {why for *_, why in became()} == {"done"}  # nothing is near any more
    assert run(AT + 27 * DAY) == REVIEWED  # Monday, 13 days before; and it has been quiet


def test_a_review_that_moves_by_a_day_is_not_told_as_it_was(cast: Cast, plan: Plan) -> None:
    review = schedule(cast, plan, AT + 10 * DAY)
    waiting(cast)
    reviews.edit_review(review=review, version=review.version, starts_at=AT + 11 * DAY, by=cast.senco, at=AT)
    assert send_due(AT) == [False] * 3
    assert {why for *_, why in became()} == {"overtaken"}
    assert run(AT + MINUTE) == AT_HOME


def test_a_choice_withdrawn_between_planning_and_sending_stops_it(cast: Cast) -> None:
    theirs = write_plan(cast.noor, cast.senco, AT - 2 * WEEK)
    chosen(cast, AT + 200 * DAY, Section.PLAN, Section.REVIEWS)
    in_review(cast, theirs)
    comes(theirs.cycle, cast.student, cast.parent)
    waiting(cast)
    choices.choose(
        pupil=cast.noor, wanted=[Chosen(Section.REVIEWS, Answer.NO, person=cast.parent)], by=cast.student, at=AT,
        key=uuid4(), wording="test-1",
    )  # fmt: skip
    send_due(AT)
    assert [message.to for message in mail.outbox] == [[cast.student.email]]
    assert became() == {
        (Kind.VIEWS_WANTED, "Noor Haddad", "sent"),
        (Kind.VIEWS_WANTED, "Pam Lovelace", "not_open"),
    }


def _restricted(cast: Cast) -> None:
    circle.restrict(
        pupil=cast.ada, person=cast.parent, kind=RestrictionKind.UNSAFE, reason="Found out.", by=cast.senco, at=AT
    )  # fmt: skip


def _ended(cast: Cast) -> None:
    circle.end_relation(
        relation=Relation.PARENT_CARER, person=cast.parent, pupil=cast.ada, by=cast.senco, at=AT
    )


def _closed(cast: Cast) -> None:
    User.objects.filter(pk=cast.parent.pk).update(is_active=False)


def _decides(cast: Cast) -> None:
    Pupil.objects.filter(pk=cast.ada.pk).update(date_of_birth=date(2010, 1, 1))


@pytest.mark.parametrize("happens", [_restricted, _ended, _closed, _decides])
def test_whoever_may_know_no_longer_is_not_told(
    cast: Cast, plan: Plan, happens: Callable[[Cast], None]
) -> None:
    in_review(cast, plan)
    waiting(cast)
    happens(cast)
    send_due(AT)
    assert "parent@home.example" not in [message.to[0] for message in mail.outbox]
    assert (Kind.VIEWS_WANTED, "Pam Lovelace", "not_open") in became()


def test_nobody_is_told_at_an_address_that_somebody_shut_out_reads_as_well(cast: Cast, plan: Plan) -> None:
    in_review(cast, plan)
    rob = circle.add_parent_carer(
        pupil=cast.ada, household=cast.other_home, name="Rob Again", relationship="uncle",
        email="other.parent@home.example", by=cast.senco, at=AT - DAY,
    )  # fmt: skip
    circle.restrict(
        pupil=cast.ada, person=rob, kind=RestrictionKind.UNSAFE, reason="Found out.", by=cast.senco, at=AT - DAY
    )  # fmt: skip
    assert run(AT) == [one for one in REVIEWED if one[:5] != "other"]
    assert (Kind.VIEWS_WANTED, "Oscar Lovelace", "not_open") in became()


def test_a_colleague_who_left_and_a_lead_no_longer_are_not_told(cast: Cast, plan: Plan) -> None:
    at = AT + 8 * DAY
    reminders.plan(at=at)
    reminders.gather(at=at)
    Membership.objects.filter(person=cast.teacher).update(ends_at=at)
    send_due(at)
    assert [message.to[0] for message in mail.outbox] == ["key.adult@hazelmere.example"]
    assert (Kind.QUIET, "Tom Teal", "not_open") in became()


def test_when_it_is_wanted_after_all_they_are_told(cast: Cast, plan: Plan) -> None:
    in_review(cast, plan)
    waiting(cast)
    _decides(cast)
    send_due(AT)
    mail.outbox.clear()
    Pupil.objects.filter(pk=cast.ada.pk).update(date_of_birth=date(2012, 5, 14))
    assert "parent@home.example" in run(AT + MINUTE)
    assert run(AT + 2 * MINUTE) == []


def test_whoever_wants_no_e_mail_gets_none_and_may_change_their_mind(cast: Cast, plan: Plan) -> None:
    in_review(cast, plan)
    Preferences.objects.create(person=cast.parent, channel=Channel.IN_APP)
    assert run(AT) == [one for one in REVIEWED if one[:6] != "parent"]
    assert Reminder.objects.filter(person=cast.parent).count() == 0
    Preferences.objects.update(channel=Channel.EMAIL)
    waiting(cast)
    Preferences.objects.update(channel=Channel.PHONE)
    send_due(AT)
    assert (Kind.VIEWS_WANTED, "Pam Lovelace", "no_mail") in became()
    Preferences.objects.update(channel=Channel.EMAIL)
    assert run(AT + MINUTE) == ["parent@home.example"]


# In which words ----------------------------------------------------------------------------------------------

TEXT = """\
Hello,

This waits for you on Alongside:

* We are looking back at the plan. Say how it went.

Sign in here to see it:

http://127.0.0.1:8000/

If it is done by now, you need do nothing.

You can have one e-mail a day, or change when we write to you:

http://127.0.0.1:8000/me/talking-with-me/

Do you want no more e-mails from us? Stop them here:

http://127.0.0.1:8000{stop}

"""


def test_an_e_mail_reads_well_in_text_and_says_the_same_in_html(cast: Cast, plan: Plan) -> None:
    in_review(cast, plan)
    run(AT)
    [sent] = [message for message in mail.outbox if message.to == ["parent@home.example"]]
    stop = mails.stop_path(cast.parent)
    assert (sent.subject, sent.body) == ("Something waits for you on Alongside", TEXT.format(stop=stop))
    message = Message.objects.get(person=cast.parent)
    assert sent.extra_headers == {
        "Auto-Submitted": "auto-generated",
        "Message-ID": f"<{message.pk}@127.0.0.1>",
        "List-Unsubscribe": f"<http://127.0.0.1:8000{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    whole = message_from_bytes(sent.message().as_bytes())
    assert [part.get_content_type() for part in whole.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    html = whole.get_payload()[1].get_payload(decode=True).decode()
    assert re.findall(r"<li>(.*?)</li>", html) == ["We are looking back at the plan. Say how it went."]
    assert f'href="http://127.0.0.1:8000{stop}"' in html
    assert re.findall(r"(?:src|url)\W", html) == []  # nothing is loaded that would tell it was read


def test_an_e_mail_says_nothing_of_a_record_and_names_nobody(cast: Cast, plan: Plan) -> None:
    schedule(cast, plan, AT + 20 * DAY)
    NextStep.objects.filter(pk=plan.step.pk).update(by_when=AT.date())
    run(AT + 9 * DAY)
    assert len(mail.outbox) == 5
    hidden = ["Ada", "Lovelace", "Hazelmere", "Pam", "Oscar", "9B", "SLCN", "March", "2026", "SEN", "board"]
    for message in mail.outbox:
        text = f"{message.subject}\n{message.body}\n{message.alternatives}"
        text = re.sub(r"(?<=/)[\w:=-]{20,}(?=/)", "", text)  # what is signed in a link is letters by chance
        assert [word for word in hidden if word in text] == []


def test_a_reminder_can_be_read_at_nine() -> None:
    text = " ".join(f"{line}." for line in wanted.WORDS.values())
    assert grade(text) <= GRADE, text
    assert grade(" ".join(TEXT.replace("* ", "").split("\n\n"))) <= GRADE


def test_who_was_reminded_of_what_when_is_on_record(cast: Cast, plan: Plan) -> None:
    in_review(cast, plan)
    run(AT)
    events = AuditEvent.objects.filter(verb=reminders.SENT)
    assert {(e.pupil_id, e.by, e.at, e.detail["kind"]) for e in events} == {
        (cast.ada.pk, None, AT, "views_wanted")
    }
    assert {e.detail["to"] for e in events} == {
        str(pk) for pk in Reminder.objects.values_list("person", flat=True)
    }


# Stopping them -----------------------------------------------------------------------------------------------


def test_one_press_without_signing_in_stops_them_and_a_second_changes_nothing(cast: Cast, plan: Plan) -> None:
    in_review(cast, plan)
    path = mails.stop_path(cast.parent)
    client = Client(enforce_csrf_checks=True)
    asked = client.get(path)
    assert (asked.status_code, "Stop e-mails from Alongside?" in words(asked)) == (200, True)
    assert not Preferences.objects.filter(person=cast.parent).exists()
    for _ in range(2):
        pressed = client.post(path, {"List-Unsubscribe": "One-Click"})
        assert (pressed.status_code, "No more e-mails" in words(pressed)) == (200, True)
    kept = Preferences.objects.get(person=cast.parent)
    assert (kept.channel, kept.version) == (Channel.IN_APP, 2)
    event = AccountEvent.objects.get(verb="preferences changed")
    assert (event.person, event.by, event.detail) == (cast.parent, cast.parent, {"fields": ["channel"]})
    assert run(AT) == [one for one in REVIEWED if one[:6] != "parent"]


def test_whoever_chose_to_be_rung_stays_so(cast: Cast) -> None:
    Preferences.objects.create(person=cast.parent, channel=Channel.PHONE)
    Client().post(mails.stop_path(cast.parent))
    assert Preferences.objects.get(person=cast.parent).channel == Channel.PHONE


def test_an_address_that_was_given_to_nobody_or_that_they_had_before_stops_nothing(cast: Cast) -> None:
    path = mails.stop_path(cast.parent)
    theirs, other = path.split("/")[-2], mails.stop_path(cast.other_parent)
    forged = other.replace(other.split("/")[-2], theirs)
    assert [Client().post(one).status_code for one in (forged, f"{path[:-2]}x/")] == [404, 404]
    User.objects.filter(pk=cast.parent.pk).update(email="pam@new.example")
    assert Client().post(path).status_code == 404
    assert Preferences.objects.count() == 0


# The mail server ---------------------------------------------------------------------------------------------


def smtp(settings: Any, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port


def test_an_address_that_is_refused_is_left_alone_and_the_senco_sees_it(
    cast: Cast, plan: Plan, settings: Any
) -> None:
    in_review(cast, plan)
    mailbox = Mailbox("parent@home.example")
    server = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        smtp(settings, server.port)
        run(AT)
        assert len(mailbox.taken) == 4
        assert (Kind.VIEWS_WANTED, "Pam Lovelace", "refused") in became()
        reminders.plan(at=AT + DAY)
        assert (Kind.VIEWS_WANTED, "Pam Lovelace", "refused") in became()
        page = words(as_(cast.senco).get(reverse("caseload")))
        assert "Messages do not arrive" in page
        assert "Pam Lovelace , near Ada Lovelace" in page
        for who in (cast.teacher, cast.other_parent, cast.stranger):
            coordinated = policy.pupils_for(who, "coordinate", AT)
            assert reminders.not_reached(who, coordinated, AT) == []
        mailbox.unknown.clear()
        User.objects.filter(pk=cast.parent.pk).update(email="pam@new.example")
        assert "Messages do not arrive" not in words(as_(cast.senco).get(reverse("caseload")))
        run(AT + DAY + MINUTE)
        assert [to for to, _ in mailbox.taken[4:]] == [["pam@new.example"]]
    finally:
        server.stop()


def test_the_senco_is_not_told_of_what_waits_for_safeguarding(cast: Cast) -> None:
    message = Message.objects.create(
        person=cast.dsl, made_at=AT, next_at=AT, settled_at=AT, state="not_sent", why_not="refused",
        address=cast.dsl.email,
    )  # fmt: skip
    row = Reminder.objects.create(
        kind=Kind.LOOK_AGAIN, pupil=cast.sam, person=cast.dsl, subject=uuid4(), occasion="1", state="not_sent",
        why_not="refused", planned_at=AT, message=message,
    )  # fmt: skip
    coordinated = policy.pupils_for(cast.senco, "coordinate", AT)
    assert reminders.not_reached(cast.senco, coordinated, AT) == []
    Reminder.objects.update(kind=Kind.QUIET)
    assert reminders.not_reached(cast.senco, coordinated, AT) == [row]


def test_an_address_that_was_refused_is_tried_again_after_a_month(cast: Cast, plan: Plan) -> None:
    in_review(cast, plan)
    Message.objects.create(
        person=cast.parent, made_at=AT, next_at=AT, settled_at=AT, state="not_sent", why_not="refused",
        address=cast.parent.email,
    )  # fmt: skip
    assert "parent@home.example" not in run(AT + reminders.LEFT_ALONE - SECOND)
    assert "parent@home.example" in run(AT + reminders.LEFT_ALONE)


class Busy(Mailbox):
    """Says that it cannot take mail for anybody just now."""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, to: str, options: Any) -> str:  # noqa: N802
        return "451 Come back later"


def test_what_is_refused_for_now_is_tried_again(cast: Cast, plan: Plan, settings: Any) -> None:
    in_review(cast, plan)
    server = Controller(Busy(), hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        smtp(settings, server.port)
        run(AT)
    finally:
        server.stop()
    assert {why for *_, why in became()} == {"planned"}
    assert set(Message.objects.values_list("state", "attempts")) == {("planned", 1)}


def test_while_the_mail_server_is_away_nothing_is_lost_and_the_pauses_grow(
    cast: Cast, plan: Plan, settings: Any
) -> None:
    in_review(cast, plan)
    never_quiet(cast.parent)
    there = settings.EMAIL_BACKEND
    smtp(settings, 9)
    reminders.plan(at=AT)
    reminders.gather(at=AT)
    message, at, pauses = Message.objects.get(person=cast.parent), AT, []
    for _ in range(9):
        assert reminders.send(message_id=message.pk, at=at) is False
        message.refresh_from_db()
        pauses.append((message.next_at - at) / MINUTE)
        at = message.next_at
    least = [15, 30, 60, 120, 240, 480, 960, 1440, 1440]
    assert [low <= pause < low * 1.25 for low, pause in zip(least, pauses, strict=True)] == [True] * 9
    assert (message.state, message.attempts) == ("planned", 9)
    assert AuditEvent.objects.filter(verb=reminders.SENT).count() == 0
    settings.EMAIL_BACKEND = there
    assert reminders.send(message_id=message.pk, at=at) is True


def test_whoever_took_an_e_mail_and_was_killed_keeps_nobody_from_it_for_long(cast: Cast, plan: Plan) -> None:
    in_review(cast, plan)
    waiting(cast)
    message = Message.objects.get(person=cast.parent)
    assert tries.claim(Message, message.pk, AT) is True  # and then it is killed
    again = AT + tries.pause(message)
    assert message.pk not in reminders.due(again - SECOND)
    assert reminders.send(message_id=message.pk, at=again - SECOND) is False
    assert message.pk in reminders.due(again)
    assert [reminders.send(message_id=message.pk, at=again) for _ in range(2)] == [True, False]


def test_what_comes_up_while_an_e_mail_waits_is_another(cast: Cast, plan: Plan) -> None:
    """What is in an e-mail stays so: tried again it is the same message, of which a mailbox keeps one."""
    in_review(cast, plan)
    waiting(cast)
    NextStep.objects.filter(pk=plan.step.pk).update(by_when=AT.date())
    reminders.plan(at=AT)
    reminders.gather(at=AT)
    send_due(AT)
    bodies = [message.body for message in mail.outbox if message.to == [cast.teacher.email]]
    assert ["A step of yours" in body for body in bodies] == [False]
    assert run(AT + MINUTE) == [cast.teacher.email]


def test_the_database_itself_keeps_one_of_each_and_each_state_its_reason(cast: Cast, plan: Plan) -> None:
    in_review(cast, plan)
    waiting(cast)
    row, message = Reminder.objects.get(person=cast.parent), Message.objects.get(person=cast.parent)
    for model, pk, change in (
        (Reminder, row.pk, {"state": "not_sent"}),
        (Reminder, row.pk, {"why_not": "done"}),
        (Reminder, row.pk, {"state": "sent", "message": None}),
        (Message, message.pk, {"state": "sent"}),
        (Message, message.pk, {"state": "not_sent", "why_not": "done"}),
        (Message, message.pk, {"settled_at": AT}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.filter(pk=pk).update(**change)
    for one in (row, message):
        one.pk = uuid4()
        with pytest.raises(IntegrityError), transaction.atomic():
            one.save(force_insert=True)


@pytest.mark.parametrize("pupils", [1, 3])
def test_planning_gathering_and_sending_ask_the_same_of_one_pupil_and_of_three(
    cast: Cast, pupils: int
) -> None:
    for pupil in [cast.ada, cast.sam, cast.noor][:pupils]:
        write_plan(pupil, cast.senco, SEPTEMBER)
        Cycle.objects.update(review_on=AT.date() - DAY)
    Preferences.objects.filter(person=cast.senco).delete()
    counted = []
    for act in (reminders.plan, reminders.gather):
        with CaptureQueriesContext(connection) as asked:
            act(at=AT)
        counted.append(len(asked))
    message = Message.objects.get(person=cast.senco)
    with CaptureQueriesContext(connection) as asked:
        assert reminders.send(message_id=message.pk, at=AT) is True
    waits = message.reminders.count()
    assert [*counted, len(asked) - waits] == [13, 6, 13]  # and an event for each
