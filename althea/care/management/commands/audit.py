"""Is the audit trail of every clinic whole?  `manage.py audit verify`, `manage.py audit anchor`."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from althea.care import audit
from althea.care.models import Clinic


class Command(BaseCommand):
    help = "verify: name the first row that does not fit. anchor: write where each trail ends to a file outside."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("deed", choices=("verify", "anchor"))

    def handle(self, *args: Any, deed: str, **named: Any) -> None:
        wrong = 0
        for clinic in Clinic.objects.order_by("name"):
            if deed == "anchor":
                self.stdout.write(audit.anchor(clinic, timezone.now()))
                continue
            problem = audit.verify(clinic)
            wrong += problem is not None
            self.stdout.write(f"{clinic.name}: {problem or 'whole'}")
        if wrong:
            sys.exit(1)
