"""The clock of Alongside, with the hours of its reminders as seconds: `celery -A tests.notifications.quick_beat beat`.

`python -m tests.notifications.quick_beat FILE` writes what a clock leaves behind that was killed a week ago.
"""

import os
import sys
from datetime import timedelta

from celery.beat import PersistentScheduler

from config.celery import app

PLAN, SEND = (float(seconds) for seconds in os.environ.get("ALONGSIDE_QUICK", "3 2").split())

app.conf.beat_schedule = {
    name: {"task": f"notifications.tasks.{name}", "schedule": every, "options": {"expires": every}}
    for name, every in (("plan_reminders", PLAN), ("send_reminders", SEND))
}

if __name__ == "__main__":
    clock = PersistentScheduler(app=app, schedule_filename=sys.argv[1])
    for entry in clock.schedule.values():
        entry.last_run_at -= timedelta(days=7)
    clock.close()
