"""Letters before a young person begins to decide: who is told when, in which words, once, and not where it is over."""

import socket
from datetime import date, datetime, time, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Channel, ControlTrigger
from accounts.mail import stop_path
from accounts.models import Preferences, User
from notifications import letters, tries
from notifications.enums import LetterState, WhyNot
from notifications.models import HandOverLetter
from pupils import capacity, circle, policy, services
from pupils.clocks import WARN_BEFORE, midnight, months_later
from pupils.enums import Relation, RestrictionKind
from pupils.models import AuditEvent, Pupil, Restriction

from ..apdr.pages import as_, words
from ..apdr.test_reading_age import GRADE, grade, sentences
from ..cast import AT, LONDON, Cast
from ..mailed import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]

SECOND, DAY, MINUTE = timedelta(seconds=1), timedelta(days=1), timedelta(minutes=1)
#: Three months and five days after `AT`: letters for six months are due.
IN_JUNE = date(2026, 6, 15)
FAMILY = {"Ada Lovelace", "Pam Lovelace", "Oscar Lovelace"}
TEMPLATES = Path(letters.__file__).parent / "templates/notifications/email"

OWN = """\
Hello,

Soon you choose who can see your plan on Alongside. That starts in less than 6 months.

Until then, all stays as it is. But you can try it out now. What you pick counts from that day on, and you can change \
your mind at any time.

Sign in here to try it:

http://127.0.0.1:8000/pupils/{pupil}/choices/

You do not have to hurry. Do you want to talk about it first? Ask your SENCO, or someone you trust.

"""
PARENT = """\
Hello,

A young person you care for will soon choose who sees their plan on Alongside. That starts in less than 6 months.

Until then, all stays as it is for you. From that day on, you see only the parts that they share with you. The plan \
and the help go on. Nothing is deleted.

This is part of growing up. It is not a sign that anyone did something wrong.

Sign in here to read what changes, and what to talk about at home:

http://127.0.0.1:8000/pupils/{pupil}/when-they-decide/

Would you like to talk it through first? Ask the SENCO.

"""


def turns_16(pupil: Pupil, day: date) -> None:
    Pupil.objects.filter(pk=pupil.pk).update(date_of_birth=day.replace(year=day.year - 16), post16_from=None)


def never_quiet(*people: User) -> None:
    for person in people:
        Preferences.objects.update_or_create(
            person=person, defaults={"quiet_from": time(), "quiet_until": time(), "quiet_weekends": False}
        )


def all_letters() -> set[tuple[str, int, str]]:
    """Every letter: to whom, how long before, and what became of it."""
    rows = HandOverLetter.objects.select_related("person")
    return {(row.person.name, row.months, row.why_not or row.state) for row in rows}


def to(people: set[str], months: int, state: str) -> set[tuple[str, int, str]]:
    return {(name, months, state) for name in people}


def run(at: datetime) -> list[str]:
    """What happens by the clock at an instant; to whom something was sent."""
    before = len(mail.outbox)
    letters.plan(at=at)
    send_due(at)
    return sorted(message.to[0] for message in mail.outbox[before:])


def send_due(at: datetime) -> list[bool]:
    return [letters.send(letter_id=pk, at=at) for pk in letters.due(at)]


EVERYBODY = ["ada@pupils.example", "other.parent@home.example", "parent@home.example"]


# When --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("months", WARN_BEFORE)
@pytest.mark.parametrize("day", [date(2027, 3, 31), date(2027, 10, 31), date(2028, 2, 29)])
def test_a_letter_is_due_from_midnight_in_london(cast: Cast, months: int, day: date) -> None:
    turns_16(cast.ada, day)
    begins = midnight(months_later(day, -months))
    for at, there in ((begins - SECOND, False), (begins, True), (begins + SECOND, True)):
        letters.plan(at=at)
        found = {letter for letter in all_letters() if letter[1] == months}
        assert found == (to(FAMILY, months, "planned") if there else set())


