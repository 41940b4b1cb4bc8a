"""How many queries did this page take?  Transactions' own words are not counted."""

from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

OWN = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


@contextmanager
def at_most(limit):
    """Fails with the queries themselves when there are more."""
    with CaptureQueriesContext(connection) as captured:
        yield
    asked = [one["sql"] for one in captured.captured_queries if not one["sql"].startswith(OWN)]
    assert len(asked) <= limit, f"{len(asked)} queries, {limit} allowed:\n" + "\n".join(sql[:160] for sql in asked)
