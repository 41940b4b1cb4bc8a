"""The network is cut between her and the server: what happened, and what does sending it again do?

A small proxy stands between a client and a real server and cuts the line where it is told to: in the middle of what
she sends, or after the server has committed and before (or in the middle of) its answer. Whatever was cut, the form
sent again with its key has one effect.

    python -m tests.faults.cut --database sqlite      # or postgresql
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from tests.faults.kill import _a_woman, _free_port, _wait_for, post, serve, set_up

REQUEST, ANSWER = "what she sends", "the answer"
PLACES = [
    (REQUEST, 0),
    (REQUEST, 40),
    (REQUEST, -60),
    (REQUEST, -5),
    (ANSWER, 0),
    (ANSWER, 1),
    (ANSWER, 17),
    (ANSWER, 200),
]
"""(which way, after how many bytes; less than 0: so many before the end, in the middle of her words)"""


GENTLY = [(REQUEST, -60, "closed"), (REQUEST, -5, "closed")]
"""The line is closed in the middle as if that were all: half a text must not pass for the whole."""


class Proxy:
    """Passes everything on, until `cut` says after how many bytes of which way the line is gone."""

    def __init__(self, server: int) -> None:
        self.server, self.port, self.cut, self.gently = server, _free_port(), None, False
        self.answered = threading.Event()  # the server has begun to answer: it has committed
        self.loop = asyncio.new_event_loop()

    async def _line(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up, down = await asyncio.open_connection("127.0.0.1", self.server)
        over = asyncio.Event()

        async def pass_on(which: str, come: asyncio.StreamReader, go: asyncio.StreamWriter) -> None:
            left = self.cut[1] if self.cut and self.cut[0] == which else None
            with suppress(OSError):
                while data := await come.read(65536):
                    if which == ANSWER:
                        self.answered.set()
                    left = len(data) + left if left is not None and left < 0 else left
                    if left is not None and len(data) >= left:
                        go.write(data[:left])
                        await go.drain()
                        if which == REQUEST and self.gently:  # a proxy on the way says goodbye in her name
                            go.write_eof()
                            await asyncio.sleep(0.5)
                        break
                    go.write(data)
                    await go.drain()
                    left = left - len(data) if left is not None else None
            over.set()

        both = [
            asyncio.create_task(pass_on(REQUEST, reader, down)),
            asyncio.create_task(pass_on(ANSWER, up, writer)),
        ]
        await over.wait()
        for one in both:
            one.cancel()
        for line in (writer, down):
            line.transport.abort()

    @contextmanager
    def running(self) -> Iterator[Proxy]:
        def run() -> None:
            asyncio.set_event_loop(self.loop)
            self.loop.run_until_complete(asyncio.start_server(self._line, "127.0.0.1", self.port))
            self.loop.run_forever()

        threading.Thread(target=run, daemon=True).start()
        _wait_for(self.port)
        try:
            yield self
        finally:
            self.loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        for one in asyncio.all_tasks(self.loop):
            one.cancel()
        self.loop.call_soon(self.loop.stop)


def sent(port: int, session: str, words: str, key: str) -> int | None:
    """Her form. None: the line was cut, and she does not know."""
    try:
        return post(port, session, words, key)
    except (OSError, http.client.HTTPException):
        return None


def counted(patient: object, words: str) -> int:
    from django.db import connections

    from althea.care.models import Entry

    rows = Entry.objects.filter(patient=patient, kind="goal").values_list("body", flat=True)
    count = sum(body["words"] == words for body in rows)
    connections.close_all()
    return count


def run() -> list[str]:
    """What went wrong, in words; nothing: every promise was kept."""
    from django.db import connections

    from althea.care import audit
    from althea.care.models import Deed, Patient

    session, patient = _a_woman()
    connections.close_all()
    port, problems = _free_port(), []
    child = os.fork()
    if child == 0:
        serve(port)
        os._exit(0)
    try:
        _wait_for(port)
        with Proxy(port).running() as proxy:
            for place in (*PLACES, *GENTLY):
                words, key = uuid4().hex, str(uuid4())
                proxy.cut, proxy.gently = place[:2], len(place) > 2
                proxy.answered.clear()
                if sent(proxy.port, session, words, key) == 303 and place[0] == REQUEST:
                    problems.append(f"{place}: acknowledged though it was cut")
                if place[0] == ANSWER and not proxy.answered.wait(20):
                    problems.append(f"{place}: the server never answered")
                before = counted(patient, words)
                if before != (place[0] == ANSWER):
                    problems.append(f"{place}: {before} kept after the cut")
                proxy.cut = None
                for _ in range(2):  # she tries again, and once more for good measure
                    if sent(proxy.port, session, words, key) != 303:
                        problems.append(f"{place}: sent again and not acknowledged")
                if counted(patient, words) != 1:
                    problems.append(f"{place}: counted {counted(patient, words)} times")
        her = Patient.objects.get(pk=patient)
        if Deed.objects.count() != len((*PLACES, *GENTLY)):
            problems.append(f"{Deed.objects.count()} keys, and not one a form")
        if wrong := audit.verify(her.clinic):
            problems.append(f"the trail: {wrong}")
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return problems


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    if asked.parse_args().database == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            set_up("", Path(folder) / "cut.sqlite3")
            problems = run()
    else:
        from tools.with_postgres import Server, a_folder

        server = Server(a_folder())
        server.start()
        try:
            set_up(server.url, Path(server.folder) / "unused")
            problems = run()
        finally:
            server.stop("immediate")
            shutil.rmtree(server.folder, ignore_errors=True)
    print("; ".join(problems) or "one form, one effect, wherever the line was cut")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
