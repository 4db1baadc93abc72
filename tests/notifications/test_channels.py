"""Texts and letters through GOV.UK Notify: once, of the same things as e-mails, and nothing of what they are."""

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts import contact, services
from accounts.enums import Channel
from accounts.models import Preferences, User
from config.logs import WithoutArguments
from notifications import receipts, reminders, tasks
from notifications.enums import Kind
from notifications.models import Message
from pupils import circle
from pupils.enums import RestrictionKind
from pupils.models import AuditEvent

from ..apdr.pages import as_, errors, send, words
from ..apdr.plans import Plan
from ..apdr.test_reading_age import GRADE, grade
from ..cast import AT, Cast
from .notify import LETTER, TEXT, Notify, running
from .reviewing import DAY, MINUTE, became, in_review, run, send_due

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
PHONE, HOME = "+447700900123", "Pam Lovelace\n1 High Street\nHazelmere\nBN1 1AA"


@pytest.fixture
def notify(settings: Any) -> Iterator[Notify]:
    with running(settings) as found:
        yield found


def wants(person: User, channel: Channel, **more: Any) -> None:
    Preferences.objects.update_or_create(
        person=person,
        defaults={
            "channel": channel,
            "phone": PHONE,
            "phone_confirmed": more.get("phone", PHONE),
            "postal_address": HOME,
            **more,
        },
    )


def pams() -> Message:
    return Message.objects.get(person__name="Pam Lovelace")


def became_of_pam() -> tuple[str, str, str, str]:
    row = pams()
    return row.state, row.why_not, row.channel, row.receipt


def test_a_text_says_what_kind_of_thing_waits_and_nothing_else(
    cast: Cast, plan: Plan, notify: Notify
) -> None:
    wants(cast.parent, Channel.TEXT)
    in_review(cast, plan)
    assert "parent@home.example" not in run(AT)
    [sent] = notify.taken
    assert (sent["path"], sent["phone_number"], sent["template_id"], sent["reference"]) == (
        "/v2/notifications/sms",
        PHONE,
        TEXT,
        str(pams().pk),
    )
    public = "http://127.0.0.1:8000"
    assert sent["personalisation"] == {
        "words": "Alongside: We are looking back at the plan. Say how it went. "
        f"Sign in: {public}/ Stop these texts: {public}/me/talking-with-me/"
    }
    assert became_of_pam() == ("sent", "", "text", "")
    assert re.findall(r"Ada|Lovelace|Hazelmere", str(sent)) == []
    assert AuditEvent.objects.filter(verb="reminded", detail__to=str(cast.parent.pk)).count() == 1
    for minute in range(3):
        run(AT + minute * MINUTE)
    assert len(notify.taken) == 1


def test_a_letter_goes_to_the_address_and_says_no_more(cast: Cast, plan: Plan, notify: Notify) -> None:
    wants(cast.parent, Channel.LETTER)
    in_review(cast, plan)
    run(AT)
    [sent] = notify.taken
    told = dict(sent["personalisation"])
    letter = told.pop("words")
    assert told == {f"address_line_{n}": line for n, line in enumerate(HOME.splitlines(), 1)}
    assert (sent["path"], sent["template_id"]) == ("/v2/notifications/letter", LETTER)
    assert "* We are looking back at the plan. Say how it went." in letter
    assert "ring the school or college" in letter
    assert re.findall(r"Ada|Lovelace|Hazelmere|SEN|http://127.0.0.1:8000/\w", letter) == []
    assert grade(letter) <= GRADE
    assert pams().address == HOME


def test_what_went_wrong_on_the_way_is_tried_again_and_arrives_once(
    cast: Cast, plan: Plan, notify: Notify
) -> None:
    wants(cast.parent, Channel.TEXT)
    in_review(cast, plan)
    notify.breaks = ["500"]
    run(AT)
    assert (notify.taken, became_of_pam()[0]) == ([], "planned")
    notify.breaks = ["", "dies"]  # asked whether it has it, it says no; it takes the text, and dies
    run(pams().next_at)
    assert (len(notify.taken), became_of_pam()[0]) == (1, "planned")
    run(pams().next_at)
    assert (len(notify.taken), became_of_pam()) == (1, ("sent", "", "text", ""))
    assert notify.asked == [str(pams().pk)] * 2


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (
            (400, "ValidationError", "phone_number Number is not valid – double check the phone number"),
            "refused",
        ),
        ((400, "ValidationError", "template_id is not a valid UUID"), "planned"),
        ((400, "BadRequestError", "Can’t send to this recipient using a team-only API key"), "planned"),
        ((403, "AuthError", "Invalid token"), "planned"),
        ((429, "RateLimitError", "Exceeded rate limit"), "planned"),
    ],
)
def test_only_what_is_wrong_with_the_number_stops_it(
    cast: Cast, plan: Plan, notify: Notify, answer: tuple[int, str, str], state: str
) -> None:
    wants(cast.parent, Channel.TEXT)
    in_review(cast, plan)
    notify.refuses = {PHONE: answer}
    run(AT)
    assert (pams().why_not or pams().state) == state
    page = words(as_(cast.senco).get(reverse("caseload")))
    assert ("Pam Lovelace , near Ada Lovelace" in page) == (state == "refused")
    if state == "refused":
        run(AT + DAY)
        assert notify.taken == []
        wants(cast.parent, Channel.TEXT, phone="+447700900456")
        run(AT + DAY)
        assert [one["phone_number"] for one in notify.taken] == ["+447700900456"]


