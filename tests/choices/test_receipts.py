"""Receipts of choices: the page, the PDF and the e-mail."""

from datetime import date, datetime, timedelta
from io import BytesIO
from smtplib import SMTPRecipientsRefused
from typing import Any
from uuid import uuid4, uuid5

import pytest
import time_machine
from django.core import mail
from django.test import Client
from pypdf import PdfReader

from accounts.enums import Channel
from accounts.mail import stop_path
from accounts.models import Preferences
from pupils import choices, circle, policy, receipts
from pupils.choices import Wanted
from pupils.enums import Answer, Gave, Relation, Section
from pupils.models import AuditEvent, ChoiceSheet
from pupils.tasks import send_late_receipt, send_receipt, send_what_is_left

from ..apdr.pages import address, as_, words
from ..cast import AT, LONDON, Cast
from ..mailed import refusing, words_of
from ..pupils.decided import recorded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]


@pytest.fixture
def sheet(cast: Cast) -> ChoiceSheet:
    """Sam opens his needs to Pam for a while, and closes his funding to her."""
    return make(cast)


def make(cast: Cast, **more: Any) -> ChoiceSheet:
    wanted = [
        Wanted(
            Section.NEEDS, Answer.YES, person=cast.parent, ends_at=choices.end_of(date(2026, 7, 17)),
            purpose="My review",
        ),
        Wanted(Section.FUNDING, Answer.NO, person=cast.parent),
        Wanted(Section.VIEWS, Answer.ASK),
    ]  # fmt: skip
    who = {"pupil": cast.sam, "by": cast.young_person, "at": AT, "wording": "young-1", **more}
    return choices.choose(wanted=wanted, key=uuid4(), **who)


def test_a_receipt_says_what_whom_until_when_in_which_words_and_how(cast: Cast, sheet: ChoiceSheet) -> None:
    told = words(as_(cast.young_person).get(address("choice_sheet", cast.sam.pk, sheet.pk)))
    assert "What you chose 10 March 2026, 10:30. Receipt number 1." in told
    assert (
        "Pam Lovelace Strengths and needs: yes, until 17 July 2026. For: My review Funding: no"
        " Everybody who teaches me What we said: ask me each time" in told
    )
    assert "You chose this here, on the screen." in told
    assert "Words “young-1”, as plain text." in told
    assert "You choose who can see each part of your plan." in told


def test_a_receipt_of_what_was_written_down_says_by_whom(cast: Cast) -> None:
    made = make(
        cast, by=cast.senco, how=Gave.SUPPORTED, how_words="With Kim", given_by=cast.young_person, format="audio"
    )  # fmt: skip
    told = words(as_(cast.young_person).get(address("choice_sheet", cast.sam.pk, made.pk)))
    assert "You said it with somebody who helps you. Sunita Rao wrote it down." in told
    assert "Who was there, and how it was explained: With Kim" in told
    assert "read aloud" in told


def test_a_receipt_is_for_whoever_chose_and_the_senco_alone(cast: Cast, sheet: ChoiceSheet) -> None:
    for name in ("choice_sheet", "choice_receipt"):
        there = address(name, cast.sam.pk, sheet.pk)
        answers = {
            who: as_(person).get(there).status_code for who, person in cast.people.items() if person.is_active
        }
        assert answers == {**dict.fromkeys(answers, 404), "senco": 200, "young_person": 200}
    assert as_(cast.student).get(address("choice_sheet", cast.noor.pk, sheet.pk)).status_code == 404
    assert Client().get(address("choice_receipt", cast.sam.pk, sheet.pk)).status_code == 302