def test_on_the_day_itself_nothing_is_planned_or_sent_any_more(cast: Cast) -> None:
    turns_16(cast.ada, IN_JUNE)
    never_quiet(cast.child, cast.parent, cast.other_parent)
    begins = midnight(IN_JUNE)
    letters.plan(at=begins - SECOND)
    [first, *others] = HandOverLetter.objects.order_by("person__name")
    assert letters.send(letter_id=first.pk, at=begins - SECOND) is True
    assert "That starts tomorrow." in mail.outbox[0].body
    assert [letters.send(letter_id=other.pk, at=begins) for other in others] == [False, False]
    letters.plan(at=begins)
    assert all_letters() == {
        ("Ada Lovelace", 1, "sent"),
        ("Oscar Lovelace", 1, "begun"),
        ("Pam Lovelace", 1, "begun"),
    }


def test_each_is_told_four_times_in_all_however_often_the_clock_runs(cast: Cast) -> None:
    turns_16(cast.ada, date(2027, 3, 10))
    told: dict[date, list[str]] = {}
    due = [date(2026, 3, 10), date(2026, 9, 10), date(2026, 12, 10), date(2027, 2, 10)]
    every = [AT + n * DAY for n in range(-5, 368)]
    near = [at for at in every if at.weekday() == 0 or any(abs(at.date() - day) <= 5 * DAY for day in due)]
    for at in near:
        if sent := [*run(at), *run(at + MINUTE)]:
            told[at.date()] = sent
    assert told == dict.fromkeys(due, EVERYBODY)
    months = AuditEvent.objects.filter(verb="told of the hand-over").values_list("detail__months", flat=True)
    assert sorted(months) == [1, 1, 1, 3, 3, 3, 6, 6, 6, 12, 12, 12]


def test_after_months_in_which_nothing_ran_only_the_nearest_is_sent(cast: Cast) -> None:
    turns_16(cast.ada, IN_JUNE)
    letters.plan(at=datetime(2025, 10, 1, 10, tzinfo=LONDON))
    sams = {"Sam Okafor", "Pam Lovelace", "Oscar Lovelace"}  # he began to decide in November
    assert all_letters() == to(FAMILY, 12, "planned") | to(sams, 3, "planned")
    assert run(AT) == EVERYBODY
    assert all_letters() == to(FAMILY, 12, "overtaken") | to(FAMILY, 6, "sent") | to(sams, 3, "begun")


def test_whoever_comes_near_later_is_told_then(cast: Cast) -> None:
    turns_16(cast.ada, IN_JUNE)
    run(AT)
    gran = User.objects.create_user("gran@home.example", name="Gran")
    circle.add_parent_carer(
        pupil=cast.ada, household=cast.home, name="Gran", relationship="grandmother", person=gran,
        by=cast.senco, at=AT + MINUTE,
    )  # fmt: skip
    assert run(AT + DAY) == ["gran@home.example"]


def test_quiet_hours_and_weekends_are_kept_and_nothing_is_lost(cast: Cast) -> None:
    turns_16(cast.ada, date(2026, 6, 20))
    never_quiet(cast.child)
    friday = datetime(2026, 3, 13, 18, 0, tzinfo=LONDON)
    assert run(friday) == ["ada@pupils.example"]
    assert run(friday + 40 * timedelta(hours=1)) == []
    monday = datetime(2026, 3, 16, 7, 30, tzinfo=LONDON)
    waiting = HandOverLetter.objects.filter(state=LetterState.PLANNED)
    assert [letters.send(letter_id=letter.pk, at=monday - SECOND) for letter in waiting] == [False, False]
    assert run(monday - SECOND) == []
    assert run(monday) == EVERYBODY[1:]
    assert set(HandOverLetter.objects.values_list("attempts", flat=True)) == {1}


# To whom -----------------------------------------------------------------------------------------------------


