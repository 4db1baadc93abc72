from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import mail
from accounts.enums import Phase
from pupils import people


class Command(BaseCommand):
    help = "Create a setting and print the invitation link of its first SENCO, who invites everybody else."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("phase", choices=Phase.values)
        parser.add_argument("senco_email")
        parser.add_argument("--urn", default="")
        parser.add_argument("--ukprn", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            setting, invitation, secret = people.create_setting(
                at=timezone.now(),
                **{key: options[key] for key in ("name", "phase", "senco_email", "urn", "ukprn")},
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{setting} is here. Its SENCO, {invitation.email}, joins with this link,")
        self.stdout.write(
            f"which works once, for that address alone, until {invitation.expires_at:%d %B %Y}:"
        )
        self.stdout.write(mail.link(secret))
