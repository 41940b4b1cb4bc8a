"""Where is the record kept, and is it kept safely?

SQLite for the demo and small clinics, PostgreSQL 15 or newer otherwise.
"""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# WAL is not used: SQLite before 3.51.3 can lose data when two connections reset the log at once.
# trusted_schema stays on: SQLite 3.40 counts JSON_VALID, by which Django guards its JSON columns, among the functions
# that an untrusted schema may not call.
# FULL: when a page says "saved", the disk has it.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
        "PRAGMA busy_timeout=20000; PRAGMA cell_size_check=ON; "
        "PRAGMA mmap_size=0; PRAGMA secure_delete=ON;"
    ),
}


def database(url: str, sqlite_path: Path | str) -> dict[str, Any]:
    """Django's description of the database at `url`; without one, the SQLite file."""
    if not url:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(sqlite_path), "OPTIONS": SQLITE_OPTIONS}
    at = urlsplit(url)
    if at.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql:// (leave it out for SQLite).")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(at.path.lstrip("/")),
        "USER": unquote(at.username or ""),
        "PASSWORD": unquote(at.password or ""),
        "HOST": unquote(at.hostname or ""),
        "PORT": str(at.port or ""),
        "OPTIONS": dict(parse_qsl(at.query)),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def storage_problem(connection: Any) -> str | None:
    """Which setting would lose what was saved?  Read back from the database, not from the file above."""
    with connection.cursor() as cursor:

        def value(question: str) -> Any:
            cursor.execute(question)
            return cursor.fetchone()[0]

        if connection.vendor == "sqlite":
            if value("PRAGMA journal_mode") not in ("delete", "memory"):  # memory: a database in memory only
                return "SQLite's journal_mode is not DELETE"
            if value("PRAGMA synchronous") != 2:
                return "SQLite's synchronous is not FULL"
            if value("PRAGMA foreign_keys") != 1:
                return "SQLite does not check foreign keys"
            return None
        if connection.vendor == "postgresql":
            if int(value("SHOW server_version_num")) < 150000:
                return "PostgreSQL is older than 15"
            if value("SHOW synchronous_commit") == "off" or value("SHOW fsync") != "on":
                return "PostgreSQL's synchronous_commit or fsync is off"
            return None
    return f"{connection.vendor} is not a database that Althea keeps records in"
