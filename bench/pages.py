"""What does a page cost?  CPU of each main page against bare pages of Django, with 40 women and with 4,000.

Each page is asked as WSGI asks it, through every middleware, signed in as somebody of the demo, from an SQLite in
memory. A page that asks for rows is held against a bare page that asks for the same rows by the same queries, behind
the same gate and in the same shell, and prints a line for each: what Django itself takes to say as much. Beside it stand
two pages that ask for nothing, one of them without the gate. CPU time of the process, the best of many rounds in which
all pages take turns. Queries are counted, and the same with 40 women and with 4,000.
"""

from __future__ import annotations

import gc
import io
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

MANY = 4_000
ENTRIES_EACH = 8
ROUNDS = 60
OWN = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
BARE = {
    "clinic": ("/bare/clinic", ""), "phone": ("/bare/phone", ""),
    "clinic in": ("/bare/clinic/in", "marchetti"), "phone in": ("/bare/phone/in", "maya"),
}  # fmt: skip
"""The bare pages without rows: address, and who asks."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One page: its name in the table, whose it is (nobody: signed out), and which shell it wears."""

    name: str
    who: str
    shell: str
    path: str


def measure(rounds: int = ROUNDS) -> dict[str, float]:
    """The figures of the table, by name."""
    application = _a_site()
    pages = _pages()
    cookies = {who: _signed_in(who) for who in {one.who for one in pages} if who}
    _write_down_queries(application, pages, cookies)
    few = {one.name: _queries(application, one, cookies) for one in pages}
    bare, cost = _cpu(application, pages, cookies, rounds)
    found: dict[str, float] = {f"bare page, {page}: milliseconds of CPU": bare[page] for page in BARE}
    for one in pages:
        of_rows = bare[f"{one.name}, its rows"] if one.who else bare[one.shell]
        found[f"{one.name} against a bare page of its rows"] = cost[one.name] / of_rows
        if one.who:
            found[f"{one.name} against a bare page without rows"] = cost[one.name] / bare[f"{one.shell} in"]
            found[f"{one.name} against a bare page without rows and gate"] = cost[one.name] / bare[one.shell]
        found[f"{one.name}, queries"] = few[one.name]
    _many_more()
    _, more = _cpu(application, pages, cookies, max(rounds // 3, 5))
    for one in pages:
        found[f"{one.name}, queries more with {MANY:,}"] = _queries(application, one, cookies) - few[one.name]
        found[f"{one.name}, CPU with {MANY:,} against 40"] = more[one.name] / cost[one.name]
    found |= _help(application, cookies["maya"])
    return found


# ---- the site ------------------------------------------------------------------------------------


def _a_site() -> Callable[..., Any]:
    """The demo in memory, with a bare page for each shell beside it."""
    os.environ.update({"DJANGO_SETTINGS_MODULE": "tests.pages.demo_settings", "ALTHEA_DEMO": "1"})
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("ALTHEA_DEMO_FILE", None)
    import logging

    import django
    from django.conf import settings

    logging.disable(logging.ERROR)  # that the database is stopped is said once for each question
    if settings.configured and settings.SETTINGS_MODULE != "tests.pages.demo_settings":
        raise RuntimeError("pages are measured in a process of their own: python -m bench --pages")
    settings.ROOT_URLCONF = "bench.bare"
    django.setup()
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    from althea.care.demo.build import build

    call_command("migrate", verbosity=0)
    build()
    return get_wsgi_application()


def _pages() -> list[Asked]:
    """The main pages, those that are not made yet left out."""
    from django.urls import NoReverseMatch, resolve, reverse

    from althea.care.demo.build import email
    from althea.care.models import CheckIn, Order, Patient, Trial

    maya = Patient.objects.get(email=email("maya"))
    priya = Patient.objects.get(email=email("priya"))
    check_in = CheckIn.objects.filter(patient=maya, state=CheckIn.State.WAITING).order_by("due_on").first()
    draft = Order.objects.filter(patient=priya, signed_at=None).first()
    trial = Trial.objects.get(patient=maya)
    wanted: list[tuple[str, str, str, dict[str, Any]]] = [
        ("today", "marchetti", "clinic", {}),
        ("patients", "marchetti", "clinic", {}),
        ("chart", "marchetti", "clinic", {"patient": maya.pk}),
        ("plan", "marchetti", "clinic", {"patient": maya.pk}),
        ("order", "marchetti", "clinic", {"patient": priya.pk, "order": draft.pk if draft else None}),
        ("review", "marchetti", "clinic", {"patient": maya.pk, "trial": trial.pk}),
        ("safety", "marchetti", "clinic", {}),
        ("home", "maya", "phone", {}),
        ("check-in-question", "maya", "phone", {"check_in": check_in.pk if check_in else None, "question": "phq-9-1"}),
        ("medicine", "maya", "phone", {}),
        ("progress", "maya", "phone", {}),
        ("options", "yuki", "phone", {}),
        ("help", "", "phone", {}),
        ("help, signed in", "maya", "phone", {}),
    ]
    found = []
    for name, who, shell, given in wanted:
        try:
            path = reverse(name.split(",")[0], kwargs=given or None)
        except NoReverseMatch:
            continue
        if not resolve(path).func.__module__.endswith(".soon"):
            found.append(Asked(name, who, shell, path))
    return found


def _signed_in(who: str) -> str:
    """The cookies of somebody of the demo, as a browser would send them."""
    from django.test import Client

    client = Client()
    client.post(f"/demo/as/{who}")
    client.get("/start", follow=True)
    return "; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items())


def _ask(application: Callable[..., Any], path: str, cookie: str = "") -> bytes:
    """The whole answer, read to its end. Raises where it is not a 200."""
    said: dict[str, str] = {}
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "SERVER_NAME": "localhost", "SERVER_PORT": "80",
        "HTTP_HOST": "localhost", "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http",
        "HTTP_COOKIE": cookie, "REMOTE_ADDR": "127.0.0.1",
    }  # fmt: skip
    body = application(environ, lambda status, headers: said.update(status=status))
    whole = b"".join(body)
    body.close()
    if not said["status"].startswith("200"):
        raise RuntimeError(f"{path} was answered with {said['status']}")
    return whole


# ---- figures -------------------------------------------------------------------------------------


def _cpu(
    application: Callable[..., Any], pages: list[Asked], cookies: dict[str, str], rounds: int
) -> tuple[dict[str, float], dict[str, float]]:
    """Milliseconds of CPU, the best of many: of the bare pages, and of each page."""
    asked = [(name, path, cookies.get(who, "")) for name, (path, who) in BARE.items()]
    for one in pages:
        if one.who:
            asked.append((f"{one.name}, its rows", f"/bare/{one.shell}/rows/{one.name}", cookies[one.who]))
        asked.append((one.name, one.path, cookies.get(one.who, "")))
    best = {name: float("inf") for name, _, _ in asked}
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for name, path, cookie in asked:
                began = time.process_time()
                _ask(application, path, cookie)
                best[name] = min(best[name], (time.process_time() - began) * 1000)
            gc.collect()
    finally:
        gc.enable()
    cost = {one.name: best.pop(one.name) for one in pages}
    return best, cost


def _write_down_queries(application: Callable[..., Any], pages: list[Asked], cookies: dict[str, str]) -> None:
    """What each page asks of the database beyond what the gate asks: read from the page as it is answered."""
    from bench.bare import QUERIES

    for one in pages:
        cookie = cookies.get(one.who, "")
        gates = (
            {str(query) for query in _asked_of_django(application, f"/bare/{one.shell}/in", cookie)}
            if cookie
            else set()
        )
        asked = _asked_of_django(application, one.path, cookie)
        QUERIES[one.name] = [query for query in asked if str(query) not in gates]


def _asked_of_django(application: Callable[..., Any], path: str, cookie: str) -> list[Any]:
    """Every SELECT of a page as the ORM holds it, before it is put into SQL."""
    from django.db.models.sql.compiler import SQLCompiler

    found: list[Any] = []
    execute = SQLCompiler.execute_sql

    def noted(compiler: Any, *rest: Any, **more: Any) -> Any:
        if type(compiler) is SQLCompiler:
            found.append(compiler.query.chain())
        return execute(compiler, *rest, **more)

    _ask(application, path, cookie)  # so that nothing is being made for the first time
    with patch.object(SQLCompiler, "execute_sql", noted):
        _ask(application, path, cookie)
    return found


def _queries(application: Callable[..., Any], page: Asked, cookies: dict[str, str]) -> int:
    """How many, transactions' own words left out; asked once before, so that nothing is being made for the first time."""
    from django.db import connection

    _ask(application, page.path, cookies.get(page.who, ""))
    count = 0

    def counted(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal count
        count += not sql.startswith(OWN)
        return execute(sql, *rest)

    with connection.execute_wrapper(counted):
        _ask(application, page.path, cookies.get(page.who, ""))
    return count


def _many_more() -> None:
    """Up to 4,000 women of the same prescriber, each with entries of her own; none of them is on a worklist."""
    from django.utils import timezone

    from althea.care.demo.build import email
    from althea.care.models import Entry, Member, Patient, TeamPlace

    member = Member.objects.select_related("clinic", "user").get(user__email=email("marchetti"))
    now = timezone.now()
    women = [
        Patient(clinic=member.clinic, name=f"Woman {number:04}", email=f"{number}@demo.example", born_on=now.date())
        for number in range(MANY - Patient.objects.count())
    ]
    Patient.objects.bulk_create(women, batch_size=500)
    TeamPlace.objects.bulk_create(
        [TeamPlace(patient=one, member=member, since=now - timedelta(days=9)) for one in women], batch_size=500
    )
    Entry.objects.bulk_create(
        [
            Entry(
                id=uuid4(), patient=one, kind="score", on=now.date() - timedelta(days=7 * week), origin="hers",
                body={"scale": "phq-9", "total": "9", "band": "mild", "items": {}}, recorded_at=now,
                recorded_by=member.user,
            )
            for one in women
            for week in range(ENTRIES_EACH)
        ],
        batch_size=500,
    )  # fmt: skip


def _help(application: Callable[..., Any], hers: str) -> dict[str, float]:
    """Milliseconds by the clock of the help page, as it is and with the database gone; the median of many."""
    found = {"help, milliseconds": _median(application, "")}
    with _stopped():
        found["help with the database stopped, milliseconds"] = _median(application, "")
        found["help with the database stopped, her cookie, milliseconds"] = _median(application, hers)
    return found


def _median(application: Callable[..., Any], cookie: str, times: int = 60) -> float:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        _ask(application, "/help", cookie)
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


@contextmanager
def _stopped() -> Iterator[None]:
    """The database is not there: whatever asks it is told so."""
    from django.db import OperationalError

    with patch("django.db.backends.base.base.BaseDatabaseWrapper._cursor", side_effect=OperationalError("stopped")):
        yield


def main() -> None:
    from bench.__main__ import line

    for name, value in measure().items():
        print(line(name, value), flush=True)


if __name__ == "__main__":
    main()
