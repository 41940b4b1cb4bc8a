"""The disk is full, or the database stops (`tests/faults/full.py`)."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_what_cannot_be_saved_is_said_and_still_there_and_reads_go_on(database):
    told = subprocess.run(
        [sys.executable, "-m", "tests.faults.full", "--database", database], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert "every promise was kept" in told.stdout
