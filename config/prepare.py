"""Brings the database, the static files and the demo people up to date, and gives the people as JSON.

    python -m config.prepare

One process for all of it, because starting Django costs more than any of the steps. What it does goes to
the error output, one line each; the output is the JSON of `manage.py demo --json`.
"""

import io
import os
import sys


def say(text: str) -> None:
    print(f"» {text}", file=sys.stderr, flush=True)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command, get_commands
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        say(f"Bringing the database up to date ({len(waiting)} migrations)")
        call_command("migrate", interactive=False, verbosity=0)
    say("Collecting static files")
    call_command("collectstatic", interactive=False, verbosity=0)
    if "demo" in get_commands():
        from django.contrib.auth import get_user_model

        if not get_user_model()._default_manager.exists():
            say("Writing the demo schools, families and their plans (once)")
        written = io.StringIO()
        call_command("demo", json=True, stdout=written)
        print(written.getvalue())


if __name__ == "__main__":
    main()