def test_the_young_person_and_their_parent_carers_are_told_and_nobody_else(cast: Cast) -> None:
    turns_16(cast.ada, IN_JUNE)
    assert run(AT) == EVERYBODY
    assert HandOverLetter.objects.exclude(pupil=cast.ada).count() == 0  # Sam and Noor decide already


def test_who_stands_near_several_pupils_is_who_stands_near_each(cast: Cast) -> None:
    grounds = {"own", "parent", "teaches", "professional"}
    assert policy.near_each([pupil.pk for pupil in cast.pupils.values()], grounds, AT) == {
        pupil.pk: {person.pk: held for person, held in policy.near(pupil, grounds, AT)}
        for pupil in cast.pupils.values()
    }


def test_a_young_person_without_a_sign_in_gets_none_and_their_parents_do(cast: Cast) -> None:
    turns_16(cast.ada, IN_JUNE)
    circle.end_relation(
        relation=Relation.SELF, person=cast.child, pupil=cast.ada, by=cast.senco, at=AT - MINUTE
    )
    assert run(AT) == EVERYBODY[1:]


def test_whether_they_may_be_told_is_asked_when_it_is_sent(cast: Cast) -> None:
    turns_16(cast.ada, IN_JUNE)
    letters.plan(at=AT)
    at = AT + MINUTE
    who: dict[str, Any] = {"pupil": cast.ada, "by": cast.senco, "at": at}
    circle.restrict(person=cast.parent, kind=RestrictionKind.UNSAFE, reason="Found out.", **who)
    circle.end_relation(person=cast.other_parent, relation=Relation.PARENT_CARER, **who)
    cast.child.is_active = False
    cast.child.save()
    assert run(at) == []
    assert all_letters() == to(FAMILY, 6, "not_near")
    assert AuditEvent.objects.filter(verb=letters.SENT).count() == 0


def test_when_a_restriction_is_lifted_they_are_told_after_all(cast: Cast) -> None:
    turns_16(cast.ada, IN_JUNE)
    letters.plan(at=AT)
    who: dict[str, Any] = {"by": cast.senco, "at": AT}
    circle.restrict(
        pupil=cast.ada, person=cast.parent, kind=RestrictionKind.UNSAFE, reason="Found out.", **who
    )
    assert run(AT + MINUTE) == EVERYBODY[:2]
    letters.plan(at=AT + DAY)
    assert ("Pam Lovelace", 6, "not_near") in all_letters()
    circle.lift_restriction(restriction=Restriction.objects.get(reason="Found out."), **who)
    assert run(AT + 2 * DAY) == EVERYBODY[2:]
    assert run(AT + 3 * DAY) == []


def test_nobody_is_told_at_an_address_that_somebody_shut_out_reads_as_well(cast: Cast) -> None:
    turns_16(cast.ada, IN_JUNE)
    rob = circle.add_parent_carer(
        pupil=cast.ada, household=cast.other_home, name="Rob Again", relationship="uncle",
        email="other.parent@home.example", by=cast.senco, at=AT - DAY,
    )  # fmt: skip
    circle.restrict(
        pupil=cast.ada, person=rob, kind=RestrictionKind.UNSAFE, reason="Found out.", by=cast.senco, at=AT - DAY
    )  # fmt: skip
    assert run(AT) == ["ada@pupils.example", "parent@home.example"]


def test_whoever_wants_no_e_mail_gets_none_and_may_change_their_mind(cast: Cast) -> None:
    turns_16(cast.ada, IN_JUNE)
    Preferences.objects.create(person=cast.parent, channel=Channel.IN_APP)
    assert run(AT) == EVERYBODY[:2]
    assert HandOverLetter.objects.filter(person=cast.parent).count() == 0
    Preferences.objects.update(channel=Channel.EMAIL)
    letters.plan(at=AT + DAY)
    Preferences.objects.update(channel=Channel.IN_APP)
    assert send_due(AT + DAY) == [False]
    assert HandOverLetter.objects.get(person=cast.parent).why_not == WhyNot.NO_MAIL
    Preferences.objects.update(channel=Channel.EMAIL)
    assert run(AT + 2 * DAY) == EVERYBODY[2:]


