"""Reminders with a real broker, workers, clocks and a mail server, each of them killed: nothing lost, nothing twice.

Neither clock ran for a week; then both do, and five more plan at the same moment. The broker remembers nothing once it
is killed, and the mail server says now and then to come back later. An e-mail arrives a second time only where the mail server had taken it when whoever sent it was killed, or when the
server was killed before it could say so; then both are the same message. `ALONGSIDE_REMINDERS` sets how many reminders
the long run delivers, and `ALONGSIDE_KILLS` how often it kills each part.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import psutil
import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.db import connection
from django.utils import timezone

from accounts.models import User
from apdr.models import Cycle
from config.servers import ROOT, _valkey_program
from notifications import reminders, tasks
from notifications.models import Message, Reminder
from pupils.models import AuditEvent, PupilUserPermission
from reviews import services as reviews
from reviews.enums import Rating
from reviews.models import Judgement
from tests.apdr.plans import Plan, write_plan
from tests.cast import Cast, build
from tests.pupils.test_at_the_same_time import together
from tests.workers import Killing, wait_until

from .test_letters import free_port, never_quiet

pytestmark = pytest.mark.django_db(transaction=True)

REMINDERS = int(os.environ.get("ALONGSIDE_REMINDERS", "20000"))
KILLS = int(os.environ.get("ALONGSIDE_KILLS", "4"))


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return build()


def in_review(cast: Cast) -> Plan:
    """Ada's review has started: her family and two who teach her have not said how it went."""
    plan = write_plan(cast.ada, cast.senco, timezone.now() - timedelta(weeks=2))
    reviews.start_review(cycle=plan.cycle, by=cast.senco, at=timezone.now() - timedelta(days=1))
    never_quiet(cast.child, cast.parent, cast.other_parent, cast.teacher, cast.key_adult)
    return plan


# At the same time --------------------------------------------------------------------------------------------


def test_two_clocks_and_five_planners_at_once_make_one_e_mail_each(cast: Cast) -> None:
    in_review(cast)
    at = timezone.now()
    acts = [*[lambda: reminders.plan(at=at)] * 5, *[lambda: reminders.gather(at=at)] * 2]
    assert together(*acts) == [None] * 7
    assert Reminder.objects.count() == 5
    assert together(*[lambda: reminders.gather(at=at)] * 4) == [None] * 4
    assert (Message.objects.count(), Reminder.objects.filter(message=None).count()) == (5, 0)


def test_of_four_who_send_one_e_mail_at_once_one_does(cast: Cast) -> None:
    in_review(cast)
    at = timezone.now()
    reminders.plan(at=at)
    reminders.gather(at=at)
    for pk in Message.objects.values_list("pk", flat=True):
        sent = together(*[lambda pk=pk: reminders.send(message_id=pk, at=at)] * 4)
        assert sorted(sent) == [False, False, False, True]
    assert len(mail.outbox) == AuditEvent.objects.filter(verb=reminders.SENT).count() == 5


