from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import tokens
from accounts.models import User


class Command(BaseCommand):
    help = "Make a personal API token, print it once, and keep only its hash. It lasts 90 days."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="From the command line", help="what it is for")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email=options["email"].strip().lower(), is_active=True).first()
        if person is None:
            raise CommandError("No active person signs in with this e-mail address.")
        _, secret = tokens.issue(person=person, name=options["name"], by=None, at=timezone.now())
        self.stdout.write(secret)
