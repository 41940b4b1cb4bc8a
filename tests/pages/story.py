"""A world for a story: one server, a clock that can be put forward, and a browser for each person.

world.on("2026-05-04 09:00")          # wall time at the clinic, in New York
doctor = world.be(people.marchetti.user, width=1440)
maya = world.be(None)                 # nobody has signed in on this phone yet
by_hand(maya, "maya@example.org")     # her password, typed into the page

A story test imports the fixtures `frozen` and `told`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.db import connection

from althea.care.models import Member, User
from tests.clinic.prescribing import code_of
from tests.codes import code_now
from tests.pages.browser import in_time, pressed
from tests.people import signed_in

HERE = ZoneInfo("America/New_York")
PHONE, DESK = 390, 1440
AT_THE_CLINIC = "a long enough password"
"""Of everybody in `tests/people.py`."""


class World:
    """The server's address, its clock, and whoever looks at it."""

    def __init__(self, address: str, browser: Any, clock: Any) -> None:
        self.address, self.browser, self.clock = address, browser, clock
        self.contexts: list[Any] = []

    def on(self, wall: str) -> datetime:
        """It is now this wall time at the clinic; time goes on from there."""
        moment = datetime.fromisoformat(wall).replace(tzinfo=HERE)
        self.clock.move_to(moment, tick=True)
        return moment

    def be(self, user: User | None, *, width: int = PHONE, script: bool = True) -> Any:
        """A browser of this person's own. Signed in with a second factor; None: a phone nobody has signed in on."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 900}, reduced_motion="reduce", java_script_enabled=script,
            base_url=self.address, accept_downloads=True,
        )  # fmt: skip
        self.contexts.append(context)
        page = context.new_page()
        if user is not None:
            self.sign_in(page, user)
        return page

    def sign_in(self, page: Any, user: User) -> None:
        """Signed in anew: after a quarter of an hour the clinic has to, and days go by in a story."""
        session = signed_in(user).session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [
            {"method": one, "at": time.time()} for one in ("password", "mfa")
        ]
        session.save()
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": self.address}
        page.context.clear_cookies()
        page.context.add_cookies([cookie])

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@contextmanager
def world(address: str, browser: Any, clock: Any) -> Iterator[World]:
    made = World(address, browser, clock)
    try:
        yield made
    finally:
        made.close()


# --- the database around a story --------------------------------------------------------------------------------------


def _triggers() -> dict[str, str]:
    """name -> statement. PostgreSQL empties its tables with TRUNCATE, which these do not hold up."""
    if connection.vendor != "sqlite":
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return dict(cursor.fetchall())


@pytest.fixture(scope="module", autouse=True)
def frozen(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, str]]:
    """The triggers that keep rows from going: off while the database is emptied after a story, back for what follows."""
    with django_db_blocker.unblock():
        kept = _triggers()
    yield kept
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for statement in kept.values():
            cursor.execute(statement)


@pytest.fixture
def told(frozen: dict[str, str], live_server: Any, browser: Any, time_machine: Any, people: Any) -> Iterator[World]:
    with world(live_server.url, browser, time_machine) as made:
        yield made
    with connection.cursor() as cursor:
        for name in frozen:
            cursor.execute(f"DROP TRIGGER {name}")


# --- what a person does on a page -------------------------------------------------------------------------------------


def by_hand(page: Any, email: str, password: str = AT_THE_CLINIC) -> None:
    """Signs in on the page that asks who it is, with a password as a person types it."""
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    pressed(page.get_by_role("button", name="Sign in", exact=True))


def the_code_of(secret: str) -> str:
    """What an app that was given this key shows now."""
    return code_now(secret)


def by_hand_with_a_code(page: Any, member: Member) -> None:
    """Signs in anew with a password and the code that the app shows now: half signed in opens nothing."""
    page.context.clear_cookies()
    page.goto("/today")
    by_hand(page, member.user.email)
    says(page, "One more step", "Type the six digits from your app")
    page.goto("/today")
    says(page, "One more step")
    page.get_by_label("Code", exact=True).fill(code_of(member))
    pressed(page.get_by_role("button", name="Sign in", exact=True))
    page.wait_for_url("**/today")


def shown(page: Any) -> str:
    """What the page says to a person, on one line."""
    return " ".join(page.locator("body").inner_text().split())


def says(page: Any, *words: str) -> None:
    """The page shows each of these, to a person: what is folded away or hidden does not count."""

    def all_of_it() -> bool:
        said = shown(page)
        return all(one in said for one in words)

    if not in_time(page, all_of_it):
        said = shown(page)
        missing = [one for one in words if one not in said]
        raise AssertionError(f"{page.url} does not say {missing}. It says: {said[:3000]}")


def choose(page: Any, name: str) -> None:
    """Choose this answer among those of one question."""
    found = page.get_by_role("radio", name=name, exact=True)
    try:
        found.check()
    except Exception as missed:
        there = [one.get_attribute("value") for one in page.get_by_role("radio").all()]
        raise AssertionError(
            f"{page.url} has no choice {name!r} among {there}. It says: {shown(page)[:3000]}"
        ) from missed


def press(page: Any, name: str, *, stays: bool = False) -> None:
    """Press the button, or follow the link, of this name, and be where it leads; `stays`: it changes the page in place."""
    found = page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first
    try:
        found.click() if stays else pressed(found)
    except Exception as missed:
        raise AssertionError(
            f"{page.url} has no {name!r} to press, or it leads nowhere. It says: {shown(page)[:3000]}"
        ) from missed
