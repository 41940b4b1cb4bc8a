"""Production refuses to start when something that keeps people safe is missing; storage is read back."""

import json
import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from althea.site.clients import cds_clients
from althea.site.database import SQLITE_OPTIONS, database, storage_problem

GOOD = {
    "ALTHEA_SECRET_KEY": "k" * 50,
    "ALTHEA_AUDIT_KEY": "a" * 50,
    "ALTHEA_AUDIT_ANCHOR": "/srv/anchor.txt",
    "ALTHEA_ALLOWED_HOSTS": "althea.example",
    "ALTHEA_BASE_URL": "https://althea.example",
    "DATABASE_URL": "postgresql://althea@127.0.0.1/althea",
}


def start(**changed):
    """What does a process say that reads the production settings?  Empty: it started."""
    names = ("ALTHEA_", "DATABASE_URL", "DJANGO_", "DEBUG")
    env = {name: value for name, value in os.environ.items() if not name.startswith(names)}
    env |= {name: value for name, value in (GOOD | changed).items() if value is not None}
    read = subprocess.run(
        [sys.executable, "-c", "import althea.site.settings.prod as s; assert not s.DEBUG | s.ALTHEA_DEMO"],
        env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return read.stderr.strip().rsplit("\n", 1)[-1]


def test_good_settings_start():
    assert start() == ""


def test_a_small_clinic_may_use_sqlite_when_it_says_where():
    assert start(DATABASE_URL=None, ALTHEA_SQLITE_PATH="/srv/althea.sqlite3") == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALTHEA_DEMO", "1"),
        ("ALTHEA_DEMO", "0"),
        ("DEBUG", "True"),
        ("DJANGO_DEBUG", "1"),
        ("ALTHEA_DEBUG", "yes"),
        ("ALTHEA_SECRET_KEY", None),
        ("ALTHEA_SECRET_KEY", "short"),
        ("ALTHEA_AUDIT_KEY", None),
        ("ALTHEA_AUDIT_KEY", "short"),
        ("ALTHEA_AUDIT_KEY", "k" * 50),
        ("ALTHEA_AUDIT_ANCHOR", None),
        ("ALTHEA_ALLOWED_HOSTS", None),
        ("ALTHEA_ALLOWED_HOSTS", " , "),
        ("ALTHEA_ALLOWED_HOSTS", "*"),
        ("ALTHEA_ALLOWED_HOSTS", ".example"),
        ("ALTHEA_BASE_URL", None),
        ("ALTHEA_BASE_URL", "http://althea.example"),
        ("DATABASE_URL", None),
        ("DATABASE_URL", "mysql://althea@127.0.0.1/althea"),
    ],
)
def test_production_refuses_to_start(name, value):
    said = start(**{name: value})
    assert said.startswith("django.core.exceptions.ImproperlyConfigured:")
    assert name in said or "DATABASE_URL" in said


def test_the_demo_settings_ask_for_tokens_unless_the_demo_is_on():
    code = "import althea.site.settings.demo as s; print(s.ALTHEA_DEMO, s.DEBUG)"
    for value, expected in [("1", "True False"), ("", "False False"), ("true", "False False")]:
        env = os.environ | {"ALTHEA_DEMO": value}
        said = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
        assert said.stdout.strip() == expected


@pytest.mark.django_db
def test_the_storage_that_the_tests_use_is_safe():
    assert storage_problem(connection) is None


class Told:
    """A connection that gives prepared answers."""

    def __init__(self, vendor, answers):
        self.vendor, self.answers = vendor, answers

    def cursor(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False

    def execute(self, question):
        self.asked = question

    def fetchone(self):
        return (self.answers[self.asked],)


SQLITE = {"PRAGMA journal_mode": "delete", "PRAGMA synchronous": 2, "PRAGMA foreign_keys": 1}
POSTGRESQL = {"SHOW server_version_num": "150004", "SHOW synchronous_commit": "on", "SHOW fsync": "on"}


@pytest.mark.parametrize(
    ("vendor", "good", "question", "bad"),
    [
        ("sqlite", SQLITE, "PRAGMA journal_mode", "wal"),
        ("sqlite", SQLITE, "PRAGMA synchronous", 1),
        ("sqlite", SQLITE, "PRAGMA foreign_keys", 0),
        ("postgresql", POSTGRESQL, "SHOW server_version_num", "140012"),
        ("postgresql", POSTGRESQL, "SHOW synchronous_commit", "off"),
        ("postgresql", POSTGRESQL, "SHOW fsync", "off"),
    ],
)
def test_unsafe_storage_is_named(vendor, good, question, bad):
    assert storage_problem(Told(vendor, good)) is None
    assert storage_problem(Told(vendor, good | {question: bad}))


def test_another_database_is_refused():
    assert "oracle" in storage_problem(Told("oracle", {}))


def test_an_address_becomes_a_database():
    told = database("postgresql://al%40thea:p%2Fw@db.example:5433/althea?sslmode=verify-full", "unused")
    assert (told["USER"], told["PASSWORD"], told["HOST"], told["PORT"]) == (
        "al@thea",
        "p/w",
        "db.example",
        "5433",
    )
    assert told["OPTIONS"] == {"sslmode": "verify-full"}
    assert database("", "/srv/a.sqlite3")["OPTIONS"] is SQLITE_OPTIONS
    with pytest.raises(ImproperlyConfigured):
        database("sqlite:///a", "unused")


KEY = {"kid": "1", "kty": "EC", "crv": "P-384", "x": "AA", "y": "AA"}
MODULUS = {2048: "_" * 342, 1024: "_" * 171}  # so many bits, all set


def clients(*keys):
    return json.dumps({"https://ehr.example": {"keys": keys}})


def test_clients_come_as_json_or_as_a_file(tmp_path):
    (tmp_path / "clients.json").write_text(clients(KEY))
    assert cds_clients("") == {}
    assert cds_clients(clients(KEY)) == cds_clients(str(tmp_path / "clients.json")) == json.loads(clients(KEY))
    assert cds_clients(clients({"kid": "2", "kty": "RSA", "n": MODULUS[2048], "e": "AQAB"}))


@pytest.mark.parametrize(
    "text",
    [
        "/no/such/file.json",
        "{broken",
        clients(),
        clients("key"),
        clients(KEY | {"kid": ""}),
        clients(KEY | {"d": "AA"}),
        clients(KEY | {"crv": "P-256"}),
        clients({"kid": "2", "kty": "RSA", "n": MODULUS[1024], "e": "AQAB"}),
        clients({"kid": "3", "kty": "oct", "k": "AA"}),
        '{"https://ehr.example": []}',
    ],
)
def test_keys_that_cannot_be_trusted_stop_the_start(text):
    with pytest.raises(ImproperlyConfigured, match="ALTHEA_CDS_CLIENTS"):
        cds_clients(text)
