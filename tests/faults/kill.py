"""Is anything lost that was acknowledged, when the server is killed while it works?

A real server process answers forms from several clients at once; at a random moment it is killed with SIGKILL (and, on
PostgreSQL, every fifth time the database as well, by an immediate stop). Then the database is asked:

- every form that was acknowledged is there, once, with its audit row and its key;
- nothing is there in part: no entry without an audit row, no key without an answer;
- a form whose answer was lost, sent again with the same key, is there once and acknowledged;
- the audit trail still verifies.

    python -m tests.faults.kill --cycles 200            # both databases; `make faults` runs this
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import signal
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

CLIENTS = 4
LONGEST_LIFE = 0.25  # seconds under load before it is killed
COUNTED = "acknowledged forms, of which killed in flight and sent again"


@dataclass
class Told:
    """What the clients know. `acked`: words -> key of every form that got its answer; `open`: those that did not."""

    acked: dict[str, str] = field(default_factory=dict)
    open: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Outcome:
    database: str
    cycles: int
    acked: int
    resent: int
    problems: list[str]
    seconds: float

    def __str__(self) -> str:
        found = "; ".join(self.problems) or "nothing lost, nothing partial, trail verifies"
        return (
            f"{self.database}: {self.cycles} kills, {self.acked} forms acknowledged, {self.resent} sent again, "
            f"{self.seconds:.0f} s: {found}"
        )


def serve(port: int) -> None:
    """The server's own process: Django behind the standard library's threading server. Never returns."""
    from socketserver import ThreadingMixIn
    from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

    from django.core.handlers.wsgi import WSGIHandler

    class Quiet(WSGIRequestHandler):
        def log_message(self, *args: object) -> None:
            """Say nothing."""

    class Threads(ThreadingMixIn, WSGIServer):
        daemon_threads = True

    make_server("127.0.0.1", port, WSGIHandler(), server_class=Threads, handler_class=Quiet).serve_forever()


def post(port: int, session: str, words: str, key: str) -> int:
    """Send her form. The status, or an OSError when the server died first."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    token = "t" * 32
    try:
        headers = {
            "Cookie": f"sessionid={session}; csrftoken={token}",
            "X-CSRFToken": token,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        line.request("POST", "/goal", f"key={key}&words={words}", headers)
        return line.getresponse().status
    finally:
        line.close()


def load(port: int, session: str, told: Told, until: threading.Event) -> None:
    """One client: form after form until the server is gone."""
    while not until.is_set():
        words, key = uuid4().hex, str(uuid4())
        try:
            status = post(port, session, words, key)
        except (OSError, http.client.HTTPException):
            with told.lock:
                told.open[words] = key
            time.sleep(0.002)
            continue
        with told.lock:
            (told.acked if status == 303 else told.open)[words] = key


def run(cycles: int, name: str, seed: int = 1, restart_database: object = None) -> Outcome:
    """Kill and look, `cycles` times. Django must be set up, its database migrated; no connection is left open."""
    from django.db import connections

    chance, told, problems, resent = random.Random(seed), Told(), [], 0
    session, patient = _a_woman()
    connections.close_all()
    began = time.monotonic()
    for cycle in range(cycles):
        port = _free_port()
        child = os.fork()
        if child == 0:
            serve(port)
            os._exit(0)
        _wait_for(port)
        for words, key in list(told.open.items()):  # the answers that were lost: sent again, same key
            if post(port, session, words, key) == 303:
                told.acked[words] = told.open.pop(words)
                resent += 1
        over = threading.Event()
        clients = [threading.Thread(target=load, args=(port, session, told, over)) for _ in range(CLIENTS)]
        for one in clients:
            one.start()
        time.sleep(chance.uniform(0.01, LONGEST_LIFE))
        os.kill(child, signal.SIGKILL)
        over.set()
        os.waitpid(child, 0)
        for one in clients:
            one.join()
        if restart_database is not None and cycle % 5 == 4:
            restart_database()
        problems += [f"after kill {cycle + 1}: {one}" for one in look(told, patient, deep=cycle % 20 == 19)]
        connections.close_all()
        if problems:
            break
    problems += look(told, patient, deep=True)
    connections.close_all()
    return Outcome(name, cycles, len(told.acked), resent, problems, time.monotonic() - began)


def look(told: Told, patient: object, *, deep: bool) -> list[str]:
    """What is wrong in the database?  Empty: every promise was kept."""
    from collections import Counter

    from althea.care import audit
    from althea.care.models import AuditRow, Deed, Entry, Patient

    her = Patient.objects.get(pk=patient)
    rows = list(Entry.objects.filter(patient=her, kind="goal").values_list("pk", "body"))
    written = Counter(body["words"] for _, body in rows)
    trail = Counter(AuditRow.objects.filter(patient=her, verb="recorded goal").values_list("about", flat=True))
    deeds = set(map(str, Deed.objects.values_list("key", flat=True)))
    found = []
    lost = [words for words in told.acked if words not in written]
    if lost:
        found.append(f"{len(lost)} acknowledged forms are lost")
    if any(count > 1 for count in written.values()):
        found.append("a form counts twice")
    if any(trail[f"entry {pk}"] != 1 for pk, _ in rows) or len(trail) != len(rows):
        found.append("an entry without its audit row, or the other way round")
    if any(key not in deeds for key in told.acked.values()) or len(deeds) != len(rows):
        found.append("an entry without its key, or the other way round")
    if Deed.objects.filter(status=0).exists():
        found.append("a key without its answer")
    if deep and (wrong := audit.verify(her.clinic)):
        found.append(f"the trail: {wrong}")
    return found


def _a_woman() -> tuple[str, object]:
    """(her session, her id)"""
    from althea.care.models import Clinic
    from tests.people import a_patient, a_user, signed_in

    user = a_user("Maya", f"{uuid4()}@example.org")
    her = a_patient(Clinic.objects.create(name="Riverside"), "Maya", user=user)
    return signed_in(user).session.session_key, her.pk


def _free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(port: int) -> None:
    import socket

    for _ in range(1000):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    raise SystemExit("the server did not start")


def set_up(url: str, sqlite_path: Path) -> None:
    """Django on this database, migrated."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.faults.settings"
    os.environ["DATABASE_URL"], os.environ["FAULTS_SQLITE"] = url, str(sqlite_path)
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def on_sqlite(cycles: int) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        set_up("", Path(folder) / "faults.sqlite3")
        return run(cycles, "SQLite")


def on_postgresql(cycles: int) -> Outcome:
    import shutil

    from tools.with_postgres import Server, a_folder

    folder = a_folder()
    server = Server(folder)
    server.start()

    def restart() -> None:
        server.stop("immediate")
        server.start()

    try:
        set_up(server.url, folder / "unused")
        return run(cycles, "PostgreSQL", restart_database=restart)
    finally:
        server.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("--cycles", type=int, default=200)
    asked.add_argument("--database", choices=("sqlite", "postgresql"), help="one only; else both")
    told = asked.parse_args()
    if told.database is None:  # one process each: Django is set up once
        import subprocess

        more = ["--cycles", str(told.cycles)]
        return max(
            subprocess.run(
                [sys.executable, "-m", "tests.faults.kill", *more, "--database", one], check=False
            ).returncode
            for one in ("sqlite", "postgresql")
        )
    outcome = on_sqlite(told.cycles) if told.database == "sqlite" else on_postgresql(told.cycles)
    print(outcome)
    return 1 if outcome.problems else 0


if __name__ == "__main__":
    sys.exit(main())