def test_the_pdf_is_tagged_has_a_title_and_a_language_and_a_name_that_says_nothing(
    cast: Cast, sheet: ChoiceSheet
) -> None:
    answer = as_(cast.young_person).get(address("choice_receipt", cast.sam.pk, sheet.pk))
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "application/pdf",
        'inline; filename="receipt.pdf"',
    )
    assert "no-store" in answer["Cache-Control"]
    found = PdfReader(BytesIO(answer.content))
    root = found.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], "/StructTreeRoot" in root) == ("en-GB", True, True)
    assert (found.metadata["/Title"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == (
        "What you chose",
        True,
    )
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    told = " ".join(" ".join(page.extract_text() for page in found.pages).split())
    assert "10 March 2026, 10:30. Receipt number 1." in told
    assert "Strengths and needs: yes, until 17 July 2026. For: My review" in told
    assert "You chose this here, on the screen." in told


def test_the_pdf_is_in_the_language_its_reader_likes_but_for_the_words_that_were_chosen_by(
    cast: Cast, sheet: ChoiceSheet
) -> None:
    Preferences.objects.create(person=cast.young_person, written_language="pl")
    page = as_(cast.young_person).get(address("choice_receipt", cast.sam.pk, sheet.pk))
    found = PdfReader(BytesIO(page.content))
    assert (found.trailer["/Root"]["/Lang"], found.metadata["/Title"]) == (
        "pl",
        "Co zostało wybrane przez Ciebie",
    )
    told = " ".join(" ".join(one.extract_text() for one in found.pages).split())
    for part in (
        "10 marca 2026, 10:30. Potwierdzenie numer 1.",
        ": tak, do 17 lipca 2026. Cel: My review",
        "Wybór dokonany tutaj, na ekranie, przez Ciebie.",
        "You choose who can see each part of your plan.",
        "This translation has not been checked by a translator yet.",
    ):
        assert part in told, part
    assert "Strengths and needs: yes" not in told
    english = as_(cast.senco).get(address("choice_receipt", cast.sam.pk, sheet.pk))
    assert PdfReader(BytesIO(english.content)).trailer["/Root"]["/Lang"] == "en-GB"


def test_words_that_look_like_markup_stay_words_in_the_pdf(cast: Cast) -> None:
    rude = '#panic("x") *bold* $x$ \\ <a> [b] "c" @d'
    wanted = [Wanted(Section.NEEDS, Answer.YES, person=cast.parent, purpose=rude)]
    made = choices.choose(
        pupil=cast.sam, wanted=wanted, by=cast.young_person, at=AT, key=uuid4(), wording="young-1"
    )
    told = receipts.receipt(policy.why(cast.young_person, cast.sam, AT), made.pk)
    assert rude in told.people[0].lines[0]
    assert receipts.pdf(told).startswith(b"%PDF")


def test_the_e_mail_says_that_a_choice_was_made_and_nothing_else(cast: Cast, sheet: ChoiceSheet) -> None:
    send_receipt(str(sheet.pk))
    [sent] = mail.outbox
    assert (sent.subject, sent.to) == ("A choice was saved on Alongside", ["sam@pupils.example"])
    link = f"http://127.0.0.1:8000/pupils/{cast.sam.pk}/choices/{sheet.pk}/"
    assert sent.body == (
        "Hello,\n\nA choice was saved on Alongside. Here is the receipt. You have to sign in to read it:\n\n"
        f"{link}\n\n"
        "If this was not you, or it is not right, open the page and change it, or talk with your school.\n\n"
    )
    assert words_of(sent).startswith(sent.body.strip())
    stop = f"<http://127.0.0.1:8000{stop_path(cast.young_person)}>"
    key = uuid5(sheet.pk, str(cast.young_person.pk))
    assert (sent.extra_headers["List-Unsubscribe"], sent.extra_headers["Message-ID"]) == (
        stop,
        f"<{key}@127.0.0.1>",
    )
    whole = f"{sent.subject} {sent.body}"
    assert not any(hidden in whole for hidden in ("Pam", "needs", "Funding", "review", "yes", "Hazelmere"))


def test_it_is_sent_once_however_often_the_task_runs(cast: Cast, sheet: ChoiceSheet) -> None:
    for _ in range(3):
        send_receipt(str(sheet.pk))
    assert len(mail.outbox) == 1
    assert AuditEvent.objects.filter(verb="receipt sent").count() == 1
    send_receipt(str(uuid4()))
    assert len(mail.outbox) == 1


def test_whether_they_may_still_see_it_is_asked_when_it_is_sent(cast: Cast, sheet: ChoiceSheet) -> None:
    circle.end_relation(
        relation=Relation.SELF, person=cast.young_person, pupil=cast.sam, by=cast.senco, at=AT
    )
    with time_machine.travel(AT + timedelta(minutes=1), tick=False):
        send_receipt(str(sheet.pk))
    assert mail.outbox == []


def test_who_wants_no_e_mail_gets_none(cast: Cast, sheet: ChoiceSheet) -> None:
    Preferences.objects.create(person=cast.young_person, channel=Channel.IN_APP)
    send_receipt(str(sheet.pk))
    assert mail.outbox == []


def test_a_parent_is_told_of_what_they_agreed_to_and_the_other_home_is_not(cast: Cast) -> None:
    wanted = [
        Wanted(Section.NEEDS, Answer.YES, person=cast.professional, ends_at=choices.end_of(date(2026, 7, 17)))
    ]
    made = choices.choose(
        pupil=cast.ada, wanted=wanted, by=cast.parent, at=AT, key=uuid4(), wording="family-1"
    )
    send_receipt(str(made.pk))
    assert [m.to for m in mail.outbox] == [["parent@home.example"]]


def test_it_is_sent_after_the_choice_is_saved_by_the_task_of_that_name(
    cast: Cast, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from config.celery import app

    sent: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(choices.current_app, "send_task", lambda name, args: sent.append((name, args)))

    assert choices.RECEIPT in app.tasks
    with django_capture_on_commit_callbacks(execute=True):
        made = make(cast)
        assert sent == []
    assert sent == [(choices.RECEIPT, [str(made.pk)])]


MINUTE = timedelta(minutes=1)
NEWS = "A choice was saved on Alongside"


def swept(monkeypatch: pytest.MonkeyPatch, after: timedelta) -> list[list[str]]:
    """Whom the clock sends e-mails, so long after the choice: their addresses."""
    monkeypatch.setattr(send_late_receipt, "apply_async", lambda given, **_: send_late_receipt(*given))
    mail.outbox.clear()
    with time_machine.travel(AT + after, tick=False):
        send_what_is_left()
    return [message.to for message in mail.outbox if message.subject == NEWS]


def test_a_receipt_that_was_lost_on_its_way_is_sent_later_and_no_other(
    cast: Cast, sheet: ChoiceSheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_receipt(str(make(cast).pk))
    days = {
        MINUTE * 14: [],
        MINUTE * 15: [sheet.pk],
        timedelta(days=7) - MINUTE: [sheet.pk],
        timedelta(days=7): [],
    }
    assert {after: receipts.left(AT + after) for after in days} == days
    sent = [swept(monkeypatch, MINUTE * after) for after in (14, 15, 30)]
    assert sent == [[], [["sam@pupils.example"]], []]


def test_a_late_receipt_waits_while_its_reader_is_left_in_peace(
    cast: Cast, sheet: ChoiceSheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is a Tuesday, half past ten; the evening begins at six."""
    hours = {after: swept(monkeypatch, timedelta(hours=after)) for after in (8, 20, 22, 23)}
    assert hours == {8: [], 20: [], 22: [["sam@pupils.example"]], 23: []}


def test_a_sheet_of_which_nobody_can_be_told_is_looked_at_once(
    cast: Cast, sheet: ChoiceSheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    wants = Preferences.objects.create(person=cast.young_person, channel=Channel.IN_APP)
    assert swept(monkeypatch, MINUTE * 15) == []
    wants.delete()
    assert (swept(monkeypatch, MINUTE * 30), receipts.left(AT + MINUTE * 30)) == ([], [])


def by_pam_for_sam(cast: Cast) -> ChoiceSheet:
    """Pam decides for Sam, and both are told."""
    recorded(cast, cast.sam, cast.parent)
    wanted = [Wanted(Section.FUNDING, Answer.NO, person=cast.other_parent)]
    return choices.choose(
        pupil=cast.sam, wanted=wanted, by=cast.parent, at=AT, key=uuid4(), wording="family-1"
    )


def test_one_reader_who_cannot_be_reached_keeps_it_from_no_other(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Her address comes first, and is refused for now, then for good."""
    made = by_pam_for_sam(cast)
    with refusing(monkeypatch, cast.parent, 451), pytest.raises(SMTPRecipientsRefused):
        receipts.send(made.pk, AT)
    assert [message.to for message in mail.outbox] == [["sam@pupils.example"]]
    with refusing(monkeypatch, cast.parent, 550):
        for _ in range(2):
            assert receipts.send(made.pk, AT) == 0
    events = AuditEvent.objects.filter(object_id=made.pk, verb__startswith="receipt").order_by("verb")
    assert [(event.verb, event.detail.get("to")) for event in events] == [
        ("receipt refused", str(cast.parent.pk)),
        ("receipt sent", str(cast.young_person.pk)),
        ("receipt settled", None),
    ]
    assert receipts.left(AT + timedelta(hours=1)) == []


def test_who_was_not_reached_at_first_is_told_later_and_the_other_not_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = by_pam_for_sam(cast)
    with refusing(monkeypatch, cast.young_person, 451), pytest.raises(SMTPRecipientsRefused):
        receipts.send(made.pk, AT)
    assert swept(monkeypatch, MINUTE * 15) == [["sam@pupils.example"]]


def test_a_last_day_is_a_whole_day_in_london() -> None:
    assert choices.end_of(date(2026, 3, 28)) == datetime(2026, 3, 29, tzinfo=LONDON)
    assert choices.end_of(date(2026, 3, 29)) == datetime(2026, 3, 30, tzinfo=LONDON)  # the clocks go forward
    assert choices.end_of(date(2026, 10, 25)) == datetime(2026, 10, 26, tzinfo=LONDON)
    for day in (date(2026, 3, 29), date(2026, 10, 25), date(2028, 2, 29)):
        assert choices.last_day(choices.end_of(day)) == day