def test_whoever_changes_to_e_mail_gets_it_though_their_number_was_refused(
    cast: Cast, plan: Plan, notify: Notify
) -> None:
    wants(cast.parent, Channel.TEXT)
    in_review(cast, plan)
    notify.refuses = {PHONE: (400, "ValidationError", "phone_number Not enough digits")}
    run(AT)
    wants(cast.parent, Channel.EMAIL)
    assert "parent@home.example" in run(AT + DAY)


def test_access_is_asked_again_before_a_text_goes(cast: Cast, plan: Plan, notify: Notify) -> None:
    wants(cast.parent, Channel.TEXT)
    in_review(cast, plan)
    reminders.plan(at=AT)
    reminders.gather(at=AT)
    circle.restrict(
        pupil=cast.ada, person=cast.parent, kind=RestrictionKind.COURT_ORDER, reason="-", by=cast.senco, at=AT
    )
    send_due(AT)
    assert (notify.taken, became_of_pam()[:2]) == ([], ("not_sent", "not_open"))


def test_what_became_of_it_is_asked_until_it_is_known(cast: Cast, plan: Plan, notify: Notify) -> None:
    wants(cast.parent, Channel.TEXT)
    in_review(cast, plan)
    run(AT)
    reference = str(pams().pk)
    notify.breaks = ["500"]
    tasks.ask_for_receipts()
    tasks.ask_for_receipts()
    assert became_of_pam() == ("sent", "", "text", "")
    notify.statuses[reference] = "delivered"
    tasks.ask_for_receipts()
    assert became_of_pam() == ("sent", "", "text", "delivered")
    assert receipts.due(AT) == []


def test_one_that_never_arrives_is_as_one_refused(cast: Cast, plan: Plan, notify: Notify) -> None:
    wants(cast.parent, Channel.TEXT)
    in_review(cast, plan)
    run(AT)
    notify.statuses[str(pams().pk)] = "permanent-failure"
    assert receipts.ask(message_id=pams().pk, at=AT + DAY) == "permanent-failure"
    assert became_of_pam() == ("not_sent", "refused", "text", "permanent-failure")
    assert (Kind.VIEWS_WANTED, "Pam Lovelace", "refused") in became()
    run(AT + DAY)
    assert len(notify.taken) == 1
    page = words(as_(cast.senco).get(reverse("caseload")))
    assert "Pam Lovelace , near Ada Lovelace" in page


def test_without_a_key_no_letter_goes_out_and_an_e_mail_in_place_of_a_text(cast: Cast, plan: Plan) -> None:
    wants(cast.parent, Channel.LETTER)
    in_review(cast, plan)
    assert "parent@home.example" not in run(AT)
    assert not Message.objects.filter(person=cast.parent).exists()
    assert len(mail.outbox) == 4
    wants(cast.parent, Channel.TEXT)
    assert run(AT + MINUTE) == ["parent@home.example"]
    shown = as_(cast.other_parent).get(reverse("preferences")).content.decode()
    assert "Text message" not in shown


def test_what_the_client_of_notify_logs_says_nothing() -> None:
    """Its lines quote what GOV.UK Notify answered, which may name a number."""
    line = logging.LogRecord(
        "notifications_python_client.base",
        logging.WARNING,
        "",
        0,
        "API %s failed with %s",
        ("POST", PHONE),
        None,
    )
    assert WithoutArguments().filter(line)
    assert line.getMessage() == "API %s failed with %s"


# Where they are reached ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("07700 900123", PHONE),
        ("+44 7700 900123", PHONE),
        ("0044 7700-900-123", PHONE),
        ("+44 (0)7700 900 123", PHONE),
        ("", ""),
    ],
)
def test_a_number_is_kept_as_it_is_dialled(typed: str, kept: str) -> None:
    assert contact.clean_phone(typed) == kept


@pytest.mark.parametrize(
    "typed", ["01632 960001", "0770090012", "077009001234", "call me", "+33 6 12 34 56 78"]
)
def test_what_is_no_mobile_number_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match="UK mobile number"):
        contact.clean_phone(typed)


def test_an_address_ends_in_its_postcode() -> None:
    assert contact.clean_address(" Pam  Lovelace \n1 High Street\n\nHazelmere\nbn11aa") == HOME
    for wrong in (
        "Pam\nBN1 1AA",
        "Pam\n1 High Street\nHazelmere",
        "a\nb\nc\nd\ne\nf\ng\nBN1 1AA",
        "Pam\n<b>\nBN1 1AA",
    ):
        with pytest.raises(ValidationError):
            contact.clean_address(wrong)


def test_whoever_wants_texts_or_letters_says_where(cast: Cast, notify: Notify) -> None:
    client, href = as_(cast.parent), reverse("preferences")
    typed = {
        "channel": "text",
        "phone": "",
        "postal_address": "",
        "quiet_from": "18:00",
        "quiet_until": "07:30",
    }
    more = {"spoken_language": "en-GB", "written_language": "en-GB", "format": "standard"}
    refused = send(client, href, **{**typed, **more})
    assert (refused.status_code, errors(refused)) == (
        422,
        ["Enter a mobile number, so that a text can arrive."],
    )
    refused = send(client, href, **{**typed, **more, "channel": "letter", "postal_address": "Pam\nBrighton"})
    assert errors(refused) == [
        "Use three to seven lines: who lives there, the street, the town, the postcode.",
    ]
    assert "Pam\nBrighton" in refused.content.decode().replace("\r\n", "\n")
    assert send(client, href, **{**typed, **more, "phone": "07700 900123"}).status_code == 302
    kept = services.preferences_of(cast.parent)
    assert (kept.channel, kept.phone, kept.phone_is_confirmed) == (Channel.TEXT, PHONE, False)
