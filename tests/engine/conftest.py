"""Knowledge of one rule at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from althea.knowledge import Knowledge
from tests.little import little


@pytest.fixture
def knows(tmp_path: Path) -> Callable[[str], Knowledge]:
    """The small world with these rules."""
    return lambda rules: little(tmp_path, rules)
