"""Dr Marchetti at the options of Maya: what the tests of preparing and of deciding at the visit begin with."""

import pytest

from tests.people import signed_in


@pytest.fixture
def client(people):
    return signed_in(people.marchetti.user)


def at(people, part=""):
    return f"/patients/{people.maya.pk}/options{part}"
