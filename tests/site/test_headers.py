"""Every answer of every route, whatever its status, carries the policy and the headers: a page, an error, a file."""

import re

import pytest
from django.db import OperationalError
from django.test import Client

from althea.care.checks import routes
from tests.care.canaries import fill
from tests.care.test_matrix import filled
from tests.people import signed_in

pytestmark = pytest.mark.django_db
REQUIRED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
MUST_SAY = (
    "default-src 'self'",
    "frame-ancestors 'none'",
    "form-action 'self'",
    "object-src 'none'",
    "base-uri 'none'",
)


def wrong_with(answer):
    """What is missing; nothing: all is there."""
    policy = answer.headers.get("Content-Security-Policy", "")
    found = [one for one in MUST_SAY if one not in policy]
    found += [f"{word} in the policy" for word in ("unsafe", "http:", "https:", "*") if word in policy]
    return found + [name for name, value in REQUIRED.items() if answer.headers.get(name) != value]


def test_every_route_as_nobody_and_as_everybody_who_may(people):
    hers, statuses = fill(people.maya, people.marchetti), set()
    clients = [Client(), signed_in(people.maya.user), signed_in(people.marchetti.user), signed_in(people.desk.user)]
    for client in clients:
        client.raise_request_exception = False
    for address, name, _ in routes():
        if name in ("account_logout", "usersessions_list"):
            continue
        there = filled(address, hers) if not address.startswith("static") else "/static/look/base.css"
        for client in clients:
            for answer in (client.get(there), client.post(there, {"key": "x"})):
                assert wrong_with(answer) == [], f"{answer.status_code} {there}"
                statuses.add(answer.status_code)
    assert {200, 302, 400, 404, 405} <= statuses


@pytest.mark.parametrize(
    "address",
    ["/static/look/base.css", "/static/look/nothing.css", "/static/../settings.py", "/no-such-page", "/%00", "//"],
)
def test_a_file_and_what_is_not_there(address):
    assert wrong_with(Client().get(address)) == []


def test_a_host_that_is_not_ours_and_a_forged_form(people):
    assert wrong_with(Client(raise_request_exception=False).get("/", headers={"Host": "evil.example"})) == []
    forged = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "x"})
    assert forged.status_code == 403
    assert wrong_with(forged) == []


@pytest.mark.parametrize("error", [RuntimeError("broken"), OperationalError("full")])
def test_a_page_that_breaks(people, monkeypatch, error):
    def broken(*args, **named):
        raise error

    monkeypatch.setattr("althea.clinic.pages.today.open_items", broken)
    client = signed_in(people.marchetti.user)
    client.raise_request_exception = False
    answer = client.get("/today")
    assert answer.status_code in (500, 503)
    assert wrong_with(answer) == []
    assert str(error) not in answer.content.decode()


def test_what_shows_a_person_is_kept_by_no_cache(people):
    hers = fill(people.maya, people.marchetti)
    for user in (people.maya.user, people.marchetti.user):
        client = signed_in(user)
        for address, _, view in routes():
            policy = getattr(view, "policy", None)
            if policy is None or policy.audience not in ("herself", "staff"):
                continue
            answer = client.get(filled(address, hers))
            if answer.status_code == 200:
                assert "no-store" in answer.headers.get("Cache-Control", ""), address


def test_no_page_has_a_style_or_a_script_of_its_own_or_asks_somebody_else(people):
    """The policy would stop them; they are not there to be stopped. "Leave quickly" is the one way out."""
    hers = fill(people.maya, people.marchetti)
    for user in (people.maya.user, people.marchetti.user, None):
        client = signed_in(user)
        for address, _, _ in routes():
            if address.startswith("static"):
                continue
            answer = client.get(filled(address, hers))
            if answer.status_code != 200 or "html" not in answer["Content-Type"]:
                continue
            page = answer.content.decode()
            assert " style=" not in page, address
            assert not re.search(r"\son\w+=", re.sub(r'"[^"]*"', '""', page)), address
            scripts = re.findall(r"<script(?![^>]*application/json)[^>]*>", page)
            assert [one for one in scripts if ' src="/static/' not in one] == [], address
            loaded = re.findall(r'<(?:link|img|script|iframe|use)[^>]*(?:href|src)="([^"]+)"', page)
            assert [one for one in loaded if not one.startswith(("/", "data:"))] == [], address
