import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from notifications import bounces


class Command(BaseCommand):
    help = "Take one e-mail that came back, as a mail server hands it on: read_bounces < message"

    def handle(self, *args: Any, **options: Any) -> None:
        bounces.read(sys.stdin.buffer.read(), at=timezone.now())
