"""What every test may use."""

import pytest
from django.core.cache import cache
from hypothesis import settings

from tests.pages.browser import chromium
from tests.people import cast

# A first example may read the whole knowledge; how long a test takes is measured in bench/, not here.
settings.register_profile("althea", deadline=None, print_blob=True)
settings.load_profile("althea")


@pytest.fixture(autouse=True)
def empty_cache():
    """How often somebody tried is counted there: no test begins with the tries of another."""
    cache.clear()


@pytest.fixture
def people(db):
    """Everybody of `tests/people.py`, in the database."""
    return cast()


@pytest.fixture(scope="session")
def browser():
    """One for the whole run: its driver keeps a loop in the thread of the tests, and a second finds it running."""
    with chromium() as one:
        yield one
