"""The clock of Alongside, with the hours of its reminders as seconds: `celery -A tests.notifications.quick_beat beat`."""

import os

from config.celery import app

PLAN, SEND = (float(seconds) for seconds in os.environ.get("ALONGSIDE_QUICK", "3 2").split())

app.conf.beat_schedule = {
    name: {"task": f"notifications.tasks.{name}", "schedule": every, "options": {"expires": every}}
    for name, every in (("plan_reminders", PLAN), ("send_reminders", SEND))
}
