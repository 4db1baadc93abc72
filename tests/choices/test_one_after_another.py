"""What is said about one young person is written down one after another: who comes second waits for who came first."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import Invitation, User
from pupils import choices, invitations, receipts
from pupils.choices import Wanted
from pupils.enums import Answer, Section
from pupils.models import AuditEvent, ChoiceSheet, Pupil

from ..cast import AT, Cast, build, person
from ..pupils.test_at_the_same_time import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return build()


def said(cast: Cast, answer: Answer = Answer.ASK, **row: Any) -> ChoiceSheet:
    wanted = [Wanted(Section.NEEDS, answer, **row)]
    return choices.choose(
        pupil=cast.sam, wanted=wanted, by=cast.young_person, at=AT, key=uuid4(), wording="test-1"
    )


def meanwhile(held: Pupil | Invitation, act: Callable[[], Any]) -> Any:
    """What comes of an act that waits for no longer than a moment, while somebody else is at the same pupil, or accepts."""

    def impatient() -> Any:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
            return act()

    with transaction.atomic():
        type(held)._default_manager.select_for_update(no_key=True).get(pk=held.pk)
        [found] = together(impatient)
    return found


def test_a_choice_waits_for_another(cast: Cast) -> None:
    found = meanwhile(cast.sam, lambda: said(cast, person=cast.parent))
    assert isinstance(found, OperationalError)
    assert not ChoiceSheet.objects.exists()


def test_a_choice_stands_while_the_broker_is_away(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise OSError("nobody there")

    monkeypatch.setattr(choices.current_app, "send_task", away)
    assert said(cast, person=cast.parent) == ChoiceSheet.objects.get()


def test_a_receipt_that_two_send_at_once_is_sent_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet, sent = said(cast, person=cast.parent), []

    def takes_its_time(person: User, _: ChoiceSheet) -> None:
        sent.append(person)
        time.sleep(0.5)

    monkeypatch.setattr(receipts, "_mail", takes_its_time)
    told = together(lambda: receipts.send(sheet.pk, AT), lambda: receipts.send(sheet.pk, AT))
    assert (sorted(told), sent) == ([0, 1], [cast.young_person])
    events = AuditEvent.objects.filter(verb__startswith="receipt").values_list("verb", flat=True)
    assert sorted(events) == ["receipt sent", "receipt settled"]


def test_what_is_passed_on_waits_for_a_choice(cast: Cast) -> None:
    invitation, _ = invitations.invite_professional(
        pupils=[cast.sam], email="cleo@health.example", name="Cleo Psych", by=cast.senco, at=AT
    )
    said(cast, invitation=invitation)
    cleo = person("cleo@health.example", "Cleo Psych")
    found = meanwhile(
        cast.sam, lambda: choices.pass_on(invitation=invitation, person=cleo, pupil=cast.sam, at=AT)
    )
    assert isinstance(found, OperationalError)
    assert ChoiceSheet.objects.count() == 1


def test_a_no_does_not_wait_for_somebody_who_accepts_at_this_very_moment(cast: Cast) -> None:
    """They hold their invitation and wait for the pupil, whom the choice holds: each would wait for the other."""
    invitation, _ = invitations.invite_professional(
        pupils=[cast.sam], email="cleo@health.example", name="Cleo Psych", by=cast.senco, at=AT
    )
    said(cast, Answer.YES, invitation=invitation, ends_at=AT + timedelta(days=9))
    found = meanwhile(invitation, lambda: said(cast, Answer.NO, invitation=invitation))
    assert found == ChoiceSheet.objects.get(number=2)
