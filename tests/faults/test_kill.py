"""Ten kills on each database; `make faults` runs two hundred."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_acknowledged_is_lost_when_the_server_is_killed(database):
    told = subprocess.run(
        [sys.executable, "-m", "tests.faults.kill", "--cycles", "10", "--database", database],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout + told.stderr
    assert "nothing lost, nothing partial, trail verifies" in told.stdout
