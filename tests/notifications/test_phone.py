"""A number is confirmed by the code that was texted to it, by its owner alone; until then they get e-mails."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from accounts import quiet
from accounts.enums import Channel
from accounts.models import AccountEvent, PhoneCode, Preferences
from accounts.services import preferences_of
from notifications import channels

from ..apdr.pages import as_, errors, words
from ..apdr.plans import Plan
from ..cast import AT, Cast
from .notify import Notify, running
from .reviewing import MINUTE, in_review, run
from .test_channels import PHONE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
PAGE, BUTTON = "/me/mobile-number/", "/me/mobile-number/code/"


@pytest.fixture
def notify(settings: Any) -> Iterator[Notify]:
    with running(settings) as found:
        yield found


def codes(notify: Notify) -> list[str]:
    """What was texted as a code, in turn."""
    said = [one["personalisation"]["words"] for one in notify.taken if one["phone_number"] == PHONE]
    return [text.split(" ", 1)[0] for text in said if "is your code" in text]


def wants_texts(cast: Cast) -> None:
    Preferences.objects.create(person=cast.parent, channel=Channel.TEXT, phone=PHONE)


def test_a_number_gets_texts_once_its_owner_typed_the_code(cast: Cast, plan: Plan, notify: Notify) -> None:
    wants_texts(cast)
    in_review(cast, plan)
    assert "parent@home.example" in run(AT)  # nobody's number yet
    client = as_(cast.parent)
    assert "Text me a code" in words(client.get(PAGE))
    assert "We sent you a text" in words(client.post(BUTTON, follow=True))
    [code] = codes(notify)
    row = PhoneCode.objects.get()
    assert (code in row.code_hash, row.tries, row.expires_at) == (False, 0, AT + timedelta(minutes=15))
    wrong = client.post(PAGE, {"code": f"{(int(code) + 1) % 10**6:06}"})
    assert errors(wrong) == ["That is not the code. You can try 4 more times."]
    assert errors(client.post(PAGE, {"code": "12"})) == ["Type the six numbers from the text."]
    done = client.post(PAGE, {"code": f"{code[:3]} {code[3:]}"})
    assert (done["Location"], preferences_of(cast.parent).phone_is_confirmed) == (
        reverse("preferences"),
        True,
    )
    verbs = AccountEvent.objects.filter(person=cast.parent).order_by("verb").values_list("verb", flat=True)
    assert list(verbs) == ["phone code sent", "phone confirmed"]
    assert errors(client.post(PAGE, {"code": code})) != []  # it is good once
    # Another number, whoever writes it down, is confirmed anew.
    Preferences.objects.update(phone="+447700900456")
    assert not preferences_of(cast.parent).phone_is_confirmed


def test_tries_and_codes_are_limited_and_a_code_runs_out(cast: Cast, notify: Notify) -> None:
    wants_texts(cast)
    client = as_(cast.parent)
    client.post(BUTTON)
    assert "Wait a minute" in words(client.post(BUTTON, follow=True))
    [code] = codes(notify)
    for _ in range(5):
        client.post(PAGE, {"code": f"{(int(code) + 1) % 10**6:06}"})
    assert "used up or too old" in errors(client.post(PAGE, {"code": code}))[0]
    with time_machine.travel(AT + 2 * MINUTE, tick=False):
        client.post(BUTTON)
    late = codes(notify)[-1]
    with time_machine.travel(AT + 18 * MINUTE, tick=False):
        assert "used up or too old" in errors(client.post(PAGE, {"code": late}))[0]
    for minute in (20, 22, 24):
        with time_machine.travel(AT + minute * MINUTE, tick=False):
            client.post(BUTTON)
    with time_machine.travel(AT + 26 * MINUTE, tick=False):
        assert "Try again tomorrow" in words(client.post(BUTTON, follow=True))
    assert (len(codes(notify)), preferences_of(cast.parent).phone_is_confirmed) == (5, False)


def test_a_code_for_one_number_confirms_no_other_and_nobody_elses(cast: Cast, notify: Notify) -> None:
    wants_texts(cast)
    client = as_(cast.parent)
    client.post(BUTTON)
    [code] = codes(notify)
    Preferences.objects.create(person=cast.other_parent, channel=Channel.TEXT, phone=PHONE)
    assert as_(cast.other_parent).post(PAGE, {"code": code}).status_code == 422
    Preferences.objects.filter(person=cast.parent).update(phone="+447700900456")
    assert client.post(PAGE, {"code": code}).status_code == 422
    assert not Preferences.objects.exclude(phone_confirmed="").exists()


def test_where_no_texts_are_sent_it_says_so_and_e_mails_go_on(cast: Cast, plan: Plan) -> None:
    wants_texts(cast)
    in_review(cast, plan)
    assert "parent@home.example" in run(AT)
    client = as_(cast.parent)
    told = words(client.get(PAGE))
    assert ("Texts cannot be sent from here. You get e-mails instead." in told, "code" in told) == (
        True,
        False,
    )
    assert "Texts cannot be sent from here" in client.post(BUTTON, follow=True).content.decode()
    assert not PhoneCode.objects.exists()


def test_a_text_that_is_not_taken_is_said_plainly(cast: Cast, notify: Notify) -> None:
    wants_texts(cast)
    notify.refuses = {PHONE: (400, "ValidationError", "phone_number Number is not valid")}
    assert "could not be sent" in as_(cast.parent).post(BUTTON, follow=True).content.decode()


def test_who_has_no_e_mail_address_and_confirmed_no_number_gets_no_text(cast: Cast, notify: Notify) -> None:
    wants_texts(cast)
    person = cast.parent
    assert (quiet.channel(person), channels.by_hand(person)) == (Channel.EMAIL, False)
    person.email = None
    assert (quiet.channel(person), channels.by_hand(person)) == (Channel.LETTER, True)
    Preferences.objects.filter(person=person).update(phone_confirmed=PHONE)
    person.preferences.refresh_from_db()
    assert (quiet.channel(person), channels.by_hand(person)) == (Channel.TEXT, False)
