"""The worker: each minute what is due by the clock, and whatever waits in the queue. `make demo` runs one beside it."""

from __future__ import annotations

import logging
import signal
import threading
from time import monotonic
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from althea.care.jobs import tick

log = logging.getLogger("althea.work")
SOON = 2.0
"""Seconds until somebody who pressed "Run again" sees it begin."""


class Command(BaseCommand):
    help = "Does what is due: reminders, the nightly re-check, mail. Stop it with Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, and end")
        parser.add_argument("--every", type=float, default=60, help="seconds between two looks at the clock")

    def handle(self, *args: Any, once: bool, every: float, **named: Any) -> None:
        over = threading.Event()
        if threading.current_thread() is threading.main_thread() and not once:
            signal.signal(signal.SIGTERM, lambda *_: over.set())
        last = float("-inf")
        while True:
            try:
                if monotonic() - last >= every:
                    tick(timezone.now())
                    last = monotonic()
                if DBTaskResult.objects.ready().exists():
                    call_command(
                        "db_worker", queue_name="*", batch=True, startup_delay=False, reload=False, verbosity=0
                    )
            except Exception as error:  # a job that fails must not end the worker; ids only in the log
                log.error("work: %s", type(error).__name__)
                last = monotonic()
                if once:
                    raise
            close_old_connections()
            if once or over.wait(min(every, SOON)):
                return
