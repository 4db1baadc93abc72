"""What reminders cost: planning them for every pupil with a plan, and giving e-mails to a mail server.

Every plan is in review, and nobody was heard: its family and whoever teaches the pupil are to say how it went, as far as
the rule lets them. Beside planning stands one plain SQL pass over the same rows: every open cycle with its latest stage,
everybody near by relation or class, one row of a table like the reminders' for each. It asks no rule, so its rows are
more: nobody is shut out, nobody decides. Beside sending stands a loop of the same library that sends the same e-mails.
"""

import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_connection, socket
from typing import Any

from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection

from notifications import reminders
from notifications.models import Message, Reminder
from pupils.circle import permission
from pupils.enums import Relation

from .authority import AT, PUPILS, _id

#: The stages of each plan, and when it entered them: the last one counts.
STAGES = (("assess", "2026-01-12"), ("plan", "2026-01-19"), ("do", "2026-01-26"), ("review", "2026-03-09"))


def write_plans(settings_: int) -> int:
    """A shared plan in review for each pupil with SEN support; how many there are."""
    pupils = f"generate_series(0, {settings_ * PUPILS - 1}, 6) n"
    senco = _id("staff", f"n / {PUPILS} * 40")
    stages = ", ".join(
        f"({n}, '{name}', timestamptz '{on} 09:00+00')" for n, (name, on) in enumerate(STAGES, 1)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO apdr_cycle (id, pupil_id, setting_id, number, review_on, responsibilities, opened_by_id,
                    opened_at, version)
                SELECT {_id("cycle", "n")}, {_id("pupil", "n")}, {_id("setting", f"n / {PUPILS}")}, 1, date '2026-06-01',
                    '', {senco}, timestamptz '2026-01-12 09:00+00', 1 FROM {pupils}
                ON CONFLICT DO NOTHING""",
            [],
        )
        cursor.execute(
            f"""INSERT INTO apdr_cyclestage (id, cycle_id, number, stage, by_id, at, note)
                SELECT {_id("stage", "n * 10 + s.number")}, {_id("cycle", "n")}, s.number, s.stage, {senco}, s.at, ''
                FROM {pupils}, (VALUES {stages}) s(number, stage, at) ON CONFLICT DO NOTHING""",
            [],
        )
        cursor.execute(
            f"""INSERT INTO apdr_planversion (id, cycle_id, number, content, note, shared_by_id, shared_at)
                SELECT {_id("version", "n")}, {_id("cycle", "n")}, 1, '{{"plan": {{}}}}', '', {senco},
                    timestamptz '2026-01-26 09:00+00' FROM {pupils} ON CONFLICT DO NOTHING""",
            [],
        )
        cursor.execute("DELETE FROM notifications_reminder")
        cursor.execute("DELETE FROM notifications_message")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT count(*) FROM apdr_cycle WHERE closed_at IS NULL")
        return int(cursor.fetchone()[0])


def _seconds(call: Any) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


_LIVE = "{0}.starts_at <= %(at)s AND ({0}.ends_at IS NULL OR {0}.ends_at > %(at)s)"


def raw_pass() -> int:
    """One statement that reads what planning reads, and writes a row for everybody near; how many rows."""
    names = {r.value: permission(r).pk for r in (Relation.SELF, Relation.PARENT_CARER, Relation.KEY_ADULT)}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS reminder_raw")
        cursor.execute("CREATE TABLE reminder_raw (LIKE notifications_reminder INCLUDING ALL)")
        cursor.execute(
            f"""
            INSERT INTO reminder_raw (id, kind, pupil_id, person_id, subject, occasion, state, why_not, planned_at)
            SELECT gen_random_uuid(), 'views_wanted', c.pupil_id, near.person_id, c.id, s.number::text, 'planned', '',
                %(at)s
            FROM apdr_cycle c
            JOIN LATERAL (SELECT stage, number FROM apdr_cyclestage s WHERE s.cycle_id = c.id
                ORDER BY number DESC LIMIT 1) s ON s.stage = 'review'
            JOIN LATERAL (
                SELECT g.user_id AS person_id FROM pupils_pupiluserpermission g
                WHERE g.content_object_id = c.pupil_id AND g.permission_id = ANY(%(relations)s) AND {_LIVE.format("g")}
                UNION
                SELECT x.person_id FROM pupils_pupilgrouppermission g
                JOIN pupils_classgroup k ON k.group_id = g.group_id AND k.closed_at IS NULL
                JOIN pupils_classstaff x ON x.class_group_id = k.id AND {_LIVE.format("x")}
                WHERE g.content_object_id = c.pupil_id AND g.permission_id = %(teaches)s AND {_LIVE.format("g")}
            ) near ON TRUE
            JOIN accounts_user u ON u.id = near.person_id AND u.is_active
            WHERE c.closed_at IS NULL AND EXISTS (SELECT 1 FROM apdr_planversion v WHERE v.cycle_id = c.id)
                AND NOT EXISTS (SELECT 1 FROM reviews_judgement j WHERE j.cycle_id = c.id AND j.said_by_id = u.id)
            """,
            {"at": AT, "relations": list(names.values()), "teaches": names[Relation.KEY_ADULT.value]},
        )
        written = cursor.rowcount
        cursor.execute("DROP TABLE reminder_raw")
    return written


@contextmanager
def a_sink() -> Iterator[int]:
    """A mail server of its own process on this machine, which keeps what it takes in a folder; its port."""
    with socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [sys.executable, "-m", "config.mailbox", str(port), folder], cwd=settings.ROOT
        )
        try:
            until = time.monotonic() + 30
            while True:
                try:
                    create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    if time.monotonic() > until:
                        raise
                    time.sleep(0.1)
            yield port
            kept = len(list(Path(folder).glob("*.eml")))
            print(f"(the sink kept {kept} e-mails)")
        finally:
            server.terminate()
            server.wait()


@dataclass
class Keeping:
    """Keeps what would be sent, to send the very same in a bare loop."""

    kept: list[EmailMessage]

    def send(self, message_id: Any) -> None:
        before = settings.EMAIL_BACKEND
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        mail.outbox = []
        try:
            reminders.send(message_id=message_id, at=AT)
        finally:
            settings.EMAIL_BACKEND = before
        self.kept += mail.outbox


def measure(settings_: int, mails: int) -> dict[str, Any]:
    """Plan everything, plan it again, and send so many e-mails and a tenth to warm up; seconds, rows and rates."""
    plans = write_plans(settings_)
    raw = min(_seconds(raw_pass) for _ in range(3))
    near = raw_pass()
    first = _seconds(lambda: reminders.plan(at=AT))
    planned = Reminder.objects.count()
    again = min(_seconds(lambda: reminders.plan(at=AT)) for _ in range(2))
    assert Reminder.objects.count() == planned
    gathered = _seconds(lambda: reminders.gather(at=AT))
    messages = Message.objects.count()
    print(
        f"{plans} pupils, {planned} reminders: planned in {first:.1f} s, again in {again:.1f} s; one plain pass over"
        f" {near} rows {raw:.2f} s: {first / raw:.1f}× and {again / raw:.1f}×; {messages} e-mails gathered in"
        f" {gathered:.1f} s"
    )
    due = reminders.due(AT)
    warm, some = mails // 10, mails
    keeping = Keeping([])
    for pk in due[:warm]:
        keeping.send(pk)
    with a_sink() as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        here = due[warm : warm + some]
        sending = _seconds(lambda: [reminders.send(message_id=pk, at=AT) for pk in here])
        sent = Message.objects.filter(pk__in=here, state="sent").count()
        bodies = [(m.from_email, m.recipients(), m.message().as_bytes(linesep="\r\n")) for m in keeping.kept]
        each = [bodies[n % len(bodies)] for n in range(sent)]

        def one_connection_each() -> None:
            for source, to, body in each:
                with smtplib.SMTP("127.0.0.1", port) as server:
                    server.sendmail(source, to, body)

        def one_connection() -> None:
            with smtplib.SMTP("127.0.0.1", port) as server:
                for source, to, body in each:
                    server.sendmail(source, to, body)

        bare, held = _seconds(one_connection_each), _seconds(one_connection)
    rates = {"ours": sent / sending, "bare": sent / bare, "bare, one connection": sent / held}
    print(
        f"{sent} e-mails by one process: {rates['ours']:.0f} a second; a bare loop of smtplib"
        f" {rates['bare']:.0f}, over one connection {rates['bare, one connection']:.0f}"
    )
    return {
        "pupils": plans,
        "reminders": planned,
        "plan_s": round(first, 2),
        "plan_again_s": round(again, 2),
        "raw_rows": near,
        "raw_s": round(raw, 3),
        "plan_times_raw": round(first / raw, 1),
        "plan_again_times_raw": round(again / raw, 1),
        "messages": messages,
        "gather_s": round(gathered, 2),
        "sent": sent,
        "a_second": {name: round(rate, 1) for name, rate in rates.items()},
        "bare_times_ours": round(rates["bare"] / rates["ours"], 1),
    }