# When the day moves ------------------------------------------------------------------------------------------


def competent(cast: Cast, from_on: date | None, at: datetime = AT) -> None:
    capacity.record_competence(
        pupil=cast.ada, from_on=from_on, assessor="Dr Ito", assessor_role="Psychologist",
        findings="Explains it back.", key=uuid4(), by=cast.senco, at=at,
    )  # fmt: skip


def test_competence_recorded_early_puts_nearer_letters_in_the_place_of_those_that_wait(cast: Cast) -> None:
    turns_16(cast.ada, IN_JUNE)
    letters.plan(at=AT)
    competent(cast, date(2026, 4, 1))
    assert send_due(AT) == [False] * 3
    assert run(AT + MINUTE) == EVERYBODY
    assert all_letters() == to(FAMILY, 6, "moved") | to(FAMILY, 1, "sent")
    assert {"That starts in less than a month." in message.body for message in mail.outbox} == {True}
    assert not any("has moved" in message.body for message in mail.outbox)  # nobody was told of another day


def test_where_they_decide_at_once_what_waits_is_not_sent(cast: Cast) -> None:
    turns_16(cast.ada, IN_JUNE)
    letters.plan(at=AT)
    competent(cast, AT.date())
    assert run(AT) == []
    assert all_letters() == to(FAMILY, 6, "begun")


def test_whoever_was_told_of_another_day_reads_that_it_moved_once(cast: Cast) -> None:
    turns_16(cast.ada, date(2026, 4, 15))
    assert run(AT) == EVERYBODY
    cast.hazelmere.control_trigger = ControlTrigger.SCHOOL_LEAVING
    cast.hazelmere.save()
    assert policy.decides_from(cast.ada, AT) == date(2026, 6, 27)
    cast.sam.enrolments.update(ends_on=AT.date())  # or he would not decide now, and be told too
    mail.outbox.clear()
    assert run(AT + DAY) == EVERYBODY
    moved = " That starts in less than 6 months. The day has moved since we last wrote to you.\n"
    assert [moved in message.body for message in mail.outbox] == [True] * 3
    assert run(datetime(2026, 3, 27, 10, tzinfo=LONDON)) == EVERYBODY
    assert ["has moved" in message.body for message in mail.outbox] == [True] * 3 + [False] * 3


def test_a_day_put_right_by_a_few_days_is_told_to_nobody_again(cast: Cast) -> None:
    turns_16(cast.ada, IN_JUNE)
    assert run(AT) == EVERYBODY
    for days in (-3, 12, 30):
        services.edit_pupil(
            pupil=cast.ada,
            version=Pupil.objects.get(pk=cast.ada.pk).version,
            date_of_birth=date(2010, 6, 15) + days * DAY,
            by=cast.senco,
            at=AT,
        )
        assert run(AT + MINUTE) == []
    assert run(datetime(2026, 4, 15, 10, tzinfo=LONDON)) == EVERYBODY  # three months before 15 July


def test_a_birth_date_put_right_by_a_year_stops_what_waits_and_begins_anew(cast: Cast) -> None:
    turns_16(cast.ada, IN_JUNE)
    letters.plan(at=AT)
    turns_16(cast.ada, IN_JUNE.replace(year=2027))
    assert run(AT) == []
    assert all_letters() == to(FAMILY, 6, "moved")
    assert run(datetime(2026, 6, 15, 10, tzinfo=LONDON)) == EVERYBODY
    turns_16(cast.ada, IN_JUNE)
    assert run(datetime(2026, 6, 15, 11, tzinfo=LONDON)) == []  # they decide


def test_a_day_that_moves_there_and_back_is_sent_after_all(cast: Cast) -> None:
    turns_16(cast.ada, IN_JUNE)
    letters.plan(at=AT)
    turns_16(cast.ada, IN_JUNE.replace(year=2027))
    send_due(AT)
    turns_16(cast.ada, IN_JUNE)
    assert run(AT + DAY) == EVERYBODY


