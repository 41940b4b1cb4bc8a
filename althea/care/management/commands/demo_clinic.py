"""Fills the demo with its made-up clinic, as of today. Only in the demo; a filled one of today is left alone.

Tables come first, in the same process: starting Python a second time costs a warm start more than all else.
"""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from althea.care.demo.build import NotADemo, build
from althea.care.models import Clinic, Patient, TickDone


class Command(BaseCommand):
    help = "Fills the demo with its made-up clinic, as of today."

    def handle(self, *args: Any, **named: Any) -> None:
        call_command("migrate", verbosity=0)
        day = timezone.localdate()
        if Patient.objects.exists():
            if TickDone.objects.filter(job="demo", on=day).exists():
                return
            self._empty()
        try:
            build()
        except NotADemo as sorry:
            raise CommandError(str(sorry)) from None
        for clinic in Clinic.objects.all():
            TickDone.objects.create(clinic=clinic, job="demo", on=day, at=timezone.now(), result={"ended": 1})

    def _empty(self) -> None:
        """Yesterday's demo is thrown away whole: its file, for its rows may not be removed one by one."""
        from pathlib import Path

        from django.conf import settings

        if not settings.ALTHEA_DEMO or connection.vendor != "sqlite":
            raise CommandError("Only the demo's own SQLite file is thrown away. Nothing was changed.")
        file = Path(str(connection.settings_dict["NAME"]))
        connection.close()
        file.unlink(missing_ok=True)
        (file.parent / "audit-anchor.txt").unlink(missing_ok=True)
        call_command("migrate", verbosity=0)
