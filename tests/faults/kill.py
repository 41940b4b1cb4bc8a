"""Is anything lost that was acknowledged, when the server is killed while it works?

A real server process answers forms from several clients at once; at a random moment it is killed with SIGKILL (and, on
PostgreSQL, every fifth time the database as well, by an immediate stop). Then the database is asked:

- every form that was acknowledged is there, once, with its audit row and its key: a goal of hers, a message to her,
  and an answer of hers to a question on self-harm;
- nothing is there in part: no entry without an audit row, no key without an answer, no message to her without its
  notice, and no answer on self-harm without what stands before her team and the notice that tells them;
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
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

CLIENTS = 4
WEEKS = 20  # check-ins for each kill: more than are answered in so short a life
LONGEST_LIFE = 0.25  # seconds under load before it is killed
COUNTED = "acknowledged forms, of which killed in flight and sent again"


@dataclass(frozen=True)
class Form:
    """One form: whose session it is sent in, where to, and with what. `about`: by which it is found again."""

    kind: str
    about: str
    session: str
    path: str
    fields: str
    key: str = field(default_factory=lambda: str(uuid4()))


@dataclass
class Told:
    """What the clients know. `acked`: every form that got its answer; `open`: those that did not."""

    acked: list[Form] = field(default_factory=list)
    open: list[Form] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Clinic:
    """Who writes: she, and her prescriber. `weeks`: check-ins that wait for an answer."""

    patient: object
    hers: str
    clinics: str
    weeks: list[object]
    turn: Iterator[int] = field(default_factory=count)

    def form(self) -> Form:
        """The next of three kinds in turn, whoever sends it."""
        words, number = uuid4().hex, next(self.turn)
        if number % 3 == 1:
            there = f"/patients/{self.patient}/messages"
            return Form("message", words, self.clinics, there, f"body={words}")
        if number % 3 == 2 and self.weeks:
            week = self.weeks.pop()
            return Form("answer", str(week), self.hers, f"/check-in/{week}/phq-9-9", "value=1")
        return Form("goal", words, self.hers, "/goal", f"words={words}")


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
    """Send a goal of hers. The status, or an OSError when the server died first."""
    return sent(port, Form("goal", words, session, "/goal", f"words={words}", key))[0]


def sent(port: int, form: Form) -> tuple[int, str]:
    """(status, where it leads), or an OSError when the server died first."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    token = "t" * 32
    try:
        headers = {
            "Cookie": f"sessionid={form.session}; csrftoken={token}",
            "X-CSRFToken": token,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        line.request("POST", form.path, f"key={form.key}&{form.fields}", headers)
        answer = line.getresponse()
        return answer.status, answer.getheader("Location") or ""
    finally:
        line.close()


def acknowledged(port: int, form: Form) -> bool:
    """Was she told that it is saved?  An OSError when the server died first."""
    status, there = sent(port, form)
    return status in (302, 303) and "not-saved" not in there and "/account/" not in there


def load(port: int, clinic: Clinic, told: Told, until: threading.Event) -> None:
    """One client: form after form until the server is gone."""
    while not until.is_set():
        form = clinic.form()
        try:
            saved = acknowledged(port, form)
        except (OSError, http.client.HTTPException):
            with told.lock:
                told.open.append(form)
            time.sleep(0.002)
            continue
        with told.lock:
            (told.acked if saved else told.open).append(form)


def run(cycles: int, name: str, seed: int = 1, restart_database: object = None) -> Outcome:
    """Kill and look, `cycles` times. Django must be set up, its database migrated; no connection is left open."""
    from django.db import connections

    chance, told, problems, resent = random.Random(seed), Told(), [], 0
    clinic = _a_clinic(weeks=cycles * WEEKS)
    connections.close_all()
    began = time.monotonic()
    for cycle in range(cycles):
        port = _free_port()
        child = os.fork()
        if child == 0:
            serve(port)
            os._exit(0)
        _wait_for(port)
        for form in list(told.open):  # the answers that were lost: sent again, same key
            if acknowledged(port, form):
                told.open.remove(form)
                told.acked.append(form)
                resent += 1
        over = threading.Event()
        clients = [threading.Thread(target=load, args=(port, clinic, told, over)) for _ in range(CLIENTS)]
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
        problems += [f"after kill {cycle + 1}: {one}" for one in look(told, clinic.patient, deep=cycle % 20 == 19)]
        connections.close_all()
        if problems:
            break
    problems += look(told, clinic.patient, deep=True)
    if {form.kind for form in told.acked} != {"goal", "message", "answer"}:
        problems.append("of a kind of form none was acknowledged")
    connections.close_all()
    return Outcome(name, cycles, len(told.acked), resent, problems, time.monotonic() - began)


def look(told: Told, patient: object, *, deep: bool) -> list[str]:
    """What is wrong in the database?  Empty: every promise was kept."""
    from althea.care import audit
    from althea.care.models import AuditRow, Deed, Patient

    her = Patient.objects.get(pk=patient)
    kept = {"goal": _goals(her), "message": _messages(her), "answer": _answers(her)}
    counted = {kind: Counter(about for about, _ in rows) for kind, rows in kept.items()}
    trail = Counter(AuditRow.objects.filter(patient=her).values_list("verb", "about"))
    deeds = set(map(str, Deed.objects.values_list("key", flat=True)))
    found = []
    if lost := [form for form in told.acked if form.about not in counted[form.kind]]:
        found.append(f"{len(lost)} acknowledged forms are lost")
    if any(count > 1 for rows in counted.values() for count in rows.values()):
        found.append("a form counts twice")
    if any(not whole for rows in kept.values() for _, whole in rows):
        found.append("a message without its notice, or an answer on self-harm without its item and its notice")
    total = sum(map(len, kept.values()))
    deeds_told = sum(
        trail[verb, about] for verb, about in trail if verb in ("recorded goal", "wrote message", "answered")
    )
    if any(count != 1 for count in trail.values()) or deeds_told != total:
        found.append("an entry without its audit row, or the other way round")
    if any(form.key not in deeds for form in told.acked) or len(deeds) != total:
        found.append("an entry without its key, or the other way round")
    if Deed.objects.filter(status=0).exists():
        found.append("a key without its answer")
    if deep and (wrong := audit.verify(her.clinic)):
        found.append(f"the trail: {wrong}")
    return found


def _goals(her: Any) -> list[tuple[str, bool]]:
    """(the words, is it whole) of each goal."""
    return [(body["words"], True) for body in her.entries.filter(kind="goal").values_list("body", flat=True)]


def _messages(her: Any) -> list[tuple[str, bool]]:
    """(the words, has it its notice) of each message to her."""
    notices = Counter(her.outgoing.values_list("send_key", flat=True))
    return [(body, notices[f"message/{pk}"] == 1) for pk, body in her.messages.values_list("pk", "body")]


def _answers(her: Any) -> list[tuple[str, bool]]:
    """(the check-in, is there one item for it and one notice of that) of each answer."""
    from althea.care.models import CheckInAnswer, Outgoing

    notices = Outgoing.objects.filter(user__isnull=False).values_list("send_key", flat=True)
    items = {reason: str(pk) for pk, reason in her.worklist.values_list("pk", "reason")}
    told = Counter(pk for key in notices for pk in key.split("/"))
    rows = CheckInAnswer.objects.filter(check_in__patient=her).values_list("check_in", flat=True)
    return [(str(week), told[items.get(f"self-harm:check-in {week}", "")] == 1) for week in rows]


def _a_clinic(weeks: int) -> Clinic:
    """A woman, her prescriber, and check-ins of hers that wait."""
    from datetime import date, timedelta

    from althea.care.models import CheckIn, Patient, Role
    from tests.people import a_member, look_after, signed_in

    session, patient = _a_woman()
    her = Patient.objects.select_related("clinic").get(pk=patient)
    member = a_member(her.clinic, "Dr Marchetti", f"{uuid4()}@example.org", Role.PRESCRIBER)
    look_after(member, her)
    days = [date(1990, 1, 1) + timedelta(days=number) for number in range(weeks)]
    made = CheckIn.objects.bulk_create([CheckIn(patient=her, due_on=day, scales=["phq-9"]) for day in days])
    return Clinic(patient, session, signed_in(member.user).session.session_key, [one.pk for one in made])


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
