"""`manage.py demo`: schools, families and plans that could be real, and people to try them as."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.demo.load import load, loaded_at, shown


class Command(BaseCommand):
    help = "Write the demo data, once, and say who can sign in. Refused in production."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="people and pupils as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo's password is known to everybody. It is never loaded in production.")
        new = load(timezone.now())
        found = shown()
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
            return
        if new:
            self.stdout.write(f"Wrote {len(found['pupils'])} pupils with their families, staff and plans.\n")
        else:
            day = timezone.localdate(loaded_at()).strftime("%-d %B %Y")
            self.stdout.write(
                f"The demo is here already, since {day}. To start afresh, empty the database.\n"
            )
        self.stdout.write(f"Everybody's password: {found['people'][0]['password']}\n\n")
        for person in found["people"]:
            self.stdout.write(f"{person['email']:<36}  {person['role']}\n")
