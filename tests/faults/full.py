"""The disk is full, or the database stops: an honest page, what was typed still there, nothing half done, reads go on.

A process of its own with a database of its own, for rows of the record may not be removed again:

    python -m tests.faults.full --database sqlite        # the file may not grow by a page
    python -m tests.faults.full --database postgresql    # its own error for a full disk; then it is stopped
"""

from __future__ import annotations

import argparse
import logging
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.faults.kill import set_up

LONG = "We talked for a long time about the nights. " * 220  # more than is left on any page of the file
SAYS_FULL = """CREATE FUNCTION full_{0}() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
  CREATE TRIGGER full_{0} BEFORE INSERT ON {0} FOR EACH ROW EXECUTE FUNCTION full_{0}()"""
Full = Callable[[str], AbstractContextManager[None]]


class Heard(logging.Handler):
    """What the log said."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@contextmanager
def full_file(table: str) -> Iterator[None]:
    """SQLite: the file may not grow, and what was free in it is given back first."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")


@contextmanager
def full_table(table: str) -> Iterator[None]:
    """PostgreSQL: this table says what a full disk says."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(SAYS_FULL.format(table))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP FUNCTION full_{table}() CASCADE")


def a_form(people: Any, full: Full) -> None:
    """A long message does not fit; the page says so, and once there is room it is saved once."""
    from althea.care import audit
    from althea.care.models import AuditRow, Deed, Message
    from tests.people import signed_in

    client, key = signed_in(people.maya.user), str(uuid4())
    with full("care_message"):
        answer = client.post("/messages", {"key": key, "body": LONG})
        words = answer.content.decode()
        assert (answer.status_code, answer["Retry-After"]) == (503, "60"), answer.status_code
        assert "<h1>Not saved</h1>" in words
        assert "Your text is still here." in words
        assert LONG.strip() in words
        assert f'name="key" value="{key}"' in words
        assert "Try again" in words
        assert (Message.objects.count(), Deed.objects.count()) == (0, 0)
        assert not AuditRow.objects.filter(verb="wrote message").exists()
        assert client.get("/messages").status_code == 200
    for _ in range(2):
        assert client.post("/messages", {"key": key, "body": LONG}).status_code == 302
    assert Message.objects.get().body == LONG.strip()
    assert audit.verify(people.clinic) is None


def a_look(people: Any, full: Full) -> None:
    """A chart still opens; that somebody looked stands in the log, by ids."""
    from althea.care import audit
    from tests.people import signed_in

    heard, client = Heard(), signed_in(people.marchetti.user)
    logging.getLogger("althea.gate").addHandler(heard)
    with full("care_auditrow"):
        for _ in range(60):
            assert client.get(f"/patients/{people.maya.pk}/").status_code == 200
    logging.getLogger("althea.gate").removeHandler(heard)
    wrote = f"a look without its row: looked at chart by {people.marchetti.user.pk} at {people.maya.pk}"
    assert wrote in heard.lines, heard.lines
    assert not any("Maya" in line for line in heard.lines)
    assert audit.verify(people.clinic) is None


def self_harm(people: Any, full: Full) -> None:
    """Not saved, and she is at the numbers, which say that it was not."""
    from althea.care.models import CheckIn
    from tests.care.canaries import TODAY
    from tests.people import send, signed_in

    week = CheckIn.objects.create(patient=people.maya, due_on=TODAY, scales=["phq-9"])
    client = signed_in(people.maya.user)
    with full("care_checkinanswer"):
        there = ""
        for _ in range(200):
            there = send(client, f"/check-in/{week.pk}/phq-9-9", value="1")["Location"]
            if "not-saved" in there:
                break
        assert there == "/help?not-saved=1", there
        assert "Your answer was not saved." in client.get(there).content.decode()


def stopped(people: Any, stop: Callable[[], None]) -> None:
    """Nothing answers at all: a page in words for a look, and for a form its text."""
    from tests.people import send, signed_in

    client = signed_in(people.marchetti.user)
    client.raise_request_exception = False
    stop()
    chart = f"/patients/{people.maya.pk}/"
    answers = [client.get(chart), send(client, f"{chart}messages", body="Please call")]
    assert [one.status_code for one in answers] == [503, 503]
    assert "This page cannot be shown right now. What was saved is safe." in answers[0].content.decode()
    assert "Please call" in answers[1].content.decode()
    assert client.get("/help").status_code == 200


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    on_sqlite = asked.parse_args().database == "sqlite"
    folder, stop = Path(tempfile.mkdtemp()), None
    if on_sqlite:
        set_up("", folder / "full.sqlite3")
    else:
        from tools.with_postgres import Server, a_folder

        server = Server(a_folder())
        server.start()
        set_up(server.url, folder / "unused")
        stop = lambda: server.stop("immediate")  # noqa: E731
    try:
        from django.test.utils import setup_test_environment

        from tests.people import cast

        setup_test_environment()
        people = cast()
        full = full_file if on_sqlite else full_table
        for check in (a_form, a_look, self_harm):
            check(people, full)
        if stop is not None:
            stopped(people, stop)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if stop is not None:
            shutil.rmtree(server.folder, ignore_errors=True)
    print("every promise was kept")
    return 0


if __name__ == "__main__":
    sys.exit(main())