def test_a_worker_killed_while_it_sends_loses_no_e_mail(
    cast: Cast, start_worker: Callable[[], subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it was sending is sent again, as the same message; every other e-mail is sent once."""
    in_review(cast)
    mailbox = Killing()
    server = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        monkeypatch.setenv("EMAIL_URL", f"smtp://127.0.0.1:{server.port}")
        mailbox.worker = start_worker()
        tasks.plan_reminders.delay()
        assert wait_until(lambda: Reminder.objects.count() == 5)
        tasks.send_reminders.delay()
        assert wait_until(lambda: Message.objects.filter(state="sent").count() == 4)
        [left] = Message.objects.filter(state="planned")
        assert left.attempts == 1
        assert left.next_at > timezone.now()
        Message.objects.filter(state="planned").update(next_at=timezone.now())  # its pause is over
        tasks.send_reminders.delay()
        assert wait_until(lambda: Message.objects.filter(state="sent").count() == 5)
        tasks.plan_reminders.delay()
        tasks.send_reminders.delay()
        assert wait_until(lambda: len(mailbox.taken) == 6)
    finally:
        server.stop()
    keys = [f"<{pk}@127.0.0.1>" for pk in Message.objects.values_list("pk", flat=True)]
    assert sorted(str(m["Message-ID"]) for m in mailbox.taken) == sorted([*keys, f"<{left.pk}@127.0.0.1>"])
    assert AuditEvent.objects.filter(verb=reminders.SENT).count() == 5


# Everything killed -------------------------------------------------------------------------------------------


class Process:
    """A program of this test's own, which can be killed and started again."""

    def __init__(self, command: list[str], env: dict[str, str], port: int = 0) -> None:
        """`port`: on which it answers once it has started."""
        self.command, self.env, self.port = command, env, port
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.running = subprocess.Popen(
            self.command, cwd=ROOT, env=self.env, start_new_session=True, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert not self.port or wait_until(lambda: answers(self.port))

    def kill(self) -> None:
        """With everything that it started, with -9."""
        if self.running is not None:
            os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()
            self.running = None


def answers(port: int) -> bool:
    return any(
        one.laddr.port == port and one.status == psutil.CONN_LISTEN for one in psutil.net_connections("tcp")
    )


Parts = dict[str, Process]


@pytest.fixture
def parts(transactional_db: None, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Parts]:
    """A broker that remembers nothing, a mail server that writes each message to a folder, two workers that send one
    e-mail at a time, and two clocks that were killed a week ago. All of them are this test's own; none runs yet.
    """
    broker, smtp = free_port(), free_port()
    database = connection.settings_dict
    host, port = database["HOST"], database["PORT"] or ""
    place = (
        f"/{database['NAME']}?host={host}" if host.startswith("/") else f"{host}:{port}/{database['NAME']}"
    )
    login = f"{database['USER']}:{database['PASSWORD']}" if database["PASSWORD"] else database["USER"]
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"postgres://{login}@{place}",
        "REDIS_URL": f"redis://127.0.0.1:{broker}/0",
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp}",
        "ALONGSIDE_QUICK": getattr(request, "param", "3 2"),
    }
    celery = [sys.executable, "-m", "celery", "-A"]
    worker = [*celery, "config", "worker", "--concurrency", "1", "--without-gossip", "--without-mingle"]
    beat = [*celery, "tests.notifications.quick_beat", "beat", "--max-interval", "1", "--schedule"]
    files = {name: str(tmp_path / name.replace(" ", "-")) for name in ("beat", "other beat")}
    for file in files.values():
        subprocess.run(
            [sys.executable, "-m", "tests.notifications.quick_beat", file], env=env, cwd=ROOT, check=True
        )
    forgetful = ["--save", "", "--appendonly", "no", "--dir", str(tmp_path)]
    mailbox = [sys.executable, "-m", "tests.notifications.fickle_mailbox", str(smtp), str(tmp_path / "mail")]
    made = {
        "broker": Process([str(_valkey_program()), "--port", str(broker), *forgetful], env, broker),
        "smtp": Process(mailbox, env, smtp),
        "worker": Process([*worker, "--hostname", "one@%h"], env),
        "other worker": Process([*worker, "--hostname", "two@%h"], env),
        **{name: Process([*beat, file], env) for name, file in files.items()},
    }
    try:
        yield made
    finally:
        for one in made.values():
            one.kill()


def delivered(folder: Path) -> Counter[str]:
    """How often each Message-ID arrived."""
    found: Counter[str] = Counter()
    for file in (folder / "mail").glob("*.eml"):
        found[str(message_from_bytes(file.read_bytes())["Message-ID"])] += 1
    return found


def many(cast: Cast, plan: Plan, number: int) -> list[User]:
    """So many parent carers with two children each, whose reviews began on two days of the last week, and nobody heard:
    two reminders each.

    The rows are copies of Pam and Ada and her plan.
    """
    relation = PupilUserPermission.objects.get(user=cast.parent, content_object=cast.ada).permission_id
    made = {
        "accounts_user": {
            "id": "md5('who' || m)::uuid", "email": "'parent-' || m || '@many.example'", "name": "'Parent ' || m",
            "password": "'!'",
        },
        "accounts_preferences": {
            "id": "gen_random_uuid()", "person_id": "md5('who' || m)::uuid", "quiet_from": "'00:00'::time",
            "quiet_until": "'00:00'::time", "quiet_weekends": "FALSE",
        },
        "pupils_pupil": {
            "id": "md5('pupil' || n)::uuid", "given_name": "'Pupil ' || n", "family_name": "'Many'",
        },
        "pupils_pupiluserpermission": {
            "id": None, "content_object_id": "md5('pupil' || n)::uuid", "user_id": "md5('who' || n / 2)::uuid",
        },
        "pupils_parentcarer": {
            "id": "gen_random_uuid()", "pupil_id": "md5('pupil' || n)::uuid", "person_id": "md5('who' || n / 2)::uuid",
        },
        "apdr_cycle": {"id": "md5('cycle' || n)::uuid", "pupil_id": "md5('pupil' || n)::uuid"},
        "apdr_cyclestage": {
            "id": "gen_random_uuid()", "cycle_id": "md5('cycle' || n)::uuid",
            "at": "old.at - CASE WHEN old.stage = 'review' THEN n %% 7 ELSE 0 END * interval '1 day'",
        },
        "apdr_planversion": {"id": "gen_random_uuid()", "cycle_id": "md5('cycle' || n)::uuid"},
    }  # fmt: skip
    copied = {
        "accounts_user": ("id", cast.parent.pk), "accounts_preferences": ("person_id", cast.parent.pk),
        "pupils_pupil": ("id", cast.ada.pk), "pupils_pupiluserpermission": ("permission_id", relation),
        "pupils_parentcarer": ("person_id", cast.parent.pk), "apdr_cycle": ("id", plan.cycle.pk),
        "apdr_cyclestage": ("cycle_id", plan.cycle.pk), "apdr_planversion": ("cycle_id", plan.cycle.pk),
    }  # fmt: skip
    only_ada = {
        "pupils_pupiluserpermission": ("content_object_id", "user_id"),
        "pupils_parentcarer": ("pupil_id",),
    }
    with connection.cursor() as cursor:
        for table, new in made.items():
            columns = _columns(table)
            values = ", ".join(new.get(c) or f"old.{c}" for c in columns if new.get(c, "") is not None)
            kept = ", ".join(f'"{c}"' for c in columns if new.get(c, "") is not None)
            of, pk = copied[table]
            more = {"content_object_id": cast.ada.pk, "pupil_id": cast.ada.pk, "user_id": cast.parent.pk}
            where = " AND ".join(f"old.{c} = %s" for c in (of, *only_ada.get(table, ())))
            times = f"generate_series(0, {number - 1}) m" if table.startswith("accounts") else (
                f"generate_series(0, {2 * number - 1}) n"
            )  # fmt: skip
            cursor.execute(
                f"INSERT INTO {table} ({kept}) SELECT {values} FROM {table} old, {times} WHERE {where}",
                [pk, *(more[c] for c in only_ada.get(table, ()))],
            )
            assert cursor.rowcount >= number, table
        cursor.execute("ANALYZE")
    return list(User.objects.filter(email__endswith="@many.example").order_by("pk"))


def _columns(table: str) -> list[str]:
    """The columns of a table that are written, not computed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'",
            [table],
        )
        return [name for (name,) in cursor.fetchall()]


class Chance:
    """Kills each part so often, in an order and at moments that nobody chose, and starts it again. The mail server
    comes up late: it has its turns among the `late` ones.
    """

    def __init__(self, parts: Parts, kills: int, apart: float) -> None:
        self.parts, self.apart = parts, apart
        self.random = random.Random(20260310)
        others = [name for name in parts if name != "smtp" for _ in range(kills)]
        self.random.shuffle(others)
        half = len(others) // 2
        late = others[half:] + ["smtp"] * kills
        self.random.shuffle(late)
        self.turns = late + others[:half]  # taken from the end
        self.late = len(late)
        self.killed: Counter[str] = Counter()

    def strike(self, until: int = 0) -> None:
        """The next turn, while more than so many are left."""
        time.sleep(self.random.uniform(0, self.apart))
        if len(self.turns) > until:
            name = self.turns.pop()
            self.parts[name].kill()
            self.killed[name] += 1
            time.sleep(self.random.uniform(0, 1))
            self.parts[name].start()


def delivers_whatever_is_killed(
    cast: Cast, parts: Parts, folder: Path, *, number: int, kills: int, apart: float, seconds: float
) -> None:
    """`kills` of each part, at random moments up to `apart` seconds after each other; all is over within `seconds`."""
    plan = in_review(cast)
    people = many(cast, plan, number // 2)
    chance = Chance(parts, kills, apart)
    started = time.monotonic()
    for name in parts:
        if name != "smtp":
            parts[name].start()
    assert together(*[lambda: reminders.plan(at=timezone.now())] * 5) == [None] * 5
    planned = time.monotonic() - started
    while Message.objects.filter(person__in=people).count() < len(people) or len(chance.turns) > chance.late:
        assert time.monotonic() < started + seconds, "not all is gathered"
        chance.strike(until=chance.late)
    said, left = people[: max(1, number // 80)], people[-max(1, number // 80) :]
    say(plan, said)  # so that what waits for them stops being wanted
    PupilUserPermission.objects.filter(user__in=left).update(ends_at=timezone.now())
    parts["smtp"].start()
    gathered = time.monotonic() - started
    while (waiting := Message.objects.filter(state="planned").count()) or chance.turns:
        assert time.monotonic() < started + seconds, f"{waiting} wait still"
        chance.strike()
        # The pause after a try is a quarter of an hour and more; here it is over at once.
        Message.objects.filter(state="planned", attempts__gt=0).update(next_at=timezone.now())
    took = time.monotonic() - started
    arrived, killed = delivered(folder), chance.killed
    sent = {f"<{pk}@127.0.0.1>" for pk in Message.objects.filter(state="sent").values_list("pk", flat=True)}
    doubles = sum(arrived.values()) - len(arrived)
    print(
        f"{number} reminders, {len(sent)} e-mails, {doubles} of them twice, {sum(killed.values())} kills"
        f" ({dict(killed)}); planned by five after {planned:.0f} s, gathered after {gathered:.0f} s,"
        f" over after {took:.0f} s: {len(sent) / (took - gathered):.0f} e-mails a second"
    )
    assert set(arrived) == sent
    assert doubles <= sum(killed.values()) - killed["beat"] - killed["other beat"]
    rows = Reminder.objects.filter(pupil__family_name="Many").values_list("person", "state", "why_not")
    became = {one.pk: ("sent", "") for one in people}
    became |= {one.pk: ("not_sent", "done") for one in said} | {
        one.pk: ("not_sent", "not_open") for one in left
    }
    assert Counter(rows) == Counter({(pk, *what): 2 for pk, what in became.items()})
    assert len(sent) == len(people) - len(said) - len(left) + 5
    assert (
        AuditEvent.objects.filter(verb=reminders.SENT).count()
        == Reminder.objects.filter(state="sent").count()
    )


def say(plan: Plan, people: list[User]) -> None:
    """These say how it went of all their children."""
    for cycle in Cycle.objects.filter(pupil__parent_carers__person__in=people):
        who = cycle.pupil.parent_carers.get().person
        Judgement.objects.create(
            cycle=cycle, step=plan.step, perspective="parent", rating=Rating.LOT, said_by=who, recorded_by=who
        )


def test_some_reminders_arrive_once_whatever_is_killed(cast: Cast, parts: Parts, tmp_path: Path) -> None:
    delivers_whatever_is_killed(cast, parts, tmp_path, number=40, kills=1, apart=2, seconds=120)


@pytest.mark.long
@pytest.mark.parametrize("parts", ["120 60"], indirect=True)
def test_twenty_thousand_reminders_arrive_once_whatever_is_killed(
    cast: Cast, parts: Parts, tmp_path: Path
) -> None:
    delivers_whatever_is_killed(cast, parts, tmp_path, number=REMINDERS, kills=KILLS, apart=20, seconds=3600)