# In which words ----------------------------------------------------------------------------------------------


def test_the_young_person_reads_that_something_changes_and_where_to_try_it(cast: Cast) -> None:
    turns_16(cast.ada, IN_JUNE)
    run(AT)
    [sent] = [message for message in mail.outbox if message.to == ["ada@pupils.example"]]
    assert sent.subject == "Something will change for you on Alongside"
    assert sent.body == OWN.format(pupil=cast.ada.pk)
    page = as_(cast.child).get(reverse("choices", args=[cast.ada.pk]))
    assert "You can choose now. We keep it for the day." in words(page)


def test_a_parent_carer_reads_kindly_and_beforehand_what_changes(cast: Cast) -> None:
    turns_16(cast.ada, IN_JUNE)
    run(AT)
    [sent] = [message for message in mail.outbox if message.to == ["parent@home.example"]]
    assert sent.subject == "Something will soon change on Alongside"
    assert sent.body == PARENT.format(pupil=cast.ada.pk)
    page = as_(cast.parent).get(reverse("when_they_decide", args=[cast.ada.pk]))
    assert "Until then, all stays as it is for you." in words(page)


def test_a_letter_says_nothing_of_a_record_not_even_the_day(cast: Cast) -> None:
    turns_16(cast.ada, IN_JUNE)
    run(AT)
    for message in mail.outbox:
        whole = f"{message.subject}\n{message.body}".replace(str(cast.ada.pk), "")
        for hidden in ("Ada", "Lovelace", "Hazelmere", "Pam", "Oscar", "9B", "SLCN", "June", "2026", "16"):
            assert hidden not in whole
        assert message.extra_headers["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("name", ["own_hand_over", "parent_hand_over"])
def test_a_letter_can_be_read_at_nine(name: str) -> None:
    text = " ".join(sentences((TEMPLATES / f"{name}.txt").read_text()))
    assert grade(text) <= GRADE, text


def test_who_was_told_when_is_on_record(cast: Cast) -> None:
    turns_16(cast.ada, IN_JUNE)
    run(AT)
    events = AuditEvent.objects.filter(verb="told of the hand-over")
    assert {(e.pupil_id, e.by, e.at, e.detail["to"]) for e in events} == {
        (cast.ada.pk, None, AT, str(who.pk)) for who in (cast.child, cast.parent, cast.other_parent)
    }
    assert {(e.detail["months"], e.detail["day"]) for e in events} == {(6, "2026-06-15")}
    letters_ = HandOverLetter.objects.in_bulk()
    assert {e.object_id for e in events} == set(letters_)


# How it is kept ----------------------------------------------------------------------------------------------


def test_the_database_itself_keeps_one_letter_to_each_and_each_state_its_reason(cast: Cast) -> None:
    turns_16(cast.ada, IN_JUNE)
    letters.plan(at=AT)
    one = HandOverLetter.objects.get(person=cast.parent)
    for change in ({"state": "sent"}, {"state": "not_sent"}, {"why_not": "moved"}, {"months": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            HandOverLetter.objects.filter(pk=one.pk).update(**change)
    one.pk = uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        one.save(force_insert=True)


def test_whoever_took_a_letter_and_was_killed_keeps_nobody_from_it_for_long(cast: Cast) -> None:
    turns_16(cast.ada, IN_JUNE)
    letters.plan(at=AT)
    letter = HandOverLetter.objects.get(person=cast.parent)
    again = AT + tries.pause(letter)
    assert tries.PAUSE <= again - AT <= tries.PAUSE * 1.25
    assert tries.claim(HandOverLetter, letter.pk, AT) is True  # and then it is killed
    before = again - SECOND
    assert [letters.send(letter_id=letter.pk, at=at) for at in (AT, before)] == [False, False]
    assert letter.pk not in letters.due(before)
    assert letter.pk in letters.due(again)
    assert [letters.send(letter_id=letter.pk, at=again) for _ in range(2)] == [True, False]
    assert [message.to for message in mail.outbox] == [["parent@home.example"]]
    letter.refresh_from_db()
    assert (letter.attempts, letter.state, letter.sent_at) == (2, "sent", again)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Mailbox:
    """Takes real mail, but for those whom it does not know."""

    def __init__(self, *unknown: str) -> None:
        self.unknown, self.taken = set(unknown), []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, to: str, options: Any) -> str:  # noqa: N802
        if to in self.unknown:
            return "550 There is nobody of that name here"
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append((envelope.rcpt_tos, message_from_bytes(envelope.content)))
        return "250 OK"


def test_letters_go_through_a_real_mail_server_and_what_it_refuses_is_tried_again(
    cast: Cast, settings: Any
) -> None:
    turns_16(cast.ada, IN_JUNE)
    mailbox = Mailbox("other.parent@home.example")
    server = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        run(AT)
        assert sorted(who for who, _ in mailbox.taken) == [["ada@pupils.example"], ["parent@home.example"]]
        assert ("Oscar Lovelace", 6, "planned") in all_letters()
        mailbox.unknown.clear()
        again = HandOverLetter.objects.get(person=cast.other_parent).next_at
        run(again - SECOND)
        assert len(mailbox.taken) == 2
        run(again)
    finally:
        server.stop()
    assert all_letters() == to(FAMILY, 6, "sent")
    told = {str(message["To"]): message for _, message in mailbox.taken}
    for letter in HandOverLetter.objects.select_related("person"):
        message = told[letter.person.email]
        assert message["Message-ID"] == f"<{letter.pk}@127.0.0.1>"
        assert message["List-Unsubscribe"].strip() == f"<http://127.0.0.1:8000{stop_path(letter.person)}>"
        assert words_of(message) == (OWN if letter.person == cast.child else PARENT).format(pupil=cast.ada.pk)


def test_while_the_mail_server_is_away_nothing_is_lost_and_the_pauses_grow(cast: Cast, settings: Any) -> None:
    turns_16(cast.ada, IN_JUNE)
    never_quiet(cast.parent)
    there = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    letters.plan(at=AT)
    letter, at, pauses = HandOverLetter.objects.get(person=cast.parent), AT, []
    for _ in range(9):
        assert letters.send(letter_id=letter.pk, at=at) is False
        letter.refresh_from_db()
        pauses.append((letter.next_at - at) / MINUTE)
        at = letter.next_at
    longer = tries.pause(letter) / tries.LONGEST_PAUSE
    assert 1 <= longer <= 1.25
    doubled = [15, 30, 60, 120, 240, 480, 960, 1440, 1440]
    assert pauses == pytest.approx([minutes * longer for minutes in doubled])
    assert (letter.state, letter.attempts) == ("planned", 9)
    assert AuditEvent.objects.filter(verb=letters.SENT).count() == 0
    settings.EMAIL_BACKEND = there
    late = datetime(2026, 3, 14, 23, tzinfo=LONDON)
    assert at < late
    assert letters.send(letter_id=letter.pk, at=late) is True


def test_planning_asks_the_same_of_one_pupil_and_of_three(cast: Cast) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            letters.plan(at=AT)
        return len(found)

    def coming(number: int) -> None:
        pupil = services.create_pupil(
            setting=cast.hazelmere, given_name=f"Max {number}", family_name="More",
            date_of_birth=date(2010, 5, number + 1), starts_on=date(2024, 9, 2), by=cast.senco, at=AT - DAY,
        )  # fmt: skip
        circle.grant(
            relation=Relation.PARENT_CARER, person=cast.parent, pupil=pupil, by=cast.senco, at=AT - DAY
        )

    coming(0)
    one = asked()
    coming(1)
    coming(2)
    assert asked() == one
    assert HandOverLetter.objects.count() == 3
