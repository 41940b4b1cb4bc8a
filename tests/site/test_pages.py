"""The front page, health, and the headers that every answer carries."""

import pytest


def test_the_front_page_says_what_althea_is_and_is_not(client):
    page = client.get("/").content.decode()
    assert '<html lang="en">' in page
    assert "careful trials" in page
    assert "It never prescribes, starts, changes or stops a medicine." in page
    assert "For clinicians. Not yet reviewed by a clinician." in page
    assert page.count("<h1>") == 1
    assert page.index("Skip to main content") < page.index("<header")


def test_the_tab_does_not_say_what_this_is(client):
    assert "<title>Notes</title>" in client.get("/").content.decode()


@pytest.mark.parametrize("path", ["/", "/no-such-page", "/livez", "/static/look/parts.css"])
def test_every_answer_carries_the_security_headers(client, path):
    response = client.get(path)
    policy = response["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("path", ["/", "/no-such-page"])
def test_pages_carry_no_inline_style_or_script_and_ask_nobody_else(client, path):
    page = client.get(path).content.decode()
    assert " style=" not in page
    assert "<script" not in page
    assert "//" not in page.replace("<!doctype", "")


def test_it_is_alive_without_a_database(client):
    assert client.get("/livez").json() == {"status": "alive"}


@pytest.mark.django_db
def test_it_is_ready_when_every_migration_is_in(client):
    assert client.get("/readyz").json() == {"status": "ready"}


@pytest.mark.django_db
def test_it_is_not_ready_while_migrations_wait(client, monkeypatch):
    monkeypatch.setattr("althea.api.health.MigrationExecutor.migration_plan", lambda self, targets: [("api", "0001")])
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["why"] == "migrations are waiting"
