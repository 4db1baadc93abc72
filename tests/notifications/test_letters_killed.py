"""Letters with a real broker, worker and mail server: of two senders one sends, and a killed worker loses none."""

import subprocess
from collections.abc import Callable
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.utils import timezone

from accounts.enums import ControlTrigger
from notifications import letters, tasks
from notifications.models import HandOverLetter
from pupils.models import AuditEvent
from tests.cast import AT, Cast, build
from tests.pupils.test_at_the_same_time import together
from tests.workers import Killing, wait_until

from .test_letters import IN_JUNE, free_port, never_quiet, turns_16

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return build()


def test_of_two_who_send_one_letter_at_once_one_does(cast: Cast) -> None:
    turns_16(cast.ada, IN_JUNE)
    letters.plan(at=AT)
    for letter in HandOverLetter.objects.all():
        sent = together(*[lambda pk=letter.pk: letters.send(letter_id=pk, at=AT)] * 4)
        assert sorted(sent) == [False, False, False, True]
    assert len(mail.outbox) == AuditEvent.objects.filter(verb=letters.SENT).count() == 3


def test_of_two_who_plan_at_once_there_is_one_letter_each(cast: Cast) -> None:
    turns_16(cast.ada, IN_JUNE)
    assert together(*[lambda: letters.plan(at=AT)] * 4) == [None] * 4
    assert HandOverLetter.objects.count() == 3


def test_a_worker_killed_while_it_sends_loses_no_letter(
    cast: Cast, start_worker: Callable[[], subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it was sending is sent again, as the same message; every other letter is sent once."""
    turns_16(cast.ada, timezone.localdate() + timedelta(days=20))
    cast.hazelmere.control_trigger = (
        ControlTrigger.SIXTEENTH
    )  # in July school age would end before the birthday
    cast.hazelmere.save()
    never_quiet(cast.child, cast.parent, cast.other_parent)
    mailbox = Killing()
    server = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        monkeypatch.setenv("EMAIL_URL", f"smtp://127.0.0.1:{server.port}")
        mailbox.worker = start_worker()
        tasks.plan_letters.delay()
        assert wait_until(lambda: HandOverLetter.objects.count() == 3)
        tasks.send_letters.delay()
        assert wait_until(lambda: HandOverLetter.objects.filter(state="sent").count() == 2)
        [left] = HandOverLetter.objects.filter(state="planned")
        assert left.attempts == 1
        assert left.next_at > timezone.now()
        HandOverLetter.objects.update(next_at=timezone.now())  # its pause is over
        tasks.send_letters.delay()
        assert wait_until(lambda: HandOverLetter.objects.filter(state="sent").count() == 3)
        tasks.plan_letters.delay()
        tasks.send_letters.delay()
        assert wait_until(lambda: len(mailbox.taken) == 4)
    finally:
        server.stop()
    keys = [f"<{pk}@127.0.0.1>" for pk in HandOverLetter.objects.values_list("pk", flat=True)]
    assert sorted(str(m["Message-ID"]) for m in mailbox.taken) == sorted([*keys, f"<{left.pk}@127.0.0.1>"])
    assert AuditEvent.objects.filter(verb=letters.SENT).count() == 3
